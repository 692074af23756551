"""Goods that stand long: their crafters are asked, what they answer is kept, nothing is forfeited by itself."""

from datetime import date, timedelta
from typing import Any
from urllib.parse import unquote

import pytest
from flask import Flask
from sqlalchemy import select, update

from showroom_app.extensions import begin_write, commit, now, rollback
from showroom_app.lib.clock import jakarta_date, months_later
from showroom_app.lib.refusal import NotHere, Refusal
from showroom_app.lib.typed import Typed
from showroom_app.people import crafters
from showroom_app.stock import ageing, item_change
from showroom_app.stock.ageing import Answer
from showroom_app.stock.item_change import Agreed, Why
from showroom_app.stock.models import Consignment, ConsignmentLine, Item
from tests.builders import crafter_id, line, open_till, receive, request_id, user
from tests.conftest import Auth
from tests.rules import rows, rules, sell, words


def in_days(days: int) -> date:
    """The day it is in the shop so many days from now."""
    return jakarta_date(now()) + timedelta(days=days)


def came(item: Item, days: int, until: date | None = None) -> None:
    """Let an item have come in so many days ago, its note with an agreed end."""
    values = {"received_at": now() - timedelta(days=days), "agreed_until": until.isoformat() if until else ""}
    conn = begin_write()
    conn.execute(update(Item).where(Item.id == item.id).values(values))
    note = select(ConsignmentLine.consignment_id).where(ConsignmentLine.id == item.line_id).scalar_subquery()
    conn.execute(update(Consignment).where(Consignment.id == note).values(agreed_until=values["agreed_until"]))
    commit()


def asked() -> list[int]:
    rollback()
    return [row["id"] for row in ageing.to_ask(1)]


def say(answer: str, *items: Item, by: str = "Bu Tutik", until: date | None = None, who: str = "petugas") -> int:
    return ageing.answer([item.id for item in items], Answer(answer, by, until), user(who), request_id())


def test_who_is_to_be_asked(app: Flask) -> None:
    goods = [receive(line(name))[0] for name in ("Lampu", "Kursi", "Meja", "Rak", "Tas")]
    old, fresh, ending, agreed, gone = goods
    came(old, 91)
    came(fresh, 89)
    came(ending, 10, in_days(14))
    came(agreed, 200, in_days(60))
    came(gone, 200)
    sell(open_till(), gone.code)
    assert asked() == [old.id, ending.id]
    rules(ageing_days=30)
    assert asked() == [old.id, fresh.id, ending.id]


def test_what_was_extended_waits_for_its_new_end(app: Flask) -> None:
    [lamp] = receive(line("Lampu"))
    came(lamp, 100)
    assert say("extend", lamp, until=in_days(60)) == 1
    assert asked() == []
    assert rows("item")[0].agreed_until == in_days(60).isoformat()


def test_three_years_to_the_day_are_not_too_long(app: Flask) -> None:
    [lamp] = receive(line("Lampu"))
    assert say("extend", lamp, until=months_later(in_days(0), 36)) == 1


def test_what_will_be_collected_is_asked_again_after_two_weeks(app: Flask) -> None:
    [lamp] = receive(line("Lampu"))
    came(lamp, 100)
    ageing.answer([lamp.id], Answer("collect", "Pak Slamet"), user("petugas"), request_id())
    assert asked() == []
    from showroom_app.stock.life_models import AgeingAnswer

    begin_write().execute(update(AgeingAnswer).values(at=now() - timedelta(days=15)))
    commit()
    assert asked() == [lamp.id]


def test_a_wish_for_another_price_stays_until_it_has_one(app: Flask) -> None:
    [lamp] = receive(line("Lampu", "275.000"))
    came(lamp, 100)
    say("mark_down", lamp)
    assert asked() == [lamp.id], "somebody still has to change it"
    for other in (Agreed(price=300_000), Agreed(lowest_price=200_000)):
        item_change.change([lamp.id], other, Why("crafter", in_days(0), "x"), user("pengelola"), request_id())
        assert asked() == [lamp.id], "not what was asked for"
    item_change.change(
        [lamp.id], Agreed(price=250_000), Why("crafter", in_days(0), "lama"), user("pengelola"), request_id()
    )
    assert asked() == []


