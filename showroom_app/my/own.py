"""What a crafter may know of their own goods and money."""

from datetime import datetime
from typing import Any

from sqlalchemy import and_, func, or_, select

from showroom_app.extensions import AnyRow, reading
from showroom_app.lib.money import FULL_RATE_BPS
from showroom_app.sales.models import SaleLine
from showroom_app.sales.money_models import RefundLine
from showroom_app.sales.shares import given_back, sold
from showroom_app.stock.models import Item, Product

PAGE = 30


def sold_since(crafter_id: int, since: datetime) -> dict[str, int]:
    """Pieces sold and rupiah for the crafter since a moment, less what buyers gave back."""
    conn, pieces, amount = reading(), 0, 0
    for query in sold(crafter_id):
        own = query.where(SaleLine.at >= since).subquery()
        row = conn.execute(select(func.sum(own.c.quantity), func.sum(own.c.own))).one()
        pieces, amount = pieces + int(row[0] or 0), amount + int(row[1] or 0)
    for query in given_back(crafter_id):
        own = query.where(RefundLine.at >= since).subquery()
        row = conn.execute(select(func.sum(own.c.quantity), func.sum(own.c.own - own.c.own_borne))).one()
        pieces, amount = pieces - int(row[0] or 0), amount - int(row[1] or 0)
    return {"pieces": pieces, "crafter_share": amount}


def _came_back(crafter_id: int, sale_ids: list[int]) -> dict[tuple[int, int], tuple[int, int]]:
    """(sale, position) -> pieces that the buyer gave back, and what the crafter gave back of it."""
    found: dict[tuple[int, int], tuple[int, int]] = {}
    for query in given_back(crafter_id):
        for row in reading().execute(query.where(RefundLine.sale_id.in_(sale_ids))):
            pieces, amount = found.get((row.sale_id, row.sale_position), (0, 0))
            lost = int(row.own - row.own_borne)
            found[row.sale_id, row.sale_position] = pieces + int(row.quantity), amount + lost
    return found


def _discounts(row: AnyRow) -> list[tuple[str, int]]:
    """What the buyer paid less than the price, by who bore it: 'shared', 'showroom' or 'crafter'."""
    shared = row.discount - row.discount_showroom - row.discount_crafter
    by = [("shared", shared), ("showroom", row.discount_showroom), ("crafter", row.discount_crafter)]
    return [(bearer, amount) for bearer, amount in by if amount]


def _rate(row: AnyRow) -> int:
    """The showroom's part in basis points: the commission as agreed; else, with another price or a discount that one
    side bore, what it came to, to the nearest percent."""
    if row.terms_kind == "commission" and not row.discount_showroom and not row.discount_crafter:
        return int(row.commission_bps)
    percent = FULL_RATE_BPS // 100
    return (2 * row.showroom_share * 100 + row.net) // (2 * row.net) * percent if row.net else 0


def latest_sales(crafter_id: int, most: int = PAGE, before: tuple[int, int] | None = None) -> list[dict[str, Any]]:
    """The latest sales of a crafter's goods, each with what the buyer paid and who gets what. `before` is
    (sale, position) of the last line already seen."""
    rows: list[AnyRow] = []
    for own in sold(crafter_id):
        query = (
            own.add_columns(Product.category, Product.photo, Item.product_id)
            .join(Item, Item.id == SaleLine.item_id)
            .join(Product, Product.id == Item.product_id)
            .order_by(SaleLine.sale_id.desc(), SaleLine.position)
            .limit(most)
        )
        if before is not None:
            sale_id, position = before
            later = and_(SaleLine.sale_id == sale_id, SaleLine.position > position)
            query = query.where(or_(SaleLine.sale_id < sale_id, later))
        rows += reading().execute(query)
    rows = sorted(rows, key=lambda row: (-row.sale_id, row.position))[:most]
    back = _came_back(crafter_id, [row.sale_id for row in rows])
    return [
        {
            "sale_id": row.sale_id, "position": row.position, "product_id": row.product_id,
            "returned": back.get((row.sale_id, row.position), (0, 0)), "discounts": _discounts(row),
            "name": row.name, "category": row.category, "photo": row.photo,
            "at": row.at, "quantity": row.quantity, "paid": row.net,
            "crafter_share": row.own, "showroom_share": row.showroom_share,
            "partners_share": row.crafter_share - row.own, "makers": row.crafter_name if row.joint else "",
            "showroom_percent": _rate(row),
        }
        for row in rows
    ]  # fmt: skip
