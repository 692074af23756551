"""The workbook's sheets of places away, goods on the way there (surat jalan), and of joint work: who made it, who got
what of it, and what was taken back."""

from collections.abc import Iterator, Sequence
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import func, literal, select
from sqlalchemy.orm import aliased

from showroom_app.imports.export_sheet import Cell, Column, Table, rows_of
from showroom_app.ledger.models import Desk
from showroom_app.lib.money import format_percent
from showroom_app.people.models import Crafter, User
from showroom_app.sales.models import Sale, SaleLine, SaleShare
from showroom_app.sales.money_models import Refund, RefundLine, RefundShare
from showroom_app.sales.receipt import number_text as receipt_number
from showroom_app.sales.receipt import slip_number
from showroom_app.stock import write_off
from showroom_app.stock.life_models import WriteOff, WriteOffShare
from showroom_app.stock.models import Consignment, ConsignmentLine, Item, Maker
from showroom_app.stock.notes import number_text as note_number
from showroom_app.venues.models import Arrival, ArrivalLine, Transfer, TransferLine, Venue
from showroom_app.venues.transfer import number_text
from showroom_app.venues.venue import kind_words


def venue_tables(showroom_id: int, private: bool) -> list[Table]:
    """Exhibitions and other showrooms, lines of notes of goods on the way; of joint work its makers, and their parts of
    sales, refunds and compensations (crafters' money)."""
    tables = [
        Table(_("Pameran & galeri lain"), _venue_columns(), _venues(showroom_id)),
        Table(_("Surat jalan"), _transfer_columns(), _transfers(showroom_id)),
        Table(_("Karya bersama"), _maker_columns(), _makers(showroom_id)),
    ]
    shares = [
        Table(_("Bagian karya bersama"), _share_columns(), _shares(showroom_id)),
        Table(_("Retur karya bersama"), _given_back_columns(), _given_back(showroom_id)),
        Table(_("Ganti rugi karya bersama"), _compensation_columns(), _compensations(showroom_id)),
    ]
    return [*tables, *shares] if private else tables


def _venue_columns() -> list[Column]:
    return [
        Column(_("Jenis"), 12), Column(_("Nama"), 26), Column(_("Alamat"), 30), Column(_("Meja"), 20),
        Column(_("Mulai"), 13), Column(_("Selesai"), 13), Column(_("Dibuka"), 19, "moment"),
        Column(_("Dibuka oleh"), 20), Column(_("Ditutup"), 19, "moment"), Column(_("Ditutup oleh"), 20),
    ]  # fmt: skip


def _venues(showroom_id: int) -> Iterator[Sequence[Cell]]:
    words, opener, closer = kind_words(), aliased(User), aliased(User)
    query = (
        select(
            Venue.__table__, Venue.id.label("key"), Desk.name.label("desk"), opener.name.label("opener"),
            closer.name.label("closer"),
        )
        .join(Desk, Desk.id == Venue.desk_id)
        .join(opener, opener.id == Venue.opened_by)
        .outerjoin(closer, closer.id == Venue.closed_by)
    )  # fmt: skip
    for row in rows_of(query, Venue.__table__.c.id, showroom_id):
        yield (
            words.get(row.kind, row.kind), row.name, row.address, row.desk, row.starts_on, row.ends_on, row.opened_at,
            row.opener, row.closed_at, row.closer,
        )  # fmt: skip


def _transfer_columns() -> list[Column]:
    return [
        Column(_("Nomor"), 14), Column(_("Waktu (WIB)"), 19, "moment"), Column(_("Arah"), 10), Column(_("Tempat"), 26),
        Column(_("Kode"), 11), Column(_("Nama barang"), 32), Column(_("Jumlah buah"), 9), Column(_("Sampai"), 8),
        Column(_("Kembali ke asal"), 10), Column(_("Harga"), 13, "amount"), Column(_("Dibawa oleh"), 22),
        Column(_("Oleh"), 20),
    ]  # fmt: skip


def _transfers(showroom_id: int) -> Iterator[Sequence[Cell]]:
    def came(kind: str) -> Any:
        query = select(func.coalesce(func.sum(ArrivalLine.quantity), literal(0))).join(Arrival)
        of_line = (Arrival.transfer_id == TransferLine.transfer_id) & (ArrivalLine.item_id == TransferLine.item_id)
        return query.where(of_line, Arrival.kind == kind).correlate(TransferLine).scalar_subquery().label(kind)

    words = {"out": _("berangkat"), "back": _("pulang")}
    query = (
        select(
            TransferLine.transfer_id.label("key"), Transfer.showroom_id, Desk.code.label("desk"), Transfer.number,
            Transfer.at, Transfer.direction, Venue.name.label("venue"), Item.code, TransferLine.name,
            TransferLine.quantity, came("arrived"), came("turned"), TransferLine.price, Transfer.carrier,
            User.name.label("user"),
        )
        .join(Transfer, Transfer.id == TransferLine.transfer_id)
        .join(Desk, Desk.id == Transfer.desk_id)
        .join(Venue, Venue.id == Transfer.venue_id)
        .join(Item, Item.id == TransferLine.item_id)
        .join(User, User.id == Transfer.user_id)
    )  # fmt: skip
    for row in rows_of(query, TransferLine.__table__.c.transfer_id, showroom_id, TransferLine.position):
        yield (
            number_text(row.desk, row.number), row.at, words[row.direction], row.venue, row.code, row.name,
            row.quantity, int(row.arrived), int(row.turned), row.price, row.carrier, row.user,
        )  # fmt: skip


