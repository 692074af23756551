"""Finding goods: by code, by name, by crafter; and what happened to a piece, read from the book."""

from collections.abc import Collection
from typing import Any

from sqlalchemy import Connection, and_, bindparam, func, literal_column, or_, select
from sqlalchemy.orm import aliased

from showroom_app.extensions import AnyRow, AnySelect, reading
from showroom_app.ledger.models import IS_GONE, IS_THERE, MOVES_GOODS, Account, Balance, Entry, Posting
from showroom_app.lib import label_code
from showroom_app.lib.money import Split, Terms, split
from showroom_app.people.models import Crafter, User
from showroom_app.prepared import Prepared
from showroom_app.stock import finding, joint
from showroom_app.stock.finding import Wanted, narrow
from showroom_app.stock.life_models import HandBackLine
from showroom_app.stock.models import Item, Product

PAGE = 50
CODED_MAX = 500

# On the shelf: the item's kept balance on its showroom's shelf account.
ON_SHELF = func.coalesce(Balance.amount, 0).label("on_shelf")
_SHELF = and_(Account.kind == "shelf", Account.owner_id == Item.showroom_id)
AWAY = ("venue", "transit")  # accounts of goods that stand elsewhere, or nowhere yet
_SHELF_BALANCE = and_(Balance.unit == Item.id, Balance.account_id == Account.id)

_COLUMNS = (
    Item.id, Item.code, Item.showroom_id, Item.crafter_id, Item.product_id, Item.quantity, Item.price,
    Item.terms_kind, Item.commission_bps, Item.net_price, Item.received_at, Item.line_id, Item.joint,
    Product.name, Product.category, Product.photo, Product.story, Crafter.name.label("crafter_name"), Crafter.workshop,
)  # fmt: skip


def _items() -> AnySelect:
    return (
        select(*_COLUMNS, ON_SHELF)
        .join(Product, Product.id == Item.product_id)
        .join(Crafter, Crafter.id == Item.crafter_id)
        .join(Account, _SHELF)
        .outerjoin(Balance, _SHELF_BALANCE)
    )


_BY_CODE = Prepared(_items().where(Item.code == bindparam("code")))
_BY_CODE_AT = Prepared(
    select(*_COLUMNS, ON_SHELF)
    .join(Product, Product.id == Item.product_id)
    .join(Crafter, Crafter.id == Item.crafter_id)
    .outerjoin(Balance, and_(Balance.unit == Item.id, Balance.account_id == bindparam("stand")))
    .where(Item.code == bindparam("code"))
)
_LOCK = select(Item.id, Item.showroom_id, Item.crafter_id).where(Item.id == bindparam("id")).with_for_update()


def by_code(conn: Connection, code: str, stand: int | None = None) -> Any:
    """The item with a whole and right code, with its name, crafter and how many stand on its showroom's shelf, or on
    the account `stand`."""
    return _BY_CODE.first(conn, code=code) if stand is None else _BY_CODE_AT.first(conn, code=code, stand=stand)


def lock_item(conn: Connection, item_id: int) -> AnyRow | None:
    """An item's row, held until the transaction ends."""
    return conn.execute(_LOCK, {"id": item_id}).first()


def item_terms(row: AnyRow) -> Terms:
    """The terms frozen on an item."""
    return Terms(row.terms_kind, row.commission_bps, row.net_price)


def piece_split(row: AnyRow) -> Split:
    """What one piece of an item brings to whom at its price."""
    return split(item_terms(row), row.price, 1)


# Where an item without a piece on the shelf went, by the entry that moved it last.
_WENT = {
    "sale": "sold", "hand_back": "returned", "refund": "damaged", "void": "damaged", "damaged": "damaged",
    "lost": "lost", "found": "damaged",
}  # fmt: skip


def state_of(row: AnyRow, last_kind: str | None, away: int = 0) -> str:
    """'shelf' while a piece stands there; else 'away' while `away` pieces are at a venue or on the way; else 'sold',
    'returned', 'damaged' or 'lost', by what happened last."""
    if row.on_shelf:
        return "shelf"
    return "away" if away else _WENT.get(last_kind or "", "returned")


def away(conn: Connection, item_ids: Collection[int]) -> dict[int, int]:
    """Item id -> pieces at venues and on the way, where there are any."""
    query = (
        select(Balance.unit, func.sum(Balance.amount).label("pieces"))
        .join(Account, Account.id == Balance.account_id)
        .where(Balance.unit.in_(item_ids), IS_THERE, Account.kind.in_(AWAY))
        .group_by(Balance.unit)
    )
    return {row.unit: int(row.pieces) for row in conn.execute(query)} if item_ids else {}


