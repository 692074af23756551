"""Everybody presses at the same moment: one piece is sold once, one request is one act, a drawer is closed whole."""

import threading
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import text

from showroom_app.extensions import reading, release, rollback
from showroom_app.lib.money import in_notes
from showroom_app.lib.refusal import FormRefusal, Refusal
from showroom_app.lib.typed import Typed
from showroom_app.people import accounts, crafters, showrooms
from showroom_app.sales import basket, checkout, shift
from showroom_app.sales.basket import AlreadySold
from showroom_app.sales.checkout import Tendered
from showroom_app.stock import hand_back, intake
from tests.builders import (
    PASSWORDS,
    Till,
    crafter_id,
    current_basket,
    desk_id,
    line,
    open_till,
    receive,
    request_id,
    user,
)

ROUNDS = 12
FLOAT = 100_000
PRICE = 275_000


def at_once(app: Flask, acts: Sequence[Callable[[], Any]]) -> list[Any]:
    """Run each act in a thread and an app context of its own, all from the same moment.

    What each returned, or the refusal it got, in order; anything else that went wrong is raised here.
    """
    rollback()
    start = threading.Barrier(len(acts))
    given: dict[int, Any] = {}

    def run(number: int, act: Callable[[], Any]) -> None:
        with app.app_context():
            start.wait()
            try:
                given[number] = act()
            except Exception as error:
                given[number] = error
            release()

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for error in given.values():
        if isinstance(error, Exception) and not isinstance(error, Refusal):
            raise error
    return [given[number] for number in range(len(acts))]


def payment(till: Till, request: str = "") -> Callable[[], int]:
    """A press on "Selesaikan", as this till's screen stands now."""
    figures = {"version": till.version, "total": till.total}
    paid = [Tendered("cash", till.total)]
    return partial(checkout.complete, till.basket_id, paid, till.who, request or request_id(), **figures)


def next_buyer(till: Till, given: int | Refusal) -> None:
    """Go on with an empty basket, whatever became of the last."""
    if isinstance(given, Refusal):
        basket.empty(till.basket_id, till.who, request_id())
    till.basket_id = current_basket(till.who)


def count(table: str) -> int:
    rollback()
    return int(reading().execute(text(f"SELECT count(*) FROM {table}")).scalar_one())


def refusals(given: Sequence[Any]) -> list[Refusal]:
    return [one for one in given if isinstance(one, Refusal)]


def test_of_two_tills_one_sells_the_last_piece_and_the_other_reads_who(app: Flask) -> None:
    codes = [item.code for item in receive(line("Lampu Kendil", quantity=str(ROUNDS)))]
    tills = [open_till("petugas", "K1"), open_till("petugas2", "K2")]
    for code in codes:
        for till in tills:
            till.scan(code)
        given = at_once(app, [payment(till) for till in tills])
        [winner] = [number for number, one in enumerate(given) if isinstance(one, int)]
        assert f"Lampu Kendil sudah terjual di Meja {winner + 1}, pukul" in given[1 - winner].sentence
        for till, one in zip(tills, given, strict=True):
            next_buyer(till, one)
    assert count("sale") == ROUNDS


def test_of_a_lot_no_more_is_sold_than_there_was(app: Flask) -> None:
    [rings] = receive(line("Gantungan", "12.000", "5", per_piece="lot"))
    tills = [open_till("petugas", "K1"), open_till("petugas2", "K2")]
    for till in tills:
        till.scan(*[rings.code] * 3)
    [refused] = refusals(at_once(app, [payment(till) for till in tills]))
    assert refused.sentence == "Gantungan tinggal 2 buah di rak. Kurangi jumlahnya."


def test_the_same_pieces_scanned_in_another_order_never_lock_each_other_out(app: Flask) -> None:
    tills = [open_till("petugas", "K1"), open_till("petugas2", "K2")]
    for _round in range(ROUNDS):
        codes = [item.code for item in receive(line(quantity="4"), line("Kursi", "650.000", "4"))]
        tills[0].scan(*codes)
        tills[1].scan(*reversed(codes))
        given = at_once(app, [payment(till) for till in tills])
        assert len(refusals(given)) == 1
        for till, one in zip(tills, given, strict=True):
            next_buyer(till, one)


