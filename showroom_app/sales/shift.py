"""Shifts: one attendant's drawer, from opening float to counted close."""

from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import Connection, bindparam, func, insert, select, update
from sqlalchemy.exc import IntegrityError

from showroom_app.extensions import AnyRow, reading, rollback
from showroom_app.ledger import book
from showroom_app.ledger.act import begin_act, verb
from showroom_app.ledger.book import rupiah
from showroom_app.lib.money import PRICE_MAX
from showroom_app.lib.refusal import NotHere, Refusal
from showroom_app.people.models import Desk, User
from showroom_app.prepared import Prepared
from showroom_app.sales.models import Payment, Sale, Shift
from showroom_app.web.access import MANAGER, SignedIn

# Each shift has an account per tender. Cash lies in its drawer, which can't hold less than nothing.
TENDERS = ("cash", "qris", "transfer")
DRAWER = {"cash": "drawer", "qris": "qris", "transfer": "transfer"}

_OPEN = (
    select(
        Shift.id,
        Shift.desk_id,
        Shift.opened_at,
        Shift.user_id,
        Desk.name.label("desk_name"),
        Desk.code,
        User.name.label("user_name"),
    )
    .join(Desk, Desk.id == Shift.desk_id)
    .join(User, User.id == Shift.user_id)
    .where(Shift.closed_at.is_(None))
)
_OPEN_OF_USER = Prepared(_OPEN.where(Shift.user_id == bindparam("user")))


@verb
def open_shift(desk_id: int, float_rupiah: int, user: SignedIn, request_id: str, at: datetime | None = None) -> int:
    """Open a drawer at a till with a float taken from the office. Returns the shift's id.

    Refuses a desk that is in use, a second shift for the same person, and an unlikely float.
    """
    act = begin_act("shift-open", request_id, {"desk": desk_id, "float": float_rupiah}, user.id, at)
    if act.repeated:
        return int(act.result["shift_id"])
    desk = act.conn.execute(select(Desk.showroom_id, Desk.kind, Desk.name).where(Desk.id == desk_id)).first()
    if desk is None or desk.showroom_id != user.showroom_id or desk.kind != "till":
        raise NotHere
    if not 0 <= float_rupiah <= PRICE_MAX:
        raise Refusal(_("Modal awal antara Rp0 dan Rp1.000.000.000."), "float")
    values = {
        "showroom_id": user.showroom_id, "desk_id": desk_id, "user_id": user.id,
        "opened_at": act.at, "float_rupiah": float_rupiah,
    }  # fmt: skip
    try:
        shift_id = int(act.conn.execute(insert(Shift).returning(Shift.id), values).scalar_one())
    except IntegrityError:
        rollback()
        raise _taken(desk_id, user) from None
    for tender, kind in DRAWER.items():
        book.open_account(act.conn, kind, shift_id, keeps_balance=True, floor=0 if tender == "cash" else None)
    accounts = book.accounts(act.conn, [("drawer", shift_id), ("office", user.showroom_id)])
    moves = rupiah(accounts["drawer", shift_id], accounts["office", user.showroom_id], float_rupiah)
    if moves:
        book.post(act, desk_id=desk_id, kind="shift_open", moves=moves)
    return int(act.commit(shift_id=shift_id)["shift_id"])


def _taken(desk_id: int, user: SignedIn) -> Refusal:
    mine = shift_of(user.id)
    if mine is not None:
        return Refusal(_("Anda masih punya sif di %(desk)s. Tutup dulu sif itu.", desk=mine.desk_name), "desk_id")
    row = reading().execute(_OPEN.where(Shift.desk_id == desk_id)).first()
    name = row.user_name if row else ""
    return Refusal(_("Meja ini sedang dipakai %(name)s. Pilih meja lain.", name=name), "desk_id")


def shift_of(user_id: int) -> Any:
    """The open shift of a user, or None."""
    return _OPEN_OF_USER.first(reading(), user=user_id)


def busy_desks(showroom_id: int) -> dict[int, AnyRow]:
    """Desk id -> the shift that is open there."""
    rows = reading().execute(_OPEN.where(Shift.showroom_id == showroom_id))
    return {row.desk_id: row for row in rows}


def own_shift(conn: Connection, shift_id: int, user: SignedIn, *, lock: bool = False) -> AnyRow:
    """A shift that this user may close: their own, or for a manager any of the showroom's."""
    query = select(Shift.__table__).where(Shift.id == shift_id)
    row = conn.execute(query.with_for_update() if lock else query).first()
    if row is None or row.showroom_id != user.showroom_id or (row.user_id != user.id and user.role != MANAGER):
        raise NotHere
    return row


@verb
def close_shift(shift_id: int, counted: int, user: SignedIn, request_id: str, at: datetime | None = None) -> int:
    """Close a drawer with what was counted in it: the difference is booked, the money goes to the office.

    Nothing is written into a closed shift. Returns the difference in rupiah (counted less expected).
    """
    act = begin_act("shift-close", request_id, {"shift": shift_id, "counted": counted}, user.id, at)
    if act.repeated:
        return int(act.result["difference"])
    shift = own_shift(act.conn, shift_id, user, lock=True)
    if shift.closed_at is not None:
        raise Refusal(_("Sif ini sudah ditutup. Buka sif baru di halaman Kasir."))
    if not 0 <= counted <= 10 * PRICE_MAX:
        raise Refusal(_("Isi uang yang dihitung, misalnya 1.250.000."), "counted")
    wanted = [("drawer", shift_id), ("office", shift.showroom_id), ("cash_difference", shift.showroom_id)]
    drawer, office, difference_account = (book.accounts(act.conn, wanted)[key] for key in wanted)
    expected = book.balance(act.conn, drawer)
    difference = counted - expected
    more, less = max(difference, 0), max(-difference, 0)
    moves = [
        *rupiah(drawer, difference_account, more),
        *rupiah(difference_account, drawer, less),
        *rupiah(office, drawer, counted),
    ]
    if moves:
        book.post(act, desk_id=shift.desk_id, kind="shift_close", moves=moves)
    closed = {"closed_at": act.at, "expected_rupiah": expected, "counted_rupiah": counted}
    act.conn.execute(update(Shift).where(Shift.id == shift_id).values(closed))
    return int(act.commit(difference=difference)["difference"])


def summary(shift_id: int) -> dict[str, Any]:
    """What a shift took: number of sales, and rupiah by tender."""
    conn = reading()
    query = (
        select(Payment.tender, func.sum(Payment.amount))
        .join(Sale, Sale.id == Payment.sale_id)
        .where(Sale.shift_id == shift_id)
        .group_by(Payment.tender)
    )
    by_tender = dict.fromkeys(TENDERS, 0) | {tender: int(amount) for tender, amount in conn.execute(query)}
    count = conn.execute(select(func.count()).where(Sale.shift_id == shift_id)).scalar_one()
    return {"sales": int(count), **by_tender}
