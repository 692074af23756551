"""Places away from the showroom (pameran, galeri lain): with a desk of their own, until nothing is left there."""

from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import Connection, func, insert, select, text, update

from showroom_app.extensions import AnyRow, reading
from showroom_app.ledger import book
from showroom_app.ledger.act import Act, begin_act, verb
from showroom_app.ledger.models import IS_THERE, Account, Balance
from showroom_app.lib.refusal import FormRefusal, NotHere, Refusal
from showroom_app.lib.typed import NAME_MAX, Typed
from showroom_app.people import activity
from showroom_app.people.models import Desk
from showroom_app.people.showrooms import make_desk
from showroom_app.venues.models import Transfer, Venue
from showroom_app.web.access import MANAGER, SignedIn
from showroom_app.web.filters import short_date

KINDS = ("exhibition", "showroom")


@dataclass(frozen=True, slots=True)
class Plan:
    """A venue as it is planned. Days are ISO dates, empty where nobody knows them yet."""

    kind: str
    name: str
    address: str = ""
    starts_on: str = ""
    ends_on: str = ""


def planned(typed: Typed) -> Plan:
    """Read a venue's form; what can't be read is refused by field, in a sentence."""
    errors: dict[str, str] = {}
    kind, name, address = typed.get("kind", ""), typed.line("name"), typed.line("address")
    if kind not in KINDS:
        errors["kind"] = _("Pilih pameran atau galeri lain.")
    if not name:
        errors["name"] = _("Tulis namanya, misalnya Pameran Kriya Malang.")
    for field, told in (("name", name), ("address", address)):
        if len(told) > NAME_MAX:
            errors[field] = _("Terlalu panjang, paling banyak %(n)s huruf.", n=NAME_MAX)
    days = {field: _day(typed, field, errors) for field in ("starts_on", "ends_on")}
    if days["starts_on"] and days["ends_on"] and days["ends_on"] < days["starts_on"]:
        errors["ends_on"] = _("Tanggal akhir tidak boleh sebelum tanggal awal.")
    if errors:
        raise FormRefusal(errors)
    return Plan(kind, name, address, days["starts_on"], days["ends_on"])


def _day(typed: Typed, field: str, errors: dict[str, str]) -> str:
    try:
        return date.fromisoformat(typed[field]).isoformat() if typed.line(field) else ""
    except ValueError:
        errors[field] = _("Tanggal ini belum terbaca. Pilih dari kalender.")
        return ""


@verb
def open_venue(plan: Plan, user: SignedIn, request_id: str, *, at: datetime | None = None) -> int:
    """Open a venue with a till desk of its own. A manager's act. Returns its id."""
    act = begin_act("venue-open", request_id, asdict(plan), user.id, at)
    if act.repeated:
        return int(act.result["venue_id"])
    _must_be_manager(user)
    desk_id = make_desk(act.conn, user.showroom_id, plan.name, "till")
    values = asdict(plan) | {
        "showroom_id": user.showroom_id, "desk_id": desk_id, "opened_at": act.at, "opened_by": user.id,
    }  # fmt: skip
    venue_id = int(act.conn.execute(insert(Venue).returning(Venue.id), values).scalar_one())
    book.open_account(act.conn, "venue", venue_id, keeps_balance=True, floor=0)
    _note(act, "venue", venue_id, user, asdict(plan))
    return int(act.commit(venue_id=venue_id)["venue_id"])


@verb
def change_venue(venue_id: int, plan: Plan, user: SignedIn, request_id: str) -> int:
    """Change what a venue is called, where and when it is; its desk is called the same. A manager's act."""
    act = begin_act("venue-change", request_id, {"venue": venue_id, **asdict(plan)}, user.id)
    if act.repeated:
        return int(act.result["venue_id"])
    _must_be_manager(user)
    before = own_venue(act.conn, venue_id, user.showroom_id, "change")
    _must_be_open(before)
    act.conn.execute(update(Venue).where(Venue.id == venue_id).values(asdict(plan)))
    act.conn.execute(update(Desk).where(Desk.id == before.desk_id).values(name=plan.name))
    activity.changed(act.conn, user, "venue", f"venue:{venue_id}", before, asdict(plan), act.at)
    return int(act.commit(venue_id=venue_id)["venue_id"])


@verb
def close_venue(venue_id: int, user: SignedIn, request_id: str, *, at: datetime | None = None) -> int:
    """Close a venue: nothing is sold or sent there any more. A manager's act. Returns its id.

    Refuses while goods are booked there or on the way, and while a shift is open at its desk.
    """
    act = begin_act("venue-close", request_id, {"venue": venue_id}, user.id, at)
    if act.repeated:
        return int(act.result["venue_id"])
    _must_be_manager(user)
    row = own_venue(act.conn, venue_id, user.showroom_id, "change")
    _must_be_open(row)
    _must_have_no_shift(act.conn, row)  # first: who sells or takes back there has one open, and no new one opens now
    if left := pieces_there(act.conn, venue_id):
        raise Refusal(_("Masih ada %(n)s buah tercatat di sana. Bawa pulang, atau catat hilang.", n=left))
    under_way = select(func.count()).where(Transfer.venue_id == venue_id, Transfer.arrived_at.is_(None))
    if act.conn.execute(under_way).scalar_one():
        raise Refusal(_("Masih ada surat jalan yang barangnya belum sampai."))
    dropped = text("UPDATE basket SET status = 'dropped' WHERE desk_id = :desk AND status IN ('open', 'parked')")
    act.conn.execute(dropped, {"desk": row.desk_id})
    act.conn.execute(update(Venue).where(Venue.id == venue_id).values(closed_at=act.at, closed_by=user.id))
    _note(act, "venue-close", venue_id, user, {"name": row.name})
    return int(act.commit(venue_id=venue_id)["venue_id"])


