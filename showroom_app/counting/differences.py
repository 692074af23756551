"""What a manager decides about the differences of a closed count: posted as lost, or explained without posting."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy import Connection, select, update

from showroom_app.counting.close import shelf_of
from showroom_app.counting.models import Stocktake, StocktakeCount, StocktakeResult
from showroom_app.counting.stocktake import own_stocktake
from showroom_app.extensions import AnyRow, rollback
from showroom_app.ledger import book
from showroom_app.ledger.act import Act, begin_act, verb
from showroom_app.ledger.models import Balance
from showroom_app.lib.refusal import NotHere, Refusal
from showroom_app.people import activity
from showroom_app.stock import joint
from showroom_app.stock.models import Item
from showroom_app.stock.write_off import REASON_MAX, Harm, write_within
from showroom_app.web.access import MANAGER, SignedIn

# Each is an entry of its own; more of them would hold the office's desk for too long.
ROWS_MAX = 200
HOW = ("lost", "explained")


@dataclass(frozen=True, slots=True)
class Decision:
    """What a manager says of some differences. 'lost': posted as lost, with a photo where there is one; `compensate`
    None pays as the settings say. 'explained': the reason is kept, and the book stays as it is."""

    how: str
    reason: str
    photo: str = ""
    compensate: bool | None = None


@verb
def settle(
    stocktake_id: int, result_ids: Sequence[int], decision: Decision, user: SignedIn, request_id: str,
    *, at: datetime | None = None,
) -> int:  # fmt: skip
    """Decide about differences, several at once with one reason; each is decided once. A manager's act.

    What is posted as lost and found later is turned round there. All or nothing. Returns how many were decided. Refuses
    no reason, a count that is still open, what was decided before, and to post what was sold or moved since the count
    closed, or was counted again.
    """
    content = {"stocktake": stocktake_id, "results": sorted(set(result_ids)), **asdict(decision)}
    act = begin_act("stocktake-settle", request_id, content, user.id, at)
    if act.repeated:
        return int(act.result["settled"])
    stocktake = own_stocktake(act.conn, stocktake_id, user.showroom_id, lock=True)
    _must_make_sense(stocktake, result_ids, decision, user)
    rows, lost = _undecided(act.conn, stocktake_id, result_ids, decision.how), decision.how == "lost"
    if lost:
        _hold(act.conn, rows, user)
    act.holds()
    for row in rows:
        values = {
            "write_off_id": _post(act, row, decision, user) if lost else None,
            "settled_by": user.id, "settled_at": act.at, "reason": decision.reason[:REASON_MAX],
        }  # fmt: skip
        act.conn.execute(update(StocktakeResult).where(StocktakeResult.id == row.id).values(values))
    told = {"differences": len(rows), "posted": lost, "reason": decision.reason}
    activity.note(
        act.conn, user.showroom_id, user.id, "stocktake-settle", f"stocktake:{stocktake_id}", after=told, at=act.at
    )
    return int(act.commit(settled=len(rows))["settled"])


def _must_make_sense(stocktake: AnyRow, result_ids: Sequence[int], decision: Decision, user: SignedIn) -> None:
    if user.role != MANAGER:
        raise Refusal(_("Selisih diputuskan pengelola."))
    if stocktake.status != "closed":
        raise Refusal(_("Tutup hitungannya dulu, baru selisihnya diputuskan."))
    if decision.how not in HOW:
        raise Refusal(_("Pilih: catat hilang, atau jelaskan saja."))
    if not result_ids:
        raise Refusal(_("Pilih dulu barangnya."))
    if len(set(result_ids)) > ROWS_MAX:
        raise Refusal(_("Paling banyak %(n)s barang sekali catat. Catat sisanya sesudah ini.", n=ROWS_MAX))
    if not decision.reason:
        raise Refusal(_("Tulis sebabnya, misalnya sudah dicari dan tidak ketemu."), "reason")


def _undecided(conn: Connection, stocktake_id: int, result_ids: Sequence[int], how: str) -> list[AnyRow]:
    """The rows that were chosen, in the order of their items."""
    query = select(StocktakeResult.__table__).where(
        StocktakeResult.stocktake_id == stocktake_id, StocktakeResult.id.in_(sorted(set(result_ids)))
    )
    rows = list(conn.execute(query.order_by(StocktakeResult.item_id, StocktakeResult.id)))
    if len(rows) != len(set(result_ids)):
        raise NotHere
    for row in rows:
        if row.settled_at is not None:
            raise Refusal(_("%(name)s %(code)s sudah diputuskan. Muat ulang halaman.", name=row.name, code=row.code))
        if row.kind not in (("missing",) if how == "lost" else ("missing", "unexpected")):
            raise Refusal(_("%(name)s %(code)s tidak kurang.", name=row.name, code=row.code))
    return rows


def _hold(conn: Connection, rows: Sequence[AnyRow], user: SignedIn) -> None:
    """Hold everything that will be posted to, in one order for everyone: items, then their crafters, then what stands
    on the shelf. Refuses what is not there any more to be lost."""
    ids = [row.item_id for row in rows]
    held = select(Item.id, Item.crafter_id, Item.line_id).where(Item.id.in_(ids)).order_by(Item.id).with_for_update()
    items = list(conn.execute(held))
    crafters = {row.crafter_id for row in items}
    for who in joint.makers_of(conn, {row.line_id for row in items}).values():
        crafters |= {one.crafter_id for one in who}
    book.hold(conn, book.accounts(conn, [("crafter", crafter) for crafter in crafters]).values())
    there = (
        select(Balance.unit, Balance.amount)
        .where(Balance.account_id == shelf_of(user.showroom_id), Balance.unit.in_(ids))
        .order_by(Balance.unit)
        .with_for_update()
    )
    pieces = {row.unit: row.amount for row in conn.execute(there)}
    counted_since = _counted_since(conn, rows[0].stocktake_id, ids)
    for row in rows:
        if row.item_id in counted_since:
            rollback()
            later = _("%(name)s %(code)s sudah dihitung lagi sesudah ini. Putuskan di hitungan yang terakhir.",
                      name=row.name, code=row.code)  # fmt: skip
            raise Refusal(later)
        if pieces.get(row.item_id, 0) < row.expected - row.counted:
            rollback()
            raise Refusal(_sold_since(row, pieces.get(row.item_id, 0)))


def _counted_since(conn: Connection, stocktake_id: int, ids: Sequence[int]) -> set[int]:
    """Which of these items a later count has seen, or called missing: what is missing is told there anew."""
    results, scans = StocktakeResult, StocktakeCount
    closed = select(results.item_id).where(results.item_id.in_(ids), results.stocktake_id > stocktake_id)
    scanned = select(scans.item_id).where(scans.item_id.in_(ids), scans.stocktake_id > stocktake_id)
    dropped = select(Stocktake.id).where(Stocktake.status == "dropped")
    seen = conn.execute(closed.union(scanned.where(scans.stocktake_id.not_in(dropped)))).scalars()
    return {item_id for item_id in seen if item_id is not None}


def _sold_since(row: AnyRow, left: int) -> str:
    name = {"name": row.name, "code": row.code}
    if not left:
        return _(
            "%(name)s %(code)s sudah terjual atau dipindah sejak dihitung. Jelaskan saja, tanpa mencatat hilang.",
            **name,
        )
    return _("%(name)s %(code)s di buku tinggal %(n)s buah. Jelaskan saja, tanpa mencatat hilang.", n=left, **name)


def _post(act: Act, row: AnyRow, decision: Decision, user: SignedIn) -> int:
    gone = Harm(
        row.item_id, "lost", row.expected - row.counted, decision.reason, photo=decision.photo,
        compensate=decision.compensate,
    )  # fmt: skip
    return write_within(act, gone, user)
