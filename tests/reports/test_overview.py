"""The overview: six months of figures that agree with the book, by Jakarta's calendar; no bank details."""

import re
from datetime import datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from showroom_app.extensions import now
from showroom_app.lib.clock import jakarta_date, month_start, previous_month
from showroom_app.lib.typed import Typed
from showroom_app.sales import checkout, refund, service_lines
from showroom_app.sales.checkout import Tendered
from showroom_app.sales.refund import Asked
from tests.builders import Till, crafter_id, current_basket, line, open_till, receive, request_id
from tests.conftest import Auth
from tests.rules import sell as rung_up

NOTHING = ["0", "0", "Rp0", "Rp0", "Rp0", "Rp0", "Rp0"]


def sell(till: Till, code: str, at: datetime) -> None:
    """Ring up one piece, at another moment than now."""
    till.scan(code)
    paid = [Tendered("cash", till.total)]
    checkout.complete(till.basket_id, paid, till.who, request_id(), version=till.version, total=till.total, at=at)
    till.basket_id = current_basket(till.who)


def table(client: FlaskClient) -> list[list[str]]:
    """The months' figures, oldest first: sales, pieces, value, crafters' share, showroom's share, services, driver."""
    page = client.get("/reports").text
    rows = re.findall(r"<tr><td>.*?</tr>", page[page.index("<tbody>") :], re.S)
    return [[re.sub(r"<[^>]+>", "", cell) for cell in re.findall(r"<td data-label.*?</td>", row)] for row in rows]


def this_month() -> datetime:
    return month_start(jakarta_date(now()))


def last_month() -> datetime:
    return month_start(previous_month(jakarta_date(now())))


@pytest.fixture
def pengamat(auth: Auth) -> FlaskClient:
    return auth("pengamat")


def test_an_empty_shop_has_six_empty_months(pengamat: FlaskClient) -> None:
    assert table(pengamat) == [NOTHING] * 6
    assert pengamat.get("/reports").text.count("chip warn") == 1, "the running month"


def test_figures_are_the_sums_of_what_was_sold(pengamat: FlaskClient) -> None:
    lamp, chair = receive(line("Lampu", "275.000"), line("Kursi", "650.000", commission_percent="20"))
    [rings] = receive(line("Gantungan", "12.000", "200", per_piece="lot"), crafter="Slamet")
    till = open_till()
    till.scan(lamp.code, rings.code, rings.code)
    till.pay()
    till.scan(chair.code)
    till.pay()
    # 275.000 and 2 × 12.000 at 15 %, 650.000 at 20 %.
    assert table(pengamat)[-1] == ["2", "4", "Rp949.000", "Rp774.150", "Rp174.850", "Rp0", "Rp0"]
    page = pengamat.get("/reports").text
    for shown in ("Rp949.000", "4 barang", "Rp774.150", "<strong>2</strong>", "<strong>198</strong>"):
        assert shown in page


def test_a_drivers_money_is_not_the_showrooms(pengamat: FlaskClient) -> None:
    lamp, chair = receive(line(price="100.000"), line("Kursi", "50.000"))
    till = open_till("pengelola")
    sales = []
    for item in (lamp, chair):
        till.scan(item.code)
        for kind, amount, payee in (("delivery", "25.000", "driver"), ("packing", "5.000", "showroom")):
            typed = Typed(kind=kind, amount=amount, payee=payee)
            service_lines.add_service(till.basket_id, typed, till.who, request_id())
        sales.append(rung_up(till))
    assert table(pengamat)[-1][-2:] == ["Rp10.000", "Rp50.000"]
    refund.refund(sales[0], Asked({}, (), {}, "salah", "void"), till.who, request_id())
    assert table(pengamat)[-1] == ["2", "1", "Rp50.000", "Rp42.500", "Rp7.500", "Rp5.000", "Rp25.000"]


def test_a_month_begins_at_midnight_in_jakarta(pengamat: FlaskClient) -> None:
    codes, till = [item.code for item in receive(line(price="100.000", quantity="4"))], open_till()
    sell(till, codes[0], this_month())
    sell(till, codes[1], this_month() - timedelta(microseconds=1))
    sell(till, codes[2], last_month())
    sell(till, codes[3], last_month() - timedelta(microseconds=1))
    assert this_month().hour == 17, "in UTC"
    assert [row[0] for row in table(pengamat)[-3:]] == ["1", "2", "1"]


def test_what_is_older_than_six_months_is_left_out(pengamat: FlaskClient) -> None:
    codes, till = [item.code for item in receive(line(quantity="2"))], open_till()
    first = jakarta_date(now())
    for _month in range(5):
        first = previous_month(first)
    sell(till, codes[0], month_start(first))
    sell(till, codes[1], month_start(first) - timedelta(microseconds=1))
    assert [row[0] for row in table(pengamat)] == ["1", "0", "0", "0", "0", "0"]


def test_the_neighbours_sales_are_not_counted(auth: Auth, pengamat: FlaskClient) -> None:
    [rack] = receive(line("Rak"), crafter="Wagiman", by="petugas-tetangga")
    till = open_till("petugas-tetangga")
    till.scan(rack.code)
    till.pay()
    assert table(pengamat)[-1] == NOTHING
    assert table(auth("tetangga"))[-1][0] == "1"


def test_a_crafter_who_stopped_is_not_counted(auth: Auth, pengamat: FlaskClient) -> None:
    stopped = {"name": "Slamet", "commission_percent": "20", "active": "", "request_id": request_id()}
    assert auth("pengelola").post(f"/crafters/{crafter_id('Slamet')}", data=stopped).status_code == 303
    assert "<strong>1</strong>" in pengamat.get("/reports").text


def test_observers_see_no_bank_details_and_no_persons_money(app: Flask, auth: Auth, pengamat: FlaskClient) -> None:
    bank = {
        "name": "Tutik Handayani", "commission_percent": "15", "active": "1", "bank_name": "Bank Contoh",
        "bank_account": "000 111 222", "bank_holder": "Tutik H", "request_id": request_id(),
    }  # fmt: skip
    tutik = crafter_id("Tutik")
    assert auth("pengelola").post(f"/crafters/{tutik}", data=bank).status_code == 303
    [lamp] = receive(line("Lampu"))
    till = open_till()
    till.scan(lamp.code)
    till.pay()
    for path in ("/reports", "/items", f"/q/{lamp.code}"):
        page = pengamat.get(path).text
        for hidden in ("Bank Contoh", "000 111 222", "Tutik H<", "Perajin terima", "Riwayat"):
            assert hidden not in page, (path, hidden)
    for path in (f"/crafters/{tutik}", "/crafters", "/sales", "/sales/1", "/till", "/settings", "/users"):
        assert pengamat.get(path).status_code == 403, path


def test_the_chart_says_what_the_table_says(pengamat: FlaskClient) -> None:
    [lamp], till = receive(line(price="1.250.000")), open_till()
    till.scan(lamp.code)
    till.pay()
    page = pengamat.get("/reports").text
    chart = page[page.index('<svg class="chart"') : page.index("</svg>", page.index('<svg class="chart"'))]
    above_the_bars = re.findall(r"<text[^>]*>([^<]+)</text>", chart)[::2]
    assert above_the_bars == ["0"] * 5 + ["1.250"]
    assert [row[2] for row in table(pengamat)] == ["Rp0"] * 5 + ["Rp1.250.000"]
