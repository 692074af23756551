"""Checkout: works, refuses, repeats, and sells the last piece once."""

import threading

import pytest
from flask import Flask
from sqlalchemy import select, text

from showroom_app.extensions import commit, reading, release, rollback
from showroom_app.ledger import book
from showroom_app.lib.money import in_notes
from showroom_app.lib.refusal import Refusal
from showroom_app.people.crafters import owed
from showroom_app.sales import basket, checkout, receipt, shift
from showroom_app.sales.basket import AlreadySold
from showroom_app.sales.checkout import Tendered
from showroom_app.sales.models import SaleLine
from tests.builders import Till, crafter_id, line, open_till, receive, request_id, user


def test_a_cash_sale_pays_the_crafter_and_fills_the_drawer(app: Flask) -> None:
    [lamp] = receive(line(price="100.000", commission_percent="20"))
    till = open_till(float_rupiah=50_000)
    till.scan(lamp.code)
    sale_id = till.pay(Tendered("cash", 150_000))
    assert owed(crafter_id("Tutik")) == 80_000
    drawer = book.accounts(reading(), [("drawer", till.shift_id)])["drawer", till.shift_id]
    assert book.balance(reading(), drawer) == 150_000, "float 50.000 and the price; change went back"
    sale = receipt.receipt(sale_id, user("petugas"))
    assert (sale["number"], sale["total"], sale["change"]) == ("K1-00001", 100_000, 50_000)
    assert (sale["crafter_share"], sale["showroom_share"]) == (80_000, 20_000)


def test_net_price_terms_pay_what_was_agreed(app: Flask) -> None:
    [lamp] = receive(line(price="90.000", terms_kind="net_price", net_price="75.000"))
    till = open_till()
    till.scan(lamp.code)
    till.pay()
    assert owed(crafter_id("Tutik")) == 75_000


def test_a_lot_is_sold_by_pieces(app: Flask) -> None:
    [rings] = receive(line("Gantungan kunci", "12.000", "200", per_piece="lot"))
    till = open_till()
    till.scan(rings.code, rings.code, rings.code)
    till.pay()
    assert owed(crafter_id("Tutik")) == 3 * 10_200


@pytest.mark.parametrize("tender", ["qris", "transfer"])
def test_other_tenders_keep_their_reference(app: Flask, tender: checkout.Tender) -> None:
    [lamp] = receive()
    till = open_till()
    till.scan(lamp.code)
    sale_id = till.pay(Tendered(tender, till.total, "REF 1"))
    [payment] = receipt.receipt(sale_id, user("petugas"))["payments"]
    assert (payment["tender"], payment["reference"], payment["change"]) == (tender, "REF 1", 0)


def test_several_tenders_add_up_and_change_comes_from_cash(app: Flask) -> None:
    [lamp] = receive(line(price="100.000"))
    till = open_till()
    till.scan(lamp.code)
    sale_id = till.pay(Tendered("qris", 60_000), Tendered("cash", 50_000))
    amounts = {p["tender"]: (p["amount"], p["change"]) for p in receipt.receipt(sale_id, user("petugas"))["payments"]}
    assert amounts == {"qris": (60_000, 0), "cash": (40_000, 10_000)}


REFUSED = [
    ((), "Isi uang yang diterima"),
    ((Tendered("cash", 99_999),), "kurang Rp1"),
    ((Tendered("cash", 0),), "Isi uang yang diterima"),
    ((Tendered("cash", -5),), "Isi uang yang diterima"),
    ((Tendered("qris", 100_001),), "Kembalian hanya dari uang tunai"),
    ((Tendered("qris", 100_000), Tendered("cash", 1_000)), "Kembalian hanya dari uang tunai"),
    ((Tendered("cash", 10**13),), "Isi uang yang diterima"),
]


@pytest.mark.parametrize(("tendered", "sentence"), REFUSED)
def test_wrong_money_is_refused_in_words(app: Flask, tendered: tuple[Tendered, ...], sentence: str) -> None:
    [lamp] = receive(line(price="100.000"))
    till = open_till()
    till.scan(lamp.code)
    with pytest.raises(Refusal, match=sentence):
        checkout.complete(till.basket_id, tendered, till.who, request_id(), version=till.version, total=100_000)
    assert till.total == 100_000, "the basket is as it was"


def test_an_empty_basket_is_refused(app: Flask) -> None:
    till = open_till()
    with pytest.raises(Refusal, match="kosong"):
        checkout.complete(till.basket_id, [Tendered("cash", 1)], till.who, request_id(), version=0, total=0)


