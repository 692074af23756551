"""Refunds on the screen: found by number or piece, shown before they are kept, linked both ways; and two at once."""

import re
from functools import partial

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import text

from showroom_app.extensions import now, reading
from showroom_app.lib.clock import jakarta_date
from showroom_app.lib.money import in_notes
from showroom_app.lib.refusal import Refusal
from showroom_app.payouts import payout
from showroom_app.payouts.payout import Pay
from showroom_app.people.crafters import owed
from showroom_app.sales import refund, shift
from showroom_app.sales.checkout import Tendered
from showroom_app.sales.refund import Asked
from tests.builders import crafter_id, line, open_till, receive, request_id, user
from tests.conftest import Auth
from tests.faults.test_race import at_once, refusals
from tests.rules import activities, posted, rows, rules, sell, words


def confirm(client: FlaskClient, address: str, **more: str) -> dict[str, str]:
    """The confirming form as the page shows it, with what a person adds."""
    page = client.get(address).text
    form = page[page.index('data-request-id="keep"') :]
    fields = re.findall(r'<input[^>]*name="([^"]+)"[^>]*value="([^"]*)"', form[: form.index("</form>")])
    return dict(fields) | more


def test_found_by_number_and_by_piece(app: Flask, auth: Auth) -> None:
    [lamp], till = receive(), open_till()
    sale_id, client = sell(till, lamp.code), auth("petugas2")
    for typed in ("K1-00001", "k1-1", "1"):
        assert client.get("/refunds", query_string={"q": typed}).location == f"/sales/{sale_id}/refunds", typed
    for typed in (lamp.code, lamp.code.lower(), f"https://galeri.contoh.id/q/{lamp.code}"):
        found = client.get("/refunds", query_string={"q": typed})
        assert found.location == f"/sales/{sale_id}/refunds?item={lamp.id}", typed
    assert 'name="q1" value="1"' in client.get(found.location).text, "the piece that was scanned is filled in"
    for typed in ("K2-00001", "K1-00002", "x", "%", "9" * 30, "7K3QXM2F", "'; DROP TABLE sale"):
        assert "Tidak ketemu" in client.get("/refunds", query_string={"q": typed}).text, typed


def test_a_piece_sold_twice_offers_both_sales(app: Flask, auth: Auth) -> None:
    [lamp], till = receive(), open_till()
    first = sell(till, lamp.code)
    refund.refund(first, Asked({1: (1, "shelf")}, (), {}, "cacat"), till.who, request_id())
    second = sell(till, lamp.code)
    page = auth("petugas").get("/refunds", query_string={"q": lamp.code}).text
    assert [int(one) for one in re.findall(r"/sales/(\d+)/refunds\?item=", page)] == [second, first]


def test_of_many_sales_of_a_lot_it_is_said_that_there_are_more(app: Flask, auth: Auth) -> None:
    [rings], till, client = receive(line(quantity="30", per_piece="lot")), open_till(), auth("petugas")
    sold = [sell(till, rings.code) for _buyer in range(20)]
    page = client.get("/refunds", query_string={"q": rings.code}).text
    assert [int(one) for one in re.findall(r"/sales/(\d+)/refunds\?item=", page)] == sold[::-1]
    assert "yang lebih lama masih ada" not in page
    sold.append(sell(till, rings.code))
    page = client.get("/refunds", query_string={"q": rings.code}).text
    assert [int(one) for one in re.findall(r"/sales/(\d+)/refunds\?item=", page)] == sold[:0:-1]
    assert "Ini 20 penjualan terbaru; yang lebih lama masih ada. Ketik nomor struknya." in page


def test_what_it_does_is_shown_and_nothing_kept_before_it_is_confirmed(app: Flask, auth: Auth) -> None:
    [lamp], till = receive(line(price="100.000")), open_till()
    sale_id, client = sell(till, lamp.code), auth("petugas")
    address = f"/sales/{sale_id}/refunds?q1=1&p1=damaged&reason=cacat"
    page = words(client.get(address).text)
    assert "Uang kembali ke pembeli Rp100.000" in page
    assert "Tutik Handayani Rp85.000 → Rp0" in page
    assert rows("refund") == []
    form = confirm(client, address)
    answer = client.post(f"/sales/{sale_id}/refunds", data=form)
    assert (answer.status_code, answer.location) == (303, "/refunds/1")
    slip = words(client.get("/refunds/1").text)
    for seen in ("Retur tercatat", "R-K1-00001", "Rp100.000", "cacat", "rusak", "Struk asli K1-00001"):
        assert seen in slip
    assert client.post(f"/sales/{sale_id}/refunds", data=form).location == "/refunds/1", "sent again, it is one refund"
    assert len(rows("refund")) == 1


