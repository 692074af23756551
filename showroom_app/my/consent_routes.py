"""What visitors may see of a crafter, on the crafter's own phone: how it looks, given and withdrawn with one tap."""

from flask import Blueprint, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from showroom_app.extensions import reading
from showroom_app.lib.refusal import Refusal
from showroom_app.people import consent, showrooms
from showroom_app.people.consent_routes import consent_context, consent_parts
from showroom_app.people.crafters import own_crafter
from showroom_app.web.access import CRAFTER, allow
from showroom_app.web.htmx import REFUSED, errors_of
from showroom_app.web.pages import render_template

my_consent = Blueprint("my_consent", __name__)


@my_consent.get("/my/consent")
@allow(CRAFTER)
def page() -> ResponseReturnValue:
    """What is shown now, and how it looks."""
    return _page({})


def _page(errors: dict[str, str]) -> ResponseReturnValue:
    conn, crafter_id = reading(), current_user.crafter_id
    row = own_crafter(conn, crafter_id, current_user.showroom_id)
    context = consent_context(crafter_id) | {
        "seen": consent.seen(conn, [crafter_id])[crafter_id], "crafter": row,
        "nobody": consent.nobody(showrooms.shown(current_user.showroom_id)["place"]),
    }  # fmt: skip
    return render_template("my/consent.html", errors=errors, **context), REFUSED if errors else 200


@my_consent.post("/my/consent")
@allow(CRAFTER)
def give() -> ResponseReturnValue:
    """Agree, part by part."""
    try:
        key = request.form.get("request_id", "")
        consent.give(current_user.crafter_id, consent_parts(request.form), current_user, key)
    except Refusal as refusal:
        return _page(errors_of(refusal))
    flash(_("Terima kasih. Izin Anda tercatat."), "done")
    return redirect(url_for("my_consent.page"), 303)


@my_consent.post("/my/consent/withdraw")
@allow(CRAFTER)
def withdraw() -> ResponseReturnValue:
    """Take it back."""
    consent.withdraw(current_user.crafter_id, current_user, request.form.get("request_id", ""))
    flash(_("Izin dicabut. Pengunjung tidak melihat Anda lagi."), "done")
    return redirect(url_for("my_consent.page"), 303)
