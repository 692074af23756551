"""advances can be undone; what was approved and how cash was rounded is kept

Revision ID: 0003
Revises: 0002
Create Date: 2026-11-25 23:40:00
"""

import sqlalchemy as sa
from alembic import op

import showroom_app.extensions

revision = "0003"
down_revision = "0002"
_WHOLE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
branch_labels = None
depends_on = None


def upgrade() -> None:
    whole = "INTEGER" if op.get_bind().dialect.name == "sqlite" else "BIGINT"
    # Not in batches: those rebuild a SQLite table, and its CHECKs are lost on the way.
    for column, table in (("reversal_entry_id", "entry"), ("reversed_by", "user"), ("reversed_shift_id", "shift")):
        op.execute(
            f"ALTER TABLE advance ADD COLUMN {column} {whole}"
            f' CONSTRAINT fk_advance_{column} REFERENCES "{table}" (id)'
        )
    moment = showroom_app.extensions.UtcTime(timezone=True).compile(dialect=op.get_bind().dialect)
    op.execute(
        f"ALTER TABLE advance ADD COLUMN reversed_at {moment} CONSTRAINT ck_advance_reversed"
        " CHECK ((reversal_entry_id IS NULL) = (reversed_at IS NULL))"
    )
    op.add_column("advance", sa.Column("reversal_reason", sa.Text(), server_default="", nullable=False))
    op.add_column("basket", sa.Column("approved_share", _WHOLE, nullable=True))
    op.add_column("sale", sa.Column("cash_rounding", _WHOLE, server_default="0", nullable=False))
    # By what step an older sale's cash was rounded nobody wrote down: by today's, where its cash fits that.
    op.execute(
        "UPDATE sale SET cash_rounding = coalesce((SELECT r.cash_rounding FROM showroom r JOIN payment p"
        " ON p.sale_id = sale.id AND p.tender = 'cash' WHERE r.id = sale.showroom_id AND r.cash_rounding > 0"
        " AND p.amount % r.cash_rounding = 0), 0)"
    )
    op.create_index("uq_advance_reversal_entry_id", "advance", ["reversal_entry_id"], unique=True)


def downgrade() -> None:
    raise NotImplementedError("What was written since would be lost. Restore the backup that was made before.")
