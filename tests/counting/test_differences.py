"""What a manager decides about differences: posted as lost with compensation, or explained; never by itself."""

import pytest
from flask import Flask

from showroom_app.cli import check_books
from showroom_app.counting import differences
from showroom_app.counting.differences import Decision
from showroom_app.extensions import reading
from showroom_app.labels import runs
from showroom_app.lib.refusal import NotHere, Refusal
from showroom_app.people.crafters import owed
from showroom_app.stock import write_off
from tests.builders import crafter_id, line, open_till, receive, request_id, user
from tests.counting.counts import begin, close, result_ids, results, scan, settle
from tests.rules import activities, posted, rows, rules, sell


def test_missing_pieces_are_posted_as_lost_with_their_compensation(app: Flask) -> None:
    there, *gone = receive(line(price="100.000", quantity="3"))
    number = begin()
    scan(number, there.code)
    close(number)
    assert posted("lost", unit=gone[0].id) == 0, "closing posts nothing"
    assert settle(number, result_ids(number, *[item.code for item in gone])) == 2
    assert [posted("lost", unit=item.id) for item in gone] == [1, 1]
    assert owed(crafter_id("Tutik")) == 170_000, "the crafters' share, as the settings promise"
    written = {row.item_id: row for row in rows("write_off")}
    for row in rows("stocktake_result"):
        if row.kind == "missing":
            loss = written[row.item_id]
            assert (row.write_off_id, row.reason, row.settled_by) == (loss.id, "tidak ketemu", user("pengelola").id)
            assert (loss.kind, loss.quantity, loss.reason) == ("lost", 1, "tidak ketemu")
    told = activities("stocktake-settle")[0].after
    assert '"differences": 2' in told
    assert '"posted": true' in told


def test_found_later_it_is_turned_round(app: Flask) -> None:
    [lamp] = receive(line(price="100.000"))
    number = begin()
    close(number)
    settle(number, result_ids(number, lamp.code))
    [loss] = rows("write_off")
    write_off.turn_round(loss.id, 1, "di gudang", user("pengelola"), request_id())
    assert (posted("lost", unit=lamp.id), owed(crafter_id("Tutik"))) == (0, 0)
    assert results(number) == {lamp.code: ("missing", 1, 0, 0)}, "the count said what it said"


def test_what_was_counted_again_is_decided_in_the_later_count(app: Flask) -> None:
    [lamp], [rings] = receive(), receive(line("Gantungan", "10.000", "10", per_piece="lot"))
    first = begin()
    scan(first, rings.code, pieces=8)
    close(first)
    second = begin()
    scan(second, lamp.code)
    with pytest.raises(Refusal, match="dihitung lagi"):
        settle(first, result_ids(first, lamp.code))
    scan(second, rings.code, pieces=8)
    close(second)
    for code in (lamp.code, rings.code):
        with pytest.raises(Refusal, match="dihitung lagi"):
            settle(first, result_ids(first, code))
    settle(second, result_ids(second, rings.code))
    settle(first, result_ids(first, lamp.code, rings.code), how="explained", reason="dihitung lagi")
    assert [posted(kind, unit=rings.id) for kind in ("shelf", "lost")] == [8, 2]


def test_labels_swapped_after_a_count_leave_its_result_right(app: Flask) -> None:
    lamp, chair = receive(line("Lampu"), line("Kursi"))
    number = begin()
    scan(number, lamp.code)
    close(number)
    runs.swap(lamp.id, chair.code, "tertukar", user("petugas"), request_id())
    assert check_books(lambda _line: None)


def test_where_the_showroom_does_not_answer_for_loss_nothing_is_paid(app: Flask) -> None:
    rules(answers_for_loss=False)
    [lamp] = receive()
    number = begin()
    close(number)
    settle(number, result_ids(number, lamp.code))
    assert (posted("lost", unit=lamp.id), owed(crafter_id("Tutik"))) == (1, 0)


def test_of_a_lot_just_what_is_missing(app: Flask) -> None:
    [rings] = receive(line("Gantungan", "10.000", "20", per_piece="lot"))
    till, number = open_till(), begin()
    scan(number, rings.code, pieces=17)
    sell(till, *[rings.code] * 2)
    close(number)
    settle(number, result_ids(number, rings.code))
    assert (posted("lost", unit=rings.id), posted("shelf", unit=rings.id)) == (3, 15)


