"""Screens of statements, for the office and for the crafter's own phone."""

from datetime import date

from flask import Blueprint, redirect, request
from flask.typing import ResponseReturnValue
from flask_babel import force_locale
from flask_babel import gettext as _
from flask_login import current_user

from showroom_app.extensions import now, reading
from showroom_app.lib.clock import jakarta_date
from showroom_app.lib.refusal import NotHere, Refusal
from showroom_app.lib.typed import Typed
from showroom_app.payouts import documents
from showroom_app.payouts.documents import period_words
from showroom_app.payouts.statement import Statement, kind_words, statement
from showroom_app.people.crafters import own_crafter
from showroom_app.web.access import CRAFTER, MANAGER, allow
from showroom_app.web.downloads import pdf
from showroom_app.web.htmx import REFUSED
from showroom_app.web.pages import render_template

statements = Blueprint("statements", __name__)


@statements.get("/crafters/<int:crafter_id>/statement")
@allow(MANAGER)
def office(crafter_id: int) -> ResponseReturnValue:
    """A crafter's statement, for the office."""
    return _page(crafter_id, "payouts/statement.html")


@statements.get("/my/statement")
@allow(CRAFTER)
def own() -> ResponseReturnValue:
    """The crafter's own statement, on their phone."""
    return _page(current_user.crafter_id, "my/statement.html")


def _page(crafter_id: int, template: str) -> ResponseReturnValue:
    own_crafter(reading(), crafter_id, current_user.showroom_id)
    typed, sentence, status = Typed.of(request.args), "", 200
    try:
        since, until = _period(typed)
        one = statement(crafter_id, since, until)
    except Refusal as refusal:
        since, until = _this_month()
        one, sentence, status = statement(crafter_id, since, until), refusal.sentence, REFUSED
    page = render_template(
        template, told=one, crafter_id=crafter_id, typed=typed, sentence=sentence, words=kind_words(),
        period=period_words(one.since, one.until), rows=_rows(one), today=jakarta_date(now()),
    )  # fmt: skip
    return page, status


def _rows(one: Statement) -> list[dict[str, object]]:
    """Events with the balance after each."""
    balance, rows = one.opening, []
    for event in one.events:
        balance += event.amount
        rows.append({"event": event, "balance": balance})
    return rows


def _this_month() -> tuple[date, date]:
    today = jakarta_date(now())
    return today.replace(day=1), today


def _period(typed: Typed) -> tuple[date, date]:
    """From and to as typed; this month where nothing was. Refuses what is no date."""
    usual = _this_month()
    try:
        since, until = (
            date.fromisoformat(typed[name]) if typed.get(name) else day
            for name, day in zip(("from", "to"), usual, strict=True)
        )
    except ValueError:
        raise Refusal(_("Isi tanggal dengan benar, misalnya 2026-11-01.")) from None
    return since, until


@statements.get("/crafters/<int:crafter_id>/statement.pdf")
@allow(MANAGER)
def office_pdf(crafter_id: int) -> ResponseReturnValue:
    """The statement as a PDF, for the office."""
    return _pdf(crafter_id)


@statements.get("/my/statement.pdf")
@allow(CRAFTER)
def own_pdf() -> ResponseReturnValue:
    """The crafter's own statement as a PDF."""
    return _pdf(current_user.crafter_id)


def _pdf(crafter_id: int) -> ResponseReturnValue:
    own_crafter(reading(), crafter_id, current_user.showroom_id)
    since, until = _period(Typed.of(request.args))
    with force_locale("id"):  # on paper the same, whoever prints it
        one = statement(crafter_id, since, until)
    return pdf(documents.statement_pdf(one), f"laporan-{since}-{until}.pdf")


@statements.get("/crafters/<int:crafter_id>/statement/whatsapp")
@allow(MANAGER)
def whatsapp(crafter_id: int) -> ResponseReturnValue:
    """Open WhatsApp with the statement as text, to the crafter."""
    own_crafter(reading(), crafter_id, current_user.showroom_id)
    since, until = _period(Typed.of(request.args))
    with force_locale("id"):
        one = statement(crafter_id, since, until)
    address = documents.statement_text(one)
    if not address:
        raise NotHere
    return redirect(address)
