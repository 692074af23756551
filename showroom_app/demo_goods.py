"""What the demo shop is made of: made-up crafters, and goods such as rattan workshops make."""

import random

CRAFTERS = [
    ("Tutik Handayani", "Anyaman Tutik"), ("Slamet Riyadi", "Rotan Slamet"), ("Siti Aminah", "Siti Anyam"),
    ("Wagiman", "Wagiman Rotan"), ("Harjo Sumitro", "Harjo & Anak"), ("Ninik Suparti", "Ninik Kriya"),
    ("Suyatno", "Sumber Rotan"), ("Endang Lestari", "Lestari Rotan"), ("Sukarman", "Karya Sukarman"),
    ("Sri Wahyuni", "Sri Anyaman"), ("Bambang Irawan", "Irawan Rotan"), ("Yuliati", "Yuli Kriya"),
    ("Mulyono", "Mulya Rotan"), ("Kasmirah", "Kasmirah"), ("Joko Susilo", "Susilo Mebel Rotan"),
    ("Rukmini", "Rukmini Anyam"), ("Agus Prasetyo", "Prasetyo Rotan"), ("Sumiati", "Sumi Rotan"),
    ("Hadi Purnomo", "Purnomo"), ("Lilik Indrawati", "Lilik Lampu"), ("Supardi", "Pardi Rotan"),
    ("Kusniah", "Kusniah"), ("Edi Santoso", "Santoso Rotan"), ("Maimunah", "Maimunah"),
    ("Triyono", "Tri Rotan"), ("Wiwik Ernawati", "Wiwik Kriya"), ("Samsul Arifin", "Arifin Rotan"),
    ("Partini", "Partini Anyam"), ("Didik Setiawan", "Setia Rotan"), ("Umi Kulsum", "Umi Anyam"),
    ("Poniman", "Poniman"), ("Nur Hasanah", "Hasanah Rotan"), ("Gunawan", "Guna Rotan"),
    ("Sulastri", "Sulastri"), ("Teguh Widodo", "Teguh Rotan"), ("Marsini", "Marsini"),
    ("Budi Hartono", "Hartono Lampu"), ("Ika Rahmawati", "Ika Kriya"), ("Srikandi RW 03", "Kelompok Srikandi"),
    ("Karang Taruna RW 05", "Karang Taruna"),
]  # fmt: skip

