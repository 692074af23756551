"""Screens of hand-backs (retur titipan): pick by scanning, hand over, the note to sign, and the list."""

from flask import Blueprint, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from showroom_app.extensions import AnyRow, reading
from showroom_app.lib.refusal import Refusal
from showroom_app.lib.typed import Typed, row_id, row_ids
from showroom_app.stock import documents, hand_back_notes, items, picking
from showroom_app.stock import hand_back as verbs
from showroom_app.stock.picking import Picked
from showroom_app.web.access import STAFF, allow
from showroom_app.web.downloads import pdf
from showroom_app.web.htmx import REFUSED, errors_of
from showroom_app.web.pages import render_template

hand_backs = Blueprint("hand_backs", __name__)


@hand_backs.get("/hand-backs")
@allow(*STAFF)
def listing() -> ResponseReturnValue:
    """Notes of goods given back, newest first."""
    rows, more = hand_back_notes.page(current_user.showroom_id, request.args.get("before", type=row_id))
    more_url = url_for("hand_backs.listing", before=rows[-1]["id"]) if more else None
    return render_template("stock/hand_backs.html", notes=rows, more_url=more_url)


@hand_backs.route("/hand-backs/new", methods=["GET", "POST"])
@allow(*STAFF)
def new() -> ResponseReturnValue:
    """Pick what goes back; nothing is kept before it is handed over. `item` is picked already, as far as it is here."""
    if request.method == "GET":
        return _form(_asked_for(), Typed(), {})
    typed = Typed.of(request.form)
    picked = picking.read(reading(), typed, current_user.showroom_id, _places())
    try:
        if typed.get("do") != "hand-over":
            picked, typed, found = picking.scanned(reading(), picked, typed, current_user.showroom_id, _places())
            return _form(picked, typed, {}, found)
        pieces = [verbs.Pieces(one.item.id, picking.count_of(one), one.place) for one in picked]
        hand_back_id = verbs.hand_back(
            pieces, current_user, typed.get("request_id", ""), reason=typed.line("reason"),
            received_by=typed.line("received_by"), relation=typed.line("relation"),
        )  # fmt: skip
    except Refusal as refusal:
        return _form(picked, typed, errors_of(refusal), status=REFUSED)
    flash(_("Sudah dicatat. Cetak notanya untuk ditandatangani."), "done")
    return redirect(url_for("hand_backs.note", hand_back_id=hand_back_id), 303)


def _asked_for() -> list[Picked]:
    """All that can go back of the items in the address, from the shelf and of what is damaged."""
    given = {f"q-{number}-{place}": "" for place in verbs.PLACES for number in _items()}
    picked = picking.read(reading(), given, current_user.showroom_id, _places())
    for one in picked:
        left = verbs.damaged_left(reading(), one.item.id, one.there) if one.place == "damaged" else one.there
        one.quantity = str(left)
    return [one for one in picked if one.quantity != "0"]


def _items() -> list[int]:
    return row_ids(request.values.getlist("item")[: picking.PICKED_MAX])


def _elsewhere() -> list[tuple[AnyRow, int]]:
    """Items asked for with pieces that are elsewhere, and how many: they can't go back before they are here."""
    rows = picking.rows_of(reading(), set(_items()), current_user.showroom_id)
    return [(rows[item_id], pieces) for item_id, pieces in sorted(items.away(reading(), list(rows)).items())]


def _places() -> picking.Places:
    return picking.in_showroom(current_user.showroom_id)


def _form(
    picked: list[Picked], typed: Typed, errors: dict[str, str], found: list[AnyRow] | None = None, status: int = 200
) -> ResponseReturnValue:
    page = render_template(
        "stock/hand_back_new.html", picked=picked, typed=typed, errors=errors, found=found or [],
        elsewhere=_elsewhere(),
    )  # fmt: skip
    return page, status


@hand_backs.get("/hand-backs/<int:hand_back_id>")
@allow(*STAFF)
def note(hand_back_id: int) -> ResponseReturnValue:
    """One note."""
    return render_template("stock/hand_back.html", **hand_back_notes.note(hand_back_id, current_user.showroom_id))


@hand_backs.get("/hand-backs/<int:hand_back_id>/note.pdf")
@allow(*STAFF)
def note_pdf(hand_back_id: int) -> ResponseReturnValue:
    """The note on paper, with places for two signatures."""
    told = hand_back_notes.note(hand_back_id, current_user.showroom_id)
    return pdf(documents.hand_back_note(told), f"{told['note']['number']}.pdf")
