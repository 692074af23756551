"""joint work: a piece made by several crafters

Revision ID: 0008
Revises: 0007
Create Date: 2026-11-26 18:25:00
"""

import sqlalchemy as sa
from alembic import op

import showroom_app.extensions

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

_WHOLE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_MOMENT = showroom_app.extensions.UtcTime(timezone=True)


def _whole(name: str) -> sa.Column:
    return sa.Column(name, _WHOLE, nullable=False)


def _refers(table: str, column: str, to: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{to}.id"], name=op.f(f"fk_{table}_{column}"))


def upgrade() -> None:
    # Not in batches: those rebuild a SQLite table, and its CHECKs are lost on the way.
    flag = "INTEGER NOT NULL DEFAULT 0" if op.get_bind().dialect.name == "sqlite" else "BOOLEAN NOT NULL DEFAULT false"
    for table in ("item", "sale_line", "refund_line", "write_off"):
        op.execute(f"ALTER TABLE {table} ADD COLUMN joint {flag}")
    op.create_table(
        "maker",
        _whole("line_id"),
        _whole("position"),
        _whole("crafter_id"),
        _whole("share_bps"),
        sa.CheckConstraint("share_bps BETWEEN 1 AND 9999", name=op.f("ck_maker_share")),
        _refers("maker", "line_id", "consignment_line"),
        _refers("maker", "crafter_id", "crafter"),
        sa.PrimaryKeyConstraint("line_id", "position", name=op.f("pk_maker")),
        sa.UniqueConstraint("line_id", "crafter_id", name="uq_maker_line_crafter"),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    op.create_index("ix_maker_crafter", "maker", ["crafter_id", "line_id"])
    _sold()
    _answered_for()


def _sold() -> None:
    op.create_table(
        "sale_share",
        _whole("sale_id"),
        _whole("position"),
        _whole("crafter_id"),
        sa.Column("at", _MOMENT, nullable=False),
        _whole("amount"),
        sa.CheckConstraint("amount >= 0", name=op.f("ck_sale_share_amount")),
        sa.ForeignKeyConstraint(
            ["sale_id", "position"], ["sale_line.sale_id", "sale_line.position"], name=op.f("fk_sale_share_sale_id")
        ),
        _refers("sale_share", "crafter_id", "crafter"),
        sa.PrimaryKeyConstraint("sale_id", "position", "crafter_id", name=op.f("pk_sale_share")),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    op.create_index("ix_sale_share_crafter_at", "sale_share", ["crafter_id", "at"])
    op.create_index("ix_sale_share_crafter_sale", "sale_share", ["crafter_id", "sale_id", "position"])
    op.create_table(
        "refund_share",
        _whole("refund_id"),
        _whole("position"),
        _whole("crafter_id"),
        sa.Column("at", _MOMENT, nullable=False),
        _whole("amount"),
        _whole("borne"),
        sa.CheckConstraint("borne BETWEEN 0 AND amount", name=op.f("ck_refund_share_borne")),
        sa.ForeignKeyConstraint(
            ["refund_id", "position"],
            ["refund_line.refund_id", "refund_line.position"],
            name=op.f("fk_refund_share_refund_id"),
        ),
        _refers("refund_share", "crafter_id", "crafter"),
        sa.PrimaryKeyConstraint("refund_id", "position", "crafter_id", name=op.f("pk_refund_share")),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    op.create_index("ix_refund_share_crafter_at", "refund_share", ["crafter_id", "at"])


def _answered_for() -> None:
    op.create_table(
        "write_off_share",
        _whole("write_off_id"),
        _whole("crafter_id"),
        _whole("amount"),
        _refers("write_off_share", "write_off_id", "write_off"),
        _refers("write_off_share", "crafter_id", "crafter"),
        sa.PrimaryKeyConstraint("write_off_id", "crafter_id", name=op.f("pk_write_off_share")),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_write_off_share_crafter_id"), "write_off_share", ["crafter_id"])


def downgrade() -> None:
    raise NotImplementedError("What was written since would be lost. Restore the backup that was made before.")
