"""Floor 6: what a label's address answers, to whoever scans it. Reads only."""
