"""Floor 2: showrooms, their desks, the people who work there and the crafters who leave goods."""
