"""a loss says how many of its pieces the showroom had paid for when they were damaged

Revision ID: 0011
Revises: 0010
Create Date: 2026-11-27 11:20:00
"""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

# What came to and left an item's damaged pieces, in the order of the book.
_EVENTS = sa.text(
    "SELECT x.* FROM (SELECT w.item_id, w.entry_id, w.kind, w.quantity, w.compensation AS paid, w.id, w.undoes_id"
    " FROM write_off w UNION ALL SELECT l.item_id, r.entry_id, 'refund', l.quantity, l.borne, 0, NULL"
    " FROM refund_line l JOIN refund r ON r.id = l.refund_id WHERE l.place = 'damaged'"
    " UNION ALL SELECT l.item_id, h.entry_id, 'hand_back', l.quantity, 0, 0, NULL"
    " FROM hand_back_line l JOIN hand_back h ON h.id = l.hand_back_id WHERE l.place = 'damaged') x"
    " WHERE x.item_id IN (SELECT item_id FROM write_off) ORDER BY x.item_id, x.entry_id"
)
_FROM_DAMAGED = sa.text(
    "SELECT w.id FROM write_off w JOIN posting p ON p.entry_id = w.entry_id AND p.unit = w.item_id"
    " JOIN account a ON a.id = p.credit_id WHERE w.kind = 'lost' AND a.kind = 'damaged'"
)


def upgrade() -> None:
    # Not in batches: those rebuild a SQLite table, and its CHECKs are lost on the way.
    whole = "INTEGER" if op.get_bind().dialect.name == "sqlite" else "BIGINT"
    op.execute(f"ALTER TABLE write_off ADD COLUMN owned {whole} NOT NULL DEFAULT 0")
    fill(op.get_bind())


def fill(conn: sa.Connection) -> None:
    """Tell it of records before: what was not paid for was lost first, and what had been paid for was found first. A
    record that paid nothing could be used to mend a piece that had been paid for, and the other way round."""
    lost = dict.fromkeys(conn.execute(_FROM_DAMAGED).scalars(), 0)
    mended: dict[int, int] = {}
    paid_with: dict[int, bool] = {}
    item, there, paid = 0, 0, 0
    for row in conn.execute(_EVENTS).all():
        if row.item_id != item:
            item, there, paid = row.item_id, 0, 0
        if row.kind in ("damaged", "refund"):
            paid_with[row.id] = row.paid > 0
            there, paid = there + row.quantity, paid + (row.quantity if row.paid > 0 else 0)
        elif row.kind == "mended":
            said = row.quantity if paid_with[row.undoes_id] else 0
            gone = max(min(said, paid), row.quantity - (there - paid))
            there, paid, mended[row.id] = there - row.quantity, paid - gone, gone - said
        elif row.kind == "hand_back":
            there -= row.quantity
        elif row.kind == "lost" and row.id in lost:
            gone = max(0, min(paid, row.quantity - (there - paid)))
            there, paid, lost[row.id] = there - row.quantity, paid - gone, gone
        elif row.kind == "found" and row.undoes_id in lost:
            back = min(lost[row.undoes_id], row.quantity)
            there, paid = there + row.quantity, paid + back
    for write_off_id, owned in (lost | mended).items():
        if owned:
            conn.execute(sa.text("UPDATE write_off SET owned = :n WHERE id = :id"), {"n": owned, "id": write_off_id})


def downgrade() -> None:
    raise NotImplementedError("Go back by restoring the backup that was made before the upgrade.")
