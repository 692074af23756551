"""Falsehoods about money, planted behind the program's back: the line of `books check` that denies it names each."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from flask import Flask
from sqlalchemy import Connection, select, text

from showroom_app.cli import ALL_CHECKS
from showroom_app.extensions import begin_write, now, reading, rollback
from showroom_app.ledger.book import hash_again
from showroom_app.ledger.models import Desk, Entry, Posting
from showroom_app.ledger.triggers import install_triggers, trigger_statements
from showroom_app.lib.clock import jakarta_date
from showroom_app.lib.money import in_notes
from showroom_app.lib.typed import Typed
from showroom_app.payouts import advance, payout, reversal
from showroom_app.payouts.advance import Lend
from showroom_app.payouts.payout import Pay
from showroom_app.people.crafters import owed
from showroom_app.sales import bargain, refund, service_lines, shift
from showroom_app.sales.cash_move import move_cash
from showroom_app.sales.checkout import Tendered
from showroom_app.sales.refund import Asked
from tests.builders import crafter_id, line, open_till, receive, request_id, user
from tests.counting.falsehoods import COUNTING
from tests.falsehoods import PLANTED, worded
from tests.falsehoods_goods import GOODS
from tests.falsehoods_venues import JOINT, VENUES
from tests.rules import posted, rules, sell
from tests.test_checks import PLANTED as OLDER_PLANTED
from tests.test_checks import offended, trade

__all__ = ["trade"]  # a fixture

# What is planted in test_checks.py, where one line alone finds it.
OLDER = {
    "the hash chain": "the head of a chain",
    "entry numbers run": "a number skipped",
    "every item is as its note says": "other terms",
    "every note's lines": "a note that counts less",
    "each sale's money lies": "QRIS called a transfer",
    "each sale has the time": "somebody else's sale",
    "a shift's float": "another float",
    "receipt and note numbers": "the last number forgotten",
    "one sale per request": "a basket sold without a sale",
}
TRIGGERS = "the book's triggers"  # test_checks.py tries them for themselves
IMPORTS = "each accepted file"  # tests/imports/test_accept.py does
# This line looks at every posting, so it may name a forged one too.
OF_ALL = "every posting moves"
# Falsehoods about the chain and the balances themselves stay as they are planted.
BARE = ("the hash chain", "every balance equals its postings")


def sentence(beginning: str) -> str:
    """The one line of `books check` that begins so."""
    [found] = [check.sentence for check in ALL_CHECKS if check.sentence.startswith(beginning)]
    return found


def first_day() -> tuple[list[str], str]:
    """Shift 1: a lamp and three rings, delivered, by QRIS and cash; two lamps by transfer; two rings. A ring and the
    driver's delivery come back. The drawer is short of a thousand. Returns the codes of the lamps and of the rings."""
    lamps = [item.code for item in receive(line(quantity="4"))]
    [rings] = [item.code for item in receive(line("Cincin", "12.300", "20", per_piece="lot"), crafter="Slamet")]
    till = open_till()
    till.scan(lamps[0], rings, rings, rings)
    for payee in ("showroom", "driver"):
        service = Typed(kind="delivery", amount="25.000", payee=payee)
        service_lines.add_service(till.basket_id, service, till.who, request_id())
    bargain.give(till.basket_id, bargain.Wanted(None, bps=500, reason="tawar"), till.who, request_id())
    mixed = sell(till, tendered=(Tendered("qris", 200_000), Tendered("cash", 200_000)))
    sell(till, *lamps[1:3], tendered=(Tendered("transfer", 550_000, "Rina"),))
    sell(till, rings, rings)
    refund.refund(mixed, Asked({2: (1, "damaged")}, (2,), {}, "cacat"), till.who, request_id())
    move_cash(till.shift_id, "expense", 15_000, "plastik", till.who, request_id())
    move_cash(till.shift_id, "change", 50_000, "receh", till.who, request_id())
    counted = in_notes(posted("drawer", till.shift_id) - 1_000)
    shift.close_shift(till.shift_id, counted, till.who, request_id(), note="kurang kembalian")
    return lamps, rings


def pay(name: str, method: payout.Method, reference: str = "") -> int:
    """Pay a crafter all that is owed. Returns the payout's id."""
    crafter, manager = crafter_id(name), user("pengelola")
    told = payout.pay([Pay(crafter, owed(crafter), method, reference)], jakarta_date(now()), manager, request_id())
    return told.payout_ids[0]


def second_day(lamps: list[str], rings: str) -> None:
    """Shift 2 is the manager's: Tutik (crafter 1) is paid; Slamet (2) too, to the wrong account, which is undone, and
    then from the drawer; he gets an advance. Shift 3: a lamp that Tutik was paid for comes back, at the showroom's
    loss, and is sold again by card; a ring; the driver is paid. Tutik is paid for it and
    lent something, and both are undone."""
    manager = user("pengelola")
    open_till("pengelola", "K1", 200_000)
    pay("Tutik", "office")
    reversal.undo_payout(pay("Slamet", "transfer", "BCA 1"), "salah rekening", manager, request_id())
    pay("Slamet", "drawer")
    advance.lend(Lend(crafter_id("Slamet"), 60_000, "drawer", "bahan"), manager, request_id())
    till = open_till("petugas2", "K2")
    asked = Asked({2: (1, "shelf")}, (), {}, "tidak cocok", reference="BCA 2")
    refund.refund(2, asked, till.who, request_id(), approver=manager)
    sell(till, lamps[2], tendered=(Tendered("card", 275_000, "EDC 4"),))
    sell(till, rings)
    move_cash(till.shift_id, "driver", 25_000, "kirim", till.who, request_id())
    reversal.undo_payout(pay("Tutik", "transfer", "BCA 3"), "belum waktunya", manager, request_id())
    mistaken = advance.lend(Lend(crafter_id("Tutik"), 40_000, "drawer", "bahan"), manager, request_id())
    reversal.undo_advance(mistaken, "salah orang", manager, request_id())


