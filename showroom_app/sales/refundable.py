"""What of a sale can still be given back, and what giving some of it back comes to."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import Connection, func, select

from showroom_app.extensions import AnyRow
from showroom_app.ledger import settle
from showroom_app.ledger.models import RUPIAH, Account, Posting
from showroom_app.lib.money import format_rupiah, part_of, round_cash
from showroom_app.lib.refusal import Refusal
from showroom_app.people.models import Showroom
from showroom_app.sales.models import Payment, Sale, SaleLine, SaleService
from showroom_app.sales.money_models import Refund, RefundLine, RefundPayment, RefundService
from showroom_app.sales.shares import shares_of

PLACES = ("shelf", "damaged")


@dataclass(frozen=True, slots=True)
class LineLeft:
    """A line of a sale: how many pieces came back before, which crafters were paid for it, and whose shares its
    crafters' share is, where it is joint work."""

    line: AnyRow
    back: int
    paid_to: set[int]
    shares: list[AnyRow]

    @property
    def paid_out(self) -> bool:
        """Whether anyone was paid for it."""
        return bool(self.paid_to)

    @property
    def left(self) -> int:
        """Pieces that can still come back."""
        return int(self.line.quantity) - self.back


@dataclass(frozen=True, slots=True)
class Left:
    """A sale with what is left of it. `money` is what can still be given back by each tender it was paid by."""

    sale: Any
    lines: list[LineLeft]
    services: list[AnyRow]
    services_back: int
    money: dict[str, int]
    returned: dict[str, int]
    value_back: int

    @property
    def money_back(self) -> int:
        """All that was handed back before."""
        return sum(self.returned.values())


@dataclass(frozen=True, slots=True)
class PartBack:
    """What one crafter gives back of a line, in rupiah; `borne` is the same where the showroom bears it."""

    crafter_id: int
    amount: int
    borne: int


@dataclass(frozen=True, slots=True)
class LineBack:
    """Pieces of one line that come back, in rupiah; `parts` is who gives back what of the crafters' share."""

    position: int
    item_id: int
    crafter_id: int
    quantity: int
    place: str
    net: int
    joint: bool
    parts: list[PartBack]

    @property
    def crafter(self) -> int:
        """The crafters' share of them."""
        return sum(part.amount for part in self.parts)

    @property
    def borne(self) -> int:
        """What of it the showroom bears."""
        return sum(part.borne for part in self.parts)


@dataclass(frozen=True, slots=True)
class Back:
    """A refund worked out: `total` is the goods' and services' value, `money` what is handed back by tender."""

    lines: list[LineBack]
    services: list[AnyRow]
    total: int
    money: dict[str, int]

    @property
    def money_total(self) -> int:
        """All that is handed back."""
        return sum(self.money.values())


_RULES = (Showroom.services_refundable, Showroom.refund_rupiah_max, Showroom.paid_refund_bearer)


def left_of(conn: Connection, sale_id: int) -> Left:
    """Read a sale and what was given back of it."""
    query = select(Sale.__table__, *_RULES).join(Showroom, Showroom.id == Sale.showroom_id).where(Sale.id == sale_id)
    sale = conn.execute(query).one()
    lines = conn.execute(
        select(SaleLine.__table__).where(SaleLine.sale_id == sale_id).order_by(SaleLine.position)
    ).all()
    back = _sums(conn, RefundLine.sale_position, RefundLine.quantity, RefundLine.sale_id == sale_id)
    shares = shares_of(conn, sale_id)
    paid = _paid_out(conn, sale.entry_id, lines, shares)
    given = set(conn.execute(select(RefundService.sale_position).where(RefundService.sale_id == sale_id)).scalars())
    of_sale = select(SaleService.__table__).where(SaleService.sale_id == sale_id).order_by(SaleService.position)
    services = conn.execute(of_sale).all()
    money = _sums(conn, Payment.tender, Payment.amount, Payment.sale_id == sale_id)
    refunds = select(Refund.id).where(Refund.sale_id == sale_id)
    returned = _sums(conn, RefundPayment.tender, RefundPayment.amount, RefundPayment.refund_id.in_(refunds))
    value = select(func.coalesce(func.sum(Refund.total), 0)).where(Refund.sale_id == sale_id)
    return Left(
        sale,
        [
            LineLeft(line, back.get(line.position, 0), paid.get(line.position, set()), shares.get(line.position, []))
            for line in lines
        ],
        [service for service in services if service.position not in given],
        sum(service.amount for service in services if service.position in given),
        {tender: amount - returned.get(tender, 0) for tender, amount in money.items()},
        returned, int(conn.execute(value).scalar_one()),
    )  # fmt: skip


def _sums(conn: Connection, key: Any, amount: Any, where: Any) -> dict[Any, int]:
    rows = conn.execute(select(key, func.sum(amount)).where(where).group_by(key))
    return {row[0]: int(row[1]) for row in rows}


def _paid_out(
    conn: Connection, entry_id: int, lines: Sequence[AnyRow], shares: Mapping[int, Sequence[AnyRow]]
) -> dict[int, set[int]]:
    """Position -> the crafters whose share of it was paid out. A sale posts one share after another, in the order of
    its lines, and those of joint work in the order of their crafters."""
    query = (
        select(Posting.line)
        .join(Account, (Account.id == Posting.credit_id) & (Account.kind == "crafter"))
        .where(Posting.entry_id == entry_id, Posting.unit == RUPIAH)
        .order_by(Posting.line)
    )
    shared = [
        (line.position, crafter_id)
        for line in lines
        for crafter_id, amount in whose(line, shares.get(line.position, ()))
        if amount
    ]
    by_posting = dict(zip(((entry_id, line) for line in conn.execute(query).scalars()), shared, strict=True))
    found: dict[int, set[int]] = {}
    for one in settle.is_settled(conn, list(by_posting)) if by_posting else ():
        position, crafter_id = by_posting[one]
        found.setdefault(position, set()).add(crafter_id)
    return found


