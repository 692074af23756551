"""What a crafter may know of their own goods and money."""

from datetime import datetime
from typing import Any

from sqlalchemy import and_, func, or_, select

from showroom_app.extensions import AnyRow, reading
from showroom_app.ledger.models import IS_THERE, Account, Balance
from showroom_app.lib.money import FULL_RATE_BPS
from showroom_app.sales.models import SaleLine
from showroom_app.sales.money_models import RefundLine
from showroom_app.sales.shares import given_back, sold
from showroom_app.stock.items import AWAY
from showroom_app.stock.models import Item, Maker, Product

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


def _came_back(sale_ids: list[int]) -> dict[tuple[int, int], int]:
    """(sale, position) -> pieces that the buyer gave back."""
    query = (
        select(RefundLine.sale_id, RefundLine.sale_position, func.sum(RefundLine.quantity).label("pieces"))
        .where(RefundLine.sale_id.in_(sale_ids))
        .group_by(RefundLine.sale_id, RefundLine.sale_position)
    )
    return {(row.sale_id, row.sale_position): int(row.pieces) for row in reading().execute(query)}


def latest_sales(crafter_id: int, most: int = PAGE, before: tuple[int, int] | None = None) -> list[dict[str, Any]]:
    """The latest sales of a crafter's goods, each with what the buyer paid and who gets what. `before` is
    (sale, position) of the last line already seen."""
    rows: list[AnyRow] = []
    for own in sold(crafter_id):
        query = (
            own.add_columns(Product.category, Product.photo)
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
    back = _came_back([row.sale_id for row in rows])
    return [
        {
            "sale_id": row.sale_id, "position": row.position, "returned": back.get((row.sale_id, row.position), 0),
            "name": row.name, "category": row.category, "photo": row.photo,
            "at": row.at, "quantity": row.quantity, "paid": row.net,
            "crafter_share": row.own, "showroom_share": row.showroom_share,
            "partners_share": row.crafter_share - row.own, "makers": row.crafter_name if row.joint else "",
            "showroom_percent": row.showroom_share * FULL_RATE_BPS // row.net if row.net else 0,
        }
        for row in rows
    ]  # fmt: skip


def goods(crafter_id: int) -> list[AnyRow]:
    """A crafter's products, those made with others too: price, pieces on the shelf and sold; what is there first."""
    with_others = select(Item.id).join(Maker, Maker.line_id == Item.line_id).where(Maker.crafter_id == crafter_id)
    products = select(Item.product_id).join(Maker, Maker.line_id == Item.line_id)
    theirs = select(Product.id).where(Product.crafter_id == crafter_id)
    both = theirs.union(products.where(Maker.crafter_id == crafter_id)).scalar_subquery()
    gone = (
        select(SaleLine.item_id, func.sum(SaleLine.quantity).label("sold"))
        .where(or_(SaleLine.crafter_id == crafter_id, SaleLine.item_id.in_(with_others)))
        .group_by(SaleLine.item_id)
        .subquery()
    )
    back = (
        select(RefundLine.item_id, func.sum(RefundLine.quantity).label("back"))
        .where(or_(RefundLine.crafter_id == crafter_id, RefundLine.item_id.in_(with_others)))
        .group_by(RefundLine.item_id)
        .subquery()
    )
    away = (
        select(Balance.unit, func.sum(Balance.amount).label("away"))
        .join(Account, Account.id == Balance.account_id)
        .where(Account.kind.in_(AWAY), IS_THERE)
        .group_by(Balance.unit)
        .subquery()
    )
    on_shelf = func.coalesce(func.sum(Balance.amount), 0)
    net = func.coalesce(func.sum(gone.c.sold), 0) - func.coalesce(func.sum(back.c.back), 0)
    query = (
        select(
            Product.name, Product.category, Product.photo, func.max(Item.price).label("price"),
            on_shelf.label("on_shelf"), func.coalesce(func.sum(away.c.away), 0).label("away"),
            net.label("sold"), func.max(Item.received_at).label("received_at"),
        )
        .join(Item, Item.product_id == Product.id)
        .join(Account, (Account.kind == "shelf") & (Account.owner_id == Item.showroom_id))
        .outerjoin(Balance, (Balance.unit == Item.id) & (Balance.account_id == Account.id))
        .outerjoin(away, away.c.unit == Item.id)
        .outerjoin(gone, gone.c.item_id == Item.id)
        .outerjoin(back, back.c.item_id == Item.id)
        .where(Product.id.in_(both), or_(Product.crafter_id == crafter_id, Item.id.in_(with_others)))
        .group_by(Product.id, Product.name, Product.category, Product.photo)
        .order_by((on_shelf > 0).desc(), func.max(Item.received_at).desc())
    )  # fmt: skip
    return list(reading().execute(query))
