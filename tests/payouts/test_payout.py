"""Payouts: each crafter whole or not at all, never more than is owed; what it paid is known for each."""

from datetime import date, timedelta

import pytest
from flask import Flask

from showroom_app.extensions import now, reading, rollback
from showroom_app.ledger import settle
from showroom_app.lib.clock import jakarta_date
from showroom_app.lib.money import in_notes
from showroom_app.lib.refusal import NotHere, Refusal
from showroom_app.lib.typed import Typed
from showroom_app.payouts import documents, due, history, payout, reversal
from showroom_app.payouts.payout import Outcome, Pay
from showroom_app.people import crafters
from showroom_app.people.crafters import owed
from showroom_app.sales import refund, shift
from showroom_app.sales.refund import Asked
from tests.builders import Till, crafter_id, line, open_till, receive, request_id, user
from tests.rules import jakarta, posted, rows, sell


def pay(*pays: Pay, until: date | None = None, by: str = "pengelola", request: str = "") -> Outcome:
    return payout.pay(pays, until or jakarta_date(now()), user(by), request or request_id())


def sold(price: str = "100.000", crafter: str = "Tutik", till: Till | None = None) -> Till:
    """One lamp of a crafter is sold; the showroom keeps 15 percent."""
    [lamp] = receive(line(price=price), crafter=crafter)
    till = till or open_till()
    sell(till, lamp.code)
    return till


def lines_of(payout_id: int) -> list[tuple[str, str, int]]:
    row = payout.payout_row(reading(), payout_id, 1)
    return [(one.kind, one.name, one.crafter) for one in documents.lines_of(row)]


def test_a_batch_pays_each_whole(app: Flask) -> None:
    till = sold()
    sold("200.000", "Slamet", till)
    tutik, slamet = crafter_id("Tutik"), crafter_id("Slamet")
    told = pay(Pay(slamet, 170_000, "transfer", "BCA 77"), Pay(tutik, 85_000, "office"))
    assert told.refused == {}
    assert (owed(tutik), owed(slamet)) == (0, 0)
    assert (posted("office"), posted("bank")) == (-100_000 - 85_000, -170_000), "the float came from the office too"
    batch = history.batch(told.batch_id or 0, 1)
    assert batch is not None
    assert (batch["count"], batch["total"]) == (2, 255_000)
    assert [(row.number, row.amount, row.code) for row in batch["payouts"]] == [(1, 85_000, "KTR"), (2, 170_000, "KTR")]


def test_who_is_not_as_the_screen_showed_is_left_out_and_named(app: Flask) -> None:
    till = sold()
    sold("200.000", "Slamet", till)
    tutik, slamet = crafter_id("Tutik"), crafter_id("Slamet")
    told = pay(Pay(tutik, 84_999, "office"), Pay(slamet, 170_000, "office"))
    assert told.refused == {tutik: "Saldo Tutik Handayani sekarang Rp85.000. Periksa, lalu bayar lagi."}
    assert (owed(tutik), owed(slamet)) == (85_000, 0)
    assert [row.crafter_id for row in rows("payout")] == [slamet]


@pytest.mark.parametrize("amount", [0, -85_000, 85_001, 10**12])
def test_another_amount_than_is_owed_pays_nothing(app: Flask, amount: int) -> None:
    sold()
    with pytest.raises(Refusal, match=r"sekarang Rp85\.000"):
        pay(Pay(crafter_id("Tutik"), amount, "office"))
    assert rows("payout") == []
    assert rows("payout_batch") == []


def test_it_knows_what_it_paid(app: Flask) -> None:
    [rings] = receive(line("Gantungan", "10.000", "10", per_piece="lot"))
    till = sold()
    sale_id = sell(till, *[rings.code] * 3)
    refund.refund(sale_id, Asked({1: (1, "damaged")}, (), {}, "cacat"), till.who, request_id())
    tutik = crafter_id("Tutik")
    told = pay(Pay(tutik, 102_000, "office"))
    expected = [("sale", "Lampu gantung", 85_000), ("sale", "Gantungan", 25_500), ("refund", "Gantungan", -8_500)]
    assert lines_of(told.payout_ids[0]) == expected
    sold("50.000", till=till)
    again = pay(Pay(tutik, 42_500, "office"))
    assert lines_of(again.payout_ids[0]) == [("sale", "Lampu gantung", 42_500)]
    assert lines_of(told.payout_ids[0]) == expected, "an old kuitansi stays what it was"
    account = due.balances(1)[0]["account_id"]
    assert settle.unsettled(reading(), account) == []


