"""Reading refunds back: find the sale behind a receipt or a piece, one slip, the list, and balances afterwards."""

import re
from typing import Any

from sqlalchemy import Connection, Integer, cast, func, literal, select
from sqlalchemy.orm import aliased

from showroom_app.extensions import AnyRow, reading
from showroom_app.ledger import book
from showroom_app.ledger.models import Desk
from showroom_app.lib import label_code
from showroom_app.people.models import Crafter, User
from showroom_app.sales.models import Sale, SaleLine
from showroom_app.sales.money_models import Refund, RefundLine, RefundPayment, RefundService
from showroom_app.sales.receipt import PAGE, number_text, slip_number, tender_words
from showroom_app.sales.refundable import Back, Left
from showroom_app.stock.models import Item
from showroom_app.web.access import MANAGER, SignedIn

_NUMBER = re.compile(r"(?:([A-Za-z]+\d*)-)?0*(\d{1,9})", re.A)
FOUND_MAX = 20


def find_sales(typed: str, user: SignedIn) -> list[AnyRow]:
    """Sales by a receipt's number (K1-00387, or 387) or by a piece's code; newest first, with the item meant. One row
    more than FOUND_MAX means that there are more."""
    code = label_code.parse(typed)
    query = (
        select(Sale.id, Sale.number, Sale.at, Sale.total, Desk.code, cast(literal(0), Integer).label("item_id"))
        .join(Desk, Desk.id == Sale.desk_id)
        .where(Sale.showroom_id == user.showroom_id)
        .order_by(Sale.id.desc())
        .limit(FOUND_MAX + 1)
    )
    if code is not None:
        of_item = select(Item.id).where(Item.code == code).scalar_subquery()
        query = query.join(SaleLine, SaleLine.sale_id == Sale.id).where(SaleLine.item_id == of_item)
        query = query.with_only_columns(
            Sale.id, Sale.number, Sale.at, Sale.total, Desk.code, SaleLine.item_id.label("item_id")
        )
        return list(reading().execute(query))
    match = _NUMBER.fullmatch(typed)
    if match is None:
        return []
    query = query.where(Sale.number == int(match[2]))
    if match[1]:
        query = query.where(Desk.code == match[1].upper())
    return list(reading().execute(query))


_Till = aliased(Desk)  # where it was sold
_REFUND = (
    select(
        Refund.__table__, Desk.code, Desk.name.label("desk_name"), User.name.label("user_name"),
        Sale.number.label("sale_number"), Sale.at.label("sale_at"), _Till.code.label("sale_code"),
    )
    .join(Desk, Desk.id == Refund.desk_id)
    .join(User, User.id == Refund.user_id)
    .join(Sale, Sale.id == Refund.sale_id)
    .join(_Till, _Till.id == Sale.desk_id)
)  # fmt: skip


def list_refunds(user: SignedIn, before: int | None = None) -> list[AnyRow]:
    """A page of refunds, newest first; one row more than PAGE means that there is more."""
    query = _REFUND.where(Refund.showroom_id == user.showroom_id).order_by(Refund.id.desc()).limit(PAGE + 1)
    if user.role != MANAGER:
        query = query.where(Refund.user_id == user.id)
    if before is not None:
        query = query.where(Refund.id < before)
    return list(reading().execute(query))


def refund_slip(refund_id: int, user: SignedIn) -> dict[str, Any] | None:
    """A refund with its lines and payments; of another showroom there is none."""
    conn = reading()
    row = conn.execute(_REFUND.where(Refund.id == refund_id)).first()
    if row is None or row.showroom_id != user.showroom_id:
        return None
    approved = conn.execute(select(User.name).where(User.id == row.approved_by)).scalar() if row.approved_by else ""
    lines = (
        select(RefundLine.__table__, SaleLine.name, SaleLine.crafter_name, Item.code)
        .join(SaleLine, (SaleLine.sale_id == RefundLine.sale_id) & (SaleLine.position == RefundLine.sale_position))
        .join(Item, Item.id == RefundLine.item_id)
        .where(RefundLine.refund_id == refund_id)
        .order_by(RefundLine.position)
    )
    services = conn.execute(
        select(func.coalesce(func.sum(RefundService.amount), 0)).where(RefundService.refund_id == refund_id)
    ).scalar_one()
    payments = conn.execute(select(RefundPayment.__table__).where(RefundPayment.refund_id == refund_id)).all()
    words = tender_words()
    return {
        "id": row.id, "number": slip_number(row.code, row.number), "kind": row.kind, "at": row.at,
        "reason": row.reason, "desk_name": row.desk_name, "user_name": row.user_name, "approved_by": approved,
        "sale_id": row.sale_id, "sale_number": number_text(row.sale_code, row.sale_number), "sale_at": row.sale_at,
        "lines": conn.execute(lines).all(), "services": int(services), "total": row.total, "rounding": row.rounding,
        "payments": [(words[payment.tender], payment.amount, payment.reference) for payment in payments],
        "money": row.total + row.rounding,
    }  # fmt: skip


def balances_after(conn: Connection, left: Left, back: Back) -> list[dict[str, Any]]:
    """Each crafter's balance before and after a refund, in rupiah owed to them; below zero is what they owe."""
    told: dict[int, dict[str, Any]] = {}
    paid = {line.line.position: line.paid_to for line in left.lines}
    ids = {part.crafter_id for line in back.lines for part in line.parts}
    names = {row.id: row.name for row in conn.execute(select(Crafter.id, Crafter.name).where(Crafter.id.in_(ids)))}
    for line in back.lines:
        for part in line.parts:
            blank = {"name": names[part.crafter_id], "less": 0, "borne": 0, "paid": False}
            one = told.setdefault(part.crafter_id, blank)
            one["less"] += part.amount - part.borne
            one["borne"] += part.borne
            one["paid"] = one["paid"] or part.crafter_id in paid[line.position]
    accounts = book.accounts(conn, [("crafter", crafter) for crafter in told])
    for crafter, one in told.items():
        one["before"] = -book.balance(conn, accounts["crafter", crafter])
        one["after"] = one["before"] - one["less"]
    return list(told.values())
