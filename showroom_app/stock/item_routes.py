"""Screens of items: the list with its filters, and goods that stand long."""

from datetime import date
from functools import partial
from itertools import groupby
from typing import Any

from flask import Blueprint, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from showroom_app.extensions import reading
from showroom_app.lib import label_code
from showroom_app.lib.refusal import FormRefusal, Refusal
from showroom_app.lib.typed import Typed, row_id, row_ids, tidy_line
from showroom_app.people import crafters as crafter_verbs
from showroom_app.people.routes import searched
from showroom_app.people.showrooms import showroom_row
from showroom_app.stock import ageing, draft, finding, items, joint, products
from showroom_app.stock.ageing import Answer
from showroom_app.web.access import ATTENDANT, MANAGER, OBSERVER, STAFF, allow
from showroom_app.web.htmx import REFUSED, errors_of, fragment_or_page
from showroom_app.web.pages import render_template

goods = Blueprint("goods", __name__)

FIND_MAX, FOUND_MAX = 200, 8


@goods.get("/items")
@allow(ATTENDANT, OBSERVER, MANAGER)
def item_list() -> ResponseReturnValue:
    """All goods, to be searched by name, code or crafter, and narrowed by filters."""
    typed, errors, asked = Typed.of(request.args), {}, finding.Wanted()
    q, before = searched(request.args), request.args.get("before", type=row_id)
    try:
        asked = finding.wanted(typed)
    except FormRefusal as refusal:
        errors = errors_of(refusal)
    rows = items.list_items(current_user.showroom_id, q, before=before, asked=asked)
    page, more = rows[: items.PAGE], len(rows) > items.PAGE
    gone = [row.id for row in page if not row.on_shelf]
    last, away = items.last_kinds(reading(), gone), items.away(reading(), gone)
    harmed = asked.state if asked.state in ("damaged", "lost") else ""  # of a lot, some of it is
    listed = [
        dict(row._mapping, state=harmed or items.state_of(row, last.get(row.id), away.get(row.id, 0))) for row in page
    ]
    chosen: dict[str, Any] = {name: typed[name] for name in finding.FIELDS if typed.get(name)}
    more_url = url_for("goods.item_list", q=q, before=page[-1].id, **chosen) if more else None
    return fragment_or_page(
        "stock/_items.html", "stock/items.html", REFUSED if errors else 200, items=listed, q=q, typed=typed,
        who=joint.names_of(reading(), page), errors=errors, more_url=more_url,
        chosen={name: text for name, text in chosen.items() if name != "state"},
        total_shelf=partial(items.on_shelf_total, current_user.showroom_id), categories=draft.category_words(),
        crafters=partial(finding.crafters, current_user.showroom_id), first_page=before is None,
    )  # fmt: skip


@goods.get("/find")
@allow(ATTENDANT, OBSERVER, MANAGER)
def find() -> ResponseReturnValue:
    """One search for everything: a code opens its piece, a word finds goods, kinds of goods and crafters."""
    q = tidy_line(request.args.get("q", ""))[:FIND_MAX]
    code = label_code.parse(q) if q else None
    if code is not None and items.by_code(reading(), code) is not None:
        return redirect(url_for("catalogue.item", code=code))
    room = current_user.showroom_id
    found = items.suggestions(reading(), room, q, most=FOUND_MAX) if q else []
    kinds = products.list_products(room, q, most=FOUND_MAX) if q else []
    return render_template(
        "stock/find.html", q=q, items=found, who=joint.names_of(reading(), found), products=kinds,
        partners=joint.partners(reading(), [row.id for row in kinds]),
        crafters=crafter_verbs.list_crafters(room, q, most=FOUND_MAX) if q else [],
        may_open=current_user.role in STAFF,
    )  # fmt: skip


@goods.get("/ageing")
@allow(*STAFF)
def long_standing() -> ResponseReturnValue:
    """Goods whose crafters should be asked: extend, mark down, or collect?"""
    return _long_standing(Typed(), {})


def _long_standing(typed: Typed, errors: dict[str, str], status: int = 200) -> ResponseReturnValue:
    rows = ageing.to_ask(current_user.showroom_id, request.args.get("after", type=row_id))
    room = showroom_row(current_user.showroom_id)
    assert room is not None
    groups: list[dict[str, Any]] = []
    for crafter_id, theirs in groupby(rows, key=lambda row: row["crafter_id"]):
        listed = list(theirs)
        link = ageing.message(listed, room.name)
        groups.append({"id": crafter_id, "name": listed[0]["crafter_name"], "items": listed, "whatsapp": link})
    more_url = None
    if len(rows) == ageing.ITEMS_MAX:  # the last crafter may have more: theirs begin the next page
        groups = groups[:-1] or groups
        more_url = url_for("goods.long_standing", after=groups[-1]["id"])
    crafter = typed.get("crafter")
    gone = errors and crafter not in [str(group["id"]) for group in groups]  # nothing of theirs is asked any more
    page = render_template(
        "stock/ageing.html", groups=groups, more_url=more_url, typed=typed, errors=errors, words=ageing.answer_words(),
        days=room.ageing_days, crafter=crafter, answered=ageing.from_phones(current_user.showroom_id),
        about=ageing.about, gone=next(iter(errors.values())) if gone else "", after=request.args.get("after"),
    )  # fmt: skip
    return page, status


@goods.post("/ageing")
@allow(*STAFF)
def answer() -> ResponseReturnValue:
    """Keep what a crafter answered for the goods ticked."""
    typed = Typed.of(request.form)
    values = request.form.getlist("item")[: ageing.ITEMS_MAX]
    ids = row_ids(values)
    try:
        until = None
        if typed.get("until") and typed.get("answer") == "extend":
            try:
                until = date.fromisoformat(typed["until"])
            except ValueError:
                raise Refusal(_("Tanggal ini belum terbaca. Pilih dari kalender."), "until") from None
        said = Answer(typed.get("answer", ""), typed.line("by"), until)
        count = ageing.answer(ids, said, current_user, typed.get("request_id", ""))
    except Refusal as refusal:
        return _long_standing(typed, errors_of(refusal), REFUSED)
    flash(_("Jawaban dicatat untuk %(n)s label.", n=count), "done")
    if said.answer == "mark_down" and current_user.role == MANAGER:
        return redirect(url_for("life.terms", item=ids), 303)
    if said.answer == "collect":
        return redirect(url_for("hand_backs.new", item=ids), 303)
    return redirect(url_for("goods.long_standing"), 303)
