"""Refunds: the very same split turned round, the money back as it came, never more than was sold."""

import pytest
from flask import Flask

from showroom_app.extensions import now
from showroom_app.lib.clock import jakarta_date
from showroom_app.lib.money import in_notes
from showroom_app.lib.refusal import NotHere, Refusal
from showroom_app.lib.typed import Typed
from showroom_app.payouts import payout
from showroom_app.payouts.payout import Pay
from showroom_app.people.crafters import owed
from showroom_app.sales import bargain, cash_move, refund, service_lines, shift
from showroom_app.sales.checkout import Tendered
from showroom_app.sales.refund import Asked
from showroom_app.web.access import SignedIn
from tests.builders import Till, crafter_id, current_basket, line, open_till, receive, request_id, user
from tests.rules import activities, jakarta, posted, rows, rules, sell


def back(
    sale_id: int, who: SignedIn, lines: dict[int, int] | None = None, *, place: str = "shelf",
    services: tuple[int, ...] = (), money: dict[str, int] | None = None, kind: str = "refund", request: str = "",
    **more: object,
) -> int:  # fmt: skip
    """Give pieces back: position -> pieces."""
    asked = Asked({k: (v, place) for k, v in (lines or {}).items()}, services, money or {}, "cacat", kind)
    return refund.refund(sale_id, asked, who, request or request_id(), **more)  # type: ignore[arg-type]


def money_back() -> list[tuple[str, int]]:
    """What was handed back so far: tender and rupiah."""
    return [(row.tender, row.amount) for row in rows("refund_payment")]


def rings(price: str = "3.333", **more: str) -> str:
    [item] = receive(line("Gantungan", price, "10", per_piece="lot", **more))
    return item.code


def test_one_piece_comes_back_whole(app: Flask) -> None:
    [lamp] = receive(line(price="100.000", commission_percent="20"))
    till = open_till()
    sale_id = sell(till, lamp.code)
    refund_id = back(sale_id, till.who, {1: 1}, total=100_000)
    assert owed(crafter_id("Tutik")) == 0
    assert (posted("commission"), posted("buyers"), posted("drawer", till.shift_id)) == (0, 0, 100_000)
    assert posted("shelf", unit=lamp.id) == 1
    [row] = rows("refund")
    assert (row.id, row.total, row.rounding, row.number, row.kind) == (refund_id, 100_000, 0, 1, "refund")
    assert money_back() == [("cash", 100_000)]
    again = sell(till, lamp.code)
    assert again != sale_id, "it stands on the shelf and is sold again"


def test_a_line_given_back_in_three_parts_adds_up_to_the_rupiah(app: Flask) -> None:
    code, till = rings(commission_percent="15"), open_till()
    [item] = rows("item")
    till.scan(code, code, code)
    bargain.give(till.basket_id, bargain.Wanted(item.id, rupiah=500, reason="tawar"), till.who, request_id())
    sale_id = sell(till)
    [sold] = rows("sale_line")
    for _part in range(3):
        back(sale_id, till.who, {1: 1})
    parts = rows("refund_line")
    assert [part.net for part in parts] == [3_166, 3_167, 3_166]
    assert sum(part.crafter_share for part in parts) == sold.crafter_share
    assert sum(part.showroom_share for part in parts) == sold.showroom_share
    assert owed(crafter_id("Tutik")) == 0
    with pytest.raises(Refusal, match="Gantungan sudah dikembalikan semua"):
        back(sale_id, till.who, {1: 1})


def test_more_than_is_left_is_refused(app: Flask) -> None:
    code, till = rings(), open_till()
    sale_id = sell(till, code, code, code)
    back(sale_id, till.who, {1: 2})
    with pytest.raises(Refusal, match="Gantungan tinggal 1 buah yang bisa dikembalikan"):
        back(sale_id, till.who, {1: 2})
    assert len(rows("refund")) == 1


