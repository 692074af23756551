"""Several phones scan into one count while tills sell and a manager closes: each piece once, and the right answer."""

import random
import threading
import time
from collections.abc import Callable
from functools import partial
from typing import Any, TypeVar

import pytest
from flask import Flask

from showroom_app.counting import count as counts
from showroom_app.counting import differences, stocktake
from showroom_app.counting.count import Scanned
from showroom_app.counting.differences import Decision
from showroom_app.lib.refusal import Refusal
from showroom_app.sales import refund
from showroom_app.sales.refund import Asked
from showroom_app.stock import hand_back
from showroom_app.stock.hand_back import Pieces
from showroom_app.turns import Turns
from tests.builders import Till, line, open_till, receive, request_id, user
from tests.counting.counts import begin, close, count_of, result_ids, results, so_far
from tests.faults.test_race import at_once, next_buyer, payment, refusals
from tests.rules import posted, rows, sell

T = TypeVar("T")
PIECES = 5_000
PHONES = ("petugas", "petugas2", "pengelola", "petugas")
SECONDS_MAX = 300
SOLD_EARLY, SOLD_LATE, HIDDEN, LATE = 40, 40, 25, 10


def scan_of(number: int, code: str, by: str, **more: Any) -> Callable[[], Scanned]:
    """A scan to be made later."""
    return partial(counts.count, number, code, user(by), request_id(), **more)


def test_two_phones_on_the_same_piece_count_it_once(app: Flask) -> None:
    lamps, number = receive(line(quantity="12")), begin()
    for lamp in lamps:
        given = at_once(app, [scan_of(number, lamp.code, by) for by in PHONES])
        assert sorted(one.kind for one in given) == ["counted", "twice", "twice", "twice"]
    assert (so_far(number).counted, close(number).missing) == (12, 0)


def test_one_scan_sent_again_while_it_is_under_way(app: Flask) -> None:
    lamps, number, who = receive(line(quantity="8")), begin(), user("petugas")
    for lamp in lamps:
        key = request_id()
        given = at_once(app, [partial(counts.count, number, lamp.code, who, key)] * 3)
        assert [one.kind for one in given] == ["counted"] * 3


def test_of_two_who_count_a_lot_one_is_told(app: Flask) -> None:
    number = begin()
    for _round in range(8):
        [rings] = receive(line("Gantungan", "10.000", "10", per_piece="lot"))
        given = at_once(app, [scan_of(number, rings.code, by, pieces=n) for by, n in (("petugas", 9), ("petugas2", 8))])
        assert sorted(one.kind for one in given) == ["counted", "overtaken"]


def test_a_piece_is_scanned_while_it_is_sold(app: Flask) -> None:
    """Whichever came first, it is neither missing nor still expected."""
    lamps, till = receive(line(quantity="10")), open_till()
    number = begin()
    for lamp in lamps:
        till.scan(lamp.code)
        scanned, sale = at_once(app, [scan_of(number, lamp.code, "petugas2"), payment(till)])
        assert scanned.kind in ("counted", "unexpected")
        next_buyer(till, sale)
    told = close(number)
    assert told.missing == 0
    assert {kind for kind, *_rest in results(number).values()} <= {"counted", "unexpected"}


def test_scans_or_the_close_come_first(app: Flask) -> None:
    manager = user("pengelola")
    for _round in range(6):
        lamps = receive(line(quantity="3"))
        number = begin()
        shut = partial(stocktake.close, number, "", manager, request_id())
        given = at_once(app, [*[scan_of(number, lamp.code, "petugas") for lamp in lamps], shut])
        counted = [one for one in given if isinstance(one, Scanned)]
        assert {refused.sentence[:28] for refused in refusals(given)} <= {"Hitungan ini sudah ditutup R"}
        kinds = [results(number)[lamp.code][0] for lamp in lamps]
        assert kinds.count("counted") == len(counted), "who was told that it counts is in the result"


def test_one_of_two_begins(app: Flask) -> None:
    for _round in range(6):
        acts = [partial(stocktake.begin, stocktake.Scope(), user(by), request_id()) for by in ("petugas", "petugas2")]
        given = at_once(app, acts)
        [refused] = refusals(given)
        assert "sudah memulai hitungan" in refused.sentence
        close(next(one for one in given if isinstance(one, int)))


def test_two_managers_decide_once(app: Flask) -> None:
    lamps = receive(line(quantity="6"))
    number, manager = begin(), user("pengelola")
    close(number)
    for lamp in lamps:
        ids = result_ids(number, lamp.code)
        acts = [
            partial(differences.settle, number, ids, Decision(how, "x"), manager, request_id())
            for how in ("lost", "explained")
        ]
        [refused] = refusals(at_once(app, acts))
        assert "sudah diputuskan" in refused.sentence


