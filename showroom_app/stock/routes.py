"""Screens of goods: consignment notes, labels, the list of items."""

from contextlib import suppress
from typing import Any

from flask import Blueprint, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from showroom_app.extensions import AnyRow, reading
from showroom_app.lib.label_sheet import A4_3X8, sheets_needed
from showroom_app.lib.refusal import NotHere, Refusal
from showroom_app.lib.typed import row_id
from showroom_app.people import crafters as crafter_verbs
from showroom_app.people.routes import crafter_card, searched, terms_words
from showroom_app.stock import documents, draft, intake, notes, products
from showroom_app.web.access import STAFF, allow
from showroom_app.web.downloads import pdf
from showroom_app.web.htmx import REFUSED, errors_of, fragment_or_page, go, is_htmx
from showroom_app.web.pages import render_template

stock = Blueprint("stock", __name__)


@stock.get("/consignments")
@allow(*STAFF)
def consignments() -> ResponseReturnValue:
    """Drafts to be finished, and the notes received; each list goes back by itself."""
    here = {name: request.args.get(name, type=row_id) for name in ("before", "drafts_before")}
    received, more = notes.received(current_user.showroom_id, here["before"])
    drafts, more_drafts = notes.drafts(current_user.showroom_id, here["drafts_before"])
    more_url = url_for("stock.consignments", **here | {"before": received[-1]["id"]}) if more else None
    drafts_url = url_for("stock.consignments", **here | {"drafts_before": drafts[-1]["id"]}) if more_drafts else None
    return render_template(
        "stock/consignments.html", drafts=drafts, drafts_url=drafts_url, notes=received, more_url=more_url
    )


@stock.get("/consignments/new")
@allow(*STAFF)
def consignment_new() -> ResponseReturnValue:
    """Whose goods are these?"""
    return _choose_crafter(_("Nota titip baru"), url_for("stock.consignment_start"))


def _choose_crafter(title: str, action: str) -> ResponseReturnValue:
    q = searched(request.args)
    rows = crafter_verbs.list_crafters(current_user.showroom_id, q, active_only=True)
    crafters = [crafter_card(row, False) for row in rows]
    return render_template("stock/consignment_new.html", q=q, crafters=crafters, title=title, action=action)


@stock.post("/consignments")
@allow(*STAFF)
def consignment_start() -> ResponseReturnValue:
    """Begin a draft for a crafter."""
    crafter_id = request.form.get("crafter_id", 0, type=row_id)
    consignment_id = intake.start(crafter_id, current_user, request.form.get("request_id", ""))
    return redirect(url_for("stock.consignment", consignment_id=consignment_id), 303)


@stock.get("/consignments/<int:consignment_id>")
@allow(*STAFF)
def consignment(consignment_id: int) -> ResponseReturnValue:
    """A draft to go on with, or a received note."""
    row = intake.own_consignment(reading(), consignment_id, current_user.showroom_id)
    if row.status == "received":
        return render_template("stock/consignment.html", **notes.note(row))
    if row.status == "discarded":
        flash(_("Draf ini sudah dibuang."), "note")
        return redirect(url_for("stock.consignments"))
    return _draft(consignment_id, intake.typed_of(row))


def _draft(
    consignment_id: int, typed: dict[str, Any], status: int = 200, errors: dict[str, str] | None = None
) -> ResponseReturnValue:
    """The draft form. Errors show only for what was typed, until the note is to be received."""
    row = intake.own_consignment(reading(), consignment_id, current_user.showroom_id)
    crafter = crafter_verbs.own_crafter(reading(), row.crafter_id, current_user.showroom_id)
    lines = draft.read(typed)
    intake.look_up_makers(reading(), lines, crafter.id, row.showroom_id)
    sums = draft.totals(lines)
    context = {
        "consignment": {
            "id": row.id, "saved_at": row.saved_at, "agreed_until": typed.get("agreed_until", ""),
            "crafter": {
                "id": crafter.id, "name": crafter.name, "workshop": crafter.workshop,
                "terms": terms_words(crafter.terms_kind, crafter.commission_bps),
                "initials": "".join(word[0] for word in crafter.name.split()[:2]).upper(),
                "on_shelf": notes.on_shelf_of(crafter.id),
            },
        },
        "lines": [_line_view(i, line, bool(errors)) for i, line in enumerate(lines)],
        "totals": {**sums, "sheets": sheets_needed(sums["labels"], 1, A4_3X8) if sums["labels"] else 0},
        "categories": draft.category_words(), "known": products.known_of(crafter.id),
        "partners": crafter_verbs.list_crafters(current_user.showroom_id, active_only=True),
        "errors": errors or {},
    }  # fmt: skip
    return fragment_or_page("stock/_draft.html", "stock/consignment_draft.html", status, **context)


