"""Another price or other terms: from then on, for what is on the shelf, with what was before."""

from datetime import date, timedelta
from threading import Barrier, Thread

import pytest
from flask import Flask

from showroom_app.extensions import now, rollback
from showroom_app.lib.clock import jakarta_date
from showroom_app.lib.money import Terms
from showroom_app.lib.refusal import NotHere, Refusal
from showroom_app.people.crafters import owed
from showroom_app.stock import item_change
from showroom_app.stock.item_change import Agreed, Why, change
from tests.builders import crafter_id, current_basket, line, open_till, receive, request_id, user
from tests.conftest import Auth
from tests.rules import activities, rows, sell, words


def why(asked_by: str = "crafter", reason: str = "lama di rak", day: date | None = None) -> Why:
    return Why(asked_by, day or jakarta_date(now()), reason)


def to(agreed: Agreed, *ids: int, by: str = "pengelola", **more: str) -> int:
    return change(ids, agreed, why(**more), user(by), request_id())


def test_from_then_on_and_what_was_sold_stays(app: Flask) -> None:
    lamp, second = receive(line(price="100.000", quantity="2"))
    till = open_till()
    sell(till, lamp.code)
    assert to(Agreed(price=80_000), second.id) == 1
    till.basket_id = current_basket(till.who)
    sell(till, second.code)
    assert [(row.price, row.crafter_share) for row in rows("sale_line")] == [(100_000, 85_000), (80_000, 68_000)]
    [kept] = rows("item_change")
    assert (kept.old_price, kept.price, kept.asked_by, kept.reason) == (100_000, 80_000, "crafter", "lama di rak")
    [noted] = activities("terms")
    assert (noted.before, noted.after) == ('{"price": 100000}', '{"price": 80000}')


def test_a_new_price_asks_for_a_new_label(app: Flask) -> None:
    [lamp] = receive(line(price="100.000"))
    rollback()
    to(Agreed(lowest_price=90_000), lamp.id)
    before = rows("item")[0].labels_due
    to(Agreed(price=95_000), lamp.id)
    assert (bool(before), bool(rows("item")[0].labels_due)) == (True, True)


def test_many_at_once_by_percent(app: Flask) -> None:
    items = receive(line(price="100.000", quantity="3"), line("Kursi", "55.555", lowest_price="55.000"))
    assert to(Agreed(off_bps=1000), *(item.id for item in items)) == 4
    assert [(row.price, row.lowest_price) for row in rows("item")] == [(90_000, None)] * 3 + [(49_999, 49_999)]


def test_other_terms(app: Flask) -> None:
    [lamp] = receive(line(price="100.000"))
    to(Agreed(terms=Terms("net_price", net_price=70_000)), lamp.id)
    sell(open_till(), lamp.code)
    assert owed(crafter_id("Tutik")) == 70_000


@pytest.mark.parametrize(
    ("agreed", "more", "sentence"),
    [
        (Agreed(), {}, "Isi apa yang berubah"),
        (Agreed(price=0), {}, "antara Rp1"),
        (Agreed(price=10**12), {}, "antara Rp1"),
        (Agreed(price=100_000), {}, "Tidak ada yang berubah"),
        (Agreed(terms=Terms("net_price", net_price=100_001)), {}, "di atas harga setor"),
        (Agreed(lowest_price=100_001), {}, "tidak boleh di atas harga jual"),
        (Agreed(price=90_000), {"reason": ""}, "Tulis alasannya"),
        (Agreed(price=90_000), {"asked_by": "tetangga"}, "siapa yang meminta"),
        (Agreed(price=90_000), {"by": "petugas"}, "hanya diubah pengelola"),
    ],
)
def test_what_makes_no_sense_is_refused(app: Flask, agreed: Agreed, more: dict[str, str], sentence: str) -> None:
    [lamp] = receive(line(price="100.000"))
    with pytest.raises(Refusal, match=sentence):
        to(agreed, lamp.id, **more)
    assert rows("item_change") == []


def test_goods_that_are_gone_days_to_come_and_strangers(app: Flask) -> None:
    lamp, second = receive(line(price="100.000", quantity="2"))
    sell(open_till(), lamp.code)
    with pytest.raises(Refusal, match="sudah tidak ada di rak"):
        to(Agreed(price=90_000), lamp.id)
    with pytest.raises(Refusal, match="belum tiba"):
        change([second.id], Agreed(price=1), why(day=jakarta_date(now()) + timedelta(days=2)), user("pengelola"), "a")
    with pytest.raises(NotHere):
        to(Agreed(price=90_000), second.id, by="tetangga")


