"""The book as a table, a line for each posting: CSV, or a workbook with the balances on a sheet of their own."""

import csv
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from xlsxwriter import Workbook
from xlsxwriter.exceptions import FileCreateError

from showroom_app.extensions import AnyRow
from showroom_app.ledger.book import stamp
from showroom_app.ledger.export_book import Book
from showroom_app.ledger.export_sums import Sums
from showroom_app.ledger.models import RUPIAH
from showroom_app.lib.clock import JAKARTA

SHEET_ROWS_MAX = 1_048_576  # Excel's own
CELL_CHARACTERS_MAX = 32_767

Cell = str | int | datetime | None

# Heading, and how many digits wide a workbook shows the column.
JOURNAL = (
    ("entri", 9), ("baris", 6), ("showroom", 10), ("meja", 7), ("nomor", 9), ("waktu UTC", 28), ("waktu WIB", 19),
    ("jenis", 13), ("pelaku", 8), ("nama pelaku", 18), ("unit", 9), ("nama unit", 26),
    ("debit jenis", 14), ("debit pemilik", 13), ("debit akun", 11), ("debit nama", 22),
    ("kredit jenis", 14), ("kredit pemilik", 13), ("kredit akun", 11), ("kredit nama", 22),
    ("jumlah", 14), ("catatan", 26), ("membalik entri", 14), ("permintaan", 36), ("hash", 68),
)  # fmt: skip
ACCOUNTS = (
    ("akun", 8), ("jenis", 16), ("pemilik", 9), ("nama akun", 26), ("nama pembukuan", 44),
    ("unit", 9), ("nama unit", 26), ("saldo (debit − kredit)", 22),
)  # fmt: skip
_SHOWN = {"waktu WIB": "moment", "jumlah": "amount", "saldo (debit − kredit)": "amount"}


def write_csv(book: Book, postings: Iterable[AnyRow], target: Path, _scratch: Path) -> None:
    """Write the table as CSV, with the mark by which Excel knows UTF-8. No cell becomes a formula."""
    with target.open("w", encoding="utf-8-sig", newline="") as file:
        write = csv.writer(file)
        write.writerow([heading for heading, _width in JOURNAL])
        write.writerows(_journal(book, postings, disarmed))


def write_xlsx(
    book: Book, postings: Iterable[AnyRow], target: Path, scratch: Path, rows_max: int = SHEET_ROWS_MAX
) -> None:
    """Write sheets Jurnal (and Jurnal 2 … when a sheet is full) and Akun; what was written lies on the disk, not in
    memory."""
    workbook = Workbook(str(target), {"constant_memory": True, "tmpdir": str(scratch), "use_zip64": True})
    sums = Sums(scratch)
    try:
        Pages(workbook, "Jurnal", JOURNAL, _SHOWN, rows_max).write(_journal(book, sums.counting(postings), plain))
        Pages(workbook, "Akun", ACCOUNTS, _SHOWN, rows_max).write(_balances(book, sums))
        workbook.close()
    except FileCreateError as error:
        raise OSError(*error.args) from error
    finally:
        sums.close()


def disarmed(text: str) -> str:
    """Text that a spreadsheet would take for a formula gets an apostrophe before it, and stays text."""
    return f"'{text}" if re.match(r"\s*[=+\-@＝＋－＠]|[\t\r]", text) else text


def plain(text: str) -> str:
    """Text as a workbook keeps it. XlsxWriter takes <r>…</r> for markup, unless something follows."""
    kept = text[: CELL_CHARACTERS_MAX - 1]
    return f"{kept} " if kept.startswith("<r>") and kept.endswith("</r>") else kept


def _journal(book: Book, postings: Iterable[AnyRow], safe: Callable[[str], str]) -> Iterator[tuple[Cell, ...]]:
    accounts: dict[int, tuple[Cell, ...]] = {
        account.id: (safe(account.kind), account.owner_id, account.id, safe(account.name))
        for account in book.accounts.values()
    }
    entry, head, tail = 0, (), ()  # type: int, tuple[Cell, ...], tuple[Cell, ...]
    for row in postings:
        if row.entry_id != entry:
            entry, desk = row.entry_id, book.desks[row.desk_id]
            head = (
                desk.showroom_id, safe(desk.code), row.number,
                stamp(row.at), row.at.astimezone(JAKARTA).replace(microsecond=0, tzinfo=None),
                safe(row.kind), row.actor_id, safe(book.names.actors.get(row.actor_id, "")),
            )  # fmt: skip
            tail = (safe(row.memo), row.reverses_id, safe(row.request_id), row.hash)
        unit = (row.unit, safe(_unit_name(book, row.unit)))
        yield entry, row.line, *head, *unit, *accounts[row.debit_id], *accounts[row.credit_id], row.amount, *tail


def _balances(book: Book, sums: Sums) -> Iterator[tuple[Cell, ...]]:
    """Money first, settled or not; then the goods that lie somewhere or were counted away."""
    for unit, account_id, balance in sums.balances():
        if unit == RUPIAH or balance:
            account = book.accounts[account_id]
            named = (account.id, plain(account.kind), account.owner_id, plain(account.name), account.path)
            yield *named, unit, plain(_unit_name(book, unit)), balance


def _unit_name(book: Book, unit: int) -> str:
    return "rupiah" if unit == RUPIAH else book.names.units.get(unit, "")


class Pages:
    """A table over as many sheets as it needs, each with its headings. `shown`: a heading -> "moment" or "amount"."""

    def __init__(
        self, workbook: Any, name: str, columns: Sequence[tuple[str, int]], shown: Mapping[str, str],
        rows_max: int = SHEET_ROWS_MAX,
    ) -> None:  # fmt: skip
        self.workbook, self.name, self.columns, self.rows_max = workbook, name, columns, rows_max
        self.heading = workbook.add_format({"bold": True, "bottom": 1})
        formats = {"moment": "dd/mm/yyyy hh:mm:ss", "amount": "#,##0"}
        made = {kind: workbook.add_format({"num_format": text}) for kind, text in formats.items()}
        self.shown = {heading: made[kind] for heading, kind in shown.items()}
        self.pages = 0
        self.sheet = self._new_sheet()

    def write(self, rows: Iterable[tuple[Cell, ...]]) -> None:
        """Write all rows below the headings."""
        line = 1
        for cells in rows:
            if line == self.rows_max:
                self.sheet, line = self._new_sheet(), 1
            self._write_row(line, cells)
            line += 1

    def _write_row(self, line: int, cells: tuple[Cell, ...]) -> None:
        sheet = self.sheet
        for column, cell in enumerate(cells):
            if isinstance(cell, str):
                if cell:
                    sheet.write_string(line, column, cell)
            elif isinstance(cell, int):
                sheet.write_number(line, column, cell)
            elif cell is not None:
                sheet.write_datetime(line, column, cell)

    def _new_sheet(self) -> Any:
        self.pages += 1
        sheet = self.workbook.add_worksheet(self.name if self.pages == 1 else f"{self.name} {self.pages}")
        sheet.freeze_panes(1, 0)
        for column, (heading, width) in enumerate(self.columns):
            sheet.set_column(column, column, width, self.shown.get(heading))
            sheet.write_string(0, column, heading, self.heading)
        return sheet
