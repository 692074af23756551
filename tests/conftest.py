"""Fixtures: `app` on each engine with the small shop, `client`, `auth`; the books are checked after every test."""

from collections.abc import Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient

from showroom_app.catalogue import throttle
from showroom_app.cli import check_books
from showroom_app.extensions import release, rollback
from tests.builders import PASSWORDS
from tests.engines import Engine, Postgresql, Sqlite


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--slow", action="store_true", help="run the long tests in full")


@pytest.fixture(scope="session", params=["sqlite", "postgresql"])
def engine(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Engine:
    """One engine for the whole run of a worker."""
    folder = tmp_path_factory.mktemp(request.param)
    return Sqlite(folder) if request.param == "sqlite" else Postgresql(folder)


@pytest.fixture
def app(engine: Engine) -> Iterator[Flask]:
    """The application on a fresh small shop; afterwards the books must be whole."""
    engine.reset()
    throttle.misses.forget()
    with engine.app.app_context():
        yield engine.app
        rollback()
        told: list[str] = []
        assert check_books(told.append), "\n".join(told)
        release()


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """A browser without a session."""
    return app.test_client()


class Auth:
    """Signs people of the small shop in."""

    def __init__(self, app: Flask) -> None:
        self.app = app

    def __call__(self, username: str) -> FlaskClient:
        """A browser in which somebody is signed in."""
        client = self.app.test_client()
        answer = client.post("/sign-in", data={"username": username, "password": PASSWORDS[username]})
        assert answer.status_code == 303, answer.text
        return client


@pytest.fixture
def auth(app: Flask) -> Auth:
    """`auth("petugas")` is a browser of the attendant."""
    return Auth(app)
