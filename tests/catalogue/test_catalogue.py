"""The public catalogue: what is there, narrowed and paged; kept by browsers, without a cookie; and switched off."""

import re
from xml.etree import ElementTree

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from showroom_app.catalogue import shelf
from showroom_app.extensions import reading
from showroom_app.lib.typed import Typed
from showroom_app.people import consent, showrooms
from showroom_app.stock import products
from showroom_app.stock.models import Product
from tests.builders import crafter_id, exhibition, line, open_till, receive, request_id, show, user
from tests.conftest import Auth
from tests.rules import sell


def names(page: str) -> list[str]:
    """The goods on a page, in order."""
    return re.findall(r'<h3><a href="/catalogue/\d+">(.*?)</a></h3>', page)


def agree(name: str) -> int:
    consent.give(crafter_id(name), ["name"], user("pengelola"), request_id())
    return crafter_id(name)


@pytest.fixture
def goods(app: Flask) -> None:
    """Lamps and chairs by two makers, oldest first."""
    receive(line("Lampu A", "100.000"), line("Kursi B", "500.000", category="Kursi"))
    receive(line("Lampu C", "300.000"), crafter="Slamet")
    receive(line("Nampan D", "50.000", category="Nampan"))


def test_newest_first_once_each_and_only_what_is_there(client: FlaskClient, goods: None) -> None:
    assert names(client.get("/catalogue").text) == ["Nampan D", "Lampu C", "Kursi B", "Lampu A"]
    [again] = receive(line("Lampu A", "90.000"))
    page = client.get("/catalogue").text
    assert names(page) == ["Lampu A", "Nampan D", "Lampu C", "Kursi B"]
    assert "mulai Rp90.000" in page
    till = open_till()
    till.scan(again.code)
    till.pay()
    assert names(client.get("/catalogue").text) == ["Nampan D", "Lampu C", "Kursi B", "Lampu A"]


def test_what_sold_out_is_gone_and_what_is_at_an_exhibition_says_so(client: FlaskClient) -> None:
    lamp, chair = receive(line("Lampu A"), line("Kursi B", category="Kursi"))
    till = open_till()
    till.scan(lamp.code)
    till.pay()
    show(exhibition(), chair)
    page = client.get("/catalogue").text
    assert names(page) == ["Kursi B"]
    assert "Sedang di Pameran Kriya" in page
    assert "Sedang di Pameran Kriya" in client.get(f"/catalogue/{chair.product_id}").text
    gone = client.get(f"/catalogue/{lamp.product_id}")
    assert (gone.status_code, "Sudah tidak ada" in gone.text) == (404, True)


def test_what_is_sold_while_the_page_is_made_is_left_out(
    client: FlaskClient, goods: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """PostgreSQL reads each statement as things are then."""
    [stool] = receive(line("Bangku E"))
    sell(open_till(), stool.code)
    monkeypatch.setattr(shelf, "newest_of", lambda *_asked: stool.id)
    assert client.get(f"/catalogue/{stool.product_id}").status_code == 404
    monkeypatch.setattr(shelf, "newest", lambda *_asked: [stool.id])
    page = client.get("/catalogue")
    assert (page.status_code, names(page.text)) == (200, [])


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("category=Kursi", ["Kursi B"]),
        ("price_from=100.000&price_to=300000", ["Lampu C", "Lampu A"]),
        ("q=lampu", ["Lampu C", "Lampu A"]),
        ("q=LAMPU+c", ["Lampu C"]),
        ("q=chair", []),
        ("q=tidakada", []),
        ("q=%25", []),
        ("category=Nampan&q=d", ["Nampan D"]),
    ],
)
def test_narrowed(client: FlaskClient, goods: None, asked: str, found: list[str]) -> None:
    page = client.get(f"/catalogue?{asked}").text
    assert names(page) == found
    assert ("Belum ada yang cocok" in page) is (found == [])


