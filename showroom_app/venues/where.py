"""Where pieces are now: on the shelf, at a venue, or on the way by which note."""

from dataclasses import dataclass

from flask_babel import gettext as _
from sqlalchemy import Connection, select

from showroom_app.ledger.models import IS_THERE, Account, Balance, Desk
from showroom_app.venues.arrival import left_of
from showroom_app.venues.models import Transfer, TransferLine, Venue
from showroom_app.venues.transfer import number_text


@dataclass(frozen=True, slots=True)
class Place:
    """Some pieces of an item: `kind` is 'shelf', 'venue' or 'transit'; `name` the venue's, there or at the note's end;
    `id` the venue's or the note's, `number` the note's."""

    kind: str
    pieces: int
    name: str = ""
    id: int = 0
    number: str = ""

    def words(self) -> str:
        """In a sentence's middle: "di rak galeri", "di Pameran Kriya", "di jalan ke Pameran Kriya (SJ-KTR-00001)"."""
        if self.kind == "shelf":
            return _("di rak galeri")
        if self.kind == "venue":
            return _("di %(venue)s", venue=self.name)
        return _("di jalan, surat %(number)s", number=self.number) if self.number else _("di jalan")


def places_of(conn: Connection, item_id: int) -> list[Place]:
    """Where the pieces of an item stand, or by which note they are on the way."""
    query = (
        select(Account.kind, Balance.amount, Venue.id, Venue.name)
        .join(Account, Account.id == Balance.account_id)
        .outerjoin(Venue, (Account.kind == "venue") & (Venue.id == Account.owner_id))
        .where(Balance.unit == item_id, IS_THERE, Account.kind.in_(("shelf", "venue", "transit")))
        .order_by(Account.kind == "transit", Account.id)
    )
    found: list[Place] = []
    for row in conn.execute(query):
        if row.kind == "transit":
            found += _on_the_way(conn, item_id)
        else:
            found.append(Place(row.kind, int(row.amount), row.name or "", row.id or 0))
    return found


def _on_the_way(conn: Connection, item_id: int) -> list[Place]:
    query = (
        select(Transfer.id, Transfer.number, Desk.code, Venue.name)
        .join(TransferLine, TransferLine.transfer_id == Transfer.id)
        .join(Venue, Venue.id == Transfer.venue_id)
        .join(Desk, Desk.id == Transfer.desk_id)
        .where(TransferLine.item_id == item_id, Transfer.arrived_at.is_(None))
        .order_by(Transfer.id)
    )
    notes = [(row, left_of(conn, row.id).get(item_id, 0)) for row in conn.execute(query).all()]
    return [
        Place("transit", pieces, row.name, row.id, number_text(row.code, row.number)) for row, pieces in notes if pieces
    ]
