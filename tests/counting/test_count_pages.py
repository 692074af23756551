"""Counting on the screen: begun, scanned into, called out, closed, decided, printed."""

import io
import re
import zipfile

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.datastructures import FileStorage

from showroom_app.lib import label_code
from showroom_app.people.crafters import owed
from showroom_app.sales import refund
from showroom_app.sales.refund import Asked
from showroom_app.stock import photos
from tests.builders import crafter_id, line, open_till, receive, request_id
from tests.conftest import Auth
from tests.counting.counts import begin, close, count_of, result_ids, scan, settle, so_far
from tests.rules import pdf_text, rows, sell, words
from tests.stock.test_photos import picture
from tests.web.forms import HTMX


def post(client: FlaskClient, to: str, htmx: bool = False, **form: str) -> tuple[int, str]:
    """Send a form; the status and what the answer reads."""
    answer = client.post(to, data={"request_id": request_id()} | form, headers=HTMX if htmx else {})
    return answer.status_code, words(answer.text)


def test_begun_from_the_list_and_found_there(app: Flask, auth: Auth) -> None:
    receive()
    client = auth("petugas")
    assert "Mulai menghitung" in client.get("/stocktakes").text
    answer = client.post("/stocktakes", data={"scope": "all", "request_id": request_id()})
    assert (answer.status_code, answer.location) == (303, "/stocktakes/1")
    listed = words(auth("petugas2").get("/stocktakes").text)
    assert "Sedang dihitung: Semua barang" in listed
    assert "Lanjut menghitung" in listed
    assert "Mulai menghitung" not in listed
    status, said = post(client, "/stocktakes", scope="all")
    assert (status, "Petugas sudah memulai hitungan" in said) == (422, True)
    assert "/stocktakes" in client.get("/items").text, "the way there"
    assert "/stocktakes" not in auth("pengamat").get("/items").text


@pytest.mark.parametrize(
    ("form", "sentence"),
    [
        ({}, "Pilih apa yang dihitung"), ({"scope": "x"}, "Pilih apa yang dihitung"),
        ({"scope": "category"}, "Pilih jenis barangnya"), ({"scope": "crafter"}, "Pilih perajinnya"),
        ({"scope": "crafter", "crafter_id": "x"}, "Pilih perajinnya"),
    ],
)  # fmt: skip
def test_a_scope_half_chosen_comes_back(app: Flask, auth: Auth, form: dict[str, str], sentence: str) -> None:
    status, said = post(auth("petugas"), "/stocktakes", **form)
    assert (status, sentence in said, rows("stocktake")) == (422, True, [])


def test_what_a_scan_says(app: Flask, auth: Auth) -> None:
    lamp, sold = receive(line("Lampu Kendil", quantity="2"))
    [next_door] = receive(line("Kursi mahal"), crafter="Wagiman", by="petugas-tetangga")
    sell(open_till(), sold.code)
    number, client, other = begin(), auth("petugas"), auth("petugas2")
    to = f"/stocktakes/{number}/counts"
    for htmx in (True, False):
        assert "Dihitung." in post(client, to, htmx, code=lamp.code)[1] or not htmx
        status, said = post(other, to, htmx, code=lamp.code.lower())
        assert (status, bool(re.search(r"Sudah dihitung, pukul \d\d\.\d\d, oleh Petugas\.", said))) == (200, True)
        said = post(client, to, htmx, code=sold.code)[1]
        assert "Lampu Kendil sudah terjual di Meja 1, pukul" in said
        assert ("Sisihkan barangnya; sudah dicatat." in said) == htmx or "Sudah dicatat, pukul" in said
        said = post(client, to, htmx, code=next_door.code)[1]
        assert "Barang ini milik galeri lain" in said
        assert "Kursi mahal" not in said
        assert "tidak dikenal di galeri ini" in post(client, to, htmx, code=label_code.with_check("7K3QXM2"))[1]
        for typed, sentence in (("", "Pindai label"), ("7K3QXM2Z", "salah ketik"), ("meja", "bukan kode label")):
            status, said = post(client, to, htmx, code=typed)
            assert (status, sentence in said) == (422, True), typed
    page = client.post(to, data={"code": "7K3QXM2Z", "request_id": request_id()}).text
    assert 'value="7K3QXM2Z"' in page, "without script what was typed is still there"
    assert "unexpected" not in words(page)


