"""Floor 3: goods: what they are, how they come in, their labels, and how they go back."""
