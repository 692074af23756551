"""Codes that are good once: a manager hands one over, its owner signs in with it and chooses a PIN of their own.

The code itself is shown at one moment on one screen. What is kept is its hash, never the code: not in the request's
result, not in the log. So the same press again can't show it again.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import delete, select, update

from showroom_app.extensions import AnyRow, begin_write, commit, now, reading
from showroom_app.ledger.act import begin_act, verb
from showroom_app.lib import pin as pins
from showroom_app.lib.refusal import Refusal
from showroom_app.people import activity, crafters
from showroom_app.people.models import Crafter, SignInAttempt, User
from showroom_app.people.passwords import checked_pin, hash_secret, matches
from showroom_app.people.sign_in import USED, new_session_key
from showroom_app.web.access import SignedIn

GOOD_FOR = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Code:
    """A code to be told to its owner now; nobody can be shown it again."""

    digits: str
    name: str
    until: datetime


@verb
def hand_over(crafter_id: int, manager: SignedIn, request_id: str) -> Code:
    """Make a code for a crafter, with an account if they have none. Their PIN, an earlier code and every session end.

    Refuses a press that was made already: its code can't be shown again. Refuses a closed account.
    """
    digits = pins.new_code()
    kept = hash_secret(digits)
    act = begin_act("one-time-code", request_id, {"crafter": crafter_id}, manager.id)
    if act.repeated:
        raise Refusal(_("Kode ini sudah dibuat, dan hanya terlihat sekali. Kalau hilang, buat kode baru."))
    crafter = crafters.own_crafter(act.conn, crafter_id, manager.showroom_id)
    until = act.at + GOOD_FOR
    fresh = {"password_hash": kept, "session_key": new_session_key(), "one_time_until": until}
    query = select(User.id, User.active).where(User.crafter_id == crafter_id)
    account = act.conn.execute(query.with_for_update(key_share=True)).first()
    if account is None:
        user_id = crafters.new_account(act, crafter_id, fresh | {"name": crafter.name}, manager)
    else:
        if not account.active:
            raise Refusal(_("Akun ini sedang ditutup. Centang dulu “Boleh masuk”, lalu simpan."))
        user_id = account.id
        act.conn.execute(update(User).where(User.id == user_id).values(fresh))
    # Whoever forgot their PIN has often used up their tries.
    act.conn.execute(delete(SignInAttempt).where(SignInAttempt.key == f"user:{user_id}"))
    activity.note(act.conn, manager.showroom_id, manager.id, "one-time-code", f"user:{user_id}", at=act.at)
    act.commit(crafter_id=crafter_id)
    return Code(digits, crafter.name, until)


@verb
def choose_pin(user: SignedIn, new: str, repeated: str) -> str:
    """Set the PIN of somebody who came in by a code; every other session ends. Returns this one's new session key.

    Refuses weak PINs, two that differ, and the code itself, which others have seen.
    """
    query = select(User.password_hash, Crafter.phone).join(Crafter, Crafter.id == User.crafter_id)
    known = reading().execute(query.where(User.id == user.id)).one()
    checked_pin(new, "new", known.phone)
    if new != repeated:
        raise Refusal(_("PIN yang kedua tidak sama. Ketik lagi."), "repeat")
    if matches(known.password_hash, new):
        raise Refusal(_("Itu kode dari pengelola. Pilih angka Anda sendiri."), "new")
    kept, key = hash_secret(new), new_session_key()
    conn = begin_write()
    # A code handed over meanwhile, or a session that was ended, has the last word.
    mine = update(User).where(User.id == user.id, User.session_key == user.session_key, User.one_time_until == USED)
    if conn.execute(mine.values(password_hash=kept, session_key=key, one_time_until=None)).rowcount != 1:
        raise Refusal(_("Kode ini sudah diganti. Minta kode baru kepada pengelola."))
    activity.note(conn, user.showroom_id, user.id, "password", f"user:{user.id}")
    commit()
    return key


def state_of(account: AnyRow | Any) -> str:
    """How it stands with a crafter's way in: none, closed, pin, or their code's state: waiting, late, used."""
    if account is None:
        return "none"
    if not account.active:
        return "closed"
    if account.one_time_until is None:
        return "pin"
    if account.one_time_until == USED:
        return "used"
    return "waiting" if account.one_time_until >= now() else "late"