def test_a_lot_asks_and_can_be_put_right(app: Flask, auth: Auth) -> None:
    [rings] = receive(line("Gantungan", "12.000", "20", per_piece="lot"))
    number, client = begin(), auth("petugas")
    to = f"/stocktakes/{number}/counts"
    status, said = post(client, to, True, code=rings.code)
    assert (status, "Ada berapa buah di rak?" in said) == (200, True)
    for typed in ("", "dua puluh", "-1", "1,5", "9" * 30, "12345678"):
        status, said = post(client, to, True, code=rings.code, pieces=typed, seen="")
        assert (status, "Isi jumlah" in said, "Ada berapa buah" in said) == (422, True, True), typed
    status, said = post(client, to, True, code=rings.code, pieces="18", seen="")
    assert "Dihitung: 18 buah. Ini beda dengan buku, jadi hitung sekali lagi" in said
    assert "20" not in said.replace(rings.code, ""), "a count that knows the answer is none"
    asked = client.post(to, data={"code": rings.code, "request_id": request_id()}, headers=HTMX).text
    assert "Sudah dihitung Petugas: 18 buah, pukul" in words(asked)
    assert 'name="seen" value="18"' in asked
    assert "Baru saja dihitung Petugas: 18 buah" in post(client, to, True, code=rings.code, pieces="20", seen="")[1]
    assert "Dihitung: 20 buah." in post(client, to, True, code=rings.code, pieces="20", seen="18")[1]
    assert so_far(number).left == 0


def test_a_scan_is_taken_back_on_the_screen(app: Flask, auth: Auth) -> None:
    [lamp], number = receive(), begin()
    scan(number, lamp.code)
    to, client = f"/stocktakes/{number}/counts/{lamp.id}/back", auth("petugas2")
    for htmx in (True, False):
        assert "Pindaian dibatalkan" in post(client, to, htmx)[1]
        status, said = post(client, to, htmx)
        assert (status, "belum dihitung" in said) == (422, True)
        scan(number, lamp.code)


def test_every_screen_follows(app: Flask, auth: Auth) -> None:
    """Polling costs nothing while nothing happens; a scan, a sale, and the close are each seen."""
    lamp, other = receive(line(quantity="2"))
    till, number, client = open_till(), begin(), auth("petugas2")

    def look() -> tuple[int, str]:
        seen = look.seen if hasattr(look, "seen") else ""
        answer = client.get(f"/stocktakes/{number}/live", query_string={"seen": seen}, headers=HTMX)
        found = re.search(r'name="seen" value="([^"]+)"', answer.text)
        look.seen = found[1] if found else seen  # type: ignore[attr-defined]
        return answer.status_code, words(answer.text)

    assert "0 dari 2 buah dihitung" in look()[1]
    assert look() == (204, "")
    scan(number, lamp.code)
    assert "1 dari 2 buah dihitung" in look()[1]
    assert look() == (204, "")
    sale_id = sell(till, other.code)
    status, said = look()
    assert (status, "1 dari 1 buah dihitung" in said, "Petugas 1 label" in said) == (200, True, True)
    refund.refund(sale_id, Asked({1: (1, "shelf")}, (), {}, "cacat"), till.who, request_id())
    assert "1 dari 2 buah dihitung" in look()[1]
    close(number)
    gone = client.get(f"/stocktakes/{number}/live", headers=HTMX)
    assert (gone.status_code, gone.headers["HX-Redirect"]) == (204, f"/stocktakes/{number}")


def test_what_is_left_and_who_may_close(app: Flask, auth: Auth) -> None:
    lamp, other = receive(line(quantity="2"))
    number = begin()
    [new] = receive(line("Kursi"))
    scan(number, lamp.code)
    page = words(auth("petugas").get(f"/stocktakes/{number}/left").text)
    assert other.code in page
    assert f"{new.code} datang sesudah mulai" in page
    assert lamp.code not in page
    assert "minta pengelola menutup" in page
    assert auth("petugas").post(f"/stocktakes/{number}/close").status_code == 403
    manager = auth("pengelola")
    assert "Tutup hitungan?" in manager.get(f"/stocktakes/{number}/left").text
    form = {"note": "rak belakang", "request_id": "close-1"}
    for _press in range(2):
        answer = manager.post(f"/stocktakes/{number}/close", data=form)
        assert (answer.status_code, answer.location) == (303, f"/stocktakes/{number}")
    status, said = post(manager, f"/stocktakes/{number}/close", note="lagi")
    assert (status, "sudah ditutup Ratna" in said) == (422, True)
    assert manager.get(f"/stocktakes/{number}/left").status_code == 200, "it leads to the result"
    assert count_of(number).note == "rak belakang"
    status, said = post(auth("petugas"), f"/stocktakes/{number}/counts", True, code=other.code)
    assert (status, "sudah ditutup Ratna" in said) == (422, True)


