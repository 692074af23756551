"""Floor 1: the one book for goods and money. It knows accounts, units and desks; it knows no crafts."""
