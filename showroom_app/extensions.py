"""The shared parts: database with its engine rules, sign-in, CSRF, translations."""

import sqlite3
import time
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from flask import Flask, g
from flask_babel import Babel
from flask_login import LoginManager
from flask_sqlalchemy import SQLAlchemy
from flask_wtf.csrf import CSRFProtect
from sqlalchemy import BigInteger, Boolean, Connection, DateTime, Engine, Integer, MetaData, Row, Select, Text, event
from sqlalchemy.engine import Dialect
from sqlalchemy.exc import DBAPIError, DisconnectionError
from sqlalchemy.orm import DeclarativeBase, registry
from sqlalchemy.types import TypeDecorator, TypeEngine

# SQLite before 3.51.3 can corrupt a WAL database when a checkpoint meets a reset
# (https://sqlite.org/wal.html, "the WAL-reset bug").
WAL_SAFE = (3, 51, 3)
# A PostgreSQL connection that rested longer is asked whether it is still alive.
REST_SECONDS = 5.0


def choose_sqlite() -> tuple[Any, bool]:
    """The newest SQLite at hand and whether write-ahead logging is safe with it."""
    if sqlite3.sqlite_version_info >= WAL_SAFE:
        return sqlite3, True
    try:
        import pysqlite3
    except ImportError:
        return sqlite3, False
    return pysqlite3, pysqlite3.sqlite_version_info >= WAL_SAFE


SQLITE, WAL = choose_sqlite()


class UtcTime(TypeDecorator[datetime]):
    """A moment in UTC. STRICT SQLite has no time type, so there it is text of one width, which sorts by time."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        kind: TypeEngine[Any] = Text() if dialect.name == "sqlite" else DateTime(timezone=True)
        return dialect.type_descriptor(kind)

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> Any:
        if value is None or dialect.name != "sqlite":
            return value
        return value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return datetime.fromisoformat(value) if isinstance(value, str) else value.astimezone(UTC)


class Flag(TypeDecorator[bool]):
    """Yes or no; an integer on STRICT SQLite."""

    impl = Boolean
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        kind: TypeEngine[Any] = Integer() if dialect.name == "sqlite" else Boolean()
        return dialect.type_descriptor(kind)

    def process_result_value(self, value: Any, dialect: Dialect) -> bool | None:
        return None if value is None else bool(value)


# Rows and queries of many columns, whose types mypy can't follow by position.
AnyRow = Row[*tuple[Any, ...]]
AnySelect = Select[*tuple[Any, ...]]

Whole = BigInteger().with_variant(Integer(), "sqlite")


class Base(DeclarativeBase):
    """Every table: STRICT on SQLite, constraints named so that migrations can find them."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    registry = registry(
        metadata=metadata, type_annotation_map={int: Whole, str: Text(), datetime: UtcTime(), bool: Flag()}
    )
    __table_args__: Any = {"sqlite_strict": True}


db = SQLAlchemy(model_class=Base, session_options={"expire_on_commit": False, "autoflush": False})
csrf = CSRFProtect()
login = LoginManager()
babel = Babel()

if TYPE_CHECKING:
    Model = Base
else:
    Model = db.Model


def now() -> datetime:
    """The server's time, in UTC: the only clock that facts are stamped with."""
    return datetime.now(UTC)


def engine_options(uri: str) -> dict[str, Any]:
    """SQLAlchemy engine options for a database address."""
    common = {
        "hide_parameters": True,
        "pool_use_lifo": True,
    }  # what failed is logged, with nobody's password hash or bank account in it
    if uri.startswith("sqlite"):
        return {"module": SQLITE, "connect_args": {"isolation_level": None, "timeout": 10}} | common
    return {"pool_size": 10, "max_overflow": 10, "connect_args": {"autocommit": True}} | common


def prepare_engine(app: Flask) -> None:
    """Install the engine rules on this app's engine (docs/architecture.md, engine rules)."""
    with app.app_context():
        engine = db.engine
    if engine.dialect.name == "sqlite":
        _prepare_sqlite(engine)
    else:
        _prepare_postgresql(engine)


