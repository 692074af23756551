"""Screens of the till: basket, payment, receipt."""

from typing import Any

from flask import Blueprint, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from showroom_app.extensions import reading
from showroom_app.lib.refusal import Refusal
from showroom_app.lib.typed import row_id, tidy_line
from showroom_app.people.showrooms import showroom_row
from showroom_app.sales import basket as baskets
from showroom_app.sales import checkout as checkouts
from showroom_app.sales import parking
from showroom_app.sales import receipt as receipts
from showroom_app.sales import shift as shifts
from showroom_app.sales.basket import AlreadySold, MovedOn
from showroom_app.sales.tender_form import NOTHING_PAID, TYPED_MAX, seen_figures, tendered, typed_payment
from showroom_app.sales.till import till_view
from showroom_app.sales.whereabouts import NotForSale
from showroom_app.web.access import STAFF, allow
from showroom_app.web.htmx import REFUSED, fragment_or_page, go, is_htmx
from showroom_app.web.pages import render_template

sales = Blueprint("sales", __name__)


@sales.app_errorhandler(AlreadySold)
def already_sold(error: AlreadySold) -> ResponseReturnValue:
    """The basket was paid already, on whatever page it is asked for: show what came of it."""
    return go(url_for("sales.receipt", sale_id=error.sale_id))


@sales.app_errorhandler(MovedOn)
def moved_on(_error: MovedOn) -> ResponseReturnValue:
    """The basket was set aside on another screen: on to the one of now."""
    flash(_("Keranjang itu sudah diparkir di layar lain."), "note")
    return go(url_for("sales.till"))


@sales.get("/till")
@allow(*STAFF)
def till() -> ResponseReturnValue:
    """The till; without an open shift, the form that opens one."""
    shift = shifts.shift_of(current_user.id)
    if shift is None:
        return redirect(url_for("shifts.open_shift"))
    return till_page(baskets.current(shift))


def till_page(basket_id: int, status: int = 200, **said: Any) -> ResponseReturnValue:
    """The till's fragment for htmx, or the page around it."""
    basket = baskets.mine(reading(), basket_id, current_user)
    view = till_view(basket)
    if view["qris_file"]:
        view["qris_url"] = url_for("office.qris", name=view["qris_file"])
    context = {"refusal": None, "found": [], "typed_code": "", "pay": NOTHING_PAID, "fresh": None} | view | said
    if not is_htmx():
        context["shift"] = shifts.shift_of(current_user.id)
    return fragment_or_page("sales/_till.html", "sales/till.html", status, **context)


def _refused(basket_id: int, refusal: Refusal, **said: Any) -> ResponseReturnValue:
    shown: dict[str, Any] = {"text": refusal.sentence, "item": None}
    if isinstance(refusal, NotForSale):
        shown["item_id"] = refusal.item_id
    return till_page(basket_id, REFUSED, refusal=shown, **said)


@sales.get("/baskets/<int:basket_id>")
@allow(*STAFF)
def basket(basket_id: int) -> ResponseReturnValue:
    """A basket as it is now (another screen may have changed it)."""
    baskets.must_be_open(baskets.mine(reading(), basket_id, current_user))
    return till_page(basket_id)


@sales.post("/baskets/<int:basket_id>/lines")
@allow(*STAFF)
def add_line(basket_id: int) -> ResponseReturnValue:
    """Put in what was scanned or typed."""
    typed = tidy_line(request.form.get("code", ""))[:TYPED_MAX]
    try:
        added = baskets.add(basket_id, typed, current_user, request.form.get("request_id", ""))
    except Refusal as refusal:
        return _refused(basket_id, refusal, typed_code=typed)
    if not is_htmx():
        return (
            redirect(url_for("sales.till"), 303)
            if not added.found
            else till_page(basket_id, found=added.found, typed_code=typed)
        )
    return till_page(basket_id, found=added.found, typed_code=typed if added.found else "", fresh=added.item_id)


@sales.post("/till/lines")
@allow(*STAFF)
def add_here() -> ResponseReturnValue:
    """Put a piece into the basket at one's own till, from the piece's page."""
    shift = shifts.shift_of(current_user.id)
    return go(url_for("shifts.open_shift")) if shift is None else add_line(baskets.current(shift))


