"""`flask init` on a shop of the first version: a copy is kept, all of it comes along, and selling goes on.

`shop_0001.json` is what the program wrote when its schema was 0001 (commit 61933ea): the small shop of the tests with a
note received and one begun, a shift closed with three sales, and a shift open with a lamp in its basket.
"""

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from alembic.script import ScriptDirectory
from flask import Flask
from flask_migrate import upgrade
from sqlalchemy import Boolean, Connection, DateTime, Integer, MetaData, Table, insert, text
from sqlalchemy.exc import DBAPIError

from showroom_app import create_app
from showroom_app.cli import check_books
from showroom_app.extensions import SQLITE, begin_write, commit, db, now, reading, release, rollback
from showroom_app.ledger.book import stamp
from showroom_app.ledger.triggers import trigger_check, trigger_statements
from showroom_app.lib.clock import jakarta_date
from showroom_app.lib.money import in_notes
from showroom_app.payouts import payout
from showroom_app.payouts.payout import Pay
from showroom_app.sales import refund, shift
from showroom_app.sales.refund import Asked
from showroom_app.stock import intake
from tests.builders import Till, current_basket, request_id, user
from tests.conftest import Auth
from tests.engines import SETTINGS, Browser, new_database
from tests.faults.served import ROOT

ROWS: dict[str, dict[str, list[Any]]] = json.loads((Path(__file__).parent / "shop_0001.json").read_text("utf-8"))
OWED = 887_900  # 233.750 twice, 20.400 and 400.000; a third lamp is sold below, and one of the first two comes back
PAGES = (
    "/sales", "/sales/1", "/items", f"/q/{ROWS['item']['rows'][0][1]}", "/consignments", "/consignments/1", "/shifts/1",
    "/crafters/1", "/crafters/1/statement", "/journal", "/journal/1", "/payouts", "/reports", "/products/1",
    "/settings/money", "/settings/goods", "/venues", "/users",
)  # fmt: skip
HEAD = ScriptDirectory(str(ROOT / "migrations")).get_current_head()


@pytest.fixture(params=["sqlite", "postgresql"])
def old(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Flask]:
    """An instance at 0001 with a shop in it."""
    more = {"SQLALCHEMY_DATABASE_URI": new_database("old")} if request.param == "postgresql" else {}
    app = create_app({"INSTANCE": tmp_path, **SETTINGS, **more})
    app.test_client_class = Browser
    with app.app_context():
        upgrade(revision="0001")
        furnish_of_old(begin_write())
        commit()
        release()
        yield app
        release()
        db.engine.dispose()


def furnish_of_old(connection: Connection) -> None:
    """Put the rows in, as each engine keeps them, with ids going on after the last."""
    for name, kept in ROWS.items():
        table = Table(name, MetaData(), autoload_with=connection, resolve_fks=False)
        kinds = [table.c[column].type for column in kept["columns"]]
        for row in kept["rows"]:
            values = map(as_kept, row, kinds)
            connection.execute(insert(table), dict(zip(kept["columns"], values, strict=True)))
        if connection.dialect.name == "postgresql" and "id" in table.c and isinstance(table.c.id.type, Integer):
            going_on = f"""SELECT setval(pg_get_serial_sequence('"{name}"', 'id'), (SELECT max(id) FROM "{name}"))"""
            connection.execute(text(going_on))


def as_kept(value: Any, kind: Any) -> Any:
    """A value of SQLite as a column of either engine has it."""
    if isinstance(kind, Boolean):
        return bool(value)
    return datetime.fromisoformat(value) if isinstance(kind, DateTime) and value else value


def init(app: Flask) -> str:
    """What `flask init` says."""
    answer = app.test_cli_runner().invoke(args=["init"])
    assert answer.exit_code == 0, answer.output
    rollback()
    return answer.output


def whole() -> None:
    """The books check."""
    told: list[str] = []
    assert check_books(told.append), "\n".join(told)


