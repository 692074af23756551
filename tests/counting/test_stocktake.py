"""A count of the shelf while selling goes on: what is expected, what was counted, what is missing or unexpected."""

import pytest
from flask import Flask

from showroom_app.counting import count as counts
from showroom_app.counting import stocktake
from showroom_app.counting.stocktake import Scope
from showroom_app.lib import label_code
from showroom_app.lib.refusal import NotHere, Refusal
from showroom_app.sales import refund
from showroom_app.sales.refund import Asked
from showroom_app.stock import hand_back, write_off
from showroom_app.stock.hand_back import Pieces
from showroom_app.stock.write_off import Harm
from tests.builders import crafter_id, line, open_till, receive, request_id, user
from tests.counting.counts import begin, close, count_of, kinds, results, scan, so_far
from tests.rules import activities, rows, sell


def test_everything_counted_is_even(app: Flask) -> None:
    lamps = receive(line(quantity="3"))
    [rings] = receive(line("Gantungan", "12.000", "20", per_piece="lot"), crafter="Slamet")
    number = begin()
    assert (so_far(number).counted, so_far(number).expected) == (0, 23)
    assert kinds(number, *[lamp.code for lamp in lamps]) == ["counted"] * 3
    assert scan(number, rings.code).kind == "ask", "a lot asks for its number and counts nothing yet"
    assert (so_far(number).counted, so_far(number).left) == (3, 20)
    assert scan(number, rings.code, pieces=20).kind == "counted"
    assert (so_far(number).counted, so_far(number).expected, so_far(number).percent) == (23, 23, 100)
    told = close(number)
    assert (told.expected, told.counted, told.missing, told.unexpected, told.labels) == (23, 23, 0, 0, 4)
    assert {kind for kind, *_rest in results(number).values()} == {"counted"}


def test_a_piece_is_counted_once_whoever_scans_it_again(app: Flask) -> None:
    [lamp], number = receive(), begin()
    assert scan(number, lamp.code, "petugas").kind == "counted"
    before = rows("stocktake_count")
    for typed in (lamp.code, lamp.code.lower(), f"https://galeri.contoh.id/q/{lamp.code}"):
        assert scan(number, typed, "petugas2").kind == "twice"
    assert rows("stocktake_count") == before, "who counted it first, and when, stays"
    assert before[0].user_id == user("petugas").id


def test_sold_before_it_was_counted_it_is_not_looked_for(app: Flask) -> None:
    first, second = receive(line(quantity="2"))
    till, number = open_till(), begin()
    sell(till, first.code)
    assert (so_far(number).counted, so_far(number).expected) == (0, 1)
    scan(number, second.code)
    assert (close(number).missing, results(number)) == (0, {second.code: ("counted", 1, 1, 0)})


def test_counted_and_sold_afterwards_it_was_there(app: Flask) -> None:
    [lamp] = receive()
    till, number = open_till(), begin()
    scan(number, lamp.code)
    sell(till, lamp.code)
    assert (so_far(number).counted, so_far(number).expected) == (1, 1)
    assert scan(number, lamp.code).kind == "twice"
    assert (close(number).missing, results(number)) == (0, {lamp.code: ("counted", 1, 1, 0)})


def test_nothing_scanned_all_is_missing(app: Flask) -> None:
    lamps = receive(line(quantity="2"))
    [rings] = receive(line("Gantungan", "12.000", "20", per_piece="lot"))
    number = begin()
    told = close(number, "mati lampu")
    assert (told.expected, told.missing, told.note, told.status) == (22, 22, "mati lampu", "closed")
    assert results(number) == {lamp.code: ("missing", 1, 0, 0) for lamp in lamps} | {rings.code: ("missing", 20, 0, 0)}


def test_what_came_after_the_start_is_never_missing(app: Flask) -> None:
    """Received, brought back by a buyer, mended, found: the people who counted had perhaps passed that shelf."""
    till, manager = open_till(), user("pengelola")
    sold, broken, lost, still = receive(line(quantity="4"))
    sale_id = sell(till, sold.code)
    harms = [
        write_off.write_off(Harm(item.id, kind, 1, "jatuh"), manager, request_id())
        for item, kind in ((broken, "damaged"), (lost, "lost"))
    ]
    number = begin()
    [new] = receive()
    refund.refund(sale_id, Asked({1: (1, "shelf")}, (), {}, "cacat"), till.who, request_id())
    for harm in harms:
        write_off.turn_round(harm, 1, "beres", manager, request_id())
    assert so_far(number).expected == 5, "they stand on the shelf, so somebody may scan them"
    told = close(number)
    later = {item.code: ("later", 0, 0, 1) for item in (new, sold, broken, lost)}
    assert results(number) == later | {still.code: ("missing", 1, 0, 0)}
    assert (told.missing, told.expected) == (1, 1)


