"""Checkout: a basket becomes a sale, once, in one transaction."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any, Literal

from flask_babel import gettext as _
from sqlalchemy import Connection, bindparam, func, insert, select, text
from sqlalchemy.exc import IntegrityError

from showroom_app.extensions import AnyRow, reading, rollback
from showroom_app.ledger import book
from showroom_app.ledger.act import Act, begin_act, verb
from showroom_app.ledger.book import Move, rupiah
from showroom_app.ledger.models import Account, Balance
from showroom_app.lib.money import PRICE_MAX, Split, Terms, format_rupiah, split
from showroom_app.lib.refusal import Refusal
from showroom_app.people.models import Crafter
from showroom_app.prepared import Prepared
from showroom_app.sales import basket as baskets
from showroom_app.sales.models import BasketLine, Payment, Sale, SaleLine
from showroom_app.sales.shift import DRAWER
from showroom_app.sales.whereabouts import gone
from showroom_app.stock.models import Item, Product
from showroom_app.web.access import MANAGER, SignedIn

Tender = Literal["cash", "qris", "transfer"]
REFERENCE_MAX = 60
FLOOR = "ck_balance_not_below_floor"


@dataclass(frozen=True, slots=True)
class Tendered:
    """Money handed over: `received` rupiah by one tender. Only cash may be more than what is due."""

    tender: Tender
    received: int
    reference: str = ""


@dataclass(frozen=True, slots=True)
class _Line:
    item: AnyRow
    split: Split


_LINES = Prepared(
    select(
        Item.id, Item.code, Item.price, Item.terms_kind, Item.commission_bps, Item.net_price, Item.crafter_id,
        BasketLine.quantity, Product.name, Crafter.name.label("crafter_name"),
        Account.id.label("shelf"), func.coalesce(Balance.amount, 0).label("on_shelf"),
    )
    .join(BasketLine, BasketLine.item_id == Item.id)
    .join(Product, Product.id == Item.product_id)
    .join(Crafter, Crafter.id == Item.crafter_id)
    .join(Account, (Account.kind == "shelf") & (Account.owner_id == Item.showroom_id))
    .outerjoin(Balance, (Balance.unit == Item.id) & (Balance.account_id == Account.id))
    .where(BasketLine.basket_id == bindparam("basket"))
    .order_by(Item.id)
    .with_for_update(of=Item)
)  # fmt: skip
_ACCOUNTS = Prepared(
    text(
        "SELECT kind, owner_id, id FROM account WHERE (kind IN ('buyers', 'commission') AND owner_id = :showroom)"
        " OR (kind IN ('drawer', 'qris', 'transfer') AND owner_id = :shift)"
        " OR (kind = 'crafter' AND owner_id IN (SELECT i.crafter_id FROM item i"
        " JOIN basket_line l ON l.item_id = i.id WHERE l.basket_id = :basket))"
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
    shift = _SHIFT if act.conn.dialect.name == "sqlite" else _SHIFT_SHARED
    if shift.first(act.conn, shift=basket.shift_id) is None:
        raise Refusal(_("Sif Anda sudah ditutup. Buka halaman Kasir lagi."))
    lines = _priced(act.conn, basket_id)
    _must_be_as_seen(basket, lines, version, total, user)
    payments = _payments(tendered, total)
    try:
        sale_id = _write(act, basket, lines, payments)
    except IntegrityError as error:
        if FLOOR not in str(error.orig):
            raise
        # A floor held: somebody else sold the last piece between our look and our write.
        rollback()
        raise _last_piece_gone(basket_id) from None
    return int(act.commit(sale_id=sale_id)["sale_id"])


def _priced(conn: Connection, basket_id: int) -> list[_Line]:
    """The lines with their split, held for this sale. Refuses an empty basket and pieces that are gone."""
    rows = _LINES.rows(conn, basket=basket_id)
    if not rows:
        raise Refusal(_("Keranjang masih kosong. Pindai barangnya dulu."))
    if any(row.on_shelf < row.quantity for row in rows):
        rollback()
        raise _last_piece_gone(basket_id)
    return [
        _Line(row, split(Terms(row.terms_kind, row.commission_bps, row.net_price), row.price, row.quantity))
        for row in rows
    ]


def _last_piece_gone(basket_id: int) -> Refusal:
    """Look up, in a new transaction, which piece is gone and who sold it."""
    for line in baskets.view_lines(reading(), basket_id):
        if line.on_shelf == 0:
            return gone(line.item_id, line.name)
        if line.on_shelf < line.quantity:
            sentence = _("%(name)s tinggal %(n)s buah di rak. Kurangi jumlahnya.", name=line.name, n=line.on_shelf)
            return Refusal(sentence)
    return Refusal(_("Isi keranjang berubah. Periksa lagi, lalu selesaikan."))


def _must_be_as_seen(basket: AnyRow, lines: Sequence[_Line], version: int, total: int, user: SignedIn) -> None:
    due = sum(line.split.net for line in lines)
    if basket.version != version or due != total:
        raise Refusal(
            _(
                "Keranjang berubah di layar lain. Totalnya sekarang %(total)s. Periksa lagi.",
                total=format_rupiah(due),
            )
        )
    for line in lines:
        if line.split.showroom < 0 and user.role != MANAGER:
            raise Refusal(
                _(
                    "Bagian galeri untuk %(name)s di bawah nol. Minta pengelola yang menyelesaikan.",
                    name=line.item.name,
                )
            )


def _payments(tendered: Sequence[Tendered], total: int) -> list[dict[str, Any]]:
    """What each tender pays of the total. Change comes out of cash only, so cash is posted net of it."""
    received = sum(t.received for t in tendered)
    cash = sum(t.received for t in tendered if t.tender == "cash")
    if not tendered or any(t.received <= 0 for t in tendered) or received > 10 * PRICE_MAX:
        raise Refusal(_("Isi uang yang diterima, misalnya %(total)s.", total=format_rupiah(total)), "received")
    if received < total:
        raise Refusal(
            _("Uangnya kurang %(amount)s. Periksa lagi jumlahnya.", amount=format_rupiah(total - received)), "received"
        )
    change = received - total
    if change and change >= cash:
        raise Refusal(_("Kembalian hanya dari uang tunai. Isi jumlah pas untuk QRIS dan transfer."), "received")
    payments = []
    for t in tendered:
        back = min(change, t.received) if t.tender == "cash" else 0
        change -= back
        if back == t.received:  # given back whole, it paid nothing
            continue
        payments.append({
            "tender": t.tender, "amount": t.received - back, "received": t.received,
            "change": back, "reference": t.reference[:REFERENCE_MAX],
        })  # fmt: skip
    return payments


def _write(act: Act, basket: AnyRow, lines: Sequence[_Line], payments: list[dict[str, Any]]) -> int:
    rows = _ACCOUNTS.rows(act.conn, showroom=basket.showroom_id, shift=basket.shift_id, basket=basket.id)
    accounts = {(row.kind, row.owner_id): row.id for row in rows}
    moves = _moves(basket, lines, payments, accounts)
    posted = book.post(act, desk_id=basket.desk_id, kind="sale", moves=moves)
    sale = {
        "showroom_id": basket.showroom_id, "desk_id": basket.desk_id, "shift_id": basket.shift_id,
        "number": book.next_number(act.conn, basket.desk_id, "sale"), "basket_id": basket.id,
        "entry_id": posted.entry_id, "user_id": act.actor_id, "at": act.at, "rounding": 0,
        "pieces": sum(line.item.quantity for line in lines), "total": sum(line.split.net for line in lines),
    }  # fmt: skip
    sale_id = int(_INSERT_SALE.scalar(act.conn, **sale))
    _INSERT_LINES.run_many(act.conn, [_line_values(act, sale_id, i, line) for i, line in enumerate(lines, 1)])
    _INSERT_PAYMENTS.run_many(act.conn, [{"sale_id": sale_id, "position": i, **p} for i, p in enumerate(payments, 1)])
    _SELL.run(act.conn, basket=basket.id, at=act.at)
    return sale_id


def _moves(
    basket: AnyRow,
    lines: Sequence[_Line],
    payments: list[dict[str, Any]],
    accounts: dict[tuple[str, int], int],
) -> list[Move]:
    """The postings of a sale: goods to the buyers, each crafter's share by line, the showroom's, the money."""
    buyers = accounts["buyers", basket.showroom_id]
    commission = accounts["commission", basket.showroom_id]
    moves = [Move(line.item.id, buyers, line.item.shelf, line.item.quantity) for line in lines]
    for line in lines:
        moves += rupiah(buyers, accounts["crafter", line.item.crafter_id], line.split.crafter)
    share = sum(line.split.showroom for line in lines)
    moves += rupiah(buyers, commission, share) if share > 0 else rupiah(commission, buyers, -share)
    for payment in payments:
        moves += rupiah(accounts[DRAWER[payment["tender"]], basket.shift_id], buyers, payment["amount"])
    return moves


def _line_values(act: Act, sale_id: int, position: int, line: _Line) -> dict[str, Any]:
    item, parts = line.item, line.split
    return {
        "sale_id": sale_id, "position": position, "item_id": item.id, "crafter_id": item.crafter_id, "at": act.at,
        "name": item.name, "crafter_name": item.crafter_name, "quantity": item.quantity, "price": item.price,
        "discount": 0, "net": parts.net, "crafter_share": parts.crafter, "showroom_share": parts.showroom,
        "terms_kind": item.terms_kind, "commission_bps": item.commission_bps, "net_price": item.net_price,
    }  # fmt: skip