def whose(line: AnyRow, shares: Sequence[AnyRow]) -> list[tuple[int, int]]:
    """(crafter, rupiah) of everyone who gets something of a sale's line, in the order of their postings."""
    return [(one.crafter_id, one.amount) for one in shares] or [(line.crafter_id, line.crafter_share)]


def work_out(
    left: Left, lines: Mapping[int, tuple[int, str]], services: Sequence[int], money: Mapping[str, int], *, whole: bool
) -> Back:
    """What giving these back comes to. Parts of a line are prorated over all its refunds so that together they are the
    line; the cash is rounded as it was in the sale, and the last refund gives back the rest of what was paid.

    `whole` is a void: everything that is left, services too. Refuses more than is left, and nothing at all.
    """
    if whole:
        lines = {line.line.position: (line.left, lines.get(line.line.position, (0, "shelf"))[1]) for line in left.lines}
        services = [service.position for service in left.services]
    came = [_line_back(left, line, *lines[line.line.position]) for line in left.lines if _asked(lines, line)]
    if services and not (whole or left.sale.services_refundable):
        raise Refusal(_("Jasa tidak dikembalikan di galeri ini. Pengelola bisa mengubahnya di Aturan uang."))
    chosen = [service for service in left.services if service.position in set(services)]
    if not came and not chosen:
        raise Refusal(_("Pilih dulu barang yang dikembalikan."))
    total = sum(line.net for line in came) + sum(service.amount for service in chosen)
    return Back(came, chosen, total, _money(left, total, money))


def _asked(lines: Mapping[int, tuple[int, str]], line: LineLeft) -> bool:
    return bool(lines.get(line.line.position, (0, ""))[0])


def _line_back(left: Left, line: LineLeft, quantity: int, place: str) -> LineBack:
    sold = line.line
    if place not in PLACES or quantity < 0:
        raise Refusal(_("Formulir ini tidak lengkap. Muat ulang halaman, lalu coba lagi."))
    if quantity > line.left:
        if not line.left:
            raise Refusal(_("%(name)s sudah dikembalikan semua.", name=sold.name))
        raise Refusal(_("%(name)s tinggal %(n)s buah yang bisa dikembalikan.", name=sold.name, n=line.left))
    now, before, of = line.back + quantity, line.back, sold.quantity
    net = part_of(sold.net, now, of) - part_of(sold.net, before, of)
    # Who was paid keeps it where the showroom bears it. A damaged piece is then the showroom's, so all its makers do.
    bears = left.sale.paid_refund_bearer == "showroom"
    parts = []
    for crafter_id, share in whose(sold, line.shares):
        amount = part_of(share, now, of) - part_of(share, before, of)
        keeps = bears and (crafter_id in line.paid_to or (place == "damaged" and line.paid_out))
        parts.append(PartBack(crafter_id, amount, amount if keeps else 0))
    return LineBack(sold.position, sold.item_id, sold.crafter_id, quantity, place, net, sold.joint, parts)


def _money(left: Left, total: int, wanted: Mapping[str, int]) -> dict[str, int]:
    """By which tender how much: as asked for, else cash first, then the others; never more than came by each.

    Only cash is rounded, and over all refunds together: what of the value went back otherwise is exact. The last
    refund gives back the rest of what was paid.
    """
    if left.value_back + total == left.sale.total:
        return _rest(left, wanted)
    asked = {tender: amount for tender, amount in wanted.items() if amount} or _cash_first(left, total)
    if any(amount < 0 or amount > left.money.get(tender, 0) for tender, amount in asked.items()):
        raise _not_by_that()
    others = sum(amount for tender, amount in asked.items() if tender != "cash")
    due = others + _cash_due(left, total, others)
    if sum(asked.values()) != due and wanted:
        raise Refusal(_("Uang kembali harus %(amount)s seluruhnya.", amount=format_rupiah(due)), "money")
    return asked


def _not_by_that() -> Refusal:
    return Refusal(
        _("Uang kembali lewat cara bayar yang dipakai waktu itu, paling banyak sejumlah yang dibayar."), "money"
    )


def _rest(left: Left, wanted: Mapping[str, int]) -> dict[str, int]:
    rest = {tender: amount for tender, amount in left.money.items() if amount}
    asked = {tender: amount for tender, amount in wanted.items() if amount}
    if asked and asked != rest:
        raise Refusal(_("Uang kembali harus %(amount)s seluruhnya.", amount=format_rupiah(sum(rest.values()))), "money")
    return rest


def _cash_due(left: Left, total: int, others: int) -> int:
    """The cash to hand back now, when `others` rupiah of this refund go back by other tenders."""
    gone = sum(amount for tender, amount in left.returned.items() if tender != "cash")
    exact = left.value_back + total - gone - others
    step = left.sale.cash_rounding if "cash" in left.money else 0
    return max(0, round_cash(max(exact, 0), step) - left.returned.get("cash", 0))


def _cash_first(left: Left, total: int) -> dict[str, int]:
    cash = min(left.money.get("cash", 0), _cash_due(left, total, 0))
    told = {"cash": cash} if cash else {}
    gone = sum(amount for tender, amount in left.returned.items() if tender != "cash")
    exact = left.value_back + total - gone - left.returned.get("cash", 0) - cash
    if cash == left.money.get("cash", 0):
        for tender in sorted(set(left.money) - {"cash"}):
            amount = max(0, min(exact, left.money[tender]))
            if amount:
                told[tender] = amount
            exact -= amount
    return told
