"""Counting what stands on the shelf (stok opname) by scanning it, while selling goes on."""
