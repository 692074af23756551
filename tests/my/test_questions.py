"""Galeri bertanya: a crafter answers from their phone for goods that stand long, once, and only for their own."""

from datetime import date, timedelta

import pytest
from flask import Flask
from sqlalchemy import update

from showroom_app.extensions import begin_write, commit, now, rollback
from showroom_app.lib.clock import jakarta_date, months_later
from showroom_app.lib.refusal import NotHere, Refusal
from showroom_app.stock import ageing
from showroom_app.stock.ageing import Answer
from showroom_app.stock.life_models import AgeingAnswer
from showroom_app.stock.models import Item
from tests.builders import line, open_till, receive, request_id, user
from tests.conftest import Auth
from tests.rules import rows, sell, words


def in_days(days: int) -> date:
    """The day it is in the shop so many days from now."""
    return jakarta_date(now()) + timedelta(days=days)


def old(*items: Item, days: int = 120, until: str = "") -> None:
    """Let items have come in so many days ago."""
    values = {"received_at": now() - timedelta(days=days), "agreed_until": until}
    begin_write().execute(update(Item).where(Item.id.in_([item.id for item in items])).values(values))
    commit()


def say(answer: str, *items: Item, **more: object) -> int:
    said = Answer(answer, "Tutik, lewat HP", **more)  # type: ignore[arg-type]
    return ageing.answer([item.id for item in items], said, user("perajin"), request_id())


def test_asked_at_home_and_left_longer(app: Flask, auth: Auth) -> None:
    lamp, chair, fresh = receive(line("Lampu"), line("Kursi"), line("Meja"))
    old(lamp, chair)
    client = auth("perajin")
    home = client.get("/my").text
    assert "Galeri bertanya" in home and home.count("sudah 120 hari") == 2
    assert f'name="item" value="{fresh.id}"' not in home
    step = client.get(f"/my/questions?item={lamp.id}&answer=extend").text
    until = months_later(in_days(0), 3)
    assert "3 bulan" in step and "Kursi" not in step.partition("<main")[2]
    form = {"item": str(lamp.id), "answer": "extend", "months": "3", "request_id": request_id()}
    assert client.post("/my/questions", data=form).location == "/my"
    assert client.post("/my/questions", data=form).location == "/my"  # pressed twice
    [kept] = rows("ageing_answer")
    assert (kept.answer, kept.by, kept.until) == ("extend", "Tutik Handayani, lewat HP", until.isoformat())
    assert {row.id: row.agreed_until for row in rows("item")}[lamp.id] == until.isoformat()
    home = client.get("/my").text
    assert f'name="item" value="{lamp.id}"' not in home and f'name="item" value="{chair.id}"' in home
    assert "Diperpanjang" in words(auth("petugas").get(f"/q/{lamp.code}").text)


def test_a_lower_price_is_asked_for_and_changes_nothing_yet(app: Flask, auth: Auth) -> None:
    lamp, chair = receive(line("Lampu", "275.000"), line("Kursi", "650.000"))
    old(lamp, chair)
    client = auth("perajin")
    form = {"item": [str(lamp.id), str(chair.id)], "answer": "mark_down", f"price-{lamp.id}": "250.000"}
    none = client.post("/my/questions", data=form | {"request_id": request_id()})
    assert (none.status_code, "Isi harga dalam rupiah" in none.text) == (422, True)
    assert 'value="250.000"' in none.text
    above = client.post("/my/questions", data=form | {f"price-{chair.id}": "650.000", "request_id": request_id()})
    assert (above.status_code, "di bawah Rp650.000" in above.text) == (422, True)
    assert rows("ageing_answer") == []
    right = form | {f"price-{chair.id}": "600.000", "request_id": request_id()}
    assert client.post("/my/questions", data=right).location == "/my"
    assert "Pengelola melihat harga" in client.get("/my").text
    assert [row.price for row in rows("item")] == [275_000, 650_000]
    office = words(auth("pengelola").get("/ageing").text)
    assert "Dijawab perajin lewat HP" in office
    assert "Tutik Handayani, lewat HP: minta Rp250.000" in office and "minta Rp600.000" in office
    assert "minta Rp250.000" in words(auth("petugas").get(f"/q/{lamp.code}").text)
    assert "Galeri bertanya" not in client.get("/my").text


