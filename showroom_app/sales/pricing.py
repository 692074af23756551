"""What a basket comes to: its lines after discounts, who gets what, services, and what needs a manager's yes."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import Connection, bindparam, case, func, select

from showroom_app.extensions import AnyRow
from showroom_app.ledger.models import Account, Balance
from showroom_app.lib.money import Bearer, Borne, Split, Terms, divide, format_rupiah, round_cash, share_of, spread
from showroom_app.people.models import Crafter, Desk
from showroom_app.prepared import Prepared
from showroom_app.sales.models import Basket, BasketLine, BasketService
from showroom_app.stock.models import Item, Product
from showroom_app.venues.models import Venue

# From where its desk sells: the venue's stand, else the showroom's shelf.
STAND = (
    select(Account.id)
    .select_from(Basket)
    .join(Desk, Desk.id == Basket.desk_id)
    .outerjoin(Venue, Venue.desk_id == Basket.desk_id)
    .join(
        Account,
        (Account.kind == case((Venue.id.is_(None), "shelf"), else_="venue"))
        & (Account.owner_id == func.coalesce(Venue.id, Desk.showroom_id)),
    )
    .where(Basket.id == bindparam("basket"))
    .correlate(None)
    .scalar_subquery()
)
_LINES = (
    select(
        BasketLine.item_id, BasketLine.quantity, BasketLine.version, BasketLine.price.label("set_price"),
        BasketLine.discount_bps, BasketLine.discount_rupiah, BasketLine.discount_bearer, BasketLine.discount_reason,
        Item.code, Item.price, Item.lowest_price, Item.terms_kind, Item.commission_bps, Item.net_price, Item.crafter_id,
        Item.quantity.label("lot"), Item.line_id, Item.joint, Product.name, Product.category, Product.photo,
        Crafter.name.label("crafter_name"),
        STAND.label("stand"), func.coalesce(Balance.amount, 0).label("on_shelf"),
    )
    .join(Item, Item.id == BasketLine.item_id)
    .join(Product, Product.id == Item.product_id)
    .join(Crafter, Crafter.id == Item.crafter_id)
    .outerjoin(Balance, (Balance.unit == Item.id) & (Balance.account_id == STAND))
    .where(BasketLine.basket_id == bindparam("basket"))
)  # fmt: skip
_NEWEST_FIRST = Prepared(_LINES.order_by(BasketLine.version.desc(), BasketLine.item_id))
_BY_ITEM_LOCKED = Prepared(_LINES.order_by(Item.id).with_for_update(of=Item))
_SERVICES = Prepared(
    select(
        BasketService.position, BasketService.kind, BasketService.name, BasketService.amount, BasketService.payee
    ).where(BasketService.basket_id == bindparam("basket")).order_by(BasketService.position)
)  # fmt: skip


@dataclass(slots=True)
class Line:
    """One line of a basket with its price, discounts and split, in rupiah."""

    item: Any
    price: int
    borne: Borne
    split: Split
    reason: str

    @property
    def gross(self) -> int:
        """Before discounts."""
        return self.price * int(self.item.quantity)


@dataclass(slots=True)
class Figures:
    """A basket worked out. `total` is what the buyer owes before cash rounding."""

    lines: list[Line]
    services: list[AnyRow]
    gross: int
    discount: int
    service_total: int
    total: int
    cash_total: int

    @property
    def pieces(self) -> int:
        """How many pieces are in it."""
        return sum(line.item.quantity for line in self.lines)


def view_lines(conn: Connection, basket_id: int) -> list[AnyRow]:
    """The basket's lines, newest first, each with the item's price and how many stand where its desk sells from."""
    return _NEWEST_FIRST.rows(conn, basket=basket_id)


def figures(conn: Connection, basket: AnyRow, *, lock: bool = False) -> Figures:
    """Work a basket out. `basket` has its discount and the showroom's rules; `lock` holds the items for a sale."""
    rows = (_BY_ITEM_LOCKED if lock else _NEWEST_FIRST).rows(conn, basket=basket.id)
    services = _SERVICES.rows(conn, basket=basket.id)
    lines = priced(rows, basket)
    service_total = sum(service.amount for service in services)
    total = sum(line.split.net for line in lines) + service_total
    return Figures(
        lines, services, sum(line.gross for line in lines), sum(line.borne.total for line in lines),
        service_total, total, round_cash(total, basket.cash_rounding),
    )  # fmt: skip


def priced(rows: Sequence[AnyRow], basket: AnyRow) -> list[Line]:
    """The lines' prices, discounts (their own, and their part of the basket's) and splits. However they are sorted,
    each line's part of the basket's discount is the same."""
    order = sorted(range(len(rows)), key=lambda i: rows[i].item_id)
    left = [_left(rows[i]) for i in order]
    parts = dict(zip(order, spread(discount_of(basket, sum(left)), left), strict=True))
    return [_line(row, basket, parts[i]) for i, row in enumerate(rows)]


def left_to_pay(rows: Sequence[AnyRow]) -> int:
    """What some lines come to before the basket's own discount."""
    return sum(map(_left, rows))


def _gross(row: AnyRow) -> int:
    return int((row.price if row.set_price is None else row.set_price) * row.quantity)


def _left(row: AnyRow) -> int:
    return _gross(row) - discount_of(row, _gross(row))


