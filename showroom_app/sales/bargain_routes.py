"""Screens of the till's dialogs: discount and price, services, a manager's yes."""

from typing import Any

from flask import Blueprint, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from showroom_app.extensions import AnyRow, reading
from showroom_app.lib.refusal import NotHere, Refusal
from showroom_app.lib.typed import Typed, row_id
from showroom_app.sales import bargain, service_lines
from showroom_app.sales import basket as baskets
from showroom_app.sales.pricing import lowest_alone, needs_manager, priced, too_much, view_lines
from showroom_app.sales.routes import till_page
from showroom_app.sales.shares import parts_of
from showroom_app.web.access import MANAGER, STAFF, allow
from showroom_app.web.htmx import REFUSED, errors_of, fragment_or_page, go, is_htmx

bargaining = Blueprint("bargaining", __name__)


def bearer_words() -> dict[str, str]:
    """Who may bear a discount."""
    return {
        "shared": _("Ditanggung bersama"),
        "showroom": _("Galeri yang menanggung"),
        "crafter": _("Perajin yang menanggung"),
    }


@bargaining.get("/baskets/<int:basket_id>/discount")
@allow(*STAFF)
def discount(basket_id: int) -> ResponseReturnValue:
    """Ask for a discount: how low may it go, and who would get what."""
    basket = baskets.mine(reading(), basket_id, current_user)
    baskets.must_be_open(basket)
    return _discount_form(basket, Typed.of(request.args), {})


@bargaining.post("/baskets/<int:basket_id>/discount")
@allow(*STAFF)
def give_discount(basket_id: int) -> ResponseReturnValue:
    """Keep the discount that was shown."""
    typed = Typed.of(request.form)
    basket = baskets.mine(reading(), basket_id, current_user)
    baskets.must_be_open(basket)
    try:
        item_id = _item_id(typed)
        if typed.flag("remove"):
            wanted = bargain.Wanted(item_id)
        else:
            wanted = bargain.read(typed, view_lines(reading(), basket_id), item_id, current_user)
        bargain.give(basket_id, wanted, current_user, typed.get("request_id", ""))
    except Refusal as refusal:
        return _discount_form(basket, typed, errors_of(refusal), REFUSED)
    return go(url_for("sales.till"))


def _item_id(typed: Typed) -> int | None:
    try:
        return row_id(typed["item"]) if typed.get("item") else None
    except ValueError:
        raise NotHere from None


def _discount_form(basket: AnyRow, typed: Typed, errors: dict[str, str], status: int = 200) -> ResponseReturnValue:
    rows, item_id = view_lines(reading(), basket.id), _item_id(typed)
    if not rows:
        return redirect(url_for("sales.till"))
    chosen = next((row for row in rows if row.item_id == item_id), None)
    seen, said = priced(rows, basket), ""
    if typed.get("value"):
        try:
            shown = Typed({"reason": "-"} | {key: value for key, value in typed.items() if value})
            seen = bargain.preview(rows, basket, bargain.read(shown, rows, item_id, current_user))
            said = next(filter(None, map(too_much, seen)), "") or needs_manager(seen, basket.discount_bps_max)
        except Refusal as refusal:
            errors = errors | errors_of(refusal)
    context: dict[str, Any] = {
        "basket": basket, "rows": rows, "chosen": chosen, "typed": typed, "errors": errors, "lines": seen, "said": said,
        "lowest": _lowest(chosen, basket), "given_to_all": bool(basket.discount_bps or basket.discount_rupiah),
        "shares": _shares(seen), "bearers": bearer_words() if current_user.role == MANAGER else {},
        "usual": basket.usual_bearer, "given": chosen if chosen else basket,
    }  # fmt: skip
    return fragment_or_page("sales/_discount.html", "sales/discount.html", status, **context)


