"""Advances (kasbon): within the limit, seen as a debt, taken out of the next payout."""

import re

import pytest
from flask import Flask

from showroom_app.extensions import now, reading
from showroom_app.lib.clock import jakarta_date
from showroom_app.lib.refusal import NotHere, Refusal
from showroom_app.lib.typed import Typed
from showroom_app.payouts import advance, documents, history, payout
from showroom_app.payouts.advance import Lend
from showroom_app.payouts.payout import Pay
from showroom_app.people import crafters
from showroom_app.people.crafters import owed
from tests.builders import crafter_id, line, open_till, receive, request_id, user
from tests.conftest import Auth
from tests.rules import posted, rows, rules, sell, words


def lend(amount: int, by: str = "pengelola", request: str = "", **more: str) -> int:
    asked = {"crafter_id": crafter_id("Tutik"), "method": "office", "reason": "beli bahan"} | more
    return advance.lend(Lend(amount=amount, **asked), user(by), request or request_id())  # type: ignore[arg-type]


def test_it_is_a_debt_and_the_next_payout_takes_it_back(app: Flask) -> None:
    rules(advance_rupiah_max=100_000)
    tutik = crafter_id("Tutik")
    lend(60_000)
    assert (owed(tutik), posted("office")) == (-60_000, -60_000)
    [lamp] = receive(line(price="100.000"))
    sell(open_till(float_rupiah=0), lamp.code)
    with pytest.raises(Refusal, match=r"sekarang Rp25\.000"):
        payout.pay([Pay(tutik, 85_000, "office")], jakarta_date(now()), user("pengelola"), request_id())
    told = payout.pay([Pay(tutik, 25_000, "office")], jakarta_date(now()), user("pengelola"), request_id())
    assert owed(tutik) == 0
    lines = documents.lines_of(payout.payout_row(reading(), told.payout_ids[0], 1))
    assert [(one.kind, one.name, one.crafter) for one in lines] == [
        ("advance", "beli bahan", -60_000), ("sale", "Lampu gantung", 85_000),
    ]  # fmt: skip


def test_the_showrooms_limit_less_what_is_lent(app: Flask) -> None:
    with pytest.raises(Refusal, match="paling banyak Rp0"):
        lend(1)
    rules(advance_rupiah_max=100_000)
    lend(70_000)
    assert advance.limit_of(crafter_id("Tutik")) == 30_000
    for wrong in (30_001, 0, -1):
        with pytest.raises(Refusal, match=r"paling banyak Rp30\.000"):
            lend(wrong)
    lend(30_000)


@pytest.mark.parametrize(("own", "most"), [("250.000", 250_000), ("0", 0), ("", 100_000)])
def test_a_crafters_own_limit_comes_first(app: Flask, own: str, most: int) -> None:
    rules(advance_rupiah_max=100_000)
    typed = Typed(name="Tutik Handayani", commission_percent="15", active="1", advance_rupiah_max=own)
    crafters.save_crafter(typed, user("pengelola"), request_id(), crafter_id("Tutik"))
    assert advance.limit_of(crafter_id("Tutik")) == most


@pytest.mark.parametrize(
    ("more", "sentence"),
    [
        ({"reason": ""}, "untuk apa kasbonnya"),
        ({"method": "transfer"}, "referensi"),
        ({"method": "cek"}, "Pilih cara bayarnya"),
        ({"method": "drawer"}, "belum membuka sif"),
        ({"received_by": "Ani"}, "hubungannya"),
        ({"by": "petugas"}, "hanya boleh diberikan pengelola"),
    ],
)
def test_what_makes_no_sense_is_refused(app: Flask, more: dict[str, str], sentence: str) -> None:
    rules(advance_rupiah_max=100_000)
    with pytest.raises(Refusal, match=sentence):
        lend(10_000, **more)
    assert rows("advance") == []


def test_from_the_drawer_no_more_than_lies_in_it(app: Flask) -> None:
    rules(advance_rupiah_max=1_000_000)
    own = open_till("pengelola", "K2", 50_000)
    with pytest.raises(Refusal, match="Uang di laci tidak cukup"):
        lend(50_001, method="drawer")
    lend(50_000, method="drawer")
    assert posted("drawer", own.shift_id) == 0


def test_strangers_and_inactive_crafters(app: Flask) -> None:
    rules(advance_rupiah_max=100_000)
    with pytest.raises(NotHere):
        lend(1_000, by="tetangga")
    crafters.save_crafter(
        Typed(name="Tutik Handayani", commission_percent="15"), user("pengelola"), request_id(), crafter_id("Tutik")
    )
    with pytest.raises(Refusal, match="tidak aktif"):
        lend(1_000)


def test_pressed_twice_it_is_lent_once(app: Flask) -> None:
    rules(advance_rupiah_max=100_000)
    key = request_id()
    assert lend(60_000, request=key) == lend(60_000, request=key)
    assert owed(crafter_id("Tutik")) == -60_000


def test_older_ones_are_a_press_away(app: Flask, auth: Auth, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(history, "PAGE", 2)
    rules(advance_rupiah_max=100_000)
    for number in range(1, 6):
        lend(number * 1_000, reason=f"bahan {number}")
    client, address, seen = auth("pengelola"), "/payouts/history", []
    while address:
        page = client.get(address).text
        seen.append(re.findall(r"bahan \d", page))
        [address] = re.findall(r'href="([^"]+)">Kasbon lebih lama', page) or [""]
    assert seen == [["bahan 5", "bahan 4"], ["bahan 3", "bahan 2"], ["bahan 1"]]


def test_on_the_screens_of_office_and_crafter(app: Flask, auth: Auth) -> None:
    rules(advance_rupiah_max=100_000)
    client, tutik = auth("pengelola"), crafter_id("Tutik")
    form = {"amount": "100.001", "reason": "bahan", "method": "office", "request_id": request_id()}
    refused = client.post(f"/crafters/{tutik}/advances", data=form)
    assert (refused.status_code, "paling banyak Rp100.000" in words(refused.text)) == (422, True)
    assert 'value="100.001"' in refused.text
    assert (
        client.post(
            f"/crafters/{tutik}/advances", data=form | {"amount": "100.000", "request_id": request_id()}
        ).status_code
        == 303
    )
    assert "KB-KTR-00001" in client.get("/payouts/history").text
    phone = auth("perajin")
    home = words(phone.get("/my").text)
    assert "−Rp100.000" in home
    assert "masih berutang" in home
    own = words(phone.get("/my/statement").text)
    assert "Kasbon : bahan" in own.replace("Kasbon: ", "Kasbon : ")
    assert "Utang perajin −Rp100.000" in own
    assert "utang" in words(client.get("/payouts").text)
