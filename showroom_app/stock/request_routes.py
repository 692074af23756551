"""Screens of what crafters ask from their phones: new goods that they propose, other data of their own."""

from typing import Any

from flask import Blueprint, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from showroom_app.extensions import AnyRow
from showroom_app.lib.money import format_number
from showroom_app.lib.refusal import Refusal
from showroom_app.lib.typed import Typed
from showroom_app.people import change_request
from showroom_app.stock import draft, proposal
from showroom_app.web.access import MANAGER, allow
from showroom_app.web.htmx import REFUSED, errors_of
from showroom_app.web.pages import render_template

requests = Blueprint("requests", __name__)


@requests.get("/requests")
@allow(MANAGER)
def listing() -> ResponseReturnValue:
    """Everything that waits for an answer, and what was answered lately."""
    return _listing("", Typed(), {})


def _listing(here: str, typed: Typed, errors: dict[str, str], status: int = 200) -> ResponseReturnValue:
    """The page; `here` is the one that was answered wrongly, whose form is shown as typed."""
    room = current_user.showroom_id
    proposals: list[dict[str, Any]] = [{"row": row, "typed": _fields(row)} for row in proposal.waiting(room)]
    changes = change_request.waiting(room)
    there = {f"proposal-{one['row'].id}" for one in proposals} | {f"change-{one['id']}" for one in changes}
    page = render_template(
        "stock/requests.html", proposals=proposals, changes=changes, here=here, typed=typed, errors=errors,
        gone=next(iter(errors.values()), "") if here not in there else "", categories=draft.category_words(),
        proposals_done=proposal.decided(room), changes_done=change_request.decided(room),
    )  # fmt: skip
    return page, status


def _fields(row: AnyRow) -> Typed:
    price = format_number(row.price) if row.price else ""
    return Typed(name=row.name, category=row.category, price=price, story=row.story)


@requests.post("/requests/proposals/<int:proposal_id>")
@allow(MANAGER)
def answer_proposal(proposal_id: int) -> ResponseReturnValue:
    """Make a product of what a crafter proposes, or say why not."""
    typed = Typed.of(request.form)
    key = typed.get("request_id", "")
    try:
        if typed.get("do") == "accept":
            product_id = proposal.accept(proposal_id, typed, current_user, key)
            flash(_("Diterima. Perajin melihatnya di HP. Terima titipannya dengan “Titip lagi”."), "done")
            return redirect(url_for("products.product", product_id=product_id), 303)
        proposal.refuse(proposal_id, typed.line("answer"), current_user, key)
    except Refusal as refusal:
        return _listing(f"proposal-{proposal_id}", typed, errors_of(refusal), REFUSED)
    flash(_("Jawaban terkirim. Perajin membacanya di HP."), "done")
    return redirect(url_for("requests.listing"), 303)


@requests.post("/requests/changes/<int:change_id>")
@allow(MANAGER)
def answer_change(change_id: int) -> ResponseReturnValue:
    """Say yes or no to other data of a crafter."""
    typed = Typed.of(request.form)
    accepted = typed.get("do") == "accept"
    try:
        answer = typed.line("answer")
        change_request.decide(change_id, accepted, answer, current_user, typed.get("request_id", ""))
    except Refusal as refusal:
        return _listing(f"change-{change_id}", typed, errors_of(refusal), REFUSED)
    flash(_("Data perajin diubah.") if accepted else _("Jawaban terkirim. Perajin membacanya di HP."), "done")
    return redirect(url_for("requests.listing"), 303)
