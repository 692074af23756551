"""Screens of what visitors may see of a crafter: recorded and withdrawn by the office; and the face itself."""

from typing import Any

from flask import Blueprint, abort, flash, redirect, request, send_from_directory, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from showroom_app.extensions import AnyRow, reading
from showroom_app.lib.refusal import Refusal
from showroom_app.lib.typed import Typed
from showroom_app.people import consent, crafters, face, pictures
from showroom_app.web.access import EVERYONE, MANAGER, allow
from showroom_app.web.htmx import REFUSED, errors_of
from showroom_app.web.pages import render_template

consents = Blueprint("consents", __name__)


def consent_parts(form: Any) -> list[str]:
    """What was ticked of what may be shown."""
    return [part for part in consent.PARTS if Typed.of(form).flag(f"shows_{part}")]


def consent_context(crafter_id: int) -> dict[str, Any]:
    """What the parts of a page about consent show: what holds now, and all there ever was."""
    conn, parts = reading(), consent.part_words()
    told = [
        {
            "at": row.at, "asked_by": row.asked_name, "withdrawn_at": row.withdrawn_at, "ended_by": row.ended_name,
            "what": ", ".join(parts[part] for part in consent.PARTS if getattr(row, part)), "words": row.words,
        }
        for row in consent.history(conn, crafter_id)
    ]  # fmt: skip
    return {
        "consent": consent.live(conn, crafter_id), "consents": told, "consent_words": consent.words(),
        "consent_parts": parts,
    }  # fmt: skip


@consents.route("/crafters/<int:crafter_id>/profile", methods=["GET", "POST"])
@allow(MANAGER)
def profile(crafter_id: int) -> ResponseReturnValue:
    """What is told of a crafter, their photo, and what of it they agreed to show."""
    row = crafters.own_crafter(reading(), crafter_id, current_user.showroom_id)
    if request.method == "GET":
        return _page(row, Typed(story=row.story, story_en=row.story_en), {})
    typed = Typed.of(request.form)
    try:
        given, kept = request.files.get("photo"), ""
        if given and given.filename:
            kept = pictures.keep(pictures.re_encoded(given.read(), "photo"), face.folder())
        face.save_profile(crafter_id, typed, kept, current_user, typed.get("request_id", ""))
    except Refusal as refusal:
        return _page(row, typed, errors_of(refusal))
    flash(_("Foto dan cerita tersimpan."), "done")
    return redirect(url_for("consents.profile", crafter_id=crafter_id), 303)


def _page(row: AnyRow, typed: Typed, errors: dict[str, str]) -> ResponseReturnValue:
    context = consent_context(row.id)
    page = render_template("people/profile.html", crafter=row, typed=typed, errors=errors, **context)
    return page, REFUSED if errors else 200


@consents.post("/crafters/<int:crafter_id>/consent")
@allow(MANAGER)
def give(crafter_id: int) -> ResponseReturnValue:
    """Record what a crafter agreed to, after it was read out to them."""
    row = crafters.own_crafter(reading(), crafter_id, current_user.showroom_id)
    typed = Typed.of(request.form)
    try:
        if not typed.flag("read_out"):
            raise Refusal(_("Bacakan dulu kalimatnya, lalu centang bahwa perajin setuju."), "read_out")
        consent.give(crafter_id, consent_parts(request.form), current_user, typed.get("request_id", ""))
    except Refusal as refusal:
        return _page(row, Typed(typed | {"story": row.story, "story_en": row.story_en}), errors_of(refusal))
    flash(_("Izin tercatat dan langsung berlaku."), "done")
    return redirect(url_for("consents.profile", crafter_id=crafter_id), 303)


@consents.post("/crafters/<int:crafter_id>/consent/withdraw")
@allow(MANAGER)
def withdraw(crafter_id: int) -> ResponseReturnValue:
    """Withdraw a crafter's consent for them."""
    consent.withdraw(crafter_id, current_user, request.form.get("request_id", ""))
    flash(_("Izin dicabut. Pengunjung tidak melihatnya lagi."), "done")
    return redirect(url_for("consents.profile", crafter_id=crafter_id), 303)


@consents.get("/faces/<int:crafter_id>/<name>")
@allow(*EVERYONE)
def face_file(crafter_id: int, name: str) -> ResponseReturnValue:
    """A crafter's face: to visitors only while the crafter agrees to it, asked for anew each time; to their managers
    and themselves always."""
    if not pictures.FILE_NAME.fullmatch(name):
        abort(404)
    photo, conn = name.partition("-")[0], reading()
    if consent.seen(conn, [crafter_id])[crafter_id].face == photo:
        kept = "public, no-cache"
    elif face.may_see(conn, crafter_id, current_user, photo):
        kept = "private, no-cache"
    else:
        abort(404)
    response = send_from_directory(face.folder(), name, mimetype="image/webp")
    response.headers["Cache-Control"] = kept
    return response