@sales.get("/baskets/<int:basket_id>/search")
@allow(*STAFF)
def search(basket_id: int) -> ResponseReturnValue:
    """What is on the shelf under the name being typed."""
    typed = tidy_line(request.args.get("code", ""))[:TYPED_MAX]
    conn = reading()
    row = baskets.mine(conn, basket_id, current_user)
    found = baskets.suggestions(conn, row, typed) if len(typed) >= 2 else []
    return render_template("sales/_found.html", found=found, basket={"id": basket_id}, typed_code=typed)


@sales.post("/baskets/<int:basket_id>/lines/<int:item_id>")
@allow(*STAFF)
def change_line(basket_id: int, item_id: int) -> ResponseReturnValue:
    """Change how many pieces, or take the line out."""
    text = request.form.get("quantity", "")
    try:
        if not text.isascii() or not text.isdigit() or len(text) > 6:
            raise Refusal(_("Isi jumlah dengan angka bulat, misalnya 2."))
        was = request.form.get("was", type=row_id)
        baskets.change(basket_id, item_id, int(text), current_user, request.form.get("request_id", ""), was=was)
    except Refusal as refusal:
        return _refused(basket_id, refusal)
    return _changed(basket_id)


def _changed(basket_id: int) -> ResponseReturnValue:
    return till_page(basket_id) if is_htmx() else redirect(url_for("sales.till"), 303)


@sales.post("/baskets/<int:basket_id>/empty")
@allow(*STAFF)
def empty(basket_id: int) -> ResponseReturnValue:
    """Take everything out."""
    version = request.form.get("version", type=row_id)
    try:
        baskets.empty(basket_id, current_user, request.form.get("request_id", ""), version=version)
    except Refusal as refusal:
        return _refused(basket_id, refusal)
    return _changed(basket_id)


@sales.post("/baskets/<int:basket_id>/park")
@allow(*STAFF)
def park(basket_id: int) -> ResponseReturnValue:
    """Set the basket aside for the next buyer."""
    label = tidy_line(request.form.get("label", ""))
    try:
        parking.park(basket_id, label, current_user, request.form.get("request_id", ""))
    except Refusal as refusal:
        return _refused(basket_id, refusal)
    return go(url_for("sales.till"))


@sales.post("/baskets/<int:basket_id>/resume")
@allow(*STAFF)
def resume(basket_id: int) -> ResponseReturnValue:
    """Take a parked basket up again."""
    parking.resume(basket_id, current_user, request.form.get("request_id", ""))
    return go(url_for("sales.till"))


@sales.post("/baskets/<int:basket_id>/checkout")
@allow(*STAFF)
def checkout(basket_id: int) -> ResponseReturnValue:
    """Take the money and finish the sale."""
    pay = typed_payment(request.form)
    try:
        version, total = seen_figures(request.form)
        sale_id = checkouts.complete(
            basket_id, tendered(pay, total), current_user, pay["request_id"], version=version, total=total
        )
    except Refusal as refusal:
        if refusal.field and refusal.field != "approval":
            return till_page(basket_id, REFUSED, pay=pay | {"error": refusal.sentence})
        return _refused(basket_id, refusal, pay=pay)
    return go(url_for("sales.receipt", sale_id=sale_id, new=1))


@sales.get("/sales/<int:sale_id>")
@allow(*STAFF)
def receipt(sale_id: int) -> ResponseReturnValue:
    """A receipt, on screen and for the printer."""
    sale = receipts.receipt(sale_id, current_user)
    return render_template("sales/receipt.html", sale=sale, just_now="new" in request.args)


@sales.get("/sales/<int:sale_id>/whatsapp")
@allow(*STAFF)
def whatsapp(sale_id: int) -> ResponseReturnValue:
    """Open WhatsApp with the receipt as text."""
    room = showroom_row(current_user.showroom_id)
    return redirect(receipts.whatsapp_text(receipts.receipt(sale_id, current_user), room.name if room else ""))