@pytest.mark.parametrize("lines", [{}, {1: 0}, {9: 1}])
def test_nothing_chosen_is_refused(app: Flask, lines: dict[int, int]) -> None:
    [lamp], till = receive(), open_till()
    sale_id = sell(till, lamp.code)
    with pytest.raises(Refusal, match="Pilih dulu barang"):
        back(sale_id, till.who, lines)


@pytest.mark.parametrize(("lines", "place"), [({1: -1}, "shelf"), ({1: 1}, "rumah")])
def test_what_makes_no_sense_is_refused(app: Flask, lines: dict[int, int], place: str) -> None:
    [lamp], till = receive(), open_till()
    sale_id = sell(till, lamp.code)
    with pytest.raises(Refusal, match="Formulir ini tidak lengkap"):
        back(sale_id, till.who, lines, place=place)


def test_a_reason_is_asked_for(app: Flask) -> None:
    [lamp], till = receive(), open_till()
    sale_id = sell(till, lamp.code)
    with pytest.raises(Refusal, match="Tulis alasannya"):
        refund.refund(sale_id, Asked({1: (1, "shelf")}, (), {}, ""), till.who, request_id())


def test_rounded_cash_comes_back_as_it_was_paid(app: Flask) -> None:
    rules(cash_rounding=500)
    lamp, chair = receive(line(price="10.240"), line("Kursi", "10.240"))
    till = open_till()
    sale_id = sell(till, lamp.code, chair.code)  # 20.480 -> 20.500
    assert posted("rounding") == -20
    back(sale_id, till.who, {1: 1})
    back(sale_id, till.who, {2: 1})
    assert money_back() == [("cash", 10_000), ("cash", 10_500)]
    assert (posted("rounding"), posted("drawer", till.shift_id), owed(crafter_id("Tutik"))) == (0, 100_000, 0)


def test_what_was_rounded_to_nothing_comes_back_for_nothing(app: Flask) -> None:
    rules(cash_rounding=500)
    code, till = rings(price="200"), open_till()
    sale_id = sell(till, code, tendered=(Tendered("cash", 200),))
    back(sale_id, till.who, {1: 1}, total=0)
    assert (money_back(), posted("rounding"), posted("drawer", till.shift_id)) == ([], 0, 100_000)


def test_of_several_tenders_cash_comes_back_first_unless_chosen(app: Flask) -> None:
    code, till = rings(price="50.000"), open_till()
    sale_id = sell(till, code, code, code, tendered=(Tendered("qris", 110_000), Tendered("cash", 50_000)))
    back(sale_id, till.who, {1: 1})
    assert money_back() == [("cash", 40_000), ("qris", 10_000)]
    for wrong in ({"cash": 50_000}, {"qris": 49_999}, {"transfer": 50_000}, {"qris": 60_000, "cash": -10_000}):
        with pytest.raises(Refusal, match="Uang kembali"):
            back(sale_id, till.who, {1: 1}, money=wrong)
    back(sale_id, till.who, {1: 2}, money={"qris": 100_000})
    assert posted("qris", till.shift_id) == posted("buyers") == 0


def test_a_damaged_piece_does_not_stand_on_the_shelf_again(app: Flask) -> None:
    [lamp], till = receive(), open_till()
    sale_id = sell(till, lamp.code)
    back(sale_id, till.who, {1: 1}, place="damaged")
    assert (posted("damaged", unit=lamp.id), posted("shelf", unit=lamp.id)) == (1, 0)
    with pytest.raises(Refusal):
        till.scan(lamp.code)


def sale_with_service(till: Till) -> int:
    [lamp] = receive(line(price="100.000"))
    till.scan(lamp.code)
    typed = Typed(kind="delivery", amount="25.000", payee="driver")
    service_lines.add_service(till.basket_id, typed, till.who, request_id())
    return sell(till)