def _maker_columns() -> list[Column]:
    return [
        Column(_("Nomor"), 14), Column(_("Diterima"), 19, "moment"), Column(_("Nama barang"), 32),
        Column(_("Nama perajin"), 26), Column(_("Bagiannya"), 10, private=True),
    ]  # fmt: skip


def _makers(showroom_id: int) -> Iterator[Sequence[Cell]]:
    query = (
        select(
            Maker.line_id.label("key"), Consignment.showroom_id, Desk.code.label("desk"), Consignment.number,
            Consignment.received_at, ConsignmentLine.name, Crafter.name.label("crafter"), Maker.share_bps,
        )
        .join(ConsignmentLine, ConsignmentLine.id == Maker.line_id)
        .join(Consignment, Consignment.id == ConsignmentLine.consignment_id)
        .join(Desk, Desk.id == Consignment.desk_id)
        .join(Crafter, Crafter.id == Maker.crafter_id)
    )  # fmt: skip
    for row in rows_of(query, Maker.__table__.c.line_id, showroom_id, Maker.position):
        number = note_number(row.desk, row.number)
        yield number, row.received_at, row.name, row.crafter, format_percent(row.share_bps)


def _share_columns() -> list[Column]:
    return [
        Column(_("Struk"), 14), Column(_("Waktu (WIB)"), 19, "moment"), Column(_("Nama barang"), 32),
        Column(_("Nama perajin"), 26), Column(_("Untuk perajin"), 14, "amount", private=True),
    ]  # fmt: skip


def _shares(showroom_id: int) -> Iterator[Sequence[Cell]]:
    line = (SaleLine.sale_id == SaleShare.sale_id) & (SaleLine.position == SaleShare.position)
    query = (
        select(
            SaleShare.sale_id.label("key"), Sale.showroom_id, Desk.code.label("desk"), Sale.number, SaleShare.at,
            SaleLine.name, Crafter.name.label("crafter"), SaleShare.amount,
        )
        .join(Sale, Sale.id == SaleShare.sale_id)
        .join(SaleLine, line)
        .join(Desk, Desk.id == Sale.desk_id)
        .join(Crafter, Crafter.id == SaleShare.crafter_id)
    )  # fmt: skip
    order = (SaleShare.position, SaleShare.crafter_id)
    for row in rows_of(query, SaleShare.__table__.c.sale_id, showroom_id, *order):
        yield receipt_number(row.desk, row.number), row.at, row.name, row.crafter, row.amount


def _given_back_columns() -> list[Column]:
    """As the sheet of sales, and what of it the showroom bore, because the crafter had been paid."""
    return [
        Column(_("Nomor"), 14), Column(_("Waktu (WIB)"), 19, "moment"), Column(_("Kode"), 11),
        Column(_("Nama perajin"), 26), Column(_("Dikembalikan perajin"), 19, "amount"),
        Column(_("Ditanggung galeri"), 17, "amount"),
    ]  # fmt: skip


def _given_back(showroom_id: int) -> Iterator[Sequence[Cell]]:
    line = (RefundLine.refund_id == RefundShare.refund_id) & (RefundLine.position == RefundShare.position)
    query = (
        select(
            RefundShare.refund_id.label("key"), Refund.showroom_id, Desk.code.label("desk"), Refund.number, Refund.at,
            Item.code, Crafter.name.label("crafter"), RefundShare.amount, RefundShare.borne,
        )
        .join(Refund, Refund.id == RefundShare.refund_id)
        .join(RefundLine, line)
        .join(Item, Item.id == RefundLine.item_id)
        .join(Desk, Desk.id == Refund.desk_id)
        .join(Crafter, Crafter.id == RefundShare.crafter_id)
    )  # fmt: skip
    order = (RefundShare.position, RefundShare.crafter_id)
    for row in rows_of(query, RefundShare.__table__.c.refund_id, showroom_id, *order):
        number = slip_number(row.desk, row.number)
        yield number, row.at, row.code, row.crafter, row.amount - row.borne, row.borne


def _compensation_columns() -> list[Column]:
    return [
        Column(_("Nomor"), 14), Column(_("Waktu (WIB)"), 19, "moment"), Column(_("Nama barang"), 32),
        Column(_("Nama perajin"), 26), Column(_("Ganti rugi"), 13, "amount"),
    ]  # fmt: skip


def _compensations(showroom_id: int) -> Iterator[Sequence[Cell]]:
    query = (
        select(
            WriteOffShare.write_off_id.label("key"), WriteOff.showroom_id, Desk.code.label("desk"), WriteOff.number,
            WriteOff.at, WriteOff.name, Crafter.name.label("crafter"), WriteOffShare.amount,
        )
        .join(WriteOff, WriteOff.id == WriteOffShare.write_off_id)
        .join(Desk, Desk.id == WriteOff.desk_id)
        .join(Crafter, Crafter.id == WriteOffShare.crafter_id)
    )  # fmt: skip
    for row in rows_of(query, WriteOffShare.__table__.c.write_off_id, showroom_id, WriteOffShare.crafter_id):
        yield write_off.number_text(row.desk, row.number), row.at, row.name, row.crafter, row.amount
