"""Crafters' money in process: a balance and a statement in shops of two sizes, a payout of 80 crafters, all checks and
exports."""

import os
import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import func, select

from bench.checkouts import Till
from bench.fill import must_be_whole
from bench.serve import memory_of
from showroom_app import create_app
from showroom_app.cli import check_books
from showroom_app.extensions import db, now, reading, release
from showroom_app.lib.clock import jakarta_date
from showroom_app.payouts import due, payout
from showroom_app.payouts.payout import Pay
from showroom_app.payouts.statement import statement
from showroom_app.people.crafters import owed
from showroom_app.people.models import Crafter, User
from showroom_app.people.sign_in import signed_in
from showroom_app.sales.models import Sale
from showroom_app.web.access import SignedIn
from showroom_app.web.filters import new_request_id

CRAFTERS_PAID = 80
CRAFTERS_LOOKED_AT = 40


@dataclass(frozen=True, slots=True)
class Looked:
    """Milliseconds (median) for a balance and for a statement, and how many lines those statements had."""

    balance_ms: float
    statement_ms: float
    lines: int


def look(instance: Path, sales: int) -> Looked:
    """A balance and a statement of the days of the last sales for some crafters, as their phones ask for them."""
    with create_app({"INSTANCE": instance}).app_context():
        last = reading().execute(select(func.max(Sale.id))).scalar_one()
        days = select(Sale.at).where(Sale.id.in_([last - sales + 1, last])).order_by(Sale.id)
        since, until = (jakarta_date(at) for at in reading().execute(days).scalars())
        lines = 0
        balances, statements = [], []
        crafters = select(Crafter.id).order_by(Crafter.id).limit(CRAFTERS_LOOKED_AT)
        for crafter in list(reading().execute(crafters).scalars()):
            balances.append(_ms(lambda crafter=crafter: owed(crafter)))
            statements.append(_ms(lambda crafter=crafter: statement(crafter, since, until)))
            lines += len(statement(crafter, since, until).events)
            release()
        db.engine.dispose()
    return Looked(statistics.median(balances), statistics.median(statements), lines)


def _ms(call: Callable[[], object]) -> float:
    call()
    taken = []
    for _again in range(5):
        started = time.perf_counter()
        call()
        taken.append((time.perf_counter() - started) * 1000)
    return statistics.median(taken)


def pay_many(instance: Path, codes: list[str]) -> tuple[float, int, float]:
    """Pay everybody, sell again, and pay 80 crafters in one act: its seconds, the postings that it paid, and the
    seconds of the first payout, which settled everything that was ever sold."""
    till = Till(instance, codes)
    with till.context():
        manager = signed_in(reading().execute(select(User.id).where(User.username == "pengelola")).scalar_one())
        first, _paid = _pay(manager, None)
        for _round in range(4):
            till.sell(150)
        taken, paid = _pay(manager, CRAFTERS_PAID)
        must_be_whole()
        release()
        db.engine.dispose()
    return taken, paid, first


def _pay(manager: SignedIn, most: int | None) -> tuple[float, int]:
    today = jakarta_date(now())
    rows = [row for row in due.balances(1) if row["owed"] > 0][:most]
    pays = [Pay(row["id"], due.due_until(reading(), row["account_id"], today), "office") for row in rows]
    started = time.perf_counter()
    told = payout.pay(pays, today, manager, new_request_id())
    taken = time.perf_counter() - started
    assert len(told.payout_ids) == len(pays)
    return taken, len(told.payout_ids)


def write_out(instance: Path, form: str) -> tuple[float, float]:
    """`flask books export` in a process of its own: seconds, and its highest memory in MB."""
    os.environ["DATABASE_URL"] = ""
    app = create_app({"INSTANCE": instance})
    started = time.perf_counter()
    told = app.test_cli_runner().invoke(
        args=["books", "export", "--format", form, "--out", str(instance / f"book.{form}")]
    )
    taken = time.perf_counter() - started
    if told.exit_code:
        raise SystemExit(told.output)
    return taken, memory_of(os.getpid(), os.getpid()).peak


def check(instance: Path, database_url: str = "") -> tuple[float, float]:
    """All checks of `flask books check` in a process of its own: seconds, and its highest memory in MB."""
    os.environ["DATABASE_URL"] = database_url
    with create_app({"INSTANCE": instance}).app_context():
        started = time.perf_counter()
        if not check_books(lambda _line: None):
            raise SystemExit("the books are not whole")
        taken = time.perf_counter() - started
        release()
        db.engine.dispose()
    return taken, memory_of(os.getpid(), os.getpid()).peak
