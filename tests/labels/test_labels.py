"""Labels: what is still to be printed, from which place on, again, on sheets put right; two that were mixed up."""

import io
import json

import pypdfium2
import pytest
import zxingcpp
from flask import Flask

from showroom_app.counting import count as counting
from showroom_app.counting import stocktake
from showroom_app.extensions import reading, rollback
from showroom_app.labels import runs, sheets
from showroom_app.lib.label_sheet import PRESETS
from showroom_app.lib.refusal import NotHere, Refusal
from showroom_app.sales import basket
from showroom_app.stock.item_change import Agreed
from tests.builders import exhibition, line, open_till, receive, request_id, show, user
from tests.conftest import Auth
from tests.rules import activities, rows, sell, words
from tests.stock.test_item_change import to


def codes_on(pdf: bytes) -> list[str]:
    """What a phone reads off a printed PDF, page after page."""
    read: list[str] = []
    for page in pypdfium2.PdfDocument(io.BytesIO(pdf)):
        image = page.render(scale=300 / 72, grayscale=True).to_pil()
        read += [found.text for found in zxingcpp.read_barcodes(image, formats=zxingcpp.BarcodeFormat.QRCode)]
    return read


def printed(ids: list[int], key: str = "a4-3x8", start: int = 1, price: bool = True, by: str = "petugas") -> int:
    return runs.print_run(ids, key, start, price, user(by), request_id())


def waiting() -> list[int]:
    rollback()
    return [row.id for row in runs.due(1)]


def test_new_goods_wait_for_their_labels_and_printed_ones_do_not(app: Flask) -> None:
    items = receive(line(quantity="3"), line("Gantungan", "12.000", "200", per_piece="lot"))
    assert runs.due_count(1) == 4
    run_id = printed([item.id for item in items[:3]])
    assert [row.id for row in runs.due(1)] == [items[3].id]
    pdf, name = runs.run_pdf(run_id, 1)
    assert (sorted(codes_on(pdf)), name) == (sorted(item.code for item in items[:3]), f"label-{run_id}.pdf")
    assert runs.run_pdf(run_id, 1)[0] == pdf, "the same again"


def test_another_price_puts_the_label_in_the_queue_again(app: Flask) -> None:
    [lamp] = receive(line(price="100.000"))
    printed([lamp.id])
    to(Agreed(lowest_price=90_000), lamp.id)
    assert runs.due_count(1) == 0, "the price stands as it is printed"
    to(Agreed(price=90_000), lamp.id)
    assert [row.id for row in runs.due(1)] == [lamp.id]


def test_any_piece_can_be_put_in_the_queue_and_taken_out_again(app: Flask, auth: Auth) -> None:
    lamp, chair, sold = receive(line("Lampu"), line("Kursi"), line("Meja"))
    printed([lamp.id, chair.id, sold.id])
    sell(open_till(), sold.code)
    client = auth("petugas")
    for item in (lamp, chair):
        assert "Masukkan antrean label" in client.get(f"/q/{item.code}").text
        typed = {"do": "put-in", "next": f"/q/{item.code}", "request_id": request_id()}
        for _press in range(2):
            assert client.post(f"/items/{item.id}/label-wait", data=typed).location == f"/q/{item.code}"
    assert waiting() == [lamp.id, chair.id]
    assert "Keluarkan dari antrean label" in client.get(f"/q/{lamp.code}").text
    assert f"Keluarkan Lampu {lamp.code} dari antrean" in client.get("/labels").text
    out = {"do": "take-out", "request_id": request_id()}
    assert client.post(f"/items/{lamp.id}/label-wait", data=out).location == "/labels"
    assert waiting() == [chair.id]
    assert "label-wait" not in client.get(f"/q/{sold.code}").text
    refused = client.post(f"/items/{sold.id}/label-wait", data={"do": "put-in", "request_id": request_id()})
    assert (refused.status_code, "Meja sudah tidak ada di rak" in refused.text) == (422, True)
    for who, status in (("pengamat", 403), ("perajin", 403), ("petugas-tetangga", 404)):
        asked = {"do": "put-in", "request_id": request_id()}
        assert auth(who).post(f"/items/{lamp.id}/label-wait", data=asked).status_code == status


def test_a_queue_larger_than_a_run_says_how_many_are_printed(
    app: Flask, auth: Auth, monkeypatch: pytest.MonkeyPatch
) -> None:
    receive(line(quantity="5"))
    client = auth("petugas")
    assert "Cetak 5 label" in words(client.get("/labels").text)
    monkeypatch.setattr(runs, "LABELS_MAX", 3)
    page = words(client.get("/labels").text)
    assert "Cetak 3 label pertama" in page
    assert "Sisanya tetap di antrean" in page
    client.post("/labels", data={"request_id": request_id()})
    assert (rows("label_run")[0].count, runs.due_count(1)) == (3, 2)
    assert "Cetak 2 label" in words(client.get("/labels").text)


