"""/q/<code>: one address, an answer for each role. GET never writes."""

from collections.abc import Collection
from typing import Any

from flask import Blueprint, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from showroom_app.catalogue import piece, shelf, throttle
from showroom_app.catalogue.life import life_of
from showroom_app.catalogue.page_routes import missing, similar
from showroom_app.catalogue.piece import State
from showroom_app.catalogue.shelf import Price
from showroom_app.extensions import AnyRow, reading
from showroom_app.labels import runs
from showroom_app.lib import label_code
from showroom_app.lib.money import format_percent
from showroom_app.lib.typed import tidy_line
from showroom_app.people import showrooms
from showroom_app.people.routes import terms_words
from showroom_app.sales import shift as shifts
from showroom_app.stock import hand_back, items, joint, photos, products
from showroom_app.stock.write_offs import where_is
from showroom_app.venues.venue import stand_of
from showroom_app.venues.where import places_of
from showroom_app.web.access import ATTENDANT, CRAFTER, EVERYONE, MANAGER, OBSERVER, STAFF, VISITOR, allow
from showroom_app.web.pages import render_template
from showroom_app.web.public import keepable, public

# Crafters know their own codes, and see others' goods as visitors do.
STRANGERS = (VISITOR, CRAFTER)
catalogue = Blueprint("catalogue", __name__)


@catalogue.get("/q/<code>")
@catalogue.get("/q/<code>/")
@catalogue.get("/Q/<code>")
@allow(*EVERYONE)
@public
def item(code: str) -> ResponseReturnValue:
    """What a label stands for, as far as the reader may know."""
    if current_user.role in STRANGERS and throttle.is_walking(request.remote_addr or ""):
        return _too_many()
    right = label_code.parse(code)
    conn = reading()
    row = items.by_code(conn, right) if right else None
    if row is None:
        return _unknown(code, right is not None)
    who = joint.makers_of(conn, [row.line_id]).get(row.line_id, []) if row.joint else []
    view = view_of(row, {one.crafter_id for one in who})
    last = items.last_kinds(conn, [row.id]).get(row.id)
    away = [place for place in places_of(conn, row.id) if place.kind != "shelf"]
    product = products.own_product(conn, row.product_id, row.showroom_id)
    state = items.state_of(row, last, len(away))
    if view == VISITOR:
        return _visited(row, product, piece.state_of(state, away))
    shift = shifts.shift_of(current_user.id) if view in STAFF else None
    here = where_is(row.id) if view in STAFF else {}
    context = {
        "item": _item(row, product, state, view), "view": view, "away": away, "shift_open": shift is not None,
        "at_till": _at_till(row, shift) if shift else 0,
        "label_waits": view in STAFF and runs.does_wait(conn, row.id),
        "here": here, "damaged": hand_back.damaged_left(conn, row.id, here.get("damaged", 0)) if here else 0,
        "history": life_of(row, view) if view in (*STAFF, CRAFTER) else [],
        "makers": _makers(row, who, view), "facts": piece.facts(product, piece.english()),
        "photos": photos.photos_of(conn, row.product_id), "showroom": showrooms.shown(row.showroom_id),
    }  # fmt: skip
    return render_template("catalogue/item.html", **context)


def _visited(row: AnyRow, product: AnyRow, state: State) -> ResponseReturnValue:
    """The piece as visitors see it: how many there are, and what its makers get, is nobody else's business."""
    room = showrooms.showroom_row(row.showroom_id)
    makers = shelf.makers_of(reading(), [row], piece.english())[row.id]
    shown = piece.shown(room, product, makers, Price(row.price, row.price), state, f"/q/{row.code}", row.code)
    links = piece.home_links(room)
    alike = similar(room, row.category, makers, row.product_id) if links["catalogue_url"] else []
    page = render_template("catalogue/piece.html", **shown, similar=alike, **links)
    return keepable(page)


def _at_till(row: AnyRow, shift: AnyRow) -> int:
    """How many of a piece stand where the reader's open till sells from: on the shelf, or at an exhibition."""
    stand = stand_of(reading(), shift.desk_id, row.showroom_id)
    return int(items.by_code(reading(), row.code, stand).on_shelf)


def view_of(row: AnyRow, makers: Collection[int]) -> str:
    """As whom the reader sees this item: another showroom's staff, and crafters who did not make it, are visitors."""
    role = current_user.role
    if role == CRAFTER:
        return CRAFTER if current_user.crafter_id in (row.crafter_id, *makers) else VISITOR
    if role in (ATTENDANT, MANAGER, OBSERVER):
        return str(role) if current_user.showroom_id == row.showroom_id else VISITOR
    return VISITOR


def _item(row: AnyRow, product: AnyRow, state: str, view: str) -> dict[str, Any]:
    is_english = piece.english()
    shown = {
        "id": row.id, "code": row.code, "category": row.category, "photo": row.photo, "product_id": row.product_id,
        "name": (is_english and product.name_en) or row.name, "story": (is_english and product.story_en) or row.story,
        "crafter_name": row.crafter_name, "workshop": row.workshop, "price": row.price, "state": state,
        "quantity": row.quantity, "on_shelf": row.on_shelf, "received_at": row.received_at,
    }  # fmt: skip
    if view == OBSERVER:
        return shown
    split = items.piece_split(row)
    return shown | {
        "terms": terms_words(row.terms_kind, row.commission_bps), "crafter_share": split.crafter,
        "showroom_share": split.showroom,
    }  # fmt: skip


def _makers(row: AnyRow, who: list[AnyRow], view: str) -> list[tuple[str, str, int | None]]:
    """Who made it together: name, share, and what they get for a piece, as far as the reader may know: a crafter knows
    what they agreed to."""
    if not who:
        return []
    told = view in (CRAFTER, *STAFF)
    parts = joint.parts(items.piece_split(row).crafter, who)
    return [(p.name, format_percent(p.share_bps) if told else "", p.amount if told else None) for p in parts]


def _unknown(code: str, right: bool) -> ResponseReturnValue:
    """No such code. Who is signed in may look on; strangers who look for many have to wait."""
    stranger = current_user.role == VISITOR
    if current_user.role in STRANGERS and not throttle.miss(request.remote_addr or ""):
        return _too_many()
    if right:
        sentence = _("Kode ini tidak ada di galeri kami.")
    elif len(label_code.tidy(code)) == label_code.LENGTH:
        sentence = _("Kode ini salah ketik. Periksa lagi satu per satu dengan labelnya.")
    else:
        sentence = _("Kode label ada 8 huruf dan angka. Periksa lagi, huruf O sama dengan angka 0.")
    room = showrooms.public_row(request.host)
    links = piece.home_links(room) if room else {"catalogue_url": ""}
    frame = "catalogue/public.html" if stranger else "base.html"
    page = render_template("catalogue/unknown.html", code=code[:40], sentence=sentence, frame=frame, **links)
    return keepable(page, 404)


def _too_many() -> ResponseReturnValue:
    sentence = _("Terlalu banyak kode yang tidak ada. Tunggu sepuluh menit, atau tanyakan kodenya kepada petugas.")
    return missing(_("Terlalu sering mencoba"), sentence, 429)


@catalogue.get("/q")
@allow(*EVERYONE)
def find() -> ResponseReturnValue:
    """Look up a code typed by hand."""
    typed = tidy_line(request.args.get("code", ""))[:200]
    if not typed:
        return redirect(url_for("people.front"))
    return redirect(url_for("catalogue.item", code=label_code.tidy(typed) or "-"))
