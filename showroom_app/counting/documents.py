"""The result of a count as papers: a PDF to be signed, and a workbook with every label."""

import io
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from flask_babel import force_locale
from flask_babel import gettext as _
from xlsxwriter import Workbook

from showroom_app.counting import result, words
from showroom_app.extensions import AnyRow
from showroom_app.ledger.export_tables import plain
from showroom_app.lib import document
from showroom_app.lib.clock import JAKARTA
from showroom_app.lib.money import format_number, format_rupiah
from showroom_app.people.showrooms import showroom_row
from showroom_app.web.filters import moment, short_date

# More would be a book, not a paper to be signed; the workbook has them all.
PRINTED_MAX = 1_000
FIGURES = ("expected", "counted", "missing", "unexpected")

Cell = str | int | datetime | None


def result_pdf(row: AnyRow) -> bytes:
    """The result on A4: figures, what is missing, what is unexpected, who counted, and places for two signatures."""
    with force_locale("id"):  # on paper for the office, whoever prints it
        content = _content(result.heading(row.id))
    return document.render("stocktake", content, made_at=row.closed_at)


def _content(told: AnyRow) -> dict[str, Any]:
    room = showroom_row(told.showroom_id)
    assert room is not None
    hands = result.hands(told.id)
    rows = result.all_rows(told.id, ("missing", "unexpected", "later"))
    parts = {kind: [one for one in rows if one.kind == kind] for kind in ("missing", "unexpected", "later")}
    return {
        "showroom": {"name": room.name, "address": room.address or room.place},
        "scope": words.scope_words(told, told.crafter_name),
        "started": f"{moment(told.started_at)}, {told.started_name}",
        "closed": f"{moment(told.closed_at)}, {told.closed_name}", "note": told.note,
        "figures": {name: format_number(getattr(told, name)) for name in FIGURES},
        "missing": [_missing(one) for one in parts["missing"][:PRINTED_MAX]],
        "unexpected": [_unexpected(one) for one in parts["unexpected"][:PRINTED_MAX]],
        "more": max(0, len(parts["missing"]) - PRINTED_MAX) + max(0, len(parts["unexpected"]) - PRINTED_MAX),
        "later": len(parts["later"]),
        "value": format_rupiah(sum((one.expected - one.counted) * one.price for one in parts["missing"])),
        "hands": [
            {"name": hand.name, "labels": format_number(hand.labels), "pieces": format_number(hand.pieces)}
            for hand in hands
        ],
        "place_date": f"{room.place.split(',')[-1].strip()}, {short_date(told.closed_at)}".lstrip(", "),
        # Who counted most signs for those who counted, another than who closed it where there is one.
        "counter": next((hand.name for hand in hands if hand.name != told.closed_name), hands[0].name if hands else ""),
        "manager": told.closed_name,
    }  # fmt: skip


def _missing(one: AnyRow) -> dict[str, str]:
    return {
        "name": one.name, "about": f"{one.code} · {one.crafter_name}", "expected": format_number(one.expected),
        "counted": format_number(one.counted), "missing": format_number(one.expected - one.counted),
        "price": format_rupiah(one.price), "decided": decided(one),
    }  # fmt: skip


def _unexpected(one: AnyRow) -> dict[str, str]:
    return {
        "name": one.name or one.code, "about": f"{one.code} · {one.crafter_name}" if one.name else "",
        "place": words.place_words()[one.place], "expected": format_number(one.expected),
        "counted": format_number(one.counted), "decided": decided(one),
    }  # fmt: skip


def decided(one: AnyRow) -> str:
    """What a manager decided about a difference, in a line; empty while it is undecided."""
    if one.settled_at is None:
        return ""
    if one.write_off_id is None:
        return _("Dijelaskan: %(reason)s", reason=one.reason)
    number = result.write_off_number(one)
    return _("Dicatat hilang, %(number)s: %(reason)s", number=number, reason=one.reason)


def result_xlsx(row: AnyRow) -> bytes:
    """A workbook: the figures on a sheet, every label on another."""
    with force_locale("id"):
        told = result.heading(row.id)
        file = io.BytesIO()
        workbook = Workbook(file, {"in_memory": True})
        bold = workbook.add_format({"bold": True, "bottom": 1})
        at = workbook.add_format({"num_format": "dd/mm/yyyy hh:mm"})
        _sheet(workbook, _("Ringkasan"), (_("Stok opname"), ""), (26, 40), bold, at, _summary(told))
        headings = (
            _("Kode"), _("Barang"), _("Perajin"), _("Harga"), _("Hasil"), _("Seharusnya"), _("Dihitung"),
            _("Selisih"), _("Datang sesudah mulai"), _("Menurut buku"), _("Dihitung oleh"), _("Dihitung pada"),
            _("Keputusan"), _("Diputuskan oleh"), _("Ganti rugi"),
        )  # fmt: skip
        widths = (11, 34, 24, 12, 12, 11, 10, 9, 20, 22, 18, 17, 40, 18, 12)
        _sheet(workbook, _("Hasil"), headings, widths, bold, at, _lines(result.all_rows(row.id)))
        workbook.close()
    return file.getvalue()


def _summary(told: AnyRow) -> Iterator[Sequence[Cell]]:
    yield _("Yang dihitung"), words.scope_words(told, told.crafter_name)
    yield _("Mulai"), moment(told.started_at)
    yield _("Dimulai oleh"), told.started_name
    yield _("Selesai"), moment(told.closed_at)
    yield _("Ditutup oleh"), told.closed_name
    yield _("Catatan"), told.note
    yield _("Seharusnya"), told.expected
    yield _("Dihitung"), told.counted
    yield _("Kurang"), told.missing
    yield _("Tak terduga"), told.unexpected
    for hand in result.hands(told.id):
        yield _("Dihitung oleh %(name)s", name=hand.name), hand.pieces


def _lines(rows: Sequence[AnyRow]) -> Iterator[Sequence[Cell]]:
    kinds, places = words.kind_words(), words.place_words() | {"shelf": _("di rak")}
    for one in rows:
        yield (
            one.code, one.name, one.crafter_name, one.price, kinds[one.kind], one.expected, one.counted,
            one.counted - one.expected, one.later, places[one.place], one.counter or "",
            one.counted_at, decided(one), one.decider or "", one.compensation or 0,
        )  # fmt: skip


def _sheet(
    workbook: Any, name: str, headings: Sequence[str], widths: Sequence[int], bold: Any, at: Any,
    rows: Iterator[Sequence[Cell]],
) -> None:  # fmt: skip
    sheet = workbook.add_worksheet(name)
    sheet.freeze_panes(1, 0)
    for column, (heading, width) in enumerate(zip(headings, widths, strict=True)):
        sheet.set_column(column, column, width)
        sheet.write_string(0, column, heading, bold)
    for line, cells in enumerate(rows, 1):
        for column, cell in enumerate(cells):
            if isinstance(cell, datetime):
                sheet.write_datetime(line, column, cell.astimezone(JAKARTA).replace(tzinfo=None), at)
            elif isinstance(cell, int):
                sheet.write_number(line, column, cell)
            elif cell:
                sheet.write_string(line, column, plain(cell))
