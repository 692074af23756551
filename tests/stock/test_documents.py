"""Papers over HTTP: the note says what was agreed, and every printed label reads back as its item's code."""

from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from showroom_app.extensions import now
from showroom_app.lib.clock import jakarta_date
from showroom_app.lib.label_sheet import A4_3X8
from showroom_app.stock import intake
from tests.builders import crafter_id, line, receive, request_id, user
from tests.conftest import Auth
from tests.lib.test_document import pages, read_sheet, words


@pytest.fixture
def petugas(auth: Auth) -> FlaskClient:
    return auth("petugas")


def pdf(client: FlaskClient, path: str) -> bytes:
    answer = client.get(path)
    assert (answer.status_code, answer.mimetype) == (200, "application/pdf")
    assert answer.headers["Content-Disposition"].startswith("inline; filename=")
    return answer.data


def printed(client: FlaskClient, path: str) -> str:
    """The words on a paper, however its lines are broken."""
    return " ".join(words(pdf(client, path)).replace("\u200b", "").split())


def sheets(client: FlaskClient, path: str) -> list[dict[int, str]]:
    """What a phone reads on each page: position on the sheet -> the QR's text."""
    return [read_sheet(page, A4_3X8) for page in pages(pdf(client, path))]


def run_of(client: FlaskClient, **more: object) -> str:
    """The address of the labels of the first note, printed from the next free place unless told otherwise."""
    typed = {"consignment": "1", "with_price": "1", "request_id": request_id()} | more
    return str(client.post("/labels", data=typed).location)


def test_the_note_says_what_was_agreed(petugas: FlaskClient) -> None:
    consignment_id = intake.start(crafter_id("Tutik"), user("petugas"), request_id())
    until = jakarta_date(now()) + timedelta(days=90)
    agreed = [
        line("Lampu gantung “Kendil”", "275.000", "4"),
        line("Gantungan kunci", "12.000", "200", terms_kind="net_price", net_price="9.000", per_piece="lot"),
    ]
    typed = {"lines": agreed, "agreed_until": until.isoformat()}
    intake.receive(consignment_id, typed, user("petugas"), request_id())
    said = printed(petugas, f"/consignments/{consignment_id}/note.pdf")
    for text in (
        "Galeri Uji", "NT-KTR-00001", "Tutik Handayani", "+6281200001001", "Lampu gantung “Kendil”", "Rp275.000",
        "Komisi 15%", "Rp233.750", "Gantungan kunci", "200", "Harga setor", "Rp9.000", "Rp3.500.000", "Rp2.735.000",
        f"{until.day} ", "Petugas",
    ):  # fmt: skip
        assert text in said, (text, said)


def test_printed_again_it_is_the_same_paper_whoever_prints_it(auth: Auth, petugas: FlaskClient) -> None:
    receive(line("Lampu", quantity="3"))
    first = pdf(petugas, "/consignments/1/note.pdf")
    manager = auth("pengelola")
    manager.post("/language", data={"language": "en"})
    assert "Sign out" in manager.get("/items").text
    assert pdf(manager, "/consignments/1/note.pdf") == first


def test_a_label_for_each_piece_and_one_for_a_lot(petugas: FlaskClient) -> None:
    items = receive(line("Kursi", quantity="3"), line("Gantungan", "12.000", "200", per_piece="lot"))
    run = run_of(petugas)
    [sheet] = sheets(petugas, run)
    assert sheet == {position: item.code for position, item in enumerate(items, 1)}
    said = printed(petugas, run)
    for text in ("Kursi", "Gantungan", "Tutik Handayani", "Rp275.000", "Galeri Uji", items[0].code):
        assert text in said


def test_a_begun_sheet_goes_on_where_it_stopped(petugas: FlaskClient) -> None:
    codes = [item.code for item in receive(line(quantity="3"))]
    assert sheets(petugas, run_of(petugas, start=23)) == [{23: codes[0], 24: codes[1]}, {1: codes[2]}]


def test_with_a_public_name_the_label_is_an_address_that_answers(auth: Auth, petugas: FlaskClient) -> None:
    [lamp] = receive(line("Lampu Kendil"))
    settings = {"name": "Galeri Uji", "commission_percent": "15", "public_host": "galeri.contoh.id"}
    assert auth("pengelola").post("/settings", data=settings).status_code == 303
    address = f"HTTPS://GALERI.CONTOH.ID/Q/{lamp.code}"
    assert sheets(petugas, run_of(petugas, start=5)) == [{5: address}]
    path = address.removeprefix("HTTPS://GALERI.CONTOH.ID")
    assert "Lampu Kendil" in petugas.get(path, follow_redirects=True).text


@pytest.mark.parametrize("path", ["/consignments/1/note.pdf", "/labels/runs/1.pdf"])
def test_papers_are_for_the_staff_of_this_showroom(auth: Auth, path: str) -> None:
    receive()
    run_of(auth("petugas"))
    answers = {"perajin": 403, "pengamat": 403, "tetangga": 404, "petugas-tetangga": 404}
    assert {who: auth(who).get(path).status_code for who in answers} == answers


def test_a_draft_has_no_papers_yet(app: Flask, petugas: FlaskClient) -> None:
    intake.start(crafter_id("Tutik"), user("petugas"), request_id())
    assert petugas.get("/consignments/1/note.pdf").status_code == 404
    receive()
    assert petugas.post("/labels", data={"consignment": "1", "request_id": request_id()}).status_code == 404
