"""Sales and refunds by the numbers on their papers, so that each is found from the other wherever one is told of."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import ColumnElement, Connection, select

from showroom_app.extensions import AnyRow, reading
from showroom_app.ledger.models import Desk
from showroom_app.sales.models import SaleLine
from showroom_app.sales.money_models import Refund, RefundLine
from showroom_app.sales.receipt import number_text, slip_number
from showroom_app.sales.shares import given_back


@dataclass(frozen=True, slots=True)
class Paper:
    """A receipt (`sale`) or a slip (`refund`, `void`) with the number on it."""

    kind: str
    id: int
    number: str


def of_sale(row: Any) -> Paper:
    """The receipt of a row with sale_id, code and number."""
    return Paper("sale", row.sale_id, number_text(row.code, row.number))


def of_refund(row: Any) -> tuple[Paper, Paper]:
    """The slip, and the receipt it came from, of a row with both their numbers."""
    slip = Paper(row.kind, row.refund_id, slip_number(row.code, row.number))
    return slip, Paper("sale", row.sale_id, number_text(row.sale_code, row.sale_number))


def words(papers: Sequence[Paper]) -> list[str]:
    """Papers of one line in words: its own by its number alone, then the one it came from, or what undid it."""
    said = {"sale": _("dari struk %(number)s"), "refund": _("diretur %(number)s"), "void": _("dibatalkan %(number)s")}
    return [
        said[paper.kind] % {"number": paper.number} if place else paper.number for place, paper in enumerate(papers)
    ]


def came_back(
    conn: Connection, crafter_id: int, *which: ColumnElement[bool]
) -> dict[tuple[int, int], list[tuple[datetime, Paper]]]:
    """(sale, position) -> when something of a crafter's line came back and the slip of it, oldest first. `which`
    narrows the sale lines."""
    sale_line = (SaleLine.sale_id == RefundLine.sale_id) & (SaleLine.position == RefundLine.sale_position)
    rows: list[AnyRow] = []
    for own in given_back(crafter_id):
        query = own.add_columns(Refund.kind, Refund.number, Desk.code).join(Refund, Refund.id == RefundLine.refund_id)
        query = query.join(Desk, Desk.id == Refund.desk_id).join(SaleLine, sale_line)
        rows += conn.execute(query.where(*which))
    found: dict[tuple[int, int], list[tuple[datetime, Paper]]] = {}
    for row in sorted(rows, key=lambda row: (row.refund_id, row.position)):
        slip = Paper(row.kind, row.refund_id, slip_number(row.code, row.number))
        found.setdefault((row.sale_id, row.sale_position), []).append((row.at, slip))
    return found


def refunds_of(sale_ids: Collection[int]) -> dict[int, list[Paper]]:
    """Sale id -> slips of what came back of it, oldest first."""
    query = (
        select(Refund.id, Refund.sale_id, Refund.kind, Refund.number, Desk.code)
        .join(Desk, Desk.id == Refund.desk_id)
        .where(Refund.sale_id.in_(sale_ids))
        .order_by(Refund.id)
    )
    found: dict[int, list[Paper]] = {}
    for row in reading().execute(query):
        found.setdefault(row.sale_id, []).append(Paper(row.kind, row.id, slip_number(row.code, row.number)))
    return found
