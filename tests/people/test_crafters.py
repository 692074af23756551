"""Crafters: added and changed by a manager, found by the desk, and let in with their phone number and a PIN."""

from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import text

from showroom_app.extensions import reading, rollback
from showroom_app.lib.refusal import Refusal
from showroom_app.people.crafters import owed
from showroom_app.stock import intake
from tests.builders import crafter_id, line, open_till, receive, request_id, user
from tests.conftest import Auth
from tests.rules import activities


def form(**typed: str) -> dict[str, str]:
    usual = {
        "name": "Yuliati", "workshop": "Yuli Kriya", "phone": "0812 0000 3001", "address": "RW 02",
        "terms_kind": "commission", "commission_percent": "12,5", "bank_name": "Bank Contoh",
        "bank_account": "000 111", "bank_holder": "Yuliati", "username": "", "pin": "739104", "active": "1",
        "may_sign_in": "1",
    }  # fmt: skip
    return usual | {"request_id": request_id()} | typed


def count() -> int:
    rollback()
    return int(reading().execute(text("SELECT count(*) FROM crafter WHERE showroom_id = 1")).scalar_one())


@pytest.fixture
def pengelola(auth: Auth) -> FlaskClient:
    return auth("pengelola")


def test_a_new_crafter_is_listed_and_signs_in_with_phone_and_pin(pengelola: FlaskClient, client: FlaskClient) -> None:
    answer = pengelola.post("/crafters/new", data=form())
    assert (answer.status_code, answer.location) == (303, "/crafters")
    page = pengelola.get("/crafters").text
    for shown in ("Data perajin tersimpan", "Yuliati", "Yuli Kriya", "+6281200003001", "komisi 12,5%", "Rp0"):
        assert shown in page
    signed_in = client.post("/sign-in", data={"username": "0812-0000-3001", "password": "739104"})
    assert signed_in.location == "/my"
    assert "Yuliati" in client.get("/my").text


def test_the_form_shows_what_is_kept_but_never_the_pin(pengelola: FlaskClient) -> None:
    pengelola.post("/crafters/new", data=form(username="yuli"))
    page = pengelola.get(f"/crafters/{crafter_id('Yuliati')}").text
    for shown in ('value="Yuliati"', 'value="000 111"', 'value="12,5"', 'value="yuli"', 'value="RW 02"'):
        assert shown in page
    assert "739104" not in page


def test_new_terms_are_for_later_goods_only(app: Flask, pengelola: FlaskClient) -> None:
    [lamp] = receive(line(price="100.000", commission_percent="15"))
    changed = form(name="Tutik Handayani", phone="0812 0000 1001", commission_percent="40", pin="")
    assert pengelola.post(f"/crafters/{crafter_id('Tutik')}", data=changed).status_code == 303
    till = open_till()
    till.scan(lamp.code)
    till.pay()
    assert owed(crafter_id("Tutik")) == 85_000
    consignment_id = intake.start(crafter_id("Tutik"), user("petugas"), request_id())
    typed = intake.typed_of(intake.own_consignment(reading(), consignment_id, 1))
    assert typed["lines"][0]["commission_percent"] == "40"


WRONG: list[tuple[dict[str, str], str]] = [
    ({"name": ""}, "Nama perlu diisi"), ({"name": " \u200f\t "}, "Nama perlu diisi"),
    ({"name": "x" * 121}, "paling banyak 120 huruf"), ({"workshop": "x" * 121}, "paling banyak 120 huruf"),
    ({"phone": "0812"}, "Nomor ini belum lengkap"), ({"phone": "nanti"}, "Nomor ini belum lengkap"),
    ({"commission_percent": "101"}, "antara 0 dan 100"), ({"commission_percent": "-1"}, "antara 0 dan 100"),
    ({"commission_percent": "1/2"}, "antara 0 dan 100"), ({"commission_percent": ""}, "antara 0 dan 100"),
    ({"terms_kind": "gratis"}, "Pilih komisi atau harga setor"),
    ({"pin": "12345"}, "PIN harus 6 angka"), ({"pin": "١٢٣٤٥٦"}, "PIN harus 6 angka"),
    ({"pin": "123456"}, "terlalu mudah ditebak"), ({"pin": "000000"}, "terlalu mudah ditebak"),
    ({"username": "petugas"}, "sudah dipakai"), ({"username": "tetangga"}, "sudah dipakai"),
    ({"username": "dua kata"}, "tanpa spasi"), ({"username": "yuli", "pin": ""}, "Isi juga PIN"),
    ({"pin": "010190"}, "Ini tanggal"), ({"pin": "120000"}, "Ini bagian dari nomor HP Anda"),
    ({"one_time": "1"}, "Pilih salah satu"),
]  # fmt: skip


@pytest.mark.parametrize(("typed", "sentence"), WRONG)
def test_what_is_wrong_is_said_and_what_was_typed_stays(
    pengelola: FlaskClient, typed: dict[str, str], sentence: str
) -> None:
    before = count()
    answer = pengelola.post("/crafters/new", data=form(address="RW 09", **typed))
    assert answer.status_code == 422
    assert sentence in answer.text
    assert 'value="RW 09"' in answer.text
    assert count() == before


def test_all_that_is_wrong_is_said_at_once(pengelola: FlaskClient) -> None:
    page = pengelola.post("/crafters/new", data=form(name="", phone="1", commission_percent="x")).text
    assert page.count('class="error"') == 3


