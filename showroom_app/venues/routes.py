"""Screens of venues (pameran, galeri lain): opening them, sending goods there and back, and what arrived."""

from typing import Any

from flask import Blueprint, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from showroom_app.extensions import AnyRow, reading
from showroom_app.lib.refusal import NotHere, Refusal
from showroom_app.lib.typed import Typed, parse_count
from showroom_app.stock import harm_form, photos, picking
from showroom_app.stock.picking import Picked
from showroom_app.venues import arrival, documents, transfer_notes
from showroom_app.venues import transfer as transfers
from showroom_app.venues import venue as verbs
from showroom_app.web.access import MANAGER, STAFF, allow
from showroom_app.web.downloads import pdf
from showroom_app.web.htmx import REFUSED, errors_of
from showroom_app.web.pages import render_template

venues = Blueprint("venues", __name__)


@venues.get("/venues")
@allow(*STAFF)
def listing() -> ResponseReturnValue:
    """Exhibitions and other showrooms, and what is on the way."""
    room = current_user.showroom_id
    return render_template(
        "venues/venues.html", venues=verbs.venues(room), under_way=transfer_notes.on_the_way(room),
        words=verbs.kind_words(), days=verbs.days_words,
    )  # fmt: skip


@venues.route("/venues/new", methods=["GET", "POST"])
@allow(MANAGER)
def new() -> ResponseReturnValue:
    """Open a venue."""
    typed, errors = Typed.of(request.form), {}
    if request.method == "POST":
        try:
            venue_id = verbs.open_venue(verbs.planned(typed), current_user, typed.get("request_id", ""))
        except Refusal as refusal:
            errors = errors_of(refusal)
        else:
            flash(_("Sudah dibuka, dengan meja kasirnya sendiri. Kirim barang pertama."), "done")
            return redirect(url_for("reports.venue", venue_id=venue_id), 303)
    typed = typed or Typed(kind="exhibition")
    page = render_template("venues/venue_form.html", venue=None, typed=typed, errors=errors, words=verbs.kind_words())
    return page, REFUSED if errors else 200


@venues.route("/venues/<int:venue_id>/edit", methods=["GET", "POST"])
@allow(MANAGER)
def edit(venue_id: int) -> ResponseReturnValue:
    """Change its name, place and days."""
    row = verbs.own_venue(reading(), venue_id, current_user.showroom_id)
    typed, errors = Typed.of(request.form), {}
    if request.method == "POST":
        try:
            verbs.change_venue(venue_id, verbs.planned(typed), current_user, typed.get("request_id", ""))
        except Refusal as refusal:
            errors = errors_of(refusal)
        else:
            flash(_("Sudah disimpan."), "done")
            return redirect(url_for("reports.venue", venue_id=venue_id), 303)
    typed = typed or Typed({name: row._mapping[name] for name in ("kind", "name", "address", "starts_on", "ends_on")})
    page = render_template("venues/venue_form.html", venue=row, typed=typed, errors=errors, words=verbs.kind_words())
    return page, REFUSED if errors else 200


@venues.route("/venues/<int:venue_id>/close", methods=["GET", "POST"])
@allow(MANAGER)
def close(venue_id: int) -> ResponseReturnValue:
    """Nothing is sold or sent there any more."""
    row, errors = verbs.own_venue(reading(), venue_id, current_user.showroom_id), {}
    if request.method == "POST":
        try:
            verbs.close_venue(venue_id, current_user, request.form.get("request_id", ""))
        except Refusal as refusal:
            errors = errors_of(refusal)
        else:
            flash(_("Sudah ditutup. Hasilnya tetap bisa dilihat di sini."), "done")
            return redirect(url_for("reports.venue", venue_id=venue_id), 303)
    return render_template("venues/close.html", venue=row, errors=errors), REFUSED if errors else 200


@venues.route("/venues/<int:venue_id>/send", methods=["GET", "POST"])
@allow(*STAFF)
def send_out(venue_id: int) -> ResponseReturnValue:
    """Pick what goes there; nothing is kept before it is sent."""
    return _send(venue_id, "out")


@venues.route("/venues/<int:venue_id>/bring-back", methods=["GET", "POST"])
@allow(*STAFF)
def bring_back(venue_id: int) -> ResponseReturnValue:
    """Pick what comes home; nothing is kept before it is sent."""
    return _send(venue_id, "back")


def _send(venue_id: int, direction: str) -> ResponseReturnValue:
    row, typed = verbs.own_venue(reading(), venue_id, current_user.showroom_id), Typed.of(request.form)
    places = {"shelf": ("shelf", row.showroom_id)} if direction == "out" else {"venue": ("venue", venue_id)}
    if request.method == "GET":
        given = {f"q-{number}-shelf": "1" for number in request.args.getlist("item")[: picking.PICKED_MAX]}
        return _form(row, direction, picking.read(reading(), given, row.showroom_id, places), Typed(), {})
    picked = picking.read(reading(), typed, current_user.showroom_id, places)
    try:
        if typed.get("do") != "send":
            picked, typed, found = picking.scanned(reading(), picked, typed, current_user.showroom_id, places)
            return _form(row, direction, picked, typed, {}, found)
        goods = {one.item.id: picking.count_of(one) for one in picked}
        transfer_id = transfers.send(
            venue_id, direction, goods, current_user, typed.get("request_id", ""), carrier=typed.line("carrier")
        )
    except Refusal as refusal:
        return _form(row, direction, picked, typed, errors_of(refusal), status=REFUSED)
    flash(_("Sudah dicatat. Barangnya di jalan sampai ada yang menerimanya."), "done")
    return redirect(url_for("venues.transfer", transfer_id=transfer_id), 303)


