"""Screens of a closed count: its result, what becomes of the differences, and the papers."""

from flask import Blueprint, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_login import current_user

from showroom_app.counting import differences, documents, result, words
from showroom_app.counting.differences import Decision
from showroom_app.counting.stocktake import own_stocktake
from showroom_app.extensions import AnyRow, reading
from showroom_app.lib.clock import jakarta_date
from showroom_app.lib.refusal import NotHere, Refusal
from showroom_app.lib.typed import Typed, row_id
from showroom_app.people.showrooms import showroom_row
from showroom_app.stock import harm_form, photos, write_off
from showroom_app.web.access import MANAGER, STAFF, allow
from showroom_app.web.downloads import pdf, xlsx
from showroom_app.web.htmx import REFUSED, errors_of
from showroom_app.web.pages import render_template

results = Blueprint("results", __name__)


def result_page(
    row: AnyRow, typed: Typed | None = None, errors: dict[str, str] | None = None, status: int = 200
) -> ResponseReturnValue:
    """What a count came to, what is missing and unexpected; for the manager the form that decides about it."""
    told, room, typed = result.heading(row.id), showroom_row(row.showroom_id), typed or Typed()
    missing, ticked = result.shown(row.id, "missing"), request.args.get("all") == "1"
    open_ones = {one: one.expected - one.counted for one in missing.rows if one.settled_at is None}
    shares = write_off.promised(reading(), {one.item_id: pieces for one, pieces in open_ones.items()})
    page = render_template(
        "counting/result.html", stocktake=told, scope=words.scope_words(told, told.crafter_name),
        missing=missing, unexpected=result.shown(row.id, "unexpected"),
        later=result.shown(row.id, "later"), hands=result.hands(row.id), place_words=words.place_words(),
        number=result.write_off_number, answers=bool(room and room.answers_for_loss),
        typed=typed, errors=errors or {}, ticked=ticked, shares=shares,
        sum=sum(shares[one.item_id] for one in open_ones if ticked or typed.get(f"r{one.id}")),
    )  # fmt: skip
    return page, status


@results.post("/stocktakes/<int:stocktake_id>/differences")
@allow(MANAGER)
def settle(stocktake_id: int) -> ResponseReturnValue:
    """Post what is missing as lost, or explain it."""
    row, typed = own_stocktake(reading(), stocktake_id, current_user.showroom_id), Typed.of(request.form)
    how = typed.get("how", "")
    try:
        photos.sent(typed, request.files.get("photo"))
        decision = Decision(how, typed.line("reason"), typed["kept"], harm_form.compensate(typed))
        many = differences.settle(stocktake_id, _chosen(typed), decision, current_user, typed.get("request_id", ""))
    except Refusal as refusal:
        if row.status == "open":  # there is no result to show it on
            raise
        return result_page(row, typed, errors_of(refusal), REFUSED)
    if how == "lost":
        flash(ngettext("%(num)s barang dicatat hilang.", "%(num)s barang dicatat hilang.", many), "done")
    else:
        flash(ngettext("%(num)s selisih dijelaskan.", "%(num)s selisih dijelaskan.", many), "done")
    return redirect(url_for("counting.stocktake_page", stocktake_id=stocktake_id), 303)


def _chosen(typed: Typed) -> list[int]:
    """The rows that were ticked: r12."""
    try:
        return [row_id(name[1:]) for name, value in typed.items() if name[:1] == "r" and name[1:].isdigit() and value]
    except ValueError:
        raise Refusal(_("Formulir ini tidak lengkap. Muat ulang halaman, lalu coba lagi.")) from None


def _closed(stocktake_id: int) -> AnyRow:
    """A count that is closed; an open one has no papers yet."""
    row = own_stocktake(reading(), stocktake_id, current_user.showroom_id)
    if row.status != "closed":
        raise NotHere
    return row


@results.get("/stocktakes/<int:stocktake_id>/result.pdf")
@allow(*STAFF)
def result_pdf(stocktake_id: int) -> ResponseReturnValue:
    """The result on paper, to be signed."""
    row = _closed(stocktake_id)
    return pdf(documents.result_pdf(row), f"stok-opname-{jakarta_date(row.closed_at)}.pdf")


@results.get("/stocktakes/<int:stocktake_id>/result.xlsx")
@allow(*STAFF)
def result_xlsx(stocktake_id: int) -> ResponseReturnValue:
    """The result as a workbook, every label a row."""
    row = _closed(stocktake_id)
    return xlsx(documents.result_xlsx(row), f"stok-opname-{jakarta_date(row.closed_at)}.xlsx")
