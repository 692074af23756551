"""A crafter's own phone stays signed in for 90 days, the shop's devices for 30; the office ends it."""

from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from itsdangerous import TimestampSigner

from tests.builders import PASSWORDS, card_of, crafter_id, request_id, user
from tests.conftest import Auth
from tests.rules import activities


def aged(monkeypatch: pytest.MonkeyPatch, days: float) -> None:
    """From now on cookies are signed as if so many days ago."""
    moment = int((datetime.now(UTC) - timedelta(days=days)).timestamp())
    monkeypatch.setattr(TimestampSigner, "get_timestamp", lambda _self: moment)


@pytest.mark.parametrize(
    ("who", "days", "still_in"),
    [
        ("perajin", 89.9, True), ("perajin", 90.1, False), ("petugas", 29.9, True), ("petugas", 30.1, False),
        ("pengelola", 89, False), ("pengamat", 30.1, False),
    ],
)  # fmt: skip
def test_how_long_a_sign_in_lasts(
    auth: Auth, monkeypatch: pytest.MonkeyPatch, who: str, days: float, still_in: bool
) -> None:
    with monkeypatch.context() as then:
        aged(then, days)
        client = auth(who)
    assert (client.get("/password").status_code == 200) is still_in


def test_by_card_it_lasts_as_long(client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as then:
        aged(then, 80)
        assert client.post(f"/card/{card_of('Tutik')}", data={"pin": PASSWORDS["perajin"]}).status_code == 303
    assert client.get("/my").status_code == 200


def test_the_browser_keeps_the_cookie_as_long(auth: Auth) -> None:
    for who, days in (("perajin", 90), ("petugas", 30)):
        cookie = auth(who).get_cookie("showroom")
        assert cookie is not None
        assert cookie.expires is not None
        assert abs(cookie.expires - datetime.now(UTC) - timedelta(days=days)) < timedelta(minutes=1)
        assert cookie.http_only
        assert cookie.same_site == "Lax"


def test_an_attendant_after_a_crafter_on_one_device_has_the_attendants_time(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as then:
        aged(then, 40)
        for who in ("perajin", "petugas"):
            client.post("/sign-in", data={"username": who, "password": PASSWORDS[who]})
    assert client.get("/password").location.startswith("/sign-in")


def test_a_forged_cookie_is_nobodys(app: Flask) -> None:
    for value in ("x", "eyJvd25fcGhvbmUiOnRydWV9.aaaa.bbbb", "." * 5_000):
        client = app.test_client()
        client.set_cookie("showroom", value)
        assert client.get("/my").location.startswith("/sign-in")


def test_a_lost_phone_is_signed_out_from_the_crafters_page(auth: Auth) -> None:
    phone, tablet, manager = auth("perajin"), auth("perajin"), auth("pengelola")
    page = f"/crafters/{crafter_id('Tutik')}"
    for shown in ("HP hilang: keluarkan semua HP", "Terakhir masuk"):
        assert shown in manager.get(page).text
    answer = manager.post(f"{page}/sessions/end", data={"request_id": request_id()})
    assert (answer.status_code, answer.location) == (303, f"{page}#phone")
    assert [one.get("/my").location for one in (phone, tablet)] == ["/sign-in?next=/my"] * 2
    assert "Sudah dikeluarkan" in manager.get(page).text
    assert [row.subject for row in activities("sessions")] == [f"user:{user('perajin').id}"]
    assert auth("perajin").get("/my").status_code == 200, "the PIN still opens"


def test_where_there_is_no_account_there_is_nobody_to_sign_out(auth: Auth) -> None:
    manager, slamet = auth("pengelola"), f"/crafters/{crafter_id('Slamet')}"
    assert "HP hilang" not in manager.get(slamet).text
    assert manager.post(f"{slamet}/sessions/end", data={"request_id": request_id()}).status_code == 404
    stranger = auth("tetangga")
    assert stranger.post(f"/crafters/{crafter_id('Tutik')}/sessions/end").status_code == 404
