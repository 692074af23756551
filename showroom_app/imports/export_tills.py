"""The workbook's sheets of the tills: shifts, what lay in their drawers, services, money given back."""

from collections.abc import Iterator, Sequence

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import aliased

from showroom_app.imports.export_sheet import Cell, Column, Table, rows_of
from showroom_app.ledger.models import Desk
from showroom_app.people.models import User
from showroom_app.sales import cash_move, service_lines
from showroom_app.sales.models import Sale, SaleService, Shift
from showroom_app.sales.money_models import CashMove, Refund, RefundPayment, RefundService, ShiftCount
from showroom_app.sales.receipt import number_text, slip_number, tender_words


def till_tables(showroom_id: int, private: bool) -> list[Table]:
    """Services sold and money given back; shifts with their counts and cash moves for managers. A shift is called by
    the number that its address has."""
    open_to_all = [
        Table(_("Jasa"), _service_columns(), _services(showroom_id)),
        Table(_("Uang kembali ke pembeli"), _returned_columns(), _returned(showroom_id)),
    ]
    drawers = [
        Table(_("Sif"), _shift_columns(), _shifts(showroom_id)),
        Table(_("Hitungan laci"), _count_columns(), _counts(showroom_id)),
        Table(_("Uang masuk & keluar laci"), _move_columns(), _moves(showroom_id)),
    ]
    return [*open_to_all, *drawers] if private else open_to_all


def _service_columns() -> list[Column]:
    return [
        Column(_("Nomor"), 14), Column(_("Waktu (WIB)"), 19, "moment"), Column(_("Jenis jasa"), 16),
        Column(_("Keterangan"), 32), Column(_("Jumlah uang"), 15, "amount"), Column(_("Untuk"), 12),
        Column(_("Dikembalikan dengan"), 19),
    ]  # fmt: skip


def _services(showroom_id: int) -> Iterator[Sequence[Cell]]:
    """A service is given back whole, or not at all."""
    kinds, payees = service_lines.kind_words(), {"showroom": _("galeri"), "driver": _("sopir")}
    back = aliased(Desk)
    undone = (RefundService.sale_id == SaleService.sale_id) & (RefundService.sale_position == SaleService.position)
    query = (
        select(
            SaleService.sale_id.label("key"), Sale.showroom_id, Desk.code, Sale.number, Sale.at, SaleService.kind,
            SaleService.name, SaleService.amount, SaleService.payee, back.code.label("back_code"),
            Refund.number.label("back_number"),
        )
        .join(Sale, Sale.id == SaleService.sale_id)
        .join(Desk, Desk.id == Sale.desk_id)
        .outerjoin(RefundService, undone)
        .outerjoin(Refund, Refund.id == RefundService.refund_id)
        .outerjoin(back, back.id == Refund.desk_id)
    )  # fmt: skip
    for row in rows_of(query, SaleService.__table__.c.sale_id, showroom_id, SaleService.position):
        yield (
            number_text(row.code, row.number), row.at, kinds.get(row.kind, row.kind), row.name, row.amount,
            payees.get(row.payee, row.payee), slip_number(row.back_code, row.back_number) if row.back_number else "",
        )  # fmt: skip


def _returned_columns() -> list[Column]:
    return [
        Column(_("Nomor"), 14), Column(_("Waktu (WIB)"), 19, "moment"), Column(_("Cara bayar"), 12),
        Column(_("Jumlah uang"), 15, "amount"), Column(_("Referensi transfer"), 20, private=True),
    ]  # fmt: skip


def _returned(showroom_id: int) -> Iterator[Sequence[Cell]]:
    words = tender_words()
    query = (
        select(
            RefundPayment.refund_id.label("key"), Refund.showroom_id, Desk.code, Refund.number, Refund.at,
            RefundPayment.tender, RefundPayment.amount, RefundPayment.reference,
        )
        .join(Refund, Refund.id == RefundPayment.refund_id)
        .join(Desk, Desk.id == Refund.desk_id)
    )  # fmt: skip
    for row in rows_of(query, RefundPayment.__table__.c.refund_id, showroom_id, RefundPayment.tender):
        tender = words.get(row.tender, row.tender)
        yield slip_number(row.code, row.number), row.at, tender, row.amount, row.reference


def _shift_columns() -> list[Column]:
    return [
        Column(_("Nomor"), 9), Column(_("Meja"), 20), Column(_("Petugas"), 20), Column(_("Dibuka"), 19, "moment"),
        Column(_("Modal awal"), 15, "amount"), Column(_("Ditutup"), 19, "moment"), Column(_("Ditutup oleh"), 20),
        Column(_("Seharusnya di laci"), 18, "amount"), Column(_("Dihitung"), 15, "amount"),
        Column(_("Selisih"), 13, "amount"), Column(_("Keterangan"), 32),
    ]  # fmt: skip


def _shifts(showroom_id: int) -> Iterator[Sequence[Cell]]:
    closer = aliased(User)
    query = (
        select(
            Shift.__table__, Shift.id.label("key"), Desk.name.label("desk"), User.name.label("user"),
            closer.name.label("closer"),
        )
        .join(Desk, Desk.id == Shift.desk_id)
        .join(User, User.id == Shift.user_id)
        .outerjoin(closer, closer.id == Shift.closed_by)
    )  # fmt: skip
    for row in rows_of(query, Shift.__table__.c.id, showroom_id):
        expected, counted = row.expected_rupiah, row.counted_rupiah
        yield (
            row.id, row.desk, row.user, row.opened_at, row.float_rupiah, row.closed_at, row.closer, expected, counted,
            None if expected is None or counted is None else counted - expected, row.difference_note,
        )  # fmt: skip


def _count_columns() -> list[Column]:
    return [Column(_("Sif"), 9), Column(_("Pecahan"), 13, "amount"), Column(_("Lembar atau keping"), 18)]


def _counts(showroom_id: int) -> Iterator[Sequence[Cell]]:
    query = select(
        ShiftCount.shift_id.label("key"), Shift.showroom_id, ShiftCount.worth, ShiftCount.pieces
    ).join(Shift, Shift.id == ShiftCount.shift_id)  # fmt: skip
    for row in rows_of(query, ShiftCount.__table__.c.shift_id, showroom_id, ShiftCount.worth):
        yield row.key, row.worth, row.pieces


def _move_columns() -> list[Column]:
    return [
        Column(_("Sif"), 9), Column(_("Meja"), 20), Column(_("Waktu (WIB)"), 19, "moment"),
        Column(_("Untuk apa"), 32), Column(_("Jumlah uang"), 15, "amount"), Column(_("Keterangan"), 32),
        Column(_("Oleh"), 20),
    ]  # fmt: skip


def _moves(showroom_id: int) -> Iterator[Sequence[Cell]]:
    """What went out of a drawer is below zero."""
    words = cash_move.kind_words()
    query = (
        select(
            CashMove.id.label("key"), Shift.showroom_id, CashMove.shift_id, Desk.name.label("desk"), CashMove.at,
            CashMove.kind, CashMove.amount, CashMove.reason, User.name.label("user"),
        )
        .join(Shift, Shift.id == CashMove.shift_id)
        .join(Desk, Desk.id == Shift.desk_id)
        .join(User, User.id == CashMove.user_id)
    )  # fmt: skip
    for row in rows_of(query, CashMove.__table__.c.id, showroom_id):
        yield (
            row.shift_id, row.desk, row.at, words.get(row.kind, row.kind), cash_move.signed(row), row.reason, row.user,
        )  # fmt: skip
