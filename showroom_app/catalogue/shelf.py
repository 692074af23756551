"""What visitors may look through: kinds of goods of which a piece stands on the shelf or at an exhibition.

One row for a kind, newest delivery first. How many there are, what their makers get, and their codes, are never read.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import ColumnElement, Connection, and_, bindparam, func, literal_column, or_, select, union_all
from sqlalchemy.orm import aliased

from showroom_app.catalogue.asked import Asked
from showroom_app.extensions import AnySelect
from showroom_app.ledger.models import IS_THERE, Account, Balance
from showroom_app.lib.money import format_rupiah
from showroom_app.lib.pictures import CATEGORIES
from showroom_app.lib.typed import ROW_ID_MAX
from showroom_app.people import consent
from showroom_app.people.consent import Seen
from showroom_app.people.models import Crafter
from showroom_app.prepared import Prepared
from showroom_app.stock import joint
from showroom_app.stock.draft import category_words
from showroom_app.stock.models import Item, Maker, Product
from showroom_app.venues.models import Venue

PAGE = 24
PRICES = frozenset(("price_from", "price_to"))


@dataclass(frozen=True, slots=True)
class Price:
    """What a piece costs in rupiah; from the lowest to the highest where they differ."""

    low: int
    high: int

    def words(self) -> str:
        """Rp275.000, or mulai Rp250.000."""
        low = format_rupiah(self.low)
        return low if self.low == self.high else _("mulai %(amount)s", amount=low)


@dataclass(frozen=True, slots=True)
class Card:
    """A kind of goods as lists show it. `away` names the exhibition where all of it stands."""

    product_id: int
    newest: int
    name: str
    category: str
    photo: str
    price: Price
    makers: tuple[Seen, ...]
    who: str
    away: str = ""


def newest(conn: Connection, showroom_id: int, wanted: Asked, after: int | None, most: int) -> list[int]:
    """The newest item there of each kind, newest first; `after` is the last kind (product) of the page above. How many
    pieces ever came in, an item's number would tell."""
    given: dict[str, Any] = {"room": showroom_id, "most": most}
    narrow = {"category": wanted.category or None, "maker": wanted.maker_id}
    narrow |= {"price_from": wanted.price_from, "price_to": wanted.price_to}
    given |= {name: value for name, value in narrow.items() if value is not None}
    shape = frozenset(name for name, value in narrow.items() if value is not None)
    given["before"] = ROW_ID_MAX if after is None else _begins(conn, given, shape & PRICES, after)
    if not wanted.words and shape <= PRICES:
        return [row.id for row in _walked(shape).rows(conn, **given)]
    kinds = category_words().items() if wanted.words else ()
    for number, word in enumerate(wanted.words):
        like = word.replace("/", "//").replace("%", "/%").replace("_", "/_")
        given[f"word{number}"] = f"%{like}%"
        given[f"kinds{number}"] = [kind for kind, told in kinds if word in told.lower() or word in kind.lower()]
    return list(conn.execute(_narrowed(shape, len(wanted.words)), given).scalars())


def _begins(conn: Connection, given: dict[str, Any], shape: frozenset[str], product_id: int) -> int:
    """The item below which the list goes on after a kind: its newest there, or, once all of it is gone, its newest."""
    asked_for = {"room": given["room"], "product": product_id} | {name: given[name] for name in shape}
    there = _begun(shape).scalar(conn, **asked_for) or _EVER.scalar(conn, room=given["room"], product=product_id)
    return int(there or ROW_ID_MAX)


def newest_of(conn: Connection, showroom_id: int, product_id: int) -> int | None:
    """The newest item there of one kind."""
    found = _NEWEST_OF.scalar(conn, room=showroom_id, product=product_id)
    return None if found is None else int(found)


def categories(conn: Connection, showroom_id: int) -> set[str]:
    """Categories of which something is there."""
    return {row.category for row in _CATEGORIES.rows(conn, room=showroom_id)}


def makers(conn: Connection, showroom_id: int) -> list[tuple[int, str]]:
    """Crafters who show their name and brought something that is there, by name."""
    return [(row.id, row.name) for row in _MAKERS.rows(conn, room=showroom_id)]


