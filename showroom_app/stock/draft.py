"""A consignment being taken in: kept exactly as typed, until it is whole enough to be received."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from flask_babel import gettext as _

from showroom_app.lib import money
from showroom_app.lib.money import Split, Terms, format_rupiah, parse_percent, parse_rupiah
from showroom_app.lib.pictures import CATEGORIES
from showroom_app.lib.typed import NAME_MAX, parse_count, tidy_line
from showroom_app.stock.joint import PARTNERS, Partner, read_partners

LINES_MAX = 200
PIECES_LABELLED_MAX = 1_000
# What one note brings is written in one transaction and printed in one go.
LABELS_MAX = 2_000
FIELDS = (
    "name",
    "category",
    "quantity",
    "price",
    "terms_kind",
    "commission_percent",
    "net_price",
    "lowest_price",
    "per_piece",
    "joint",
    *(f"{what}_{n}" for n in PARTNERS for what in ("partner", "part")),
)
TYPED_MAX = 200  # a draft keeps what was typed, but not a novel


def category_words() -> dict[str, str]:
    """The kinds of goods to choose from, each with its name in the reader's language."""
    words = {
        "Kursi": _("Kursi"), "Meja": _("Meja"), "Ayunan": _("Ayunan"), "Rak": _("Rak"),
        "Lampu gantung": _("Lampu gantung"), "Lampu meja": _("Lampu meja"), "Cermin": _("Cermin"),
        "Keranjang": _("Keranjang"), "Nampan": _("Nampan"), "Tudung saji": _("Tudung saji"), "Tas": _("Tas"),
        "Kotak tisu": _("Kotak tisu"), "Pot & vas": _("Pot & vas"), "Gantungan kunci": _("Gantungan kunci"),
    }  # fmt: skip
    return {category: words.get(category, _("Lainnya")) for category in CATEGORIES}


@dataclass(slots=True)
class DraftLine:
    """One line as typed (`typed`), what it means where it can be read, and what has to be put right (`errors`)."""

    typed: dict[str, str]
    name: str = ""
    quantity: int = 0
    price: int = 0
    terms: Terms | None = None
    lowest_price: int | None = None
    errors: dict[str, str] = field(default_factory=dict)
    partners: list[Partner] = field(default_factory=list)
    # Everyone who made it, once their names are looked up: (crafter, share in basis points); none: its crafter alone.
    makers: list[tuple[int, int]] = field(default_factory=list)
    # What is told of the goods besides, by the product's columns (the same ones in all lines of an act); it counts
    # where the product is new.
    details: dict[str, Any] = field(default_factory=dict)

    @property
    def per_piece(self) -> bool:
        """A label for each piece, else one label for the lot."""
        return self.typed.get("per_piece") != "lot"

    @property
    def empty(self) -> bool:
        """Nothing typed that matters: a count alone does, goods may be taken in before they have a name."""
        typed = [self.typed.get(field, "").strip() for field in ("name", "price", "net_price")]
        return not any(typed) and self.typed.get("quantity", "").strip() in ("", "1")

    @property
    def labels(self) -> int:
        """How many labels this line needs."""
        return self.quantity if self.per_piece else min(self.quantity, 1)

    def piece(self) -> Split | None:
        """What one piece brings to whom, once price and terms can be read."""
        if self.terms is None or not self.price or "net_price" in self.errors or "price" in self.errors:
            return None
        return money.split(self.terms, self.price, 1)


def blank_line(terms_kind: str, commission_bps: int) -> dict[str, str]:
    """A new line with the crafter's default terms."""
    percent = money.format_percent(commission_bps).rstrip("%")
    return {"quantity": "1", "terms_kind": terms_kind, "commission_percent": percent, "per_piece": "each"}


def from_form(form: Mapping[str, str]) -> dict[str, Any]:
    """What a draft form holds, as typed: its lines, named lines-0-name …, the agreed end, and which screen it is."""
    lines: dict[int, dict[str, str]] = {}
    for key, value in form.items():
        prefix, _dash, rest = key.partition("-")
        number, _dash, name = rest.partition("-")
        if prefix == "lines" and name in FIELDS and number.isascii() and number.isdigit() and len(number) <= 4:
            lines.setdefault(int(number), {})[name] = tidy_line(value)[:TYPED_MAX]
    chosen = [lines[number] for number in sorted(lines)]
    more = {name: tidy_line(form.get(name, ""))[:TYPED_MAX] for name in ("agreed_until", "editor", "opened")}
    return {"lines": chosen, **more}


def dump(typed: dict[str, Any]) -> str:
    """As kept in the database."""
    return json.dumps(typed, ensure_ascii=False)


