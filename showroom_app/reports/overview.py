"""Output by month, for the association and the ward."""

from datetime import date
from typing import Any

from sqlalchemy import func, select

from showroom_app.extensions import now, reading
from showroom_app.lib.clock import jakarta_date, month_start, previous_month
from showroom_app.people.models import Crafter
from showroom_app.sales.models import Sale, SaleLine

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
    query = (
        select(
            func.count(Sale.id.distinct()), func.coalesce(func.sum(SaleLine.quantity), 0),
            func.coalesce(func.sum(SaleLine.net), 0), func.coalesce(func.sum(SaleLine.crafter_share), 0),
            func.coalesce(func.sum(SaleLine.showroom_share), 0),
        )
        .join(SaleLine, SaleLine.sale_id == Sale.id)
        .where(Sale.showroom_id == showroom_id, Sale.at >= month_start(start))
    )  # fmt: skip
    if end is not None:
        query = query.where(Sale.at < month_start(end))
    figures = reading().execute(query).one()
    names = ("sales", "pieces", "gross", "crafter_share", "showroom_share")
    return dict(zip(names, map(int, figures), strict=True))


def crafters_active(showroom_id: int) -> int:
    """How many crafters take part."""
    query = select(func.count()).where(Crafter.showroom_id == showroom_id, Crafter.active)
    return int(reading().execute(query).scalar_one())
