"""What happens to the sample shop's goods while they stand: told of, marked down, damaged, lost and found, labelled."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select

from showroom_app.demo_goods import ENGLISH
from showroom_app.extensions import reading
from showroom_app.labels import runs
from showroom_app.lib.clock import jakarta_date
from showroom_app.lib.typed import Typed
from showroom_app.stock import item_change, products, write_off
from showroom_app.stock.item_change import Agreed, Why
from showroom_app.stock.models import Item, Product
from showroom_app.stock.write_off import Harm

# Labels of the last delivery are left for visitors of the sample shop to print.
LEFT_TO_PRINT = 8
TOLD = {
    "Lampu gantung": ("Rotan pitrit, rangka besi", "35", "", "40", "1,2", "Lap kering, jangan kena air"),
    "Kursi": ("Rotan alam batang, anyaman kulit rotan", "60", "65", "85", "4,5", "Lap lembap, jangan dijemur"),
    "Keranjang": ("Rotan inti", "40", "30", "45", "0,9", "Jemur sebentar kalau lembap"),
    "Meja": ("Rotan alam, daun meja kayu mindi", "60", "60", "45", "6", "Pakai alas untuk yang panas"),
}
MATERIALS_EN = {
    "Rotan pitrit, rangka besi": "Pitrit rattan, iron frame",
    "Rotan alam batang, anyaman kulit rotan": "Natural rattan canes, woven rattan skin",
    "Rotan inti": "Rattan core",
    "Rotan alam, daun meja kayu mindi": "Natural rattan, mindi wood top",
}
CARE_EN = {
    "Lap kering, jangan kena air": "Wipe dry, keep away from water",
    "Lap lembap, jangan dijemur": "Wipe with a damp cloth, keep out of the sun",
    "Jemur sebentar kalau lembap": "Air in the sun for a while when damp",
    "Pakai alas untuk yang panas": "Use a mat under hot things",
}
STORY = "Dianyam tangan di Balearjosari, dari rotan yang direndam semalam supaya lentur."
STORY_EN = "Woven by hand in Balearjosari, from rattan soaked overnight until it bends."


def tell(shop: Any) -> None:
    """English names; sizes, materials and a story for what is sold most."""
    query = select(Product.id, Product.name, Product.category).order_by(Product.id)
    for row in reading().execute(query).all():
        known = row.category in TOLD
        material, width, depth, height, weight, care = TOLD.get(row.category, ("",) * 6)
        typed = Typed(
            name=row.name, category=row.category, material=material, width_mm=width, depth_mm=depth, height_mm=height,
            weight_g=weight, care=care, story=STORY if known else "", story_en=STORY_EN if known else "",
            name_en=ENGLISH.get(row.name, ""), material_en=MATERIALS_EN.get(material, ""),
            care_en=CARE_EN.get(care, ""),
        )  # fmt: skip
        products.save_product(row.id, typed, shop.attendant, shop.request_id())


def live(shop: Any, at: datetime) -> list[str]:
    """One piece marked down, one damaged, one lost, and one lost and found again. Returns the codes that are gone."""
    query = select(Item.id, Item.code).where(Item.quantity == 1).order_by(Item.id)
    there = [row for row in reading().execute(query) if row.code in shop.on_shelf]
    lower, broken, lost, found = there[-4:]
    why = Why("crafter", jakarta_date(at), "sudah lama di rak")
    item_change.change([lower.id], Agreed(off_bps=1500), why, shop.manager, shop.request_id(), at=at)
    for row, kind, reason in (
        (broken, "damaged", "kaki patah waktu dipindah"), (lost, "lost", "tidak ada waktu dihitung"),
        (found, "lost", "tidak ada waktu dihitung"),
    ):  # fmt: skip
        gone = write_off.write_off(Harm(row.id, kind, 1, reason), shop.manager, shop.request_id(), at=at)
    later = at + timedelta(minutes=20)
    write_off.turn_round(gone, 1, "ketemu di gudang", shop.manager, shop.request_id(), at=later)
    return [broken.code, lost.code]


def label(shop: Any) -> None:
    """Every label is printed but the last few."""
    due = runs.all_due(reading(), 1)
    runs.print_run(due[:-LEFT_TO_PRINT], "a4-3x8", 1, True, shop.attendant, shop.request_id())
