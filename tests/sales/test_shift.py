"""Shifts: one person, one drawer; counted at the end, the difference booked."""

import pytest
from flask import Flask

from showroom_app.extensions import now, reading
from showroom_app.ledger import book
from showroom_app.lib.clock import jakarta_date
from showroom_app.lib.money import in_notes
from showroom_app.lib.refusal import NotHere, Refusal
from showroom_app.payouts import payout
from showroom_app.payouts.payout import Pay
from showroom_app.sales import cash_move, parking, refund, shift
from showroom_app.sales.checkout import Tendered
from showroom_app.sales.refund import Asked
from showroom_app.sales.shift_documents import sections
from showroom_app.sales.shift_report import report
from showroom_app.web.filters import short_hash
from tests.builders import Till, crafter_id, current_basket, desk_id, line, open_till, receive, request_id, user
from tests.conftest import Auth
from tests.rules import activities, jakarta, pdf_text, posted, rows, rules, sell, words


@pytest.mark.parametrize(("counted", "difference"), [(200_000, 0), (195_000, -5_000), (201_000, 1_000), (0, -200_000)])
def test_closing_books_the_difference(app: Flask, counted: int, difference: int) -> None:
    [lamp] = receive(line(price="100.000"))
    till = open_till(float_rupiah=100_000)
    till.scan(lamp.code)
    till.pay(Tendered("cash", 150_000))
    if difference:
        with pytest.raises(Refusal, match="tulis sebabnya"):
            shift.close_shift(till.shift_id, in_notes(counted), till.who, request_id())
    closed = shift.close_shift(till.shift_id, in_notes(counted), till.who, request_id(), note="salah kembalian")
    assert closed == difference
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
        shift.close_shift(till.shift_id, in_notes(0), user("petugas2"), request_id())
    shift.close_shift(till.shift_id, in_notes(100_000), user("pengelola"), request_id())
    with pytest.raises(Refusal, match="sudah ditutup"):
        shift.close_shift(till.shift_id, in_notes(0), user("petugas"), request_id())


def test_nothing_is_told_of_an_open_drawer_before_it_is_counted(app: Flask, auth: Auth) -> None:
    till = open_till(float_rupiah=123_000)
    client = auth("petugas")
    assert client.get(f"/shifts/{till.shift_id}").location == f"/shifts/{till.shift_id}/close"
    assert "123.000" not in client.get(f"/shifts/{till.shift_id}/close").text
    client.post(f"/shifts/{till.shift_id}/close", data={"n100000": "1", "n1": "23.000", "request_id": request_id()})
    assert "Rp123.000" in client.get(f"/shifts/{till.shift_id}").text


def test_a_manager_finds_the_shift_that_somebody_left_open(app: Flask, auth: Auth) -> None:
    till = open_till()
    assert f"/shifts/{till.shift_id}/close" in auth("pengelola").get("/shifts/new").text
    assert f"/shifts/{till.shift_id}/close" not in auth("petugas2").get("/shifts/new").text


def sold(till: Till, price: str = "100.000") -> int:
    [lamp] = receive(line(price=price))
    return sell(till, lamp.code)


def test_it_is_counted_by_notes_and_coins(app: Flask) -> None:
    till = open_till(float_rupiah=137_650)
    counted = {100_000: 1, 20_000: 1, 10_000: 1, 5_000: 1, 2_000: 1, 500: 1, 100: 1, 1: 50, 200: 0}
    assert shift.close_shift(till.shift_id, counted, till.who, request_id()) == 0
    kept = {row.worth: row.pieces for row in rows("shift_count")}
    assert kept == {worth: pieces for worth, pieces in counted.items() if pieces}
    assert (posted("office"), posted("cash_difference")) == (0, 0)


@pytest.mark.parametrize("counted", [{3: 1}, {1_000: -1}, {100_000: 10**9}])
def test_notes_that_are_none_are_refused(app: Flask, counted: dict[int, int]) -> None:
    till = open_till()
    with pytest.raises(Refusal, match="Isi berapa lembar"):
        shift.close_shift(till.shift_id, counted, till.who, request_id(), note="x")


def test_a_difference_is_asked_about_and_every_count_is_remembered(app: Flask, auth: Auth) -> None:
    till, client = open_till(float_rupiah=100_000), auth("petugas")
    address = f"/shifts/{till.shift_id}/close"
    answer = client.post(address, data={"n50000": "1", "n20000": "2", "n1": "x", "request_id": request_id()})
    assert (answer.status_code, "dengan angka bulat" in answer.text) == (422, True)
    answer = client.post(address, data={"n50000": "1", "n20000": "2", "request_id": request_id()})
    assert answer.status_code == 422
    assert "Uangnya kurang Rp10.000. Hitung lagi, atau tulis sebabnya." in words(answer.text)
    assert 'name="n50000" value="1"' in answer.text
    [noted] = activities("count")
    assert (noted.subject, noted.actor_id, noted.after) == (f"shift:{till.shift_id}", till.who.id, '{"counted": 90000}')
    form = {"n50000": "1", "n20000": "2", "note": "salah kembalian", "request_id": request_id()}
    assert client.post(address, data=form).location == f"/shifts/{till.shift_id}"
    page = words(client.get(f"/shifts/{till.shift_id}").text)
    for seen in ("Laporan Z", "−Rp10.000", "salah kembalian", "Dihitung Rp90.000"):
        assert seen in page, seen
    assert (posted("cash_difference"), posted("office")) == (10_000, -10_000)
    assert client.post(address, data=form).location == f"/shifts/{till.shift_id}", "sent again it is the same close"


