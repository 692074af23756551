"""Floor 9: the crafter's own pages: what am I owed, what sold, what is still there. Own data only. Reads, but for the
consent to be shown, which is theirs to give and withdraw."""
