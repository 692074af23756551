"""goods elsewhere: exhibitions, other showrooms, and on the way

Revision ID: 0007
Revises: 0006
Create Date: 2026-11-26 17:50:00
"""

import sqlalchemy as sa
from alembic import op

import showroom_app.extensions

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

_WHOLE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_MOMENT = showroom_app.extensions.UtcTime(timezone=True)
_ON_THE_WAY = sa.text("arrived_at IS NULL")


def _whole(name: str, nullable: bool = False) -> sa.Column:
    return sa.Column(name, _WHOLE, nullable=nullable)


def _refers(table: str, column: str, to: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{to}.id"], name=op.f(f"fk_{table}_{column}"))


def _text(name: str, default: str | None = None) -> sa.Column:
    return sa.Column(name, sa.Text(), nullable=False, server_default=default)


def _moment(name: str, nullable: bool = False) -> sa.Column:
    return sa.Column(name, _MOMENT, nullable=nullable)


def upgrade() -> None:
    _venue()
    _transfer()
    _arrival()
    # Not in a batch: that rebuilds a SQLite table, and its CHECKs are lost on the way.
    sqlite = op.get_bind().dialect.name == "sqlite"
    op.execute(
        f"ALTER TABLE write_off ADD COLUMN transfer_id {'INTEGER' if sqlite else 'BIGINT'}"
        " CONSTRAINT fk_write_off_transfer_id REFERENCES transfer (id)"
    )
    op.create_index(op.f("ix_write_off_transfer_id"), "write_off", ["transfer_id"])
    op.execute(
        "INSERT INTO account (kind, owner_id, keeps_balance, floor)"
        f" SELECT 'transit', id, {'1' if sqlite else 'true'}, 0 FROM showroom"
    )


def _venue() -> None:
    op.create_table(
        "venue",
        _whole("id"),
        _whole("showroom_id"),
        _whole("desk_id"),
        _text("kind"),
        _text("name"),
        _text("address", ""),
        _text("starts_on", ""),
        _text("ends_on", ""),
        _moment("opened_at"),
        _whole("opened_by"),
        _moment("closed_at", nullable=True),
        _whole("closed_by", nullable=True),
        sa.CheckConstraint("kind IN ('exhibition', 'showroom')", name=op.f("ck_venue_kind")),
        sa.CheckConstraint("(closed_at IS NULL) = (closed_by IS NULL)", name=op.f("ck_venue_closed")),
        _refers("venue", "showroom_id", "showroom"),
        _refers("venue", "desk_id", "desk"),
        _refers("venue", "opened_by", "user"),
        _refers("venue", "closed_by", "user"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_venue")),
        sa.UniqueConstraint("desk_id", name=op.f("uq_venue_desk_id")),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_venue_showroom_id"), "venue", ["showroom_id"])


def _transfer() -> None:
    op.create_table(
        "transfer",
        _whole("id"),
        _whole("showroom_id"),
        _whole("venue_id"),
        _text("direction"),
        _whole("desk_id"),
        _whole("number"),
        _whole("entry_id"),
        _whole("user_id"),
        _moment("at"),
        _whole("pieces"),
        _text("carrier"),
        _text("words"),
        _moment("arrived_at", nullable=True),
        sa.CheckConstraint("direction IN ('out', 'back')", name=op.f("ck_transfer_direction")),
        _refers("transfer", "showroom_id", "showroom"),
        _refers("transfer", "venue_id", "venue"),
        _refers("transfer", "desk_id", "desk"),
        _refers("transfer", "entry_id", "entry"),
        _refers("transfer", "user_id", "user"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_transfer")),
        sa.UniqueConstraint("desk_id", "number", name="uq_transfer_desk_number"),
        sa.UniqueConstraint("entry_id", name=op.f("uq_transfer_entry_id")),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_transfer_venue_id"), "transfer", ["venue_id"])
    op.create_index("ix_transfer_showroom", "transfer", ["showroom_id", "id"])
    op.create_index(
        "ix_transfer_way", "transfer", ["showroom_id"], sqlite_where=_ON_THE_WAY, postgresql_where=_ON_THE_WAY
    )
    op.create_table(
        "transfer_line",
        _whole("transfer_id"),
        _whole("position"),
        _whole("item_id"),
        _text("name"),
        _whole("quantity"),
        _whole("price"),
        sa.CheckConstraint("quantity > 0", name=op.f("ck_transfer_line_quantity")),
        _refers("transfer_line", "transfer_id", "transfer"),
        _refers("transfer_line", "item_id", "item"),
        sa.PrimaryKeyConstraint("transfer_id", "position", name=op.f("pk_transfer_line")),
        sa.UniqueConstraint("transfer_id", "item_id", name="uq_transfer_line_item"),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_transfer_line_item_id"), "transfer_line", ["item_id"])


def _arrival() -> None:
    op.create_table(
        "arrival",
        _whole("id"),
        _whole("transfer_id"),
        _text("kind"),
        _whole("entry_id"),
        _whole("user_id"),
        _moment("at"),
        sa.CheckConstraint("kind IN ('arrived', 'turned')", name=op.f("ck_arrival_kind")),
        _refers("arrival", "transfer_id", "transfer"),
        _refers("arrival", "entry_id", "entry"),
        _refers("arrival", "user_id", "user"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_arrival")),
        sa.UniqueConstraint("entry_id", name=op.f("uq_arrival_entry_id")),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_arrival_transfer_id"), "arrival", ["transfer_id"])
    op.create_table(
        "arrival_line",
        _whole("arrival_id"),
        _whole("item_id"),
        _whole("quantity"),
        sa.CheckConstraint("quantity > 0", name=op.f("ck_arrival_line_quantity")),
        _refers("arrival_line", "arrival_id", "arrival"),
        _refers("arrival_line", "item_id", "item"),
        sa.PrimaryKeyConstraint("arrival_id", "item_id", name=op.f("pk_arrival_line")),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_arrival_line_item_id"), "arrival_line", ["item_id"])


def downgrade() -> None:
    raise NotImplementedError("What was written since would be lost. Restore the backup that was made before.")