def test_what_came_after_the_start_may_be_counted(app: Flask) -> None:
    number = begin()
    [new] = receive()
    assert scan(number, new.code).kind == "counted"
    close(number)
    assert results(number) == {new.code: ("counted", 1, 1, 0)}


def test_of_a_lot_as_many_are_missing_as_stood_there_all_along(app: Flask) -> None:
    [rings] = receive(line("Gantungan", "10.000", "10", per_piece="lot"))
    till, number = open_till(), begin()
    sale_id = sell(till, *[rings.code] * 4)
    refund.refund(sale_id, Asked({1: (2, "shelf")}, (), {}, "cacat"), till.who, request_id())
    close(number)
    assert results(number) == {rings.code: ("missing", 6, 0, 2)}


def test_goods_that_the_book_has_elsewhere_are_called_out_and_kept(app: Flask) -> None:
    till, manager = open_till(), user("pengelola")
    sold, returned, broken, lost = receive(line(quantity="4"))
    sell(till, sold.code)
    hand_back.hand_back([Pieces(returned.id, 1)], user("petugas"), request_id())
    for item, kind in ((broken, "damaged"), (lost, "lost")):
        write_off.write_off(Harm(item.id, kind, 1, "jatuh"), manager, request_id())
    [next_door] = receive(line("Kursi"), crafter="Wagiman", by="petugas-tetangga")
    stranger = label_code.with_check("7K3QXM2")
    number = begin()
    codes = [sold.code, returned.code, broken.code, lost.code, next_door.code]
    assert kinds(number, *codes, stranger) == ["unexpected"] * 5 + ["stranger"]
    assert kinds(number, *codes, stranger) == ["twice"] * 5 + ["stranger"], "kept once"
    assert (so_far(number).expected, so_far(number).unexpected) == (0, 6)
    told = close(number)
    assert (told.expected, told.missing, told.unexpected) == (0, 0, 6)
    assert results(number) == dict.fromkeys([*codes, stranger], ("unexpected", 0, 1, 0))
    places = {row.code: row.place for row in rows("stocktake_result")}
    assert [places[code] for code in [*codes, stranger]] == [
        "sold", "returned", "damaged", "lost", "elsewhere", "unknown",
    ]  # fmt: skip
    assert {row.code: row.name for row in rows("stocktake_result")}[next_door.code] == "", (
        "nothing of next door is told"
    )


def test_called_out_and_brought_back_by_its_buyer_it_counts(app: Flask) -> None:
    [lamp], till = receive(), open_till()
    sale_id, number = sell(till, lamp.code), begin()
    assert scan(number, lamp.code).kind == "unexpected"
    refund.refund(sale_id, Asked({1: (1, "shelf")}, (), {}, "cacat"), till.who, request_id())
    assert scan(number, lamp.code).kind == "counted"
    close(number)
    assert results(number) == {lamp.code: ("counted", 1, 1, 0)}


def test_a_lot_s_number_is_that_of_the_moment_when_it_is_given(app: Flask) -> None:
    [rings] = receive(line("Gantungan", "10.000", "10", per_piece="lot"))
    till, number = open_till(), begin()
    sell(till, *[rings.code] * 3)
    assert scan(number, rings.code, pieces=7).kind == "counted"
    sell(till, rings.code)
    assert (so_far(number).counted, so_far(number).left) == (7, 0)
    assert scan(number, rings.code, pieces=5, seen=7).kind == "counted", "put right: six stand there now"
    assert (so_far(number).counted, so_far(number).expected) == (5, 6)
    assert (close(number).missing, results(number)) == (1, {rings.code: ("missing", 6, 5, 0)})


