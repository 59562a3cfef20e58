"""The catalogue: what may be applied for, by whom, with what, for how much, through which stages."""
