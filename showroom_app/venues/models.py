"""Tables: places away from the showroom where its goods stand, notes of goods on the way there or back, arrivals."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from showroom_app.extensions import Model

ON_THE_WAY = text("arrived_at IS NULL")


class Venue(Model):
    """An exhibition (pameran) or another showroom where goods of this one stand and are sold, at a desk of its own.
    Its account in the book is its shelf. What is there stays this showroom's to answer for."""

    __tablename__ = "venue"
    id: Mapped[int] = mapped_column(primary_key=True)
    showroom_id: Mapped[int] = mapped_column(ForeignKey("showroom.id"), index=True)
    desk_id: Mapped[int] = mapped_column(ForeignKey("desk.id"), unique=True)
    kind: Mapped[str]
    name: Mapped[str]
    address: Mapped[str] = mapped_column(default="", server_default="")
    starts_on: Mapped[str] = mapped_column(default="", server_default="")  # ISO date or empty: not known
    ends_on: Mapped[str] = mapped_column(default="", server_default="")
    opened_at: Mapped[datetime]
    opened_by: Mapped[int] = mapped_column(ForeignKey("user.id"))
    closed_at: Mapped[datetime | None]
    closed_by: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    __table_args__: Any = (
        CheckConstraint("kind IN ('exhibition', 'showroom')", name="kind"),
        CheckConstraint("(closed_at IS NULL) = (closed_by IS NULL)", name="closed"),
        {"sqlite_strict": True},
    )


class Transfer(Model):
    """A note of goods on the way (surat jalan): `out` to a venue or `back` from it. Never edited; what becomes of the
    goods are arrivals and losses. `arrived_at` is when nothing was left on the way. `words`: names of then (JSON)."""

    __tablename__ = "transfer"
    id: Mapped[int] = mapped_column(primary_key=True)
    showroom_id: Mapped[int] = mapped_column(ForeignKey("showroom.id"))
    venue_id: Mapped[int] = mapped_column(ForeignKey("venue.id"), index=True)
    direction: Mapped[str]
    desk_id: Mapped[int] = mapped_column(ForeignKey("desk.id"))
    number: Mapped[int]
    entry_id: Mapped[int] = mapped_column(ForeignKey("entry.id"), unique=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    at: Mapped[datetime]
    pieces: Mapped[int]
    carrier: Mapped[str] = mapped_column(default="")
    words: Mapped[str] = mapped_column(default="")
    arrived_at: Mapped[datetime | None]
    __table_args__: Any = (
        UniqueConstraint("desk_id", "number", name="uq_transfer_desk_number"),
        CheckConstraint("direction IN ('out', 'back')", name="direction"),
        Index("ix_transfer_showroom", "showroom_id", "id"),
        Index("ix_transfer_way", "showroom_id", sqlite_where=ON_THE_WAY, postgresql_where=ON_THE_WAY),
        {"sqlite_strict": True},
    )


class TransferLine(Model):
    """Pieces of one item in a note."""

    __tablename__ = "transfer_line"
    transfer_id: Mapped[int] = mapped_column(ForeignKey("transfer.id"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    item_id: Mapped[int] = mapped_column(ForeignKey("item.id"), index=True)
    name: Mapped[str]
    quantity: Mapped[int]
    price: Mapped[int]
    __table_args__: Any = (
        UniqueConstraint("transfer_id", "item_id", name="uq_transfer_line_item"),
        CheckConstraint("quantity > 0", name="quantity"),
        {"sqlite_strict": True, "sqlite_with_rowid": False},
    )


class Arrival(Model):
    """Goods of a note that came where they were sent (`arrived`), or went back to where they came from (`turned`)."""

    __tablename__ = "arrival"
    id: Mapped[int] = mapped_column(primary_key=True)
    transfer_id: Mapped[int] = mapped_column(ForeignKey("transfer.id"), index=True)
    kind: Mapped[str]
    entry_id: Mapped[int] = mapped_column(ForeignKey("entry.id"), unique=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    at: Mapped[datetime]
    __table_args__: Any = (
        CheckConstraint("kind IN ('arrived', 'turned')", name="kind"),
        {"sqlite_strict": True},
    )


class ArrivalLine(Model):
    """Pieces of one item in an arrival."""

    __tablename__ = "arrival_line"
    arrival_id: Mapped[int] = mapped_column(ForeignKey("arrival.id"), primary_key=True)
    item_id: Mapped[int] = mapped_column(ForeignKey("item.id"), primary_key=True, index=True)
    quantity: Mapped[int]
    __table_args__: Any = (
        CheckConstraint("quantity > 0", name="quantity"),
        {"sqlite_strict": True, "sqlite_with_rowid": False},
    )
