"""Goods onto the shelf: what a received note writes, for one note or a whole file of them. It never commits."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

from sqlalchemy import Connection, bindparam, func, insert, select, text, tuple_

from showroom_app.extensions import AnySelect, UtcTime
from showroom_app.ledger import book
from showroom_app.ledger.act import Act
from showroom_app.ledger.book import Move
from showroom_app.lib import label_code
from showroom_app.people.models import Crafter, Desk, User
from showroom_app.people.showrooms import showroom_row
from showroom_app.prepared import Prepared, reserve_ids
from showroom_app.stock import draft
from showroom_app.stock.draft import DraftLine
from showroom_app.stock.models import Consignment, ConsignmentLine, Item, Maker, Product

_INSERT_NOTES = Prepared(insert(Consignment))
_CLOSE = Prepared(
    text(
        "UPDATE consignment SET status = 'received', desk_id = :desk, number = :number, entry_id = :entry,"
        " received_at = :at, user_id = :user, agreed_until = :until, pieces = :pieces, value = :value, typed = :typed"
        " WHERE id = :note"
    ).bindparams(bindparam("at", type_=UtcTime()))
)
_INSERT_PRODUCTS = Prepared(insert(Product))
_INSERT_LINES = Prepared(insert(ConsignmentLine))
_INSERT_ITEMS = Prepared(insert(Item))
LOOKED_UP_AT_ONCE = 500  # pairs in one statement: both engines have a limit to its parameters


@dataclass(slots=True)
class Note:
    """What one note brings: one crafter's lines, none of them with an error. `draft_id` is the draft that becomes it,
    if there was one, and `typed` what was typed there."""

    crafter_id: int
    lines: list[DraftLine]
    until: str
    draft_id: int | None = None
    typed: list[dict[str, str]] = field(default_factory=list)


def take_in(
    act: Act, showroom_id: int, notes: Sequence[Note], codes: Iterator[str], say: Callable[[int], object] | None = None
) -> list[int]:
    """Receive notes, each with a number and an entry of its own. Returns their ids; `say` hears how many are in.

    All products first, in one order for everyone: two acts with the same new goods never wait in a ring. Statements are
    few however many lines there are, for SQLite's one writer is held meanwhile.
    """
    products = _products(act, showroom_id, notes)
    ids = _begun(act, showroom_id, notes)
    items = _items(act, showroom_id, notes, ids, products, codes)
    owners = sorted({note.crafter_id for note in notes})
    accounts = book.accounts(act.conn, [("shelf", showroom_id), *(("crafter", owner) for owner in owners)])
    shelf, desk_id = accounts["shelf", showroom_id], office_desk(act.conn, showroom_id)
    words = _words(act, showroom_id, owners)
    for done, (note, note_id, made) in enumerate(zip(notes, ids, items, strict=True), 1):
        crafter = accounts["crafter", note.crafter_id]
        moves = [Move(item_id, shelf, crafter, quantity) for item_id, quantity in made]
        posted = book.post(act, desk_id=desk_id, kind="intake", moves=moves)
        _close(act, note_id, note, desk_id, posted.entry_id, words[note.crafter_id])
        if say:
            say(done)
    return ids


def _begun(act: Act, showroom_id: int, notes: Sequence[Note]) -> list[int]:
    """The notes' ids: of the drafts that they were, or of new rows."""
    new = [
        {
            "showroom_id": showroom_id, "crafter_id": note.crafter_id, "user_id": act.actor_id, "status": "draft",
            "saved_at": act.at,
        }
        for note in notes
        if note.draft_id is None
    ]  # fmt: skip
    made = iter(_inserted(act.conn, _INSERT_NOTES, Consignment, new))
    return [next(made) if note.draft_id is None else note.draft_id for note in notes]


def _close(act: Act, note_id: int, note: Note, desk_id: int, entry_id: int, words: dict[str, str]) -> None:
    sums = draft.totals(note.lines)
    kept = {"lines": note.typed or [line.typed for line in note.lines], "agreed_until": note.until, "words": words}
    _CLOSE.run(
        act.conn, desk=desk_id, number=book.next_number(act.conn, desk_id, "consignment"), entry=entry_id, at=act.at,
        user=act.actor_id, until=note.until, pieces=sums["pieces"], value=sums["value"], typed=draft.dump(kept),
        note=note_id,
    )  # fmt: skip


def _products(act: Act, showroom_id: int, notes: Sequence[Note]) -> dict[tuple[int, str], int]:
    """(crafter, name in lower case) -> product, made where it is new with what its first line tells of it; a name that
    was merged means the one that stayed."""
    wanted: dict[tuple[int, str], DraftLine] = {}
    for note in notes:
        for line in note.lines:
            wanted.setdefault((note.crafter_id, line.name.lower()), line)
    keys = sorted(wanted)
    found: dict[tuple[int, str], int] = {}
    lives = func.coalesce(Product.merged_into_id, Product.id).label("product_id")
    query = select(Product.crafter_id, Product.search_name, lives)
    for start in range(0, len(keys), LOOKED_UP_AT_ONCE):
        some = tuple_(Product.crafter_id, Product.search_name).in_(keys[start : start + LOOKED_UP_AT_ONCE])
        found |= {
            (row.crafter_id, row.search_name): row.product_id for row in act.conn.execute(_held(query.where(some)))
        }
    new = [key for key in keys if key not in found]
    rows = [
        {
            "showroom_id": showroom_id, "crafter_id": crafter_id, "name": wanted[crafter_id, search_name].name,
            "search_name": search_name, "category": wanted[crafter_id, search_name].typed["category"],
            "created_at": act.at,
        }
        | wanted[crafter_id, search_name].details
        for crafter_id, search_name in new
    ]  # fmt: skip
    return found | dict(zip(new, _inserted(act.conn, _INSERT_PRODUCTS, Product, rows), strict=True))


