"""What a crafter may know of their own goods and money."""

from datetime import datetime
from typing import Any

from sqlalchemy import and_, func, or_, select

from showroom_app.extensions import AnyRow, reading
from showroom_app.ledger.models import Account, Balance
from showroom_app.lib.money import FULL_RATE_BPS
from showroom_app.sales.models import SaleLine
from showroom_app.stock.models import Item, Product

PAGE = 30


def sold_since(crafter_id: int, since: datetime) -> dict[str, int]:
    """Pieces sold and rupiah for the crafter since a moment."""
    query = select(
        func.coalesce(func.sum(SaleLine.quantity), 0), func.coalesce(func.sum(SaleLine.crafter_share), 0)
    ).where(SaleLine.crafter_id == crafter_id, SaleLine.at >= since)
    pieces, share = reading().execute(query).one()
    return {"pieces": int(pieces), "crafter_share": int(share)}


def latest_sales(crafter_id: int, most: int = PAGE, before: tuple[int, int] | None = None) -> list[dict[str, Any]]:
    """The latest sales of a crafter's goods, each with what the buyer paid and who gets what. `before` is
    (sale, position) of the last line already seen."""
    query = (
        select(SaleLine.__table__, Product.category)
        .join(Item, Item.id == SaleLine.item_id)
        .join(Product, Product.id == Item.product_id)
        .where(SaleLine.crafter_id == crafter_id)
        .order_by(SaleLine.sale_id.desc(), SaleLine.position)
        .limit(most)
    )
    if before is not None:
        sale_id, position = before
        later = and_(SaleLine.sale_id == sale_id, SaleLine.position > position)
        query = query.where(or_(SaleLine.sale_id < sale_id, later))
    return [
        {
            "sale_id": row.sale_id, "position": row.position,
            "name": row.name, "category": row.category,
            "at": row.at, "quantity": row.quantity, "paid": row.net,
            "crafter_share": row.crafter_share, "showroom_share": row.showroom_share,
            "showroom_percent": row.showroom_share * FULL_RATE_BPS // row.net if row.net else 0,
        }
        for row in reading().execute(query)
    ]  # fmt: skip


def goods(crafter_id: int) -> list[AnyRow]:
    """A crafter's products with price, pieces on the shelf and pieces sold; what is there first."""
    sold = (
        select(SaleLine.item_id, func.sum(SaleLine.quantity).label("sold"))
        .where(SaleLine.crafter_id == crafter_id)
        .group_by(SaleLine.item_id)
        .subquery()
    )
    on_shelf = func.coalesce(func.sum(Balance.amount), 0)
    query = (
        select(
            Product.name, Product.category, func.max(Item.price).label("price"), on_shelf.label("on_shelf"),
            func.coalesce(func.sum(sold.c.sold), 0).label("sold"), func.max(Item.received_at).label("received_at"),
        )
        .join(Item, Item.product_id == Product.id)
        .join(Account, (Account.kind == "shelf") & (Account.owner_id == Item.showroom_id))
        .outerjoin(Balance, (Balance.unit == Item.id) & (Balance.account_id == Account.id))
        .outerjoin(sold, sold.c.item_id == Item.id)
        .where(Product.crafter_id == crafter_id)
        .group_by(Product.id, Product.name, Product.category)
        .order_by((on_shelf > 0).desc(), func.max(Item.received_at).desc())
    )  # fmt: skip
    return list(reading().execute(query))
