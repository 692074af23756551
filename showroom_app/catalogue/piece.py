"""One kind of goods, or one labelled piece of it, as visitors see it: on the page, in a shared link, to a machine."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask import request, url_for
from flask_babel import get_locale
from flask_babel import gettext as _
from markupsafe import Markup

from showroom_app.catalogue.shelf import Price
from showroom_app.extensions import AnyRow, reading
from showroom_app.lib.phone import whatsapp_link
from showroom_app.people import consent, showrooms
from showroom_app.people.consent import Seen
from showroom_app.stock import photos

DESCRIBED_MAX = 200
# What is inside a script element must not end it, nor open a comment in it.
_IN_SCRIPT = str.maketrans({"<": "\\u003c", ">": "\\u003e", "&": "\\u0026", "\u2028": "\\u2028", "\u2029": "\\u2029"})


@dataclass(frozen=True, slots=True)
class State:
    """Whether it is there: 'there', 'away' (at an exhibition), 'moving', 'sold' or 'gone', and in words."""

    kind: str
    words: str

    @property
    def to_be_had(self) -> bool:
        """Whether somebody can come and buy it."""
        return self.kind in ("there", "away")


def english() -> bool:
    """Whether the reader reads English."""
    locale = get_locale()
    return locale is not None and locale.language == "en"


def base_address(room: Any) -> str:
    """Where the pages of a showroom stand for the whole world: its public name, else as this reader calls it."""
    return f"https://{room.public_host}" if room.public_host else request.host_url.rstrip("/")


def state_of(state: str, away: Sequence[Any]) -> State:
    """An item's state in visitors' words; `away` are the places where it is besides the shelf."""
    venue = next((place for place in away if place.kind == "venue"), None)
    if state == "shelf":
        return State("there", _("Masih ada di galeri"))
    if venue is not None:
        return State("away", _("Sedang di %(venue)s", venue=venue.name))
    if state == "away":
        return State("moving", _("Sedang dalam perjalanan, tanyakan dulu"))
    return State("sold", _("Sudah terjual")) if state == "sold" else State("gone", _("Sudah tidak ada"))


def shown(
    room: Any, product: AnyRow, makers: Sequence[Seen], price: Price, state: State, path: str, code: str = ""
) -> dict[str, Any]:
    """Everything the page of a piece shows."""
    is_english, base = english(), base_address(room)
    name = (is_english and product.name_en) or product.name
    story = (is_english and product.story_en) or product.story
    pictures = photos.photos_of(reading(), product.id)
    image = f"{base}/photos/{pictures[0].name}-l.webp" if pictures else ""
    who, address = consent.names(makers, room.place), base + path
    description = " · ".join(filter(None, (story, _("oleh %(who)s", who=who), price.words(), state.words)))
    return {
        "name": name, "story": story, "facts": facts(product, is_english), "photos": pictures, "price": price,
        "category": product.category, "state": state, "makers": makers, "who": who, "code": code,
        "nobody": consent.nobody(room.place), "ask": _ask(room, name, code), "canonical": address, "image": image,
        "description": description[:DESCRIBED_MAX], "showroom": showrooms.as_shown(room),
        "described": described(
            name, description, [image] if image else [], address, price, state, makers, room.name, product.category
        ),
    }  # fmt: skip


def _ask(room: Any, name: str, code: str) -> str:
    if not room.phone:
        return ""
    text = _("Halo, saya ingin bertanya tentang %(name)s, kode %(code)s.", name=name, code=code)
    return whatsapp_link(room.phone, text if code else _("Halo, saya ingin bertanya tentang %(name)s.", name=name))


def facts(row: AnyRow, is_english: bool) -> list[tuple[str, str]]:
    """What a thing is made of and how large: label and value, where it is known; in the reader's language."""
    sides = [side for side in (row.width_mm, row.depth_mm, row.height_mm) if side is not None]
    size = " × ".join(f"{side / 10:g}".replace(".", "." if is_english else ",") for side in sides)
    weight = "" if row.weight_g is None else f"{row.weight_g / 1000:g}".replace(".", "." if is_english else ",")
    told = [
        (_("Bahan"), (is_english and row.material_en) or row.material), (_("Ukuran"), f"{size} cm" if size else ""),
        (_("Berat"), f"{weight} kg" if weight else ""), (_("Perawatan"), (is_english and row.care_en) or row.care),
    ]  # fmt: skip
    return [(words, value) for words, value in told if value]


def described(
    name: str, description: str, images: list[str], address: str, price: Price, state: State, makers: Sequence[Seen],
    showroom: str, category: str,
) -> Markup:  # fmt: skip
    """The same for machines (schema.org/Product). Data that nothing runs: the content policy has no say in it."""
    there = "InStock" if state.to_be_had else "SoldOut"
    offer: dict[str, Any] = {
        "@type": "Offer", "price": price.low, "priceCurrency": "IDR", "url": address,
        "availability": f"https://schema.org/{there}", "seller": {"@type": "Organization", "name": showroom},
    }  # fmt: skip
    if price.low != price.high:
        del offer["price"]
        offer |= {"@type": "AggregateOffer", "lowPrice": price.low, "highPrice": price.high}
    told: dict[str, Any] = {
        "@context": "https://schema.org", "@type": "Product", "name": name, "description": description,
        "category": category, "url": address, "offers": offer,
    }  # fmt: skip
    if images:
        told["image"] = images
    if known := [{"@type": "Person", "name": one.name} for one in makers if one.name]:
        told["manufacturer"] = known
    return data_element(told)


def data_element(told: dict[str, Any]) -> Markup:
    """Data for machines as an element of the page."""
    text = json.dumps(told, ensure_ascii=False).translate(_IN_SCRIPT)
    return Markup(f'<script type="application/ld+json">{text}</script>')  # noqa: S704 - nothing in it ends it


def home_links(room: Any) -> dict[str, str]:
    """Where the page's own bar leads: the catalogue of this showroom, while it is open and answers here."""
    here = showrooms.public_row(request.host)
    is_open = room.catalogue_open and here is not None and here.id == room.id
    return {"catalogue_url": url_for("pages.listing") if is_open else ""}
