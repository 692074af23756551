"""The book in people's words: kinds of entries, accounts by whose they are, goods by name and code."""

from collections import defaultdict
from collections.abc import Iterable

from flask_babel import gettext as _
from sqlalchemy import Connection, select

from showroom_app.extensions import AnyRow
from showroom_app.ledger.models import Account, Desk
from showroom_app.lib.clock import jakarta_date
from showroom_app.people.models import Crafter
from showroom_app.sales.models import Shift
from showroom_app.sales.shift import DRAWER
from showroom_app.stock import write_off
from showroom_app.stock.models import Item, Product
from showroom_app.venues.models import Venue
from showroom_app.web.filters import short_date

OF_SHIFT = frozenset(DRAWER.values())


def entry_number(desk_code: str, number: int) -> str:
    """An entry's number: K1-387, the 387th thing written at desk K1."""
    return f"{desk_code}-{number}"


def entry_kinds() -> dict[str, str]:
    """What each kind of entry is called."""
    return {
        "intake": _("Titipan masuk"), "hand_back": _("Retur titipan"), "transfer": _("Berangkat dengan surat jalan"),
        "arrival": _("Sampai"), "sale": _("Penjualan"),
        "refund": _("Retur pembeli"), "void": _("Penjualan dibatalkan"), "shift_open": _("Buka sif"),
        "shift_close": _("Tutup sif"), "cash_move": _("Uang laci"), "payout": _("Pembayaran perajin"),
        "payout_reversal": _("Pembayaran dibatalkan"), "advance": _("Kasbon"),
        "advance_reversal": _("Kasbon dibatalkan"), **write_off.kind_words(),
    }  # fmt: skip


def account_kinds() -> dict[str, str]:
    """What each kind of account is called; a showroom has one of each, a shift has its own of some."""
    return {
        "shelf": _("Rak"), "transit": _("Di jalan"), "venue": _("Semua pameran"),
        "damaged": _("Rusak"), "lost": _("Hilang"), "buyers": _("Pembeli"),
        "drawer": _("Laci"), "qris": _("QRIS"),
        "transfer": _("Transfer"), "card": _("Kartu"), "office": _("Kantor"), "bank": _("Bank"),
        "commission": _("Komisi galeri"), "service": _("Jasa"), "driver": _("Sopir"), "rounding": _("Pembulatan"),
        "cash_difference": _("Selisih kas"), "expense": _("Belanja"), "loss": _("Kerugian"),
        "crafter": _("Semua perajin"),
    }  # fmt: skip


def account_names(conn: Connection, account_ids: Iterable[int]) -> dict[int, str]:
    """Account id -> whose it is: Rak; Perajin Tutik Handayani; Laci Meja 1, sif 24 Nov 2026."""
    query = select(Account.id, Account.kind, Account.owner_id).where(Account.id.in_(list(account_ids)))
    rows = conn.execute(query).all()
    owners: dict[str, set[int]] = defaultdict(set)
    for row in rows:
        owners["shift" if row.kind in OF_SHIFT else row.kind].add(row.owner_id)
    shifts, kinds = shift_names(conn, owners["shift"]), account_kinds()
    people = _names(conn, Crafter, owners["crafter"])
    venues = _names(conn, Venue, owners["venue"])
    names: dict[int, str] = {}
    for row in rows:
        words = kinds.get(row.kind, row.kind)
        if row.kind in OF_SHIFT and row.owner_id in shifts:
            words = f"{words} {shifts[row.owner_id]}"
        elif row.kind == "crafter":
            words = _("Perajin %(name)s", name=people.get(row.owner_id, "?"))
        elif row.kind == "venue":
            words = _("Rak %(venue)s", venue=venues.get(row.owner_id, "?"))
        names[row.id] = words
    return names


def shift_names(conn: Connection, shift_ids: Iterable[int]) -> dict[int, str]:
    """Shift id -> Meja 1, sif 24 Nov 2026."""
    query = select(Shift.id, Shift.opened_at, Desk.name).join(Desk, Desk.id == Shift.desk_id)
    rows = conn.execute(query.where(Shift.id.in_(list(shift_ids))))
    return {
        row.id: _("%(desk)s, sif %(date)s", desk=row.name, date=short_date(jakarta_date(row.opened_at))) for row in rows
    }


def _names(conn: Connection, table: type[Crafter] | type[Venue], ids: Iterable[int]) -> dict[int, str]:
    query = select(table.id, table.name).where(table.id.in_(list(ids)))
    return {row.id: row.name for row in conn.execute(query)}


def goods(conn: Connection, units: Iterable[int]) -> dict[int, AnyRow]:
    """Unit -> the item's code and name; rupiah is none of them."""
    query = select(Item.id, Item.code, Product.name).join(Product, Product.id == Item.product_id)
    return {row.id: row for row in conn.execute(query.where(Item.id.in_([unit for unit in units if unit > 0])))}