def _named(showroom_id: int, q: str) -> AnySelect:
    return select(Product.id).where(*joint.called(showroom_id, q))


def _coded(conn: Connection, q: str) -> list[int]:
    """Items of any showroom whose code begins as typed. Nothing else narrows it: only the codes' index is read."""
    code = label_code.tidy(q)
    if not label_code.PART_MIN <= len(code) <= label_code.LENGTH:
        return []
    alike = select(Item.id).where(Item.code >= code, Item.code <= code.ljust(label_code.LENGTH, "Z"))
    return list(conn.execute(alike.limit(CODED_MAX)).scalars())


def _torn(conn: Connection, showroom_id: int, q: str) -> list[int]:
    """Items whose code has what can still be read of a torn label."""
    if not (part := label_code.part(q)):
        return []
    has = select(Item.id).where(Item.code.contains(part), Item.showroom_id == showroom_id)
    return list(conn.execute(has.limit(CODED_MAX)).scalars())


def list_items(
    showroom_id: int, q: str = "", state: str = "", before: int | None = None, asked: Wanted | None = None
) -> list[AnyRow]:
    """A page of items, newest first; `before` is the last id of the page above. One row more than PAGE
    means that there is more. `state`: '', 'shelf', 'away', 'sold', 'returned' (nothing left there), 'damaged' or
    'lost'."""
    asked = asked or Wanted(state)
    few = bool(q.strip() or asked.crafter_id or asked.product_id)
    query, key = (select(Item.id), Item.id) if few else _walk(showroom_id, asked)
    query = query.order_by(key.desc()).limit(PAGE + 1)
    query = _in_state(narrow(query, showroom_id, asked), showroom_id, asked.state)
    if before is not None:
        query = query.where(key < before)
    if q.strip():
        coded = _coded(reading(), q)
        ids = list(reading().execute(query.where(*_matching(showroom_id, q, coded))).scalars())
        if not ids and not coded and asked == Wanted(asked.state):  # looking through all codes takes its time
            ids = list(reading().execute(query.where(Item.id.in_(_torn(reading(), showroom_id, q)))).scalars())
    else:
        query = query.where(Item.showroom_id + 0 == showroom_id) if few else query  # + 0: theirs is the index to walk
        ids = list(reading().execute(query).scalars())
    # What is shown of them is looked up for these few only.
    return list(reading().execute(_items().where(Item.id.in_(ids)).order_by(Item.id.desc()))) if ids else []


def _matching(showroom_id: int, q: str, coded: list[int]) -> list[Any]:
    """What goods must be to be called so, or to have a code that begins so (`coded`), as conditions."""
    if not coded:
        return [Item.product_id.in_(_named(showroom_id, q))]
    # A code and a name in one condition are looked for item by item; most often there is only one of them.
    called, theirs = list(reading().execute(_named(showroom_id, q)).scalars()), Item.id.in_(coded)
    return [Item.showroom_id == showroom_id, or_(Item.product_id.in_(called), theirs) if called else theirs]


def _in_state(query: AnySelect, showroom_id: int, state: str) -> AnySelect:
    if state == "shelf":
        return query.where(_lies(showroom_id, "shelf", IS_THERE))
    if state in ("damaged", "lost"):
        there = select(Balance.unit).where(Balance.account_id == _place_of(showroom_id, state), IS_THERE)
        return query.where(Item.id.in_(there))
    if state == "away":
        return query.where(Item.showroom_id == showroom_id, Item.id.in_(_AWAY_NOW))
    if state in _WENT.values():
        return query.where(_lies(showroom_id, "shelf", IS_GONE), Item.id.not_in(_AWAY_NOW), _gone(state))
    return query


def _walk(showroom_id: int, asked: Wanted) -> tuple[AnySelect, Any]:
    """Items that no words and no crafter make few, and what they are ordered by. Begun from what there is least of, so
    that a rare state or price is not looked for among all that ever came. (+ 0 keeps the engine from walking another
    index than the one meant. Whose goods they are, their shelf says.)"""
    if asked.state == "returned":
        back = HandBackLine.item_id
        return select(back).join(Item, Item.id == back + 0).group_by(back), back
    own = Item.showroom_id == showroom_id
    if finding.is_rare_price(reading(), showroom_id, asked):
        return select(Item.id).where(own, *finding.priced(asked)), Item.id + 0
    if asked.state == "sold":
        gone = select(Balance.unit).where(Balance.account_id == _place_of(showroom_id, "shelf"), IS_GONE)
        return gone.join(Item, Item.id == Balance.unit), Balance.unit
    return select(Item.id).where(own), Item.id


