"""Services in a basket: packing, delivery (ongkos kirim), assembly. Never part of a crafter's share."""

from flask_babel import gettext as _
from sqlalchemy import delete, func, insert, select

from showroom_app.ledger.act import begin_act, verb
from showroom_app.lib.money import PRICE_MAX, parse_rupiah
from showroom_app.lib.refusal import Refusal
from showroom_app.lib.typed import Typed
from showroom_app.sales.basket import mine, must_be_open, touch
from showroom_app.sales.models import BasketService
from showroom_app.web.access import SignedIn

KINDS = ("packing", "delivery", "assembly", "other")
PAYEES = ("showroom", "driver")
NAME_MAX = 60
SERVICES_MAX = 20


def kind_words() -> dict[str, str]:
    """What each kind of service is called."""
    return {"packing": _("Kemasan"), "delivery": _("Ongkos kirim"), "assembly": _("Perakitan"), "other": _("Jasa lain")}


@verb
def add_service(basket_id: int, typed: Typed, user: SignedIn, request_id: str) -> None:
    """Put a service into the basket: its kind, rupiah, and whether the money is the showroom's or a driver's."""
    kind, payee, name = typed.get("kind", ""), typed.get("payee", "showroom"), typed.line("name")[:NAME_MAX]
    if kind not in KINDS or payee not in PAYEES:
        raise Refusal(_("Pilih jenis jasa dan penerimanya."), "kind")
    try:
        amount = parse_rupiah(typed.get("amount", ""))
    except ValueError:
        amount = 0
    if not 0 < amount <= PRICE_MAX:
        raise Refusal(_("Isi biayanya, misalnya 25.000."), "amount")
    content = {"basket": basket_id, "kind": kind, "payee": payee, "name": name, "amount": amount}
    act = begin_act("basket-service", request_id, content, user.id)
    if act.repeated:
        return
    basket = mine(act.conn, basket_id, user, lock=True)
    must_be_open(basket)
    last = select(func.coalesce(func.max(BasketService.position), 0)).where(BasketService.basket_id == basket_id)
    position = int(act.conn.execute(last).scalar_one()) + 1
    if position > SERVICES_MAX:
        raise Refusal(_("Jasanya sudah terlalu banyak. Gabungkan yang sejenis."))
    values = {
        "basket_id": basket_id, "position": position, "kind": kind, "name": name or kind_words()[kind],
        "amount": amount, "payee": payee,
    }  # fmt: skip
    act.conn.execute(insert(BasketService), values)
    touch(act, basket)
    act.commit()


@verb
def remove_service(basket_id: int, position: int, user: SignedIn, request_id: str) -> None:
    """Take a service out of the basket again; one that is out already stays out."""
    act = begin_act("basket-service-out", request_id, {"basket": basket_id, "position": position}, user.id)
    if act.repeated:
        return
    basket = mine(act.conn, basket_id, user, lock=True)
    must_be_open(basket)
    one = delete(BasketService).where(BasketService.basket_id == basket_id, BasketService.position == position)
    act.conn.execute(one)
    touch(act, basket)
    act.commit()
