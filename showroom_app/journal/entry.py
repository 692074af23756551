"""One entry as people understand it: its postings, its cause, its place in the chain, and whether its seal holds."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from flask import url_for
from flask_babel import gettext as _
from sqlalchemy import Connection, literal, or_, select

from showroom_app.extensions import AnyRow, reading
from showroom_app.journal import words
from showroom_app.journal.journal import moved_by
from showroom_app.ledger.book import hash_again
from showroom_app.ledger.models import Account, Desk, Entry, Posting
from showroom_app.lib.refusal import NotHere
from showroom_app.payouts.models import Advance, Payout
from showroom_app.payouts.statement import advance_number, payout_number
from showroom_app.people.models import User
from showroom_app.sales.cash_move import kind_words
from showroom_app.sales.models import Sale
from showroom_app.sales.money_models import CashMove, Refund
from showroom_app.sales.receipt import number_text, slip_number
from showroom_app.stock import hand_back, notes, write_off
from showroom_app.stock.life_models import HandBack, WriteOff
from showroom_app.stock.models import Consignment
from showroom_app.venues import transfer
from showroom_app.venues.models import Arrival, Transfer

LINES = 200
REVERSALS_MAX = 50


@dataclass(frozen=True, slots=True)
class Cause:
    """The paper or the thing behind an entry, with the address of its page; `reason` is what somebody wrote there."""

    words: str
    url: str
    reason: str = ""


_ENTRY = (
    select(
        Entry.__table__, Desk.showroom_id, Desk.code, Desk.name.label("desk_name"), Desk.entry_number,
        User.name.label("actor"),
    )
    .join(Desk, Desk.id == Entry.desk_id)
    .outerjoin(User, User.id == Entry.actor_id)
)  # fmt: skip
_SHORT = select(Entry.id, Entry.number, Entry.kind, Entry.at, Desk.code).join(Desk, Desk.id == Entry.desk_id)


def entry(entry_id: int, showroom_id: int, line: int = 0) -> dict[str, Any]:
    """An entry with its postings after a line, LINES of them. Of another showroom there is none."""
    conn = reading()
    row = conn.execute(_ENTRY.where(Entry.id == entry_id)).first()
    if row is None or row.showroom_id != showroom_id:
        raise NotHere
    postings = _postings(conn, entry_id)
    shown = [posting for posting in postings if posting.line > line][:LINES]
    causes = _CAUSES.get(row.kind, _nothing)(conn, row, postings)
    rupiah, pieces = moved_by(conn, [entry_id])[entry_id]
    return {
        "id": row.id, "number": words.entry_number(row.code, row.number), "at": row.at, "actor": row.actor,
        "kind": words.entry_kinds().get(row.kind, row.kind), "desk_name": row.desk_name, "memo": row.memo,
        "request_id": row.request_id, "lines": _lines(conn, shown), "all_lines": len(postings), "rupiah": rupiah,
        "pieces": pieces, "next_line": shown[-1].line if shown and shown[-1].line < postings[-1].line else None,
        "causes": causes, "reasons": _reasons(row, causes), "hash": row.hash,
        **_chain(conn, row, postings), **_reversals(conn, row),
    }  # fmt: skip


def _postings(conn: Connection, entry_id: int) -> Sequence[AnyRow]:
    query = select(Posting.line, Posting.unit, Posting.debit_id, Posting.credit_id, Posting.amount)
    return conn.execute(query.where(Posting.entry_id == entry_id).order_by(Posting.line)).all()


def _lines(conn: Connection, postings: Sequence[AnyRow]) -> list[dict[str, Any]]:
    names = words.account_names(conn, {account for p in postings for account in (p.debit_id, p.credit_id)})
    goods = words.goods(conn, {p.unit for p in postings})
    return [
        {
            "line": p.line, "item": goods.get(p.unit), "unit": p.unit, "amount": p.amount,
            "debit": names.get(p.debit_id, "?"), "credit": names.get(p.credit_id, "?"),
        }
        for p in postings
    ]  # fmt: skip


def _reasons(row: AnyRow, causes: Sequence[Cause]) -> list[str]:
    """What people wrote about it, each once."""
    return list(dict.fromkeys(filter(None, [row.memo, *(cause.reason for cause in causes)])))


def _chain(conn: Connection, row: AnyRow, postings: Sequence[AnyRow]) -> dict[str, Any]:
    """The entries before and after at the desk, and whether the seal comes out the same when it is made again."""
    query = select(Entry.id, Entry.number, Entry.hash).where(
        Entry.desk_id == row.desk_id, Entry.number.in_([row.number - 1, row.number + 1])
    )
    around = {one.number: one for one in conn.execute(query)}
    before, after = around.get(row.number - 1), around.get(row.number + 1)
    previous_hash = before.hash if before else ""
    made = hash_again(previous_hash, row, [(p.unit, p.debit_id, p.credit_id, p.amount) for p in postings])
    return {
        "matches": made == row.hash and (before is not None or row.number == 1), "previous_hash": previous_hash,
        "previous": _neighbour(row, before), "next": _neighbour(row, after),
    }  # fmt: skip


def _neighbour(row: AnyRow, other: AnyRow | None) -> dict[str, Any] | None:
    return None if other is None else {"id": other.id, "number": words.entry_number(row.code, other.number)}


def _reversals(conn: Connection, row: AnyRow) -> dict[str, Any]:
    """What it undoes, and what undid it (a sale may be undone in parts)."""
    undone = conn.execute(_SHORT.where(Entry.id == row.reverses_id)).all() if row.reverses_id else []
    undoing = conn.execute(_SHORT.where(Entry.reverses_id == row.id).order_by(Entry.id).limit(REVERSALS_MAX)).all()
    return {"reverses": [_short(one) for one in undone], "reversed_by": [_short(one) for one in undoing]}


def _short(row: AnyRow) -> dict[str, Any]:
    kind = words.entry_kinds().get(row.kind, row.kind)
    return {"id": row.id, "number": words.entry_number(row.code, row.number), "kind": kind, "at": row.at}


_Causes = Callable[[Connection, AnyRow, Sequence[AnyRow]], list[Cause]]


def _nothing(_conn: Connection, _row: AnyRow, _postings: Sequence[AnyRow]) -> list[Cause]:
    return []


def _papers(table: Any, told: Callable[[str, int, int], tuple[str, str]]) -> _Causes:
    """Causes that are numbered at a desk; `told` names one by its desk's code, number and id, and says where it is."""

    def found(conn: Connection, row: AnyRow, _postings: Sequence[AnyRow]) -> list[Cause]:
        reason = table.reason if hasattr(table, "reason") else literal("")
        query = select(table.id, table.number, reason.label("reason"), Desk.code).join(Desk, Desk.id == table.desk_id)
        undone = [table.reversal_entry_id == row.id] if hasattr(table, "reversal_entry_id") else []
        rows = conn.execute(query.where(or_(table.entry_id == row.id, *undone)))
        return [Cause(*told(r.code, r.number, r.id), r.reason) for r in rows]

    return found


