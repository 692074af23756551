"""What a scan did and what a count is about, in people's words."""

from dataclasses import dataclass, replace
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import bindparam, select

from showroom_app.counting.count import Scanned
from showroom_app.counting.progress import scanned
from showroom_app.extensions import AnyRow, reading
from showroom_app.people.models import Crafter
from showroom_app.prepared import Prepared
from showroom_app.sales.whereabouts import gone, when
from showroom_app.stock.draft import category_words
from showroom_app.stock.models import Item, Product

_LOT = Prepared(
    select(Item.id, Item.code, Product.name, Product.category, Product.photo, Crafter.name.label("crafter_name"))
    .join(Product, Product.id == Item.product_id)
    .join(Crafter, Crafter.id == Item.crafter_id)
    .where(Item.id == bindparam("item"))
)


@dataclass(frozen=True, slots=True)
class Said:
    """What the screen says of a scan. `tone`: 'good', 'note' or 'bad'; `item` is pictured where there is one; `pieces`
    is the number that stands, `may_undo` whether it can be taken back, `error` what is wrong with the number typed."""

    kind: str
    tone: str
    text: str
    code: str = ""
    item: Any = None
    pieces: int | None = None
    may_undo: bool = False
    error: str = ""


def said(stocktake: AnyRow, scan: Scanned) -> Said:
    """A scan in a sentence, with what is needed to picture it."""
    if scan.item_id is None:
        text = _(
            "Kode %(code)s tidak dikenal di galeri ini. Sisihkan barangnya; kodenya sudah dicatat.", code=scan.code
        )
        return Said("stranger", "bad", text, scan.code)
    row = scanned(stocktake.id, scan.item_id)
    if scan.kind in ("ask", "overtaken"):
        return _asked(scan, row)
    if row is None:  # taken back meanwhile
        return Said("back", "note", _("Pindaian ini sudah dibatalkan, jadi barangnya belum dihitung."), scan.code)
    if row.showroom_id != stocktake.showroom_id:
        return Said(scan.kind, "bad", _("Barang ini milik galeri lain. Sisihkan; kodenya sudah dicatat."), scan.code)
    if scan.kind == "twice":
        tone, text = _twice(row)
    elif row.place != "shelf" and row.pieces:
        tone, text = "bad", _called_out(row)
    else:
        tone, text = _counted(row)
    return Said(scan.kind, tone, text, row.code, row, row.pieces, may_undo=True)


def wrong(asked: Said, error: str) -> Said:
    """A question again, with what is wrong with its answer."""
    return replace(asked, error=error)


def _asked(scan: Scanned, row: Any) -> Said:
    lot = _LOT.first(reading(), item=scan.item_id)
    if row is None:
        return Said("ask", "note", _("Ada berapa buah di rak? Hitung semuanya."), lot.code, lot)
    told = {"n": row.pieces, "name": row.user_name, "at": when(row.at)}
    if scan.kind == "overtaken":
        text = _("Baru saja dihitung %(name)s: %(n)s buah, %(at)s. Kalau salah, isi jumlah yang benar.", **told)
    else:
        text = _("Sudah dihitung %(name)s: %(n)s buah, %(at)s. Kalau salah, hitung lagi dan isi jumlahnya.", **told)
    return Said("ask", "note", text, lot.code, lot, row.pieces)


def _twice(row: Any) -> tuple[str, str]:
    told = {"at": when(row.at), "name": row.user_name}
    if row.place == "shelf":
        return "note", _("Sudah dihitung, %(at)s, oleh %(name)s.", **told)
    return "bad", _("%(why)s Sudah dicatat, %(at)s, oleh %(name)s.", why=gone(row.item_id, row.name).sentence, **told)


def _counted(row: Any) -> tuple[str, str]:
    if row.quantity == 1:
        return "good", _("Dihitung.")
    if row.pieces == row.on_shelf:
        return "good", _("Dihitung: %(n)s buah.", n=row.pieces)
    return "note", _("Dihitung: %(n)s buah. Ini beda dengan buku, jadi hitung sekali lagi supaya yakin.", n=row.pieces)


def _called_out(row: Any) -> str:
    return _("%(why)s Sisihkan barangnya; sudah dicatat.", why=gone(row.item_id, row.name).sentence)


def place_words() -> dict[str, str]:
    """Where the book has what should not be on the shelf."""
    return {
        "shelf": _("lebih banyak dari buku"), "sold": _("tercatat terjual"), "damaged": _("tercatat rusak"),
        "lost": _("tercatat hilang"), "returned": _("tercatat dikembalikan ke perajin"),
        "away": _("tercatat dipamerkan atau di jalan"), "elsewhere": _("milik galeri lain"),
        "unknown": _("kode tidak dikenal"),
    }  # fmt: skip


def kind_words() -> dict[str, str]:
    """What a row of the result is called."""
    return {
        "counted": _("Cocok"), "missing": _("Kurang"), "unexpected": _("Tak terduga"),
        "later": _("Datang sesudah mulai"),
    }  # fmt: skip


def scope_words(stocktake: AnyRow, crafter_name: str) -> str:
    """What a count is about: Semua barang; Lampu gantung; Tutik Handayani."""
    if stocktake.scope == "category":
        return category_words().get(stocktake.category, stocktake.category)
    return crafter_name if stocktake.scope == "crafter" else _("Semua barang")


def crafter_name(crafter_id: int) -> str:
    """A crafter's name."""
    return reading().execute(select(Crafter.name).where(Crafter.id == crafter_id)).scalar_one()


def status_words() -> dict[str, str]:
    """How a count stands."""
    return {"open": _("berjalan"), "closed": _("selesai"), "dropped": _("dibatalkan")}
