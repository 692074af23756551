"""What visitors may look through: kinds of goods of which a piece stands on the shelf or at an exhibition.

One row for a kind, newest delivery first. How many there are, what their makers get, and their codes, are never read.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import ColumnElement, Connection, and_, func, literal_column, or_, select
from sqlalchemy.orm import aliased

from showroom_app.extensions import AnyRow, AnySelect
from showroom_app.ledger.models import IS_THERE, Account, Balance
from showroom_app.lib.money import PRICE_MAX, format_rupiah, parse_rupiah
from showroom_app.lib.pictures import CATEGORIES
from showroom_app.lib.refusal import FormRefusal
from showroom_app.lib.typed import Typed, row_id
from showroom_app.people import consent
from showroom_app.people.consent import Seen
from showroom_app.stock import joint
from showroom_app.stock.draft import category_words
from showroom_app.stock.models import Item, Maker, Product
from showroom_app.venues.models import Venue

PAGE = 24
WORDS_MAX, SEARCH_MAX = 6, 100
FIELDS = ("q", "category", "maker", "price_from", "price_to")


@dataclass(frozen=True, slots=True)
class Asked:
    """What a visitor narrows the catalogue to; what is empty narrows nothing. Prices in rupiah."""

    words: tuple[str, ...] = ()
    category: str = ""
    maker_id: int | None = None
    price_from: int | None = None
    price_to: int | None = None

    @property
    def narrows(self) -> bool:
        """Whether it is not simply everything."""
        return self != Asked()


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


def asked(typed: Typed, makers: Collection[int]) -> Asked:
    """Read the filters. Refuses by field what can't be read, and makers who are not offered."""
    errors: dict[str, str] = {}

    def price(field: str) -> int | None:
        try:
            return min(parse_rupiah(typed[field]), PRICE_MAX) if typed.line(field) else None
        except ValueError:
            errors[field] = _("Isi harga dalam rupiah, misalnya 250.000, atau kosongkan.")
            return None

    category, maker_id = typed.get("category", ""), None
    if category and category not in CATEGORIES:
        errors["category"] = _("Pilih dari daftarnya.")
    try:
        maker_id = row_id(typed["maker"]) if typed.get("maker") else None
    except ValueError:
        maker_id = 0
    if maker_id is not None and maker_id not in makers:
        errors["maker"] = _("Pilih dari daftarnya.")
    words = tuple(typed.line("q")[:SEARCH_MAX].lower().split()[:WORDS_MAX])
    told = Asked(words, category, maker_id, price("price_from"), price("price_to"))
    if told.price_from is not None and told.price_to is not None and told.price_from > told.price_to:
        errors["price_to"] = _("“Sampai” tidak boleh di bawah “dari”.")
    if errors:
        raise FormRefusal(errors)
    return told


def places(conn: Connection, showroom_id: int) -> dict[int, str]:
    """Accounts of goods that visitors can go and see: the shelf, and every open venue with its name."""
    shelf = and_(Account.kind == "shelf", Account.owner_id == showroom_id)
    venues = select(Venue.id).where(Venue.showroom_id == showroom_id, Venue.closed_at.is_(None))
    query = (
        select(Account.id, Venue.name)
        .outerjoin(Venue, (Account.kind == "venue") & (Venue.id == Account.owner_id))
        .where(or_(shelf, and_(Account.kind == "venue", Account.owner_id.in_(venues))))
    )
    return {row.id: row.name or "" for row in conn.execute(query)}


def _stands(item: Any, accounts: Collection[int]) -> ColumnElement[bool]:
    """That a piece of an item stands at one of the accounts."""
    there = aliased(Balance)
    lies = and_(there.unit == item.id, there.account_id.in_(accounts), there.amount > literal_column("0"))
    return select(there.unit).where(lies).correlate(item).exists()


def newest(
    conn: Connection, showroom_id: int, accounts: Collection[int], wanted: Asked, before: int | None, most: int
) -> list[int]:
    """The newest item there of each kind, newest first; `before` is the last one of the page above."""
    query = _narrowed(showroom_id, accounts, wanted, before) if wanted.narrows else _all(showroom_id, accounts, before)
    return list(conn.execute(query.limit(most)).scalars())


def _all(showroom_id: int, accounts: Collection[int], before: int | None) -> AnySelect:
    """Walks the items from the newest on, and ends with the page."""
    newer = aliased(Item)
    later = and_(newer.product_id == Item.product_id, newer.id > Item.id, _stands(newer, accounts))
    query = select(Item.id).where(Item.showroom_id == showroom_id, _stands(Item, accounts))
    query = query.where(~select(newer.id).where(later).correlate(Item).exists())
    return (query if before is None else query.where(Item.id < before)).order_by(Item.id.desc())


