"""The workbook's sheets of what happens to goods while they stand: handed back, damaged or lost, other prices and
terms, and what their crafters answered."""

from collections.abc import Iterator, Sequence

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import aliased

from showroom_app.imports.export_goods import place_words, terms
from showroom_app.imports.export_sheet import Cell, Column, Table, rows_of
from showroom_app.ledger.models import Desk
from showroom_app.people.models import Crafter, User
from showroom_app.stock import ageing, hand_back, write_off
from showroom_app.stock.life_models import AgeingAnswer, HandBack, HandBackLine, ItemChange, WriteOff
from showroom_app.stock.models import Item, Product


def life_tables(showroom_id: int, private: bool) -> list[Table]:
    """Lines of hand-back notes; damage, loss and what turned it round; changes of price and terms; answers."""
    return [
        Table(_("Retur titipan"), _hand_back_columns(), _hand_backs(showroom_id)),
        Table(_("Rusak dan hilang"), _write_off_columns(), _write_offs(showroom_id)),
        Table(_("Perubahan harga & kesepakatan"), _change_columns(), _changes(showroom_id, private)),
        Table(_("Jawaban perajin"), _answer_columns(), _answers(showroom_id)),
    ]


def _hand_back_columns() -> list[Column]:
    """Who came for the goods instead of their crafter is nobody's business but the showroom's."""
    return [
        Column(_("Nomor"), 14), Column(_("Waktu (WIB)"), 19, "moment"), Column(_("Nama perajin"), 26),
        Column(_("Kode"), 11), Column(_("Nama barang"), 32), Column(_("Jumlah buah"), 9),
        Column(_("Harga"), 13, "amount"), Column(_("Dari"), 12), Column(_("Alasan"), 30),
        Column(_("Diterima orang lain"), 22, private=True), Column(_("Hubungannya"), 16, private=True),
        Column(_("Oleh"), 20),
    ]  # fmt: skip


def _hand_backs(showroom_id: int) -> Iterator[Sequence[Cell]]:
    places = place_words()
    query = (
        select(
            HandBackLine.hand_back_id.label("key"), HandBack.showroom_id, Desk.code.label("desk"), HandBack.number,
            HandBack.at, Crafter.name.label("crafter"), Item.code, HandBackLine.name, HandBackLine.quantity,
            HandBackLine.price, HandBackLine.place, HandBack.reason, HandBack.received_by, HandBack.relation,
            User.name.label("user"),
        )
        .join(HandBack, HandBack.id == HandBackLine.hand_back_id)
        .join(Desk, Desk.id == HandBack.desk_id)
        .join(Item, Item.id == HandBackLine.item_id)
        .join(Crafter, Crafter.id == HandBack.crafter_id)
        .outerjoin(User, User.id == HandBack.user_id)
    )  # fmt: skip
    for row in rows_of(query, HandBackLine.__table__.c.hand_back_id, showroom_id, HandBackLine.position):
        yield (
            hand_back.number_text(row.desk, row.number), row.at, row.crafter, row.code, row.name, row.quantity,
            row.price, places.get(row.place, row.place), row.reason, row.received_by, row.relation, row.user,
        )  # fmt: skip


def _write_off_columns() -> list[Column]:
    return [
        Column(_("Nomor"), 14), Column(_("Waktu (WIB)"), 19, "moment"), Column(_("Apa"), 16), Column(_("Kode"), 11),
        Column(_("Nama barang"), 32), Column(_("Nama perajin"), 26), Column(_("Jumlah buah"), 9),
        Column(_("Alasan"), 30), Column(_("Ganti rugi"), 13, "amount", private=True),
        Column(_("Membalik catatan"), 17), Column(_("Oleh"), 20),
    ]  # fmt: skip


def _write_offs(showroom_id: int) -> Iterator[Sequence[Cell]]:
    """What was taken back from the crafter again is below zero."""
    words, first, first_desk = write_off.kind_words(), aliased(WriteOff), aliased(Desk)
    query = (
        select(
            WriteOff.id.label("key"), WriteOff.showroom_id, Desk.code.label("desk"), WriteOff.number, WriteOff.at,
            WriteOff.kind, Item.code, WriteOff.name, Crafter.name.label("crafter"), WriteOff.quantity, WriteOff.reason,
            WriteOff.compensation, first_desk.code.label("first_desk"), first.number.label("first_number"),
            User.name.label("user"),
        )
        .join(Desk, Desk.id == WriteOff.desk_id)
        .join(Item, Item.id == WriteOff.item_id)
        .join(Crafter, Crafter.id == WriteOff.crafter_id)
        .join(User, User.id == WriteOff.user_id)
        .outerjoin(first, first.id == WriteOff.undoes_id)
        .outerjoin(first_desk, first_desk.id == first.desk_id)
    )  # fmt: skip
    for row in rows_of(query, WriteOff.__table__.c.id, showroom_id):
        undone = write_off.number_text(row.first_desk, row.first_number) if row.first_number else ""
        yield (
            write_off.number_text(row.desk, row.number), row.at, words.get(row.kind, row.kind), row.code, row.name,
            row.crafter, row.quantity, row.reason, row.compensation, undone, row.user,
        )  # fmt: skip


