"""Floor 0: how this program speaks HTTP: roles, fragments, headers, words and figures on the screen."""
