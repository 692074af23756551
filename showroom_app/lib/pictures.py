"""Kinds of rattan goods, each with the illustration that stands where there is no photo."""

CATEGORIES = {
    "Kursi": "kursi",
    "Meja": "meja",
    "Ayunan": "ayunan",
    "Rak": "rak-buku",
    "Lampu gantung": "lampu-gantung",
    "Lampu meja": "lampu-meja",
    "Cermin": "cermin",
    "Keranjang": "laundry",
    "Nampan": "nampan",
    "Tudung saji": "tudung-saji",
    "Tas": "tas",
    "Kotak tisu": "tisu",
    "Pot & vas": "pot",
    "Gantungan kunci": "gantungan",
    "Lainnya": "nampan",
}


def picture_file(category: str) -> str:
    """The static file that pictures a category."""
    return f"art/goods/{CATEGORIES.get(category, CATEGORIES['Lainnya'])}.svg"
