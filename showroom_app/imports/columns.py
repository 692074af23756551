"""The columns that an import knows: their headings in both languages, and how their cells are to be read."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from flask_babel import force_locale, get_locale
from flask_babel import gettext as _

from showroom_app.imports.models import CRAFTERS
from showroom_app.imports.table_file import Table, shown
from showroom_app.imports.workbook_file import Cell
from showroom_app.lib.refusal import Refusal
from showroom_app.lib.typed import tidy_line, tidy_text
from showroom_app.stock.draft import category_words
from showroom_app.web.pages import LANGUAGES

Reading = Literal["line", "text", "number", "percent", "date", "digits", "nothing"]

CELL_MAX = 2_000  # longer than any field may be, so that it is refused as too long
_EXAMPLE = re.compile(r"\s*(contoh|example)\s*:", re.I)
_DAY = re.compile(r"(\d{1,2})[ ./-]+(\d{1,2}|[a-z]{3,9})[ ./-]+(\d{4})", re.A | re.I)
_MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]
_MONTHS_ALSO = {"mei": 5, "agu": 8, "agt": 8, "ags": 8, "okt": 10, "nop": 11, "des": 12}


@dataclass(frozen=True, slots=True)
class Column:
    """One column: the field it fills, its heading, other headings that mean it, what goes in, and an example."""

    field: str
    heading: str
    aliases: tuple[str, ...] = ()
    reading: Reading = "line"
    required: bool = False
    help: str = ""
    example: str = ""


def columns_of(kind: str) -> list[Column]:
    """The columns of a kind of file, in the reader's language."""
    return _crafter_columns() if kind == CRAFTERS else _goods_columns()


def _crafter_columns() -> list[Column]:
    """What a crafter's form asks, except for the sign-in: no PIN belongs into a spreadsheet."""
    return [
        Column("name", _("Nama perajin"), ("nama", "perajin", "name", "crafter", "crafter name", "nama lengkap"),
               required=True, help=_("Nama lengkap."), example=_("Contoh: Tutik Handayani")),
        Column("workshop", _("Bengkel"), ("workshop", "nama bengkel", "usaha"), example="Anyaman Tutik"),
        Column("phone", _("Nomor HP"), ("hp", "no hp", "telepon", "no telepon", "nomor telepon", "wa", "whatsapp",
               "no wa", "nomor wa", "phone", "phone number", "mobile", "mobile number"), "digits",
               help=_("Untuk WhatsApp dan masuk."), example="0812 3456 7890"),
        Column("address", _("Alamat"), ("address",), example="Balearjosari RW 02"),
        Column("terms_kind", _("Kesepakatan"), ("terms", "agreement"),
               help=_("komisi atau harga setor. Kosong: komisi."), example=_("komisi")),
        Column("commission_percent", _("Komisi"), ("commission", "komisi persen", "persen"), "percent",
               help=_("Persen untuk galeri. Kosong: komisi biasa galeri."), example="15%"),
        Column("bank_name", _("Bank"), ("nama bank", "bank name"), example="BRI"),
        Column("bank_account", _("Nomor rekening"), ("rekening", "no rekening", "account number", "bank account"),
               "digits", help=_("Tulis sebagai teks, supaya angka 0 di depan tidak hilang."), example="0012 3456 789"),
        Column("bank_holder", _("Atas nama"), ("pemilik rekening", "account holder", "holder"),
               example="Tutik Handayani"),
        Column("advance_rupiah_max", _("Batas kasbon"), ("advance limit", "limit for advances", "kasbon"), "number",
               help=_("Dalam rupiah. Kosong: seperti aturan galeri."), example="500.000"),
        _remark(),
    ]  # fmt: skip


def _goods_columns() -> list[Column]:
    kinds, each = ", ".join(category_words().values()), _("per buah")
    return [
        Column("crafter", _("Nama perajin"), ("perajin", "crafters", "crafter", "crafter name", "maker", "penitip"),
               required=True, help=_("Nama, nomor HP atau nama pengguna perajin yang sudah terdaftar."),
               example=_("Contoh: Tutik Handayani")),
        Column("name", _("Nama barang"), ("nama", "barang", "name", "item", "item name", "product", "product name"),
               required=True, example="Lampu gantung Kendil"),
        Column("category", _("Jenis barang"), ("jenis", "kategori", "category", "kind", "type"),
               required=True, help=kinds, example=category_words()["Lampu gantung"]),
        Column("quantity", _("Jumlah buah"), ("qty", "quantity", "banyak", "jumlah", "pieces"), "number",
               required=True, help=_("Berapa buah, angka bulat."), example="4"),
        Column("price", _("Harga"), ("harga jual", "price", "selling price"), "number",
               required=True, help=_("Harga jual satu buah, dalam rupiah."), example="275.000"),
        Column("commission_percent", _("Komisi"), ("commission", "komisi persen", "persen"), "percent",
               help=_("Persen untuk galeri. Kosong, dan harga setor juga: kesepakatan biasa perajin."), example="15%"),
        Column("net_price", _("Harga setor"), ("setor", "net price", "crafter price", "agreed price"), "number",
               help=_("Untuk perajin per buah, sebagai ganti komisi."), example=""),
        Column("lowest_price", _("Boleh kurang sampai"), ("harga terendah", "lowest price", "minimum price",
               "harga minimal", "may go down to"), "number", help=_("Kosong: seperti aturan galeri."),
               example="250.000"),
        Column("per_piece", _("Label"), ("label per", "labels"),
               help=_("per buah, atau satu label untuk semua. Kosong: per buah."), example=each),
        Column("agreed_until", _("Dititip sampai"), ("titip sampai", "sampai", "agreed until", "until",
               "consigned until"), "date", help=_("Tanggal, misalnya 31/12/2027. Kosong: tanpa batas."), example=""),
        *_detail_columns(),
        _remark(),
    ]  # fmt: skip


