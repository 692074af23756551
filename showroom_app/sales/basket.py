"""The basket: goods being rung up. It lives on the server, at a desk; it is not yet a fact."""

from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import Connection, bindparam, delete, func, literal_column, select, text, update

from showroom_app.extensions import AnyRow, begin_write, commit, now, reading, rollback
from showroom_app.ledger.act import Act, begin_act, verb
from showroom_app.lib import label_code
from showroom_app.lib.refusal import NotHere, Refusal
from showroom_app.people.models import Desk, Showroom
from showroom_app.prepared import Prepared
from showroom_app.sales.models import Basket, BasketLine, BasketService, Sale, Shift
from showroom_app.sales.pricing import STAND, view_lines
from showroom_app.sales.whereabouts import why_not_here
from showroom_app.stock import items
from showroom_app.web.access import SignedIn

LINES_MAX = 300
NO_DISCOUNT = {"discount_bps": 0, "discount_rupiah": 0, "discount_bearer": "", "discount_reason": ""}

# A basket may be touched by whoever has the open shift at its desk.
_MINE = (
    select(
        Basket.id, Basket.desk_id, Basket.status, Basket.version, Shift.id.label("shift_id"), Shift.showroom_id,
        Shift.opened_at, Desk.code, Desk.name.label("desk_name"), Showroom.qris_file, Showroom.bank_note,
        Basket.discount_bps, Basket.discount_rupiah, Basket.discount_bearer, Basket.discount_reason,
        Basket.approved_by, Basket.approved_version, Basket.approved_share,
        Showroom.discount_bearer.label("usual_bearer"),
        Showroom.discount_bps_max, Showroom.cash_rounding, Showroom.tenders, STAND.label("stand"),
    )
    .join(Shift, (Shift.desk_id == Basket.desk_id) & Shift.closed_at.is_(None))
    .join(Desk, Desk.id == Basket.desk_id)
    .join(Showroom, Showroom.id == Shift.showroom_id)
    .where(Basket.id == bindparam("basket"), Shift.user_id == bindparam("user"))
)  # fmt: skip
_MINE_LOCKED = Prepared(_MINE.with_for_update(of=Basket))
_MINE_NOW = Prepared(_MINE)
_LINE = Prepared(
    select(BasketLine.quantity).where(
        BasketLine.basket_id == bindparam("basket"), BasketLine.item_id == bindparam("item")
    )
)
_COUNT = Prepared(select(func.count()).where(BasketLine.basket_id == bindparam("basket")))
_PUT = Prepared(
    text(
        "INSERT INTO basket_line (basket_id, item_id, quantity, version) VALUES (:basket, :item, :quantity, :version)"
        " ON CONFLICT (basket_id, item_id) DO UPDATE SET quantity = excluded.quantity, version = excluded.version"
    )
)
_AT = bindparam("at", type_=Basket.changed_at.type)
_OPEN = Prepared(
    text(
        "INSERT INTO basket (desk_id, status, label, version, changed_at) VALUES (:desk, 'open', '', 0, :at)"
        " ON CONFLICT DO NOTHING"
    ).bindparams(_AT)
)
_OPEN_AT = Prepared(
    select(Basket.id).where(Basket.desk_id == bindparam("desk"), Basket.status == literal_column("'open'"))
)
_TOUCH = Prepared(text("UPDATE basket SET version = :v, changed_at = :at WHERE id = :basket").bindparams(_AT))


@dataclass(slots=True)
class Added:
    """What a scan or a typed word did: an item put in, or several found to choose from."""

    item_id: int | None
    found: list[AnyRow]


class AlreadySold(Exception):
    """The basket was paid, here or on another screen; `sale_id` is its receipt."""

    def __init__(self, sale_id: int) -> None:
        self.sale_id = sale_id


class MovedOn(Exception):
    """The basket was set aside on another screen: this one goes to the desk's basket of now."""


