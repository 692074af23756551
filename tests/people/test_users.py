"""Users: made and changed by a manager; nobody loses the last key, and nobody sees another showroom's."""

import pytest
from flask.testing import FlaskClient
from sqlalchemy import text

from showroom_app.extensions import reading, rollback
from tests.builders import PASSWORDS, request_id, user
from tests.conftest import Auth


def form(**typed: str) -> dict[str, str]:
    usual = {"name": "Dewi Wulandari", "username": "dewi", "role": "attendant", "password": "kata-dewi", "active": "1"}
    return usual | {"request_id": request_id()} | typed


def count() -> int:
    rollback()
    return int(reading().execute(text('SELECT count(*) FROM "user"')).scalar_one())


@pytest.fixture
def pengelola(auth: Auth) -> FlaskClient:
    return auth("pengelola")


def test_a_new_user_is_listed_and_signs_in(pengelola: FlaskClient, client: FlaskClient) -> None:
    answer = pengelola.post("/users/new", data=form())
    assert (answer.status_code, answer.location) == (303, "/users")
    page = pengelola.get("/users").text
    for shown in ("Akun tersimpan", "Dewi Wulandari", "dewi", "Petugas", "belum pernah"):
        assert shown in page
    assert client.post("/sign-in", data={"username": "Dewi ", "password": "kata-dewi"}).location == "/till"
    assert "belum pernah" not in row_of("Dewi Wulandari", pengelola.get("/users").text)


def row_of(name: str, page: str) -> str:
    return next(row for row in page.split("<tr>") if name in row)


def test_each_role_begins_where_its_work_is(pengelola: FlaskClient, client: FlaskClient) -> None:
    for role, first_page in [("attendant", "/till"), ("observer", "/reports"), ("manager", "/reports")]:
        pengelola.post("/users/new", data=form(username=f"dewi-{role}", role=role))
        signed_in = client.post("/sign-in", data={"username": f"dewi-{role}", "password": "kata-dewi"})
        assert signed_in.location == first_page


WRONG = [
    ({"name": ""}, "Nama perlu diisi"), ({"name": "x" * 121}, "paling banyak 120 huruf"),
    ({"username": ""}, "3 sampai 40 huruf kecil"), ({"username": "ab"}, "3 sampai 40 huruf kecil"),
    ({"username": "dua kata"}, "3 sampai 40 huruf kecil"), ({"username": "de🪑wi"}, "3 sampai 40 huruf kecil"),
    ({"username": "x" * 41}, "3 sampai 40 huruf kecil"), ({"username": "PETUGAS"}, "sudah dipakai"),
    ({"username": "tetangga"}, "sudah dipakai"), ({"role": ""}, "Pilih peran"), ({"role": "crafter"}, "Pilih peran"),
    ({"role": "visitor"}, "Pilih peran"), ({"password": "pendek"}, "paling sedikit 8"),
    ({"password": ""}, "paling sedikit 8"), ({"password": "x" * 201}, "terlalu panjang"),
]  # fmt: skip


@pytest.mark.parametrize(("typed", "sentence"), WRONG)
def test_what_is_wrong_is_said_and_what_was_typed_stays(
    pengelola: FlaskClient, typed: dict[str, str], sentence: str
) -> None:
    before, sent = count(), form(**typed)
    answer = pengelola.post("/users/new", data=sent)
    assert answer.status_code == 422
    assert sentence in answer.text
    assert f'value="{sent["username"]}"' in answer.text
    assert not sent["password"] or sent["password"] not in answer.text
    assert count() == before


def test_a_new_password_signs_out_everywhere_and_an_empty_one_does_not(auth: Auth, pengelola: FlaskClient) -> None:
    desk, who = auth("petugas"), user("petugas")
    kept = form(name="Petugas Baru", username="petugas", password="")
    assert pengelola.post(f"/users/{who.id}", data=kept).status_code == 303
    assert desk.get("/till").location == "/shifts/new"
    pengelola.post(f"/users/{who.id}", data=form(name="Petugas", username="petugas", password="kata-yang-baru"))
    assert desk.get("/till").location.startswith("/sign-in")
    assert desk.post("/sign-in", data={"username": "petugas", "password": PASSWORDS["petugas"]}).status_code == 422
    assert desk.post("/sign-in", data={"username": "petugas", "password": "kata-yang-baru"}).status_code == 303


def test_another_role_counts_at_once(auth: Auth, pengelola: FlaskClient) -> None:
    desk, who = auth("petugas"), user("petugas")
    pengelola.post(f"/users/{who.id}", data=form(name="Petugas", username="petugas", role="observer", password=""))
    assert desk.get("/till").status_code == 403
    assert desk.get("/reports").status_code == 200


@pytest.mark.parametrize("typed", [{"role": "attendant"}, {"role": "observer"}, {"active": ""}])
def test_a_manager_keeps_their_own_key(pengelola: FlaskClient, typed: dict[str, str]) -> None:
    myself = form(name="Ratna", username="pengelola", role="manager", password="")
    answer = pengelola.post(f"/users/{user('pengelola').id}", data=myself | typed)
    assert answer.status_code == 422
    assert "Minta pengelola lain" in answer.text
    assert pengelola.get("/users").status_code == 200


def test_only_managers_may(auth: Auth) -> None:
    who = user("petugas2").id
    for name in ("petugas", "pengamat", "perajin"):
        client = auth(name)
        assert client.get("/users").status_code == 403
        for path in ("/users/new", f"/users/{who}", f"/users/{who}/sessions/end"):
            assert client.post(path, data=form()).status_code == 403


def test_the_neighbours_users_are_not_there(auth: Auth) -> None:
    neighbour, who = auth("tetangga"), user("petugas").id
    assert "Petugas2" not in neighbour.get("/users").text
    for path in (f"/users/{who}", f"/users/{who}/sessions/end"):
        assert neighbour.post(path, data=form()).status_code == 404
    assert neighbour.get(f"/users/{who}").status_code == 404


def test_a_crafters_sign_in_is_changed_on_the_crafters_page(pengelola: FlaskClient) -> None:
    who = user("perajin").id
    assert f'/users/{who}"' not in pengelola.get("/users").text
    assert pengelola.post(f"/users/{who}", data=form()).status_code == 404


def test_sent_twice_it_is_one_user(pengelola: FlaskClient) -> None:
    before, sent = count(), form()
    assert [pengelola.post("/users/new", data=sent).status_code for _press in range(2)] == [303, 303]
    assert count() == before + 1
