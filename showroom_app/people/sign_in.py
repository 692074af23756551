"""Signing in: throttled per account and per address in the database, before anything is compared."""

import secrets
from datetime import UTC, datetime, timedelta
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import Connection, bindparam, delete, select, text, update

from showroom_app.extensions import AnyRow, begin_write, commit, now, reading
from showroom_app.ledger.act import verb
from showroom_app.lib import pin as pins
from showroom_app.lib.phone import parse_phone
from showroom_app.lib.refusal import Refusal
from showroom_app.lib.typed import NAME_MAX, tidy_line
from showroom_app.people import activity
from showroom_app.people.models import Crafter, SignInAttempt, User
from showroom_app.people.passwords import NO_HASH, checked_password, checked_pin, hash_secret, matches
from showroom_app.prepared import Prepared
from showroom_app.web.access import CRAFTER, MANAGER, SignedIn

WINDOW = timedelta(minutes=15)
ACCOUNT_FAILURES_MAX = 5
# A whole showroom may come from one address, so an address is given more.
ADDRESS_FAILURES_MAX = 60
# `one_time_until` of a code that was used, until its owner has chosen a PIN: a moment before there was any shop.
USED = datetime(2000, 1, 1, tzinfo=UTC)

_COLUMNS = (
    User.id, User.showroom_id, User.name, User.username, User.role, User.crafter_id, User.language, User.session_key,
    User.one_time_until,
)  # fmt: skip
_ACCOUNT = select(*_COLUMNS, User.password_hash, User.active)
_LOAD = Prepared(select(*_COLUMNS).where(User.id == bindparam("id"), User.active))
_COUNT = text(
    "INSERT INTO sign_in_attempt (key, failures, last_at) VALUES (:key, 1, :now)"
    " ON CONFLICT (key) DO UPDATE SET last_at = excluded.last_at,"
    " failures = CASE WHEN sign_in_attempt.last_at < :since THEN 1 ELSE sign_in_attempt.failures + 1 END"
    " RETURNING failures"
).bindparams(bindparam("now", type_=SignInAttempt.last_at.type), bindparam("since", type_=SignInAttempt.last_at.type))


def load(session_id: str) -> SignedIn | None:
    """The user whom a session belongs to, or None when it was ended, or the account closed."""
    user_id, _dot, key = session_id.partition(".")
    if not user_id.isdigit():
        return None
    row = _LOAD.first(reading(), id=int(user_id))
    if row is None or not secrets.compare_digest(row.session_key, key):
        return None
    return SignedIn(*row)


def signed_in(user_id: int) -> SignedIn:
    """A user by id, as the verbs want them."""
    return SignedIn(*reading().execute(select(*_COLUMNS).where(User.id == user_id)).one())


@verb
def sign_in(name: str, secret: str, address: str) -> SignedIn:
    """Check a username (or a crafter's phone number) and password (or PIN).

    Refuses wrong ones with one sentence for all, and any at all after too many failures within 15 minutes. A code that
    was handed over lets its owner in once, and only to choose a PIN.
    """
    return _let_in(*_proven(_find(name), name, secret, address), _not_matching())


@verb
def sign_in_by_card(user_id: int, pin: str, address: str) -> SignedIn:
    """Check the PIN (or the code handed over) of whose card was shown; counted together with other ways to sign in."""
    if len(pin) != pins.LENGTH:  # no PIN at all, so no try is lost
        raise Refusal(_("PIN harus 6 angka."), "pin")
    user = reading().execute(_ACCOUNT.where(User.id == user_id)).first()
    wrong = Refusal(_("PIN belum cocok. Ketik lagi."), "pin")
    return _let_in(*_proven(user, "", pin, address, wrong), wrong)


def _let_in(user: AnyRow, account: str, address: str, wrong: Refusal) -> SignedIn:
    handed_over = user.one_time_until
    if handed_over == USED:
        raise Refusal(_("Kode ini sudah dipakai. Minta kode baru kepada pengelola."), wrong.field)
    if handed_over is not None and handed_over < now():
        raise Refusal(_("Kode ini sudah lewat 7 hari. Minta kode baru kepada pengelola."), wrong.field)
    conn = begin_write()
    # Only while the password is still the one compared with: whoever changed it meanwhile ended this try too. A code
    # that two use at once lets one of them in.
    same = User.one_time_until.is_(None) if handed_over is None else User.one_time_until == handed_over
    seen = update(User).where(User.id == user.id, User.password_hash == user.password_hash, User.active, same)
    after = {"last_seen_at": now(), "one_time_until": None if handed_over is None else USED}
    if conn.execute(seen.values(after)).rowcount != 1:
        raise wrong
    _forgive(conn, account, address)
    activity.note(conn, user.showroom_id, user.id, "sign-in", f"user:{user.id}")
    commit()
    return SignedIn(**_of(user) | {"one_time_until": after["one_time_until"]})


def _of(user: AnyRow) -> dict[str, Any]:
    return {column.key: getattr(user, column.key) for column in _COLUMNS}


def _not_matching() -> Refusal:
    return Refusal(_("Nama pengguna atau kata sandi belum cocok. Periksa, lalu coba lagi."))


