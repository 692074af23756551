"""Reading damage and loss back: the list, one record, and where an item's pieces are."""

from typing import Any

from sqlalchemy import BigInteger, cast, func, select
from sqlalchemy.orm import aliased

from showroom_app.extensions import reading
from showroom_app.ledger.models import IS_THERE, Account, Balance, Desk
from showroom_app.lib.refusal import NotHere
from showroom_app.people.models import Crafter, User
from showroom_app.stock.life_models import WriteOff
from showroom_app.stock.models import Item
from showroom_app.stock.write_off import home_of, number_text

PAGE = 50
_ROWS = (
    select(
        WriteOff.__table__, Desk.code, Item.code.label("item_code"), Crafter.name.label("crafter_name"),
        User.name.label("user_name"),
    )
    .select_from(WriteOff)
    .join(Desk, Desk.id == WriteOff.desk_id)
    .join(Item, Item.id == WriteOff.item_id)
    .join(Crafter, Crafter.id == WriteOff.crafter_id)
    .join(User, User.id == WriteOff.user_id)
)  # fmt: skip


def page(showroom_id: int, before: int | None) -> tuple[list[dict[str, Any]], bool]:
    """A page of records, newest first, and whether there are more."""
    query = _ROWS.where(WriteOff.showroom_id == showroom_id).order_by(WriteOff.id.desc()).limit(PAGE + 1)
    if before is not None:
        query = query.where(WriteOff.id < before)
    rows = reading().execute(query).all()
    return [dict(row._mapping, number=number_text(row.code, row.number)) for row in rows[:PAGE]], len(rows) > PAGE


def one(write_off_id: int, showroom_id: int) -> dict[str, Any]:
    """One record with what it turned round or what turned it round, how many pieces are still away, and where those
    come back to."""
    row = reading().execute(_ROWS.where(WriteOff.id == write_off_id)).first()
    if row is None or row.showroom_id != showroom_id:
        raise NotHere
    later = aliased(WriteOff)
    again = reading().execute(select(later).with_only_columns(later.id, later.at, later.quantity, later.compensation)
                              .where(later.undoes_id == write_off_id).order_by(later.id)).all()  # fmt: skip
    left = 0 if row.undoes_id else row.quantity - sum(one.quantity for one in again)
    return {
        "row": row,
        "number": number_text(row.code, row.number),
        "again": again,
        "left": left,
        "home": home_of(reading(), row),
    }


def undone() -> tuple[Any, Any]:
    """Of a record, as columns: pieces found again or mended, and what was taken back for them (below zero)."""
    later = aliased(WriteOff)

    def summed(column: Any) -> Any:
        query = select(func.coalesce(func.sum(column), 0)).where(later.undoes_id == WriteOff.id)
        return cast(query.correlate(WriteOff).scalar_subquery(), BigInteger)

    return summed(later.quantity), summed(later.compensation)


def where_is(item_id: int) -> dict[str, int]:
    """How many pieces of an item are where in the showroom's care: 'shelf', 'damaged', 'venue-3', in this order."""
    query = (
        select(Account.kind, Account.owner_id, Balance.amount)
        .join(Account, Account.id == Balance.account_id)
        .where(Balance.unit == item_id, IS_THERE, Account.kind.in_(("shelf", "damaged", "venue")))
        .order_by(Account.kind != "shelf", Account.kind != "damaged", Account.id)
    )
    rows = reading().execute(query)
    return {f"venue-{row.owner_id}" if row.kind == "venue" else row.kind: int(row.amount) for row in rows}
