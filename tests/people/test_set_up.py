"""First-run set-up: a link that works once makes the showroom and its manager; before that, nobody can."""

import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from flask_migrate import upgrade
from sqlalchemy import text

from showroom_app import create_app
from showroom_app.cli import check_books
from showroom_app.extensions import db, reading, release, rollback
from tests.engines import SETTINGS, Browser, new_database

FORM = {
    "showroom_name": "Galeri Rotan", "place": "Balearjosari", "phone": "0812 0000 0001", "office_desk": "Kantor",
    "till_desk": "Meja depan", "name": "Ratna", "username": "ratna", "password": "kata-ratna", "repeat": "kata-ratna",
}  # fmt: skip


@pytest.fixture(params=["sqlite", "postgresql"])
def empty(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Flask]:
    """An application as it is installed: no showroom, nobody."""
    more = {"SQLALCHEMY_DATABASE_URI": new_database("fresh")} if request.param == "postgresql" else {}
    app = create_app({"INSTANCE": tmp_path, **SETTINGS, **more})
    app.test_client_class = Browser
    with app.app_context():
        upgrade()
        yield app
        assert check_books(print)
        release()
        db.engine.dispose()


@pytest.fixture
def link(empty: Flask) -> str:
    return new_link(empty)


def new_link(app: Flask) -> str:
    """What the start command asks for."""
    told = app.test_cli_runner().invoke(args=["set-up-link"])
    assert told.exit_code == 0, told.output
    return told.output.strip()


def showrooms() -> list[str]:
    rollback()
    return list(reading().execute(text("SELECT name FROM showroom")).scalars())


@pytest.fixture
def visitor(empty: Flask) -> FlaskClient:
    return empty.test_client()


def test_the_link_makes_the_shop_and_signs_its_manager_in(visitor: FlaskClient, link: str) -> None:
    assert 'value="Kantor"' in visitor.get(link).text
    answer = visitor.post(link, data=FORM)
    assert (answer.status_code, answer.location) == (303, "/crafters")
    assert "Galeri siap. Tambahkan perajin pertama." in visitor.get("/crafters").text
    assert "Meja depan" in visitor.get("/shifts/new").text
    assert "K1" in visitor.get("/settings").text
    visitor.post("/sign-out")
    assert visitor.post("/sign-in", data={"username": "ratna", "password": "kata-ratna"}).status_code == 303
    assert showrooms() == ["Galeri Rotan"]


def test_it_works_once(empty: Flask, visitor: FlaskClient, link: str) -> None:
    visitor.post(link, data=FORM)
    other = empty.test_client()
    assert other.get(link).status_code == 404
    assert other.post(link, data=FORM | {"username": "penyusup"}).status_code == 404
    assert new_link(empty) == "", "a shop that is set up gives no more links"
    assert showrooms() == ["Galeri Rotan"]


@pytest.mark.parametrize("token", ["salah", "x" * 5_000, "%00", "..", "' OR 1=1 --"])
def test_a_wrong_link_is_not_there(visitor: FlaskClient, link: str, token: str) -> None:
    assert visitor.get(f"/set-up/{token}").status_code == 404
    assert visitor.post(f"/set-up/{token}", data=FORM).status_code == 404
    assert showrooms() == []


def test_a_newer_link_takes_the_older_ones_place(empty: Flask, visitor: FlaskClient, link: str) -> None:
    newer = new_link(empty)
    assert visitor.get(link).status_code == 404
    assert visitor.post(newer, data=FORM).status_code == 303


WRONG = [
    ({"showroom_name": ""}, "Nama perlu diisi"), ({"showroom_name": "x" * 121}, "paling banyak 120 huruf"),
    ({"phone": "0812"}, "Nomor ini belum lengkap"), ({"name": " "}, "Nama perlu diisi"),
    ({"till_desk": "x" * 121}, "paling banyak 120 huruf"), ({"username": "Bu Ratna"}, "3 sampai 40 huruf kecil"),
    ({"password": "pendek", "repeat": "pendek"}, "paling sedikit 8"), ({"repeat": "kata-lain"}, "tidak sama"),
]  # fmt: skip


@pytest.mark.parametrize(("typed", "sentence"), WRONG)
def test_what_is_wrong_is_said_with_the_form_as_typed_and_the_link_still_works(
    visitor: FlaskClient, link: str, typed: dict[str, str], sentence: str
) -> None:
    answer = visitor.post(link, data=FORM | {"place": "Malang Kota"} | typed)
    assert answer.status_code == 422
    assert sentence in answer.text
    assert 'value="Malang Kota"' in answer.text
    assert FORM["password"] not in answer.text
    assert showrooms() == []
    assert visitor.post(link, data=FORM).status_code == 303


def test_pressed_by_two_at_once_it_makes_one_shop(empty: Flask, link: str) -> None:
    start = threading.Barrier(2)
    answers: list[Any] = []

    def press(username: str) -> None:
        browser = empty.test_client()
        start.wait()
        answers.append(browser.post(link, data=FORM | {"username": username}).status_code)

    threads = [threading.Thread(target=press, args=(name,)) for name in ("ratna", "rahma")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(answers) == [303, 404]
    assert showrooms() == ["Galeri Rotan"]


def test_before_it_the_door_is_shut_but_stands(visitor: FlaskClient, link: str) -> None:
    assert visitor.get("/", follow_redirects=True).status_code == 200
    assert visitor.post("/sign-in", data={"username": "ratna", "password": "kata-ratna"}).status_code == 422
    assert visitor.get("/q/7K3QXM2F").status_code == 404
    assert visitor.get("/healthz").status_code == 200