def manager_here(name: str, secret: str, address: str, showroom_id: int) -> SignedIn:
    """A manager of this showroom who proves it on the spot, at somebody else's screen; nobody is signed in by it."""
    user, account, address = _proven(_find(name), name, secret, address)
    if user.role != MANAGER or user.showroom_id != showroom_id:
        raise Refusal(_("Hanya pengelola galeri ini yang bisa menyetujui."))
    _forgive(begin_write(), account, address)
    commit()
    return SignedIn(**_of(user))


def prove(user_id: int, secret: str, field: str) -> None:
    """Whoever is signed in proves it once more by password or PIN, counted as at sign-in. Refuses a wrong one."""
    kept = reading().execute(select(User.password_hash).where(User.id == user_id)).scalar_one()
    account = f"user:{user_id}"
    _count_attempt([(account, ACCOUNT_FAILURES_MAX)])
    if not matches(kept, secret):
        raise Refusal(_("PIN ini belum cocok. Coba lagi."), field)
    begin_write().execute(delete(SignInAttempt).where(SignInAttempt.key == account))
    commit()


def _proven(
    user: AnyRow | None, name: str, secret: str, address: str, wrong: Refusal | None = None
) -> tuple[AnyRow, str, str]:
    """An account that proved its secret, and the keys its tries are counted under; `name` is what was typed for it."""
    account = f"user:{user.id}" if user else f"name:{tidy_line(name).lower()[:NAME_MAX]}"
    address = f"address:{address}"
    _count_attempt([(account, ACCOUNT_FAILURES_MAX), (address, ADDRESS_FAILURES_MAX)], wrong.field if wrong else "")
    right = matches(user.password_hash if user else NO_HASH, secret)
    if user is None or not right or not user.active:
        raise wrong or _not_matching()
    return user, account, address


def _forgive(conn: Connection, account: str, address: str) -> None:
    conn.execute(delete(SignInAttempt).where(SignInAttempt.key == account))
    # This was no failure, so the address gets its count back too.
    given_back = update(SignInAttempt).where(SignInAttempt.key == address, SignInAttempt.failures > 0)
    conn.execute(given_back.values(failures=SignInAttempt.failures - 1))


def _find(name: str) -> AnyRow | None:
    """The account of that username; else the crafter's with that phone number, when only one has it."""
    name = tidy_line(name).lower()[:NAME_MAX]
    conn = reading()
    found = conn.execute(_ACCOUNT.where(User.username == name)).first()
    if found is not None or not name.startswith(("+", "0", "62")):
        return found
    try:
        phone = parse_phone(name)
    except ValueError:
        return None
    with_phone = _ACCOUNT.join(Crafter, Crafter.id == User.crafter_id).where(Crafter.phone == phone)
    both = conn.execute(with_phone.limit(2)).all()
    # Two crafters on one family phone: then only the username tells them apart.
    return both[0] if len(both) == 1 else None


def _count_attempt(keys: list[tuple[str, int]], field: str = "") -> None:
    """Count before comparing, in a transaction of its own: many guesses at once are counted one by one."""
    conn = begin_write()
    since = now() - WINDOW
    for key, most in sorted(keys):
        if conn.execute(_COUNT, {"key": key, "now": now(), "since": since}).scalar_one() > most:
            # Rolled back, so a refused try is not counted and waiting really ends after 15 minutes.
            raise Refusal(_("Terlalu banyak percobaan. Tunggu 15 menit, atau minta tolong pengelola."), field)
    commit()


@verb
def change_password(user_id: int, current: str, new: str, repeated: str) -> str:
    """Set a new password or PIN; every session of this user ends. Returns the new session id for this one."""
    query = select(User.id, User.showroom_id, User.password_hash, User.role, Crafter.phone)
    user = reading().execute(query.outerjoin(Crafter, Crafter.id == User.crafter_id).where(User.id == user_id)).one()
    _count_attempt([(f"user:{user.id}", ACCOUNT_FAILURES_MAX)])
    if not matches(user.password_hash, current):
        pin = user.role == CRAFTER
        wrong = _("PIN yang sekarang belum cocok.") if pin else _("Kata sandi yang sekarang belum cocok.")
        raise Refusal(wrong, "current")
    if user.role == CRAFTER:
        checked_pin(new, "new", user.phone)
        if new != repeated:
            raise Refusal(_("PIN yang kedua tidak sama. Ketik lagi."), "repeat")
    else:
        checked_password(new, repeated, "new")
    kept, key = hash_secret(new), new_session_key()
    conn = begin_write()
    conn.execute(delete(SignInAttempt).where(SignInAttempt.key == f"user:{user.id}"))
    conn.execute(
        update(User).where(User.id == user_id).values(password_hash=kept, session_key=key, one_time_until=None)
    )
    activity.note(conn, user.showroom_id, user_id, "password", f"user:{user_id}")
    commit()
    return key


def new_session_key() -> str:
    """A key that no session has yet."""
    return secrets.token_hex(8)


@verb
def set_language(user_id: int, language: str) -> None:
    """Keep a user's language ('id' or 'en')."""
    begin_write().execute(update(User).where(User.id == user_id).values(language=language))
    commit()


def forget_old_attempts(before: datetime) -> None:
    """Drop counts nobody needs any more; called when the database is prepared."""
    begin_write().execute(delete(SignInAttempt).where(SignInAttempt.last_at < before))
    commit()
