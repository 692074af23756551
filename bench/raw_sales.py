"""The limit: SQLite alone writing the very rows of a sale, one durable transaction each, with nothing to think about.

Everything is worked out before the clock starts. Afterwards the book is as whole as if the till had sold.
"""

import hashlib
import json
import random
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bench.bulk import COLUMNS, defaults
from showroom_app.extensions import SQLITE, WAL, now
from showroom_app.ledger.book import chain_hash, stamp
from showroom_app.ledger.models import RUPIAH
from showroom_app.lib.money import Terms, split
from showroom_app.web.filters import new_request_id

Statement = tuple[str, list[tuple[Any, ...]]]

# As extensions.py sets them for every connection of the program.
PRAGMAS = (
    f"journal_mode={'WAL' if WAL else 'DELETE'}", "synchronous=FULL", "foreign_keys=ON", "busy_timeout=10000",
    "recursive_triggers=ON", "trusted_schema=OFF",
)  # fmt: skip
_ITEMS = (
    "SELECT i.id, i.crafter_id, c.name AS crafter, p.name, i.price, i.commission_bps FROM item i"
    " JOIN crafter c ON c.id = i.crafter_id JOIN product p ON p.id = i.product_id WHERE i.code = ?"
)
_WHERE = (
    "SELECT d.id AS desk, d.entry_number, d.head_hash, s.id AS shift, s.user_id, s.showroom_id,"
    " (SELECT coalesce(max(last), 0) FROM series WHERE desk_id = d.id AND name = 'sale') AS number,"
    " (SELECT coalesce(max(id), 0) FROM entry) AS entry, (SELECT coalesce(max(id), 0) FROM sale) AS sale,"
    " (SELECT coalesce(max(id), 0) FROM basket) AS basket"
    " FROM shift s JOIN desk d ON d.id = s.desk_id WHERE s.closed_at IS NULL ORDER BY d.id LIMIT 1"
)


@dataclass(frozen=True, slots=True)
class Prepared:
    """A sale to be written: its basket, which is there before, and the statements of the sale itself."""

    basket: list[Statement]
    sale: list[Statement]


def insert(table: str) -> str:
    """An INSERT of the columns that bench/bulk.py lists, and of those with a default."""
    columns = [*COLUMNS[table].split(), *defaults(table)[0]]
    names = ", ".join(f'"{name}"' for name in columns)
    return f'INSERT INTO "{table}" ({names}) VALUES ({", ".join("?" * len(columns))})'