def test_it_is_lost_or_sold_or_handed_back(app: Flask) -> None:
    """Posting the loss races with a sale and with the crafter who fetches it: one of the three has it."""
    manager, till = user("pengelola"), open_till()
    for _round in range(6):
        lamp, other = receive(line("Lampu Kendil", quantity="2"))
        number = begin()
        close(number)
        till.scan(lamp.code)
        ids = result_ids(number, lamp.code, other.code)
        lose = partial(differences.settle, number, ids, Decision("lost", "x"), manager, request_id())
        fetch = partial(hand_back.hand_back, [Pieces(other.id, 1)], user("petugas2"), request_id())
        given = at_once(app, [lose, payment(till), fetch])
        assert posted("shelf", unit=lamp.id) == 0 or isinstance(given[0], Refusal)
        next_buyer(till, given[1])


@pytest.mark.within_a_day(SECONDS_MAX)
def test_five_thousand_pieces_four_phones_and_sales_in_between(app: Flask) -> None:
    """Each phone scans a quarter and some of its neighbour's; meanwhile two tills sell counted and uncounted pieces, a
    buyer brings some back, and a crafter delivers. 25 pieces lie nowhere. The count says just that."""
    codes = deliver(PIECES)
    rng = random.Random(5)
    rng.shuffle(codes)
    hidden, early, late = codes[:HIDDEN], codes[HIDDEN : HIDDEN + SOLD_EARLY], codes[HIDDEN + SOLD_EARLY :]
    tills = [open_till("petugas", "K1"), open_till("petugas2", "K2")]
    number = begin()
    count_and_sell(app, number, tills, early, late)
    told = so_far(number)
    assert told.left == HIDDEN + LATE, "what lies nowhere, and what was brought in behind the backs of those who count"
    done = close(number)
    found = results(number)
    assert sorted(code for code, row in found.items() if row[0] == "missing") == sorted(hidden)
    assert sum(row[0] == "later" for row in found.values()) == LATE
    assert [code for code, row in found.items() if row[0] == "unexpected"] == []
    assert (done.missing, done.unexpected, done.counted) == (HIDDEN, 0, len(late))
    assert not set(early) & set(found), "sold before anybody came by: not looked for"


def deliver(pieces: int) -> list[str]:
    """So many single pieces on the shelf, in notes of a thousand; their codes."""
    codes: list[str] = []
    while len(codes) < pieces:
        lots = [line(f"Lampu {number}", quantity="200") for number in range(5)]
        codes += [item.code for item in receive(*lots)]
    return codes


def count_and_sell(app: Flask, number: int, tills: list[Till], early: list[str], late: list[str]) -> None:
    """Four phones scan everything in `late`, some of it twice; the tills sell `early`, and of `late` what was counted.
    Somebody delivers, and buyers bring back what was counted and sold."""
    counted: list[str] = []
    sold_early, turns = threading.Event(), Turns()
    share, until = -(-len(late) // len(PHONES)), time.monotonic() + SECONDS_MAX

    def in_turn(act: Callable[[], T]) -> T:
        """As the server has it: requests take turns, and people take a moment from one to the next."""
        time.sleep(0.002)
        with turns.one():
            return act()

    def phone(nth: int, by: str) -> None:
        who, again = user(by), random.Random(nth).sample(late, 60)
        for code in [*late[nth * share : (nth + 1) * share], *again]:
            kind = in_turn(partial(counts.count, number, code, who, request_id())).kind
            assert kind in ("counted", "twice"), (code, kind)
            if kind == "counted":
                counted.append(code)

    def till(which: int) -> None:
        mine, sold = tills[which], []
        for code in early[which::2]:
            in_turn(partial(sell, mine, code))
        sold_early.set()
        while len(sold) < SOLD_LATE // 2:
            nth = 2 * len(sold) + which  # the tills never reach for the same piece
            while len(counted) <= nth:
                assert time.monotonic() < until, "the phones stopped"
                time.sleep(0.005)
            sold.append(in_turn(partial(sell, mine, counted[nth])))
        asked = Asked({1: (1, "shelf")}, (), {}, "cacat")
        in_turn(partial(refund.refund, sold[0], asked, mine.who, request_id()))

    def crafter() -> None:
        sold_early.wait()
        in_turn(partial(receive, line("Kursi baru", quantity=str(LATE)), by="pengelola"))

    phones = [partial(phone, nth, by) for nth, by in enumerate(PHONES)]
    assert refusals(at_once(app, [*phones, partial(till, 0), partial(till, 1), crafter])) == []


def test_the_count_belongs_to_its_showroom(app: Flask) -> None:
    receive(line("Kursi"), crafter="Wagiman", by="petugas-tetangga")
    number = begin()
    close(number)
    assert (results(number), count_of(number).labels, rows("stocktake_result")) == ({}, 0, [])
