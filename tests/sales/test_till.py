"""The till over HTTP: fragments for htmx, pages without it; bad input gets a sentence and loses nothing."""

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import text

from showroom_app.extensions import reading
from tests.builders import Till, desk_id, line, open_till, receive, request_id
from tests.conftest import Auth

HTMX = {"HX-Request": "true", "HX-Current-URL": "http://localhost/till"}


@pytest.fixture
def till(app: Flask) -> Till:
    return open_till()


@pytest.fixture
def petugas(auth: Auth, till: Till) -> FlaskClient:
    return auth("petugas")


def scan(client: FlaskClient, till: Till, code: str, **headers: str) -> str:
    data = {"code": code, "request_id": request_id()}
    return client.post(f"/baskets/{till.basket_id}/lines", data=data, headers=HTMX | headers).text


def hidden(page: str, name: str) -> str:
    found = re.search(rf'name="{name}" value="([^"]*)"', page[page.index('id="pay"') :])
    assert found, name
    return found[1]


def pay_form(page: str, **more: str) -> dict[str, str]:
    form = {name: hidden(page, name) for name in ("request_id", "version", "total")}
    return form | {"tender": "cash", "received": form["total"]} | more


def checkout(client: FlaskClient, till: Till, form: dict[str, str]) -> tuple[int, str, str]:
    answer = client.post(f"/baskets/{till.basket_id}/checkout", data=form, headers=HTMX)
    return answer.status_code, answer.text, answer.headers.get("HX-Redirect", "")


def test_opening_a_shift_leads_to_the_till(app: Flask, auth: Auth) -> None:
    client = auth("petugas")
    assert client.get("/till").location == "/shifts/new"
    form = {"desk_id": str(desk_id("K1")), "float": "Rp 200.000,-", "request_id": request_id()}
    assert client.post("/shifts/new", data=form).location == "/till"
    assert "Pindai label, atau ketik kode / nama barang" in client.get("/till").text


@pytest.mark.parametrize("amount", ["", "-5", "dua ratus", "1,5", "9" * 30, "x" * 10_240])
def test_a_wrong_float_keeps_what_was_typed(app: Flask, auth: Auth, amount: str) -> None:
    form = {"desk_id": str(desk_id("K1")), "float": amount, "request_id": request_id()}
    answer = auth("petugas").post("/shifts/new", data=form)
    assert answer.status_code == 422
    assert f'value="{amount}"' in answer.text


def test_a_scan_answers_with_the_basket(petugas: FlaskClient, till: Till) -> None:
    [lamp] = receive(line("Lampu Kendil", "275.000"))
    fragment = scan(petugas, till, lamp.code)
    assert "<html" not in fragment
    assert "Lampu Kendil" in fragment
    assert "Selesaikan Rp275.000" in fragment
    assert 'class="fresh"' in fragment


def test_a_refused_scan_says_why_and_keeps_the_basket(petugas: FlaskClient, till: Till) -> None:
    [lamp] = receive(line("Lampu Kendil"))
    scan(petugas, till, lamp.code)
    data = {"code": lamp.code, "request_id": request_id()}
    answer = petugas.post(f"/baskets/{till.basket_id}/lines", data=data, headers=HTMX)
    assert answer.status_code == 422
    assert "sudah ada di keranjang ini" in answer.text
    assert "Selesaikan Rp275.000" in answer.text


def test_without_script_forms_post_and_come_back(petugas: FlaskClient, till: Till) -> None:
    [lamp] = receive(line("Lampu Kendil"))
    answer = petugas.post(f"/baskets/{till.basket_id}/lines", data={"code": lamp.code, "request_id": request_id()})
    assert (answer.status_code, answer.location) == (303, "/till")
    form = pay_form(petugas.get("/till").text)
    paid = petugas.post(f"/baskets/{till.basket_id}/checkout", data=form)
    assert paid.status_code == 303
    assert "Lunas" in petugas.get(paid.location).text


def test_cash_below_the_total_keeps_the_amount(petugas: FlaskClient, till: Till) -> None:
    [lamp] = receive()
    form = pay_form(scan(petugas, till, lamp.code), received="200.000")
    status, page, _to = checkout(petugas, till, form)
    assert status == 422
    assert "Uangnya kurang Rp75.000" in page
    assert 'value="200.000"' in page
    assert hidden(page, "request_id") == form["request_id"]


@pytest.mark.parametrize("received", ["", "abc", "-275000", "275000.5", "1e9", "x" * 10_240])
def test_what_is_no_money_is_refused(petugas: FlaskClient, till: Till, received: str) -> None:
    [lamp] = receive()
    status, page, _to = checkout(petugas, till, pay_form(scan(petugas, till, lamp.code), received=received))
    assert status == 422
    assert "Isi uang yang diterima" in page


