"""A scan in a stocktake: what was scanned is counted once, or called out."""

from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import Connection, and_, bindparam, delete, func, select, text

from showroom_app.counting.close import LAST_ENTRY
from showroom_app.counting.models import Stocktake, StocktakeCount
from showroom_app.counting.stocktake import must_be_open
from showroom_app.extensions import rollback
from showroom_app.ledger.act import Act, begin_act, verb
from showroom_app.ledger.models import Account, Balance
from showroom_app.lib import label_code
from showroom_app.lib.refusal import NotHere, Refusal
from showroom_app.people.models import Crafter
from showroom_app.prepared import Prepared
from showroom_app.stock import items
from showroom_app.stock.models import Item, Product
from showroom_app.web.access import SignedIn

PIECES_MAX = 1_000_000

# Shared by all who scan, so that they do not queue; closing waits for them and they for it.
_TAKE = Prepared(select(Stocktake.__table__).where(Stocktake.id == bindparam("stocktake")).with_for_update(read=True))
# One statement, so that what it says of the book is of one moment.
_ITEM = Prepared(
    select(
        Item.id, Item.showroom_id, Item.crafter_id, Item.quantity, Product.name, Product.category,
        Crafter.name.label("crafter_name"), func.coalesce(Balance.amount, 0).label("on_shelf"), LAST_ENTRY,
    )
    .join(Product, Product.id == Item.product_id)
    .join(Crafter, Crafter.id == Item.crafter_id)
    .join(Account, and_(Account.kind == "shelf", Account.owner_id == Item.showroom_id))
    .outerjoin(Balance, and_(Balance.unit == Item.id, Balance.account_id == Account.id))
    .where(Item.code == bindparam("code"))
)  # fmt: skip
_AT = bindparam("at", type_=StocktakeCount.at.type)
# A lot's number is put right by who saw the number that stands there. A single piece that was called out is counted
# when it came back to the shelf meanwhile.
_PUT = Prepared(
    text(
        "INSERT INTO stocktake_count (stocktake_id, item_id, pieces, on_shelf, place, entry_id, user_id, at)"
        " VALUES (:stocktake, :item, :pieces, :on_shelf, :place, :entry, :user, :at)"
        " ON CONFLICT (stocktake_id, item_id) DO UPDATE SET pieces = excluded.pieces, on_shelf = excluded.on_shelf,"
        " place = excluded.place, entry_id = excluded.entry_id, user_id = excluded.user_id, at = excluded.at"
        " WHERE stocktake_count.pieces = CAST(:seen AS BIGINT) OR CAST(:single AS BIGINT) = 1"
        " AND stocktake_count.on_shelf = 0 AND excluded.on_shelf > 0"
    ).bindparams(_AT)
)
_STRANGER = Prepared(
    text(
        "INSERT INTO stocktake_stranger (stocktake_id, code, user_id, at) VALUES (:stocktake, :code, :user, :at)"
        " ON CONFLICT DO NOTHING"
    ).bindparams(_AT)
)


@dataclass(frozen=True, slots=True)
class Scanned:
    """What a scan did. `kind`: 'counted'; 'twice', it was counted before; 'unexpected', it is not on the shelf by the
    book; 'stranger', the code is nobody's; 'ask', how many are there of a lot? 'overtaken', the same, because somebody
    else has just given another number."""

    kind: str
    code: str
    item_id: int | None = None


@verb
def count(
    stocktake_id: int, typed: str, user: SignedIn, request_id: str,
    *, pieces: int | None = None, seen: int | None = None,
) -> Scanned:  # fmt: skip
    """Count what was scanned or typed: a code, or a label's address.

    A single piece counts once, whoever scans it again. A lot asks for its `pieces`; `seen` is the number that stood
    there when it was asked (None: none), and is only put right by who saw it. What the book has elsewhere, goods of
    another showroom and codes of nobody are called out and kept. Refuses wrong codes, goods on the shelf that this
    count is not about, and a count that is over.
    """
    content = {"stocktake": stocktake_id, "typed": typed, "pieces": pieces, "seen": seen}
    act = begin_act("stocktake-count", request_id, content, user.id)
    if act.repeated:
        return Scanned(**act.result)
    stocktake = open_one(act.conn, stocktake_id, user)
    code = label_code.parse(typed)
    if code is None:
        raise _no_code(typed)
    item = _ITEM.first(act.conn, code=code)
    if item is None:
        _STRANGER.run(act.conn, stocktake=stocktake_id, code=code, user=user.id, at=act.at)
        return Scanned(**act.commit(kind="stranger", code=code))
    here = item.showroom_id == stocktake.showroom_id
    if here and item.on_shelf and not _is_about(stocktake, item):
        raise Refusal(_other(stocktake, item))
    if pieces is None and item.quantity > 1 and here:
        rollback()
        return Scanned("ask", code, item.id)
    if pieces is not None and not 0 <= pieces <= PIECES_MAX:
        raise Refusal(_("Isi jumlah antara 0 dan 1.000.000."), "pieces")
    kind = _put(act, stocktake, item, pieces if pieces is not None and item.quantity > 1 else 1, seen)
    if kind == "overtaken":
        rollback()
        return Scanned(kind, code, item.id)
    return Scanned(**act.commit(kind=kind, code=code, item_id=item.id))


