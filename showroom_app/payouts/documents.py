"""Printed documents about crafters' money: kuitansi, statement; and the bank's list of a batch."""

import csv
import io
from collections.abc import Sequence
from datetime import date
from typing import Any

from flask_babel import force_locale
from flask_babel import gettext as _
from sqlalchemy import select

from showroom_app.extensions import AnyRow, reading
from showroom_app.ledger import book, settle
from showroom_app.ledger.models import Desk, Entry
from showroom_app.lib import document
from showroom_app.lib.clock import JAKARTA, day_start, jakarta_date
from showroom_app.lib.money import format_rupiah
from showroom_app.lib.phone import whatsapp_link
from showroom_app.lib.refusal import Refusal
from showroom_app.lib.spelled import spelled_rupiah
from showroom_app.payouts.due import DueLine, signed_postings, told
from showroom_app.payouts.models import Payout
from showroom_app.payouts.payout import Pay, no_account
from showroom_app.payouts.statement import Statement, advance_number, kind_words, method_words, payout_number
from showroom_app.people import activity
from showroom_app.people.models import Crafter, User
from showroom_app.people.showrooms import showroom_row
from showroom_app.sales import papers
from showroom_app.web.filters import short_date, short_hash

# From this sum a kuitansi needs a stamp of Rp10.000 (UU 10/2020, Bea Meterai: above Rp5.000.000).
STAMP_ABOVE_RUPIAH = 5_000_000
# What a message can well hold.
TEXT_EVENTS_MAX = 40


def lines_of(row: AnyRow) -> list[DueLine]:
    """What a payout paid for, oldest first."""
    conn = reading()
    account = book.accounts(conn, [("crafter", row.crafter_id)])["crafter", row.crafter_id]
    settled = settle.settled_by(conn, row.entry_id)
    return told(conn, row.crafter_id, signed_postings(conn, account, settled))


def receipts_pdf(rows: Sequence[AnyRow]) -> bytes:
    """Kuitansi of some payouts in one PDF, a page each (more where one is long)."""
    with force_locale("id"):  # on paper for the crafter, whoever prints it
        content = {"kuitansi": [_kuitansi(row) for row in rows]}
    return document.render("receipt_of_payment", content, made_at=max(row.at for row in rows))


def advance_pdf(row: AnyRow) -> bytes:
    """An advance's kuitansi."""
    with force_locale("id"):
        what = _("Kasbon: %(reason)s", reason=row.reason)
        line = DueLine(row.at, "advance", row.reason, "", None, None, None, row.amount)
        purpose = _("%(what)s (dipotong dari pembayaran berikutnya)", what=what)
        paper = _paper(row, advance_number(row.code, row.number), purpose, [line], "")
        return document.render("receipt_of_payment", {"kuitansi": [paper]}, made_at=row.at)


def _kuitansi(row: AnyRow) -> dict[str, Any]:
    lines = lines_of(row)
    return _paper(row, payout_number(row.code, row.number), _purpose(lines), lines, row.bank)


def _paper(row: AnyRow, number: str, purpose: str, lines: Sequence[DueLine], bank: str) -> dict[str, Any]:
    conn, room, payer = reading(), _room_then(row), _payer_then(row)
    digest = conn.execute(select(Entry.hash).where(Entry.id == row.entry_id)).scalar_one()
    town = room["place"].split(",")[-1].strip()
    how = " ".join(filter(None, [method_words()[row.method], bank]))
    method = f"{how}, ref {row.reference}" if row.reference else how
    reversed_text = ""
    if row.reversed_at is not None:
        reversed_text = f"DIBATALKAN {short_date(row.reversed_at)}: {row.reversal_reason}"
    return {
        "showroom": {"name": room["name"], "address": room["address"] or room["place"]}, "given_to": room["name"],
        "number": number, "words": spelled_rupiah(row.amount),
        "purpose": purpose, "lines": [_line(line) for line in lines], "total": format_rupiah(row.amount),
        "method": method, "payer": payer, "payer_role": "Pengelola", "receiver": row.received_by or row.crafter_name,
        "receiver_note": f"{row.relation}, mewakili {row.crafter_name}" if row.received_by else "",
        "place_date": f"{town}, {short_date(row.at)}".lstrip(", "),
        "stamp_duty": row.amount > STAMP_ABOVE_RUPIAH, "hash": short_hash(digest), "reversed": reversed_text,
    }  # fmt: skip


