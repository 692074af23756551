"""Taking goods in: a draft is begun, kept, and received once as a numbered consignment note."""

import json
from collections.abc import Iterator
from datetime import datetime
from itertools import islice
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import Connection, func, insert, select, update

from showroom_app.extensions import AnyRow, begin_write, commit, now, rollback
from showroom_app.ledger import book
from showroom_app.ledger.act import Act, begin_act, verb
from showroom_app.ledger.book import Move
from showroom_app.lib import label_code
from showroom_app.lib.clock import jakarta_date
from showroom_app.lib.refusal import FormRefusal, NotHere, Refusal
from showroom_app.people.crafters import own_crafter
from showroom_app.people.models import Desk, User
from showroom_app.people.showrooms import showroom_row
from showroom_app.stock import draft
from showroom_app.stock.draft import DraftLine
from showroom_app.stock.models import Consignment, ConsignmentLine, Item, Product
from showroom_app.web.access import SignedIn


@verb
def start(crafter_id: int, user: SignedIn, request_id: str) -> int:
    """Begin a draft for a crafter, with one blank line on their default terms. Returns the consignment's id."""
    act = begin_act("consignment-start", request_id, {"crafter": crafter_id}, user.id)
    if act.repeated:
        return int(act.result["id"])
    crafter = own_crafter(act.conn, crafter_id, user.showroom_id)
    _must_be_active(crafter)
    line = draft.blank_line(crafter.terms_kind, crafter.commission_bps)
    values = {
        "showroom_id": user.showroom_id, "crafter_id": crafter_id, "user_id": user.id, "status": "draft",
        "typed": draft.dump({"lines": [line], "agreed_until": ""}), "saved_at": act.at,
    }  # fmt: skip
    consignment_id = int(act.conn.execute(insert(Consignment).returning(Consignment.id), values).scalar_one())
    return int(act.commit(id=consignment_id)["id"])


def own_consignment(conn: Connection, consignment_id: int, showroom_id: int, *, lock: bool = False) -> AnyRow:
    """A consignment of this showroom; to anyone else there is none."""
    query = select(Consignment.__table__).where(Consignment.id == consignment_id)
    row = conn.execute(query.with_for_update() if lock else query).first()
    if row is None or row.showroom_id != showroom_id:
        raise NotHere
    return row


@verb
def keep_draft(consignment_id: int, typed: dict[str, Any], user: SignedIn) -> datetime:
    """Keep what is typed so far, right or wrong. Returns when.

    Refuses once the note is received, what another screen has changed since this one was opened, and too many lines.
    """
    conn = begin_write()
    row = own_consignment(conn, consignment_id, user.showroom_id, lock=True)
    _must_be_draft(row)
    _must_be_latest(row, typed)
    at = now()
    changed = update(Consignment).where(Consignment.id == consignment_id)
    conn.execute(changed.values(typed=draft.dump(typed), saved_at=at))
    commit()
    return at


def _must_be_draft(row: AnyRow) -> None:
    if row.status == "received":
        raise Refusal(_("Nota ini sudah diterima dan tidak bisa diubah lagi."))
    if row.status == "discarded":
        raise Refusal(_("Draf ini sudah dibuang."))


def _must_be_latest(row: AnyRow, typed: dict[str, Any]) -> None:
    if len(typed["lines"]) > draft.LINES_MAX:
        raise Refusal(_("Satu nota paling banyak %(n)s baris. Buat nota kedua untuk sisanya.", n=draft.LINES_MAX))
    editor, opened = typed.get("editor"), typed.get("opened")
    if editor and editor != typed_of(row).get("editor") and opened != row.saved_at.isoformat():
        raise Refusal(_("Draf ini sudah diubah di layar lain. Buka lagi dari Nota titip untuk melihat yang terbaru."))


