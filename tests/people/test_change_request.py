"""A crafter asks for another phone number or bank account from their phone; the office looks, then decides."""

import json
import re

import pytest
from flask import Flask

from showroom_app.extensions import AnyRow, now, rollback
from showroom_app.lib.clock import jakarta_date
from showroom_app.lib.refusal import FormRefusal, NotHere, Refusal
from showroom_app.lib.typed import Typed
from showroom_app.people import change_request
from showroom_app.people.change_request import NEW_FOR
from tests.builders import (
    PASSWORDS,
    ask_for_bank,
    ask_for_phone,
    crafter_id,
    line,
    open_till,
    receive,
    request_id,
    user,
)
from tests.conftest import Auth
from tests.rules import activities, rows, sell, words

OLD = "+6281200001001"


def tutik() -> AnyRow:
    [row] = [row for row in rows("crafter") if row.id == crafter_id("Tutik")]
    return row


def decide(change_id: int, accepted: bool = True, answer: str = "", who: str = "pengelola") -> int:
    return change_request.decide(change_id, accepted, answer, user(who), request_id())


def test_asked_for_seen_beside_the_old_and_accepted(app: Flask, auth: Auth) -> None:
    phone = auth("perajin")
    form = {"phone": "0812-0000-7777", "pin": PASSWORDS["perajin"], "request_id": request_id()}
    assert phone.post("/my/change/phone", data=form).location == "/my/settings"
    assert phone.post("/my/change/phone", data=form).location == "/my/settings"  # pressed twice
    assert len(rows("change_request")) == 1
    assert tutik().phone == OLD
    assert "Menunggu galeri: 0812-0000-7777" in words(phone.get("/my/settings").text)
    office = auth("pengelola")
    assert "1 permintaan perajin menunggu" in office.get("/reports").text
    page = words(office.get("/requests").text)
    assert "Nomor HP 0812-0000-1001 0812-0000-7777" in page
    answer = {"do": "accept", "request_id": request_id()}
    assert office.post("/requests/changes/1", data=answer).location == "/requests"
    assert office.post("/requests/changes/1", data=answer).location == "/requests"
    assert tutik().phone == "+6281200007777"
    assert "menunggu" not in words(office.get("/reports").text)
    assert "0812-0000-7777" in phone.get("/my/settings").text
    [asked] = activities("change-asked")
    changed = activities("crafter")[-1]
    assert json.loads(asked.after) == {"phone": "+6281200007777"} == json.loads(changed.after)
    assert json.loads(changed.before) == {"phone": OLD}
    log = words(office.get("/activity").text)
    assert "Perajin minta datanya diubah" in log and "Data perajin diubah" in log


def test_refused_with_a_reason_that_the_crafter_reads(app: Flask, auth: Auth) -> None:
    change_id = ask_for_bank()
    office = auth("pengelola")
    no = office.post(f"/requests/changes/{change_id}", data={"do": "refuse", "request_id": request_id()})
    assert (no.status_code, "Tulis alasannya" in no.text) == (422, True)
    form = {"do": "refuse", "answer": "nama pemiliknya lain", "request_id": request_id()}
    assert office.post(f"/requests/changes/{change_id}", data=form).status_code == 303
    assert tutik().bank_name == "BRI"
    assert "Belum diubah: nama pemiliknya lain" in words(auth("perajin").get("/my/settings").text)
    assert "Permintaan perajin ditolak" in words(office.get("/activity").text)


def test_a_newer_one_takes_the_place_of_an_open_one(app: Flask) -> None:
    first, second = ask_for_phone("0812 0000 7777"), ask_for_phone("0812 0000 8888")
    bank = ask_for_bank()
    assert [one["id"] for one in change_request.waiting(1)] == [second, bank]
    with pytest.raises(Refusal, match="permintaan yang baru"):
        decide(first)
    assert change_request.decided(1) == []
    decide(second)
    assert tutik().phone == "+6281200008888"


def test_two_managers_one_decides(app: Flask) -> None:
    change_id = ask_for_phone()
    decide(change_id)
    with pytest.raises(Refusal, match="Ratna sudah menerima permintaan ini"):
        decide(change_id, False, "terlambat")
    refused = ask_for_bank()
    decide(refused, False, "nama pemiliknya lain")
    with pytest.raises(Refusal, match="Ratna sudah menolak permintaan ini"):
        decide(refused)


def test_another_showroom_s_manager_finds_none(app: Flask) -> None:
    change_id = ask_for_phone()
    with pytest.raises(NotHere):
        decide(change_id, who="tetangga")
    assert change_request.waiting(2) == [] and change_request.waiting_count(2) == 0
    with pytest.raises(NotHere):
        decide(999)


