"""New goods that a crafter proposes from their phone: seen by the office, made a product, or answered no."""

import io
import threading
from typing import Any

import pytest
from flask import Flask
from PIL import Image
from sqlalchemy import text

from showroom_app.extensions import reading, release, rollback
from showroom_app.lib.refusal import FormRefusal, NotHere, Refusal
from showroom_app.lib.typed import Typed
from showroom_app.people import pictures
from showroom_app.stock import photos, products, proposal
from tests.builders import line, propose, receive, request_id, user
from tests.conftest import Auth
from tests.rules import activities, rows, words

FORM = {"name": "Lampu lantai", "category": "Lampu meja", "price": "650.000", "story": "Kaki kayu jati."}


def picture(kind: str = "JPEG", size: tuple[int, int] = (900, 700)) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", size, "#a06030").save(out, kind)
    return out.getvalue()


def send(client: Any, photo: bytes | None = None, **typed: str) -> Any:
    form: dict[str, Any] = {"request_id": request_id()} | FORM | typed
    if photo is not None:
        form["photo"] = (io.BytesIO(photo), "foto.jpg")
    return client.post("/my/proposals/new", data=form, content_type="multipart/form-data")


def test_proposed_with_a_photo_put_right_and_made_a_product(app: Flask, auth: Auth) -> None:
    phone, office = auth("perajin"), auth("pengelola")
    assert send(phone, picture()).location == "/my/proposals"
    [kept] = rows("proposal")
    assert (kept.name, kept.price, kept.decided_at, photos.kept(kept.photo)) == ("Lampu lantai", 650_000, None, True)
    assert "Menunggu" in phone.get("/my/proposals").text
    page = office.get("/requests").text
    assert f"/photos/{kept.photo}-m.webp" in page and "Tutik Handayani" in page and "650.000" in page
    typed = FORM | {"name": "Lampu lantai “Bulan”", "price": "600.000", "do": "accept", "request_id": request_id()}
    made = office.post("/requests/proposals/1", data=typed)
    assert office.post("/requests/proposals/1", data=typed).location == made.location
    [product] = rows("product")
    assert made.location == f"/products/{product.id}"
    assert (product.name, product.category, product.photo) == ("Lampu lantai “Bulan”", "Lampu meja", kept.photo)
    [photo] = rows("photo")
    assert (photo.name, photo.product_id, photo.width, photo.height) == (kept.photo, product.id, 900, 700)
    told = words(phone.get("/my/proposals").text)
    assert "Diterima" in told and "Rp600.000" in told
    own = words(phone.get(f"/my/products/{product.id}").text)
    assert "Sudah disetujui galeri" in own and "Rp600.000" in own
    assert products.line_again(products.own_product(reading(), product.id, 1))["price"] == "600.000"
    log = words(office.get("/activity").text)
    assert "Perajin mengusulkan barang" in log and "Usulan barang diterima" in log


def test_answered_no_with_a_reason(app: Flask, auth: Auth) -> None:
    proposal_id, office = propose(), auth("pengelola")
    no = office.post(f"/requests/proposals/{proposal_id}", data={"do": "refuse", "request_id": request_id()})
    assert (no.status_code, "Tulis alasannya" in no.text) == (422, True)
    form = {"do": "refuse", "answer": "rak penuh", "request_id": request_id()}
    assert office.post(f"/requests/proposals/{proposal_id}", data=form).location == "/requests"
    assert office.post(f"/requests/proposals/{proposal_id}", data=form).location == "/requests"
    told = words(auth("perajin").get("/my/proposals").text)
    assert "Belum bisa" in told and "Jawaban galeri: rak penuh" in told
    assert rows("product") == [] and len(activities("proposal-refused")) == 1
    assert "Ditolak" in words(office.get("/requests").text)


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"name": ""}, "Tulis nama barangnya"), ({"category": "Mobil"}, "Pilih jenis barang"),
        ({"price": "murah"}, "Isi harga dalam rupiah"), ({"price": "0"}, "Isi harga dalam rupiah"),
        ({"story": "x" * 1001}, "Terlalu panjang"), ({"name": "x" * 121}, "Terlalu panjang"),
    ],
)  # fmt: skip
def test_what_makes_no_sense_is_refused_and_the_photo_stays(
    app: Flask, auth: Auth, typed: dict[str, str], sentence: str
) -> None:
    client = auth("perajin")
    answer = send(client, picture(), **typed)
    assert (answer.status_code, sentence in answer.text, rows("proposal")) == (422, True, [])
    kept = answer.text.partition('name="kept" value="')[2].partition('"')[0]
    assert photos.kept(kept)
    assert send(client, kept=kept).status_code == 303
    assert rows("proposal")[0].photo == kept


