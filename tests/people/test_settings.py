"""Settings: what a manager types is kept or told; the QRIS picture is made anew, and seen by the house only."""

import io

import pytest
from flask import Flask
from flask.testing import FlaskClient
from PIL import Image
from sqlalchemy import text

from showroom_app.extensions import reading, rollback
from tests.builders import line, open_till, receive, request_id
from tests.conftest import Auth


def form(**typed: str) -> dict[str, str]:
    usual = {
        "name": "Galeri Rotan", "place": "Balearjosari, Malang", "address": "Jalan Contoh 1", "phone": "0812 0000 0009",
        "commission_percent": "17,5", "public_host": "galeri.contoh.id", "bank_note": "Bank Contoh 000 111",
    }  # fmt: skip
    return usual | typed


def picture(kind: str = "PNG", size: tuple[int, int] = (300, 300), **more: object) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", size, "white").save(out, kind, **more)  # type: ignore[arg-type]
    return out.getvalue()


def upload(client: FlaskClient, content: bytes, **typed: str) -> int:
    data = form(**typed) | {"qris": (io.BytesIO(content), "qris.png")}
    return client.post("/settings", data=data, content_type="multipart/form-data").status_code


def kept() -> tuple[str, ...]:
    rollback()
    return tuple(map(str, reading().execute(text("SELECT * FROM showroom WHERE id = 1")).one()))


@pytest.fixture
def pengelola(auth: Auth) -> FlaskClient:
    return auth("pengelola")


def test_what_is_kept_is_shown_where_it_is_needed(auth: Auth, pengelola: FlaskClient) -> None:
    assert pengelola.post("/settings", data=form()).location == "/settings"
    page = pengelola.get("/settings").text
    for shown in ("Pengaturan tersimpan", 'value="Galeri Rotan"', 'value="galeri.contoh.id"', 'value="17,5"'):
        assert shown in page
    assert 'value="17,5"' in pengelola.get("/crafters/new").text, "proposed to a new crafter"
    [lamp] = receive(line())
    open_till().scan(lamp.code)
    assert "Bank Contoh 000 111" in auth("petugas").get("/till").text
    assert "wa.me/6281200000009" in pengelola.application.test_client().get(f"/q/{lamp.code}").text
    assert "Galeri Rotan" not in auth("tetangga").get("/settings").text


WRONG = [
    ({"name": ""}, "Nama perlu diisi"), ({"name": "x" * 121}, "paling banyak 120 huruf"),
    ({"address": "x" * 121}, "paling banyak 120 huruf"), ({"phone": "0812"}, "Nomor ini belum lengkap"),
    ({"commission_percent": ""}, "persen antara 0 dan 100"), ({"commission_percent": "150"}, "persen antara 0 dan 100"),
    ({"public_host": "192.168.1.5"}, "bukan angka IP"), ({"public_host": "galeri"}, "nama web saja"),
    ({"public_host": "galeri.contoh.id/q"}, "nama web saja"), ({"public_host": "a" * 130 + ".id"}, "nama web saja"),
    ({"bank_note": "x" * 1_001}, "paling banyak 1000 huruf"),
]  # fmt: skip


@pytest.mark.parametrize(("typed", "sentence"), WRONG)
def test_what_is_wrong_is_said_and_what_was_typed_stays(
    pengelola: FlaskClient, typed: dict[str, str], sentence: str
) -> None:
    before = kept()
    answer = pengelola.post("/settings", data=form(place="Malang Kota", **typed))
    assert answer.status_code == 422
    assert sentence in answer.text
    assert 'value="Malang Kota"' in answer.text
    assert kept() == before


def test_an_address_is_taken_as_the_name_in_it(pengelola: FlaskClient) -> None:
    pengelola.post("/settings", data=form(public_host=" HTTPS://Galeri.Contoh.ID/ "))
    assert 'value="galeri.contoh.id"' in pengelola.get("/settings").text