@pytest.mark.parametrize(
    ("answer", "more", "sentence"),
    [
        ("nanti", {}, "Pilih jawabannya"), ("extend", {}, "sampai kapan"),
        ("extend", {"until": 0}, "sesudah hari ini"),
        ("extend", {"until": 3 * 365 + 2}, "tiga tahun"),
        ("collect", {"by": ""}, "siapa yang menjawab"), ("collect", {"by": "x" * 81}, "Terlalu panjang"),
    ],
)  # fmt: skip
def test_what_makes_no_sense_is_refused(app: Flask, answer: str, more: dict[str, Any], sentence: str) -> None:
    [lamp] = receive(line("Lampu"))
    if "until" in more:
        more = {"until": in_days(more["until"])}
    with pytest.raises(Refusal, match=sentence):
        say(answer, lamp, **more)
    assert rows("ageing_answer") == []


def test_goods_that_are_gone_nothing_chosen_and_strangers(app: Flask) -> None:
    lamp, chair = receive(line("Lampu"), line("Kursi"))
    sell(open_till(), lamp.code)
    with pytest.raises(Refusal, match="sudah tidak ada di rak"):
        say("asked", lamp, chair)
    with pytest.raises(Refusal, match="Pilih dulu barangnya"):
        say("asked")
    with pytest.raises(NotHere):
        say("asked", chair, who="petugas-tetangga")


def test_the_question_by_whatsapp_and_the_answer_on_the_screen(app: Flask, auth: Auth) -> None:
    typed = Typed(name="Tutik Handayani", commission_percent="15", active="1", phone="0812 3456 7890")
    crafters.save_crafter(typed, user("pengelola"), request_id(), 1)
    [lamp], [chair] = receive(line("Lampu", "275.000")), receive(line("Kursi"))
    came(lamp, 120)
    came(chair, 95, in_days(3))
    client = auth("petugas")
    for language in ("en", "id"):  # the clerk's own; the message is for the crafter
        client.post("/language", data={"language": language, "next": "/ageing"})
        assert "Halo%20Tutik" in client.get("/ageing").text, language
    page = client.get("/ageing").text
    link = unquote(page.partition('href="https://wa.me/')[2].partition('"')[0])
    assert link.startswith("6281234567890?text=Halo Tutik Handayani")
    for told in (lamp.code, "Rp275.000", "120 hari", "diperpanjang, diturunkan harganya, atau diambil"):
        assert told in link
    form = {"crafter": "1", "item": [str(lamp.id)], "answer": "extend", "by": "Bu Tutik", "request_id": request_id()}
    refused = client.post("/ageing", data=form | {"until": "besok"})
    assert (refused.status_code, "Tanggal ini belum terbaca" in refused.text) == (422, True)
    until = in_days(90).isoformat()
    assert client.post("/ageing", data=form | {"until": until, "request_id": request_id()}).location == "/ageing"
    assert "Diperpanjang" in words(client.get(f"/q/{lamp.code}").text)
    form |= {"item": [str(chair.id)], "request_id": request_id()}
    assert client.post("/ageing", data=form | {"answer": "collect"}).location == f"/hand-backs/new?item={chair.id}"
    lower = form | {"answer": "mark_down", "request_id": request_id()}
    assert auth("pengelola").post("/ageing", data=lower).location == f"/terms?item={chair.id}"


def test_an_answer_about_what_is_gone_says_so(app: Flask, auth: Auth) -> None:
    lamp, other = receive(line("Lampu"), line("Kursi"))
    came(lamp, 120)
    sell(open_till(), lamp.code)
    client, form = auth("petugas"), {"crafter": "1", "answer": "asked", "by": "Bu Tutik", "request_id": request_id()}
    page = client.post("/ageing", data=form | {"item": [str(lamp.id)]})
    assert (page.status_code, 'role="alert"' in page.text) == (422, True)
    assert "Tidak ada yang perlu ditanyakan" in page.text
    came(other, 120)
    page_after = f"/ageing?after={crafter_id('Slamet')}"
    assert f'action="{page_after}"' in client.get(page_after).text