class RawSales:
    """A connection of its own to a copy of the shop, and sales made ready for it."""

    def __init__(self, database: Path, codes: Sequence[str]) -> None:
        self.connection = SQLITE.connect(str(database), isolation_level=None)
        self.connection.row_factory = SQLITE.Row
        for pragma in PRAGMAS:
            self.connection.execute(f"PRAGMA {pragma}")
        self.rng = random.Random(1)
        self.items = [self.connection.execute(_ITEMS, (code,)).fetchone() for code in codes]
        self.place = dict(self.connection.execute(_WHERE).fetchone())
        known = self.connection.execute("SELECT kind, owner_id, id FROM account").fetchall()
        self.accounts = {(row["kind"], row["owner_id"]): row["id"] for row in known}

    def changes(self) -> int:
        """How many rows this connection has written so far."""
        return int(self.connection.total_changes)

    def write(self, statements: list[Statement]) -> None:
        """One durable transaction."""
        execute, executemany = self.connection.execute, self.connection.executemany
        execute("BEGIN IMMEDIATE")
        for statement, rows in statements:
            if len(rows) == 1:
                execute(statement, rows[0])
            else:
                executemany(statement, rows)
        execute("COMMIT")

    def sell(self, prepared: Sequence[Prepared]) -> list[float]:
        """Write them; the seconds each sale took, its basket not counted."""
        taken = []
        for one in prepared:
            self.write(one.basket)
            started = time.perf_counter()
            self.write(one.sale)
            taken.append(time.perf_counter() - started)
        return taken

    def prepare(self, sales: int, lines: int) -> list[Prepared]:
        """Work out the rows of the next so many sales at the first till."""
        return [self.prepare_one(self.rng.sample(self.items, lines)) for _sale in range(sales)]

    def prepare_one(self, items: list[Any]) -> Prepared:
        """Work out the rows of the next sale, a piece of each of these items."""
        place, at, request = self.place, now(), new_request_id()
        for counter in ("entry_number", "number", "entry", "sale", "basket"):
            place[counter] += 1
        items = sorted(items, key=lambda item: item["id"])
        parts = [split(Terms("commission", item["commission_bps"]), item["price"], 1) for item in items]
        total, basket = sum(item["price"] for item in items), place["basket"]
        moves = self._moves(items, parts, total)
        content = [place["desk"], place["entry_number"], "sale", stamp(at), place["user_id"], request, None, ""]
        place["head_hash"] = chain_hash(place["head_hash"], content, moves)
        digest, when = hashlib.sha256(request.encode()).hexdigest(), stamp(at)
        ready: list[Statement] = [
            (insert("basket"), _rows("basket", [(basket, place["desk"], "open", len(items), when)])),
            (
                insert("basket_line"),
                _rows("basket_line", [(basket, item["id"], 1, nth) for nth, item in enumerate(items, 1)]),
            ),
        ]
        sale: list[Statement] = [
            (insert("request"), [(request, digest, "", place["user_id"], when)]),
            ("UPDATE balance SET amount = amount + ? WHERE unit = ? AND account_id = ?", self._changes(moves)),
            (
                "UPDATE desk SET entry_number = ?, head_hash = ? WHERE id = ?",
                [(place["entry_number"], place["head_hash"], place["desk"])],
            ),
            (insert("entry"), [(place["entry"], *content[:5], request, None, "", place["head_hash"])]),
            (insert("posting"), [(place["entry"], line, *move) for line, move in enumerate(moves, 1)]),
            self._series(),
            *self._sale_rows(items, parts, total, when),
            ("UPDATE basket SET status = 'sold', changed_at = ? WHERE id = ?", [(when, basket)]),
            ("UPDATE request SET result = ? WHERE id = ?", [(json.dumps({"sale_id": place["sale"]}), request)]),
        ]
        return Prepared(ready, sale)

    def _moves(self, items: list[Any], parts: list[Any], total: int) -> list[tuple[int, int, int, int]]:
        place, accounts = self.place, self.accounts
        buyers, shelf = accounts["buyers", place["showroom_id"]], accounts["shelf", place["showroom_id"]]
        moves = [(item["id"], buyers, shelf, 1) for item in items]
        for item, part in zip(items, parts, strict=True):
            moves.append((RUPIAH, buyers, accounts["crafter", item["crafter_id"]], part.crafter))
        commission = accounts["commission", place["showroom_id"]]
        moves.append((RUPIAH, buyers, commission, sum(part.showroom for part in parts)))
        return [*moves, (RUPIAH, accounts["drawer", place["shift"]], buyers, total)]

    def _changes(self, moves: list[tuple[int, int, int, int]]) -> list[tuple[int, int, int]]:
        """What the kept balances become; buyers and commission keep none."""
        kept = {self.accounts[key] for key in self.accounts if key[0] in ("shelf", "crafter", "drawer")}
        changes: dict[tuple[int, int], int] = {}
        for unit, debit, credit, amount in moves:
            for account, change in ((debit, amount), (credit, -amount)):
                if account in kept:
                    changes[unit, account] = changes.get((unit, account), 0) + change
        return [(change, unit, account) for (unit, account), change in sorted(changes.items())]

    def _series(self) -> Statement:
        if self.place["number"] == 1:
            return insert("series"), [(self.place["desk"], "sale", 1)]
        return "UPDATE series SET last = last + 1 WHERE desk_id = ? AND name = 'sale'", [(self.place["desk"],)]

    def _sale_rows(self, items: list[Any], parts: list[Any], total: int, when: str) -> list[Statement]:
        place = self.place
        sale = (
            place["sale"], place["showroom_id"], place["desk"], place["number"], place["shift"], place["basket"],
            place["entry"], place["user_id"], when, len(items), total,
        )  # fmt: skip
        lines = [
            (place["sale"], nth, item["id"], item["crafter_id"], when, item["name"], item["crafter"], 1, item["price"],
             part.net, part.crafter, part.showroom, "commission", item["commission_bps"], 0)
            for nth, (item, part) in enumerate(zip(items, parts, strict=True), 1)
        ]  # fmt: skip
        paid = (place["sale"], 1, "cash", total, total, 0)
        return [
            (insert("sale"), _rows("sale", [sale])),
            (insert("sale_line"), _rows("sale_line", lines)),
            (insert("payment"), _rows("payment", [paid])),
        ]


def _rows(table: str, rows: list[tuple[Any, ...]]) -> list[tuple[Any, ...]]:
    return [row + defaults(table)[1] for row in rows]
