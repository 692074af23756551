"""Screens of people: sign-in, own password and language, crafters."""

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, current_app, flash, redirect, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user, logout_user
from sqlalchemy import select

from showroom_app.extensions import AnyRow, reading
from showroom_app.lib.money import format_number, format_percent
from showroom_app.lib.refusal import Refusal
from showroom_app.lib.typed import Typed, tidy_line
from showroom_app.people import cards, consent, one_time, showrooms
from showroom_app.people import crafters as crafter_verbs
from showroom_app.people import sign_in as signing
from showroom_app.people.models import User
from showroom_app.web import sessions
from showroom_app.web.access import CRAFTER, EVERYONE, MANAGER, OBSERVER, SIGNED_IN, STAFF, allow, safe_path
from showroom_app.web.htmx import REFUSED, errors_of
from showroom_app.web.pages import LANGUAGES, render_template

people = Blueprint("people", __name__)

SEARCH_MAX = 100

DEMO_ACCOUNTS = [
    ("Petugas", "petugas", "demo-petugas"),
    ("Pengelola", "pengelola", "demo-pengelola"),
    ("Pengamat", "pengamat", "demo-pengamat"),
    ("Perajin", "perajin", "123456"),
]


def home_of(role: str) -> str:
    """The first page of each role."""
    endpoints = {CRAFTER: "my.home", OBSERVER: "reports.overview", MANAGER: "reports.overview"}
    return url_for(endpoints.get(role, "sales.till"))


@people.get("/")
@allow(*EVERYONE)
def front() -> ResponseReturnValue:
    """Everybody's own first page; for visitors the catalogue, while it is open."""
    if current_user.is_authenticated:
        return redirect(home_of(current_user.role))
    room = showrooms.public_row(request.host)
    return redirect(url_for("pages.listing" if room and room.catalogue_open else "people.sign_in"))


@people.route("/sign-in", methods=["GET", "POST"])
@allow(*EVERYONE)
def sign_in() -> ResponseReturnValue:
    """Sign in and go on where one was."""
    typed = Typed.of(request.form or request.args)
    errors: dict[str, str] = {}
    if request.method == "POST":
        try:
            user = signing.sign_in(typed.get("username", ""), typed.get("password", ""), request.remote_addr or "")
        except Refusal as refusal:
            errors = errors_of(refusal)
        else:
            sessions.begin(user)
            return redirect(safe_path(typed.get("next", "")) or home_of(user.role), 303)
    elif current_user.is_authenticated:
        return redirect(safe_path(typed.get("next", "")) or home_of(current_user.role))
    typed.pop("password", None)
    demo = DEMO_ACCOUNTS if current_app.config["DEMO"] else []
    card = cards.code_of("perajin") if demo else ""
    page = render_template("people/sign_in.html", typed=typed, errors=errors, demo_accounts=demo, demo_card=card)
    return page, REFUSED if errors else 200


@people.post("/sign-out")
@allow(*EVERYONE)
def sign_out() -> ResponseReturnValue:
    """Sign out on this device."""
    logout_user()
    session.clear()
    return redirect(url_for("people.sign_in"), 303)


@people.route("/password", methods=["GET", "POST"])
@allow(*SIGNED_IN)
def password() -> ResponseReturnValue:
    """Change one's own password or PIN."""
    errors: dict[str, str] = {}
    if request.method == "POST":
        form = request.form
        try:
            key = signing.change_password(
                current_user.id, form.get("current", ""), form.get("new", ""), form.get("repeat", "")
            )
        except Refusal as refusal:
            errors = errors_of(refusal)
        else:
            sessions.keep(current_user.id, key)
            pin = current_user.role == CRAFTER
            flash(
                _("PIN diganti. Semua HP dan laptop lain sudah keluar.")
                if pin
                else _("Kata sandi diganti. Semua HP dan laptop lain sudah keluar."),
                "done",
            )
            return redirect(home_of(current_user.role), 303)
    return render_template("people/password.html", typed={}, errors=errors), REFUSED if errors else 200


@people.post("/language")
@allow(*EVERYONE)
def language() -> ResponseReturnValue:
    """Switch between Indonesian and English; kept on the user, or in the visitor's session."""
    chosen = request.form.get("language", "id")
    if chosen in LANGUAGES:
        session["language"] = chosen
        if current_user.is_authenticated:
            signing.set_language(current_user.id, chosen)
    return redirect(safe_path(request.form.get("next", "")) or url_for("people.front"), 303)