def test_sale_and_refund_lead_to_each_other(app: Flask, auth: Auth) -> None:
    [lamp], till, client = receive(), open_till(), auth("petugas")
    sale_id = sell(till, lamp.code)
    refund_id = refund.refund(sale_id, Asked({1: (1, "shelf")}, (), {}, "cacat"), till.who, request_id())
    assert f'href="/refunds/{refund_id}"' in client.get(f"/sales/{sale_id}").text
    assert f'href="/sales/{sale_id}"' in client.get(f"/refunds/{refund_id}").text
    listed = client.get("/refunds").text
    assert "R-K1-00001" in listed
    assert f'href="/refunds/{refund_id}"' in listed
    assert "Sudah kembali semua" in client.get(f"/sales/{sale_id}/refunds").text
    assert [row.reverses_id for row in rows("entry") if row.kind == "refund"] == [rows("sale")[0].entry_id]


def test_after_a_payout_the_screen_says_what_becomes_of_the_crafter(app: Flask, auth: Auth) -> None:
    [lamp], till, client = receive(line(price="100.000")), open_till(), auth("petugas")
    sale_id = sell(till, lamp.code)
    payout.pay([Pay(crafter_id("Tutik"), 85_000, "office")], jakarta_date(now()), user("pengelola"), request_id())
    address = f"/sales/{sale_id}/refunds?q1=1&p1=shelf&reason=cacat"
    page = words(client.get(address).text)
    assert "Perajin sudah dibayar untuk barang ini" in page
    assert "menjadi utang, dipotong dari pembayaran berikutnya Rp0 → −Rp85.000" in page
    rules(paid_refund_bearer="showroom")
    assert "galeri menanggung Rp85.000 Rp0 → Rp0" in words(client.get(address).text)


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ("q1=2&reason=x", "tinggal 1 buah"),
        ("q1=abc&reason=x", "Isi jumlah dengan angka bulat"),
        ("q1=-1&reason=x", "Isi jumlah dengan angka bulat"),
        ("q1=0&reason=x", "Pilih dulu barang"),
        ("reason=x", "Pilih dulu barang"),
        ("q1=1&p1=rumah&reason=x", "Formulir ini tidak lengkap"),
        ("q1=1&money_cash=seribu&reason=x", "Isi jumlah dalam rupiah"),
        ("s1=1&reason=x", "Jasa tidak dikembalikan"),
        ("q" + "9" * 50 + "=1", "Pilih dulu barang"),
    ],
)
def test_bad_input_is_answered_in_words_with_what_was_typed(app: Flask, auth: Auth, query: str, sentence: str) -> None:
    [lamp], till = receive(), open_till()
    sale_id, client = sell(till, lamp.code), auth("petugas")
    answer = client.get(f"/sales/{sale_id}/refunds?{query}")
    assert answer.status_code == 422
    assert sentence in words(answer.text)
    posted_form = dict(pair.split("=") for pair in query.split("&")) | {"total": "275000", "request_id": request_id()}
    again = client.post(f"/sales/{sale_id}/refunds", data=posted_form)
    assert again.status_code == 422
    assert sentence in words(again.text)
    assert rows("refund") == []


def test_the_managers_yes_is_given_at_the_till(app: Flask, auth: Auth) -> None:
    rules(refund_rupiah_max=0)
    [lamp], till, client = receive(), open_till(), auth("petugas")
    sale_id = sell(till, lamp.code)
    address = f"/sales/{sale_id}/refunds?q1=1&p1=shelf&reason=cacat"
    assert "Perlu persetujuan pengelola" in client.get(address).text
    for name, secret, sentence in [
        ("", "", "Perlu persetujuan pengelola"),
        ("pengelola", "kata-keliru", "belum cocok"),
        ("petugas2", "kata-petugas2", "Hanya pengelola"),
        ("tetangga", "kata-tetangga", "Hanya pengelola galeri ini"),
    ]:
        answer = client.post(f"/sales/{sale_id}/refunds", data=confirm(client, address, username=name, secret=secret))
        assert answer.status_code == 422
        assert sentence in words(answer.text), name
        assert not secret or secret not in answer.text
    assert rows("refund") == []
    form = confirm(client, address, username="pengelola", secret="kata-pengelola")
    assert client.post(f"/sales/{sale_id}/refunds", data=form).status_code == 303
    assert "Disetujui Ratna" in words(client.get("/refunds/1").text)
    assert [row.actor_id for row in activities("approval")] == [user("pengelola").id]