def _change_columns() -> list[Column]:
    return [
        Column(_("Kode"), 11), Column(_("Nama barang"), 32), Column(_("Nama perajin"), 26),
        Column(_("Waktu (WIB)"), 19, "moment"), Column(_("Dicatat oleh"), 20), Column(_("Siapa yang meminta"), 32),
        Column(_("Disepakati tanggal"), 18), Column(_("Alasan"), 30),
        Column(_("Harga lama"), 13, "amount"), Column(_("Harga baru"), 13, "amount"),
        Column(_("Kesepakatan lama"), 16, private=True), Column(_("Komisi lama"), 12, private=True),
        Column(_("Harga setor lama"), 16, "amount", private=True),
        Column(_("Kesepakatan baru"), 16, private=True), Column(_("Komisi baru"), 12, private=True),
        Column(_("Harga setor baru"), 16, "amount", private=True),
        Column(_("Dulu boleh kurang sampai"), 23, "amount", private=True),
        Column(_("Boleh kurang sampai"), 19, "amount", private=True),
    ]  # fmt: skip


def _changes(showroom_id: int, private: bool) -> Iterator[Sequence[Cell]]:
    """Where only terms changed, and why, is private as a whole."""
    asked = {"crafter": _("diminta perajin"), "showroom": _("diminta galeri, disetujui perajin")}
    query = (
        select(
            ItemChange.__table__, ItemChange.id.label("key"), Item.showroom_id, Item.code, Product.name,
            Crafter.name.label("crafter"), User.name.label("user"),
        )
        .join(Item, Item.id == ItemChange.item_id)
        .join(Product, Product.id == Item.product_id)
        .join(Crafter, Crafter.id == Item.crafter_id)
        .join(User, User.id == ItemChange.user_id)
    )  # fmt: skip
    for row in rows_of(query, ItemChange.__table__.c.id, showroom_id):
        if private or row.price != row.old_price:
            yield (
                row.code, row.name, row.crafter, row.at, row.user, asked.get(row.asked_by, row.asked_by),
                row.agreed_on, row.reason, row.old_price, row.price,
                *terms(row.old_terms_kind, row.old_commission_bps), row.old_net_price or None,
                *terms(row.terms_kind, row.commission_bps), row.net_price or None,
                row.old_lowest_price, row.lowest_price,
            )  # fmt: skip


def _answer_columns() -> list[Column]:
    """Who answered is told with how they were reached."""
    return [
        Column(_("Kode"), 11), Column(_("Nama barang"), 32), Column(_("Nama perajin"), 26),
        Column(_("Waktu (WIB)"), 19, "moment"), Column(_("Jawaban"), 26),
        Column(_("Siapa yang menjawab, lewat apa"), 32, private=True), Column(_("Diperpanjang sampai"), 18),
        Column(_("Dicatat oleh"), 20),
    ]  # fmt: skip


def _answers(showroom_id: int) -> Iterator[Sequence[Cell]]:
    words = ageing.answer_words()
    query = (
        select(
            AgeingAnswer.id.label("key"), Item.showroom_id, Item.code, Product.name, Crafter.name.label("crafter"),
            AgeingAnswer.at, AgeingAnswer.answer, AgeingAnswer.by, AgeingAnswer.until, User.name.label("user"),
        )
        .join(Item, Item.id == AgeingAnswer.item_id)
        .join(Product, Product.id == Item.product_id)
        .join(Crafter, Crafter.id == Item.crafter_id)
        .join(User, User.id == AgeingAnswer.user_id)
    )  # fmt: skip
    for row in rows_of(query, AgeingAnswer.__table__.c.id, showroom_id):
        yield (
            row.code, row.name, row.crafter, row.at, words.get(row.answer, row.answer), row.by, row.until, row.user,
        )  # fmt: skip