# category -> names, lowest and highest price in thousands of rupiah, pieces brought at a time
KINDS: dict[str, tuple[tuple[str, ...], int, int, int]] = {
    "Kursi": (
        ("Kursi teras “Sekar”", "Kursi makan “Laras”", "Kursi santai “Senja”", "Bangku anak “Kancil”"),
        350,
        900,
        4,
    ),
    "Meja": (("Meja teh bundar", "Meja samping “Laras”", "Meja sudut dua susun"), 300, 750, 2),
    "Ayunan": (("Ayunan telur, dengan bantal", "Ayunan bayi"), 950, 1850, 1),
    "Rak": (("Rak buku tiga susun", "Rak sepatu", "Rak bumbu"), 275, 650, 2),
    "Lampu gantung": (
        ("Lampu gantung “Kendil” 35 cm", "Lampu gantung “Kukusan” 40 cm", "Lampu gantung “Bulan”"),
        175,
        350,
        4,
    ),
    "Lampu meja": (("Lampu meja “Bulir”", "Lampu tidur “Kunang”"), 150, 320, 3),
    "Cermin": (("Cermin “Mentari” 70 cm", "Cermin bundar 50 cm"), 225, 385, 2),
    "Keranjang": (
        ("Keranjang laundry tutup, besar", "Keranjang buah", "Keranjang parsel", "Keranjang sepeda"),
        65,
        240,
        5,
    ),
    "Nampan": (("Nampan lonjong", "Nampan bundar 35 cm", "Nampan kopi"), 55, 120, 4),
    "Tudung saji": (("Tudung saji bundar 50 cm", "Tudung saji “Melati”"), 85, 150, 3),
    "Tas": (("Tas jinjing tutup kulit", "Tas belanja anyam", "Tas bundar “Bali”"), 125, 325, 3),
    "Kotak tisu": (("Kotak tisu anyam", "Kotak tisu “Pandan”"), 45, 75, 6),
    "Pot & vas": (("Pot gantung", "Vas lantai 60 cm", "Sarung pot besar"), 45, 180, 4),
    "Gantungan kunci": (("Gantungan kunci bola", "Gantungan kunci ketupat"), 10, 18, 40),
}
ENGLISH = {
    "Kursi teras “Sekar”": "“Sekar” terrace chair", "Kursi makan “Laras”": "“Laras” dining chair",
    "Kursi santai “Senja”": "“Senja” lounge chair", "Bangku anak “Kancil”": "“Kancil” children's stool",
    "Meja teh bundar": "Round tea table", "Meja samping “Laras”": "“Laras” side table",
    "Meja sudut dua susun": "Two-tier corner table", "Ayunan telur, dengan bantal": "Egg swing with cushion",
    "Ayunan bayi": "Baby swing", "Rak buku tiga susun": "Three-tier bookshelf", "Rak sepatu": "Shoe rack",
    "Rak bumbu": "Spice rack", "Lampu gantung “Kendil” 35 cm": "“Kendil” pendant lamp, 35 cm",
    "Lampu gantung “Kukusan” 40 cm": "“Kukusan” pendant lamp, 40 cm", "Lampu gantung “Bulan”": "“Bulan” pendant lamp",
    "Lampu meja “Bulir”": "“Bulir” table lamp", "Lampu tidur “Kunang”": "“Kunang” bedside lamp",
    "Cermin “Mentari” 70 cm": "“Mentari” mirror, 70 cm", "Cermin bundar 50 cm": "Round mirror, 50 cm",
    "Keranjang laundry tutup, besar": "Large laundry basket with lid", "Keranjang buah": "Fruit basket",
    "Keranjang parsel": "Hamper basket", "Keranjang sepeda": "Bicycle basket", "Nampan lonjong": "Oval tray",
    "Nampan bundar 35 cm": "Round tray, 35 cm", "Nampan kopi": "Coffee tray",
    "Tudung saji bundar 50 cm": "Round food cover, 50 cm", "Tudung saji “Melati”": "“Melati” food cover",
    "Tas jinjing tutup kulit": "Handbag with leather flap", "Tas belanja anyam": "Woven shopping bag",
    "Tas bundar “Bali”": "“Bali” round bag", "Kotak tisu anyam": "Woven tissue box",
    "Kotak tisu “Pandan”": "“Pandan” tissue box", "Pot gantung": "Hanging planter",
    "Vas lantai 60 cm": "Floor vase, 60 cm",
    "Sarung pot besar": "Large pot cover", "Gantungan kunci bola": "Ball key ring",
    "Gantungan kunci ketupat": "Ketupat key ring",
}  # fmt: skip
PRODUCTS = 120


def products(rng: random.Random, crafters: int) -> dict[int, list[tuple[str, str, int]]]:
    """Crafter number -> their products (category, name, price in rupiah): 120 in all, three each."""
    chosen: dict[int, list[tuple[str, str, int]]] = {number: [] for number in range(crafters)}
    order = [list(KINDS)[number % len(KINDS)] for number in range(PRODUCTS)]
    rng.shuffle(order)
    for number in range(PRODUCTS):
        crafter = number % crafters
        category = order[number] if crafter else ("Lampu gantung", "Lampu meja", "Kotak tisu")[number // crafters]
        names, low, high, _pieces = KINDS[category]
        taken = {name for _category, name, _price in chosen[crafter]}
        name = next((n for n in names if n not in taken), f"{names[0]} kecil")
        chosen[crafter].append((category, name, rng.randrange(low, high + 1, 5 if low > 20 else 1) * 1000))
    return chosen


def line(rng: random.Random, product: tuple[str, str, int]) -> dict[str, str]:
    """A consignment line as an attendant would type it."""
    category, name, price = product
    pieces = KINDS[category][3]
    lot = pieces > 10
    typed = {
        "name": name, "category": category, "price": f"{price}", "per_piece": "lot" if lot else "each",
        "quantity": str(pieces if lot else rng.randrange(1, pieces + 1)),
        "terms_kind": "commission", "commission_percent": "15",
    }  # fmt: skip
    if rng.random() < 0.15:
        typed |= {"terms_kind": "net_price", "net_price": str(price * 80 // 100 // 500 * 500)}
    return typed
