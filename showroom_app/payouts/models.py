"""Tables: payouts in their batches, advances. What a payout paid for is the ledger's `settlement`."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from showroom_app.extensions import Model

METHODS = "('drawer', 'office', 'transfer')"


class PayoutBatch(Model):
    """Several crafters paid in one act."""

    __tablename__ = "payout_batch"
    id: Mapped[int] = mapped_column(primary_key=True)
    showroom_id: Mapped[int] = mapped_column(ForeignKey("showroom.id"), index=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    at: Mapped[datetime]
    until: Mapped[str]  # ISO date: sales up to and with that day
    count: Mapped[int]
    total: Mapped[int]
    __table_args__: Any = {"sqlite_strict": True}


class MoneyOut:
    """What payouts and advances have alike: money out of a drawer, the office or the bank, and undone again once it has
    a `reversal_entry_id`. Names are as they were that day."""

    id: Mapped[int] = mapped_column(primary_key=True)
    showroom_id: Mapped[int] = mapped_column(ForeignKey("showroom.id"))
    desk_id: Mapped[int] = mapped_column(ForeignKey("desk.id"))
    number: Mapped[int]
    crafter_id: Mapped[int] = mapped_column(ForeignKey("crafter.id"))
    entry_id: Mapped[int] = mapped_column(ForeignKey("entry.id"), unique=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    at: Mapped[datetime]
    amount: Mapped[int]
    method: Mapped[str]
    shift_id: Mapped[int | None] = mapped_column(ForeignKey("shift.id"), index=True)  # whose drawer it came from
    reference: Mapped[str] = mapped_column(default="")
    crafter_name: Mapped[str]
    received_by: Mapped[str] = mapped_column(default="")  # somebody else than the crafter
    relation: Mapped[str] = mapped_column(default="")
    reversal_entry_id: Mapped[int | None] = mapped_column(ForeignKey("entry.id"))
    reversed_at: Mapped[datetime | None]
    reversed_by: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    reversed_shift_id: Mapped[int | None] = mapped_column(ForeignKey("shift.id"))  # whose drawer took it back
    reversal_reason: Mapped[str] = mapped_column(default="")


def _money_out(name: str) -> tuple[Any, ...]:
    return (
        UniqueConstraint("desk_id", "number", name=f"uq_{name}_desk_number"),
        CheckConstraint("amount > 0", name="amount"),
        CheckConstraint(f"method IN {METHODS}", name="method"),
        CheckConstraint("(method = 'drawer') = (shift_id IS NOT NULL)", name="drawer"),
        CheckConstraint("(reversal_entry_id IS NULL) = (reversed_at IS NULL)", name="reversed"),
        Index(f"ix_{name}_crafter", "crafter_id", "at"),
    )


class Payout(MoneyOut, Model):
    """Money handed to a crafter, or sent, for what was sold."""

    __tablename__ = "payout"
    batch_id: Mapped[int] = mapped_column(ForeignKey("payout_batch.id"), index=True)
    bank: Mapped[str] = mapped_column(default="")  # where a transfer went, as it was
    __table_args__: Any = (
        *_money_out("payout"),
        UniqueConstraint("reversal_entry_id"),
        Index("ix_payout_showroom", "showroom_id", "at"),
        {"sqlite_strict": True},
    )


class Advance(MoneyOut, Model):
    """Kasbon: money given to a crafter before anything of theirs was sold; the next payouts take it back."""

    __tablename__ = "advance"
    reason: Mapped[str]
    __table_args__: Any = (
        *_money_out("advance"),
        Index("uq_advance_reversal_entry_id", "reversal_entry_id", unique=True),
        {"sqlite_strict": True},
    )