def test_the_sheet_remembers_where_it_stopped(app: Flask) -> None:
    ids = [item.id for item in receive(line(quantity="10"))]
    for start, count, following in ((1, 3, 4), (4, 7, 11), (23, 3, 2), (24, 1, 1)):
        printed(ids[:count], start=start)
        assert sheets.next_place(reading(), 1, "a4-3x8") == following
    assert sheets.next_place(reading(), 1, "tj-108") == 1


@pytest.mark.parametrize("key", PRESETS)
def test_every_sheet_prints_what_a_phone_reads(app: Flask, key: str) -> None:
    items = receive(line("Kursi teras anyaman “Sekar Kedhaton”", "1.250.000", "3"))
    run_id = printed([item.id for item in items], key, price=False)
    assert sorted(codes_on(runs.run_pdf(run_id, 1)[0])) == sorted(item.code for item in items)


@pytest.mark.parametrize(
    ("ids", "start", "sentence"),
    [
        ([1], 0, "antara 1 dan 24"),
        ([1], 25, "antara 1 dan 24"),
        (list(range(2001)), 1, "2.000"),
    ],
)
def test_what_makes_no_sense_is_refused(app: Flask, ids: list[int], start: int, sentence: str) -> None:
    receive()
    with pytest.raises(Refusal, match=sentence):
        printed(ids, start=start)
    assert rows("label_run") == []


def test_strangers_other_sheets_and_presses(app: Flask) -> None:
    [lamp] = receive()
    for wrong in (
        ([lamp.id], "a4-3x8", "petugas-tetangga"),
        ([999], "a4-3x8", "petugas"),
        ([lamp.id], "kertas", "petugas"),
    ):
        with pytest.raises(NotHere):
            printed(wrong[0], wrong[1], by=wrong[2])
    key = request_id()
    for _press in range(2):
        runs.print_run([lamp.id], "a4-3x8", 5, True, user("petugas"), key)
    assert (len(rows("label_run")), sheets.next_place(reading(), 1, "a4-3x8")) == (1, 6)
    with pytest.raises(NotHere):
        runs.run_pdf(1, 2)


def test_on_the_screens(app: Flask, auth: Auth) -> None:
    lamp, chair = receive(line("Lampu"), line("Kursi"))
    client = auth("petugas")
    page = words(client.get("/labels").text)
    for shown in ("2 label", "Lampu", "Kursi", "Cetak 2 label"):
        assert shown in page
    refused = client.post("/labels", data={"start": "x", "request_id": request_id()})
    assert (refused.status_code, "Pilih tempat pertama" in refused.text) == (422, True)
    answer = client.post("/labels", data={"consignment": "1", "request_id": request_id()})
    assert answer.location == "/labels/runs/1.pdf"
    assert client.get(answer.location).mimetype == "application/pdf"
    assert "Semua label sudah dicetak" in client.get("/labels").text
    again = words(client.get(f"/labels?item={lamp.id}&sheet=tj-121").text)
    assert "Cetak 1 label" in again
    assert "Kursi" not in again.partition("Baru saja dicetak")[0].partition("Cetak lagi")[2]
    assert chair.code in client.get(f"/labels?item={chair.id}").text


def test_the_same_press_is_the_same_run(app: Flask, auth: Auth) -> None:
    receive(line("Lampu"), line("Kursi"))
    client = auth("petugas")
    for form in ({}, {"consignment": "1"}):
        typed = form | {"request_id": request_id()}
        first, second = (client.post("/labels", data=typed) for _press in range(2))
        assert (first.status_code, first.location) == (303, second.location)
    assert [(row.start, row.count) for row in rows("label_run")] == [(1, 2), (3, 2)]
    refused = client.post("/labels", data={"request_id": request_id()})
    assert (refused.status_code, "Pilih dulu labelnya" in refused.text) == (422, True)


def test_a_sheet_is_put_right_with_the_calibration_page(app: Flask, auth: Auth) -> None:
    client = auth("pengelola")
    page = client.get("/labels/sheets/tj-103")
    assert 'value="64"' in page.text
    assert client.get("/labels/sheets/tj-103/calibration.pdf").mimetype == "application/pdf"
    typed = {"margin_left_mm": "5,5", "margin_top_mm": "9", "usual": "1", "request_id": request_id()}
    assert client.post("/labels/sheets/tj-103", data=typed).status_code == 303
    changed = sheets.sheet(reading(), 1, "tj-103")
    assert (changed.margin_left_mm, changed.margin_top_mm, changed.label_width_mm) == (5.5, 9, 64)
    assert rows("showroom")[0].label_preset == "tj-103"
    assert 'value="5,5"' in client.get("/labels/sheets/tj-103").text
    for field, text, sentence in (
        ("gap_x_mm", "-1", "kurang dari nol"), ("label_width_mm", "400", "keluar dari kertasnya"),
        ("label_width_mm", "lebar", "ukuran dalam mm"), ("columns", "2,5", "angka bulat"), ("rows", "999", "antara"),
        ("label_height_mm", "nan", "ukuran dalam mm"),
    ):  # fmt: skip
        refused = client.post("/labels/sheets/tj-103", data={field: text, "request_id": request_id()})
        assert (refused.status_code, sentence in words(refused.text)) == (422, True), (field, text)
    assert client.get("/labels/sheets/kertas").status_code == 404
    assert client.get("/labels/sheets/kertas/calibration.pdf").status_code == 404


