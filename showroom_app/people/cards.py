"""Crafters' cards: made, printed again as they are, replaced when one is lost. One of each crafter's works."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import Connection, and_, insert, or_, select, update

from showroom_app.extensions import AnyRow, reading
from showroom_app.ledger.act import Act, begin_act, verb
from showroom_app.lib import card_code, document, qr
from showroom_app.lib.refusal import NotHere, Refusal
from showroom_app.people import activity, one_time
from showroom_app.people.crafter_models import Card
from showroom_app.people.crafters import LISTED_MAX
from showroom_app.people.models import Crafter, User
from showroom_app.people.showrooms import showroom_row
from showroom_app.web.access import SignedIn

CARDS_MAX = LISTED_MAX
_LIVE = and_(Card.crafter_id == Crafter.id, Card.ended_at.is_(None))
_BY_CODE = (
    select(
        Card.id, Card.code, Card.ended_at, Card.crafter_id, Crafter.name, Crafter.showroom_id,
        User.id.label("user_id"), User.active,
    )
    .join(Crafter, Crafter.id == Card.crafter_id)
    .outerjoin(User, User.crafter_id == Card.crafter_id)
)  # fmt: skip


@verb
def make(
    crafter_ids: Sequence[int] | None, manager: SignedIn, request_id: str, *, at: datetime | None = None,
    codes: Iterator[str] | None = None,
) -> list[int]:  # fmt: skip
    """Cards for those of these crafters who have none; who has one keeps it. None means all without a card. Returns
    the crafters' ids, to be printed.

    Refuses nobody and too many; crafters of others are not there. `at` and `codes` are for replays (demo).
    """
    wanted = None if crafter_ids is None else sorted(set(crafter_ids))
    act = begin_act("cards", request_id, {"crafters": wanted}, manager.id, at)
    if act.repeated:
        return [int(one) for one in act.result["crafters"]]
    wanted = sorted(without(act.conn, manager.showroom_id)) if wanted is None else wanted
    if not 0 < len(wanted) <= CARDS_MAX:
        raise Refusal(_("Pilih dulu perajinnya, paling banyak %(n)s sekali cetak.", n=CARDS_MAX))
    # Held, so that two managers at once make one card.
    own = select(Crafter.id).where(Crafter.id.in_(wanted), Crafter.showroom_id == manager.showroom_id)
    if len(act.conn.execute(own.order_by(Crafter.id).with_for_update(key_share=True)).all()) != len(wanted):
        raise NotHere
    live = select(Card.crafter_id).where(Card.crafter_id.in_(wanted), Card.ended_at.is_(None))
    have = set(act.conn.execute(live).scalars())
    missing = [crafter_id for crafter_id in wanted if crafter_id not in have]
    if missing:
        act.conn.execute(insert(Card), [_new(crafter_id, act, manager, codes) for crafter_id in missing])
        told: list[tuple[str, dict[str, Any]]] = [(f"crafter:{crafter_id}", {}) for crafter_id in missing]
        activity.note_new(act.conn, manager.showroom_id, manager.id, "card", told, act.at)
    return [int(one) for one in act.commit(crafters=wanted)["crafters"]]


@verb
def lost(crafter_id: int, card_id: int, manager: SignedIn, request_id: str) -> None:
    """A card is lost: it ends at once, and a new one takes its place. Refuses a card that was replaced already, so that
    two who hear of it do not end the new one too."""
    act = begin_act("card-lost", request_id, {"crafter": crafter_id, "card": card_id}, manager.id)
    if act.repeated:
        return
    own = select(Crafter.id).where(Crafter.id == crafter_id, Crafter.showroom_id == manager.showroom_id)
    if act.conn.execute(own.with_for_update(key_share=True)).first() is None:
        raise NotHere
    mine = update(Card).where(Card.id == card_id, Card.crafter_id == crafter_id, Card.ended_at.is_(None))
    if act.conn.execute(mine.values(ended_at=act.at, ended_by=manager.id)).rowcount != 1:
        raise Refusal(_("Kartu itu sudah diganti. Yang berlaku sekarang terlihat di halaman perajin."))
    act.conn.execute(insert(Card), _new(crafter_id, act, manager))
    activity.note(act.conn, manager.showroom_id, manager.id, "card-lost", f"crafter:{crafter_id}", at=act.at)
    act.commit(crafter_id=crafter_id)


def _new(crafter_id: int, act: Act, manager: SignedIn, codes: Iterator[str] | None = None) -> dict[str, Any]:
    code = next(codes) if codes else card_code.new_code()
    return {"crafter_id": crafter_id, "code": code, "made_by": manager.id, "made_at": act.at}


def by_code(code: str) -> AnyRow | None:
    """A card, dead ones too, with whose it is and their account; None for a code that no card has."""
    return reading().execute(_BY_CODE.where(Card.code == code)).first()


def live_card(crafter_id: int) -> AnyRow | None:
    """A crafter's card as it is now, with who made it."""
    query = select(Card.id, Card.made_at, User.name.label("maker")).join(User, User.id == Card.made_by)
    return reading().execute(query.where(Card.crafter_id == crafter_id, Card.ended_at.is_(None))).first()


