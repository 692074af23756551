"""Screens around the till: opening and closing a shift, the list of sales."""

from typing import Any

from flask import Blueprint, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from showroom_app.extensions import now, reading
from showroom_app.lib.clock import day_start, jakarta_date
from showroom_app.lib.money import parse_rupiah
from showroom_app.lib.refusal import Refusal
from showroom_app.lib.typed import Typed, row_id
from showroom_app.people import showrooms
from showroom_app.sales import receipt as receipts
from showroom_app.sales import shift as shift_verbs
from showroom_app.web.access import STAFF, allow
from showroom_app.web.htmx import REFUSED, errors_of
from showroom_app.web.pages import render_template

shifts = Blueprint("shifts", __name__)


@shifts.route("/shifts/new", methods=["GET", "POST"])
@allow(*STAFF)
def open_shift() -> ResponseReturnValue:
    """Choose a desk, count the float, begin."""
    typed, errors = Typed.of(request.form), {}
    if request.method == "POST":
        try:
            shift_verbs.open_shift(_desk_id(typed), _amount(typed, "float"), current_user, typed.get("request_id", ""))
        except Refusal as refusal:
            errors = errors_of(refusal)
        else:
            return redirect(url_for("sales.till"), 303)
    elif shift_verbs.shift_of(current_user.id) is not None:
        return redirect(url_for("sales.till"))
    busy = shift_verbs.busy_desks(current_user.showroom_id)
    desks = [
        {"id": d.id, "name": d.name, "shift": busy.get(d.id)} for d in showrooms.desks(current_user.showroom_id, "till")
    ]
    return render_template("sales/open_shift.html", desks=desks, typed=typed, errors=errors), REFUSED if errors else 200


def _desk_id(typed: Typed) -> int:
    try:
        return row_id(typed.get("desk_id", ""))
    except ValueError:
        raise Refusal(_("Pilih meja."), "desk_id") from None


def _amount(typed: Typed, field: str) -> int:
    try:
        return parse_rupiah(typed.get(field, ""))
    except ValueError:
        raise Refusal(_("Isi jumlah uang dalam rupiah, misalnya 200.000. Kalau tidak ada, isi 0."), field) from None


@shifts.route("/shifts/<int:shift_id>/close", methods=["GET", "POST"])
@allow(*STAFF)
def close_shift(shift_id: int) -> ResponseReturnValue:
    """Count the drawer and close the shift; what should be in it is shown only afterwards."""
    typed, errors = Typed.of(request.form), {}
    if request.method == "POST":
        try:
            shift_verbs.close_shift(shift_id, _amount(typed, "counted"), current_user, typed.get("request_id", ""))
        except Refusal as refusal:
            errors = errors_of(refusal)
        else:
            flash(_("Sif ditutup."), "done")
            return redirect(url_for("shifts.shift", shift_id=shift_id), 303)
    shift = _shift_view(shift_id)
    if shift["closed_at"] is not None:
        return redirect(url_for("shifts.shift", shift_id=shift_id), 303)
    page = render_template("sales/close_shift.html", shift=shift, typed=typed, errors=errors)
    return page, REFUSED if errors else 200


@shifts.get("/shifts/<int:shift_id>")
@allow(*STAFF)
def shift(shift_id: int) -> ResponseReturnValue:
    """A closed shift: what was expected, what was counted. Of an open one nothing is told before it is counted."""
    shift = _shift_view(shift_id)
    if shift["closed_at"] is None:
        return redirect(url_for("shifts.close_shift", shift_id=shift_id))
    return render_template("sales/shift.html", shift=shift)


def _shift_view(shift_id: int) -> dict[str, Any]:
    row = shift_verbs.own_shift(reading(), shift_id, current_user)
    desk = next(d for d in showrooms.desks(row.showroom_id) if d.id == row.desk_id)
    view = dict(row._mapping) | {
        "desk_name": desk.name,
        "float": row.float_rupiah,
        "taken": shift_verbs.summary(shift_id),
    }
    if row.closed_at is not None:
        view["difference"] = row.counted_rupiah - row.expected_rupiah
    return view


@shifts.get("/sales")
@allow(*STAFF)
def sales_list() -> ResponseReturnValue:
    """Sales, newest first."""
    before = request.args.get("before", type=row_id)
    rows = receipts.list_sales(current_user, before)
    page, more = rows[: receipts.PAGE], len(rows) > receipts.PAGE
    tenders = receipts.tenders_of([row.id for row in page])
    listed = [
        {
            "id": row.id, "number": receipts.number_text(row.code, row.number), "at": row.at, "pieces": row.pieces,
            "total": row.total, "user_name": row.user_name, "tenders": ", ".join(tenders.get(row.id, [])),
        }
        for row in page
    ]  # fmt: skip
    count, total = receipts.taken_since(current_user, day_start(jakarta_date(now())))
    more_url = url_for("shifts.sales_list", before=page[-1].id) if more else None
    return render_template("sales/sales.html", sales=listed, more_url=more_url, today={"count": count, "total": total})
