"""discounts, services, refunds, shifts, payouts

Revision ID: 0002
Revises: 0001
Create Date: 2026-11-24 18:28:34.929467
"""

import sqlalchemy as sa
from alembic import op


import showroom_app.extensions

revision = '0002'
down_revision = '0001'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('settled_through',
    sa.Column('account_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('entry_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.ForeignKeyConstraint(['account_id'], ['account.id'], name=op.f('fk_settled_through_account_id')),
    sa.PrimaryKeyConstraint('account_id', name=op.f('pk_settled_through')),
    sqlite_strict=True
    )
    op.create_table('activity',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('showroom_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('at', showroom_app.extensions.UtcTime(timezone=True), nullable=False),
    sa.Column('actor_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('kind', sa.Text(), nullable=False),
    sa.Column('subject', sa.Text(), nullable=False),
    sa.Column('before', sa.Text(), nullable=False),
    sa.Column('after', sa.Text(), nullable=False),
    sa.ForeignKeyConstraint(['actor_id'], ['user.id'], name=op.f('fk_activity_actor_id')),
    sa.ForeignKeyConstraint(['showroom_id'], ['showroom.id'], name=op.f('fk_activity_showroom_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_activity')),
    sqlite_strict=True
    )
    with op.batch_alter_table('activity', schema=None) as batch_op:
        batch_op.create_index('ix_activity_showroom', ['showroom_id', 'id'], unique=False)
        batch_op.create_index('ix_activity_subject', ['subject', 'id'], unique=False)

    op.create_table('payout_batch',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('showroom_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('user_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('at', showroom_app.extensions.UtcTime(timezone=True), nullable=False),
    sa.Column('until', sa.Text(), nullable=False),
    sa.Column('count', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('total', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.ForeignKeyConstraint(['showroom_id'], ['showroom.id'], name=op.f('fk_payout_batch_showroom_id')),
    sa.ForeignKeyConstraint(['user_id'], ['user.id'], name=op.f('fk_payout_batch_user_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_payout_batch')),
    sqlite_strict=True
    )
    with op.batch_alter_table('payout_batch', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_payout_batch_showroom_id'), ['showroom_id'], unique=False)

    op.create_table('advance',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('showroom_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('desk_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('number', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('crafter_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('entry_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('user_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('at', showroom_app.extensions.UtcTime(timezone=True), nullable=False),
    sa.Column('amount', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('method', sa.Text(), nullable=False),
    sa.Column('shift_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('reference', sa.Text(), nullable=False),
    sa.Column('reason', sa.Text(), nullable=False),
    sa.Column('crafter_name', sa.Text(), nullable=False),
    sa.Column('received_by', sa.Text(), nullable=False),
    sa.Column('relation', sa.Text(), nullable=False),
    sa.CheckConstraint("(method = 'drawer') = (shift_id IS NOT NULL)", name=op.f('ck_advance_drawer')),
    sa.CheckConstraint("method IN ('drawer', 'office', 'transfer')", name=op.f('ck_advance_method')),
    sa.CheckConstraint('amount > 0', name=op.f('ck_advance_amount')),
    sa.ForeignKeyConstraint(['crafter_id'], ['crafter.id'], name=op.f('fk_advance_crafter_id')),
    sa.ForeignKeyConstraint(['desk_id'], ['desk.id'], name=op.f('fk_advance_desk_id')),
    sa.ForeignKeyConstraint(['entry_id'], ['entry.id'], name=op.f('fk_advance_entry_id')),
    sa.ForeignKeyConstraint(['shift_id'], ['shift.id'], name=op.f('fk_advance_shift_id')),
    sa.ForeignKeyConstraint(['showroom_id'], ['showroom.id'], name=op.f('fk_advance_showroom_id')),
    sa.ForeignKeyConstraint(['user_id'], ['user.id'], name=op.f('fk_advance_user_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_advance')),
    sa.UniqueConstraint('desk_id', 'number', name='uq_advance_desk_number'),
    sa.UniqueConstraint('entry_id', name=op.f('uq_advance_entry_id')),
    sqlite_strict=True
    )
    with op.batch_alter_table('advance', schema=None) as batch_op:
        batch_op.create_index('ix_advance_crafter', ['crafter_id', 'at'], unique=False)
        batch_op.create_index(batch_op.f('ix_advance_shift_id'), ['shift_id'], unique=False)

    op.create_table('basket_service',
    sa.Column('basket_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('position', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('kind', sa.Text(), nullable=False),
    sa.Column('name', sa.Text(), nullable=False),
    sa.Column('amount', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('payee', sa.Text(), nullable=False),
    sa.CheckConstraint("payee IN ('showroom', 'driver')", name=op.f('ck_basket_service_payee')),
    sa.CheckConstraint('amount > 0', name=op.f('ck_basket_service_amount')),
    sa.ForeignKeyConstraint(['basket_id'], ['basket.id'], name=op.f('fk_basket_service_basket_id')),
    sa.PrimaryKeyConstraint('basket_id', 'position', name=op.f('pk_basket_service')),
    sqlite_strict=True,
    sqlite_with_rowid=False
    )
    op.create_table('cash_move',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('shift_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('entry_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('user_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('at', showroom_app.extensions.UtcTime(timezone=True), nullable=False),
    sa.Column('kind', sa.Text(), nullable=False),
    sa.Column('amount', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('reason', sa.Text(), nullable=False),
    sa.CheckConstraint("kind IN ('change', 'office', 'bank', 'expense', 'driver')", name=op.f('ck_cash_move_kind')),
    sa.CheckConstraint('amount > 0', name=op.f('ck_cash_move_amount')),
    sa.ForeignKeyConstraint(['entry_id'], ['entry.id'], name=op.f('fk_cash_move_entry_id')),
    sa.ForeignKeyConstraint(['shift_id'], ['shift.id'], name=op.f('fk_cash_move_shift_id')),
    sa.ForeignKeyConstraint(['user_id'], ['user.id'], name=op.f('fk_cash_move_user_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_cash_move')),
    sa.UniqueConstraint('entry_id', name=op.f('uq_cash_move_entry_id')),
    sqlite_strict=True
    )
    with op.batch_alter_table('cash_move', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_cash_move_shift_id'), ['shift_id'], unique=False)

    op.create_table('payout',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('showroom_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('batch_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('desk_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('number', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('crafter_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('entry_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('user_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('at', showroom_app.extensions.UtcTime(timezone=True), nullable=False),
    sa.Column('amount', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('method', sa.Text(), nullable=False),
    sa.Column('shift_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('reference', sa.Text(), nullable=False),
    sa.Column('crafter_name', sa.Text(), nullable=False),
    sa.Column('bank', sa.Text(), nullable=False),
    sa.Column('received_by', sa.Text(), nullable=False),
    sa.Column('relation', sa.Text(), nullable=False),
    sa.Column('reversal_entry_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('reversed_at', showroom_app.extensions.UtcTime(timezone=True), nullable=True),
    sa.Column('reversed_by', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('reversed_shift_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('reversal_reason', sa.Text(), nullable=False),
    sa.CheckConstraint("(method = 'drawer') = (shift_id IS NOT NULL)", name=op.f('ck_payout_drawer')),
    sa.CheckConstraint("method IN ('drawer', 'office', 'transfer')", name=op.f('ck_payout_method')),
    sa.CheckConstraint('(reversal_entry_id IS NULL) = (reversed_at IS NULL)', name=op.f('ck_payout_reversed')),
    sa.CheckConstraint('amount > 0', name=op.f('ck_payout_amount')),
    sa.ForeignKeyConstraint(['batch_id'], ['payout_batch.id'], name=op.f('fk_payout_batch_id')),
    sa.ForeignKeyConstraint(['crafter_id'], ['crafter.id'], name=op.f('fk_payout_crafter_id')),
    sa.ForeignKeyConstraint(['desk_id'], ['desk.id'], name=op.f('fk_payout_desk_id')),
    sa.ForeignKeyConstraint(['entry_id'], ['entry.id'], name=op.f('fk_payout_entry_id')),
    sa.ForeignKeyConstraint(['reversal_entry_id'], ['entry.id'], name=op.f('fk_payout_reversal_entry_id')),
    sa.ForeignKeyConstraint(['reversed_by'], ['user.id'], name=op.f('fk_payout_reversed_by')),
    sa.ForeignKeyConstraint(['reversed_shift_id'], ['shift.id'], name=op.f('fk_payout_reversed_shift_id')),
    sa.ForeignKeyConstraint(['shift_id'], ['shift.id'], name=op.f('fk_payout_shift_id')),
    sa.ForeignKeyConstraint(['showroom_id'], ['showroom.id'], name=op.f('fk_payout_showroom_id')),
    sa.ForeignKeyConstraint(['user_id'], ['user.id'], name=op.f('fk_payout_user_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_payout')),
    sa.UniqueConstraint('desk_id', 'number', name='uq_payout_desk_number'),
    sa.UniqueConstraint('entry_id', name=op.f('uq_payout_entry_id')),
    sa.UniqueConstraint('reversal_entry_id', name=op.f('uq_payout_reversal_entry_id')),
    sqlite_strict=True
    )
    with op.batch_alter_table('payout', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_payout_batch_id'), ['batch_id'], unique=False)
        batch_op.create_index('ix_payout_crafter', ['crafter_id', 'at'], unique=False)
        batch_op.create_index(batch_op.f('ix_payout_shift_id'), ['shift_id'], unique=False)
        batch_op.create_index('ix_payout_showroom', ['showroom_id', 'at'], unique=False)

    op.create_table('settlement',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('entry_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('line', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('by_entry_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('live', showroom_app.extensions.Flag(), nullable=False),
    sa.ForeignKeyConstraint(['by_entry_id'], ['entry.id'], name=op.f('fk_settlement_by_entry_id')),
    sa.ForeignKeyConstraint(['entry_id', 'line'], ['posting.entry_id', 'posting.line'], name=op.f('fk_settlement_entry_id_line')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_settlement')),
    sqlite_strict=True
    )
    with op.batch_alter_table('settlement', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_settlement_by_entry_id'), ['by_entry_id'], unique=False)
        batch_op.create_index('uq_settlement_live', ['entry_id', 'line'], unique=True, sqlite_where=sa.text('live'), postgresql_where=sa.text('live'))

    op.create_table('shift_count',
    sa.Column('shift_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('worth', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('pieces', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.CheckConstraint('pieces > 0', name=op.f('ck_shift_count_pieces')),
    sa.ForeignKeyConstraint(['shift_id'], ['shift.id'], name=op.f('fk_shift_count_shift_id')),
    sa.PrimaryKeyConstraint('shift_id', 'worth', name=op.f('pk_shift_count')),
    sqlite_strict=True,
    sqlite_with_rowid=False
    )
    op.create_table('refund',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('showroom_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('desk_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('number', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('shift_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('sale_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('entry_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('user_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('approved_by', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('at', showroom_app.extensions.UtcTime(timezone=True), nullable=False),
    sa.Column('kind', sa.Text(), nullable=False),
    sa.Column('reason', sa.Text(), nullable=False),
    sa.Column('total', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('rounding', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.CheckConstraint("kind IN ('refund', 'void')", name=op.f('ck_refund_kind')),
    sa.ForeignKeyConstraint(['approved_by'], ['user.id'], name=op.f('fk_refund_approved_by')),
    sa.ForeignKeyConstraint(['desk_id'], ['desk.id'], name=op.f('fk_refund_desk_id')),
    sa.ForeignKeyConstraint(['entry_id'], ['entry.id'], name=op.f('fk_refund_entry_id')),
    sa.ForeignKeyConstraint(['sale_id'], ['sale.id'], name=op.f('fk_refund_sale_id')),
    sa.ForeignKeyConstraint(['shift_id'], ['shift.id'], name=op.f('fk_refund_shift_id')),
    sa.ForeignKeyConstraint(['showroom_id'], ['showroom.id'], name=op.f('fk_refund_showroom_id')),
    sa.ForeignKeyConstraint(['user_id'], ['user.id'], name=op.f('fk_refund_user_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_refund')),
    sa.UniqueConstraint('desk_id', 'number', name='uq_refund_desk_number'),
    sa.UniqueConstraint('entry_id', name=op.f('uq_refund_entry_id')),
    sqlite_strict=True
    )
    with op.batch_alter_table('refund', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_refund_sale_id'), ['sale_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_refund_shift_id'), ['shift_id'], unique=False)
        batch_op.create_index('ix_refund_showroom', ['showroom_id', 'at'], unique=False)

    op.create_table('sale_service',
    sa.Column('sale_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('position', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('kind', sa.Text(), nullable=False),
    sa.Column('name', sa.Text(), nullable=False),
    sa.Column('amount', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('payee', sa.Text(), nullable=False),
    sa.CheckConstraint("payee IN ('showroom', 'driver')", name=op.f('ck_sale_service_payee')),
    sa.CheckConstraint('amount > 0', name=op.f('ck_sale_service_amount')),
    sa.ForeignKeyConstraint(['sale_id'], ['sale.id'], name=op.f('fk_sale_service_sale_id')),
    sa.PrimaryKeyConstraint('sale_id', 'position', name=op.f('pk_sale_service')),
    sqlite_strict=True,
    sqlite_with_rowid=False
    )
    op.create_table('refund_payment',
    sa.Column('refund_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('tender', sa.Text(), nullable=False),
    sa.Column('amount', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('reference', sa.Text(), nullable=False),
    sa.CheckConstraint("tender IN ('cash', 'qris', 'transfer', 'card')", name=op.f('ck_refund_payment_tender')),
    sa.CheckConstraint('amount > 0', name=op.f('ck_refund_payment_amount')),
    sa.ForeignKeyConstraint(['refund_id'], ['refund.id'], name=op.f('fk_refund_payment_refund_id')),
    sa.PrimaryKeyConstraint('refund_id', 'tender', name=op.f('pk_refund_payment')),
    sqlite_strict=True,
    sqlite_with_rowid=False
    )
    op.create_table('refund_service',
    sa.Column('sale_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('sale_position', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('refund_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('amount', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('payee', sa.Text(), nullable=False),
    sa.ForeignKeyConstraint(['refund_id'], ['refund.id'], name=op.f('fk_refund_service_refund_id')),
    sa.ForeignKeyConstraint(['sale_id', 'sale_position'], ['sale_service.sale_id', 'sale_service.position'], name=op.f('fk_refund_service_sale_id_sale_position')),
    sa.PrimaryKeyConstraint('sale_id', 'sale_position', name=op.f('pk_refund_service')),
    sqlite_strict=True,
    sqlite_with_rowid=False
    )
    with op.batch_alter_table('refund_service', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_refund_service_refund_id'), ['refund_id'], unique=False)

    op.create_table('refund_line',
    sa.Column('refund_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('position', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('sale_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('sale_position', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('item_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('crafter_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('at', showroom_app.extensions.UtcTime(timezone=True), nullable=False),
    sa.Column('quantity', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('net', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('crafter_share', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('showroom_share', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('borne', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('place', sa.Text(), nullable=False),
    sa.CheckConstraint("place IN ('shelf', 'damaged')", name=op.f('ck_refund_line_place')),
    sa.CheckConstraint('borne BETWEEN 0 AND crafter_share', name=op.f('ck_refund_line_borne')),
    sa.CheckConstraint('crafter_share + showroom_share = net', name=op.f('ck_refund_line_split')),
    sa.CheckConstraint('quantity > 0 AND net >= 0 AND crafter_share >= 0', name=op.f('ck_refund_line_amounts')),
    sa.ForeignKeyConstraint(['crafter_id'], ['crafter.id'], name=op.f('fk_refund_line_crafter_id')),
    sa.ForeignKeyConstraint(['item_id'], ['item.id'], name=op.f('fk_refund_line_item_id')),
    sa.ForeignKeyConstraint(['refund_id'], ['refund.id'], name=op.f('fk_refund_line_refund_id')),
    sa.ForeignKeyConstraint(['sale_id', 'sale_position'], ['sale_line.sale_id', 'sale_line.position'], name=op.f('fk_refund_line_sale_id_sale_position')),
    sa.PrimaryKeyConstraint('refund_id', 'position', name=op.f('pk_refund_line')),
    sqlite_strict=True,
    sqlite_with_rowid=False
    )
    with op.batch_alter_table('refund_line', schema=None) as batch_op:
        batch_op.create_index('ix_refund_line_crafter', ['crafter_id', 'at'], unique=False)
        batch_op.create_index(batch_op.f('ix_refund_line_item_id'), ['item_id'], unique=False)
        batch_op.create_index('ix_refund_line_sale', ['sale_id', 'sale_position'], unique=False)

    with op.batch_alter_table('basket', schema=None) as batch_op:
        batch_op.add_column(sa.Column('discount_bps', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), server_default='0', nullable=False))
        batch_op.add_column(sa.Column('discount_rupiah', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), server_default='0', nullable=False))
        batch_op.add_column(sa.Column('discount_bearer', sa.Text(), server_default='', nullable=False))
        batch_op.add_column(sa.Column('discount_reason', sa.Text(), server_default='', nullable=False))
        batch_op.add_column(sa.Column('approved_version', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True))
        batch_op.drop_index(batch_op.f('ix_basket_desk'))
        batch_op.create_index('ix_basket_parked', ['desk_id'], unique=False, sqlite_where=sa.text("status = 'parked'"), postgresql_where=sa.text("status = 'parked'"))

    with op.batch_alter_table('basket_line', schema=None) as batch_op:
        batch_op.add_column(sa.Column('price', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True))
        batch_op.add_column(sa.Column('discount_bps', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), server_default='0', nullable=False))
        batch_op.add_column(sa.Column('discount_rupiah', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), server_default='0', nullable=False))
        batch_op.add_column(sa.Column('discount_bearer', sa.Text(), server_default='', nullable=False))
        batch_op.add_column(sa.Column('discount_reason', sa.Text(), server_default='', nullable=False))

    with op.batch_alter_table('consignment_line', schema=None) as batch_op:
        batch_op.add_column(sa.Column('lowest_price', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True))

    with op.batch_alter_table('crafter', schema=None) as batch_op:
        batch_op.add_column(sa.Column('advance_rupiah_max', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True))

    with op.batch_alter_table('entry', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_entry_reverses_id'))
        batch_op.create_index('ix_entry_reverses', ['reverses_id'], unique=False, sqlite_where=sa.text('reverses_id IS NOT NULL'), postgresql_where=sa.text('reverses_id IS NOT NULL'))

    with op.batch_alter_table('item', schema=None) as batch_op:
        batch_op.add_column(sa.Column('lowest_price', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True))

    with op.batch_alter_table('sale', schema=None) as batch_op:
        batch_op.add_column(sa.Column('services', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), server_default='0', nullable=False))

    with op.batch_alter_table('sale_line', schema=None) as batch_op:
        batch_op.add_column(sa.Column('list_price', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), server_default='0', nullable=False))
        batch_op.add_column(sa.Column('discount_showroom', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), server_default='0', nullable=False))
        batch_op.add_column(sa.Column('discount_crafter', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), server_default='0', nullable=False))
        batch_op.add_column(sa.Column('discount_reason', sa.Text(), server_default='', nullable=False))

    with op.batch_alter_table('shift', schema=None) as batch_op:
        batch_op.add_column(sa.Column('difference_note', sa.Text(), server_default='', nullable=False))

    with op.batch_alter_table('showroom', schema=None) as batch_op:
        batch_op.add_column(sa.Column('discount_bearer', sa.Text(), server_default='shared', nullable=False))
        batch_op.add_column(sa.Column('discount_bps_max', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), server_default='1000', nullable=False))
        batch_op.add_column(sa.Column('cash_rounding', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), server_default='0', nullable=False))
        batch_op.add_column(sa.Column('tenders', sa.Text(), server_default='cash,qris,transfer', nullable=False))
        batch_op.add_column(sa.Column('services_refundable', showroom_app.extensions.Flag(), server_default='0', nullable=False))
        batch_op.add_column(sa.Column('refund_rupiah_max', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), server_default='500000', nullable=False))
        batch_op.add_column(sa.Column('paid_refund_bearer', sa.Text(), server_default='crafter', nullable=False))
        batch_op.add_column(sa.Column('payout_rupiah_min', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), server_default='0', nullable=False))
        batch_op.add_column(sa.Column('payday', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True))
        batch_op.add_column(sa.Column('advance_rupiah_max', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), server_default='0', nullable=False))

    # Not in batches: those rebuild a SQLite table, and its CHECKs are lost on the way.
    whole = "INTEGER" if op.get_bind().dialect.name == "sqlite" else "BIGINT"
    for table, column in (("basket", "approved_by"), ("sale", "approved_by"), ("shift", "closed_by")):
        name = f"fk_{table}_{column}"
        op.execute(f'ALTER TABLE {table} ADD COLUMN {column} {whole} CONSTRAINT {name} REFERENCES "user" (id)')
    _tenders_of_payments()
    op.execute("UPDATE sale_line SET list_price = price")
    yes, no = ("1", "0") if op.get_bind().dialect.name == "sqlite" else ("true", "false")
    for kind in ("rounding", "service", "driver", "expense", "bank", "loss"):
        op.execute(
            f"INSERT INTO account (kind, owner_id, keeps_balance, floor) SELECT '{kind}', id, {no}, NULL FROM showroom"
        )
    op.execute(
        f"INSERT INTO account (kind, owner_id, keeps_balance, floor) SELECT 'damaged', id, {yes}, 0 FROM showroom"
    )
    op.execute(f"INSERT INTO account (kind, owner_id, keeps_balance, floor) SELECT 'card', id, {yes}, NULL FROM shift")


def _tenders_of_payments() -> None:
    """A payment may be by card too."""
    told = "tender IN ('cash', 'qris', 'transfer', 'card')"
    if op.get_bind().dialect.name != "sqlite":
        op.drop_constraint(op.f("ck_payment_tender"), "payment", type_="check")
        op.create_check_constraint(op.f("ck_payment_tender"), "payment", told)
        return
    whole = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    op.create_table(
        "payment_new",
        sa.Column("sale_id", whole, nullable=False),
        sa.Column("position", whole, nullable=False),
        sa.Column("tender", sa.Text(), nullable=False),
        sa.Column("amount", whole, nullable=False),
        sa.Column("received", whole, nullable=False),
        sa.Column("change", whole, nullable=False),
        sa.Column("reference", sa.Text(), nullable=False),
        sa.CheckConstraint("amount > 0 AND change >= 0 AND received - change = amount", name=op.f("ck_payment_amounts")),
        sa.CheckConstraint(told, name=op.f("ck_payment_tender")),
        sa.ForeignKeyConstraint(["sale_id"], ["sale.id"], name=op.f("fk_payment_sale_id")),
        sa.PrimaryKeyConstraint("sale_id", "position", name=op.f("pk_payment")),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    op.execute("INSERT INTO payment_new SELECT sale_id, position, tender, amount, received, change, reference FROM payment")
    op.drop_table("payment")
    op.rename_table("payment_new", "payment")


def downgrade() -> None:
    raise NotImplementedError("What was written since would be lost. Restore the backup that was made before.")
