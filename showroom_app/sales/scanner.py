"""A phone as the till's scanner: it puts goods into the basket of the shift whose ticket it scanned.

The ticket is the shift's number, signed, shown as a QR on the till's own screen: whoever stands there may help. It does
nothing for who isn't signed in as staff of the same showroom, and nothing after the shift is closed. Money stays with
the shift's own attendant.
"""

from typing import Any

from flask import current_app
from flask_babel import gettext as _
from itsdangerous import BadSignature, Signer
from sqlalchemy import Connection, select

from showroom_app.extensions import AnyRow, reading
from showroom_app.ledger.act import is_done
from showroom_app.lib.refusal import NotHere, Refusal
from showroom_app.people.sign_in import signed_in
from showroom_app.sales import basket as baskets
from showroom_app.sales import shift as shifts
from showroom_app.sales.basket import Added, AlreadySold, MovedOn
from showroom_app.sales.models import BasketLine
from showroom_app.web.access import SignedIn

TICKET_MAX = 80


class ShiftEnded(Refusal):
    """The shift behind a ticket is closed."""


def _signer() -> Signer:
    return Signer(current_app.config["SECRET_KEY"], salt="scanner")


def ticket(shift_id: int) -> str:
    """What the till's QR says of an open shift."""
    return _signer().sign(str(shift_id)).decode()


def shift_behind(given: str, user: SignedIn) -> Any:
    """The open shift of a ticket. Refuses a forged one and another showroom's as not there, a closed shift in words."""
    try:
        shift_id = int(_signer().unsign(given[:TICKET_MAX]))
    except (BadSignature, ValueError):
        raise NotHere from None
    shift = shifts.open_shift_by_id(shift_id)
    if shift is None:
        raise ShiftEnded(_("Sif itu sudah ditutup. Pindai kode QR di layar kasir yang sekarang."))
    if shift.showroom_id != user.showroom_id:
        raise NotHere
    return shift


def put_in(shift: Any, typed: str, request_id: str, seen: int | None = None, *, resent: bool = False) -> Added:
    """Put what a phone scanned into the shift's basket: see `basket.add`. `seen` is the basket the phone showed. Where
    that buyer has paid or stepped aside meanwhile it goes into the basket of now, made where there is none; but not
    what a lost line held back (`resent`): that piece was the other buyer's, so it is refused in words."""
    owner, shown = signed_in(shift.user_id), seen or 0
    try:
        if seen is not None:
            return baskets.add(seen, typed, owner, request_id)
    except (AlreadySold, MovedOn):
        pass
    if resent and not is_done(request_id):
        raise Refusal(_("Tadi sambungan putus. Lihat keranjangnya: kalau barang ini belum ada, pindai sekali lagi."))
    try:
        return baskets.add(baskets.current(shift), typed, owner, request_id, shown=shown)
    except (AlreadySold, MovedOn):  # paid in this very moment
        return baskets.add(baskets.current(shift), typed, owner, request_id, shown=shown)


def take_back(shift: Any, item_id: int, request_id: str, seen: int | None = None) -> None:
    """Take one piece out again that was scanned by mistake, out of the basket it went into (`seen`)."""
    basket_id = baskets.current(shift) if seen is None else seen
    try:
        baskets.take_one(basket_id, item_id, signed_in(shift.user_id), request_id)
    except AlreadySold:
        raise Refusal(_("Keranjang itu sudah selesai. Beri tahu petugas di kasir.")) from None
    except MovedOn:
        raise Refusal(_("Keranjang itu diparkir, barangnya masih di dalamnya. Beri tahu petugas di kasir.")) from None


def basket_of(shift: Any) -> Any:
    """The shift's open basket, or None between two buyers."""
    basket_id = baskets.open_at(shift.desk_id)
    return None if basket_id is None else baskets.mine(reading(), basket_id, signed_in(shift.user_id))


def latest_change(conn: Connection, basket: AnyRow) -> int | None:
    """The item whose line the basket's last change put in or counted, if it was a line's."""
    query = select(BasketLine.item_id).where(BasketLine.basket_id == basket.id, BasketLine.version == basket.version)
    return conn.execute(query).scalar()
