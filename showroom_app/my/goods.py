"""What a crafter may know of their own goods: what stands where and since when, what sold, what is made with others."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import and_, case, func, or_, select

from showroom_app.extensions import AnyRow, AnySelect, now, reading
from showroom_app.ledger.models import IS_THERE, Account, Balance
from showroom_app.lib.clock import jakarta_date
from showroom_app.lib.refusal import NotHere
from showroom_app.sales.models import SaleLine
from showroom_app.sales.money_models import RefundLine
from showroom_app.stock import items, joint, write_off
from showroom_app.stock.items import AWAY
from showroom_app.stock.life_models import WriteOff
from showroom_app.stock.models import Item, Maker, Product
from showroom_app.venues.models import Venue

PIECES_SHOWN = 60
PLACES = ("shelf", *AWAY, "damaged")


def _with_others(crafter_id: int) -> AnySelect:
    """Items that a crafter made with others."""
    return select(Item.id).join(Maker, Maker.line_id == Item.line_id).where(Maker.crafter_id == crafter_id)


def goods(crafter_id: int, product_id: int | None = None) -> list[AnyRow]:
    """A crafter's products, those made with others too: price, pieces on the shelf, elsewhere, damaged, lost and sold,
    and since when the oldest stands there; what is there first. One product only, if told. The price is the dearest of
    what stands; else of what lies damaged; else of what once stood."""
    with_others = _with_others(crafter_id)
    products = select(Item.product_id).join(Maker, Maker.line_id == Item.line_id)
    theirs = select(Product.id).where(Product.crafter_id == crafter_id)
    both = theirs.union(products.where(Maker.crafter_id == crafter_id)).scalar_subquery()
    on_shelf = func.coalesce(func.sum(Balance.amount), 0)
    gone, back, off = _pieces_sold(crafter_id), _pieces_back(crafter_id), _pieces_off_shelf()
    net = func.coalesce(func.sum(gone.c.sold), 0) - func.coalesce(func.sum(back.c.back), 0)
    stands = or_(Balance.amount > 0, off.c.away > 0)
    price = func.coalesce(
        func.max(case((stands, Item.price))), func.max(case((off.c.damaged > 0, Item.price))), func.max(Item.price)
    )
    query = (
        select(
            Product.id, Product.name, Product.category, Product.photo, price.label("price"),
            on_shelf.label("on_shelf"), func.coalesce(func.sum(off.c.away), 0).label("away"),
            func.coalesce(func.sum(off.c.damaged), 0).label("damaged"),
            func.coalesce(func.sum(off.c.lost), 0).label("lost"),
            net.label("sold"), func.max(Item.received_at).label("received_at"),
            func.min(case((stands, Item.received_at))).label("since"),
        )
        .join(Item, Item.product_id == Product.id)
        .join(Account, (Account.kind == "shelf") & (Account.owner_id == Item.showroom_id))
        .outerjoin(Balance, (Balance.unit == Item.id) & (Balance.account_id == Account.id))
        .outerjoin(off, off.c.unit == Item.id)
        .outerjoin(gone, gone.c.item_id == Item.id)
        .outerjoin(back, back.c.item_id == Item.id)
        .where(Product.id.in_(both), or_(Product.crafter_id == crafter_id, Item.id.in_(with_others)))
        .group_by(Product.id, Product.name, Product.category, Product.photo)
        .order_by((on_shelf > 0).desc(), func.max(Item.received_at).desc())
    )  # fmt: skip
    if product_id is not None:
        query = query.where(Product.id == product_id)
    return list(reading().execute(query))


def _pieces_sold(crafter_id: int) -> Any:
    theirs = or_(SaleLine.crafter_id == crafter_id, SaleLine.item_id.in_(_with_others(crafter_id)))
    query = select(SaleLine.item_id, func.sum(SaleLine.quantity).label("sold"))
    return query.where(theirs).group_by(SaleLine.item_id).subquery()


def _pieces_back(crafter_id: int) -> Any:
    theirs = or_(RefundLine.crafter_id == crafter_id, RefundLine.item_id.in_(_with_others(crafter_id)))
    query = select(RefundLine.item_id, func.sum(RefundLine.quantity).label("back"))
    return query.where(theirs).group_by(RefundLine.item_id).subquery()


def _pieces_off_shelf() -> Any:
    def summed(*kinds: str) -> Any:
        return func.sum(case((Account.kind.in_(kinds), Balance.amount), else_=0)).label(kinds[0])

    sums = summed(*AWAY).label("away"), summed("damaged"), summed("lost")
    query = select(Balance.unit, *sums).join(Account, Account.id == Balance.account_id)
    query = query.where(Account.kind.in_((*AWAY, "damaged", "lost")), IS_THERE)
    return query.group_by(Balance.unit).subquery()


def days_since(at: Any) -> int:
    """How many days something stands."""
    return (jakarta_date(now()) - jakarta_date(at)).days


@dataclass(frozen=True, slots=True)
class Standing:
    """Some pieces of one item in one place, as their crafter sees them; `own` is what they get for a piece."""

    code: str
    price: int
    pieces: int
    place: str
    where: str
    days: int
    until: str
    own: int
    makers: str


def own_product(crafter_id: int, product_id: int) -> AnyRow:
    """A product that is a crafter's own, or of which they made pieces with others; to anyone else there is none."""
    row = reading().execute(select(Product.__table__).where(Product.id == product_id)).first()
    if row is None:
        raise NotHere
    made = select(Item.id).where(Item.product_id == product_id, Item.id.in_(_with_others(crafter_id))).limit(1)
    if row.crafter_id != crafter_id and reading().execute(made).first() is None:
        raise NotHere
    return row


