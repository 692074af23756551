"""Advances (kasbon): money before anything is sold, with a manager's yes; the next payouts take it back."""

from dataclasses import asdict, dataclass
from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy import Connection, insert, select

from showroom_app.extensions import AnyRow, reading
from showroom_app.ledger import book
from showroom_app.ledger.act import Act, begin_act, verb
from showroom_app.ledger.book import rupiah
from showroom_app.ledger.models import Account, Desk
from showroom_app.lib.money import format_rupiah
from showroom_app.lib.refusal import NotHere, Refusal
from showroom_app.payouts.models import Advance
from showroom_app.payouts.payout import (
    NAME_MAX,
    REASON_MAX,
    REFERENCE_MAX,
    Method,
    must_be_payable,
    no_account,
    sources_for,
)
from showroom_app.people.crafters import owed_in
from showroom_app.people.models import Crafter, Showroom
from showroom_app.sales.cash_move import drawer_short
from showroom_app.web.access import MANAGER, SignedIn

_CRAFTER = (
    select(Crafter.__table__, Account.id.label("account_id"), Showroom.advance_rupiah_max.label("usual"))
    .join(Account, (Account.kind == "crafter") & (Account.owner_id == Crafter.id))
    .join(Showroom, Showroom.id == Crafter.showroom_id)
)


@dataclass(frozen=True, slots=True)
class Lend:
    """An advance asked for, in rupiah."""

    crafter_id: int
    amount: int
    method: Method
    reason: str
    reference: str = ""
    received_by: str = ""
    relation: str = ""


@verb
def lend(asked: Lend, user: SignedIn, request_id: str, *, at: datetime | None = None) -> int:
    """Give an advance and return its id. A manager's own act.

    Refuses more than the crafter's limit allows (what is owed to them counts), an inactive crafter, no reason, and
    more cash than lies in the drawer.
    """
    act = begin_act("advance", request_id, asdict(asked), user.id, at)
    if act.repeated:
        return int(act.result["advance_id"])
    must_be_payable(asked.method, asked.reference, asked.received_by, asked.relation)
    source = sources_for(act, {asked.method}, user)
    crafter = _allowed(act, asked, user)
    moves = rupiah(crafter.account_id, source[asked.method], asked.amount)
    with book.floors_held(drawer_short):
        posted = book.post(act, desk_id=source["desk_id"], kind="advance", moves=moves, memo=asked.reason[:REASON_MAX])
    values = {
        "showroom_id": user.showroom_id, "desk_id": source["desk_id"], "crafter_id": crafter.id, "user_id": user.id,
        "number": book.next_number(act.conn, source["desk_id"], "advance"), "entry_id": posted.entry_id, "at": act.at,
        "amount": asked.amount, "method": asked.method, "crafter_name": crafter.name,
        "shift_id": source["shift_id"] if asked.method == "drawer" else None,
        "reference": asked.reference[:REFERENCE_MAX], "reason": asked.reason[:REASON_MAX],
        "received_by": asked.received_by[:NAME_MAX], "relation": asked.relation[:NAME_MAX],
    }  # fmt: skip
    advance_id = int(act.conn.execute(insert(Advance).returning(Advance.id), values).scalar_one())
    return int(act.commit(advance_id=advance_id)["advance_id"])


def _allowed(act: Act, asked: Lend, user: SignedIn) -> AnyRow:
    """The crafter with their account, its balance held. Refuses what may not be lent."""
    if user.role != MANAGER:
        raise Refusal(_("Kasbon hanya boleh diberikan pengelola."))
    query = _CRAFTER.where(Crafter.id == asked.crafter_id, Crafter.showroom_id == user.showroom_id)
    crafter = act.conn.execute(query).first()
    if crafter is None:
        raise NotHere
    if not crafter.active:
        raise Refusal(_("%(name)s tidak aktif. Aktifkan dulu di halaman Perajin.", name=crafter.name))
    if asked.method == "transfer" and not crafter.bank_account:
        raise Refusal(no_account(crafter.name), "method")
    if not asked.reason:
        raise Refusal(_("Tulis untuk apa kasbonnya, misalnya beli bahan."), "reason")
    book.hold(act.conn, [crafter.account_id])
    can = _can(crafter, owed_in(act.conn, crafter.id))
    if not 0 < asked.amount <= can:
        most = format_rupiah(can)
        raise Refusal(_("Kasbon %(name)s paling banyak %(amount)s sekarang.", name=crafter.name, amount=most), "amount")
    return crafter


def _can(crafter: AnyRow, owed: int) -> int:
    limit = crafter.usual if crafter.advance_rupiah_max is None else crafter.advance_rupiah_max
    return max(0, int(limit) + min(owed, 0))


def advance_row(conn: Connection, advance_id: int, showroom_id: int) -> AnyRow:
    """An advance of a showroom; of another there is none."""
    query = select(Advance.__table__, Desk.code).join(Desk, Desk.id == Advance.desk_id)
    row = conn.execute(query.where(Advance.id == advance_id)).first()
    if row is None or row.showroom_id != showroom_id:
        raise NotHere
    return row


def limit_of(crafter_id: int) -> int:
    """The most that can be lent to a crafter now, in rupiah: their limit less what they owe already."""
    crafter = reading().execute(_CRAFTER.where(Crafter.id == crafter_id)).one()
    return _can(crafter, owed_in(reading(), crafter_id))
