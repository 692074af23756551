"""The consignment form over HTTP: saved as typed, shares shown, received once."""

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.builders import crafter_id, request_id
from tests.conftest import Auth

HTMX = {"HX-Request": "true"}


def form(*lines: dict[str, str], **more: str) -> dict[str, str]:
    usual = {
        "name": "Lampu", "category": "Lampu gantung", "quantity": "4", "price": "275.000",
        "terms_kind": "commission", "commission_percent": "15", "net_price": "", "per_piece": "each",
    }  # fmt: skip
    fields = {f"lines-{i}-{k}": v for i, line in enumerate(lines or ({},)) for k, v in (usual | line).items()}
    return fields | {"agreed_until": "", "request_id": request_id()} | more


@pytest.fixture
def petugas(auth: Auth) -> FlaskClient:
    client = auth("petugas")
    client.post("/consignments", data={"crafter_id": crafter_id("Tutik"), "request_id": request_id()})
    return client


def test_shares_are_shown_while_typing(petugas: FlaskClient) -> None:
    page = petugas.post("/consignments/1/draft", data=form(), headers=HTMX).text
    assert "<html" not in page
    for shown in ("Rp233.750", "Rp41.250", "Rp1.100.000", "Rp935.000", "Rp165.000", "4 label"):
        assert shown in page


def test_an_unfinished_line_is_no_mistake_yet(petugas: FlaskClient) -> None:
    page = petugas.post("/consignments/1/draft", data=form({"price": "", "name": ""}), headers=HTMX).text
    assert 'class="error"' not in page


def test_what_is_wrong_shows_at_its_field_with_all_that_was_typed(petugas: FlaskClient) -> None:
    typed = form({"terms_kind": "net_price", "net_price": "300.000"}, {"price": "banyak"})
    answer = petugas.post("/consignments/1/receive", data=typed)
    assert answer.status_code == 422
    assert "Harga jual harus di atas harga setor Rp300.000" in answer.text
    assert "Isi harga dalam rupiah" in answer.text
    assert 'value="banyak"' in answer.text
    assert 'value="banyak"' in petugas.get("/consignments/1").text, "and it is kept"


def test_lines_are_added_and_removed_without_script(petugas: FlaskClient) -> None:
    assert petugas.post("/consignments/1/draft", data=form(do="add")).status_code == 303
    page = petugas.get("/consignments/1").text
    assert 'name="lines-1-name"' in page
    petugas.post("/consignments/1/draft", data=form({}, {"name": "Kursi"}, do="remove-0"))
    page = petugas.get("/consignments/1").text
    assert 'value="Kursi"' in page
    assert 'name="lines-1-name"' not in page


def test_received_it_shows_codes_and_labels(petugas: FlaskClient) -> None:
    answer = petugas.post("/consignments/1/receive", data=form(then="labels"))
    assert answer.location == "/consignments/1#labels"
    page = petugas.get("/consignments/1").text
    assert "NT-KTR-00001" in page
    assert "Cetak 4 label" in page
    assert petugas.get("/consignments").text.count("NT-KTR-00001") == 1


def test_ten_thousand_characters_in_every_field(petugas: FlaskClient) -> None:
    typed = form(dict.fromkeys(("name", "category", "quantity", "price", "commission_percent"), "🪑x" * 5_000))
    assert petugas.post("/consignments/1/draft", data=typed, headers=HTMX).status_code == 200
    assert petugas.post("/consignments/1/receive", data=typed).status_code == 422


def test_a_draft_thrown_away_says_so(petugas: FlaskClient) -> None:
    petugas.post("/consignments/1/discard")
    assert "sudah dibuang" in petugas.get("/consignments/1", follow_redirects=True).text


def test_an_unknown_crafter_is_not_there(app: Flask, auth: Auth) -> None:
    answer = auth("petugas").post("/consignments", data={"crafter_id": "999", "request_id": request_id()})
    assert answer.status_code == 404
