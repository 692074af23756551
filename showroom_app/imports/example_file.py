"""Files to fill in: headings, an example that is skipped when it is left in, and what goes into each column."""

import csv
import io
from typing import Any

from flask_babel import gettext as _
from xlsxwriter import Workbook

from showroom_app.imports.columns import Column, columns_of
from showroom_app.imports.models import CRAFTERS, KINDS
from showroom_app.imports.workbook_file import ROWS_MAX
from showroom_app.lib.money import format_number
from showroom_app.stock.draft import category_words

FORMS = ("xlsx", "csv")
_CHOSEN_DOWN_TO = 1_000  # rows that offer a list to choose from


def names() -> dict[str, tuple[str, str]]:
    """What the files are called -> their kind and form."""
    called = {CRAFTERS: _("contoh-perajin"), "goods": _("contoh-barang")}
    return {f"{called[kind]}.{form}": (kind, form) for kind in KINDS for form in FORMS}


def example(kind: str, form: str) -> bytes:
    """A file of a kind to fill in, as XLSX or CSV."""
    columns = columns_of(kind)
    return _csv(columns) if form == "csv" else _xlsx(kind, columns)


def _csv(columns: list[Column]) -> bytes:
    """With the mark by which Excel knows UTF-8, and semicolons, as Excel in Indonesia expects."""
    file = io.StringIO()
    write = csv.writer(file, delimiter=";")
    write.writerow([column.heading for column in columns])
    write.writerow([column.example for column in columns])
    return file.getvalue().encode("utf-8-sig")


def _xlsx(kind: str, columns: list[Column]) -> bytes:
    file = io.BytesIO()
    workbook = Workbook(file, {"in_memory": True})
    heading = workbook.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"})
    needed = workbook.add_format({"bold": True, "bottom": 1, "bg_color": "#FBE9DE", "valign": "top"})
    example = workbook.add_format({"italic": True, "font_color": "#665746", "num_format": "@"})
    text = workbook.add_format({"num_format": "@"})
    sheet = workbook.add_worksheet(_("Perajin") if kind == CRAFTERS else _("Barang"))
    sheet.freeze_panes(1, 1)
    for place, column in enumerate(columns):
        # Text where Excel would take the 0 from the front of a number, or a day for a fraction.
        sheet.set_column(place, place, 18, text if column.reading in ("digits", "date") else None)
        sheet.write_string(0, place, column.heading, needed if column.required else heading)
        if column.example:
            sheet.write_string(1, place, column.example, example)
        if choices := _choices(column):
            sheet.data_validation(1, place, _CHOSEN_DOWN_TO, place, {"validate": "list", "source": choices,
                                  "error_type": "warning"})  # fmt: skip
    _explain(workbook, columns, heading)
    workbook.close()
    return file.getvalue()


def _choices(column: Column) -> list[str]:
    """What can be chosen in a column, as far as Excel's 255 characters go."""
    if column.field == "category":
        return list(category_words().values())
    if column.field == "per_piece":
        return [_("per buah"), _("satu label")]
    return [_("komisi"), _("harga setor")] if column.field == "terms_kind" else []


def _explain(workbook: Any, columns: list[Column], heading: Any) -> None:
    sheet = workbook.add_worksheet(_("Petunjuk"))
    wrap = workbook.add_format({"text_wrap": True, "valign": "top"})
    sheet.set_column(0, 0, 28, wrap)
    sheet.set_column(1, 1, 12, wrap)
    sheet.set_column(2, 2, 70, wrap)
    for place, words in enumerate((_("Kolom"), _("Wajib"), _("Isi"))):
        sheet.write_string(0, place, words, heading)
    for row, column in enumerate(columns, 1):
        sheet.write_string(row, 0, column.heading)
        sheet.write_string(row, 1, _("ya") if column.required else "")
        sheet.write_string(row, 2, column.help or (_("Misalnya: %(example)s", example=column.example)))
    told = (
        _("Satu baris untuk satu barang atau perajin. Kolom yang tidak wajib boleh kosong atau dihapus."),
        _("Jumlah uang boleh ditulis 1250000, 1.250.000 atau Rp 1.250.000,-."),
        _("Baris contoh dilewati, jadi boleh dibiarkan."),
        _("Paling banyak %(n)s baris dan 10 MB. Belum ada yang disimpan sampai Anda menerimanya.",
          n=format_number(ROWS_MAX)),
    )  # fmt: skip
    for row, sentence in enumerate(told, len(columns) + 2):
        sheet.write_string(row, 0, "•")
        sheet.write_string(row, 2, sentence)
