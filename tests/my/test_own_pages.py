"""The crafter's pages: the balance as one number, each sale with both shares; own data only."""

import pytest
from flask import Flask

from tests.builders import line, open_till, receive
from tests.conftest import Auth


def test_balance_sales_and_shelf(app: Flask, auth: Auth) -> None:
    lamp, _other = receive(line("Lampu Kendil", "275.000", "2"))
    [foreign] = receive(line("Kursi Slamet", "650.000"), crafter="Slamet")
    till = open_till()
    till.scan(lamp.code, foreign.code)
    till.pay()
    page = auth("perajin").get("/my").text
    for shown in ("Rp233.750", "Rp41.250", "Pembeli membayar Rp275.000", "Lampu Kendil", "Tinggal 1", "Galeri (15%)"):
        assert shown in page
    assert "Kursi Slamet" not in page
    assert "Rp520.000" not in page


@pytest.mark.parametrize(
    ("price", "terms", "rate"),
    [
        ("10.003", {}, "15%"),
        ("1.003", {}, "15%"),
        ("60.000", {"terms_kind": "net_price", "net_price": "50.000"}, "17%"),
    ],
)
def test_the_showrooms_part_is_the_one_that_was_agreed(
    app: Flask, auth: Auth, price: str, terms: dict[str, str], rate: str
) -> None:
    """However its rupiah are rounded."""
    [lamp] = receive(line("Lampu", price, **terms))
    till = open_till()
    till.scan(lamp.code)
    till.pay()
    page = auth("perajin").get("/my").text
    assert f"Galeri ({rate})" in page
    assert f"({rate})." in page


def test_an_empty_shelf_says_what_to_do(auth: Auth) -> None:
    client = auth("perajin")
    assert "Rak Anda masih kosong" in client.get("/my").text
    assert "Rak Anda masih kosong" in client.get("/my/items").text
    assert "Belum ada yang laku" in client.get("/my/sales").text


def test_sales_are_paged_without_losing_any(app: Flask, auth: Auth) -> None:
    lamps = receive(line("Lampu", "10.000", "33"))
    till = open_till()
    for start in range(0, 33, 11):
        till.scan(*(lamp.code for lamp in lamps[start : start + 11]))
        till.pay()
    client = auth("perajin")
    first = client.get("/my/sales").text
    more = first[first.index("before=") :].split('"')[0]
    second = client.get(f"/my/sales?{more}").text
    assert first.count("sold-card") + second.count("sold-card") == 33
    assert client.get("/my/sales?before=x").status_code == 200
