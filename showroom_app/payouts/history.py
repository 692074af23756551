"""Reading payouts and advances back: a batch, the list, what was lent."""

from typing import Any

from sqlalchemy import select

from showroom_app.extensions import AnyRow, AnySelect, reading
from showroom_app.ledger.models import Desk
from showroom_app.payouts.models import Advance, Payout, PayoutBatch
from showroom_app.people.models import User

PAGE = 50


def _payouts(showroom_id: int) -> AnySelect:
    return (
        select(Payout.__table__, Desk.code, User.name.label("user_name"))
        .join(Desk, Desk.id == Payout.desk_id)
        .join(User, User.id == Payout.user_id)
        .where(Payout.showroom_id == showroom_id)
    )


def payouts_of(batch_id: int, showroom_id: int) -> list[AnyRow]:
    """The payouts of a batch, in order."""
    return list(reading().execute(_payouts(showroom_id).where(Payout.batch_id == batch_id).order_by(Payout.id)))


def batch(batch_id: int, showroom_id: int) -> dict[str, Any] | None:
    """A batch with its payouts; of another showroom there is none."""
    row = reading().execute(select(PayoutBatch.__table__).where(PayoutBatch.id == batch_id)).first()
    if row is None or row.showroom_id != showroom_id:
        return None
    return dict(row._mapping) | {"payouts": payouts_of(batch_id, showroom_id)}


def past(showroom_id: int, before: int | None = None) -> tuple[list[AnyRow], bool]:
    """A page of payouts, newest first, and whether there are older ones."""
    query = _payouts(showroom_id).order_by(Payout.id.desc()).limit(PAGE + 1)
    if before is not None:
        query = query.where(Payout.id < before)
    rows = list(reading().execute(query))
    return rows[:PAGE], len(rows) > PAGE


def advances(showroom_id: int, before: int | None = None) -> tuple[list[AnyRow], bool]:
    """A page of advances, newest first, and whether there are older ones."""
    query = (
        select(Advance.__table__, Desk.code, User.name.label("user_name"))
        .join(Desk, Desk.id == Advance.desk_id)
        .join(User, User.id == Advance.user_id)
        .where(Advance.showroom_id == showroom_id)
        .order_by(Advance.id.desc())
        .limit(PAGE + 1)
    )
    if before is not None:
        query = query.where(Advance.id < before)
    rows = list(reading().execute(query))
    return rows[:PAGE], len(rows) > PAGE
