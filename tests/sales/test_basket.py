"""The basket: each code answered by its own sentence; it survives, and is changed once per request."""

import pytest
from flask import Flask

from showroom_app.extensions import db
from showroom_app.lib.refusal import NotHere, Refusal
from showroom_app.sales import basket, shift
from showroom_app.stock.hand_back import hand_back
from tests.builders import current_basket, line, open_till, receive, request_id, user


def lines(basket_id: int) -> list[tuple[str, int]]:
    return [(row.name, row.quantity) for row in basket.view_lines(db.session.connection(), basket_id)]


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
    hand_back(back.id, 1, user("petugas"), request_id())
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
    basket.park(till.basket_id, "Bu Rina", till.who, request_id())
    second = current_basket(till.who)
    basket.add(second, chair.code, till.who, request_id())
    desk = shift.shift_of(till.who.id)
    assert desk is not None
    assert [(p.label, p.pieces) for p in basket.parked(db.session.connection(), desk.desk_id)] == [("Bu Rina", 1)]
    basket.resume(till.basket_id, till.who, request_id())
    assert current_basket(till.who) == till.basket_id
    assert [p.id for p in basket.parked(db.session.connection(), desk.desk_id)] == [second], (
        "what was on the screen is kept"
    )


def test_an_empty_basket_is_not_parked(app: Flask) -> None:
    till = open_till()
    with pytest.raises(Refusal, match="kosong"):
        basket.park(till.basket_id, "", till.who, request_id())


def test_it_survives_the_shift(app: Flask) -> None:
    [lamp] = receive()
    till = open_till()
    till.scan(lamp.code)
    shift.close_shift(till.shift_id, 100_000, till.who, request_id())
    again = open_till()
    assert again.basket_id == till.basket_id
    assert lines(again.basket_id) == [("Lampu gantung", 1)]


def test_others_keep_their_hands_off(app: Flask) -> None:
    till = open_till()
    with pytest.raises(Refusal, match="di meja lain"):
        basket.add(till.basket_id, "x", user("petugas2"), request_id())
    with pytest.raises(NotHere):
        basket.add(till.basket_id, "x", user("petugas-tetangga"), request_id())
