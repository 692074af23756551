"""A piece as visitors see it: in every state, in both languages, each maker as far as they agreed, and nothing more."""

import json
import re
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import insert, update

from showroom_app.extensions import begin_write, commit, now, rollback
from showroom_app.lib.typed import Typed
from showroom_app.people import consent, face
from showroom_app.people.models import Crafter, Showroom
from showroom_app.stock import products, write_off
from showroom_app.stock.hand_back import Pieces, hand_back
from showroom_app.stock.life_models import Photo
from showroom_app.stock.models import Product
from tests.builders import crafter_id, exhibition, line, open_till, receive, request_id, show, user
from tests.conftest import Auth

ENGLISH = {"Accept-Language": "en-GB,en;q=0.9,id;q=0.5"}
PHOTO = "a" * 32


def agree(name: str, *parts: str) -> int:
    """A crafter's consent. Returns the crafter."""
    consent.give(crafter_id(name), parts or consent.PARTS, user("pengelola"), request_id())
    return crafter_id(name)


def tell(name: str, story: str = "Sejak 1998.") -> None:
    """A face and a story for a crafter."""
    typed = Typed(story=story, story_en="Since 1998.")
    face.save_profile(crafter_id(name), typed, PHOTO, user("pengelola"), request_id())


def described(page: str) -> dict[str, Any]:
    """What the page tells machines."""
    found = re.search(r'<script type="application/ld\+json">(.*?)</script>', page, re.S)
    assert found
    return dict(json.loads(found[1]))


@pytest.mark.parametrize("parts", [(), ("name",), ("face",), ("story",), ("name", "face"), consent.PARTS])
def test_each_part_shows_only_with_consent(app: Flask, client: FlaskClient, parts: tuple[str, ...]) -> None:
    [lamp] = receive()
    tell("Tutik")
    if parts:
        agree("Tutik", *parts)
    for path in (f"/q/{lamp.code}", f"/catalogue/{lamp.product_id}"):
        page = client.get(path).text
        assert ("Tutik" in page) is ("name" in parts), path
        assert ("Anyaman Tutik" in page) is ("name" in parts), path
        assert (f"/faces/{crafter_id('Tutik')}/{PHOTO}" in page) is ("face" in parts), path
        assert ("Sejak 1998" in page) is ("story" in parts), path
        assert ("erajin Balearjosari" in page) is ("name" not in parts), path
        assert ("manufacturer" in described(page)) is ("name" in parts), path
    assert ("Tutik" in client.get("/catalogue").text) is ("name" in parts)
    assert client.get(f"/makers/{crafter_id('Tutik')}").status_code == (200 if "name" in parts else 404)
    assert ("/makers/" in client.get("/sitemap.xml").text) is ("name" in parts)


def test_withdrawn_it_is_gone_at_once(app: Flask, client: FlaskClient) -> None:
    [lamp] = receive()
    tutik = agree("Tutik")
    for path in (f"/q/{lamp.code}", f"/catalogue/{lamp.product_id}", "/catalogue"):
        before = client.get(path)
        assert client.get(path, headers={"If-None-Match": before.headers["ETag"]}).status_code == 304
        consent.withdraw(tutik, user("perajin"), request_id())
        after = client.get(path, headers={"If-None-Match": before.headers["ETag"]})
        assert (after.status_code, "Tutik" in after.text) == (200, False), path
        agree("Tutik")
    consent.withdraw(tutik, user("perajin"), request_id())
    assert client.get(f"/makers/{tutik}").status_code == 404


def test_of_joint_work_each_maker_speaks_for_themselves(app: Flask, client: FlaskClient) -> None:
    [lamp] = receive(line(joint="1", partner_1="Slamet Riyadi", part_1="40"))
    for path in (f"/q/{lamp.code}", f"/catalogue/{lamp.product_id}"):
        assert "oleh perajin Balearjosari<" in client.get(path).text
    agree("Slamet", "name")
    for path in (f"/q/{lamp.code}", f"/catalogue/{lamp.product_id}"):
        page = client.get(path).text
        assert "oleh Slamet Riyadi, perajin Balearjosari<" in page
        assert "Tutik" not in page
        assert [one["name"] for one in described(page)["manufacturer"]] == ["Slamet Riyadi"]
        assert "40%" not in page
        assert "60%" not in page
    agree("Tutik", "name")
    assert "oleh Tutik Handayani, Slamet Riyadi<" in client.get(f"/q/{lamp.code}").text