def test_a_basket_changed_elsewhere_is_shown_again_before_paying(app: Flask) -> None:
    lamp, chair = receive(line(price="100.000"), line("Kursi", "300.000"))
    till = open_till()
    till.scan(lamp.code)
    version, total = till.version, till.total
    till.scan(chair.code)
    with pytest.raises(Refusal, match=r"berubah di layar lain.*Rp400\.000"):
        checkout.complete(
            till.basket_id, [Tendered("cash", total)], till.who, request_id(), version=version, total=total
        )


def test_pressed_twice_it_is_one_sale(app: Flask) -> None:
    [lamp] = receive()
    till = open_till()
    till.scan(lamp.code)
    key, basket_id, version, total = request_id(), till.basket_id, till.version, till.total
    first = till.pay(request=key)
    again = checkout.complete(basket_id, [Tendered("cash", total)], till.who, key, version=version, total=total)
    assert again == first
    assert count_sales() == 1


def test_an_old_page_with_a_new_id_leads_to_the_receipt(app: Flask) -> None:
    [lamp] = receive()
    till = open_till()
    till.scan(lamp.code)
    old, version, total = till.basket_id, till.version, till.total
    sale_id = till.pay()
    with pytest.raises(AlreadySold) as sold:
        checkout.complete(old, [Tendered("cash", total)], till.who, request_id(), version=version, total=total)
    assert sold.value.sale_id == sale_id
    assert count_sales() == 1


def count_sales() -> int:
    return int(reading().execute(text("SELECT count(*) FROM sale")).scalar_one())


def test_the_loser_of_the_last_piece_reads_who_sold_it(app: Flask) -> None:
    [lamp] = receive(line("Cermin “Mentari”"))
    one, two = open_till("petugas", "K1"), open_till("petugas2", "K2")
    one.scan(lamp.code)
    two.scan(lamp.code)
    one.pay()
    with pytest.raises(Refusal, match="Cermin “Mentari” sudah terjual di Meja 1, pukul"):
        two.pay()


def test_two_tills_race_for_the_last_piece_and_one_wins(app: Flask) -> None:
    lamps = receive(line(quantity="5"))
    one, two = open_till("petugas", "K1"), open_till("petugas2", "K2")
    for lamp in lamps:
        one.scan(lamp.code)
        two.scan(lamp.code)
        results = race(app, one, two)
        assert sorted(results) == ["refused", "sold"]
        for till in (one, two):
            basket.empty(till.basket_id, till.who, request_id())
    assert count_sales() == 5


def race(app: Flask, *tills: Till) -> list[str]:
    """Let every till pay at the same moment."""
    results: list[str] = []
    plans = [(till, till.basket_id, till.version, till.total) for till in tills]
    rollback()
    start = threading.Barrier(len(tills))

    def pay(till: Till, basket_id: int, version: int, total: int) -> None:
        with app.app_context():
            start.wait()
            try:
                paid = [Tendered("cash", total)]
                checkout.complete(basket_id, paid, till.who, request_id(), version=version, total=total)
                results.append("sold")
            except Refusal:
                results.append("refused")
            release()

    threads = [threading.Thread(target=pay, args=plan) for plan in plans]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for till in tills:
        from tests.builders import current_basket

        till.basket_id = current_basket(till.who)
    return results


def test_a_closed_shift_sells_nothing_more(app: Flask) -> None:
    [lamp] = receive()
    till = open_till()
    till.scan(lamp.code)
    version, total = till.version, till.total
    shift.close_shift(till.shift_id, in_notes(100_000), till.who, request_id())
    with pytest.raises(Refusal, match="sif Anda sudah ditutup"):
        checkout.complete(
            till.basket_id, [Tendered("cash", total)], till.who, request_id(), version=version, total=total
        )


def test_a_sale_at_the_showrooms_loss_needs_a_manager(app: Flask) -> None:
    [lamp] = receive(line(price="90.000", terms_kind="net_price", net_price="75.000"))
    for table in ("item", "consignment_line"):
        reading().execute(text(f"UPDATE {table} SET price = 70000"))
    reading().execute(text("UPDATE consignment SET value = 70000"))
    commit()
    till = open_till()
    till.scan(lamp.code)
    with pytest.raises(Refusal, match="Minta pengelola"):
        till.pay()
    manager = open_till("pengelola", "K2")
    manager.scan(lamp.code)
    sale_id = manager.pay()
    lines = reading().execute(select(SaleLine.__table__).where(SaleLine.sale_id == sale_id)).all()
    assert [(row.net, row.crafter_share, row.showroom_share) for row in lines] == [(70_000, 75_000, -5_000)]
