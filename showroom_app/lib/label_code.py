"""Codes on labels: 7 random characters of Crockford base 32 and a check character (Luhn mod 32)."""

import re
import secrets

from stdnum import luhn

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
LENGTH = 8
PART_MIN = 4
_FORGIVEN = str.maketrans({"O": "0", "I": "1", "L": "1"})
_ADDRESS_END = re.compile(r"[?#].*", re.S)
_SEPARATORS = re.compile(r"[\s\-·]+")


def new_code() -> str:
    """A fresh code such as 7K3QXM2F: unguessable, without letters that look alike."""
    body = "".join(secrets.choice(ALPHABET) for _ in range(LENGTH - 1))
    return with_check(body)


def with_check(body: str) -> str:
    """Add the check character to 7 characters."""
    return body + str(luhn.calc_check_digit(body, ALPHABET))


def tidy(text: str) -> str:
    """What was scanned or typed, as a code would be written: the last part of an address, upper case, O as 0."""
    text = text.strip()
    if "/" in text:
        text = _ADDRESS_END.sub("", text).rstrip("/").rpartition("/")[2]
    return _SEPARATORS.sub("", text).upper().translate(_FORGIVEN)


def parse(text: str) -> str | None:
    """The code in a scanned address or typed text, or None when it isn't a whole and right one."""
    code = tidy(text)
    if len(code) != LENGTH or any(letter not in ALPHABET for letter in code):
        return None
    return code if luhn.is_valid(code, ALPHABET) else None


def part(text: str) -> str:
    """What was typed as what is left of a torn code, if it can be: some of its letters and digits, enough to tell."""
    code = tidy(text)
    return code if PART_MIN <= len(code) < LENGTH and all(letter in ALPHABET for letter in code) else ""


def looks_like_code(text: str) -> bool:
    """Whether somebody meant a code, though it may be mistyped: an address, letters mixed with digits, 8 capitals."""
    if "/Q/" in text.upper():
        return True
    code = tidy(text)
    if not code.isalnum() or not code.isascii():
        return False
    if len(code) == LENGTH and text.isupper():
        return True
    letters, digits = any(c.isalpha() for c in text), any(c.isdigit() for c in text)
    mixed = letters and " " not in text.strip() and 5 <= len(code) <= LENGTH + 1
    return digits and (mixed or abs(len(code) - LENGTH) <= 1)
