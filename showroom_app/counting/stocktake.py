"""A stocktake from beginning to end: begun for the whole shelf, a category or a crafter; closed, or dropped.

Selling goes on meanwhile, so there is no moment at which the shelf stands still. What counts is the book at the moment
of each scan: a piece that was counted and sold afterwards was there; a piece sold before anybody counted it is not
expected any more. So what is expected at any moment is what was counted as the book then said, and what stands on the
shelf now and was not counted yet.

When the count closes, what stands on the shelf by the book and was not counted is missing, but for as many pieces as
came there after the start (received, brought back by a buyer, mended, found): the people who counted had perhaps
passed that shelf already. Those are called `later`, told apart, and never missing.

Anybody of the staff may begin a count and scan into it. A manager closes it, drops it, and decides about differences.
One count at a time is open in a showroom, so that nobody wonders into which one a phone scans.
"""

from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import Connection, func, insert, select, update

from showroom_app.counting.close import write_result
from showroom_app.counting.models import Stocktake
from showroom_app.extensions import AnyRow, reading, rollback
from showroom_app.ledger.act import Act, begin_act, verb
from showroom_app.ledger.models import Desk, Entry
from showroom_app.lib.pictures import CATEGORIES
from showroom_app.lib.refusal import NotHere, Refusal
from showroom_app.people import activity
from showroom_app.people.crafters import own_crafter
from showroom_app.people.models import User
from showroom_app.sales.whereabouts import when
from showroom_app.web.access import MANAGER, SignedIn

NOTE_MAX = 200


@dataclass(frozen=True, slots=True)
class Scope:
    """What is counted: the whole shelf ('all'), a category of goods, or what one crafter brought."""

    kind: str = "all"
    category: str = ""
    crafter_id: int | None = None


@verb
def begin(scope: Scope, user: SignedIn, request_id: str, *, at: datetime | None = None) -> int:
    """Begin a count and return its id. Refuses a second one while another is open, and a scope that is none."""
    act = begin_act("stocktake-begin", request_id, asdict(scope), user.id, at)
    if act.repeated:
        return int(act.result["stocktake_id"])
    crafter_name = _must_make_sense(act.conn, scope, user)
    already = select(Stocktake.started_at, User.name).join(User, User.id == Stocktake.started_by)
    open_one = already.where(Stocktake.showroom_id == user.showroom_id, Stocktake.status == "open")
    if row := act.conn.execute(open_one).first():
        rollback()
        raise Refusal(
            _(
                "%(name)s sudah memulai hitungan, %(at)s. Selesaikan dulu yang itu.",
                name=row.name,
                at=when(row.started_at),
            )
        )
    # An entry under way has its number before it is seen: wait for what is being posted at any desk here.
    act.conn.execute(
        select(Desk.id).where(Desk.showroom_id == user.showroom_id).order_by(Desk.id).with_for_update()
    ).all()
    values = {
        "showroom_id": user.showroom_id, "scope": scope.kind, "category": scope.category,
        "crafter_id": scope.crafter_id, "status": "open", "started_at": act.at, "started_by": user.id,
        "after_entry_id": act.conn.execute(select(func.coalesce(func.max(Entry.id), 0))).scalar_one(),
    }  # fmt: skip
    stocktake_id = int(act.conn.execute(insert(Stocktake).returning(Stocktake.id), values).scalar_one())
    told = {"category": scope.category, "crafter": crafter_name}
    _note(act, "stocktake-begin", stocktake_id, user, {key: value for key, value in told.items() if value})
    return int(act.commit(stocktake_id=stocktake_id)["stocktake_id"])


