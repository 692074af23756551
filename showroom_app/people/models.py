"""Tables: showroom, user, crafter, sign-in attempts. (The ledger owns the desk.)"""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from showroom_app.extensions import Model
from showroom_app.ledger.models import Desk as Desk
from showroom_app.people import crafter_models as crafter_models


class Showroom(Model):
    """A place where goods stand and are sold, with its own settings."""

    __tablename__ = "showroom"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    place: Mapped[str] = mapped_column(default="")
    address: Mapped[str] = mapped_column(default="")
    phone: Mapped[str] = mapped_column(default="")  # E.164 or empty
    public_host: Mapped[str] = mapped_column(default="")  # name on labels; empty: labels carry the bare code
    commission_bps: Mapped[int] = mapped_column(default=1500)
    bank_note: Mapped[str] = mapped_column(default="")  # where transfers go, shown at the till
    qris_file: Mapped[str] = mapped_column(default="")  # file name below the instance; empty: none
    created_at: Mapped[datetime]
    # Money rules; what each does stands beside its field on the settings page.
    discount_bearer: Mapped[str] = mapped_column(default="shared", server_default="shared")
    discount_bps_max: Mapped[int] = mapped_column(default=1000, server_default="1000")  # an attendant's own
    cash_rounding: Mapped[int] = mapped_column(default=0, server_default="0")  # rupiah: 0, 100 or 500
    tenders: Mapped[str] = mapped_column(default="cash,qris,transfer", server_default="cash,qris,transfer")
    services_refundable: Mapped[bool] = mapped_column(default=False, server_default="0")
    refund_rupiah_max: Mapped[int] = mapped_column(default=500_000, server_default="500000")  # an attendant's own
    paid_refund_bearer: Mapped[str] = mapped_column(default="crafter", server_default="crafter")
    payout_rupiah_min: Mapped[int] = mapped_column(default=0, server_default="0")
    payday: Mapped[int | None]  # 0 is Monday; none: no fixed day
    advance_rupiah_max: Mapped[int] = mapped_column(default=0, server_default="0")
    # Goods: whether the showroom answers for what is damaged or lost in its care, and how labels are printed.
    answers_for_damage: Mapped[bool] = mapped_column(default=True, server_default="1")
    answers_for_loss: Mapped[bool] = mapped_column(default=True, server_default="1")
    ageing_days: Mapped[int] = mapped_column(default=90, server_default="90")  # on the shelf, then the crafter is asked
    label_preset: Mapped[str] = mapped_column(default="a4-3x8", server_default="a4-3x8")
    label_price: Mapped[bool] = mapped_column(default=True, server_default="1")
    catalogue_open: Mapped[bool] = mapped_column(default=True, server_default="1")  # visitors may look at everything


class Crafter(Model):
    """The consignor: goods stay theirs until sold."""

    __tablename__ = "crafter"
    id: Mapped[int] = mapped_column(primary_key=True)
    showroom_id: Mapped[int] = mapped_column(ForeignKey("showroom.id"))
    name: Mapped[str]
    workshop: Mapped[str] = mapped_column(default="")
    address: Mapped[str] = mapped_column(default="")
    phone: Mapped[str] = mapped_column(default="")  # E.164 or empty
    bank_name: Mapped[str] = mapped_column(default="")
    bank_account: Mapped[str] = mapped_column(default="")
    bank_holder: Mapped[str] = mapped_column(default="")
    terms_kind: Mapped[str] = mapped_column(default="commission")
    commission_bps: Mapped[int] = mapped_column(default=1500)
    active: Mapped[bool] = mapped_column(default=True)
    created_at: Mapped[datetime]
    advance_rupiah_max: Mapped[int | None]  # none: as the showroom's
    # What visitors may read and see of them, as far as their consent goes.
    story: Mapped[str] = mapped_column(default="", server_default="")
    story_en: Mapped[str] = mapped_column(default="", server_default="")
    photo: Mapped[str] = mapped_column(default="", server_default="")  # as a product's
    __table_args__: Any = (
        CheckConstraint("terms_kind IN ('commission', 'net_price')", name="terms_kind"),
        CheckConstraint("commission_bps BETWEEN 0 AND 10000", name="commission"),
        Index("ix_crafter_showroom", "showroom_id", "name"),
        {"sqlite_strict": True},
    )


class User(Model):
    """Someone who signs in. `session_key` is part of every session: a new one ends them all."""

    __tablename__ = "user"
    id: Mapped[int] = mapped_column(primary_key=True)
    showroom_id: Mapped[int] = mapped_column(ForeignKey("showroom.id"), index=True)
    name: Mapped[str]
    username: Mapped[str] = mapped_column(unique=True)
    password_hash: Mapped[str]
    role: Mapped[str]
    crafter_id: Mapped[int | None] = mapped_column(ForeignKey("crafter.id"), unique=True)
    active: Mapped[bool] = mapped_column(default=True)
    language: Mapped[str] = mapped_column(default="id")
    session_key: Mapped[str]
    last_seen_at: Mapped[datetime | None]
    one_time_until: Mapped[datetime | None]  # the secret is a code handed over, good once and until then
    __table_args__: Any = (
        CheckConstraint("role IN ('crafter', 'attendant', 'observer', 'manager')", name="role"),
        CheckConstraint("(role = 'crafter') = (crafter_id IS NOT NULL)", name="crafter_role"),
        {"sqlite_strict": True},
    )


class SignInAttempt(Model):
    """Failed guesses, per account and per address, kept in the database so that a restart forgives nothing."""

    __tablename__ = "sign_in_attempt"
    key: Mapped[str] = mapped_column(primary_key=True)
    failures: Mapped[int]
    last_at: Mapped[datetime]


class SetUpToken(Model):
    """The one-time link to first-run set-up; only its hash is kept."""

    __tablename__ = "set_up_token"
    hash: Mapped[str] = mapped_column(primary_key=True)
    made_at: Mapped[datetime]


class Activity(Model):
    """Who did what, besides the book: only ever added to. `subject` is a table and an id, such as crafter:12."""

    __tablename__ = "activity"
    id: Mapped[int] = mapped_column(primary_key=True)
    showroom_id: Mapped[int | None] = mapped_column(ForeignKey("showroom.id"))
    at: Mapped[datetime]
    actor_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    kind: Mapped[str]
    subject: Mapped[str]
    before: Mapped[str] = mapped_column(default="{}")  # JSON: only what changed
    after: Mapped[str] = mapped_column(default="{}")
    __table_args__: Any = (
        Index("ix_activity_showroom", "showroom_id", "id"),
        Index("ix_activity_subject", "subject", "id"),
        {"sqlite_strict": True},
    )