def mine(conn: Connection, basket_id: int, user: SignedIn, *, lock: bool = False) -> Any:
    """A basket at the desk where this user has a shift open. Refuses others in words, or as not there."""
    row = (_MINE_LOCKED if lock else _MINE_NOW).first(conn, basket=basket_id, user=user.id)
    if row is not None:
        return row
    rollback()
    place = reading().execute(
        select(Desk.showroom_id).join(Basket, Basket.desk_id == Desk.id).where(Basket.id == basket_id)
    )
    if place.scalar() != user.showroom_id:
        raise NotHere
    raise Refusal(_("Keranjang ini di meja lain, atau sif Anda sudah ditutup. Buka halaman Kasir lagi."))


def must_be_open(row: AnyRow) -> None:
    """Only an open basket changes; a paid one leads to its receipt, one set aside to the desk's basket of now."""
    if row.status == "open":
        return
    rollback()
    if row.status == "sold":
        raise AlreadySold(reading().execute(select(Sale.id).where(Sale.basket_id == row.id)).scalar_one())
    raise MovedOn


def open_at(desk_id: int) -> int | None:
    """The open basket of a desk, or None between two buyers."""
    return _OPEN_AT.scalar(reading(), desk=desk_id)


@verb
def current(shift: AnyRow) -> int:
    """The open basket of a shift's desk, made where there is none. Returns its id."""
    known = open_at(shift.desk_id)
    while known is None:  # on another screen it may be sold between our insert and our look
        conn = begin_write()
        _OPEN.run(conn, desk=shift.desk_id, at=now())
        known = _OPEN_AT.scalar(conn, desk=shift.desk_id)
        commit()
    return int(known)


@verb
def add(basket_id: int, typed: str, user: SignedIn, request_id: str, *, shown: int | None = None) -> Added:
    """Put in what was scanned or typed: a code, a label's address, or part of a name. `shown` is the basket that the
    screen showed, where it goes into another: sent again, it is still the same request.

    A name that fits several kinds of goods puts nothing in and returns them. Refuses, each in its own sentence,
    codes that are wrong, unknown, sold, handed back, of another showroom, or in the basket already.
    """
    content = {"basket": basket_id if shown is None else shown, "typed": typed}
    act = begin_act("basket-add", request_id, content, user.id)
    if act.repeated:
        return Added(act.result["item_id"], [])
    basket = mine(act.conn, basket_id, user, lock=True)
    must_be_open(basket)
    code = label_code.parse(typed)
    if code is None:
        found = suggestions(act.conn, basket, typed) if typed.strip() else []
        if len(found) != 1:
            rollback()
            if not found:
                raise _not_found(typed)
            return Added(None, found)
        code = found[0].code
    item = items.by_code(act.conn, code, basket.stand)
    if item is None:
        raise Refusal(_("Kode %(code)s tidak dikenal. Periksa labelnya, atau ketik nama barangnya.", code=code))
    _put_one_more(act, basket, item)
    act.commit(item_id=item.id)
    return Added(item.id, [])


def suggestions(conn: Connection, basket: AnyRow, typed: str) -> list[AnyRow]:
    """What stands here under a name being typed, less what is wholly in this basket already."""
    taken = [line.item_id for line in view_lines(conn, basket.id) if line.quantity >= line.on_shelf]
    return items.suggestions(conn, basket.showroom_id, typed, without=taken, stand=basket.stand)


def _not_found(typed: str) -> Refusal:
    if not typed.strip():
        return Refusal(_("Pindai label, atau ketik kode / nama barang."))
    if label_code.looks_like_code(typed):
        code = label_code.tidy(typed)[:20]
        return Refusal(_("Kode %(code)s salah ketik atau kurang lengkap. Kode label ada 8 huruf dan angka.", code=code))
    return Refusal(_("Tidak ada barang di rak bernama “%(name)s”. Coba kata lain.", name=typed.strip()[:40]))


def _put_one_more(act: Act, basket: AnyRow, item: AnyRow) -> None:
    already = _LINE.scalar(act.conn, basket=basket.id, item=item.id) or 0
    if item.showroom_id != basket.showroom_id or item.on_shelf <= already:
        rollback()
        raise why_not_here(item, basket.showroom_id, already)
    if basket.version >= LINES_MAX and _COUNT.scalar(act.conn, basket=basket.id) >= LINES_MAX:
        raise Refusal(_("Keranjang sudah penuh. Selesaikan dulu, lalu buka keranjang baru."))
    _set_line(act, basket, item.id, already + 1)


