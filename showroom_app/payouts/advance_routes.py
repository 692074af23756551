"""Screens of advances (kasbon): giving one, its page with its kuitansi, undoing it."""

from typing import cast

from flask import Blueprint, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from showroom_app.extensions import reading
from showroom_app.lib.money import parse_rupiah
from showroom_app.lib.refusal import Refusal
from showroom_app.lib.typed import Typed
from showroom_app.payouts import advance as verbs
from showroom_app.payouts import documents, reversal
from showroom_app.payouts.advance import Lend, advance_row
from showroom_app.payouts.payout import Method
from showroom_app.payouts.statement import advance_number, method_words
from showroom_app.people import change_request
from showroom_app.people.crafters import own_crafter
from showroom_app.sales.shift import shift_of
from showroom_app.web.access import MANAGER, allow
from showroom_app.web.downloads import pdf
from showroom_app.web.htmx import REFUSED, errors_of
from showroom_app.web.pages import render_template

advances = Blueprint("advances", __name__)


@advances.route("/crafters/<int:crafter_id>/advances", methods=["GET", "POST"])
@allow(MANAGER)
def lend(crafter_id: int) -> ResponseReturnValue:
    """Give an advance."""
    crafter = own_crafter(reading(), crafter_id, current_user.showroom_id)
    typed, errors = Typed.of(request.form), {}
    if request.method == "POST":
        try:
            advance_id = verbs.lend(_lend(typed, crafter_id), current_user, typed.get("request_id", ""))
        except Refusal as refusal:
            errors = errors_of(refusal)
        else:
            flash(_("Kasbon tercatat. Pembayaran berikutnya memotongnya."), "done")
            return redirect(url_for("advances.advance", advance_id=advance_id), 303)
    page = render_template(
        "payouts/lend.html", crafter=crafter, typed=typed, errors=errors, words=method_words(),
        new_bank=change_request.new_banks(current_user.showroom_id, crafter_id).get(crafter_id, ""),
        limit=verbs.limit_of(crafter_id), has_drawer=shift_of(current_user.id) is not None,
    )  # fmt: skip
    return page, REFUSED if errors else 200


def _lend(typed: Typed, crafter_id: int) -> Lend:
    try:
        amount = parse_rupiah(typed.get("amount", ""))
    except ValueError:
        raise Refusal(_("Isi jumlah dalam rupiah, misalnya 250.000."), "amount") from None
    return Lend(
        crafter_id, amount, cast(Method, typed.get("method", "")), typed.line("reason"), typed.line("reference"),
        typed.line("received_by"), typed.line("relation"),
    )  # fmt: skip


@advances.get("/advances/<int:advance_id>")
@allow(MANAGER)
def advance(advance_id: int) -> ResponseReturnValue:
    """One advance: what for, its kuitansi, and undoing it."""
    return _advance(advance_id, Typed(), {})


def _advance(advance_id: int, typed: Typed, errors: dict[str, str], status: int = 200) -> ResponseReturnValue:
    row = advance_row(reading(), advance_id, current_user.showroom_id)
    page = render_template(
        "payouts/advance.html", advance=row, number=advance_number(row.code, row.number), words=method_words(),
        typed=typed, errors=errors,
    )  # fmt: skip
    return page, status


@advances.get("/advances/<int:advance_id>/receipt.pdf")
@allow(MANAGER)
def receipt_pdf(advance_id: int) -> ResponseReturnValue:
    """Its kuitansi, to be signed."""
    row = advance_row(reading(), advance_id, current_user.showroom_id)
    return pdf(documents.advance_pdf(row), f"{advance_number(row.code, row.number)}.pdf")


@advances.post("/advances/<int:advance_id>/reversal")
@allow(MANAGER)
def undo(advance_id: int) -> ResponseReturnValue:
    """Undo an advance: given by mistake, or paid back."""
    typed = Typed.of(request.form)
    try:
        reversal.undo_advance(advance_id, typed.line("reason"), current_user, typed.get("request_id", ""))
    except Refusal as refusal:
        return _advance(advance_id, typed, errors_of(refusal), REFUSED)
    flash(_("Kasbon dibatalkan. Utang perajin berkurang sebesar itu."), "done")
    return redirect(url_for("advances.advance", advance_id=advance_id), 303)
