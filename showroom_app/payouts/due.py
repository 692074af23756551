"""What crafters are due: their unsettled postings, told as the sales, refunds and advances they came from."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import Connection, func, select, union_all
from sqlalchemy.orm import aliased

from showroom_app.extensions import AnyRow, now, reading
from showroom_app.ledger import settle
from showroom_app.ledger.models import RUPIAH, Account, Balance, Desk, Posting
from showroom_app.ledger.settle import Unsettled
from showroom_app.lib.clock import JAKARTA, jakarta_date
from showroom_app.payouts.models import Advance, Payout
from showroom_app.payouts.statement import advance_number
from showroom_app.people.models import Crafter
from showroom_app.people.showrooms import showroom_row
from showroom_app.sales.models import Sale, SaleLine, SaleShare
from showroom_app.sales.money_models import Refund, RefundLine
from showroom_app.sales.papers import Paper, came_back, of_refund, of_sale
from showroom_app.sales.shares import given_back, sold
from showroom_app.stock.life_models import WriteOff
from showroom_app.stock.write_off import answered
from showroom_app.stock.write_off import kind_words as write_off_words
from showroom_app.stock.write_off import number_text as write_off_number


@dataclass(frozen=True, slots=True)
class DueLine:
    """One thing a payout pays, or takes back, in rupiah for the crafter. `price` and `showroom` are None where there
    was no sale, as with an advance. `papers` are its receipt or slip, then what it came from, or what undid it."""

    at: datetime
    kind: str
    name: str
    number: str
    quantity: int | None
    price: int | None
    showroom: int | None
    crafter: int
    papers: tuple[Paper, ...] = ()


def chosen(postings: Sequence[Unsettled], until: date) -> list[Unsettled]:
    """What a payout up to and with a day takes: credits up to that day, and every debt whenever it was made (with what
    the showroom bore of it). So it never comes to more than is owed."""
    debts = {one.entry_id for one in postings if one.amount < 0}
    end = datetime.combine(until, time.max, JAKARTA)
    return [one for one in postings if one.at <= end or one.entry_id in debts]


def told(conn: Connection, crafter_id: int, postings: Sequence[tuple[int, int, int]]) -> list[DueLine]:
    """Postings (entry, line, amount) on a crafter's account as people understand them, oldest first."""
    entries = {entry for entry, _line, _amount in postings}
    lines = _of_sales(conn, crafter_id, entries) | _of_refunds(conn, crafter_id, entries)
    query = select(Advance.entry_id, Advance.at, Advance.reason, Advance.number, Desk.code, Advance.amount)
    of_advances = query.join(Desk, Desk.id == Advance.desk_id).where(Advance.entry_id.in_(entries))
    for row in conn.execute(of_advances):
        number = advance_number(row.code, row.number)
        lines[row.entry_id] = [DueLine(row.at, "advance", row.reason, number, None, None, None, -row.amount)]
    for own in answered(crafter_id):
        of_goods = own.add_columns(Desk.code).join(Desk, Desk.id == WriteOff.desk_id)
        for row in conn.execute(of_goods.where(WriteOff.entry_id.in_(entries))):
            number, name = write_off_number(row.code, row.number), f"{write_off_words()[row.kind]}: {row.name}"
            lines[row.entry_id] = [DueLine(row.at, row.kind, name, number, row.quantity, None, None, row.own)]
    order: list[DueLine] = []
    for entry in sorted(entries):
        order += lines.get(entry, [])
    return order


def _of_sales(conn: Connection, crafter_id: int, entries: set[int]) -> dict[int, list[DueLine]]:
    rows: list[AnyRow] = []
    for own in sold(crafter_id):
        query = own.add_columns(Sale.entry_id, Sale.number, Desk.code).join(Sale, Sale.id == SaleLine.sale_id)
        rows += conn.execute(query.join(Desk, Desk.id == Sale.desk_id).where(Sale.entry_id.in_(entries)))
    back = came_back(conn, crafter_id, SaleLine.sale_id.in_({row.sale_id for row in rows}))
    found: dict[int, list[DueLine]] = {}
    for row in sorted((row for row in rows if row.own), key=lambda row: (row.sale_id, row.position)):
        receipt = of_sale(row)
        slips = [slip for _at, slip in back.get((row.sale_id, row.position), [])]
        line = DueLine(
            row.at, "sale", _called(row), receipt.number, row.quantity, row.net, row.showroom_share, row.own,
            (receipt, *slips),
        )  # fmt: skip
        found.setdefault(row.entry_id, []).append(line)
    return found