def test_more_of_a_lot_than_the_book_has_is_unexpected(app: Flask) -> None:
    [rings] = receive(line("Gantungan", "10.000", "10", per_piece="lot"))
    number = begin()
    scan(number, rings.code, pieces=12)
    assert (so_far(number).counted, so_far(number).expected, so_far(number).unexpected) == (10, 10, 1)
    told = close(number)
    assert (told.counted, told.unexpected, results(number)) == (10, 2, {rings.code: ("unexpected", 10, 12, 0)})


def test_a_lot_that_is_sold_out_is_asked_for_and_called_out(app: Flask) -> None:
    [rings] = receive(line("Gantungan", "10.000", "2", per_piece="lot"))
    till, number = open_till(), begin()
    sell(till, *[rings.code] * 2)
    assert scan(number, rings.code).kind == "ask"
    assert scan(number, rings.code, pieces=0).kind == "counted"
    assert scan(number, rings.code, pieces=1, seen=0).kind == "unexpected"
    close(number)
    assert results(number) == {rings.code: ("unexpected", 0, 1, 0)}


def test_a_lot_s_number_is_put_right_only_by_who_saw_it(app: Flask) -> None:
    [rings] = receive(line("Gantungan", "10.000", "10", per_piece="lot"))
    number = begin()
    scan(number, rings.code, pieces=9)
    assert scan(number, rings.code, "petugas2", pieces=10).kind == "overtaken", "asked before the other gave a number"
    assert scan(number, rings.code, "petugas2", pieces=10, seen=8).kind == "overtaken"
    assert [(row.pieces, row.user_id) for row in rows("stocktake_count")] == [(9, user("petugas").id)]
    assert scan(number, rings.code, "petugas2", pieces=10, seen=9).kind == "counted"
    assert [(row.pieces, row.user_id) for row in rows("stocktake_count")] == [(10, user("petugas2").id)]


@pytest.mark.parametrize("pieces", [-1, 1_000_001, 2**62])
def test_an_unlikely_number_is_refused(app: Flask, pieces: int) -> None:
    [rings] = receive(line("Gantungan", "10.000", "10", per_piece="lot"))
    number = begin()
    with pytest.raises(Refusal, match="antara 0 dan"):
        scan(number, rings.code, pieces=pieces)


def test_a_number_for_a_single_piece_changes_nothing(app: Flask) -> None:
    [lamp], number = receive(), begin()
    assert scan(number, lamp.code, pieces=5).kind == "counted"
    assert [row.pieces for row in rows("stocktake_count")] == [1]


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("", "Pindai label, atau ketik kodenya"), ("   ", "Pindai label"), ("7K3QXM2", "kurang lengkap"),
        ("7K3QXM2Z", "salah ketik"), ("lampu gantung", "bukan kode label"), ("https://contoh.id/q/XX", "salah ketik"),
    ],
)  # fmt: skip
def test_wrong_codes_are_refused_in_words_and_kept_nowhere(app: Flask, typed: str, sentence: str) -> None:
    number = begin()
    with pytest.raises(Refusal, match=sentence):
        scan(number, typed)
    assert (rows("stocktake_count"), rows("stocktake_stranger")) == ([], [])


def test_a_scan_is_taken_back(app: Flask) -> None:
    [lamp], number = receive(), begin()
    scan(number, lamp.code)
    counts.take_back(number, lamp.id, user("petugas2"), "back-1")
    counts.take_back(number, lamp.id, user("petugas2"), "back-1")
    with pytest.raises(Refusal, match="belum dihitung"):
        counts.take_back(number, lamp.id, user("petugas2"), request_id())
    assert (so_far(number).counted, scan(number, lamp.code).kind) == (0, "counted")


def test_of_one_category_or_crafter_only(app: Flask) -> None:
    lamp, chair = receive(line(), line("Kursi", category="Kursi"))
    [other] = receive(line("Meja", category="Meja"), crafter="Slamet")
    number = begin(Scope("category", category="Kursi"))
    assert so_far(number).expected == 1
    with pytest.raises(Refusal, match="jenisnya lain"):
        scan(number, lamp.code)
    assert scan(number, chair.code).kind == "counted"
    assert close(number).expected == 1
    number = begin(Scope("crafter", crafter_id=crafter_id("Tutik")))
    assert so_far(number).expected == 2
    with pytest.raises(Refusal, match="milik Slamet Riyadi"):
        scan(number, other.code)
    assert kinds(number, lamp.code, chair.code) == ["counted", "counted"]
    close(number)
    assert set(results(number)) == {lamp.code, chair.code}


