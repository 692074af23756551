"""The basket: each code answered by its own sentence; it survives, and is changed once per request."""

import pytest
from flask import Flask

from showroom_app.extensions import reading
from showroom_app.lib.money import in_notes
from showroom_app.lib.refusal import NotHere, Refusal
from showroom_app.sales import basket, parking, shift
from showroom_app.sales.pricing import view_lines
from showroom_app.stock.hand_back import Pieces, hand_back
from tests.builders import current_basket, line, open_till, receive, request_id, user
from tests.conftest import Auth


def lines(basket_id: int) -> list[tuple[str, int]]:
    return [(row.name, row.quantity) for row in view_lines(reading(), basket_id)]


def test_a_scan_by_code_address_and_name(app: Flask) -> None:
    lamp, chair, tray = receive(line("Lampu"), line("Kursi"), line("Nampan"))
    till = open_till()
    till.scan(lamp.code, f"HTTPS://GALERI.CONTOH.ID/Q/{chair.code}", "namp")
    assert sorted(lines(till.basket_id)) == [("Kursi", 1), ("Lampu", 1), ("Nampan", 1)]
    assert tray.quantity == 1


def test_a_name_that_fits_several_kinds_offers_them(app: Flask) -> None:
    receive(line("Lampu meja"), line("Lampu gantung", quantity="3"))
    till = open_till()
    added = basket.add(till.basket_id, "lampu", till.who, request_id())
    assert added.item_id is None
    assert [row.name for row in added.found] == ["Lampu meja", "Lampu gantung"], "alike pieces once"
    assert lines(till.basket_id) == []


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("7K3QXM2F", "Kode 7K3QXM2F tidak dikenal"),
        ("7K3QXM2G", "salah ketik"),
        ("https://galeri.contoh.id/q/7K3", "salah ketik"),
        ("kapal terbang", "Tidak ada barang di rak bernama “kapal terbang”"),
        ("   ", "Pindai label"),
        ("x" * 10_240, "Tidak ada barang"),
    ],
)
def test_what_is_not_known_is_said(app: Flask, typed: str, sentence: str) -> None:
    till = open_till()
    with pytest.raises(Refusal, match=sentence):
        basket.add(till.basket_id, typed, till.who, request_id())


def test_sold_handed_back_foreign_and_doubled_codes(app: Flask) -> None:
    sold, back, twice = receive(line("Lampu"), line("Kursi"), line("Nampan"))
    [rings] = receive(line("Gantungan", "12.000", "2", per_piece="lot"))
    [foreign] = receive(line("Rak"), crafter="Wagiman", by="petugas-tetangga")
    till = open_till()
    till.scan(sold.code)
    till.pay()
    hand_back([Pieces(back.id, 1)], user("petugas"), request_id())
    till.scan(twice.code, rings.code, rings.code)
    for code, sentence in [
        (sold.code, "Lampu sudah terjual di Meja 1, pukul"),
        (back.code, "Kursi sudah dikembalikan ke perajin"),
        (foreign.code, "milik galeri lain"),
        (twice.code, "Nampan sudah ada di keranjang"),
        (rings.code, "tinggal 2 buah, semua sudah di keranjang"),
    ]:
        with pytest.raises(Refusal, match=sentence):
            basket.add(till.basket_id, code, till.who, request_id())


def test_a_scan_sent_twice_counts_once(app: Flask) -> None:
    [rings] = receive(line("Gantungan", "12.000", "200", per_piece="lot"))
    till = open_till()
    key = request_id()
    for _again in range(2):
        basket.add(till.basket_id, rings.code, till.who, key)
    assert lines(till.basket_id) == [("Gantungan", 1)]


def test_quantities_stay_between_nothing_and_what_is_there(app: Flask) -> None:
    [rings] = receive(line("Gantungan", "12.000", "5", per_piece="lot"))
    till = open_till()
    till.scan(rings.code)
    basket.change(till.basket_id, rings.id, 5, till.who, request_id())
    for wrong in (6, 10**9, -1):
        with pytest.raises(Refusal):
            basket.change(till.basket_id, rings.id, wrong, till.who, request_id())
    assert lines(till.basket_id) == [("Gantungan", 5)]
    basket.change(till.basket_id, rings.id, 0, till.who, request_id())
    assert lines(till.basket_id) == []
    with pytest.raises(Refusal, match="sudah tidak ada di keranjang"):
        basket.change(till.basket_id, rings.id, 1, till.who, request_id())


