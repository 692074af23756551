"""Reading what people type into forms: lengths, control characters, and errors kept per field."""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from contextlib import suppress

NAME_MAX = 120
TEXT_MAX = 1000

# Control characters, marks nobody sees, and those that make the text around them run the other way. Letters of any
# script stay, and so do the joiners inside words and emoji.
_HIDDEN = re.compile(
    r"[\x00-\x08\x0b-\x1f\x7f-\x9f\xad\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff\ud800-\udfff]"
)
_LOOSE_JOINER = re.compile(r"(?<!\S)[\u200c\u200d]+|[\u200c\u200d]+(?!\S)")
_COUNT = re.compile(r"\d{1,9}|\d{1,3}(?:\.\d{3}){1,2}", re.A)
_MEASURE = re.compile(r"(\d{1,7})(?:[.,](\d{1,3}))?", re.A)
ROW_ID_MAX = 2**63 - 1


def tidy_line(text: str) -> str:
    """One line of text as it is kept: no hidden characters, single spaces, composed letters."""
    seen = _HIDDEN.sub("", unicodedata.normalize("NFC", text))
    return " ".join(_LOOSE_JOINER.sub("", seen).split())


def tidy_text(text: str) -> str:
    """Several lines of text as they are kept."""
    return "\n".join(tidy_line(line) for line in text.splitlines()).strip()


def parse_count(text: str) -> int:
    """A number of pieces as people type it: 12, 1.000. Refuses fractions, signs and words with ValueError."""
    if not _COUNT.fullmatch(text.strip()):
        raise ValueError("not a count")
    return int(text.strip().replace(".", ""))


def row_id(text: str) -> int:
    """A row's id out of an address or a form; what no row can have is a ValueError."""
    if not text.isascii() or not text.isdigit() or len(text) > 19 or int(text) > ROW_ID_MAX:
        raise ValueError("not an id")
    return int(text)


def row_ids(values: Iterable[str]) -> list[int]:
    """Rows' ids out of an address or a form; what no row can have is left out."""
    found = []
    for value in values:
        with suppress(ValueError):
            found.append(row_id(value))
    return found


class Typed(dict[str, str]):
    """A form's fields as typed, given back to the form when something has to be put right."""

    @classmethod
    def of(cls, form: Mapping[str, str]) -> "Typed":
        """From a request's form."""
        return cls(form.items())

    def line(self, field: str) -> str:
        """A field's text, tidied to one line."""
        return tidy_line(self.get(field, ""))

    def flag(self, field: str) -> bool:
        """Whether a box was ticked."""
        return self.get(field, "") not in ("", "0", "off", "false")


def parse_size(text: str) -> int | None:
    """A length in centimetres as people type it ("45", "45,5 cm"), in millimetres; empty is None. Refuses 0, more than
    ten metres and what is no number with ValueError."""
    return _measured(text, "cm", 10, 10_000)


def parse_weight(text: str) -> int | None:
    """A weight in kilograms as people type it ("2", "2,5 kg"), in grams; empty is None. Refuses 0, more than a tonne
    and what is no number with ValueError."""
    return _measured(text, "kg", 1000, 1_000_000)


def _measured(text: str, unit: str, factor: int, most: int) -> int | None:
    bare = text.strip().lower().removesuffix(unit).strip()
    if not bare:
        return None
    match = _MEASURE.fullmatch(bare)
    if not match:
        raise ValueError("not a measure")
    digits = len(str(factor)) - 1
    if len(match[2] or "") > digits:
        raise ValueError("finer than it is kept")
    value = int(match[1]) * factor + int((match[2] or "").ljust(digits, "0") or "0")
    if not 0 < value <= most:
        raise ValueError("out of range")
    return value
