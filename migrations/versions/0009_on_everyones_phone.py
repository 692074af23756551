"""on everyone's phone: consent, cards, one-time codes, what crafters ask for and propose, the public catalogue

Revision ID: 0009
Revises: 0008
Create Date: 2026-11-26 21:45:00
"""

import sqlalchemy as sa
from alembic import op

import showroom_app.extensions

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

_WHOLE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_YES_NO = sa.Boolean().with_variant(sa.Integer(), "sqlite")
_MOMENT = showroom_app.extensions.UtcTime(timezone=True)


def _whole(name: str, nullable: bool = False) -> sa.Column:
    return sa.Column(name, _WHOLE, nullable=nullable)


def _yes_no(name: str, nullable: bool = False) -> sa.Column:
    return sa.Column(name, _YES_NO, nullable=nullable)


def _text(name: str) -> sa.Column:
    return sa.Column(name, sa.Text(), nullable=False)


def _moment(name: str, nullable: bool = False) -> sa.Column:
    return sa.Column(name, _MOMENT, nullable=nullable)


def _refers(table: str, column: str, to: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{to}.id"], name=op.f(f"fk_{table}_{column}"))


def _only_one(name: str, table: str, columns: list[str], where: str) -> None:
    condition = sa.text(where)
    op.create_index(name, table, columns, unique=True, sqlite_where=condition, postgresql_where=condition)


def upgrade() -> None:
    # Not in batches: those rebuild a SQLite table, and its CHECKs are lost on the way.
    sqlite = op.get_bind().dialect.name == "sqlite"
    moment, yes = ("TEXT", "INTEGER NOT NULL DEFAULT 1") if sqlite else ("TIMESTAMP WITH TIME ZONE", "BOOLEAN NOT NULL DEFAULT true")
    op.execute(f"ALTER TABLE showroom ADD COLUMN catalogue_open {yes}")
    op.execute(f'ALTER TABLE "user" ADD COLUMN one_time_until {moment}')
    for column in ("story", "story_en", "photo"):
        op.execute(f"ALTER TABLE crafter ADD COLUMN {column} TEXT NOT NULL DEFAULT ''")
    _consent()
    _card()
    _change_request()
    _proposal()


def _consent() -> None:
    op.create_table(
        "consent",
        _whole("id"),
        _whole("crafter_id"),
        _yes_no("name"),
        _yes_no("face"),
        _yes_no("story"),
        _text("words"),
        _whole("asked_by"),
        _moment("at"),
        _moment("withdrawn_at", nullable=True),
        _whole("withdrawn_by", nullable=True),
        sa.CheckConstraint("(withdrawn_at IS NULL) = (withdrawn_by IS NULL)", name=op.f("ck_consent_withdrawn")),
        _refers("consent", "crafter_id", "crafter"),
        _refers("consent", "asked_by", "user"),
        _refers("consent", "withdrawn_by", "user"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consent")),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_consent_crafter_id"), "consent", ["crafter_id"])
    _only_one("uq_consent_live", "consent", ["crafter_id"], "withdrawn_at IS NULL")


def _card() -> None:
    op.create_table(
        "card",
        _whole("id"),
        _whole("crafter_id"),
        _text("code"),
        _whole("made_by"),
        _moment("made_at"),
        _moment("ended_at", nullable=True),
        _whole("ended_by", nullable=True),
        sa.CheckConstraint("(ended_at IS NULL) = (ended_by IS NULL)", name=op.f("ck_card_ended")),
        _refers("card", "crafter_id", "crafter"),
        _refers("card", "made_by", "user"),
        _refers("card", "ended_by", "user"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_card")),
        sa.UniqueConstraint("code", name=op.f("uq_card_code")),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_card_crafter_id"), "card", ["crafter_id"])
    _only_one("uq_card_live", "card", ["crafter_id"], "ended_at IS NULL")


def _change_request() -> None:
    op.create_table(
        "change_request",
        _whole("id"),
        _whole("crafter_id"),
        _text("kind"),
        _text("wanted"),
        _moment("at"),
        _moment("decided_at", nullable=True),
        _whole("decided_by", nullable=True),
        _yes_no("accepted", nullable=True),
        _text("answer"),
        sa.CheckConstraint("kind IN ('phone', 'bank')", name=op.f("ck_change_request_kind")),
        sa.CheckConstraint(
            "(decided_at IS NULL) = (decided_by IS NULL) AND (decided_at IS NULL) = (accepted IS NULL)",
            name=op.f("ck_change_request_decided"),
        ),
        _refers("change_request", "crafter_id", "crafter"),
        _refers("change_request", "decided_by", "user"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_change_request")),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_change_request_crafter_id"), "change_request", ["crafter_id"])
    _only_one("uq_change_request_open", "change_request", ["crafter_id", "kind"], "decided_at IS NULL")


def _proposal() -> None:
    op.create_table(
        "proposal",
        _whole("id"),
        _whole("crafter_id"),
        _text("name"),
        _text("category"),
        _whole("price", nullable=True),
        _text("story"),
        _text("photo"),
        _moment("at"),
        _moment("decided_at", nullable=True),
        _whole("decided_by", nullable=True),
        _whole("product_id", nullable=True),
        _text("answer"),
        sa.CheckConstraint("price IS NULL OR price > 0", name=op.f("ck_proposal_price")),
        sa.CheckConstraint("(decided_at IS NULL) = (decided_by IS NULL)", name=op.f("ck_proposal_decided")),
        _refers("proposal", "crafter_id", "crafter"),
        _refers("proposal", "decided_by", "user"),
        _refers("proposal", "product_id", "product"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_proposal")),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_proposal_crafter_id"), "proposal", ["crafter_id"])
    condition = sa.text("decided_at IS NULL")
    op.create_index("ix_proposal_open", "proposal", ["id"], sqlite_where=condition, postgresql_where=condition)


def downgrade() -> None:
    raise NotImplementedError("Go back by restoring the backup that was made before the upgrade.")