def test_dropped_it_says_so(app: Flask, auth: Auth) -> None:
    number, manager = begin(), auth("pengelola")
    assert manager.post(f"/stocktakes/{number}/drop", data={"request_id": request_id()}).location == "/stocktakes"
    assert "Hitungan ini dibatalkan" in manager.get(f"/stocktakes/{number}").text
    assert "dibatalkan" in words(manager.get("/stocktakes").text)
    for paper in ("result.pdf", "result.xlsx"):
        assert manager.get(f"/stocktakes/{number}/{paper}").status_code == 404


def test_the_result_and_what_becomes_of_it(app: Flask, auth: Auth) -> None:
    lost, borrowed, sold, there = receive(line("Lampu Kendil", "100.000", "4"))
    sell(open_till(), sold.code)
    number, manager = begin(), auth("pengelola")
    scan(number, there.code)
    scan(number, sold.code, "petugas2")
    close(number, "sesudah tutup toko")
    page = words(manager.get(f"/stocktakes/{number}").text)
    for seen in ("Seharusnya 3 buah", "Dihitung 1 buah", "Kurang 2 buah", "Tak terduga 1 buah", "tercatat terjual"):
        assert seen in page, seen
    assert "Petugas2 1 label" in page
    page = manager.get(f"/stocktakes/{number}?all=1").text
    assert len(re.findall(r'name="r\d+"[^>]* checked', page)) == 2, "what is missing, all at once"
    assert "data-sum>Rp170.000" in page and words(page).count("bagian perajin Rp85.000") == 2
    assert 'type="checkbox"' not in auth("petugas").get(f"/stocktakes/{number}").text
    [one, two, three] = result_ids(number, lost.code, borrowed.code, sold.code)
    to = f"/stocktakes/{number}/differences"
    for form, sentence in (
        ({"how": "lost", "reason": "x"}, "Pilih dulu barangnya"), ({f"r{one}": "1", "how": "lost"}, "Tulis sebabnya"),
        ({f"r{one}": "1", "reason": "x"}, "Pilih: catat hilang"),
        ({"r" + "9" * 30: "1", "how": "lost"}, "tidak lengkap"),
    ):  # fmt: skip
        answer = manager.post(to, data={"request_id": request_id()} | form)
        assert (answer.status_code, sentence in words(answer.text)) == (422, True), form
        assert form.get("reason") is None or f'value="{form["reason"]}"' in answer.text, "nothing typed is lost"
    assert rows("write_off") == []
    posted = {f"r{one}": "1", "how": "lost", "reason": "sudah dicari", "request_id": "settle-1"}
    for _press in range(2):
        assert manager.post(to, data=posted).status_code == 303
    told = words(manager.get(f"/stocktakes/{number}").text)
    assert "1 barang dicatat hilang." in told
    assert "Dicatat hilang BA-KTR-00001 · ganti rugi Rp85.000 sudah dicari Ratna" in told
    explained = {f"r{two}": "1", f"r{three}": "1", "how": "explained", "reason": "dipinjam", "request_id": request_id()}
    assert manager.post(to, data=explained).status_code == 303
    told = words(manager.get(f"/stocktakes/{number}").text)
    assert told.count("Dijelaskan dipinjam Ratna") == 2
    assert "Putuskan yang dicentang" not in told, "all is decided"
    assert len(rows("write_off")) == 1


def test_a_loss_is_posted_with_its_photo_and_paid_or_not(app: Flask, auth: Auth) -> None:
    """Refused, the form keeps what was ticked, the photo, and what it would cost; the record shows both."""
    lamp, chair = receive(line("Lampu Kendil", "100.000"), line("Kursi", "200.000"))
    number = begin()
    close(number)
    [one, two] = result_ids(number, lamp.code, chair.code)
    manager, to = auth("pengelola"), f"/stocktakes/{number}/differences"
    typed = {f"r{one}": "1", "how": "lost", "reason": "", "compensate": "yes", "request_id": request_id()}
    wrong = manager.post(to, data=typed | {"photo": FileStorage(io.BytesIO(b"x"), filename="foto.jpg")})
    assert wrong.status_code == 422 and 'id="f-photo-error"' in wrong.text
    refused = manager.post(to, data=typed | {"photo": FileStorage(io.BytesIO(picture()), filename="foto.jpg")})
    name = photos.re_encoded(picture()).name
    assert refused.status_code == 422 and "Tulis sebabnya" in refused.text
    assert f'name="kept" value="{name}"' in refused.text and "data-sum>Rp85.000" in refused.text
    assert re.search(r'name="compensate" value="yes" checked', refused.text)
    assert manager.post(to, data=typed | {"reason": "pintu jebol", "kept": name}).status_code == 303
    unpaid = {f"r{two}": "1", "how": "lost", "reason": "dipinjam anaknya", "compensate": "no"}
    assert manager.post(to, data=unpaid | {"request_id": request_id()}).status_code == 303
    assert [(row.photo, row.compensation) for row in rows("write_off")] == [(name, 85_000), ("", 0)]
    assert owed(crafter_id("Tutik")) == 85_000
    assert f'href="/write-offs/{rows("write_off")[0].id}">BA-KTR-00001' in manager.get(f"/stocktakes/{number}").text
    assert f"{name}" in manager.get(f"/write-offs/{rows('write_off')[0].id}").text
    assert "/write-offs/" not in auth("petugas").get(f"/stocktakes/{number}").text


