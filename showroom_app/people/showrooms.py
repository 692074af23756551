"""Showrooms: first-run set-up, settings, desks."""

import hashlib
import io
import os
import re
import secrets
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

from flask import current_app
from flask_babel import gettext as _
from PIL import Image, UnidentifiedImageError
from sqlalchemy import Connection, bindparam, delete, insert, literal_column, select, update

from showroom_app.extensions import AnyRow, begin_write, commit, db, now, reading, rollback
from showroom_app.ledger import book
from showroom_app.ledger.act import begin_act, verb
from showroom_app.lib.money import parse_percent
from showroom_app.lib.phone import parse_phone, whatsapp_link
from showroom_app.lib.refusal import FormRefusal, NotHere, Refusal
from showroom_app.lib.typed import NAME_MAX, TEXT_MAX, Typed, tidy_text
from showroom_app.people import activity
from showroom_app.people.accounts import checked_name, checked_username
from showroom_app.people.models import Desk, SetUpToken, Showroom, User
from showroom_app.people.passwords import checked_password, hash_secret
from showroom_app.people.sign_in import new_session_key
from showroom_app.prepared import Prepared
from showroom_app.web.access import MANAGER, SignedIn

# Accounts of a showroom. Goods lie on its shelf, are on the way, damaged or lost (never below zero); the rest every
# till shares, so no balance is kept.
_ACCOUNTS = {"shelf": 0, "transit": 0, "damaged": 0, "lost": 0} | dict.fromkeys(
    ("buyers", "commission", "office", "bank", "cash_difference", "rounding", "service", "driver", "expense", "loss")
)
_HOST = re.compile(r"(?=.{4,120}$)([a-z0-9]([a-z0-9-]*[a-z0-9])?\.)+[a-z]{2,}")
_ROOM = Prepared(select(Showroom.__table__).where(Showroom.id == bindparam("showroom")))
_ROOM_BY_HOST = Prepared(
    select(Showroom.__table__).where(Showroom.public_host == bindparam("host")).order_by(Showroom.id).limit(1)
)
_FIRST_ROOM = Prepared(select(Showroom.__table__).order_by(Showroom.id).limit(literal_column("1")))
QRIS_PIXELS_MAX = 40_000_000
QRIS_SIDE_MAX = 1200


def new_set_up_token() -> str | None:
    """A fresh one-time token for first-run set-up, or None when the shop is set up already."""
    conn = begin_write()
    if conn.execute(select(Showroom.id).limit(1)).first():
        rollback()
        return None
    token = secrets.token_urlsafe(24)
    conn.execute(delete(SetUpToken))
    conn.execute(insert(SetUpToken).values(hash=_token_hash(token), made_at=now()))
    commit()
    return token


def _token_hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def set_up_token_is_good(token: str) -> bool:
    """Whether a set-up link still works."""
    query = select(SetUpToken.hash).where(SetUpToken.hash == _token_hash(token))
    return reading().execute(query).first() is not None


@verb
def set_up(typed: Typed, token: str | None) -> int:
    """Make the showroom, its office and till desks and the manager's account. Returns the manager's user id.

    The token is used up; None is for the command line and the demo, where nobody else is listening.
    """
    password = checked_password(typed.get("password", ""), typed.get("repeat", ""))
    kept = hash_secret(password)
    conn = begin_write()
    if (
        token is not None
        and conn.execute(delete(SetUpToken).where(SetUpToken.hash == _token_hash(token))).rowcount != 1
    ):
        raise NotHere
    showroom_id = make_showroom(
        conn,
        name=checked_name(typed.line("showroom_name"), "showroom_name"),
        place=typed.line("place")[:NAME_MAX],
        phone=_phone(typed),
        created_at=now(),
    )
    make_desk(conn, showroom_id, checked_name(typed.line("office_desk") or "Kantor", "office_desk"), "office")
    make_desk(conn, showroom_id, checked_name(typed.line("till_desk") or "Meja 1", "till_desk"), "till")
    values = {
        "showroom_id": showroom_id, "name": checked_name(typed.line("name")), "role": MANAGER,
        "username": checked_username(conn, typed.get("username", "")),
        "password_hash": kept, "session_key": new_session_key(), "active": True, "language": "id",
        "last_seen_at": now(),
    }  # fmt: skip
    user_id = int(conn.execute(insert(User).returning(User.id), values).scalar_one())
    commit()
    return user_id


