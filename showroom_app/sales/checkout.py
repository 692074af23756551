"""Checkout: a basket becomes a sale, once, in one transaction."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any, Literal

from flask_babel import gettext as _
from sqlalchemy import bindparam, insert, text

from showroom_app.extensions import AnyRow, reading, rollback
from showroom_app.ledger import book
from showroom_app.ledger.act import Act, begin_act, verb
from showroom_app.ledger.book import Move, rupiah
from showroom_app.lib.money import PRICE_MAX, format_rupiah, round_cash
from showroom_app.lib.refusal import Refusal
from showroom_app.people import activity
from showroom_app.prepared import Prepared
from showroom_app.sales import basket as baskets
from showroom_app.sales.models import Payment, Sale, SaleLine, SaleService, SaleShare
from showroom_app.sales.pricing import (
    Figures,
    Line,
    approval,
    figures,
    is_approved,
    needs_manager,
    too_much,
    view_lines,
)
from showroom_app.sales.shares import parts_of
from showroom_app.sales.shift import DRAWER
from showroom_app.sales.whereabouts import gone
from showroom_app.stock import joint
from showroom_app.stock.joint import Part
from showroom_app.web.access import MANAGER, SignedIn

Tender = Literal["cash", "qris", "transfer", "card"]
REFERENCE_MAX = 60
# Money that nobody can count must be found again at the bank. (QRIS shows on the showroom's own phone.)
REFERENCE_NEEDED = ("transfer", "card")


@dataclass(frozen=True, slots=True)
class Tendered:
    """Money handed over: `received` rupiah by one tender. Only cash may be more than what is due."""

    tender: Tender
    received: int
    reference: str = ""


@dataclass(frozen=True, slots=True)
class Paid:
    """The payments of a sale, and what cash rounding added to its total (or took off)."""

    payments: list[dict[str, Any]]
    rounding: int


_ACCOUNTS = Prepared(
    text(
        "SELECT kind, owner_id, id FROM account WHERE"
        " (kind IN ('buyers', 'commission', 'rounding', 'service', 'driver') AND owner_id = :showroom)"
        " OR (kind IN ('drawer', 'qris', 'transfer', 'card') AND owner_id = :shift)"
        " OR (kind = 'crafter' AND owner_id IN (SELECT i.crafter_id FROM item i"
        " JOIN basket_line l ON l.item_id = i.id WHERE l.basket_id = :basket UNION SELECT m.crafter_id FROM maker m"
        " JOIN item i ON i.line_id = m.line_id AND i.joint JOIN basket_line l ON l.item_id = i.id"
        " WHERE l.basket_id = :basket))"
    )
)
_SELL = Prepared(
    text("UPDATE basket SET status = 'sold', changed_at = :at WHERE id = :basket").bindparams(
        bindparam("at", type_=Sale.at.type)
    )
)
_SHIFT = Prepared(text("SELECT id FROM shift WHERE id = :shift AND closed_at IS NULL"))
# While sales are written, closing the shift waits; sales at other desks do not.
_SHIFT_SHARED = Prepared(text("SELECT id FROM shift WHERE id = :shift AND closed_at IS NULL FOR SHARE"))
_INSERT_SALE = Prepared(insert(Sale).returning(Sale.id))
_INSERT_LINES = Prepared(insert(SaleLine))
_INSERT_SHARES = Prepared(insert(SaleShare))
_INSERT_SERVICES = Prepared(insert(SaleService))
_INSERT_PAYMENTS = Prepared(insert(Payment))


@verb
def complete(
    basket_id: int, tendered: Sequence[Tendered], user: SignedIn, request_id: str,
    *, version: int, total: int, at: datetime | None = None,
) -> int:  # fmt: skip
    """Sell what is in the basket and return the sale's id.

    `version` and `total` are what the screen showed: refuses when the basket changed since. Refuses too little
    money, change from anything but cash, a sale at the showroom's loss, and pieces that are gone (naming who
    sold them). Pressed twice, sent again or from an old page, it makes one sale.
    """
    content = {
        "basket": basket_id,
        "tendered": [asdict(t) for t in tendered],
        "version": version,
        "total": total,
    }
    act = begin_act("checkout", request_id, content, user.id, at)
    if act.repeated:
        return int(act.result["sale_id"])
    basket = baskets.mine(act.conn, basket_id, user, lock=True)
    baskets.must_be_open(basket)
    must_be_open_shift(act, basket.shift_id)
    told = _worked_out(act, basket)
    act.holds()
    approved_by = _must_be_as_seen(basket, told, version, total, user)
    paid = _payments(tendered, total, basket)
    with book.floors_held(lambda: _last_piece_gone(basket_id)):
        sale_id = _write(act, basket, told, paid, approved_by)
    if approved_by == user.id:  # at another's till their yes is in the log already
        why = approval(told.lines, basket.discount_bps_max)
        activity.note(act.conn, user.showroom_id, user.id, "approval", f"sale:{sale_id}", after=why, at=act.at)
    return int(act.commit(sale_id=sale_id)["sale_id"])


def must_be_open_shift(act: Act, shift_id: int) -> None:
    """Hold a shift open until this act is over; nothing is written into a closed one."""
    query = _SHIFT if act.conn.dialect.name == "sqlite" else _SHIFT_SHARED
    if query.first(act.conn, shift=shift_id) is None:
        raise Refusal(_("Sif Anda sudah ditutup. Buka halaman Kasir lagi."))


def _worked_out(act: Act, basket: AnyRow) -> Figures:
    """The basket's figures, its items held for this sale. Refuses an empty basket and pieces that are gone."""
    told = figures(act.conn, basket, lock=True)
    if not told.lines:
        raise Refusal(_("Keranjang masih kosong. Pindai barangnya dulu."))
    if any(line.item.on_shelf < line.item.quantity for line in told.lines):
        rollback()
        raise _last_piece_gone(basket.id)
    return told