def test_parked_baskets_are_said_and_wait_for_the_next_shift(app: Flask, auth: Auth) -> None:
    [lamp], till = receive(), open_till()
    till.scan(lamp.code)
    parking.park(till.basket_id, "Bu Rina", till.who, request_id())
    assert "1 keranjang masih diparkir" in auth("petugas").get(f"/shifts/{till.shift_id}/close").text
    shift.close_shift(till.shift_id, in_notes(100_000), till.who, request_id())
    again = open_till("petugas2", "K1")
    parking.resume(till.basket_id, again.who, request_id())
    again.basket_id = till.basket_id
    assert again.pay() == 1


def test_over_midnight_it_is_one_shift(app: Flask) -> None:
    who = user("petugas")
    shift_id = shift.open_shift(desk_id("K1"), 0, who, request_id(), at=jakarta(3, 22))
    till = Till(who, shift_id, current_basket(who))
    goods = receive(line(price="100.000"), line("Kursi", "50.000"))
    for item, at in zip(goods, (jakarta(3, 23), jakarta(4, 0, minute=30)), strict=True):
        sell(till, item.code, at=at)
    assert shift.close_shift(shift_id, in_notes(150_000), who, request_id(), at=jakarta(4, 1)) == 0
    told = report(shift_id)
    assert (told.sales, told.taken["cash"], told.expected, told.difference) == (2, 150_000, 150_000, 0)


def test_two_screens_on_one_drawer(app: Flask, auth: Auth) -> None:
    till, phone, laptop = open_till(float_rupiah=0), auth("petugas"), auth("petugas")
    [lamp] = receive(line("Lampu Kendil", "100.000"))
    phone.post(f"/baskets/{till.basket_id}/lines", data={"code": lamp.code, "request_id": request_id()})
    assert "Lampu Kendil" in laptop.get("/till").text
    sell(till)
    assert shift.close_shift(till.shift_id, in_notes(100_000), till.who, request_id()) == 0
    assert phone.get("/till").location == laptop.get("/till").location == "/shifts/new"


def test_nothing_goes_into_a_closed_shift(app: Flask) -> None:
    till = open_till("pengelola", "K1")
    sale_id = sold(till)
    shift.close_shift(till.shift_id, in_notes(200_000), till.who, request_id())
    with pytest.raises(Refusal, match="Buka sif dulu"):
        refund.refund(sale_id, Asked({1: (1, "shelf")}, (), {}, "x"), till.who, request_id())
    with pytest.raises(Refusal, match="sudah ditutup"):
        cash_move.move_cash(till.shift_id, "change", 1_000, "x", till.who, request_id())
    with pytest.raises(Refusal, match="belum membuka sif"):
        payout.pay([Pay(crafter_id("Tutik"), 85_000, "drawer")], jakarta_date(now()), till.who, request_id())
    assert posted("drawer", till.shift_id) == 0


def test_x_is_for_managers_and_z_for_its_owner(app: Flask, auth: Auth) -> None:
    till = open_till()
    page, paper = f"/shifts/{till.shift_id}", f"/shifts/{till.shift_id}/report.pdf"
    assert auth("petugas").get(page).location == f"{page}/close"
    assert auth("petugas").get(paper).status_code == 404
    assert "Laporan X" in auth("pengelola").get(page).text
    assert auth("pengelola").get(paper).data.startswith(b"%PDF")
    shift.close_shift(till.shift_id, in_notes(100_000), till.who, request_id())
    for address in (page, paper):
        assert auth("petugas").get(address).status_code == 200
        for who in ("petugas2", "tetangga"):
            assert auth(who).get(address).status_code == 404


def test_the_z_is_the_same_bytes_twice_with_its_hash(app: Flask, auth: Auth) -> None:
    till, client = open_till(), auth("petugas")
    sold(till)
    shift.close_shift(till.shift_id, in_notes(200_000), till.who, request_id())
    before = client.get(f"/shifts/{till.shift_id}/report.pdf").data
    close = next(row for row in rows("entry") if row.kind == "shift_close")
    assert short_hash(close.hash) in pdf_text(before)
    assert short_hash(close.hash) in client.get(f"/shifts/{till.shift_id}").text
    sold(open_till())
    assert client.get(f"/shifts/{till.shift_id}/report.pdf").data == before


def test_the_report_adds_up(app: Flask) -> None:
    """What it calls the sum of sales is what it says was paid for them."""
    rules(cash_rounding=500)
    till = open_till()
    sold(till, "10.240")
    told = report(till.shift_id)
    with app.test_request_context():
        sales, paid = sections(told)[:2]
    assert [row["value"] for row in sales["rows"] if row["strong"]] == ["Rp10.000"]
    assert [row["value"] for row in paid["rows"]] == ["Rp10.000"]
