"""Rules that change while money is under way, what the next buyer must not inherit, and what can be looked up later."""

import re
from urllib.parse import unquote

import pytest
from flask import Flask
from sqlalchemy import text

from showroom_app.extensions import reading, rollback
from showroom_app.lib.refusal import Refusal
from showroom_app.lib.typed import Typed
from showroom_app.sales import basket, refund, service_lines
from showroom_app.sales.checkout import Tendered
from showroom_app.sales.refund import Asked
from showroom_app.sales.refundable import left_of, work_out
from showroom_app.sales.shift_documents import sections
from showroom_app.sales.shift_report import report
from tests.builders import Till, current_basket, line, open_till, receive, request_id, user
from tests.conftest import Auth
from tests.rules import activities, rows, rules, sell, words
from tests.sales.test_bargain import discount, yes


def delivery(till: Till, amount: str = "25.000", payee: str = "driver") -> None:
    typed = Typed(kind="delivery", amount=amount, payee=payee)
    service_lines.add_service(till.basket_id, typed, till.who, request_id())


def test_the_next_buyer_inherits_neither_discount_nor_services(app: Flask) -> None:
    lamp, chair = receive(line(price="100.000"), line("Kursi", "45.000"))
    till = open_till()
    till.scan(lamp.code)
    delivery(till)
    discount(till, "rupiah", "10.000")
    basket.change(till.basket_id, lamp.id, 0, till.who, request_id())
    assert (till.total, rows("basket_service")) == (0, [])
    till.scan(chair.code)
    assert till.total == 45_000


def test_a_yes_is_for_the_split_that_was_seen(app: Flask) -> None:
    """The rule of who bears a discount changed between the manager's yes and the payment."""
    [lamp], till = receive(line(price="200.000")), open_till()
    till.scan(lamp.code)
    discount(till, "percent", "40")
    yes(till)
    rules(discount_bearer="showroom")
    with pytest.raises(Refusal, match="di bawah nol"):
        sell(till)
    rules(discount_bearer="shared")
    sell(till)
    assert [row.approved_by for row in rows("sale")] == [user("pengelola").id]


def test_a_yes_says_what_it_allowed(app: Flask, auth: Auth) -> None:
    [lamp], till = receive(line(price="200.000")), open_till()
    till.scan(lamp.code)
    discount(till, "percent", "40", reason="cacat")
    yes(till)
    [noted] = activities("approval")
    assert "Lampu gantung: Rp200.000 → Rp120.000 (cacat)" in noted.after
    page = words(auth("pengelola").get("/activity?kind=approval").text)
    for shown in ("Keranjang di Meja 1", "Rp200.000 → Rp120.000 (cacat)", "Bagian galeri", "Rp18.000"):
        assert shown in page


def test_a_managers_own_concession_is_logged_and_seen(app: Flask, auth: Auth) -> None:
    [lamp] = receive(line(price="615.000"))
    till = open_till("pengelola")
    till.scan(lamp.code)
    discount(till, "price", "500.000", item=lamp.id, reason="pameran")
    sale_id = sell(till)
    [noted] = activities("approval")
    assert (noted.subject, noted.actor_id) == (f"sale:{sale_id}", user("pengelola").id)
    page = words(auth("pengelola").get(f"/sales/{sale_id}").text)
    assert "Rp615.000 → Rp500.000, pameran" in page
    assert "Disetujui Ratna" in page


def test_a_refund_rounds_as_its_sale_did(app: Flask) -> None:
    """Nothing was rounded when it was sold; the showroom rounds to 500 when it comes back."""
    chair, lamp = receive(line("Kursi", "100.000"), line(price="15.000"))
    till = open_till()
    till.scan(chair.code, lamp.code)
    sale_id = till.pay(Tendered("cash", 50_250), Tendered("qris", 64_750))
    rules(cash_rounding=500, refund_rupiah_max=1_000_000)
    rollback()
    back = work_out(left_of(reading(), sale_id), {1: (1, "shelf")}, (), {}, whole=False)
    assert back.money == {"cash": 50_250, "qris": 49_750}
    asked = Asked({1: (1, "shelf")}, (), back.money, "cacat")
    refund.refund(sale_id, asked, till.who, request_id(), total=100_000)
    rest = Asked({2: (1, "shelf")}, (), {}, "cacat")
    refund.refund(sale_id, rest, till.who, request_id(), total=15_000)


