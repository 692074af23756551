"""Statements: every month ties to the next, in words, and a closed period is the same bytes whenever it is made."""

from datetime import date
from itertools import pairwise
from urllib.parse import unquote

import pytest
from flask import Flask

from showroom_app.extensions import now
from showroom_app.lib.clock import jakarta_date
from showroom_app.lib.refusal import Refusal
from showroom_app.lib.typed import Typed
from showroom_app.payouts import advance, documents, payout, reversal
from showroom_app.payouts.advance import Lend
from showroom_app.payouts.payout import Pay
from showroom_app.payouts.statement import Statement, statement
from showroom_app.people import crafters, showrooms, sign_in
from showroom_app.people.crafters import owed
from showroom_app.sales import bargain, refund
from showroom_app.sales.refund import Asked
from tests.builders import crafter_id, line, open_till, receive, request_id, user
from tests.conftest import Auth
from tests.rules import jakarta, pdf_text, rules, sell, words
from tests.web.forms import SETTINGS

MARCH = (date(2026, 3, 1), date(2026, 3, 31))
APRIL = (date(2026, 4, 1), date(2026, 4, 30))
MAY = (date(2026, 5, 1), date(2026, 5, 31))


def busy_spring() -> int:
    """Three months of everything that can happen to a crafter's money. Returns Tutik's id."""
    rules(advance_rupiah_max=500_000, discount_bps_max=5_000)
    goods = receive(line("Lampu", "100.000"), line("Kursi", "200.000"), line("Meja", "300.000"), line("Rak", "400.000"))
    lamp, chair, table, rack = (item.code for item in goods)
    till, manager, tutik = open_till(float_rupiah=2_000_000), user("pengelola"), crafter_id("Tutik")
    first = sell(till, lamp, at=jakarta(5))
    till.scan(chair)
    bargain.give(till.basket_id, bargain.Wanted(None, bps=1_000, reason="tawar"), till.who, request_id())
    sell(till, at=jakarta(31, 23, minute=59))
    paid = payout.pay([Pay(tutik, 85_000, "office")], date(2026, 3, 30), manager, request_id(), at=jakarta(1, 0, 4))
    back = Asked({1: (1, "shelf")}, (), {}, "cacat")
    refund.refund(first, back, till.who, request_id(), approver=manager, at=jakarta(2, 10, 4))
    advance.lend(Lend(tutik, 50_000, "office", "beli bahan"), manager, request_id(), at=jakarta(3, 10, 4))
    reversal.undo_payout(paid.payout_ids[0], "salah orang", manager, request_id(), at=jakarta(4, 10, 4))
    second = sell(till, table, at=jakarta(5, 10, 4))
    payout.pay([Pay(tutik, owed(tutik), "office")], date(2026, 4, 30), manager, request_id(), at=jakarta(30, 10, 4))
    rules(paid_refund_bearer="showroom")
    refund.refund(second, back, till.who, request_id(), approver=manager, at=jakarta(1, 9, 5))
    sell(till, rack, at=jakarta(31, 9, 5))
    return tutik


def told(one: Statement) -> list[tuple[str, int]]:
    return [(event.kind, event.amount) for event in one.events]


def test_months_tie_together(app: Flask) -> None:
    tutik = busy_spring()
    march, april, may = (statement(tutik, *month) for month in (MARCH, APRIL, MAY))
    assert told(march) == [("sale", 85_000), ("sale", 153_000)]
    assert told(april) == [
        ("payout", -85_000), ("refund", -85_000), ("advance", -50_000), ("payout_reversed", 85_000),
        ("sale", 255_000), ("payout", -358_000),
    ]  # fmt: skip
    assert told(may) == [("refund", -255_000), ("compensation", 255_000), ("sale", 340_000)]
    assert (march.opening, march.closing) == (0, 238_000)
    assert (april.opening, april.closing) == (238_000, 0)
    assert (may.opening, may.closing) == (0, 340_000)
    whole = statement(tutik, MARCH[0], date(2026, 12, 31))
    assert (whole.opening, whole.closing) == (0, owed(tutik))
    assert told(whole) == told(march) + told(april) + told(may)
    days = [statement(tutik, date(2026, 4, day), date(2026, 4, day)) for day in range(1, 31)]
    assert all(one.closing == after.opening for one, after in pairwise(days))


@pytest.mark.parametrize(
    ("bearer", "said"),
    [("shared", "ditanggung bersama"), ("showroom", "ditanggung galeri"), ("crafter", "ditanggung perajin")],
)
def test_a_discount_says_who_bore_it(app: Flask, bearer: str, said: str) -> None:
    rules(discount_bearer=bearer)
    [lamp], till = receive(line(price="100.000")), open_till()
    till.scan(lamp.code)
    bargain.give(till.basket_id, bargain.Wanted(None, bps=1_000, reason="tawar"), till.who, request_id())
    sell(till, at=jakarta(5))
    [event] = statement(crafter_id("Tutik"), *MARCH).events
    assert f"K1-00001 · 1 × Rp100.000 · diskon Rp10.000, {said} · galeri Rp" in event.about


def test_a_discount_on_a_net_price_was_the_showrooms(app: Flask) -> None:
    [lamp], till = receive(line(price="100.000", terms_kind="net_price", net_price="75.000")), open_till()
    till.scan(lamp.code)
    bargain.give(till.basket_id, bargain.Wanted(None, bps=1_000, reason="tawar"), till.who, request_id())
    sell(till, at=jakarta(5))
    [event] = statement(crafter_id("Tutik"), *MARCH).events
    assert event.amount == 75_000
    assert "diskon Rp10.000, ditanggung galeri" in event.about