def test_services_stay_paid_unless_the_rule_says_otherwise(app: Flask) -> None:
    till = open_till()
    sale_id = sale_with_service(till)
    with pytest.raises(Refusal, match="Jasa tidak dikembalikan"):
        back(sale_id, till.who, {1: 1}, services=(1,))
    back(sale_id, till.who, {1: 1})
    assert (money_back(), posted("driver")) == ([("cash", 100_000)], -25_000)
    rules(services_refundable=True)
    back(sale_id, till.who, services=(1,))
    assert (posted("driver"), posted("drawer", till.shift_id)) == (0, 100_000)
    with pytest.raises(Refusal, match="Pilih dulu"):
        back(sale_id, till.who, services=(1,))


def test_a_void_undoes_everything_services_too(app: Flask) -> None:
    till = open_till()
    sale_id = sale_with_service(till)
    refund_id = back(sale_id, till.who, kind="void")
    [row] = rows("refund")
    assert (row.id, row.kind, row.total) == (refund_id, "void", 125_000)
    assert (posted("driver"), posted("drawer", till.shift_id), owed(crafter_id("Tutik"))) == (0, 100_000, 0)
    with pytest.raises(Refusal):
        back(sale_id, till.who, kind="void")


def test_above_the_limit_a_manager_says_yes(app: Flask) -> None:
    rules(refund_rupiah_max=150_000)
    code, till = rings(price="100.000"), open_till()
    sale_id = sell(till, code, code)
    back(sale_id, till.who, {1: 1})
    with pytest.raises(Refusal, match=r"Di atas batas petugas, Rp150\.000"):
        back(sale_id, till.who, {1: 1})  # both together are above it
    for wrong in (user("petugas2"), user("tetangga")):
        with pytest.raises(Refusal, match="Di atas batas"):
            back(sale_id, till.who, {1: 1}, approver=wrong)
    back(sale_id, till.who, {1: 1}, approver=user("pengelola"))
    assert [row.approved_by for row in rows("refund")] == [None, user("pengelola").id]
    [noted] = activities("approval")
    assert (noted.actor_id, noted.subject) == (user("pengelola").id, "refund:2")
    assert '"amount": 100000' in noted.after


def test_another_days_sale_needs_a_manager_and_goes_into_todays_drawer(app: Flask) -> None:
    [lamp] = receive(line(price="100.000"))
    who = user("petugas")
    first = shift.open_shift(2, 50_000, who, request_id(), at=jakarta(3, 8))
    till = Till(who, first, current_basket(who))
    sale_id = sell(till, lamp.code, at=jakarta(3, 9))
    shift.close_shift(first, in_notes(150_000), who, request_id(), at=jakarta(3, 16))
    later = open_till(float_rupiah=200_000)
    with pytest.raises(Refusal, match="bukan dari hari ini"):
        back(sale_id, who, {1: 1})
    back(sale_id, who, {1: 1}, approver=user("pengelola"))
    assert (posted("drawer", first), posted("drawer", later.shift_id)) == (0, 100_000)


def test_a_manager_goes_alone(app: Flask) -> None:
    rules(refund_rupiah_max=0)
    [lamp], till = receive(), open_till("pengelola")
    back(sell(till, lamp.code), till.who, {1: 1})
    assert [row.approved_by for row in rows("refund")] == [None]


@pytest.mark.parametrize(("bearer", "after", "loss"), [("crafter", -85_000, 0), ("showroom", 0, 85_000)])
def test_after_a_payout_the_rule_says_who_bears_it(app: Flask, bearer: str, after: int, loss: int) -> None:
    rules(paid_refund_bearer=bearer)
    [lamp], till = receive(line(price="100.000")), open_till()
    sale_id, tutik = sell(till, lamp.code), crafter_id("Tutik")
    payout.pay([Pay(tutik, 85_000, "office")], jakarta_date(now()), user("pengelola"), request_id())
    back(sale_id, till.who, {1: 1})
    assert (owed(tutik), posted("loss"), posted("commission")) == (after, loss, 0)
    assert [(row.crafter_share, row.borne) for row in rows("refund_line")] == [(85_000, loss)]


