"""PINs that somebody else would guess: runs, repeats, dates, a part of one's own phone number."""

import re
import secrets
from collections.abc import Iterator
from datetime import date
from typing import Literal

LENGTH = 6
Weakness = Literal["", "same", "run", "repeat", "date", "phone"]

_UP, _DOWN = "01234567890", "09876543210"
# The same two or three digits again and again (121212, 123123), each digit twice or three times (112233, 111222), and
# three digits there and back (123321).
_REPEAT = re.compile(r"(\d\d)\1\1|(\d{3})\2|(\d)\3(\d)\4(\d)\5|(\d)\6\6(\d)\7\7|(\d)(\d)(\d)\10\9\8", re.A)
# 29 February is a birthday in some years.
_LEAP_YEAR = 2000
_BORN_MIN, _BORN_MAX = 1900, 2099


def weakness(pin: str, phone: str = "") -> Weakness:
    """Why six digits would be guessed, or "" when they wouldn't. `phone` is the owner's own number, in any writing."""
    if len(set(pin)) == 1:
        return "same"
    if pin in _UP or pin in _DOWN:
        return "run"
    if _REPEAT.fullmatch(pin):
        return "repeat"
    if any(_dates(pin)):
        return "date"
    return "phone" if any(pin in number for number in _writings(phone)) else ""


def new_code() -> str:
    """Six random digits that are no weak PIN, to be handed over once."""
    while True:
        code = f"{secrets.randbelow(10**LENGTH):0{LENGTH}}"
        if not weakness(code):
            return code


def _dates(pin: str) -> Iterator[bool]:
    """Whether it reads as a date, in each of the ways in which people write birthdays."""
    first, second, third = int(pin[:2]), int(pin[2:4]), int(pin[4:])
    ways: tuple[tuple[int, int], ...] = (
        (first, second), (second, first), (third, second),  # DDMMYY, MMDDYY, YYMMDD
    )  # fmt: skip
    yield from (_is_day(day, month) for day, month in ways)
    yield _is_year(pin[:4]) and 1 <= third <= 12  # YYYYMM
    yield _is_year(pin[2:]) and 1 <= first <= 12  # MMYYYY
    yield _is_year(pin[2:]) and _is_day(int(pin[0]), int(pin[1]))  # DMYYYY
    yield _is_year(pin[:4]) and _is_day(int(pin[5]), int(pin[4]))  # YYYYMD


def _is_day(day: int, month: int) -> bool:
    try:
        date(_LEAP_YEAR, month, day)
    except ValueError:
        return False
    return True


def _is_year(text: str) -> bool:
    return _BORN_MIN <= int(text) <= _BORN_MAX


def _writings(phone: str) -> tuple[str, str]:
    """A phone number's digits as written at home (0812 …) and from abroad (62812 …)."""
    digits = "".join(letter for letter in phone if letter.isascii() and letter.isdigit())
    bare = digits.removeprefix("62").removeprefix("0")
    return f"0{bare}", f"62{bare}"
