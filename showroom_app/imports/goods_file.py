"""A file of goods, understood: lines as an attendant would type them, by crafter, and what is wrong with them."""

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import Any

from flask_babel import force_locale
from flask_babel import gettext as _

from showroom_app.extensions import AnyRow
from showroom_app.imports.columns import Headings
from showroom_app.imports.standing import Standing, name_key
from showroom_app.imports.table_file import Table
from showroom_app.imports.understood import RowsRead, word
from showroom_app.imports.workbook_file import Cell
from showroom_app.lib.money import format_number, format_percent
from showroom_app.lib.phone import parse_phone
from showroom_app.lib.refusal import FormRefusal
from showroom_app.lib.typed import Typed
from showroom_app.stock import draft, products
from showroom_app.stock.draft import LABELS_MAX, LINES_MAX, DraftLine
from showroom_app.stock.receiving import Note
from showroom_app.web.pages import LANGUAGES

# What is received in one go is one transaction, and SQLite has one writer.
LABELS_AT_ONCE_MAX = 20_000
GUESSES_MAX = 50  # comparing names letter by letter takes its time
LABELS = {
    "each": ("", "per buah", "buah", "satu satu", "each", "per piece", "piece", "one each"),
    "lot": ("satu label", "satu label untuk semua", "semua", "satu", "lot", "one label", "one label for all", "one"),
}
_KINDS_ALSO = {
    "Meja": ("table", "tables"), "Rak": ("shelf", "rak buku"), "Keranjang": ("baskets",), "Kotak tisu": ("tissue box",),
    "Pot & vas": ("pot", "vas", "pot dan vas", "pots and vases"), "Lainnya": ("lain lain", "others"),
}  # fmt: skip
_DETAILS = (*products.SIZES, "weight_g", *products.LINES, *products.TEXTS)


@dataclass(slots=True)
class GoodsFile:
    """The lines of a file, each with its crafter and agreed end, in the order of the file."""

    read: RowsRead
    lines: list[tuple[int, str, DraftLine]] = field(default_factory=list)
    rows: int = 0
    crafters: dict[str, AnyRow | None] = field(default_factory=dict)
    kinds: dict[tuple[int, str], tuple[int, str]] = field(default_factory=dict)
    guesses: int = 0

    def totals(self) -> dict[str, Any]:
        """Pieces, labels and rupiah if everything sells, as on a note."""
        return draft.totals([line for _crafter, _until, line in self.lines])

    def notes(self) -> list[Note]:
        """The notes it makes: one for each crafter and agreed end, more where one would be too long."""
        by_owner: dict[tuple[int, str], list[Note]] = defaultdict(list)
        labels: dict[tuple[int, str], int] = {}
        for crafter_id, until, line in self.lines:
            key = (crafter_id, until)
            notes = by_owner[key]
            if not notes or len(notes[-1].lines) == LINES_MAX or labels[key] + line.labels > LABELS_MAX:
                notes.append(Note(crafter_id, [], until))
                labels[key] = 0
            notes[-1].lines.append(line)
            labels[key] += line.labels
        return [note for notes in by_owner.values() for note in notes]


def understand(
    table: Table, headings: Headings, there: Standing, say: Callable[[int, int], object] | None = None
) -> GoodsFile:
    """Read every row; `say` hears how far it is."""
    file = GoodsFile(RowsRead(table, headings))
    categories = _categories()
    rows = file.read.rows()
    file.rows = len(rows)
    for done, (number, cells) in enumerate(rows, 1):
        _row(file, there, number, cells, categories)
        if say and done % 500 == 0:
            say(done, len(rows))
    file.read.say_what_is_not_read()
    if not rows:
        file.read.whole(_("Belum ada baris di bawah judul kolom."))
    if (labels := file.totals()["labels"]) > LABELS_AT_ONCE_MAX:
        told = {"n": format_number(labels), "most": format_number(LABELS_AT_ONCE_MAX)}
        file.read.whole(_("Berkas ini perlu %(n)s label, paling banyak %(most)s sekali impor. Bagi berkasnya.", **told))
    return file


def _categories() -> dict[str, tuple[str, ...]]:
    """Each kind of goods with what it is called in each language, one of it or several."""
    words: dict[str, tuple[str, ...]] = dict(_KINDS_ALSO)
    for language in LANGUAGES:
        with force_locale(language):
            for category, called in draft.category_words().items():
                name = called.casefold()
                words[category] = (*words.get(category, ()), name, name.removesuffix("s"))
    return words


