"""Signing in: by username or phone; guessing is throttled and a restart forgives nothing; sessions end."""

from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import text

from showroom_app.extensions import commit, db, now, reading
from showroom_app.people import accounts, sign_in
from tests.builders import PASSWORDS, request_id, user
from tests.conftest import Auth


def post(client: FlaskClient, username: str, password: str) -> int:
    return client.post("/sign-in", data={"username": username, "password": password}).status_code


def test_a_real_shop_tells_nobody_its_accounts(client: FlaskClient) -> None:
    page = client.get("/sign-in").text
    assert not [told for told in ("Akun contoh", "petugas", "demo-", "123456") if told in page]


@pytest.mark.parametrize("name", ["perajin", "PERAJIN ", "0812 0000 1001", "+6281200001001"])
def test_a_crafter_signs_in_by_name_or_phone(client: FlaskClient, name: str) -> None:
    assert post(client, name, PASSWORDS["perajin"]) == 303


@pytest.mark.parametrize(
    ("name", "password"), [("petugas", "salah"), ("tak-ada", "x"), ("", ""), ("x" * 10_240, "y" * 10_240)]
)
def test_wrong_ones_get_one_sentence_and_keep_the_name(client: FlaskClient, name: str, password: str) -> None:
    answer = client.post("/sign-in", data={"username": name, "password": password})
    assert answer.status_code == 422
    assert "belum cocok" in answer.text
    assert name in answer.text


def test_guessing_an_account_is_throttled_even_with_the_right_password(client: FlaskClient) -> None:
    for _guess in range(sign_in.ACCOUNT_FAILURES_MAX):
        assert post(client, "petugas", "salah") == 422
    answer = client.post("/sign-in", data={"username": "petugas", "password": PASSWORDS["petugas"]})
    assert answer.status_code == 422
    assert "Tunggu 15 menit" in answer.text
    assert post(client, "petugas2", PASSWORDS["petugas2"]) == 303, "others are not locked out"


def test_the_throttle_ends_by_itself(app: Flask, client: FlaskClient) -> None:
    for _guess in range(sign_in.ACCOUNT_FAILURES_MAX):
        post(client, "petugas", "salah")
    earlier = now() - timedelta(minutes=16)
    moved = text("UPDATE sign_in_attempt SET last_at = :at").bindparams(
        db.bindparam("at", type_=sign_in.SignInAttempt.last_at.type)
    )
    reading().execute(moved, {"at": earlier})
    commit()
    assert post(client, "petugas", PASSWORDS["petugas"]) == 303


def test_guessing_from_one_address_is_throttled(app: Flask, client: FlaskClient) -> None:
    reading().execute(
        db.insert(sign_in.SignInAttempt).values(
            key="address:127.0.0.1", failures=sign_in.ADDRESS_FAILURES_MAX, last_at=now()
        )
    )
    commit()
    assert post(client, "petugas", PASSWORDS["petugas"]) == 422


def test_a_new_password_ends_every_other_session(auth: Auth) -> None:
    here, there = auth("petugas"), auth("petugas")
    form = {"current": PASSWORDS["petugas"], "new": "kata-yang-baru", "repeat": "kata-yang-baru"}
    assert here.post("/password", data=form).status_code == 303
    assert here.get("/till").location == "/shifts/new"
    assert there.get("/till").location.startswith("/sign-in")
    assert post(there, "petugas", "kata-yang-baru") == 303


@pytest.mark.parametrize(
    ("who", "new", "told"), [("perajin", "739104", "PIN"), ("petugas", "kata-yang-baru", "Kata sandi")]
)
def test_what_was_changed_is_called_what_it_is(auth: Auth, who: str, new: str, told: str) -> None:
    client = auth(who)
    form = {"current": "salah-sekali", "new": new, "repeat": new}
    assert f"{told} yang sekarang belum cocok." in client.post("/password", data=form).text
    said = client.post("/password", data=form | {"current": PASSWORDS[who]}, follow_redirects=True).text
    assert f"{told} diganti. Semua HP dan laptop lain sudah keluar." in said


