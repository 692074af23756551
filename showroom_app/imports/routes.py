"""Screens of imports: choosing a file, its preview, accepting it; files to fill in, and everything as one workbook."""

from typing import Any

from flask import Blueprint, Response, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from showroom_app.extensions import now, reading, rollback
from showroom_app.imports import accept as accepting
from showroom_app.imports import example_file, export, kept, upload
from showroom_app.imports import preview as previews
from showroom_app.imports.models import CRAFTERS
from showroom_app.imports.table_file import BYTES_MAX
from showroom_app.lib.clock import jakarta_date
from showroom_app.lib.refusal import NotHere, Refusal
from showroom_app.lib.typed import Typed
from showroom_app.web.access import MANAGER, OBSERVER, allow
from showroom_app.web.downloads import attachment, stream
from showroom_app.web.htmx import REFUSED, errors_of, go
from showroom_app.web.pages import render_template

imports = Blueprint("imports", __name__)

PROBLEMS_PAGE = 50
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@imports.get("/imports")
@allow(MANAGER)
def choose() -> ResponseReturnValue:
    """Choose a file of crafters or goods; the files of late."""
    return _choose(Typed(), {})


def _choose(typed: Typed, errors: dict[str, str], status: int = 200) -> ResponseReturnValue:
    examples = {f"{kind}-{form}": name for name, (kind, form) in example_file.names().items()}
    files = upload.files(current_user.showroom_id)
    page = render_template("imports/choose.html", files=files, typed=typed, errors=errors, examples=examples)
    return page, status


@imports.post("/imports")
@allow(MANAGER)
def bring() -> ResponseReturnValue:
    """Take a file in and show what it would bring."""
    typed, file = Typed.of(request.form), request.files.get("file")
    try:
        content = file.stream.read(BYTES_MAX + 1) if file else b""
        import_id, known = upload.upload(
            typed.get("kind", ""), (file.filename if file else "") or "", content, current_user
        )
    except Refusal as refusal:
        return _choose(typed, errors_of(refusal), REFUSED)
    row = upload.own_file(reading(), import_id, current_user.showroom_id)
    if known:
        flash(upload.seen_before(row), "note")
    return redirect(url_for("imports.file", import_id=import_id), 303)


@imports.get("/imports/example/<name>")
@allow(MANAGER)
def example(name: str) -> ResponseReturnValue:
    """A file to fill in."""
    if name not in (names := example_file.names()):
        raise NotHere
    kind, form = names[name]
    return attachment(example_file.example(kind, form), "text/csv" if form == "csv" else XLSX, name)


@imports.get("/imports/<int:import_id>")
@allow(MANAGER)
def file(import_id: int) -> ResponseReturnValue:
    """What a file would bring, or what it brought."""
    return _file(import_id, {})


def _file(import_id: int, errors: dict[str, str], status: int = 200) -> ResponseReturnValue:
    row = upload.own_file(reading(), import_id, current_user.showroom_id)
    if row.accepted_at is not None:
        notes = upload.notes_of(row) if row.kind != CRAFTERS else []
        return render_template("imports/accepted.html", file=row, notes=notes, errors=errors), status
    try:
        told = previews.preview(row)
    except Refusal as refusal:
        errors = errors or errors_of(refusal)
        return render_template("imports/preview.html", file=row, told=None, errors=errors), REFUSED
    pages = max(1, -(-len(told["problems"]) // PROBLEMS_PAGE))
    page = min(max(1, request.args.get("page", 1, type=int)), pages)
    problems = told["problems"][(page - 1) * PROBLEMS_PAGE : page * PROBLEMS_PAGE]
    more: dict[str, Any] = {"page": page, "pages": pages, "problems": problems}
    how_far = kept.how_far(import_id)
    shown = render_template("imports/preview.html", file=row, told=told, errors=errors, progress=how_far, **more)
    return shown, status


@imports.get("/imports/<int:import_id>/progress")
@allow(MANAGER)
def progress(import_id: int) -> ResponseReturnValue:
    """How far accepting a file is; asks again by itself, and leaves for the file's page when it is in."""
    row = upload.own_file(reading(), import_id, current_user.showroom_id)
    rollback()
    if row.accepted_at is not None:
        return go(url_for("imports.file", import_id=import_id))
    return render_template("imports/_progress.html", file=row, progress=kept.how_far(import_id))


@imports.post("/imports/<int:import_id>/accept")
@allow(MANAGER)
def accept(import_id: int) -> ResponseReturnValue:
    """Import the file, whole."""
    form = request.form
    try:
        accepting.accept(import_id, form.get("mark", ""), current_user, form.get("request_id", ""))
    except Refusal as refusal:
        return _file(import_id, errors_of(refusal), REFUSED)
    flash(_("Berkas sudah diimpor."), "done")
    return go(url_for("imports.file", import_id=import_id))


@imports.post("/imports/<int:import_id>/discard")
@allow(MANAGER)
def discard(import_id: int) -> ResponseReturnValue:
    """Throw a waiting file away."""
    upload.discard(import_id, current_user)
    flash(_("Berkas dibuang. Tidak ada yang diimpor."), "done")
    return redirect(url_for("imports.choose"), 303)


@imports.get("/exports/everything.xlsx")
@allow(OBSERVER, MANAGER)
def everything() -> Response:
    """All that the showroom has, as one workbook; for observers without phones, banks and payouts."""
    file = export.everything(current_user.showroom_id, private=current_user.role == MANAGER)
    return stream(file, XLSX, _("galeri-semua-%(day)s.xlsx", day=jakarta_date(now())))