def test_one_press_sent_by_eight_at_once_is_one_sale(app: Flask) -> None:
    codes, till = [item.code for item in receive(line(quantity="4"))], open_till()
    for number, code in enumerate(codes, 1):
        till.scan(code)
        press = payment(till)
        given = at_once(app, [press] * 8)
        assert given == given[:1] * 8
        assert count("sale") == number
        next_buyer(till, given[0])


def test_eight_presses_under_ids_of_their_own_lead_to_one_receipt(app: Flask) -> None:
    [lamp], till = receive(), open_till()
    till.scan(lamp.code)

    def receipt_after(press: Callable[[], int]) -> int:
        try:
            return press()
        except AlreadySold as sold:
            return sold.sale_id

    given = at_once(app, [partial(receipt_after, payment(till)) for _press in range(8)])
    assert given == given[:1] * 8
    assert count("sale") == 1


def test_a_piece_is_sold_or_handed_back(app: Flask) -> None:
    goods = [(item.id, item.code) for item in receive(line("Lampu Kendil", quantity=str(ROUNDS)))]
    till, manager = open_till(), user("pengelola")
    for item_id, code in goods:
        till.scan(code)
        back = partial(hand_back.hand_back, [hand_back.Pieces(item_id, 1)], manager, request_id())
        sold, returned = at_once(app, [payment(till), back])
        if isinstance(sold, Refusal):
            assert "Lampu Kendil sudah dikembalikan ke perajin" in sold.sentence
        else:
            assert returned.sentence == "Lampu Kendil sudah tidak ada di rak."
        next_buyer(till, sold)


def test_a_shift_is_closed_before_or_after_a_sale_never_within(app: Flask) -> None:
    codes = [item.code for item in receive(line(quantity=str(ROUNDS)))]
    for code in codes:
        till = open_till(float_rupiah=FLOAT)
        till.scan(code)
        close = partial(shift.close_shift, till.shift_id, in_notes(FLOAT), till.who, request_id(), note="terburu-buru")
        sold, difference = at_once(app, [payment(till), close])
        if isinstance(sold, Refusal):
            assert "if Anda sudah ditutup" in sold.sentence
            again = open_till(float_rupiah=FLOAT)
            basket.empty(again.basket_id, again.who, request_id())
            shift.close_shift(again.shift_id, in_notes(FLOAT), again.who, request_id())
        assert difference == (0 if isinstance(sold, Refusal) else -PRICE), "the count is wrong by what was sold"


def test_a_shift_closes_in_a_busy_hour(app: Flask) -> None:
    codes = [item.code for item in receive(line(quantity="20"))]
    till, other = open_till("petugas", "K1", FLOAT), open_till("petugas2", "K2", FLOAT)
    some_sold = threading.Event()

    def sell(at: Till, goods: list[str]) -> int:
        for number, code in enumerate(goods):
            try:
                at.scan(code)
                at.pay()
            except Refusal as refusal:
                assert "sudah ditutup" in refusal.sentence
                return number
            if number == 3:
                some_sold.set()
        return len(goods)

    def close() -> int:
        some_sold.wait(20)
        return shift.close_shift(till.shift_id, in_notes(FLOAT), till.who, request_id(), note="terburu-buru")

    here, there, difference = at_once(app, [partial(sell, till, codes[:10]), partial(sell, other, codes[10:]), close])
    assert there == 10
    assert difference == -PRICE * here


def test_two_screens_of_a_till_find_the_same_new_basket(app: Flask) -> None:
    codes, till = [item.code for item in receive(line(quantity=str(ROUNDS)))], open_till()
    for code in codes:
        till.scan(code)
        payment(till)()
        found = at_once(app, [partial(current_basket, till.who)] * 4)
        assert found == found[:1] * 4
        till.basket_id = found[0]


