"""Output by month, for the association and the ward."""

from datetime import date
from typing import Any

from sqlalchemy import case, func, select

from showroom_app.extensions import AnySelect, now, reading
from showroom_app.lib.clock import jakarta_date, month_start, previous_month
from showroom_app.people.models import Crafter
from showroom_app.sales.models import Sale, SaleLine, SaleService
from showroom_app.sales.money_models import Refund, RefundLine, RefundService

MONTHS = 6


def months(showroom_id: int) -> list[dict[str, Any]]:
    """The last six months, oldest first; the running one is marked as not finished."""
    first = jakarta_date(now()).replace(day=1)
    starts = [first]
    while len(starts) < MONTHS:
        starts.insert(0, previous_month(starts[0]))
    ends = [*starts[1:], None]
    return [
        _month(showroom_id, start, end) | {"month": start, "partial": end is None}
        for start, end in zip(starts, ends, strict=True)
    ]


def _month(showroom_id: int, start: date, end: date | None) -> dict[str, int]:
    """Sales less what was given back in the month; services stand apart, they are nobody's share, and what was only
    passed on to a driver apart from the showroom's own."""
    where = (showroom_id, start, end)
    sums = (SaleLine.quantity, SaleLine.net, SaleLine.crafter_share, SaleLine.showroom_share)
    lines = select(func.count(Sale.id.distinct()), *map(_sum, sums)).select_from(Sale)
    sold = _of(lines.join(SaleLine, SaleLine.sale_id == Sale.id), Sale, *where)
    sums = (RefundLine.quantity, RefundLine.net, RefundLine.crafter_share, RefundLine.showroom_share)
    lines = select(*map(_sum, sums)).select_from(Refund)
    back = _of(lines.join(RefundLine, RefundLine.refund_id == Refund.id), Refund, *where)
    services = select(*_by_payee(SaleService)).select_from(Sale).join(SaleService, SaleService.sale_id == Sale.id)
    own, driver = _of(services, Sale, *where)
    given = select(*_by_payee(RefundService)).select_from(Refund)
    own_back, driver_back = _of(given.join(RefundService, RefundService.refund_id == Refund.id), Refund, *where)
    names = ("pieces", "gross", "crafter_share", "showroom_share")
    told = {name: int(sold[i + 1]) - int(back[i]) for i, name in enumerate(names)}
    apart = {"services": int(own) - int(own_back), "driver": int(driver) - int(driver_back)}
    return told | apart | {"sales": int(sold[0])}


def _sum(column: Any) -> Any:
    return func.coalesce(func.sum(column), 0)


def _by_payee(service: Any) -> list[Any]:
    """What the showroom gets for services, and what goes on to a driver."""
    return [_sum(case((service.payee == payee, service.amount), else_=0)) for payee in ("showroom", "driver")]


def _of(query: AnySelect, table: Any, showroom_id: int, start: date, end: date | None) -> Any:
    query = query.where(table.showroom_id == showroom_id, table.at >= month_start(start))
    return reading().execute(query.where(table.at < month_start(end)) if end is not None else query).one()


def crafters_active(showroom_id: int) -> int:
    """How many crafters take part."""
    query = select(func.count()).where(Crafter.showroom_id == showroom_id, Crafter.active)
    return int(reading().execute(query).scalar_one())