def test_collecting_says_what_to_do(app: Flask, auth: Auth) -> None:
    [lamp] = receive(line("Lampu"))
    old(lamp)
    client = auth("perajin")
    step = f"/my/questions?item={lamp.id}&answer=collect"
    assert "Silakan datang ke galeri, bawa kartu Anda" in client.get(step).text
    form = {"item": str(lamp.id), "answer": "collect", "request_id": request_id()}
    client.post("/my/questions", data=form)
    assert "Silakan datang ke galeri, bawa kartu Anda" in client.get("/my").text
    page = auth("petugas").get("/ageing").text
    assert "Akan diambil perajin" in page and f"/hand-backs/new?item={lamp.id}" in page


def test_what_was_answered_is_not_answered_again(app: Flask, auth: Auth) -> None:
    [lamp] = receive(line("Lampu"))
    old(lamp)
    ageing.answer([lamp.id], Answer("asked", ""), user("petugas"), request_id())
    say("collect", lamp)
    with pytest.raises(Refusal, match="sudah dijawab"):
        say("extend", lamp, until=in_days(30))
    form = {"item": str(lamp.id), "answer": "collect", "request_id": request_id()}
    late = auth("perajin").post("/my/questions", data=form)
    assert (late.status_code, "sudah dijawab" in late.text) == (422, True)
    rollback()
    begin_write().execute(update(AgeingAnswer).values(at=now() - timedelta(days=15)))
    commit()
    assert say("extend", lamp, until=in_days(30)) == 1


def test_only_what_is_asked_and_only_their_own(app: Flask, auth: Auth) -> None:
    fresh, gone = receive(line("Lampu"), line("Kursi"))
    [foreign] = receive(line("Rak"), crafter="Slamet")
    old(gone, foreign)
    with pytest.raises(Refusal, match="sudah dijawab"):
        say("collect", fresh)
    with pytest.raises(NotHere):
        say("collect", gone, foreign)
    with pytest.raises(Refusal, match="sudah dijawab"):
        say("asked", gone)
    sell(open_till(), gone.code)
    with pytest.raises(Refusal, match="sudah tidak ada di rak"):
        say("collect", gone)
    assert rows("ageing_answer") == []
    client = auth("perajin")
    assert "Rak" not in client.get(f"/my/questions?item={foreign.id}&answer=collect").text.partition("<main")[2]
    assert "Tidak ada pertanyaan" in client.get("/my/questions").text


@pytest.mark.parametrize(
    ("form", "sentence"),
    [
        ({"answer": "extend", "months": "60"}, "1, 3 atau 6 bulan"), ({"answer": "extend"}, "1, 3 atau 6 bulan"),
        ({"answer": "nanti"}, "Pilih jawabannya"), ({"answer": "mark_down", "price-1": "0"}, "Isi harga baru di bawah"),
        ({"answer": "collect", "item": ""}, "Pilih dulu barangnya"),
    ],
)  # fmt: skip
def test_what_makes_no_sense_is_refused(app: Flask, auth: Auth, form: dict[str, str], sentence: str) -> None:
    [lamp] = receive(line("Lampu"))
    old(lamp)
    answer = auth("perajin").post("/my/questions", data={"item": str(lamp.id), "request_id": request_id()} | form)
    assert (answer.status_code, sentence in answer.text, rows("ageing_answer")) == (422, True, [])


def test_nothing_ticked(app: Flask, auth: Auth) -> None:
    old(*receive(line("Lampu")))
    page = auth("perajin").get("/my/questions?answer=extend").text
    assert "Centang dulu barangnya" in page and "Titip lebih lama" in page


def test_months_end_on_their_last_day() -> None:
    assert months_later(date(2026, 8, 31), 6).isoformat() == "2027-02-28"
    assert months_later(date(2026, 12, 1), 1).isoformat() == "2027-01-01"
