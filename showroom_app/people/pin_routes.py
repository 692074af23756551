"""Screens of a crafter's PIN: the page that a card opens, and choosing one's own PIN after a one-time code."""

from typing import Any

from flask import Blueprint, abort, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from showroom_app.lib import card_code as codes
from showroom_app.lib.phone import whatsapp_link
from showroom_app.lib.refusal import Refusal
from showroom_app.lib.tries import Tries
from showroom_app.lib.typed import Typed
from showroom_app.people import cards, one_time, showrooms
from showroom_app.people import sign_in as signing
from showroom_app.people.routes import home_of
from showroom_app.web import sessions
from showroom_app.web.access import CRAFTER, EVERYONE, allow
from showroom_app.web.htmx import REFUSED, errors_of
from showroom_app.web.pages import render_template

pin = Blueprint("pin", __name__)

# A code has 80 bits, so this only spares the database; a worker counts for itself. PINs are counted in the database.
UNKNOWN = Tries(most=60, seconds=900, addresses=4_096)


@pin.get("/CARD/<card_code>")
@pin.get("/card/<card_code>/")
@pin.route("/card/<card_code>", methods=["GET", "POST"])  # nearest, so that addresses are made this way
@allow(*EVERYONE)
def card(card_code: str) -> ResponseReturnValue:
    """What a crafter's card opens: their name is there already, only the PIN is asked for."""
    row = _card(card_code)
    dead = "unknown" if row is None else "replaced" if row.ended_at is not None else "closed" if not row.active else ""
    if dead:
        return _no_card(dead, row)
    typed, errors = Typed.of(request.form), {}
    if request.method == "POST":
        digits = "".join(typed.get("pin", "").split())
        try:
            user = signing.sign_in_by_card(row.user_id, digits, request.remote_addr or "")
        except Refusal as refusal:
            errors = errors_of(refusal)
        else:
            sessions.begin(user)
            return redirect(home_of(user.role), 303)
    elif current_user.id == row.user_id:
        return redirect(home_of(current_user.role))
    asks = current_user.is_authenticated and request.method == "GET" and "change" not in request.args
    page = render_template("people/someone_else.html" if asks else "people/pin.html", errors=errors, **_context(row))
    return page, REFUSED if errors else 200


def _card(text: str) -> Any:
    """The card of an address. Who tries many that are none has to wait."""
    code, address = codes.parse(text), request.remote_addr or ""
    if code is None:
        return None
    if UNKNOWN.spent(address):
        abort(429)
    row = cards.by_code(code)
    if row is None:
        UNKNOWN.count(address)
    return row


def _context(row: Any) -> dict[str, Any]:
    room = showrooms.shown(row.showroom_id)
    asks = _("Halo, saya %(name)s. Saya perlu bantuan untuk masuk dengan kartu.", name=row.name)
    initials = "".join(word[0] for word in row.name.split()[:2]).upper()
    return {
        "card": row, "card_code": row.code, "showroom": room, "initials": initials,
        "help_url": whatsapp_link(room["phone"], asks) if room.get("phone") else "",
    }  # fmt: skip


def _no_card(why: str, row: Any) -> ResponseReturnValue:
    """A card that opens nothing: what happened, and the way in that is left."""
    words = {
        "unknown": (
            _("Kartu ini tidak dikenal"),
            _("Mungkin ada huruf yang salah. Pindai lagi kartunya, atau masuk dengan nomor HP."),
        ),
        "replaced": (
            _("Kartu ini sudah diganti"),
            _("Pakai kartu Anda yang baru, atau masuk dengan nomor HP. Kartu lama boleh digunting."),
        ),
        "closed": (
            _("Kartu ini belum bisa dipakai"),
            _("PIN Anda belum dibuat, atau akun Anda sedang ditutup. Minta kode sekali pakai kepada pengelola galeri."),
        ),
    }
    title, sentence = words[why]
    more = {"showroom": showrooms.shown(row.showroom_id)} if row is not None else {}
    return render_template("people/no_card.html", title=title, sentence=sentence, **more), 404


@pin.route("/pin", methods=["GET", "POST"])
@allow(CRAFTER)
def choose() -> ResponseReturnValue:
    """Choose one's own PIN, twice, after a code that was handed over. Until then no other page is reached."""
    if current_user.one_time_until is None:
        return redirect(url_for("people.password"), 303)
    errors: dict[str, str] = {}
    if request.method == "POST":
        typed = Typed.of(request.form)
        try:
            key = one_time.choose_pin(current_user, typed.get("new", "").strip(), typed.get("repeat", "").strip())
        except Refusal as refusal:
            errors = errors_of(refusal)
        else:
            sessions.keep(current_user.id, key)
            flash(_("PIN Anda tersimpan. Mulai sekarang masuk dengan PIN ini."), "done")
            return redirect(home_of(current_user.role), 303)
    return render_template("people/choose_pin.html", errors=errors), REFUSED if errors else 200