@verb
def change_crafter(consignment_id: int, crafter_id: int, user: SignedIn) -> None:
    """Give a draft to another crafter; what is typed stays. Refuses a received note and an inactive crafter."""
    conn = begin_write()
    row = own_consignment(conn, consignment_id, user.showroom_id, lock=True)
    _must_be_draft(row)
    _must_be_active(own_crafter(conn, crafter_id, user.showroom_id))
    conn.execute(update(Consignment).where(Consignment.id == consignment_id).values(crafter_id=crafter_id))
    commit()


def _must_be_active(crafter: AnyRow) -> None:
    if not crafter.active:
        raise Refusal(_("Perajin ini sedang tidak aktif. Minta pengelola mengaktifkannya dulu."))


@verb
def discard(consignment_id: int, user: SignedIn) -> None:
    """Throw a draft away; a received note stays."""
    conn = begin_write()
    row = own_consignment(conn, consignment_id, user.showroom_id, lock=True)
    if row.status == "received":
        raise Refusal(_("Nota ini sudah diterima dan tidak bisa dibuang."))
    conn.execute(update(Consignment).where(Consignment.id == consignment_id).values(status="discarded"))
    commit()


@verb
def receive(
    consignment_id: int, typed: dict[str, Any], user: SignedIn, request_id: str,
    *, at: datetime | None = None, codes: Iterator[str] | None = None,
) -> int:  # fmt: skip
    """Take the goods in: number the note, make items with their codes, put them on the shelf in the book.

    All or nothing, once however often it is pressed. Refuses what is missing or wrong, per field
    (`lines-0-price`), and a note with nothing on it. Returns the consignment's id. `at` and `codes` are for
    replays, which bring their own time and label codes.
    """
    lines = [line for line in draft.read(typed) if not line.empty] or draft.read(typed)
    act = begin_act("consignment-receive", request_id, {"id": consignment_id, "typed": typed}, user.id, at)
    if act.repeated:
        return int(act.result["id"])
    row = own_consignment(act.conn, consignment_id, user.showroom_id, lock=True)
    if row.status == "received":
        rollback()  # pressed again from an older page: it is in already
        return consignment_id
    _must_be_draft(row)
    _must_be_latest(row, typed)
    until = _checked(lines, typed, act.at)
    _receive(act, row, lines, until, typed, codes or fresh_codes(act.conn))
    return int(act.commit(id=consignment_id)["id"])


def _checked(lines: list[DraftLine], typed: dict[str, Any], at: datetime) -> str:
    errors = {f"lines-{i}-{name}": text for i, line in enumerate(lines) for name, text in line.errors.items()}
    until, sentence = draft.read_until(typed.get("agreed_until", ""), jakarta_date(at))
    if sentence:
        errors["agreed_until"] = sentence
    if not lines:
        errors[""] = _("Nota masih kosong. Tambahkan barangnya dulu.")
    if sum(line.labels for line in lines) > draft.LABELS_MAX:
        errors[""] = _("Satu nota paling banyak %(n)s label. Buat nota kedua untuk sisanya.", n="2.000")
    if errors:
        raise FormRefusal(errors)
    return until


def _receive(
    act: Act, row: AnyRow, lines: list[DraftLine], until: str, typed: dict[str, Any], codes: Iterator[str]
) -> None:
    moves: list[Move] = []
    accounts = book.accounts(act.conn, [("shelf", row.showroom_id), ("crafter", row.crafter_id)])
    shelf, crafter = accounts["shelf", row.showroom_id], accounts["crafter", row.crafter_id]
    for line in sorted(lines, key=lambda line: line.name.lower()):
        _product(act, row, line)  # in one order for everyone: two notes with the same new goods never wait in a ring
    for position, line in enumerate(lines):
        for item_id, quantity in _make_items(act, row, position, line, codes, until):
            moves.append(Move(item_id, shelf, crafter, quantity))
    desk_id = office_desk(act.conn, row.showroom_id)
    posted = book.post(act, desk_id=desk_id, kind="intake", moves=moves)
    sums = draft.totals(lines)
    kept = {"lines": typed["lines"], "agreed_until": until, "words": words_of_the_day(act, row)}
    act.conn.execute(
        update(Consignment)
        .where(Consignment.id == row.id)
        .values(
            status="received", desk_id=desk_id, number=book.next_number(act.conn, desk_id, "consignment"),
            entry_id=posted.entry_id, received_at=act.at, user_id=act.actor_id, agreed_until=until,
            pieces=sums["pieces"], value=sums["value"], typed=draft.dump(kept),
        )
    )  # fmt: skip


