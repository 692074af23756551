"""/q/<code>: one address, an answer for each role; GET never writes."""

import pytest
from flask import Flask
from flask.testing import FlaskClient

from showroom_app.people import consent
from showroom_app.sales import checkout
from showroom_app.sales.checkout import Tendered
from tests.builders import crafter_id, line, open_till, receive, request_id, user
from tests.conftest import Auth


def test_a_visitor_sees_piece_maker_and_price_and_no_more(client: FlaskClient) -> None:
    [rings] = receive(line("Gantungan", "12.000", "193", per_piece="lot"))
    consent.give(crafter_id("Tutik"), ["name"], user("pengelola"), request_id())
    page = client.get(f"/q/{rings.code}").text
    for shown in ("Gantungan", "Rp12.000", "Tutik Handayani", "Masih ada di galeri", "wa.me/6281200000001"):
        assert shown in page
    for hidden in ("15%", "Rp10.200", " 193", ">193", "keranjang", "Riwayat"):
        assert hidden not in page, hidden


def test_an_attendant_can_add_it_to_the_basket(app: Flask, auth: Auth) -> None:
    [lamp] = receive()
    client = auth("petugas")
    assert "Buka sif dulu" in client.get(f"/q/{lamp.code}").text
    open_till()
    assert "Masukkan ke keranjang" in client.get(f"/q/{lamp.code}").text


def test_the_owner_sees_its_state_and_share_and_others_do_not(auth: Auth) -> None:
    mine, other = receive(line("Lampu"))[0], receive(line("Kursi"), crafter="Slamet")[0]
    page = auth("perajin").get(f"/q/{mine.code}").text
    assert "Anda terima" in page
    assert "Diterima dari perajin" in page
    assert "Anda terima" not in auth("perajin").get(f"/q/{other.code}").text


def test_a_manager_sees_its_history(auth: Auth) -> None:
    [lamp] = receive()
    till = open_till()
    till.scan(lamp.code)
    till.pay()
    page = auth("pengelola").get(f"/q/{lamp.code}").text
    for shown in ("Terjual", "Diterima dari perajin", "Petugas", "/sales/1"):
        assert shown in page


def test_staff_next_door_are_visitors_here(auth: Auth) -> None:
    [lamp] = receive()
    page = auth("tetangga").get(f"/q/{lamp.code}").text
    assert "Perajin terima" not in page
    assert "Riwayat" not in page


@pytest.mark.parametrize("path", ["/q/{}", "/Q/{}", "/q/{}/"])
def test_upper_and_lower_case_paths_answer(client: FlaskClient, path: str) -> None:
    [lamp] = receive()
    for code in (lamp.code, lamp.code.lower()):
        assert client.get(path.format(code), follow_redirects=True).status_code == 200


@pytest.mark.parametrize("code", ["7K3QXM2F", "salah", "x" * 2_000, "%00", "<b>"])
def test_unknown_codes_get_a_friendly_page(client: FlaskClient, code: str) -> None:
    answer = client.get(f"/q/{code}")
    assert answer.status_code == 404
    assert "tidak ketemu" in answer.text
    assert "<b>" + "</b>" not in answer.text


def test_a_typed_code_is_found(client: FlaskClient) -> None:
    [lamp] = receive()
    assert client.get(f"/q?code={lamp.code.lower()}", follow_redirects=True).status_code == 200
    assert client.get("/q?code=").status_code == 302


def test_a_visitor_sees_the_showroom_that_has_the_piece(app: Flask, client: FlaskClient) -> None:
    [lamp] = receive(crafter="Wagiman", by="petugas-tetangga")
    page = client.get(f"/q/{lamp.code}").text
    assert "Galeri Tetangga" in page
    assert "Galeri Uji" not in page


def test_a_piece_is_added_from_its_page_right_after_a_sale(app: Flask, auth: Auth) -> None:
    first, second = receive(line(quantity="2"))
    till = open_till()
    till.scan(first.code)
    client = auth("petugas")
    basket_id, total = till.basket_id, till.total
    checkout.complete(basket_id, [Tendered("cash", total)], till.who, request_id(), version=till.version, total=total)
    page = client.get(f"/q/{second.code}").text
    assert 'action="/till/lines"' in page
    assert client.post("/till/lines", data={"code": second.code, "request_id": request_id()}).location == "/till"
    assert second.code in client.get("/till").text
    assert auth("pengelola").post("/till/lines", data={"code": "x"}).location == "/shifts/new"