def _called(row: AnyRow) -> str:
    """A line's name; of joint work with everyone who made it, for the crafter's part is not all that crafters get."""
    return f"{row.name} ({row.crafter_name})" if row.joint else str(row.name)


def _of_refunds(conn: Connection, crafter_id: int, entries: set[int]) -> dict[int, list[DueLine]]:
    sale_line = (SaleLine.sale_id == RefundLine.sale_id) & (SaleLine.position == RefundLine.sale_position)
    till = aliased(Desk)  # where it was sold
    sale = (Sale.number.label("sale_number"), till.code.label("sale_code"))
    rows: list[AnyRow] = []
    for own in given_back(crafter_id):
        columns = (Refund.entry_id, Refund.kind, Refund.number, Desk.code, SaleLine.name, SaleLine.crafter_name)
        query = own.add_columns(*columns, *sale).join(Refund, Refund.id == RefundLine.refund_id)
        query = query.join(SaleLine, sale_line).join(Sale, Sale.id == RefundLine.sale_id)
        query = query.join(till, till.id == Sale.desk_id)
        rows += conn.execute(query.join(Desk, Desk.id == Refund.desk_id).where(Refund.entry_id.in_(entries)))
    found: dict[int, list[DueLine]] = {}
    for row in sorted((row for row in rows if row.own), key=lambda row: (row.refund_id, row.position)):
        papers = of_refund(row)
        number, lines = papers[0].number, found.setdefault(row.entry_id, [])
        back = (-row.net, -row.showroom_share, -row.own)
        lines.append(DueLine(row.at, "refund", _called(row), number, row.quantity, *back, papers))
        if row.own_borne:
            lines.append(DueLine(row.at, "borne", row.name, number, None, None, None, row.own_borne, papers))
    return found


def balances(showroom_id: int) -> list[dict[str, Any]]:
    """Every crafter of a showroom with what is owed (below zero: what they owe), their last sale and last payout; the
    most owed first."""
    conn = reading()
    both = union_all(
        select(SaleLine.crafter_id, func.max(SaleLine.at).label("at")).group_by(SaleLine.crafter_id),
        select(SaleShare.crafter_id, func.max(SaleShare.at)).group_by(SaleShare.crafter_id),
    ).subquery()
    last_sale = select(both.c.crafter_id, func.max(both.c.at).label("at")).group_by(both.c.crafter_id).subquery()
    paid = (
        select(Payout.crafter_id, func.max(Payout.at).label("at"))
        .where(Payout.showroom_id == showroom_id, Payout.reversed_at.is_(None))
        .group_by(Payout.crafter_id)
        .subquery()
    )
    owed = (-func.coalesce(Balance.amount, 0)).label("owed")
    query = (
        select(Crafter.__table__, Account.id.label("account_id"), owed, last_sale.c.at.label("last_sale"),
               paid.c.at.label("last_payout"))
        .join(Account, (Account.kind == "crafter") & (Account.owner_id == Crafter.id))
        .outerjoin(Balance, (Balance.account_id == Account.id) & (Balance.unit == RUPIAH))
        .outerjoin(last_sale, last_sale.c.crafter_id == Crafter.id)
        .outerjoin(paid, paid.c.crafter_id == Crafter.id)
        .where(Crafter.showroom_id == showroom_id)
        .order_by(owed.desc(), Crafter.name)
    )  # fmt: skip
    return [dict(row._mapping) for row in conn.execute(query)]


def due_until(conn: Connection, account_id: int, until: date) -> int:
    """What a payout up to and with a day would come to, in rupiah; below zero is a debt."""
    return sum(one.amount for one in chosen(settle.unsettled(conn, account_id), until))


def signed_postings(conn: Connection, account_id: int, settled: Sequence[AnyRow]) -> list[tuple[int, int, int]]:
    """Settled postings (entry, line) with their rupiah for the account's owner."""
    wanted = {(row.entry_id, row.line) for row in settled}
    query = select(Posting.entry_id, Posting.line, Posting.credit_id, Posting.amount).where(
        Posting.entry_id.in_({entry for entry, _line in wanted})
    )
    return [
        (row.entry_id, row.line, row.amount if row.credit_id == account_id else -row.amount)
        for row in conn.execute(query)
        if (row.entry_id, row.line) in wanted
    ]


def next_payday(showroom_id: int) -> date | None:
    """The next day on which crafters are paid, today included; None where there is no fixed day."""
    room, today = showroom_row(showroom_id), jakarta_date(now())
    if room is None or room.payday is None:
        return None
    return today + timedelta(days=(room.payday - today.weekday()) % 7)
