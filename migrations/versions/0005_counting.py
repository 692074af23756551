"""stocktakes: counting by scanning

Revision ID: 0005
Revises: 0004
Create Date: 2026-11-26 00:20:00
"""

import sqlalchemy as sa
from alembic import op

import showroom_app.extensions

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

_WHOLE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_MOMENT = showroom_app.extensions.UtcTime(timezone=True)
_OPEN = sa.text("status = 'open'")


def _whole(name: str, nullable: bool = False) -> sa.Column:
    return sa.Column(name, _WHOLE, nullable=nullable)


def _refers(table: str, column: str, to: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{to}.id"], name=op.f(f"fk_{table}_{column}"))


def _text(name: str) -> sa.Column:
    return sa.Column(name, sa.Text(), nullable=False)


def _moment(name: str, nullable: bool = False) -> sa.Column:
    return sa.Column(name, _MOMENT, nullable=nullable)


def upgrade() -> None:
    _stocktake()
    _counts()
    _results()


def _stocktake() -> None:
    op.create_table(
        "stocktake",
        _whole("id"),
        _whole("showroom_id"),
        _text("scope"),
        _text("category"),
        _whole("crafter_id", nullable=True),
        _text("status"),
        _moment("started_at"),
        _whole("started_by"),
        _whole("after_entry_id"),
        _moment("closed_at", nullable=True),
        _whole("closed_by", nullable=True),
        _text("note"),
        _whole("labels"),
        _whole("expected"),
        _whole("counted"),
        _whole("missing"),
        _whole("unexpected"),
        sa.CheckConstraint("scope IN ('all', 'category', 'crafter')", name=op.f("ck_stocktake_scope")),
        sa.CheckConstraint("(scope = 'category') = (category <> '')", name=op.f("ck_stocktake_category")),
        sa.CheckConstraint("(scope = 'crafter') = (crafter_id IS NOT NULL)", name=op.f("ck_stocktake_crafter")),
        sa.CheckConstraint("status IN ('open', 'closed', 'dropped')", name=op.f("ck_stocktake_status")),
        sa.CheckConstraint("(status = 'open') = (closed_at IS NULL)", name=op.f("ck_stocktake_closed_at")),
        sa.CheckConstraint("(status = 'open') = (closed_by IS NULL)", name=op.f("ck_stocktake_closed_by")),
        _refers("stocktake", "showroom_id", "showroom"),
        _refers("stocktake", "crafter_id", "crafter"),
        _refers("stocktake", "started_by", "user"),
        _refers("stocktake", "closed_by", "user"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stocktake")),
        sqlite_strict=True,
    )
    op.create_index(
        "uq_stocktake_open", "stocktake", ["showroom_id"], unique=True, sqlite_where=_OPEN, postgresql_where=_OPEN
    )
    op.create_index("ix_stocktake_showroom", "stocktake", ["showroom_id", "id"])


def _counts() -> None:
    op.create_table(
        "stocktake_count",
        _whole("stocktake_id"),
        _whole("item_id"),
        _whole("pieces"),
        _whole("on_shelf"),
        _text("place"),
        _whole("entry_id"),
        _whole("user_id"),
        _moment("at"),
        sa.CheckConstraint("pieces >= 0 AND on_shelf >= 0", name=op.f("ck_stocktake_count_pieces")),
        sa.CheckConstraint("(place = 'shelf') = (on_shelf > 0)", name=op.f("ck_stocktake_count_place")),
        _refers("stocktake_count", "stocktake_id", "stocktake"),
        _refers("stocktake_count", "item_id", "item"),
        _refers("stocktake_count", "user_id", "user"),
        sa.PrimaryKeyConstraint("stocktake_id", "item_id", name=op.f("pk_stocktake_count")),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    op.create_index("ix_stocktake_count_at", "stocktake_count", ["stocktake_id", "at"])
    op.create_table(
        "stocktake_stranger",
        _whole("stocktake_id"),
        _text("code"),
        _whole("user_id"),
        _moment("at"),
        _refers("stocktake_stranger", "stocktake_id", "stocktake"),
        _refers("stocktake_stranger", "user_id", "user"),
        sa.PrimaryKeyConstraint("stocktake_id", "code", name=op.f("pk_stocktake_stranger")),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )


def _results() -> None:
    table = "stocktake_result"
    op.create_table(
        table,
        _whole("id"),
        _whole("stocktake_id"),
        _whole("item_id", nullable=True),
        _text("code"),
        _text("name"),
        _text("crafter_name"),
        _whole("price"),
        _text("kind"),
        _whole("expected"),
        _whole("counted"),
        _whole("later"),
        _text("place"),
        _whole("entry_id", nullable=True),
        _whole("counted_by", nullable=True),
        _moment("counted_at", nullable=True),
        _whole("write_off_id", nullable=True),
        _whole("settled_by", nullable=True),
        _moment("settled_at", nullable=True),
        _text("reason"),
        sa.CheckConstraint(
            "kind IN ('counted', 'missing', 'unexpected', 'later')", name=op.f("ck_stocktake_result_kind")
        ),
        sa.CheckConstraint("expected >= 0 AND counted >= 0 AND later >= 0", name=op.f("ck_stocktake_result_pieces")),
        sa.CheckConstraint("(settled_at IS NULL) = (reason = '')", name=op.f("ck_stocktake_result_settled")),
        sa.CheckConstraint("(settled_at IS NULL) = (settled_by IS NULL)", name=op.f("ck_stocktake_result_settled_by")),
        sa.CheckConstraint("write_off_id IS NULL OR settled_at IS NOT NULL", name=op.f("ck_stocktake_result_posted")),
        _refers(table, "stocktake_id", "stocktake"),
        _refers(table, "item_id", "item"),
        _refers(table, "counted_by", "user"),
        _refers(table, "write_off_id", "write_off"),
        _refers(table, "settled_by", "user"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stocktake_result")),
        sa.UniqueConstraint("stocktake_id", "code", name="uq_stocktake_result_code"),
        sa.UniqueConstraint("write_off_id", name=op.f("uq_stocktake_result_write_off_id")),
        sqlite_strict=True,
    )
    op.create_index("ix_stocktake_result_kind", table, ["stocktake_id", "kind", "id"])


def downgrade() -> None:
    raise NotImplementedError("What was written since would be lost. Restore the backup that was made before.")
