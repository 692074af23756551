"""Tables: shift, basket with its lines, sale with its lines and payments."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, ForeignKeyConstraint, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from showroom_app.extensions import Model

OPEN_SHIFT = text("closed_at IS NULL")
OPEN_BASKET, PARKED = text("status = 'open'"), text("status = 'parked'")


class Shift(Model):
    """One attendant's drawer, from opening float to counted close."""

    __tablename__ = "shift"
    id: Mapped[int] = mapped_column(primary_key=True)
    showroom_id: Mapped[int] = mapped_column(ForeignKey("showroom.id"))
    desk_id: Mapped[int] = mapped_column(ForeignKey("desk.id"))
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    opened_at: Mapped[datetime]
    float_rupiah: Mapped[int]
    closed_at: Mapped[datetime | None]
    expected_rupiah: Mapped[int | None]
    counted_rupiah: Mapped[int | None]
    difference_note: Mapped[str] = mapped_column(default="", server_default="")
    closed_by: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    __table_args__: Any = (
        Index("uq_shift_open_desk", "desk_id", unique=True, sqlite_where=OPEN_SHIFT, postgresql_where=OPEN_SHIFT),
        Index("uq_shift_open_user", "user_id", unique=True, sqlite_where=OPEN_SHIFT, postgresql_where=OPEN_SHIFT),
        CheckConstraint("float_rupiah >= 0", name="float"),
        {"sqlite_strict": True},
    )


class Basket(Model):
    """Goods being rung up at a desk; may be parked; not yet a fact. `version` counts its changes."""

    __tablename__ = "basket"
    id: Mapped[int] = mapped_column(primary_key=True)
    desk_id: Mapped[int] = mapped_column(ForeignKey("desk.id"))
    status: Mapped[str] = mapped_column(default="open")
    label: Mapped[str] = mapped_column(default="")
    version: Mapped[int] = mapped_column(default=0)
    changed_at: Mapped[datetime]
    # A discount on everything in it: basis points, else rupiah; nothing where both are 0.
    discount_bps: Mapped[int] = mapped_column(default=0, server_default="0")
    discount_rupiah: Mapped[int] = mapped_column(default=0, server_default="0")
    discount_bearer: Mapped[str] = mapped_column(default="", server_default="")
    discount_reason: Mapped[str] = mapped_column(default="", server_default="")
    # A manager's yes on the spot, to the basket as it was at that version.
    approved_by: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    approved_version: Mapped[int | None]
    approved_share: Mapped[int | None]  # the showroom's share that they saw, in rupiah
    __table_args__: Any = (
        Index(
            "uq_basket_open_desk",
            "desk_id",
            unique=True,
            sqlite_where=OPEN_BASKET,
            postgresql_where=OPEN_BASKET,
        ),
        Index("ix_basket_parked", "desk_id", sqlite_where=PARKED, postgresql_where=PARKED),
        CheckConstraint("status IN ('open', 'parked', 'sold', 'dropped')", name="status"),
        {"sqlite_strict": True},
    )


class BasketLine(Model):
    """Pieces of one item in a basket; the price is the item's own until the sale."""

    __tablename__ = "basket_line"
    basket_id: Mapped[int] = mapped_column(ForeignKey("basket.id"), primary_key=True)
    item_id: Mapped[int] = mapped_column(ForeignKey("item.id"), primary_key=True)
    quantity: Mapped[int]
    version: Mapped[int]  # the basket's version when this line last changed: orders the rows, marks the newest
    price: Mapped[int | None]  # another price than the item's, with a manager's yes
    discount_bps: Mapped[int] = mapped_column(default=0, server_default="0")
    discount_rupiah: Mapped[int] = mapped_column(default=0, server_default="0")  # off the whole line
    discount_bearer: Mapped[str] = mapped_column(default="", server_default="")
    discount_reason: Mapped[str] = mapped_column(default="", server_default="")
    __table_args__: Any = (
        CheckConstraint("quantity > 0", name="quantity"),
        {"sqlite_strict": True, "sqlite_with_rowid": False},
    )


