"""A phone that scans for a till: the QR on the till's screen, three phones at once, and what a stranger gets."""

import threading
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from showroom_app import network
from showroom_app.extensions import reading, release, rollback
from showroom_app.sales import basket, parking, scanner, shift
from tests.builders import Till, current_basket, line, open_till, receive, request_id, user
from tests.conftest import Auth

HTMX = {"HX-Request": "true"}


@pytest.fixture
def till(app: Flask) -> Till:
    return open_till()


@pytest.fixture
def ticket(till: Till) -> str:
    return scanner.ticket(till.shift_id)


def scan(client: FlaskClient, ticket: str, code: str, **more: str) -> Any:
    data = {"code": code, "request_id": request_id()} | more
    return client.post(f"/scanner/{ticket}/scans", data=data, headers=HTMX)


def in_basket(till: Till) -> dict[str, int]:
    rollback()
    return {row.code: row.quantity for row in basket.view_lines(reading(), till.basket_id)}


def test_the_till_shows_the_way_in_as_a_qr(auth: Auth, till: Till, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(network, "lan_address", lambda: "192.168.1.7")
    client = auth("petugas")
    page = client.get("/till/scanner", headers=HTMX, base_url="http://localhost:8080")
    address = f"http://192.168.1.7:8080/scanner/{scanner.ticket(till.shift_id)}"
    assert "<svg" in page.text
    assert address in page.text
    monkeypatch.setenv("SHOWROOM_HTTP_PORT", "8081")  # asked by https, the phone comes in by the plain door
    there = client.get("/till/scanner", headers=HTMX, base_url="https://localhost:8443")
    assert address.replace("8080", "8081") in there.text
    monkeypatch.setattr(network, "lan_address", lambda: "")
    assert "HP belum bisa masuk" in client.get("/till/scanner").text
    monkeypatch.setattr(network, "lan_address", lambda: "192.168.1.7")
    monkeypatch.setenv("SHOWROOM_HOST", "127.0.0.1")
    assert "HP belum bisa masuk" in client.get("/till/scanner").text


def test_who_opens_no_shift_is_led_to_one(auth: Auth) -> None:
    assert auth("petugas2").get("/till/scanner").location == "/shifts/new"


def test_another_attendants_phone_puts_goods_into_the_tills_basket(auth: Auth, till: Till, ticket: str) -> None:
    lamp, other = receive(line(quantity="2"))
    phone = auth("petugas2")
    assert "Pindai untuk Meja 1" in phone.get(f"/scanner/{ticket}").text
    answer = scan(phone, ticket, lamp.code)
    assert answer.status_code == 200
    assert "data-scanned>Lampu gantung" in answer.text
    scan(phone, ticket, f"HTTPS://GALERI.EXAMPLE/Q/{other.code}")
    assert in_basket(till) == {lamp.code: 1, other.code: 1}
    assert till.pay()


def test_a_scan_sent_twice_is_one(auth: Auth, till: Till, ticket: str) -> None:
    [rings] = receive(line("Gelang", "20.000", quantity="9", per_piece="lot"))
    phone, once = auth("petugas2"), request_id()
    scan(phone, ticket, rings.code, request_id=once)
    scan(phone, ticket, rings.code, request_id=once)
    assert in_basket(till) == {rings.code: 1}
    scan(phone, ticket, rings.code)
    assert in_basket(till) == {rings.code: 2}
    answer = scan(phone, ticket, "", undo=str(rings.id))
    assert "Dikeluarkan dari keranjang" in answer.text
    assert in_basket(till) == {rings.code: 1}


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [("ABC", "salah ketik"), ("7K3QXM2F", "tidak dikenal"), ("", "Pindai label"), ("x" * 5000, "Tidak ada barang")],
)  # fmt: skip
def test_what_fits_nothing_gets_its_sentence(auth: Auth, till: Till, ticket: str, typed: str, sentence: str) -> None:
    answer = scan(auth("petugas2"), ticket, typed)
    assert answer.status_code == 422
    assert sentence in answer.text or "Kode" in answer.text
    assert in_basket(till) == {}


@pytest.mark.parametrize("undo", ["x", "0", "-1", "99999", "9" * 40])
def test_nothing_is_taken_out_that_is_not_in(auth: Auth, till: Till, ticket: str, undo: str) -> None:
    [lamp] = receive(line())
    till.scan(lamp.code)
    assert scan(auth("petugas2"), ticket, "", undo=undo).status_code in (404, 422)
    assert in_basket(till) == {lamp.code: 1}


