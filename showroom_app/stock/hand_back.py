"""Goods go back to their crafter unsold (retur titipan), with a numbered note: they are never forfeited."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import Connection, insert, select

from showroom_app.extensions import AnyRow, rollback
from showroom_app.ledger import book
from showroom_app.ledger.act import Act, begin_act, verb
from showroom_app.ledger.book import Move
from showroom_app.lib.refusal import NotHere, Refusal
from showroom_app.stock.life_models import HandBack, HandBackLine
from showroom_app.stock.models import Item, Product
from showroom_app.stock.receiving import office_desk, words_of_the_day
from showroom_app.stock.write_off import paid_for
from showroom_app.web.access import SignedIn

PIECES_MAX = 500
REASON_MAX, NAME_MAX = 120, 80
PLACES = ("shelf", "damaged")


@dataclass(frozen=True, slots=True)
class Pieces:
    """Some pieces of an item, from the shelf or from what was damaged."""

    item_id: int
    quantity: int
    place: str = "shelf"


@verb
def hand_back(
    pieces: Sequence[Pieces], user: SignedIn, request_id: str, *, reason: str = "", received_by: str = "",
    relation: str = "", at: datetime | None = None,
) -> int:  # fmt: skip
    """Give goods back to their crafter and return the note's id.

    Refuses nothing chosen, goods of several crafters in one note, more than stand there, and damaged goods that the
    showroom paid for.
    """
    content = {
        "pieces": [asdict(one) for one in pieces], "reason": reason, "received_by": received_by, "relation": relation,
    }  # fmt: skip
    act = begin_act("hand-back", request_id, content, user.id, at)
    if act.repeated:
        return int(act.result["hand_back_id"])
    items = _held(act.conn, pieces, user)
    crafters = {item.crafter_id for item in items.values()}
    if len(crafters) > 1:
        raise Refusal(_("Satu nota hanya untuk satu perajin. Buat nota lain untuk barang perajin lain."))
    if bool(received_by) != bool(relation):
        raise Refusal(_("Isi nama penerima dan hubungannya dengan perajin, misalnya anak."), "received_by")
    moves = _moves(act.conn, pieces, items, user.showroom_id, crafters.pop())
    with book.floors_held(lambda: Refusal(_("Barangnya baru saja terjual atau dipindahkan. Periksa lagi."))):
        desk_id = office_desk(act.conn, user.showroom_id)
        posted = book.post(act, desk_id=desk_id, kind="hand_back", moves=moves, memo=reason[:REASON_MAX])
    hand_back_id = _write(act, pieces, items, (desk_id, posted.entry_id), (reason, received_by, relation))
    return int(act.commit(hand_back_id=hand_back_id)["hand_back_id"])


def _held(conn: Connection, pieces: Sequence[Pieces], user: SignedIn) -> dict[int, AnyRow]:
    """The items by id, held until the transaction ends."""
    if not pieces:
        raise Refusal(_("Pilih dulu barang yang dikembalikan."))
    if len(pieces) > PIECES_MAX or len({(one.item_id, one.place) for one in pieces}) != len(pieces):
        raise Refusal(_("Satu nota paling banyak %(n)s baris. Buat nota kedua untuk sisanya.", n=PIECES_MAX))
    ids = sorted({one.item_id for one in pieces})
    held = select(Item.id).where(Item.id.in_(ids)).order_by(Item.id).with_for_update()
    conn.execute(held).all()
    query = select(Item.__table__, Product.name).join(Product, Product.id == Item.product_id).where(Item.id.in_(ids))
    found = {row.id: row for row in conn.execute(query) if row.showroom_id == user.showroom_id}
    if len(found) != len(ids):
        raise NotHere
    return found


def _moves(
    conn: Connection, pieces: Sequence[Pieces], items: dict[int, AnyRow], showroom_id: int, crafter_id: int
) -> list[Move]:
    wanted = [(place, showroom_id) for place in PLACES] + [("crafter", crafter_id)]
    accounts = book.accounts(conn, wanted)
    moves = []
    for one in pieces:
        item = items[one.item_id]
        if one.place not in PLACES:
            raise Refusal(_("Formulir ini tidak lengkap. Muat ulang halaman, lalu coba lagi."))
        account = accounts[one.place, showroom_id]
        there = book.balance(conn, account, unit=one.item_id)
        if one.place == "damaged":
            there = damaged_left(conn, one.item_id, there)
        if not 1 <= one.quantity <= there:
            rollback()
            raise _too_many(item.name, one.place, there)
        moves.append(Move(one.item_id, accounts["crafter", crafter_id], account, one.quantity))
    return moves


def damaged_left(conn: Connection, item_id: int, damaged: int) -> int:
    """How many of an item's damaged pieces can be given back: those that the showroom did not pay for."""
    return damaged - paid_for(conn, item_id, damaged)


def _too_many(name: str, place: str, there: int) -> Refusal:
    if place == "damaged":
        return Refusal(
            _("%(name)s: yang rusak dan bisa dikembalikan tinggal %(n)s buah.", name=name, n=max(there, 0)), "quantity"
        )
    if there == 0:
        return Refusal(_("%(name)s sudah tidak ada di rak.", name=name), "quantity")
    return Refusal(_("%(name)s: di rak ada %(n)s buah. Isi jumlah antara 1 dan %(n)s.", name=name, n=there), "quantity")


def _write(
    act: Act, pieces: Sequence[Pieces], items: dict[int, AnyRow], where: tuple[int, int], told: tuple[str, str, str]
) -> int:
    (desk_id, entry_id), (reason, received_by, relation) = where, told
    first = items[pieces[0].item_id]
    values: dict[str, Any] = {
        "showroom_id": first.showroom_id, "desk_id": desk_id, "crafter_id": first.crafter_id, "entry_id": entry_id,
        "number": book.next_number(act.conn, desk_id, "hand_back"), "user_id": act.actor_id, "at": act.at,
        "pieces": sum(one.quantity for one in pieces), "reason": reason[:REASON_MAX],
        "received_by": received_by[:NAME_MAX], "relation": relation[:NAME_MAX],
        "words": json.dumps(words_of_the_day(act, first.showroom_id, first.crafter_id), ensure_ascii=False),
    }  # fmt: skip
    hand_back_id = int(act.conn.execute(insert(HandBack).returning(HandBack.id), values).scalar_one())
    lines = [
        {
            "hand_back_id": hand_back_id, "position": i, "item_id": one.item_id, "name": items[one.item_id].name,
            "quantity": one.quantity, "price": items[one.item_id].price, "place": one.place,
        }
        for i, one in enumerate(pieces, 1)
    ]  # fmt: skip
    act.conn.execute(insert(HandBackLine), lines)
    return hand_back_id


def number_text(desk_code: str, number: int) -> str:
    """A hand-back note's number as printed: RT-KTR-00012."""
    return f"RT-{desk_code}-{number:05d}"
