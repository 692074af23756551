"""What anybody may see of a crafter: name, face and story, each only with the crafter's recorded consent (UU 27/2022).

Every page for visitors asks `seen`, and shows what it gives; there is no other way to a crafter's name there.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import Connection, and_, bindparam, func, insert, select, update
from sqlalchemy.orm import aliased

from showroom_app.extensions import AnyRow, AnySelect
from showroom_app.ledger.act import Act, begin_act, verb
from showroom_app.lib.refusal import NotHere, Refusal
from showroom_app.people import activity
from showroom_app.people.crafter_models import Consent
from showroom_app.people.crafters import own_crafter
from showroom_app.people.models import Crafter, User
from showroom_app.web.access import CRAFTER, SignedIn

PARTS = ("name", "face", "story")
_LIVE = Consent.withdrawn_at.is_(None)


@dataclass(frozen=True, slots=True)
class Seen:
    """A crafter as visitors see them. What they did not agree to is empty."""

    id: int
    name: str = ""
    workshop: str = ""
    story: str = ""
    face: str = ""  # the photo's name

    @property
    def page(self) -> bool:
        """Whether they have a page of their own."""
        return bool(self.name)


def words() -> str:
    """What is read out to a crafter, or what they read themselves; kept with their answer."""
    return _(
        "Galeri ingin menampilkan nama dan bengkel, foto wajah, atau cerita Anda di halaman barang dan katalog, supaya "
        "pembeli tahu siapa pembuatnya. Halaman itu bisa dibuka siapa saja. Pilih mana yang boleh. Anda boleh menolak: "
        "titipan dan pembayaran Anda tetap sama. Izin bisa dicabut kapan saja di HP Anda atau lewat galeri, dan "
        "langsung berlaku."
    )


def part_words() -> dict[str, str]:
    """What each part is called."""
    return {"name": _("Nama dan bengkel"), "face": _("Foto wajah"), "story": _("Cerita")}


@verb
def give(crafter_id: int, parts: Collection[str], user: SignedIn, request_id: str, at: datetime | None = None) -> None:
    """Record what a crafter agreed to show: all of it, from now on. What was agreed before is withdrawn.

    Refuses an answer with nothing in it; that is `withdraw`.
    """
    shown = {part: part in parts for part in PARTS}
    act = begin_act("consent", request_id, {"crafter": crafter_id, **shown}, user.id, at)
    if act.repeated:
        return
    crafter = _held(act.conn, crafter_id, user)
    if not any(shown.values()):
        raise Refusal(_("Pilih dulu apa yang boleh dilihat pengunjung."), "consent")
    before = live(act.conn, crafter_id)
    if before is None or any(getattr(before, part) != told for part, told in shown.items()):
        _end(act, before, user)
        values = {"crafter_id": crafter_id, **shown, "words": words(), "asked_by": user.id, "at": act.at}
        act.conn.execute(insert(Consent), values)
        _note(act, "consent", crafter, user, before, shown)
    act.commit()


@verb
def withdraw(crafter_id: int, user: SignedIn, request_id: str, at: datetime | None = None) -> None:
    """Take the consent back: from now on visitors see nothing of the crafter. Without one, nothing changes."""
    act = begin_act("consent-withdraw", request_id, {"crafter": crafter_id}, user.id, at)
    if act.repeated:
        return
    crafter = _held(act.conn, crafter_id, user)
    before = live(act.conn, crafter_id)
    if before is not None:
        _end(act, before, user)
        _note(act, "consent-withdraw", crafter, user, before, dict.fromkeys(PARTS, False))
    act.commit()


def _held(conn: Connection, crafter_id: int, user: SignedIn) -> AnyRow:
    """The crafter's row, held: of two answers at once the later one counts. Crafters answer for themselves only."""
    conn.execute(select(Crafter.id).where(Crafter.id == crafter_id).with_for_update())
    row = own_crafter(conn, crafter_id, user.showroom_id)
    if user.role == CRAFTER and user.crafter_id != crafter_id:
        raise NotHere
    return row


