"""A crafter's statement of a period: opening, every event, closing; in words, as a WhatsApp text and as a PDF.

Everything is read from facts that never change, and names as they were when the period ended: a statement of a closed
period is the same bytes whenever it is made.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import Connection, func, select
from sqlalchemy.orm import aliased

from showroom_app.extensions import AnyRow, now, rollback, snapshot
from showroom_app.ledger.models import RUPIAH, Account, Desk, Entry, Posting
from showroom_app.lib.clock import day_start, jakarta_date
from showroom_app.lib.money import format_rupiah
from showroom_app.lib.refusal import Refusal
from showroom_app.payouts.models import Advance, Payout
from showroom_app.people import activity
from showroom_app.people.crafters import owed_in
from showroom_app.people.models import Crafter, Showroom
from showroom_app.sales.models import Sale, SaleLine
from showroom_app.sales.money_models import Refund, RefundLine
from showroom_app.sales.papers import Paper, came_back, of_refund, of_sale, words
from showroom_app.sales.receipt import number_text
from showroom_app.sales.shares import given_back, sold
from showroom_app.stock import write_off
from showroom_app.stock.life_models import WriteOff

DAYS_MAX = 800
YEAR_MIN, YEAR_MAX = 2000, 2100


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that changed what a crafter is owed, by `amount` rupiah. `more` says how it came to that; `papers` are
    its receipt or slip with what it came from, or what undid it within the period; `later` is what undid it since.
    `entry_id` is where the book has it."""

    at: datetime
    entry_id: int
    kind: str
    what: str
    more: str
    amount: int
    pieces: int = 0
    papers: tuple[Paper, ...] = ()
    later: tuple[Paper, ...] = ()

    @property
    def about(self) -> str:
        """Its papers and how it came to that, as it stands on paper: nothing of what came after the period."""
        return " · ".join([*words(self.papers), self.more])


@dataclass(frozen=True, slots=True)
class Statement:
    """A crafter's period, in rupiah owed to them. `since` and `until` are Jakarta days, both within it."""

    crafter: dict[str, Any]
    showroom: dict[str, Any]
    since: date
    until: date
    opening: int
    events: list[Event]
    hash: str

    @property
    def closing(self) -> int:
        """What is owed at the end."""
        return self.opening + sum(event.amount for event in self.events)

    @property
    def closed(self) -> bool:
        """Whether the period is over, so that nothing can be added to it."""
        return self.until < jakarta_date(now())

    def total(self, *kinds: str) -> int:
        """What events of some kinds came to."""
        return sum(event.amount for event in self.events if event.kind in kinds)


def checked_period(since: date, until: date) -> tuple[date, date]:
    """A period that makes sense. Refuses dates backwards and very long ones."""
    if until < since:
        raise Refusal(_("Tanggal akhir tidak boleh sebelum tanggal awal."), "until")
    if since.year < YEAR_MIN or until.year > YEAR_MAX:
        raise Refusal(_("Isi tanggal dengan benar, misalnya 2026-11-01."))
    if (until - since).days > DAYS_MAX:
        raise Refusal(_("Paling panjang dua tahun sekali lihat."), "until")
    return since, until


def statement(crafter_id: int, since: date, until: date) -> Statement:
    """Read a crafter's statement, all of one moment."""
    checked_period(since, until)
    start, end = day_start(since), day_start(until + timedelta(days=1))
    conn = snapshot()
    crafter = conn.execute(select(Crafter.__table__).where(Crafter.id == crafter_id)).one()
    room = conn.execute(select(Showroom.__table__).where(Showroom.id == crafter.showroom_id)).one()
    within, later = _events(conn, crafter_id, start, end)
    opening = owed_in(conn, crafter_id) - later - sum(event.amount for event in within)
    last = max((event.entry_id for event in within), default=0) or _last_before(conn, crafter_id, end)
    digest = conn.execute(select(Entry.hash).where(Entry.id == last)).scalar() or ""
    told = {"name": crafter.name, "workshop": crafter.workshop, "address": crafter.address, "phone": crafter.phone}
    of_room = {"name": room.name, "place": room.place, "address": room.address}
    kept = {"id": crafter_id, "showroom_id": crafter.showroom_id, "phone_now": crafter.phone}
    crafter_then = activity.as_of(f"crafter:{crafter_id}", end, told) | kept
    room_then = activity.as_of(f"showroom:{room.id}", end, of_room)
    rollback()
    return Statement(crafter_then, room_then, since, until, opening, within, digest)