def test_both_hear_of_a_change_and_of_nothing_else(auth: Auth, till: Till, ticket: str) -> None:
    [lamp] = receive(line())
    desk, phone = auth("petugas"), auth("petugas2")
    mark = f"{till.basket_id}-{till.version}"
    asked = f"/baskets/{till.basket_id}/changes?version={till.version}"
    assert desk.get(asked, headers=HTMX).status_code == 204
    assert phone.get(f"/scanner/{ticket}/changes?seen={mark}", headers=HTMX).status_code == 204
    scan(phone, ticket, lamp.code)
    seen = desk.get(asked, headers=HTMX)
    assert seen.status_code == 200
    assert f'id="line-{lamp.id}" class="fresh"' in seen.text
    told = phone.get(f"/scanner/{ticket}/changes?seen={mark}", headers=HTMX)
    assert "Rp275.000" in told.text
    rollback()
    till.pay()
    assert desk.get(asked, headers=HTMX).headers["HX-Redirect"].startswith("/sales/")
    after = phone.get(f"/scanner/{ticket}/changes?seen={mark}", headers=HTMX)
    assert "Menunggu pembeli berikutnya" in after.text


def test_a_scan_between_two_buyers_begins_the_next_basket(auth: Auth, app: Flask, till: Till, ticket: str) -> None:
    lamp, other = receive(line(quantity="2"))
    till.scan(lamp.code)
    till.pay()
    assert scan(auth("petugas2"), ticket, other.code).status_code == 200
    assert in_basket(till) == {other.code: 1}


def test_a_forged_ticket_and_a_neighbours_are_not_there(auth: Auth, till: Till, ticket: str) -> None:
    [lamp] = receive(line())
    phone = auth("petugas2")
    for wrong in (str(till.shift_id), f"{till.shift_id}.x", ticket[:-1], "9" * 200, f"{till.shift_id + 1}{ticket[1:]}"):
        assert phone.get(f"/scanner/{wrong}").status_code == 404
        assert scan(phone, wrong, lamp.code).status_code == 404
    for path in ("", "/changes"):
        assert auth("tetangga").get(f"/scanner/{ticket}{path}").status_code == 404
    assert scan(auth("tetangga"), ticket, lamp.code).status_code == 404
    assert in_basket(till) == {}


def test_a_till_whose_shift_was_closed_elsewhere_is_led_on(auth: Auth, till: Till) -> None:
    shift.close_shift(till.shift_id, {100_000: 1}, till.who, request_id())
    answer = auth("petugas").get(f"/baskets/{till.basket_id}/changes?version=0", headers=HTMX)
    assert (answer.status_code, answer.headers["HX-Redirect"]) == (204, "/till")


def test_after_the_shift_the_ticket_is_worth_nothing(auth: Auth, till: Till, ticket: str) -> None:
    [lamp] = receive(line())
    shift.close_shift(till.shift_id, {100_000: 1}, till.who, request_id())
    phone = auth("petugas2")
    page = phone.get(f"/scanner/{ticket}")
    assert page.status_code == 410
    assert "Sif itu sudah ditutup" in page.text
    assert scan(phone, ticket, lamp.code).headers["HX-Redirect"] == f"/scanner/{ticket}"
    open_till()
    assert phone.get(f"/scanner/{ticket}").status_code == 410


def test_three_phones_at_once_lose_nothing(app: Flask, till: Till, ticket: str) -> None:
    goods = receive(line(quantity="30"))
    refused: list[str] = []

    def phone(codes: list[str]) -> None:
        with app.app_context():
            for code in codes:
                try:
                    scanner.put_in(scanner.shift_behind(ticket, user("petugas2")), code, request_id())
                except Exception as error:
                    refused.append(repr(error))
            release()

    codes = [one.code for one in goods]
    release()
    phones = [threading.Thread(target=phone, args=(codes[n::3],)) for n in range(3)]
    for one in phones:
        one.start()
    for one in phones:
        one.join()
    assert refused == []
    assert in_basket(till) == dict.fromkeys(codes, 1)


def test_a_scan_held_back_by_the_line_is_not_the_next_buyers(auth: Auth, till: Till, ticket: str) -> None:
    lamp, late, other = receive(line(quantity="3"))
    phone, seen = auth("petugas2"), str(till.basket_id)
    assert f'form="scan" name="basket" value="{seen}"' in phone.get(f"/scanner/{ticket}").text
    scan(phone, ticket, lamp.code, basket=seen)
    rollback()
    till.pay()
    answer = scan(phone, ticket, late.code, basket=seen, resent="1")
    assert answer.status_code == 422
    assert "sambungan putus" in answer.text
    assert scan(phone, ticket, late.code, resent="1").status_code == 422, "nor one of between two buyers"
    assert in_basket(till) == {}
    assert scan(phone, ticket, other.code, basket=seen).status_code == 200, "scanned just now it is this buyer's"
    assert in_basket(till) == {other.code: 1}


