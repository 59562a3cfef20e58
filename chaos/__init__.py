"""`make chaos`: cases driven to their ends while calls fail and partners are down, and what must hold all the same."""