def _form(
    row: AnyRow, direction: str, picked: list[Picked], typed: Typed, errors: dict[str, str],
    found: list[AnyRow] | None = None, status: int = 200,
) -> ResponseReturnValue:  # fmt: skip
    page = render_template(
        "venues/send.html", venue=row, direction=direction, picked=picked, typed=typed, errors=errors,
        found=found or [],
    )  # fmt: skip
    return page, status


@venues.get("/transfers/<int:transfer_id>")
@allow(*STAFF)
def transfer(transfer_id: int) -> ResponseReturnValue:
    """One note: what is on the way, and what became of it."""
    return _note(transfer_id, Typed(), {})


def _note(transfer_id: int, typed: Typed, errors: dict[str, str], status: int = 200) -> ResponseReturnValue:
    told = transfer_notes.note(transfer_id, current_user.showroom_id)
    return render_template("venues/transfer.html", **told, typed=typed, errors=errors), status


@venues.post("/transfers/<int:transfer_id>/arrive")
@allow(*STAFF)
def arrive(transfer_id: int) -> ResponseReturnValue:
    """Tick off what is there by scanning, or all at once; then it stands where it was sent, or where it came from."""
    typed = Typed.of(request.form)
    told = transfer_notes.note(transfer_id, current_user.showroom_id)
    do = typed.get("do", "")
    try:
        if do == "all":
            return _note(transfer_id, Typed(typed | {f"n-{i}": str(n) for i, n in told["left"].items()}), {})
        if do not in arrival.KINDS:
            return _note(transfer_id, _ticked(told, typed), {})
        goods = {line.item_id: n for line in told["lines"] if (n := _count(typed, line.item_id))}
        arrival.arrive(transfer_id, goods, current_user, typed.get("request_id", ""), kind=do)
    except Refusal as refusal:
        return _note(transfer_id, typed, errors_of(refusal), REFUSED)
    flash(_("Sudah diterima.") if do == "arrived" else _("Barangnya kembali ke tempat asal."), "done")
    return redirect(url_for("venues.transfer", transfer_id=transfer_id), 303)


def _ticked(told: dict[str, Any], typed: Typed) -> Typed:
    """One more of what was scanned. Refuses what is not on the way by this note."""
    item_id = arrival.scanned(told["lines"], told["left"], typed.line("code"))
    before = _count(typed, item_id)
    if before >= told["left"][item_id]:
        name = next(line.name for line in told["lines"] if line.item_id == item_id)
        raise Refusal(_("%(name)s sudah masuk daftar semua.", name=name), "code")
    kept = {name: text for name, text in typed.items() if name != "code"}
    return Typed(kept | {f"n-{item_id}": str(before + 1)})


def _count(typed: Typed, item_id: int) -> int:
    text = typed.line(f"n-{item_id}")
    try:
        return parse_count(text) if text else 0
    except ValueError:
        raise Refusal(_("Isi jumlah dengan angka bulat, misalnya 2."), "quantity") from None


@venues.route("/transfers/<int:transfer_id>/lose/<int:item_id>", methods=["GET", "POST"])
@allow(MANAGER)
def lose(transfer_id: int, item_id: int) -> ResponseReturnValue:
    """Pieces were lost on the way: what the crafter gets is shown before it is booked."""
    told = transfer_notes.note(transfer_id, current_user.showroom_id)
    if item_id not in {line.item_id for line in told["lines"]}:
        raise NotHere
    typed, errors = Typed.of(request.form), {}
    if request.method == "POST":
        try:
            photos.sent(typed, request.files.get("photo"))
            harm = harm_form.asked(item_id, typed)
            arrival.lose(transfer_id, harm, current_user, typed.get("request_id", ""))
        except Refusal as refusal:
            errors = errors_of(refusal)
        else:
            flash(_("Sudah dicatat."), "done")
            return redirect(url_for("venues.transfer", transfer_id=transfer_id), 303)
    left = {place: n for place, n in {"transit": told["left"].get(item_id, 0)}.items() if n}
    item = picking.rows_of(reading(), {item_id}, current_user.showroom_id)[item_id]
    return harm_form.page(item, left, typed, errors, note=told["note"])


@venues.get("/transfers/<int:transfer_id>/note.pdf")
@allow(*STAFF)
def note_pdf(transfer_id: int) -> ResponseReturnValue:
    """The note on paper, to travel with the goods."""
    told = transfer_notes.note(transfer_id, current_user.showroom_id)
    return pdf(documents.transfer_note(told), f"{told['note']['number']}.pdf")
