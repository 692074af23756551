"""A file out of a spreadsheet program as one table: which row has the headings, and what each cell says."""

import codecs
import csv
import hashlib
import io
import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date

from flask_babel import gettext as _

from showroom_app.imports import workbook_file
from showroom_app.imports.workbook_file import COLUMNS_MAX, ROWS_MAX, Cell, Sheet, too_many_columns, too_many_rows
from showroom_app.lib.refusal import Refusal
from showroom_app.lib.typed import tidy_line

BYTES_MAX = 10 * 1024 * 1024
# Above the headings people put a title, a date, an empty line.
HEADING_ROWS = 20
# The sheet that explains the columns in the files that can be downloaded.
EXPLAINING = ("petunjuk", "instructions")
DELIMITERS = (";", ",", "\t")

IsHeading = Callable[[Sequence[str]], bool]


@dataclass(slots=True)
class Table:
    """Rows below the headings that hold anything, each with the number it has in the file. `broken` are cells (row,
    column counted from 0) that hold no value: merged with others, or a formula's error."""

    headings: list[str]
    rows: list[tuple[int, list[Cell]]]
    sheet: str = ""
    other_sheets: list[str] = field(default_factory=list)
    broken: dict[tuple[int, int], str] = field(default_factory=dict)

    @property
    def sha256(self) -> str:
        """A hash of what the cells say: saved again, or in another format, the table is the same."""
        digest = hashlib.sha256(json.dumps(self.headings).encode())
        for _number, cells in self.rows:
            texts = [tidy_line(shown(cell)) for cell in cells]
            while texts and not texts[-1]:
                texts.pop()
            digest.update(json.dumps(texts).encode())
        return digest.hexdigest()


def shown(cell: Cell) -> str:
    """A cell as people would type it: 1250000, 45,5, 31/12/2026."""
    if isinstance(cell, str):
        return cell
    if isinstance(cell, float):
        return f"{cell:.6f}".rstrip("0").rstrip(".").replace(".", ",")
    return cell.strftime("%d/%m/%Y") if isinstance(cell, date) else str(cell)


def read(content: bytes, is_heading: IsHeading) -> Table:
    """The table in a file, by what is in it and not by its name. `is_heading` knows the row of headings.

    Refuses, in a sentence, what is no spreadsheet, what is locked, too large, or has no such headings.
    """
    if len(content) > BYTES_MAX:
        raise Refusal(_("Berkas ini lebih besar dari 10 MB. Bagi menjadi beberapa berkas."), "file")
    if not content.strip(b"\0 \r\n\t"):
        raise Refusal(_("Berkas ini kosong. Pilih berkas lain."), "file")
    found: Table | None = None
    others = []
    for sheet in _sheets(content):
        if found is None and (table := _table(sheet, is_heading)):
            found = table
        elif sheet.name.casefold() not in EXPLAINING and (not sheet.empty or any(map(_says, sheet.rows))):
            others.append(sheet.name)
    if found is None:
        raise Refusal(_("Judul kolomnya belum dikenali. Unduh contoh, lalu pakai judul kolom dari sana."), "file")
    found.other_sheets = others
    return found


def _says(row: tuple[int, list[Cell]]) -> bool:
    return any(shown(cell).strip() for cell in row[1])


def _sheets(content: bytes) -> Iterator[Sheet]:
    if content.startswith(b"PK\x03\x04"):
        return workbook_file.sheets(content)
    if content.startswith(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"):
        raise Refusal(_old_or_locked(content), "file")
    return iter([Sheet("", _numbered(_records(_text(content))))])


def _old_or_locked(content: bytes) -> str:
    if "EncryptedPackage".encode("utf-16-le") in content:
        return _("Berkas ini dikunci dengan kata sandi. Simpan tanpa kata sandi, lalu unggah lagi.")
    return _("Berkas .xls yang lama belum bisa dibaca. Simpan sebagai .xlsx atau .csv, lalu unggah lagi.")


def _text(content: bytes) -> str:
    """A text file's text: UTF-8 or UTF-16 by its mark, else UTF-8, else as Windows in the West writes it."""
    no_table = Refusal(_("Ini bukan berkas XLSX atau CSV. Simpan tabelnya sebagai .xlsx atau .csv dulu."), "file")
    beginnings = (b"%PDF", b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"{\\rtf", b"RIFF", b"\x1f\x8b", b"Rar!", b"7z")
    if content.startswith(beginnings) or content.lstrip()[:9].lower().startswith((b"<html", b"<!doctype", b"<?xml")):
        raise no_table
    marks = {codecs.BOM_UTF8: "utf-8-sig", codecs.BOM_UTF16_LE: "utf-16", codecs.BOM_UTF16_BE: "utf-16"}
    marked = [encoding for mark, encoding in marks.items() if content.startswith(mark)]
    zeros = content[:200].count(0)
    guessed = ["utf-16-le" if content[1:2] == b"\0" else "utf-16-be"] if zeros > len(content[:200]) // 4 else []
    for encoding in marked or guessed or ["utf-8", "cp1252"]:
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text
    raise no_table


def _records(text: str) -> Iterator[list[str]]:
    delimiter, text = _delimiter(text)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    try:
        yield from reader
    except csv.Error as error:
        raise Refusal(_("Berkas CSV ini tidak utuh. Simpan lagi dari program asalnya."), "file") from error


def _delimiter(text: str) -> tuple[str, str]:
    """What parts the columns: as `sep=` in the first line says, else what makes most columns of one of the first."""
    first, _end, rest = text.partition("\n")
    if first.lower().startswith("sep=") and len(first.rstrip("\r")) == 5:
        return first[4], rest
    lines = [line for line in text[:100_000].splitlines() if line.strip()][:HEADING_ROWS]
    most = {one: max((len(next(csv.reader([line], delimiter=one), [])) for line in lines), default=0)
            for one in DELIMITERS}  # fmt: skip
    return max(DELIMITERS, key=lambda one: most[one]), text


def _numbered(records: Iterator[list[str]]) -> Iterator[tuple[int, list[Cell]]]:
    for number, cells in enumerate(records, 1):
        yield number, list(cells)


def _table(sheet: Sheet, is_heading: IsHeading) -> Table | None:
    """The sheet's table, or None where no row has the headings. What was only blank is no row."""
    headings: list[str] = []
    rows: list[tuple[int, list[Cell]]] = []
    for number, cells in sheet.rows:
        if not _says((number, cells)):
            continue
        sheet.empty = False
        if headings:
            rows.append((number, cells))
            if len(rows) > ROWS_MAX:
                raise too_many_rows()
        elif number > HEADING_ROWS:
            return None
        elif is_heading(texts := [tidy_line(shown(cell)) for cell in cells]):
            headings = texts
            while not headings[-1]:
                headings.pop()
            if len(headings) > COLUMNS_MAX:
                raise too_many_columns()
            first = number
    if not headings:
        return None
    broken = {place: why for place, why in sheet.broken.items() if place[0] > first and place[1] < len(headings)}
    return Table(headings, [(n, cells[: len(headings)]) for n, cells in rows], sheet.name, broken=broken)
