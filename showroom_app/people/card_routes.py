"""Screens of crafters' cards and phones, for a manager: making and printing cards, a lost card, a one-time code, a lost
phone."""

from flask import Blueprint, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from showroom_app.extensions import reading
from showroom_app.lib.refusal import NotHere, Refusal
from showroom_app.lib.typed import Typed, row_id, row_ids
from showroom_app.people import accounts, crafters
from showroom_app.people import cards as verbs
from showroom_app.people.routes import code_page, searched
from showroom_app.web.access import MANAGER, allow
from showroom_app.web.downloads import pdf
from showroom_app.web.htmx import REFUSED, errors_of
from showroom_app.web.pages import render_template
from showroom_app.web.phones import address_for_phones

cards = Blueprint("cards", __name__)


@cards.get("/crafters/cards")
@allow(MANAGER)
def listing() -> ResponseReturnValue:
    """Who has a card since when; who has none is ticked already."""
    return _listing({})


def _listing(errors: dict[str, str], picked: list[int] | None = None) -> ResponseReturnValue:
    q, showroom_id = searched(request.args), current_user.showroom_id
    rows = verbs.listing(showroom_id, q)
    if picked is None:
        picked = [row.id for row in rows if row.card_id is None]
    missing = len(verbs.without(reading(), showroom_id))
    page = render_template("people/cards.html", rows=rows, picked=picked, missing=missing, q=q, errors=errors)
    return page, REFUSED if errors else 200


@cards.post("/crafters/cards")
@allow(MANAGER)
def make() -> ResponseReturnValue:
    """Cards for those picked, or for all who have none; then their sheet, also of those who had one."""
    typed = Typed.of(request.form)
    picked = None if typed.get("do") == "missing" else _asked()
    try:
        verbs.where(current_user.showroom_id, address_for_phones())
        crafter_ids = verbs.make(picked, current_user, typed.get("request_id", ""))
    except Refusal as refusal:
        return _listing(errors_of(refusal), picked)
    return redirect(url_for("cards.sheet", crafter=crafter_ids), 303)


@cards.get("/crafters/cards.pdf")
@allow(MANAGER)
def sheet() -> ResponseReturnValue:
    """Cards as they are, on paper."""
    where = verbs.where(current_user.showroom_id, address_for_phones())
    return pdf(verbs.sheet(_asked(), current_user.showroom_id, where), "kartu-perajin.pdf")


def _asked() -> list[int]:
    """The crafters meant, by id; what is no id is not among them."""
    return row_ids(request.values.getlist("crafter")[: verbs.CARDS_MAX + 1])


@cards.post("/crafters/<int:crafter_id>/card/lost")
@allow(MANAGER)
def lost(crafter_id: int) -> ResponseReturnValue:
    """A card is lost: a new one, and the old one opens nothing any more."""
    typed = Typed.of(request.form)
    try:
        card_id = row_id(typed.get("card", ""))
    except ValueError:
        raise NotHere from None
    verbs.lost(crafter_id, card_id, current_user, typed.get("request_id", ""))
    flash(_("Kartu lama sudah mati. Cetak kartu yang baru."), "done")
    return redirect(url_for("people.crafter_edit", crafter_id=crafter_id, _anchor="phone"), 303)


@cards.post("/crafters/<int:crafter_id>/one-time-code")
@allow(MANAGER)
def one_time_code(crafter_id: int) -> ResponseReturnValue:
    """A code for a crafter who forgot their PIN, or has none yet."""
    return code_page(crafter_id, request.form.get("request_id", ""))


@cards.post("/crafters/<int:crafter_id>/sessions/end")
@allow(MANAGER)
def end_sessions(crafter_id: int) -> ResponseReturnValue:
    """A crafter's phone is lost: it is signed out, and so is every other of theirs."""
    crafters.own_crafter(reading(), crafter_id, current_user.showroom_id)
    account = verbs.phone_of(crafter_id)["account"]
    if account is None:
        raise NotHere
    accounts.end_sessions(account.id, current_user)
    flash(_("Sudah dikeluarkan dari semua HP dan laptop."), "done")
    return redirect(url_for("people.crafter_edit", crafter_id=crafter_id, _anchor="phone"), 303)
