"""Joint work: shares agreed at intake; sale, refund, damage, statements and payouts follow them to the rupiah."""

from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import text, update

from showroom_app.extensions import begin_write, commit, now, reading, rollback
from showroom_app.lib.clock import jakarta_date
from showroom_app.lib.money import share_out
from showroom_app.lib.refusal import FormRefusal
from showroom_app.lib.typed import Typed
from showroom_app.my import goods, own
from showroom_app.payouts import due, payout
from showroom_app.payouts.payout import Pay
from showroom_app.payouts.statement import statement
from showroom_app.people import consent, crafters
from showroom_app.people.crafters import owed
from showroom_app.people.models import Showroom
from showroom_app.sales import bargain, checkout, refund
from showroom_app.sales.pricing import view_lines
from showroom_app.sales.refund import Asked
from showroom_app.sales.refund_slip import balances_after
from showroom_app.sales.refundable import left_of, work_out
from showroom_app.stock import intake, products, write_off
from showroom_app.stock.models import Item
from showroom_app.stock.write_off import Harm
from tests.builders import crafter_id, line, open_till, receive, request_id, user
from tests.conftest import Auth
from tests.rules import pdf_text

WITH_SLAMET = {"joint": "1", "partner_1": "Slamet Riyadi", "part_1": "33,33"}


def wishes(**more: str) -> dict[str, str]:
    """A chair that Tutik and Slamet made: of 85.000 he gets 33,33 % of it."""
    return line("Kursi teras", category="Kursi", **({"price": "100.000"} | WITH_SLAMET | more))


@pytest.fixture
def chair(app: Flask) -> Item:
    """One of theirs."""
    return receive(wishes())[0]


def both() -> tuple[int, int]:
    """What Tutik and Slamet are owed."""
    rollback()
    return owed(crafter_id("Tutik")), owed(crafter_id("Slamet"))


def rules(**values: Any) -> None:
    begin_write().execute(update(Showroom).where(Showroom.id == 1).values(values))
    commit()


@given(st.integers(-(10**9), 10**9), st.lists(st.integers(1, 4000), min_size=1, max_size=3))
def test_shares_add_up_to_the_rupiah_and_none_is_a_rupiah_off(amount: int, partners: list[int]) -> None:
    shares = [10_000 - sum(partners), *partners] if sum(partners) < 10_000 else [10_000]
    parts = share_out(amount, shares)
    assert sum(parts) == amount
    assert all(abs(part * 10_000 - amount * bps) < 10_000 for part, bps in zip(parts, shares, strict=True))


@pytest.mark.parametrize("shares", [[], [9_999], [10_001], [10_000, 0], [5_000, 5_001]])
def test_shares_that_are_not_the_whole_are_a_mistake(shares: list[int]) -> None:
    with pytest.raises(ValueError, match="not the whole"):
        share_out(1_000, shares)


def test_each_gets_what_was_agreed(chair: Item) -> None:
    till = open_till()
    till.scan(chair.code)
    sale_id = till.pay()
    assert both() == (56_670, 28_330), "33,33 % of 85.000 is 28.330,5: the odd rupiah is who brought it's"
    names = reading().execute(text("SELECT crafter_name FROM sale_line WHERE sale_id = :s"), {"s": sale_id}).scalar()
    assert names == "Tutik Handayani, Slamet Riyadi"


def test_a_discount_is_shared_as_the_rest(app: Flask) -> None:
    [chair] = receive(wishes(part_1="40"))
    till = open_till("pengelola")
    till.scan(chair.code)
    typed = Typed(way="rupiah", value="10.000", reason="lecet", bearer="crafter")
    wanted = bargain.read(typed, view_lines(reading(), till.basket_id), None, till.who)
    bargain.give(till.basket_id, wanted, till.who, request_id())
    paid = (checkout.Tendered("cash", 90_000),)
    checkout.complete(till.basket_id, paid, till.who, request_id(), version=till.version, total=90_000)
    assert both() == (45_000, 30_000)


def test_net_price_is_shared_too(app: Flask) -> None:
    [chair] = receive(wishes(terms_kind="net_price", net_price="70.001", part_1="50"))
    till = open_till()
    till.scan(chair.code)
    till.pay()
    assert both() == (35_001, 35_000)


def test_what_comes_back_bit_by_bit_is_in_the_end_all_of_it(app: Flask) -> None:
    [stools] = receive(wishes(quantity="3", per_piece="lot", price="3.333", part_1="33,33"))
    till = open_till()
    till.scan(*[stools.code] * 3)
    sale_id = till.pay()
    before = both()
    assert sum(before) == 8_499
    for n in range(3):
        refund.refund(sale_id, Asked({1: (1, "shelf")}, (), {}, "goyang"), till.who, request_id())
        left = both()
        assert all(0 <= one <= first for one, first in zip(left, before, strict=True)), n
    assert both() == (0, 0)


