"""Tables of what happens to goods between intake and sale: photos, changed terms, hand-backs, damage and loss,
what their crafters answered when they were asked, and what they propose to make."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from showroom_app.extensions import Model

NOT_DECIDED = text("decided_at IS NULL")


class Photo(Model):
    """A photo of a product. `name` is made from its content; its files lie below the instance."""

    __tablename__ = "photo"
    id: Mapped[int] = mapped_column(primary_key=True)
    product_id: Mapped[int] = mapped_column(ForeignKey("product.id"))
    position: Mapped[int]
    name: Mapped[str]
    width: Mapped[int]
    height: Mapped[int]
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    at: Mapped[datetime]
    __table_args__: Any = (
        UniqueConstraint("product_id", "name", name="uq_photo_product_name"),
        Index("ix_photo_name", "name"),
        {"sqlite_strict": True},
    )


class ItemChange(Model):
    """Another price or other terms for an item, from then on: who asked, when it was agreed, and what was before."""

    __tablename__ = "item_change"
    id: Mapped[int] = mapped_column(primary_key=True)
    item_id: Mapped[int] = mapped_column(ForeignKey("item.id"))
    at: Mapped[datetime]
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    asked_by: Mapped[str]
    agreed_on: Mapped[str]  # ISO date
    reason: Mapped[str]
    old_price: Mapped[int]
    old_terms_kind: Mapped[str]
    old_commission_bps: Mapped[int]
    old_net_price: Mapped[int]
    old_lowest_price: Mapped[int | None]
    price: Mapped[int]
    terms_kind: Mapped[str]
    commission_bps: Mapped[int]
    net_price: Mapped[int]
    lowest_price: Mapped[int | None]
    __table_args__: Any = (
        CheckConstraint("asked_by IN ('showroom', 'crafter')", name="asked_by"),
        CheckConstraint("price > 0", name="price"),
        Index("ix_item_change_item", "item_id", "id"),
        {"sqlite_strict": True},
    )


class HandBack(Model):
    """Unsold goods given back to their crafter (retur titipan). `words` are names and addresses of that day (JSON)."""

    __tablename__ = "hand_back"
    id: Mapped[int] = mapped_column(primary_key=True)
    showroom_id: Mapped[int] = mapped_column(ForeignKey("showroom.id"))
    desk_id: Mapped[int] = mapped_column(ForeignKey("desk.id"))
    number: Mapped[int]
    crafter_id: Mapped[int] = mapped_column(ForeignKey("crafter.id"))
    entry_id: Mapped[int] = mapped_column(ForeignKey("entry.id"), unique=True)
    user_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    at: Mapped[datetime]
    pieces: Mapped[int]
    reason: Mapped[str] = mapped_column(default="")
    received_by: Mapped[str] = mapped_column(default="")  # somebody else than the crafter
    relation: Mapped[str] = mapped_column(default="")
    words: Mapped[str] = mapped_column(default="")
    __table_args__: Any = (
        UniqueConstraint("desk_id", "number", name="uq_hand_back_desk_number"),
        Index("ix_hand_back_showroom", "showroom_id", "id"),
        Index("ix_hand_back_crafter", "crafter_id", "at"),
        {"sqlite_strict": True},
    )


class HandBackLine(Model):
    """Pieces of one item in a hand-back, from the shelf or from what was damaged."""

    __tablename__ = "hand_back_line"
    hand_back_id: Mapped[int] = mapped_column(ForeignKey("hand_back.id"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    item_id: Mapped[int] = mapped_column(ForeignKey("item.id"), index=True)
    name: Mapped[str]
    quantity: Mapped[int]
    price: Mapped[int]
    place: Mapped[str]
    __table_args__: Any = (
        CheckConstraint("quantity > 0 AND place IN ('shelf', 'damaged')", name="quantity"),
        {"sqlite_strict": True, "sqlite_with_rowid": False},
    )


class WriteOff(Model):
    """Pieces damaged or lost in the showroom's care, or found or mended again, which turns an earlier one round
    (`undoes_id`). `compensation` is what the crafter got for them, in rupiah; below zero it was taken back."""

    __tablename__ = "write_off"
    id: Mapped[int] = mapped_column(primary_key=True)
    showroom_id: Mapped[int] = mapped_column(ForeignKey("showroom.id"))
    desk_id: Mapped[int] = mapped_column(ForeignKey("desk.id"))
    number: Mapped[int]
    kind: Mapped[str]
    item_id: Mapped[int] = mapped_column(ForeignKey("item.id"), index=True)
    crafter_id: Mapped[int] = mapped_column(ForeignKey("crafter.id"))
    name: Mapped[str]
    quantity: Mapped[int]
    entry_id: Mapped[int] = mapped_column(ForeignKey("entry.id"), unique=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    at: Mapped[datetime]
    reason: Mapped[str]
    photo: Mapped[str] = mapped_column(default="")
    compensation: Mapped[int] = mapped_column(default=0)
    undoes_id: Mapped[int | None] = mapped_column(ForeignKey("write_off.id"), index=True)
    joint: Mapped[bool] = mapped_column(default=False, server_default="0")  # what was paid for it has shares
    transfer_id: Mapped[int | None] = mapped_column(ForeignKey("transfer.id"), index=True)  # lost on the way by it
    # Of what was lost, pieces that had been paid for when they were damaged; they are the first to be found. (Of what
    # an earlier version let be mended by the wrong record: how many more had been paid for than that record says.)
    owned: Mapped[int] = mapped_column(default=0, server_default="0")
    __table_args__: Any = (
        UniqueConstraint("desk_id", "number", name="uq_write_off_desk_number"),
        CheckConstraint("kind IN ('damaged', 'lost', 'mended', 'found')", name="kind"),
        CheckConstraint("quantity > 0", name="quantity"),
        CheckConstraint("(kind IN ('mended', 'found')) = (undoes_id IS NOT NULL)", name="undoes"),
        Index("ix_write_off_showroom", "showroom_id", "id"),
        Index("ix_write_off_crafter", "crafter_id", "at"),
        {"sqlite_strict": True},
    )


class WriteOffShare(Model):
    """What one maker of joint work got of a compensation, in rupiah; below zero it was taken back."""

    __tablename__ = "write_off_share"
    write_off_id: Mapped[int] = mapped_column(ForeignKey("write_off.id"), primary_key=True)
    crafter_id: Mapped[int] = mapped_column(ForeignKey("crafter.id"), primary_key=True, index=True)
    amount: Mapped[int]
    __table_args__: Any = {"sqlite_strict": True, "sqlite_with_rowid": False}


class AgeingAnswer(Model):
    """What a crafter answered about goods that stand long: extended until a day, marked down, or to be collected."""

    __tablename__ = "ageing_answer"
    id: Mapped[int] = mapped_column(primary_key=True)
    item_id: Mapped[int] = mapped_column(ForeignKey("item.id"))
    at: Mapped[datetime]
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    answer: Mapped[str]
    by: Mapped[str]  # who answered, and how: "Bu Tutik, lewat WhatsApp"
    until: Mapped[str] = mapped_column(default="")  # ISO date: what was agreed, empty where it has no end
    __table_args__: Any = (
        CheckConstraint("answer IN ('asked', 'extend', 'mark_down', 'collect')", name="answer"),
        Index("ix_ageing_answer_item", "item_id", "id"),
        {"sqlite_strict": True},
    )


class Proposal(Model):
    """A new kind of goods that a crafter proposes from their phone; the office makes it a product, or says why not."""

    __tablename__ = "proposal"
    id: Mapped[int] = mapped_column(primary_key=True)
    crafter_id: Mapped[int] = mapped_column(ForeignKey("crafter.id"), index=True)
    name: Mapped[str]
    category: Mapped[str] = mapped_column(default="")
    price: Mapped[int | None]  # rupiah a piece, as the crafter wishes
    story: Mapped[str] = mapped_column(default="")
    photo: Mapped[str] = mapped_column(default="")
    at: Mapped[datetime]
    decided_at: Mapped[datetime | None]
    decided_by: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    product_id: Mapped[int | None] = mapped_column(ForeignKey("product.id"))
    answer: Mapped[str] = mapped_column(default="")
    __table_args__: Any = (
        CheckConstraint("price IS NULL OR price > 0", name="price"),
        CheckConstraint("(decided_at IS NULL) = (decided_by IS NULL)", name="decided"),
        Index("ix_proposal_open", "id", sqlite_where=NOT_DECIDED, postgresql_where=NOT_DECIDED),
        {"sqlite_strict": True},
    )