def _set_line(act: Act, basket: AnyRow, item_id: int, quantity: int) -> None:
    version = basket.version + 1
    if quantity:
        _PUT.run(act.conn, basket=basket.id, item=item_id, quantity=quantity, version=version)
    else:
        gone = delete(BasketLine).where(BasketLine.basket_id == basket.id, BasketLine.item_id == item_id)
        act.conn.execute(gone)
    touch(act, basket)


def touch(act: Act, basket: AnyRow) -> None:
    """Count a change of the basket: what other screens show of it, and a manager's yes, is then out of date."""
    _TOUCH.run(act.conn, basket=basket.id, v=basket.version + 1, at=act.at)


@verb
def change(
    basket_id: int, item_id: int, quantity: int, user: SignedIn, request_id: str, *, was: int | None = None
) -> None:
    """Set how many pieces of an item are in the basket; 0 takes it out. `was` is how many the screen showed: refuses
    when another device made it another number meanwhile. Refuses more than stand on the shelf."""
    content = {"basket": basket_id, "item": item_id, "quantity": quantity}
    act = begin_act("basket-change", request_id, content, user.id)
    if act.repeated:
        return
    basket, line = _line_in(act, basket_id, item_id, user)
    if was not in (None, line.quantity) and quantity != line.quantity:
        raise Refusal(_("%(name)s sekarang %(n)s buah, lain dari yang tadi di layar. Periksa, lalu tekan lagi.",
                        name=line.name, n=line.quantity))  # fmt: skip
    if quantity > max(line.on_shelf, 0):
        raise Refusal(_("%(name)s tinggal %(n)s buah di rak.", name=line.name, n=line.on_shelf))
    if quantity < 0:
        raise Refusal(_("Jumlah tidak bisa kurang dari nol. Isi 0 untuk mengeluarkan barangnya."))
    _leave(act, basket, item_id, quantity)
    act.commit()


@verb
def take_one(basket_id: int, item_id: int, user: SignedIn, request_id: str) -> None:
    """Take one piece of an item out of the basket, however many another device put in meanwhile."""
    act = begin_act("basket-take-one", request_id, {"basket": basket_id, "item": item_id}, user.id)
    if act.repeated:
        return
    basket, line = _line_in(act, basket_id, item_id, user)
    _leave(act, basket, item_id, line.quantity - 1)
    act.commit()


def _line_in(act: Act, basket_id: int, item_id: int, user: SignedIn) -> tuple[AnyRow, AnyRow]:
    """The basket, held, and an item's line in it. Refuses when it is no longer in."""
    basket = mine(act.conn, basket_id, user, lock=True)
    must_be_open(basket)
    line = next((row for row in view_lines(act.conn, basket_id) if row.item_id == item_id), None)
    if line is None:
        raise Refusal(_("Barang ini sudah tidak ada di keranjang."))
    return basket, line


def _leave(act: Act, basket: AnyRow, item_id: int, quantity: int) -> None:
    if not quantity and _COUNT.scalar(act.conn, basket=basket.id) == 1:
        _clear(act, basket)  # what was agreed with this buyer is not the next one's
    else:
        _set_line(act, basket, item_id, quantity)


@verb
def empty(basket_id: int, user: SignedIn, request_id: str, *, version: int | None = None) -> None:
    """Take everything out; nothing is sold, the goods stay on the shelf. `version` is of the basket that the screen
    showed: refuses when another device changed it meanwhile."""
    act = begin_act("basket-empty", request_id, {"basket": basket_id}, user.id)
    if act.repeated:
        return
    basket = mine(act.conn, basket_id, user, lock=True)
    must_be_open(basket)
    if version not in (None, basket.version):
        raise Refusal(_("Keranjang ini sudah berubah sejak layar ini dimuat. Periksa, lalu tekan lagi."))
    _clear(act, basket)
    act.commit()


def _clear(act: Act, basket: AnyRow) -> None:
    """Goods, services and the basket's discount: nothing is left for the next buyer."""
    for table in (BasketLine, BasketService):
        act.conn.execute(delete(table).where(table.basket_id == basket.id))
    act.conn.execute(update(Basket).where(Basket.id == basket.id).values(NO_DISCOUNT))
    touch(act, basket)
