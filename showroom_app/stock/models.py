"""Tables: product, consignment with its lines, item."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from showroom_app.extensions import Model


class Product(Model):
    """What a thing is: a kind of goods that one crafter makes. `search_name` is the name in lower case. One that was
    merged into another keeps its name, which from then on means the other."""

    __tablename__ = "product"
    id: Mapped[int] = mapped_column(primary_key=True)
    showroom_id: Mapped[int] = mapped_column(ForeignKey("showroom.id"), index=True)
    crafter_id: Mapped[int] = mapped_column(ForeignKey("crafter.id"))
    name: Mapped[str]
    search_name: Mapped[str]
    category: Mapped[str]
    story: Mapped[str] = mapped_column(default="")
    created_at: Mapped[datetime]
    material: Mapped[str] = mapped_column(default="", server_default="")
    care: Mapped[str] = mapped_column(default="", server_default="")
    # What is not known is none. Millimetres and grams, whole.
    width_mm: Mapped[int | None]
    depth_mm: Mapped[int | None]
    height_mm: Mapped[int | None]
    weight_g: Mapped[int | None]
    # English beside Indonesian; empty where nobody wrote it.
    name_en: Mapped[str] = mapped_column(default="", server_default="")
    material_en: Mapped[str] = mapped_column(default="", server_default="")
    care_en: Mapped[str] = mapped_column(default="", server_default="")
    story_en: Mapped[str] = mapped_column(default="", server_default="")
    photo: Mapped[str] = mapped_column(default="", server_default="")  # the first of its photos; empty: none
    merged_into_id: Mapped[int | None] = mapped_column(ForeignKey("product.id"))
    __table_args__: Any = (
        UniqueConstraint("crafter_id", "search_name", name="uq_product_crafter_name"),
        {"sqlite_strict": True},
    )


class Consignment(Model):
    """One delivery by one crafter (nota titip). A draft keeps what was typed, as typed, in `typed` (JSON);
    once received it is numbered, has lines and items, and is never edited."""

    __tablename__ = "consignment"
    id: Mapped[int] = mapped_column(primary_key=True)
    showroom_id: Mapped[int] = mapped_column(ForeignKey("showroom.id"))
    crafter_id: Mapped[int] = mapped_column(ForeignKey("crafter.id"), index=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    status: Mapped[str] = mapped_column(default="draft")
    typed: Mapped[str] = mapped_column(default="")
    saved_at: Mapped[datetime]
    desk_id: Mapped[int | None] = mapped_column(ForeignKey("desk.id"))
    number: Mapped[int | None]
    entry_id: Mapped[int | None] = mapped_column(ForeignKey("entry.id"), unique=True)
    received_at: Mapped[datetime | None]
    agreed_until: Mapped[str] = mapped_column(default="")  # ISO date or empty: no end agreed
    pieces: Mapped[int] = mapped_column(default=0)
    value: Mapped[int] = mapped_column(default=0)  # rupiah, if all were sold at the agreed price
    __table_args__: Any = (
        UniqueConstraint("desk_id", "number", name="uq_consignment_desk_number"),
        CheckConstraint("status IN ('draft', 'received', 'discarded')", name="status"),
        CheckConstraint("(status = 'received') = (entry_id IS NOT NULL)", name="received_entry"),
        Index("ix_consignment_showroom", "showroom_id", "status", "id"),
        {"sqlite_strict": True},
    )

    @property
    def until(self) -> date | None:
        """The agreed end of the consignment."""
        return date.fromisoformat(self.agreed_until) if self.agreed_until else None


class ConsignmentLine(Model):
    """One line of a received note: terms as agreed that day."""

    __tablename__ = "consignment_line"
    id: Mapped[int] = mapped_column(primary_key=True)
    consignment_id: Mapped[int] = mapped_column(ForeignKey("consignment.id"))
    position: Mapped[int]
    product_id: Mapped[int] = mapped_column(ForeignKey("product.id"))
    name: Mapped[str]
    quantity: Mapped[int]
    price: Mapped[int]
    terms_kind: Mapped[str]
    commission_bps: Mapped[int]
    net_price: Mapped[int]
    lowest_price: Mapped[int | None]  # agreed with the crafter, rupiah a piece; none: the showroom's own limit
    per_piece: Mapped[bool]
    __table_args__: Any = (
        UniqueConstraint("consignment_id", "position", name="uq_consignment_line_position"),
        CheckConstraint("quantity > 0 AND price > 0", name="positive"),
        {"sqlite_strict": True},
    )


class Maker(Model):
    """One of several crafters who made what a line brought (karya bersama): `share_bps` of what crafters get for it.
    The first brought it. A line without makers is its crafter's alone."""

    __tablename__ = "maker"
    line_id: Mapped[int] = mapped_column(ForeignKey("consignment_line.id"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    crafter_id: Mapped[int] = mapped_column(ForeignKey("crafter.id"))
    share_bps: Mapped[int]
    __table_args__: Any = (
        UniqueConstraint("line_id", "crafter_id", name="uq_maker_line_crafter"),
        CheckConstraint("share_bps BETWEEN 1 AND 9999", name="share"),
        Index("ix_maker_crafter", "crafter_id", "line_id"),
        {"sqlite_strict": True, "sqlite_with_rowid": False},
    )


class Item(Model):
    """What one label code stands for: one piece, or a lot of alike pieces. Its id is its unit in the book;
    how many are where, the book's balances say. Terms are agreed at intake and change only by an `ItemChange`."""

    __tablename__ = "item"
    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(unique=True)
    showroom_id: Mapped[int] = mapped_column(ForeignKey("showroom.id"))
    crafter_id: Mapped[int] = mapped_column(ForeignKey("crafter.id"))
    product_id: Mapped[int] = mapped_column(ForeignKey("product.id"))
    line_id: Mapped[int] = mapped_column(ForeignKey("consignment_line.id"), index=True)
    quantity: Mapped[int]
    price: Mapped[int]
    terms_kind: Mapped[str]
    commission_bps: Mapped[int]
    net_price: Mapped[int]
    lowest_price: Mapped[int | None]
    received_at: Mapped[datetime]
    agreed_until: Mapped[str] = mapped_column(default="", server_default="")  # ISO date or empty: no end agreed
    joint: Mapped[bool] = mapped_column(default=False, server_default="0")  # its line has makers
    labels_due: Mapped[bool] = mapped_column(default=False, server_default="0")  # its label is still to be printed
    __table_args__: Any = (
        CheckConstraint("quantity > 0 AND price > 0", name="positive"),
        Index(
            "ix_item_labels_due",
            "showroom_id",
            "id",
            sqlite_where=text("labels_due"),
            postgresql_where=text("labels_due"),
        ),
        Index("ix_item_showroom", "showroom_id", "id"),
        Index("ix_item_crafter", "crafter_id", "id"),
        Index("ix_item_product", "product_id", "id"),
        Index("ix_item_price", "showroom_id", "price", "id"),
        {"sqlite_strict": True},
    )
