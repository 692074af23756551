"""The life of a piece: what the book knows, what counts of the shelf said of it, its labels and its names."""

from flask import Flask

from showroom_app.counting import stocktake
from showroom_app.labels import runs
from showroom_app.lib.typed import Typed
from showroom_app.stock import products
from tests.builders import line, open_till, receive, request_id, user
from tests.conftest import Auth
from tests.counting.counts import begin, close, result_ids, scan, settle
from tests.rules import sell, words


def life(auth: Auth, code: str, who: str = "pengelola") -> str:
    """What its page tells, from the newest down."""
    return words(auth(who).get(f"/q/{code}").text).partition("Riwayat")[2]


def test_what_a_count_missed_and_why(app: Flask, auth: Auth) -> None:
    lamp, chair, there = receive(line("Lampu"), line("Kursi"), line("Meja"))
    number = begin()
    scan(number, there.code)
    close(number)
    settle(number, result_ids(number, lamp.code), "explained", "dipinjam untuk foto")
    settle(number, result_ids(number, chair.code), "lost", "sudah dicari")
    told = life(auth, lamp.code)
    for shown in ("Kurang di stok opname", "Selisih stok opname dijelaskan", "Ratna dipinjam untuk foto", "1 buah"):
        assert shown in told, shown
    assert "Dihitung" not in told and "Dicatat hilang" not in told
    told = life(auth, chair.code)
    assert told.count("Dicatat hilang sesudah stok opname") == 1
    assert "BA-KTR-00001 · sudah dicari" in told and "Kurang di stok opname" in told
    assert "dijelaskan" not in told
    told = life(auth, there.code)
    assert "Dihitung di stok opname" in told and "Kurang" not in told
    assert f'href="/stocktakes/{number}"' in auth("petugas").get(f"/q/{lamp.code}").text


def test_a_lot_that_is_short_or_more(app: Flask, auth: Auth) -> None:
    short, more = receive(*(line(name, "10.000", "10", per_piece="lot") for name in ("Cincin", "Gelang")))
    number = begin()
    scan(number, short.code, pieces=8)
    scan(number, more.code, pieces=13)
    close(number)
    told = life(auth, short.code)
    assert "Dihitung di stok opname" in told and "8 buah" in told
    assert "Kurang di stok opname" in told and "2 buah" in told
    told = life(auth, more.code)
    assert "Lebih di stok opname" in told and "3 buah" in told


def test_a_scan_that_was_called_out_and_one_of_a_dropped_count(app: Flask, auth: Auth) -> None:
    sold, there = receive(line("Lampu"), line("Kursi"))
    sell(open_till(), sold.code)
    mistaken = begin()
    for code in (sold.code, there.code):
        scan(mistaken, code)
    stocktake.drop(mistaken, user("pengelola"), request_id())
    for code in (sold.code, there.code):
        told = life(auth, code)
        assert "Dipindai di stok opname yang dibatalkan" in told
        assert "Dihitung" not in told and "Muncul" not in told
    assert "tercatat terjual" in life(auth, sold.code)
    number = begin()
    scan(number, sold.code)
    assert "Muncul di stok opname, padahal tercatat terjual" in life(auth, sold.code)
    scan(number, there.code)
    close(number)
    settle(number, result_ids(number, sold.code), "explained", "belum diambil pembeli")
    told = life(auth, sold.code)
    assert "Ratna belum diambil pembeli" in told
    assert "Lebih di stok opname" not in told and "Kurang" not in told
    assert "Dihitung di stok opname" in life(auth, there.code)


def test_what_a_neighbours_count_said_stays_there(app: Flask, auth: Auth) -> None:
    [lamp] = receive()
    scan(begin(by="petugas-tetangga"), lamp.code, "petugas-tetangga")
    assert "stok opname" not in life(auth, lamp.code)


def test_its_label_was_printed(app: Flask, auth: Auth) -> None:
    first, *_more, other = receive(line(quantity="12"))
    run = runs.print_run([first.id, 2, 3], "a4-3x8", 1, True, user("petugas"), request_id())
    runs.print_run([first.id], "tj-108", 1, True, user("petugas2"), request_id())
    assert life(auth, first.code).count("Label dicetak") == 2
    assert f'href="/labels/runs/{run}.pdf"' in auth("petugas").get(f"/q/{first.code}").text
    assert "Label dicetak" not in life(auth, other.code), "12 is neither 1 nor 2"


def test_its_kind_is_called_otherwise_and_became_part_of_another(app: Flask, auth: Auth) -> None:
    lamp, again = receive(line("Lampu"), line("Lampuu"))
    kept = Typed(name="Lampu", category="Lampu gantung", story="Dari bambu.")
    products.save_product(lamp.product_id, kept, user("petugas"), request_id())
    renamed = Typed(name="Lampu Kendil", category="Lampu gantung")
    products.save_product(lamp.product_id, renamed, user("petugas"), request_id())
    products.merge(again.product_id, lamp.product_id, user("pengelola"), request_id())
    [later] = receive(line("Lampuu"))
    told = life(auth, again.code)
    assert "Nama Lampu menjadi Lampu Kendil" in told
    assert "Lampuu digabung ke Lampu Kendil" in told
    assert told.count("Nama ") == 1, "only its name"
    assert "menjadi" not in life(auth, later.code), "it came after that"


def test_a_crafter_is_told_no_names_counts_and_runs(app: Flask, auth: Auth) -> None:
    [lamp] = receive(line("Lampu"))
    number = begin()
    close(number)
    settle(number, result_ids(number, lamp.code), "lost", "sudah dicari")
    runs.print_run([lamp.id], "a4-3x8", 1, True, user("petugas"), request_id())
    renamed = Typed(name="Lampu Kendil", category="Lampu gantung")
    products.save_product(lamp.product_id, renamed, user("petugas"), request_id())
    told = life(auth, lamp.code, "perajin")
    assert "Nama Lampu menjadi Lampu Kendil" in told
    assert "Dicatat hilang sesudah stok opname" in told
    for hidden in ("Petugas", "Ratna", "Kurang di", "Label dicetak", "BA-KTR"):
        assert hidden not in told, hidden
