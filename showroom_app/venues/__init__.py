"""Exhibitions and other showrooms: goods on the way there and back, standing and sold there."""
