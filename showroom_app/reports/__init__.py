"""Floor 6: what came of it all, in figures. Reads only."""
