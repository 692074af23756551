"""Hand-back: unsold goods return to their crafter, no more than stand there, once."""

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import text

from showroom_app.extensions import reading, rollback
from showroom_app.ledger import book
from showroom_app.lib.refusal import NotHere, Refusal
from showroom_app.stock.hand_back import Pieces, hand_back
from showroom_app.stock.models import Item
from showroom_app.stock.write_off import Harm, write_off
from tests.builders import crafter_id, exhibition, line, open_till, receive, request_id, show, user
from tests.conftest import Auth
from tests.rules import pdf_text


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
    data = {f"q-{item.id}-shelf": quantity, "do": "hand-over", "request_id": key or request_id()}
    return client.post("/hand-backs/new", data=data, follow_redirects=True).text


def test_a_piece_goes_back_and_its_page_says_so(auth: Auth) -> None:
    [lamp] = receive(line("Lampu"))
    client = auth("petugas")
    page = send(client, lamp, "1")
    for shown in ("Sudah dicatat", "RT-KTR-00001", lamp.code, "Tutik Handayani"):
        assert shown in page
    page = client.get(f"/q/{lamp.code}").text
    assert "Kembalikan ke perajin</a>" not in page, "there is nothing left to hand back"
    assert "RT-KTR-00001" in page
    assert on_shelf(lamp) == 0
    assert "Sudah tidak ada" in client.application.test_client().get(f"/q/{lamp.code}").text
    assert "Dikembalikan ke perajin" in auth("perajin").get(f"/q/{lamp.code}").text


def test_part_of_a_lot_goes_back_and_the_rest_is_sold(rings: Item) -> None:
    hand_back([Pieces(rings.id, 150)], user("petugas"), request_id())
    till = open_till()
    till.scan(rings.code)
    till.pay()
    hand_back([Pieces(rings.id, 49)], user("petugas"), request_id())
    assert on_shelf(rings) == 0


def test_the_crafter_has_them_again_in_the_book(rings: Item) -> None:
    crafter = crafter_id("Tutik")
    hand_back([Pieces(rings.id, 200)], user("petugas"), request_id())
    conn = reading()
    account = book.accounts(conn, [("crafter", crafter)])["crafter", crafter]
    assert book.balance(conn, account, unit=rings.id) == 0


@pytest.mark.parametrize("quantity", [0, -1, 201, 10**12])
def test_more_than_is_there_or_nothing_is_refused(rings: Item, quantity: int) -> None:
    with pytest.raises(Refusal, match=r"di rak ada 200 buah\. Isi jumlah antara 1 dan 200"):
        hand_back([Pieces(rings.id, quantity)], user("petugas"), request_id())
    assert on_shelf(rings) == 200


def test_what_is_sold_does_not_go_back(app: Flask) -> None:
    [lamp] = receive()
    till = open_till()
    till.scan(lamp.code)
    till.pay()
    with pytest.raises(Refusal, match="sudah tidak ada di rak"):
        hand_back([Pieces(lamp.id, 1)], user("petugas"), request_id())


@pytest.mark.parametrize("quantity", ["", "sepuluh", "1,5", "10 buah", "1.000", "-5", "0", "٣", "9" * 30])
def test_what_is_no_number_hands_back_nothing(auth: Auth, rings: Item, quantity: str) -> None:
    page = send(auth("petugas"), rings, quantity)
    assert 'class="error"' in page
    assert on_shelf(rings) == 200


def test_a_piece_in_somebodys_basket_goes_back_all_the_same_and_the_till_says_where(app: Flask) -> None:
    [lamp] = receive(line("Lampu Kendil"))
    till = open_till()
    till.scan(lamp.code)
    hand_back([Pieces(lamp.id, 1)], user("petugas2"), request_id())
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
    data = {f"q-{rings.id}-shelf": "1", "do": "hand-over", "request_id": request_id()}
    for who, status in {"perajin": 403, "pengamat": 403, "tetangga": 422, "petugas-tetangga": 422}.items():
        assert auth(who).post("/hand-backs/new", data=data).status_code == status
    with pytest.raises(NotHere):
        hand_back([Pieces(rings.id, 1)], user("petugas-tetangga"), request_id())
    assert on_shelf(rings) == 200


