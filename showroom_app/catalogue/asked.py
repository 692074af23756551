"""What a visitor narrows the catalogue to, as typed into its filters."""

from collections.abc import Collection
from dataclasses import dataclass

from flask_babel import gettext as _

from showroom_app.lib.pictures import CATEGORIES
from showroom_app.lib.refusal import FormRefusal
from showroom_app.lib.typed import Typed, row_id
from showroom_app.stock.finding import prices

WORDS_MAX, SEARCH_MAX = 6, 100
FIELDS = ("q", "category", "maker", "price_from", "price_to")


@dataclass(frozen=True, slots=True)
class Asked:
    """What a visitor narrows the catalogue to; what is empty narrows nothing. Prices in rupiah."""

    words: tuple[str, ...] = ()
    category: str = ""
    maker_id: int | None = None
    price_from: int | None = None
    price_to: int | None = None

    @property
    def narrows(self) -> bool:
        """Whether it is not simply everything."""
        return self != Asked()


def read(typed: Typed, makers: Collection[int]) -> Asked:
    """Read the filters. Refuses by field what can't be read, and makers who are not offered."""
    errors: dict[str, str] = {}
    category, maker_id = typed.get("category", ""), None
    if category and category not in CATEGORIES:
        errors["category"] = _("Pilih dari daftarnya.")
    try:
        maker_id = row_id(typed["maker"]) if typed.get("maker") else None
    except ValueError:
        maker_id = 0
    if maker_id is not None and maker_id not in makers:
        errors["maker"] = _("Pilih dari daftarnya.")
    words = tuple(typed.line("q")[:SEARCH_MAX].lower().split()[:WORDS_MAX])
    told = Asked(words, category, maker_id, *prices(typed, errors))
    if errors:
        raise FormRefusal(errors)
    return told
