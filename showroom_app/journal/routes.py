"""Screens of the journal and the activity log."""

from typing import Any

from flask import Blueprint, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from showroom_app.extensions import now
from showroom_app.journal import choices as offers
from showroom_app.journal import entry as entries_read
from showroom_app.journal import journal as book
from showroom_app.journal import log
from showroom_app.journal.journal import Page
from showroom_app.lib.clock import jakarta_date
from showroom_app.lib.refusal import FormRefusal, Refusal
from showroom_app.lib.typed import Typed, row_id
from showroom_app.web.access import MANAGER, allow
from showroom_app.web.htmx import REFUSED, errors_of
from showroom_app.web.pages import render_template

journal = Blueprint("journal", __name__)

FILTERS = ("desk", "day", "from", "to", "account", "person", "kind")


@journal.get("/journal")
@allow(MANAGER)
def entries() -> ResponseReturnValue:
    """The showroom's entries, newest first; or the one whose number was typed."""
    room, typed, errors = current_user.showroom_id, Typed.of(request.args), {}
    offered, page = offers.choices(room), Page([])
    try:
        wanted = offers.wanted(typed, offered)
        number = typed.line("number")
        page = Page(book.find(room, number, wanted.desk_id)) if number else book.page(room, wanted, _before())
        if number and len(page.rows) == 1:
            return redirect(url_for("journal.entry", entry_id=page.rows[0]["id"]))
    except FormRefusal as refusal:
        errors = errors_of(refusal)
    asked = {name: typed[name] for name in FILTERS if typed.get(name)}
    more_url = _older("journal.entries", asked, page.older) if page.older is not None else None
    return render_template(
        "journal/entries.html", page=page, offered=offered, typed=typed, errors=errors, asked=asked,
        more_url=more_url, today=jakarta_date(now()).isoformat(),
    ), REFUSED if errors else 200  # fmt: skip


def _before() -> int | None:
    return request.args.get("before", type=row_id)


def _older(endpoint: str, asked: dict[str, Any], before: int) -> str:
    return url_for(endpoint, **asked, before=before)


@journal.get("/journal/<int:entry_id>")
@allow(MANAGER)
def entry(entry_id: int) -> ResponseReturnValue:
    """One entry: postings, cause, place in the chain, seal."""
    told = entries_read.entry(entry_id, current_user.showroom_id, request.args.get("line", 0, type=row_id))
    return render_template("journal/entry.html", entry=told)


@journal.get("/activity")
@allow(MANAGER)
def activity() -> ResponseReturnValue:
    """Who did what besides the book, newest first."""
    room, typed, errors = current_user.showroom_id, Typed.of(request.args), {}
    kinds, people = list(log.kind_words().items()), [(str(row.id), row.name) for row in offers.staff(room)]
    lines: list[dict[str, Any]] = []
    more = False
    try:
        offers.must_be_offered(typed.get("kind", ""), kinds, "kind")
        offers.must_be_offered(typed.get("person", ""), people, "person")
        lines, more = log.page(room, typed.get("kind", ""), offers.number(typed, "person"), _before())
    except Refusal as refusal:
        errors = errors_of(refusal)
    asked = {name: typed[name] for name in ("kind", "person") if typed.get(name)}
    more_url = _older("journal.activity", asked, lines[-1]["id"]) if more else None
    return render_template(
        "journal/activity.html", lines=lines, kinds=kinds, people=people, typed=typed, errors=errors, asked=asked,
        more_url=more_url,
    ), REFUSED if errors else 200  # fmt: skip
