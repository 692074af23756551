"""The book as it stood at one moment, read in short pages: what every form of export is written from."""

import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from sqlalchemy import and_, bindparam, func, or_, select

from showroom_app.extensions import AnyRow, reading, rollback
from showroom_app.ledger.chart import account_path
from showroom_app.ledger.models import Account, Desk, Entry, Posting
from showroom_app.lib.money import format_number
from showroom_app.lib.refusal import Refusal
from showroom_app.prepared import Prepared

PAGE_POSTINGS = 5_000
SAY_EVERY_SECONDS = 1.0

Say = Callable[[str], object]

_DESKS = (
    select(Desk.id, Desk.showroom_id, Desk.code, Desk.entry_number, Desk.head_hash, Entry.id.label("last_entry_id"))
    .outerjoin(Entry, and_(Entry.desk_id == Desk.id, Entry.number == Desk.entry_number))
    .order_by(Desk.id)
)
# Whose desk it was is asked afterwards: told of desks, SQLite would gather all their entries for every page.
_PAGE = Prepared(
    select(
        Posting.entry_id, Posting.line, Posting.unit, Posting.debit_id, Posting.credit_id, Posting.amount,
        Entry.desk_id, Entry.number, Entry.kind, Entry.at, Entry.actor_id, Entry.request_id, Entry.reverses_id,
        Entry.memo, Entry.hash,
    )
    .join(Entry, Entry.id == Posting.entry_id)
    .where(
        Posting.entry_id >= bindparam("entry"),
        Posting.entry_id <= bindparam("last"),
        Entry.id >= bindparam("entry"),  # the same said again, for PostgreSQL: it looks no further back for entries
        or_(Posting.entry_id > bindparam("entry"), Posting.line > bindparam("line")),
    )
    .order_by(Posting.entry_id, Posting.line)
    .limit(bindparam("most"))
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Names:
    """Names that only the upper floors know: of accounts by (kind, owner), of units, of actors. All may be left out."""

    accounts: Mapping[tuple[str, int], str] = field(default_factory=dict)
    units: Mapping[int, str] = field(default_factory=dict)
    actors: Mapping[int, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ExportedAccount:
    """An account under its name in bookkeeping (`path`) and its name among people, which may be empty."""

    id: int
    kind: str
    owner_id: int
    path: str
    name: str


@dataclass(frozen=True, slots=True)
class Book:
    """How far every desk had come at one moment. Numbers run without gaps and nothing is edited, so what lies up to
    there stays the same however late it is read; what is posted meanwhile is not in it."""

    desks: Mapping[int, AnyRow]
    accounts: Mapping[int, ExportedAccount]
    names: Names

    @property
    def entries(self) -> int:
        """How many there are."""
        return sum(desk.entry_number for desk in self.desks.values())

    @property
    def last_entry_id(self) -> int:
        """The highest id there is."""
        return max((desk.last_entry_id or 0 for desk in self.desks.values()), default=0)


def open_book(showroom_id: int | None, names: Names) -> Book:
    """The book as it stands now, whole or what the desks of one showroom wrote. Refuses a showroom without desks."""
    rollback()
    conn = reading()
    desks = {row.id: row for row in conn.execute(_DESKS) if showroom_id in (None, row.showroom_id)}
    if showroom_id is not None and not desks:
        rollback()
        raise Refusal(f"Tidak ada showroom nomor {showroom_id}.")
    first_debit = select(func.min(Posting.entry_id)).where(Posting.debit_id == Account.id).scalar_subquery()
    first_credit = select(func.min(Posting.entry_id)).where(Posting.credit_id == Account.id).scalar_subquery()
    uses = select(Account.id, Account.kind, Account.owner_id, first_debit.label("debit"), first_credit.label("credit"))
    first_at = select(Entry.id, Desk.showroom_id).join(Desk, Desk.id == Entry.desk_id)
    used = [row for row in conn.execute(uses.order_by(Account.id)) if row.debit or row.credit]
    firsts = [min(found for found in (row.debit, row.credit) if found) for row in used]
    homes: dict[int, int] = {}
    for start in range(0, len(firsts), 500):
        found = conn.execute(first_at.where(Entry.id.in_(firsts[start : start + 500])))
        homes.update({row.id: row.showroom_id for row in found})
    rollback()
    accounts = {
        row.id: ExportedAccount(
            row.id,
            row.kind,
            row.owner_id,
            account_path(row.id, row.kind, row.owner_id, homes[first]),
            names.accounts.get((row.kind, row.owner_id), ""),
        )
        for row, first in zip(used, firsts, strict=True)
    }
    return Book(desks, accounts, names)


def postings(book: Book, say: Say) -> Iterator[AnyRow]:
    """Every posting with its entry, in the order of the book; tells how far it is.

    Page by page, each in a short transaction that has ended before its rows are given out: a long one would keep
    SQLite's WAL from being copied home. An entry may go on over several pages.
    """
    progress = _Progress(book.entries, say)
    numbers = {desk.id: desk.entry_number for desk in book.desks.values()}
    values = {"entry": 0, "line": 0, "last": book.last_entry_id, "most": PAGE_POSTINGS}
    while True:
        page = _PAGE.rows(reading(), **values)
        rollback()
        rows = [row for row in page if row.number <= numbers.get(row.desk_id, 0)]
        progress.count(rows)
        yield from rows
        if len(page) < values["most"]:
            break
        values |= {"entry": page[-1].entry_id, "line": page[-1].line}
    progress.tell()
    say("menyelesaikan berkas …")


class _Progress:
    """Percent of the entries and number of postings, told no oftener than people can read."""

    def __init__(self, entries: int, say: Say) -> None:
        self.say, self.all = say, entries
        self.entries = self.postings = 0
        self.told = time.monotonic()

    def count(self, rows: Iterable[AnyRow]) -> None:
        for row in rows:
            self.postings += 1
            self.entries += row.line == 1
        if time.monotonic() - self.told >= SAY_EVERY_SECONDS:
            self.tell()

    def tell(self) -> None:
        percent = 100 * self.entries // self.all if self.all else 100
        self.say(f"{percent} % · {format_number(self.postings)} baris")
        self.told = time.monotonic()