def test_every_state_in_words(app: Flask, client: FlaskClient) -> None:
    there, sold, back, lost, away = receive(line(quantity="5"))
    till = open_till()
    till.scan(sold.code)
    till.pay()
    hand_back([Pieces(back.id, 1)], user("petugas"), request_id())
    write_off.write_off(write_off.Harm(lost.id, "lost", 1, "hilang"), user("pengelola"), request_id())
    show(exhibition(), away)
    rollback()
    words = {
        there.code: "Masih ada di galeri", sold.code: "Sudah terjual", back.code: "Sudah tidak ada",
        lost.code: "Sudah tidak ada", away.code: "Sedang di Pameran Kriya",
    }  # fmt: skip
    for code, said in words.items():
        page = client.get(f"/q/{code}").text
        assert said in page
        assert "ilang" not in page
        there_or_not = "InStock" if code in (there.code, away.code) else "SoldOut"
        assert described(page)["offers"]["availability"].endswith(there_or_not)


def test_nothing_else_is_told(app: Flask, client: FlaskClient) -> None:
    rings, other = receive(line("Gantungan", "12.000", "193", per_piece="lot"), line("Gantungan lain", "15.000"))
    agree("Tutik")
    for path in (f"/q/{rings.code}", f"/catalogue/{rings.product_id}", "/catalogue", f"/makers/{crafter_id('Tutik')}"):
        page = client.get(path).text
        assert not re.search(r"\b193\b", page), path  # a code or an address may have it within
        for hidden in (other.code, "15%", "Rp10.200", "omisi", "keranjang", "Riwayat", "0812 0000 1001"):
            assert hidden not in page, (path, hidden)
    assert rings.code not in client.get(f"/catalogue/{rings.product_id}").text


def test_english_by_the_browser_and_a_choice_that_wins(app: Flask, client: FlaskClient, auth: Auth) -> None:
    [lamp] = receive()
    words = Typed(
        name="Lampu gantung", category="Lampu gantung", name_en="Pendant lamp", material="rotan", material_en="rattan"
    )
    products.save_product(lamp.product_id, words, user("petugas"), request_id())
    path = f"/q/{lamp.code}"
    plain, english = client.get(path), client.get(path, headers=ENGLISH)
    assert ('lang="id"' in plain.text, "Pendant lamp" in plain.text) == (True, False)
    for told in ('lang="en"', "Pendant lamp", "rattan", 'content="en_US"'):
        assert told in english.text
    assert "Accept-Language" in english.headers["Vary"]
    for asked, language in (
        ("de", "en"),
        ("in-ID,en;q=0.8", "id"),
        ("jv,en", "id"),
        ("*", "id"),
        ("fr,id;q=0.2", "id"),
    ):
        assert f'lang="{language}"' in client.get(path, headers={"Accept-Language": asked}).text, asked
    chosen = client.post(
        "/catalogue/language", data={"language": "id", "next": path}, headers={"Origin": "http://localhost"}
    )
    assert (chosen.status_code, chosen.location) == (303, path)
    assert 'lang="id"' in client.get(path, headers=ENGLISH).text
    # Staff read Indonesian whatever their phone is set to.
    assert 'lang="id"' in auth("petugas").get(path, headers=ENGLISH).text
    assert 'lang="id"' in app.test_client().get("/sign-in", headers=ENGLISH).text


@pytest.mark.parametrize("headers", [{}, {"Origin": "http://evil.example"}, {"Origin": "http://["}, {"Origin": "null"}])
def test_a_choice_comes_from_a_page_of_ours(client: FlaskClient, headers: dict[str, str]) -> None:
    answer = client.post("/catalogue/language", data={"language": "en"}, headers=headers)
    assert (answer.status_code, "Muat ulang halaman" in answer.text) == (400, True)


