"""Scanning by a photo, where the phone's live camera stays shut: a part of the camera's dialog, or a page."""

from flask import Blueprint, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from showroom_app.lib.refusal import Refusal
from showroom_app.stock import photo_scan
from showroom_app.stock.photo_scan import Scanned
from showroom_app.web.access import ATTENDANT, MANAGER, OBSERVER, allow
from showroom_app.web.htmx import REFUSED, fragment_or_page, is_htmx

scans = Blueprint("scans", __name__)


@scans.get("/scan")
@allow(ATTENDANT, OBSERVER, MANAGER)
def ask() -> ResponseReturnValue:
    """Ask for a photo: for browsers without script."""
    return _told([])


@scans.post("/scan")
@allow(ATTENDANT, OBSERVER, MANAGER)
def scan() -> ResponseReturnValue:
    """Read the labels in a photo. One leads on at once, of several somebody chooses."""
    file = request.files.get("photo")
    try:
        if file is None or not file.filename:
            raise Refusal(_("Foto labelnya dulu."), "photo")
        labels = photo_scan.scan(file.read(), current_user)
    except Refusal as refusal:
        return _told([], refusal.sentence)
    if len(labels) == 1 and not is_htmx():
        return redirect(url_for("catalogue.item", code=labels[0].code), 303)
    return _told(labels)


def _told(labels: list[Scanned], refused: str = "") -> ResponseReturnValue:
    status = REFUSED if refused else 200
    context = {"labels": labels, "refused": refused, "in_dialog": is_htmx()}
    return fragment_or_page("stock/_scanned.html", "stock/scan.html", status, **context)
