"""Payouts on the screen and on paper: ticks before paying, the kuitansi, the bank's list."""

import re

import pytest
from flask import Flask
from sqlalchemy import update

from showroom_app.extensions import begin_write, commit, now, reading
from showroom_app.lib.clock import jakarta_date
from showroom_app.lib.typed import Typed
from showroom_app.payouts import documents, payout, reversal
from showroom_app.payouts.payout import Pay
from showroom_app.people import accounts, crafters, showrooms
from showroom_app.people.crafters import owed
from showroom_app.people.models import Crafter
from showroom_app.web.filters import short_hash
from tests.builders import crafter_id, lend_to, line, open_till, receive, request_id, user
from tests.conftest import Auth
from tests.rules import pdf_text, rows, rules, sell, words
from tests.web.forms import SETTINGS


def sold(*prices: str, crafter: str = "Tutik") -> None:
    goods = receive(*[line(price=price) for price in prices], crafter=crafter)
    till = open_till("petugas" if crafter == "Tutik" else "petugas2", "K1" if crafter == "Tutik" else "K2")
    for item in goods:
        sell(till, item.code)


def form(**more: str) -> dict[str, str]:
    fields = {"until": jakarta_date(now()).isoformat(), "pay1": "1", "amount1": "85000", "method1": "office"}
    return fields | {"request_id": request_id()} | more


def kuitansi(amount: int, **more: str) -> str:
    one = Pay(crafter_id("Tutik"), amount, more.pop("method", "office"), **more)  # type: ignore[arg-type]
    told = payout.pay([one], jakarta_date(now()), user("pengelola"), request_id())
    return pdf_text(documents.receipts_pdf([payout.payout_row(reading(), told.payout_ids[0], 1)]))


def test_it_is_looked_at_then_ticked_then_paid(app: Flask, auth: Auth) -> None:
    sold("100.000")
    client = auth("pengelola")
    page = client.get("/payouts").text
    assert re.search(r'name="pay1"[^>]* checked', page)
    assert 'name="amount1" value="85000"' in page
    asked = words(client.post("/payouts", data=form()).text)
    for seen in (
        "Bayar 1 perajin sekarang?",
        "Siapkan uang tunai Rp85.000",
        "1×50.000 · 1×20.000 · 1×10.000 · 1×5.000",
    ):
        assert seen in asked, seen
    unticked = client.post("/payouts", data=form(confirm="1"))
    assert (unticked.status_code, "Centang dulu" in unticked.text) == (422, True)
    assert rows("payout") == []
    sent = form(confirm="1", counted="1")
    answer = client.post("/payouts", data=sent)
    assert (answer.status_code, answer.location) == (303, "/payouts/batches/1")
    assert client.post("/payouts", data=sent).location == "/payouts/batches/1"
    assert (len(rows("payout")), owed(crafter_id("Tutik"))) == (1, 0)
    batch = words(client.get("/payouts/batches/1").text)
    assert "1 perajin dibayar" in batch
    assert "KW-KTR-00001" in batch


def test_a_transfer_is_ticked_too_and_wants_its_reference(app: Flask, auth: Auth) -> None:
    sold("100.000")
    client = auth("pengelola")
    sent = form(method1="transfer", confirm="1")
    assert "Centang dulu" in client.post("/payouts", data=sent | {"counted": "1"}).text
    refused = client.post("/payouts", data=sent | {"transferred": "1"})
    assert (refused.status_code, "Isi nomor referensi" in refused.text) == (422, True)
    answer = client.post("/payouts", data=form(method1="transfer", confirm="1", transferred="1", reference="BCA 9"))
    assert answer.status_code == 303
    assert [row.reference for row in rows("payout")] == ["BCA 9"]


def test_what_is_confirmed_is_what_was_shown(app: Flask, auth: Auth) -> None:
    """Something was sold between choosing and confirming: the question and what is sent with "yes" are one sum."""
    sold("100.000", "50.000")
    page = auth("pengelola").post("/payouts", data=form(amount1="85000")).text
    if "sekarang?" in page:
        shown = re.search(r"Ya, catat Rp([\d.]+)", page)
        sent = re.search(r'name="amount1" value="(\d+)"', page)
        assert shown and sent
        assert shown[1].replace(".", "") == sent[1]
    else:
        assert "Saldo Tutik Handayani sekarang Rp127.500" in words(page)


