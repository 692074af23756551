"""A crafter's face and story for visitors: kept by the office, shown as far as the crafter's consent goes.

Faces don't lie among the photos of goods, which everybody may fetch by name: theirs are handed out one by one, and only
while the consent holds.
"""

from pathlib import Path
from typing import Any

from flask import current_app
from flask_babel import gettext as _
from sqlalchemy import Connection, select, update

from showroom_app.extensions import reading
from showroom_app.ledger.act import begin_act, verb
from showroom_app.lib.refusal import FormRefusal
from showroom_app.lib.typed import TEXT_MAX, Typed, tidy_text
from showroom_app.people import activity, pictures
from showroom_app.people.crafters import own_crafter
from showroom_app.people.models import Crafter
from showroom_app.web.access import CRAFTER, MANAGER, SignedIn

STORIES = ("story", "story_en")


def folder() -> Path:
    """Where faces lie."""
    return Path(current_app.instance_path) / "faces"


@verb
def save_profile(crafter_id: int, typed: Typed, photo: str, user: SignedIn, request_id: str) -> None:
    """Change what is told of a crafter, and their photo: `photo` is the name of one kept before, empty for the one they
    have; the field `remove_photo` takes it away."""
    told = {field: typed.get(field, "") for field in (*STORIES, "remove_photo")}
    act = begin_act("crafter-profile", request_id, {**told, "crafter": crafter_id, "photo": photo}, user.id)
    if act.repeated:
        return
    before = own_crafter(act.conn, crafter_id, user.showroom_id, hold=True)
    values = {field: tidy_text(told[field]) for field in STORIES}
    errors = {
        field: _("Terlalu panjang, paling banyak %(n)s huruf.", n=TEXT_MAX)
        for field, text in values.items()
        if len(text) > TEXT_MAX
    }
    if errors:
        raise FormRefusal(errors)
    subject = f"crafter:{crafter_id}"
    activity.changed(act.conn, user, "crafter", subject, before, values, act.at)
    values["photo"] = photo or ("" if typed.flag("remove_photo") else before.photo)
    if values["photo"] != before.photo:
        activity.note(act.conn, user.showroom_id, user.id, "face", subject, at=act.at)
    act.conn.execute(update(Crafter).where(Crafter.id == crafter_id).values(values))
    act.commit()


def clean() -> int:
    """Delete the files of faces that no crafter has any more; return how many."""
    return pictures.clean(folder(), set(reading().execute(select(Crafter.photo)).scalars()))


def may_see(conn: Connection, crafter_id: int, user: Any, photo: str) -> bool:
    """Whether somebody may see a face that visitors may not: it is their own, or their showroom's crafter's."""
    row = conn.execute(select(Crafter.showroom_id, Crafter.photo).where(Crafter.id == crafter_id)).first()
    if row is None or not photo or row.photo != photo or user.role not in (CRAFTER, MANAGER):
        return False
    return bool(user.crafter_id == crafter_id if user.role == CRAFTER else user.showroom_id == row.showroom_id)