def test_what_is_sent_again_and_had_gone_in_is_told_as_done(auth: Auth, till: Till, ticket: str) -> None:
    [lamp] = receive(line())
    phone, once, seen = auth("petugas2"), request_id(), str(till.basket_id)
    for more in ({}, {"resent": "1"}):
        assert scan(phone, ticket, lamp.code, basket=seen, request_id=once, **more).status_code == 200
    assert in_basket(till) == {lamp.code: 1}


@pytest.mark.parametrize("known", [True, False])
def test_so_is_what_had_gone_into_the_next_buyers_basket(auth: Auth, till: Till, ticket: str, known: bool) -> None:
    lamp, other = receive(line(quantity="2"))
    phone, once = auth("petugas2"), request_id()
    seen = {"basket": str(till.basket_id)} if known else {}
    till.scan(other.code)
    till.pay()
    assert scan(phone, ticket, lamp.code, request_id=once, **seen).status_code == 200
    till.basket_id = current_basket(till.who)
    assert in_basket(till) == {lamp.code: 1}
    assert scan(phone, ticket, lamp.code, request_id=once, resent="1", **seen).status_code == 200
    assert in_basket(till) == {lamp.code: 1}
    rollback()
    till.pay()
    assert scan(phone, ticket, lamp.code, request_id=once, resent="1", **seen).status_code == 200, (
        "nor is it sold twice"
    )
    till.basket_id = current_basket(till.who)
    assert in_basket(till) == {}


def test_taken_back_is_one_piece_of_what_is_there_now(auth: Auth, till: Till, ticket: str) -> None:
    [rings] = receive(line("Gelang", "20.000", quantity="9", per_piece="lot"))
    till.scan(rings.code, rings.code, rings.code)
    phone, once, seen = auth("petugas2"), request_id(), str(till.basket_id)
    scan(phone, ticket, "", undo=str(rings.id), basket=seen, request_id=once)
    till.scan(rings.code)
    assert scan(phone, ticket, "", undo=str(rings.id), basket=seen, request_id=once).status_code == 200
    assert in_basket(till) == {rings.code: 3}
    rollback()
    till.pay()
    answer = scan(phone, ticket, "", undo=str(rings.id), basket=seen)
    assert (answer.status_code, "sudah selesai" in answer.text) == (422, True)
    till.scan(rings.code)
    waiting = till.basket_id
    parking.park(waiting, "Bu Sri", till.who, request_id())
    answer = scan(phone, ticket, "", undo=str(rings.id), basket=str(waiting))
    assert (answer.status_code, "itu diparkir" in answer.text) == (422, True)


def test_a_number_of_an_old_screen_changes_nothing(auth: Auth, till: Till) -> None:
    [rings] = receive(line("Gelang", "20.000", quantity="9", per_piece="lot"))
    till.scan(rings.code, rings.code, rings.code)
    desk, path = auth("petugas"), f"/baskets/{till.basket_id}/lines/{rings.id}"
    for quantity in ("1", "0"):
        data = {"quantity": quantity, "was": "2", "request_id": request_id()}
        answer = desk.post(path, data=data, headers=HTMX)
        assert (answer.status_code, "sekarang 3 buah, lain dari yang tadi" in answer.text) == (422, True)
    data = {"version": str(till.version - 1), "request_id": request_id()}
    answer = desk.post(f"/baskets/{till.basket_id}/empty", data=data, headers=HTMX)
    assert (answer.status_code, "berubah sejak layar ini" in answer.text) == (422, True)
    assert in_basket(till) == {rings.code: 3}
    answer = desk.post(path, data={"quantity": "3", "was": "2", "request_id": request_id()}, headers=HTMX)
    assert answer.status_code == 200, "it is what was wanted"
    desk.post(path, data={"quantity": "2", "was": "3", "request_id": request_id()}, headers=HTMX)
    assert in_basket(till) == {rings.code: 2}
    rollback()
    data = {"version": str(till.version), "request_id": request_id()}
    assert desk.post(f"/baskets/{till.basket_id}/empty", data=data, headers=HTMX).status_code == 200
    assert in_basket(till) == {}