def _detail_columns() -> list[Column]:
    """What is told of goods besides: kept where they are new."""
    return [
        Column("material", _("Bahan"), ("material",), example=_("Rotan")),
        Column("width_mm", _("Lebar cm"), ("lebar", "width", "width cm"), "number", example="35"),
        Column("depth_mm", _("Dalam cm"), ("dalam", "panjang", "panjang cm", "depth", "depth cm", "length"), "number",
               example="35"),
        Column("height_mm", _("Tinggi cm"), ("tinggi", "height", "height cm"), "number", example="28,5"),
        Column("weight_g", _("Berat kg"), ("berat", "weight", "weight kg"), "number", example="1,2"),
        Column("story", _("Cerita"), ("story", "keterangan", "deskripsi", "description"), "text",
               example=_("Dianyam tangan dari rotan pilihan.")),
        Column("care", _("Perawatan"), ("care", "cara merawat"), example=_("Lap dengan kain kering")),
        Column("name_en", _("Nama dalam bahasa Inggris"), ("nama inggris", "english name", "name in english"),
               example="Kendil pendant lamp"),
    ]  # fmt: skip


def _remark() -> Column:
    return Column("remark", _("Catatan Anda"), ("catatan", "remark", "remarks", "note", "notes"), "nothing",
                  help=_("Untuk Anda sendiri, tidak disimpan."))  # fmt: skip


def plain(heading: str) -> str:
    """A heading without what doesn't matter in it: case, brackets and what stands in them, stars, dots."""
    bare = re.sub(r"\([^)]*\)|\[[^]]*\]", " ", heading.casefold())
    return " ".join(re.sub(r"[^\w]+", " ", bare).split())


@dataclass(frozen=True, slots=True)
class Headings:
    """Which place each field has in a table, and the headings that mean nothing here."""

    columns: dict[str, Column]
    places: dict[str, int]
    unknown: list[str]

    def heading(self, field: str, table: Table) -> str:
        """A field's heading as the file has it, else as it would be called."""
        return table.headings[self.places[field]] if field in self.places else self.columns[field].heading

    def cell(self, field: str, cells: Sequence[Cell]) -> Cell:
        """A field's cell in a row; empty where the row or the file has none."""
        place = self.places.get(field)
        return cells[place] if place is not None and place < len(cells) else ""


def known_headings(kind: str) -> dict[str, str]:
    """Every heading that means something, in either language -> its field."""
    known: dict[str, str] = {}
    for language in (*LANGUAGES, str(get_locale() or LANGUAGES[0])):
        with force_locale(language):
            for column in columns_of(kind):
                for heading in (column.heading, *column.aliases):
                    known.setdefault(plain(heading), column.field)
    return known


def match(kind: str, table: Table) -> Headings:
    """Find the columns of a table. Refuses one that is missing, and two that mean the same."""
    known, columns = known_headings(kind), {column.field: column for column in columns_of(kind)}
    places: dict[str, int] = {}
    unknown = []
    for place, heading in enumerate(table.headings):
        field = known.get(plain(heading))
        if field is None:
            unknown += [heading] if heading else []
        elif field in places:
            raise Refusal(_("Kolom “%(name)s” ada dua kali. Sisakan satu.", name=columns[field].heading), "file")
        else:
            places[field] = place
    missing = [column.heading for column in columns.values() if column.required and column.field not in places]
    if missing:
        raise Refusal(_("Kolom ini belum ada: %(names)s.", names=", ".join(missing)), "file")
    return Headings(columns, places, unknown)


def is_example(cells: Sequence[Cell]) -> bool:
    """Whether a row is the example that the downloaded file came with."""
    return any(isinstance(cell, str) and _EXAMPLE.match(cell) for cell in cells[:3])


def read_cell(column: Column, cell: Cell) -> str:
    """A cell as its field would be typed into a form. ValueError with a sentence where it may mean two things."""
    if isinstance(cell, str):
        text = cell[:CELL_MAX]
        if re.match(r"'[=+\-@\d]", text):  # how spreadsheets mark what is to stay text
            text = text[1:]
        if column.reading == "date":
            return _day(tidy_line(text))
        return tidy_text(text) if column.reading == "text" else tidy_line(text)
    if column.reading == "percent" and not isinstance(cell, date):
        if cell == 1:
            raise ValueError(_("Ini bisa berarti 1% atau 100%. Tulis sebagai teks, misalnya 15%."))
        return shown(round(cell * 100, 4) if 0 < cell < 1 else cell)
    if column.reading == "digits" and isinstance(cell, float):
        raise ValueError(_("Angka sepanjang ini berubah di Excel. Tulis sebagai teks."))
    return cell.isoformat() if isinstance(cell, date) and column.reading == "date" else shown(cell)


def _day(text: str) -> str:
    """A day as people write it, the day first, as an ISO date; ISO itself too."""
    if not text:
        return ""
    unread = ValueError(_("Tulis tanggalnya seperti 31/12/2027."))
    found = _DAY.fullmatch(text)
    try:
        if not found:
            return date.fromisoformat(text).isoformat()
        name = found[2].lower()[:3]
        month = int(name) if name.isdigit() else _MONTHS_ALSO.get(name) or _MONTHS.index(name) + 1
        return date(int(found[3]), month, int(found[1])).isoformat()
    except ValueError:
        raise unread from None
