"""The crafter's notes: goods that they brought (nota titip) and got back (retur titipan). A note is between the
showroom and the crafter who brought the goods, so of joint work its partners see the pieces, not the note."""

from typing import Any

from flask import Blueprint, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from showroom_app.extensions import AnyRow, reading
from showroom_app.lib.refusal import NotHere
from showroom_app.lib.typed import row_id
from showroom_app.stock import documents, hand_back_notes, intake, notes
from showroom_app.web.access import CRAFTER, allow
from showroom_app.web.downloads import pdf
from showroom_app.web.pages import render_template

my_notes = Blueprint("my_notes", __name__)


@my_notes.get("/my/consignments")
@allow(CRAFTER)
def consignments() -> ResponseReturnValue:
    """Notes of goods brought, newest first."""
    before = request.args.get("before", type=row_id)
    rows, more = notes.received(current_user.showroom_id, before, current_user.crafter_id)
    more_url = url_for("my_notes.consignments", before=rows[-1]["id"]) if more else None
    return render_template("my/consignments.html", notes=rows, more_url=more_url)


def _own_consignment(consignment_id: int) -> AnyRow:
    row = intake.own_consignment(reading(), consignment_id, current_user.showroom_id)
    if row.crafter_id != current_user.crafter_id or row.status != "received":
        raise NotHere
    return row


@my_notes.get("/my/consignments/<int:consignment_id>")
@allow(CRAFTER)
def consignment(consignment_id: int) -> ResponseReturnValue:
    """One note of goods brought."""
    return render_template("my/consignment.html", **notes.note(_own_consignment(consignment_id)))


@my_notes.get("/my/consignments/<int:consignment_id>/note.pdf")
@allow(CRAFTER)
def consignment_pdf(consignment_id: int) -> ResponseReturnValue:
    """The note on paper, as the office prints it."""
    return pdf(documents.note(_own_consignment(consignment_id)), f"nota-titip-{consignment_id}.pdf")


@my_notes.get("/my/hand-backs")
@allow(CRAFTER)
def hand_backs() -> ResponseReturnValue:
    """Notes of goods that came back, newest first."""
    before = request.args.get("before", type=row_id)
    rows, more = hand_back_notes.page(current_user.showroom_id, before, current_user.crafter_id)
    more_url = url_for("my_notes.hand_backs", before=rows[-1]["id"]) if more else None
    return render_template("my/hand_backs.html", notes=rows, more_url=more_url)


def _own_hand_back(hand_back_id: int) -> dict[str, Any]:
    told = hand_back_notes.note(hand_back_id, current_user.showroom_id)
    if told["note"]["crafter_id"] != current_user.crafter_id:
        raise NotHere
    return told


@my_notes.get("/my/hand-backs/<int:hand_back_id>")
@allow(CRAFTER)
def hand_back(hand_back_id: int) -> ResponseReturnValue:
    """One note of goods that came back."""
    return render_template("my/hand_back.html", **_own_hand_back(hand_back_id))


@my_notes.get("/my/hand-backs/<int:hand_back_id>/note.pdf")
@allow(CRAFTER)
def hand_back_pdf(hand_back_id: int) -> ResponseReturnValue:
    """The note on paper, as the office prints it."""
    told = _own_hand_back(hand_back_id)
    return pdf(documents.hand_back_note(told), f"{told['note']['number']}.pdf")
