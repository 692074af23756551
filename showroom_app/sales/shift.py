"""Shifts: one attendant's drawer, from opening float to counted close."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import Connection, bindparam, insert, select, update
from sqlalchemy.exc import IntegrityError

from showroom_app.extensions import AnyRow, begin_write, commit, now, reading, rollback
from showroom_app.ledger import book
from showroom_app.ledger.act import begin_act, verb
from showroom_app.ledger.book import rupiah
from showroom_app.lib.money import PRICE_MAX, WORTHS, format_rupiah
from showroom_app.lib.refusal import NotHere, Refusal
from showroom_app.people import activity
from showroom_app.people.models import Desk, User
from showroom_app.prepared import Prepared
from showroom_app.sales.models import Shift
from showroom_app.sales.money_models import ShiftCount
from showroom_app.venues.venue import must_be_usable
from showroom_app.web.access import MANAGER, SignedIn

NOTE_MAX = 200
PAGE = 50
# Each shift has an account per tender. Cash lies in its drawer, which can't hold less than nothing.
TENDERS = ("cash", "qris", "transfer", "card")
DRAWER = {"cash": "drawer", "qris": "qris", "transfer": "transfer", "card": "card"}

_OPEN = (
    select(
        Shift.id,
        Shift.desk_id,
        Shift.opened_at,
        Shift.user_id,
        Shift.showroom_id,
        Desk.name.label("desk_name"),
        Desk.code,
        User.name.label("user_name"),
    )
    .join(Desk, Desk.id == Shift.desk_id)
    .join(User, User.id == Shift.user_id)
    .where(Shift.closed_at.is_(None))
)
_OPEN_BY_ID = Prepared(_OPEN.where(Shift.id == bindparam("shift")))
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
    must_be_usable(act.conn, desk_id)
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


def open_shift_by_id(shift_id: int) -> Any:
    """A shift as long as it is open, else None."""
    return _OPEN_BY_ID.first(reading(), shift=shift_id)


def shift_of(user_id: int) -> Any:
    """The open shift of a user, or None."""
    return _OPEN_OF_USER.first(reading(), user=user_id)


def busy_desks(showroom_id: int) -> dict[int, AnyRow]:
    """Desk id -> the shift that is open there."""
    rows = reading().execute(_OPEN.where(Shift.showroom_id == showroom_id))
    return {row.desk_id: row for row in rows}


def list_shifts(user: SignedIn, before: int | None = None) -> list[AnyRow]:
    """A page of shifts, newest first: one's own, for a manager all. One row more than PAGE means that there is more."""
    query = (
        select(Shift.__table__, Desk.name.label("desk_name"), User.name.label("user_name"))
        .join(Desk, Desk.id == Shift.desk_id)
        .join(User, User.id == Shift.user_id)
        .where(Shift.showroom_id == user.showroom_id)
        .order_by(Shift.id.desc())
        .limit(PAGE + 1)
    )
    if user.role != MANAGER:
        query = query.where(Shift.user_id == user.id)
    if before is not None:
        query = query.where(Shift.id < before)
    return list(reading().execute(query))


def own_shift(conn: Connection, shift_id: int, user: SignedIn, *, lock: bool = False) -> AnyRow:
    """A shift that this user may close: their own, or for a manager any of the showroom's."""
    query = select(Shift.__table__).where(Shift.id == shift_id)
    row = conn.execute(query.with_for_update() if lock else query).first()
    if row is None or row.showroom_id != user.showroom_id or (row.user_id != user.id and user.role != MANAGER):
        raise NotHere
    return row


@verb
def close_shift(
    shift_id: int, counted: Mapping[int, int], user: SignedIn, request_id: str,
    *, note: str = "", at: datetime | None = None,
) -> int:  # fmt: skip
    """Close a drawer with what was counted in it, worth -> pieces: the difference is booked, the money goes to the
    office. Baskets set aside stay at the desk for the next shift; nothing is written into a closed shift.

    Refuses a difference that nobody explains. Returns it in rupiah (counted less expected).
    """
    counted = {worth: pieces for worth, pieces in sorted(counted.items()) if pieces}
    content = {"shift": shift_id, "counted": {str(k): v for k, v in counted.items()}, "note": note}
    act = begin_act("shift-close", request_id, content, user.id, at)
    if act.repeated:
        return int(act.result["difference"])
    shift = own_shift(act.conn, shift_id, user, lock=True)
    if shift.closed_at is not None:
        raise Refusal(_("Sif ini sudah ditutup. Buka sif baru di halaman Kasir."))
    if at is None:
        act.at = now()  # sales that held the shift open were stamped while this act waited for them
    total = sum(worth * pieces for worth, pieces in counted.items())
    if any(worth not in WORTHS or pieces < 0 for worth, pieces in counted.items()) or total > 10 * PRICE_MAX:
        raise Refusal(_("Isi berapa lembar dan keping dari tiap pecahan."), "counted")
    wanted = [("drawer", shift_id), ("office", shift.showroom_id), ("cash_difference", shift.showroom_id)]
    drawer, office, difference_account = (book.accounts(act.conn, wanted)[key] for key in wanted)
    expected = book.balance(act.conn, drawer)
    difference = total - expected
    if difference and not note:
        raise Unexplained(difference)
    more, less = max(difference, 0), max(-difference, 0)
    moves = [
        *rupiah(drawer, difference_account, more),
        *rupiah(difference_account, drawer, less),
        *rupiah(office, drawer, total),
    ]
    if moves:
        book.post(act, desk_id=shift.desk_id, kind="shift_close", moves=moves, memo=note[:NOTE_MAX])
    closed = {
        "closed_at": act.at, "closed_by": user.id, "expected_rupiah": expected, "counted_rupiah": total,
        "difference_note": note[:NOTE_MAX] if difference else "",
    }  # fmt: skip
    act.conn.execute(update(Shift).where(Shift.id == shift_id).values(closed))
    if counted:
        rows = [{"shift_id": shift_id, "worth": worth, "pieces": pieces} for worth, pieces in counted.items()]
        act.conn.execute(insert(ShiftCount), rows)
    return int(act.commit(difference=difference)["difference"])


class Unexplained(Refusal):
    """What was counted is not what should be there, and nobody said why. The count itself is not lost."""

    def __init__(self, difference: int) -> None:
        more, amount = difference > 0, format_rupiah(abs(difference))
        super().__init__(
            _("Uangnya lebih %(amount)s. Hitung lagi, atau tulis sebabnya.", amount=amount)
            if more
            else _("Uangnya kurang %(amount)s. Hitung lagi, atau tulis sebabnya.", amount=amount),
            "note",
        )
        self.difference = difference


def note_count(shift_id: int, counted: int, user: SignedIn) -> None:
    """Keep in the activity log that a drawer was counted with a difference, though the shift was not closed by it."""
    conn = begin_write()
    activity.note(conn, user.showroom_id, user.id, "count", f"shift:{shift_id}", after={"counted": counted})
    commit()
