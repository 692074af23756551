"""What came of an exhibition, or of goods at another showroom: pieces by what became of them, and money."""

from collections import defaultdict
from typing import Any

from sqlalchemy import Connection, func, select

from showroom_app.extensions import AnyRow, reading
from showroom_app.ledger.models import MOVES_GOODS, Account, Entry, Posting
from showroom_app.people.models import Crafter
from showroom_app.sales.models import Sale, SaleLine, Shift
from showroom_app.sales.money_models import CashMove, Refund, RefundLine, RefundService
from showroom_app.stock.models import Item

# What an entry means for pieces at a venue, by whether they came or went: each piece that came is in one of the others.
_CAME = {"arrival": "came", "refund": "sold", "void": "sold", "mended": "harmed", "found": "harmed"}
_WENT = {"sale": "sold", "transfer": "home", "damaged": "harmed", "lost": "harmed"}
PIECES = ("came", "sold", "home", "harmed", "there")
MONEY = ("net", "crafter_share", "showroom_share")


def result(venue: AnyRow) -> dict[str, Any]:
    """Pieces and rupiah of a venue in all and by crafter. Sales count at its desk, less what buyers gave back of them
    anywhere; expenses are what was taken out of its drawer for them."""
    conn = reading()
    crafters = _pieces(conn, venue.id)
    for crafter_id, sums in _money(conn, venue.desk_id).items():
        crafters[crafter_id] |= sums
    rows = [dict.fromkeys((*PIECES, *MONEY), 0) | told for told in crafters.values()]
    total = {name: sum(row[name] for row in rows) for name in (*PIECES, *MONEY)}
    services, sales = _services(conn, venue.desk_id), _count_of(conn, venue.desk_id)
    spent = _expenses(conn, venue.desk_id)
    left = total["showroom_share"] + services - spent
    named = select(Crafter.id, Crafter.name).where(Crafter.id.in_(list(crafters)))
    names = {row.id: row.name for row in conn.execute(named)}
    told = [{"name": names[key]} | row for key, row in zip(crafters, rows, strict=True)]
    told.sort(key=lambda row: (-int(row["net"]), str(row["name"])))
    return {"total": total, "crafters": told, "services": services, "expenses": spent, "left": left, "sales": sales}


def _pieces(conn: Connection, venue_id: int) -> dict[int, dict[str, int]]:
    """Crafter -> pieces by what became of them: every movement on the venue's account."""
    account = select(Account.id).where(Account.kind == "venue", Account.owner_id == venue_id).scalar_subquery()
    found: dict[int, dict[str, int]] = defaultdict(lambda: dict.fromkeys(PIECES, 0))
    for side, meaning, sign in ((Posting.debit_id, _CAME, 1), (Posting.credit_id, _WENT, -1)):
        query = (
            select(Item.crafter_id, Entry.kind, func.sum(Posting.amount).label("pieces"))
            .select_from(Posting)
            .join(Entry, Entry.id == Posting.entry_id)
            .join(Item, Item.id == Posting.unit)
            .where(side == account, MOVES_GOODS)
            .group_by(Item.crafter_id, Entry.kind)
        )
        for row in conn.execute(query):
            name, pieces = meaning[row.kind], int(row.pieces)
            found[row.crafter_id][name] += pieces if name == "came" else -sign * pieces
            found[row.crafter_id]["there"] += sign * pieces
    return found


def _money(conn: Connection, desk_id: int) -> dict[int, dict[str, int]]:
    """Crafter -> what buyers paid for their goods there and who got what, less what was given back."""
    found: dict[int, dict[str, int]] = defaultdict(lambda: dict.fromkeys(MONEY, 0))
    sold = select(SaleLine.crafter_id, *(func.sum(getattr(SaleLine, name)) for name in MONEY))
    sold = sold.join(Sale, Sale.id == SaleLine.sale_id).where(Sale.desk_id == desk_id).group_by(SaleLine.crafter_id)
    back = select(RefundLine.crafter_id, *(func.sum(getattr(RefundLine, name)) for name in MONEY))
    back = back.join(Sale, Sale.id == RefundLine.sale_id).where(Sale.desk_id == desk_id).group_by(RefundLine.crafter_id)
    for query, sign in ((sold, 1), (back, -1)):
        for crafter_id, *sums in conn.execute(query):
            for name, amount in zip(MONEY, sums, strict=True):
                found[crafter_id][name] += sign * int(amount)
    return found


def _services(conn: Connection, desk_id: int) -> int:
    """Services sold there, less those given back."""
    sold = select(func.coalesce(func.sum(Sale.services), 0)).where(Sale.desk_id == desk_id)
    back = select(func.coalesce(func.sum(RefundService.amount), 0)).join(Refund, Refund.id == RefundService.refund_id)
    back = back.join(Sale, Sale.id == Refund.sale_id).where(Sale.desk_id == desk_id)
    return int(conn.execute(sold).scalar_one()) - int(conn.execute(back).scalar_one())


def _count_of(conn: Connection, desk_id: int) -> int:
    return int(conn.execute(select(func.count()).where(Sale.desk_id == desk_id)).scalar_one())


def _expenses(conn: Connection, desk_id: int) -> int:
    query = select(func.coalesce(func.sum(CashMove.amount), 0)).join(Shift, Shift.id == CashMove.shift_id)
    return int(conn.execute(query.where(Shift.desk_id == desk_id, CashMove.kind == "expense")).scalar_one())