def test_what_was_read_ahead_counts_only_while_nothing_was_posted(app: Flask) -> None:
    till = sold()
    account = due.balances(1)[0]["account_id"]

    def still(looked: settle.Looked) -> list[int]:
        rollback()
        return [one.amount for one in settle.unsettled_still(reading(), account, looked)]

    first = settle.look(reading(), account)
    receive(line("Nampan"))  # goods on the same account, whose entries may have overtaken one of money
    assert settle.look(reading(), account) == first
    assert still(first) == still(settle.Looked(0, [])) == [85_000]
    sold("50.000", till=till)
    second = settle.look(reading(), account)
    assert still(first) == still(second) == [85_000, 42_500]
    told = pay(Pay(crafter_id("Tutik"), 127_500, "office"))
    assert still(second) == []
    paid = settle.look(reading(), account)
    reversal.undo_payout(told.payout_ids[0], "salah", user("pengelola"), request_id())
    assert still(paid) == [85_000, 42_500]


def test_up_to_a_day_only_what_was_sold_until_then(app: Flask) -> None:
    old, new = receive(line("Lama", "100.000"), line("Baru", "200.000"))
    till = open_till()
    for item, day in ((old, 5), (new, 6)):
        sell(till, item.code, at=jakarta(day, 23, minute=59))
    tutik = crafter_id("Tutik")
    with pytest.raises(Refusal, match="tidak punya saldo"):
        pay(Pay(tutik, 85_000, "office"), until=date(2026, 3, 4))
    told = pay(Pay(tutik, 85_000, "office"), until=date(2026, 3, 5))
    assert lines_of(told.payout_ids[0]) == [("sale", "Lama", 85_000)]
    assert owed(tutik) == 170_000
    assert lines_of(pay(Pay(tutik, 170_000, "office")).payout_ids[0]) == [("sale", "Baru", 170_000)]


def test_a_debt_counts_whenever_it_was_made(app: Flask) -> None:
    old, new = receive(line("Lama", "100.000"), line("Baru", "200.000"))
    till = open_till()
    sell(till, old.code, at=jakarta(5))
    sale_id = sell(till, new.code, at=jakarta(6))
    refund.refund(sale_id, Asked({1: (1, "shelf")}, (), {}, "x"), till.who, request_id(), approver=user("pengelola"))
    tutik = crafter_id("Tutik")
    with pytest.raises(Refusal, match="tidak punya saldo"):
        pay(Pay(tutik, 85_000, "office"), until=date(2026, 3, 5))
    pay(Pay(tutik, 85_000, "office"), until=date(2026, 3, 6))
    assert owed(tutik) == 0


def test_a_day_to_come_is_refused(app: Flask) -> None:
    sold()
    with pytest.raises(Refusal, match="Tanggal itu belum tiba"):
        pay(Pay(crafter_id("Tutik"), 85_000, "office"), until=jakarta_date(now()) + timedelta(days=1))
    with pytest.raises(Refusal, match="tidak punya saldo"):
        pay(Pay(crafter_id("Tutik"), 85_000, "office"), until=date(1, 1, 1))


def test_inactive_crafters_and_those_with_nothing_due_are_named(app: Flask) -> None:
    till = sold()
    sold("200.000", "Slamet", till)
    tutik, slamet = crafter_id("Tutik"), crafter_id("Slamet")
    crafters.save_crafter(Typed(name="Slamet Riyadi", commission_percent="20"), user("pengelola"), request_id(), slamet)
    with pytest.raises(Refusal, match="Slamet Riyadi tidak aktif"):
        pay(Pay(slamet, 170_000, "office"))
    told = pay(Pay(slamet, 170_000, "office"), Pay(tutik, 85_000, "office"))
    assert list(told.refused) == [slamet]
    with pytest.raises(Refusal, match="Tutik Handayani tidak punya saldo"):
        pay(Pay(tutik, 85_000, "office"))