def test_several_pieces_are_picked_by_scanning_and_go_back_on_one_note(auth: Auth) -> None:
    lamp, chair = receive(line("Lampu"), line("Kursi"))
    client = auth("petugas")
    page = client.post("/hand-backs/new", data={"code": lamp.code, "do": "add"}).text
    assert f'name="q-{lamp.id}-shelf" value="1"' in page
    kept = {f"q-{lamp.id}-shelf": "1", "code": f"https://galeri.contoh.id/q/{chair.code}", "do": "add"}
    page = client.post("/hand-backs/new", data=kept).text
    assert f'name="q-{chair.id}-shelf"' in page
    both = {f"q-{lamp.id}-shelf": "1", f"q-{chair.id}-shelf": "1"}
    again = client.post("/hand-backs/new", data=both | {"code": lamp.code, "do": "add"})
    assert (again.status_code, "sudah masuk daftar semua" in again.text) == (422, True)
    removed = client.post("/hand-backs/new", data=both | {"do": f"remove-{lamp.id}-shelf"}).text
    assert f"q-{lamp.id}-shelf" not in removed
    told = {"do": "hand-over", "reason": "masa titip habis", "received_by": "Sari", "relation": "anak"}
    answer = client.post("/hand-backs/new", data=both | told | {"request_id": request_id()})
    assert answer.location == "/hand-backs/1"
    assert (on_shelf(lamp), on_shelf(chair), entries()) == (0, 0, 1)
    paper = pdf_text(client.get("/hand-backs/1/note.pdf").data)
    for shown in ("RT-KTR-00001", "masa titip habis", "Sari", "anak, mewakili Tutik Handayani", lamp.code, "Kursi"):
        assert shown in paper
    assert client.get("/hand-backs/1/note.pdf").data == client.get("/hand-backs/1/note.pdf").data
    assert "RT-KTR-00001" in client.get("/hand-backs").text


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [("", "bernama"), ("zzz", "bernama"), ("7K3QXM2F", "tidak dikenal"), ("9" * 300, "bernama")],
)
def test_what_is_not_there_can_not_be_picked(auth: Auth, typed: str, sentence: str) -> None:
    answer = auth("petugas").post("/hand-backs/new", data={"code": typed, "do": "add"})
    assert (answer.status_code, sentence in answer.text) == (422, True)


def test_one_note_is_for_one_crafter(app: Flask) -> None:
    [lamp], [chair] = receive(line("Lampu")), receive(line("Kursi"), crafter="Slamet")
    with pytest.raises(Refusal, match="hanya untuk satu perajin"):
        hand_back([Pieces(lamp.id, 1), Pieces(chair.id, 1)], user("petugas"), request_id())


def test_damaged_goods_go_back_unless_the_showroom_paid_for_them(app: Flask) -> None:
    lamp, chair = receive(line("Lampu"), line("Kursi"))
    for item, pays in ((lamp, False), (chair, True)):
        harm = Harm(item.id, "damaged", 1, "jatuh", compensate=pays)
        write_off(harm, user("pengelola"), request_id())
    hand_back([Pieces(lamp.id, 1, "damaged")], user("petugas"), request_id())
    with pytest.raises(Refusal, match="yang rusak dan bisa dikembalikan tinggal 0"):
        hand_back([Pieces(chair.id, 1, "damaged")], user("petugas"), request_id())


def test_what_is_damaged_has_a_button_and_what_was_paid_for_has_none(auth: Auth) -> None:
    lamp, chair = receive(line("Lampu"), line("Kursi"))
    for item, pays in ((lamp, False), (chair, True)):
        write_off(Harm(item.id, "damaged", 1, "jatuh", compensate=pays), user("pengelola"), request_id())
    client = auth("petugas")
    button = "/hand-backs/new?item="
    assert [f"{button}{item.id}" in client.get(f"/q/{item.code}").text for item in (lamp, chair)] == [True, False]
    page = client.get(f"{button}{lamp.id}&item={chair.id}").text
    assert f'name="q-{lamp.id}-damaged" value="1"' in page
    assert f"q-{chair.id}-" not in page


def test_what_is_elsewhere_can_not_go_back_yet_and_is_said(auth: Auth) -> None:
    lamp, chair = receive(line("Lampu"), line("Kursi"))
    fair = exhibition()
    show(fair, lamp)
    client = auth("petugas")
    page = client.get(f"/hand-backs/new?item={lamp.id}&item={chair.id}").text
    assert f"q-{lamp.id}-" not in page
    assert f'name="q-{chair.id}-shelf" value="1"' in page
    for told in ("Belum bisa dikembalikan", f"Lampu {lamp.code}", "1 buah di pameran atau di jalan"):
        assert told in page
    again = client.post("/hand-backs/new", data={"item": str(lamp.id), "code": chair.code, "do": "add"}).text
    assert f"Lampu {lamp.code}" in again, "it stays said while others are scanned"
    assert "Belum bisa dikembalikan" not in auth("tetangga").get(f"/hand-backs/new?item={lamp.id}").text