def test_on_paper_and_as_a_workbook(app: Flask, auth: Auth) -> None:
    lost, sold, there = receive(line("Lampu Kendil", "100.000", "3"))
    receive(line("=2+3", "1.000"), crafter="Slamet")
    sell(open_till(), sold.code)
    number = begin()
    scan(number, there.code)
    scan(number, sold.code, "petugas2")
    scan(number, label_code.with_check("7K3QXM2"))
    client = auth("petugas")
    for paper in ("result.pdf", "result.xlsx"):
        assert client.get(f"/stocktakes/{number}/{paper}").status_code == 404, "an open count has no papers"
    close(number, "sesudah tutup toko")
    settle(number, result_ids(number, lost.code))
    answer = client.get(f"/stocktakes/{number}/result.pdf")
    assert answer.data.startswith(b"%PDF-")
    read = pdf_text(answer.data)
    for seen in (
        "STOK OPNAME", "Semua barang", "sesudah tutup toko", lost.code, "Dicatat hilang, BA-KTR-00001: tidak ketemu",
        "tercatat terjual", "kode tidak dikenal", "Yang menghitung", "Petugas2", "Pengelola", "Rp101.000",
    ):  # fmt: skip
        assert seen in read, seen
    assert client.get(f"/stocktakes/{number}/result.pdf").data == answer.data, "the same bytes again"
    book = client.get(f"/stocktakes/{number}/result.xlsx")
    assert "spreadsheetml" in book.headers["Content-Type"]
    sheets = zipfile.ZipFile(io.BytesIO(book.data))
    texts = sheets.read("xl/sharedStrings.xml").decode()
    for seen in (lost.code, there.code, sold.code, "Cocok", "Kurang", "Tak terduga", "=2+3", "Dihitung oleh"):
        assert seen in texts, seen
    assert b"<f>" not in sheets.read("xl/worksheets/sheet2.xml"), "a name is no formula"


def test_next_door_finds_nothing(app: Flask, auth: Auth) -> None:
    [lamp], number = receive(), begin()
    stranger = auth("tetangga")
    for path in ("", "/live", "/left", "/result.pdf", "/result.xlsx"):
        assert stranger.get(f"/stocktakes/{number}{path}").status_code == 404, path
    for path in ("/counts", f"/counts/{lamp.id}/back", "/close", "/drop", "/differences"):
        assert stranger.post(f"/stocktakes/{number}{path}", data={"code": lamp.code}).status_code == 404, path
    assert "Semua barang" not in words(stranger.get("/stocktakes").text).replace("Semua barang Satu jenis", "")


def test_the_log_has_words_for_it(app: Flask, auth: Auth) -> None:
    [lamp], number = receive(), begin()
    close(number)
    settle(number, result_ids(number, lamp.code))
    log = words(auth("pengelola").get("/activity").text)
    for seen in ("Stok opname dimulai", "Stok opname ditutup", "Selisih stok opname diputuskan", "Kurang 1"):
        assert seen in log, seen
    assert f'href="/stocktakes/{number}"' in auth("pengelola").get("/activity").text


def test_only_the_scanning_page_may_run_webassembly(app: Flask, auth: Auth) -> None:
    number, client = begin(), auth("pengelola")
    assert "wasm-unsafe-eval" in client.get(f"/stocktakes/{number}").headers["Content-Security-Policy"]
    for path in ("/stocktakes", f"/stocktakes/{number}/left"):
        assert "wasm-unsafe-eval" not in client.get(path).headers["Content-Security-Policy"]
