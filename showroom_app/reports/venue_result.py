"""What came of an exhibition, or of goods at another showroom: pieces by what became of them, and money."""

from collections import defaultdict
from typing import Any

from sqlalchemy import Connection, case, func, or_, select
from sqlalchemy.orm import aliased

from showroom_app.extensions import AnyRow, AnySelect, reading
from showroom_app.ledger.models import MOVES_GOODS, Account, Entry, Posting
from showroom_app.people.models import Crafter
from showroom_app.sales.models import Sale, SaleLine, SaleService, SaleShare, Shift
from showroom_app.sales.money_models import CashMove, Refund, RefundLine, RefundService, RefundShare
from showroom_app.stock.life_models import WriteOff
from showroom_app.stock.models import Item
from showroom_app.venues.models import Arrival, Transfer

# What a movement on the venue's account means; sales and refunds are counted by their lines.
_MEANS = {"out": "came", "back": "home", "transfer": "home", "damaged": "harmed", "lost": "harmed"}
PIECES = ("came", "sold", "home", "harmed", "elsewhere", "there", "lost", "lost_before")
MONEY = ("net", "crafter_share", "showroom_share")


def result(venue: AnyRow) -> dict[str, Any]:
    """Pieces and rupiah of a venue in all and by crafter. Sales count at its desk, less what buyers gave back of them
    anywhere; expenses are what was taken out of its drawer for them, compensations what crafters got for what was
    damaged or lost there or on the way; `lost_before` never came there, `lost` was lost on the way home."""
    conn = reading()
    crafters = _pieces(conn, venue.id)
    for crafter_id, sums in _money(conn, venue.desk_id).items():
        crafters[crafter_id] |= sums
    rows = [dict.fromkeys((*PIECES, *MONEY), 0) | told for told in crafters.values()]
    for row in rows:
        _settle(row)
    total = {name: sum(row[name] for row in rows) for name in (*PIECES, *MONEY)}
    services, sales = _services(conn, venue.desk_id), _count_of(conn, venue.desk_id)
    spent, paid = _expenses(conn, venue.desk_id), _compensations(conn, venue.id)
    left = total["showroom_share"] + services - spent - paid
    named = select(Crafter.id, Crafter.name).where(Crafter.id.in_(list(crafters)))
    names = {row.id: row.name for row in conn.execute(named)}
    told = [{"name": names[key]} | row for key, row in zip(crafters, rows, strict=True)]
    told.sort(key=lambda row: (-int(row["net"]), str(row["name"])))
    return {
        "total": total, "crafters": told, "services": services, "expenses": spent, "compensations": paid, "left": left,
        "sales": sales,
    }  # fmt: skip


def _pieces(conn: Connection, venue_id: int) -> dict[int, dict[str, int]]:
    """Crafter -> pieces by what became of them: movements on the venue's account. What a note brought home and was
    turned round did not come again."""
    account = select(Account.id).where(Account.kind == "venue", Account.owner_id == venue_id).scalar_subquery()
    found: dict[int, dict[str, int]] = defaultdict(lambda: dict.fromkeys(PIECES, 0))
    what = func.coalesce(Transfer.direction, Entry.kind).label("what")
    for side, sign in ((Posting.debit_id, 1), (Posting.credit_id, -1)):
        query = (
            select(Item.crafter_id, what, func.sum(Posting.amount).label("pieces"))
            .select_from(Posting)
            .join(Entry, Entry.id == Posting.entry_id)
            .join(Item, Item.id == Posting.unit)
            .outerjoin(Arrival, Arrival.entry_id == Entry.id)
            .outerjoin(Transfer, Transfer.id == Arrival.transfer_id)
            .where(side == account, MOVES_GOODS)
            .group_by(Item.crafter_id, what)
        )
        for row in conn.execute(query):
            one, pieces = found[row.crafter_id], sign * int(row.pieces)
            one["there"] += pieces
            if name := _MEANS.get(row.what):
                one[name] += pieces if name == "came" else -pieces
    for row in conn.execute(_lost_on_the_way(venue_id)):
        one, pieces = found[row.crafter_id], int(row.pieces)
        one["lost_before" if row.direction == "out" else "lost"] += pieces
        one["home"] -= pieces if row.direction == "back" else 0
    return found


