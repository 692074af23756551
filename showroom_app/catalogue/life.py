"""The life of a piece on one page, from intake to its last move: what happened, when, by whom, on which document."""

from datetime import date

from flask_babel import gettext as _
from sqlalchemy import literal, select

from showroom_app.catalogue import life_notes
from showroom_app.catalogue.life_notes import Event
from showroom_app.extensions import AnyRow, reading
from showroom_app.ledger.models import Desk
from showroom_app.lib.money import format_rupiah
from showroom_app.people.models import User
from showroom_app.people.routes import terms_words
from showroom_app.sales.models import Sale
from showroom_app.sales.money_models import Refund
from showroom_app.sales.receipt import number_text, slip_number
from showroom_app.stock import ageing, hand_back, items, notes, write_off
from showroom_app.stock.life_models import HandBack, ItemChange, WriteOff
from showroom_app.stock.models import Consignment
from showroom_app.venues.models import Arrival, Transfer, Venue
from showroom_app.venues.transfer import number_text as number_of_note
from showroom_app.web.access import CRAFTER, MANAGER, STAFF
from showroom_app.web.filters import short_date


def life_of(row: AnyRow, view: str) -> list[Event]:
    """Everything that happened to an item, newest first. Who did it, and the documents behind it, are for staff; its
    crafter sees what happened, what it is called and what was agreed."""
    events = [*_moved(row.id, view), *_changed(row.id), *_answered(row.id), *life_notes.named(row)]
    if view in STAFF:
        events += [*life_notes.swapped(row), *life_notes.counted(row), *life_notes.printed(row)]
    else:
        events = [event | {"user_name": ""} for event in events]
    return sorted(events, key=lambda event: event["at"], reverse=True)


def _moved(item_id: int, view: str) -> list[Event]:
    words = {
        "intake": _("Diterima dari perajin"), "sale": _("Terjual"), "hand_back": _("Dikembalikan ke perajin"),
        "refund": _("Dikembalikan pembeli"), "void": _("Penjualan dibatalkan"), "transfer": _("Berangkat"),
        "arrival": _("Sampai"), **write_off.kind_words(),
    }  # fmt: skip
    happened, missed = items.history(reading(), item_id), life_notes.lost_after_count(item_id)
    papers = _papers([h.id for h in happened])
    told = []
    for h in happened:
        number, url, about = papers.get(h.id, ("", "", ""))
        if view == CRAFTER:
            number, url = "", ""
        elif view != MANAGER and url.startswith("/write-offs/"):
            url = ""
        text = _("Dicatat hilang sesudah stok opname") if h.id in missed else words.get(h.kind, h.kind)
        about = " · ".join(filter(None, (number, about)))
        told.append(life_notes.told(h.at, text, h.user_name, quantity=h.amount, url=url, about=about))
    return told


def _papers(entry_ids: list[int]) -> dict[int, tuple[str, str, str]]:
    """Entry id -> number, address and reason of the document behind it."""
    conn = reading()
    found: dict[int, tuple[str, str, str]] = {}
    for table, number, path, reason in (
        (Sale, number_text, "/sales", None), (Refund, slip_number, "/refunds", Refund.reason),
        (Consignment, notes.number_text, "/consignments", None),
        (HandBack, hand_back.number_text, "/hand-backs", HandBack.reason),
        (WriteOff, write_off.number_text, "/write-offs", WriteOff.reason),
    ):  # fmt: skip
        columns = [table.entry_id, table.id, table.number, Desk.code, *([reason] if reason is not None else [])]
        query = select(*columns).join(Desk, Desk.id == table.desk_id).where(table.entry_id.in_(entry_ids))
        for one in conn.execute(query):
            why = str(one[4]) if reason is not None else ""
            found[one.entry_id] = (number(one.code, one.number), f"{path}/{one.id}", why)
    return found | _travelled(entry_ids)


def _travelled(entry_ids: list[int]) -> dict[int, tuple[str, str, str]]:
    """The notes by which a piece was on the way, and where to."""
    columns = (Transfer.id, Transfer.number, Transfer.direction, Desk.code, Venue.name)
    notes = (
        select(Transfer.entry_id, literal("left").label("kind"), *columns)
        .join(Desk, Desk.id == Transfer.desk_id)
        .join(Venue, Venue.id == Transfer.venue_id)
        .where(Transfer.entry_id.in_(entry_ids))
    )
    arrivals = (
        select(Arrival.entry_id, Arrival.kind, *columns)
        .join(Transfer, Transfer.id == Arrival.transfer_id)
        .join(Desk, Desk.id == Transfer.desk_id)
        .join(Venue, Venue.id == Transfer.venue_id)
        .where(Arrival.entry_id.in_(entry_ids))
    )
    found = {}
    for query in (notes, arrivals):
        for one in reading().execute(query):
            there = (one.direction == "out") == (one.kind != "turned")
            about = _("ke %(name)s", name=one.name) if there else _("ke galeri dari %(name)s", name=one.name)
            found[one.entry_id] = (number_of_note(one.code, one.number), f"/transfers/{one.id}", about)
    return found


def _changed(item_id: int) -> list[Event]:
    query = (
        select(ItemChange.__table__, User.name.label("user_name"))
        .join(User, User.id == ItemChange.user_id)
        .where(ItemChange.item_id == item_id)
    )
    return [
        life_notes.told(one.at, _change_words(one), one.user_name, about=_agreed_words(one))
        for one in reading().execute(query)
    ]


def _change_words(one: AnyRow) -> str:
    parts = []
    if one.price != one.old_price:
        old, new = format_rupiah(one.old_price), format_rupiah(one.price)
        parts.append(_("Harga %(old)s menjadi %(new)s", old=old, new=new))
    before = _terms(one.old_terms_kind, one.old_commission_bps, one.old_net_price)
    after = _terms(one.terms_kind, one.commission_bps, one.net_price)
    if before != after:
        parts.append(_("Kesepakatan %(old)s menjadi %(new)s", old=before, new=after))
    if one.lowest_price != one.old_lowest_price:
        lowest = format_rupiah(one.lowest_price) if one.lowest_price else _("batas galeri")
        parts.append(_("Boleh kurang sampai %(amount)s", amount=lowest))
    return "; ".join(parts)


def _terms(kind: str, commission_bps: int, net_price: int) -> str:
    words = terms_words(kind, commission_bps)
    return f"{words} {format_rupiah(net_price)}" if kind == "net_price" else words


def _agreed_words(one: AnyRow) -> str:
    who = _("diminta perajin") if one.asked_by == "crafter" else _("diminta galeri, disetujui perajin")
    return " · ".join([f"{who}, {short_date(date.fromisoformat(one.agreed_on))}", one.reason])


def _answered(item_id: int) -> list[Event]:
    words = ageing.answer_words()
    return [
        life_notes.told(one.at, words[one.answer], one.user_name, about=ageing.about(one))
        for one in ageing.answers_of(reading(), item_id)
    ]