@pytest.mark.parametrize(
    ("more", "sentence"),
    [
        ({"until": ""}, "Pilih tanggalnya"), ({"until": "besok"}, "Pilih tanggalnya"),
        ({"until": "2999-01-01"}, "belum tiba"), ({"until": "9999-12-31"}, "belum tiba"),
        ({"pay1": ""}, "Pilih dulu perajin"), ({"amount1": ""}, "tidak lengkap"), ({"amount1": "-5"}, "tidak lengkap"),
        ({"amount1": "9" * 40}, "tidak lengkap"), ({"method1": "cek"}, "Pilih cara bayarnya"),
        ({"amount1": "84000"}, "sekarang Rp85.000"), ({"pay999": "1", "amount999": "1", "method999": "office"}, ""),
    ],
)  # fmt: skip
def test_bad_input_pays_nothing(app: Flask, auth: Auth, more: dict[str, str], sentence: str) -> None:
    sold("100.000")
    answer = auth("pengelola").post("/payouts", data=form(confirm="1", counted="1", transferred="1", **more))
    assert answer.status_code == (422 if sentence else 404)
    assert sentence in words(answer.text)
    assert rows("payout") == []


def test_below_the_minimum_nobody_is_chosen_but_may_be(app: Flask, auth: Auth) -> None:
    rules(payout_rupiah_min=100_000)
    sold("100.000")
    client = auth("pengelola")
    page = client.get("/payouts").text
    assert "di bawah batas" in page
    assert not re.search(r'name="pay1"[^>]* checked', page)
    assert client.post("/payouts", data=form(confirm="1", counted="1")).status_code == 303


def test_only_a_manager_pays(app: Flask, auth: Auth) -> None:
    sold("100.000")
    for who in ("petugas", "perajin", "pengamat"):
        assert auth(who).post("/payouts", data=form(confirm="1", counted="1")).status_code == 403
    for address in ("/payouts/1", "/payouts/batches/1", "/payouts/1/receipt.pdf", "/payouts/batches/1/bank.csv"):
        assert auth("pengelola").get(address).status_code == 404
    kuitansi(85_000)
    for address in ("/payouts/1", "/payouts/batches/1", "/payouts/1/receipt.pdf", "/payouts/batches/1/bank.csv"):
        assert auth("tetangga").get(address).status_code == 404


def test_the_kuitansi_says_it_in_words(app: Flask) -> None:
    sold("100.000", "50.000")
    read = kuitansi(127_500, received_by="Ani", relation="anak")
    for seen in (
        "KW-KTR-00001", "seratus dua puluh tujuh ribu lima ratus rupiah", "Rp127.500", "Lampu gantung", "Ratna",
        "Tunai dari kantor", "Ani", "anak, mewakili Tutik Handayani", "Hasil penjualan barang titipan",
    ):  # fmt: skip
        assert seen.lower() in read.lower(), seen
    [row] = rows("payout")
    digest = next(entry.hash for entry in rows("entry") if entry.id == row.entry_id)
    assert short_hash(digest) in read
    assert "meterai" not in read.lower()


@pytest.mark.parametrize(("price", "stamped"), [("5.000.000", False), ("5.000.001", True)])
def test_above_five_million_it_asks_for_a_stamp(app: Flask, price: str, stamped: bool) -> None:
    goods = receive(line(price=price, commission_percent="0"))
    sell(open_till(), goods[0].code)
    read = kuitansi(int(price.replace(".", "")))
    assert ("tempel meterai Rp10.000" in read) == stamped


def test_the_kuitansi_is_the_same_bytes_twice(app: Flask, auth: Auth) -> None:
    sold("100.000")
    kuitansi(85_000)
    client = auth("pengelola")
    first = client.get("/payouts/1/receipt.pdf")
    assert first.mimetype == "application/pdf"
    assert client.get("/payouts/1/receipt.pdf").data == first.data == client.get("/payouts/batches/1/receipts.pdf").data