def test_harga_setor_needs_no_percent(pengelola: FlaskClient) -> None:
    pengelola.post("/crafters/new", data=form(terms_kind="net_price", commission_percent=""))
    assert "harga setor" in pengelola.get("/crafters?q=Yuliati").text


def test_a_new_pin_ends_the_sessions_of_the_old_one(auth: Auth, pengelola: FlaskClient) -> None:
    phone = auth("perajin")
    changed = form(name="Tutik Handayani", phone="0812 0000 1001", username="perajin", pin="739104")
    assert pengelola.post(f"/crafters/{crafter_id('Tutik')}", data=changed).status_code == 303
    assert phone.get("/my").location.startswith("/sign-in")
    assert phone.post("/sign-in", data={"username": "perajin", "password": "739104"}).location == "/my"


def stopped(**typed: str) -> dict[str, str]:
    """Tutik's form as it is kept, but for what is given."""
    return form(name="Tutik Handayani", phone="0812 0000 1001", username="perajin", pin="") | typed


def test_who_stops_bringing_goods_still_sees_what_they_are_owed(auth: Auth, pengelola: FlaskClient) -> None:
    phone, tutik = auth("perajin"), crafter_id("Tutik")
    pengelola.post(f"/crafters/{tutik}", data=stopped(active=""))
    assert "tidak aktif" in pengelola.get("/crafters").text
    assert "Tutik" not in pengelola.get("/consignments/new").text
    assert "Tutik Handayani" in phone.get("/my").text
    rollback()
    with pytest.raises(Refusal, match="tidak aktif"):
        intake.start(tutik, user("petugas"), request_id())


def test_who_may_no_longer_sign_in_is_out_at_once(auth: Auth, client: FlaskClient, pengelola: FlaskClient) -> None:
    phone = auth("perajin")
    pengelola.post(f"/crafters/{crafter_id('Tutik')}", data=stopped(may_sign_in=""))
    assert phone.get("/my").location.startswith("/sign-in")
    for name in ("perajin", "0812 0000 1001"):
        assert client.post("/sign-in", data={"username": name, "password": "246813"}).status_code == 422


@pytest.mark.parametrize(
    ("q", "found"), [("tut", True), ("ANYAMAN", True), ("slamet", False), ("%", False), ("_", False)]
)
def test_they_are_found_by_name_and_workshop(auth: Auth, q: str, found: bool) -> None:
    page = auth("petugas").get("/crafters", query_string={"q": q}).text
    assert ("Tutik Handayani" in page) is found


def test_attendants_see_no_balances_and_change_nothing(auth: Auth) -> None:
    [lamp] = receive(line(price="100.000", commission_percent="15"))
    till = open_till()
    till.scan(lamp.code)
    till.pay()
    attendant, tutik = auth("petugas"), crafter_id("Tutik")
    assert "Rp85.000" in auth("pengelola").get("/crafters").text
    assert "Rp85.000" not in attendant.get("/crafters").text
    for path in ("/crafters/new", f"/crafters/{tutik}"):
        assert [attendant.get(path).status_code, attendant.post(path, data=form()).status_code] == [403, 403]


def test_the_neighbours_crafters_are_not_there(auth: Auth) -> None:
    neighbour, tutik = auth("tetangga"), crafter_id("Tutik")
    assert "Tutik" not in neighbour.get("/crafters").text
    assert neighbour.get(f"/crafters/{tutik}").status_code == 404
    assert neighbour.post(f"/crafters/{tutik}", data=form()).status_code == 404


def test_sent_twice_it_is_one_crafter_and_its_id_serves_nothing_else(pengelola: FlaskClient) -> None:
    before, sent = count(), form()
    answers: list[Any] = [pengelola.post("/crafters/new", data=sent) for _press in range(2)]
    assert [answer.status_code for answer in answers] == [303, 303]
    assert count() == before + 1
    other = pengelola.post("/crafters/new", data=sent | {"name": "Orang Lain"})
    assert "sudah dipakai untuk hal lain" in other.text
    assert count() == before + 1


def test_the_log_tells_of_new_crafters_their_sign_in_and_a_new_pin(pengelola: FlaskClient) -> None:
    pengelola.post("/crafters/new", data=form())
    new = activities("crafter-new")[-1]
    assert '"name": "Yuliati"' in new.after
    account = activities("account")[-1]
    changed = form(pin="482915", may_sign_in="")
    crafter = new.subject.partition(":")[2]
    assert pengelola.post(f"/crafters/{crafter}", data=changed).status_code == 303
    assert [row.subject for row in activities("password")] == [account.subject]
    assert activities("account")[-1].after == '{"active": false}'
    pengelola.post(f"/users/{account.subject.partition(':')[2]}/sessions/end", data={"request_id": request_id()})
    assert [row.subject for row in activities("sessions")] == [account.subject]
    page = pengelola.get("/activity").text
    for shown in ("Perajin baru", "Yuliati", "Dikeluarkan dari semua HP"):
        assert shown in page
    assert "482915" not in page + new.after + account.after


@pytest.mark.parametrize("typed", ["9223372036854775808", "99.999.999.999.999.999.999", "1.000.000.001", "-1"])
def test_an_advance_limit_nobody_means_is_refused(pengelola: FlaskClient, typed: str) -> None:
    answer = pengelola.post("/crafters/new", data=form(advance_rupiah_max=typed))
    assert (answer.status_code, "Isi jumlah dalam rupiah" in answer.text) == (422, True)