def test_a_screen_that_looks_while_another_sells_finds_a_basket(app: Flask) -> None:
    codes, till = [item.code for item in receive(line(quantity=str(ROUNDS)))], open_till()
    for code in codes:
        till.scan(code)
        look = partial(current_basket, till.who)
        sold, *baskets = at_once(app, [payment(till), look, look, look])
        assert set(baskets) <= {till.basket_id, current_basket(till.who)}
        next_buyer(till, sold)


def test_scans_of_two_screens_at_once_are_all_in_the_basket(app: Flask) -> None:
    codes, till = [item.code for item in receive(line(quantity="8"))], open_till()
    at_once(app, [partial(basket.add, till.basket_id, code, till.who, request_id()) for code in codes])
    assert (till.total, till.version) == (8 * PRICE, 8)


def test_a_desk_is_opened_by_one(app: Flask) -> None:
    people = [user("petugas"), user("petugas2"), user("pengelola")]
    desk = desk_id("K1")
    refused = refusals(at_once(app, [partial(shift.open_shift, desk, 0, who, request_id()) for who in people]))
    assert ["Meja ini sedang dipakai" in refusal.sentence for refusal in refused] == [True, True]


@pytest.mark.parametrize("presses", ["sent again", "pressed again"])
def test_received_four_times_at_once_it_is_one_note(app: Flask, presses: str) -> None:
    who, again = user("petugas"), presses == "sent again"
    consignment_id, key = intake.start(crafter_id("Tutik"), who, request_id()), request_id()
    typed: dict[str, Any] = {"lines": [line(quantity="3")], "agreed_until": ""}
    keys = [key if again else request_id() for _press in range(4)]
    given = at_once(app, [partial(intake.receive, consignment_id, typed, who, one) for one in keys])
    assert given == [consignment_id] * 4
    assert count("item") == 3


def test_two_notes_with_the_same_new_goods_are_taken_in_at_once(app: Flask) -> None:
    """A product is made by whoever comes first; the other finds it there."""
    for number in range(ROUNDS // 2):
        goods = [line(f"Lampu {number}"), line(f"Kursi {number}", "650.000")]
        at_once(app, [partial(receive, *goods)] * 2)
        assert count("product") == 2 * (number + 1)


def test_two_desks_are_added_at_once(app: Flask) -> None:
    manager = user("pengelola")
    for _round in range(ROUNDS // 2):
        typed = [Typed(desk_name=name, desk_kind="till") for name in ("Meja kiri", "Meja kanan")]
        at_once(app, [partial(showrooms.add_desk, one, manager, request_id()) for one in typed])
    assert sorted(row.code for row in showrooms.desks(1, "till")) == sorted(f"K{n}" for n in range(1, ROUNDS + 3))


def test_a_username_goes_to_one_of_two(app: Flask) -> None:
    manager = user("pengelola")
    for number in range(ROUNDS // 2):
        typed = Typed(name="Baru", username=f"baru{number}", role="attendant", password=PASSWORDS["petugas"])
        given = at_once(app, [partial(accounts.save_account, typed, manager, request_id()) for _press in range(2)])
        [refused] = refusals(given)
        assert isinstance(refused, FormRefusal)
        assert refused.errors == {"username": "Nama pengguna ini sudah dipakai. Pilih yang lain."}


def test_a_crafters_username_goes_to_one_of_two(app: Flask) -> None:
    manager = user("pengelola")
    for number in range(ROUNDS // 2):
        typed = Typed(name="Baru", username=f"baru{number}", pin=PASSWORDS["perajin"], commission_percent="15")
        given = at_once(app, [partial(crafters.save_crafter, typed, manager, request_id()) for _press in range(2)])
        [refused] = refusals(given)
        assert refused.sentence == "Nama pengguna ini sudah dipakai. Pilih yang lain."
