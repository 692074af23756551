"""Reading hand-back notes: the list, and one with its lines and the names of its day."""

import json
from typing import Any

from sqlalchemy import select

from showroom_app.extensions import reading
from showroom_app.ledger.models import Desk, Entry
from showroom_app.lib.refusal import NotHere
from showroom_app.people.models import Crafter, Showroom, User
from showroom_app.stock.hand_back import number_text
from showroom_app.stock.life_models import HandBack, HandBackLine
from showroom_app.stock.models import Item

PAGE = 50
_NOTES = (
    select(
        HandBack.__table__, Desk.code, Crafter.name.label("crafter_name"), User.name.label("user_name"), Entry.hash,
        Showroom.name.label("showroom_name"), Showroom.place, Showroom.address,
    )
    .select_from(HandBack)
    .join(Desk, Desk.id == HandBack.desk_id)
    .join(Crafter, Crafter.id == HandBack.crafter_id)
    .join(Entry, Entry.id == HandBack.entry_id)
    .join(Showroom, Showroom.id == HandBack.showroom_id)
    .outerjoin(User, User.id == HandBack.user_id)
)  # fmt: skip


def page(showroom_id: int, before: int | None, crafter_id: int | None = None) -> tuple[list[dict[str, Any]], bool]:
    """A page of notes, newest first, and whether there are more; of one crafter only, if told."""
    query = _NOTES.where(HandBack.showroom_id == showroom_id).order_by(HandBack.id.desc()).limit(PAGE + 1)
    if crafter_id is not None:
        query = query.where(HandBack.crafter_id == crafter_id)
    if before is not None:
        query = query.where(HandBack.id < before)
    rows = reading().execute(query).all()
    told = [dict(row._mapping, number=number_text(row.code, row.number)) for row in rows[:PAGE]]
    return told, len(rows) > PAGE


def note(hand_back_id: int, showroom_id: int) -> dict[str, Any]:
    """One note with its lines. Of another showroom there is none."""
    row = reading().execute(_NOTES.where(HandBack.id == hand_back_id)).first()
    if row is None or row.showroom_id != showroom_id:
        raise NotHere
    query = (
        select(HandBackLine.__table__, Item.code)
        .join(Item, Item.id == HandBackLine.item_id)
        .where(HandBackLine.hand_back_id == hand_back_id)
        .order_by(HandBackLine.position)
    )
    lines = list(reading().execute(query))
    # A note from before there were papers has no words of its day.
    now_told = {
        "showroom": row.showroom_name, "address": row.address or row.place, "place": row.place,
        "crafter": row.crafter_name, "about": "", "attendant": row.user_name or "",
    }  # fmt: skip
    words = now_told | (json.loads(row.words) if row.words else {})
    told = dict(row._mapping, number=number_text(row.code, row.number), value=sum(x.price * x.quantity for x in lines))
    return {"note": told, "lines": lines, "words": words}
