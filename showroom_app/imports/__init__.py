"""Crafters and goods out of spreadsheets, all or nothing; and everything into one."""
