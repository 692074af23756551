"""An XLSX workbook's sheets, read by calamine once it is sure that they fit: values only, nothing is calculated.

A small file may unpack into gigabytes, and two cells far apart may make a sheet of billions. So everything is unpacked
once, counted and thrown away, and a sheet's cells are looked over before it is read.
"""

import io
import re
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from xml.etree import ElementTree
from xml.parsers import expat

from flask_babel import gettext as _
from python_calamine import CalamineError, CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

from showroom_app.lib.money import format_number
from showroom_app.lib.refusal import Refusal

ROWS_MAX = 20_000
COLUMNS_MAX = 60
UNPACKED_BYTES_MAX = 150 * 1024 * 1024
PARTS_MAX = 2_000
CONTENTS_BYTES_MAX = 2 * 1024 * 1024
SHEETS_MAX = 20
# How far down and across a sheet may reach at all, empty rows between and notes beside the table counted in.
_LAST_ROW_MAX, _LAST_COLUMN_MAX = ROWS_MAX + 5_000, 200
_CHUNK = 1 << 16
_PLACE = re.compile(r"([A-Z]{1,3})([0-9]{1,7})")

Cell = str | int | float | date


@dataclass(slots=True)
class Sheet:
    """A sheet's rows with their numbers; `broken` are cells (row, column from 0) without a value of their own."""

    name: str
    rows: Iterator[tuple[int, list[Cell]]]
    broken: dict[tuple[int, int], str] = field(default_factory=dict)
    empty: bool = True


def sheets(content: bytes) -> Iterator[Sheet]:
    """The sheets that can be seen. Refuses what is no workbook, is damaged, or reaches too far."""
    unreadable = Refusal(_("Berkas ini rusak atau tidak lengkap. Simpan lagi dari program asalnya."), "file")
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            parts = _looked_over(packed, content)
            paths = _paths(packed, parts)
            with CalamineWorkbook.from_filelike(io.BytesIO(content)) as book:
                seen = [
                    (number, sheet.name)
                    for number, sheet in enumerate(book.sheets_metadata)
                    if sheet.visible == SheetVisibleEnum.Visible and sheet.typ == SheetTypeEnum.WorkSheet
                ]
                for number, name in seen[:SHEETS_MAX]:
                    yield _sheet(book, number, name, packed, paths[name])
    except (zipfile.BadZipFile, zlib.error, expat.ExpatError, ElementTree.ParseError) as error:
        raise unreadable from error
    except (CalamineError, KeyError, ValueError, EOFError, NotImplementedError, RuntimeError) as error:
        raise unreadable from error


def _looked_over(packed: zipfile.ZipFile, content: bytes) -> dict[str, zipfile.ZipInfo]:
    """Unpack every part as far as it may go, whatever size it claims to have."""
    parts = {part.filename: part for part in packed.infolist()}
    if "mimetype" in parts and "content.xml" in parts:
        raise Refusal(_("Berkas .ods belum bisa dibaca. Simpan sebagai .xlsx atau .csv, lalu unggah lagi."), "file")
    if "xl/workbook.bin" in parts:
        raise Refusal(_("Berkas .xlsb belum bisa dibaca. Simpan sebagai .xlsx atau .csv, lalu unggah lagi."), "file")
    if "xl/workbook.xml" not in parts:
        raise Refusal(_("Ini bukan berkas XLSX atau CSV. Simpan tabelnya sebagai .xlsx atau .csv dulu."), "file")
    left = UNPACKED_BYTES_MAX
    if len(packed.infolist()) > PARTS_MAX or sum(part.file_size for part in packed.infolist()) > left:
        raise _too_large()
    for part in packed.infolist():
        for chunk in _unpacked(part, content):
            left -= len(chunk)
            if left < 0:
                raise _too_large()
    return parts


def _too_large() -> Refusal:
    return Refusal(_("Isi berkas ini terlalu besar setelah dibuka. Simpan hanya tabelnya di berkas baru."), "file")


def too_many_rows() -> Refusal:
    """More rows than one import takes."""
    return Refusal(_("Paling banyak %(n)s baris sekali impor. Bagi berkasnya.", n=format_number(ROWS_MAX)), "file")


def too_many_columns() -> Refusal:
    """More columns than anybody means."""
    return Refusal(_("Paling banyak %(n)s kolom. Hapus kolom yang tidak dipakai.", n=COLUMNS_MAX), "file")