def test_references_can_be_looked_up(app: Flask, auth: Auth) -> None:
    [lamp], till = receive(line(price="100.000")), open_till()
    till.scan(lamp.code)
    sale_id = till.pay(Tendered("transfer", 60_000, "BCA1"), Tendered("cash", 40_000))
    asked = Asked({1: (1, "shelf")}, (), {}, "cacat", "refund", "TRF-BACK")
    refund_id = refund.refund(sale_id, asked, till.who, request_id(), total=100_000)
    client = auth("pengelola")
    assert "BCA1" in client.get(f"/sales/{sale_id}").text
    assert "TRF-BACK" in client.get(f"/refunds/{refund_id}").text
    memos = dict(reading().execute(text("SELECT kind, memo FROM entry WHERE kind IN ('sale', 'refund')")).all())
    assert memos == {"sale": "BCA1", "refund": "TRF-BACK"}


def test_the_receipt_by_whatsapp_adds_up(app: Flask, auth: Auth) -> None:
    rules(cash_rounding=500)
    [lamp], till = receive(line(price="41.850")), open_till()
    till.scan(lamp.code)
    delivery(till, "30.000")
    sale_id = sell(till, tendered=(Tendered("cash", 100_000),))
    sent = unquote(auth("petugas").get(f"/sales/{sale_id}/whatsapp").location)
    assert re.findall(r"Rp[\d.]+", sent) == ["Rp41.850", "Rp30.000", "Rp150", "Rp72.000"]


def test_the_list_of_sales_tells_what_came_back(app: Flask, auth: Auth) -> None:
    lamp, chair, rug = receive(line(price="100.000"), line("Kursi", "50.000"), line("Tikar", "20.000"))
    till = open_till("pengelola")
    first, second = sell(till, lamp.code), 0
    till.basket_id = current_basket(till.who)
    second = sell(till, chair.code)
    till.basket_id = current_basket(till.who)
    sell(till, rug.code)
    for sale_id, kind in ((first, "refund"), (second, "void")):
        refund.refund(sale_id, Asked({1: (1, "shelf")}, (), {}, "x", kind), till.who, request_id())
    page = words(auth("pengelola").get("/sales").text)
    assert "Hari ini 3 penjualan, Rp170.000 · retur Rp150.000" in page
    assert (page.count("ada retur"), page.count("dibatalkan")) == (1, 1)


def test_the_drawer_is_told_step_by_step(app: Flask) -> None:
    lamp, chair = receive(line(price="100.000"), line("Kursi", "50.000"))
    till = open_till("pengelola")
    till.scan(lamp.code)
    delivery(till)
    sale_id = sell(till, tendered=(Tendered("cash", 150_000),))
    till.basket_id = current_basket(till.who)
    sell(till, chair.code)
    refund.refund(sale_id, Asked({}, (), {}, "salah", "void"), till.who, request_id())
    told = {part["title"]: [(row["label"], row["value"]) for row in part["rows"]] for part in sections(report(1))}
    assert told["Uang tunai"] == [
        ("Modal awal", "Rp100.000"), ("Uang tunai diterima", "Rp200.000"), ("Kembalian", "−Rp25.000"),
        ("Retur tunai", "−Rp125.000"), ("Seharusnya di laci", "Rp150.000"),
    ]  # fmt: skip
    assert ("termasuk jasa sopir", "−Rp25.000") in told["Retur pembeli, 1 kali"]


def test_several_wrong_fields_of_a_refund_keep_the_form(app: Flask, auth: Auth) -> None:
    [lamp], till = receive(), open_till()
    sale_id = sell(till, lamp.code)
    answer = auth("petugas").get(f"/sales/{sale_id}/refunds?q1=9&money_cash=abc&reason=x")
    assert answer.status_code == 422
    assert 'value="9"' in answer.text
    assert "Isi jumlah dalam rupiah" in answer.text
