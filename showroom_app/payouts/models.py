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


class Payout(Model):
    """Money handed to a crafter, or sent. `reversal_entry_id` once it was undone. Names are as they were that day."""

    __tablename__ = "payout"
    id: Mapped[int] = mapped_column(primary_key=True)
    showroom_id: Mapped[int] = mapped_column(ForeignKey("showroom.id"))
    batch_id: Mapped[int] = mapped_column(ForeignKey("payout_batch.id"), index=True)
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
    bank: Mapped[str] = mapped_column(default="")  # where a transfer went, as it was
    received_by: Mapped[str] = mapped_column(default="")  # somebody else than the crafter
    relation: Mapped[str] = mapped_column(default="")
    reversal_entry_id: Mapped[int | None] = mapped_column(ForeignKey("entry.id"), unique=True)
    reversed_at: Mapped[datetime | None]
    reversed_by: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    reversed_shift_id: Mapped[int | None] = mapped_column(ForeignKey("shift.id"))  # whose drawer took it back
    reversal_reason: Mapped[str] = mapped_column(default="")
    __table_args__: Any = (
        UniqueConstraint("desk_id", "number", name="uq_payout_desk_number"),
        CheckConstraint("amount > 0", name="amount"),
        CheckConstraint(f"method IN {METHODS}", name="method"),
        CheckConstraint("(method = 'drawer') = (shift_id IS NOT NULL)", name="drawer"),
        CheckConstraint("(reversal_entry_id IS NULL) = (reversed_at IS NULL)", name="reversed"),
        Index("ix_payout_crafter", "crafter_id", "at"),
        Index("ix_payout_showroom", "showroom_id", "at"),
        {"sqlite_strict": True},
    )


class Advance(Model):
    """Kasbon: money given to a crafter before anything of theirs was sold; the next payouts take it back."""

    __tablename__ = "advance"
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
    shift_id: Mapped[int | None] = mapped_column(ForeignKey("shift.id"), index=True)
    reference: Mapped[str] = mapped_column(default="")
    reason: Mapped[str]
    crafter_name: Mapped[str]
    received_by: Mapped[str] = mapped_column(default="")
    relation: Mapped[str] = mapped_column(default="")
    __table_args__: Any = (
        UniqueConstraint("desk_id", "number", name="uq_advance_desk_number"),
        CheckConstraint("amount > 0", name="amount"),
        CheckConstraint(f"method IN {METHODS}", name="method"),
        CheckConstraint("(method = 'drawer') = (shift_id IS NOT NULL)", name="drawer"),
        Index("ix_advance_crafter", "crafter_id", "at"),
        {"sqlite_strict": True},
    )