def make_showroom(conn: Connection, **values: Any) -> int:
    """Insert a showroom and open its accounts."""
    showroom_id = int(conn.execute(insert(Showroom).returning(Showroom.id), values).scalar_one())
    for kind, floor in _ACCOUNTS.items():
        book.open_account(conn, kind, showroom_id, keeps_balance=floor is not None, floor=floor)
    return showroom_id


def make_desk(conn: Connection, showroom_id: int, name: str, kind: str) -> int:
    """Insert a desk; its code (K1, K2 … for tills, KTR for offices) stands on receipts and notes."""
    same = conn.execute(select(db.func.count()).where(Desk.showroom_id == showroom_id, Desk.kind == kind)).scalar_one()
    code = f"K{same + 1}" if kind == "till" else ("KTR" if same == 0 else f"KTR{same + 1}")
    values = {"showroom_id": showroom_id, "code": code, "name": name, "kind": kind}
    return int(conn.execute(insert(Desk).returning(Desk.id), values).scalar_one())


@verb
def add_desk(typed: Typed, manager: SignedIn, request_id: str) -> int:
    """Add a till or an office desk to the manager's showroom."""
    kind = typed.get("desk_kind", "till")
    name = checked_name(typed.line("desk_name"), "desk_name")
    act = begin_act("desk", request_id, {"name": name, "kind": kind}, manager.id)
    if act.repeated:
        return int(act.result["desk_id"])
    if kind not in ("till", "office"):
        raise Refusal(_("Pilih kasir atau kantor."), "desk_kind")
    desk_id = make_desk(act.conn, manager.showroom_id, name, kind)
    activity.note(act.conn, manager.showroom_id, manager.id, "desk", f"desk:{desk_id}", after={"name": name}, at=act.at)
    return int(act.commit(desk_id=desk_id)["desk_id"])


def desks(showroom_id: int, kind: str | None = None) -> list[AnyRow]:
    """The desks of a showroom, oldest first."""
    query = select(Desk.__table__).where(Desk.showroom_id == showroom_id).order_by(Desk.id)
    if kind:
        query = query.where(Desk.kind == kind)
    return list(reading().execute(query))


def showroom_row(showroom_id: int | None) -> Any:
    """A showroom's settings; without an id the first one, which visitors see. None where there is none yet."""
    conn = reading()
    return _FIRST_ROOM.first(conn) if showroom_id is None else _ROOM.first(conn, showroom=showroom_id)


def public_row(host: str) -> Any:
    """The showroom whose catalogue an address shows: the one with that web name, else the first. None where there is
    none yet."""
    name = host.partition(":")[0].lower()
    return (_ROOM_BY_HOST.first(reading(), host=name) if name else None) or showroom_row(None)


def shown(showroom_id: int | None) -> dict[str, Any]:
    """A showroom as pages show it, with its WhatsApp address; nothing where there is none yet."""
    return as_shown(showroom_row(showroom_id))


def as_shown(row: Any) -> dict[str, Any]:
    """A showroom's row as pages show it."""
    return row._asdict() | {"whatsapp": whatsapp_link(row.phone)} if row else {}


@verb
def save_settings(typed: Typed, qris: bytes, manager: SignedIn) -> None:
    """Change the showroom's settings. `qris` is the uploaded picture's bytes, empty to leave it as it is."""
    values = _checked(typed)
    if qris:
        values["qris_file"] = keep_picture(qris)
    elif typed.flag("remove_qris"):
        values["qris_file"] = ""
    change_rules(begin_write(), values, manager)
    commit()