def words_of_the_day(act: Act, row: AnyRow) -> dict[str, str]:
    """Who and where, as it is today: a note of goods (`row` says whose and where) that is printed again years later
    says the same."""
    room = showroom_row(row.showroom_id)
    crafter = own_crafter(act.conn, row.crafter_id, row.showroom_id)
    attendant = act.conn.execute(select(User.name).where(User.id == act.actor_id)).scalar()
    assert room is not None
    return {
        "showroom": room.name, "address": room.address or room.place, "place": room.place,
        "crafter": crafter.name, "about": " · ".join(filter(None, (crafter.address, crafter.phone))),
        "attendant": attendant or "",
    }  # fmt: skip


def office_desk(conn: Connection, showroom_id: int) -> int:
    """The desk where what belongs to no till is written."""
    query = select(Desk.id).where(Desk.showroom_id == showroom_id, Desk.kind == "office").order_by(Desk.id).limit(1)
    return int(conn.execute(query).scalar_one())


def _make_items(
    act: Act, row: AnyRow, position: int, line: DraftLine, codes: Iterator[str], until: str
) -> list[tuple[int, int]]:
    """Insert a line, its product where it is new, and its items. Returns (item id, pieces) for each label."""
    assert line.terms is not None
    terms = {
        "price": line.price, "terms_kind": line.terms.kind,
        "commission_bps": line.terms.commission_bps, "net_price": line.terms.net_price,
        "lowest_price": line.lowest_price,
    }  # fmt: skip
    product_id = _product(act, row, line)
    values = {
        "consignment_id": row.id, "position": position, "product_id": product_id, "name": line.name,
        "quantity": line.quantity, "per_piece": line.per_piece, **terms,
    }  # fmt: skip
    line_id = int(act.conn.execute(insert(ConsignmentLine).returning(ConsignmentLine.id), values).scalar_one())
    quantity = 1 if line.per_piece else line.quantity
    common = {
        "showroom_id": row.showroom_id, "crafter_id": row.crafter_id, "product_id": product_id,
        "line_id": line_id, "quantity": quantity, "received_at": act.at, "agreed_until": until, "labels_due": True,
        **terms,
    }  # fmt: skip
    rows = [{**common, "code": code} for code in islice(codes, line.labels)]
    made = act.conn.execute(insert(Item).returning(Item.id, sort_by_parameter_order=True), rows)
    return [(int(item_id), quantity) for item_id in made.scalars()]


def fresh_codes(conn: Connection) -> Iterator[str]:
    """New codes that no item has, for ever."""
    given: set[str] = set()
    while True:
        tried = {label_code.new_code() for _i in range(200)} - given
        free = tried - set(conn.execute(select(Item.code).where(Item.code.in_(tried))).scalars())
        given |= free
        yield from free


def _product(act: Act, row: AnyRow, line: DraftLine) -> int:
    """The crafter's product of this name, made where it is new; a name that was merged means the one that stayed."""
    search_name = line.name.lower()
    query = select(func.coalesce(Product.merged_into_id, Product.id)).where(
        Product.crafter_id == row.crafter_id, Product.search_name == search_name
    )
    known = act.conn.execute(query).scalar()
    if known is not None:
        return int(known)
    values = {
        "showroom_id": row.showroom_id, "crafter_id": row.crafter_id, "name": line.name,
        "search_name": search_name, "category": line.typed["category"], "created_at": act.at,
    }  # fmt: skip
    return int(act.conn.execute(insert(Product).returning(Product.id), values).scalar_one())


def typed_of(row: AnyRow) -> dict[str, Any]:
    """A draft's content as typed."""
    content: dict[str, Any] = json.loads(row.typed or '{"lines": [], "agreed_until": ""}')
    return content
