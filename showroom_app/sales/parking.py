"""Parking: a basket set aside under a short name while the next buyer is served, and taken up again."""

from dataclasses import dataclass
from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy import Connection, bindparam, literal_column, select, update

from showroom_app.extensions import rollback
from showroom_app.ledger.act import Act, begin_act, verb
from showroom_app.lib.refusal import Refusal
from showroom_app.people.models import Desk, Showroom
from showroom_app.prepared import Prepared
from showroom_app.sales.basket import mine, must_be_open
from showroom_app.sales.models import Basket
from showroom_app.sales.pricing import figures, view_lines
from showroom_app.web.access import SignedIn

LABEL_MAX = 40

_PARKED = Prepared(
    select(
        Basket.id, Basket.label, Basket.changed_at, Basket.discount_bps, Basket.discount_rupiah,
        Basket.discount_bearer, Basket.discount_reason, Showroom.discount_bearer.label("usual_bearer"),
        Showroom.cash_rounding,
    )
    .join(Desk, Desk.id == Basket.desk_id)
    .join(Showroom, Showroom.id == Desk.showroom_id)
    .where(Basket.desk_id == bindparam("desk"), Basket.status == literal_column("'parked'"))
    .order_by(Basket.id)
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Parked:
    """A basket set aside: what it is called, how many pieces are in it, and what they come to in rupiah."""

    id: int
    label: str
    changed_at: datetime
    pieces: int
    total: int


@verb
def park(basket_id: int, label: str, user: SignedIn, request_id: str) -> None:
    """Set the basket aside under a short name, so that the next buyer can be served. Refuses an empty one."""
    act = begin_act("basket-park", request_id, {"basket": basket_id, "label": label}, user.id)
    if act.repeated:
        return
    basket = mine(act.conn, basket_id, user, lock=True)
    must_be_open(basket)
    if not view_lines(act.conn, basket_id):
        raise Refusal(_("Keranjang masih kosong, belum perlu diparkir."))
    parked = update(Basket).where(Basket.id == basket_id)
    act.conn.execute(parked.values(status="parked", label=label[:LABEL_MAX], changed_at=act.at))
    act.commit()


@verb
def resume(basket_id: int, user: SignedIn, request_id: str) -> None:
    """Take a parked basket up again; the one on screen, if anything is in it, is parked in its place."""
    act = begin_act("basket-resume", request_id, {"basket": basket_id}, user.id)
    if act.repeated:
        return
    basket = mine(act.conn, basket_id, user, lock=True)
    if basket.status == "open":
        rollback()
        return
    if basket.status != "parked":
        must_be_open(basket)
    _set_aside(act, basket.desk_id)
    act.conn.execute(update(Basket).where(Basket.id == basket_id).values(status="open", label="", changed_at=act.at))
    act.commit()


def _set_aside(act: Act, desk_id: int) -> None:
    """Park the desk's open basket, or drop it when nothing is in it. (The row stays: another screen may show it.)"""
    query = select(Basket.id).where(Basket.desk_id == desk_id, Basket.status == "open").with_for_update()
    open_id = act.conn.execute(query).scalar()
    if open_id is None:
        return
    status = "parked" if view_lines(act.conn, open_id) else "dropped"
    act.conn.execute(update(Basket).where(Basket.id == open_id).values(status=status, changed_at=act.at))


def parked(conn: Connection, desk_id: int) -> list[Parked]:
    """The baskets set aside at a desk, with what they come to."""
    found = []
    for row in _PARKED.rows(conn, desk=desk_id):
        told = figures(conn, row)
        found.append(Parked(row.id, row.label, row.changed_at, told.pieces, told.total))
    return found