def _events(conn: Connection, crafter_id: int, start: datetime, end: datetime) -> tuple[list[Event], int]:
    """Everything within a period, oldest first, and what everything after it came to. Sales and refunds are many, so of
    later ones only the sum is read."""
    few = [
        *_payouts(conn, crafter_id, start), *_advances(conn, crafter_id, start), *_write_offs(conn, crafter_id, start),
    ]  # fmt: skip
    many = [*_sales(conn, crafter_id, start, end), *_refunds(conn, crafter_id, start, end)]
    later = sum(event.amount for event in few if event.at >= end) + _sold_since(conn, crafter_id, end)
    within = [*many, *(event for event in few if event.at < end)]
    return sorted(within, key=lambda event: (event.at, event.entry_id)), later


def _sold_since(conn: Connection, crafter_id: int, end: datetime) -> int:
    """What sales since a moment brought a crafter, less what came back."""
    total = 0
    for own in sold(crafter_id):
        lines = own.where(SaleLine.at >= end).subquery()
        total += int(conn.execute(select(func.sum(lines.c.own))).scalar() or 0)
    for own in given_back(crafter_id):
        lines = own.where(RefundLine.at >= end).subquery()
        total -= int(conn.execute(select(func.sum(lines.c.own - lines.c.own_borne))).scalar() or 0)
    return total


def _last_before(conn: Connection, crafter_id: int, end: datetime) -> int:
    """The last entry before a moment that changed what a crafter is owed; 0 where there is none."""
    account = select(Account.id).where(Account.kind == "crafter", Account.owner_id == crafter_id).scalar_subquery()
    last = 0
    for side in (Posting.credit_id, Posting.debit_id):
        query = select(Posting.entry_id).join(Entry, Entry.id == Posting.entry_id)
        query = query.where(side == account, Posting.unit == RUPIAH, Entry.at < end)
        last = max(last, conn.execute(query.order_by(Posting.entry_id.desc()).limit(1)).scalar() or 0)
    return last


def _sales(conn: Connection, crafter_id: int, start: datetime, end: datetime) -> list[Event]:
    rows: list[AnyRow] = []
    for own in sold(crafter_id):
        query = own.add_columns(Sale.entry_id, Sale.number, Desk.code).join(Sale, Sale.id == SaleLine.sale_id)
        within = query.where(SaleLine.at >= start, SaleLine.at < end)
        rows += conn.execute(within.join(Desk, Desk.id == Sale.desk_id))
    back = came_back(conn, crafter_id, SaleLine.at >= start, SaleLine.at < end) if rows else {}
    found = []
    for row in sorted(rows, key=lambda row: (row.at, row.sale_id, row.position)):
        slips = back.get((row.sale_id, row.position), [])
        papers = (of_sale(row), *(slip for at, slip in slips if at < end))
        later = tuple(slip for at, slip in slips if at >= end)
        more = _about_sale(row)
        found.append(Event(row.at, row.entry_id, "sale", row.name, more, row.own, row.quantity, papers, later))
    return found


def _about_sale(row: Any) -> str:
    parts = [f"{row.quantity} × {format_rupiah(row.price)}"]
    if row.discount:
        shared = row.discount - row.discount_showroom - row.discount_crafter
        bearers = [
            (shared, _("ditanggung bersama")), (row.discount_showroom, _("ditanggung galeri")),
            (row.discount_crafter, _("ditanggung perajin")),
        ]  # fmt: skip
        parts += [
            _("diskon %(amount)s, %(bearer)s", amount=format_rupiah(amount), bearer=bearer)
            for amount, bearer in bearers
            if amount
        ]
    if row.joint:
        others = format_rupiah(row.crafter_share - row.own)
        parts.append(_("karya bersama %(names)s, rekan %(amount)s", names=row.crafter_name, amount=others))
    return " · ".join([*parts, _("galeri %(amount)s", amount=format_rupiah(row.showroom_share))])


