"""Travel documents: reading the machine-readable zone, and judging what it says against what was typed."""