def cards(conn: Connection, room: Any, ids: Sequence[int], english: bool) -> list[Card]:
    """Items of a showroom by id as cards, in the order given, without those whose last piece went this very moment."""
    rows = {row.id: row for row in conn.execute(_CARDS, {"ids": list(ids), "room": room.id})} if ids else {}
    who = makers_of(conn, list(rows.values()), english)
    return [
        Card(
            row.product_id, row.id, (english and row.name_en) or row.name, row.category, row.photo,
            Price(row.low, row.high), who[row.id], consent.names(who[row.id], room.place),
            "" if row.on_shelf else _AWAY.scalar(conn, room=room.id, product=row.product_id) or "",
        )
        for row in (rows[one] for one in ids)
        if row.low is not None
    ]  # fmt: skip


def makers_of(conn: Connection, rows: Sequence[Any], english: bool) -> dict[int, tuple[Seen, ...]]:
    """Item -> who made it, each as far as they agreed to be seen. `rows` have id, line_id, joint and crafter_id."""
    together = joint.makers_of(conn, [row.line_id for row in rows if row.joint])
    ids = {row.id: [one.crafter_id for one in together.get(row.line_id, [])] or [row.crafter_id] for row in rows}
    known = consent.seen(conn, {crafter_id for each in ids.values() for crafter_id in each}, english)
    return {item_id: tuple(known[one] for one in each) for item_id, each in ids.items()}


def standing(conn: Connection, showroom_id: int) -> list[int]:
    """Every product of which a piece is there."""
    return [row.product_id for row in _STANDING.rows(conn, room=showroom_id)]


# The statements. They are built once: building them took longer than running them.
_ROOM: Any = bindparam("room")
_OPEN_VENUES = select(Venue.id).where(Venue.showroom_id == _ROOM, Venue.closed_at.is_(None))
_SHELF = select(Account.id).where(Account.kind == "shelf", Account.owner_id == _ROOM)
_PLACES = select(Account.id).where(
    or_(
        and_(Account.kind == "shelf", Account.owner_id == _ROOM),
        and_(Account.kind == "venue", Account.owner_id.in_(_OPEN_VENUES)),
    )
)


def _stands(item: Any, places: AnySelect = _PLACES) -> ColumnElement[bool]:
    """That a piece of an item stands where visitors can go and see it: on the shelf, or at an open venue."""
    there = aliased(Balance)
    lies = and_(there.unit == item.id, there.account_id.in_(places), there.amount > literal_column("0"))
    return select(there.unit).where(lies).correlate(item).exists()


def _of_product(what: Any, item: Any, product_id: Any, places: AnySelect = _PLACES) -> AnySelect:
    return select(what).where(item.product_id == product_id, _stands(item, places))


def _priced(query: AnySelect, item: Any, shape: frozenset[str]) -> AnySelect:
    if "price_from" in shape:
        query = query.where(item.price >= bindparam("price_from"))
    return query.where(item.price <= bindparam("price_to")) if "price_to" in shape else query


@cache
def _walked(shape: frozenset[str]) -> Prepared:
    """Walks the items from the newest on, and ends with the page."""
    newer = aliased(Item)
    later = select(newer.id).where(newer.product_id == Item.product_id, newer.id > Item.id, _stands(newer))
    later = _priced(later, newer, shape).correlate(Item)
    query = select(Item.id).where(Item.showroom_id == _ROOM, Item.id < bindparam("before"), _stands(Item))
    query = _priced(query, Item, shape).where(~later.exists())
    return Prepared(query.order_by(Item.id.desc()).limit(bindparam("most")))


@cache
def _begun(shape: frozenset[str]) -> Prepared:
    """A kind's newest item there among those that the list shows; of another showroom's kinds there is none."""
    query = _of_product(func.max(Item.id), Item, bindparam("product")).where(Item.showroom_id == _ROOM)
    return Prepared(_priced(query, Item, shape))