def _held(query: AnySelect) -> AnySelect:
    """No product found is merged into another before its new pieces are in; in one order for everyone."""
    return query.order_by(Product.id).with_for_update(read=True)


def _items(
    act: Act, showroom_id: int, notes: Sequence[Note], ids: Sequence[int], products: dict[tuple[int, str], int],
    codes: Iterator[str],
) -> list[list[tuple[int, int]]]:  # fmt: skip
    """Insert every line and its items. Returns for each note (item id, pieces) of each label."""
    lines, places = [], []
    for place, (note, note_id) in enumerate(zip(notes, ids, strict=True)):
        for position, line in enumerate(note.lines):
            lines.append(
                {
                    "consignment_id": note_id, "position": position, "name": line.name, "quantity": line.quantity,
                    "product_id": products[note.crafter_id, line.name.lower()], "per_piece": line.per_piece,
                    **_terms(line),
                }
            )  # fmt: skip
            places.append((place, note, line))
    line_ids = _inserted(act.conn, _INSERT_LINES, ConsignmentLine, lines)
    _insert_makers(act.conn, [(line, line_id) for (_p, _n, line), line_id in zip(places, line_ids, strict=True)])
    rows, homes = [], []
    for (place, note, line), line_id, told in zip(places, line_ids, lines, strict=True):
        quantity = 1 if line.per_piece else line.quantity
        common = {
            "showroom_id": showroom_id, "crafter_id": note.crafter_id, "product_id": told["product_id"],
            "line_id": line_id, "quantity": quantity, "received_at": act.at, "agreed_until": note.until,
            "labels_due": True, "joint": bool(line.makers), **_terms(line),
        }  # fmt: skip
        rows += [{**common, "code": code} for code in islice(codes, line.labels)]
        homes += [(place, quantity)] * line.labels
    made: list[list[tuple[int, int]]] = [[] for _note in notes]
    for item_id, (place, quantity) in zip(_inserted(act.conn, _INSERT_ITEMS, Item, rows), homes, strict=True):
        made[place].append((item_id, quantity))
    return made


def _insert_makers(conn: Connection, lines: Sequence[tuple[DraftLine, int]]) -> None:
    rows = [
        {"line_id": line_id, "position": position, "crafter_id": crafter_id, "share_bps": bps}
        for line, line_id in lines
        for position, (crafter_id, bps) in enumerate(line.makers)
    ]
    if rows:
        conn.execute(insert(Maker), rows)


def _terms(line: DraftLine) -> dict[str, Any]:
    assert line.terms is not None
    return {
        "price": line.price, "terms_kind": line.terms.kind, "commission_bps": line.terms.commission_bps,
        "net_price": line.terms.net_price, "lowest_price": line.lowest_price,
    }  # fmt: skip


def _inserted(
    conn: Connection, statement: Prepared,
    table: type[Product] | type[ConsignmentLine] | type[Item] | type[Consignment], rows: Sequence[Mapping[str, Any]],
) -> list[int]:  # fmt: skip
    """Insert rows that name the same columns, the rest as it is by default. Returns their ids, in their order."""
    if not rows:
        return []
    columns: Any = table.__table__.columns
    same = {one.name: one.default.arg for one in columns if one.default is not None and one.default.is_scalar}
    ids = reserve_ids(conn, table.__tablename__, len(rows))
    statement.run_many(conn, [{**same, **row, "id": row_id} for row, row_id in zip(rows, ids, strict=True)])
    return ids


def words_of_the_day(act: Act, showroom_id: int, crafter_id: int) -> dict[str, str]:
    """Who and where, as it is today: a note of goods that is printed again years later says the same."""
    return _words(act, showroom_id, [crafter_id])[crafter_id]


def _words(act: Act, showroom_id: int, crafter_ids: Sequence[int]) -> dict[int, dict[str, str]]:
    room = showroom_row(showroom_id)
    attendant = act.conn.execute(select(User.name).where(User.id == act.actor_id)).scalar()
    assert room is not None
    same = {
        "showroom": room.name, "address": room.address or room.place, "place": room.place,
        "attendant": attendant or "",
    }  # fmt: skip
    query = select(Crafter.id, Crafter.name, Crafter.address, Crafter.phone)
    words: dict[int, dict[str, str]] = {}
    for start in range(0, len(crafter_ids), LOOKED_UP_AT_ONCE):
        some = Crafter.id.in_(crafter_ids[start : start + LOOKED_UP_AT_ONCE])
        for row in act.conn.execute(query.where(some)):
            about = " · ".join(filter(None, (row.address, row.phone)))
            words[row.id] = same | {"crafter": row.name, "about": about}
    return words


def office_desk(conn: Connection, showroom_id: int) -> int:
    """The desk where what belongs to no till is written."""
    query = select(Desk.id).where(Desk.showroom_id == showroom_id, Desk.kind == "office").order_by(Desk.id).limit(1)
    return int(conn.execute(query).scalar_one())


def fresh_codes(conn: Connection, made: Iterable[str] = ()) -> Iterator[str]:
    """New codes that no item has, for ever: those `made` beforehand first, which takes most of the time."""
    given: set[str] = set()
    ready = iter(made)
    while True:
        tried = set(islice(ready, 200)) or {label_code.new_code() for _i in range(200)}
        tried -= given
        free = tried - set(conn.execute(select(Item.code).where(Item.code.in_(tried))).scalars())
        given |= free
        yield from free
