"""Bargaining (tawar-menawar): discounts on a line or the basket, another price, and a manager's yes on the spot."""

from dataclasses import asdict, dataclass
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import update

from showroom_app.extensions import AnyRow
from showroom_app.ledger.act import begin_act, verb
from showroom_app.lib.money import PRICE_MAX, format_rupiah, parse_percent, parse_rupiah
from showroom_app.lib.refusal import Refusal
from showroom_app.lib.typed import Typed
from showroom_app.people import activity, sign_in
from showroom_app.sales.basket import mine, must_be_open, touch
from showroom_app.sales.models import Basket, BasketLine
from showroom_app.sales.pricing import Line, approval, left_to_pay, priced, showroom_share, view_lines
from showroom_app.web.access import MANAGER, SignedIn

REASON_MAX = 80
BEARERS = ("shared", "showroom", "crafter")
WAYS = ("percent", "rupiah", "becomes", "price")


@dataclass(frozen=True, slots=True)
class Wanted:
    """A discount asked for. `item_id` is None for the whole basket; `price` is another price a piece, in rupiah."""

    item_id: int | None
    bps: int = 0
    rupiah: int = 0
    price: int | None = None
    bearer: str = ""
    reason: str = ""


def read(typed: Typed, lines: list[AnyRow], item_id: int | None, user: SignedIn) -> Wanted:
    """A discount as typed: `way` percent, rupiah off, what a line becomes, or another price a piece.

    Refuses more than everything, and a reason left out. Who bears it only a manager chooses.
    """
    way, reason = typed.get("way", "percent"), typed.line("reason")[:REASON_MAX]
    bearer = typed.get("bearer", "") if user.role == MANAGER else ""
    if way not in WAYS or (bearer and bearer not in BEARERS) or (way == "price" and item_id is None):
        raise Refusal(_("Formulir ini tidak lengkap. Muat ulang halaman, lalu coba lagi."))
    chosen = [line for line in lines if item_id is None or line.item_id == item_id]
    if not chosen:
        raise Refusal(_("Barang ini sudah tidak ada di keranjang."))
    if not reason:
        raise Refusal(_("Tulis alasannya, misalnya cacat kecil atau tawar-menawar."), "reason")
    if way == "percent":
        return Wanted(item_id, bps=_percent(typed.get("value", "")), bearer=bearer, reason=reason)
    amount = _amount(typed.get("value", ""))
    if way == "price":
        if not 0 < amount <= PRICE_MAX:
            most = format_rupiah(PRICE_MAX)
            raise Refusal(_("Isi harga di atas nol dan paling banyak %(most)s.", most=most), "value")
        return Wanted(item_id, price=amount, reason=reason)
    # A line's discount takes the place of what was agreed for it before; the basket's comes on top of its lines'.
    gross = left_to_pay(chosen) if item_id is None else sum(line.price * line.quantity for line in chosen)
    off = gross - amount if way == "becomes" else amount
    if way == "becomes" and off < 0:
        now = format_rupiah(gross)
        raise Refusal(_("Harganya sekarang %(amount)s. “Menjadi” tidak bisa lebih dari itu.", amount=now), "value")
    if not 0 <= off <= gross:
        raise Refusal(_("Diskon paling banyak %(amount)s.", amount=format_rupiah(gross)), "value")
    return Wanted(item_id, rupiah=off, bearer=bearer, reason=reason)


def _percent(text: str) -> int:
    try:
        return parse_percent(text)
    except ValueError:
        raise Refusal(_("Isi persen antara 0 dan 100, misalnya 10 atau 12,5."), "value") from None


def _amount(text: str) -> int:
    try:
        return parse_rupiah(text)
    except ValueError:
        raise Refusal(_("Isi jumlah dalam rupiah, misalnya 25.000."), "value") from None


class _Asked:
    """A line or basket as it would be with the discount asked for; the rest as it is."""

    def __init__(self, row: Any, wanted: Wanted) -> None:
        self.row = row
        self.discount_bps, self.discount_rupiah = wanted.bps, wanted.rupiah
        self.discount_bearer, self.discount_reason = wanted.bearer, wanted.reason
        if wanted.item_id is not None:
            self.set_price = wanted.price

    def __getattr__(self, name: str) -> Any:
        return getattr(self.row, name)


def preview(rows: list[AnyRow], basket: AnyRow, wanted: Wanted) -> list[Line]:
    """The basket's lines as they would be: nothing is kept."""
    seen: list[Any] = [_Asked(row, wanted) if row.item_id == wanted.item_id else row for row in rows]
    whole: Any = _Asked(basket, wanted) if wanted.item_id is None else basket
    return priced(seen, whole)


@verb
def give(basket_id: int, wanted: Wanted, user: SignedIn, request_id: str) -> None:
    """Keep a discount or price on a line or the basket; all zero takes it away. Whether a manager must say yes is
    asked when the sale is finished."""
    act = begin_act("basket-discount", request_id, {"basket": basket_id} | asdict(wanted), user.id)
    if act.repeated:
        return
    basket = mine(act.conn, basket_id, user, lock=True)
    must_be_open(basket)
    values: dict[str, Any] = {
        "discount_bps": wanted.bps, "discount_rupiah": wanted.rupiah, "discount_bearer": wanted.bearer,
        "discount_reason": wanted.reason if wanted.bps or wanted.rupiah or wanted.price is not None else "",
    }  # fmt: skip
    if wanted.item_id is None:
        act.conn.execute(update(Basket).where(Basket.id == basket_id).values(values))
    else:
        line = update(BasketLine).where(BasketLine.basket_id == basket_id, BasketLine.item_id == wanted.item_id)
        if act.conn.execute(line.values(values | {"price": wanted.price})).rowcount != 1:
            raise Refusal(_("Barang ini sudah tidak ada di keranjang."))
    touch(act, basket)
    act.commit()


@verb
def approve(
    basket_id: int, name: str, secret: str, user: SignedIn, request_id: str, address: str, version: int | None = None
) -> None:
    """A manager's yes to the basket as it is now, by their own name and password at the attendant's till.

    Recorded with who, what and why. `version` is the basket's that they saw: refuses when it is another by now.
    Refuses anybody else, and counts wrong guesses as sign-in does.
    """
    manager = sign_in.manager_here(name, secret, address, user.showroom_id)
    act = begin_act("basket-approve", request_id, {"basket": basket_id, "manager": manager.id}, user.id)
    if act.repeated:
        return
    basket = mine(act.conn, basket_id, user, lock=True)
    must_be_open(basket)
    if version is not None and basket.version != version:
        raise Refusal(_("Keranjang berubah di layar lain. Periksa lagi, lalu setujui."))
    lines = priced(view_lines(act.conn, basket.id), basket)
    share = showroom_share(lines)
    yes = update(Basket).where(Basket.id == basket_id)
    act.conn.execute(yes.values(approved_by=manager.id, approved_version=basket.version, approved_share=share))
    told = approval(lines, basket.discount_bps_max) | {"at_till_of": user.name}
    activity.note(act.conn, user.showroom_id, manager.id, "approval", f"basket:{basket_id}", after=told, at=act.at)
    act.commit()
