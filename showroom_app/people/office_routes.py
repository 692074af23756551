"""Screens of the office: first-run set-up, users, settings, desks."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from flask import (
    Blueprint,
    abort,
    current_app,
    flash,
    redirect,
    request,
    send_from_directory,
    url_for,
)
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user
from sqlalchemy import select

from showroom_app.extensions import reading
from showroom_app.lib.money import format_percent
from showroom_app.lib.refusal import NotHere, Refusal
from showroom_app.lib.typed import Typed
from showroom_app.people import accounts, goods_settings, money_settings, showrooms
from showroom_app.people import sign_in as signing
from showroom_app.people.models import User
from showroom_app.web import sessions
from showroom_app.web.access import ATTENDANT, CRAFTER, EVERYONE, MANAGER, OBSERVER, SIGNED_IN, SignedIn, allow
from showroom_app.web.htmx import REFUSED, errors_of
from showroom_app.web.pages import render_template

office = Blueprint("office", __name__)


def role_words() -> list[tuple[str, str]]:
    """The roles a manager can give, with their names."""
    return [(ATTENDANT, _("Petugas")), (OBSERVER, _("Pengamat")), (MANAGER, _("Pengelola"))]


@office.route("/set-up/<token>", methods=["GET", "POST"])
@allow(*EVERYONE)
def set_up(token: str) -> ResponseReturnValue:
    """First-run set-up, by the one-time link that the start command prints."""
    if not showrooms.set_up_token_is_good(token):
        if current_user.is_authenticated:  # pressed twice: it is set up already
            return redirect(url_for("people.front"), 303)
        raise NotHere
    typed, errors = Typed.of(request.form) or Typed(office_desk=_("Kantor"), till_desk=_("Meja 1")), {}
    if request.method == "POST":
        try:
            user_id = showrooms.set_up(typed, token)
        except Refusal as refusal:
            errors = errors_of(refusal)
        else:
            sessions.begin(signing.signed_in(user_id))
            flash(_("Galeri siap. Tambahkan perajin pertama."), "done")
            return redirect(url_for("people.crafters"), 303)
    typed = Typed({k: v for k, v in typed.items() if k not in ("password", "repeat")})
    page = render_template("people/set_up.html", typed=typed, errors=errors, token=token)
    return page, REFUSED if errors else 200


@office.get("/users")
@allow(MANAGER)
def users() -> ResponseReturnValue:
    """Who may sign in."""
    names = dict(role_words()) | {CRAFTER: _("Akun perajin")}
    query = (
        select(User.__table__)
        .where(User.showroom_id == current_user.showroom_id)
        .order_by(User.active.desc(), User.role, User.name)
    )
    rows = [
        {
            "id": u.id, "name": u.name, "username": u.username, "role": u.role, "role_name": names[u.role],
            "active": u.active, "last_seen": u.last_seen_at, "crafter_id": u.crafter_id,
        }
        for u in reading().execute(query)
    ]  # fmt: skip
    return render_template("people/users.html", users=rows)


@office.route("/users/new", methods=["GET", "POST"])
@allow(MANAGER)
def user_new() -> ResponseReturnValue:
    """Add somebody."""
    return _user_form(None)


@office.route("/users/<int:user_id>", methods=["GET", "POST"])
@allow(MANAGER)
def user_edit(user_id: int) -> ResponseReturnValue:
    """Change somebody, or give a new password."""
    return _user_form(user_id)


def _user_form(user_id: int | None) -> ResponseReturnValue:
    account = None
    if user_id is not None:
        query = select(User.__table__).where(User.id == user_id, User.showroom_id == current_user.showroom_id)
        account = reading().execute(query).first()
        if account is None:
            raise NotHere
    typed, errors = Typed.of(request.form), {}
    if request.method == "POST":
        try:
            accounts.save_account(typed, current_user, typed.get("request_id", ""), user_id)
        except Refusal as refusal:
            errors = errors_of(refusal)
        else:
            flash(_("Akun tersimpan."), "done")
            return redirect(url_for("office.users"), 303)
    elif account is not None:
        active = "1" if account.active else ""
        typed = Typed(name=account.name, username=account.username, role=account.role, active=active)
    else:
        typed = Typed(role=ATTENDANT, active="1")
    typed.pop("password", None)
    page = render_template("people/user_form.html", typed=typed, errors=errors, account=account, roles=role_words())
    return page, REFUSED if errors else 200


@office.post("/users/<int:user_id>/sessions/end")
@allow(MANAGER)
def end_sessions(user_id: int) -> ResponseReturnValue:
    """Sign somebody out everywhere: a lost phone."""
    accounts.end_sessions(user_id, current_user)
    flash(_("Sudah dikeluarkan dari semua HP dan laptop."), "done")
    return redirect(url_for("office.users"), 303)


@office.route("/settings", methods=["GET", "POST"])
@allow(MANAGER)
def settings() -> ResponseReturnValue:
    """The showroom's settings."""
    room = showrooms.showroom_row(current_user.showroom_id)
    assert room is not None
    typed, errors = Typed.of(request.form), {}
    if request.method == "POST":
        picture = request.files.get("qris")
        try:
            showrooms.save_settings(typed, picture.read() if picture else b"", current_user)
        except Refusal as refusal:
            errors = errors_of(refusal)
        else:
            flash(_("Pengaturan tersimpan."), "done")
            return redirect(url_for("office.settings"), 303)
    else:
        typed = _settings_of(room)
    return _settings_page(typed, errors)