@verb
def open_catalogue(is_open: bool, manager: SignedIn) -> None:
    """Let visitors look at everything on the shelf, or close the catalogue; labels in the hand are answered anyway."""
    change_rules(begin_write(), {"catalogue_open": is_open}, manager)
    commit()


def change_rules(conn: Connection, values: dict[str, Any], manager: SignedIn, at: datetime | None = None) -> None:
    """Change a manager's showroom within a transaction, and log what became different."""
    mine = Showroom.id == manager.showroom_id
    before = conn.execute(select(Showroom.__table__).where(mine).with_for_update()).one()
    conn.execute(update(Showroom).where(mine).values(values))
    activity.changed(conn, manager, "settings", f"showroom:{manager.showroom_id}", before, values, at)


def _phone(typed: Typed) -> str:
    try:
        return parse_phone(typed["phone"]) if typed.line("phone") else ""
    except ValueError:
        raise Refusal(_("Nomor ini belum lengkap. Contoh: 0812 3456 7890."), "phone") from None


def _checked(typed: Typed) -> dict[str, Any]:
    errors: dict[str, str] = {}
    values: dict[str, Any] = {"place": typed.line("place"), "address": typed.line("address")}
    for field in values:
        if len(values[field]) > NAME_MAX:
            errors[field] = _("Terlalu panjang, paling banyak %(n)s huruf.", n=NAME_MAX)
    checks: dict[str, Callable[[], str]] = {
        "name": lambda: checked_name(typed.line("name")),
        "phone": lambda: _phone(typed),
    }
    for field, check in checks.items():
        try:
            values[field] = check()
        except Refusal as refusal:
            errors[field] = refusal.sentence
    values["bank_note"] = tidy_text(typed.get("bank_note", ""))
    if len(values["bank_note"]) > TEXT_MAX:
        errors["bank_note"] = _("Terlalu panjang, paling banyak %(n)s huruf.", n=TEXT_MAX)
    values["public_host"] = typed.line("public_host").lower().removeprefix("https://").rstrip("/")
    if values["public_host"] and not _HOST.fullmatch(values["public_host"]):
        errors["public_host"] = _("Tulis nama web saja, misalnya galeri.contoh.id, bukan angka IP.")
    try:
        values["commission_bps"] = parse_percent(typed.get("commission_percent", ""))
    except ValueError:
        errors["commission_percent"] = _("Isi persen antara 0 dan 100, misalnya 15.")
    if errors:
        raise FormRefusal(errors)
    return values


def keep_picture(content: bytes) -> str:
    """Re-encode an uploaded picture to PNG below the instance and return its file name, made from its content.

    Refuses what is no picture or far too large; whatever else was in the file is left behind.
    """
    try:
        with Image.open(io.BytesIO(content), formats=("PNG", "JPEG", "WEBP")) as image:
            if image.width * image.height > QRIS_PIXELS_MAX:
                raise Refusal(_("Gambar terlalu besar. Pilih gambar yang lebih kecil."), "qris")
            image.thumbnail((QRIS_SIDE_MAX, QRIS_SIDE_MAX))
            out = io.BytesIO()
            seen = image.convert("RGBA")
            paper = Image.new("RGBA", seen.size, "white")  # a transparent QR would turn black all over
            Image.alpha_composite(paper, seen).convert("RGB").save(out, "PNG", optimize=True)
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        raise Refusal(_("Berkas ini bukan gambar yang bisa dibaca. Pilih PNG, JPG atau WEBP."), "qris") from None
    name = hashlib.sha256(out.getvalue()).hexdigest()[:32] + ".png"
    folder = Path(current_app.instance_path) / "pictures"
    folder.mkdir(exist_ok=True)
    # Whole and on the disk before the database speaks of it.
    with (folder / f"{name}.new").open("wb") as file:
        file.write(out.getvalue())
        file.flush()
        os.fsync(file.fileno())
    (folder / f"{name}.new").replace(folder / name)
    return name
