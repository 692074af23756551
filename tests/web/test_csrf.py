"""Every form carries a token of its session: without it nothing is done, and the page says what to do."""

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import text

from showroom_app.extensions import reading, rollback
from tests.builders import PASSWORDS, desk_id, line, receive, request_id
from tests.conftest import Auth
from tests.web.forms import FORMS, HTMX, Shop, sentence


def token_on(client: FlaskClient, path: str) -> str:
    """The token that a page hands out."""
    found = re.search(r'name="csrf_token" value="([^"]+)"', client.get(path).text)
    assert found
    return found[1]


def turn_on(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    """As it is outside of tests."""
    monkeypatch.setitem(app.config, "WTF_CSRF_ENABLED", True)


def acts_asked_for() -> int:
    rollback()
    return int(reading().execute(text("SELECT count(*) FROM request")).scalar_one())


@pytest.mark.parametrize("headers", [{}, HTMX], ids=["form", "htmx"])
@pytest.mark.parametrize("kind", ["missing", "forged", "of another session"])
def test_no_form_works_without_its_token(
    app: Flask, auth: Auth, monkeypatch: pytest.MonkeyPatch, kind: str, headers: dict[str, str]
) -> None:
    shop = Shop(app, auth)
    calls = [(e, shop.browser(e), shop.address(rule)) for e, rule in shop.rules["POST"].items()]
    earlier = token_on(auth("petugas"), "/password")
    token = {"missing": {}, "forged": {"csrf_token": "x.y.z"}}.get(kind, {"csrf_token": earlier})
    before = acts_asked_for()
    turn_on(app, monkeypatch)
    for endpoint, client, to in calls:
        answer = client.post(to, data=FORMS[endpoint] | {"request_id": request_id()} | token, headers=headers)
        assert (answer.status_code, "Muat ulang halaman" in sentence(answer)) == (400, True), endpoint
    assert acts_asked_for() == before


def test_with_the_page_s_token_they_work(app: Flask, client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    [lamp] = receive(line("Lampu Kendil"))
    turn_on(app, monkeypatch)
    door = {"username": "petugas", "password": PASSWORDS["petugas"], "csrf_token": token_on(client, "/sign-in")}
    assert client.post("/sign-in", data=door).location == "/till"
    opened = {"desk_id": str(desk_id("K1")), "float": "0", "request_id": request_id()}
    assert client.post("/shifts/new", data=opened | {"csrf_token": token_on(client, "/shifts/new")}).location == "/till"
    scan, by_header = {"code": lamp.code, "request_id": request_id()}, {"X-CSRFToken": token_on(client, "/till")}
    assert "Lampu Kendil" in client.post("/baskets/1/lines", data=scan, headers=HTMX | by_header).text


def test_a_token_dies_with_its_session(app: Flask, client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    turn_on(app, monkeypatch)
    old = token_on(client, "/sign-in")
    door = {"username": "petugas", "password": PASSWORDS["petugas"], "csrf_token": old}
    assert client.post("/sign-in", data=door).status_code == 303
    form = {"desk_id": str(desk_id("K1")), "float": "0", "request_id": request_id()}
    assert client.post("/shifts/new", data=form | {"csrf_token": old}).status_code == 400
    assert client.post("/shifts/new", data=form | {"csrf_token": token_on(client, "/shifts/new")}).status_code == 303
