"""Tables around a crafter's own phone: what they agreed to show, their card, and what they ask the office to change."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from showroom_app.extensions import Model

NOT_WITHDRAWN = text("withdrawn_at IS NULL")
NOT_ENDED = text("ended_at IS NULL")
NOT_DECIDED = text("decided_at IS NULL")


class Consent(Model):
    """What a crafter agreed that anybody may see of them (UU 27/2022): what, in which words, when, and who asked."""

    __tablename__ = "consent"
    id: Mapped[int] = mapped_column(primary_key=True)
    crafter_id: Mapped[int] = mapped_column(ForeignKey("crafter.id"), index=True)
    name: Mapped[bool]
    face: Mapped[bool]
    story: Mapped[bool]
    words: Mapped[str]  # as they were read out
    asked_by: Mapped[int] = mapped_column(ForeignKey("user.id"))
    at: Mapped[datetime]
    withdrawn_at: Mapped[datetime | None]
    withdrawn_by: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    __table_args__: Any = (
        CheckConstraint("(withdrawn_at IS NULL) = (withdrawn_by IS NULL)", name="withdrawn"),
        Index("uq_consent_live", "crafter_id", unique=True, sqlite_where=NOT_WITHDRAWN, postgresql_where=NOT_WITHDRAWN),
        {"sqlite_strict": True},
    )


class Card(Model):
    """A printed card whose QR opens the PIN page with its crafter's name. A new one ends the one before."""

    __tablename__ = "card"
    id: Mapped[int] = mapped_column(primary_key=True)
    crafter_id: Mapped[int] = mapped_column(ForeignKey("crafter.id"), index=True)
    code: Mapped[str] = mapped_column(unique=True)
    made_by: Mapped[int] = mapped_column(ForeignKey("user.id"))
    made_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    ended_by: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    __table_args__: Any = (
        CheckConstraint("(ended_at IS NULL) = (ended_by IS NULL)", name="ended"),
        Index("uq_card_live", "crafter_id", unique=True, sqlite_where=NOT_ENDED, postgresql_where=NOT_ENDED),
        {"sqlite_strict": True},
    )


class ChangeRequest(Model):
    """Another phone number or bank account that a crafter asks for from their phone; the office decides."""

    __tablename__ = "change_request"
    id: Mapped[int] = mapped_column(primary_key=True)
    crafter_id: Mapped[int] = mapped_column(ForeignKey("crafter.id"), index=True)
    kind: Mapped[str]
    wanted: Mapped[str]  # JSON: the crafter's columns as they should become
    at: Mapped[datetime]
    decided_at: Mapped[datetime | None]
    decided_by: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    accepted: Mapped[bool | None]
    answer: Mapped[str] = mapped_column(default="")
    __table_args__: Any = (
        CheckConstraint("kind IN ('phone', 'bank')", name="kind"),
        CheckConstraint(
            "(decided_at IS NULL) = (decided_by IS NULL) AND (decided_at IS NULL) = (accepted IS NULL)", name="decided"
        ),
        Index(
            "uq_change_request_open", "crafter_id", "kind", unique=True,
            sqlite_where=NOT_DECIDED, postgresql_where=NOT_DECIDED,
        ),
        {"sqlite_strict": True},
    )  # fmt: skip
