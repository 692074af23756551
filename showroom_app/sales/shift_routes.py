"""Screens around the till: opening and closing a shift, the list of sales."""

from flask import Blueprint, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from showroom_app.extensions import now, reading
from showroom_app.lib.clock import day_start, jakarta_date
from showroom_app.lib.money import WORTHS, parse_rupiah
from showroom_app.lib.refusal import NotHere, Refusal
from showroom_app.lib.typed import Typed, parse_count, row_id
from showroom_app.people import showrooms
from showroom_app.sales import cash_move as cash_moves
from showroom_app.sales import papers, parking, shift_documents, shift_report
from showroom_app.sales import receipt as receipts
from showroom_app.sales import shift as shift_verbs
from showroom_app.venues.venue import closed_desks
from showroom_app.web.access import MANAGER, STAFF, allow
from showroom_app.web.downloads import pdf
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
    room = current_user.showroom_id
    busy, closed = shift_verbs.busy_desks(room), closed_desks(room)
    tills = [desk for desk in showrooms.desks(room, "till") if desk.id not in closed]
    desks = [{"id": d.id, "name": d.name, "shift": busy.get(d.id)} for d in tills]
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


@shifts.get("/shifts")
@allow(*STAFF)
def shift_list() -> ResponseReturnValue:
    """Shifts, newest first: one's own, for a manager everybody's."""
    rows = shift_verbs.list_shifts(current_user, request.args.get("before", type=row_id))
    page, more = rows[: shift_verbs.PAGE], len(rows) > shift_verbs.PAGE
    more_url = url_for("shifts.shift_list", before=page[-1].id) if more else None
    return render_template("sales/shifts.html", shifts=page, more_url=more_url)


@shifts.route("/shifts/<int:shift_id>/close", methods=["GET", "POST"])
@allow(*STAFF)
def close_shift(shift_id: int) -> ResponseReturnValue:
    """Count the drawer and close the shift; what should be in it is told only once it is counted."""
    typed, errors = Typed.of(request.form), {}
    row = shift_verbs.own_shift(reading(), shift_id, current_user)
    if row.closed_at is not None:
        return redirect(url_for("shifts.shift", shift_id=shift_id), 303)
    if request.method == "POST":
        try:
            counted = _counted(typed)
            shift_verbs.close_shift(
                shift_id, counted, current_user, typed.get("request_id", ""), note=typed.line("note")
            )
        except shift_verbs.Unexplained as refusal:
            errors = errors_of(refusal)
            total = sum(worth * pieces for worth, pieces in counted.items())
            shift_verbs.note_count(shift_id, total, current_user)
        except Refusal as refusal:
            errors = errors_of(refusal)
        else:
            flash(_("Sif ditutup."), "done")
            return redirect(url_for("shifts.shift", shift_id=shift_id), 303)
    desk = next(d for d in showrooms.desks(row.showroom_id) if d.id == row.desk_id)
    page = render_template(
        "sales/close_shift.html", shift=row, desk=desk, typed=typed, errors=errors, worths=WORTHS,
        parked=parking.parked(reading(), row.desk_id),
    )  # fmt: skip
    return page, REFUSED if errors else 200


def _counted(typed: Typed) -> dict[int, int]:
    """Pieces by worth, as typed; an empty field is none."""
    try:
        return {worth: parse_count(typed.get(f"n{worth}", "").strip() or "0") for worth in WORTHS}
    except ValueError:
        raise Refusal(_("Isi jumlah lembar dan keping dengan angka bulat, misalnya 12."), "counted") from None


@shifts.get("/shifts/<int:shift_id>")
@allow(*STAFF)
def shift(shift_id: int) -> ResponseReturnValue:
    """A shift's report: Z of a closed one; X of an open one for a manager, for nothing is told before it is counted."""
    row = shift_verbs.own_shift(reading(), shift_id, current_user)
    if row.closed_at is None and current_user.role != MANAGER:
        return redirect(url_for("shifts.close_shift", shift_id=shift_id))
    told = shift_report.report(shift_id)
    return render_template("sales/shift.html", told=told, sections=shift_documents.sections(told))


@shifts.get("/shifts/<int:shift_id>/report.pdf")
@allow(*STAFF)
def shift_pdf(shift_id: int) -> ResponseReturnValue:
    """The Z report on paper, for two signatures."""
    row = shift_verbs.own_shift(reading(), shift_id, current_user)
    if row.closed_at is None and current_user.role != MANAGER:
        raise NotHere
    return pdf(shift_documents.shift_pdf(shift_id), f"sif-{shift_id}.pdf")


@shifts.route("/shifts/<int:shift_id>/cash", methods=["GET", "POST"])
@allow(*STAFF)
def cash(shift_id: int) -> ResponseReturnValue:
    """Put cash into the drawer, or take some out, with a reason."""
    row = shift_verbs.own_shift(reading(), shift_id, current_user)
    typed, errors = Typed.of(request.form), {}
    if request.method == "POST":
        try:
            amount, reason = _amount(typed, "amount"), typed.line("reason")
            cash_moves.move_cash(
                shift_id, typed.get("kind", ""), amount, reason, current_user, typed.get("request_id", "")
            )
        except Refusal as refusal:
            errors = errors_of(refusal)
        else:
            flash(_("Uang laci tercatat."), "done")
            return redirect(url_for("shifts.cash", shift_id=shift_id), 303)
    desk = next(d for d in showrooms.desks(row.showroom_id) if d.id == row.desk_id)
    page = render_template(
        "sales/cash.html", shift=row, desk=desk, typed=typed, errors=errors, words=cash_moves.kind_words(),
        into=cash_moves.INTO, moves=cash_moves.moves_of(shift_id),
    )  # fmt: skip
    return page, REFUSED if errors else 200


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
    back = papers.refunds_of([row.id for row in page])
    count, total, returned = receipts.taken_since(current_user, day_start(jakarta_date(now())))
    today = {"count": count, "total": total, "returned": returned}
    more_url = url_for("shifts.sales_list", before=page[-1].id) if more else None
    return render_template("sales/sales.html", sales=listed, more_url=more_url, today=today, back=back)
