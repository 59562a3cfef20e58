"""Specimen travel documents that never existed: rendered pages, degraded as phones degrade them, with the truth."""