def test_prices_are_usual_on_any_sheet_and_measures_are_logged(app: Flask, auth: Auth) -> None:
    client = auth("pengelola")
    typed = {"margin_left_mm": "5,5", "columns": "2", "request_id": request_id()}
    assert client.post("/labels/sheets/tj-103", data=typed).status_code == 303
    [room, _neighbour] = rows("showroom")
    assert (room.label_preset, room.label_price) == ("a4-3x8", False)
    [told] = activities("label-sheet")
    before, after = json.loads(told.before), json.loads(told.after)
    preset = PRESETS["tj-103"]
    assert before == {"columns": preset.columns, "margin_left_mm": preset.margin_left_mm}
    assert after == {"columns": 2, "margin_left_mm": 5.5}
    log = words(client.get("/activity?kind=label-sheet").text)
    for shown in ("Ukuran kertas label diubah", sheets.preset_names()["tj-103"], "Tepi kiri", "5,5 mm", "Kolom"):
        assert shown in log
    typed |= {"with_price": "1", "request_id": request_id()}
    assert client.post("/labels/sheets/tj-103", data=typed).status_code == 303
    assert rows("showroom")[0].label_price
    assert len(activities("label-sheet")) == 1, "the measures are as they were"


def test_two_labels_that_were_mixed_up_are_put_right(app: Flask, auth: Auth) -> None:
    lamp, chair = receive(line("Lampu"), line("Kursi"))
    client = auth("petugas")
    typed = {"code": chair.code.lower(), "reason": "tertukar", "request_id": request_id()}
    for _press in range(2):
        answer = client.post(f"/items/{lamp.id}/label-swap", data=typed)
        assert (answer.status_code, answer.location) == (303, f"/Q/{chair.code}"), "the lamp's own page, twice"
    assert [(row.id, row.code) for row in rows("item")] == [(lamp.id, chair.code), (chair.id, lamp.code)]
    assert len(activities("label-swap")) == 2
    assert runs.due_count(1) == 2, "both labels still tell the other's name and price"
    life = words(client.get(f"/q/{lamp.code}").text)
    assert "Kursi" in life
    assert f"Kode label {chair.code} menjadi {lamp.code}" in life
    assert "tertukar" in life


def test_what_can_not_be_swapped(app: Flask) -> None:
    lamp, chair, sold = receive(line("Lampu"), line("Kursi"), line("Meja"))
    [rings] = receive(line("Gantungan", "12.000", "20", per_piece="lot"))
    till = open_till()
    sell(till, sold.code)
    till.scan(chair.code)
    with pytest.raises(Refusal, match="keranjang"):
        runs.swap(lamp.id, chair.code, "x", user("petugas"), request_id())
    basket.empty(till.basket_id, till.who, request_id())
    for other, reason, sentence in (
        (lamp.code, "x", "dua kode"), ("7K3QXM2F", "x", "dua kode"), (rings.code, "x", "banyak buah"),
        (sold.code, "x", "tidak ada di rak"), (chair.code, "", "Tulis sebabnya"),
    ):  # fmt: skip
        with pytest.raises(Refusal, match=sentence):
            runs.swap(lamp.id, other, reason, user("petugas"), request_id())
    with pytest.raises(Refusal, match="dua kode"):
        runs.swap(lamp.id, chair.code, "x", user("petugas-tetangga"), request_id())
    key = request_id()
    for _press in range(2):
        runs.swap(lamp.id, chair.code, "x", user("petugas"), key)
    assert [row.code for row in rows("item")][:2] == [chair.code, lamp.code]


def test_not_while_one_is_counted_by_the_others_label(app: Flask) -> None:
    lamp, chair = receive(line("Lampu"), line("Kursi"))
    who = user("petugas")
    stocktake_id = stocktake.begin(stocktake.Scope(), who, request_id())
    counting.count(stocktake_id, chair.code, who, request_id())
    with pytest.raises(Refusal, match=r"Kursi sudah dihitung di stok opname\. Batalkan dulu"):
        runs.swap(lamp.id, chair.code, "x", who, request_id())
    stocktake.drop(stocktake_id, user("pengelola"), request_id())
    runs.swap(lamp.id, chair.code, "x", who, request_id())


def test_at_an_exhibition_they_are_put_right_too(app: Flask, auth: Auth) -> None:
    lamp, chair = receive(line("Lampu"), line("Kursi"))
    show(exhibition(), lamp)
    assert "Label tertukar" in auth("petugas").get(f"/q/{lamp.code}").text
    runs.swap(lamp.id, chair.code, "x", user("petugas"), request_id())
    assert [row.code for row in rows("item")] == [chair.code, lamp.code]
