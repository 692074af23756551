"""Refunds and voids: lines of a sale undone, the very same split reversed, the money given back as it came."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy import insert, select

from showroom_app.extensions import AnyRow
from showroom_app.ledger import book
from showroom_app.ledger.act import Act, begin_act, verb
from showroom_app.ledger.book import Move, rupiah
from showroom_app.lib.clock import jakarta_date
from showroom_app.lib.money import format_rupiah
from showroom_app.lib.refusal import NotHere, Refusal
from showroom_app.people import activity
from showroom_app.sales.checkout import REFERENCE_MAX, REFERENCE_NEEDED, must_be_open_shift
from showroom_app.sales.models import Sale, SaleLine
from showroom_app.sales.money_models import Refund, RefundLine, RefundPayment, RefundService, RefundShare
from showroom_app.sales.refundable import Back, Left, left_of, work_out
from showroom_app.sales.shares import crafters_of
from showroom_app.sales.shift import DRAWER, shift_of
from showroom_app.stock.models import Item
from showroom_app.venues.venue import stand_of
from showroom_app.web.access import MANAGER, SignedIn

REASON_MAX = 120


@dataclass(frozen=True, slots=True)
class Asked:
    """What is to be given back: position -> (pieces, 'shelf' or 'damaged'), services by position, and by which tender
    how much (empty: as it came, cash first)."""

    lines: Mapping[int, tuple[int, str]]
    services: tuple[int, ...]
    money: Mapping[str, int]
    reason: str
    kind: str = "refund"
    reference: str = ""


@verb
def refund(
    sale_id: int, asked: Asked, user: SignedIn, request_id: str,
    *, approver: SignedIn | None = None, total: int | None = None, at: datetime | None = None,
) -> int:  # fmt: skip
    """Give back pieces and services of a sale and return the refund's id.

    `total` is the money that the screen showed: refuses when it is another by now. Refuses more than was sold, also
    when two try at once; a service that is not refundable; another tender than it was paid by; more cash than lies
    in the drawer; and, without a manager, what is not from today or above the attendant's limit.
    """
    content = {
        "sale": sale_id, "lines": {str(k): list(v) for k, v in asked.lines.items()}, "services": list(asked.services),
        "money": dict(asked.money), "reason": asked.reason, "kind": asked.kind, "approver": approver and approver.id,
        "total": total, "reference": asked.reference,
    }  # fmt: skip
    act = begin_act("refund", request_id, content, user.id, at)
    if act.repeated:
        return int(act.result["refund_id"])
    shift = _hold(act, sale_id, user, [line for line, (_pieces, place) in asked.lines.items() if place == "damaged"])
    left = left_of(act.conn, sale_id)
    back = work_out(left, asked.lines, asked.services, asked.money, whole=asked.kind == "void")
    if not asked.reason:
        raise Refusal(_("Tulis alasannya, misalnya cacat atau salah hitung."), "reason")
    if total is not None and back.money_total != total:
        now_due = format_rupiah(back.money_total)
        raise Refusal(_("Jumlahnya sekarang %(amount)s. Periksa lagi, lalu tekan sekali lagi.", amount=now_due))
    if set(back.money) & set(REFERENCE_NEEDED) and not asked.reference.strip():
        raise Refusal(_("Isi nama penerima atau nomor referensinya, supaya bisa dicari di bank."), "reference")
    approved_by = _yes(left, back, user, approver, act.at)
    with book.floors_held(lambda: Refusal(_("Uang tunai di laci kurang. Tambah dulu uang ke laci dari kantor."))):
        refund_id = _write(act, left, back, asked, shift, approved_by)
    return int(act.commit(refund_id=refund_id)["refund_id"])


def _hold(act: Act, sale_id: int, user: SignedIn, damaged: Sequence[int]) -> AnyRow:
    """Hold the sale, this user's open shift, the items of lines that come back damaged (what of those is paid for is
    looked up by who holds the item), and its crafters' balances: whether a crafter was paid for a piece can't change
    from here on. Returns the shift."""
    held = act.conn.execute(select(Sale.showroom_id).where(Sale.id == sale_id).with_for_update()).first()
    if held is None or held.showroom_id != user.showroom_id:
        raise NotHere
    shift: AnyRow | None = shift_of(user.id)
    if shift is None:
        raise Refusal(_("Buka sif dulu di halaman Kasir: uangnya keluar dari laci Anda."))
    must_be_open_shift(act, shift.id)
    lines = select(SaleLine.item_id).where(SaleLine.sale_id == sale_id, SaleLine.position.in_(damaged))
    act.conn.execute(select(Item.id).where(Item.id.in_(lines)).order_by(Item.id).with_for_update()).all()
    theirs = crafters_of(act.conn, sale_id)
    book.hold(act.conn, book.accounts(act.conn, [("crafter", crafter) for crafter in theirs]).values())
    return shift


def needs_manager(left: Left, back: Back, user: SignedIn, at: datetime) -> str:
    """Why a manager must say yes to a refund, in one sentence; empty when this user may go alone."""
    if user.role == MANAGER:
        return ""
    if jakarta_date(left.sale.at) != jakarta_date(at):
        return _("Penjualan ini bukan dari hari ini. Perlu persetujuan pengelola.")
    limit = left.sale.refund_rupiah_max
    if left.money_back + back.money_total > limit:
        return _("Di atas batas petugas, %(amount)s. Perlu persetujuan pengelola.", amount=format_rupiah(limit))
    return ""


def _yes(left: Left, back: Back, user: SignedIn, approver: SignedIn | None, at: datetime) -> int | None:
    sentence = needs_manager(left, back, user, at)
    if not sentence:
        return None
    if approver is None or approver.role != MANAGER or approver.showroom_id != user.showroom_id:
        raise Refusal(sentence, "approval")
    return approver.id


def _write(act: Act, left: Left, back: Back, asked: Asked, shift: AnyRow, approved_by: int | None) -> int:
    sale = left.sale
    moves = _moves(act, left, back, shift)
    reference = asked.reference[:REFERENCE_MAX] if set(back.money) - {"cash"} else ""
    posted = book.post(
        act, desk_id=shift.desk_id, kind=asked.kind, moves=moves, reverses_id=sale.entry_id, memo=reference
    )
    values = {
        "showroom_id": sale.showroom_id, "desk_id": shift.desk_id, "shift_id": shift.id, "sale_id": sale.id,
        "number": book.next_number(act.conn, shift.desk_id, "refund"), "entry_id": posted.entry_id,
        "user_id": act.actor_id, "approved_by": approved_by, "at": act.at, "kind": asked.kind,
        "reason": asked.reason[:REASON_MAX], "total": back.total, "rounding": back.money_total - back.total,
    }  # fmt: skip
    refund_id = int(act.conn.execute(insert(Refund).returning(Refund.id), values).scalar_one())
    _write_rows(act, sale, refund_id, back, reference)
    if approved_by is not None:
        told = {"sale": sale.id, "amount": back.money_total, "reason": asked.reason}
        activity.note(act.conn, sale.showroom_id, approved_by, "approval", f"refund:{refund_id}", after=told, at=act.at)
    return refund_id


def _write_rows(act: Act, sale: AnyRow, refund_id: int, back: Back, reference: str) -> None:
    """What came back, shares of joint work, services, and money by tender."""
    lines = [
        {
            "refund_id": refund_id, "position": i, "sale_id": sale.id, "sale_position": line.position, "at": act.at,
            "item_id": line.item_id, "crafter_id": line.crafter_id, "quantity": line.quantity, "net": line.net,
            "crafter_share": line.crafter, "showroom_share": line.net - line.crafter, "borne": line.borne,
            "place": line.place, "joint": line.joint,
        }
        for i, line in enumerate(back.lines, 1)
    ]  # fmt: skip
    services = [
        {"refund_id": refund_id, "sale_id": sale.id, "sale_position": s.position, "amount": s.amount, "payee": s.payee}
        for s in back.services
    ]
    payments = [
        {
            "refund_id": refund_id, "tender": tender, "amount": amount,
            "reference": "" if tender == "cash" else reference,
        }
        for tender, amount in back.money.items()
    ]  # fmt: skip
    shares = [
        {"refund_id": refund_id, "position": i, "at": act.at, **asdict(part)}
        for i, line in enumerate(back.lines, 1)
        if line.joint
        for part in line.parts
    ]
    for table, rows in (
        (RefundLine, lines),
        (RefundShare, shares),
        (RefundService, services),
        (RefundPayment, payments),
    ):
        if rows:
            act.conn.execute(insert(table), rows)


def _moves(act: Act, left: Left, back: Back, shift: AnyRow) -> list[Move]:
    """The sale's own postings turned round for what comes back, into this shift's drawer and never a closed one's."""
    sale, wanted = left.sale, ("buyers", "shelf", "damaged", "commission", "service", "driver", "rounding", "loss")
    of_room = [(kind, sale.showroom_id) for kind in wanted]
    of_shift = [(kind, shift.id) for kind in DRAWER.values()]
    of_crafters = [("crafter", crafter) for crafter in {part.crafter_id for line in back.lines for part in line.parts}]
    found = book.accounts(act.conn, [*of_room, *of_shift, *of_crafters])
    room = {kind: found[kind, sale.showroom_id] for kind in wanted}
    room["shelf"] = stand_of(act.conn, shift.desk_id, sale.showroom_id)  # what is whole stands where it came back
    buyers = room["buyers"]
    moves = [Move(line.item_id, room[line.place], buyers, line.quantity) for line in back.lines]
    for part in (part for line in back.lines for part in line.parts):
        crafter = found["crafter", part.crafter_id]
        moves += rupiah(crafter, buyers, part.amount)
        moves += rupiah(room["loss"], crafter, part.borne)
    share = sum(line.net - line.crafter for line in back.lines)
    moves += rupiah(room["commission"], buyers, max(share, 0)) + rupiah(buyers, room["commission"], max(-share, 0))
    for service in back.services:
        moves += rupiah(room["service" if service.payee == "showroom" else "driver"], buyers, service.amount)
    for tender, amount in back.money.items():
        moves += rupiah(buyers, found[DRAWER[tender], shift.id], amount)
    rounding = back.money_total - back.total
    moves += rupiah(room["rounding"], buyers, max(rounding, 0)) + rupiah(buyers, room["rounding"], max(-rounding, 0))
    return moves