def _last_piece_gone(basket_id: int) -> Refusal:
    """Look up, in a new transaction, which piece is gone and who sold it."""
    for line in view_lines(reading(), basket_id):
        if line.on_shelf == 0:
            return gone(line.item_id, line.name)
        if line.on_shelf < line.quantity:
            sentence = _("%(name)s tinggal %(n)s buah di rak. Kurangi jumlahnya.", name=line.name, n=line.on_shelf)
            return Refusal(sentence)
    return Refusal(_("Isi keranjang berubah. Periksa lagi, lalu selesaikan."))


def _must_be_as_seen(basket: AnyRow, told: Figures, version: int, total: int, user: SignedIn) -> int | None:
    """Refuses a basket that changed since it was shown, and one that needs a manager's yes and has none.
    Returns who said yes, where one was needed."""
    if basket.version != version or told.total != total:
        raise Refusal(
            _(
                "Keranjang berubah di layar lain. Totalnya sekarang %(total)s. Periksa lagi.",
                total=format_rupiah(told.total),
            )
        )
    for line in told.lines:
        if sentence := too_much(line):
            raise Refusal(sentence)
    sentence = needs_manager(told.lines, basket.discount_bps_max)
    if not sentence:
        return None
    if user.role == MANAGER:
        return user.id
    if not is_approved(basket, told.lines):
        raise Refusal(sentence, "approval")
    return int(basket.approved_by)


def _payments(tendered: Sequence[Tendered], total: int, basket: AnyRow) -> Paid:
    """What each tender pays of the total. Cash pays what the others leave, rounded as the showroom rounds cash;
    change comes out of cash only, so cash is posted net of it."""
    received = sum(t.received for t in tendered)
    if not tendered or any(t.received < 0 for t in tendered) or received > 10 * PRICE_MAX:
        raise Refusal(_("Isi uang yang diterima, misalnya %(total)s.", total=format_rupiah(total)), "received")
    if not {t.tender for t in tendered} <= set(basket.tenders.split(",")):
        raise Refusal(_("Cara bayar ini tidak dipakai di galeri ini. Pilih yang lain."), "tender")
    others = [t for t in tendered if t.tender != "cash" and t.received]
    if any(t.tender in REFERENCE_NEEDED and not t.reference for t in others):
        raise Refusal(_("Isi nama pengirim atau nomor referensinya, supaya bisa dicari di bank."), "reference")
    cash, rest = received - sum(t.received for t in others), total - sum(t.received for t in others)
    if rest < 0 or (rest == 0 and cash):
        raise Refusal(_("Kembalian hanya dari uang tunai. Isi jumlah pas untuk QRIS dan transfer."), "received")
    by_cash = any(t.tender == "cash" for t in tendered)
    due = round_cash(rest, basket.cash_rounding) if by_cash else rest
    if due and not received:
        raise Refusal(_("Isi uang yang diterima, misalnya %(total)s.", total=format_rupiah(total)), "received")
    if cash < due:
        short = format_rupiah(due - cash)
        raise Refusal(_("Uangnya kurang %(amount)s. Periksa lagi jumlahnya.", amount=short), "received")
    payments = [
        {"tender": t.tender, "amount": t.received, "received": t.received, "change": 0,
         "reference": t.reference[:REFERENCE_MAX]}
        for t in others
    ]  # fmt: skip
    if due:
        payments.insert(0, {"tender": "cash", "amount": due, "received": cash, "change": cash - due, "reference": ""})
    return Paid(payments, due - rest)


