"""Labels: sheets and their geometry, what is still to be printed, and what was."""
