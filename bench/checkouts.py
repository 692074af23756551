"""checkout.complete called in this process, without HTTP, on one or several shops in turn."""

import os
import random
import shutil
import time
from collections.abc import Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from flask import Flask
from sqlalchemy import func, select

from bench.attendant import LINES_A_SALE
from bench.fill import must_be_whole
from bench.raw_sales import RawSales
from showroom_app import create_app
from showroom_app.extensions import db, reading, release, rollback
from showroom_app.people import sign_in
from showroom_app.people.models import User
from showroom_app.sales import basket as baskets
from showroom_app.sales import checkout, shift
from showroom_app.sales.checkout import Tendered
from showroom_app.sales.models import Sale
from showroom_app.stock.models import Item
from showroom_app.web.filters import new_request_id

CODES_MAX = 900  # as many as one query takes


@dataclass(frozen=True, slots=True)
class AgainstLimit:
    """Seconds of each sale, round by round: by SQLite alone and by checkout.complete."""

    raw: list[list[float]]
    complete: list[list[float]]
    rows: int


class Till:
    """The first attendant's till in a shop's folder, used by direct calls."""

    def __init__(self, instance: Path, codes: Sequence[str]) -> None:
        self.app: Flask = create_app({"INSTANCE": instance})
        self.codes, self.rng = list(codes[:CODES_MAX]), random.Random(1)
        with self.app.app_context():
            query = select(User.id).where(User.username == "petugas1")
            self.user = sign_in.signed_in(reading().execute(query).scalar_one())
            self.shift: Any = shift.shift_of(self.user.id)
            found = reading().execute(select(Item.code, Item.price).where(Item.code.in_(self.codes)))
            self.price = {row.code: row.price for row in found}
            release()

    def context(self) -> AbstractContextManager[Any]:
        """What the calls need around them."""
        return self.app.app_context()

    def basket(self, codes: Sequence[str] = ()) -> tuple[int, int]:
        """A basket with these goods in, or any: its id and total. Not part of what is measured."""
        basket, codes = baskets.current(self.shift), codes or self.rng.sample(self.codes, LINES_A_SALE)
        for code in codes:
            baskets.add(basket, code, self.user, new_request_id())
        release()
        return basket, sum(self.price[code] for code in codes)

    def sell(self, sales: int) -> list[float]:
        """The seconds that each checkout took."""
        taken = []
        for _sale in range(sales):
            basket, total = self.basket()
            taken.append(self._complete(basket, total))
        return taken

    def sell_these(self, codes: Sequence[str]) -> None:
        """Every one of these pieces, three to a sale."""
        for first in range(0, len(codes) - len(codes) % LINES_A_SALE, LINES_A_SALE):
            self._complete(*self.basket(codes[first : first + LINES_A_SALE]))

    def _complete(self, basket: int, total: int) -> float:
        paid, request = [Tendered("cash", total)], new_request_id()
        started = time.perf_counter()
        checkout.complete(basket, paid, self.user, request, version=LINES_A_SALE, total=total)
        taken = time.perf_counter() - started
        release()
        return taken

    def rows_written(self, codes: Sequence[str]) -> int:
        """By a sale of these goods, as the database counts them."""
        basket, total = self.basket(codes)
        raw: Any = reading().connection.driver_connection
        rollback()
        before = raw.total_changes
        self._complete(basket, total)
        return int(raw.total_changes - before)


def against_limit(instance: Path, codes: Sequence[str], rounds: int, sales: int) -> AgainstLimit:
    """Both by turns, on two copies of the same shop. Refuses to compare when they do not write the same rows, or
    when either leaves a book that is not whole."""
    copies = [_copy(instance, name) for name in ("limit", "checkout")]
    raw, till = RawSales(copies[0] / "showroom.db", codes[:CODES_MAX]), Till(copies[1], codes)
    raw_taken, complete_taken = [], []
    with till.context():
        rows = _same_rows(raw, till)
        for _round in range(rounds):
            prepared = raw.prepare(sales, LINES_A_SALE)
            raw_taken.append(raw.sell(prepared))
            complete_taken.append(till.sell(sales))
        must_be_whole()
    raw.connection.close()
    with create_app({"INSTANCE": copies[0]}).app_context():
        must_be_whole()
    for copy in copies:
        shutil.rmtree(copy, ignore_errors=True)
    return AgainstLimit(raw_taken, complete_taken, rows)


def _copy(instance: Path, name: str) -> Path:
    """The shop's folder again; only the database and the secrets matter."""
    target = instance.with_name(f"{instance.name}-{name}")
    shutil.copytree(instance, target)
    return target


def _same_rows(raw: RawSales, till: Till) -> int:
    """How many rows a sale writes, here as there."""
    one = raw.prepare_one(raw.items[:LINES_A_SALE])
    raw.write(one.basket)
    before = raw.changes()
    raw.write(one.sale)
    limit, complete = raw.changes() - before, till.rows_written(till.codes[:LINES_A_SALE])
    if limit != complete:
        raise SystemExit(f"The limit writes {limit} rows, checkout.complete {complete}: bench/raw_sales.py is behind.")
    return complete


def by_turns(shops: Sequence[tuple[Path, Sequence[str]]], rounds: int, sales: int) -> list[list[list[float]]]:
    """Checkouts in several shops, round by round: for each shop its rounds, each the seconds of every sale."""
    tills = [Till(instance, codes) for instance, codes in shops]
    taken: list[list[list[float]]] = [[] for _till in tills]
    for _round in range(rounds):
        for till, seconds in zip(tills, taken, strict=True):
            with till.context():
                seconds.append(till.sell(sales))
    for till in tills:
        with till.context():
            db.engine.dispose()
    return taken


def whole_books(instance: Path, database_url: str) -> int:
    """Try every invariant after the tills were busy. Returns how many sales there are now."""
    os.environ["DATABASE_URL"] = database_url
    with create_app({"INSTANCE": instance}).app_context():
        must_be_whole()
        sales = reading().execute(select(func.count()).select_from(Sale)).scalar_one()
        release()
        db.engine.dispose()
    return int(sales)