def test_a_closed_period_is_the_same_bytes_whatever_came_later(app: Flask) -> None:
    rules(advance_rupiah_max=500_000)
    tutik = crafter_id("Tutik")
    [lamp, chair] = receive(line(price="100.000"), line("Kursi", "200.000"))
    till = open_till(float_rupiah=1_000_000)
    sale_id = sell(till, lamp.code, at=jakarta(5))
    before = documents.statement_pdf(statement(tutik, *MARCH))
    sell(till, chair.code, at=jakarta(1, 0, 4))
    manager = user("pengelola")
    paid = payout.pay([Pay(tutik, 255_000, "office")], date(2026, 4, 2), manager, request_id(), at=jakarta(2, 9, 4))
    refund.refund(sale_id, Asked({1: (1, "shelf")}, (), {}, "x"), till.who, request_id(), approver=manager)
    reversal.undo_payout(paid.payout_ids[0], "salah", manager, request_id())
    assert documents.statement_pdf(statement(tutik, *MARCH)) == before
    again = Typed(name="Tutik Baru", workshop="Lain", phone="0812 0000 9999", address="RW 9", commission_percent="15")
    for number in range(2):
        renamed = Typed(again | {"name": f"Tutik Baru {number}", "active": "1", "may_sign_in": "1"})
        crafters.save_crafter(renamed, manager, request_id(), tutik)
        showrooms.save_settings(Typed(SETTINGS | {"name": f"Galeri Lain {number}", "address": "Jalan X"}), b"", manager)
    assert documents.statement_pdf(statement(tutik, *MARCH)) == before
    read = pdf_text(before)
    assert "Tutik Handayani" in read
    assert "Galeri Uji" in read
    assert "Rp85.000" in read
    today = jakarta_date(now())
    now_named = pdf_text(documents.statement_pdf(statement(tutik, today, today)))
    assert "Tutik Baru 1" in now_named


def test_whoever_prints_it_the_paper_is_the_same(app: Flask, auth: Auth) -> None:
    tutik = busy_spring()
    address = f"/crafters/{tutik}/statement.pdf?from=2026-04-01&to=2026-04-30"
    client = auth("pengelola")
    before = client.get(address).data
    sign_in.set_language(user("pengelola").id, "en")
    english = client.get(address).data
    assert pdf_text(english) == pdf_text(before)
    assert english == before
    assert auth("perajin").get("/my/statement.pdf?from=2026-04-01&to=2026-04-30").data == before


def test_on_the_screen_and_on_ones_own_phone(app: Flask, auth: Auth) -> None:
    tutik = busy_spring()
    pages = [
        auth("pengelola").get(f"/crafters/{tutik}/statement?from=2026-04-01&to=2026-04-30").text,
        auth("perajin").get("/my/statement?from=2026-04-01&to=2026-04-30").text,
    ]
    for page in map(words, pages):
        for seen in (
            "Saldo awal Rp238.000",
            "Saldo akhir Rp0",
            "Pembayaran dibatalkan",
            "salah orang",
            "Kasbon : beli bahan",
        ):
            assert seen in page.replace("Kasbon: ", "Kasbon : "), seen
        assert "Sementara" not in page
    assert "Sementara: periode ini belum selesai" in words(auth("perajin").get("/my/statement").text)


def test_a_crafter_sees_only_their_own(app: Flask, auth: Auth) -> None:
    busy_spring()
    client = auth("perajin")
    for address in ("/crafters/1/statement", "/crafters/2/statement", "/crafters/1/statement.pdf"):
        assert client.get(address).status_code == 403
    neighbour = auth("tetangga")
    for address in ("/crafters/1/statement", "/crafters/1/statement.pdf", "/crafters/1/statement/whatsapp"):
        assert neighbour.get(address).status_code == 404


def test_sent_by_whatsapp(app: Flask, auth: Auth) -> None:
    tutik = busy_spring()
    answer = auth("pengelola").get(f"/crafters/{tutik}/statement/whatsapp?from=2026-04-01&to=2026-04-30")
    assert answer.location.startswith("https://wa.me/6281200001001?text=")
    text = unquote(answer.location)
    for seen in ("Galeri Uji", "Laporan Tutik Handayani, 1 – 30 Apr 2026", "Saldo awal Rp238.000", "Saldo akhir Rp0"):
        assert seen in text, seen
    march = auth("pengelola").get(f"/crafters/{tutik}/statement/whatsapp?from=2026-03-01&to=2026-03-31")
    assert "Laku: Kursi Rp153.000 (1 × Rp200.000 · diskon Rp20.000, ditanggung bersama · galeri Rp27.000)" in unquote(
        march.location
    )


@pytest.mark.parametrize(
    "query",
    [
        "from=2026-04-30&to=2026-04-01", "from=2020-01-01&to=2026-04-01", "from=kemarin", "to=2026-13-01",
        "from=0001-01-01&to=0001-01-02", "from=9999-12-31&to=9999-12-31", "from=" + "9" * 5_000,
    ],
)  # fmt: skip
@pytest.mark.parametrize("end", ["", ".pdf", "/whatsapp"])
def test_dates_that_make_no_sense_are_answered_in_words(app: Flask, auth: Auth, query: str, end: str) -> None:
    answer = auth("pengelola").get(f"/crafters/1/statement{end}?{query}")
    assert answer.status_code == 422
    assert any(said in words(answer.text) for said in ("anggal akhir", "Isi tanggal", "Paling panjang dua tahun"))


def test_backwards_is_refused(app: Flask) -> None:
    with pytest.raises(Refusal, match="tidak boleh sebelum tanggal awal"):
        statement(crafter_id("Tutik"), MARCH[1], MARCH[0])