def test_of_another_category_but_sold_it_is_called_out_all_the_same(app: Flask) -> None:
    [lamp], till = receive(), open_till()
    sell(till, lamp.code)
    number = begin(Scope("category", category="Kursi"))
    assert scan(number, lamp.code).kind == "unexpected"


@pytest.mark.parametrize(
    "scope",
    [
        Scope("rooms"), Scope("category"), Scope("category", category="Mobil"), Scope("crafter"), Scope(""),
        Scope("all", category="Kursi"), Scope("category", category="Kursi", crafter_id=1),
    ],
)  # fmt: skip
def test_a_scope_that_is_none_is_refused(app: Flask, scope: Scope) -> None:
    with pytest.raises(Refusal, match="Pilih"):
        begin(scope)


def test_one_count_at_a_time_in_a_showroom(app: Flask) -> None:
    number = begin()
    with pytest.raises(Refusal, match="Petugas sudah memulai hitungan, pukul"):
        begin(Scope("category", category="Kursi"), by="pengelola")
    assert begin(by="petugas-tetangga") != number, "next door counts its own shelf"
    close(number)
    begin()


def test_a_closed_count_takes_no_more(app: Flask) -> None:
    lamp, other = receive(line(quantity="2"))
    number = begin()
    scan(number, lamp.code)
    close(number)
    frozen = rows("stocktake_result")
    for act in (
        lambda: scan(number, other.code), lambda: counts.take_back(number, lamp.id, user("petugas"), request_id()),
        lambda: close(number), lambda: stocktake.drop(number, user("pengelola"), request_id()),
    ):  # fmt: skip
        with pytest.raises(Refusal, match="sudah ditutup Ratna, pukul"):
            act()
    sell(open_till(), other.code)
    assert rows("stocktake_result") == frozen, "whatever is sold later"


def test_dropped_it_has_no_result(app: Flask) -> None:
    [lamp], number = receive(), begin()
    scan(number, lamp.code)
    assert stocktake.drop(number, user("pengelola"), "drop-1") == stocktake.drop(number, user("pengelola"), "drop-1")
    assert (count_of(number).status, results(number)) == ("dropped", {})
    begin()


def test_a_manager_closes_and_drops(app: Flask) -> None:
    number = begin()
    for act in (
        lambda: stocktake.close(number, "", user("petugas"), request_id()),
        lambda: stocktake.drop(number, user("petugas"), request_id()),
    ):
        with pytest.raises(Refusal, match="pengelola"):
            act()
    for act in (
        lambda: stocktake.close(number, "", user("tetangga"), request_id()),
        lambda: scan(number, "7K3QXM2F", "petugas-tetangga"), lambda: scan(number + 9, "7K3QXM2F"),
        lambda: begin(Scope("crafter", crafter_id=crafter_id("Wagiman"))),
    ):  # fmt: skip
        with pytest.raises(NotHere):
            act()


def test_the_same_request_gives_the_same_answer_once(app: Flask) -> None:
    who, manager = user("petugas"), user("pengelola")
    [lamp] = receive()
    numbers = {stocktake.begin(Scope(), who, "begin-1") for _press in range(2)}
    [number] = numbers
    first = counts.count(number, lamp.code, who, "count-1")
    assert counts.count(number, lamp.code, who, "count-1") == first, "counted, not twice"
    stranger = label_code.with_check("7K3QXM2")
    assert {counts.count(number, stranger, who, "count-2").kind for _press in range(2)} == {"stranger"}
    with pytest.raises(Refusal, match="sudah dipakai untuk hal lain"):
        counts.count(number, stranger, who, "count-1")
    assert {stocktake.close(number, "", manager, "close-1") for _press in range(2)} == {number}
    assert counts.count(number, lamp.code, who, "count-1") == first, "a lost answer, after it was closed"
    assert (len(rows("stocktake")), len(rows("stocktake_result"))) == (1, 2)


def test_the_log_tells_of_it(app: Flask, auth: object) -> None:
    receive()
    number = begin(Scope("crafter", crafter_id=crafter_id("Tutik")))
    close(number)
    assert [row.subject for row in activities("stocktake-begin")] == [f"stocktake:{number}"]
    assert "Tutik Handayani" in activities("stocktake-begin")[0].after
    assert '"missing": 1' in activities("stocktake-close")[0].after
