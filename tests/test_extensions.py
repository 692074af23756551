"""Engine rules: which SQLite, what its connections are told, and what of a verb is tried again."""

import sqlite3
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from showroom_app import cli, create_app, extensions
from showroom_app.extensions import WAL_SAFE, choose_sqlite, db, reading, release, rollback
from showroom_app.ledger.act import RETRIES, begin_act, verb
from showroom_app.lib.refusal import Refusal
from tests.builders import request_id, user
from tests.engines import SETTINGS

OLD = (3, 51, 2)


def has(monkeypatch: pytest.MonkeyPatch, python: tuple[int, ...], package: tuple[int, ...] | None) -> Any:
    """As if Python had been built with one SQLite, and another one, or none, were installed beside it."""
    monkeypatch.setattr(sqlite3, "sqlite_version_info", python)
    beside = package and SimpleNamespace(sqlite_version_info=package)
    monkeypatch.setitem(sys.modules, "pysqlite3", beside)  # None: can't be imported
    return beside


def test_pythons_own_sqlite_does_when_it_is_new(monkeypatch: pytest.MonkeyPatch) -> None:
    has(monkeypatch, WAL_SAFE, None)
    assert choose_sqlite() == (sqlite3, True)


def test_the_one_installed_beside_it_does_when_pythons_is_old(monkeypatch: pytest.MonkeyPatch) -> None:
    beside = has(monkeypatch, OLD, WAL_SAFE)
    assert choose_sqlite() == (beside, True)


@pytest.mark.parametrize("package", [None, OLD])
def test_write_ahead_logging_is_given_up_when_every_sqlite_is_old(
    monkeypatch: pytest.MonkeyPatch, package: tuple[int, ...] | None
) -> None:
    beside = has(monkeypatch, (3, 40, 1), package)
    assert choose_sqlite() == (beside or sqlite3, False)


def told(app: Flask) -> str:
    """What `flask init` says."""
    with app.app_context():
        answer = app.test_cli_runner().invoke(args=["init"])
        release()
    assert answer.exit_code == 0, answer.output
    return answer.output


def pragmas() -> dict[str, Any]:
    """What a connection of the app says of itself."""
    names = (
        "journal_mode", "synchronous", "foreign_keys", "busy_timeout", "wal_autocheckpoint", "recursive_triggers",
        "trusted_schema",
    )  # fmt: skip
    return {name: reading().execute(text(f"PRAGMA {name}")).scalar_one() for name in names}


FULL = 2
RULES = {
    "journal_mode": "wal", "synchronous": FULL, "foreign_keys": 1, "busy_timeout": 10_000, "wal_autocheckpoint": 16_000,
    "recursive_triggers": 1, "trusted_schema": 0,
}  # fmt: skip


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
def test_every_connection_keeps_the_rules(app: Flask) -> None:
    """Also the second one at the same time, and one that is made anew."""
    assert extensions.WAL, "these tests run where write-ahead logging is safe"
    assert pragmas() == RULES
    with app.app_context():
        assert pragmas() == RULES
        release()
    release()
    db.engine.dispose()
    assert pragmas() == RULES


def test_without_a_safe_sqlite_the_journal_is_a_plain_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A database that had write-ahead logging goes back too, `flask init` says so, and nothing else changes."""
    settings = SETTINGS | {"INSTANCE": tmp_path}
    before = create_app(settings)
    assert "jurnal biasa" not in told(before)
    with before.app_context():
        assert pragmas()["journal_mode"] == "wal"
        release()
        db.engine.dispose()
    for module in (extensions, cli):
        monkeypatch.setattr(module, "WAL", False)
    after = create_app(settings)
    assert "jurnal biasa dipakai, bukan WAL" in told(after)
    with after.app_context():
        assert pragmas() == RULES | {"journal_mode": "delete"}
        release()
        db.engine.dispose()


on_postgresql = pytest.mark.parametrize("engine", ["postgresql"], indirect=True)


class Failing:
    """A verb that fails with these SQLSTATEs, one at each try, and then succeeds."""

    def __init__(self, *states: str) -> None:
        self.states, self.tries = list(states), 0

    def act(self, key: str) -> dict[str, Any]:
        """Note the request; fail as the server does, or keep it."""
        self.tries += 1
        act = begin_act("test", key, {}, user("petugas").id)
        if act.repeated:
            return act.result
        if self.states:
            state = self.states.pop(0)
            act.conn.execute(text(f"DO $$ BEGIN RAISE EXCEPTION 'no' USING ERRCODE = '{state}'; END $$"))
        return act.commit(tries=self.tries)

    def __call__(self, key: str) -> dict[str, Any]:
        return verb(self.act)(key)


def noted(key: str) -> list[str]:
    """The results kept under a request id."""
    rollback()
    return list(reading().execute(text("SELECT result FROM request WHERE id = :id"), {"id": key}).scalars())


@on_postgresql
@pytest.mark.parametrize("state", ["40001", "40P01", "23505"])
def test_a_passing_conflict_is_tried_again_under_the_same_request(app: Flask, state: str) -> None:
    key, failing = request_id(), Failing(state)
    assert failing(key) == {"tries": 2}
    assert noted(key) == ['{"tries": 2}']
    assert failing(key) == {"tries": 2}, "asked again, it tells what was done"
    assert noted(key) == ['{"tries": 2}']


@on_postgresql
@pytest.mark.parametrize("state", ["23514", "23503", "22012", "55P03", "P0001"])
def test_any_other_failure_is_not(app: Flask, state: str) -> None:
    key, failing = request_id(), Failing(state)
    with pytest.raises(DBAPIError) as raised:
        failing(key)
    assert (getattr(raised.value.orig, "sqlstate", None), failing.tries, noted(key)) == (state, 1, [])
    assert failing(key) == {"tries": 2}, "the request id is as good as new"


@on_postgresql
def test_a_conflict_that_does_not_pass_is_told_after_some_tries(app: Flask) -> None:
    key, failing = request_id(), Failing(*["40001"] * RETRIES)
    with pytest.raises(DBAPIError):
        failing(key)
    assert (failing.tries, noted(key)) == (RETRIES, [])
    assert Failing(*["40001"] * (RETRIES - 1))(key) == {"tries": RETRIES}


def test_a_refusal_leaves_nothing_and_is_not_tried_again(app: Flask) -> None:
    key, tries = request_id(), []

    @verb
    def refuse() -> None:
        tries.append(begin_act("test", key, {}, user("petugas").id))
        raise Refusal("Tidak bisa.")

    with pytest.raises(Refusal):
        refuse()
    assert (len(tries), noted(key)) == (1, [])
