"""Floor 7: the journal, every entry of the book in people's words; and the activity log. Reads only."""
