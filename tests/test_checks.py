"""What somebody might do to the database behind the program's back: `books check` names each of them."""

from collections.abc import Iterator

import pytest
from flask import Flask
from sqlalchemy import text

from showroom_app.cli import ALL_CHECKS, check_books
from showroom_app.extensions import begin_write, reading, rollback
from showroom_app.ledger.triggers import trigger_check
from showroom_app.lib.money import in_notes
from showroom_app.sales import shift
from showroom_app.sales.checkout import Tendered
from tests.builders import line, open_till, receive, request_id

SALE = "(SELECT min(id) FROM sale)"
PLANTED = {
    "an unsold piece deleted": "DELETE FROM item WHERE id = 4",
    "a unit without its item": "UPDATE item SET id = 999 WHERE id = 4",
    "a QRIS sale raised everywhere but in the book": (
        "UPDATE sale SET total = total + 5000 WHERE id = 2;"
        "UPDATE sale_line SET price = price + 5000, net = net + 5000, showroom_share = showroom_share + 5000 WHERE sale_id = 2;"
        "UPDATE payment SET amount = amount + 5000, received = received + 5000 WHERE sale_id = 2"
    ),
    "QRIS called a transfer": "UPDATE payment SET tender = 'transfer' WHERE tender = 'qris'",
    "cash of a closed shift called QRIS": "UPDATE payment SET tender = 'qris' WHERE tender = 'cash'",
    "a shortage hidden": "UPDATE shift SET counted_rupiah = expected_rupiah WHERE closed_at IS NOT NULL",
    "less expected": "UPDATE shift SET expected_rupiah = expected_rupiah - 1000 WHERE closed_at IS NOT NULL",
    "another float": "UPDATE shift SET float_rupiah = float_rupiah + 1000 WHERE closed_at IS NOT NULL",
    "a sale moved to another time": "UPDATE sale SET at = (SELECT min(at) FROM entry) WHERE id = 2",
    "a line moved to another time": "UPDATE sale_line SET at = (SELECT min(at) FROM entry) WHERE sale_id = 2",
    "somebody else's sale": "UPDATE sale SET user_id = 1 WHERE id = 2",
    "a sale at another desk": "UPDATE sale SET desk_id = 3 WHERE id = 2",
    "a sale next door": "UPDATE sale SET showroom_id = 2 WHERE id = 2",
    "a piece of another crafter": "UPDATE item SET crafter_id = 2 WHERE id = 4",
    "other terms": "UPDATE item SET commission_bps = 9000 WHERE id = 4",
    "another price": "UPDATE item SET price = 1 WHERE id = 4",
    "a note that counts less": "UPDATE consignment SET pieces = pieces - 1 WHERE id = 1",
    "a line that counts less": "UPDATE consignment_line SET quantity = quantity - 1 WHERE id = 1",
    "a basket sold without a sale": "UPDATE basket SET status = 'sold' WHERE status = 'open'",
    "the last number forgotten": "DELETE FROM series WHERE name = 'sale'",
    "two receipts that changed numbers": (
        "UPDATE sale SET number = 99 WHERE id = 1; UPDATE sale SET number = 1 WHERE id = 2; UPDATE sale SET number = 2 WHERE id = 1"
    ),
    "the buyers' account given away": "UPDATE account SET owner_id = 999 WHERE kind = 'buyers' AND owner_id = 1",
    "a balance without its postings": "UPDATE balance SET amount = amount - 1000 WHERE unit = 0 AND floor IS NULL AND amount < 0",
    "a crafter's share moved to the showroom": (
        "UPDATE sale_line SET crafter_share = crafter_share - 1, showroom_share = showroom_share + 1 WHERE sale_id = 1"
    ),
    "the head of a chain": "UPDATE desk SET head_hash = '' WHERE code = 'K1'",
    "a number skipped": "UPDATE desk SET entry_number = entry_number + 1 WHERE code = 'K1'",
}  # fmt: skip


@pytest.fixture
def trade(app: Flask) -> Iterator[None]:
    """A closed shift with a shortage, one sale in cash and one by QRIS; a piece still on the shelf."""
    lamps = receive(line(quantity="4"))
    till = open_till()
    till.scan(lamps[0].code)
    till.pay(Tendered("cash", 300_000))
    till.scan(lamps[1].code)
    till.pay(Tendered("qris", 275_000))
    shift.close_shift(till.shift_id, in_notes(374_000), till.who, request_id(), note="kurang kembalian")
    open_till("petugas2", "K2")
    yield
    rollback()


def offended() -> list[str]:
    """The invariants that don't hold in the transaction under way."""
    conn = reading()
    return [check.sentence for check in ALL_CHECKS if check.offenders(conn)]


@pytest.mark.parametrize("what", PLANTED)
def test_what_is_planted_is_found(trade: None, what: str) -> None:
    assert offended() == []
    rollback()
    conn = begin_write()
    if conn.dialect.name == "sqlite":
        conn.exec_driver_sql("PRAGMA defer_foreign_keys = ON")
    else:
        conn.execute(text("SET LOCAL session_replication_role = replica"))
    for statement in PLANTED[what].split(";"):
        assert conn.execute(text(statement)).rowcount, statement
    assert offended() != []


@pytest.mark.parametrize("hollow", [True, False])
def test_triggers_are_known_word_for_word(app: Flask, hollow: bool) -> None:
    conn = begin_write()
    assert trigger_check(conn) == []
    if conn.dialect.name == "sqlite":
        conn.execute(text("DROP TRIGGER posting_no_delete"))
        if hollow:
            conn.execute(text("CREATE TRIGGER posting_no_delete BEFORE DELETE ON posting BEGIN SELECT 1; END"))
    elif hollow:
        conn.execute(
            text(
                "CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NULL; END $$"
            )
        )
    else:
        conn.execute(text("ALTER TABLE posting DISABLE TRIGGER posting_append_only"))
    assert any("posting" in told for told in trigger_check(conn))
    rollback()


def test_the_check_itself_says_a_line_each(trade: None) -> None:
    told: list[str] = []
    assert check_books(told.append)
    assert len(told) == len(ALL_CHECKS)
    assert all(one.startswith("ok ") for one in told)
