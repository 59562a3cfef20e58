"""People to test and demonstrate with: public-domain official portraits, and what may be wrong with a portrait."""
