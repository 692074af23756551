"""Shifts: one person, one drawer; counted at the end, the difference booked."""

import pytest
from flask import Flask

from showroom_app.extensions import reading
from showroom_app.ledger import book
from showroom_app.lib.refusal import NotHere, Refusal
from showroom_app.sales import shift
from showroom_app.sales.checkout import Tendered
from tests.builders import desk_id, line, open_till, receive, request_id, user
from tests.conftest import Auth


@pytest.mark.parametrize(("counted", "difference"), [(200_000, 0), (195_000, -5_000), (201_000, 1_000), (0, -200_000)])
def test_closing_books_the_difference(app: Flask, counted: int, difference: int) -> None:
    [lamp] = receive(line(price="100.000"))
    till = open_till(float_rupiah=100_000)
    till.scan(lamp.code)
    till.pay(Tendered("cash", 150_000))
    assert shift.close_shift(till.shift_id, counted, till.who, request_id()) == difference
    drawer = book.accounts(reading(), [("drawer", till.shift_id)])["drawer", till.shift_id]
    assert book.balance(reading(), drawer) == 0


def test_a_desk_in_use_says_by_whom(app: Flask) -> None:
    open_till("petugas", "K1")
    with pytest.raises(Refusal, match="sedang dipakai Petugas"):
        open_till("petugas2", "K1")


def test_one_shift_a_person(app: Flask) -> None:
    open_till("petugas", "K1")
    with pytest.raises(Refusal, match="masih punya sif di Meja 1"):
        open_till("petugas", "K2")


def test_opened_twice_by_one_press_it_is_one(app: Flask) -> None:
    key, who = request_id(), user("petugas")
    first = shift.open_shift(desk_id("K1"), 0, who, key)
    assert shift.open_shift(desk_id("K1"), 0, who, key) == first


@pytest.mark.parametrize("amount", [-1, 10**12])
def test_an_unlikely_float_is_refused(app: Flask, amount: int) -> None:
    with pytest.raises(Refusal, match="Modal awal"):
        shift.open_shift(desk_id("K1"), amount, user("petugas"), request_id())


def test_offices_and_foreign_desks_are_no_tills(app: Flask) -> None:
    for desk in (desk_id("KTR"), desk_id("K1", 2)):
        with pytest.raises(NotHere):
            shift.open_shift(desk, 0, user("petugas"), request_id())


def test_only_its_owner_or_a_manager_closes_it(app: Flask) -> None:
    till = open_till("petugas")
    with pytest.raises(NotHere):
        shift.close_shift(till.shift_id, 0, user("petugas2"), request_id())
    shift.close_shift(till.shift_id, 100_000, user("pengelola"), request_id())
    with pytest.raises(Refusal, match="sudah ditutup"):
        shift.close_shift(till.shift_id, 0, user("petugas"), request_id())


def test_nothing_is_told_of_an_open_drawer_before_it_is_counted(app: Flask, auth: Auth) -> None:
    till = open_till(float_rupiah=123_000)
    client = auth("petugas")
    assert client.get(f"/shifts/{till.shift_id}").location == f"/shifts/{till.shift_id}/close"
    assert "123.000" not in client.get(f"/shifts/{till.shift_id}/close").text
    client.post(f"/shifts/{till.shift_id}/close", data={"counted": "123.000", "request_id": request_id()})
    assert "Rp123.000" in client.get(f"/shifts/{till.shift_id}").text


def test_a_manager_finds_the_shift_that_somebody_left_open(app: Flask, auth: Auth) -> None:
    till = open_till()
    assert f"/shifts/{till.shift_id}/close" in auth("pengelola").get("/shifts/new").text
    assert f"/shifts/{till.shift_id}/close" not in auth("petugas2").get("/shifts/new").text
