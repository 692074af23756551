"""What a file would bring, before anything is written: read in full, kept until something changes that it rests on."""

from collections.abc import Callable, Sequence
from dataclasses import asdict
from typing import Any

from flask_babel import get_locale
from flask_babel import gettext as _

from showroom_app.extensions import AnyRow, reading, rollback
from showroom_app.imports import columns, crafters_file, goods_file, kept, table_file
from showroom_app.imports.crafters_file import CraftersFile
from showroom_app.imports.goods_file import GoodsFile
from showroom_app.imports.models import CRAFTERS
from showroom_app.imports.standing import Standing, standing
from showroom_app.imports.table_file import Table, shown
from showroom_app.lib.refusal import Refusal

ROWS_SHOWN = 20
REMARKS_MAX = 50

Say = Callable[[int, int], object]


def table_of(kind: str, content: bytes) -> Table:
    """The table in a file of a kind."""
    known = columns.known_headings(kind)
    need = {column.field for column in columns.columns_of(kind) if column.required}

    def is_heading(texts: Sequence[str]) -> bool:
        meant = [known.get(columns.plain(text)) for text in texts]
        return len(set(filter(None, meant))) >= 2 or (len(need) == 1 and meant[0] in need)

    table = table_file.read(content, is_heading)
    columns.match(kind, table)  # what is missing is told at once
    return table


def understand(kind: str, table: Table, there: Standing, say: Say | None = None) -> CraftersFile | GoodsFile:
    """What a table says, against how things are."""
    headings = columns.match(kind, table)
    if kind == CRAFTERS:
        return crafters_file.understand(table, headings, there, say)
    return goods_file.understand(table, headings, there, say)


def content_of(key: str) -> bytes:
    """A waiting file's bytes. Refuses when they were thrown away meanwhile."""
    content = kept.content(key)
    if content is None:
        raise Refusal(_("Berkas ini sudah dihapus karena lama tidak diterima. Unggah lagi."))
    return content


def preview(row: AnyRow) -> dict[str, Any]:
    """What a waiting file would bring, with the `mark` of what that rests on."""
    return look(row.showroom_id, row.kind, kept.key(row.showroom_id, row.kind, row.sha256))


def look(showroom_id: int, kind: str, key: str, table: Table | None = None) -> dict[str, Any]:
    """The preview of what is kept there, made anew when something changed since; `table` is what it holds, if that was
    just read. Refuses when it was thrown away meanwhile."""
    there = standing(reading(), showroom_id)
    rollback()  # reading a large file takes its time
    mark = f"{there.mark}.{get_locale()}"
    told = kept.preview(key, mark)
    if told is None:
        table = table or table_of(kind, content_of(key))
        told = _told(table, understand(kind, table, there))
        kept.keep_preview(key, mark, told)
    return told | {"mark": there.mark}


def _told(table: Table, file: CraftersFile | GoodsFile) -> dict[str, Any]:
    problems = sorted((asdict(one) for one in file.read.problems), key=lambda one: one["row"])
    wrong = {one["row"] for one in problems} - {0}
    remarks = file.read.remarks
    more = len(remarks) - REMARKS_MAX
    if more > 0:
        remarks = [*remarks[:REMARKS_MAX], _("… dan %(n)s catatan lain.", n=more)]
    told: dict[str, Any] = {
        "rows": file.rows, "wrong": len(wrong), "right": file.rows - len(wrong), "problems": problems,
        "remarks": remarks, "sheet": table.sheet, "headings": table.headings,
        "first": [[number, [shown(cell) for cell in cells]] for number, cells in table.rows[:ROWS_SHOWN]],
    }  # fmt: skip
    if isinstance(file, CraftersFile):
        return told | {"new": len(file.new), "known": file.known}
    totals, notes = file.totals(), file.notes()
    crafters = len({note.crafter_id for note in notes})
    return told | {"notes": len(notes), "crafters": crafters, "totals": totals}
