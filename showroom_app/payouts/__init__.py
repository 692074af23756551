"""Floor 5: money to the crafters: what is due, payouts, advances, statements."""
