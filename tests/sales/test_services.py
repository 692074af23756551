"""Services: packing, delivery, assembly; never part of a crafter's share."""

import pytest
from flask import Flask

from showroom_app.lib.refusal import Refusal
from showroom_app.lib.typed import Typed
from showroom_app.people.crafters import owed
from showroom_app.sales import bargain, service_lines
from tests.builders import Till, crafter_id, line, open_till, receive, request_id
from tests.conftest import Auth
from tests.rules import posted, rows, sell, words


def add(till: Till, request: str = "", **more: str) -> None:
    typed = Typed({"kind": "packing", "amount": "5.000", "payee": "showroom"} | more)
    service_lines.add_service(till.basket_id, typed, till.who, request or request_id())


def test_they_are_paid_but_not_shared(app: Flask, auth: Auth) -> None:
    [lamp], till = receive(line(price="100.000")), open_till()
    till.scan(lamp.code)
    add(till)
    add(till, kind="delivery", amount="Rp 25.000", payee="driver", name="kirim ke Blitar")
    sale_id = sell(till)
    assert (owed(crafter_id("Tutik")), posted("service"), posted("driver")) == (85_000, -5_000, -25_000)
    assert posted("drawer", till.shift_id) == 230_000
    [sale] = rows("sale")
    assert (sale.total, sale.services) == (130_000, 30_000)
    receipt = words(auth("petugas").get(f"/sales/{sale_id}").text)
    for seen in ("Kemasan Rp5.000", "kirim ke Blitar Rp25.000", "TOTAL Rp130.000"):
        assert seen in receipt, seen


def test_a_discount_does_not_touch_them(app: Flask) -> None:
    [lamp], till = receive(line(price="100.000")), open_till()
    till.scan(lamp.code)
    add(till, amount="50.000")
    bargain.give(till.basket_id, bargain.Wanted(None, bps=1_000, reason="x"), till.who, request_id())
    sell(till)
    assert rows("sale")[0].total == 140_000


def test_taken_out_again_and_emptied(app: Flask) -> None:
    [lamp], till = receive(line(price="100.000")), open_till()
    till.scan(lamp.code)
    add(till)
    add(till, kind="assembly", amount="7.000")
    for _press in range(2):
        service_lines.remove_service(till.basket_id, 1, till.who, request_id())
    sell(till)
    assert [(row.kind, row.amount) for row in rows("sale_service")] == [("assembly", 7_000)]


def test_pressed_twice_it_is_one(app: Flask) -> None:
    [lamp], till, key = receive(line(price="100.000")), open_till(), request_id()
    till.scan(lamp.code)
    add(till, key)
    add(till, key)
    assert len(rows("basket_service")) == 1


@pytest.mark.parametrize(
    ("more", "sentence"),
    [
        ({"amount": ""}, "Isi biayanya"), ({"amount": "0"}, "Isi biayanya"), ({"amount": "-5"}, "Isi biayanya"),
        ({"amount": "9" * 20}, "Isi biayanya"), ({"kind": "pijat"}, "Pilih jenis"), ({"payee": "saya"}, "Pilih jenis"),
    ],
)  # fmt: skip
def test_bad_input_is_answered_with_what_was_typed(app: Flask, auth: Auth, more: dict[str, str], sentence: str) -> None:
    till = open_till()
    with pytest.raises(Refusal, match=sentence):
        add(till, **more)
    form = {
        "kind": "packing",
        "amount": "5.000",
        "payee": "driver",
        "name": "kardus",
        "request_id": request_id(),
    } | more
    answer = auth("petugas").post(f"/baskets/{till.basket_id}/services", data=form)
    assert answer.status_code == 422
    assert sentence in words(answer.text)
    assert 'value="kardus"' in answer.text
    assert rows("basket_service") == []


def test_alone_they_are_no_sale_and_there_is_an_end_to_them(app: Flask) -> None:
    till = open_till()
    for _number in range(20):
        add(till, amount="1.000")
    with pytest.raises(Refusal, match="terlalu banyak"):
        add(till)
    with pytest.raises(Refusal, match="kosong"):
        sell(till)
