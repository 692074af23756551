"""X and Z reports: what a shift took, gave back and moved, and what should lie in its drawer, to the rupiah."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, and_, func, select

from showroom_app.extensions import AnyRow, rollback, snapshot
from showroom_app.ledger.models import RUPIAH, Account, Balance, Entry, Posting
from showroom_app.people import activity
from showroom_app.people.models import Desk, Showroom, User
from showroom_app.sales.cash_move import moves_of, signed
from showroom_app.sales.models import Payment, Sale, SaleLine, SaleService, Shift
from showroom_app.sales.money_models import Refund, RefundPayment, RefundService, ShiftCount
from showroom_app.sales.shift import TENDERS
from showroom_app.venues.models import Venue

# What takes money for crafters out of a drawer, and what puts it back.
_TO_CRAFTERS = ("payout", "payout_reversal", "advance", "advance_reversal")


@dataclass(frozen=True, slots=True)
class ShiftReport:
    """One shift in rupiah. `expected` is what lies in the drawer by the book; of a closed shift what lay there. The
    rest is read from sales, refunds, movements and payouts, so that a mismatch shows as parts that don't add up."""

    shift: Any
    user_name: str
    desk_name: str
    room: dict[str, Any]  # the showroom's name, place and address
    sales: int
    pieces: int
    gross: int
    discount: int
    services: dict[str, int]
    rounding: int
    taken: dict[str, int]
    change: int
    refunds: int
    returned: dict[str, int]
    services_back: dict[str, int]
    moves: list[AnyRow]
    payouts: int
    expected: int
    counts: list[AnyRow]
    hash: str
    entry_number: int

    @property
    def moved(self) -> int:
        """Cash moved in less cash moved out."""
        return sum(map(signed, self.moves))

    @property
    def difference(self) -> int:
        """Counted less expected, of a closed shift."""
        return int(self.shift.counted_rupiah or 0) - self.expected


_SHIFT = (
    select(
        Shift.__table__, Desk.name.label("desk_name"), Desk.code, User.name.label("user_name"), Showroom.name,
        Showroom.place, Showroom.address, Venue.id.label("venue_id"),
    )
    .join(Desk, Desk.id == Shift.desk_id)
    .join(User, User.id == Shift.user_id)
    .join(Showroom, Showroom.id == Shift.showroom_id)
    .outerjoin(Venue, Venue.desk_id == Shift.desk_id)
)  # fmt: skip


def report(shift_id: int) -> ShiftReport:
    """Read a shift's report, all of one moment; of an open one it is an X report, of a closed one a Z report, which
    bears the names of that day."""
    conn = snapshot()
    query = (
        select(
            Shift.__table__,
            Desk.name.label("desk_name"),
            Desk.code,
            User.name.label("user_name"),
            Showroom.name,
            Showroom.place,
            Showroom.address,
            Venue.id.label("venue_id"),
        )
        .join(Desk, Desk.id == Shift.desk_id)
        .join(User, User.id == Shift.user_id)
        .join(Showroom, Showroom.id == Shift.showroom_id)
        .outerjoin(Venue, Venue.desk_id == Shift.desk_id)
        .where(Shift.id == shift_id)
    )
    shift = conn.execute(query).one()
    mine, given = Sale.shift_id == shift_id, Refund.shift_id == shift_id
    sold = conn.execute(select(func.count(), _sum(Sale.pieces), _sum(Sale.rounding)).where(mine)).one()
    lines = select(_sum(SaleLine.price * SaleLine.quantity), _sum(SaleLine.discount)).join(
        Sale, Sale.id == SaleLine.sale_id
    )
    gross, discount = conn.execute(lines.where(mine)).one()
    services = _by(conn, SaleService.payee, SaleService.amount, SaleService.sale_id, Sale.id, mine)
    returned = _by(conn, RefundPayment.tender, RefundPayment.amount, RefundPayment.refund_id, Refund.id, given)
    undone = _by(conn, RefundService.payee, RefundService.amount, RefundService.refund_id, Refund.id, given)
    taken = _by(conn, Payment.tender, Payment.amount, Payment.sale_id, Sale.id, mine)
    change = conn.execute(select(_sum(Payment.change)).join(Sale, Sale.id == Payment.sale_id).where(mine)).scalar_one()
    refunds = conn.execute(select(func.count()).select_from(Refund).where(given)).scalar_one()
    moves = moves_of(shift_id)
    counts = select(ShiftCount.worth, ShiftCount.pieces).where(ShiftCount.shift_id == shift_id)
    number, digest = _last_entry(conn, shift)
    told = ShiftReport(
        shift, *_names(shift), int(sold[0]), int(sold[1]), int(gross), int(discount), services, int(sold[2]),
        dict.fromkeys(TENDERS, 0) | taken, int(change), int(refunds), returned, undone, moves,
        _to_crafters(conn, shift_id), _expected(conn, shift),
        list(conn.execute(counts.order_by(ShiftCount.worth.desc()))), digest, number,
    )  # fmt: skip
    rollback()
    return told


def _names(shift: AnyRow) -> tuple[str, str, dict[str, Any]]:
    """What the attendant, the desk and the showroom are called, or were when the shift was closed."""
    user, desk = {"name": shift.user_name}, {"name": shift.desk_name}
    room = {"name": shift.name, "place": shift.place, "address": shift.address}
    if closed := shift.closed_at:
        user = activity.as_of(f"user:{shift.user_id}", closed, user)
        room = activity.as_of(f"showroom:{shift.showroom_id}", closed, room)
        if shift.venue_id:  # its desk is called as it is
            desk = activity.as_of(f"venue:{shift.venue_id}", closed, desk)
    return user["name"], desk["name"], room


def _sum(column: Any) -> Any:
    return func.coalesce(func.sum(column), 0)


def _by(conn: Connection, key: Any, amount: Any, link: Any, to: Any, where: Any) -> dict[str, int]:
    query = select(key, func.sum(amount)).join(to.class_, to == link).where(where).group_by(key)
    return {name: int(total) for name, total in conn.execute(query)}


def _expected(conn: Connection, shift: AnyRow) -> int:
    if shift.closed_at is not None:
        return int(shift.expected_rupiah)
    of_drawer = and_(Account.id == Balance.account_id, Account.kind == "drawer", Account.owner_id == shift.id)
    query = select(Balance.amount).join(Account, of_drawer).where(Balance.unit == 0)
    return int(conn.execute(query).scalar() or 0)


def _to_crafters(conn: Connection, shift_id: int) -> int:
    """What left the drawer for crafters, less what came back: what the book says, not what is missing elsewhere."""
    drawer = select(Account.id).where(Account.kind == "drawer", Account.owner_id == shift_id).scalar_subquery()
    total = 0
    for side, sign in ((Posting.credit_id, 1), (Posting.debit_id, -1)):
        query = select(_sum(Posting.amount)).join(Entry, Entry.id == Posting.entry_id)
        total += sign * int(
            conn.execute(query.where(side == drawer, Posting.unit == RUPIAH, Entry.kind.in_(_TO_CRAFTERS))).scalar_one()
        )
    return total


def _last_entry(conn: Connection, shift: AnyRow) -> tuple[int, str]:
    """Number and hash of the desk's last entry up to the close: an old print then proves what came before it."""
    query = (
        select(Entry.number, Entry.hash).where(Entry.desk_id == shift.desk_id).order_by(Entry.number.desc()).limit(1)
    )
    if shift.closed_at is not None:
        query = query.where(Entry.at <= shift.closed_at)
    row = conn.execute(query.limit(1)).first()
    return (row.number, row.hash) if row else (0, "")
