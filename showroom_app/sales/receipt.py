"""Reading sales back: one receipt, or a list of them."""

from datetime import datetime
from typing import Any
from urllib.parse import quote

from flask_babel import gettext as _
from sqlalchemy import bindparam, func, select
from sqlalchemy.orm import aliased

from showroom_app.extensions import AnyRow, reading
from showroom_app.ledger.models import Desk
from showroom_app.lib.money import format_rupiah
from showroom_app.lib.refusal import NotHere
from showroom_app.people.models import User
from showroom_app.prepared import Prepared
from showroom_app.sales.models import Payment, Sale, SaleLine, SaleService
from showroom_app.sales.money_models import Refund
from showroom_app.stock.models import Item
from showroom_app.web.access import MANAGER, SignedIn

PAGE = 50

_Approver = aliased(User)
_SALE = (
    select(
        Sale.__table__, Desk.name.label("desk_name"), Desk.code, User.name.label("user_name"),
        _Approver.name.label("approver"),
    )
    .join(Desk, Desk.id == Sale.desk_id)
    .join(User, User.id == Sale.user_id)
    .outerjoin(_Approver, _Approver.id == Sale.approved_by)
)  # fmt: skip
_ONE = Prepared(_SALE.where(Sale.id == bindparam("sale")))
_LINES = Prepared(
    select(SaleLine.__table__, Item.code)
    .join(Item, Item.id == SaleLine.item_id)
    .where(SaleLine.sale_id == bindparam("sale"))
    .order_by(SaleLine.position)
)
_SERVICES = Prepared(
    select(SaleService.__table__).where(SaleService.sale_id == bindparam("sale")).order_by(SaleService.position)
)
_REFUNDS = Prepared(
    select(Refund.id, Refund.kind, Refund.at, Refund.total, Refund.rounding, Refund.number, Desk.code)
    .join(Desk, Desk.id == Refund.desk_id)
    .where(Refund.sale_id == bindparam("sale"))
    .order_by(Refund.id)
)
_PAYMENTS = Prepared(select(Payment.__table__).where(Payment.sale_id == bindparam("sale")).order_by(Payment.position))


def number_text(desk_code: str, number: int) -> str:
    """A receipt's number as printed: K1-00387, the 387th sale at desk K1."""
    return f"{desk_code}-{number:05d}"


def slip_number(desk_code: str, number: int) -> str:
    """A refund slip's number as printed: R-K1-00004."""
    return f"R-{number_text(desk_code, number)}"


def tender_words() -> dict[str, str]:
    """What each tender is called."""
    return {"cash": _("Tunai"), "qris": _("QRIS"), "transfer": _("Transfer"), "card": _("Kartu")}


def receipt(sale_id: int, user: SignedIn) -> dict[str, Any]:
    """A sale with its lines and payments. Of another showroom there is none."""
    conn = reading()
    sale = _ONE.first(conn, sale=sale_id)
    if sale is None or sale.showroom_id != user.showroom_id:
        raise NotHere
    lines = _LINES.rows(conn, sale=sale_id)
    payments = _PAYMENTS.rows(conn, sale=sale_id)
    names = tender_words()
    return {
        "id": sale.id, "number": number_text(sale.code, sale.number), "desk_name": sale.desk_name, "at": sale.at,
        "user_name": sale.user_name, "approver": sale.approver, "total": sale.total,
        "pieces": sale.pieces, "lines": lines,
        "crafters": len({line.crafter_id for line in lines}),
        "crafter_share": sum(line.crafter_share for line in lines),
        "showroom_share": sum(line.showroom_share for line in lines),
        "gross": sum(line.price * line.quantity for line in lines),
        "discount": sum(line.discount for line in lines), "rounding": sale.rounding,
        "services": _SERVICES.rows(conn, sale=sale_id) if sale.services else [],
        "refunds": [
            dict(r._asdict(), slip=slip_number(r.code, r.number)) for r in _REFUNDS.rows(conn, sale=sale_id)
        ],
        "payments": [dict(p._asdict(), tender_name=names[p.tender]) for p in payments],
        "received": sum(p.received for p in payments), "change": sum(p.change for p in payments),
    }  # fmt: skip


def whatsapp_text(sale: dict[str, Any], showroom_name: str) -> str:
    """An address that opens WhatsApp with the receipt as text, for the buyer to be chosen there."""
    lines = [showroom_name, _("Struk %(number)s", number=sale["number"])]
    for refund in sale["refunds"]:
        undone = _("DIBATALKAN") if refund["kind"] == "void" else _("RETUR")
        lines.append(f"{undone} {refund['slip']}: {format_rupiah(refund['total'] + refund['rounding'])}")
    lines += [f"{line.quantity} x {line.name}: {format_rupiah(line.net)}" for line in sale["lines"]]
    lines += [f"{service.name}: {format_rupiah(service.amount)}" for service in sale["services"]]
    if sale["rounding"]:
        lines.append(f"{_('Pembulatan tunai')}: {format_rupiah(sale['rounding'])}")
    lines += [_("Total %(amount)s", amount=format_rupiah(sale["total"] + sale["rounding"])), _("Terima kasih.")]
    return "https://wa.me/?text=" + quote("\n".join(lines))


def list_sales(user: SignedIn, before: int | None = None) -> list[AnyRow]:
    """A page of sales, newest first; an attendant sees those they rang up, a manager all. One row more than PAGE
    means that there is more."""
    query = _SALE.where(Sale.showroom_id == user.showroom_id).order_by(Sale.id.desc()).limit(PAGE + 1)
    if user.role != MANAGER:
        query = query.where(Sale.user_id == user.id)
    if before is not None:
        query = query.where(Sale.id < before)
    return list(reading().execute(query))


def tenders_of(sale_ids: list[int]) -> dict[int, list[str]]:
    """Sale id -> the tenders it was paid by, in words."""
    names = tender_words()
    query = select(Payment.sale_id, Payment.tender).where(Payment.sale_id.in_(sale_ids)).order_by(Payment.position)
    found: dict[int, list[str]] = {}
    for row in reading().execute(query):
        found.setdefault(row.sale_id, []).append(names[row.tender])
    return found


def taken_since(user: SignedIn, since: datetime) -> tuple[int, int, int]:
    """Number of sales since a moment, their rupiah, and what was given back, of those this user may see."""
    sold = select(func.count(), func.coalesce(func.sum(Sale.total), 0)).where(
        Sale.showroom_id == user.showroom_id, Sale.at >= since
    )
    back = select(func.coalesce(func.sum(Refund.total), 0)).where(
        Refund.showroom_id == user.showroom_id, Refund.at >= since
    )
    if user.role != MANAGER:
        sold, back = sold.where(Sale.user_id == user.id), back.where(Refund.user_id == user.id)
    count, total = reading().execute(sold).one()
    return int(count), int(total), int(reading().execute(back).scalar_one())
