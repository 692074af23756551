"""Ways to pay: several at once, references, those switched off; cash rounded to what coins there are."""

import pytest
from flask import Flask
from flask.testing import FlaskClient

from showroom_app.lib.refusal import Refusal
from showroom_app.people.crafters import owed
from showroom_app.sales.checkout import Tender, Tendered
from tests.builders import Till, crafter_id, line, open_till, receive, request_id
from tests.conftest import Auth
from tests.rules import posted, rows, rules, sell, words

ALL = "cash,qris,transfer,card"


def lamp_at(till: Till, price: str) -> str:
    [lamp] = receive(line(price=price))
    till.scan(lamp.code)
    return str(lamp.code)


def paid() -> list[tuple[str, int, int, str]]:
    return [(row.tender, row.amount, row.change, row.reference) for row in rows("payment")]


def test_four_ways_at_once(app: Flask) -> None:
    rules(tenders=ALL)
    till = open_till()
    lamp_at(till, "100.000")
    ways = (
        Tendered("qris", 30_000), Tendered("cash", 50_000), Tendered("transfer", 20_000, "Rina"),
        Tendered("card", 10_000, "EDC 4"),
    )  # fmt: skip
    sell(till, tendered=ways)
    assert paid() == [
        ("cash", 40_000, 10_000, ""), ("qris", 30_000, 0, ""), ("transfer", 20_000, 0, "Rina"),
        ("card", 10_000, 0, "EDC 4"),
    ]  # fmt: skip
    assert [posted(kind, till.shift_id) for kind in ("drawer", "qris", "transfer", "card")] == [
        140_000, 30_000, 20_000, 10_000,
    ]  # fmt: skip


@pytest.mark.parametrize("tender", ["transfer", "card"])
def test_what_must_be_found_at_the_bank_has_a_reference(app: Flask, tender: Tender) -> None:
    rules(tenders=ALL)
    till = open_till()
    lamp_at(till, "100.000")
    with pytest.raises(Refusal, match="nomor referensinya"):
        sell(till, tendered=(Tendered(tender, 100_000),))


@pytest.mark.parametrize("tender", ["cash", "qris", "transfer", "card"])
def test_what_is_switched_off_is_not_taken(app: Flask, auth: Auth, tender: Tender) -> None:
    rules(tenders=",".join(one for one in ALL.split(",") if one != tender))
    till, client = open_till(), auth("petugas")
    lamp_at(till, "100.000")
    with pytest.raises(Refusal, match="tidak dipakai di galeri ini"):
        sell(till, tendered=(Tendered(tender, 100_000, "R"),))
    page = client.get("/till").text
    assert f'name="tender" value="{tender}"' not in page
    answer = pay(client, till, tender=tender, received="100.000", seen="1", reference="R")
    assert "tidak dipakai di galeri ini" in answer


def pay(client: FlaskClient, till: Till, **typed: str) -> str:
    form = {"version": str(till.version), "total": "100000", "request_id": request_id()} | typed
    answer = client.post(f"/baskets/{till.basket_id}/checkout", data=form)
    return words(answer.text) if answer.status_code == 422 else str(answer.location)


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"tender": "mixed"}, "Isi jumlah untuk setiap cara bayar"),
        ({"tender": "mixed", "amount_cash": "abc"}, "Isi uang yang diterima"),
        ({"tender": "mixed", "amount_cash": "50.000", "amount_qris": "50.000"}, "Lihat HP galeri dulu"),
        ({"tender": "mixed", "amount_cash": "50.000", "amount_qris": "49.999", "seen": "1"}, "kurang Rp1"),
        ({"tender": "mixed", "amount_qris": "100.001", "seen": "1"}, "Kembalian hanya dari uang tunai"),
        ({"tender": "mixed", "amount_transfer": "100.000", "seen": "1"}, "nomor referensinya"),
    ],
)
def test_a_mixed_payment_put_right_keeps_what_was_typed(
    app: Flask, auth: Auth, typed: dict[str, str], sentence: str
) -> None:
    till, client = open_till(), auth("petugas")
    lamp_at(till, "100.000")
    form = {"version": str(till.version), "total": "100000", "request_id": request_id()} | typed
    answer = client.post(f"/baskets/{till.basket_id}/checkout", data=form)
    assert answer.status_code == 422
    assert sentence in words(answer.text)
    for name, value in typed.items():
        assert name in ("tender", "seen") or f'name="{name}" value="{value}"' in answer.text
    good = {"tender": "mixed", "amount_cash": "60.000", "amount_qris": "50.000", "seen": "1"}
    assert pay(client, till, **good) == "/sales/1?new=1"
    assert paid() == [("cash", 50_000, 10_000, ""), ("qris", 50_000, 0, "")]


