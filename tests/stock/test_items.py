"""The list of goods: found by name, code or crafter, by where they are, page by page."""

import re

import pytest
from flask.testing import FlaskClient

from showroom_app.stock.hand_back import Pieces, hand_back
from showroom_app.stock.items import PAGE
from tests.builders import line, open_till, receive, request_id, user
from tests.conftest import Auth

HTMX = {"HX-Request": "true"}


def listed(client: FlaskClient, **query: str) -> list[str]:
    """The names on a page of the list, in order."""
    page = client.get("/items", query_string=query).text
    return re.findall(r'href="/[qQ]/\w+"><b>(.*?)</b>', page)


@pytest.fixture
def petugas(auth: Auth) -> FlaskClient:
    return auth("petugas")


FOUND = [
    ("", ["Kursi “Sekar”", "Lampu meja 100%", "Lampu gantung"]), ("lampu", ["Lampu meja 100%", "Lampu gantung"]),
    ("LAMPU gant", ["Lampu gantung"]), ("meja lampu", ["Lampu meja 100%"]), ("  sekar ", ["Kursi “Sekar”"]),
    ("slamet", ["Kursi “Sekar”"]), ("tutik hand", ["Lampu meja 100%", "Lampu gantung"]), ("%", ["Lampu meja 100%"]),
    ("_", []), ("rak", []), ("lampu slamet", []), ("x" * 5_000, []),
]  # fmt: skip


@pytest.mark.parametrize(("q", "names"), FOUND)
def test_they_are_found_by_name_and_crafter_newest_first(petugas: FlaskClient, q: str, names: list[str]) -> None:
    receive(line("Lampu gantung"), line("Lampu meja 100%"))
    receive(line("Kursi “Sekar”"), crafter="Slamet")
    assert listed(petugas, q=q) == names


def test_they_are_found_by_code_or_its_beginning_however_it_is_typed(petugas: FlaskClient) -> None:
    lamp, _chair = receive(line("Lampu"), line("Kursi"))
    code = lamp.code
    for typed in (code, code.lower(), f"{code[:4]}-{code[4:]}", code[:5], f"https://galeri.contoh.id/q/{code}"):
        assert "Lampu" in listed(petugas, q=typed), typed
    assert listed(petugas, q=code) == ["Lampu"]


def test_nothing_found_says_what_to_try(petugas: FlaskClient) -> None:
    assert "Rak masih kosong" in petugas.get("/items").text
    assert "Coba kata lain" in petugas.get("/items?q=kapal").text


def test_they_are_told_apart_by_where_they_are(petugas: FlaskClient) -> None:
    _shelf, sold, back = receive(line("Lampu"), line("Kursi"), line("Nampan"))
    [rings] = receive(line("Gantungan", "12.000", "3", per_piece="lot"))
    till = open_till()
    till.scan(sold.code, rings.code)
    till.pay()
    hand_back([Pieces(back.id, 1)], user("petugas"), request_id())
    assert listed(petugas, state="shelf") == ["Gantungan", "Lampu"]
    assert listed(petugas, state="sold") == ["Kursi"]
    assert listed(petugas, state="returned") == ["Nampan"]
    assert listed(petugas, state="sold", q="lampu") == []
    page = petugas.get("/items").text
    for shown in ("3 buah di rak", "2 di rak", "Terjual", "Dikembalikan"):
        assert shown in page


def test_a_lot_stays_on_the_shelf_until_its_last_piece(petugas: FlaskClient) -> None:
    [rings] = receive(line("Gantungan", "12.000", "2", per_piece="lot"))
    till = open_till()
    for left in (["Gantungan"], []):
        till.scan(rings.code)
        till.pay()
        assert listed(petugas, state="shelf") == left
    assert listed(petugas, state="sold") == ["Gantungan"]


def test_pages_follow_each_other_without_losing_or_doubling_any(petugas: FlaskClient) -> None:
    total = 2 * PAGE + 1
    receive(line(quantity=str(total)))
    pages, address = [], "/items?q=lampu&state=shelf"
    while address:
        page = petugas.get(address).text
        pages.append(re.findall(r'href="/[qQ]/(\w+)"', page))
        more = re.search(r'href="(/items\?[^"]*before=\d+[^"]*)"', page)
        address = more[1].replace("&amp;", "&") if more else ""
    assert [len(codes) for codes in pages] == [PAGE, PAGE, 1]
    assert len({code for codes in pages for code in codes}) == total


def test_htmx_gets_the_list_alone(petugas: FlaskClient) -> None:
    receive(line("Lampu"))
    fragment = petugas.get("/items?q=lampu", headers=HTMX).text
    assert "Lampu" in fragment
    assert "<html" not in fragment


def test_the_observer_looks_and_the_neighbour_sees_nothing(auth: Auth) -> None:
    receive(line("Lampu"))
    assert listed(auth("pengamat")) == ["Lampu"]
    assert listed(auth("petugas-tetangga")) == []
    assert "0 buah di rak" in auth("petugas-tetangga").get("/items").text
    assert auth("perajin").get("/items").status_code == 403