def read(typed: dict[str, Any]) -> list[DraftLine]:
    """Understand each line as far as possible; what can't be read carries its sentence."""
    return [read_line(line) for line in typed["lines"]]


def read_line(typed: dict[str, str]) -> DraftLine:
    """Understand one line."""
    line = DraftLine(typed, name=typed.get("name", ""))
    if not line.name:
        line.errors["name"] = _("Tulis nama barangnya.")
    elif len(line.name) > NAME_MAX:
        line.errors["name"] = _("Terlalu panjang, paling banyak %(n)s huruf.", n=NAME_MAX)
    if typed.get("category", "") not in CATEGORIES:
        line.errors["category"] = _("Pilih jenis barang.")
    _read_quantity(line)
    _read_price(line)
    _read_terms(line)
    _read_lowest(line)
    line.partners = read_partners(typed, line.errors) if typed.get("joint") else []
    return line


def _read_quantity(line: DraftLine) -> None:
    try:
        quantity = parse_count(line.typed.get("quantity", ""))
    except ValueError:
        quantity = 0
    if not 1 <= quantity <= money.QUANTITY_MAX:
        line.errors["quantity"] = _("Jumlah antara 1 dan 10.000, tanpa koma.")
    elif line.per_piece and quantity > PIECES_LABELLED_MAX:
        line.errors["quantity"] = _("Lebih dari 1.000 buah: pilih satu label untuk semua.")
    else:
        line.quantity = quantity


def _read_price(line: DraftLine) -> None:
    try:
        line.price = parse_rupiah(line.typed.get("price", ""))
    except ValueError:
        line.errors["price"] = _("Isi harga dalam rupiah, misalnya 275.000.")
        return
    if not 1 <= line.price <= money.PRICE_MAX:
        line.errors["price"] = _("Harga antara Rp1 dan Rp1.000.000.000.")


def _read_terms(line: DraftLine) -> None:
    if line.typed.get("terms_kind") == "net_price":
        try:
            net_price = parse_rupiah(line.typed.get("net_price", ""))
        except ValueError:
            line.errors["net_price"] = _("Isi harga setor dalam rupiah, misalnya 50.000.")
            return
        if not 1 <= net_price <= money.PRICE_MAX:
            line.errors["net_price"] = _("Isi harga setor dalam rupiah, misalnya 50.000.")
            return
        line.terms = Terms("net_price", net_price=net_price)
        if "price" not in line.errors and net_price > line.price:
            line.errors["net_price"] = _(
                "Harga jual harus di atas harga setor %(amount)s.", amount=format_rupiah(net_price)
            )
        return
    try:
        line.terms = Terms("commission", commission_bps=parse_percent(line.typed.get("commission_percent", "")))
    except ValueError:
        line.errors["commission_percent"] = _("Isi persen antara 0 dan 100, misalnya 15.")


def _read_lowest(line: DraftLine) -> None:
    """Down to which price the attendant may go alone; empty: as the showroom's settings say."""
    text = line.typed.get("lowest_price", "")
    if not text:
        return
    try:
        line.lowest_price = parse_rupiah(text)
    except ValueError:
        line.errors["lowest_price"] = _("Isi harga dalam rupiah, misalnya 250.000, atau kosongkan.")
        return
    if "price" not in line.errors and not 1 <= line.lowest_price <= line.price:
        line.errors["lowest_price"] = _("“Boleh kurang sampai” tidak boleh di atas harga jual.")


def read_until(text: str, today: date) -> tuple[str, str]:
    """The agreed end as an ISO date, and a sentence when it can't be right."""
    if not text:
        return "", ""
    try:
        until = date.fromisoformat(text)
    except ValueError:
        return "", _("Tanggal ini belum terbaca. Pilih dari kalender.")
    if until < today:
        return "", _("Tanggal akhir titip sudah lewat. Pilih hari ini atau sesudahnya.")
    return until.isoformat(), ""


def totals(lines: list[DraftLine]) -> dict[str, Any]:
    """If everything sells: pieces, labels, rupiah for whom; `complete` when nothing is missing."""
    sums = {"pieces": 0, "labels": 0, "value": 0, "crafter": 0, "showroom": 0}
    for line in lines:
        sums["pieces"] += line.quantity
        sums["labels"] += line.labels
        if piece := line.piece():
            sums["value"] += piece.net * line.quantity
            sums["crafter"] += piece.crafter * line.quantity
            sums["showroom"] += piece.showroom * line.quantity
    return {**sums, "complete": bool(lines) and not any(line.errors for line in lines)}