def test_explained_the_book_stays_as_it_is(app: Flask) -> None:
    lamp, sold = receive(line(quantity="2"))
    till, number = open_till(), begin()
    sell(till, sold.code)
    scan(number, sold.code)
    close(number)
    entries = len(rows("entry"))
    assert settle(number, result_ids(number, lamp.code, sold.code), "explained", "dipinjam pameran") == 2
    assert (len(rows("entry")), posted("shelf", unit=lamp.id)) == (entries, 1)
    assert [(row.reason, row.write_off_id) for row in rows("stocktake_result")] == [("dipinjam pameran", None)] * 2


def test_each_is_decided_once(app: Flask) -> None:
    first, second = receive(line(quantity="2"))
    number = begin()
    close(number)
    [one, two] = result_ids(number, first.code, second.code)
    settle(number, [one], "explained")
    for how in ("lost", "explained"):
        with pytest.raises(Refusal, match="sudah diputuskan"):
            settle(number, [two, one], how)
    assert settle(number, [two, two]) == 1, "ticked twice is once"
    assert posted("lost", unit=first.id) == 0


def test_all_or_nothing(app: Flask) -> None:
    """Sold since the count closed: it can't be lost, and the others wait for that to be put right."""
    first, second = receive(line("Lampu Kendil", quantity="2"))
    [rings] = receive(line("Gantungan", "10.000", "10", per_piece="lot"))
    till, number = open_till(), begin()
    close(number)
    sell(till, second.code)
    sell(till, *[rings.code] * 4)
    with pytest.raises(Refusal, match=f"Lampu Kendil {second.code} sudah terjual atau dipindah"):
        settle(number, result_ids(number, first.code, second.code))
    with pytest.raises(Refusal, match=f"Gantungan {rings.code} di buku tinggal 6 buah"):
        settle(number, result_ids(number, rings.code, first.code))
    assert rows("write_off") == []
    settle(number, result_ids(number, second.code, rings.code), "explained", "terjual sesudah dihitung")
    settle(number, result_ids(number, first.code))


def test_what_is_not_missing_is_not_posted(app: Flask) -> None:
    lamp, sold = receive(line(quantity="2"))
    till, number = open_till(), begin()
    sell(till, sold.code)
    scan(number, lamp.code)
    scan(number, sold.code)
    receive()
    close(number)
    for code in (lamp.code, sold.code):
        with pytest.raises(Refusal, match="tidak kurang"):
            settle(number, result_ids(number, code))
    with pytest.raises(Refusal, match="tidak kurang"):
        settle(number, [row.id for row in rows("stocktake_result") if row.kind == "later"], "explained")


@pytest.mark.parametrize(
    ("how", "reason", "sentence"),
    [("lost", "", "Tulis sebabnya"), ("", "x", "Pilih: catat hilang"), ("sold", "x", "Pilih: catat hilang")],
)
def test_half_an_answer_is_refused(app: Flask, how: str, reason: str, sentence: str) -> None:
    [lamp] = receive()
    number = begin()
    close(number)
    with pytest.raises(Refusal, match=sentence):
        settle(number, result_ids(number, lamp.code), how, reason)
    with pytest.raises(Refusal, match="Pilih dulu barangnya"):
        settle(number, [])
    with pytest.raises(Refusal, match="Paling banyak 200"):
        settle(number, list(range(1, 202)))


def test_only_a_manager_and_only_when_it_is_closed(app: Flask) -> None:
    [lamp], number = receive(), begin()
    with pytest.raises(Refusal, match="Tutup hitungannya dulu"):
        settle(number, [1])
    close(number)
    [one] = result_ids(number, lamp.code)
    with pytest.raises(Refusal, match="diputuskan pengelola"):
        differences.settle(number, [one], Decision("lost", "x"), user("petugas"), request_id())
    with pytest.raises(NotHere):
        differences.settle(number, [one], Decision("lost", "x"), user("tetangga"), request_id())
    with pytest.raises(NotHere):
        settle(number, [one, one + 1])


def test_the_same_request_posts_once(app: Flask) -> None:
    [lamp] = receive()
    number = begin()
    close(number)
    ids, manager = result_ids(number, lamp.code), user("pengelola")
    for _press in range(2):
        assert differences.settle(number, ids, Decision("lost", "x"), manager, "settle-1") == 1
    assert len(rows("write_off")) == 1
    assert reading().in_transaction()
