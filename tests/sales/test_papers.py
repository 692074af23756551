"""A sale and what came back of it lead to each other wherever one of them is told of."""

from datetime import date

from flask import Flask
from flask.testing import FlaskClient

from showroom_app.extensions import now
from showroom_app.lib.clock import jakarta_date
from showroom_app.payouts import documents, payout
from showroom_app.payouts.payout import Pay
from showroom_app.payouts.statement import statement
from showroom_app.sales import refund
from showroom_app.sales.refund import Asked
from tests.builders import Till, crafter_id, line, open_till, receive, request_id, user
from tests.conftest import Auth
from tests.rules import jakarta, pdf_text, rules, sell, words

MARCH = (date(2026, 3, 1), date(2026, 3, 31))
SALE, SLIP = 'href="/sales/{}">K1-{:05d}</a>', 'href="/refunds/{}">R-K1-{:05d}</a>'


def back(till: Till, sale_id: int, day: int = 0, month: int = 3, kind: str = "refund") -> int:
    at = jakarta(day, month=month) if day else None
    asked = Asked({1: (1, "shelf")}, (), {}, "cacat", kind)
    return refund.refund(sale_id, asked, till.who, request_id(), approver=user("pengelola"), at=at)


def lot(till: Till, *days: int) -> list[int]:
    [rings] = receive(line("Gantungan", "100.000", "9", per_piece="lot"))
    return [sell(till, rings.code, at=jakarta(day) if day else None) for day in days]


def pay(amount: int, until: date | None = None) -> int:
    told = payout.pay(
        [Pay(crafter_id("Tutik"), amount, "office")], until or jakarta_date(now()), user("pengelola"), request_id()
    )
    return told.payout_ids[0]


def kuitansi(client: FlaskClient, payout_id: int) -> bytes:
    return client.get(f"/payouts/{payout_id}/receipt.pdf").data


def test_in_the_lists_of_sales_and_of_refunds(app: Flask, auth: Auth) -> None:
    till, client = open_till(), auth("petugas")
    first, second = lot(till, 0, 0)
    slip, void = back(till, first), back(till, second, kind="void")
    page = client.get("/sales").text
    assert f'href="/refunds/{slip}">ada retur</a>' in page
    assert f'href="/refunds/{void}">dibatalkan</a>' in page
    page = client.get("/refunds").text
    for sale_id in (first, second):
        assert SALE.format(sale_id, sale_id) in page
    [rings] = receive(line("Lampu", "5.000", "3", per_piece="lot"))
    till.scan(rings.code)
    twice = sell(till, rings.code)
    for number in range(2):
        refund_id = back(till, twice)
        page = client.get("/sales").text
        assert f'href="/refunds/{refund_id}">ada retur{f" R-K1-{refund_id:05d}" if number else ""}</a>' in page


def test_on_a_payouts_page_and_its_kuitansi(app: Flask, auth: Auth) -> None:
    till, client = open_till(), auth("pengelola")
    first, second, third = lot(till, 0, 0, 0)
    slip = back(till, first)
    payout_id = pay(170_000)
    paper, page = kuitansi(client, payout_id), client.get(f"/payouts/{payout_id}").text
    assert f"R-K1-00001 · dari struk K1-{first:05d}" in pdf_text(paper)
    assert f"{SLIP.format(slip, slip)} · dari struk <a {SALE.format(first, first)}" in page
    assert f"{SALE.format(first, first)} · diretur <a {SLIP.format(slip, slip)}" in page
    for sale_id in (second, third):
        assert SALE.format(sale_id, sale_id) in page
    late = back(till, second)
    assert f"{SALE.format(second, second)} · diretur <a {SLIP.format(late, late)}" in (
        client.get(f"/payouts/{payout_id}").text
    )
    assert kuitansi(client, payout_id) == paper, "what came back after it was paid is not on its paper"


def test_what_the_showroom_bore_names_its_receipt_too(app: Flask, auth: Auth) -> None:
    rules(paid_refund_bearer="showroom")
    till, client = open_till(), auth("pengelola")
    first, second = lot(till, 0, 0)
    pay(170_000)
    slip = back(till, first)
    lot(till, 0)
    read = pdf_text(kuitansi(client, pay(85_000)))
    assert read.count(f"R-K1-{slip:05d} · dari struk K1-{first:05d}") == 2
    assert f"K1-{second:05d}" not in read


def test_on_statements_of_office_and_crafter(app: Flask, auth: Auth) -> None:
    till = open_till()
    first, second = lot(till, 5, 6)
    slip = back(till, first, 7)
    tutik = crafter_id("Tutik")
    paper = documents.statement_pdf(statement(tutik, *MARCH))
    read = pdf_text(paper)
    assert f"K1-{first:05d} · diretur R-K1-{slip:05d} · 1 × Rp100.000" in read
    assert f"R-K1-{slip:05d} · dari struk K1-{first:05d} · cacat" in read
    late = back(till, second, 2, month=4, kind="void")
    assert documents.statement_pdf(statement(tutik, *MARCH)) == paper, "it came back after the month was over"
    dates = "?from=2026-03-01&to=2026-03-31"
    page = auth("pengelola").get(f"/crafters/{tutik}/statement{dates}").text
    for sale_id, refund_id, said in ((first, slip, "diretur"), (second, late, "dibatalkan")):
        assert f"{SALE.format(sale_id, sale_id)} · {said} <a {SLIP.format(refund_id, refund_id)}" in page
    assert f"{SLIP.format(slip, slip)} · dari struk <a {SALE.format(first, first)} · cacat" in page
    own = auth("perajin").get(f"/my/statement{dates}").text
    assert f"K1-{first:05d} · diretur R-K1-{slip:05d} · 1 × Rp100.000" in words(own)
    assert not [path for path in ('href="/sales/', 'href="/refunds/') if path in own]
