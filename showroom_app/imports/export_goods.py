"""The workbook's sheets of people and goods."""

from collections import defaultdict
from collections.abc import Iterator, Sequence

from flask_babel import gettext as _
from sqlalchemy import select

from showroom_app.extensions import AnyRow, reading, rollback
from showroom_app.imports.export_sheet import Cell, Column, Table, pages_of, rows_of
from showroom_app.ledger.models import RUPIAH, Account, Balance, Desk
from showroom_app.lib.money import format_percent
from showroom_app.people.models import Crafter, User
from showroom_app.stock.draft import category_words
from showroom_app.stock.models import Consignment, Item, Product
from showroom_app.stock.notes import number_text


def goods_tables(showroom_id: int) -> list[Table]:
    """Crafters, products, items with where they are, consignment notes."""
    return [
        Table(_("Perajin"), _crafter_columns(), _crafters(showroom_id)),
        Table(_("Daftar jenis barang"), _product_columns(), _products(showroom_id)),
        Table(_("Barang"), _item_columns(), _items(showroom_id)),
        Table(_("Nota titip"), _note_columns(), _notes(showroom_id)),
    ]


def terms(kind: str, commission_bps: int) -> tuple[str, str]:
    """Terms as an import reads them again: the kind, and the commission where there is one."""
    return (_("harga setor"), "") if kind == "net_price" else (_("komisi"), format_percent(commission_bps))


def place_words() -> dict[str, str]:
    """What the places are called that goods come back to, or are given back from."""
    return {"shelf": _("Rak"), "damaged": _("Rusak")}


def _crafter_columns() -> list[Column]:
    """Headings as an import knows them."""
    return [
        Column(_("Nama perajin"), 26), Column(_("Bengkel"), 22), Column(_("Nomor HP"), 18, private=True),
        Column(_("Alamat"), 26), Column(_("Kesepakatan"), 14, private=True), Column(_("Komisi"), 9, private=True),
        Column(_("Bank"), 12, private=True), Column(_("Nomor rekening"), 20, private=True),
        Column(_("Atas nama"), 22, private=True), Column(_("Batas kasbon"), 14, "amount", private=True),
        Column(_("Cerita"), 40, private=True), Column(_("Cerita dalam bahasa Inggris"), 40, private=True),
        Column(_("Aktif"), 7), Column(_("Terdaftar"), 19, "moment"), Column(_("Saldo"), 15, "amount", private=True),
    ]  # fmt: skip


def _crafters(showroom_id: int) -> Iterator[Sequence[Cell]]:
    owed = (Account.kind == "crafter") & (Account.owner_id == Crafter.id)
    query = (
        select(Crafter.__table__, Crafter.id.label("key"), Balance.amount)
        .join(Account, owed)
        .outerjoin(Balance, (Balance.account_id == Account.id) & (Balance.unit == RUPIAH))
    )
    for row in rows_of(query, Crafter.__table__.c.id, showroom_id):
        yield (
            row.name, row.workshop, row.phone, row.address, *terms(row.terms_kind, row.commission_bps), row.bank_name,
            row.bank_account, row.bank_holder, row.advance_rupiah_max, row.story, row.story_en,
            _("ya") if row.active else _("tidak"), row.created_at, -(row.amount or 0),
        )  # fmt: skip


def _product_columns() -> list[Column]:
    return [
        Column(_("Nama perajin"), 26), Column(_("Nama barang"), 32), Column(_("Jenis barang"), 16),
        Column(_("Bahan"), 16), Column(_("Lebar cm"), 9), Column(_("Dalam cm"), 9), Column(_("Tinggi cm"), 9),
        Column(_("Berat kg"), 9),
        Column(_("Cerita"), 40), Column(_("Perawatan"), 30), Column(_("Nama dalam bahasa Inggris"), 28),
        Column(_("Bahan dalam bahasa Inggris"), 26), Column(_("Perawatan dalam bahasa Inggris"), 30),
        Column(_("Cerita dalam bahasa Inggris"), 40),
    ]  # fmt: skip


def _products(showroom_id: int) -> Iterator[Sequence[Cell]]:
    """One that was merged into another is told by that other."""
    words = category_words()
    query = select(Product.__table__, Product.id.label("key"), Crafter.name.label("crafter")).join(
        Crafter, Crafter.id == Product.crafter_id
    )
    for row in rows_of(query, Product.__table__.c.id, showroom_id):
        if row.merged_into_id is None:
            sizes = [_decimal(size, 10) for size in (row.width_mm, row.depth_mm, row.height_mm)]
            yield (
                row.crafter, row.name, words.get(row.category, row.category), row.material, *sizes,
                _decimal(row.weight_g, 1000), row.story, row.care, row.name_en, row.material_en,
                row.care_en, row.story_en,
            )  # fmt: skip