def code_of(username: str) -> str:
    """The code on the card of whoever has this username; empty where there is none."""
    query = select(Card.code).join(User, User.crafter_id == Card.crafter_id)
    return str(reading().execute(query.where(User.username == username, Card.ended_at.is_(None))).scalar() or "")


def phone_of(crafter_id: int) -> dict[str, Any]:
    """What the office sees of a crafter's way in by phone: their card, their account, and how it stands with it."""
    query = select(User.id, User.active, User.one_time_until, User.last_seen_at)
    account = reading().execute(query.where(User.crafter_id == crafter_id)).first()
    return {"card": live_card(crafter_id), "account": account, "state": one_time.state_of(account)}


def listing(showroom_id: int, q: str = "") -> list[AnyRow]:
    """Active crafters by name, each with their card (`card_id`, `made_at`) where they have one, and their account."""
    query = (
        select(
            Crafter.id, Crafter.name, Crafter.workshop, Card.id.label("card_id"), Card.made_at,
            User.active.label("may_sign_in"),
        )
        .outerjoin(Card, _LIVE)
        .outerjoin(User, User.crafter_id == Crafter.id)
        .where(Crafter.showroom_id == showroom_id, Crafter.active)
        .order_by(Crafter.name, Crafter.id)
        .limit(LISTED_MAX)
    )  # fmt: skip
    if q:
        named = (Crafter.name.icontains(q, autoescape=True), Crafter.workshop.icontains(q, autoescape=True))
        query = query.where(or_(*named))
    return list(reading().execute(query))


def without(conn: Connection, showroom_id: int) -> list[int]:
    """Active crafters who have no card, as many as one print takes."""
    query = select(Crafter.id).outerjoin(Card, _LIVE).where(Crafter.showroom_id == showroom_id, Crafter.active)
    return list(conn.execute(query.where(Card.id.is_(None)).order_by(Crafter.name).limit(CARDS_MAX)).scalars())


def where(showroom_id: int, for_phones: str) -> str:
    """The address that cards bear: the showroom's public name, else that by which phones reach the shop now
    (`web/phones.py`). Refuses where none can."""
    room = showroom_row(showroom_id)
    opened_by, _separator, host = for_phones.partition("://")
    try:
        return card_code.origin(room.public_host if room else "", opened_by, host)
    except ValueError:
        raise Refusal(
            _(
                "HP belum bisa membuka galeri, jadi kartu belum bisa dicetak. Sambungkan komputer ini ke jaringan"
                " galeri, atau isi nama web di Pengaturan."
            )
        ) from None


def sheet(crafter_ids: Sequence[int], showroom_id: int, origin: str) -> bytes:
    """The PDF of these crafters' cards, ten on a page, by name. Refuses where none of them has one."""
    query = select(Crafter.name, Crafter.workshop, Card.code, Card.made_at).join(Card, _LIVE)
    own = Crafter.id.in_(list(crafter_ids)[:CARDS_MAX])
    rows = reading().execute(query.where(Crafter.showroom_id == showroom_id, own).order_by(Crafter.name)).all()
    room = showroom_row(showroom_id)
    if not rows or room is None:
        raise Refusal(_("Pilih dulu perajin yang sudah punya kartu."))
    content = {"showroom": room.name, "cards": [_printed(row, origin) for row in rows]}
    return document.render("cards", content, made_at=max(row.made_at for row in rows))


def _printed(row: AnyRow, origin: str) -> dict[str, Any]:
    place, code = card_code.address(row.code, origin)
    drawn = qr.svg(card_code.payload(row.code, origin))
    return {"qr": drawn, "name": row.name, "workshop": row.workshop, "place": place, "code": code}
