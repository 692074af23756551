"""Payouts: money handed or sent to crafters, all or nothing for each, never more than is owed."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any, Literal

from flask_babel import gettext as _
from sqlalchemy import Connection, insert, select

from showroom_app.extensions import AnyRow, reading
from showroom_app.ledger import book, settle
from showroom_app.ledger.act import Act, begin_act, verb
from showroom_app.ledger.book import rupiah
from showroom_app.ledger.models import Account, Desk
from showroom_app.ledger.settle import Looked, Unsettled
from showroom_app.lib.clock import jakarta_date
from showroom_app.lib.money import format_rupiah
from showroom_app.lib.refusal import NotHere, Refusal
from showroom_app.payouts.due import chosen
from showroom_app.payouts.models import Payout, PayoutBatch
from showroom_app.people.models import Crafter
from showroom_app.sales.checkout import must_be_open_shift
from showroom_app.sales.shift import shift_of
from showroom_app.web.access import SignedIn

Method = Literal["drawer", "office", "transfer"]
METHODS = ("drawer", "office", "transfer")
REFERENCE_MAX, NAME_MAX, REASON_MAX = 60, 80, 120
BATCH_MAX = 500


@dataclass(frozen=True, slots=True)
class Pay:
    """One crafter to be paid: `amount` is what the screen showed, and nothing else will be paid."""

    crafter_id: int
    amount: int
    method: Method
    reference: str = ""
    received_by: str = ""
    relation: str = ""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a batch: payouts made, and crafter ids not paid with the sentence why."""

    batch_id: int | None
    payout_ids: list[int]
    refused: dict[int, str]


@verb
def pay(pays: Sequence[Pay], until: date, user: SignedIn, request_id: str, *, at: datetime | None = None) -> Outcome:
    """Pay crafters what is due up to and with a day, each whole or not at all, in one act.

    Whoever's balance is not what the screen showed is left out and named; so are inactive crafters and those with
    nothing due. Refuses a day that is still to come, a transfer without its reference, and more cash than there is
    in the drawer. However many press at once, what is owed is paid once.
    """
    content = {"pays": [asdict(one) for one in pays], "until": until.isoformat()}
    looked = _looked_at(pays, user)
    act = begin_act("payout", request_id, content, user.id, at)
    if act.repeated:
        told = act.result
        return Outcome(told["batch_id"], told["payouts"], {int(k): v for k, v in told["refused"].items()})
    _must_make_sense(pays, until, act)
    source = sources_for(act, {one.method for one in pays}, user)
    crafters = _held(act, pays, user)
    refused: dict[int, str] = {}
    ready: list[tuple[Pay, AnyRow, list[Unsettled], list[Unsettled]]] = []
    for one in sorted(pays, key=lambda each: each.crafter_id):
        crafter = crafters[one.crafter_id]
        unsettled = settle.unsettled_still(act.conn, crafter.account_id, looked.get(one.crafter_id))
        postings = chosen(unsettled, until)
        sentence = _why_not(one, crafter, sum(posting.amount for posting in postings))
        if sentence:
            refused[one.crafter_id] = sentence
        else:
            rest = [] if len(postings) == len(unsettled) else sorted(set(unsettled).difference(postings))
            ready.append((one, crafter, postings, rest))
    if not ready:
        raise Refusal(next(iter(refused.values())))
    batch = {
        "showroom_id": user.showroom_id, "user_id": user.id, "at": act.at, "until": until.isoformat(),
        "count": len(ready), "total": sum(one.amount for one, *_more in ready),
    }  # fmt: skip
    batch_id = int(act.conn.execute(insert(PayoutBatch).returning(PayoutBatch.id), batch).scalar_one())
    short = _("Uang di laci tidak cukup. Bayar dari kantor, atau tambah dulu uang di laci.")
    with book.floors_held(lambda: Refusal(short)):
        payouts = [_write(act, *each, batch_id, source) for each in ready]
    act.commit(batch_id=batch_id, payouts=payouts, refused={str(k): v for k, v in refused.items()})
    return Outcome(batch_id, payouts, refused)


def _must_make_sense(pays: Sequence[Pay], until: date, act: Act) -> None:
    if not pays or len(pays) > BATCH_MAX or len({one.crafter_id for one in pays}) != len(pays):
        raise Refusal(_("Pilih dulu perajin yang dibayar."))
    if until > jakarta_date(act.at):
        raise Refusal(_("Tanggal itu belum tiba. Pilih hari ini atau sebelumnya."), "until")
    for one in pays:
        must_be_payable(one.method, one.reference, one.received_by, one.relation)


def must_be_payable(method: str, reference: str, received_by: str, relation: str) -> None:
    """Refuses unknown ways to pay, a transfer without its reference, and a receiver whom nobody knows."""
    if method not in METHODS:
        raise Refusal(_("Pilih cara bayarnya: tunai atau transfer."), "method")
    if method == "transfer" and not reference:
        raise Refusal(_("Isi nomor referensi transfernya."), "reference")
    if bool(received_by) != bool(relation):
        raise Refusal(_("Isi nama penerima dan hubungannya dengan perajin, misalnya anak."), "received_by")


