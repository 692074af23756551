"""Sums of what an export writes, by unit, account and month: in a scratch file, so that their number is no matter."""

from collections.abc import Iterable, Iterator
from datetime import date
from itertools import groupby
from operator import attrgetter
from pathlib import Path

from showroom_app.extensions import SQLITE, AnyRow
from showroom_app.lib.clock import jakarta_date

KEYS_MAX = 50_000

_TABLE = (
    "CREATE TABLE moved (unit INTEGER, account INTEGER, month INTEGER, change INTEGER NOT NULL, first INTEGER NOT NULL,"
    " PRIMARY KEY (unit, account, month)) WITHOUT ROWID"
)
_ADD = (
    "INSERT INTO moved VALUES (?, ?, ?, ?, ?) ON CONFLICT DO UPDATE"
    " SET change = change + excluded.change, first = min(first, excluded.first)"
)


class Sums:
    """Counts along while the postings pass by. Days and months are Jakarta's; a balance is debits minus credits."""

    def __init__(self, folder: Path) -> None:
        self._file = SQLITE.connect(str(folder / "sums"), isolation_level=None)
        for statement in ("PRAGMA journal_mode=OFF", "PRAGMA synchronous=OFF", _TABLE, "BEGIN"):
            self._file.execute(statement)
        self._pending: dict[tuple[int, int, int], list[int]] = {}  # change, first day
        self.last_day: date | None = None

    def counting(self, postings: Iterable[AnyRow]) -> Iterator[AnyRow]:
        """The same postings, counted."""
        for _entry, rows in groupby(postings, attrgetter("entry_id")):
            first = next(rows)
            day = jakarta_date(first.at)
            self.last_day = max(day, self.last_day or day)
            month, number = month_number(day), day.toordinal()
            for row in (first, *rows):
                self._add((row.unit, row.debit_id, month), row.amount, number)
                self._add((row.unit, row.credit_id, month), -row.amount, number)
                yield row
            if len(self._pending) > KEYS_MAX:
                self._flush()
        self._flush()

    def units(self) -> Iterator[tuple[int, date]]:
        """Each unit and the day of its first use."""
        for unit, first in self._file.execute("SELECT unit, min(first) FROM moved GROUP BY unit ORDER BY unit"):
            yield unit, date.fromordinal(first)

    def accounts(self) -> Iterator[tuple[int, date]]:
        """Each account and the day of its first use."""
        query = "SELECT account, min(first) FROM moved GROUP BY account ORDER BY account"
        for account, first in self._file.execute(query):
            yield account, date.fromordinal(first)

    def months(self) -> Iterator[tuple[int, int, int, int]]:
        """(unit, account, month, change) in this order, for the months in which something moved."""
        yield from self._file.execute("SELECT unit, account, month, change FROM moved ORDER BY unit, account, month")

    def balances(self) -> Iterator[tuple[int, int, int]]:
        """(unit, account, balance) at the end, by unit and account."""
        yield from self._file.execute(
            "SELECT unit, account, sum(change) FROM moved GROUP BY unit, account ORDER BY unit, account"
        )

    def close(self) -> None:
        """Let go of the scratch file."""
        self._file.close()

    def _add(self, key: tuple[int, int, int], change: int, day: int) -> None:
        known = self._pending.get(key)
        if known is None:
            self._pending[key] = [change, day]
        else:
            known[0] += change
            known[1] = min(known[1], day)

    def _flush(self) -> None:
        self._file.executemany(_ADD, ((*key, *values) for key, values in sorted(self._pending.items())))
        self._pending.clear()


def month_number(day: date) -> int:
    """Months counted through, so that the next one is one more."""
    return day.year * 12 + day.month - 1


def month_day(month: int) -> date:
    """The first day of a month so counted."""
    return date(month // 12, month % 12 + 1, 1)