def _line(row: AnyRow, basket: AnyRow, part: int) -> Line:
    usual: Bearer = basket.usual_bearer
    price, own = row.price if row.set_price is None else row.set_price, discount_of(row, _gross(row))
    amounts = {"shared": 0, "showroom": 0, "crafter": 0}
    amounts[row.discount_bearer or usual] += own
    amounts[basket.discount_bearer or usual] += part
    # At a net price the crafter gets what was agreed, so a discount is the showroom's, whoever was named.
    borne = Borne(showroom=own + part) if row.terms_kind == "net_price" else Borne(**amounts)
    terms = Terms(row.terms_kind, row.commission_bps, row.net_price)
    reasons = [row.discount_reason if own or price != row.price else "", basket.discount_reason if part else ""]
    reason = "; ".join(dict.fromkeys(filter(None, reasons)))
    return Line(row, price, borne, divide(terms, price, row.quantity, borne), reason)


def discount_of(given: AnyRow, gross: int) -> int:
    """The rupiah of a line's or basket's discount; never more than there is (goods may have been taken out since)."""
    if given.discount_bps:
        return share_of(gross, given.discount_bps)
    return min(int(given.discount_rupiah), gross)


def lowest_alone(line: AnyRow, discount_bps_max: int, bearer: Bearer) -> int:
    """ "Boleh kurang?": down to how much a piece of a line the attendant may go alone, in rupiah: the price agreed with
    the crafter at intake, else the showroom's limit; never so low that who bears it would have to pay for the sale."""
    return min(int(line.price), max(_limit(line, discount_bps_max), _bearable(line, bearer)))


def _limit(line: AnyRow, discount_bps_max: int) -> int:
    if line.lowest_price is None:
        gross = line.price * line.quantity
        return _per_piece(line, gross - share_of(gross, discount_bps_max))
    return int(line.lowest_price)


def _per_piece(line: AnyRow, least: int) -> int:
    """The lowest price a piece that brings at least so much for the line: a rate is taken of the line, not of each
    piece, so an odd rupiah is rounded up."""
    return int(-(-least // line.quantity))


def _bearable(line: AnyRow, bearer: Bearer) -> int:
    """The lowest price a piece that leaves who bears the discount at zero."""
    if line.terms_kind == "net_price":
        return int(line.net_price)
    gross = line.price * line.quantity
    share = share_of(gross, line.commission_bps)
    return _per_piece(line, {"shared": 0, "showroom": gross - share, "crafter": share}[bearer])


def _lowest_line(item: AnyRow, discount_bps_max: int) -> int:
    """Down to how much the attendant may go alone with a whole line, by the limit and what was agreed. A percentage is
    taken of the line, not of each piece; and where a basket's discount is spread, one line may have to take the odd
    rupiah."""
    pieces = int(item.quantity)
    agreed = item.net_price if item.terms_kind == "net_price" else 0
    if item.lowest_price is not None:
        return int(min(item.price, max(item.lowest_price, agreed)) * pieces)
    gross = item.price * pieces
    return max(int(gross - share_of(gross, discount_bps_max) - 1), int(agreed * pieces))


def too_much(line: Line) -> str:
    """Why a line can't be sold at all, whoever says yes: its crafter would have to pay for it. Else empty."""
    if line.split.crafter >= 0:
        return ""
    return _("Diskon untuk %(name)s lebih besar dari bagian perajin. Kurangi, atau ganti yang menanggung.",
             name=line.item.name)  # fmt: skip


def showroom_share(lines: Sequence[Line]) -> int:
    """What the showroom gets of some lines, in rupiah; below zero it pays for the sale."""
    return sum(line.split.showroom for line in lines)


def is_approved(basket: AnyRow, lines: Sequence[Line]) -> bool:
    """Whether a manager said yes to this very basket, and to the split that it has by the rules of now."""
    seen = basket.approved_version == basket.version and basket.approved_share == showroom_share(lines)
    return basket.approved_by is not None and seen


def approval(lines: Sequence[Line], discount_bps_max: int) -> dict[str, Any]:
    """What the activity log keeps of a manager's yes to a sale: why it was needed, and what it allows."""
    return {
        "why": needs_manager(lines, discount_bps_max), "change": _concessions(lines),
        "showroom_share": showroom_share(lines),
    }  # fmt: skip


def _concessions(lines: Sequence[Line]) -> str:
    """What was conceded on some lines, in words for the log: from which price to which, and why."""
    told = []
    for line in lines:
        before, after = line.item.price * line.item.quantity, line.split.net
        if before != after:
            words = f"{line.item.name}: {format_rupiah(before)} → {format_rupiah(after)}"
            told.append(f"{words} ({line.reason})" if line.reason else words)
    return "; ".join(told)


def needs_manager(lines: Sequence[Line], discount_bps_max: int) -> str:
    """Why a manager has to say yes to a sale, in one sentence; empty when the attendant may go alone."""
    for line in lines:
        item = line.item
        if line.split.showroom < 0:
            return _("Bagian galeri untuk %(name)s di bawah nol. Minta pengelola yang menyelesaikan.", name=item.name)
        if line.price != item.price:
            return _("Harga %(name)s diubah. Perlu persetujuan pengelola.", name=item.name)
        if line.borne.total and line.split.net < _lowest_line(item, discount_bps_max):
            return _("Diskon untuk %(name)s melebihi batas petugas. Perlu persetujuan pengelola.", name=item.name)
    return ""