def _settings_of(room: Any) -> Typed:
    typed = Typed({k: v for k, v in room._asdict().items() if isinstance(v, str)})
    typed["commission_percent"] = format_percent(room.commission_bps).rstrip("%")
    return typed


def _settings_page(typed: Typed, errors: dict[str, str]) -> ResponseReturnValue:
    kinds = {"till": _("kasir"), "office": _("kantor")}
    desks = [
        {"id": d.id, "code": d.code, "name": d.name, "kind_name": kinds[d.kind]}
        for d in showrooms.desks(current_user.showroom_id)
    ]
    room = showrooms.showroom_row(current_user.showroom_id)
    page = render_template(
        "people/settings.html", typed=typed, errors=errors, desks=desks, qris_url=qris_url(),
        catalogue_open=room.catalogue_open,
    )  # fmt: skip
    return page, REFUSED if errors else 200


@office.post("/settings/catalogue")
@allow(MANAGER)
def catalogue() -> ResponseReturnValue:
    """Open or close the catalogue for visitors."""
    is_open = Typed.of(request.form).flag("open")
    showrooms.open_catalogue(is_open, current_user)
    flash(_("Katalog sekarang terbuka untuk pengunjung.") if is_open else _("Katalog sekarang ditutup."), "done")
    return redirect(url_for("office.settings", _anchor="catalogue"), 303)


@office.route("/settings/money", methods=["GET", "POST"])
@allow(MANAGER)
def money() -> ResponseReturnValue:
    """Rules for discounts, payment, refunds, payouts and advances."""
    days = [_("Senin"), _("Selasa"), _("Rabu"), _("Kamis"), _("Jumat"), _("Sabtu"), _("Minggu")]
    return _rules("money", money_settings.save_money_settings, money_settings.as_typed, days=days)


@office.route("/settings/goods", methods=["GET", "POST"])
@allow(MANAGER)
def goods() -> ResponseReturnValue:
    """Rules for goods in the showroom's care."""
    return _rules("goods", goods_settings.save_goods_settings, goods_settings.as_typed)


def _rules(
    kind: str, save: Callable[[Typed, SignedIn], None], as_typed: Callable[[Any], Typed], **more: Any
) -> ResponseReturnValue:
    """A page of the showroom's rules: as they are, and kept as typed."""
    errors: dict[str, str] = {}
    if request.method == "POST":
        typed = Typed.of(request.form)
        try:
            save(typed, current_user)
        except Refusal as refusal:
            errors = errors_of(refusal)
        else:
            flash(_("Pengaturan tersimpan."), "done")
            return redirect(url_for(f"office.{kind}"), 303)
    else:
        typed = as_typed(showrooms.showroom_row(current_user.showroom_id))
    return render_template(f"people/{kind}.html", typed=typed, errors=errors, **more), REFUSED if errors else 200


@office.post("/desks")
@allow(MANAGER)
def desk_new() -> ResponseReturnValue:
    """Add a desk."""
    typed = Typed.of(request.form)
    try:
        showrooms.add_desk(typed, current_user, typed.get("request_id", ""))
    except Refusal as refusal:
        room = showrooms.showroom_row(current_user.showroom_id)
        assert room is not None
        return _settings_page(Typed(_settings_of(room) | typed), errors_of(refusal))
    flash(_("Meja ditambahkan."), "done")
    return redirect(url_for("office.settings"), 303)


def qris_url() -> str | None:
    """The address of the showroom's own QRIS picture, or None when there is none."""
    room = showrooms.showroom_row(current_user.showroom_id)
    return url_for("office.qris", name=room.qris_file) if room and room.qris_file else None


@office.get("/qris/<name>")
@allow(*SIGNED_IN)
def qris(name: str) -> ResponseReturnValue:
    """The QRIS picture from settings; its name is made from its content, so it may be kept."""
    room = showrooms.showroom_row(current_user.showroom_id)
    if room is None or room.qris_file != name:
        abort(404)
    response = send_from_directory(Path(current_app.instance_path) / "pictures", name)
    response.headers["Cache-Control"] = "private, max-age=31536000, immutable"
    return response