def test_searched_in_both_languages(client: FlaskClient, goods: None) -> None:
    words = Typed(name="Kursi B", category="Kursi", name_en="Terrace chair")
    product_id = reading().execute(select(Product.id).where(Product.name == "Kursi B")).scalar_one()
    products.save_product(product_id, words, user("petugas"), request_id())
    assert names(client.get("/catalogue?q=chair").text) == ["Kursi B"]
    english = client.get("/catalogue?q=kursi", headers={"Accept-Language": "en"}).text
    assert names(english) == ["Terrace chair"]
    assert names(client.get("/catalogue?q=chair", headers={"Accept-Language": "en"}).text) == ["Terrace chair"]


def test_makers_are_found_only_by_a_name_they_show(client: FlaskClient, goods: None) -> None:
    tutik = crafter_id("Tutik")
    assert names(client.get("/catalogue?q=tutik").text) == []
    assert client.get(f"/catalogue?maker={tutik}").status_code == 422, "not even that they have something here"
    agree("Tutik")
    assert names(client.get("/catalogue?q=tutik").text) == ["Nampan D", "Kursi B", "Lampu A"]
    page = client.get(f"/catalogue?maker={tutik}&category=Kursi").text
    assert names(page) == ["Kursi B"]
    assert "Slamet" not in page
    maker = client.get(f"/makers/{tutik}").text
    assert names(maker) == ["Nampan D", "Kursi B", "Lampu A"]


def test_joint_work_is_found_by_each_name_that_is_shown(client: FlaskClient) -> None:
    together = line("Meja E", category="Meja", joint="1", partner_1="Slamet Riyadi", part_1="40")
    receive(line("Lampu A"), together)
    assert names(client.get("/catalogue?q=slamet").text) == []
    slamet = agree("Slamet")
    assert "Slamet Riyadi</option>" in client.get("/catalogue").text
    for path in ("/catalogue?q=slamet", "/catalogue?q=meja+slamet", f"/catalogue?maker={slamet}", f"/makers/{slamet}"):
        assert names(client.get(path).text) == ["Meja E"], path


@pytest.mark.parametrize(
    ("asked", "sentence"),
    [
        ("price_from=murah", "Isi harga dalam rupiah"), ("price_from=5&price_to=4", "tidak boleh di bawah"),
        ("category=Mobil", "Pilih dari daftarnya"), ("maker=x", "Pilih dari daftarnya"),
    ],
)  # fmt: skip
def test_what_can_not_be_read_is_said(client: FlaskClient, goods: None, asked: str, sentence: str) -> None:
    answer = client.get(f"/catalogue?{asked}")
    assert (answer.status_code, sentence in answer.text) == (422, True)
    assert len(names(answer.text)) == 4


def test_page_by_page_nothing_twice_and_nothing_left_out(client: FlaskClient) -> None:
    many = [f"Lampu {number:02d}" for number in range(shelf.PAGE + 7)]
    receive(*[line(name) for name in many])
    receive(*[line(name) for name in many[:9]])
    for asked in ("", "?category=Lampu+gantung", "?q=lampu"):
        seen, path = [], f"/catalogue{asked}"
        while path:
            page = client.get(path).text
            seen += names(page)
            more = re.search(r'href="([^"]+)" rel="next"', page)
            path = more[1].replace("&amp;", "&") if more else ""
        assert sorted(seen) == many, asked
        assert seen[:9] == many[:9][::-1], asked
    agree("Tutik")
    first = client.get(f"/makers/{crafter_id('Tutik')}").text
    assert len(names(first)) == shelf.PAGE
    assert 'rel="next"' in first