@pytest.mark.parametrize(
    ("step", "price", "cash"),
    [
        (0, "10.249", 10_249), (100, "10.249", 10_200), (100, "10.250", 10_300), (500, "10.249", 10_000),
        (500, "10.250", 10_500),
    ],
)  # fmt: skip
def test_cash_is_rounded_and_the_crafter_never_is(app: Flask, auth: Auth, step: int, price: str, cash: int) -> None:
    rules(cash_rounding=step)
    till, client = open_till(), auth("petugas")
    lamp_at(till, price)
    owes, total = cash - int(price.replace(".", "")), f"{cash:,}".replace(",", ".")
    page = client.get("/till").text
    assert f"Selesaikan Rp{total}" in words(page), "before anything is paid"
    assert ("Pembulatan tunai" in page) == bool(owes)
    if cash > 1:
        with pytest.raises(Refusal, match="kurang Rp1"):
            sell(till, tendered=(Tendered("cash", cash - 1),))
    sale_id = sell(till, tendered=(Tendered("cash", 50_000),))
    assert paid() == [("cash", cash, 50_000 - cash, "")]
    assert (posted("rounding"), rows("sale")[0].rounding) == (-owes, owes)
    share = int(price.replace(".", "")) * 85 / 100
    assert abs(owed(crafter_id("Tutik")) - share) <= 1
    receipt = words(client.get(f"/sales/{sale_id}").text)
    assert f"TOTAL Rp{total}" in receipt
    assert ("Pembulatan tunai" in receipt) == bool(owes)


def test_other_ways_are_paid_to_the_rupiah(app: Flask) -> None:
    rules(cash_rounding=500)
    till = open_till()
    lamp_at(till, "10.249")
    sell(till, tendered=(Tendered("qris", 10_249),))
    assert (paid(), posted("rounding")) == ([("qris", 10_249, 0, "")], 0)


def test_of_a_mixed_payment_only_the_cash_is_rounded(app: Flask) -> None:
    rules(cash_rounding=100)
    till = open_till()
    lamp_at(till, "10.249")
    with pytest.raises(Refusal, match="kurang Rp49"):
        sell(till, tendered=(Tendered("qris", 10_200),))
    sell(till, tendered=(Tendered("qris", 5_000), Tendered("cash", 5_200)))
    assert (paid(), posted("rounding")) == ([("cash", 5_200, 0, ""), ("qris", 5_000, 0, "")], 49)


def test_what_rounds_to_nothing(app: Flask, auth: Auth) -> None:
    """The till's own "uang pas" finishes it."""
    rules(cash_rounding=500)
    till, client = open_till(), auth("petugas")
    lamp_at(till, "200")
    form = {"version": str(till.version), "total": "200", "request_id": request_id(), "tender": "cash", "received": "0"}
    answer = client.post(f"/baskets/{till.basket_id}/checkout", data=form)
    assert answer.status_code == 303, words(answer.text)
    assert (paid(), posted("rounding"), owed(crafter_id("Tutik"))) == ([], 200, 170)