def _prepare_postgresql(engine: Engine) -> None:
    @event.listens_for(engine, "checkout")
    def look(driver: Any, record: Any, _proxy: Any) -> None:
        # A connection that rested may have lost its server; asking each time would cost every request three trips.
        since, record.info["used"] = record.info.get("used"), time.monotonic()
        if since is None or record.info["used"] - since < REST_SECONDS:
            return
        try:
            driver.execute("SELECT 1")
        except Exception as error:
            raise DisconnectionError from error

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        # Only writing needs one: at READ COMMITTED every statement that reads has a snapshot of its own anyway.
        if connection.info.get("write"):
            _say(connection, "BEGIN")


def _prepare_sqlite(engine: Engine) -> None:
    journal = "WAL" if WAL else "DELETE"

    @event.listens_for(engine, "connect")
    def set_pragmas(connection: Any, _record: Any) -> None:
        # synchronous=FULL: an acknowledged sale survives a power cut. recursive_triggers: or else
        # INSERT OR REPLACE slips past the triggers that keep the book append-only.
        for pragma in (
            f"journal_mode={journal}",
            "synchronous=FULL",
            "foreign_keys=ON",
            "busy_timeout=10000",
            # A page that many sales change is then copied home once, and not after every few of them.
            "wal_autocheckpoint=16000",
            "recursive_triggers=ON",
            "trusted_schema=OFF",
        ):
            try:
                connection.execute(f"PRAGMA {pragma}")
            except SQLITE.OperationalError:
                # A read-only or full disk still answers reads; writes say so themselves.
                if not pragma.startswith("journal_mode"):
                    raise

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        # A transaction that will write takes the lock at once: one that reads first and
        # writes later fails with "database is locked", which no waiting helps.
        _say(connection, "BEGIN IMMEDIATE" if connection.info.get("write") else "BEGIN")


def _say(connection: Connection, sql: str) -> None:
    dialect: Any = connection.dialect
    driver: Any = connection.connection.driver_connection
    try:
        driver.execute(sql)
    except dialect.loaded_dbapi.Error as error:
        raise DBAPIError.instance(sql, None, error, dialect.loaded_dbapi.Error, dialect=dialect) from error


def reading() -> Connection:
    """The connection of this request (or command), in a transaction: the one under way, else a new one to read in.

    One connection from beginning to end, without an ORM session: three transactions of a scan cost a third of what
    a session takes for them.
    """
    conn = _connection()
    if not conn.in_transaction():
        conn.begin()
    return conn


def snapshot() -> Connection:
    """As `reading`, but all that is read until the transaction ends is of one moment, on PostgreSQL too."""
    rollback()
    conn = reading()
    if conn.dialect.name == "postgresql":
        _say(conn, "BEGIN ISOLATION LEVEL REPEATABLE READ")
    return conn


def begin_write() -> Connection:
    """Open the transaction of a verb that writes; what was begun before is rolled back first."""
    rollback()
    conn = _connection()
    conn.info["write"] = True
    try:
        conn.begin()
    finally:
        conn.info["write"] = False
    return conn


def commit() -> None:
    """Keep what was written."""
    _connection().commit()


def rollback() -> None:
    """End the transaction under way, if any, and undo what it wrote."""
    conn: Connection | None = g.get("connection")
    if conn is None:
        return
    try:
        conn.rollback()
    except DBAPIError:  # the database went away, and what was under way with it
        conn.invalidate()
    if conn.invalidated:  # the next transaction gets another connection
        release()


def release(_error: BaseException | None = None) -> None:
    """Give the connection back; whatever was not committed is undone."""
    conn: Connection | None = g.pop("connection", None)
    if conn is not None:
        conn.close()


def _connection() -> Connection:
    conn: Connection | None = g.get("connection")
    if conn is None:
        conn = g.connection = db.engine.connect()
    return conn
