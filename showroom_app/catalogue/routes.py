"""/q/<code>: one address, an answer for each role. GET never writes."""

from collections.abc import Collection
from typing import Any

from flask import Blueprint, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import get_locale
from flask_babel import gettext as _
from flask_login import current_user

from showroom_app.catalogue.life import life_of
from showroom_app.extensions import AnyRow, reading
from showroom_app.lib import label_code
from showroom_app.lib.money import format_percent
from showroom_app.lib.typed import tidy_line
from showroom_app.people import showrooms
from showroom_app.people.routes import terms_words
from showroom_app.sales import shift as shifts
from showroom_app.stock import items, joint, photos, products
from showroom_app.venues.where import places_of
from showroom_app.web.access import ATTENDANT, CRAFTER, EVERYONE, MANAGER, OBSERVER, STAFF, VISITOR, allow
from showroom_app.web.pages import render_template

catalogue = Blueprint("catalogue", __name__)


@catalogue.get("/q/<code>")
@catalogue.get("/q/<code>/")
@catalogue.get("/Q/<code>")
@allow(*EVERYONE)
def item(code: str) -> ResponseReturnValue:
    """What a label stands for, as far as the reader may know."""
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
    context = {
        "item": _item(row, product, items.state_of(row, last, len(away)), view), "view": view,
        "away": away if view != VISITOR else [place for place in away if place.kind == "venue"][:1],
        "shift_open": view in STAFF and shifts.shift_of(current_user.id) is not None,
        "history": life_of(row, view) if view in (*STAFF, CRAFTER) else [],
        "makers": _makers(row, who, view), "facts": _facts(product), "photos": photos.photos_of(conn, row.product_id),
        "showroom": showrooms.shown(row.showroom_id),
    }  # fmt: skip
    return render_template("catalogue/item.html", **context)


def view_of(row: AnyRow, makers: Collection[int]) -> str:
    """As whom the reader sees this item: another showroom's staff, and crafters who did not make it, are visitors."""
    role = current_user.role
    if role == CRAFTER:
        return CRAFTER if current_user.crafter_id in (row.crafter_id, *makers) else VISITOR
    if role in (ATTENDANT, MANAGER, OBSERVER):
        return str(role) if current_user.showroom_id == row.showroom_id else VISITOR
    return VISITOR


def _item(row: AnyRow, product: AnyRow, state: str, view: str) -> dict[str, Any]:
    english = _english()
    shown = {
        "id": row.id, "code": row.code, "category": row.category, "photo": row.photo, "product_id": row.product_id,
        "name": (english and product.name_en) or row.name, "story": (english and product.story_en) or row.story,
        "crafter_name": row.crafter_name, "workshop": row.workshop, "price": row.price, "state": state,
        "quantity": row.quantity, "on_shelf": row.on_shelf,
    }  # fmt: skip
    if view == VISITOR:
        # How many there are, and what the crafter gets, is nobody else's business.
        told = "returned" if state in ("damaged", "lost") else state
        return shown | {"quantity": 1, "on_shelf": min(row.on_shelf, 1), "state": told}
    if view == OBSERVER:
        return shown | {"received_at": row.received_at}
    piece = items.piece_split(row)
    return shown | {
        "received_at": row.received_at, "terms": terms_words(row.terms_kind, row.commission_bps),
        "crafter_share": piece.crafter, "showroom_share": piece.showroom,
    }  # fmt: skip


def _makers(row: AnyRow, who: list[AnyRow], view: str) -> list[tuple[str, str, int | None]]:
    """Who made it together: name, share, and what they get for a piece, as far as the reader may know: a crafter knows
    what they agreed to."""
    if not who:
        return []
    told = view in (CRAFTER, *STAFF)
    parts = joint.parts(items.piece_split(row).crafter, who)
    return [(p.name, format_percent(p.share_bps) if told else "", p.amount if told else None) for p in parts]


def _english() -> bool:
    locale = get_locale()
    return locale is not None and locale.language == "en"


def _facts(row: AnyRow) -> list[tuple[str, str]]:
    """What a thing is made of and how large: label and value, where it is known; in the reader's language."""
    english = _english()
    sides = [side for side in (row.width_mm, row.depth_mm, row.height_mm) if side is not None]
    size = " × ".join(f"{side / 10:g}".replace(".", "." if english else ",") for side in sides)
    weight = "" if row.weight_g is None else f"{row.weight_g / 1000:g}".replace(".", "." if english else ",")
    told = [
        (_("Bahan"), (english and row.material_en) or row.material), (_("Ukuran"), f"{size} cm" if size else ""),
        (_("Berat"), f"{weight} kg" if weight else ""), (_("Perawatan"), (english and row.care_en) or row.care),
    ]  # fmt: skip
    return [(words, value) for words, value in told if value]


def _unknown(code: str, right: bool) -> ResponseReturnValue:
    if right:
        sentence = _("Kode ini tidak ada di galeri kami.")
    elif len(label_code.tidy(code)) == label_code.LENGTH:
        sentence = _("Kode ini salah ketik. Periksa lagi satu per satu dengan labelnya.")
    else:
        sentence = _("Kode label ada 8 huruf dan angka. Periksa lagi, huruf O sama dengan angka 0.")
    return render_template("catalogue/unknown.html", code=code[:40], sentence=sentence), 404


@catalogue.get("/q")
@allow(*EVERYONE)
def find() -> ResponseReturnValue:
    """Look up a code typed by hand."""
    typed = tidy_line(request.args.get("code", ""))[:200]
    if not typed:
        return redirect(url_for("people.front"))
    return redirect(url_for("catalogue.item", code=label_code.tidy(typed) or "-"))
