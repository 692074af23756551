"""What visitors of the sample shop see of its crafters: drawn faces, stories, and who agreed to what."""

import io
import random
from datetime import datetime, timedelta
from typing import Any

from PIL import Image, ImageDraw
from sqlalchemy import select

from showroom_app.extensions import reading
from showroom_app.lib.typed import Typed
from showroom_app.people import consent, face, pictures
from showroom_app.people.models import Crafter

REFUSED, WITHDREW, NO_FACE = 3, 7, 5  # crafters by their number; of the rest every fifth shows no face
WITH_FACE = 12
STORIES = (
    ("“Saya belajar menganyam dari bapak. Satu lampu saya kerjakan dua hari, dari memilih batang sampai memernis.”",
     "“My father taught me to weave. One lamp takes me two days, from choosing the canes to the varnish.”"),
    ("“Rotan saya rendam semalam supaya lentur. Kalau tergesa-gesa, anyamannya tidak rapat.”",
     "“I soak the rattan overnight so that it bends. If you hurry, the weave stays loose.”"),
    ("“Sejak 1998 saya menganyam di teras rumah, ditemani anak dan sekarang cucu.”",
     "“I have been weaving on my porch since 1998, next to my children and now my grandchildren.”"),
)  # fmt: skip
_WOMEN = frozenset(
    ("Tutik", "Siti", "Ninik", "Endang", "Sri", "Yuliati", "Kasmirah", "Rukmini", "Sumiati", "Lilik", "Kusniah")
)
_CLOTHS = ("#3f6f4d", "#a8452a", "#35618a", "#8a5a2b", "#6d3f6b", "#2f6f73", "#b07a1f")


def show(shop: Any, at: datetime) -> None:
    """Faces and stories of the first dozen, and everybody's answer: most agreed, one did not, one took it back."""
    names = {row.id: row.name for row in reading().execute(select(Crafter.id, Crafter.name))}
    for number, crafter_id in enumerate(shop.crafter_ids):
        story, story_en = STORIES[number % len(STORIES)] if number < WITH_FACE else ("", "")
        kept = pictures.keep(pictures.re_encoded(drawn(names[crafter_id], number), "photo"), face.folder())
        typed = Typed(story=story, story_en=story_en)
        face.save_profile(crafter_id, typed, kept if number < WITH_FACE else "", shop.manager, shop.request_id())
        if number == REFUSED:
            continue
        parts = [part for part in consent.PARTS if part == "name" or number < WITH_FACE]
        if number % NO_FACE == NO_FACE - 1 and "face" in parts:
            parts.remove("face")
        when = at + timedelta(minutes=3 * number)
        consent.give(crafter_id, parts, shop.manager, shop.request_id(), at=when)
    consent.withdraw(shop.crafter_ids[WITHDREW], shop.manager, shop.request_id(), at=at + timedelta(hours=3))


def drawn(name: str, number: int) -> bytes:
    """A face that is nobody's: a drawing, as PNG."""
    rng = random.Random(number)
    cloth, other = rng.sample(_CLOTHS, 2)
    skin = rng.choice(("#e0ab80", "#d39a6c", "#c68a5e"))
    picture = Image.new("RGB", (480, 480), "#f0dcc0")
    pen = ImageDraw.Draw(picture)
    for x in range(-480, 960, 40):
        pen.line((x, 0, x + 480, 480), "#e4c79c", 5)
        pen.line((x, 480, x + 480, 0), "#e4c79c", 5)
    pen.ellipse((60, 330, 420, 700), cloth)
    woman = name.split()[0] in _WOMEN
    if woman:
        pen.ellipse((118, 70, 362, 400), other)
    else:
        pen.rounded_rectangle((200, 290, 280, 390), 30, skin)
        pen.ellipse((152, 96, 328, 260), "#3a2a1e")
    pen.ellipse((160, 120, 320, 330), skin)
    if not woman and number % 2:
        pen.rounded_rectangle((150, 90, 330, 165), 18, "#241d1a")
    for x in (200, 262):
        pen.arc((x, 205, x + 24, 229), 180, 360, "#4a2c18", 7)
    pen.arc((205, 225, 275, 290), 20, 160, "#8a4a2a", 8)
    out = io.BytesIO()
    picture.save(out, "PNG")
    return out.getvalue()
