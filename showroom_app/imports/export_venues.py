"""The workbook's sheets of goods elsewhere (surat jalan) and of joint work: who made it, and who got what."""

from collections.abc import Iterator, Sequence
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import func, literal, select

from showroom_app.imports.export_sheet import Cell, Column, Table, rows_of
from showroom_app.ledger.models import Desk
from showroom_app.lib.money import format_percent
from showroom_app.people.models import Crafter, User
from showroom_app.sales.models import Sale, SaleLine, SaleShare
from showroom_app.sales.receipt import number_text as receipt_number
from showroom_app.stock.models import Consignment, ConsignmentLine, Item, Maker
from showroom_app.stock.notes import number_text as note_number
from showroom_app.venues.models import Arrival, ArrivalLine, Transfer, TransferLine, Venue
from showroom_app.venues.transfer import number_text


def venue_tables(showroom_id: int, private: bool) -> list[Table]:
    """Lines of notes of goods on the way; of joint work its makers, and their parts of sales (crafters' money)."""
    tables = [
        Table(_("Surat jalan"), _transfer_columns(), _transfers(showroom_id)),
        Table(_("Karya bersama"), _maker_columns(), _makers(showroom_id)),
    ]
    shares = Table(_("Bagian karya bersama"), _share_columns(), _shares(showroom_id))
    return [*tables, shares] if private else tables


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