def _lowest(chosen: AnyRow | None, basket: AnyRow) -> int | None:
    """The answer to "boleh kurang?" for a piece. None where all of the basket has a discount already: how low the piece
    may go then depends on the rest."""
    if chosen is None or basket.discount_bps or basket.discount_rupiah:
        return None
    return lowest_alone(chosen, basket.discount_bps_max, basket.usual_bearer)


def _version(typed: Typed) -> int | None:
    try:
        return row_id(typed["version"]) if typed.get("version") else None
    except ValueError:
        raise Refusal(_("Formulir ini tidak lengkap. Muat ulang halaman, lalu coba lagi.")) from None


def _shares(lines: list[Any]) -> dict[str, Any]:
    """What each crafter and the showroom would get."""
    crafters: dict[int, tuple[str, int]] = {}
    for part in (part for who in parts_of(reading(), lines) for part in who):
        _name, before = crafters.get(part.crafter_id, ("", 0))
        crafters[part.crafter_id] = (part.name, before + part.amount)
    return {
        "crafters": list(crafters.values()),
        "showroom": sum(line.split.showroom for line in lines),
        "net": sum(line.split.net for line in lines), "borne": _borne(lines),
    }  # fmt: skip


def _borne(lines: list[Any]) -> list[tuple[str, int]]:
    """The discounts, each in words of who bears it (siapa menanggung)."""
    every = (
        (_("Diskon, ditanggung bersama"), sum(line.borne.shared for line in lines)),
        (_("Diskon, ditanggung galeri"), sum(line.borne.showroom for line in lines)),
        (_("Diskon, ditanggung perajin"), sum(line.borne.crafter for line in lines)),
    )
    return [(words, amount) for words, amount in every if amount]


@bargaining.route("/baskets/<int:basket_id>/services", methods=["GET", "POST"])
@allow(*STAFF)
def services(basket_id: int) -> ResponseReturnValue:
    """Add packing, delivery or assembly."""
    typed, errors = Typed.of(request.form), {}
    if request.method == "POST":
        try:
            service_lines.add_service(basket_id, typed, current_user, typed.get("request_id", ""))
        except Refusal as refusal:
            errors = errors_of(refusal)
        else:
            return go(url_for("sales.till"))
    basket = baskets.mine(reading(), basket_id, current_user)
    context = {"basket": basket, "typed": typed, "errors": errors, "kinds": service_lines.kind_words()}
    status = REFUSED if errors else 200
    return fragment_or_page("sales/_services.html", "sales/services.html", status, **context)


@bargaining.post("/baskets/<int:basket_id>/services/<int:position>/remove")
@allow(*STAFF)
def remove_service(basket_id: int, position: int) -> ResponseReturnValue:
    """Take a service out again."""
    service_lines.remove_service(basket_id, position, current_user, request.form.get("request_id", ""))
    return till_page(basket_id) if is_htmx() else redirect(url_for("sales.till"), 303)


@bargaining.route("/baskets/<int:basket_id>/approval", methods=["GET", "POST"])
@allow(*STAFF)
def approval(basket_id: int) -> ResponseReturnValue:
    """A manager says yes on the spot, by name and password."""
    typed, errors = Typed.of(request.form), {}
    if request.method == "POST":
        try:
            bargain.approve(
                basket_id, typed.get("username", ""), typed.pop("secret", ""), current_user,
                typed.get("request_id", ""), request.remote_addr or "", _version(typed),
            )  # fmt: skip
        except Refusal as refusal:
            errors = errors_of(refusal)
        else:
            return go(url_for("sales.till"))
    basket = baskets.mine(reading(), basket_id, current_user)
    lines = priced(view_lines(reading(), basket_id), basket)
    why = needs_manager(lines, basket.discount_bps_max)
    context = {"basket": basket, "typed": typed, "errors": errors, "why": why, "shares": _shares(lines)}
    status = REFUSED if errors else 200
    return fragment_or_page("sales/_approval.html", "sales/approval.html", status, **context)