@pytest.mark.parametrize(
    ("who", "current", "new", "repeat"),
    [
        ("petugas", "salah", "kata-yang-baru", "kata-yang-baru"),
        ("petugas", None, "pendek", "pendek"),
        ("petugas", None, "kata-yang-baru", "kata-lain-lagi"),
        ("perajin", None, "12345", "12345"),
        ("perajin", None, "111111", "111111"),
        ("perajin", None, "123456", "123456"),
        ("perajin", None, "abcdef", "abcdef"),
        ("perajin", None, "739104", "739105"),
    ],
)
def test_weak_or_mistyped_new_passwords_are_refused(
    auth: Auth, who: str, current: str | None, new: str, repeat: str
) -> None:
    client = auth(who)
    form = {"current": current or PASSWORDS[who], "new": new, "repeat": repeat}
    assert client.post("/password", data=form).status_code == 422
    assert client.get("/password").status_code == 200


def test_a_manager_ends_the_sessions_of_a_lost_phone(app: Flask, auth: Auth) -> None:
    phone = auth("perajin")
    assert phone.get("/my").status_code == 200
    accounts.end_sessions(user("perajin").id, user("pengelola"))
    assert phone.get("/my").location.startswith("/sign-in")


def test_a_closed_account_is_out_at_once(app: Flask, auth: Auth) -> None:
    client, who = auth("petugas2"), user("petugas2")
    form = {"name": "Petugas2", "username": "petugas2", "role": "attendant", "active": "", "request_id": request_id()}
    assert auth("pengelola").post(f"/users/{who.id}", data=form).status_code == 303
    assert client.get("/till").location.startswith("/sign-in")
    assert post(client, "petugas2", PASSWORDS["petugas2"]) == 422


def test_signing_out(auth: Auth) -> None:
    client = auth("petugas")
    client.post("/sign-out")
    assert client.get("/till").location.startswith("/sign-in")


def test_the_language_stays_with_the_user(app: Flask, auth: Auth) -> None:
    client = auth("petugas")
    client.post("/language", data={"language": "en", "next": "/till"})
    assert "Sign out" in auth("petugas").get("/shifts/new").text


def test_guessing_by_name_and_by_phone_counts_together(app: Flask, client: FlaskClient) -> None:
    for number in range(5):
        name = "perajin" if number % 2 else "0812 0000 1001"
        client.post("/sign-in", data={"username": name, "password": f"00000{number}"})
    answer = client.post("/sign-in", data={"username": "perajin", "password": PASSWORDS["perajin"]})
    assert "Terlalu banyak percobaan" in answer.text


@pytest.mark.parametrize("username", ["081277778888", "007bond", "0812abc", "62cucu"])
def test_a_username_may_look_like_a_phone_number(app: Flask, auth: Auth, client: FlaskClient, username: str) -> None:
    form = {"name": "Bon", "username": username, "role": "attendant", "password": "kata-sandi-bon"}
    assert auth("pengelola").post("/users/new", data=form | {"request_id": request_id()}).status_code == 303
    answer = client.post("/sign-in", data={"username": username, "password": "kata-sandi-bon"})
    assert answer.status_code == 303


@pytest.mark.parametrize(
    "elsewhere", ["//evil.example", "/\t/evil.example/x", "/\\evil.example", "/\r/x", "https://evil.example", "/ /x"]
)
def test_nobody_is_led_to_another_site(app: Flask, client: FlaskClient, elsewhere: str) -> None:
    form = {"username": "petugas", "password": PASSWORDS["petugas"], "next": elsewhere}
    assert client.post("/sign-in", data=form).location == "/till"
    assert client.get("/sign-in", query_string={"next": elsewhere}).location == "/till"
    assert client.post("/language", data={"language": "id", "next": elsewhere}).location == "/"


def test_a_secret_given_under_a_used_request_id_is_never_lost_in_silence(app: Flask, auth: Auth) -> None:
    client = auth("pengelola")
    form = {
        "name": "Baru",
        "username": "baru",
        "role": "attendant",
        "password": "kata-sandi-satu",
        "request_id": request_id(),
    }
    assert client.post("/users/new", data=form).status_code == 303
    again = client.post("/users/new", data=form | {"password": "kata-sandi-dua"})
    assert again.status_code == 422
    assert "sudah dipakai untuk hal lain" in again.text
