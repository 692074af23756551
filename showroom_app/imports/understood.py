"""What a file was understood to say: problems by row and cell, and the reading of one row that finds them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from flask_babel import gettext as _
from flask_babel import ngettext

from showroom_app.imports.columns import Headings, is_example, read_cell
from showroom_app.imports.table_file import Table, shown
from showroom_app.imports.workbook_file import Cell
from showroom_app.lib.typed import Typed, tidy_line

SHOWN_MAX = 80  # of a cell's text beside its problem


@dataclass(frozen=True, slots=True)
class Problem:
    """Why a file can't be accepted: the cell, what stands there, and what to do. Row 0 is the file as a whole."""

    row: int
    column: str
    cell: str
    text: str
    sentence: str


@dataclass(slots=True)
class RowsRead:
    """A table being understood: what is wrong so far, and what is worth saying though nothing is wrong with it."""

    table: Table
    headings: Headings
    problems: list[Problem] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)
    _told: set[tuple[int, str]] = field(default_factory=set)

    def rows(self) -> list[tuple[int, list[Cell]]]:
        """The table's rows without the example that the file came with."""
        rows = [(number, cells) for number, cells in self.table.rows if not is_example(cells)]
        if skipped := len(self.table.rows) - len(rows):
            self.remarks.append(ngettext("%(num)s baris contoh dilewati.", "%(num)s baris contoh dilewati.", skipped))
        return rows

    def typed(self, number: int, cells: Sequence[Cell]) -> Typed:
        """A row's cells as they would be typed into a form, by field; what can't be read is empty and told."""
        typed = Typed()
        for name, column in self.headings.columns.items():
            place = self.headings.places.get(name)
            typed[name] = ""
            if place is None or column.reading == "nothing":
                continue
            if why := self.table.broken.get((number, place)):
                self.wrong(number, name, cells, why)
                continue
            try:
                typed[name] = read_cell(column, self.headings.cell(name, cells))
            except ValueError as error:
                self.wrong(number, name, cells, str(error))
        return typed

    def wrong(self, number: int, name: str, cells: Sequence[Cell], sentence: str) -> None:
        """Note a problem with a field of a row; the first one of a field is enough."""
        if (number, name) in self._told:
            return
        self._told.add((number, name))
        place = self.headings.places.get(name)
        text = tidy_line(shown(self.headings.cell(name, cells)))
        text = f"{text[: SHOWN_MAX - 1]}…" if len(text) > SHOWN_MAX else text
        where = f"{letters(place)}{number}" if place is not None else ""
        self.problems.append(Problem(number, self.headings.heading(name, self.table), where, text, sentence))

    def all_wrong(self, number: int, cells: Sequence[Cell], errors: Mapping[str, str]) -> None:
        """Note what is wrong with a row, by field."""
        for name, sentence in errors.items():
            self.wrong(number, name, cells, sentence)

    def whole(self, sentence: str) -> None:
        """Note what is wrong with the file as a whole."""
        self.problems.append(Problem(0, "", "", "", sentence))

    def say_what_is_not_read(self) -> None:
        """Remark on columns and sheets that mean nothing here."""
        if self.headings.unknown:
            names = ", ".join(self.headings.unknown)
            self.remarks.append(_("Kolom yang tidak dikenal dan tidak dibaca: %(names)s.", names=names))
        if self.table.other_sheets:
            names = ", ".join(self.table.other_sheets)
            self.remarks.append(_("Lembar yang tidak dibaca: %(names)s.", names=names))


def letters(place: int) -> str:
    """A column's letters: 0 is A, 26 is AA."""
    text = ""
    place += 1
    while place:
        place, rest = divmod(place - 1, 26)
        text = chr(65 + rest) + text
    return text


def word(text: str, meanings: Mapping[str, Sequence[str]]) -> str:
    """What a word means among those known; what means nothing stays as it is."""
    bare = " ".join(text.casefold().replace("-", " ").split())
    return next((meaning for meaning, words in meanings.items() if bare in words), text)