def _unpacked(part: zipfile.ZipInfo, content: bytes) -> Iterator[bytes]:
    """A part's bytes as they really are: what it says of its own size need not be true."""
    head = content[part.header_offset : part.header_offset + 30]
    if len(head) < 30 or part.flag_bits & 1:
        raise zipfile.BadZipFile("no such part")
    start = part.header_offset + 30 + int.from_bytes(head[26:28], "little") + int.from_bytes(head[28:30], "little")
    raw = memoryview(content)[start : start + part.compress_size]
    if part.compress_type == zipfile.ZIP_STORED:
        yield bytes(raw)
        return
    if part.compress_type != zipfile.ZIP_DEFLATED:
        raise zipfile.BadZipFile("packed in another way")
    inflate = zlib.decompressobj(-zlib.MAX_WBITS)
    for place in range(0, len(raw), _CHUNK):
        packed: bytes | memoryview = raw[place : place + _CHUNK]
        while packed and not inflate.eof:
            yield inflate.decompress(packed, _CHUNK * 16)
            packed = inflate.unconsumed_tail


def _paths(packed: zipfile.ZipFile, parts: dict[str, zipfile.ZipInfo]) -> dict[str, zipfile.ZipInfo]:
    """Sheet's name -> the part that holds it."""
    names = ("xl/workbook.xml", "xl/_rels/workbook.xml.rels")
    if sum(parts[name].file_size for name in names) > CONTENTS_BYTES_MAX:
        raise _too_large()
    book, told = (ElementTree.fromstring(packed.read(name)) for name in names)  # noqa: S314 - expat allows no blow-up
    targets = {one.get("Id", ""): one.get("Target", "") for one in told}
    found = {}
    for sheet in book.iter():
        if sheet.tag.endswith("}sheet"):
            link = next((value for key, value in sheet.attrib.items() if key.endswith("}id")), "")
            target = targets.get(link, "")
            path = target.lstrip("/") if target.startswith("/") else f"xl/{target}"
            if path in parts:
                found[sheet.get("name", "")] = parts[path]
    return found


class _Reach:
    """How far a sheet's values reach, and where a formula gave an error."""

    def __init__(self) -> None:
        self.row = self.column = self.cells = 0
        self.place = (0, 0)
        self.errors: list[tuple[int, int]] = []

    def begin(self, name: str, attributes: dict[str, str]) -> None:
        """An element begins: a cell, or its value."""
        kind = name.rpartition(":")[2]
        if kind == "row":
            number = attributes.get("r", "")
            self.row = int(number) if number.isdecimal() and len(number) < 9 else self.row + 1
            self.column = 0
        elif kind == "c":
            found = _PLACE.fullmatch(attributes.get("r", ""))
            row, column = (int(found[2]), _number(found[1])) if found else (self.row, self.column + 1)
            self.row, self.column, self.place = row, column, (row, column - 1)
            if attributes.get("t") == "e":
                self.errors.append(self.place)
        elif kind in ("v", "is", "f"):
            self.cells += 1
            if self.place[0] > _LAST_ROW_MAX:
                raise too_many_rows()
            if self.place[1] >= _LAST_COLUMN_MAX:
                raise too_many_columns()


def _number(letters: str) -> int:
    """A column's number: A is 1, AA is 27."""
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number


def _sheet(book: CalamineWorkbook, number: int, name: str, packed: zipfile.ZipFile, part: zipfile.ZipInfo) -> Sheet:
    reach, parser = _Reach(), expat.ParserCreate()
    parser.StartElementHandler = reach.begin
    with packed.open(part) as file:
        while chunk := file.read(_CHUNK):
            parser.Parse(chunk, False)
    parser.Parse(b"", True)
    sheet = book.get_sheet_by_index(number)
    broken = dict.fromkeys(reach.errors, _("Rumus di sel ini salah. Tulis nilainya."))
    for (row, column), _end in sheet.merged_cell_ranges or []:
        broken[row + 1, column] = _("Sel ini digabung dengan yang lain. Pisahkan, lalu isi tiap baris.")
    left = sheet.start[1] if sheet.start else 0
    return Sheet(name, _placed(sheet.iter_rows() if sheet.start else iter([]), left), broken)


def _placed(rows: Iterator[list[Any]], left: int) -> Iterator[tuple[int, list[Cell]]]:
    for number, cells in enumerate(rows, 1):
        yield number, [""] * left + [_cell(value) for value in cells]


def _cell(value: object) -> Cell:
    if isinstance(value, bool):
        return "1" if value else "0"
    if isinstance(value, float):
        return int(value) if value.is_integer() and abs(value) < 1e15 else value
    if isinstance(value, datetime):
        return value.date()
    return value if isinstance(value, str | int | date) else str(value)
