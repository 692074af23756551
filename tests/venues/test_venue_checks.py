"""Each line of `books check` about goods elsewhere and joint work finds the falsehood that it denies."""

import pytest
from flask import Flask

from showroom_app.sales import refund
from showroom_app.sales.refund import Asked
from showroom_app.stock.write_off import Harm, write_off
from showroom_app.venues.arrival import arrive, lose
from showroom_app.venues.transfer import send
from tests.builders import exhibition, line, open_till, receive, request_id, user
from tests.falsehoods_venues import JOINT, VENUES
from tests.test_checks import offended
from tests.test_checks_money import alone, found_after, sentence


@pytest.fixture
def elsewhere(app: Flask) -> None:
    """What VENUES and JOINT speak of."""
    [rings] = receive(line("Cincin", "10.000", "25", per_piece="lot"))
    receive(line("Bakul"))
    makers = {"joint": "1", "partner_1": "Slamet Riyadi", "part_1": "40"}
    [chairs] = receive(line("Kursi", "100.000", "4", category="Kursi", per_piece="lot", **makers))
    receive(line("Bangku", category="Kursi", **makers))
    fair, who, manager = exhibition(), user("petugas"), user("pengelola")
    note = send(fair, "out", {rings.id: 20}, who, request_id())
    arrive(note, {rings.id: 15}, who, request_id())
    lose(note, Harm(rings.id, "lost", 1, "jatuh"), manager, request_id())
    home = send(fair, "back", {rings.id: 3}, who, request_id())
    arrive(home, {rings.id: 3}, who, request_id())
    exhibition("Pameran lain")
    till = open_till()
    till.scan(*[chairs.code] * 3)
    refund.refund(till.pay(), Asked({1: (1, "shelf")}, (), {}, "goyang"), who, request_id())
    write_off(Harm(chairs.id, "lost", 1, "hilang"), manager, request_id())


@pytest.mark.parametrize("part", ["venues", "joint"])
def test_each_is_found_by_the_line_that_denies_it(elsewhere: None, part: str) -> None:
    assert offended() == []
    falsehoods = {"venues": VENUES, "joint": JOINT}[part]
    planted = {(line, what): sql for line, told in falsehoods.items() for what, sql in told.items()}
    found = {(line, what): alone(found_after(sql), line) for (line, what), sql in planted.items()}
    assert found == {(line, what): [sentence(line)] for line, what in planted}
    assert offended() == [], "all of it is undone again"
