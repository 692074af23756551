"""What a count comes to, written in one go when it closes. The rule stands in `stocktake.py`."""

from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Integer,
    Select,
    and_,
    case,
    cast,
    func,
    insert,
    literal,
    literal_column,
    null,
    select,
)

from showroom_app.counting.models import StocktakeCount, StocktakeResult, StocktakeStranger
from showroom_app.extensions import AnyRow, AnySelect, UtcTime, Whole
from showroom_app.ledger.models import IS_THERE, MOVES_GOODS, Account, Balance, Posting
from showroom_app.people.models import Crafter
from showroom_app.stock.models import Item, Product

COLUMNS = (
    "stocktake_id", "item_id", "code", "name", "crafter_name", "price", "kind", "expected", "counted", "later", "place",
    "entry_id", "counted_by", "counted_at",
)  # fmt: skip
# The last entry that moved an item's pieces.
LAST_ENTRY = (
    select(func.max(Posting.entry_id))
    .where(Posting.unit == Item.id, MOVES_GOODS)
    .correlate(Item)
    .scalar_subquery()
    .label("entry_id")
)


def shelf_of(showroom_id: int) -> Any:
    """A showroom's shelf in the book, as a part of a query."""
    return select(Account.id).where(Account.kind == "shelf", Account.owner_id == showroom_id).scalar_subquery()


def in_scope(stocktake: AnyRow) -> ColumnElement[bool]:
    """Whether an item, joined with its product, is of what a count is about."""
    within = [Item.showroom_id == stocktake.showroom_id]
    if stocktake.scope == "category":
        within.append(Product.category == stocktake.category)
    if stocktake.scope == "crafter":
        within.append(Item.crafter_id == stocktake.crafter_id)
    return and_(*within)


def uncounted(stocktake: AnyRow, *columns: Any) -> AnySelect:
    """What stands on the shelf by the book now and was not counted: a query of these columns of Balance, Item, Product
    and Crafter."""
    counted = and_(StocktakeCount.stocktake_id == stocktake.id, StocktakeCount.item_id == Balance.unit)
    return (
        select(*columns)
        .select_from(Balance)
        .join(Item, Item.id == Balance.unit)
        .join(Product, Product.id == Item.product_id)
        .join(Crafter, Crafter.id == Item.crafter_id)
        .outerjoin(StocktakeCount, counted)
        .where(
            Balance.account_id == shelf_of(stocktake.showroom_id),
            IS_THERE,
            StocktakeCount.item_id.is_(None),
            in_scope(stocktake),
        )
    )


def later_pieces(stocktake: AnyRow) -> tuple[Any, ColumnElement[int]]:
    """Pieces of an item that came to the shelf after the start: a table to be joined by its unit, and of those as many
    as stand there now, for a query that has `Balance`."""
    came = (
        select(Posting.unit, func.sum(Posting.amount).label("pieces"))
        .where(
            Posting.debit_id == shelf_of(stocktake.showroom_id),
            Posting.entry_id > stocktake.after_entry_id,
            MOVES_GOODS,
        )
        .group_by(Posting.unit)
        .subquery()
    )
    pieces = cast(func.coalesce(came.c.pieces, 0), Whole)
    return came, case((pieces < Balance.amount, pieces), else_=Balance.amount)


def write_result(conn: Connection, stocktake: AnyRow) -> dict[str, int]:
    """Write a row for each label that was counted, and for each that should have been. Returns the figures: labels, and
    pieces that were expected, counted as expected, missing, and unexpected."""
    queries: list[Any] = [_of_counts(stocktake), _of_strangers(stocktake), _of_uncounted(stocktake)]
    for query in queries:
        conn.execute(insert(StocktakeResult).from_select(list(COLUMNS), query))
    expected, counted = StocktakeResult.expected, StocktakeResult.counted
    as_expected = case((counted < expected, counted), else_=expected)
    sums = {
        "labels": func.count(), "expected": _sum(expected), "counted": _sum(as_expected),
        "missing": _sum(expected - as_expected), "unexpected": _sum(counted - as_expected),
    }  # fmt: skip
    query = select(*sums.values()).where(StocktakeResult.stocktake_id == stocktake.id)
    return dict(zip(sums, map(int, conn.execute(query).one()), strict=True))


def _sum(pieces: Any) -> ColumnElement[int]:
    return func.coalesce(func.sum(pieces), 0)


def _of_counts(stocktake: AnyRow) -> Select[Any]:
    """What was scanned. Goods of another showroom are named by their code alone."""
    count = StocktakeCount
    kind = case(
        (count.pieces < count.on_shelf, "missing"), (count.pieces > count.on_shelf, "unexpected"), else_="counted"
    )
    ours = Item.showroom_id == stocktake.showroom_id
    return (
        select(
            count.stocktake_id, Item.id, Item.code, case((ours, Product.name), else_=""),
            case((ours, Crafter.name), else_=""), case((ours, Item.price), else_=0), kind,
            count.on_shelf, count.pieces, literal_column("0", Integer), count.place, count.entry_id, count.user_id,
            count.at,
        )
        .join(Item, Item.id == count.item_id)
        .join(Product, Product.id == Item.product_id)
        .join(Crafter, Crafter.id == Item.crafter_id)
        .where(count.stocktake_id == stocktake.id)
        .order_by(Item.id)
    )  # fmt: skip


def _of_strangers(stocktake: AnyRow) -> Select[Any]:
    """Codes that are nobody's: a piece each."""
    one, none, stranger = literal_column("1", Integer), literal_column("0", Integer), StocktakeStranger
    empty: Any = literal_column("''")
    nothing = cast(null(), Whole)
    return (
        select(
            stranger.stocktake_id, nothing, stranger.code, empty, empty, none, literal_column("'unexpected'"), none,
            one, none, literal_column("'unknown'"), cast(null(), Whole), stranger.user_id, stranger.at,
        )
        .where(stranger.stocktake_id == stocktake.id)
        .order_by(stranger.code)
    )  # fmt: skip


def _of_uncounted(stocktake: AnyRow) -> Select[Any]:
    """What stands on the shelf and nobody counted; of what came after the start nobody knows."""
    came, later = later_pieces(stocktake)
    expected = Balance.amount - later
    columns: tuple[Any, ...] = (
        literal(stocktake.id, Whole), Item.id, Item.code, Product.name, Crafter.name, Item.price,
        case((expected > 0, "missing"), else_="later"), expected, literal_column("0", Integer), later,
        literal_column("'shelf'"), LAST_ENTRY, cast(null(), Whole), cast(null(), UtcTime()),
    )  # fmt: skip
    return uncounted(stocktake, *columns).outerjoin(came, came.c.unit == Balance.unit).order_by(Item.id)
