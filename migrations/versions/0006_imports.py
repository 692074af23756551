"""files with crafters and goods

Revision ID: 0006
Revises: 0004
Create Date: 2026-11-26 07:00:00
"""

import sqlalchemy as sa
from alembic import op

import showroom_app.extensions

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None
_WHOLE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_MOMENT = showroom_app.extensions.UtcTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "import_file",
        sa.Column("id", _WHOLE, nullable=False),
        sa.Column("showroom_id", _WHOLE, nullable=False),
        sa.Column("user_id", _WHOLE, nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("rows", _WHOLE, nullable=False),
        sa.Column("uploaded_at", _MOMENT, nullable=False),
        sa.Column("accepted_at", _MOMENT, nullable=True),
        sa.Column("accepted_by", _WHOLE, nullable=True),
        sa.Column("request_id", sa.Text(), nullable=True),
        sa.Column("made", _WHOLE, nullable=False),
        sa.Column("skipped", _WHOLE, nullable=False),
        sa.Column("pieces", _WHOLE, nullable=False),
        sa.Column("value", _WHOLE, nullable=False),
        sa.CheckConstraint("kind IN ('crafters', 'goods')", name=op.f("ck_import_file_kind")),
        sa.CheckConstraint("(accepted_at IS NULL) = (request_id IS NULL)", name=op.f("ck_import_file_accepted")),
        sa.CheckConstraint("(accepted_at IS NULL) = (accepted_by IS NULL)", name=op.f("ck_import_file_accepted_by")),
        sa.ForeignKeyConstraint(["showroom_id"], ["showroom.id"], name=op.f("fk_import_file_showroom_id")),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_import_file_user_id")),
        sa.ForeignKeyConstraint(["accepted_by"], ["user.id"], name=op.f("fk_import_file_accepted_by")),
        sa.ForeignKeyConstraint(["request_id"], ["request.id"], name=op.f("fk_import_file_request_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_import_file")),
        sa.UniqueConstraint("request_id", name=op.f("uq_import_file_request_id")),
        sa.UniqueConstraint("showroom_id", "kind", "sha256", name="uq_import_file_content"),
        sqlite_strict=True,
    )


def downgrade() -> None:
    raise NotImplementedError("What was written since would be lost. Restore the backup that was made before.")
