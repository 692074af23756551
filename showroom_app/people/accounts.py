"""Users: who may sign in, made and changed by a manager."""

import re
from collections.abc import Callable
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import Connection, insert, select, update

from showroom_app.extensions import begin_write, commit
from showroom_app.ledger.act import begin_act, verb
from showroom_app.lib.refusal import FormRefusal, NotHere, Refusal
from showroom_app.lib.typed import NAME_MAX, Typed
from showroom_app.people import activity
from showroom_app.people.models import User
from showroom_app.people.passwords import checked_password, hash_secret, mark_of
from showroom_app.people.sign_in import new_session_key
from showroom_app.web.access import ATTENDANT, CRAFTER, MANAGER, OBSERVER, SignedIn

_USERNAME = re.compile(r"[a-z0-9][a-z0-9._-]{2,39}")
_LOGGED = ("name", "username", "role", "active")
STAFF_ROLES = (ATTENDANT, OBSERVER, MANAGER)


def checked_username(conn: Connection, text: str, user_id: int | None = None) -> str:
    """A username nobody else has: 3 to 40 small letters, digits, dots, dashes."""
    username = text.strip().lower()
    if not _USERNAME.fullmatch(username):
        raise Refusal(_("Nama pengguna: 3 sampai 40 huruf kecil, angka, titik atau strip, tanpa spasi."), "username")
    taken = conn.execute(select(User.id).where(User.username == username)).scalar()
    if taken is not None and taken != user_id:
        raise Refusal(_("Nama pengguna ini sudah dipakai. Pilih yang lain."), "username")
    return username


def checked_name(text: str, field: str = "name") -> str:
    """A person's or thing's name: not empty, not longer than the screen can bear."""
    if not text:
        raise Refusal(_("Nama perlu diisi."), field)
    if len(text) > NAME_MAX:
        raise Refusal(_("Terlalu panjang, paling banyak %(n)s huruf.", n=NAME_MAX), field)
    return text


@verb
def save_account(typed: Typed, manager: SignedIn, request_id: str, user_id: int | None = None) -> int:
    """Make a staff account, or change one; a new password ends its sessions. Returns the user's id.

    Refuses taken usernames, short passwords, unknown roles, and a manager taking away their own right.
    """
    password = typed.get("password", "")
    if password or user_id is None:
        checked_password(password)
    kept = hash_secret(password) if password else ""
    content = {k: v for k, v in typed.items() if k not in ("password", "csrf_token")} | {
        "user": user_id,
        "secret": mark_of(password),
    }
    act = begin_act("account", request_id, content, manager.id)
    if act.repeated:
        return int(act.result["user_id"])
    values = _checked(act.conn, typed, user_id)
    if kept:
        values |= {"password_hash": kept, "session_key": new_session_key()}
    if user_id is None:
        values |= {"showroom_id": manager.showroom_id, "language": "id"}
        user_id = act.conn.execute(insert(User).returning(User.id), values).scalar_one()
        told = {field: values[field] for field in _LOGGED}
        activity.note(act.conn, manager.showroom_id, manager.id, "account", f"user:{user_id}", after=told, at=act.at)
    else:
        _own_staff(act.conn, user_id, manager)
        if user_id == manager.id and (values["role"] != MANAGER or not values["active"]):
            raise Refusal(_("Anda tidak bisa mencabut hak akun sendiri. Minta pengelola lain."), "role")
        if not values["active"]:
            values["session_key"] = new_session_key()
        told = {field: values[field] for field in _LOGGED if field in values}
        before = act.conn.execute(select(User.__table__).where(User.id == user_id)).one()
        act.conn.execute(update(User).where(User.id == user_id).values(values))
        activity.changed(act.conn, manager, "account", f"user:{user_id}", before, told, act.at)
        if kept:
            activity.note(act.conn, manager.showroom_id, manager.id, "password", f"user:{user_id}", at=act.at)
    return int(act.commit(user_id=user_id)["user_id"])


def _checked(conn: Connection, typed: Typed, user_id: int | None) -> dict[str, Any]:
    errors: dict[str, str] = {}
    values: dict[str, Any] = {
        "role": typed.get("role", ""),
        "active": user_id is None or typed.flag("active"),
    }
    if values["role"] not in STAFF_ROLES:
        errors["role"] = _("Pilih peran.")
    checks: dict[str, Callable[[], str]] = {
        "name": lambda: checked_name(typed.line("name")),
        "username": lambda: checked_username(conn, typed.get("username", ""), user_id),
    }
    for field, check in checks.items():
        try:
            values[field] = check()
        except Refusal as refusal:
            errors[field] = refusal.sentence
    if errors:
        raise FormRefusal(errors)
    return values


def _own_staff(conn: Connection, user_id: int, manager: SignedIn) -> None:
    row = conn.execute(select(User.showroom_id, User.role).where(User.id == user_id)).first()
    if row is None or row.showroom_id != manager.showroom_id or row.role == CRAFTER:
        raise NotHere


@verb
def end_sessions(user_id: int, manager: SignedIn) -> None:
    """Sign a user out everywhere (a lost phone, say)."""
    conn = begin_write()
    query = update(User).where(User.id == user_id, User.showroom_id == manager.showroom_id)
    if conn.execute(query.values(session_key=new_session_key())).rowcount == 0:
        raise NotHere
    activity.note(conn, manager.showroom_id, manager.id, "sessions", f"user:{user_id}")
    commit()
