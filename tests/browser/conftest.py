"""Fixtures for a real Chromium against a real server: `shop` serves the small shop, `visit` opens browsers in it."""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask_migrate import upgrade
from playwright.sync_api import Browser, BrowserContext, Page, Playwright, expect, sync_playwright

from showroom_app import create_app
from showroom_app.cli import check_books
from showroom_app.extensions import db, release
from tests.builders import PASSWORDS, furnish
from tests.engines import new_database
from tests.faults.served import ROOT, SECONDS_MAX, free_port

PHONE: dict[str, Any] = {"viewport": {"width": 360, "height": 740}, "has_touch": True, "is_mobile": True}
LAPTOP: dict[str, Any] = {"viewport": {"width": 1366, "height": 768}}
QUIET = (
    "--no-sandbox", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
)  # fmt: skip
# What the browser itself says of an answer that is no 2xx, or of none; the page then says it in words.
USUAL = (
    "the server responded with a status of", "net::ERR_", "Failed to fetch", "Service Worker registration blocked by",
)  # fmt: skip

expect.set_options(timeout=10_000)


@dataclass
class Shop:
    """The small shop, served by a process of its own; `app` is the same shop for builders and checks."""

    app: Flask
    folder: Path
    env: dict[str, str]
    port: int = field(default_factory=free_port)
    process: subprocess.Popen[str] | None = None

    @property
    def address(self) -> str:
        """Where it is served."""
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        """Serve, and wait until it answers."""
        command = [sys.executable, "-m", "showroom_app.server", "--host", "127.0.0.1", "--port", str(self.port)]
        self.process = subprocess.Popen(
            [*command, "--no-browser"], cwd=ROOT, env=self.env, stdout=subprocess.PIPE, text=True
        )
        assert self.process.stdout is not None
        assert any("Untuk berhenti" in line for line in iter(self.process.stdout.readline, ""))

    def stop(self) -> None:
        """End the server as Ctrl-C does."""
        assert self.process is not None
        self.process.terminate()
        self.process.communicate(timeout=SECONDS_MAX)
        self.process = None

    def must_be_whole(self) -> None:
        """The books check."""
        told: list[str] = []
        assert check_books(told.append), "\n".join(told)


def open_shop(folder: Path, database: str = "") -> Shop:
    """Make the small shop in a folder (or in a PostgreSQL database) and serve it."""
    instance = folder / "instance"
    settings: dict[str, Any] = {"INSTANCE": instance}
    env = {k: v for k, v in os.environ.items() if k != "DATABASE_URL"} | {"SHOWROOM_INSTANCE": str(instance)}
    if database:
        settings["SQLALCHEMY_DATABASE_URI"] = database
        env["DATABASE_URL"] = database.replace("postgresql+psycopg://", "postgresql://")
    app = create_app(settings)
    with app.app_context():
        upgrade()
        furnish()
        release()
    shop = Shop(app, folder, env)
    shop.start()
    return shop


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shop]:
    """One shop on SQLite for all tests of a file; its books are checked at the end."""
    one = open_shop(tmp_path_factory.mktemp("browser"))
    with one.app.app_context():
        yield one
        one.must_be_whole()
    one.stop()


@pytest.fixture(params=["sqlite", "postgresql"])
def fresh_shop(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Shop]:
    """A shop of the test's own, on either engine."""
    database = ""
    if request.param == "postgresql":
        database = new_database("browser")
    one = open_shop(tmp_path, database)
    with one.app.app_context():
        yield one
        one.must_be_whole()
        release()
        db.engine.dispose()
    one.stop()


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    """Playwright itself."""
    with sync_playwright() as one:
        yield one


def chromium(playwright: Playwright, *more: str) -> Browser:
    """The Chromium that start.py found."""
    found = os.environ.get("CHROMIUM")
    assert found, "no Chromium: run `python3 start.py test`, which finds or installs it"
    return playwright.chromium.launch(executable_path=found, args=[*QUIET, *more])


def filming(playwright: Playwright, film: Path) -> Browser:
    """A Chromium whose camera sees a film."""
    return chromium(
        playwright,
        "--use-fake-device-for-media-stream",
        "--use-fake-ui-for-media-stream",
        f"--use-file-for-fake-video-capture={film.absolute()}",
    )


@pytest.fixture(scope="session")
def browser(playwright: Playwright) -> Iterator[Browser]:
    """One Chromium for the whole run of a worker."""
    one = chromium(playwright)
    yield one
    one.close()


Visit = Callable[..., Page]


def watched(context: BrowserContext, said: list[str]) -> Page:
    """A page whose complaints (script errors, what the content policy blocked) are noted."""
    page = context.new_page()
    page.on("pageerror", lambda error: said.append(str(error)))
    page.on(
        "console",
        lambda line: (
            said.append(line.text)
            if line.type in ("error", "warning") and not any(usual in line.text for usual in USUAL)
            else None
        ),
    )
    return page


@pytest.fixture
def visit(browser: Browser, shop: Shop) -> Iterator[Visit]:
    """`visit("petugas", PHONE)` is a page in which the attendant is signed in; "" is a visitor."""
    contexts: list[BrowserContext] = []
    said: list[str] = []

    def open_page(username: str, size: dict[str, Any] = LAPTOP, **more: Any) -> Page:
        # What a service worker fetches passes by the tests' own routes; test_offline.py tries it.
        context = browser.new_context(base_url=shop.address, **{"service_workers": "block"} | size | more)
        contexts.append(context)
        page = watched(context, said)
        if username:
            sign_in(page, username)
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert said == []


def sign_in(page: Page, username: str) -> None:
    """Sign in as a person would."""
    page.goto("/sign-in")
    page.get_by_label("Nama pengguna").fill(username)
    page.get_by_label("Kata sandi").fill(PASSWORDS[username])
    page.get_by_role("button", name="Masuk", exact=True).click()
    page.wait_for_url(lambda url: "/sign-in" not in url)


def open_shift(page: Page, desk: str = "Meja 1", float_typed: str = "200.000") -> None:
    """Open a shift at a desk and stand at its till."""
    page.goto("/shifts/new")
    page.get_by_label(desk).check()
    page.get_by_label("Modal awal di laci").fill(float_typed)
    page.get_by_role("button", name="Buka sif").click()
    page.wait_for_url("**/till")