def _narrowed(showroom_id: int, accounts: Collection[int], wanted: Asked, before: int | None) -> AnySelect:
    """Looks at the kinds that may be meant, at each one's newest item there."""
    its = select(func.max(Item.id)).where(Item.product_id == Product.id, _stands(Item, accounts))
    if wanted.price_from is not None:
        its = its.where(Item.price >= wanted.price_from)
    if wanted.price_to is not None:
        its = its.where(Item.price <= wanted.price_to)
    kinds = select(its.correlate(Product).scalar_subquery().label("newest")).where(Product.showroom_id == showroom_id)
    if wanted.category:
        kinds = kinds.where(Product.category == wanted.category)
    if wanted.maker_id is not None:
        kinds = kinds.where(_made_by(wanted.maker_id))
    for word in wanted.words:
        kinds = kinds.where(_called(word, showroom_id))
    found = kinds.subquery()
    query = select(found.c.newest).where(found.c.newest.is_not(None)).order_by(found.c.newest.desc())
    return query if before is None else query.where(found.c.newest < before)


def newest_of(conn: Connection, product_id: int, accounts: Collection[int]) -> int | None:
    """The newest item there of one kind."""
    query = select(func.max(Item.id)).where(Item.product_id == product_id, _stands(Item, accounts))
    found = conn.execute(query).scalar()
    return None if found is None else int(found)


def _made_by(crafter_id: int) -> ColumnElement[bool]:
    together = select(Item.product_id).join(Maker, Maker.line_id == Item.line_id).where(Maker.crafter_id == crafter_id)
    return or_(Product.crafter_id == crafter_id, Product.id.in_(together))


def _called(word: str, showroom_id: int) -> ColumnElement[bool]:
    """That a kind is called so, in either language, is of a category called so, or of a maker who shows that name."""
    kinds = [kind for kind, told in category_words().items() if word in told.lower() or word in kind.lower()]
    makers = consent.named_like(showroom_id, word)
    return or_(
        Product.search_name.contains(word, autoescape=True),
        func.lower(Product.name_en).contains(word, autoescape=True),
        Product.category.in_(kinds), Product.crafter_id.in_(makers),
    )  # fmt: skip


def offered(conn: Connection, showroom_id: int, accounts: Collection[int]) -> tuple[set[str], set[int]]:
    """Categories of which something is there, and the crafters who brought it."""
    there = select(Item.id).where(Item.product_id == Product.id, _stands(Item, accounts)).correlate(Product).exists()
    query = select(Product.category, Product.crafter_id).where(Product.showroom_id == showroom_id, there).distinct()
    rows = conn.execute(query).all()
    return {row.category for row in rows}, {row.crafter_id for row in rows}


def cards(conn: Connection, room: Any, ids: Sequence[int], accounts: Mapping[int, str], english: bool) -> list[Card]:
    """Items of a showroom by id as cards, in the order given."""
    columns = (
        Item.id, Item.product_id, Item.line_id, Item.joint, Product.name, Product.name_en, Product.category,
        Product.photo, Product.crafter_id,
    )  # fmt: skip
    query = select(*columns).join(Product, Product.id == Item.product_id).where(Item.id.in_(ids))
    rows = {row.id: row for row in conn.execute(query)} if ids else {}
    prices = _prices(conn, [row.product_id for row in rows.values()], accounts)
    makers = makers_of(conn, list(rows.values()), english)
    return [
        Card(
            row.product_id, row.id, (english and row.name_en) or row.name, row.category, row.photo,
            prices[row.product_id][0], makers[row.id], consent.names(makers[row.id], room.place),
            prices[row.product_id][1],
        )
        for row in (rows[one] for one in ids)
    ]  # fmt: skip


def _prices(conn: Connection, product_ids: Sequence[int], accounts: Mapping[int, str]) -> dict[int, tuple[Price, str]]:
    """Product -> price of what is there, and the venue's name where none of it is on the shelf."""
    query = (
        select(
            Item.product_id, Balance.account_id, func.min(Item.price).label("low"), func.max(Item.price).label("high")
        )
        .join(Balance, Balance.unit == Item.id)
        .where(Item.product_id.in_(product_ids), Balance.account_id.in_(accounts), IS_THERE)
        .group_by(Item.product_id, Balance.account_id)
    )
    found: dict[int, list[AnyRow]] = {}
    for row in conn.execute(query) if product_ids else ():
        found.setdefault(row.product_id, []).append(row)
    return {
        product_id: (
            Price(min(row.low for row in rows), max(row.high for row in rows)),
            "" if any(not accounts[row.account_id] for row in rows) else accounts[rows[0].account_id],
        )
        for product_id, rows in found.items()
    }  # fmt: skip


def makers_of(conn: Connection, rows: Sequence[Any], english: bool) -> dict[int, tuple[Seen, ...]]:
    """Item -> who made it, each as far as they agreed to be seen. `rows` have id, line_id, joint and crafter_id."""
    together = joint.makers_of(conn, [row.line_id for row in rows if row.joint])
    ids = {row.id: [one.crafter_id for one in together.get(row.line_id, [])] or [row.crafter_id] for row in rows}
    known = consent.seen(conn, {crafter_id for each in ids.values() for crafter_id in each}, english)
    return {item_id: tuple(known[one] for one in each) for item_id, each in ids.items()}


def standing(conn: Connection, showroom_id: int, accounts: Collection[int]) -> list[int]:
    """Every product of which a piece is there."""
    query = select(Item.product_id).where(Item.showroom_id == showroom_id, _stands(Item, accounts)).distinct()
    return list(conn.execute(query.order_by(Item.product_id)).scalars())