def test_a_void_over_the_screen(app: Flask, auth: Auth) -> None:
    lamp, chair = receive(line(), line("Kursi", "100.000"))
    till, client = open_till(), auth("pengelola")
    open_till("pengelola", "K2", 500_000)
    sale_id = sell(till, lamp.code, chair.code)
    address = f"/sales/{sale_id}/refunds?kind=void&reason=salah"
    assert "Uang kembali ke pembeli Rp375.000" in words(client.get(address).text)
    client.post(f"/sales/{sale_id}/refunds", data=confirm(client, address))
    assert "Penjualan dibatalkan" in client.get("/refunds/1").text
    assert [row.kind for row in rows("refund")] == ["void"]


def test_next_doors_sale_and_slip_are_not_there(app: Flask, auth: Auth) -> None:
    [lamp], till, client = receive(), open_till(), auth("petugas-tetangga")
    sale_id = sell(till, lamp.code)
    refund.refund(sale_id, Asked({1: (1, "shelf")}, (), {}, "cacat"), till.who, request_id())
    for address in (f"/sales/{sale_id}/refunds", "/refunds/1", "/sales/999/refunds", "/refunds/999"):
        assert client.get(address).status_code == 404
    data = {"q1": "1", "p1": "shelf", "reason": "x", "total": "275000", "request_id": request_id()}
    assert client.post(f"/sales/{sale_id}/refunds", data=data).status_code == 404
    for typed in ("1", "K1-00001", lamp.code):
        assert "Tidak ketemu" in client.get("/refunds", query_string={"q": typed}).text


def test_crafters_and_observers_give_nothing_back(app: Flask, auth: Auth) -> None:
    [lamp], till = receive(), open_till()
    sale_id = sell(till, lamp.code)
    for who in ("perajin", "pengamat"):
        assert auth(who).post(f"/sales/{sale_id}/refunds", data={"q1": "1"}).status_code == 403


def give_back(sale_id: int, pieces: int, by: str) -> partial[int]:
    asked = Asked({1: (pieces, "shelf")}, (), {}, "cacat")
    return partial(refund.refund, sale_id, asked, user(by), request_id())


def test_two_at_once_never_give_back_more_than_was_sold(app: Flask) -> None:
    [rings] = receive(line("Gantungan", "10.001", "200", per_piece="lot"))
    till = open_till()
    open_till("petugas2", "K2", 1_000_000)
    for _round in range(8):
        sale_id = sell(till, *[rings.code] * 3)
        given = at_once(app, [give_back(sale_id, 2, "petugas"), give_back(sale_id, 2, "petugas2")])
        [refused] = refusals(given)
        assert "tinggal 1 buah" in refused.sentence
    assert owed(crafter_id("Tutik")) == 8 * (25_503 - 17_002)


def test_parts_given_back_at_once_add_up(app: Flask) -> None:
    [rings] = receive(line("Gantungan", "3.333", "30", per_piece="lot"))
    till = open_till()
    open_till("petugas2", "K2", 1_000_000)
    for _round in range(6):
        sale_id = sell(till, *[rings.code] * 3)
        acts = [give_back(sale_id, 1, by) for by in ("petugas", "petugas2", "petugas")]
        assert refusals(at_once(app, acts)) == []
    assert (owed(crafter_id("Tutik")), posted("commission"), posted("buyers")) == (0, 0, 0)


def test_a_refund_or_the_shifts_close_comes_first(app: Flask) -> None:
    [rings] = receive(line("Gantungan", "10.000", "30", per_piece="lot"))
    for _round in range(6):
        till = open_till()
        sale_id = sell(till, rings.code)
        close = partial(shift.close_shift, till.shift_id, in_notes(110_000), till.who, request_id(), note="hitung")
        given, difference = at_once(app, [give_back(sale_id, 1, "petugas"), close])
        assert difference == (0 if isinstance(given, Refusal) else 10_000)
    assert reading().execute(text("SELECT count(*) FROM shift WHERE closed_at IS NULL")).scalar_one() == 0


def test_mixed_money_is_chosen_on_the_screen(app: Flask, auth: Auth) -> None:
    [lamp], till, client = receive(line(price="100.000")), open_till(), auth("petugas")
    paid = (Tendered("qris", 60_000), Tendered("cash", 40_000))
    sale_id = sell(till, lamp.code, tendered=paid)
    address = f"/sales/{sale_id}/refunds?q1=1&p1=shelf&reason=cacat"
    form = confirm(client, address)
    assert (form["money_cash"], form["money_qris"]) == ("40.000", "60.000")
    wrong = client.post(f"/sales/{sale_id}/refunds", data=form | {"money_qris": "59.000"})
    assert (wrong.status_code, "Uang kembali harus Rp100.000" in words(wrong.text)) == (422, True)
    assert client.post(f"/sales/{sale_id}/refunds", data=form | {"reference": "RTN 1"}).status_code == 303
    assert [(row.tender, row.reference) for row in rows("refund_payment")] == [("cash", ""), ("qris", "RTN 1")]