def _must_have_no_shift(conn: Connection, row: AnyRow) -> None:
    # The floor above knows shifts; a drawer that is open there matters here.
    drawer = text("SELECT id FROM shift WHERE desk_id = :desk AND closed_at IS NULL")
    if conn.execute(drawer, {"desk": row.desk_id}).first():
        raise Refusal(_("Sif di %(desk)s masih buka. Tutup dulu sif itu.", desk=row.name))


def _must_be_manager(user: SignedIn) -> None:
    if user.role != MANAGER:
        raise Refusal(_("Pameran dan galeri lain diatur pengelola."))


def _must_be_open(row: AnyRow) -> None:
    if row.closed_at is not None:
        raise Refusal(_("%(name)s sudah ditutup.", name=row.name))


def _note(act: Act, kind: str, venue_id: int, user: SignedIn, after: dict[str, Any]) -> None:
    told = {key: value for key, value in after.items() if value}
    activity.note(act.conn, user.showroom_id, user.id, kind, f"venue:{venue_id}", after=told, at=act.at)


def own_venue(conn: Connection, venue_id: int, showroom_id: int, hold: str = "") -> AnyRow:
    """A venue of this showroom; to anyone else there is none. `hold`: 'use' while goods go there or a shift opens,
    which waits for 'change', and it for them."""
    query = select(Venue.__table__).where(Venue.id == venue_id)
    if hold:
        query = query.with_for_update(read=hold == "use")
    row = conn.execute(query).first()
    if row is None or row.showroom_id != showroom_id:
        raise NotHere
    return row


def open_one(conn: Connection, venue_id: int, showroom_id: int) -> AnyRow:
    """A venue that is open, and stays so until the transaction ends."""
    row = own_venue(conn, venue_id, showroom_id, "use")
    _must_be_open(row)
    return row


def must_be_usable(conn: Connection, desk_id: int) -> None:
    """Refuses a desk whose venue is closed; one that is open stays so until the transaction ends."""
    query = select(Venue.name, Venue.closed_at).where(Venue.desk_id == desk_id)
    row = conn.execute(query.with_for_update(read=True)).first()
    if row is not None:
        _must_be_open(row)


def pieces_there(conn: Connection, venue_id: int) -> int:
    """How many pieces stand at a venue by the book."""
    account = select(Account.id).where(Account.kind == "venue", Account.owner_id == venue_id).scalar_subquery()
    query = select(func.coalesce(func.sum(Balance.amount), 0)).where(Balance.account_id == account, IS_THERE)
    return int(conn.execute(query).scalar_one())


def stand_of(conn: Connection, desk_id: int, showroom_id: int) -> int:
    """The account from which a desk sells and to which goods come back: its venue's, else the showroom's shelf."""
    venue_id = conn.execute(select(Venue.id).where(Venue.desk_id == desk_id)).scalar()
    key = ("venue", int(venue_id)) if venue_id is not None else ("shelf", showroom_id)
    return book.accounts(conn, [key])[key]


def venues(showroom_id: int) -> list[AnyRow]:
    """The showroom's venues, open ones first, newest first, with the pieces that stand there."""
    its = select(Account.id).where(Account.kind == "venue", Account.owner_id == Venue.id).correlate(Venue)
    there = select(func.coalesce(func.sum(Balance.amount), 0)).correlate(Venue)
    there = there.where(Balance.account_id == its.scalar_subquery(), IS_THERE)
    query = (
        select(Venue.__table__, Desk.code, there.scalar_subquery().label("pieces"))
        .join(Desk, Desk.id == Venue.desk_id)
        .where(Venue.showroom_id == showroom_id)
        .order_by(Venue.closed_at.is_not(None), Venue.id.desc())
    )
    return list(reading().execute(query))


def closed_desks(showroom_id: int) -> set[int]:
    """Desks of venues that are closed: no shift opens there any more."""
    query = select(Venue.desk_id).where(Venue.showroom_id == showroom_id, Venue.closed_at.is_not(None))
    return set(reading().execute(query).scalars())


def days_words(row: AnyRow) -> str:
    """A venue's days as people read them: 27 Nov 2026 – 30 Nov 2026; empty where nobody knows them yet."""
    known = [short_date(date.fromisoformat(text)) for text in (row.starts_on, row.ends_on) if text]
    return " – ".join(dict.fromkeys(known))


def kind_words() -> dict[str, str]:
    """What each kind of venue is called."""
    return {"exhibition": _("Pameran"), "showroom": _("Galeri lain")}