def test_a_qris_picture_is_made_anew_and_shown_at_the_till(app: Flask, auth: Auth, pengelola: FlaskClient) -> None:
    photo = Image.Exif()
    photo[0x010E] = "RAHASIA"
    assert upload(pengelola, picture("JPEG", (3_000, 2_000), exif=photo)) == 303
    [lamp] = receive(line())
    open_till().scan(lamp.code)
    page = auth("petugas").get("/till").text
    address = page[page.index("/qris/") :].split('"')[0]
    answer = auth("petugas").get(address)
    shown = Image.open(io.BytesIO(answer.data))
    assert (shown.format, max(shown.size)) == ("PNG", 1_200)
    assert b"RAHASIA" not in answer.data
    assert "immutable" in answer.headers["Cache-Control"]
    assert app.test_client().get(address).status_code == 302
    assert auth("tetangga").get(address).status_code == 404


def test_saving_again_keeps_the_picture_until_it_is_taken_away(pengelola: FlaskClient) -> None:
    upload(pengelola, picture())
    pengelola.post("/settings", data=form())
    assert "/qris/" in pengelola.get("/settings").text
    pengelola.post("/settings", data=form(remove_qris="1"))
    assert "/qris/" not in pengelola.get("/settings").text


SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
NO_PICTURES = {
    "text": b"bukan gambar", "svg": SVG, "half": picture()[:80], "gif": picture("GIF"), "zeros": b"\0" * 5_000,
    "too many pixels": picture(size=(7_000, 6_000)),
}  # fmt: skip


@pytest.mark.parametrize("kind", NO_PICTURES)
def test_what_is_no_picture_is_refused_and_nothing_is_saved(pengelola: FlaskClient, kind: str) -> None:
    before = kept()
    data = form(place="Malang Kota") | {"qris": (io.BytesIO(NO_PICTURES[kind]), "qris.png")}
    answer = pengelola.post("/settings", data=data, content_type="multipart/form-data")
    assert answer.status_code == 422
    assert "Pilih" in answer.text.partition('id="f-qris-error"')[2][:400]
    assert 'value="Malang Kota"' in answer.text
    assert kept() == before


def test_a_file_far_too_large_is_told_in_words(pengelola: FlaskClient) -> None:
    data = form() | {"qris": (io.BytesIO(b"x" * (13 * 1024 * 1024)), "qris.png")}
    answer = pengelola.post("/settings", data=data, content_type="multipart/form-data")
    assert answer.status_code == 413
    assert "lebih kecil, atau lebih sedikit sekaligus" in answer.text


def desk(**typed: str) -> dict[str, str]:
    return {"desk_name": "Meja Bazar", "desk_kind": "till", "request_id": request_id()} | typed


def test_a_new_desk_is_a_till_to_open_a_shift_at(auth: Auth, pengelola: FlaskClient) -> None:
    sent = desk()
    assert [pengelola.post("/desks", data=sent).location for _press in range(2)] == ["/settings"] * 2
    pengelola.post("/desks", data=desk(desk_name="Kantor Dua", desk_kind="office"))
    page = pengelola.get("/settings").text
    assert page.count("Meja Bazar") == 1
    assert "K3 · kasir" in page
    assert "KTR2 · kantor" in page
    choice = auth("petugas").get("/shifts/new").text
    assert "Meja Bazar" in choice
    assert "Kantor Dua" not in choice


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"desk_name": " "}, "Nama perlu diisi"),
        ({"desk_name": "x" * 121}, "paling banyak 120 huruf"),
        ({"desk_kind": "gudang"}, "Pilih kasir atau kantor"),
    ],
)
def test_a_desk_without_a_name_or_kind_is_refused(pengelola: FlaskClient, typed: dict[str, str], sentence: str) -> None:
    answer = pengelola.post("/desks", data=desk(**typed))
    assert answer.status_code == 422
    assert sentence in answer.text


def test_a_refused_desk_leaves_the_settings_on_the_page_as_they_are(pengelola: FlaskClient) -> None:
    pengelola.post("/settings", data=form())
    page = pengelola.post("/desks", data=desk(desk_name="")).text
    assert 'value="Galeri Rotan"' in page
    assert 'value="galeri.contoh.id"' in page


def test_only_managers_may(auth: Auth) -> None:
    before = kept()
    for name in ("petugas", "pengamat", "perajin"):
        client = auth(name)
        assert client.get("/settings").status_code == 403
        assert client.post("/settings", data=form()).status_code == 403
        assert client.post("/desks", data=desk()).status_code == 403
    auth("tetangga").post("/settings", data=form(name="Galeri Tetangga Baru"))
    assert kept() == before
