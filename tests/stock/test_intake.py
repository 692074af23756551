"""Taking goods in: drafts keep what is typed; a note is received once, whole or not at all."""

import re
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import text, update

from showroom_app.extensions import begin_write, commit, reading
from showroom_app.ledger import book
from showroom_app.lib.refusal import FormRefusal, NotHere, Refusal
from showroom_app.people.models import Crafter
from showroom_app.stock import intake, notes
from showroom_app.stock.items import list_items
from tests.builders import crafter_id, line, receive, request_id, user
from tests.conftest import Auth


def start(crafter: str = "Tutik") -> int:
    return intake.start(crafter_id(crafter), user("petugas"), request_id())


def test_a_code_for_each_piece_and_one_for_a_lot(app: Flask) -> None:
    items = receive(line("Kursi", "650.000", "12"), line("Gantungan", "12.000", "200", per_piece="lot"))
    assert [i.quantity for i in items] == [1] * 12 + [200]
    assert len({i.code for i in items}) == 13
    shelf = book.accounts(reading(), [("shelf", 1)])["shelf", 1]
    assert [book.balance(reading(), shelf, i.id) for i in items] == [i.quantity for i in items]


def test_the_same_product_is_known_again(app: Flask) -> None:
    first, second = receive(line("Lampu Kendil"))[0], receive(line("lampu kendil"))[0]
    assert first.product_id == second.product_id


def test_notes_are_numbered(app: Flask) -> None:
    receive()
    receive()
    numbers = reading().execute(text("SELECT number FROM consignment ORDER BY id")).scalars().all()
    assert numbers == [1, 2]


def test_pressed_twice_it_is_one_note(app: Flask) -> None:
    consignment_id, key = start(), request_id()
    typed: dict[str, Any] = {"lines": [line()], "agreed_until": ""}
    for request in (key, key, request_id()):
        assert intake.receive(consignment_id, typed, user("petugas"), request) == consignment_id
    assert len(list_items(1)) == 1


def test_nothing_is_taken_in_for_who_is_no_longer_active(app: Flask) -> None:
    consignment_id = start()
    begin_write().execute(update(Crafter).where(Crafter.id == crafter_id("Tutik")).values(active=False))
    commit()
    with pytest.raises(Refusal, match="sedang tidak aktif"):
        intake.receive(consignment_id, {"lines": [line()], "agreed_until": ""}, user("petugas"), request_id())
    assert list_items(1) == []


def test_a_draft_keeps_wrong_and_missing_things_as_typed(app: Flask) -> None:
    consignment_id = start()
    typed = {"lines": [line("Kursi", price="", quantity="12"), line(price="tujuh ratus")], "agreed_until": "besok"}
    intake.keep_draft(consignment_id, typed, user("petugas"))
    row = intake.own_consignment(reading(), consignment_id, 1)
    assert intake.typed_of(row) == typed


WRONG = [
    ({"price": "0"}, "price"), ({"price": "-5"}, "price"), ({"price": "12,5"}, "price"), ({"price": "9" * 15}, "price"),
    ({"quantity": "0"}, "quantity"), ({"quantity": "-1"}, "quantity"), ({"quantity": "1,5"}, "quantity"),
    ({"quantity": "99999999999"}, "quantity"), ({"quantity": "1001"}, "quantity"), ({"name": ""}, "name"),
    ({"name": "x" * 10_240}, "name"), ({"category": "apa saja"}, "category"),
    ({"commission_percent": "101"}, "commission_percent"),
    ({"terms_kind": "net_price", "net_price": "275.001"}, "net_price"),
    ({"terms_kind": "net_price", "net_price": ""}, "net_price"),
]  # fmt: skip


@pytest.mark.parametrize(("typed", "field"), WRONG)
def test_what_is_wrong_is_named_and_nothing_is_written(app: Flask, typed: dict[str, str], field: str) -> None:
    consignment_id = start()
    good = line("Kursi")
    with pytest.raises(FormRefusal) as refused:
        intake.receive(
            consignment_id, {"lines": [good, line(**typed)], "agreed_until": ""}, user("petugas"), request_id()
        )
    assert list(refused.value.errors) == [f"lines-1-{field}"]
    assert list_items(1) == []
    assert intake.own_consignment(reading(), consignment_id, 1).status == "draft"


def test_an_end_in_the_past_is_refused(app: Flask) -> None:
    with pytest.raises(FormRefusal, match="sudah lewat"):
        intake.receive(start(), {"lines": [line()], "agreed_until": "2020-01-01"}, user("petugas"), request_id())


def test_an_empty_note_is_refused(app: Flask) -> None:
    with pytest.raises(FormRefusal, match="kosong"):
        intake.receive(start(), {"lines": [], "agreed_until": ""}, user("petugas"), request_id())


def test_a_received_note_is_neither_changed_nor_thrown_away(app: Flask) -> None:
    consignment_id = start()
    typed: dict[str, Any] = {"lines": [line()], "agreed_until": ""}
    intake.receive(consignment_id, typed, user("petugas"), request_id())
    with pytest.raises(Refusal, match="sudah diterima"):
        intake.keep_draft(consignment_id, typed, user("petugas"))
    with pytest.raises(Refusal, match="sudah diterima"):
        intake.discard(consignment_id, user("petugas"))


def test_older_drafts_are_a_press_away(app: Flask, auth: Auth, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(notes, "PAGE", 2)
    begun = [start() for _draft in range(5)]
    client, address, seen = auth("petugas"), "/consignments", []
    while address:
        page = client.get(address).text
        seen += [int(number) for number in re.findall(r'href="/consignments/(\d+)"', page)]
        [address] = re.findall(r'href="([^"]+)">Draf lebih lama', page) or [""]
    assert seen == begun[::-1]


def test_another_showrooms_notes_and_crafters_are_not_there(app: Flask) -> None:
    consignment_id = start()
    stranger = user("petugas-tetangga")
    for act in (
        lambda: intake.discard(consignment_id, stranger),
        lambda: intake.keep_draft(consignment_id, {"lines": []}, stranger),
        lambda: intake.receive(consignment_id, {"lines": [line()]}, stranger, request_id()),
        lambda: intake.start(crafter_id("Tutik"), stranger, request_id()),
    ):
        with pytest.raises(NotHere):
            act()