def test_a_basket_is_parked_and_taken_up_again(app: Flask) -> None:
    lamp, chair = receive(line("Lampu"), line("Kursi"))
    till = open_till()
    till.scan(lamp.code)
    parking.park(till.basket_id, "Bu Rina", till.who, request_id())
    second = current_basket(till.who)
    basket.add(second, chair.code, till.who, request_id())
    desk = shift.shift_of(till.who.id)
    assert desk is not None
    assert [(p.label, p.pieces) for p in parking.parked(reading(), desk.desk_id)] == [("Bu Rina", 1)]
    parking.resume(till.basket_id, till.who, request_id())
    assert current_basket(till.who) == till.basket_id
    assert [p.id for p in parking.parked(reading(), desk.desk_id)] == [second], "what was on the screen is kept"


def test_an_empty_basket_is_not_parked(app: Flask) -> None:
    till = open_till()
    with pytest.raises(Refusal, match="kosong"):
        parking.park(till.basket_id, "", till.who, request_id())


def test_it_survives_the_shift(app: Flask) -> None:
    [lamp] = receive()
    till = open_till()
    till.scan(lamp.code)
    shift.close_shift(till.shift_id, in_notes(100_000), till.who, request_id())
    again = open_till()
    assert again.basket_id == till.basket_id
    assert lines(again.basket_id) == [("Lampu gantung", 1)]


def test_others_keep_their_hands_off(app: Flask) -> None:
    till = open_till()
    with pytest.raises(Refusal, match="di meja lain"):
        basket.add(till.basket_id, "x", user("petugas2"), request_id())
    with pytest.raises(NotHere):
        basket.add(till.basket_id, "x", user("petugas-tetangga"), request_id())


def test_of_many_alike_pieces_a_name_still_asks_which_kind(app: Flask) -> None:
    receive(line(name="Gelang rotan", quantity="250"))
    receive(line(name="Gelang rotan halus"), crafter="Slamet")
    till = open_till()
    added = basket.add(till.basket_id, "gelang", till.who, request_id())
    assert added.item_id is None
    assert [row.name for row in added.found] == ["Gelang rotan", "Gelang rotan halus"]


def test_a_second_alike_piece_is_added_by_its_name_too(app: Flask) -> None:
    chairs = receive(line(name="Kursi makan", quantity="2"))
    till = open_till()
    till.scan("kursi makan", "kursi makan")
    lines = view_lines(reading(), till.basket_id)
    assert {row.item_id for row in lines} == {chair.id for chair in chairs}
    with pytest.raises(Refusal, match="Tidak ada barang di rak"):
        till.scan("kursi makan")


def test_a_screen_left_on_a_dropped_or_parked_basket_goes_on_to_the_one_of_now(app: Flask, auth: Auth) -> None:
    first, second = receive(line(quantity="2"))
    till = open_till()
    till.scan(first.code)
    client = auth("petugas")
    parked = till.basket_id
    parking.park(parked, "Bu Rina", till.who, request_id())
    left = basket.current(shift.shift_of(till.who.id))
    parking.resume(parked, till.who, request_id())
    answer = client.post(f"/baskets/{left}/lines", data={"code": second.code, "request_id": request_id()})
    assert answer.location == "/till"
    page = client.get("/till").text
    assert "sudah diparkir di layar lain" in page
    assert first.code in page


def test_a_paid_basket_leads_to_its_receipt(app: Flask, auth: Auth) -> None:
    [lamp] = receive()
    till = open_till()
    till.scan(lamp.code)
    paid = till.basket_id
    sale_id = till.pay()
    assert auth("petugas").get(f"/baskets/{paid}").location == f"/sales/{sale_id}"