def _line_view(position: int, line: draft.DraftLine, strict: bool) -> dict[str, Any]:
    piece = line.piece()
    # While a note is being typed, an empty field is no mistake yet.
    shown = {name: text for name, text in line.errors.items() if strict or line.typed.get(name, "").strip()}
    fields = {name: line.typed.get(name, "") for name in draft.FIELDS}
    return fields | {
        "position": position,
        "errors": shown,
        "crafter_share": piece.crafter if piece else None,
        "showroom_share": piece.showroom if piece else None,
    }


@stock.post("/consignments/<int:consignment_id>/draft")
@allow(*STAFF)
def keep(consignment_id: int) -> ResponseReturnValue:
    """Keep what is typed so far; add or remove a line."""
    typed, do = draft.from_form(request.form), request.form.get("do", "")
    if do == "add":
        typed["lines"].append(_next_line(consignment_id, typed))
    elif do.startswith("again-"):
        typed["lines"] = [line for line in typed["lines"] if not draft.read_line(line).empty]
        typed["lines"].append(_line_again(consignment_id, do.removeprefix("again-")))
    elif do.startswith("remove-"):
        typed["lines"] = [line for i, line in enumerate(typed["lines"]) if f"remove-{i}" != do]
    try:
        intake.keep_draft(consignment_id, typed, current_user)
    except Refusal as refusal:
        return _draft(consignment_id, typed, REFUSED, errors_of(refusal))
    if do == "later":
        flash(_("Draf tersimpan. Lanjutkan kapan saja dari Nota titip."), "done")
        return go(url_for("stock.consignments"))
    if is_htmx():
        return _draft(consignment_id, typed)
    return redirect(url_for("stock.consignment", consignment_id=consignment_id), 303)


def _line_again(consignment_id: int, product: str) -> dict[str, str]:
    """A line for what the crafter brought before, as it was taken in last."""
    row = intake.own_consignment(reading(), consignment_id, current_user.showroom_id)
    try:
        known = products.own_product(reading(), row_id(product), current_user.showroom_id)
    except ValueError:
        raise NotHere from None
    if known.crafter_id != row.crafter_id:
        raise NotHere
    return products.line_again(known)


def _next_line(consignment_id: int, typed: dict[str, Any]) -> dict[str, str]:
    """A blank line with the terms of the line above, or the crafter's own."""
    conn = reading()
    row = intake.own_consignment(conn, consignment_id, current_user.showroom_id)
    crafter = crafter_verbs.own_crafter(conn, row.crafter_id, current_user.showroom_id)
    blank = draft.blank_line(crafter.terms_kind, crafter.commission_bps)
    last = typed["lines"][-1] if typed["lines"] else {}
    return blank | {k: last[k] for k in ("terms_kind", "commission_percent", "category") if last.get(k)}


@stock.post("/consignments/<int:consignment_id>/receive")
@allow(*STAFF)
def receive(consignment_id: int) -> ResponseReturnValue:
    """Take the goods in for good."""
    typed = draft.from_form(request.form)
    try:
        intake.receive(consignment_id, typed, current_user, request.form.get("request_id", ""))
    except Refusal as refusal:
        with suppress(Refusal):  # the form below says it already
            intake.keep_draft(consignment_id, typed, current_user)
        return _draft(consignment_id, typed, REFUSED, errors_of(refusal))
    flash(_("Nota tersimpan. Label siap dicetak."), "done")
    anchor = "labels" if request.form.get("then") == "labels" else None
    return go(url_for("stock.consignment", consignment_id=consignment_id, _anchor=anchor))


@stock.route("/consignments/<int:consignment_id>/crafter", methods=["GET", "POST"])
@allow(*STAFF)
def draft_crafter(consignment_id: int) -> ResponseReturnValue:
    """Give a draft to another crafter."""
    if request.method == "GET":
        intake.own_consignment(reading(), consignment_id, current_user.showroom_id)
        return _choose_crafter(_("Ganti perajin"), url_for("stock.draft_crafter", consignment_id=consignment_id))
    intake.change_crafter(consignment_id, request.form.get("crafter_id", 0, type=row_id), current_user)
    return redirect(url_for("stock.consignment", consignment_id=consignment_id), 303)


@stock.post("/consignments/<int:consignment_id>/discard")
@allow(*STAFF)
def discard(consignment_id: int) -> ResponseReturnValue:
    """Throw a draft away."""
    intake.discard(consignment_id, current_user)
    flash(_("Draf dibuang."), "done")
    return go(url_for("stock.consignments"))


def _received(consignment_id: int) -> AnyRow:
    """A note that is received; a draft has no papers yet."""
    row = intake.own_consignment(reading(), consignment_id, current_user.showroom_id)
    if row.status != "received":
        raise NotHere
    return row


@stock.get("/consignments/<int:consignment_id>/note.pdf")
@allow(*STAFF)
def note_pdf(consignment_id: int) -> ResponseReturnValue:
    """The note on paper, with places for two signatures."""
    row = _received(consignment_id)
    return pdf(documents.note(row), f"nota-titip-{consignment_id}.pdf")