def _crafters(conn: Connection, pays: Sequence[Pay], user: SignedIn) -> dict[int, AnyRow]:
    query = (
        select(Crafter.__table__, Account.id.label("account_id"))
        .join(Account, (Account.kind == "crafter") & (Account.owner_id == Crafter.id))
        .where(Crafter.id.in_([one.crafter_id for one in pays]), Crafter.showroom_id == user.showroom_id)
    )
    return {row.id: row for row in conn.execute(query)}


def _looked_at(pays: Sequence[Pay], user: SignedIn) -> dict[int, Looked]:
    """What is unsettled for each, read while others still write: all that was ever sold, where nobody was paid yet."""
    conn = reading()
    return {row.id: settle.look(conn, row.account_id) for row in _crafters(conn, pays[:BATCH_MAX], user).values()}


def _held(act: Act, pays: Sequence[Pay], user: SignedIn) -> dict[int, AnyRow]:
    """The crafters with their accounts, whose balances are held from here on, in one order for everyone."""
    crafters = _crafters(act.conn, pays, user)
    if len(crafters) != len(pays):
        raise NotHere
    book.hold(act.conn, [row.account_id for row in crafters.values()])
    return crafters


def sources_for(act: Act, methods: set[Method], user: SignedIn) -> dict[str, Any]:
    """Account by method, with the office's desk and, for the drawer, the payer's own open shift."""
    shift = shift_of(user.id) if "drawer" in methods else None
    if "drawer" in methods:
        if shift is None:
            raise Refusal(_("Anda belum membuka sif, jadi belum ada laci. Bayar dari kantor, atau buka sif dulu."))
        must_be_open_shift(act, shift.id)
    desk = select(Desk.id).where(Desk.showroom_id == user.showroom_id, Desk.kind == "office").order_by(Desk.id)
    wanted = [("office", user.showroom_id), ("bank", user.showroom_id), ("drawer", shift.id if shift else 0)]
    found = book.accounts(act.conn, wanted)
    return {
        "office": found[wanted[0]], "transfer": found[wanted[1]], "drawer": found.get(wanted[2]),
        "desk_id": int(act.conn.execute(desk.limit(1)).scalar_one()), "shift_id": shift.id if shift else None,
    }  # fmt: skip


def _why_not(one: Pay, crafter: AnyRow, due: int) -> str:
    if not crafter.active:
        return _("%(name)s tidak aktif. Aktifkan dulu di halaman Perajin.", name=crafter.name)
    if one.method == "transfer" and not crafter.bank_account:
        return no_account(crafter.name)
    if due <= 0:
        return _("%(name)s tidak punya saldo yang bisa dibayar.", name=crafter.name)
    if due != one.amount:
        return another_sum(crafter.name, due)
    return ""


def no_account(name: str) -> str:
    """What is said where a transfer has nowhere to go."""
    return _("%(name)s belum punya nomor rekening. Isi dulu di halaman Perajin, atau bayar tunai.", name=name)


def another_sum(name: str, due: int) -> str:
    """What is said where a screen showed another sum than is due now."""
    return _("Saldo %(name)s sekarang %(amount)s. Periksa, lalu bayar lagi.", name=name, amount=format_rupiah(due))


def _write(
    act: Act, one: Pay, crafter: AnyRow, postings: list[Unsettled], rest: list[Unsettled],
    batch_id: int, source: dict[str, Any],
) -> int:  # fmt: skip
    moves = rupiah(crafter.account_id, source[one.method], one.amount)
    posted = book.post(act, desk_id=source["desk_id"], kind="payout", moves=moves)
    paid = [(posting.entry_id, posting.line) for posting in postings]
    settle.settle(act.conn, crafter.account_id, paid, posted.entry_id, rest)
    bank = bank_words(crafter.bank_name, crafter.bank_account)
    values = {
        "showroom_id": crafter.showroom_id, "batch_id": batch_id, "desk_id": source["desk_id"],
        "number": book.next_number(act.conn, source["desk_id"], "payout"), "crafter_id": crafter.id,
        "entry_id": posted.entry_id, "user_id": act.actor_id, "at": act.at, "amount": one.amount, "method": one.method,
        "shift_id": source["shift_id"] if one.method == "drawer" else None, "crafter_name": crafter.name,
        "reference": one.reference[:REFERENCE_MAX], "bank": bank if one.method == "transfer" else "",
        "received_by": one.received_by[:NAME_MAX], "relation": one.relation[:NAME_MAX],
    }  # fmt: skip
    return int(act.conn.execute(insert(Payout).returning(Payout.id), values).scalar_one())


def bank_words(bank: str, account: str) -> str:
    """A bank account as it is printed, all but its end hidden: BRI ••4412."""
    digits = account.replace(" ", "")
    return f"{bank} ••{digits[-4:]}".strip() if digits else ""


def payout_row(conn: Connection, payout_id: int, showroom_id: int) -> AnyRow:
    """A payout of a showroom; of another there is none."""
    query = select(Payout.__table__, Desk.code).join(Desk, Desk.id == Payout.desk_id).where(Payout.id == payout_id)
    row = conn.execute(query).first()
    if row is None or row.showroom_id != showroom_id:
        raise NotHere
    return row
