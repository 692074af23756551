"""Floor 4: the till: shifts, baskets, checkout, receipts."""