def test_after_a_payout_each_owes_their_own_part(chair: Item) -> None:
    till = open_till()
    till.scan(chair.code)
    sale_id = till.pay()
    payout.pay([Pay(crafter_id("Slamet"), 28_330, "office")], jakarta_date(now()), user("pengelola"), request_id())
    assert both() == (56_670, 0)
    refund.refund(sale_id, Asked({1: (1, "shelf")}, (), {}, "tidak jadi"), till.who, request_id())
    assert both() == (0, -28_330)


def test_a_damaged_piece_of_which_one_maker_was_paid_is_the_showrooms(chair: Item) -> None:
    rules(paid_refund_bearer="showroom")
    till = open_till()
    till.scan(chair.code)
    sale_id = till.pay()
    payout.pay([Pay(crafter_id("Slamet"), 28_330, "office")], jakarta_date(now()), user("pengelola"), request_id())
    refund.refund(sale_id, Asked({1: (1, "damaged")}, (), {}, "patah"), till.who, request_id())
    assert both() == (56_670, 0)
    assert write_off.paid_for(reading(), chair.id, 1) == 1, "the piece is the showroom's"


def test_a_whole_piece_that_comes_back_leaves_the_unpaid_maker_nothing(chair: Item) -> None:
    rules(paid_refund_bearer="showroom")
    till = open_till()
    till.scan(chair.code)
    sale_id = till.pay()
    payout.pay([Pay(crafter_id("Slamet"), 28_330, "office")], jakarta_date(now()), user("pengelola"), request_id())
    asked = Asked({1: (1, "shelf")}, (), {}, "tidak jadi")
    left = left_of(reading(), sale_id)
    shown = balances_after(reading(), left, work_out(left, asked.lines, (), {}, whole=False))
    assert [(one["name"], one["paid"], one["less"]) for one in shown] == [
        ("Tutik Handayani", False, 56_670), ("Slamet Riyadi", True, 0),
    ]  # fmt: skip
    refund.refund(sale_id, asked, till.who, request_id())
    assert both() == (0, 0), "the showroom bears what Slamet was paid; Tutik was not paid yet"


def test_two_payouts_pay_each_maker_once(chair: Item) -> None:
    till = open_till()
    till.scan(chair.code)
    till.pay()
    today, manager = jakarta_date(now()), user("pengelola")
    pays = [Pay(crafter_id("Tutik"), 56_670, "office"), Pay(crafter_id("Slamet"), 28_330, "office")]
    done = payout.pay(pays, today, manager, request_id())
    assert len(done.payout_ids) == 2
    assert both() == (0, 0)
    rollback()
    for name, amount in (("Tutik", 56_670), ("Slamet", 28_330)):
        [event, paid] = statement(crafter_id(name), today, today).events
        assert (event.amount, paid.amount) == (amount, -amount)
        assert "karya bersama Tutik Handayani, Slamet Riyadi" in event.about


def test_damage_is_answered_for_by_share_and_taken_back_by_share(app: Flask) -> None:
    [stools] = receive(wishes(quantity="3", per_piece="lot"))
    who = user("pengelola")
    lost = write_off.write_off(Harm(stools.id, "lost", 3, "hilang"), who, request_id())
    assert both() == (170_009, 84_991), "33,33 % of 255.000 is 84.991,5"
    write_off.turn_round(lost, 1, "ketemu", who, request_id())
    write_off.turn_round(lost, 2, "ketemu", who, request_id())
    assert both() == (0, 0)
    today = jakarta_date(now())
    rollback()
    assert [e.amount for e in statement(crafter_id("Slamet"), today, today).events] == [84_991, -28_330, -56_661]
    write_off.write_off(Harm(stools.id, "lost", 1, "hilang", compensate=False), who, request_id())
    assert both() == (0, 0)


def test_each_maker_sees_their_own(auth: Auth, chair: Item) -> None:
    till = open_till()
    till.scan(chair.code)
    till.pay()
    slamet, tutik = crafter_id("Slamet"), crafter_id("Tutik")
    rollback()
    since = now() - timedelta(days=1)
    assert own.sold_since(slamet, since) == {"pieces": 1, "crafter_share": 28_330}
    [sale] = own.latest_sales(slamet)
    assert (sale["crafter_share"], sale["partners_share"], sale["showroom_share"]) == (28_330, 56_670, 15_000)
    assert [row.name for row in goods.goods(slamet)] == [row.name for row in goods.goods(tutik)] == ["Kursi teras"]
    page = auth("perajin").get("/my").text
    assert "Karya bersama: Tutik Handayani, Slamet Riyadi" in page and "Rp28.330" in page
    assert "33,33%" in auth("perajin").get(f"/q/{chair.code}").text
    assert "33,33%" not in auth("pengamat").get(f"/q/{chair.code}").text
    assert [row["last_sale"] is not None for row in due.balances(1)] == [True, True]


