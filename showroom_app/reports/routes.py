"""Screens of reports."""

from flask import Blueprint
from flask.typing import ResponseReturnValue
from flask_babel import format_date
from flask_login import current_user

from showroom_app.extensions import now, reading
from showroom_app.reports import overview as figures
from showroom_app.reports.venue_result import result
from showroom_app.stock.items import on_shelf_total
from showroom_app.venues import transfer_notes
from showroom_app.venues.venue import days_words, kind_words, own_venue
from showroom_app.web.access import ATTENDANT, MANAGER, OBSERVER, allow
from showroom_app.web.pages import render_template

reports = Blueprint("reports", __name__)


@reports.get("/reports")
@allow(OBSERVER, MANAGER)
def overview() -> ResponseReturnValue:
    """The last six months at a glance."""
    room = current_user.showroom_id
    months = [
        m | {"label": format_date(m["month"], "MMM y"), "short_label": format_date(m["month"], "MMM")}
        for m in figures.months(room)
    ]
    return render_template(
        "reports/overview.html", months=months, made_at=now(),
        crafters_active=figures.crafters_active(room), on_shelf=on_shelf_total(room),
    )  # fmt: skip


@reports.get("/venues/<int:venue_id>")
@allow(ATTENDANT, OBSERVER, MANAGER)
def venue(venue_id: int) -> ResponseReturnValue:
    """An exhibition or another showroom: what stands there, its notes, and what came of it so far."""
    row = own_venue(reading(), venue_id, current_user.showroom_id)
    return render_template(
        "venues/venue.html", venue=row, notes=transfer_notes.of_venue(venue_id), result=result(row),
        kind=kind_words()[row.kind], days=days_words(row),
    )  # fmt: skip
