"""What a list of goods is narrowed to, as typed into its filters."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import ColumnElement, Connection, func, or_, select

from showroom_app.extensions import AnySelect, now, reading
from showroom_app.lib.money import PRICE_MAX, parse_rupiah
from showroom_app.lib.pictures import CATEGORIES
from showroom_app.lib.refusal import FormRefusal
from showroom_app.lib.typed import Typed, parse_count, row_id
from showroom_app.people.models import Crafter
from showroom_app.stock import joint
from showroom_app.stock.models import Item, Maker, Product

STATES = ("", "shelf", "away", "sold", "returned", "damaged", "lost")
FIELDS = ("state", "crafter", "category", "price_from", "price_to", "days", "product")
DAYS_MAX = 3650
RARE_MAX = 5_000  # so many are found by price, and sorted, sooner than among a hundred thousand


@dataclass(frozen=True, slots=True)
class Wanted:
    """Filters of the list of goods; None and empty narrow nothing. Prices in rupiah; `days` is at least how long ago
    they came in."""

    state: str = ""
    crafter_id: int | None = None
    category: str = ""
    price_from: int | None = None
    price_to: int | None = None
    days: int | None = None
    product_id: int | None = None


def wanted(typed: Typed) -> Wanted:
    """Read the filters; what can't be read is refused by field, in a sentence."""
    errors: dict[str, str] = {}

    def number(field: str) -> int | None:
        try:
            return row_id(typed[field]) if typed.get(field) else None
        except ValueError:
            errors[field] = _("Pilih dari daftarnya.")
            return None

    days = None
    try:
        days = min(parse_count(typed["days"]), DAYS_MAX) if typed.line("days") else None
    except ValueError:
        errors["days"] = _("Isi hari dengan angka bulat, misalnya 90.")
    state, category = typed.get("state", ""), typed.get("category", "")
    if state not in STATES:
        errors["state"] = _("Pilih dari daftarnya.")
    if category and category not in CATEGORIES:
        errors["category"] = _("Pilih dari daftarnya.")
    told = Wanted(state, number("crafter"), category, *prices(typed, errors), days, number("product"))
    if errors:
        raise FormRefusal(errors)
    return told


def prices(typed: Typed, errors: dict[str, str]) -> tuple[int | None, int | None]:
    """The lowest and the highest price asked for, in rupiah; what makes no sense has its sentence in `errors`."""

    def price(field: str) -> int | None:
        try:
            return min(parse_rupiah(typed[field]), PRICE_MAX) if typed.line(field) else None
        except ValueError:
            errors[field] = _("Isi harga dalam rupiah, misalnya 250.000, atau kosongkan.")
            return None

    least, most = price("price_from"), price("price_to")
    if least is not None and most is not None and least > most:
        errors["price_to"] = _("“Sampai” tidak boleh di bawah “dari”.")
    return least, most


def narrow(query: AnySelect, showroom_id: int, asked: Wanted) -> AnySelect:
    """Apply every filter but the state."""
    if asked.crafter_id is not None:
        query = query.where(_made_by(asked.crafter_id))
    if asked.product_id is not None:
        query = query.where(Item.product_id == asked.product_id)
    if asked.category:
        same = select(Product.id).where(Product.showroom_id == showroom_id, Product.category == asked.category)
        query = query.where(Item.product_id.in_(same))
    query = query.where(*priced(asked, Item.price + 0))  # + 0: their index is walked only where they are rare
    if asked.days is not None:
        query = query.where(Item.received_at <= now() - timedelta(days=asked.days))
    return query


def _made_by(crafter_id: int) -> ColumnElement[bool]:
    """That a crafter brought it, or made it together with who did."""
    together = list(reading().execute(joint.lines_of(Maker.crafter_id == crafter_id)).scalars())
    return or_(Item.crafter_id == crafter_id, Item.line_id.in_(together)) if together else Item.crafter_id == crafter_id


def priced(asked: Wanted, price: Any = Item.price) -> list[ColumnElement[bool]]:
    """The prices asked for, if any, as conditions."""
    least = [price >= asked.price_from] if asked.price_from is not None else []
    most = [price <= asked.price_to] if asked.price_to is not None else []
    return [*least, *most]


def is_rare_price(conn: Connection, showroom_id: int, asked: Wanted) -> bool:
    """Whether prices are asked for that so few items have that those are best found by their price."""
    prices = priced(asked)
    some = select(Item.id).where(Item.showroom_id == showroom_id, *prices).limit(RARE_MAX + 1).subquery()
    return bool(prices) and conn.execute(select(func.count()).select_from(some)).scalar_one() <= RARE_MAX


def crafters(showroom_id: int) -> list[tuple[int, str]]:
    """Crafters to choose from, by name."""
    query = select(Crafter.id, Crafter.name).where(Crafter.showroom_id == showroom_id).order_by(Crafter.name)
    return [(row.id, row.name) for row in reading().execute(query)]