@pytest.mark.parametrize(
    ("photo", "sentence"),
    [
        (b"bukan foto", "Berkas ini bukan foto"), (b"\0\0\0\x18ftypheic\0\0\0\0mif1heic", "HEIC belum bisa dibaca"),
        (b"\xff\xd8\xff" + b"x" * 50_000_000, "lebih dari 25 MB"), (picture("GIF"), "Berkas ini bukan foto"),
        (picture()[:900], "rusak atau terpotong"), (picture(size=(20, 20)), "terlalu kecil"),
    ],
    ids=["text", "heic", "50 MB", "gif", "cut off", "dot"],
)  # fmt: skip
def test_what_is_no_photo_gets_its_sentence(app: Flask, auth: Auth, photo: bytes, sentence: str) -> None:
    answer = send(auth("perajin"), photo)
    assert (answer.status_code, sentence in answer.text, rows("proposal")) == (422, True, [])


def test_a_photo_of_twelve_megapixels_is_fine(app: Flask, auth: Auth) -> None:
    assert send(auth("perajin"), picture(size=(4000, 3000))).status_code == 303


def test_a_photo_s_name_that_nobody_sent_is_none(app: Flask, auth: Auth) -> None:
    for forged in ("0" * 32, "../../secrets/pepper", "x"):
        assert send(auth("perajin"), kept=forged, name=f"Lampu {forged[:1]}").status_code == 303
    assert {row.photo for row in rows("proposal")} == {""}


def test_no_more_than_ten_wait(app: Flask) -> None:
    made = [propose(f"Lampu {n}") for n in range(10)]
    with pytest.raises(Refusal, match="Sudah ada 10 usulan"):
        propose("Lampu 11")
    proposal.refuse(made[0], "rak penuh", user("pengelola"), request_id())
    propose("Lampu 11")
    assert proposal.waiting_count(1) == 10 and proposal.waiting_count(2) == 0


def accept(proposal_id: int, who: str = "pengelola", **typed: str) -> int:
    return proposal.accept(proposal_id, Typed(FORM | typed), user(who), request_id())


def test_a_name_that_the_crafter_s_goods_have(app: Flask, auth: Auth) -> None:
    receive(line("Lampu lantai"))
    proposal_id = propose()
    with pytest.raises(Refusal, match="sudah punya barang bernama begitu"):
        accept(proposal_id)
    with pytest.raises(FormRefusal):
        accept(proposal_id, name="", price="x")
    assert accept(proposal_id, name="Lampu lantai besar") == rows("product")[-1].id


def test_strangers_find_none_and_the_second_manager_reads_who_was_first(app: Flask, auth: Auth) -> None:
    proposal_id = propose()
    with pytest.raises(NotHere):
        accept(proposal_id, who="tetangga")
    accept(proposal_id)
    with pytest.raises(Refusal, match="Ratna sudah menjawab usulan ini: diterima"):
        proposal.refuse(proposal_id, "penuh", user("pengelola"), request_id())
    form = FORM | {"do": "accept", "request_id": request_id()}
    late = auth("pengelola").post(f"/requests/proposals/{proposal_id}", data=form)
    assert (late.status_code, "sudah menjawab usulan ini" in late.text) == (422, True)


def test_two_managers_at_once_make_one_product(app: Flask) -> None:
    proposal_id, who, keys, told = propose(), user("pengelola"), [request_id(), request_id()], []
    rollback()
    start = threading.Barrier(2)

    def press(key: str) -> None:
        with app.app_context():
            start.wait()
            try:
                told.append(proposal.accept(proposal_id, Typed(FORM), who, key))
            except Refusal as refusal:
                told.append(refusal.sentence)
            release()

    threads = [threading.Thread(target=press, args=(key,)) for key in keys]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(isinstance(one, str) for one in told) == [False, True], told
    assert len(rows("product")) == 1
    assert reading().execute(text("SELECT count(*) FROM activity WHERE kind = 'proposal-accepted'")).scalar_one() == 1


def test_its_photo_s_files_stay_at_the_clean_up(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    name = photos.keep(photos.re_encoded(picture(size=(640, 480))))
    propose(photo=name)
    monkeypatch.setattr(pictures, "YOUNG_SECONDS", -60)
    photos.clean()
    assert photos.kept(name)
