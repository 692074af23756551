"""Reading notes of goods on the way: those of a venue, and one with its lines, arrivals and what is left."""

import json
from typing import Any

from sqlalchemy import func, select

from showroom_app.extensions import AnyRow, reading
from showroom_app.ledger.models import Desk, Entry
from showroom_app.lib.refusal import NotHere
from showroom_app.people.models import User
from showroom_app.stock import write_offs
from showroom_app.stock.life_models import WriteOff
from showroom_app.stock.models import Item, Product
from showroom_app.venues.arrival import left_of
from showroom_app.venues.models import Arrival, ArrivalLine, Transfer, TransferLine, Venue
from showroom_app.venues.transfer import number_text

_NOTES = (
    select(
        Transfer.__table__, Desk.code, Venue.name.label("venue_name"), User.name.label("user_name"), Entry.hash,
    )
    .select_from(Transfer)
    .join(Desk, Desk.id == Transfer.desk_id)
    .join(Venue, Venue.id == Transfer.venue_id)
    .join(Entry, Entry.id == Transfer.entry_id)
    .join(User, User.id == Transfer.user_id)
)  # fmt: skip


def of_venue(venue_id: int) -> list[dict[str, Any]]:
    """A venue's notes, newest first."""
    rows = reading().execute(_NOTES.where(Transfer.venue_id == venue_id).order_by(Transfer.id.desc()))
    return [dict(row._mapping, number=number_text(row.code, row.number)) for row in rows]


def on_the_way(showroom_id: int) -> list[dict[str, Any]]:
    """Notes of which something has not arrived yet, oldest first; `left` is how many pieces are still on the way."""
    conn = reading()
    query = _NOTES.where(Transfer.showroom_id == showroom_id, Transfer.arrived_at.is_(None)).order_by(Transfer.id)
    told = [dict(row._mapping, number=number_text(row.code, row.number)) for row in conn.execute(query)]
    return [note | {"left": sum(left_of(conn, note["id"]).values())} for note in told]


def note(transfer_id: int, showroom_id: int) -> dict[str, Any]:
    """One note with its lines, what is left on the way, and what arrived when. Of another showroom there is none."""
    conn = reading()
    row = conn.execute(_NOTES.where(Transfer.id == transfer_id)).first()
    if row is None or row.showroom_id != showroom_id:
        raise NotHere
    query = (
        select(TransferLine.__table__, Item.code, Product.category, Product.photo)
        .join(Item, Item.id == TransferLine.item_id)
        .join(Product, Product.id == Item.product_id)
        .where(TransferLine.transfer_id == transfer_id)
        .order_by(TransferLine.position)
    )
    lines, left = list(conn.execute(query)), left_of(conn, transfer_id)
    told = dict(row._mapping, number=number_text(row.code, row.number), value=sum(x.price * x.quantity for x in lines))
    return {
        "note": told, "lines": lines, "left": left, "words": json.loads(row.words), "arrivals": _arrivals(transfer_id),
        "losses": _losses(transfer_id),
    }  # fmt: skip


def _arrivals(transfer_id: int) -> list[AnyRow]:
    pieces = func.sum(ArrivalLine.quantity).label("pieces")
    query = (
        select(Arrival.kind, Arrival.at, User.name.label("user_name"), pieces)
        .join(ArrivalLine, ArrivalLine.arrival_id == Arrival.id)
        .join(User, User.id == Arrival.user_id)
        .where(Arrival.transfer_id == transfer_id)
        .group_by(Arrival.id, Arrival.kind, Arrival.at, User.name)
        .order_by(Arrival.id)
    )
    return list(reading().execute(query))


def _losses(transfer_id: int) -> list[AnyRow]:
    """What was lost on the way by a note; of it `found` pieces were found again, and `paid` is what is paid still."""
    found, back = write_offs.undone()
    query = select(
        WriteOff.id, WriteOff.name, WriteOff.quantity, WriteOff.reason, WriteOff.at, found.label("found"),
        (WriteOff.compensation + back).label("paid"),
    )  # fmt: skip
    return list(reading().execute(query.where(WriteOff.transfer_id == transfer_id).order_by(WriteOff.id)))
