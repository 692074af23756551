"""Statements of the hot path: written in SQLAlchemy's words, compiled once for each engine, run on the driver itself.

A scan runs a dozen statements and a checkout two dozen; SQLAlchemy's own way costs ten times what SQLite takes for
them. Transactions, connections and errors stay SQLAlchemy's: only the road between is shorter.
"""

from collections import namedtuple
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ClauseElement, Connection, Select, text
from sqlalchemy.exc import DBAPIError

Processor = Callable[[Any], Any] | None


@dataclass(frozen=True, slots=True)
class _Compiled:
    sql: str
    binds: Sequence[tuple[str, Processor]]
    positional: bool
    results: Sequence[tuple[int, Processor]]


class Prepared:
    """One statement. Values are given by name, and go through their columns' types as in SQLAlchemy."""

    def __init__(self, statement: ClauseElement) -> None:
        self.statement = statement
        self._compiled: dict[tuple[str, tuple[str, ...]], _Compiled] = {}
        self._row: Any = None

    def rows(self, conn: Connection, **values: Any) -> list[Any]:
        """All rows, as named tuples."""
        cursor, compiled = self._execute(conn, values)
        make = self._maker(cursor)
        if not compiled.results:
            return [make(row) for row in cursor.fetchall()]
        return [make(_processed(row, compiled.results)) for row in cursor.fetchall()]

    def first(self, conn: Connection, **values: Any) -> Any:
        """The first row as a named tuple, or None."""
        cursor, compiled = self._execute(conn, values)
        make, row = self._maker(cursor), cursor.fetchone()
        cursor.close()
        if row is None:
            return None
        return make(_processed(row, compiled.results) if compiled.results else row)

    def scalar(self, conn: Connection, **values: Any) -> Any:
        """The first value of the first row, or None."""
        cursor, _compiled = self._execute(conn, values)
        row = cursor.fetchone()
        cursor.close()
        return None if row is None else row[0]

    def run(self, conn: Connection, **values: Any) -> int:
        """How many rows it changed."""
        return int(self._execute(conn, values)[0].rowcount)

    def run_many(self, conn: Connection, rows: Sequence[Mapping[str, Any]]) -> None:
        """Once for each of the rows, which name the same values."""
        compiled = self._for(conn, rows[0])
        with _Driver(conn, compiled.sql) as driver:
            driver.cursor().executemany(compiled.sql, [_bound(compiled, row) for row in rows])

    def _execute(self, conn: Connection, values: Mapping[str, Any]) -> tuple[Any, _Compiled]:
        compiled = self._for(conn, values)
        with _Driver(conn, compiled.sql) as driver:
            return driver.execute(compiled.sql, _bound(compiled, values)), compiled

    def _for(self, conn: Connection, values: Mapping[str, Any]) -> _Compiled:
        key = (conn.dialect.name, tuple(values))
        known = self._compiled.get(key)
        if known is None:
            known = self._compiled[key] = self._compile(conn, list(values))
        return known

    def _compile(self, conn: Connection, names: list[str]) -> _Compiled:
        dialect: Any = conn.dialect
        made: Any = self.statement.compile(dialect=dialect, column_keys=names)
        order = made.positiontup if made.positional else list(made.binds)
        binds = [(name, made.binds[name].type.dialect_impl(dialect).bind_processor(dialect)) for name in order]
        fixed = {name: made.binds[name].value for name in order if name not in names}
        if fixed:  # a constant that somebody wrote into the statement
            binds = [(n, (lambda _none, v=fixed[n]: v) if n in fixed else p) for n, p in binds]
        columns: Any = self.statement.selected_columns if isinstance(self.statement, Select) else []
        processors = [column.type.dialect_impl(dialect).result_processor(dialect, None) for column in columns]
        results = [(place, processor) for place, processor in enumerate(processors) if processor]
        return _Compiled(str(made), binds, made.positional, results)

    def _maker(self, cursor: Any) -> Callable[[Sequence[Any]], Any]:
        if self._row is None:
            self._row = namedtuple("Row", [column[0] for column in cursor.description])  # type: ignore[misc]
        make: Callable[[Sequence[Any]], Any] = self._row._make
        return make


def reserve_ids(conn: Connection, table: str, count: int) -> list[int]:
    """Ids for so many new rows, in rising order, so that they can be written without asking for each row's id back.
    On SQLite the transaction has to be one that writes: nobody else makes rows meanwhile."""
    if conn.dialect.name == "postgresql":
        query = text("SELECT nextval(pg_get_serial_sequence(:name, 'id')) FROM generate_series(1, :count)")
        return [int(one) for one in conn.execute(query, {"name": table, "count": count}).scalars()]
    last = conn.execute(text(f'SELECT coalesce(max(id), 0) FROM "{table}"')).scalar_one()  # noqa: S608 - ours
    return list(range(int(last) + 1, int(last) + 1 + count))


class _Driver:
    """The driver's own connection; what it refuses is raised as SQLAlchemy would."""

    __slots__ = ("conn", "sql")

    def __init__(self, conn: Connection, sql: str) -> None:
        self.conn, self.sql = conn, sql

    def __enter__(self) -> Any:
        return self.conn.connection.driver_connection

    def __exit__(self, _kind: object, error: BaseException | None, _trace: object) -> None:
        dialect: Any = self.conn.dialect
        if isinstance(error, dialect.loaded_dbapi.Error):
            if dialect.is_disconnect(error, self.conn.connection.driver_connection, None):
                self.conn.invalidate(error)  # the next request gets a fresh one
            raise DBAPIError.instance(
                self.sql, None, error, dialect.loaded_dbapi.Error, hide_parameters=True, dialect=dialect
            ) from error


def _bound(compiled: _Compiled, values: Mapping[str, Any]) -> Any:
    if compiled.positional:
        return [process(values.get(name)) if process else values[name] for name, process in compiled.binds]
    return {name: process(values.get(name)) if process else values[name] for name, process in compiled.binds}


def _processed(row: Sequence[Any], processors: Sequence[tuple[int, Processor]]) -> list[Any]:
    made = list(row)
    for place, process in processors:
        assert process is not None
        made[place] = process(made[place])
    return made
