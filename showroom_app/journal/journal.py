"""The journal: a showroom's entries, newest first, a page at a time however old the book is."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, func, literal_column, or_, select, union_all

from showroom_app.extensions import AnyRow, AnySelect, reading
from showroom_app.journal.choices import Wanted
from showroom_app.journal.words import OF_SHIFT, entry_kinds, entry_number
from showroom_app.ledger.models import MOVES_GOODS, RUPIAH, Account, Desk, Entry, Posting
from showroom_app.lib.clock import day_start
from showroom_app.people.models import User

PAGE = 50
# How many entries are looked at for one page: few at first, then ever more, and never all of an old book.
LOOK_FIRST, LOOK_TIMES, LOOK_MAX = 1_000, 4, 400_000

_NUMBER = re.compile(r"(?:([A-Za-z]+\d*)[- ])?0*(\d{1,9})", re.A)
_ENTRIES: AnySelect = (
    select(
        Entry.id, Entry.number, Entry.kind, Entry.at, Entry.memo,
        Desk.code, Desk.name.label("desk_name"), func.coalesce(User.name, "").label("actor"),
    )
    .join(Desk, Desk.id == Entry.desk_id)
    .outerjoin(User, User.id == Entry.actor_id)
    .order_by(Entry.id.desc())
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Page:
    """Entries for the screen. `older` is where the next page goes on, None at the end; `seen_to` is how far back was
    looked when that is not yet the end and the page is not full."""

    rows: list[dict[str, Any]]
    older: int | None = None
    seen_to: datetime | None = None


def page(showroom_id: int, wanted: Wanted, before: int | None = None) -> Page:
    """The newest entries that are wanted, of those with ids below `before`.

    Ids are the order of writing, the same as the numbers at each desk.
    """
    conn = reading()
    desk_ids = _desk_ids(conn, showroom_id, wanted.desk_id)
    low, high = _bounds(conn, desk_ids, wanted, before)
    conditions = _conditions(desk_ids, wanted)
    found: list[AnyRow] = []
    step, looked = LOOK_FIRST, 0
    while high > low and len(found) <= PAGE and looked < LOOK_MAX:
        floor = max(low, high - step)
        query = _ENTRIES.where(Entry.id >= floor, Entry.id < high, *conditions)
        if wanted.account_kind or wanted.crafter_id is not None:
            query = query.where(_touching(showroom_id, wanted, floor, high))
        found += conn.execute(query.limit(PAGE + 1 - len(found)))
        looked, high, step = looked + high - floor, floor, step * LOOK_TIMES
    if len(found) > PAGE:
        return Page(_told(conn, found[:PAGE]), older=found[PAGE - 1].id)
    if high > low:
        seen_to = conn.execute(select(Entry.at).where(Entry.id >= high).order_by(Entry.id).limit(1)).scalar()
        return Page(_told(conn, found), older=high, seen_to=seen_to)
    return Page(_told(conn, found))


def find(showroom_id: int, typed: str, desk_id: int | None = None) -> list[dict[str, Any]]:
    """Entries by number: K1-387 at that desk, 387 at every desk of the showroom (or the one given)."""
    match = _NUMBER.fullmatch(typed)
    if match is None:
        return []
    conn = reading()
    query = _ENTRIES.where(
        Entry.desk_id.in_(_desk_ids(conn, showroom_id, desk_id)), Entry.number == int(match[2])
    ).limit(PAGE)
    if match[1]:
        query = query.where(Desk.code == match[1].upper())
    return _told(conn, list(conn.execute(query)))


def _desk_ids(conn: Connection, showroom_id: int, desk_id: int | None) -> list[int]:
    query = select(Desk.id).where(Desk.showroom_id == showroom_id)
    return list(conn.execute(query if desk_id is None else query.where(Desk.id == desk_id)).scalars())


def _bounds(conn: Connection, desk_ids: list[int], wanted: Wanted, before: int | None) -> tuple[int, int]:
    """From which id to before which other these desks' entries lie, as far as the days wanted go."""
    ends = select(func.min(Entry.id), func.max(Entry.id))
    of_desks = ends.join(Desk, Desk.id == Entry.desk_id).where(
        Desk.id.in_(desk_ids), Entry.number.in_([literal_column("1"), Desk.entry_number])
    )
    low, high = _widest(conn.execute(of_desks).one())
    days = _days(wanted)
    if days:
        first, last = _widest(conn.execute(ends.where(*days)).one())
        low, high = max(low, first), min(high, last)
    return low, high if before is None else min(high, before)


