"""Scanning by a photo: what the labels in it stand for. Nothing is written, and of the photo nothing is kept."""

from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _

from showroom_app.extensions import AnyRow, reading, rollback
from showroom_app.lib import label_photo
from showroom_app.lib.photo import NotAPhoto
from showroom_app.lib.refusal import Refusal
from showroom_app.people.pictures import why_not
from showroom_app.stock import items
from showroom_app.web.access import SignedIn

_SHOWN = ("name", "category", "photo", "crafter_name", "price", "on_shelf", "quantity")


@dataclass(frozen=True, slots=True)
class Scanned:
    """One label: its code, and what its item shows, with its `state`, where it is one of this showroom's. `whose`:
    'ours', 'theirs' (another showroom's) or 'nobody'."""

    code: str
    whose: str
    item: dict[str, Any] | None = None


def scan(content: bytes, user: SignedIn) -> list[Scanned]:
    """The labels in a photo, as one reads them. Refuses what is no photo, and a photo in which no label can be read."""
    rollback()  # who is asking is known; while the photo is read, nothing is held open in the database
    try:
        told = label_photo.read(content)
    except NotAPhoto as error:
        raise Refusal(why_not(error), "photo") from None
    if not told.codes and told.others:
        raise Refusal(_("Ini bukan label barang. Foto kode QR pada label galeri."), "photo")
    if not told.codes:
        sentence = _("Label tidak terbaca. Lebih dekat, di tempat terang, tahan HP diam, lalu foto lagi.")
        raise Refusal(sentence, "photo")
    rows = {code: items.by_code(reading(), code) for code in told.codes}
    return _scanned(rows, user)


def _scanned(rows: dict[str, AnyRow | None], user: SignedIn) -> list[Scanned]:
    ours = {row.id: row for row in rows.values() if row is not None and row.showroom_id == user.showroom_id}
    gone = [row.id for row in ours.values() if not row.on_shelf]
    last, away = items.last_kinds(reading(), gone), items.away(reading(), gone)
    told = []
    for code, row in rows.items():
        if row is None or row.id not in ours:
            told.append(Scanned(code, "nobody" if row is None else "theirs"))
            continue
        shown = {name: getattr(row, name) for name in _SHOWN}
        shown["state"] = items.state_of(row, last.get(row.id), away.get(row.id, 0))
        told.append(Scanned(code, "ours", shown))
    return told