def _write(act: Act, basket: AnyRow, told: Figures, paid: Paid, approved_by: int | None) -> int:
    rows = _ACCOUNTS.rows(act.conn, showroom=basket.showroom_id, shift=basket.shift_id, basket=basket.id)
    accounts = {row.kind if row.kind != "crafter" else (row.kind, row.owner_id): row.id for row in rows}
    # References of payments go into the book itself, so that they can be looked up there and in every export.
    memo = "; ".join(p["reference"] for p in paid.payments if p["reference"])
    parts = parts_of(act.conn, told.lines)
    posted = book.post(act, desk_id=basket.desk_id, kind="sale", moves=_moves(told, parts, paid, accounts), memo=memo)
    sale = {
        "showroom_id": basket.showroom_id, "desk_id": basket.desk_id, "shift_id": basket.shift_id,
        "number": book.next_number(act.conn, basket.desk_id, "sale"), "basket_id": basket.id,
        "entry_id": posted.entry_id, "user_id": act.actor_id, "at": act.at, "rounding": paid.rounding,
        "pieces": told.pieces, "total": told.total, "services": told.service_total, "approved_by": approved_by,
        "cash_rounding": basket.cash_rounding,
    }  # fmt: skip
    sale_id = int(_INSERT_SALE.scalar(act.conn, **sale))
    lines = list(enumerate(zip(told.lines, parts, strict=True), 1))
    _INSERT_LINES.run_many(act.conn, [_line_values(act, sale_id, i, line, who) for i, (line, who) in lines])
    shares = [
        {"sale_id": sale_id, "position": i, "crafter_id": one.crafter_id, "at": act.at, "amount": one.amount}
        for i, (line, who) in lines
        if line.item.joint
        for one in who
    ]
    if shares:
        _INSERT_SHARES.run_many(act.conn, shares)
    if told.services:
        _INSERT_SERVICES.run_many(act.conn, [service._asdict() | {"sale_id": sale_id} for service in told.services])
    if paid.payments:
        rows = [{"sale_id": sale_id, "position": i, **p} for i, p in enumerate(paid.payments, 1)]
        _INSERT_PAYMENTS.run_many(act.conn, rows)
    _SELL.run(act.conn, basket=basket.id, at=act.at)
    return sale_id


def _moves(told: Figures, parts: Sequence[Sequence[Part]], paid: Paid, accounts: dict[Any, int]) -> list[Move]:
    """The postings of a sale: goods to the buyers, each crafter's share by line, the showroom's, services, money."""
    buyers, commission = accounts["buyers"], accounts["commission"]
    moves = [Move(line.item.item_id, buyers, line.item.stand, line.item.quantity) for line in told.lines]
    for one in (one for who in parts for one in sorted(who, key=lambda one: one.crafter_id)):
        moves += rupiah(buyers, accounts["crafter", one.crafter_id], one.amount)
    share = sum(line.split.showroom for line in told.lines)
    moves += rupiah(buyers, commission, share) if share > 0 else rupiah(commission, buyers, -share)
    for service in told.services:
        moves += rupiah(buyers, accounts["service" if service.payee == "showroom" else "driver"], service.amount)
    for payment in paid.payments:
        moves += rupiah(accounts[DRAWER[payment["tender"]]], buyers, payment["amount"])
    moves += rupiah(buyers, accounts["rounding"], max(paid.rounding, 0))
    moves += rupiah(accounts["rounding"], buyers, max(-paid.rounding, 0))
    return moves


def _line_values(act: Act, sale_id: int, position: int, line: Line, who: Sequence[Part]) -> dict[str, Any]:
    item, parts = line.item, line.split
    return {
        "sale_id": sale_id, "position": position, "item_id": item.item_id, "crafter_id": item.crafter_id, "at": act.at,
        "name": item.name, "crafter_name": joint.names(who), "joint": item.joint, "quantity": item.quantity,
        "price": line.price,
        "list_price": item.price, "discount": line.borne.total, "discount_showroom": line.borne.showroom,
        "discount_crafter": line.borne.crafter, "discount_reason": line.reason,
        "net": parts.net, "crafter_share": parts.crafter, "showroom_share": parts.showroom,
        "terms_kind": item.terms_kind, "commission_bps": item.commission_bps, "net_price": item.net_price,
    }  # fmt: skip
