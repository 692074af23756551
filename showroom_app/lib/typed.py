"""Reading what people type into forms: lengths, control characters, and errors kept per field."""

import re
import unicodedata
from collections.abc import Mapping

NAME_MAX = 120
TEXT_MAX = 1000

# Control characters, and the marks that make the text around them run the other way; letters of any script stay.
_HIDDEN = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\u202a-\u202e\u2066-\u2069\ufeff\ud800-\udfff]")


def tidy_line(text: str) -> str:
    """One line of text as it is kept: no hidden characters, single spaces, composed letters."""
    return " ".join(_HIDDEN.sub("", unicodedata.normalize("NFC", text)).split())


def tidy_text(text: str) -> str:
    """Several lines of text as they are kept."""
    return "\n".join(tidy_line(line) for line in text.splitlines()).strip()


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
