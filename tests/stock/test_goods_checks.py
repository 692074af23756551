"""Each line of `books check` about goods finds the falsehood that it denies; see tests/test_checks_money.py."""

from datetime import timedelta

import pytest
from flask import Flask

from showroom_app.extensions import now
from showroom_app.lib.clock import jakarta_date
from showroom_app.lib.money import Terms
from showroom_app.sales import refund
from showroom_app.sales.refund import Asked
from showroom_app.stock import ageing, photos, products
from showroom_app.stock.ageing import Answer
from showroom_app.stock.hand_back import Pieces, hand_back
from showroom_app.stock.item_change import Agreed, Why, change
from showroom_app.stock.write_off import Harm, turn_round, write_off
from tests.builders import line, open_till, receive, request_id, user
from tests.falsehoods_goods import GOODS
from tests.rules import sell
from tests.stock.test_photos import picture
from tests.test_checks import offended
from tests.test_checks_money import alone, found_after, sentence


@pytest.fixture
def life(app: Flask) -> None:
    """What GOODS speaks of."""
    first, second, third = receive(line(price="100.000", quantity="3"))
    [rings] = receive(line("Cincin", "10.000", "20", per_piece="lot"))
    manager, why = user("pengelola"), Why("crafter", jakarta_date(now()), "lama")
    till = open_till()
    sell(till, first.code)
    refund.refund(1, Asked({1: (1, "shelf")}, (), {}, "tidak jadi"), user("petugas"), request_id())
    change([first.id], Agreed(terms=Terms("commission", commission_bps=2000)), why, manager, request_id())
    change([first.id], Agreed(price=90_000), why, manager, request_id())
    for price in (80_000, 70_000):
        change([second.id], Agreed(price=price), why, manager, request_id())
    write_off(Harm(third.id, "damaged", 1, "jatuh", compensate=False), manager, request_id())
    lost = write_off(Harm(rings.id, "lost", 3, "hilang"), manager, request_id())
    turn_round(lost, 1, "ketemu", manager, request_id())
    write_off(Harm(rings.id, "damaged", 1, "patah", compensate=False), manager, request_id())
    hand_back([Pieces(rings.id, 2), Pieces(third.id, 1, "damaged")], user("petugas"), request_id())
    turn_round(write_off(Harm(rings.id, "damaged", 1, "retak", compensate=False), manager, request_id()), 1, "lem",
               manager, request_id())  # fmt: skip
    hand_back([Pieces(rings.id, 1, "damaged")], user("petugas"), request_id())
    told(second.id)


def told(item_id: int) -> None:
    """What is asked about an item, shown of it, and called otherwise."""
    who, today = user("petugas"), jakarta_date(now())
    for days in (30, 60):
        until = today + timedelta(days=days)
        ageing.answer([item_id], Answer("extend", "Bu Tutik", until), who, request_id())
    ageing.answer([item_id], Answer("collect", "Bu Tutik"), who, request_id())
    photos.add(1, [photos.re_encoded(picture(colour)) for colour in ("brown", "green")], who, request_id())
    photos.put_first(2, who, request_id())
    receive(line("Cincin perak"))
    products.merge(3, 2, user("pengelola"), request_id())


def test_each_is_found_by_the_line_that_denies_it(life: None) -> None:
    assert offended() == []
    planted = {(line, what): sql for line, falsehoods in GOODS.items() for what, sql in falsehoods.items()}
    found = {(line, what): alone(found_after(sql), line) for (line, what), sql in planted.items()}
    assert found == {(line, what): [sentence(line)] for line, what in planted}
    assert offended() == [], "all of it is undone again"