def _of_shift(conn: Connection, _row: AnyRow, postings: Sequence[AnyRow]) -> list[Cause]:
    """The shift whose drawer was filled or emptied."""
    touched = {account for p in postings for account in (p.debit_id, p.credit_id)}
    owners = select(Account.owner_id).where(Account.id.in_(touched), Account.kind == "drawer")
    named = words.shift_names(conn, conn.execute(owners).scalars())
    return [Cause(name, url_for("shifts.shift", shift_id=shift_id)) for shift_id, name in named.items()]


def _of_cash_move(conn: Connection, row: AnyRow, postings: Sequence[AnyRow]) -> list[Cause]:
    query = select(CashMove.shift_id, CashMove.kind, CashMove.reason).where(CashMove.entry_id == row.id)
    kinds = kind_words()
    moved = [
        Cause(kinds.get(r.kind, r.kind), url_for("shifts.cash", shift_id=r.shift_id), r.reason)
        for r in conn.execute(query)
    ]
    return moved + _of_shift(conn, row, postings)


def _surat_jalan(code: str, number: int, transfer_id: int) -> tuple[str, str]:
    return _("Surat jalan %(number)s", number=transfer.number_text(code, number)), f"/transfers/{transfer_id}"


def _of_arrival(conn: Connection, row: AnyRow, _postings: Sequence[AnyRow]) -> list[Cause]:
    query = select(Transfer.id, Transfer.number, Desk.code).join(Arrival, Arrival.transfer_id == Transfer.id)
    rows = conn.execute(query.join(Desk, Desk.id == Transfer.desk_id).where(Arrival.entry_id == row.id))
    return [Cause(*_surat_jalan(r.code, r.number, r.id)) for r in rows]


_of_refund = _papers(Refund, lambda code, n, i: (_("Struk %(number)s", number=slip_number(code, n)), f"/refunds/{i}"))
_of_payout = _papers(
    Payout, lambda code, n, i: (_("Kuitansi %(number)s", number=payout_number(code, n)), f"/payouts/{i}")
)
_of_advance = _papers(
    Advance, lambda code, n, i: (_("Kasbon %(number)s", number=advance_number(code, n)), f"/advances/{i}")
)
_of_write_off = _papers(
    WriteOff,
    lambda code, n, i: (_("Berita acara %(number)s", number=write_off.number_text(code, n)), f"/write-offs/{i}"),
)
_CAUSES: dict[str, _Causes] = {
    "sale": _papers(
        Sale,
        lambda code, n, i: (_("Struk %(number)s", number=number_text(code, n)), url_for("sales.receipt", sale_id=i)),
    ),
    "refund": _of_refund, "void": _of_refund,
    "intake": _papers(
        Consignment,
        lambda code, n, i: (_("Nota titip %(number)s", number=notes.number_text(code, n)), f"/consignments/{i}"),
    ),
    "hand_back": _papers(
        HandBack,
        lambda code, n, i: (_("Retur titipan %(number)s", number=hand_back.number_text(code, n)), f"/hand-backs/{i}"),
    ),
    "transfer": _papers(Transfer, _surat_jalan),
    "arrival": _of_arrival,
    "shift_open": _of_shift, "shift_close": _of_shift, "cash_move": _of_cash_move, "payout": _of_payout,
    "payout_reversal": _of_payout, "advance": _of_advance, "advance_reversal": _of_advance,
    **dict.fromkeys(("damaged", "lost", "mended", "found"), _of_write_off),
}  # fmt: skip
