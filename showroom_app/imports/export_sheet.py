"""A sheet of the workbook that holds everything: its columns, and its rows read in short pages."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import ColumnElement
from xlsxwriter import Workbook

from showroom_app.extensions import AnyRow, AnySelect, reading, rollback
from showroom_app.ledger.export_tables import Pages, plain
from showroom_app.lib.clock import JAKARTA

PAGE = 2_000

Cell = str | int | datetime | None
Shown = Literal["", "moment", "amount"]


@dataclass(frozen=True, slots=True)
class Column:
    """A column's heading, its width in digits, how it is shown; `private` ones only managers get."""

    heading: str
    width: int = 12
    shown: Shown = ""
    private: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """A sheet's name, its columns, and its rows with a cell for each."""

    name: str
    columns: Sequence[Column]
    rows: Iterator[Sequence[Cell]]


def write(workbook: Workbook, table: Table, private: bool) -> None:
    """Write a table on a sheet of its own, without what is private unless asked."""
    kept = [place for place, column in enumerate(table.columns) if private or not column.private]
    columns = [(table.columns[place].heading, table.columns[place].width) for place in kept]
    shown = {column.heading: column.shown for column in table.columns if column.shown}
    pages = Pages(workbook, table.name, columns, shown)
    pages.write(tuple(_cell(row[place]) for place in kept) for row in table.rows)


def _cell(value: Cell) -> Any:
    if isinstance(value, datetime):
        return value.astimezone(JAKARTA).replace(microsecond=0, tzinfo=None)
    if isinstance(value, str):
        return plain(value)
    return int(value) if isinstance(value, bool) else value


def pages_of(query: AnySelect, key: ColumnElement[int], showroom_id: int, *order: Any) -> Iterator[list[AnyRow]]:
    """A showroom's rows (`showroom_id` is a column of them) in order of a key, page by page, each in a transaction of
    its own that has ended before its rows are given out: a long one would keep SQLite's WAL from being copied home.

    Rows of one key stay together. Whose they are is asked afterwards: told of showrooms, SQLite would gather and sort
    all their rows for every page.
    """
    last = 0
    while True:
        page = list(reading().execute(query.where(key > last).order_by(key, *order).limit(PAGE)))
        rollback()
        if full := len(page) == PAGE:
            # The last key may go on over the page's end; it is read again as a whole.
            whole = [row for row in page if row.key != page[-1].key]
            if not whole:
                raise ValueError("more rows of one key than fit a page")
            page = whole
        if page:
            last = page[-1].key
            yield [row for row in page if row.showroom_id == showroom_id]
        if not full:
            return


def rows_of(query: AnySelect, key: ColumnElement[int], showroom_id: int, *order: Any) -> Iterator[AnyRow]:
    """The rows of all pages."""
    for page in pages_of(query, key, showroom_id, *order):
        yield from page
