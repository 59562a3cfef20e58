"""People to test and demonstrate with: public-domain portraits, faces of nobody, and what may be wrong with one."""
