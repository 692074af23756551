"""The list of goods: narrowed by every filter, in words where one makes no sense, each page once."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import update

from showroom_app.extensions import begin_write, commit, now, reading
from showroom_app.stock import items
from showroom_app.stock.hand_back import Pieces, hand_back
from showroom_app.stock.models import Item
from showroom_app.stock.write_off import Harm, write_off
from tests.builders import crafter_id, line, open_till, receive, request_id, user
from tests.conftest import Auth
from tests.rules import sell


@pytest.fixture
def goods(app: Flask) -> dict[str, str]:
    """One of everything, by what became of it: their codes."""
    names = ("shelf", "sold", "returned", "damaged", "lost")
    made = receive(*(line(name, f"{number}0.000") for number, name in enumerate(names, 1)))
    sell(open_till(), made[1].code)
    hand_back([Pieces(made[2].id, 1)], user("petugas"), request_id())
    for item, kind in ((made[3], "damaged"), (made[4], "lost")):
        write_off(Harm(item.id, kind, 1, "x"), user("pengelola"), request_id())
    [other] = receive(line("Kursi besar", "900.000", category="Kursi"), crafter="Slamet")
    values = {"received_at": now() - timedelta(days=100)}
    begin_write().execute(update(Item).where(Item.id == other.id).values(values))
    commit()
    return dict(zip(names, (item.code for item in made), strict=True)) | {"chair": other.code}


def listed(auth: Auth, query: str, goods: dict[str, str]) -> set[str]:
    page = auth("petugas").get(f"/items?{query}")
    assert page.status_code == 200
    return {name for name, code in goods.items() if f">{code}<" in page.text}


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", {"shelf", "sold", "returned", "damaged", "lost", "chair"}),
        ("state=shelf", {"shelf", "chair"}),
        ("state=sold", {"sold"}), ("state=returned", {"returned"}), ("state=damaged", {"damaged"}),
        ("state=lost", {"lost"}), ("category=Kursi", {"chair"}),
        ("price_from=40.000&price_to=50.000", {"damaged", "lost"}),
        ("price_from=Rp 900.000,-", {"chair"}), ("days=90", {"chair"}), ("days=90&state=sold", set()),
        ("q=slamet", {"chair"}), ("q=kursi&state=shelf", {"chair"}), ("q=kursi slamet", {"chair"}),
        ("q=riyadi besar kursi", {"chair"}), ("q=kursi tutik", set()),
    ],
)  # fmt: skip
def test_narrowed(auth: Auth, goods: dict[str, str], query: str, found: set[str]) -> None:
    assert listed(auth, query, goods) == found


@pytest.mark.parametrize("query", ["state=away", "category=Meja", "q=zzz", "price_from=9.000.000"])
def test_filters_that_leave_nothing_say_so(auth: Auth, goods: dict[str, str], query: str) -> None:
    page = auth("petugas").get(f"/items?{query}").text
    assert ("Tidak ada yang cocok" in page, "Rak masih kosong" in page) == (True, False)


def test_of_a_lot_what_is_damaged_is_called_so_and_can_be_lost(auth: Auth, app: Flask) -> None:
    [rings] = receive(line("Gantungan", "12.000", "2", per_piece="lot"))
    write_off(Harm(rings.id, "damaged", 1, "patah"), user("pengelola"), request_id())
    sell(open_till(), rings.code)
    assert ">Rusak<" in auth("petugas").get("/items?state=damaged").text.partition('id="items"')[2]
    assert f'href="/items/{rings.id}/write-off"' in auth("pengelola").get(f"/q/{rings.code}").text


def test_by_crafter(auth: Auth, goods: dict[str, str]) -> None:
    assert listed(auth, f"crafter={crafter_id('Slamet')}", goods) == {"chair"}


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ("state=apa", "Pilih dari daftarnya"),
        ("category=Mobil", "Pilih dari daftarnya"),
        ("crafter=x", "Pilih dari daftarnya"),
        ("price_from=mahal", "Isi harga"),
        ("days=lama", "Isi hari"),
        ("price_from=2&price_to=1", "tidak boleh di bawah"),
    ],
)
def test_what_makes_no_sense_gets_a_sentence(auth: Auth, goods: dict[str, str], query: str, sentence: str) -> None:
    page = auth("petugas").get(f"/items?{query}")
    assert (page.status_code, sentence in page.text) == (422, True)


def test_each_page_once_with_its_filters(auth: Auth, goods: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(items, "PAGE", 1)
    client, url, seen = auth("petugas"), "/items?price_to=50.000", []
    while url:
        page = client.get(url).text
        seen += [name for name, code in goods.items() if f">{code}<" in page]
        url = page.partition('class="more"><a class="button" href="')[2].partition('"')[0].replace("&amp;", "&")
    assert seen == ["lost", "damaged", "returned", "sold", "shelf"]


def test_joint_work_is_found_by_each_of_its_makers(auth: Auth, app: Flask) -> None:
    alone, together = receive(line("Bangku A"), line("Meja B", joint="1", partner_1="Slamet Riyadi", part_1="40"))
    goods, slamet = {"alone": alone.code, "together": together.code}, crafter_id("Slamet")
    for query in ("q=slamet", f"crafter={slamet}", f"q=meja&crafter={slamet}", f"crafter={slamet}&state=shelf"):
        assert listed(auth, query, goods) == {"together"}, query
    assert listed(auth, "q=tutik", goods) == {"alone", "together"}
    client, both = auth("petugas"), "Tutik Handayani, Slamet Riyadi"
    for path in ("/items", "/find", "/products"):
        page = client.get(f"{path}?q=slamet").text
        assert (both in page, "Meja B" in page, "Bangku A" in page) == (True, True, False), path
    found = items.suggestions(reading(), user("petugas").showroom_id, "slamet")
    assert [row.code for row in found] == [together.code], "at the till too"


def test_what_is_left_of_a_torn_code_finds_its_piece(auth: Auth, goods: dict[str, str]) -> None:
    client = auth("petugas")
    for torn in (goods["shelf"][2:], goods["shelf"][1:6].lower()):
        assert goods["shelf"] in client.get(f"/find?q={torn}").text
        assert listed(auth, f"q={torn}", goods) == {"shelf"}
        assert listed(auth, f"q={torn}&state=sold", goods) == set()


def test_what_is_elsewhere_or_gone_has_a_way_on(auth: Auth, goods: dict[str, str]) -> None:
    page = auth("petugas").get(f"/find?q={goods['sold'][:5]}").text
    assert "Tidak ada yang cocok di rak" in page
    assert f'href="/items?q={goods["sold"][:5]}"' in page


def test_one_search_for_everything(auth: Auth, goods: dict[str, str]) -> None:
    client = auth("petugas")
    assert client.get(f"/find?q={goods['chair'].lower()}").location.lower() == f"/q/{goods['chair']}".lower()
    assert (
        client.get(f"/find?q=https://galeri.contoh.id/q/{goods['sold']}").location.lower()
        == f"/q/{goods['sold']}".lower()
    )
    page = client.get("/find?q=slamet").text
    for shown in ("Kursi besar", "Slamet Riyadi", "crafter="):
        assert shown in page
    assert "Tidak ada yang cocok" in client.get("/find?q=zzzz").text
    assert "Tidak ada yang cocok" in client.get("/find?q=7K3QXM2F").text
    assert client.get("/find").status_code == 200
    assert "Kursi besar" in auth("pengamat").get("/find?q=kursi").text
