"""Undoing what was paid or lent: the money goes back, and the crafter's balance is as it was before."""

from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import select, update

from showroom_app.extensions import AnyRow
from showroom_app.ledger import book, settle
from showroom_app.ledger.act import Act, begin_act, verb
from showroom_app.ledger.book import Posted
from showroom_app.ledger.models import Account
from showroom_app.lib.refusal import NotHere, Refusal
from showroom_app.payouts.models import Advance, Payout
from showroom_app.people import activity
from showroom_app.sales.checkout import must_be_open_shift
from showroom_app.web.access import MANAGER, SignedIn

REASON_MAX = 120


@verb
def undo_payout(payout_id: int, reason: str, user: SignedIn, request_id: str, *, at: datetime | None = None) -> int:
    """Undo a payout: the money is back where it came from (from a closed drawer: in the office), what it paid is due
    again. Refuses one that was undone already, and no reason. Returns the payout's id."""
    act = begin_act("payout-reverse", request_id, {"payout": payout_id, "reason": reason}, user.id, at)
    if act.repeated:
        return payout_id
    row = _locked(act, Payout, payout_id, user)
    if row.reversed_at is not None:
        raise Refusal(_("Pembayaran ini sudah dibatalkan."))
    _must_say_why(reason)
    posted = _turn_round(act, Payout, row, reason, user, "payout_reversal")
    settle.unsettle(act.conn, row.account_id, row.entry_id, posted.entry_id)
    act.commit()
    return payout_id


@verb
def undo_advance(advance_id: int, reason: str, user: SignedIn, request_id: str, *, at: datetime | None = None) -> int:
    """Undo an advance because it was a mistake, or was paid back: the money is back where it came from and the debt is
    gone. Refuses one that a payout took back already (that payout must be undone first), one that was undone, and no
    reason. Returns the advance's id."""
    act = begin_act("advance-reverse", request_id, {"advance": advance_id, "reason": reason}, user.id, at)
    if act.repeated:
        return advance_id
    row = _locked(act, Advance, advance_id, user)
    if row.reversed_at is not None:
        raise Refusal(_("Kasbon ini sudah dibatalkan."))
    _must_say_why(reason)
    book.hold(act.conn, [row.account_id])
    debt = (row.entry_id, 1)
    if settle.is_settled(act.conn, [debt]):
        raise Refusal(_("Kasbon ini sudah dipotong dari pembayaran. Batalkan dulu pembayaran itu."))
    posted = _turn_round(act, Advance, row, reason, user, "advance_reversal")
    settle.settle(act.conn, row.account_id, [debt], posted.entry_id)
    act.commit()
    return advance_id


def _locked(act: Act, table: type[Payout] | type[Advance], row_id: int, user: SignedIn) -> AnyRow:
    """A row of this manager's showroom, held, with its crafter's account. Of another there is none."""
    query = select(table.__table__, Account.id.label("account_id")).join(
        Account, (Account.kind == "crafter") & (Account.owner_id == table.crafter_id)
    )
    row = act.conn.execute(query.where(table.id == row_id).with_for_update(of=table)).first()
    if row is None or row.showroom_id != user.showroom_id:
        raise NotHere
    if user.role != MANAGER:
        raise Refusal(_("Hanya pengelola yang boleh membatalkannya."))
    return row


def _must_say_why(reason: str) -> None:
    if not reason:
        raise Refusal(_("Tulis alasannya, misalnya salah jumlah."), "reason")


def _turn_round(
    act: Act, table: type[Payout] | type[Advance], row: AnyRow, reason: str, user: SignedIn, kind: str
) -> Posted:
    why = reason[:REASON_MAX]
    replacing, shift_id = _where_back(act, row, user)
    posted = book.reverse(act, row.entry_id, desk_id=row.desk_id, kind=kind, replacing=replacing, memo=why)
    values: dict[str, Any] = {
        "reversal_entry_id": posted.entry_id, "reversed_at": act.at, "reversed_by": user.id,
        "reversed_shift_id": shift_id, "reversal_reason": why,
    }  # fmt: skip
    act.conn.execute(update(table).where(table.id == row.id).values(values))
    told = {"reason": why, "amount": row.amount, "crafter": row.crafter_name}
    subject = f"{table.__tablename__}:{row.id}"
    log_kind = kind.replace("_", "-")
    activity.note(act.conn, user.showroom_id, user.id, log_kind, subject, after=told, at=act.at)
    return posted


def _where_back(act: Act, row: AnyRow, user: SignedIn) -> tuple[dict[int, int], int | None]:
    """What stands in for the drawer that paid: itself while its shift is open, else the office."""
    if row.method != "drawer":
        return {}, None
    try:
        must_be_open_shift(act, row.shift_id)
    except Refusal:
        found = book.accounts(act.conn, [("drawer", row.shift_id), ("office", user.showroom_id)])
        return {found["drawer", row.shift_id]: found["office", user.showroom_id]}, None
    return {}, int(row.shift_id)
