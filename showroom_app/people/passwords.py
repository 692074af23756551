"""Passwords and PINs: Argon2id over a peppered value, so that a stolen database alone gives no PIN away."""

import hashlib
import hmac

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from flask import current_app
from flask_babel import gettext as _

from showroom_app.lib import pin as pins
from showroom_app.lib.refusal import Refusal

# OWASP's second choice (19 MiB, t=2, p=1): 24 ms here, where the library's own default takes 117 ms and 64 MiB.
_HASHER = PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1)

# Compared with where there is no such user, so that names can't be told apart by the clock.
NO_HASH = "$argon2id$v=19$m=19456,t=2,p=1$c2hvd3Jvb20tbm9ib2R5$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"

PASSWORD_LENGTH_MIN = 8
PASSWORD_LENGTH_MAX = 200


def _peppered(secret: str) -> str:
    pepper = str(current_app.config["PEPPER"]).encode()
    return hmac.new(pepper, secret.encode(), hashlib.sha256).hexdigest()


def mark_of(secret: str) -> str:
    """A mark that tells two secrets apart without telling either, for the hash of a request's content."""
    return _peppered(secret) if secret else ""


def hash_secret(secret: str) -> str:
    """The hash to keep of a password or PIN."""
    return _HASHER.hash(_peppered(secret))


def matches(kept_hash: str, secret: str) -> bool:
    """Whether a password or PIN is the one that was hashed."""
    try:
        return _HASHER.verify(kept_hash, _peppered(secret))
    except (VerificationError, InvalidHashError):
        return False


def checked_password(password: str, repeated: str | None = None, field: str = "password") -> str:
    """A new password, or a refusal when it is too short, too long or typed differently the second time."""
    if len(password) < PASSWORD_LENGTH_MIN:
        raise Refusal(_("Kata sandi paling sedikit %(n)s huruf atau angka.", n=PASSWORD_LENGTH_MIN), field)
    if len(password) > PASSWORD_LENGTH_MAX:
        raise Refusal(_("Kata sandi terlalu panjang. Pilih yang lebih pendek."), field)
    if repeated is not None and repeated != password:
        raise Refusal(_("Kata sandi yang kedua tidak sama. Ketik lagi."), "repeat")
    return password


def checked_pin(pin: str, field: str = "pin", phone: str = "") -> str:
    """A new PIN of exactly six digits that nobody would guess, also not by its owner's `phone`; the demo takes all."""
    if len(pin) != pins.LENGTH or not pin.isascii() or not pin.isdigit():
        raise Refusal(_("PIN harus 6 angka."), field)
    weak = "" if current_app.config["DEMO"] else pins.weakness(pin, phone)
    if weak:
        raise Refusal(_weak_words()[weak], field)
    return pin


def _weak_words() -> dict[str, str]:
    return {
        "same": _("Angkanya sama semua, terlalu mudah ditebak. Pilih angka lain."),
        "run": _("Angkanya berurutan, terlalu mudah ditebak. Pilih angka lain."),
        "repeat": _("Angkanya berulang, terlalu mudah ditebak. Pilih angka lain."),
        "date": _("Ini tanggal. Orang bisa menebak tanggal lahir Anda. Pilih angka lain."),
        "phone": _("Ini bagian dari nomor HP Anda. Orang mengenal nomor itu. Pilih angka lain."),
    }
