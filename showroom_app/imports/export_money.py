"""The workbook's sheets of sales, refunds, payouts and advances."""

from collections.abc import Iterator, Sequence

from flask_babel import gettext as _
from sqlalchemy import select

from showroom_app.extensions import AnyRow
from showroom_app.imports.export_goods import place_words
from showroom_app.imports.export_sheet import Cell, Column, Table, rows_of
from showroom_app.ledger.models import Desk
from showroom_app.payouts.models import Advance, Payout
from showroom_app.payouts.statement import advance_number, method_words, payout_number
from showroom_app.people.models import Crafter, User
from showroom_app.sales.models import Payment, Sale, SaleLine
from showroom_app.sales.money_models import Refund, RefundLine
from showroom_app.sales.receipt import number_text, slip_number, tender_words
from showroom_app.stock.models import Item


def money_tables(showroom_id: int, private: bool) -> list[Table]:
    """Sales with their lines and payments, refunds with their lines; payouts and advances (kasbon) for managers."""
    number, at = Column(_("Nomor"), 14), Column(_("Waktu (WIB)"), 19, "moment")
    shares = [Column(words, 15, "amount", private=True) for words in (_("Perajin menerima"), _("Bagian galeri"))]
    goods = [Column(_("Kode"), 11), Column(_("Nama perajin"), 26)]
    net = Column(_("Nilai"), 15, "amount")
    tables = [
        Table(
            _("Penjualan"),
            [number, at, Column(_("Oleh"), 20), Column(_("Jumlah buah"), 9), Column(_("Jasa"), 13, "amount"),
             Column(_("Total"), 15, "amount"), Column(_("Pembulatan"), 12, "amount")],
            _sales(showroom_id),
        ),
        Table(
            _("Baris penjualan"),
            [number, at, *goods, Column(_("Nama barang"), 32), Column(_("Jumlah buah"), 9),
             Column(_("Harga"), 13, "amount"), Column(_("Diskon"), 13, "amount"), net, *shares],
            _sale_lines(showroom_id),
        ),
        Table(
            _("Cara bayar"),
            [number, at, Column(_("Cara bayar"), 12), Column(_("Jumlah uang"), 15, "amount"),
             Column(_("Referensi transfer"), 20, private=True)],
            _payments(showroom_id),
        ),
        Table(
            _("Retur pembeli"),
            [number, at, Column(_("Dari struk"), 14), Column(_("Oleh"), 20), Column(_("Alasan"), 30),
             Column(_("Total"), 15, "amount")],
            _refunds(showroom_id),
        ),
        Table(
            _("Baris retur"),
            [number, at, *goods, Column(_("Jumlah buah"), 9), net, *shares, Column(_("Ke"), 12)],
            _refund_lines(showroom_id),
        ),
    ]  # fmt: skip
    return [*tables, *_paid_tables(showroom_id)] if private else tables


def _sales(showroom_id: int) -> Iterator[Sequence[Cell]]:
    query = (
        select(
            Sale.id.label("key"), Sale.showroom_id, Desk.code, Sale.number, Sale.at, User.name.label("user"),
            Sale.pieces, Sale.services, Sale.total, Sale.rounding,
        )
        .join(Desk, Desk.id == Sale.desk_id)
        .join(User, User.id == Sale.user_id)
    )  # fmt: skip
    for row in rows_of(query, Sale.__table__.c.id, showroom_id):
        number = number_text(row.code, row.number)
        yield number, row.at, row.user, row.pieces, row.services, row.total, row.rounding


def _sale_lines(showroom_id: int) -> Iterator[Sequence[Cell]]:
    query = (
        select(
            SaleLine.sale_id.label("key"), Sale.showroom_id, Desk.code.label("desk"), Sale.number, SaleLine.at,
            Item.code, SaleLine.crafter_name, SaleLine.name, SaleLine.quantity, SaleLine.price, SaleLine.discount,
            SaleLine.net, SaleLine.crafter_share, SaleLine.showroom_share,
        )
        .join(Sale, Sale.id == SaleLine.sale_id)
        .join(Desk, Desk.id == Sale.desk_id)
        .join(Item, Item.id == SaleLine.item_id)
    )  # fmt: skip
    for row in rows_of(query, SaleLine.__table__.c.sale_id, showroom_id, SaleLine.position):
        yield (
            number_text(row.desk, row.number), row.at, row.code, row.crafter_name, row.name, row.quantity, row.price,
            row.discount, row.net, row.crafter_share, row.showroom_share,
        )  # fmt: skip