def _must_make_sense(conn: Connection, scope: Scope, user: SignedIn) -> str:
    """Refuses a scope that is none. Returns the crafter's name where it is about one."""
    if scope.kind not in ("all", "category", "crafter"):
        raise Refusal(_("Pilih apa yang dihitung."), "scope")
    if scope.kind == "category" and scope.category not in CATEGORIES:
        raise Refusal(_("Pilih jenis barangnya."), "category")
    if scope.kind == "crafter" and not scope.crafter_id:
        raise Refusal(_("Pilih perajinnya."), "crafter_id")
    if bool(scope.category) != (scope.kind == "category") or bool(scope.crafter_id) != (scope.kind == "crafter"):
        raise Refusal(_("Pilih apa yang dihitung."), "scope")
    return own_crafter(conn, scope.crafter_id, user.showroom_id).name if scope.crafter_id else ""


@verb
def close(stocktake_id: int, note: str, user: SignedIn, request_id: str, *, at: datetime | None = None) -> int:
    """End a count: its result is written and never changes, whatever is sold later. A manager's act. Returns its id.

    Nothing in the book changes by it: about differences the manager decides afterwards (`differences.settle`).
    """
    act = begin_act("stocktake-close", request_id, {"stocktake": stocktake_id, "note": note}, user.id, at)
    if act.repeated:
        return int(act.result["stocktake_id"])
    row = _held(act, stocktake_id, user)
    figures = write_result(act.conn, row)
    ended = {"status": "closed", "closed_at": act.at, "closed_by": user.id, "note": note[:NOTE_MAX]}
    act.conn.execute(update(Stocktake).where(Stocktake.id == stocktake_id).values(ended | figures))
    told = {name: figures[name] for name in ("expected", "missing", "unexpected")}
    _note(act, "stocktake-close", stocktake_id, user, told)
    return int(act.commit(stocktake_id=stocktake_id)["stocktake_id"])


@verb
def drop(stocktake_id: int, user: SignedIn, request_id: str, *, at: datetime | None = None) -> int:
    """End a count that was begun by mistake, without a result. What was scanned is kept. A manager's act."""
    act = begin_act("stocktake-drop", request_id, {"stocktake": stocktake_id}, user.id, at)
    if act.repeated:
        return int(act.result["stocktake_id"])
    _held(act, stocktake_id, user)
    ended = {"status": "dropped", "closed_at": act.at, "closed_by": user.id}
    act.conn.execute(update(Stocktake).where(Stocktake.id == stocktake_id).values(ended))
    _note(act, "stocktake-drop", stocktake_id, user, {})
    return int(act.commit(stocktake_id=stocktake_id)["stocktake_id"])


def _held(act: Act, stocktake_id: int, user: SignedIn) -> AnyRow:
    """An open count, held so that no scan comes in any more."""
    row = own_stocktake(act.conn, stocktake_id, user.showroom_id, lock=True)
    if user.role != MANAGER:
        raise Refusal(_("Hitungan ditutup pengelola."))
    must_be_open(row)
    act.holds()
    return row


def own_stocktake(conn: Connection, stocktake_id: int, showroom_id: int, *, lock: bool = False) -> AnyRow:
    """A count of this showroom; to anyone else there is no such count."""
    query = select(Stocktake.__table__).where(Stocktake.id == stocktake_id)
    row = conn.execute(query.with_for_update() if lock else query).first()
    if row is None or row.showroom_id != showroom_id:
        raise NotHere
    return row


def must_be_open(row: Any) -> None:
    """Only an open count changes."""
    if row.status == "open":
        return
    rollback()
    name = reading().execute(select(User.name).where(User.id == row.closed_by)).scalar()
    raise Refusal(_("Hitungan ini sudah ditutup %(name)s, %(at)s.", name=name, at=when(row.closed_at)))


def open_stocktake(showroom_id: int) -> AnyRow | None:
    """The count that is open in a showroom, if any."""
    query = select(Stocktake.__table__).where(Stocktake.showroom_id == showroom_id, Stocktake.status == "open")
    return reading().execute(query).first()


def _note(act: Act, kind: str, stocktake_id: int, user: SignedIn, told: dict[str, Any]) -> None:
    activity.note(act.conn, user.showroom_id, user.id, kind, f"stocktake:{stocktake_id}", after=told, at=act.at)