def _refunds(conn: Connection, crafter_id: int, start: datetime, end: datetime) -> list[Event]:
    sale_line = (SaleLine.sale_id == RefundLine.sale_id) & (SaleLine.position == RefundLine.sale_position)
    till = aliased(Desk)  # where it was sold
    rows: list[AnyRow] = []
    for own in given_back(crafter_id):
        sale = (Sale.number.label("sale_number"), till.code.label("sale_code"))
        query = own.add_columns(
            Refund.entry_id, Refund.kind, Refund.number, Refund.reason, Desk.code, SaleLine.name, *sale
        )
        query = query.join(Refund, Refund.id == RefundLine.refund_id).join(SaleLine, sale_line)
        query = query.join(Sale, Sale.id == RefundLine.sale_id).join(till, till.id == Sale.desk_id)
        query = query.join(Desk, Desk.id == Refund.desk_id)
        rows += conn.execute(query.where(RefundLine.at >= start, RefundLine.at < end))
    found = []
    for row in sorted(rows, key=lambda row: (row.at, row.refund_id, row.position)):
        papers = of_refund(row)
        found.append(Event(row.at, row.entry_id, "refund", row.name, row.reason, -row.own, -row.quantity, papers))
        if row.own_borne:
            more = _("ditanggung galeri")
            found.append(Event(row.at, row.entry_id, "compensation", row.name, more, row.own_borne, papers=papers))
    return found


def _payouts(conn: Connection, crafter_id: int, start: datetime) -> list[Event]:
    query = (
        select(Payout.__table__, Desk.code)
        .join(Desk, Desk.id == Payout.desk_id)
        .where(Payout.crafter_id == crafter_id, func.coalesce(Payout.reversed_at, Payout.at) >= start)
    )
    found = []
    for row in conn.execute(query):
        number = payout_number(row.code, row.number)
        if row.at >= start:
            how = " · ".join(filter(None, [number, method_words()[row.method], row.bank, row.reference]))
            found.append(Event(row.at, row.entry_id, "payout", "", how, -row.amount))
        if row.reversed_at is not None:
            why = f"{number} · {row.reversal_reason}"
            found.append(Event(row.reversed_at, row.reversal_entry_id, "payout_reversed", "", why, row.amount))
    return found


def _advances(conn: Connection, crafter_id: int, start: datetime) -> list[Event]:
    query = (
        select(Advance.__table__, Desk.code)
        .join(Desk, Desk.id == Advance.desk_id)
        .where(Advance.crafter_id == crafter_id, func.coalesce(Advance.reversed_at, Advance.at) >= start)
    )
    found = []
    for row in conn.execute(query):
        number = advance_number(row.code, row.number)
        if row.at >= start:
            found.append(Event(row.at, row.entry_id, "advance", row.reason, number, -row.amount))
        if row.reversed_at is not None:
            why = f"{number} · {row.reversal_reason}"
            found.append(Event(row.reversed_at, row.reversal_entry_id, "advance_reversed", "", why, row.amount))
    return found


def _write_offs(conn: Connection, crafter_id: int, start: datetime) -> list[Event]:
    """What the showroom answered for: pieces damaged or lost in its care, less what was taken back later."""
    words, found = write_off.kind_words(), []
    for own in write_off.answered(crafter_id):
        query = own.add_columns(Desk.code).join(Desk, Desk.id == WriteOff.desk_id)
        for row in conn.execute(query.where(WriteOff.at >= start, WriteOff.compensation != 0)):
            about = " · ".join([write_off.number_text(row.code, row.number), words[row.kind], row.reason])
            found.append(Event(row.at, row.entry_id, "compensation", row.name, about, row.own))
    return found


def payout_number(desk_code: str, number: int) -> str:
    """A kuitansi's number as printed: KW-KTR-00031."""
    return f"KW-{number_text(desk_code, number)}"


def advance_number(desk_code: str, number: int) -> str:
    """An advance's number as printed: KB-KTR-00004."""
    return f"KB-{number_text(desk_code, number)}"


def method_words() -> dict[str, str]:
    """How money reaches a crafter."""
    return {"drawer": _("Tunai dari laci"), "office": _("Tunai dari kantor"), "transfer": _("Transfer")}


def kind_words() -> dict[str, str]:
    """What each event is called."""
    return {
        "sale": _("Laku"), "refund": _("Retur"), "payout": _("Dibayar"), "advance": _("Kasbon"),
        "payout_reversed": _("Pembayaran dibatalkan"), "compensation": _("Ganti rugi"),
        "advance_reversed": _("Kasbon dibatalkan"),
    }  # fmt: skip
