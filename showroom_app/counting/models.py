"""Tables of counting: a stocktake, what was scanned in it, codes of nobody, and its result."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from showroom_app.extensions import Model

IS_OPEN = text("status = 'open'")


class Stocktake(Model):
    """A count of a showroom's shelf, or of one category or crafter there. `after_entry_id` is the last entry of the
    book when it began: what came to the shelf by a later one may be missed without being missing. The figures, in
    pieces, and how many labels the result names, are written when it closes. Dropped: begun by mistake, no result."""

    __tablename__ = "stocktake"
    id: Mapped[int] = mapped_column(primary_key=True)
    showroom_id: Mapped[int] = mapped_column(ForeignKey("showroom.id"))
    scope: Mapped[str]
    category: Mapped[str] = mapped_column(default="")
    crafter_id: Mapped[int | None] = mapped_column(ForeignKey("crafter.id"))
    status: Mapped[str] = mapped_column(default="open")
    started_at: Mapped[datetime]
    started_by: Mapped[int] = mapped_column(ForeignKey("user.id"))
    after_entry_id: Mapped[int]
    closed_at: Mapped[datetime | None]
    closed_by: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    note: Mapped[str] = mapped_column(default="")
    labels: Mapped[int] = mapped_column(default=0)
    expected: Mapped[int] = mapped_column(default=0)
    counted: Mapped[int] = mapped_column(default=0)
    missing: Mapped[int] = mapped_column(default=0)
    unexpected: Mapped[int] = mapped_column(default=0)
    __table_args__: Any = (
        CheckConstraint("scope IN ('all', 'category', 'crafter')", name="scope"),
        CheckConstraint("(scope = 'category') = (category <> '')", name="category"),
        CheckConstraint("(scope = 'crafter') = (crafter_id IS NOT NULL)", name="crafter"),
        CheckConstraint("status IN ('open', 'closed', 'dropped')", name="status"),
        CheckConstraint("(status = 'open') = (closed_at IS NULL)", name="closed_at"),
        CheckConstraint("(status = 'open') = (closed_by IS NULL)", name="closed_by"),
        # One at a time in a showroom, because this line says so.
        Index("uq_stocktake_open", "showroom_id", unique=True, sqlite_where=IS_OPEN, postgresql_where=IS_OPEN),
        Index("ix_stocktake_showroom", "showroom_id", "id"),
        {"sqlite_strict": True},
    )


class StocktakeCount(Model):
    """An item that was scanned: how many pieces, and what the book said at that moment: how many stood on the shelf,
    where it was if none, and the last entry that had moved it. By the last who gave a number."""

    __tablename__ = "stocktake_count"
    stocktake_id: Mapped[int] = mapped_column(ForeignKey("stocktake.id"), primary_key=True)
    item_id: Mapped[int] = mapped_column(ForeignKey("item.id"), primary_key=True)
    pieces: Mapped[int]
    on_shelf: Mapped[int]
    place: Mapped[str]
    entry_id: Mapped[int]
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    at: Mapped[datetime]
    __table_args__: Any = (
        CheckConstraint("pieces >= 0 AND on_shelf >= 0", name="pieces"),
        CheckConstraint("(place = 'shelf') = (on_shelf > 0)", name="place"),
        Index("ix_stocktake_count_at", "stocktake_id", "at"),
        {"sqlite_strict": True, "sqlite_with_rowid": False},
    )


class StocktakeStranger(Model):
    """A whole and right code that was scanned and belongs to no item of this installation."""

    __tablename__ = "stocktake_stranger"
    stocktake_id: Mapped[int] = mapped_column(ForeignKey("stocktake.id"), primary_key=True)
    code: Mapped[str] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    at: Mapped[datetime]
    __table_args__: Any = {"sqlite_strict": True, "sqlite_with_rowid": False}


class StocktakeResult(Model):
    """What a closed count says of one label, with the names of that day. `later` are pieces that came to the shelf
    after the start and were not counted: nobody knows yet, so they are not missing. A manager decides once about
    a difference: with a reason, and with the write-off where pieces were posted as lost."""

    __tablename__ = "stocktake_result"
    id: Mapped[int] = mapped_column(primary_key=True)
    stocktake_id: Mapped[int] = mapped_column(ForeignKey("stocktake.id"))
    item_id: Mapped[int | None] = mapped_column(ForeignKey("item.id"))
    code: Mapped[str]
    name: Mapped[str]
    crafter_name: Mapped[str]
    price: Mapped[int]
    kind: Mapped[str]
    expected: Mapped[int]
    counted: Mapped[int]
    later: Mapped[int]
    place: Mapped[str]
    entry_id: Mapped[int | None]
    counted_by: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    counted_at: Mapped[datetime | None]
    write_off_id: Mapped[int | None] = mapped_column(ForeignKey("write_off.id"), unique=True)
    settled_by: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    settled_at: Mapped[datetime | None]
    reason: Mapped[str] = mapped_column(default="")
    __table_args__: Any = (
        UniqueConstraint("stocktake_id", "code", name="uq_stocktake_result_code"),
        CheckConstraint("kind IN ('counted', 'missing', 'unexpected', 'later')", name="kind"),
        CheckConstraint("expected >= 0 AND counted >= 0 AND later >= 0", name="pieces"),
        CheckConstraint("(settled_at IS NULL) = (reason = '')", name="settled"),
        CheckConstraint("(settled_at IS NULL) = (settled_by IS NULL)", name="settled_by"),
        CheckConstraint("write_off_id IS NULL OR settled_at IS NOT NULL", name="posted"),
        Index("ix_stocktake_result_kind", "stocktake_id", "kind", "id"),
        {"sqlite_strict": True},
    )
