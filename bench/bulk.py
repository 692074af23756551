"""Rows straight into the tables, thousands at a time: executemany on SQLite, COPY on PostgreSQL."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from showroom_app.extensions import Base, db
from showroom_app.ledger.book import stamp

# Columns given by hand, in this order; what a table has besides is filled with its default.
COLUMNS = {
    "account": "id kind owner_id keeps_balance floor",
    "balance": "unit account_id amount floor",
    "request": "id hash result actor_id at",
    "entry": "id desk_id number kind at actor_id request_id reverses_id memo hash",
    "posting": "entry_id line unit debit_id credit_id amount",
    "product": "id showroom_id crafter_id name search_name category created_at",
    "consignment": (
        "id showroom_id crafter_id user_id status saved_at desk_id number entry_id received_at pieces value"
    ),
    "consignment_line": (
        "id consignment_id position product_id name quantity price terms_kind commission_bps net_price per_piece"
    ),
    "item": (
        "id code showroom_id crafter_id product_id line_id quantity price terms_kind commission_bps net_price"
        " received_at"
    ),
    "shift": "id showroom_id desk_id user_id opened_at float_rupiah closed_at expected_rupiah counted_rupiah",
    "basket": "id desk_id status version changed_at",
    "basket_line": "basket_id item_id quantity version",
    "sale": "id showroom_id desk_id number shift_id basket_id entry_id user_id at pieces total",
    "sale_line": (
        "sale_id position item_id crafter_id at name crafter_name quantity price net crafter_share showroom_share"
        " terms_kind commission_bps net_price"
    ),
    "payment": "sale_id position tender amount received change",
    "series": "desk_id name last",
}  # fmt: skip


class Bulk:
    """Collects rows by table and writes them in one transaction, without looking at foreign keys one by one.

    The whole book is checked afterwards, so nothing is trusted that was written here.
    """

    def __init__(self) -> None:
        self.raw: Any = db.engine.raw_connection()
        self.sqlite = db.engine.dialect.name == "sqlite"
        self.rows: dict[str, list[tuple[Any, ...]]] = {table: [] for table in COLUMNS}
        self._more = {table: defaults(table) for table in COLUMNS}
        if self.sqlite:
            for pragma in ("foreign_keys=OFF", "synchronous=OFF", "cache_size=-200000"):
                self.raw.driver_connection.execute(f"PRAGMA {pragma}")
            self.raw.driver_connection.execute("BEGIN IMMEDIATE")
        else:
            self.raw.driver_connection.execute("SET session_replication_role = replica")

    def moment(self, at: datetime) -> Any:
        """A time as this engine keeps it."""
        return stamp(at) if self.sqlite else at

    def flag(self, yes: bool) -> Any:
        """Yes or no as this engine keeps it."""
        return int(yes) if self.sqlite else yes

    def next_id(self, table: str) -> int:
        """The first id that is free."""
        found = self.raw.driver_connection.execute(f'SELECT coalesce(max(id), 0) + 1 FROM "{table}"')
        return int(found.fetchone()[0])

    def flush(self) -> None:
        """Write what was collected, in the order of the tables above."""
        for table, rows in self.rows.items():
            if rows:
                self._write(table, rows)
                rows.clear()

    def execute(self, statement: str, values: Sequence[Any] = ()) -> None:
        """One statement with ? for its values."""
        self.raw.driver_connection.execute(statement if self.sqlite else statement.replace("?", "%s"), values)

    def close(self) -> None:
        """Keep everything; ids go on after the largest; statistics for the planner."""
        self.flush()
        connection = self.raw.driver_connection
        if not self.sqlite:
            for table in [t for t, names in COLUMNS.items() if names.split()[0] == "id" and t != "request"]:
                connection.execute(
                    f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), (SELECT max(id) FROM \"{table}\"))"
                    f' FROM (SELECT 1) x WHERE EXISTS (SELECT 1 FROM "{table}")'
                )
        connection.commit()
        self.raw.invalidate()  # its settings must not live on in the pool
        self.raw.close()

    def _write(self, table: str, rows: list[tuple[Any, ...]]) -> None:
        names, values = self._more[table]
        columns = ", ".join(f'"{name}"' for name in [*COLUMNS[table].split(), *names])
        if self.sqlite:
            marks = ", ".join("?" * (len(rows[0]) + len(values)))
            statement = f'INSERT INTO "{table}" ({columns}) VALUES ({marks})'
            self.raw.driver_connection.executemany(statement, [row + values for row in rows] if values else rows)
            return
        with self.raw.driver_connection.cursor().copy(f'COPY "{table}" ({columns}) FROM STDIN') as copy:
            for row in rows:
                copy.write_row(row + values)


def defaults(table: str) -> tuple[list[str], tuple[Any, ...]]:
    """Columns not listed above that have a plain default in Python only, and those."""
    given = set(COLUMNS[table].split())
    more = {
        column.name: column.default.arg
        for column in Base.metadata.tables[table].columns
        if column.name not in given and column.default is not None and column.default.is_scalar
    }
    return list(more), tuple(more.values())
