"""Undoing an advance: the debt is gone, the money back; not where a payout took it back already."""

import pytest
from flask import Flask

from showroom_app.extensions import now, reading, rollback
from showroom_app.lib.clock import jakarta_date
from showroom_app.lib.money import in_notes
from showroom_app.lib.refusal import NotHere, Refusal
from showroom_app.payouts import advance, documents, payout, reversal
from showroom_app.payouts.advance import Lend, advance_row
from showroom_app.payouts.payout import Pay
from showroom_app.payouts.statement import statement
from showroom_app.people.crafters import owed
from showroom_app.sales import shift
from showroom_app.sales.shift_report import report
from tests.builders import crafter_id, line, open_till, receive, request_id, user
from tests.conftest import Auth
from tests.rules import activities, pdf_text, posted, rows, rules, sell, words


def lend(amount: int = 60_000, method: str = "office") -> int:
    rules(advance_rupiah_max=100_000)
    asked = Lend(crafter_id("Tutik"), amount, method, "beli bahan")  # type: ignore[arg-type]
    return advance.lend(asked, user("pengelola"), request_id())


def undo(advance_id: int, reason: str = "dikembalikan", by: str = "pengelola", request: str = "") -> int:
    return reversal.undo_advance(advance_id, reason, user(by), request or request_id())


def test_the_debt_is_gone_and_the_office_has_its_money(app: Flask) -> None:
    advance_id = lend()
    undo(advance_id)
    assert (owed(crafter_id("Tutik")), posted("office")) == (0, 0)
    assert advance.limit_of(crafter_id("Tutik")) == 100_000
    [lamp] = receive(line(price="100.000"))
    sell(open_till(float_rupiah=0), lamp.code)
    payout.pay([Pay(crafter_id("Tutik"), 85_000, "office")], jakarta_date(now()), user("pengelola"), request_id())
    today = jakarta_date(now())
    kinds = [(event.kind, event.amount) for event in statement(crafter_id("Tutik"), today, today).events]
    assert kinds == [("advance", -60_000), ("advance_reversed", 60_000), ("sale", 85_000), ("payout", -85_000)]
    assert [row.subject for row in activities("advance-reversal")] == [f"advance:{advance_id}"]


def test_out_of_a_drawer_it_comes_back_there_or_once_that_is_closed_to_the_office(app: Flask) -> None:
    own = open_till("pengelola", "K2", 100_000)
    undo(lend(method="drawer"))
    assert (posted("drawer", own.shift_id), report(own.shift_id).expected) == (100_000, 100_000)
    late = lend(method="drawer")
    shift.close_shift(own.shift_id, in_notes(40_000), own.who, request_id())
    undo(late)
    assert (posted("drawer", own.shift_id), posted("office"), owed(crafter_id("Tutik"))) == (0, 0, 0)


def test_what_a_payout_took_back_is_undone_only_after_that_payout(app: Flask) -> None:
    advance_id = lend()
    [lamp] = receive(line(price="100.000"))
    sell(open_till(float_rupiah=0), lamp.code)
    told = payout.pay(
        [Pay(crafter_id("Tutik"), 25_000, "office")], jakarta_date(now()), user("pengelola"), request_id()
    )
    with pytest.raises(Refusal, match="sudah dipotong dari pembayaran"):
        undo(advance_id)
    reversal.undo_payout(told.payout_ids[0], "keliru", user("pengelola"), request_id())
    undo(advance_id)
    assert owed(crafter_id("Tutik")) == 85_000


def test_once_with_a_reason_by_a_manager_of_the_house(app: Flask) -> None:
    advance_id, key = lend(), request_id()
    with pytest.raises(Refusal, match="Tulis alasannya"):
        undo(advance_id, "")
    with pytest.raises(Refusal, match="Hanya pengelola"):
        undo(advance_id, by="petugas")
    for wrong, by in ((advance_id, "tetangga"), (10**9, "pengelola")):
        with pytest.raises(NotHere):
            undo(wrong, by=by)
    undo(advance_id, request=key)
    undo(advance_id, request=key)
    with pytest.raises(Refusal, match="sudah dibatalkan"):
        undo(advance_id)
    assert len([row for row in rows("entry") if row.kind == "advance_reversal"]) == 1


def test_on_its_page_and_its_paper(app: Flask, auth: Auth) -> None:
    advance_id, client = lend(), auth("pengelola")
    page = client.get(f"/advances/{advance_id}")
    assert "KB-KTR-00001" in page.text
    paper = pdf_text(documents.advance_pdf(advance_row(reading(), advance_id, 1)))
    assert "Enam puluh ribu rupiah" in paper
    assert "Kasbon: beli bahan" in paper
    refused = client.post(f"/advances/{advance_id}/reversal", data={"reason": " ", "request_id": request_id()})
    assert (refused.status_code, "Tulis alasannya" in refused.text) == (422, True)
    done = client.post(f"/advances/{advance_id}/reversal", data={"reason": "salah", "request_id": request_id()})
    assert done.status_code == 303
    assert "Dibatalkan" in words(client.get(f"/advances/{advance_id}").text)
    assert "dibatalkan" in words(client.get("/payouts/history").text)
    rollback()
    assert "DIBATALKAN" in pdf_text(documents.advance_pdf(advance_row(reading(), advance_id, 1)))