def test_pressed_twice_it_is_one_change(app: Flask) -> None:
    [lamp] = receive(line(price="100.000"))
    key = request_id()
    for _press in range(2):
        assert change([lamp.id], Agreed(price=90_000), why(), user("pengelola"), key) == 1
    assert len(rows("item_change")) == 1


def test_a_basket_shown_before_is_refused_and_told_the_new_total(app: Flask) -> None:
    [lamp] = receive(line(price="100.000"))
    till = open_till()
    till.scan(lamp.code)
    rollback()
    seen = till.total
    to(Agreed(price=90_000), lamp.id)
    assert seen == 100_000
    with pytest.raises(Refusal, match=r"sekarang Rp90\.000"):
        sell_as_seen(till, seen)


def sell_as_seen(till: object, total: int) -> None:
    from showroom_app.sales import checkout
    from showroom_app.sales.checkout import Tendered

    checkout.complete(
        till.basket_id,
        (Tendered("cash", total),),
        till.who,
        request_id(),
        version=till.version,
        total=total,  # type: ignore[attr-defined]
    )


def test_a_sale_and_a_change_at_once_are_one_after_the_other(app: Flask) -> None:
    """Whichever comes first, the line bears the terms of its moment, and the books say so (checked after the test)."""
    items = receive(line(price="100.000", quantity="6"))
    till = open_till()
    for item in items:
        till.basket_id = current_basket(till.who)
        till.scan(item.code)
        rollback()
        barrier = Barrier(2)

        def alter(item_id: int = item.id, barrier: Barrier = barrier) -> None:
            with app.app_context():
                barrier.wait()
                try:
                    to(Agreed(terms=Terms("commission", commission_bps=2000)), item_id)
                except Refusal:
                    rollback()

        thread = Thread(target=alter)
        thread.start()
        barrier.wait()
        sell(till)
        thread.join()


def test_on_the_screen(app: Flask, auth: Auth) -> None:
    lamp, second = receive(line(price="100.000", quantity="2"))
    client = auth("pengelola")
    assert "2 label" in words(client.get(f"/terms?item={lamp.id}&item={second.id}").text)
    assert "2 label" in words(client.get("/terms?product=1").text)
    typed = {
        "item": [str(lamp.id), str(second.id)], "way": "price", "price": "sembilan", "asked_by": "crafter",
        "agreed_on": jakarta_date(now()).isoformat(), "reason": "lama", "request_id": request_id(),
    }  # fmt: skip
    refused = client.post("/terms", data=typed)
    assert (refused.status_code, 'value="sembilan"' in refused.text) == (422, True)
    done = client.post("/terms", data=typed | {"price": "90.000", "request_id": request_id()})
    assert done.status_code == 303
    page = words(client.get(f"/q/{lamp.code}").text)
    assert "Harga Rp100.000 menjadi Rp90.000" in page
    assert "diminta perajin" in page
    assert client.get("/terms?item=999").status_code == 404
    assert client.get("/terms?item=x").status_code == 404


def test_all_of_a_crafter_at_once(app: Flask, auth: Auth, monkeypatch: pytest.MonkeyPatch) -> None:
    lamp, chair, sold = receive(line("Lampu", "100.000"), line("Kursi", "200.000"), line("Meja"))
    [theirs] = receive(line("Tas", "50.000"), crafter="Slamet")
    sell(open_till(), sold.code)
    client = auth("pengelola")
    assert "/terms?crafter=1" in client.get("/crafters/1").text
    page = client.get("/terms?crafter=1")
    assert "2 label" in words(page.text)
    assert theirs.code not in page.text
    monkeypatch.setattr(item_change, "ITEMS_MAX", 1)
    typed = {
        "item": [str(lamp.id), str(chair.id)], "way": "percent", "percent": "10", "asked_by": "crafter",
        "agreed_on": jakarta_date(now()).isoformat(), "reason": "lama", "request_id": request_id(),
    }  # fmt: skip
    told = client.get("/terms?crafter=1", follow_redirects=True)
    assert (told.request.path, "lebih dari 1 label" in told.text) == ("/crafters/1", True), "before anything is typed"
    refused = client.post("/terms", data=typed)
    assert (refused.status_code, "Pilih dulu barangnya" in refused.text) == (422, True), "too many are not cut"
    monkeypatch.undo()
    assert client.post("/terms", data=typed | {"request_id": request_id()}).status_code == 303
    assert [row.price for row in rows("item")] == [90_000, 180_000, sold.price, 50_000]


def test_a_crafter_without_goods_or_of_another_showroom(app: Flask, auth: Auth) -> None:
    receive()
    none = auth("pengelola").get("/terms?crafter=2", follow_redirects=True)
    assert "Perajin ini tidak punya barang di rak." in none.text
    assert auth("tetangga").get("/terms?crafter=1", follow_redirects=True).status_code == 404