def _room_then(row: AnyRow) -> dict[str, Any]:
    """The showroom as it was when the money was handed over: a kuitansi printed again bears the names of its day."""
    room = showroom_row(row.showroom_id)
    assert room is not None
    told = {"name": room.name, "place": room.place, "address": room.address}
    return activity.as_of(f"showroom:{room.id}", row.at, told)


def _payer_then(row: AnyRow) -> str:
    name = reading().execute(select(User.name).where(User.id == row.user_id)).scalar_one()
    return str(activity.as_of(f"user:{row.user_id}", row.at, {"name": name})["name"])


def _purpose(lines: Sequence[DueLine]) -> str:
    days = [jakarta_date(line.at) for line in lines]
    if not days:
        return _("Hasil penjualan barang titipan")
    return _("Hasil penjualan barang titipan %(period)s", period=period_words(min(days), max(days)))


def period_words(since: date, until: date) -> str:
    """A period in words: 21 – 24 Nov 2026."""
    if since == until:
        return short_date(since)
    if (since.year, since.month) == (until.year, until.month):
        return f"{since.day} – {short_date(until)}"
    return f"{short_date(since)} – {short_date(until)}"


def _line(line: DueLine) -> dict[str, str]:
    names = {
        "advance": _("Kasbon: %(reason)s", reason=line.name),
        "borne": _("Ditanggung galeri: %(name)s", name=line.name),
    }
    told_line = {
        "date": short_date(line.at).rsplit(" ", 1)[0], "name": names.get(line.kind, line.name),
        "quantity": "" if line.quantity is None else str(line.quantity),
        "price": "" if line.price is None else format_rupiah(line.price),
        "showroom": "" if line.showroom is None else format_rupiah(line.showroom),
        "crafter": format_rupiah(line.crafter),
    }  # fmt: skip
    if line.kind not in ("refund", "borne"):  # what came back after it was paid is not on its paper, made anew or not
        return told_line
    about = " · ".join(papers.words(line.papers))
    return told_line | {"about": about} | ({"kind": "refund"} if line.kind == "refund" else {})


def statement_pdf(one: Statement) -> bytes:
    """A statement as a PDF; of a closed period the same bytes every time."""
    with force_locale("id"):
        about = " · ".join(filter(None, [one.crafter["workshop"], one.crafter["phone"]]))
        balance, lines = one.opening, []
        for event in one.events:
            balance += event.amount
            into, out = (format_rupiah(event.amount), "") if event.amount > 0 else ("", format_rupiah(-event.amount))
            lines.append({
                "date": short_date(event.at).rsplit(" ", 1)[0], "what": event.what, "about": event.about,
                "kind": event.kind, "in": into, "out": out, "balance": format_rupiah(balance),
            })  # fmt: skip
        content = {
            "showroom": {"name": one.showroom["name"], "address": one.showroom["address"] or one.showroom["place"]},
            "crafter": {"name": one.crafter["name"], "about": about},
            "period": period_words(one.since, one.until), "opening": format_rupiah(one.opening),
            "closing": format_rupiah(one.closing), "lines": lines, "totals": _totals(one),
            "hash": short_hash(one.hash), "closed": one.closed,
        }  # fmt: skip
    return document.render("statement", content, made_at=day_start(one.until))


def _totals(one: Statement) -> dict[str, str]:
    def of(*kinds: str) -> str:
        amount = one.total(*kinds)
        return format_rupiah(abs(amount)) if amount else ""

    pieces = sum(event.pieces for event in one.events)
    sold = _("%(n)s barang", n=pieces) if pieces else ""
    return {
        "sold": sold, "crafter": of("sale", "compensation"), "refunds": of("refund"),
        "paid": of("payout", "payout_reversed"), "advances": of("advance", "advance_reversed"),
    }  # fmt: skip


