"""Tables: refund with its lines, services and payments; money moved in and out of a drawer; its count."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, ForeignKeyConstraint, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from showroom_app.extensions import Model


class Refund(Model):
    """A sale undone, in part or whole (`void`: rung up wrongly). Written into the shift that gave the money back.
    `total` is what lines and services came to; `rounding` what the cash given back is more (or less) than that."""

    __tablename__ = "refund"
    id: Mapped[int] = mapped_column(primary_key=True)
    showroom_id: Mapped[int] = mapped_column(ForeignKey("showroom.id"))
    desk_id: Mapped[int] = mapped_column(ForeignKey("desk.id"))
    number: Mapped[int]
    shift_id: Mapped[int] = mapped_column(ForeignKey("shift.id"), index=True)
    sale_id: Mapped[int] = mapped_column(ForeignKey("sale.id"), index=True)
    entry_id: Mapped[int] = mapped_column(ForeignKey("entry.id"), unique=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    approved_by: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    at: Mapped[datetime]
    kind: Mapped[str]
    reason: Mapped[str]
    total: Mapped[int]
    rounding: Mapped[int]
    __table_args__: Any = (
        UniqueConstraint("desk_id", "number", name="uq_refund_desk_number"),
        CheckConstraint("kind IN ('refund', 'void')", name="kind"),
        Index("ix_refund_showroom", "showroom_id", "at"),
        {"sqlite_strict": True},
    )


class RefundLine(Model):
    """Pieces of one sale line given back. `borne` is what the showroom bears of the crafter's share, because the
    crafter had been paid."""

    __tablename__ = "refund_line"
    refund_id: Mapped[int] = mapped_column(ForeignKey("refund.id"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    sale_id: Mapped[int]
    sale_position: Mapped[int]
    item_id: Mapped[int] = mapped_column(ForeignKey("item.id"), index=True)
    crafter_id: Mapped[int] = mapped_column(ForeignKey("crafter.id"))
    at: Mapped[datetime]
    quantity: Mapped[int]
    net: Mapped[int]
    crafter_share: Mapped[int]
    showroom_share: Mapped[int]
    borne: Mapped[int]
    place: Mapped[str]
    joint: Mapped[bool] = mapped_column(default=False, server_default="0")
    __table_args__: Any = (
        ForeignKeyConstraint(["sale_id", "sale_position"], ["sale_line.sale_id", "sale_line.position"]),
        CheckConstraint("quantity > 0 AND net >= 0 AND crafter_share >= 0", name="amounts"),
        CheckConstraint("crafter_share + showroom_share = net", name="split"),
        CheckConstraint("borne BETWEEN 0 AND crafter_share", name="borne"),
        CheckConstraint("place IN ('shelf', 'damaged')", name="place"),
        Index("ix_refund_line_crafter", "crafter_id", "at"),
        Index("ix_refund_line_sale", "sale_id", "sale_position"),
        {"sqlite_strict": True, "sqlite_with_rowid": False},
    )


class RefundShare(Model):
    """What one maker of joint work gives back of a line's crafter share; `borne` of it by the showroom."""

    __tablename__ = "refund_share"
    refund_id: Mapped[int] = mapped_column(primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    crafter_id: Mapped[int] = mapped_column(ForeignKey("crafter.id"), primary_key=True)
    at: Mapped[datetime]
    amount: Mapped[int]
    borne: Mapped[int]
    __table_args__: Any = (
        ForeignKeyConstraint(["refund_id", "position"], ["refund_line.refund_id", "refund_line.position"]),
        CheckConstraint("borne BETWEEN 0 AND amount", name="borne"),
        Index("ix_refund_share_crafter_at", "crafter_id", "at"),
        {"sqlite_strict": True, "sqlite_with_rowid": False},
    )


class RefundService(Model):
    """A service given back, whole."""

    __tablename__ = "refund_service"
    sale_id: Mapped[int] = mapped_column(primary_key=True)
    sale_position: Mapped[int] = mapped_column(primary_key=True)
    refund_id: Mapped[int] = mapped_column(ForeignKey("refund.id"), index=True)
    amount: Mapped[int]
    payee: Mapped[str]
    __table_args__: Any = (
        ForeignKeyConstraint(["sale_id", "sale_position"], ["sale_service.sale_id", "sale_service.position"]),
        {"sqlite_strict": True, "sqlite_with_rowid": False},
    )


class RefundPayment(Model):
    """Money given back by one tender."""

    __tablename__ = "refund_payment"
    refund_id: Mapped[int] = mapped_column(ForeignKey("refund.id"), primary_key=True)
    tender: Mapped[str] = mapped_column(primary_key=True)
    amount: Mapped[int]
    reference: Mapped[str] = mapped_column(default="")
    __table_args__: Any = (
        CheckConstraint("tender IN ('cash', 'qris', 'transfer', 'card')", name="tender"),
        CheckConstraint("amount > 0", name="amount"),
        {"sqlite_strict": True, "sqlite_with_rowid": False},
    )


class CashMove(Model):
    """Cash put into a drawer or taken out, other than by sales, refunds and payouts."""

    __tablename__ = "cash_move"
    id: Mapped[int] = mapped_column(primary_key=True)
    shift_id: Mapped[int] = mapped_column(ForeignKey("shift.id"), index=True)
    entry_id: Mapped[int] = mapped_column(ForeignKey("entry.id"), unique=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    at: Mapped[datetime]
    kind: Mapped[str]
    amount: Mapped[int]
    reason: Mapped[str]
    __table_args__: Any = (
        CheckConstraint("amount > 0", name="amount"),
        CheckConstraint("kind IN ('change', 'office', 'bank', 'expense', 'driver')", name="kind"),
        {"sqlite_strict": True},
    )


class ShiftCount(Model):
    """How many notes and coins of one worth lay in a drawer at its close."""

    __tablename__ = "shift_count"
    shift_id: Mapped[int] = mapped_column(ForeignKey("shift.id"), primary_key=True)
    worth: Mapped[int] = mapped_column(primary_key=True)
    pieces: Mapped[int]
    __table_args__: Any = (
        CheckConstraint("pieces > 0", name="pieces"),
        {"sqlite_strict": True, "sqlite_with_rowid": False},
    )