def test_a_shared_link_says_what_it_is(app: Flask, client: FlaskClient) -> None:
    [lamp] = receive()
    agree("Tutik", "name")
    begin_write().execute(update(Showroom).where(Showroom.id == 1).values(public_host="galeri.contoh.id"))
    commit()
    page = client.get(f"/Q/{lamp.code.lower()}").text
    address = f"https://galeri.contoh.id/q/{lamp.code}"
    assert f'<link rel="canonical" href="{address}">' in page
    for name, content in (("og:title", "Lampu gantung"), ("og:url", address), ("product:price:amount", "275000")):
        assert f'<meta property="{name}" content="{content}">' in page
    assert f'data-share="{address}"' in page
    assert "oleh Tutik Handayani · Rp275.000 · Masih ada di galeri" in page
    told = described(page)
    assert (told["@type"], told["url"], told["offers"]["price"]) == ("Product", address, 275_000)
    assert told["offers"]["priceCurrency"] == "IDR"


def test_hostile_words_stay_words_in_what_machines_read(app: Flask, client: FlaskClient) -> None:
    hostile = '</script><script>alert(1)</script> "x" <!-- & \u2028'
    [lamp] = receive(line(name=hostile))
    agree("Tutik")
    begin_write().execute(update(Crafter).values(name=hostile, story=hostile))
    commit()
    page = client.get(f"/q/{lamp.code}").text
    assert "<script>alert" not in page
    told = described(page)
    assert told["name"].startswith("</script><script>alert(1)")
    assert told["manufacturer"][0]["name"] == hostile
    assert page.count("<script") == 3, "the data, plain style sheets for old browsers, and the page's own module"


def test_similar_pieces_without_their_codes(app: Flask, client: FlaskClient) -> None:
    lamp, second, chair = receive(line("Lampu A"), line("Lampu B"), line("Kursi", category="Kursi"))
    [other] = receive(line("Lampu C"), crafter="Slamet")
    page = client.get(f"/q/{lamp.code}").text.partition("Yang mirip")[2]
    for shown, said in (("Lampu B", True), ("Lampu C", True), ("Kursi", False)):
        assert (f">{shown}<" in page) is said, "without consent nobody learns what else they made"
    agree("Tutik", "name")
    page = client.get(f"/q/{lamp.code}").text.partition("Yang mirip")[2]
    for shown in ("Lampu B", "Kursi", "Lampu C"):
        assert f">{shown}<" in page
    for one in (second, chair, other):
        assert one.code not in page
    assert ">Lampu A<" not in page


def test_photos_of_similar_pieces_wait_until_they_are_looked_at(app: Flask, client: FlaskClient) -> None:
    """With the page come their drawings: its first load is its own photo's."""
    lamp, second = receive(line("Lampu A"), line("Lampu B"))
    name = "5" * 32
    conn = begin_write()
    photo = {"product_id": second.product_id, "position": 1, "name": name, "width": 1, "height": 1}
    conn.execute(insert(Photo), photo | {"at": now(), "user_id": user("petugas").id})
    conn.execute(update(Product).where(Product.id == second.product_id).values(photo=name))
    commit()
    similar = client.get(f"/q/{lamp.code}").text.partition("Yang mirip")[2]
    assert f'data-photo="/photos/{name}-s.webp"' in similar
    assert f'src="/photos/{name}' not in similar
    assert 'src="/static/art/goods/' in similar
    assert f'src="/photos/{name}-s.webp"' in client.get("/catalogue").text


def test_staff_and_makers_see_what_they_always_saw(app: Flask, auth: Auth) -> None:
    [lamp] = receive()
    for who, said in (("petugas", "Perajin terima"), ("perajin", "Anda terima"), ("pengamat", "Tutik Handayani")):
        answer = auth(who).get(f"/q/{lamp.code}")
        assert said in answer.text, who
        assert answer.headers["Cache-Control"] == "no-store", who
    assert "Tutik" not in auth("tetangga").get(f"/q/{lamp.code}").text
