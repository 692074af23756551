"""The triggers that keep the book append-only, one list for both engines.

A migration that rebuilds a SQLite table loses its triggers without a word, so `migrations/env.py` installs
this list again after every upgrade and a test compares it with what the database has.
"""

from sqlalchemy import Connection, inspect, text

APPEND_ONLY = ("entry", "posting", "activity")

_POSTGRESQL_BODY = " BEGIN RAISE EXCEPTION 'the book is append-only' USING ERRCODE = '23514'; END "
_POSTGRESQL_FUNCTION = (
    f"CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $${_POSTGRESQL_BODY}$$"
)
# pg_trigger.tgtype: before, on delete, update and truncate, once for the statement.
_BEFORE_UPDATE_DELETE_TRUNCATE = 2 | 8 | 16 | 32


def trigger_statements(dialect: str) -> dict[str, str]:
    """Trigger name -> the statement that makes it."""
    statements: dict[str, str] = {}
    for table in APPEND_ONLY:
        if dialect == "sqlite":
            for act in ("UPDATE", "DELETE"):
                name = f"{table}_no_{act.lower()}"
                statements[name] = (
                    f"CREATE TRIGGER {name} BEFORE {act} ON {table} "
                    "BEGIN SELECT RAISE(ABORT, 'the book is append-only'); END"
                )
        else:
            name = f"{table}_append_only"
            statements[name] = (
                f"CREATE TRIGGER {name} BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} "
                "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
            )
    return statements


def install_triggers(connection: Connection) -> None:
    """Make every trigger of the list anew, for the tables that are there by now."""
    there = inspect(connection).get_table_names()
    dialect = connection.dialect.name
    if dialect == "postgresql":
        connection.execute(text(_POSTGRESQL_FUNCTION))
    for name, statement in trigger_statements(dialect).items():
        if name.split("_")[0] not in there:
            continue
        table = "" if dialect == "sqlite" else f" ON {name.removesuffix('_append_only')}"
        connection.execute(text(f"DROP TRIGGER IF EXISTS {name}{table}"))
        connection.execute(text(statement))


def trigger_check(connection: Connection) -> list[str]:
    """The triggers that the database lacks, or has in other words than ours."""
    wanted = trigger_statements(connection.dialect.name)
    if connection.dialect.name == "sqlite":
        rows = connection.execute(text("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'"))
        there = {row.name: row.sql for row in rows}
        return [f"trigger {name}" for name, statement in wanted.items() if there.get(name) != statement]
    rows = connection.execute(
        text(
            "SELECT t.tgname AS name FROM pg_trigger t JOIN pg_proc f ON f.oid = t.tgfoid"
            " WHERE t.tgenabled = 'O' AND t.tgtype = :kind AND t.tgqual IS NULL AND f.proname = 'refuse_change'"
            " AND f.prosrc = :body"
        ),
        {"kind": _BEFORE_UPDATE_DELETE_TRUNCATE, "body": _POSTGRESQL_BODY},
    )
    there_too = set(rows.scalars())
    return [f"trigger {name}" for name in wanted if name not in there_too]
