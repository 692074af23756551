"""goods are found by their price

Revision ID: 0010
Revises: 0009
Create Date: 2026-11-26 19:30:00
"""

from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_item_price", "item", ["showroom_id", "price", "id"])


def downgrade() -> None:
    raise NotImplementedError("Go back by restoring the backup that was made before the upgrade.")