def _widest(row: AnyRow) -> tuple[int, int]:
    return (0, 0) if row[0] is None else (int(row[0]), int(row[1]) + 1)


def _days(wanted: Wanted) -> list[ColumnElement[bool]]:
    limits: list[ColumnElement[bool]] = []
    if wanted.since:
        limits.append(Entry.at >= day_start(wanted.since))
    if wanted.until:
        limits.append(Entry.at < day_start(wanted.until + timedelta(days=1)))
    return limits


def _conditions(desk_ids: list[int], wanted: Wanted) -> list[ColumnElement[bool]]:
    # Told plainly of desks, SQLite would gather and sort all their entries instead of walking back from the newest.
    limits = [(Entry.desk_id + literal_column("0")).in_(desk_ids), *_days(wanted)]
    if wanted.kind:
        limits.append(Entry.kind == wanted.kind)
    if wanted.actor_id is not None:
        limits.append(Entry.actor_id == wanted.actor_id)
    return limits


def _touching(showroom_id: int, wanted: Wanted, low: int, high: int) -> ColumnElement[bool]:
    """Entries in a stretch of ids with a posting on the wanted account; found by the account, not by the entry."""
    accounts = select(Account.id).where(Account.kind == (wanted.account_kind or "crafter"))
    if wanted.crafter_id is not None:
        accounts = accounts.where(Account.owner_id == wanted.crafter_id)
    elif wanted.account_kind not in {*OF_SHIFT, "crafter"}:
        accounts = accounts.where(Account.owner_id == showroom_id)
    there = select(Posting.entry_id).where(Posting.entry_id >= low, Posting.entry_id < high)
    return or_(
        Entry.id.in_(there.where(Posting.debit_id.in_(accounts))),
        Entry.id.in_(there.where(Posting.credit_id.in_(accounts))),
    )


def _told(conn: Connection, entries: Sequence[AnyRow]) -> list[dict[str, Any]]:
    moved, kinds = moved_by(conn, [entry.id for entry in entries]), entry_kinds()
    return [
        {
            "id": entry.id, "number": entry_number(entry.code, entry.number), "at": entry.at, "memo": entry.memo,
            "kind": kinds.get(entry.kind, entry.kind), "actor": entry.actor, "desk_name": entry.desk_name,
            "rupiah": moved[entry.id][0], "pieces": moved[entry.id][1],
        }
        for entry in entries
    ]  # fmt: skip


def moved_by(conn: Connection, entry_ids: Sequence[int]) -> dict[int, tuple[int, int]]:
    """Entry id -> rupiah and pieces that it moved. Money that only passes through an account on its way, as through the
    buyers' in a sale, counts once: what all accounts together gained."""
    money = (Posting.entry_id.in_(entry_ids), Posting.unit == RUPIAH)
    sides = union_all(
        select(Posting.entry_id, Posting.debit_id.label("account"), Posting.amount.label("change")).where(*money),
        select(Posting.entry_id, Posting.credit_id, -Posting.amount).where(*money),
    ).subquery()
    net = func.sum(sides.c.change)
    gains = select(sides.c.entry_id, net.label("gain")).group_by(sides.c.entry_id, sides.c.account).having(net > 0)
    gained = gains.subquery()
    rupiah = select(gained.c.entry_id, func.sum(gained.c.gain)).group_by(gained.c.entry_id)
    pieces = select(Posting.entry_id, func.sum(Posting.amount)).where(Posting.entry_id.in_(entry_ids), MOVES_GOODS)
    told = dict.fromkeys(entry_ids, (0, 0))
    for entry_id, amount in conn.execute(rupiah):
        told[entry_id] = (int(amount), 0)
    for entry_id, amount in conn.execute(pieces.group_by(Posting.entry_id)):
        told[entry_id] = (told[entry_id][0], int(amount))
    return told