def _lost_on_the_way(venue_id: int) -> AnySelect:
    """Crafter, direction, pieces lost on the way there or home, whether found again or not."""
    return (
        select(WriteOff.crafter_id, Transfer.direction, func.sum(WriteOff.quantity).label("pieces"))
        .join(Transfer, Transfer.id == WriteOff.transfer_id)
        .where(Transfer.venue_id == venue_id)
        .group_by(WriteOff.crafter_id, Transfer.direction)
    )


def _compensations(conn: Connection, venue_id: int) -> int:
    """What crafters got for harm there and on the way, less what was taken back."""
    first, account = aliased(WriteOff), aliased(Account)
    there = select(Posting.entry_id).join(account, account.id == Posting.credit_id)
    there = there.where(account.kind == "venue", account.owner_id == venue_id, MOVES_GOODS)
    by_note = select(Transfer.id).where(Transfer.venue_id == venue_id)
    harmed = select(first.id).where(or_(first.entry_id.in_(there), first.transfer_id.in_(by_note)))
    query = select(func.coalesce(func.sum(WriteOff.compensation), 0))
    query = query.where(or_(WriteOff.id.in_(harmed), WriteOff.undoes_id.in_(harmed)))
    return int(conn.execute(query).scalar_one())


def _settle(row: dict[str, int]) -> None:
    """Sold there and given back elsewhere, or the other way round: each piece that came is in one place."""
    left = row["came"] - sum(row[name] for name in ("sold", "home", "harmed", "lost", "there"))
    row["came"] += max(-left, 0)
    row["elsewhere"] = max(left, 0)


def _money(conn: Connection, desk_id: int) -> dict[int, dict[str, int]]:
    """Crafter -> pieces sold there, what buyers paid for their goods and who got what, less what was given back. Of
    joint work each maker has their own part; pieces and price are told beside who brought it."""
    found: dict[int, dict[str, int]] = defaultdict(lambda: dict.fromkeys(("sold", *MONEY), 0))
    for line, share, joined, sign in (
        (SaleLine, SaleShare, SaleShare.sale_id == SaleLine.sale_id, 1),
        (RefundLine, RefundShare, RefundShare.refund_id == RefundLine.refund_id, -1),
    ):
        own = case((line.joint, 0), else_=line.crafter_share)
        sums = (func.sum(line.quantity), func.sum(line.net), func.sum(own), func.sum(line.showroom_share))
        whole = select(line.crafter_id, *sums).join(Sale, Sale.id == line.sale_id).where(Sale.desk_id == desk_id)
        for crafter_id, *told in conn.execute(whole.group_by(line.crafter_id)):
            for name, amount in zip(("sold", *MONEY), told, strict=True):
                found[crafter_id][name] += sign * int(amount)
        parts = select(share.crafter_id, func.sum(share.amount)).join(line, joined & (share.position == line.position))
        parts = parts.join(Sale, Sale.id == line.sale_id).where(Sale.desk_id == desk_id).group_by(share.crafter_id)
        for crafter_id, amount in conn.execute(parts):
            found[crafter_id]["crafter_share"] += sign * int(amount)
    return found


def _services(conn: Connection, desk_id: int) -> int:
    """The showroom's own services sold there, less those given back; a driver's money only passes through."""
    sold = select(func.coalesce(func.sum(SaleService.amount), 0)).join(Sale, Sale.id == SaleService.sale_id)
    sold = sold.where(Sale.desk_id == desk_id, SaleService.payee == "showroom")
    back = select(func.coalesce(func.sum(RefundService.amount), 0)).join(Refund, Refund.id == RefundService.refund_id)
    back = back.join(Sale, Sale.id == Refund.sale_id)
    back = back.where(Sale.desk_id == desk_id, RefundService.payee == "showroom")
    return int(conn.execute(sold).scalar_one()) - int(conn.execute(back).scalar_one())


def _count_of(conn: Connection, desk_id: int) -> int:
    return int(conn.execute(select(func.count()).where(Sale.desk_id == desk_id)).scalar_one())


def _expenses(conn: Connection, desk_id: int) -> int:
    query = select(func.coalesce(func.sum(CashMove.amount), 0)).join(Shift, Shift.id == CashMove.shift_id)
    return int(conn.execute(query.where(Shift.desk_id == desk_id, CashMove.kind == "expense")).scalar_one())
