"""What a suspicious cousin looks at: old statements, quiet months, voided receipts, transfers that went nowhere."""

from datetime import timedelta
from urllib.parse import unquote

import pytest
from flask import Flask
from sqlalchemy import text, update

from showroom_app.extensions import begin_write, commit, now, reading, rollback
from showroom_app.lib.clock import jakarta_date
from showroom_app.lib.refusal import Refusal
from showroom_app.payouts import advance, documents, payout
from showroom_app.payouts.advance import Lend
from showroom_app.payouts.payout import Pay
from showroom_app.payouts.statement import statement
from showroom_app.people.models import Crafter, Showroom
from showroom_app.sales import refund
from showroom_app.sales.checkout import Tendered
from showroom_app.sales.refund import Asked
from tests.builders import crafter_id, line, open_till, receive, request_id, user
from tests.conftest import Auth


def no_bank() -> None:
    """Slamet has no account at a bank; anybody may be lent something."""
    conn = begin_write()
    conn.execute(update(Crafter).where(Crafter.name == "Slamet Riyadi").values(bank_account=""))
    conn.execute(update(Showroom).values(advance_rupiah_max=500_000))
    commit()


def test_a_transfer_needs_somewhere_to_go(app: Flask) -> None:
    no_bank()
    slamet, manager, today = crafter_id("Slamet"), user("pengelola"), jakarta_date(now())
    lamps = receive(line(price="100.000"), crafter="Slamet")
    till = open_till()
    till.scan(lamps[0].code)
    till.pay()
    one = Pay(slamet, 85_000, "transfer", "TRX 1")
    with pytest.raises(Refusal, match="belum punya nomor rekening"):
        payout.pay([one], today, manager, request_id())
    with pytest.raises(Refusal, match="belum punya nomor rekening"):
        documents.bank_list_of([one], 1)
    with pytest.raises(Refusal, match="belum punya nomor rekening"):
        advance.lend(Lend(slamet, 1_000, "transfer", "beli rotan", "TRX 2"), manager, request_id())
    payout.pay([Pay(slamet, 85_000, "office")], today, manager, request_id())


def test_money_given_back_by_the_bank_can_be_found_there(app: Flask) -> None:
    [lamp] = receive(line(price="100.000"))
    till = open_till()
    till.scan(lamp.code)
    sale_id = till.pay(Tendered("transfer", 100_000, "Bu Rina"))
    asked = Asked({1: (1, "shelf")}, (), {}, "cacat")
    with pytest.raises(Refusal, match="supaya bisa dicari di bank"):
        refund.refund(sale_id, asked, till.who, request_id())
    asked = Asked({1: (1, "shelf")}, (), {}, "cacat", reference="BCA 77")
    refund.refund(sale_id, asked, till.who, request_id())


@pytest.mark.parametrize(("kind", "mark"), [("refund", "RETUR R-K1-00001"), ("void", "DIBATALKAN R-K1-00001")])
def test_a_receipt_printed_again_says_what_became_of_it(auth: Auth, kind: str, mark: str) -> None:
    [lamp] = receive(line(price="100.000"))
    till = open_till()
    till.scan(lamp.code)
    sale_id = till.pay()
    client = auth("petugas")
    assert mark not in client.get(f"/sales/{sale_id}").text
    refund.refund(sale_id, Asked({1: (1, "shelf")}, (), {}, "cacat", kind), till.who, request_id())
    paper = client.get(f"/sales/{sale_id}").text.split('class="paper"')[1]
    assert mark in paper
    assert mark in unquote(client.get(f"/sales/{sale_id}/whatsapp").headers["Location"])
    rollback()
    today = jakarta_date(now())
    came_back = statement(crafter_id("Tutik"), today, today).events[-1]
    assert "R-K1-00001 · dari struk K1-00001 · cacat" in came_back.about


def test_an_old_month_is_what_it_was_and_a_quiet_one_has_its_seal(app: Flask) -> None:
    tutik, today = crafter_id("Tutik"), jakarta_date(now())
    lamps = receive(line(price="100.000", quantity="3"))
    till = open_till()
    till.scan(lamps[0].code)
    first = till.pay()
    before = statement(tutik, today, today)
    assert before.hash
    for lamp in lamps[1:]:
        till.scan(lamp.code)
        till.pay()
    refund.refund(first, Asked({1: (1, "shelf")}, (), {}, "cacat"), till.who, request_id())
    rollback()
    yesterday = today - timedelta(days=1)
    old = statement(tutik, yesterday - timedelta(days=9), yesterday)
    assert (old.opening, old.events, old.closing, old.hash) == (0, [], 0, "")
    whole = statement(tutik, yesterday, today)
    assert (whole.opening, whole.closing) == (0, 170_000)
    later = statement(tutik, today + timedelta(days=1), today + timedelta(days=30))
    last = "SELECT e.hash FROM entry e WHERE e.kind = 'refund'"
    assert (later.opening, later.closing, later.events) == (170_000, 170_000, [])
    assert later.hash == reading().execute(text(last)).scalar()
