"""The demo shop is made anew from its seed: believable in size, whole in its books, and open to its four people."""

import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from flask_migrate import upgrade
from sqlalchemy import text

from showroom_app import create_app, demo_seen
from showroom_app.cli import check_books
from showroom_app.extensions import db, now, reading, release, rollback
from showroom_app.lib.clock import jakarta_date
from showroom_app.people.routes import DEMO_ACCOUNTS
from tests.engines import SETTINGS, Browser


def make(folder: Path, *arguments: str) -> Flask:
    """A fresh instance with the demo shop in it."""
    app = create_app({"INSTANCE": folder, **SETTINGS, "DEMO": True})
    app.test_client_class = Browser
    with app.app_context():
        upgrade()
        told = app.test_cli_runner().invoke(args=["demo", *arguments])
        assert told.exit_code == 0, told.output
        release()
    return app


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Flask:
    return make(tmp_path_factory.mktemp("demo"))


@pytest.fixture(autouse=True)
def in_its_context(app: Flask) -> Iterator[None]:
    with app.app_context():
        yield
        release()


def one(query: str) -> Any:
    return reading().execute(text(query)).scalar_one()


def content() -> dict[str, list[Any]]:
    """What the seed decides: codes, prices and sales, not when they were typed in."""
    queries = {
        "items": "SELECT id, code, price, quantity, crafter_id, received_at FROM item ORDER BY id",
        "sales": "SELECT id, number, total, pieces, at FROM sale ORDER BY id",
        "payments": "SELECT * FROM payment ORDER BY sale_id, position",
        "balances": "SELECT * FROM balance ORDER BY unit, account_id",
        "people": "SELECT id, name, workshop, phone FROM crafter ORDER BY id",
        "cards": "SELECT crafter_id, code, made_at FROM card ORDER BY id",
    }
    return {name: [tuple(row) for row in reading().execute(text(query))] for name, query in queries.items()}


def test_it_has_the_size_of_the_real_shop() -> None:
    assert one("SELECT count(*) FROM crafter") == 40
    assert one("SELECT count(*) FROM product") == 121
    assert 350 <= one("SELECT count(*) FROM item") <= 450
    assert one("SELECT count(*) FROM sale") > 100
    assert one("SELECT sum(amount) FROM balance b JOIN account a ON a.id = b.account_id WHERE a.kind = 'shelf'") > 100


def test_it_has_traded_for_half_a_year_and_is_open_today() -> None:
    today = jakarta_date(now())
    first, last = one("SELECT min(at) FROM sale"), one("SELECT max(at) FROM sale")
    assert first[:10] <= (today - timedelta(days=170)).isoformat()
    assert (today - timedelta(days=10)).isoformat() <= last[:10] <= today.isoformat()
    assert one("SELECT count(*) FROM shift WHERE closed_at IS NULL") == 1
    assert one("SELECT count(*) FROM consignment WHERE status = 'draft'") == 1


def test_its_books_are_whole() -> None:
    told: list[str] = []
    assert check_books(told.append), "\n".join(told)


@pytest.mark.parametrize(("role", "username", "password"), DEMO_ACCOUNTS)
def test_everybody_on_the_sign_in_page_gets_in(app: Flask, role: str, username: str, password: str) -> None:
    client = app.test_client()
    door = client.get("/sign-in").text
    assert [word in door for word in (role, username, password)] == [True] * 3
    assert client.post("/sign-in", data={"username": username, "password": password}).status_code == 303
    assert client.get("/", follow_redirects=True).status_code == 200


def test_the_sample_crafters_have_cards(app: Flask) -> None:
    assert one("SELECT count(*) FROM card WHERE ended_at IS NULL") == 34
    assert one('SELECT count(*) FROM "user" WHERE one_time_until IS NOT NULL') == 1
    client = app.test_client()
    found = re.search(r'href="(/card/[0-9A-Z]{16})"', client.get("/sign-in").text)
    assert found
    assert "Tutik Handayani" in client.get(found[1]).text
    assert client.post(found[1], data={"pin": "123456"}).location == "/my"


PAGES = {
    "petugas": ["/till", "/items", "/sales", "/sales/1", "/consignments", "/consignments/1", "/crafters"],
    "pengelola": [
        "/payouts", "/payouts/history", "/payouts/1", "/payouts/1/receipt.pdf", "/refunds", "/refunds/1", "/shifts",
        "/shifts/1", "/settings/money", "/journal", "/activity", "/reports", "/users", "/settings", "/crafters/1",
        "/sales", "/labels/runs/1.pdf", "/crafters/cards",
    ],
    "pengamat": ["/reports", "/items"],
    "perajin": ["/my", "/my/items", "/my/sales", "/my/statement"],
}  # fmt: skip


@pytest.mark.parametrize("username", PAGES)
def test_every_page_has_something_to_show(app: Flask, username: str) -> None:
    client: FlaskClient = app.test_client()
    client.post("/sign-in", data={"username": username, "password": {n: p for _r, n, p in DEMO_ACCOUNTS}[username]})
    for path in PAGES[username]:
        answer = client.get(path)
        assert answer.status_code == 200, path
        assert 'class="empty"' not in answer.text if answer.mimetype == "text/html" else answer.data, path


def test_visitors_see_who_agreed_and_nobody_else(app: Flask) -> None:
    client = app.test_client()
    assert client.get("/catalogue").text.count('class="good-card"') == 24
    told = client.get("/makers/1").text
    for shown in ("Tutik Handayani", "/faces/1/", "Saya belajar menganyam"):
        assert shown in told
    refused, withdrew = demo_seen.REFUSED + 1, demo_seen.WITHDREW + 1
    for crafter_id in (refused, withdrew):
        assert client.get(f"/makers/{crafter_id}").status_code == 404
    assert one("SELECT count(*) FROM consent WHERE withdrawn_at IS NULL") == 38
    assert one("SELECT count(*) FROM consent WHERE withdrawn_at IS NOT NULL") == 1
    english = client.get("/catalogue?q=chair", headers={"Accept-Language": "en"}).text
    assert "terrace chair" in english


def test_asked_for_again_it_stays_as_it_is(app: Flask) -> None:
    before = content()
    told = app.test_cli_runner().invoke(args=["demo"])
    assert (told.exit_code, "sudah ada" in told.output) == (0, True)
    rollback()
    assert content() == before


@pytest.mark.within_a_day(180)
def test_the_same_seed_makes_the_same_shop(tmp_path: Path) -> None:
    """On one day, for its half year ends with the day before."""
    made = []
    for name, arguments in (("first", ()), ("again", ("--seed", "1", "--quiet"))):
        with make(tmp_path / name, *arguments).app_context():
            made.append(content())
            db.engine.dispose()
    assert made[0] == made[1]


@pytest.mark.parametrize("seed", ["3", "4", "6"])
def test_other_shops_can_be_made_too(tmp_path: Path, seed: str) -> None:
    """What is sold last, and how it was paid, depends on the seed and on the day on which the shop is made."""
    with make(tmp_path, "--seed", seed).app_context():
        told: list[str] = []
        assert check_books(told.append), "\n".join(told)
        release()