def _row(
    file: GoodsFile, there: Standing, number: int, cells: Sequence[Cell], categories: dict[str, tuple[str, ...]]
) -> None:
    read = file.read
    typed = read.typed(number, cells)
    crafter = _crafter(file, there, number, cells, typed["crafter"])
    typed["category"] = word(typed["category"], categories)
    typed["per_piece"] = word(typed["per_piece"], LABELS)
    if typed["per_piece"] not in LABELS:
        read.wrong(number, "per_piece", cells, _("Tulis “per buah” atau “satu label”."))
    _terms(read, number, cells, typed, crafter)
    line = draft.read_line({name: typed.get(name, "") for name in draft.FIELDS})
    until, sentence = draft.read_until(typed["agreed_until"], there.today)
    errors = line.errors | ({"agreed_until": sentence} if sentence else {})
    try:
        values = products.checked(typed)
        line.details = {name: values[name] for name in _DETAILS}
    except FormRefusal as refusal:
        errors = refusal.errors | errors
    read.all_wrong(number, cells, errors)
    if crafter is not None and not errors:
        _one_kind(file, crafter.id, number, cells, line)
        file.lines.append((crafter.id, until, line))


def _terms(read: RowsRead, number: int, cells: Sequence[Cell], typed: Typed, crafter: AnyRow | None) -> None:
    """Commission or harga setor, as the row says, else as is usual with the crafter."""
    if typed["commission_percent"] and typed["net_price"]:
        read.wrong(number, "net_price", cells, _("Isi komisi atau harga setor, salah satu saja."))
    usual = crafter.terms_kind if crafter is not None else "commission"
    kind = "net_price" if typed["net_price"] else "commission" if typed["commission_percent"] else usual
    typed["terms_kind"] = kind
    if kind == "commission" and not typed["commission_percent"]:
        typed["commission_percent"] = format_percent(crafter.commission_bps if crafter is not None else 0)


def _crafter(file: GoodsFile, there: Standing, number: int, cells: Sequence[Cell], called: str) -> AnyRow | None:
    """Whose a row is, by name, phone number or username. Whoever can't be told is a problem."""
    if not called:
        file.read.wrong(number, "crafter", cells, _("Tulis nama perajinnya."))
        return None
    found = there.by_name.get(name_key(called)) or _by_phone(there, called)
    if not found and (row := there.by_username.get(called.lower())):
        found = [row]
    active = [row for row in found or () if row.active]
    if len(active) == 1:
        return active[0]
    if len(active) > 1:
        sentence = _("Ada %(n)s perajin seperti ini. Tulis nomor HP atau nama penggunanya.", n=len(active))
    elif found:
        sentence = _("Perajin ini sedang tidak aktif. Aktifkan dulu di halaman perajin.")
    else:
        sentence = _unknown(file, there, called)
    file.read.wrong(number, "crafter", cells, sentence)
    return None


def _by_phone(there: Standing, called: str) -> list[AnyRow]:
    if sum(letter.isdigit() for letter in called) < 8:
        return []
    try:
        return there.by_phone.get(parse_phone(called), [])
    except ValueError:
        return []


def _unknown(file: GoodsFile, there: Standing, called: str) -> str:
    file.guesses += 1
    names = {name: rows[0].name for name, rows in there.by_name.items()}
    close = get_close_matches(name_key(called), names, 1, 0.75) if file.guesses <= GUESSES_MAX else []
    if close:
        return _("Belum ada perajin bernama ini. Maksudnya %(name)s?", name=names[close[0]])
    return _("Belum ada perajin bernama ini. Tambahkan perajinnya dulu, lalu buka lagi halaman ini.")


def _one_kind(file: GoodsFile, crafter_id: int, number: int, cells: Sequence[Cell], line: DraftLine) -> None:
    """Goods of one crafter and name are one kind."""
    row, category = file.kinds.setdefault((crafter_id, line.name.lower()), (number, line.typed["category"]))
    if category != line.typed["category"]:
        file.read.wrong(number, "category", cells, _("Barang ini di baris %(row)s jenisnya lain.", row=row))