@cache
def _narrowed(shape: frozenset[str], words: int) -> AnySelect:
    """Looks at the kinds that may be meant, at each one's newest item there."""
    its = _priced(_of_product(func.max(Item.id), Item, Product.id), Item, shape)
    kinds = select(its.correlate(Product).scalar_subquery().label("newest")).where(Product.showroom_id == _ROOM)
    if "category" in shape:
        kinds = kinds.where(Product.category == bindparam("category"))
    if "maker" in shape:
        by: Any = bindparam("maker")
        together = joint.products_of(Maker.crafter_id == by)
        kinds = kinds.where(or_(Product.crafter_id == by, Product.id.in_(together)))
    for number in range(words):
        kinds = kinds.where(_called(number))
    # Worked out once; folded into the query around it, it would be worked out again to compare and again to sort.
    found = kinds.cte("found").prefix_with("MATERIALIZED")
    return (
        select(found.c.newest)
        .where(found.c.newest < bindparam("before"))
        .order_by(found.c.newest.desc())
        .limit(bindparam("most"))
    )


def _called(number: int) -> ColumnElement[bool]:
    """That a kind is called so, in either language, is of a category called so, or of a maker who shows that name."""
    word: Any = bindparam(f"word{number}")
    named = consent.named_like(_ROOM, word)
    return or_(
        Product.search_name.like(word, escape="/"), func.lower(Product.name_en).like(word, escape="/"),
        Product.category.in_(bindparam(f"kinds{number}", expanding=True)),
        Product.crafter_id.in_(named), Product.id.in_(joint.products_of(Maker.crafter_id.in_(named))),
    )  # fmt: skip


def _categories() -> AnySelect:
    """Each category is looked for until one piece of it is found."""
    kinds = union_all(*(select(literal_column(f"'{kind}'").label("category")) for kind in CATEGORIES)).subquery()
    there = _of_product(Item.id, Item, Product.id).correlate(Product).exists()
    found = select(Product.id).where(Product.showroom_id == _ROOM, Product.category == kinds.c.category, there)
    return select(kinds.c.category).where(found.correlate(kinds).exists())


def _makers() -> AnySelect:
    there = _of_product(Item.id, Item, Product.id).correlate(Product).exists()
    theirs = select(Product.id).where(Product.crafter_id == Crafter.id, there).correlate(Crafter)
    together = select(Item.id).join(Maker, Maker.line_id == Item.line_id)
    together = together.where(Maker.crafter_id == Crafter.id, _stands(Item)).correlate(Crafter)
    return consent.named(_ROOM).where(or_(theirs.exists(), together.exists()))


def _cards() -> AnySelect:
    other = aliased(Item)
    low, high = (
        _of_product(what, other, Item.product_id).correlate(Item).scalar_subquery()
        for what in (func.min(other.price), func.max(other.price))
    )
    here = _of_product(other.id, other, Item.product_id, _SHELF).correlate(Item).exists()
    columns = (
        Item.id, Item.product_id, Item.line_id, Item.joint, Product.name, Product.name_en, Product.category,
        Product.photo, Product.crafter_id, low.label("low"), high.label("high"), here.label("on_shelf"),
    )  # fmt: skip
    query = select(*columns).join(Product, Product.id == Item.product_id)
    return query.where(Item.id.in_(bindparam("ids", expanding=True)))


def _away() -> AnySelect:
    """The venue where a kind stands that is not on the shelf."""
    return (
        select(func.min(Venue.name))
        .join(Account, and_(Account.kind == "venue", Account.owner_id == Venue.id))
        .join(Balance, and_(Balance.account_id == Account.id, IS_THERE))
        .join(Item, Item.id == Balance.unit)
        .where(Item.product_id == bindparam("product"), Venue.id.in_(_OPEN_VENUES))
    )


_EVER = Prepared(select(func.max(Item.id)).where(Item.product_id == bindparam("product"), Item.showroom_id == _ROOM))
_NEWEST_OF = Prepared(_of_product(func.max(Item.id), Item, bindparam("product")))
_CATEGORIES = Prepared(_categories())
_MAKERS = Prepared(_makers())
_CARDS = _cards()
_AWAY = Prepared(_away())
_STANDING = Prepared(
    select(Item.product_id).where(Item.showroom_id == _ROOM, _stands(Item)).distinct().order_by(Item.product_id)
)
