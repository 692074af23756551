"""Goods on the way to a venue or back (surat jalan), until they are there: until then they stand on nobody's shelf."""

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import Connection, insert, select

from showroom_app.extensions import AnyRow, rollback
from showroom_app.ledger import book
from showroom_app.ledger.act import Act, begin_act, verb
from showroom_app.ledger.book import Move
from showroom_app.lib.refusal import NotHere, Refusal
from showroom_app.people.models import User
from showroom_app.people.showrooms import showroom_row
from showroom_app.stock.models import Item, Product
from showroom_app.stock.receiving import office_desk
from showroom_app.venues.models import Transfer, TransferLine
from showroom_app.venues.venue import open_one
from showroom_app.web.access import SignedIn

CARRIER_MAX = 80
LINES_MAX = 500
DIRECTIONS = ("out", "back")


@verb
def send(
    venue_id: int, direction: str, goods: Mapping[int, int], user: SignedIn, request_id: str,
    *, carrier: str = "", at: datetime | None = None,
) -> int:  # fmt: skip
    """Send pieces (item -> how many) to a venue ('out', from the shelf) or back from it. Returns the note's id.

    From then on they are on the way, on nobody's shelf. Refuses nothing chosen, a closed venue, and more than stand
    there.
    """
    content = {"venue": venue_id, "direction": direction, "goods": sorted(goods.items()), "carrier": carrier}
    act = begin_act("transfer", request_id, content, user.id, at)
    if act.repeated:
        return int(act.result["transfer_id"])
    if direction not in DIRECTIONS:
        raise NotHere
    venue = open_one(act.conn, venue_id, user.showroom_id)
    items = held(act.conn, goods, user)
    transit, source = _accounts(act.conn, venue, direction)
    moves = []
    for item_id, pieces in sorted(goods.items()):
        there = book.balance(act.conn, source, unit=item_id)
        if not 1 <= pieces <= there:
            rollback()
            raise _too_many(items[item_id].name, there)
        moves.append(Move(item_id, transit, source, pieces))
    with book.floors_held(lambda: Refusal(_("Barangnya baru saja terjual atau dipindahkan. Periksa lagi."))):
        desk_id = office_desk(act.conn, user.showroom_id)
        posted = book.post(act, desk_id=desk_id, kind="transfer", moves=moves)
    note = {"venue_id": venue.id, "direction": direction, "carrier": carrier[:CARRIER_MAX]}
    transfer_id = _write(act, venue, note | {"pieces": sum(goods.values())}, desk_id, posted.entry_id)
    lines = [
        {
            "transfer_id": transfer_id, "position": i, "item_id": item_id, "name": items[item_id].name,
            "quantity": pieces, "price": items[item_id].price,
        }
        for i, (item_id, pieces) in enumerate(goods.items(), 1)
    ]  # fmt: skip
    act.conn.execute(insert(TransferLine), lines)
    return int(act.commit(transfer_id=transfer_id)["transfer_id"])


def held(conn: Connection, goods: Mapping[int, int], user: SignedIn) -> dict[int, AnyRow]:
    """The items, held until the transaction ends, with their names. Refuses none, too many, and strangers."""
    if not goods:
        raise Refusal(_("Pilih dulu barangnya. Pindai labelnya satu per satu."), "code")
    if len(goods) > LINES_MAX:
        raise Refusal(_("Satu nota paling banyak %(n)s baris. Buat nota kedua untuk sisanya.", n=LINES_MAX), "code")
    ids = sorted(goods)
    conn.execute(select(Item.id).where(Item.id.in_(ids)).order_by(Item.id).with_for_update()).all()
    query = select(Item.id, Item.showroom_id, Item.crafter_id, Item.price, Product.name)
    rows = conn.execute(query.join(Product, Product.id == Item.product_id).where(Item.id.in_(ids)))
    found = {row.id: row for row in rows if row.showroom_id == user.showroom_id}
    if len(found) != len(ids):
        raise NotHere
    return found


def _accounts(conn: Connection, venue: AnyRow, direction: str) -> tuple[int, int]:
    """Where goods are on the way, and from where they go."""
    transit = ("transit", venue.showroom_id)
    source = ("shelf", venue.showroom_id) if direction == "out" else ("venue", venue.id)
    found = book.accounts(conn, [transit, source])
    return found[transit], found[source]


def _too_many(name: str, there: int) -> Refusal:
    if there == 0:
        return Refusal(_("%(name)s tidak ada di sana lagi.", name=name), "quantity")
    return Refusal(_("%(name)s: ada %(n)s buah. Isi jumlah antara 1 dan %(n)s.", name=name, n=there), "quantity")


def _write(act: Act, venue: AnyRow, note: dict[str, Any], desk_id: int, entry_id: int) -> int:
    values = note | {
        "showroom_id": venue.showroom_id, "desk_id": desk_id, "number": book.next_number(act.conn, desk_id, "transfer"),
        "entry_id": entry_id, "user_id": act.actor_id, "at": act.at, "arrived_at": None,
        "words": json.dumps(_words(act, venue), ensure_ascii=False),
    }  # fmt: skip
    return int(act.conn.execute(insert(Transfer).returning(Transfer.id), values).scalar_one())


def _words(act: Act, venue: AnyRow) -> dict[str, str]:
    """Who and where, as it is today: a note that is printed again years later says the same."""
    room = showroom_row(venue.showroom_id)
    assert room is not None
    attendant = act.conn.execute(select(User.name).where(User.id == act.actor_id)).scalar()
    return {
        "showroom": room.name, "address": room.address or room.place, "place": room.place,
        "venue": venue.name, "venue_address": venue.address, "attendant": attendant or "",
    }  # fmt: skip


def number_text(desk_code: str, number: int) -> str:
    """A note's number as printed: SJ-KTR-00012 (surat jalan)."""
    return f"SJ-{desk_code}-{number:05d}"