def _end(act: Act, row: AnyRow | None, user: SignedIn) -> None:
    if row is not None:
        ended = update(Consent).where(Consent.id == row.id)
        act.conn.execute(ended.values(withdrawn_at=act.at, withdrawn_by=user.id))


def _note(act: Act, kind: str, crafter: AnyRow, user: SignedIn, before: AnyRow | None, after: dict[str, bool]) -> None:
    # Not by the columns' own names: what a crafter was called on a day is read from this log.
    told = {f"shows_{part}": bool(before is not None and getattr(before, part)) for part in PARTS}
    new = {f"shows_{part}": shown for part, shown in after.items()}
    activity.note(act.conn, crafter.showroom_id, user.id, kind, f"crafter:{crafter.id}", told, new, act.at)


def live(conn: Connection, crafter_id: int) -> AnyRow | None:
    """The consent that holds now."""
    return conn.execute(select(Consent.__table__).where(Consent.crafter_id == crafter_id, _LIVE)).first()


def history(conn: Connection, crafter_id: int) -> list[AnyRow]:
    """Every consent there ever was, newest first, with who asked and who withdrew it."""
    asked, ended = aliased(User), aliased(User)
    query = (
        select(Consent.__table__, asked.name.label("asked_name"), ended.name.label("ended_name"))
        .join(asked, asked.id == Consent.asked_by)
        .outerjoin(ended, ended.id == Consent.withdrawn_by)
        .where(Consent.crafter_id == crafter_id)
        .order_by(Consent.id.desc())
    )
    return list(conn.execute(query))


_COLUMNS = (
    Crafter.id, Crafter.name, Crafter.workshop, Crafter.story, Crafter.story_en, Crafter.photo,
    Consent.name.label("shows_name"), Consent.face.label("shows_face"), Consent.story.label("shows_story"),
)  # fmt: skip
_SEEN = (
    select(*_COLUMNS)
    .join(Consent, and_(Consent.crafter_id == Crafter.id, _LIVE))
    .where(Crafter.id.in_(bindparam("ids", expanding=True)))
)


def seen(conn: Connection, crafter_ids: Collection[int], english: bool = False) -> dict[int, Seen]:
    """Crafter -> what visitors may see of them; who agreed to nothing is there too, with nothing to see."""
    rows = conn.execute(_SEEN, {"ids": list(crafter_ids)}) if crafter_ids else ()
    return {one: Seen(one) for one in crafter_ids} | {row.id: _shown(row, english) for row in rows}


def _shown(row: Any, english: bool) -> Seen:
    return Seen(
        row.id,
        row.name if row.shows_name else "",
        row.workshop if row.shows_name else "",
        ((english and row.story_en) or row.story) if row.shows_story else "",
        row.photo if row.shows_face else "",
    )


def named(showroom_id: Any) -> AnySelect:
    """Crafters of a showroom who show their name, by name."""
    query = select(Crafter.id, Crafter.name).join(Consent, and_(Consent.crafter_id == Crafter.id, _LIVE, Consent.name))
    return query.where(Crafter.showroom_id == showroom_id).order_by(Crafter.name, Crafter.id)


def named_like(showroom_id: Any, pattern: Any) -> AnySelect:
    """Ids of crafters who show their name, and whose name in lower case is like a pattern: nobody else is found by
    theirs."""
    query = select(Crafter.id).join(Consent, and_(Consent.crafter_id == Crafter.id, _LIVE, Consent.name))
    return query.where(Crafter.showroom_id == showroom_id, func.lower(Crafter.name).like(pattern, escape="/"))


def nobody(place: str) -> str:
    """What a maker is called who does not show their name: perajin Balearjosari."""
    town = place.partition(",")[0].strip()
    return _("perajin %(place)s", place=town) if town else _("perajin kami")


def names(makers: Iterable[Seen], place: str) -> str:
    """Who made it, as visitors read it: Tutik Handayani; Tutik Handayani, perajin Balearjosari."""
    told = list(makers)
    known = [one.name for one in told if one.name]
    if len(known) < len(told):
        known.append(nobody(place))
    return ", ".join(known) or nobody(place)
