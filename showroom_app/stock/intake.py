"""Taking goods in: a draft is begun, kept, and received once as a numbered consignment note."""

import json
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import Connection, insert, select, update

from showroom_app.extensions import AnyRow, begin_write, commit, now, rollback
from showroom_app.ledger.act import begin_act, verb
from showroom_app.lib.clock import jakarta_date
from showroom_app.lib.refusal import FormRefusal, NotHere, Refusal
from showroom_app.people.crafters import own_crafter
from showroom_app.stock import draft, joint
from showroom_app.stock.draft import DraftLine
from showroom_app.stock.models import Consignment
from showroom_app.stock.receiving import Note, fresh_codes, take_in
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
    _must_be_active(own_crafter(act.conn, row.crafter_id, row.showroom_id))
    look_up_makers(act.conn, lines, row.crafter_id, row.showroom_id)
    until = _checked(lines, typed, act.at)
    note = Note(row.crafter_id, lines, until, consignment_id, typed["lines"])
    take_in(act, row.showroom_id, [note], codes or fresh_codes(act.conn))
    return int(act.commit(id=consignment_id)["id"])


def look_up_makers(conn: Connection, lines: list[DraftLine], crafter_id: int, showroom_id: int) -> None:
    """Find the partners of joint work by their names; who can't be found has a sentence in the line's errors."""
    known = joint.names_known(conn, showroom_id) if any(line.partners for line in lines) else {}
    for line in lines:
        line.makers = joint.makers(line.partners, crafter_id, known, line.errors)


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


def typed_of(row: AnyRow) -> dict[str, Any]:
    """A draft's content as typed."""
    content: dict[str, Any] = json.loads(row.typed or '{"lines": [], "agreed_until": ""}')
    return content