def _decimal(value: int | None, of: int) -> str:
    """Millimetres as centimetres and grams as kilograms, as people type them; nothing where none is known."""
    if value is None:
        return ""
    whole, rest = divmod(value, of)
    return f"{whole},{rest:0{len(str(of)) - 1}d}".rstrip("0").rstrip(",") if rest else str(whole)


def _item_columns() -> list[Column]:
    return [
        Column(_("Kode"), 11), Column(_("Nama perajin"), 26), Column(_("Nama barang"), 32), Column(_("Jumlah buah"), 8),
        Column(_("Harga"), 13, "amount"), Column(_("Kesepakatan"), 14, private=True),
        Column(_("Komisi"), 9, private=True),
        Column(_("Harga setor"), 13, "amount", private=True),
        Column(_("Boleh kurang sampai"), 13, "amount", private=True),
        Column(_("Diterima"), 19, "moment"), Column(_("Dititip sampai"), 13), Column(_("Di rak"), 8),
        Column(_("Terjual"), 8), Column(_("Dikembalikan"), 12), Column(_("Rusak"), 8), Column(_("Hilang"), 8),
        Column(_("Dipamerkan"), 10),
    ]  # fmt: skip


def _items(showroom_id: int) -> Iterator[Sequence[Cell]]:
    query = (
        select(Item.__table__, Item.id.label("key"), Product.name, Crafter.name.label("crafter"))
        .join(Product, Product.id == Item.product_id)
        .join(Crafter, Crafter.id == Item.crafter_id)
    )
    for page in pages_of(query, Item.__table__.c.id, showroom_id):
        places = _places(page)
        for row in page:
            yield (
                row.code, row.crafter, row.name, row.quantity, row.price,
                *terms(row.terms_kind, row.commission_bps), row.net_price or None, row.lowest_price,
                row.received_at, row.agreed_until, *_counts(row, places[row.id]),
            )  # fmt: skip


def _places(page: Sequence[AnyRow]) -> dict[int, dict[str, int]]:
    """Item -> how many pieces lie where, by the balances that the book keeps."""
    found: dict[int, dict[str, int]] = defaultdict(dict)
    if page:
        query = (
            select(Balance.unit, Account.kind, Balance.amount)
            .join(Account, Account.id == Balance.account_id)
            .where(Balance.unit >= page[0].id, Balance.unit <= page[-1].id)
        )
        for row in reading().execute(query):
            found[row.unit][row.kind] = found[row.unit].get(row.kind, 0) + row.amount
        rollback()
    return found


def _counts(row: AnyRow, places: dict[str, int]) -> tuple[int, int, int, int, int, int]:
    """On the shelf, sold, handed back, damaged, lost, at venues and on the way. The crafter's own account says what is
    still out; what lies nowhere else is with buyers, for whom no balance is kept."""
    out = -places.get("crafter", 0)
    elsewhere = sum(amount for kind, amount in places.items() if kind != "crafter")
    shelf, damaged, lost = (places.get(kind, 0) for kind in ("shelf", "damaged", "lost"))
    away = places.get("venue", 0) + places.get("transit", 0)
    return shelf, out - elsewhere, row.quantity - out, damaged, lost, away


def _note_columns() -> list[Column]:
    return [
        Column(_("Nomor"), 14), Column(_("Nama perajin"), 26), Column(_("Diterima"), 19, "moment"),
        Column(_("Oleh"), 20), Column(_("Dititip sampai"), 13), Column(_("Jumlah buah"), 9),
        Column(_("Nilai jual"), 15, "amount"),
    ]  # fmt: skip


def _notes(showroom_id: int) -> Iterator[Sequence[Cell]]:
    query = (
        select(
            Consignment.id.label("key"), Consignment.showroom_id, Consignment.number, Consignment.received_at,
            Consignment.agreed_until, Consignment.pieces, Consignment.value, Desk.code, User.name.label("user"),
            Crafter.name.label("crafter"),
        )
        .join(Desk, Desk.id == Consignment.desk_id)
        .join(Crafter, Crafter.id == Consignment.crafter_id)
        .join(User, User.id == Consignment.user_id)
        .where(Consignment.status == "received")
    )  # fmt: skip
    for row in rows_of(query, Consignment.__table__.c.id, showroom_id):
        yield (
            number_text(row.code, row.number), row.crafter, row.received_at, row.user, row.agreed_until, row.pieces,
            row.value,
        )  # fmt: skip