@people.get("/crafters")
@allow(*STAFF)
def crafters() -> ResponseReturnValue:
    """The crafters, with what they are owed for those who may see it."""
    q = searched(request.args)
    may_edit = current_user.role == MANAGER
    rows = [crafter_card(row, may_edit) for row in crafter_verbs.list_crafters(current_user.showroom_id, q)]
    return render_template("people/crafters.html", q=q, crafters=rows, may_edit=may_edit)


def searched(args: Mapping[str, str]) -> str:
    """What somebody looks for in a list (`q`), tidied, and no longer than a name."""
    return tidy_line(args.get("q", ""))[:SEARCH_MAX]


def crafter_card(row: Any, with_money: bool) -> dict[str, Any]:
    """A crafter as a list shows them."""
    return {
        "id": row.id, "name": row.name, "workshop": row.workshop, "phone": row.phone, "active": row.active,
        "terms": terms_words(row.terms_kind, row.commission_bps), "owed": row.owed if with_money else None,
    }  # fmt: skip


def terms_words(kind: str, commission_bps: int) -> str:
    """Default terms in a few words."""
    return _("harga setor") if kind == "net_price" else _("komisi %(rate)s", rate=format_percent(commission_bps))


@people.route("/crafters/new", methods=["GET", "POST"])
@allow(MANAGER)
def crafter_new() -> ResponseReturnValue:
    """Add a crafter."""
    return _crafter_form(None)


@people.route("/crafters/<int:crafter_id>", methods=["GET", "POST"])
@allow(MANAGER)
def crafter_edit(crafter_id: int) -> ResponseReturnValue:
    """Change a crafter."""
    return _crafter_form(crafter_id)


def _crafter_form(crafter_id: int | None) -> ResponseReturnValue:
    typed, errors = Typed.of(request.form), {}
    if request.method == "POST":
        try:
            saved_id = crafter_verbs.save_crafter(typed, current_user, typed.get("request_id", ""), crafter_id)
        except Refusal as refusal:
            errors = errors_of(refusal)
        else:
            if typed.flag("one_time"):
                return code_page(saved_id, f"{typed['request_id'][:59]}-code")
            flash(_("Data perajin tersimpan."), "done")
            return redirect(url_for("people.crafters"), 303)
    crafter, account, phone = None, None, None
    if crafter_id is not None:
        crafter = crafter_verbs.own_crafter(reading(), crafter_id, current_user.showroom_id)
        account = reading().execute(select(User.username, User.active).where(User.crafter_id == crafter_id)).first()
        phone = cards.phone_of(crafter_id)
    if not errors:
        typed = _crafter_fields(crafter, account)
    context = {"crafter": crafter, "typed": typed, "errors": errors, "phone": phone}
    context["consent"] = consent.live(reading(), crafter_id) if crafter_id is not None else None
    context["consent_parts"] = consent.part_words()
    page = render_template("people/crafter_form.html", **context, has_account=account is not None)
    return page, REFUSED if errors else 200


def code_page(crafter_id: int, request_id: str) -> ResponseReturnValue:
    """A new one-time code, told on this answer and nowhere else; a press made before is told so."""
    try:
        code, errors = one_time.hand_over(crafter_id, current_user, request_id), {}
    except Refusal as refusal:
        code, errors = None, errors_of(refusal)
    page = render_template("people/one_time_code.html", code=code, errors=errors, crafter_id=crafter_id)
    return page, REFUSED if errors else 200


def _crafter_fields(crafter: Any, account: AnyRow | None) -> Typed:
    if crafter is None:
        room = showrooms.showroom_row(current_user.showroom_id)
        percent = format_percent(room.commission_bps if room else 0).rstrip("%")
        return Typed(terms_kind="commission", commission_percent=percent, active="1")
    fields = {key: str(value) for key, value in crafter._mapping.items() if isinstance(value, str)}
    fields["commission_percent"] = format_percent(crafter.commission_bps).rstrip("%")
    fields |= {"active": "1" if crafter.active else "", "reached": crafter_verbs.reached(crafter)}
    if crafter.advance_rupiah_max is not None:
        fields["advance_rupiah_max"] = format_number(crafter.advance_rupiah_max)
    if account is not None:
        fields |= {"username": account.username, "may_sign_in": "1" if account.active else ""}
    return Typed(fields)
