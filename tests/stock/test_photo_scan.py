"""Scanning by a photo: one label leads on, of several somebody chooses, and what can't be read is said."""

import io
import re
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.datastructures import FileStorage

from tests.builders import line, open_till, receive, request_id
from tests.conftest import Auth
from tests.label_photos import CODES, close_up, other_code, photo, photo_of
from tests.rules import rows
from tests.web.forms import HTMX, sentence


def scan(client: FlaskClient, content: bytes, htmx: bool = True) -> Any:
    file = FileStorage(io.BytesIO(content), filename="label.jpg")
    return client.post("/scan", data={"photo": file}, headers=HTMX if htmx else {})


def test_one_label_is_handed_to_the_form(app: Flask, auth: Auth) -> None:
    [lamp] = receive(line("Lampu Kendil"))
    answer = scan(auth("petugas"), close_up(lamp.code))
    assert (answer.status_code, f'data-read="{lamp.code}"' in answer.text) == (200, True)
    assert "<html" not in answer.text


def test_without_script_one_label_leads_to_its_piece(app: Flask, auth: Auth) -> None:
    [lamp] = receive(line("Lampu Kendil"))
    client = auth("petugas")
    page = client.get("/scan").text
    assert 'enctype="multipart/form-data"' in page and 'capture="environment"' in page
    answer = scan(client, close_up(lamp.code), htmx=False)
    assert (answer.status_code, answer.location) == (303, f"/Q/{lamp.code}")
    assert "Lampu Kendil" in client.get(answer.location).text


def test_of_several_somebody_chooses(app: Flask, auth: Auth) -> None:
    lamp, chair = receive(line("Lampu Kendil"), line("Kursi Sekar", "1.250.000", category="Kursi"))
    [theirs] = receive(line("Bakul", terms_kind="commission"), crafter="Wagiman", by="petugas-tetangga")
    till = open_till()
    till.scan(chair.code)
    till.pay()
    content = close_up(lamp.code, chair.code, theirs.code, CODES[3])
    told = scan(auth("petugas"), content).text
    assert re.findall(r'data-code="(\w+)"', told) == [lamp.code, chair.code, theirs.code, CODES[3]]
    assert "4 label di foto" in told and "Semua, 4 label" in told
    for words in ("Lampu Kendil", "Tutik Handayani", "Rp275.000", "Di rak", "Kursi Sekar", "Rp1.250.000", "Terjual"):
        assert words in told
    assert "Milik galeri lain." in told and "Kode ini tidak ada di galeri kami." in told
    assert "Bakul" not in told, "what the neighbours have is not shown"
    page = scan(auth("petugas"), content, htmx=False)
    assert page.status_code == 200
    assert re.findall(r'href="/Q/(\w+)"', page.text) == [lamp.code, chair.code, theirs.code, CODES[3]]
    assert "data-code" not in page.text


def test_it_writes_nothing_however_often_it_is_sent(app: Flask, auth: Auth) -> None:
    [lamp] = receive(line("Lampu Kendil"))
    client, before = auth("petugas"), len(rows("request"))
    for _press in range(2):
        assert lamp.code in scan(client, close_up(lamp.code)).text
    assert len(rows("request")) == before
    assert not list(rows("photo"))


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (lambda: photo([]), "Label tidak terbaca. Lebih dekat, di tempat terang, tahan HP diam, lalu foto lagi."),
        (lambda: photo_of(other_code("https://example.com/menu")), "Ini bukan label barang."),
        (lambda: b"", "kosong"), (lambda: b"bukan foto", "bukan foto"), (lambda: b"\x00\x00\x00\x18ftypheic", "HEIC"),
        (lambda: b"GIF89a", "bukan foto"), (lambda: b"\xff\xd8\xff" + bytes(99), "rusak atau terpotong"),
    ],
    ids=["no code", "another code", "empty", "text", "heic", "gif", "torn"],
)  # fmt: skip
def test_what_can_t_be_read_is_said(app: Flask, auth: Auth, content: Callable[[], bytes], says: str) -> None:
    client = auth("petugas")
    for htmx in (True, False):
        answer = scan(client, content(), htmx)
        assert (answer.status_code, says in sentence(answer)) == (422, True), sentence(answer)
        assert "Foto labelnya" in sentence(client.post("/scan", headers=HTMX if htmx else {}))


def test_more_than_a_request_may_weigh_is_answered_in_words(app: Flask, auth: Auth) -> None:
    client = auth("petugas")
    for htmx in (True, False):
        answer = scan(client, bytes(50_000_000), htmx)
        assert (answer.status_code, "Berkas terlalu besar" in (sentence(answer) or answer.text)) == (413, True)


def test_who_may_not_see_goods_may_not_scan(app: Flask, auth: Auth, client: FlaskClient) -> None:
    assert scan(auth("perajin"), b"x").status_code == 403
    assert scan(client, b"x", htmx=False).status_code == 302
    assert scan(auth("pengamat"), b"x").status_code == 422


def test_hostile_names_are_words(app: Flask, auth: Auth) -> None:
    hostile = "<script>alert(1)</script> “Kursi” ' &"
    one, two = receive(line(hostile, quantity="2"))
    told = scan(auth("petugas"), close_up(one.code, two.code)).text
    assert told.count("&lt;script&gt;alert(1)") == 2 and "<script" not in told


def test_the_pages_with_a_camera_have_it(app: Flask, auth: Auth) -> None:
    [lamp] = receive(line("Lampu Kendil"))
    open_till()
    client = auth("petugas")
    count = client.post("/stocktakes", data={"scope": "all", "request_id": request_id()}).location
    for path in ("/till", "/find", f"/hand-backs/new?item={lamp.id}", count):
        page = client.get(path).text
        assert page.count('id="photo"') == 1 and page.count("js/photo_scan.js") == 1, path
        assert page.count("css/camera.css") == 1 and '<noscript><p class="more"><a class="button" href="/scan">' in page
