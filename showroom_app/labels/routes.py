"""Screens of labels: the queue, printing from a place on, printing again, sheets and their calibration page."""

from flask import Blueprint, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from showroom_app.extensions import reading
from showroom_app.labels import runs, sheets
from showroom_app.lib import document, label_code
from showroom_app.lib.label_sheet import PRESETS, calibration_content
from showroom_app.lib.refusal import NotHere, Refusal
from showroom_app.lib.typed import Typed, row_id, row_ids
from showroom_app.people.showrooms import showroom_row
from showroom_app.web.access import MANAGER, STAFF, allow, safe_path
from showroom_app.web.downloads import pdf
from showroom_app.web.htmx import REFUSED, errors_of
from showroom_app.web.pages import render_template

labels = Blueprint("labels", __name__)


@labels.get("/labels")
@allow(*STAFF)
def queue() -> ResponseReturnValue:
    """What is still to be printed; with `item`, those again; with `consignment`, a note's."""
    return _queue(Typed.of(request.args), {})


def _queue(typed: Typed, errors: dict[str, str], status: int = 200) -> ResponseReturnValue:
    key = typed.get("sheet", "")
    key = key if key in PRESETS else _usual()
    preset = sheets.sheet(reading(), current_user.showroom_id, key)
    asked = _asked()
    rows = runs.rows_of(current_user.showroom_id, asked) if asked else runs.due(current_user.showroom_id)
    count = len(rows) if asked else runs.due_count(current_user.showroom_id)
    page = render_template(
        "labels/queue.html", rows=rows[: runs.SHOWN], asked=[row.id for row in rows] if asked else [], count=count,
        runs=runs.latest(current_user.showroom_id), names=sheets.preset_names(), key=key, preset=preset,
        place=sheets.next_place(reading(), current_user.showroom_id, key), typed=typed, errors=errors,
        with_price=typed.flag("with_price") if request.method == "POST" else None, labels_max=runs.LABELS_MAX,
    )  # fmt: skip
    return page, status


def _asked() -> list[int]:
    """Items asked for by id, or a note's; none is the whole queue. Who asks for what is not there gets nothing."""
    values = request.values.getlist("item")[: runs.LABELS_MAX]
    ids = row_ids(values)
    note = request.values.get("consignment", type=row_id)
    ids = ids or (runs.of_note(current_user.showroom_id, note) if note else [])
    if not ids and {"item", "consignment"} & set(request.values):
        raise NotHere
    return ids


@labels.post("/labels")
@allow(*STAFF)
def print_labels() -> ResponseReturnValue:
    """Print what was asked for, else the whole queue; unless chosen, on the usual sheet from its next place."""
    typed = Typed.of(request.form)
    try:
        key = typed.get("sheet", "") or _usual()
        try:
            start = row_id(typed["start"]) if typed.get("start") else None
        except ValueError:
            raise Refusal(_("Pilih tempat pertama pada lembarnya."), "start") from None
        run_id = runs.print_run(
            _asked(), key, start, typed.flag("with_price"), current_user, typed.get("request_id", "")
        )
    except Refusal as refusal:
        return _queue(typed, errors_of(refusal), REFUSED)
    return redirect(url_for("labels.run", run_id=run_id), 303)


@labels.post("/items/<int:item_id>/label-wait")
@allow(*STAFF)
def wait(item_id: int) -> ResponseReturnValue:
    """Put a piece's label in the queue, or take it out (`do`); then back to `next`, else to the queue."""
    typed = Typed.of(request.form)
    waits = typed.get("do") != "take-out"
    runs.let_wait(item_id, waits, current_user, typed.get("request_id", ""))
    flash(_("Labelnya masuk antrean cetak.") if waits else _("Labelnya keluar dari antrean cetak."), "done")
    return redirect(safe_path(typed.get("next", "")) or url_for("labels.queue"), 303)


def _usual() -> str:
    room = showroom_row(current_user.showroom_id)
    assert room is not None
    return str(room.label_preset)


@labels.get("/labels/runs/<int:run_id>.pdf")
@allow(*STAFF)
def run(run_id: int) -> ResponseReturnValue:
    """A run's PDF, as often as the printer needs it."""
    return pdf(*runs.run_pdf(run_id, current_user.showroom_id))


@labels.route("/labels/sheets/<key>", methods=["GET", "POST"])
@allow(MANAGER)
def sheet(key: str) -> ResponseReturnValue:
    """A sheet's geometry, to be put right by the calibration page."""
    if key not in PRESETS:
        raise NotHere
    room = showroom_row(current_user.showroom_id)
    assert room is not None
    typed, errors = Typed.of(request.form), {}
    if request.method == "POST":
        try:
            sheets.save_sheet(key, typed, current_user, typed.get("request_id", ""))
        except Refusal as refusal:
            errors = errors_of(refusal)
        else:
            flash(_("Pengaturan tersimpan."), "done")
            return redirect(url_for("labels.sheet", key=key), 303)
    else:
        typed = sheets.as_typed(key, current_user.showroom_id, room)
    page = render_template(
        "labels/sheet.html", key=key, names=sheets.preset_names(), typed=typed, errors=errors,
        fields=sheets.field_words().items(),
    )  # fmt: skip
    return page, REFUSED if errors else 200


@labels.get("/labels/sheets/<key>/calibration.pdf")
@allow(MANAGER)
def calibration(key: str) -> ResponseReturnValue:
    """A page of rulers and outlines, to lay on the real sheet."""
    room = showroom_row(current_user.showroom_id)
    assert room is not None
    content = calibration_content(sheets.sheet(reading(), current_user.showroom_id, key), room.name)
    return pdf(document.render("calibration", content), f"kalibrasi-{key}.pdf")


@labels.route("/items/<int:item_id>/label-swap", methods=["GET", "POST"])
@allow(*STAFF)
def swap(item_id: int) -> ResponseReturnValue:
    """Two pieces got each other's labels."""
    row = next(iter(runs.rows_of(current_user.showroom_id, [item_id])), None)
    if row is None:
        raise NotHere
    typed, errors = Typed.of(request.form), {}
    if request.method == "POST":
        code = label_code.parse(typed.line("code")) or ""
        try:
            if not code:
                raise Refusal(_("Pindai atau ketik kode label yang satunya."), "code")
            runs.swap(item_id, code, typed.line("reason"), current_user, typed.get("request_id", ""))
        except Refusal as refusal:
            errors = errors_of(refusal)
        else:
            flash(_("Kodenya sudah ditukar."), "done")
            return redirect(url_for("catalogue.item", code=code), 303)  # it is this piece's now
    page = render_template("labels/swap.html", item=row, typed=typed, errors=errors)
    return page, REFUSED if errors else 200
