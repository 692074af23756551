"""Reading the result of a closed count."""

from dataclasses import dataclass

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import aliased

from showroom_app.counting.models import Stocktake, StocktakeResult
from showroom_app.counting.progress import Hand
from showroom_app.extensions import AnyRow, AnySelect, reading
from showroom_app.ledger.models import Desk
from showroom_app.people.models import Crafter, User
from showroom_app.stock import write_offs
from showroom_app.stock.life_models import WriteOff
from showroom_app.stock.write_off import number_text

SHOWN_MAX = 200


@dataclass(frozen=True, slots=True)
class Shown:
    """Rows of one kind, the undecided first, and how many there are besides."""

    rows: list[AnyRow]
    more: int


def heading(stocktake_id: int) -> AnyRow:
    """A count with the names of who began and closed it and of its crafter."""
    began, closed = aliased(User), aliased(User)
    query = (
        select(
            Stocktake.__table__, began.name.label("started_name"), func.coalesce(closed.name, "").label("closed_name"),
            func.coalesce(Crafter.name, "").label("crafter_name"),
        )
        .join(began, began.id == Stocktake.started_by)
        .outerjoin(closed, closed.id == Stocktake.closed_by)
        .outerjoin(Crafter, Crafter.id == Stocktake.crafter_id)
        .where(Stocktake.id == stocktake_id)
    )  # fmt: skip
    return reading().execute(query).one()


def _rows(stocktake_id: int) -> AnySelect:
    counter, decider = aliased(User), aliased(User)
    found, back = write_offs.undone()
    return (
        select(
            StocktakeResult.__table__, counter.name.label("counter"), decider.name.label("decider"),
            WriteOff.number.label("write_off_number"), (WriteOff.compensation + back).label("compensation"),
            found.label("found"), Desk.code.label("desk_code"),
        )
        .outerjoin(counter, counter.id == StocktakeResult.counted_by)
        .outerjoin(decider, decider.id == StocktakeResult.settled_by)
        .outerjoin(WriteOff, WriteOff.id == StocktakeResult.write_off_id)
        .outerjoin(Desk, Desk.id == WriteOff.desk_id)
        .where(StocktakeResult.stocktake_id == stocktake_id)
    )  # fmt: skip


def shown(stocktake_id: int, kind: str) -> Shown:
    """Rows of one kind for the screen."""
    of = _of(stocktake_id, kind)
    many = reading().execute(select(func.count()).select_from(StocktakeResult).where(*of)).scalar_one()
    undecided_first = (StocktakeResult.settled_at.is_not(None), StocktakeResult.crafter_name, StocktakeResult.id)
    rows = list(reading().execute(_rows(stocktake_id).where(*of).order_by(*undecided_first).limit(SHOWN_MAX)))
    return Shown(rows, int(many) - len(rows))


def _of(stocktake_id: int, kind: str) -> list[ColumnElement[bool]]:
    return [StocktakeResult.stocktake_id == stocktake_id, StocktakeResult.kind == kind]


def all_rows(stocktake_id: int, kinds: tuple[str, ...] = ()) -> list[AnyRow]:
    """Rows in the order of papers: by crafter, name and code."""
    query = _rows(stocktake_id).order_by(StocktakeResult.crafter_name, StocktakeResult.name, StocktakeResult.code)
    return list(reading().execute(query.where(StocktakeResult.kind.in_(kinds)) if kinds else query))


def hands(stocktake_id: int) -> list[Hand]:
    """Who counted how much, the most first."""
    query = (
        select(User.name, func.count().label("labels"), func.sum(StocktakeResult.counted).label("pieces"))
        .join(User, User.id == StocktakeResult.counted_by)
        .where(StocktakeResult.stocktake_id == stocktake_id)
        .group_by(User.id, User.name)
        .order_by(func.count().desc(), User.name)
    )
    return [Hand(row.name, row.labels, int(row.pieces)) for row in reading().execute(query)]


def write_off_number(row: AnyRow) -> str:
    """The number of the loss that a row was posted as; empty where none was."""
    return number_text(row.desk_code, row.write_off_number) if row.write_off_number else ""