@pytest.fixture
def money(app: Flask) -> None:
    """Two days in which everything happens that can happen to money."""
    rules(
        cash_rounding=500, services_refundable=True, tenders="cash,qris,transfer,card", advance_rupiah_max=500_000,
        paid_refund_bearer="showroom",
    )  # fmt: skip
    second_day(*first_day())


@contextmanager
def lawless() -> Iterator[Connection]:
    """A transaction in which the database refuses nothing; all is undone at its end."""
    conn = begin_write()
    sqlite = conn.dialect.name == "sqlite"
    if sqlite:
        conn.exec_driver_sql("PRAGMA defer_foreign_keys = ON")
        conn.exec_driver_sql("PRAGMA ignore_check_constraints = ON")
        for name in trigger_statements("sqlite"):
            conn.execute(text(f"DROP TRIGGER {name}"))
    else:
        conn.execute(text("SET LOCAL session_replication_role = replica"))
        rules_there = "SELECT conname, CAST(CAST(conrelid AS regclass) AS text) FROM pg_constraint WHERE contype = 'c'"
        for name, table in conn.execute(text(f"{rules_there} AND conrelid <> 0")).all():
            conn.execute(text(f"ALTER TABLE {table} DROP CONSTRAINT {name}"))
    try:
        yield conn
    finally:
        rollback()
        if sqlite:
            reading().exec_driver_sql("PRAGMA ignore_check_constraints = OFF")
            rollback()


def cover_up(conn: Connection) -> None:
    """Make kept balances and hashes agree with what the postings say now."""
    conn.execute(
        text(
            "INSERT INTO balance (unit, account_id, amount, floor) SELECT DISTINCT p.unit, a.id, 0, a.floor"
            " FROM posting p JOIN account a ON a.id IN (p.debit_id, p.credit_id) WHERE a.keeps_balance"
            " ON CONFLICT DO NOTHING"
        )
    )
    conn.execute(
        text(
            "UPDATE balance SET amount = (SELECT coalesce(sum(CASE WHEN p.debit_id = balance.account_id THEN p.amount"
            " ELSE -p.amount END), 0) FROM posting p WHERE p.unit = balance.unit"
            " AND balance.account_id IN (p.debit_id, p.credit_id))"
        )
    )
    for desk in conn.execute(select(Desk.id)).scalars().all():
        head = ""
        for entry in conn.execute(select(Entry.__table__).where(Entry.desk_id == desk).order_by(Entry.number)).all():
            of_entry = select(Posting.unit, Posting.debit_id, Posting.credit_id, Posting.amount)
            found = conn.execute(of_entry.where(Posting.entry_id == entry.id).order_by(Posting.line)).all()
            head = hash_again(head, entry, [(p.unit, p.debit_id, p.credit_id, p.amount) for p in found])
            conn.execute(text("UPDATE entry SET hash = :hash WHERE id = :id"), {"hash": head, "id": entry.id})
        conn.execute(text("UPDATE desk SET head_hash = :hash WHERE id = :id"), {"hash": head, "id": desk})


def alone(found: list[str], beginning: str) -> list[str]:
    """The lines that name a falsehood, without the one that looks at everything, unless that is the one asked for."""
    return [one for one in found if beginning == OF_ALL or one != sentence(OF_ALL)]


def found_after(sql: str, *, bare: bool = False) -> list[str]:
    """The lines that name a falsehood, which is undone again."""
    with lawless() as conn:
        for statement in worded(sql):
            assert conn.execute(text(statement)).rowcount, statement
        if not bare:
            cover_up(conn)
        if conn.dialect.name == "sqlite":
            install_triggers(conn)
        return offended()


@pytest.mark.parametrize("part", PLANTED)
def test_each_is_found_by_the_line_that_denies_it(money: None, part: str) -> None:
    assert offended() == []
    planted = {(line, what): sql for line, falsehoods in PLANTED[part].items() for what, sql in falsehoods.items()}
    found = {(line, what): alone(found_after(sql, bare=line in BARE), line) for (line, what), sql in planted.items()}
    assert found == {(line, what): [sentence(line)] for line, what in planted}
    assert offended() == [], "all of it is undone again"


def test_the_older_ones_are_found_by_their_lines_alone(trade: None) -> None:
    assert offended() == []
    found = {beginning: found_after(OLDER_PLANTED[what], bare=True) for beginning, what in OLDER.items()}
    assert found == {beginning: [sentence(beginning)] for beginning in OLDER}


def test_no_line_is_without_its_falsehood() -> None:
    lines = [line for falsehoods in (*PLANTED.values(), GOODS, COUNTING, VENUES, JOINT) for line in falsehoods]
    named = {sentence(beginning) for beginning in [*lines, *OLDER, TRIGGERS, IMPORTS]}
    assert [check.sentence for check in ALL_CHECKS if check.sentence not in named] == []