def test_the_kuitansi_bears_the_names_of_its_day(app: Flask, auth: Auth) -> None:
    sold("100.000")
    kuitansi(85_000)
    lent, manager, client = lend_to("Tutik"), user("pengelola"), auth("pengelola")
    papers = ("/payouts/1/receipt.pdf", "/payouts/batches/1/receipts.pdf", f"/advances/{lent}/receipt.pdf")
    before = [client.get(paper).data for paper in papers]
    for number in range(2):
        renamed = Typed(name=f"Ratna {number}", username="pengelola", role="manager", active="1")
        accounts.save_account(renamed, manager, request_id(), manager.id)
        moved = {"name": f"Galeri Lain {number}", "place": "Kota Batu", "address": "Jalan X"}
        showrooms.save_settings(Typed(SETTINGS | moved), b"", manager)
    assert [client.get(paper).data for paper in papers] == before
    read = pdf_text(before[0])
    assert "Galeri Uji" in read
    assert "Balearjosari," in read
    assert "Ratna 1" not in read


def test_the_banks_list_has_no_formulas(app: Flask, auth: Auth) -> None:
    sold("100.000")
    hostile = {"bank_name": "=HYPERLINK(1)", "bank_account": "0012 3456", "bank_holder": '@SUM(A1);"x"'}
    begin_write().execute(update(Crafter).where(Crafter.id == 1).values(**hostile))
    commit()
    kuitansi(85_000, method="transfer", reference="+62")
    answer = auth("pengelola").get("/payouts/batches/1/bank.csv")
    head, row = answer.data.decode("utf-8-sig").split("\r\n")[:2]
    assert head == "Bank;Nomor rekening;Atas nama;Jumlah uang;Referensi;Kuitansi"
    assert row == '\'=HYPERLINK(1);0012 3456;"\'@SUM(A1);""x""";85000;\'+62;KW-KTR-00001'
    assert [one.bank for one in rows("payout")] == ["=HYPERLINK(1) ••3456"]


def test_the_banks_list_before_anything_is_recorded(app: Flask, auth: Auth) -> None:
    typed = Typed(name="Tutik Handayani", commission_percent="15", active="1", bank_name="BRI", bank_account="111122")
    crafters.save_crafter(typed, user("pengelola"), request_id(), 1)
    sold("100.000")
    client = auth("pengelola")
    asked = client.post("/payouts", data=form(method1="transfer"))
    assert 'name="list"' in asked.text
    answer = client.post("/payouts", data=form(method1="transfer", list="1"))
    assert answer.data.decode("utf-8-sig").split("\r\n")[1] == "BRI;111122;Tutik Handayani;85000;;"
    assert (rows("payout"), owed(1)) == ([], 85_000)


def test_the_banks_list_stays_what_was_sent(app: Flask, auth: Auth) -> None:
    typed = Typed(name="Tutik Handayani", commission_percent="15", active="1", bank_name="BRI", bank_account="111122")
    crafters.save_crafter(typed, user("pengelola"), request_id(), 1)
    sold("100.000")
    kuitansi(85_000, method="transfer", reference="B 1")
    client = auth("pengelola")
    before = client.get("/payouts/batches/1/bank.csv").data
    crafters.save_crafter(Typed(typed | {"bank_account": "999988"}), user("pengelola"), request_id(), 1)
    assert client.get("/payouts/batches/1/bank.csv").data == before


def test_what_was_undone_is_not_sent_to_the_bank(app: Flask, auth: Auth) -> None:
    typed = Typed(name="Tutik Handayani", commission_percent="15", active="1", bank_name="BRI", bank_account="111122")
    crafters.save_crafter(typed, user("pengelola"), request_id(), 1)
    sold("100.000")
    kuitansi(85_000, method="transfer", reference="B 1")
    client = auth("pengelola")
    assert "bank.csv" in client.get("/payouts/batches/1").text
    reversal.undo_payout(1, "salah rekening", user("pengelola"), request_id())
    assert "111122" not in client.get("/payouts/batches/1/bank.csv").text
    assert "bank.csv" not in client.get("/payouts/batches/1").text