def standing(crafter_id: int, product_id: int) -> list[Standing]:
    """A crafter's pieces of a product that are there, the longest first; of others' pieces none, and one more than
    PIECES_SHOWN when there are more."""
    conn = reading()
    query = (
        select(Item.__table__, Account.kind, Balance.amount.label("pieces"), Venue.name.label("venue"))
        .select_from(Item)
        .join(Balance, and_(Balance.unit == Item.id, IS_THERE))
        .join(Account, and_(Account.id == Balance.account_id, Account.kind.in_(PLACES)))
        .outerjoin(Venue, and_(Account.kind == "venue", Venue.id == Account.owner_id))
        .where(Item.product_id == product_id)
        .where(or_(Item.crafter_id == crafter_id, Item.id.in_(_with_others(crafter_id))))
        .order_by(Item.received_at, Item.id, Account.id)
        .limit(PIECES_SHOWN + 1)
    )
    rows = list(conn.execute(query))
    who = joint.makers_of(conn, {row.line_id for row in rows if row.joint})
    return [_standing(row, who.get(row.line_id, []), crafter_id) for row in rows]


def _standing(row: AnyRow, who: list[AnyRow], crafter_id: int) -> Standing:
    own = items.piece_split(row).crafter
    if who:
        own = next(part.amount for part in joint.parts(own, who) if part.crafter_id == crafter_id)
    return Standing(
        row.code, row.price, int(row.pieces), row.kind, _where(row.kind, row.venue), days_since(row.received_at),
        row.agreed_until, own, joint.words(who),
    )  # fmt: skip


@dataclass(slots=True)
class Lost:
    """Pieces of one item that were lost in the showroom's care; `own` is what this crafter got for them, in rupiah,
    and `before` how many were paid for before, when they were damaged."""

    code: str
    at: datetime
    reason: str
    pieces: int
    own: int
    before: int


def lost(crafter_id: int, product_id: int) -> list[Lost]:
    """What of a crafter's product was lost and not found again, the latest first."""
    rows: list[AnyRow] = []
    for query in write_off.answered(crafter_id):
        mine = query.add_columns(Item.code.label("item_code")).join(Item, Item.id == WriteOff.item_id)
        rows += reading().execute(mine.where(Item.product_id == product_id, WriteOff.kind.in_(("lost", "found"))))
    told = {
        row.id: Lost(row.item_code, row.at, row.reason, row.quantity, int(row.own), row.owned)
        for row in sorted(rows, key=lambda row: -row.id)
        if row.undoes_id is None
    }
    for row in rows:
        if row.undoes_id is not None:
            one = told[row.undoes_id]
            one.pieces -= row.quantity
            one.own += int(row.own)
            one.before = max(0, one.before - row.quantity)
    return [one for one in told.values() if one.pieces]


def _where(kind: str, venue: str | None) -> str:
    words = {"shelf": _("Di rak galeri"), "transit": _("Dalam perjalanan"), "damaged": _("Rusak")}
    return words.get(kind) or _("Dipamerkan di %(venue)s", venue=venue or "")
