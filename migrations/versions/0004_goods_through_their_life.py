"""goods through their life

Revision ID: 0004
Revises: 0003
Create Date: 2026-11-25 23:49:54.393593
"""

import sqlalchemy as sa
from alembic import op


import showroom_app.extensions

revision = '0004'
down_revision = '0003'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('label_sheet',
    sa.Column('showroom_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('preset', sa.Text(), nullable=False),
    sa.Column('geometry', sa.Text(), nullable=False),
    sa.Column('next_place', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.ForeignKeyConstraint(['showroom_id'], ['showroom.id'], name=op.f('fk_label_sheet_showroom_id')),
    sa.PrimaryKeyConstraint('showroom_id', 'preset', name=op.f('pk_label_sheet')),
    sqlite_strict=True,
    sqlite_with_rowid=False
    )
    op.create_table('hand_back',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('showroom_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('desk_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('number', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('crafter_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('entry_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('user_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('at', showroom_app.extensions.UtcTime(timezone=True), nullable=False),
    sa.Column('pieces', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('reason', sa.Text(), nullable=False),
    sa.Column('received_by', sa.Text(), nullable=False),
    sa.Column('relation', sa.Text(), nullable=False),
    sa.Column('words', sa.Text(), nullable=False),
    sa.ForeignKeyConstraint(['crafter_id'], ['crafter.id'], name=op.f('fk_hand_back_crafter_id')),
    sa.ForeignKeyConstraint(['desk_id'], ['desk.id'], name=op.f('fk_hand_back_desk_id')),
    sa.ForeignKeyConstraint(['entry_id'], ['entry.id'], name=op.f('fk_hand_back_entry_id')),
    sa.ForeignKeyConstraint(['showroom_id'], ['showroom.id'], name=op.f('fk_hand_back_showroom_id')),
    sa.ForeignKeyConstraint(['user_id'], ['user.id'], name=op.f('fk_hand_back_user_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_hand_back')),
    sa.UniqueConstraint('desk_id', 'number', name='uq_hand_back_desk_number'),
    sa.UniqueConstraint('entry_id', name=op.f('uq_hand_back_entry_id')),
    sqlite_strict=True
    )
    with op.batch_alter_table('hand_back', schema=None) as batch_op:
        batch_op.create_index('ix_hand_back_crafter', ['crafter_id', 'at'], unique=False)
        batch_op.create_index('ix_hand_back_showroom', ['showroom_id', 'id'], unique=False)

    op.create_table('label_run',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('showroom_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('user_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('at', showroom_app.extensions.UtcTime(timezone=True), nullable=False),
    sa.Column('preset', sa.Text(), nullable=False),
    sa.Column('start', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('with_price', showroom_app.extensions.Flag(), nullable=False),
    sa.Column('count', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('items', sa.Text(), nullable=False),
    sa.ForeignKeyConstraint(['showroom_id'], ['showroom.id'], name=op.f('fk_label_run_showroom_id')),
    sa.ForeignKeyConstraint(['user_id'], ['user.id'], name=op.f('fk_label_run_user_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_label_run')),
    sqlite_strict=True
    )
    with op.batch_alter_table('label_run', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_label_run_showroom_id'), ['showroom_id'], unique=False)

    op.create_table('photo',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('product_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('position', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('name', sa.Text(), nullable=False),
    sa.Column('width', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('height', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('user_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('at', showroom_app.extensions.UtcTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['product_id'], ['product.id'], name=op.f('fk_photo_product_id')),
    sa.ForeignKeyConstraint(['user_id'], ['user.id'], name=op.f('fk_photo_user_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_photo')),
    sa.UniqueConstraint('product_id', 'name', name='uq_photo_product_name'),
    sqlite_strict=True
    )
    with op.batch_alter_table('photo', schema=None) as batch_op:
        batch_op.create_index('ix_photo_name', ['name'], unique=False)

    op.create_table('ageing_answer',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('item_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('at', showroom_app.extensions.UtcTime(timezone=True), nullable=False),
    sa.Column('user_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('answer', sa.Text(), nullable=False),
    sa.Column('by', sa.Text(), nullable=False),
    sa.Column('until', sa.Text(), nullable=False),
    sa.CheckConstraint("answer IN ('asked', 'extend', 'mark_down', 'collect')", name=op.f('ck_ageing_answer_answer')),
    sa.ForeignKeyConstraint(['item_id'], ['item.id'], name=op.f('fk_ageing_answer_item_id')),
    sa.ForeignKeyConstraint(['user_id'], ['user.id'], name=op.f('fk_ageing_answer_user_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_ageing_answer')),
    sqlite_strict=True
    )
    with op.batch_alter_table('ageing_answer', schema=None) as batch_op:
        batch_op.create_index('ix_ageing_answer_item', ['item_id', 'id'], unique=False)

    op.create_table('hand_back_line',
    sa.Column('hand_back_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('position', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('item_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('name', sa.Text(), nullable=False),
    sa.Column('quantity', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('price', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('place', sa.Text(), nullable=False),
    sa.CheckConstraint("quantity > 0 AND place IN ('shelf', 'damaged')", name=op.f('ck_hand_back_line_quantity')),
    sa.ForeignKeyConstraint(['hand_back_id'], ['hand_back.id'], name=op.f('fk_hand_back_line_hand_back_id')),
    sa.ForeignKeyConstraint(['item_id'], ['item.id'], name=op.f('fk_hand_back_line_item_id')),
    sa.PrimaryKeyConstraint('hand_back_id', 'position', name=op.f('pk_hand_back_line')),
    sqlite_strict=True,
    sqlite_with_rowid=False
    )
    with op.batch_alter_table('hand_back_line', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_hand_back_line_item_id'), ['item_id'], unique=False)

    op.create_table('item_change',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('item_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('at', showroom_app.extensions.UtcTime(timezone=True), nullable=False),
    sa.Column('user_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('asked_by', sa.Text(), nullable=False),
    sa.Column('agreed_on', sa.Text(), nullable=False),
    sa.Column('reason', sa.Text(), nullable=False),
    sa.Column('old_price', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('old_terms_kind', sa.Text(), nullable=False),
    sa.Column('old_commission_bps', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('old_net_price', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('old_lowest_price', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('price', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('terms_kind', sa.Text(), nullable=False),
    sa.Column('commission_bps', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('net_price', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('lowest_price', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.CheckConstraint("asked_by IN ('showroom', 'crafter')", name=op.f('ck_item_change_asked_by')),
    sa.CheckConstraint('price > 0', name=op.f('ck_item_change_price')),
    sa.ForeignKeyConstraint(['item_id'], ['item.id'], name=op.f('fk_item_change_item_id')),
    sa.ForeignKeyConstraint(['user_id'], ['user.id'], name=op.f('fk_item_change_user_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_item_change')),
    sqlite_strict=True
    )
    with op.batch_alter_table('item_change', schema=None) as batch_op:
        batch_op.create_index('ix_item_change_item', ['item_id', 'id'], unique=False)

    op.create_table('write_off',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('showroom_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('desk_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('number', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('kind', sa.Text(), nullable=False),
    sa.Column('item_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('crafter_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('name', sa.Text(), nullable=False),
    sa.Column('quantity', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('entry_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('user_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('at', showroom_app.extensions.UtcTime(timezone=True), nullable=False),
    sa.Column('reason', sa.Text(), nullable=False),
    sa.Column('photo', sa.Text(), nullable=False),
    sa.Column('compensation', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('undoes_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.CheckConstraint("(kind IN ('mended', 'found')) = (undoes_id IS NOT NULL)", name=op.f('ck_write_off_undoes')),
    sa.CheckConstraint("kind IN ('damaged', 'lost', 'mended', 'found')", name=op.f('ck_write_off_kind')),
    sa.CheckConstraint('quantity > 0', name=op.f('ck_write_off_quantity')),
    sa.ForeignKeyConstraint(['crafter_id'], ['crafter.id'], name=op.f('fk_write_off_crafter_id')),
    sa.ForeignKeyConstraint(['desk_id'], ['desk.id'], name=op.f('fk_write_off_desk_id')),
    sa.ForeignKeyConstraint(['entry_id'], ['entry.id'], name=op.f('fk_write_off_entry_id')),
    sa.ForeignKeyConstraint(['item_id'], ['item.id'], name=op.f('fk_write_off_item_id')),
    sa.ForeignKeyConstraint(['showroom_id'], ['showroom.id'], name=op.f('fk_write_off_showroom_id')),
    sa.ForeignKeyConstraint(['undoes_id'], ['write_off.id'], name=op.f('fk_write_off_undoes_id')),
    sa.ForeignKeyConstraint(['user_id'], ['user.id'], name=op.f('fk_write_off_user_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_write_off')),
    sa.UniqueConstraint('desk_id', 'number', name='uq_write_off_desk_number'),
    sa.UniqueConstraint('entry_id', name=op.f('uq_write_off_entry_id')),
    sqlite_strict=True
    )
    with op.batch_alter_table('write_off', schema=None) as batch_op:
        batch_op.create_index('ix_write_off_crafter', ['crafter_id', 'at'], unique=False)
        batch_op.create_index(batch_op.f('ix_write_off_item_id'), ['item_id'], unique=False)
        batch_op.create_index('ix_write_off_showroom', ['showroom_id', 'id'], unique=False)
        batch_op.create_index(batch_op.f('ix_write_off_undoes_id'), ['undoes_id'], unique=False)

    with op.batch_alter_table('item', schema=None) as batch_op:
        batch_op.add_column(sa.Column('agreed_until', sa.Text(), server_default='', nullable=False))
        batch_op.add_column(sa.Column('labels_due', showroom_app.extensions.Flag(), server_default='0', nullable=False))
        batch_op.create_index('ix_item_labels_due', ['showroom_id', 'id'], unique=False, sqlite_where=sa.text('labels_due'), postgresql_where=sa.text('labels_due'))

    with op.batch_alter_table('product', schema=None) as batch_op:
        batch_op.add_column(sa.Column('material', sa.Text(), server_default='', nullable=False))
        batch_op.add_column(sa.Column('care', sa.Text(), server_default='', nullable=False))
        batch_op.add_column(sa.Column('width_mm', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True))
        batch_op.add_column(sa.Column('depth_mm', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True))
        batch_op.add_column(sa.Column('height_mm', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True))
        batch_op.add_column(sa.Column('weight_g', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True))
        batch_op.add_column(sa.Column('name_en', sa.Text(), server_default='', nullable=False))
        batch_op.add_column(sa.Column('material_en', sa.Text(), server_default='', nullable=False))
        batch_op.add_column(sa.Column('care_en', sa.Text(), server_default='', nullable=False))
        batch_op.add_column(sa.Column('story_en', sa.Text(), server_default='', nullable=False))
        batch_op.add_column(sa.Column('photo', sa.Text(), server_default='', nullable=False))

    with op.batch_alter_table('showroom', schema=None) as batch_op:
        batch_op.add_column(sa.Column('answers_for_damage', showroom_app.extensions.Flag(), server_default='1', nullable=False))
        batch_op.add_column(sa.Column('answers_for_loss', showroom_app.extensions.Flag(), server_default='1', nullable=False))
        batch_op.add_column(sa.Column('ageing_days', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), server_default='90', nullable=False))
        batch_op.add_column(sa.Column('label_preset', sa.Text(), server_default='a4-3x8', nullable=False))
        batch_op.add_column(sa.Column('label_price', showroom_app.extensions.Flag(), server_default='1', nullable=False))

    # Not in batches: those rebuild a SQLite table, and its CHECKs are lost on the way.
    whole = "INTEGER" if op.get_bind().dialect.name == "sqlite" else "BIGINT"
    op.execute(
        f"ALTER TABLE product ADD COLUMN merged_into_id {whole}"
        " CONSTRAINT fk_product_merged_into_id REFERENCES product (id)"
    )
    yes = "1" if op.get_bind().dialect.name == "sqlite" else "true"
    op.execute(
        f"INSERT INTO account (kind, owner_id, keeps_balance, floor) SELECT 'lost', id, {yes}, 0 FROM showroom"
    )
    op.execute(
        "UPDATE item SET agreed_until = coalesce((SELECT c.agreed_until FROM consignment_line l"
        " JOIN consignment c ON c.id = l.consignment_id WHERE l.id = item.line_id), '')"
    )
    _papers_of_hand_backs()


def _papers_of_hand_backs() -> None:
    """What was handed back before there were papers for it gets them, numbered in the order of the book."""
    op.execute(
        "INSERT INTO hand_back (showroom_id, desk_id, number, crafter_id, entry_id, user_id, at, pieces, reason,"
        " received_by, relation, words)"
        " SELECT i.showroom_id, e.desk_id, row_number() OVER (PARTITION BY e.desk_id ORDER BY e.number), i.crafter_id,"
        " e.id, e.actor_id, e.at, p.amount, '', '', '', ''"
        " FROM entry e JOIN posting p ON p.entry_id = e.id AND p.unit > 0 JOIN item i ON i.id = p.unit"
        " WHERE e.kind = 'hand_back' ORDER BY e.id"
    )
    op.execute(
        "INSERT INTO hand_back_line (hand_back_id, position, item_id, name, quantity, price, place)"
        " SELECT h.id, 1, i.id, d.name, p.amount, i.price, 'shelf' FROM hand_back h"
        " JOIN posting p ON p.entry_id = h.entry_id AND p.unit > 0 JOIN item i ON i.id = p.unit"
        " JOIN product d ON d.id = i.product_id"
    )
    op.execute(
        "INSERT INTO series (desk_id, name, last)"
        " SELECT desk_id, 'hand_back', max(number) FROM hand_back GROUP BY desk_id"
    )


def downgrade() -> None:
    raise NotImplementedError("What was written since would be lost. Restore the backup that was made before.")