@pytest.mark.parametrize(
    ("wrong", "field", "sentence"),
    [
        ({"partner_1": "Siapa"}, "partner_1", "Tidak ada perajin aktif"),
        ({"partner_1": "Wagiman"}, "partner_1", "Tidak ada perajin aktif"),
        ({"partner_1": "Tutik Handayani"}, "partner_1", "sudah disebut"),
        ({"partner_2": "Slamet Riyadi", "part_2": "10"}, "partner_2", "sudah disebut"),
        ({"partner_1": ""}, "partner_1", "Tulis nama"),
        ({"part_1": ""}, "part_1", "Isi bagiannya"),
        ({"part_1": "0"}, "part_1", "Isi bagiannya"),
        ({"part_1": "100"}, "part_1", "Isi bagiannya"),
        ({"part_1": "-5"}, "part_1", "Isi bagiannya"),
        ({"part_1": "60", "partner_2": "Slamet", "part_2": "40"}, "part_2", "sudah habis semua"),
    ],
)
def test_what_can_not_be_is_told_at_its_field(app: Flask, wrong: dict[str, str], field: str, sentence: str) -> None:
    with pytest.raises(FormRefusal) as refused:
        receive(wishes(**wrong))
    assert sentence in refused.value.errors[f"lines-0-{field}"]


def test_what_is_no_joint_work_is_not_shared_whatever_stands_below(app: Flask) -> None:
    [chair] = receive(wishes(joint="", partner_1="Siapa"))
    assert not chair.joint


def test_two_of_one_name_are_told_apart_by_workshop(app: Flask) -> None:
    typed = Typed(name="Slamet Riyadi", workshop="Rotan Jaya", phone="0812 0000 1009", commission_percent="20")
    crafters.save_crafter(typed, user("pengelola"), request_id())
    with pytest.raises(FormRefusal) as refused:
        receive(wishes())
    assert "Ada 2 perajin" in refused.value.errors["lines-0-partner_1"]
    receive(wishes(partner_1="slamet riyadi · rotan jaya"))


def test_the_next_note_of_the_same_begins_with_the_same_makers(chair: Item) -> None:
    again = products.line_again(products.own_product(reading(), chair.product_id, 1))
    assert (again["partner_1"], again["part_1"]) == ("Slamet Riyadi", "33,33")


def test_on_screen_and_paper(auth: Auth, app: Flask) -> None:
    client = auth("petugas")
    note = intake.start(crafter_id("Tutik"), user("petugas"), request_id())
    form = {f"lines-0-{name}": typed for name, typed in wishes(partner_1="Siapa").items()}
    answer = client.post(f"/consignments/{note}/receive", data=form | {"request_id": request_id()})
    assert answer.status_code == 422 and "Tidak ada perajin aktif bernama “Siapa”" in answer.text
    assert 'value="Siapa"' in answer.text and '<option value="Slamet Riyadi">' in answer.text
    form["lines-0-partner_1"] = "Slamet Riyadi"
    answer = client.post(f"/consignments/{note}/receive", data=form | {"request_id": request_id()})
    assert answer.status_code == 303
    page = client.get(f"/consignments/{note}").text
    assert "Karya bersama: Tutik Handayani 66,67%, Slamet Riyadi 33,33%" in page
    told = " ".join(pdf_text(client.get(f"/consignments/{note}/note.pdf").data).split())
    assert "Karya bersama: Tutik Handayani 66,67%" in told and "33,33%" in told
    code = reading().execute(text("SELECT code FROM item")).scalar()
    page = client.get(f"/q/{code}").text
    assert "Karya bersama Tutik Handayani, Slamet Riyadi." in page and "Rp28.330" in page
    visitor = app.test_client().get(f"/q/{code}").text
    assert "Tutik" not in visitor and "Slamet" not in visitor and "28.330" not in visitor
    consent.give(crafter_id("Slamet"), ["name"], user("pengelola"), request_id())
    visitor = app.test_client().get(f"/q/{code}").text
    assert "Slamet Riyadi, perajin " in visitor and "Tutik" not in visitor
    till = open_till()
    till.scan(str(code))
    shown = client.get(f"/baskets/{till.basket_id}/discount").text
    assert "Slamet Riyadi" in shown and "Rp28.330" in shown
    sale_id = till.pay()
    assert "Slamet Riyadi" in client.get(f"/sales/{sale_id}").text
    page = client.get(f"/sales/{sale_id}/refunds?q1=1&p1=shelf&reason=goyang").text
    assert "Kursi teras" in page and "Slamet Riyadi" in page