class BasketService(Model):
    """Packing, delivery, assembly in a basket: money for the showroom, or passed on to a driver."""

    __tablename__ = "basket_service"
    basket_id: Mapped[int] = mapped_column(ForeignKey("basket.id"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str]
    name: Mapped[str]
    amount: Mapped[int]
    payee: Mapped[str]
    __table_args__: Any = (
        CheckConstraint("amount > 0", name="amount"),
        CheckConstraint("payee IN ('showroom', 'driver')", name="payee"),
        {"sqlite_strict": True, "sqlite_with_rowid": False},
    )


class Sale(Model):
    """A fact; never edited, only reversed. Amounts in rupiah."""

    __tablename__ = "sale"
    id: Mapped[int] = mapped_column(primary_key=True)
    showroom_id: Mapped[int] = mapped_column(ForeignKey("showroom.id"))
    desk_id: Mapped[int] = mapped_column(ForeignKey("desk.id"))
    number: Mapped[int]
    shift_id: Mapped[int] = mapped_column(ForeignKey("shift.id"), index=True)
    basket_id: Mapped[int] = mapped_column(ForeignKey("basket.id"), unique=True)
    entry_id: Mapped[int] = mapped_column(ForeignKey("entry.id"), unique=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    at: Mapped[datetime]
    pieces: Mapped[int]
    total: Mapped[int]  # goods and services, before cash rounding
    services: Mapped[int] = mapped_column(default=0, server_default="0")
    rounding: Mapped[int] = mapped_column(default=0)
    cash_rounding: Mapped[int] = mapped_column(default=0, server_default="0")  # to what step cash was rounded that day
    approved_by: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    __table_args__: Any = (
        UniqueConstraint("desk_id", "number", name="uq_sale_desk_number"),
        Index("ix_sale_showroom", "showroom_id", "at"),
        {"sqlite_strict": True},
    )


class SaleLine(Model):
    """What one line of a sale was, with names and terms as they were that moment."""

    __tablename__ = "sale_line"
    sale_id: Mapped[int] = mapped_column(ForeignKey("sale.id"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    item_id: Mapped[int] = mapped_column(ForeignKey("item.id"), index=True)
    crafter_id: Mapped[int] = mapped_column(ForeignKey("crafter.id"))
    at: Mapped[datetime]
    name: Mapped[str]
    crafter_name: Mapped[str]
    quantity: Mapped[int]
    price: Mapped[int]
    list_price: Mapped[int] = mapped_column(default=0, server_default="0")  # the item's own when it was sold
    discount: Mapped[int] = mapped_column(default=0)  # all of it; what neither bears alone is shared
    discount_showroom: Mapped[int] = mapped_column(default=0, server_default="0")
    discount_crafter: Mapped[int] = mapped_column(default=0, server_default="0")
    discount_reason: Mapped[str] = mapped_column(default="", server_default="")
    net: Mapped[int]
    crafter_share: Mapped[int]
    showroom_share: Mapped[int]
    terms_kind: Mapped[str]
    commission_bps: Mapped[int]
    net_price: Mapped[int]
    joint: Mapped[bool] = mapped_column(default=False, server_default="0")  # the crafters' share has shares
    __table_args__: Any = (
        CheckConstraint("quantity > 0 AND net >= 0 AND crafter_share >= 0", name="amounts"),
        CheckConstraint("net = price * quantity - discount", name="net"),
        CheckConstraint("crafter_share + showroom_share = net", name="split"),
        Index("ix_sale_line_crafter_at", "crafter_id", "at"),
        Index("ix_sale_line_crafter_sale", "crafter_id", "sale_id", "position"),
        {"sqlite_strict": True, "sqlite_with_rowid": False},
    )


class SaleShare(Model):
    """What one maker of joint work gets of a line's crafter share, in rupiah."""

    __tablename__ = "sale_share"
    sale_id: Mapped[int] = mapped_column(primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    crafter_id: Mapped[int] = mapped_column(ForeignKey("crafter.id"), primary_key=True)
    at: Mapped[datetime]
    amount: Mapped[int]
    __table_args__: Any = (
        ForeignKeyConstraint(["sale_id", "position"], ["sale_line.sale_id", "sale_line.position"]),
        CheckConstraint("amount >= 0", name="amount"),
        Index("ix_sale_share_crafter_at", "crafter_id", "at"),
        Index("ix_sale_share_crafter_sale", "crafter_id", "sale_id", "position"),
        {"sqlite_strict": True, "sqlite_with_rowid": False},
    )


class Payment(Model):
    """One tender of a sale. `amount` is what it paid of the total; for cash, `received` − `change` = `amount`."""

    __tablename__ = "payment"
    sale_id: Mapped[int] = mapped_column(ForeignKey("sale.id"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    tender: Mapped[str]
    amount: Mapped[int]
    received: Mapped[int]
    change: Mapped[int]
    reference: Mapped[str] = mapped_column(default="")
    __table_args__: Any = (
        CheckConstraint("tender IN ('cash', 'qris', 'transfer', 'card')", name="tender"),
        CheckConstraint("amount > 0 AND change >= 0 AND received - change = amount", name="amounts"),
        {"sqlite_strict": True, "sqlite_with_rowid": False},
    )


class SaleService(Model):
    """A service that was sold; never part of a crafter's share."""

    __tablename__ = "sale_service"
    sale_id: Mapped[int] = mapped_column(ForeignKey("sale.id"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str]
    name: Mapped[str]
    amount: Mapped[int]
    payee: Mapped[str]
    __table_args__: Any = (
        CheckConstraint("amount > 0", name="amount"),
        CheckConstraint("payee IN ('showroom', 'driver')", name="payee"),
        {"sqlite_strict": True, "sqlite_with_rowid": False},
    )
