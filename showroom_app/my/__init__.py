"""Floor 6: the crafter's own pages: what am I owed, what sold, what is still there. Reads only, own data only."""