def test_a_debt_is_taken_out_of_the_next_payout(app: Flask) -> None:
    lamp, chair = receive(line(price="100.000"), line("Kursi", "200.000"))
    till, tutik, today, manager = open_till(), crafter_id("Tutik"), jakarta_date(now()), user("pengelola")
    sale_id = sell(till, lamp.code)
    payout.pay([Pay(tutik, 85_000, "office")], today, manager, request_id())
    back(sale_id, till.who, {1: 1})
    sell(till, chair.code)
    with pytest.raises(Refusal, match=r"sekarang Rp85\.000"):
        payout.pay([Pay(tutik, 170_000, "office")], today, manager, request_id())
    payout.pay([Pay(tutik, 85_000, "office")], today, manager, request_id())
    assert owed(tutik) == 0


def test_pressed_twice_it_is_one_refund(app: Flask) -> None:
    code, till, key = rings(), open_till(), request_id()
    sale_id = sell(till, code, code)
    first = back(sale_id, till.who, {1: 1}, request=key)
    assert back(sale_id, till.who, {1: 1}, request=key) == first
    with pytest.raises(Refusal, match="sudah dipakai untuk hal lain"):
        back(sale_id, till.who, {1: 2}, request=key)
    assert len(rows("refund")) == 1


def test_another_sum_than_the_screen_showed_is_refused(app: Flask) -> None:
    code, till = rings(price="10.000"), open_till()
    sale_id = sell(till, code, code)
    with pytest.raises(Refusal, match=r"sekarang Rp10\.000"):
        back(sale_id, till.who, {1: 1}, total=9_999)


def test_without_a_shift_there_is_no_drawer(app: Flask) -> None:
    [lamp], till = receive(), open_till()
    sale_id = sell(till, lamp.code)
    with pytest.raises(Refusal, match="Buka sif dulu"):
        back(sale_id, user("petugas2"), {1: 1})
    shift.close_shift(till.shift_id, in_notes(375_000), till.who, request_id())
    with pytest.raises(Refusal, match="Buka sif dulu"):
        back(sale_id, till.who, {1: 1})
    assert rows("refund") == []


def test_no_more_cash_than_lies_in_the_drawer(app: Flask) -> None:
    [lamp], till = receive(line(price="100.000")), open_till(float_rupiah=0)
    sale_id = sell(till, lamp.code)
    cash_move.move_cash(till.shift_id, "bank", 60_000, "setor", till.who, request_id())
    with pytest.raises(Refusal, match="Uang tunai di laci kurang"):
        back(sale_id, till.who, {1: 1})
    assert (rows("refund"), posted("drawer", till.shift_id)) == ([], 40_000)
    assert owed(crafter_id("Tutik")) == 85_000


def test_next_doors_sale_is_not_there(app: Flask) -> None:
    [lamp], till = receive(), open_till()
    sale_id = sell(till, lamp.code)
    with pytest.raises(NotHere):
        back(sale_id, user("petugas-tetangga"), {1: 1})
    with pytest.raises(NotHere):
        back(10**9, till.who, {1: 1})


def test_a_crafter_paid_nothing_for_a_line_is_no_obstacle(app: Flask) -> None:
    lamp, free, chair = receive(
        line("Lampu", "100.000"), line("Hadiah", "10.000", commission_percent="100"), line("Kursi", "200.000")
    )
    till, tutik = open_till(), crafter_id("Tutik")
    sale_id = sell(till, lamp.code, free.code, chair.code)
    payout.pay([Pay(tutik, 255_000, "office")], jakarta_date(now()), user("pengelola"), request_id())
    rules(paid_refund_bearer="showroom")
    back(sale_id, till.who, {1: 1, 2: 1, 3: 1})
    assert (owed(tutik), posted("loss"), sum(row.borne for row in rows("refund_line"))) == (0, 255_000, 255_000)
