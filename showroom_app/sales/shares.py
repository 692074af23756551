"""Crafters' shares line by line, of joint work too: what each maker gets of a sale, and gives back with a refund."""

from collections.abc import Collection, Sequence

from sqlalchemy import Connection, false, select

from showroom_app.extensions import AnyRow, AnySelect
from showroom_app.lib.money import FULL_RATE_BPS
from showroom_app.sales.models import SaleLine, SaleShare
from showroom_app.sales.money_models import RefundLine, RefundShare
from showroom_app.sales.pricing import Line
from showroom_app.stock import joint
from showroom_app.stock.joint import Part


def parts_of(conn: Connection, lines: Sequence[Line]) -> list[list[Part]]:
    """For each line of a basket, who gets what of its crafters' share."""
    who = joint.makers_of(conn, {line.item.line_id for line in lines if line.item.joint})
    return [
        joint.parts(line.split.crafter, who[line.item.line_id])
        if line.item.joint
        else [Part(line.item.crafter_id, line.item.crafter_name, FULL_RATE_BPS, line.split.crafter)]
        for line in lines
    ]


def shares_of(conn: Connection, sale_id: int) -> dict[int, list[AnyRow]]:
    """Position -> shares (crafter_id, amount) of a sale's joint lines, in the order in which they were posted."""
    query = select(SaleShare.__table__).where(SaleShare.sale_id == sale_id)
    found: dict[int, list[AnyRow]] = {}
    for row in conn.execute(query.order_by(SaleShare.position, SaleShare.crafter_id)):
        found.setdefault(row.position, []).append(row)
    return found


def sold(crafter_id: int) -> tuple[AnySelect, AnySelect]:
    """A crafter's sale lines, `own` what they get of each: lines of their own goods, and of joint work. Two statements
    to be narrowed alike, each read along its own index."""
    alone = select(SaleLine.__table__, SaleLine.crafter_share.label("own"))
    shared = select(SaleLine.__table__, SaleShare.amount.label("own")).join(
        SaleShare, (SaleShare.sale_id == SaleLine.sale_id) & (SaleShare.position == SaleLine.position)
    )
    return (
        alone.where(SaleLine.crafter_id == crafter_id, SaleLine.joint == false()),
        shared.where(SaleShare.crafter_id == crafter_id),
    )


def given_back(crafter_id: int) -> tuple[AnySelect, AnySelect]:
    """A crafter's refund lines, `own` what they give back of each and `own_borne` what of it the showroom bears: of
    their own goods, and of joint work."""
    alone = select(RefundLine.__table__, RefundLine.crafter_share.label("own"), RefundLine.borne.label("own_borne"))
    shared = select(RefundLine.__table__, RefundShare.amount.label("own"), RefundShare.borne.label("own_borne")).join(
        RefundShare, (RefundShare.refund_id == RefundLine.refund_id) & (RefundShare.position == RefundLine.position)
    )
    return (
        alone.where(RefundLine.crafter_id == crafter_id, RefundLine.joint == false()),
        shared.where(RefundShare.crafter_id == crafter_id),
    )


def crafters_of(conn: Connection, sale_id: int) -> Collection[int]:
    """Everyone who gets something of a sale."""
    alone = select(SaleLine.crafter_id).where(SaleLine.sale_id == sale_id)
    shared = select(SaleShare.crafter_id).where(SaleShare.sale_id == sale_id)
    return set(conn.execute(alone.union(shared)).scalars())
