"""Hand-back: unsold goods return to their crafter, no more than stand there, once."""

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import text

from showroom_app.extensions import reading, rollback
from showroom_app.ledger import book
from showroom_app.lib.refusal import NotHere, Refusal
from showroom_app.stock.hand_back import hand_back
from showroom_app.stock.models import Item
from tests.builders import crafter_id, line, open_till, receive, request_id, user
from tests.conftest import Auth


@pytest.fixture
def rings(app: Flask) -> Item:
    """200 key rings under one label."""
    return receive(line("Gantungan", "12.000", "200", per_piece="lot"))[0]


def on_shelf(item: Item) -> int:
    rollback()
    conn = reading()
    return book.balance(conn, book.accounts(conn, [("shelf", 1)])["shelf", 1], unit=item.id)


def entries() -> int:
    rollback()
    return int(reading().execute(text("SELECT count(*) FROM entry WHERE kind = 'hand_back'")).scalar_one())


def send(client: FlaskClient, item: Item, quantity: str, key: str = "") -> str:
    """Press the button and read the page that follows."""
    data = {"quantity": quantity, "request_id": key or request_id()}
    return client.post(f"/items/{item.id}/hand-back", data=data, follow_redirects=True).text


def test_a_piece_goes_back_and_its_page_says_so(auth: Auth) -> None:
    [lamp] = receive(line("Lampu"))
    client = auth("petugas")
    page = send(client, lamp, "1")
    for shown in ("Sudah dicatat: dikembalikan ke perajin", "Dikembalikan ke perajin", "Petugas"):
        assert shown in page
    assert "Kembalikan ke perajin</button>" not in page, "there is nothing left to hand back"
    assert on_shelf(lamp) == 0
    assert "Sudah tidak ada" in client.application.test_client().get(f"/q/{lamp.code}").text
    assert "Dikembalikan ke perajin" in auth("perajin").get(f"/q/{lamp.code}").text


def test_part_of_a_lot_goes_back_and_the_rest_is_sold(rings: Item) -> None:
    hand_back(rings.id, 150, user("petugas"), request_id())
    till = open_till()
    till.scan(rings.code)
    till.pay()
    hand_back(rings.id, 49, user("petugas"), request_id())
    assert on_shelf(rings) == 0


def test_the_crafter_has_them_again_in_the_book(rings: Item) -> None:
    crafter = crafter_id("Tutik")
    hand_back(rings.id, 200, user("petugas"), request_id())
    conn = reading()
    account = book.accounts(conn, [("crafter", crafter)])["crafter", crafter]
    assert book.balance(conn, account, unit=rings.id) == 0


@pytest.mark.parametrize("quantity", [0, -1, 201, 10**12])
def test_more_than_is_there_or_nothing_is_refused(rings: Item, quantity: int) -> None:
    with pytest.raises(Refusal, match=r"Di rak ada 200 buah\. Isi jumlah antara 1 dan 200"):
        hand_back(rings.id, quantity, user("petugas"), request_id())
    assert on_shelf(rings) == 200


def test_what_is_sold_does_not_go_back(app: Flask) -> None:
    [lamp] = receive()
    till = open_till()
    till.scan(lamp.code)
    till.pay()
    with pytest.raises(Refusal, match="sudah tidak ada di rak"):
        hand_back(lamp.id, 1, user("petugas"), request_id())


@pytest.mark.parametrize("quantity", ["", "sepuluh", "1,5", "10 buah", "1.000", "-5", "0", "٣", "9" * 30])
def test_what_is_no_number_hands_back_nothing(auth: Auth, rings: Item, quantity: str) -> None:
    page = send(auth("petugas"), rings, quantity)
    assert 'class="message bad"' in page
    assert on_shelf(rings) == 200


def test_a_piece_in_somebodys_basket_goes_back_all_the_same_and_the_till_says_where(app: Flask) -> None:
    [lamp] = receive(line("Lampu Kendil"))
    till = open_till()
    till.scan(lamp.code)
    hand_back(lamp.id, 1, user("petugas2"), request_id())
    with pytest.raises(Refusal, match="Lampu Kendil sudah dikembalikan ke perajin"):
        till.pay()


def test_sent_again_it_is_one_hand_back(auth: Auth, rings: Item) -> None:
    client, key = auth("petugas"), request_id()
    for _press in range(2):
        assert "Sudah dicatat" in send(client, rings, "50", key)
    assert (on_shelf(rings), entries()) == (150, 1)
    assert "sudah dipakai untuk hal lain" in send(client, rings, "60", key)
    assert (on_shelf(rings), entries()) == (150, 1)


def test_only_the_staff_of_this_showroom_may(auth: Auth, rings: Item) -> None:
    data = {"quantity": "1", "request_id": request_id()}
    for who, status in {"perajin": 403, "pengamat": 403, "tetangga": 404, "petugas-tetangga": 404}.items():
        assert auth(who).post(f"/items/{rings.id}/hand-back", data=data).status_code == status
    with pytest.raises(NotHere):
        hand_back(rings.id, 1, user("petugas-tetangga"), request_id())
    assert on_shelf(rings) == 200
