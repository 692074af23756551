"""Settling: which postings on an account a later entry made even, such as what a payout paid. Called within an act."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Connection, and_, bindparam, delete, func, insert, or_, select, true, update

from showroom_app.extensions import AnyRow
from showroom_app.ledger.models import IS_LIVE, RUPIAH, Entry, Posting, SettledThrough, Settlement
from showroom_app.prepared import Prepared


class Unsettled(NamedTuple):
    """A posting that nothing has made even yet; `amount` in rupiah is positive where we owe it."""

    entry_id: int
    line: int
    at: datetime
    amount: int


def _open_on(side: Any, amount: Any) -> Prepared:
    live = and_(Settlement.entry_id == Posting.entry_id, Settlement.line == Posting.line, IS_LIVE)
    query = select(Posting.entry_id, Posting.line, Entry.at, amount.label("amount")).join(
        Entry, Entry.id == Posting.entry_id
    )
    return Prepared(
        query.outerjoin(Settlement, live).where(
            side == bindparam("account"), Posting.unit == RUPIAH, Posting.entry_id > bindparam("since"),
            Settlement.id.is_(None),
        )
    )  # fmt: skip


# The two sides by themselves, each along its own index: with OR, SQLite would read the whole book.
_OPEN = (_open_on(Posting.credit_id, Posting.amount), _open_on(Posting.debit_id, -Posting.amount))
_LAST = [
    Prepared(select(func.max(Posting.entry_id)).where(side == bindparam("account"), Posting.unit == RUPIAH))
    for side in (Posting.credit_id, Posting.debit_id)
]
_SETTLE = Prepared(insert(Settlement).values(live=true()).inline())


def unsettled(conn: Connection, account_id: int) -> list[Unsettled]:
    """An account's postings in rupiah that are not settled, oldest first; read from where everything older is."""
    through = select(func.coalesce(func.max(SettledThrough.entry_id), 0)).where(SettledThrough.account_id == account_id)
    since = int(conn.execute(through).scalar_one())
    return sorted(Unsettled._make(row) for side in _OPEN for row in side.rows(conn, account=account_id, since=since))


class Looked(NamedTuple):
    """What is unsettled on an account, and the last entry of rupiah there before that was read."""

    last_entry: int
    postings: list[Unsettled]


def look(conn: Connection, account_id: int) -> Looked:
    """Read ahead what is unsettled, before the account's balance is held: a long history takes its time."""
    return Looked(_last_entry(conn, account_id), unsettled(conn, account_id))


def unsettled_still(conn: Connection, account_id: int, looked: Looked | None) -> list[Unsettled]:
    """`unsettled`, called while the balance is held: what was read ahead, unless rupiah were posted there since.
    Nothing is settled or unsettled without; and who posts rupiah holds the balance before the entry has its number
    (goods on the same account wait for nobody, so theirs tell nothing)."""
    if looked is not None and looked.last_entry == _last_entry(conn, account_id):
        return looked.postings
    return unsettled(conn, account_id)


def settle(
    conn: Connection,
    account_id: int,
    postings: Sequence[tuple[int, int]],
    by_entry_id: int,
    rest: Sequence[Unsettled] | None = None,
) -> None:
    """Settle postings (entry, line) by a later entry, whose own postings on the account are made even with them.
    `rest` is what else is open on the account, in order, where the caller has read it since its balance is held.

    The database refuses a posting that is settled already.
    """
    own = select(Posting.entry_id, Posting.line).where(
        Posting.entry_id == by_entry_id, Posting.unit == RUPIAH,
        or_(Posting.credit_id == account_id, Posting.debit_id == account_id),
    )  # fmt: skip
    every = [*postings, *((row.entry_id, row.line) for row in conn.execute(own))]
    rows = [{"entry_id": entry, "line": line, "by_entry_id": by_entry_id} for entry, line in every]
    _SETTLE.run_many(conn, rows)
    _remember(conn, account_id, unsettled(conn, account_id) if rest is None else rest)


def unsettle(conn: Connection, account_id: int, by_entry_id: int, reversal_entry_id: int) -> None:
    """Take back what an entry settled, because it was reversed: the entry and its reversal are even by themselves."""
    taken_back = and_(Settlement.by_entry_id == by_entry_id, Settlement.entry_id != by_entry_id, Settlement.live)
    conn.execute(update(Settlement).where(taken_back).values(live=False))
    conn.execute(delete(SettledThrough).where(SettledThrough.account_id == account_id))
    settle(conn, account_id, [], reversal_entry_id)


def _remember(conn: Connection, account_id: int, open_still: Sequence[Unsettled]) -> None:
    """Up to which entry everything is settled: reading what is not then stays quick however old the account is."""
    through = open_still[0].entry_id - 1 if open_still else _last_entry(conn, account_id)
    known = update(SettledThrough).where(SettledThrough.account_id == account_id)
    if not conn.execute(known.values(entry_id=through)).rowcount:
        conn.execute(insert(SettledThrough), {"account_id": account_id, "entry_id": through})


def _last_entry(conn: Connection, account_id: int) -> int:
    return max(int(side.scalar(conn, account=account_id) or 0) for side in _LAST)


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