def statement_text(one: Statement) -> str:
    """A statement as an address that opens WhatsApp with it as text, to the crafter where their number is known."""
    with force_locale("id"):
        lines = [
            one.showroom["name"], _("Laporan %(name)s, %(period)s", name=one.crafter["name"],
                                    period=period_words(one.since, one.until)),
            _("Saldo awal %(amount)s", amount=format_rupiah(one.opening)),
        ]  # fmt: skip
        words = kind_words()
        for event in one.events[:TEXT_EVENTS_MAX]:
            what = f"{words[event.kind]}: {event.what}" if event.what else words[event.kind]
            about = f" ({event.more})" if event.kind == "sale" else ""
            lines.append(f"{event.at.astimezone(JAKARTA):%d/%m} {what} {format_rupiah(event.amount)}{about}")
        more = len(one.events) - TEXT_EVENTS_MAX
        if more > 0:
            lines.append(_("… dan %(n)s catatan lagi, ada di laporan lengkap.", n=more))
        lines.append(_("Saldo akhir %(amount)s", amount=format_rupiah(one.closing)))
    return whatsapp_link(one.crafter["phone_now"], "\n".join(lines))


def bank_list(batch_id: int, showroom_id: int) -> str:
    """The transfers of a batch as CSV for the bank: account, holder, rupiah, reference; without those that were undone,
    whose money is owed again."""
    query = (
        select(
            Payout.__table__, Desk.code, Crafter.bank_name, Crafter.bank_account, Crafter.bank_holder,
        )
        .join(Desk, Desk.id == Payout.desk_id)
        .join(Crafter, Crafter.id == Payout.crafter_id)
        .where(
            Payout.batch_id == batch_id, Payout.showroom_id == showroom_id, Payout.method == "transfer",
            Payout.reversed_at.is_(None),
        )
        .order_by(Payout.id)
    )  # fmt: skip
    rows = []
    for row in reading().execute(query):
        now_told = {"bank_name": row.bank_name, "bank_account": row.bank_account, "bank_holder": row.bank_holder}
        then = activity.as_of(f"crafter:{row.crafter_id}", row.at, now_told)  # the account that was paid, not today's
        holder = then["bank_holder"] or row.crafter_name
        number = payout_number(row.code, row.number)
        rows.append([then["bank_name"], then["bank_account"], holder, str(row.amount), row.reference, number])
    return _bank_csv(rows)


def bank_list_of(pays: Sequence[Pay], showroom_id: int) -> str:
    """The same list of transfers that are still to be made, for the bank's own page; nothing is recorded by it."""
    sent = {one.crafter_id: one for one in pays if one.method == "transfer"}
    query = (
        select(Crafter.__table__).where(Crafter.id.in_(sent), Crafter.showroom_id == showroom_id).order_by(Crafter.id)
    )
    found = list(reading().execute(query))
    for row in found:
        if not row.bank_account:
            raise Refusal(no_account(row.name))
    return _bank_csv(
        [
            [row.bank_name, row.bank_account, row.bank_holder or row.name, str(sent[row.id].amount), "", ""]
            for row in found
        ]
    )


def _bank_csv(rows: Sequence[Sequence[str]]) -> str:
    out = io.StringIO()
    writer = csv.writer(out, delimiter=";", lineterminator="\r\n")
    writer.writerow([_("Bank"), _("Nomor rekening"), _("Atas nama"), _("Jumlah uang"), _("Referensi"), _("Kuitansi")])
    writer.writerows([_plain(cell) for cell in row] for row in rows)
    return out.getvalue()


def _plain(cell: str) -> str:
    """A cell that no spreadsheet takes for a formula; a long number stays the text it is."""
    return f"'{cell}" if cell[:1] in "=+-@\t\r" and cell else cell