def test_the_next_page_keeps_its_place(client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever came, was sold or is asked for meanwhile; and it does not tell how many pieces there ever were."""
    monkeypatch.setattr(shelf, "PAGE", 2)
    receive(line("Nampan X"), crafter="Slamet")
    made = receive(*[line(f"Lampu {name}", f"{number}00.000") for number, name in enumerate("ABCD", 1)])
    receive(line("Lampu B", "900.000"))
    priced = "/catalogue?price_to=500.000"
    assert names(client.get(priced).text) == ["Lampu D", "Lampu C"]
    after = f"&after={made[2].product_id}"
    assert after.replace("&", "&amp;") in client.get(priced).text
    assert names(client.get(priced + after).text) == ["Lampu B", "Lampu A"]
    assert names(client.get("/catalogue?after=" + str(made[2].product_id)).text) == ["Lampu A", "Nampan X"]
    sell(open_till(), made[2].code)
    assert names(client.get(priced + after).text) == ["Lampu B", "Lampu A"]
    for unknown in ("after=999999", "after=x", "after="):
        assert names(client.get(f"{priced}&{unknown}").text) == ["Lampu D", "Lampu B"], unknown


def test_asked_for_anew_and_sent_again_only_when_changed(client: FlaskClient, goods: None) -> None:
    """Only what names nobody may be kept without asking."""
    agree("Tutik")
    kept = dict.fromkeys(("/sitemap.xml", "/robots.txt"), "public, max-age=60")
    for path in ("/catalogue", "/catalogue/1", f"/makers/{crafter_id('Tutik')}", *kept):
        first = client.get(path)
        assert first.headers["Cache-Control"] == kept.get(path, "public, no-cache"), path
        assert {"Accept-Language", "Cookie"} <= set(first.headers["Vary"].split(", ")), path
        same = client.get(path, headers={"If-None-Match": first.headers["ETag"]})
        assert (same.status_code, same.data) == (304, b""), path
    before = client.get("/catalogue").headers["ETag"]
    receive(line("Lampu E"))
    assert client.get("/catalogue", headers={"If-None-Match": before}).status_code == 200
    packed = client.get("/catalogue", headers={"Accept-Encoding": "gzip"})
    assert (packed.headers["Content-Encoding"], packed.data[:2]) == ("gzip", b"\x1f\x8b")


def test_no_cookie_and_nothing_from_elsewhere(client: FlaskClient, goods: None) -> None:
    [lamp] = receive(line("Lampu F"))
    agree("Tutik")
    for path in ("/", "/catalogue", "/catalogue/1", f"/q/{lamp.code}", f"/makers/{crafter_id('Tutik')}", "/q/ABC",
                 "/catalogue/999999", "/robots.txt", "/sitemap.xml", "/no-such", "/no/such.png", "/photos/none.webp",
                 f"/faces/1/{'0' * 32}-s.webp", "/static/no-such.css"):  # fmt: skip
        answer = client.get(path)
        assert "Set-Cookie" not in answer.headers, path
        loaded = re.findall(r'(?:src|href|action)="(https?:)?//([^/"]+)', answer.text)
        assert {host for _scheme, host in loaded} <= {"wa.me", "localhost"}, path
        assert "htmx" not in answer.text, path
    chosen = client.post("/catalogue/language", data={"language": "en"}, headers={"Sec-Fetch-Site": "same-origin"})
    assert "Set-Cookie" in chosen.headers


def test_an_unknown_address_is_told_in_the_visitors_own_language(client: FlaskClient, auth: Auth, goods: None) -> None:
    page = client.get("/no-such", headers={"Accept-Language": "en-GB"})
    assert (page.status_code, page.headers["Cache-Control"]) == (404, "public, no-cache")
    assert 'lang="en"' in page.text and 'href="/catalogue"' in page.text and "Accept-Language" in page.headers["Vary"]
    assert "Tidak ketemu" in client.get("/no-such").text
    wrong_way = client.post("/catalogue")
    assert (wrong_way.status_code, "Set-Cookie" in wrong_way.headers, "htmx" in wrong_way.text) == (405, False, False)
    toast = client.get("/no-such", headers={"HX-Request": "true"})
    assert (toast.status_code, toast.text, toast.headers["HX-Reswap"]) == (404, "", "none")
    for who in ("petugas", "perajin"):
        own = auth(who).get("/no-such", headers={"Accept-Language": "en"})
        assert own.status_code == 404 and "Ke halaman awal" in own.text and "htmx" in own.text, who
        assert own.headers["Cache-Control"] == "no-store", who


def test_signed_in_nobody_else_is_given_their_page(auth: Auth, goods: None) -> None:
    answer = auth("petugas").get("/catalogue")
    assert answer.headers["Cache-Control"] == "private, no-cache"
    assert "Halaman saya" in answer.text


def test_the_front_page_leads_visitors_in(client: FlaskClient, auth: Auth) -> None:
    assert client.get("/").location == "/catalogue"
    assert 'href="/sign-in"' in client.get("/catalogue").text
    assert auth("petugas").get("/").location == "/till"
    showrooms.open_catalogue(False, user("pengelola"))
    assert client.get("/").location == "/sign-in"


def test_switched_off_only_labels_answer(client: FlaskClient, auth: Auth) -> None:
    [lamp] = receive()
    tutik, manager = agree("Tutik"), auth("pengelola")
    assert "Katalog sedang terbuka" in manager.get("/settings").text
    assert manager.post("/settings/catalogue", data={"open": "0"}).status_code == 303
    assert "Katalog sedang ditutup" in manager.get("/settings").text
    for path in ("/catalogue", f"/catalogue/{lamp.product_id}", f"/makers/{tutik}", "/sitemap.xml"):
        answer = client.get(path)
        assert (answer.status_code, "Katalog sedang ditutup" in answer.text) == (404, True), path
        assert "Lampu gantung" not in answer.text
    assert client.get("/robots.txt").text == "User-agent: *\nDisallow: /\n"
    label = client.get(f"/q/{lamp.code}").text
    assert "Masih ada di galeri" in label
    assert 'href="/catalogue' not in label
    assert 'href="/makers' not in label
    assert "Katalog untuk pengunjung" in manager.get("/activity").text
    assert manager.post("/settings/catalogue", data={"open": "1"}).status_code == 303
    assert client.get("/catalogue").status_code == 200


def test_machines_are_told_every_page(client: FlaskClient, goods: None) -> None:
    tutik = agree("Tutik")
    robots = client.get("/robots.txt").text
    assert "Allow: /catalogue" in robots
    assert "Sitemap: http://localhost/sitemap.xml" in robots
    assert "/faces" not in robots
    told = client.get("/sitemap.xml")
    assert told.mimetype == "application/xml"
    addresses = [one.text for one in ElementTree.fromstring(told.text).iter() if one.tag.endswith("loc")]
    paths = ["/catalogue", f"/makers/{tutik}", *(f"/catalogue/{number}" for number in (1, 2, 3, 4))]
    assert addresses == [f"http://localhost{path}" for path in paths]


def test_each_showroom_by_its_own_name(client: FlaskClient, goods: None) -> None:
    receive(line("Lampu tetangga"), crafter="Wagiman", by="petugas-tetangga")
    settings = Typed(name="Galeri Tetangga", place="Lawang", commission_percent="10", public_host="tetangga.contoh.id")
    showrooms.save_settings(settings, b"", user("tetangga"))
    there = {"Host": "tetangga.contoh.id"}
    assert names(client.get("/catalogue", headers=there).text) == ["Lampu tetangga"]
    assert "Lampu tetangga" not in client.get("/catalogue").text
    assert client.get("/catalogue/1", headers=there).status_code == 404
    showrooms.open_catalogue(False, user("tetangga"))
    assert client.get("/catalogue", headers=there).status_code == 404
    assert client.get("/catalogue").status_code == 200


def test_a_merged_kind_leads_to_the_other(client: FlaskClient, goods: None) -> None:
    products.merge(1, 2, user("pengelola"), request_id())
    answer = client.get("/catalogue/1")
    assert (answer.status_code, answer.location) == (301, "/catalogue/2")


def test_whatsapp_asks_by_name_without_a_code(client: FlaskClient) -> None:
    [lamp] = receive()
    page = client.get(f"/catalogue/{lamp.product_id}").text
    assert "https://wa.me/6281200000001?text=Halo%2C%20saya%20ingin%20bertanya%20tentang%20Lampu%20gantung." in page
    assert lamp.code not in page
    assert f"kode%20{lamp.code}" in client.get(f"/q/{lamp.code}").text