@pytest.mark.parametrize(
    ("kind", "typed", "field", "sentence"),
    [
        ("phone", {"phone": ""}, "phone", "Tulis nomor HP"), ("phone", {"phone": "0812"}, "phone", "belum lengkap"),
        ("phone", {"phone": "0812 0000 1001"}, "phone", "sama dengan yang sekarang"),
        ("phone", {"phone": "0812 0000 7777", "pin": "111111"}, "pin", "belum cocok"),
        ("bank", {}, "bank_name", "nama banknya"),
        ("bank", {"bank_name": "BRI", "bank_account": "12-3"}, "bank_account", "dengan angka"),
        ("bank", {"bank_name": "BRI", "bank_account": "rekening saya"}, "bank_account", "dengan angka"),
        ("bank", {"bank_name": "x" * 121}, "bank_name", "Terlalu panjang"),
        ("bank", {"bank_name": "BRI", "bank_account": "12345"}, "bank_holder", "pemilik rekening"),
    ],
)  # fmt: skip
def test_what_makes_no_sense_is_refused(
    app: Flask, kind: str, typed: dict[str, str], field: str, sentence: str
) -> None:
    form = Typed({"pin": PASSWORDS["perajin"]} | typed)
    with pytest.raises(Refusal) as told:
        change_request.ask(kind, form, user("perajin"), request_id())
    errors = told.value.errors if isinstance(told.value, FormRefusal) else {told.value.field: told.value.sentence}
    assert sentence in errors[field]
    assert rows("change_request") == []


def test_wrong_pins_are_counted_as_at_sign_in(app: Flask, auth: Auth) -> None:
    client = auth("perajin")
    for _guess in range(5):
        form = {"phone": "0812 0000 7777", "pin": "000000", "request_id": request_id()}
        answer = client.post("/my/change/phone", data=form)
        assert (answer.status_code, "belum cocok" in answer.text) == (422, True)
        assert "0812 0000 7777" in answer.text and "000000" not in answer.text
    right = {"phone": "0812 0000 7777", "pin": PASSWORDS["perajin"], "request_id": request_id()}
    assert "Terlalu banyak percobaan" in client.post("/my/change/phone", data=right).text
    door = {"username": "perajin", "password": PASSWORDS["perajin"]}
    assert "Terlalu banyak percobaan" in app.test_client().post("/sign-in", data=door).text
    assert client.get("/my/change/alamat").status_code == 404


def test_paying_to_a_new_account_is_warned_of(app: Flask, auth: Auth) -> None:
    sell(open_till(), receive(line())[0].code)
    number, office = crafter_id("Tutik"), auth("pengelola")
    look = {
        f"pay{number}": "1", f"amount{number}": "233750", f"method{number}": "transfer",
        "until": jakarta_date(now()).isoformat(),
    }  # fmt: skip

    def seen() -> str:
        return words(office.post("/payouts", data=look | {"request_id": request_id()}).text)

    assert "tanyakan dulu" not in seen()
    change_id = ask_for_bank()
    assert "Tutik Handayani: minta ganti rekening, tanyakan dulu" in seen()
    decide(change_id)
    assert "Tutik Handayani: rekening baru, tanyakan dulu" in seen() and "BCA ••1111" in seen()
    cash = look | {f"method{number}": "office", "request_id": request_id()}
    assert "tanyakan dulu" not in words(office.post("/payouts", data=cash).text)
    assert "Rekening baru, tanyakan dulu" in words(office.get(f"/crafters/{number}/advances").text)
    assert change_request.new_banks(2) == {}
    rollback()
    assert change_request.new_banks(1) == {number: "changed"}


def test_a_form_from_before_the_change_does_not_undo_it(app: Flask, auth: Auth) -> None:
    office, path = auth("pengelola"), f"/crafters/{crafter_id('Tutik')}"
    page = office.get(path).text
    form = {"name": "Tutik Handayani", "commission_percent": "20", "active": "1", "username": "perajin"}
    form |= dict(re.findall(r'name="(reached|bank_\w+)"[^>]*? value="([^"]*)"', page))
    decide(ask_for_bank())
    answer = office.post(path, data=form | {"request_id": request_id()})
    assert (answer.status_code, "diubah di layar lain" in answer.text) == (422, True)
    assert (tutik().bank_name, tutik().commission_bps) == ("BCA", 1_500)
    rollback()
    form |= dict(re.findall(r'name="(reached|bank_\w+)"[^>]*? value="([^"]*)"', office.get(path).text))
    assert office.post(path, data=form | {"request_id": request_id()}).status_code == 303
    rollback()
    assert (tutik().bank_name, tutik().commission_bps) == ("BCA", 2_000)


def test_after_a_week_it_is_new_no_more(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    decide(ask_for_bank())
    later = now() + NEW_FOR
    monkeypatch.setattr(change_request, "now", lambda: later)
    assert change_request.new_banks(1) == {}
