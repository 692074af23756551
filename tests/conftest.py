"""Fixtures: `app` on each engine with the small shop, `client`, `auth`; the books are checked after every test."""

import time
from collections.abc import Iterator
from datetime import timedelta

import hypothesis
import pytest
from flask import Flask
from flask.testing import FlaskClient

from showroom_app.catalogue import throttle
from showroom_app.cli import check_books
from showroom_app.extensions import now, release, rollback
from showroom_app.lib.clock import day_start, jakarta_date
from showroom_app.people.pin_routes import UNKNOWN
from tests.builders import PASSWORDS
from tests.engines import Engine, Postgresql, Sqlite

# On a busy machine an example takes as long as it takes.
hypothesis.settings.register_profile("showroom", deadline=None)
hypothesis.settings.load_profile("showroom")

WITHIN_A_DAY_SECONDS = 60


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--slow", action="store_true", help="run the long tests in full")


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line(
        "markers", "within_a_day(seconds): takes longer than others, all within one day of the shop"
    )


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    """After midnight what was sold today is of yesterday: no test begins in the last seconds of the shop's day."""
    marker = item.get_closest_marker("within_a_day")
    seconds = marker.args[0] if marker else WITHIN_A_DAY_SECONDS
    left = day_start(jakarta_date(now()) + timedelta(days=1)) - now()
    if left < timedelta(seconds=seconds):
        time.sleep(left.total_seconds() + 1)


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
    UNKNOWN.forget()
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
