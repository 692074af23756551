"""Screens of a phone that scans for a till, and of the till that follows."""

from typing import Any

from flask import Blueprint, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from showroom_app.extensions import reading
from showroom_app.lib import qr
from showroom_app.lib.refusal import Refusal
from showroom_app.lib.typed import row_id, tidy_line
from showroom_app.sales import basket as baskets
from showroom_app.sales import scanner
from showroom_app.sales import shift as shifts
from showroom_app.sales.routes import till_page
from showroom_app.sales.scanner import ShiftEnded
from showroom_app.sales.tender_form import TYPED_MAX
from showroom_app.sales.till import till_view
from showroom_app.web.access import STAFF, allow
from showroom_app.web.htmx import REFUSED, fragment_or_page, go, is_htmx
from showroom_app.web.pages import render_template
from showroom_app.web.phones import address_for_phones

scanners = Blueprint("scanners", __name__)


@scanners.errorhandler(ShiftEnded)
def ended(error: ShiftEnded) -> ResponseReturnValue:
    """A ticket of yesterday."""
    if is_htmx():
        return go(request.path.removesuffix("/scans").removesuffix("/changes"))
    return render_template("sales/scanner_ended.html", sentence=error.sentence), 410


@scanners.get("/till/scanner")
@allow(*STAFF)
def code() -> ResponseReturnValue:
    """The QR by which a phone joins the till of this attendant."""
    shift = shifts.shift_of(current_user.id)
    if shift is None:
        return go(url_for("shifts.open_shift"))
    to = address_for_phones()
    address = f"{to}{url_for('scanners.page', ticket=scanner.ticket(shift.id))}" if to else ""
    return fragment_or_page(
        "sales/_scanner_code.html", "sales/scanner_code.html", address=address, desk_name=shift.desk_name,
        drawing=qr.svg(address) if address else "",
    )  # fmt: skip


@scanners.get("/baskets/<int:basket_id>/changes")
@allow(*STAFF)
def changes(basket_id: int) -> ResponseReturnValue:
    """204 while the till shows the basket as it is, else the till as it is now; after the shift, on to the next one."""
    conn = reading()
    try:
        basket = baskets.mine(conn, basket_id, current_user)
    except Refusal:
        return go(url_for("sales.till"))
    baskets.must_be_open(basket)
    if request.args.get("version") == str(basket.version):
        return "", 204
    return till_page(basket_id, fresh=scanner.latest_change(conn, basket))


@scanners.get("/scanner/<ticket>")
@allow(*STAFF)
def page(ticket: str) -> ResponseReturnValue:
    """A phone that scans for a till."""
    return _shown(ticket)


@scanners.get("/scanner/<ticket>/changes")
@allow(*STAFF)
def page_changes(ticket: str) -> ResponseReturnValue:
    """204 while the phone shows the basket as it is; else what is in it now."""
    shift = scanner.shift_behind(ticket, current_user)
    basket = scanner.basket_of(shift)
    if request.args.get("seen", "") == _seen(basket):
        return "", 204
    return render_template("sales/_scanned.html", **_basket(ticket, basket))


@scanners.post("/scanner/<ticket>/scans")
@allow(*STAFF)
def scan(ticket: str) -> ResponseReturnValue:
    """Put in what was scanned or typed on the phone; with `undo`, take that piece out again."""
    shift = scanner.shift_behind(ticket, current_user)
    typed, request_id = tidy_line(request.form.get("code", ""))[:TYPED_MAX], request.form.get("request_id", "")
    seen = request.form.get("basket", type=row_id)
    try:
        if "undo" in request.form:
            scanner.take_back(shift, request.form.get("undo", 0, type=row_id), request_id, seen)
            return _shown(ticket, undone=True)
        added = scanner.put_in(shift, typed, request_id, seen, resent="resent" in request.form)
    except Refusal as refusal:
        return _shown(ticket, REFUSED, refusal=refusal.sentence, typed_code=typed)
    return _shown(ticket, last=added.item_id, found=added.found, typed_code=typed if added.found else "")


def _shown(ticket: str, status: int = 200, **said: Any) -> ResponseReturnValue:
    shift = scanner.shift_behind(ticket, current_user)
    context = {"last": None, "found": [], "refusal": "", "typed_code": "", "undone": False} | said
    context |= _basket(ticket, scanner.basket_of(shift)) | {"shift": shift}
    lines = context["basket"]["lines"] if context["basket"] else []
    context["last"] = next((line for line in lines if line.item.item_id == context["last"]), None)
    return fragment_or_page("sales/_scanner.html", "sales/scanner.html", status, **context)


def _basket(ticket: str, basket: Any) -> dict[str, Any]:
    return {"ticket": ticket, "basket": till_view(basket)["basket"] if basket else None, "seen": _seen(basket)}


def _seen(basket: Any) -> str:
    """What a phone has seen: which basket, and how far it had come."""
    return f"{basket.id}-{basket.version}" if basket else "-"