def open_one(conn: Connection, stocktake_id: int, user: SignedIn) -> Any:
    """The count, to which more may be added until this transaction ends."""
    stocktake = _TAKE.first(conn, stocktake=stocktake_id)
    if stocktake is None or stocktake.showroom_id != user.showroom_id:
        raise NotHere
    must_be_open(stocktake)
    return stocktake


def _put(act: Act, stocktake: Any, item: Any, pieces: int, seen: int | None) -> str:
    """Write the row, unless somebody was there first; what came of it."""
    here = item.showroom_id == stocktake.showroom_id
    on_shelf = max(item.on_shelf, 0) if here else 0
    single = not here or item.quantity == 1
    written = _PUT.run(
        act.conn, stocktake=stocktake.id, item=item.id, pieces=pieces, on_shelf=on_shelf,
        place=_place(act.conn, item) if here else "elsewhere", entry=item.entry_id, user=act.actor_id, at=act.at,
        seen=seen, single=int(single),
    )  # fmt: skip
    if not written:
        return "twice" if single else "overtaken"
    return "counted" if on_shelf or not pieces else "unexpected"


def _place(conn: Connection, item: Any) -> str:
    """Where the book has an item: on the shelf, or away, sold, returned, damaged or lost."""
    if item.on_shelf:
        return "shelf"
    last, away = items.last_kinds(conn, [item.id]), items.away(conn, [item.id])
    return items.state_of(item, last.get(item.id), away.get(item.id, 0))


def _is_about(stocktake: Any, item: Any) -> bool:
    if stocktake.scope == "category":
        return bool(item.category == stocktake.category)
    return stocktake.scope == "all" or item.crafter_id == stocktake.crafter_id


def _other(stocktake: Any, item: Any) -> str:
    rollback()
    if stocktake.scope == "crafter":
        return _(
            "%(name)s milik %(crafter)s, jadi bukan bagian dari hitungan ini.",
            name=item.name,
            crafter=item.crafter_name,
        )
    return _("%(name)s jenisnya lain, jadi bukan bagian dari hitungan ini.", name=item.name)


def _no_code(typed: str) -> Refusal:
    rollback()
    if not typed.strip():
        return Refusal(_("Pindai label, atau ketik kodenya."))
    if label_code.looks_like_code(typed):
        code = label_code.tidy(typed)[:20]
        return Refusal(_("Kode %(code)s salah ketik atau kurang lengkap. Kode label ada 8 huruf dan angka.", code=code))
    return Refusal(_("“%(typed)s” bukan kode label. Kode label ada 8 huruf dan angka.", typed=typed.strip()[:40]))


def lot(conn: Connection, typed: str, showroom_id: int) -> Any:
    """The lot of this showroom that a code names, with its code; None where it names no lot."""
    code = label_code.parse(typed)
    row = conn.execute(select(Item.id, Item.code, Item.quantity, Item.showroom_id).where(Item.code == code)).first()
    return row if row is not None and row.quantity > 1 and row.showroom_id == showroom_id else None


@verb
def take_back(stocktake_id: int, item_id: int, user: SignedIn, request_id: str) -> None:
    """Undo the scan of an item, such as of a label without its piece: it is not counted any more."""
    act = begin_act("stocktake-take-back", request_id, {"stocktake": stocktake_id, "item": item_id}, user.id)
    if act.repeated:
        return
    open_one(act.conn, stocktake_id, user)
    gone = delete(StocktakeCount).where(StocktakeCount.stocktake_id == stocktake_id, StocktakeCount.item_id == item_id)
    if not act.conn.execute(gone).rowcount:
        raise Refusal(_("Barang ini belum dihitung, jadi tidak ada yang dibatalkan."))
    act.commit()
