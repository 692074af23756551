"""Undoing a payout: the money is back where it came from, what it paid is due again."""

import pytest
from flask import Flask

from showroom_app.extensions import now, reading
from showroom_app.lib.clock import jakarta_date
from showroom_app.lib.money import in_notes
from showroom_app.lib.refusal import NotHere, Refusal
from showroom_app.payouts import documents, payout, reversal
from showroom_app.payouts.payout import Pay
from showroom_app.people.crafters import owed
from showroom_app.sales import refund, shift
from showroom_app.sales.refund import Asked
from tests.builders import crafter_id, line, open_till, receive, request_id, user
from tests.conftest import Auth
from tests.rules import activities, pdf_text, posted, rows, rules, sell, words


def paid(method: str = "office", reference: str = "") -> int:
    """A payout of what one lamp brought."""
    [lamp] = receive(line(price="100.000"))
    till = open_till("petugas", "K1", 0)
    sell(till, lamp.code)
    pays = [Pay(crafter_id("Tutik"), 85_000, method, reference)]  # type: ignore[arg-type]
    return payout.pay(pays, jakarta_date(now()), user("pengelola"), request_id()).payout_ids[0]


def undo(payout_id: int, reason: str = "salah orang", by: str = "pengelola", request: str = "") -> None:
    reversal.undo_payout(payout_id, reason, user(by), request or request_id())


@pytest.mark.parametrize(("method", "reference", "account"), [("office", "", "office"), ("transfer", "B 1", "bank")])
def test_the_money_is_back_where_it_came_from(app: Flask, method: str, reference: str, account: str) -> None:
    payout_id = paid(method, reference)
    assert posted(account) == -85_000
    undo(payout_id)
    assert (posted(account), owed(crafter_id("Tutik"))) == (0, 85_000)
    [row] = rows("payout")
    assert (row.reversal_reason, row.reversed_by) == ("salah orang", user("pengelola").id)
    [noted] = activities("payout-reversal")
    assert noted.subject == f"payout:{payout_id}"


def test_into_the_drawer_while_it_is_open(app: Flask) -> None:
    own = open_till("pengelola", "K2", 100_000)
    undo(paid("drawer"))
    assert posted("drawer", own.shift_id) == 100_000
    assert shift.close_shift(own.shift_id, in_notes(100_000), own.who, request_id()) == 0


def test_into_the_office_once_the_drawer_is_closed(app: Flask) -> None:
    own = open_till("pengelola", "K2", 100_000)
    payout_id = paid("drawer")
    shift.close_shift(own.shift_id, in_notes(15_000), own.who, request_id())
    undo(payout_id)
    assert (posted("drawer", own.shift_id), posted("office"), owed(crafter_id("Tutik"))) == (0, 0, 85_000)


def test_it_can_be_paid_again_and_undone_again(app: Flask) -> None:
    payout_id, tutik = paid(), crafter_id("Tutik")
    for _round in range(3):
        undo(payout_id)
        pays = [Pay(tutik, 85_000, "office")]
        payout_id = payout.pay(pays, jakarta_date(now()), user("pengelola"), request_id()).payout_ids[0]
    assert (owed(tutik), posted("office")) == (0, -85_000)
    assert [row.number for row in rows("payout")] == [1, 2, 3, 4]


def test_what_was_paid_after_it_stays_paid(app: Flask) -> None:
    first, tutik = paid(), crafter_id("Tutik")
    [chair] = receive(line("Kursi", "200.000"))
    sell(open_till("petugas2", "K2"), chair.code)
    payout.pay([Pay(tutik, 170_000, "office")], jakarta_date(now()), user("pengelola"), request_id())
    undo(first)
    assert owed(tutik) == 85_000
    payout.pay([Pay(tutik, 85_000, "office")], jakarta_date(now()), user("pengelola"), request_id())


def test_after_it_a_refund_finds_the_crafter_unpaid(app: Flask) -> None:
    rules(paid_refund_bearer="showroom")
    undo(paid())
    refund.refund(1, Asked({1: (1, "shelf")}, (), {}, "x"), user("petugas"), request_id())
    assert (owed(crafter_id("Tutik")), posted("loss")) == (0, 0)


def test_undone_twice_is_refused_and_pressed_twice_is_once(app: Flask) -> None:
    payout_id, key = paid(), request_id()
    undo(payout_id, request=key)
    undo(payout_id, request=key)
    with pytest.raises(Refusal, match="sudah dibatalkan"):
        undo(payout_id)
    assert len([row for row in rows("entry") if row.kind == "payout_reversal"]) == 1


def test_a_reason_is_asked_for_and_others_payouts_are_not_there(app: Flask) -> None:
    payout_id = paid()
    with pytest.raises(Refusal, match="Tulis alasannya"):
        undo(payout_id, "")
    for wrong, by in ((payout_id, "tetangga"), (10**9, "pengelola")):
        with pytest.raises(NotHere):
            undo(wrong, by=by)
    assert owed(crafter_id("Tutik")) == 0


def test_on_the_screen_and_on_its_paper(app: Flask, auth: Auth) -> None:
    payout_id, client = paid(), auth("pengelola")
    refused = client.post(f"/payouts/{payout_id}/reversal", data={"reason": " ", "request_id": request_id()})
    assert (refused.status_code, "Tulis alasannya" in refused.text) == (422, True)
    answer = client.post(f"/payouts/{payout_id}/reversal", data={"reason": "salah orang", "request_id": request_id()})
    assert answer.location == f"/payouts/{payout_id}"
    page = words(client.get(f"/payouts/{payout_id}").text)
    assert "salah orang" in page
    assert "Batalkan pembayaran ini" not in page
    assert "dibatalkan" in client.get("/payouts/history").text
    read = pdf_text(documents.receipts_pdf([payout.payout_row(reading(), payout_id, 1)]))
    assert "DIBATALKAN" in read
    assert "salah orang" in read
