"""The book: balanced, append-only, numbered, chained; nothing falls below its floor."""

import pytest
from flask import Flask
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError, IntegrityError

from showroom_app.cli import check_books
from showroom_app.extensions import begin_write, commit, db, reading, rollback
from showroom_app.ledger import book
from showroom_app.ledger.act import begin_act
from showroom_app.ledger.book import Move
from showroom_app.lib.refusal import Refusal
from tests.builders import desk_id, fresh_act, open_till, receive, request_id


def drawer_and_office(shift_id: int) -> tuple[int, int]:
    wanted = [("drawer", shift_id), ("office", 1)]
    found = book.accounts(reading(), wanted)
    return found[wanted[0]], found[wanted[1]]


def test_a_posting_moves_both_balances(app: Flask) -> None:
    till = open_till(float_rupiah=50_000)
    drawer, office = drawer_and_office(till.shift_id)
    assert book.balance(reading(), drawer) == 50_000
    assert book.balance(reading(), office) == 0, "a shared account keeps no balance row"


def test_a_floor_refuses_and_leaves_nothing(app: Flask) -> None:
    till = open_till(float_rupiah=50_000)
    drawer, office = drawer_and_office(till.shift_id)
    act = fresh_act()
    with pytest.raises(IntegrityError):
        book.post(act, desk_id=desk_id("K1"), kind="test", moves=[Move(0, office, drawer, 50_001)])
    rollback()
    assert book.balance(reading(), drawer) == 50_000


def test_numbers_run_without_gaps_per_desk(app: Flask) -> None:
    open_till("petugas", "K1")
    open_till("petugas2", "K2")
    receive()
    rows = reading().execute(text("SELECT d.code, e.number FROM entry e JOIN desk d ON d.id = e.desk_id")).all()
    assert sorted(rows) == [("K1", 1), ("K2", 1), ("KTR", 1)]


def test_reverse_swaps_the_sides_and_replaces_accounts(app: Flask) -> None:
    first, second = open_till("petugas", "K1"), open_till("petugas2", "K2")
    entry = reading().execute(text("SELECT min(id) FROM entry WHERE kind = 'shift_open'")).scalar_one()
    drawer, _office = drawer_and_office(first.shift_id)
    other, _office = drawer_and_office(second.shift_id)
    act = fresh_act()
    posted = book.reverse(act, entry, desk_id=desk_id("K2"), kind="test", replacing={drawer: other})
    rows = act.conn.execute(text("SELECT credit_id FROM posting WHERE entry_id = :e"), {"e": posted.entry_id}).all()
    assert rows == [(other,)]
    rollback()


ATTACKS = [
    "UPDATE entry SET memo = 'x'",
    "DELETE FROM entry",
    "UPDATE posting SET amount = amount + 1",
    "DELETE FROM posting",
    "UPDATE activity SET kind = 'x'",
    "DELETE FROM activity",
    "INSERT INTO activity SELECT * FROM activity WHERE true ON CONFLICT (id) DO UPDATE SET kind = 'x'",
]


@pytest.mark.parametrize("statement", ATTACKS)
def test_the_book_is_append_only(app: Flask, statement: str) -> None:
    receive()
    with pytest.raises(DBAPIError, match="append-only"):
        begin_write().execute(text(statement))
    rollback()


SLY = {
    "entry": "id, desk_id, number, kind, at, actor_id, request_id, reverses_id, 'x', hash",
    "posting": "entry_id, line, unit, debit_id, credit_id, amount + 1",
    "activity": "id, showroom_id, at, actor_id, 'x', subject, before, after",
}


@pytest.mark.parametrize("table", SLY)
def test_neither_replace_nor_truncate_slips_past(app: Flask, table: str) -> None:
    receive()
    if db.engine.dialect.name == "sqlite":
        sly = f"INSERT OR REPLACE INTO {table} SELECT {SLY[table]} FROM {table}"
    else:
        sly = f"TRUNCATE {table} CASCADE"
    with pytest.raises(DBAPIError, match="append-only"):
        begin_write().execute(text(sly))
    rollback()


def test_a_change_behind_the_apps_back_is_found_and_named(app: Flask) -> None:
    receive()
    disarm = (
        ["DROP TRIGGER posting_no_update"]
        if db.engine.dialect.name == "sqlite"
        else ["ALTER TABLE posting DISABLE TRIGGER posting_append_only"]
    )
    conn = begin_write()
    for statement in [*disarm, "UPDATE posting SET amount = 2"]:
        conn.execute(text(statement))
    commit()
    told: list[str] = []
    assert not check_books(told.append)
    assert any(t.startswith("WRONG the hash chain") for t in told)
    assert any("entry=" in t and "number=1" in t for t in told)
    # Put it back, so that the check after this test sees a whole book.
    conn = begin_write()
    conn.execute(text("UPDATE posting SET amount = 1"))
    from showroom_app.ledger.triggers import install_triggers

    install_triggers(conn)
    commit()


def test_a_request_is_answered_once(app: Flask) -> None:
    key = request_id()
    act = begin_act("test", key, {"a": 1}, None)
    act.commit(answer=42)
    again = begin_act("test", key, {"a": 1}, None)
    assert again.repeated
    assert again.result == {"answer": 42}
    rollback()
    with pytest.raises(Refusal, match="sudah dipakai"):
        begin_act("test", key, {"a": 2}, None)


@pytest.mark.parametrize("key", ["", "x" * 65])
def test_a_request_needs_a_fair_id(app: Flask, key: str) -> None:
    with pytest.raises(Refusal):
        begin_act("test", key, {}, None)