def standing_accounts(showroom_id: int) -> AnySelect:
    """Accounts of goods that stand to be sold: a showroom's shelf, and venues and the way there. (Of other showrooms'
    venues none of its goods are.)"""
    shelf = and_(Account.kind == "shelf", Account.owner_id == showroom_id)
    return select(Account.id).where(or_(shelf, Account.kind.in_(AWAY)))


_AWAY_NOW = select(Balance.unit).where(
    Balance.account_id.in_(select(Account.id).where(Account.kind.in_(AWAY))), IS_THERE
)


def _lies(showroom_id: int, kind: str, how: Any) -> Any:
    return _lies_at(_place_of(showroom_id, kind), how)


def _lies_at(account: Any, how: Any) -> Any:
    here = (Balance.unit == Item.id) & (Balance.account_id == account)
    return select(Balance.unit).where(here, how).correlate(Item).exists()


def _place_of(showroom_id: int, kind: str) -> Any:
    return select(Account.id).where(Account.kind == kind, Account.owner_id == showroom_id).scalar_subquery()


def _gone(state: str) -> Any:
    kinds = [kind for kind, told in _WENT.items() if told == state]
    mine = aliased(Posting)
    last = select(func.max(mine.entry_id)).where(mine.unit == Item.id, mine.unit > literal_column("0"))
    here = last.correlate(Item).scalar_subquery()
    # A value, not EXISTS: PostgreSQL would work that one out for all, and only then take the first page.
    return select(Entry.kind).where(Entry.id == here).correlate(Item).scalar_subquery().in_(kinds)


def last_kinds(conn: Connection, item_ids: Collection[int]) -> dict[int, str]:
    """Item id -> the kind of the entry that moved it last."""
    last = (
        select(Posting.unit, func.max(Posting.entry_id).label("entry_id"))
        .where(Posting.unit.in_(item_ids), MOVES_GOODS)
        .group_by(Posting.unit)
        .subquery()
    )
    query = select(last.c.unit, Entry.kind).join(Entry, Entry.id == last.c.entry_id)
    return {row.unit: row.kind for row in conn.execute(query)} if item_ids else {}


def on_shelf_total(showroom_id: int) -> int:
    """How many pieces stand on a showroom's shelf."""
    query = (
        select(func.coalesce(func.sum(Balance.amount), 0))
        .join(Account, Account.id == Balance.account_id)
        .where(Account.kind == "shelf", Account.owner_id == showroom_id, IS_THERE)
    )
    return int(reading().execute(query).scalar_one())


def suggestions(
    conn: Connection, showroom_id: int, q: str, most: int = 8, without: Collection[int] = (), stand: int | None = None
) -> list[AnyRow]:
    """Items on the shelf, or on the account `stand`, whose name, crafter or code matches what was typed; of alike
    pieces the one that stands there longest, and none of those `without`."""
    account = _place_of(showroom_id, "shelf") if stand is None else stand
    stands = and_(_lies_at(account, IS_THERE), Item.id.not_in(without))
    oldest = select(func.min(Item.id)).where(Item.product_id == Product.id, stands).correlate(Product).scalar_subquery()
    # The pieces sought are of no other products than those with the oldest pieces.
    products = (
        select(Product.id)
        .where(Product.id.in_(_named(showroom_id, q)), oldest.is_not(None))
        .order_by(oldest)
        .limit(most)
    )
    coded = _coded(conn, q)
    wanted = [Item.product_id.in_(list(conn.execute(products).scalars())), Item.id.in_(coded)]
    groups = select(func.min(Item.id)).where(stands).group_by(Item.product_id, Item.price)
    groups = groups.order_by(func.min(Item.id)).limit(most)
    ids = list(conn.execute(groups.where(or_(*wanted))).scalars())
    if not ids and not coded:
        ids = list(conn.execute(groups.where(Item.id.in_(_torn(conn, showroom_id, q)))).scalars())
    return list(conn.execute(_items().where(Item.id.in_(ids)).order_by(Item.id))) if ids else []


def history(conn: Connection, item_id: int) -> list[AnyRow]:
    """Everything that ever happened to an item, oldest first: entry kind, pieces, when, by whom."""
    query = (
        select(Entry.id, Entry.kind, Entry.at, Posting.amount, User.name.label("user_name"))
        .join(Posting, Posting.entry_id == Entry.id)
        .outerjoin(User, User.id == Entry.actor_id)
        .where(Posting.unit == item_id, MOVES_GOODS)
        .order_by(Entry.id, Posting.line)
    )
    return list(conn.execute(query))
