"""A file of crafters, understood: who is new, who is there already and left as they are, and what is wrong."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from flask_babel import gettext as _

from showroom_app.imports.columns import Headings
from showroom_app.imports.standing import Standing, name_key
from showroom_app.imports.table_file import Table
from showroom_app.imports.understood import RowsRead, word
from showroom_app.imports.workbook_file import Cell
from showroom_app.lib.money import format_percent
from showroom_app.lib.refusal import FormRefusal
from showroom_app.lib.typed import Typed
from showroom_app.people import crafters

TERMS = {
    "commission": ("komisi", "commission", "persen", "percent"),
    "net_price": ("harga setor", "setor", "net price", "agreed price", "crafter price"),
}


@dataclass(slots=True)
class CraftersFile:
    """The new crafters' values in the order of the file, and how many rows were there already."""

    read: RowsRead
    new: list[dict[str, Any]] = field(default_factory=list)
    rows: int = 0
    known: int = 0


def understand(
    table: Table, headings: Headings, there: Standing, say: Callable[[int, int], object] | None = None
) -> CraftersFile:
    """Read every row; `say` hears how far it is. Nobody is changed: a row that says something else of a crafter who is
    there already is a problem."""
    file = CraftersFile(RowsRead(table, headings))
    rows = file.read.rows()
    file.rows = len(rows)
    earlier: dict[tuple[str, str], int] = {}
    for done, (number, cells) in enumerate(rows, 1):
        _row(file, there, number, cells, earlier)
        if say and done % 500 == 0:
            say(done, len(rows))
    file.read.say_what_is_not_read()
    if not rows:
        file.read.whole(_("Belum ada baris di bawah judul kolom."))
    return file


def _row(
    file: CraftersFile, there: Standing, number: int, cells: Sequence[Cell], earlier: dict[tuple[str, str], int]
) -> None:
    read = file.read
    typed = read.typed(number, cells)
    given = {name for name, text in typed.items() if text}
    typed["terms_kind"] = word(typed["terms_kind"], TERMS) or "commission"
    if not typed["commission_percent"] and typed["terms_kind"] == "commission":
        typed["commission_percent"] = format_percent(there.commission_bps)
    try:
        values = crafters.checked(typed)
    except FormRefusal as refusal:
        read.all_wrong(number, cells, refusal.errors)
        return
    key = (name_key(values["name"]), values["phone"])
    if key in earlier:
        read.wrong(number, "name", cells, _("Sama dengan baris %(row)s.", row=earlier[key]))
        return
    earlier[key] = number
    if not _is_there(file, there, number, cells, values, given):
        file.new.append(values)
        _remark_on_likeness(read, there, number, typed, values)


def _is_there(
    file: CraftersFile, there: Standing, number: int, cells: Sequence[Cell], values: dict[str, Any], given: set[str]
) -> bool:
    """Whether the crafter is known by name and phone; what the row says otherwise of them is a problem."""
    row = next((one for one in there.by_name.get(name_key(values["name"]), ()) if one.phone == values["phone"]), None)
    if row is None:
        return False
    columns = {"commission_percent": "commission_bps"}
    other = [
        name for name in given - {"name", "phone", "remark"}
        if values[columns.get(name, name)] != getattr(row, columns.get(name, name))
    ]  # fmt: skip
    for name in other:
        read_sentence = _("Perajin ini sudah ada, dengan isian lain. Ubah di halaman perajin, atau kosongkan sel ini.")
        file.read.wrong(number, name, cells, read_sentence)
    file.known += not other
    return True


def _remark_on_likeness(read: RowsRead, there: Standing, number: int, typed: Typed, values: dict[str, Any]) -> None:
    """Say when somebody with the same name or phone is there: it may be the same person, or not."""
    if there.by_name.get(name_key(values["name"])):
        read.remarks.append(
            _(
                "Baris %(row)s: sudah ada perajin bernama %(name)s dengan nomor HP lain.",
                row=number,
                name=values["name"],
            )
        )
    elif values["phone"] and (same := there.by_phone.get(values["phone"])):
        read.remarks.append(
            _(
                "Baris %(row)s: nomor %(phone)s juga milik %(name)s.",
                row=number,
                phone=typed["phone"],
                name=same[0].name,
            )
        )
