"""An open count as it stands: how far it is, who scanned what last, what is still to be found."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import bindparam, case, func, select

from showroom_app.counting.close import later_pieces, uncounted
from showroom_app.counting.models import Stocktake, StocktakeCount, StocktakeStranger
from showroom_app.extensions import AnyRow, reading
from showroom_app.ledger.models import Balance, Entry
from showroom_app.people.models import Crafter, User
from showroom_app.prepared import Prepared
from showroom_app.stock.models import Item, Product

LAST = 8
LEFT_MAX = 200
PAGE = 50

_OF = StocktakeCount.stocktake_id == bindparam("stocktake")
_STAMP = Prepared(
    select(
        func.count().label("scans"),
        func.max(StocktakeCount.at).label("at"),
        select(func.max(Entry.id)).scalar_subquery().label("entry"),
        select(func.count())
        .select_from(StocktakeStranger)
        .where(StocktakeStranger.stocktake_id == bindparam("stocktake"))
        .scalar_subquery()
        .label("strangers"),
        select(Stocktake.status).where(Stocktake.id == bindparam("stocktake")).scalar_subquery().label("status"),
    ).where(_OF)
)
_AS_EXPECTED = case(
    (StocktakeCount.pieces < StocktakeCount.on_shelf, StocktakeCount.pieces), else_=StocktakeCount.on_shelf
)
_SUMS = select(
    StocktakeCount.user_id,
    func.count().label("labels"),
    func.sum(StocktakeCount.on_shelf).label("expected"),
    func.sum(_AS_EXPECTED).label("counted"),
    func.sum(case((StocktakeCount.pieces > StocktakeCount.on_shelf, 1), else_=0)).label("unexpected"),
).group_by(StocktakeCount.user_id)


@dataclass(frozen=True, slots=True)
class Hand:
    """What one person scanned: labels, and pieces."""

    name: str
    labels: int
    pieces: int


@dataclass(frozen=True, slots=True)
class Progress:
    """Pieces counted of those expected now, labels that were called out, and who scanned how much."""

    counted: int
    expected: int
    unexpected: int
    hands: list[Hand]

    @property
    def left(self) -> int:
        """Pieces on the shelf that nobody counted yet, and those missing from lots that were counted."""
        return self.expected - self.counted

    @property
    def percent(self) -> int:
        """How far it is: 100 only when nothing is left."""
        return 100 if not self.left else 100 * self.counted // self.expected


def stamp(stocktake_id: int) -> str:
    """A mark that is another one when anything was scanned, sold or received; cheap enough to be asked every second."""
    row = _STAMP.first(reading(), stocktake=stocktake_id)
    last = int(row.at.timestamp() * 1_000_000) if row.at else 0
    return f"{row.status}-{row.entry or 0}-{row.scans}-{row.strangers}-{last}"


def progress(stocktake: AnyRow) -> Progress:
    """How far a count is."""
    conn = reading()
    hands = list(conn.execute(_SUMS.where(StocktakeCount.stocktake_id == stocktake.id)))
    names = {
        row.id: row.name
        for row in conn.execute(select(User.id, User.name).where(User.id.in_([h.user_id for h in hands])))
    }
    counted = int(sum(hand.counted for hand in hands))
    waiting = conn.execute(uncounted(stocktake, func.coalesce(func.sum(Balance.amount), 0))).scalar_one()
    strangers = select(func.count()).where(StocktakeStranger.stocktake_id == stocktake.id)
    return Progress(
        counted,
        int(sum(hand.expected for hand in hands) + waiting),
        int(sum(hand.unexpected for hand in hands) + conn.execute(strangers).scalar_one()),
        sorted((Hand(names[h.user_id], h.labels, int(h.counted)) for h in hands), key=lambda hand: -hand.labels),
    )


_SCANNED = (
    select(
        StocktakeCount.__table__, Item.code, Item.quantity, Item.showroom_id, Product.name, Product.category,
        Product.photo, Crafter.name.label("crafter_name"), User.name.label("user_name"),
    )
    .join(Item, Item.id == StocktakeCount.item_id)
    .join(Product, Product.id == Item.product_id)
    .join(Crafter, Crafter.id == Item.crafter_id)
    .join(User, User.id == StocktakeCount.user_id)
)  # fmt: skip
_LAST = Prepared(_SCANNED.where(_OF).order_by(StocktakeCount.at.desc(), StocktakeCount.item_id.desc()).limit(LAST))
_ONE = Prepared(_SCANNED.where(_OF, StocktakeCount.item_id == bindparam("item")))


def last_scans(stocktake_id: int) -> list[Any]:
    """What was scanned last, by anybody, newest first."""
    return _LAST.rows(reading(), stocktake=stocktake_id)


def scanned(stocktake_id: int, item_id: int) -> Any:
    """A scan with its item and who made it, or None."""
    return _ONE.first(reading(), stocktake=stocktake_id, item=item_id)


def strangers(stocktake_id: int) -> list[AnyRow]:
    """Codes of nobody that were scanned, newest first."""
    query = (
        select(StocktakeStranger.__table__, User.name.label("user_name"))
        .join(User, User.id == StocktakeStranger.user_id)
        .where(StocktakeStranger.stocktake_id == stocktake_id)
    )
    return list(reading().execute(query.order_by(StocktakeStranger.at.desc()).limit(LAST)))


def left(stocktake: AnyRow) -> list[AnyRow]:
    """What is still to be found, by crafter and name; `later` of it came after the start. One row more than LEFT_MAX
    means that there is more."""
    came, later = later_pieces(stocktake)
    columns = (
        Item.id, Item.code, Item.quantity, Product.name, Product.category, Product.photo,
        Crafter.name.label("crafter_name"), Balance.amount.label("pieces"), later.label("later"),
    )  # fmt: skip
    query = uncounted(stocktake, *columns).outerjoin(came, came.c.unit == Balance.unit)
    return list(reading().execute(query.order_by(Crafter.name, Product.name, Item.code).limit(LEFT_MAX + 1)))


def stocktakes(showroom_id: int, before: int | None) -> list[AnyRow]:
    """A page of counts, newest first; one row more than PAGE means that there are more."""
    query = (
        select(Stocktake.__table__, User.name.label("user_name"), Crafter.name.label("crafter_name"))
        .join(User, User.id == Stocktake.started_by)
        .outerjoin(Crafter, Crafter.id == Stocktake.crafter_id)
        .where(Stocktake.showroom_id == showroom_id)
        .order_by(Stocktake.id.desc())
        .limit(PAGE + 1)
    )
    return list(reading().execute(query if before is None else query.where(Stocktake.id < before)))
