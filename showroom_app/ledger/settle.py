"""Settling: which postings on an account a later entry made even, such as what a payout paid. Called within an act."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, and_, delete, func, insert, or_, select, update

from showroom_app.extensions import AnyRow
from showroom_app.ledger.models import IS_LIVE, RUPIAH, Entry, Posting, SettledThrough, Settlement


@dataclass(frozen=True, slots=True)
class Unsettled:
    """A posting that nothing has made even yet; `amount` in rupiah is positive where we owe it."""

    entry_id: int
    line: int
    amount: int
    kind: str
    at: datetime


def unsettled(conn: Connection, account_id: int) -> list[Unsettled]:
    """An account's postings in rupiah that are not settled, oldest first; read from where everything older is."""
    through = select(func.coalesce(func.max(SettledThrough.entry_id), 0)).where(SettledThrough.account_id == account_id)
    since = int(conn.execute(through).scalar_one())
    live = and_(Settlement.entry_id == Posting.entry_id, Settlement.line == Posting.line, IS_LIVE)
    # The two sides by themselves, each along its own index: with OR, SQLite would read the whole book.
    sides = [
        select(Posting.entry_id, Posting.line, Entry.kind, Entry.at, (sign * Posting.amount).label("amount"))
        .join(Entry, Entry.id == Posting.entry_id)
        .outerjoin(Settlement, live)
        .where(side == account_id, Posting.unit == RUPIAH, Posting.entry_id > since, Settlement.id.is_(None))
        for side, sign in ((Posting.credit_id, 1), (Posting.debit_id, -1))
    ]
    found = [Unsettled(row.entry_id, row.line, row.amount, row.kind, row.at) for s in sides for row in conn.execute(s)]
    return sorted(found, key=lambda one: (one.entry_id, one.line))


def settle(conn: Connection, account_id: int, postings: Sequence[tuple[int, int]], by_entry_id: int) -> None:
    """Settle postings (entry, line) by a later entry, whose own postings on the account are made even with them.

    The database refuses a posting that is settled already.
    """
    own = select(Posting.entry_id, Posting.line).where(
        Posting.entry_id == by_entry_id, Posting.unit == RUPIAH,
        or_(Posting.credit_id == account_id, Posting.debit_id == account_id),
    )  # fmt: skip
    every = [*postings, *((row.entry_id, row.line) for row in conn.execute(own))]
    rows = [{"entry_id": entry, "line": line, "by_entry_id": by_entry_id, "live": True} for entry, line in every]
    conn.execute(insert(Settlement), rows)
    _remember(conn, account_id)


def unsettle(conn: Connection, account_id: int, by_entry_id: int, reversal_entry_id: int) -> None:
    """Take back what an entry settled, because it was reversed: the entry and its reversal are even by themselves."""
    taken_back = and_(Settlement.by_entry_id == by_entry_id, Settlement.entry_id != by_entry_id, Settlement.live)
    conn.execute(update(Settlement).where(taken_back).values(live=False))
    conn.execute(delete(SettledThrough).where(SettledThrough.account_id == account_id))
    settle(conn, account_id, [], reversal_entry_id)


def _remember(conn: Connection, account_id: int) -> None:
    """Up to which entry everything is settled: reading what is not then stays quick however old the account is."""
    open_still = unsettled(conn, account_id)
    through = open_still[0].entry_id - 1 if open_still else _last_entry(conn, account_id)
    known = update(SettledThrough).where(SettledThrough.account_id == account_id)
    if not conn.execute(known.values(entry_id=through)).rowcount:
        conn.execute(insert(SettledThrough), {"account_id": account_id, "entry_id": through})


def _last_entry(conn: Connection, account_id: int) -> int:
    sides = (Posting.credit_id, Posting.debit_id)
    ends = [conn.execute(select(func.max(Posting.entry_id)).where(side == account_id)).scalar() for side in sides]
    return max(int(end or 0) for end in ends)


def is_settled(conn: Connection, postings: Collection[tuple[int, int]]) -> set[tuple[int, int]]:
    """Those of some postings (entry, line) that are settled."""
    entries = {entry for entry, _line in postings}
    query = select(Settlement.entry_id, Settlement.line).where(Settlement.entry_id.in_(entries), IS_LIVE)
    return {(row.entry_id, row.line) for row in conn.execute(query)} & set(postings)


def settled_by(conn: Connection, entry_id: int) -> list[AnyRow]:
    """What an entry settled: (entry_id, line), its own postings left out; also where it was undone since."""
    query = (
        select(Settlement.entry_id, Settlement.line)
        .where(Settlement.by_entry_id == entry_id, Settlement.entry_id != Settlement.by_entry_id)
        .order_by(Settlement.entry_id, Settlement.line)
    )
    return list(conn.execute(query))
