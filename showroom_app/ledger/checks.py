"""What must always be true of the book, one query each. An offender is a row; no rows is a pass."""

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, select, text

from showroom_app.ledger.book import hash_again
from showroom_app.ledger.models import Desk, Entry, Posting

OFFENDERS_MAX = 20


@dataclass(frozen=True, slots=True)
class Check:
    """An invariant in a sentence, and how to find what breaks it: SQL, or a function for what SQL can't say."""

    sentence: str
    find: str | Callable[[Connection], Iterable[str]]

    def offenders(self, conn: Connection) -> list[str]:
        """The first few things that break this invariant, each named."""
        if callable(self.find):
            return list(self.find(conn))[:OFFENDERS_MAX]
        rows = conn.execute(text(self.find)).fetchmany(OFFENDERS_MAX)
        return [" ".join(f"{key}={value}" for key, value in row._mapping.items()) for row in rows]


def _broken_chain(conn: Connection) -> Iterable[str]:
    """Hash every entry again, desk by desk, without holding the whole book in memory."""
    for desk in conn.execute(select(Desk.id, Desk.code, Desk.head_hash).order_by(Desk.id)).all():
        previous = ""
        last = 0
        while rows := _entries_after(conn, desk.id, last):
            for entry, postings in rows:
                if hash_again(previous, entry, postings) != entry.hash:
                    yield f"desk={desk.code} entry={entry.id} number={entry.number}"
                previous, last = entry.hash, entry.number
        if previous != desk.head_hash:
            yield f"desk={desk.code} head"


def _entries_after(
    conn: Connection, desk_id: int, number: int, most: int = 2000
) -> list[tuple[Any, list[tuple[int, int, int, int]]]]:
    query = (
        select(Entry.__table__)
        .where(Entry.desk_id == desk_id, Entry.number > number)
        .order_by(Entry.number)
        .limit(most)
    )
    entries = conn.execute(query).all()
    by_entry: dict[int, list[tuple[int, int, int, int]]] = defaultdict(list)
    chosen = query.with_only_columns(Entry.id).subquery()
    postings = select(Posting.__table__).where(Posting.entry_id.in_(select(chosen.c.id)))
    for p in conn.execute(postings.order_by(Posting.entry_id, Posting.line)):
        by_entry[p.entry_id].append((p.unit, p.debit_id, p.credit_id, p.amount))
    return [(entry, by_entry[entry.id]) for entry in entries]


LEDGER_CHECKS = [
    Check(
        "postings have positive amounts, live accounts and an entry",
        "SELECT p.entry_id, p.line FROM posting p LEFT JOIN entry e ON e.id = p.entry_id"
        " LEFT JOIN account d ON d.id = p.debit_id LEFT JOIN account c ON c.id = p.credit_id"
        " WHERE p.amount <= 0 OR p.unit < 0 OR e.id IS NULL OR d.id IS NULL OR c.id IS NULL",
    ),
    Check(
        "every entry has postings",
        "SELECT e.id AS entry FROM entry e WHERE NOT EXISTS (SELECT 1 FROM posting p WHERE p.entry_id = e.id)",
    ),
    Check(
        "every balance equals its postings",
        "SELECT s.unit, s.account_id, sum(s.kept) AS kept, sum(s.posted) AS posted FROM ("
        " SELECT unit, account_id, amount AS kept, 0 AS posted FROM balance"
        " UNION ALL SELECT unit, debit_id, 0, amount FROM posting"
        " UNION ALL SELECT unit, credit_id, 0, -amount FROM posting) s"
        " JOIN account a ON a.id = s.account_id AND a.keeps_balance"
        " GROUP BY s.unit, s.account_id HAVING sum(s.kept) <> sum(s.posted)",
    ),
    Check(
        "no balance is below its floor, and the floor is its account's",
        "SELECT b.unit, b.account_id, b.amount FROM balance b JOIN account a ON a.id = b.account_id"
        " WHERE b.amount < b.floor OR coalesce(b.floor, -1) <> coalesce(a.floor, -1)",
    ),
    Check(
        "entry numbers run 1 to N at every desk, without gaps",
        "SELECT d.code AS desk, d.entry_number AS last, count(e.id) AS entries FROM desk d"
        " LEFT JOIN entry e ON e.desk_id = d.id GROUP BY d.id, d.code, d.entry_number"
        " HAVING count(e.id) <> d.entry_number OR coalesce(max(e.number), 0) <> d.entry_number"
        " OR (count(e.id) > 0 AND min(e.number) <> 1)",
    ),
    Check("the hash chain of every desk is whole", _broken_chain),
    Check(
        "every finished request has a result",
        "SELECT r.id AS request FROM request r WHERE r.result = ''",
    ),
]
