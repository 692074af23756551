"""The tables of the book. Only `book.py` writes postings and balances; nothing here is edited or deleted."""

from datetime import datetime
from typing import Any

from sqlalchemy import (
    CheckConstraint,
    ColumnElement,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    UniqueConstraint,
    literal_column,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from showroom_app.extensions import Model

RUPIAH = 0  # the unit of money; every other unit is an item's id
GOODS = text("unit > 0")
REVERSES = text("reverses_id IS NOT NULL")
LIVE = text("live")
THERE, GONE = text("amount > 0"), text("amount = 0")


class Desk(Model):
    """A place where the book is written: a till or the office. Numbers and the hash chain run per desk."""

    __tablename__ = "desk"
    id: Mapped[int] = mapped_column(primary_key=True)
    showroom_id: Mapped[int] = mapped_column(ForeignKey("showroom.id"), index=True)
    code: Mapped[str]
    name: Mapped[str]
    kind: Mapped[str]
    entry_number: Mapped[int] = mapped_column(default=0, server_default="0")
    head_hash: Mapped[str] = mapped_column(default="", server_default="")
    __table_args__: Any = (
        UniqueConstraint("showroom_id", "code", name="uq_desk_code"),
        CheckConstraint("kind IN ('till', 'office')", name="kind"),
        {"sqlite_strict": True},
    )


class Series(Model):
    """The last number given out in one series (receipts, notes …) at one desk; they run 1, 2, 3 … without gaps."""

    __tablename__ = "series"
    desk_id: Mapped[int] = mapped_column(ForeignKey("desk.id"), primary_key=True)
    name: Mapped[str] = mapped_column(primary_key=True)
    last: Mapped[int] = mapped_column(default=0)
    __table_args__: Any = {"sqlite_strict": True, "sqlite_with_rowid": False}


class Account(Model):
    """Something that holds goods or money: a shelf, a drawer, a crafter, an income. `owner_id` is whose it is,
    by the id that an upper floor knows; `floor` is the least a balance may be."""

    __tablename__ = "account"
    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str]
    owner_id: Mapped[int]
    keeps_balance: Mapped[bool]
    floor: Mapped[int | None]
    __table_args__: Any = (
        UniqueConstraint("kind", "owner_id", name="uq_account_kind_owner"),
        {"sqlite_strict": True},
    )


class Request(Model):
    """One act asked for by a client, under an id of the client's making: repeated, it is answered, not redone."""

    __tablename__ = "request"
    id: Mapped[str] = mapped_column(primary_key=True)
    hash: Mapped[str]
    result: Mapped[str] = mapped_column(default="", server_default="")
    actor_id: Mapped[int | None]
    at: Mapped[datetime]
    __table_args__: Any = {"sqlite_strict": True, "sqlite_with_rowid": False}


class Entry(Model):
    """One thing that happened to goods or money; numbered per desk, chained by SHA-256."""

    __tablename__ = "entry"
    id: Mapped[int] = mapped_column(primary_key=True)
    desk_id: Mapped[int] = mapped_column(ForeignKey("desk.id"))
    number: Mapped[int]
    kind: Mapped[str]
    at: Mapped[datetime]
    actor_id: Mapped[int | None]
    request_id: Mapped[str] = mapped_column(ForeignKey("request.id"), index=True)
    reverses_id: Mapped[int | None] = mapped_column(ForeignKey("entry.id"))
    memo: Mapped[str] = mapped_column(default="", server_default="")
    hash: Mapped[str]
    __table_args__: Any = (
        UniqueConstraint("desk_id", "number", name="uq_entry_desk_number"),
        Index("ix_entry_reverses", "reverses_id", sqlite_where=REVERSES, postgresql_where=REVERSES),
        {"sqlite_strict": True},
    )


class Posting(Model):
    """One movement within an entry: `amount` of `unit` from the credited account to the debited one."""

    __tablename__ = "posting"
    entry_id: Mapped[int] = mapped_column(ForeignKey("entry.id"), primary_key=True)
    line: Mapped[int] = mapped_column(primary_key=True)
    unit: Mapped[int]
    debit_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    credit_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    amount: Mapped[int]
    __table_args__: Any = (
        CheckConstraint("amount > 0", name="amount_positive"),
        CheckConstraint("unit >= 0", name="unit"),
        CheckConstraint("debit_id <> credit_id", name="two_accounts"),
        Index("ix_posting_debit", "debit_id", "entry_id"),
        Index("ix_posting_credit", "credit_id", "entry_id"),
        Index("ix_posting_unit", "unit", sqlite_where=GOODS, postgresql_where=GOODS),
        {"sqlite_strict": True, "sqlite_with_rowid": False},
    )


class Balance(Model):
    """Debits minus credits of one unit on one account, kept true in the transaction of the entry itself."""

    __tablename__ = "balance"
    unit: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), primary_key=True)
    amount: Mapped[int]
    floor: Mapped[int | None]
    __table_args__: Any = (
        # The last piece is sold once because this line says so.
        CheckConstraint("floor IS NULL OR amount >= floor", name="not_below_floor"),
        # What lies somewhere, and what no longer does: found at once however much came and went.
        Index("ix_balance_there", "account_id", "unit", sqlite_where=THERE, postgresql_where=THERE),
        Index("ix_balance_gone", "account_id", "unit", sqlite_where=GONE, postgresql_where=GONE),
        {"sqlite_strict": True, "sqlite_with_rowid": False},
    )


class Settlement(Model):
    """A posting that a later entry made even: what a payout paid. No longer `live` once that payout was undone."""

    __tablename__ = "settlement"
    id: Mapped[int] = mapped_column(primary_key=True)
    entry_id: Mapped[int]
    line: Mapped[int]
    by_entry_id: Mapped[int] = mapped_column(ForeignKey("entry.id"), index=True)
    live: Mapped[bool] = mapped_column(default=True)
    __table_args__: Any = (
        ForeignKeyConstraint(["entry_id", "line"], ["posting.entry_id", "posting.line"]),
        # Paid once, because this line says so.
        Index("uq_settlement_live", "entry_id", "line", unique=True, sqlite_where=LIVE, postgresql_where=LIVE),
        {"sqlite_strict": True},
    )


class SettledThrough(Model):
    """Everything on an account up to this entry is settled, so that what is not is found without reading it all."""

    __tablename__ = "settled_through"
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), primary_key=True)
    entry_id: Mapped[int]
    __table_args__: Any = {"sqlite_strict": True}


# Partial indexes serve a query only when it says their condition in the same words, not with a parameter.
MOVES_GOODS = Posting.unit > literal_column("0")
IS_THERE = Balance.amount > literal_column("0")
IS_GONE = Balance.amount == literal_column("0")
IS_LIVE: ColumnElement[bool] = literal_column("settlement.live")