def _payments(showroom_id: int) -> Iterator[Sequence[Cell]]:
    words = tender_words()
    query = (
        select(
            Payment.sale_id.label("key"), Sale.showroom_id, Desk.code, Sale.number, Sale.at, Payment.tender,
            Payment.amount, Payment.reference,
        )
        .join(Sale, Sale.id == Payment.sale_id)
        .join(Desk, Desk.id == Sale.desk_id)
    )  # fmt: skip
    for row in rows_of(query, Payment.__table__.c.sale_id, showroom_id, Payment.position):
        tender = words.get(row.tender, row.tender)
        yield number_text(row.code, row.number), row.at, tender, row.amount, row.reference


def _refunds(showroom_id: int) -> Iterator[Sequence[Cell]]:
    sold = Desk.__table__.alias("sold")
    query = (
        select(
            Refund.id.label("key"), Refund.showroom_id, Desk.code, Refund.number, Refund.at,
            sold.c.code.label("sold_code"), Sale.number.label("sold_number"), User.name.label("user"), Refund.reason,
            Refund.total,
        )
        .join(Desk, Desk.id == Refund.desk_id)
        .join(Sale, Sale.id == Refund.sale_id)
        .join(sold, sold.c.id == Sale.desk_id)
        .join(User, User.id == Refund.user_id)
    )  # fmt: skip
    for row in rows_of(query, Refund.__table__.c.id, showroom_id):
        sale = number_text(row.sold_code, row.sold_number)
        yield slip_number(row.code, row.number), row.at, sale, row.user, row.reason, row.total


def _refund_lines(showroom_id: int) -> Iterator[Sequence[Cell]]:
    places = place_words()
    query = (
        select(
            RefundLine.refund_id.label("key"), Refund.showroom_id, Desk.code.label("desk"), Refund.number,
            RefundLine.at, Item.code, Crafter.name.label("crafter"), RefundLine.quantity, RefundLine.net,
            RefundLine.crafter_share, RefundLine.showroom_share, RefundLine.place,
        )
        .join(Refund, Refund.id == RefundLine.refund_id)
        .join(Desk, Desk.id == Refund.desk_id)
        .join(Item, Item.id == RefundLine.item_id)
        .join(Crafter, Crafter.id == RefundLine.crafter_id)
    )  # fmt: skip
    for row in rows_of(query, RefundLine.__table__.c.refund_id, showroom_id, RefundLine.position):
        yield (
            slip_number(row.desk, row.number), row.at, row.code, row.crafter, row.quantity, row.net, row.crafter_share,
            row.showroom_share, places.get(row.place, row.place),
        )  # fmt: skip


def _paid_tables(showroom_id: int) -> list[Table]:
    columns = [
        Column(_("Nomor"), 16), Column(_("Waktu (WIB)"), 19, "moment"), Column(_("Nama perajin"), 26),
        Column(_("Jumlah uang"), 15, "amount"), Column(_("Cara bayar"), 18), Column(_("Referensi transfer"), 20),
        Column(_("Diterima orang lain"), 22), Column(_("Hubungannya"), 16), Column(_("Dibatalkan"), 19, "moment"),
        Column(_("Alasan"), 30), Column(_("Oleh"), 20),
    ]  # fmt: skip
    bank, purpose = Column(_("Ke rekening"), 26), Column(_("Untuk apa"), 30)
    return [
        Table(_("Pembayaran perajin"), [*columns, bank], _payouts(showroom_id)),
        Table(_("Kasbon"), [*columns, purpose], _advances(showroom_id)),
    ]


def _payouts(showroom_id: int) -> Iterator[Sequence[Cell]]:
    for row in _paid(Payout, showroom_id):
        yield payout_number(row.code, row.number), *_money_out(row), row.bank


def _advances(showroom_id: int) -> Iterator[Sequence[Cell]]:
    for row in _paid(Advance, showroom_id):
        yield advance_number(row.code, row.number), *_money_out(row), row.reason


def _paid(of: type[Payout] | type[Advance], showroom_id: int) -> Iterator[AnyRow]:
    key = of.__table__.c.id
    query = (
        select(of.__table__, key.label("key"), Desk.code, User.name.label("user"))
        .join(Desk, Desk.id == of.__table__.c.desk_id)
        .join(User, User.id == of.__table__.c.user_id)
    )
    return rows_of(query, key, showroom_id)


def _money_out(row: AnyRow) -> Sequence[Cell]:
    """What payouts and advances have alike."""
    method = method_words().get(row.method, row.method)
    return (
        row.at, row.crafter_name, row.amount, method, row.reference, row.received_by, row.relation, row.reversed_at,
        row.reversal_reason, row.user,
    )  # fmt: skip