def test_what_was_there_comes_along(old: Flask) -> None:
    """Every row, to the letter; new ones, such as accounts for discounts, may stand beside them."""
    init(old)
    assert reading().execute(text("SELECT version_num FROM alembic_version")).scalar_one() == HEAD
    whole()
    for name, kept in ROWS.items():
        columns = ", ".join(f'"{column}"' for column in kept["columns"])
        rows = reading().execute(text(f'SELECT {columns} FROM "{name}"'))
        found = [[as_written(value) for value in row] for row in rows]
        assert [row for row in kept["rows"] if row not in found] == [], name


def as_written(value: Any) -> Any:
    """A value of either engine as SQLite has it."""
    if isinstance(value, datetime):
        return stamp(value.astimezone(UTC))
    return int(value) if isinstance(value, bool) else value


def test_a_copy_of_the_old_file_is_kept_once(old: Flask, tmp_path: Path) -> None:
    told = init(old)
    copies = list((tmp_path / "backups").glob("*")) if (tmp_path / "backups").exists() else []
    if db.engine.dialect.name == "postgresql":
        assert copies == []
        return
    [copy] = copies
    assert copy.name.startswith("before-0001-")
    assert f"Cadangan dibuat: {copy}" in told
    kept = SQLITE.connect(str(copy))
    assert kept.execute("SELECT version_num FROM alembic_version").fetchall() == [("0001",)]
    assert kept.execute("SELECT id, hash FROM entry ORDER BY id").fetchall() == entries_of_old()
    assert kept.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    kept.close()
    assert "Cadangan" not in init(old)
    assert list((tmp_path / "backups").glob("*")) == [copy]


def entries_of_old() -> list[tuple[int, str]]:
    """The chain as it was."""
    id_at, hash_at = (ROWS["entry"]["columns"].index(name) for name in ("id", "hash"))
    return [(row[id_at], row[hash_at]) for row in ROWS["entry"]["rows"]]


def test_the_book_stays_append_only(old: Flask) -> None:
    init(old)
    assert trigger_check(reading()) == []
    assert trigger_statements(db.engine.dialect.name)
    for statement in ("UPDATE entry SET memo = 'x'", "DELETE FROM posting"):
        with pytest.raises(DBAPIError, match="append-only"):
            begin_write().execute(text(statement))
        rollback()
    entries = reading().execute(text("SELECT id, hash FROM entry ORDER BY id")).all()
    assert [tuple(row) for row in entries] == entries_of_old()


def resumed() -> Till:
    """The shift that was open, its basket sold."""
    who = user("petugas2")
    row = shift.shift_of(who.id)
    assert row is not None
    till = Till(who, row.id, current_basket(who))
    assert till.total == 275_000
    till.pay()
    return till


def test_the_shop_goes_on(old: Flask) -> None:
    """The basket is sold, a sale of long ago refunded, the shift closed, the note received, the crafter paid it all."""
    init(old)
    till = resumed()
    refund.refund(1, Asked({1: (1, "shelf")}, (), {}, "cacat"), till.who, request_id(), approver=user("pengelola"))
    shift.close_shift(till.shift_id, in_notes(50_000), till.who, request_id())
    begun = intake.own_consignment(reading(), 2, 1)
    intake.receive(2, intake.typed_of(begun), user("petugas"), request_id())
    told = payout.pay([Pay(1, OWED, "office")], jakarta_date(now()), user("pengelola"), request_id())
    assert (told.refused, len(told.payout_ids)) == ({}, 1)
    whole()


def test_its_people_sign_in_and_see_it(old: Flask) -> None:
    init(old)
    auth = Auth(old)
    manager = auth("pengelola")
    for path in PAGES:
        assert manager.get(path).status_code == 200, path
    assert auth("petugas2").get("/till").text.count("275.000") >= 1
    assert auth("perajin").get("/my/sales").text.count("233.750") >= 2
