"""Floor 9: what a label's address answers to whoever scans it, and what visitors may look through. Reads only."""