@pytest.mark.parametrize("tender", ["qris", "transfer"])
def test_qris_and_transfer_need_the_money_seen(petugas: FlaskClient, till: Till, tender: str) -> None:
    [lamp] = receive()
    form = pay_form(scan(petugas, till, lamp.code), tender=tender)
    status, page, _to = checkout(petugas, till, form)
    assert status == 422
    assert "Lihat HP galeri dulu" in page
    status, _page, to = checkout(petugas, till, form | {"seen": "1", "reference": "BCA 1209"})
    assert (status, to) == (204, "/sales/1?new=1")


def test_an_unknown_tender_is_refused(petugas: FlaskClient, till: Till) -> None:
    [lamp] = receive()
    status, page, _to = checkout(petugas, till, pay_form(scan(petugas, till, lamp.code), tender="sweets"))
    assert (status, "Pilih cara bayar" in page) == (422, True)


@pytest.mark.parametrize("field", ["version", "total"])
@pytest.mark.parametrize("value", ["", "x", "-1", "9" * 40])
def test_tampered_figures_never_sell(petugas: FlaskClient, till: Till, field: str, value: str) -> None:
    [lamp] = receive()
    status, _page, _to = checkout(petugas, till, pay_form(scan(petugas, till, lamp.code)) | {field: value})
    assert status == 422
    assert reading().execute(text("SELECT count(*) FROM sale")).scalar_one() == 0


def test_sent_again_after_a_lost_reply_it_is_one_sale(petugas: FlaskClient, till: Till) -> None:
    [lamp] = receive()
    form = pay_form(scan(petugas, till, lamp.code))
    first, again = checkout(petugas, till, form), checkout(petugas, till, form)
    with_new_id = checkout(petugas, till, form | {"request_id": request_id()})
    assert first[2] == again[2] == "/sales/1?new=1"
    assert with_new_id[2] == "/sales/1"


def test_a_basket_changed_in_another_tab(petugas: FlaskClient, till: Till) -> None:
    lamp, chair = receive(line("Lampu", "100.000"), line("Kursi", "300.000"))
    old = pay_form(scan(petugas, till, lamp.code))
    scan(petugas, till, chair.code)
    status, page, _to = checkout(petugas, till, old)
    assert status == 422
    assert "Totalnya sekarang Rp400.000" in page
    assert hidden(page, "total") == "400000"
    assert hidden(page, "request_id") != old["request_id"], "another basket is another request"


def test_a_session_lost_in_mid_sale_finds_the_basket_again(
    app: Flask, auth: Auth, petugas: FlaskClient, till: Till
) -> None:
    [lamp] = receive(line("Lampu Kendil"))
    form = pay_form(scan(petugas, till, lamp.code))
    petugas.post("/sign-out")
    answer = petugas.post(f"/baskets/{till.basket_id}/checkout", data=form, headers=HTMX)
    assert (answer.status_code, answer.headers["HX-Redirect"]) == (401, "/sign-in?next=/till&ended=1")
    assert "Lampu Kendil" in auth("petugas").get("/till").text


@pytest.mark.parametrize("quantity", ["-1", "1.5", "", "abc", "99999999", "٣"])
def test_wrong_quantities(petugas: FlaskClient, till: Till, quantity: str) -> None:
    [rings] = receive(line("Gantungan", "12.000", "50", per_piece="lot"))
    scan(petugas, till, rings.code)
    address = f"/baskets/{till.basket_id}/lines/{rings.id}"
    answer = petugas.post(address, data={"quantity": quantity, "request_id": request_id()}, headers=HTMX)
    assert answer.status_code == 422
    assert "Selesaikan Rp12.000" in answer.text


def test_a_name_search_suggests(petugas: FlaskClient, till: Till) -> None:
    receive(line("Lampu meja"), line("Lampu gantung"), line("Kursi"))
    found = petugas.get(f"/baskets/{till.basket_id}/search?code=lampu", headers=HTMX).text
    assert "Lampu meja" in found
    assert "Kursi" not in found
    assert petugas.get(f"/baskets/{till.basket_id}/search?code=%25", headers=HTMX).text.strip() == ""


HOSTILE = "<script>alert(1)</script> “Kursi” 🪑 عربي {{7*7}} ' OR 1=1 --"


def test_hostile_names_are_text_everywhere(app: Flask, auth: Auth, petugas: FlaskClient, till: Till) -> None:
    [item] = receive(line(HOSTILE))
    pages = [scan(petugas, till, item.code), petugas.get(f"/q/{item.code}").text, petugas.get("/items?q=kursi").text]
    status, _page, to = checkout(petugas, till, pay_form(pages[0]))
    assert status == 204
    pages += [petugas.get(to).text, auth("perajin").get("/my").text, petugas.get("/consignments/1").text]
    for page in pages:
        assert "<script>alert" not in page
        assert "&lt;script&gt;alert(1)&lt;/script&gt; “Kursi” 🪑 عربي {{7*7}} &#39; OR 1=1 --" in page
    run = petugas.post("/labels", data={"consignment": "1", "request_id": request_id()}).location
    for document in ("/consignments/1/note.pdf", run):
        assert petugas.get(document).data.startswith(b"%PDF")
