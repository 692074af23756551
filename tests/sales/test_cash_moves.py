"""Cash into a drawer and out of it, with a reason; never more than lies there, never into a closed shift."""

import pytest
from flask import Flask

from showroom_app.lib.money import in_notes
from showroom_app.lib.refusal import NotHere, Refusal
from showroom_app.sales import cash_move, shift
from tests.builders import Till, open_till, request_id, user
from tests.conftest import Auth
from tests.rules import posted, rows, words


def move(till: Till, kind: str, amount: int, reason: str = "plastik", by: str = "petugas", request: str = "") -> int:
    return cash_move.move_cash(till.shift_id, kind, amount, reason, user(by), request or request_id())


@pytest.mark.parametrize(
    ("kind", "drawer", "other", "balance"),
    [
        ("change", 130_000, "office", -130_000), ("expense", 70_000, "expense", 30_000),
        ("driver", 70_000, "driver", 30_000), ("bank", 70_000, "bank", 30_000), ("office", 70_000, "office", -70_000),
    ],
)  # fmt: skip
def test_each_kind_has_its_other_side(app: Flask, kind: str, drawer: int, other: str, balance: int) -> None:
    till = open_till()
    move(till, kind, 30_000)
    assert (posted("drawer", till.shift_id), posted(other)) == (drawer, balance)
    assert shift.close_shift(till.shift_id, in_notes(drawer), till.who, request_id()) == 0


@pytest.mark.parametrize(
    ("kind", "amount", "reason", "sentence"),
    [
        ("expense", 100_001, "x", "Uang di laci tidak cukup"), ("expense", 0, "x", "Isi jumlah"),
        ("expense", -5, "x", "Isi jumlah"), ("change", 10**12, "x", "Isi jumlah"),
        ("expense", 5, "", "Tulis keterangannya"),
        ("saku", 5, "x", "Pilih untuk apa"), ("", 5, "x", "Pilih untuk apa"),
    ],
)  # fmt: skip
def test_what_makes_no_sense_is_refused(app: Flask, kind: str, amount: int, reason: str, sentence: str) -> None:
    till = open_till()
    with pytest.raises(Refusal, match=sentence):
        move(till, kind, amount, reason)
    assert (rows("cash_move"), posted("drawer", till.shift_id)) == ([], 100_000)


def test_pressed_twice_it_is_moved_once(app: Flask) -> None:
    till, key = open_till(), request_id()
    assert move(till, "expense", 5_000, request=key) == move(till, "expense", 5_000, request=key)
    assert posted("drawer", till.shift_id) == 95_000


def test_only_its_owner_and_a_manager(app: Flask) -> None:
    till = open_till()
    for by in ("petugas2", "petugas-tetangga", "tetangga"):
        with pytest.raises(NotHere):
            move(till, "expense", 5_000, by=by)
    move(till, "expense", 5_000, by="pengelola")
    assert [row.user_id for row in rows("cash_move")] == [user("pengelola").id]


def test_nothing_into_a_closed_shift(app: Flask) -> None:
    till = open_till()
    shift.close_shift(till.shift_id, in_notes(100_000), till.who, request_id())
    with pytest.raises(Refusal, match="sudah ditutup"):
        move(till, "change", 5_000)


def test_on_the_screen(app: Flask, auth: Auth) -> None:
    till, client = open_till(), auth("petugas")
    address = f"/shifts/{till.shift_id}/cash"
    for amount in ("", "abc", "-1", "9" * 30):
        form = {"kind": "expense", "amount": amount, "reason": "plastik", "request_id": request_id()}
        answer = client.post(address, data=form)
        assert (answer.status_code, "Isi jumlah" in answer.text) == (422, True)
        assert 'value="plastik"' in answer.text
    form = {"kind": "driver", "amount": "25.000", "reason": "ke Blitar", "request_id": request_id()}
    assert client.post(address, data=form).location == address
    assert "Bayar sopir ke Blitar · Petugas" in words(client.get(address).text)
    assert "−Rp25.000" in client.get(address).text
    assert "100.000" not in words(client.get(address).text), "what lies in the drawer is told by counting"