@pytest.mark.parametrize(
    ("more", "sentence"),
    [
        ({"method": "transfer"}, "Isi nomor referensi"),
        ({"method": "cek"}, "Pilih cara bayarnya"),
        ({"method": ""}, "Pilih cara bayarnya"),
        ({"method": "office", "received_by": "Ani"}, "hubungannya"),
        ({"method": "office", "relation": "anak"}, "hubungannya"),
        ({"method": "drawer"}, "belum membuka sif"),
    ],
)
def test_a_way_to_pay_that_makes_no_sense_is_refused(app: Flask, more: dict[str, str], sentence: str) -> None:
    sold()
    with pytest.raises(Refusal, match=sentence):
        pay(Pay(crafter_id("Tutik"), 85_000, **more))  # type: ignore[arg-type]
    assert rows("payout") == []


def test_nobody_or_somebody_twice_or_a_stranger_is_refused(app: Flask) -> None:
    sold()
    tutik = Pay(crafter_id("Tutik"), 85_000, "office")
    for wrong in ((), (tutik, tutik)):
        with pytest.raises(Refusal, match="Pilih dulu perajin"):
            pay(*wrong)
    for stranger in (Pay(crafter_id("Wagiman"), 1, "office"), Pay(10**9, 1, "office")):
        with pytest.raises(NotHere):
            pay(tutik, stranger)
    with pytest.raises(NotHere):
        pay(tutik, by="tetangga")
    assert rows("payout") == []


def test_out_of_ones_own_drawer(app: Flask) -> None:
    till = sold()
    own = open_till("pengelola", "K2", 100_000)
    told = pay(Pay(crafter_id("Tutik"), 85_000, "drawer"))
    assert (posted("drawer", own.shift_id), posted("drawer", till.shift_id)) == (15_000, 200_000)
    assert [(row.id, row.shift_id) for row in rows("payout")] == [(told.payout_ids[0], own.shift_id)]
    assert shift.close_shift(own.shift_id, in_notes(15_000), own.who, request_id()) == 0
    sold(till=till)
    with pytest.raises(Refusal, match="belum membuka sif"):
        pay(Pay(crafter_id("Tutik"), 85_000, "drawer"))


def test_no_more_than_lies_in_the_drawer_and_then_nobody_is_paid(app: Flask) -> None:
    till = sold()
    sold("200.000", "Slamet", till)
    open_till("pengelola", "K2", 100_000)
    with pytest.raises(Refusal, match="Uang di laci tidak cukup"):
        pay(Pay(crafter_id("Tutik"), 85_000, "drawer"), Pay(crafter_id("Slamet"), 170_000, "drawer"))
    assert (owed(crafter_id("Tutik")), rows("payout")) == (85_000, [])


def test_received_by_somebody_else(app: Flask) -> None:
    sold()
    pay(Pay(crafter_id("Tutik"), 85_000, "office", received_by="Ani", relation="anak"))
    assert [(row.received_by, row.relation) for row in rows("payout")] == [("Ani", "anak")]


def test_pressed_twice_it_is_one_batch(app: Flask) -> None:
    till, key = sold(), request_id()
    sold("200.000", "Slamet", till)
    pays = (Pay(crafter_id("Tutik"), 85_000, "office"), Pay(crafter_id("Slamet"), 1, "office"))
    first = pay(*pays, request=key)
    assert pay(*pays, request=key) == first
    with pytest.raises(Refusal, match="sudah dipakai untuk hal lain"):
        pay(pays[0], request=key)
    assert len(rows("payout")) == 1


def test_eighty_crafters_in_one_batch(app: Flask) -> None:
    manager, till = user("pengelola"), open_till()
    pays = []
    for number in range(80):
        name = f"Perajin {number:02}"
        typed = Typed(name=name, commission_percent="10")
        crafter = crafters.save_crafter(typed, manager, request_id())
        [lamp] = receive(line(price=f"{10_000 + number}", commission_percent="10"), crafter=name)
        sell(till, lamp.code)
        pays.append(Pay(crafter, owed(crafter), "office"))
    told = pay(*pays)
    assert (len(told.payout_ids), told.refused) == (80, {})
    assert sum(owed(one.crafter_id) for one in pays) == 0
    assert [row.number for row in rows("payout")] == list(range(1, 81))
    assert documents.receipts_pdf(history.payouts_of(told.batch_id or 0, 1)).startswith(b"%PDF")
