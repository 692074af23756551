"""Visitors on a phone and a laptop: a label scanned, shared, read in English; the catalogue; consent taken back."""

import re
from typing import Any

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import insert, update

from showroom_app.extensions import begin_write, commit, now
from showroom_app.lib.typed import Typed
from showroom_app.people import consent, face
from showroom_app.stock.life_models import Photo
from showroom_app.stock.models import Item, Product
from tests.browser.conftest import LAPTOP, PHONE, Shop, Visit
from tests.browser.test_screens import SMALL, faults
from tests.builders import crafter_id, line, receive, request_id, user

SIZES = {"phone": PHONE, "laptop": LAPTOP}
LONG = "Kursi teras anyaman tangan dengan bantalan lepas-pasang “Sekar Kedhaton” ukuran sangat besar"
ENGLISH = {"locale": "en-GB"}
INDONESIAN = {"locale": "id-ID"}


@pytest.fixture(scope="module")
def lamp(shop: Shop) -> Item:
    """A lamp among thirty others, by a maker who agreed to everything."""
    items = receive(line("Lampu Kendil"), *[line(f"Lampu {n}") for n in range(30)], line(LONG, "12.500.000"))
    told = Typed(story="Saya menganyam sejak 1998.", story_en="I have been weaving since 1998.")
    face.save_profile(crafter_id("Tutik"), told, "", user("pengelola"), request_id())
    consent.give(crafter_id("Tutik"), consent.PARTS, user("pengelola"), request_id())
    return items[0]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", SIZES)
def test_each_page_is_whole(visit: Visit, lamp: Item, size: str, scheme: Any) -> None:
    page = visit("", SIZES[size], color_scheme=scheme, **INDONESIAN)
    for path in ("/catalogue", f"/catalogue/{lamp.product_id}", f"/q/{lamp.code}", f"/makers/{crafter_id('Tutik')}"):
        page.goto(path)
        expect(page.get_by_role("link", name="Masuk")).to_be_visible()
        assert faults(page) == [], path
        assert page.evaluate(SMALL) == [], path


def test_the_answer_is_above_the_fold_and_whatsapp_under_the_thumb(visit: Visit, lamp: Item) -> None:
    page = visit("", PHONE, **INDONESIAN)
    page.goto(f"/q/{lamp.code}")
    for told in ("oleh Tutik Handayani", "Rp275.000", "Masih ada di galeri"):
        expect(page.get_by_text(told, exact=True).first).to_be_in_viewport(ratio=1)
    ask = page.get_by_role("link", name="Tanya lewat WhatsApp")
    expect(ask).to_be_in_viewport(ratio=1)
    page.mouse.wheel(0, 250)
    expect(ask).to_be_in_viewport(ratio=1)
    assert lamp.code in str(ask.get_attribute("href"))


def test_shared_by_the_phone_s_own_sheet_else_copied(visit: Visit, lamp: Item) -> None:
    page = visit("", PHONE, **INDONESIAN)
    page.add_init_script("navigator.share = async what => { window.shared = what; }")
    page.goto(f"/q/{lamp.code}")
    page.get_by_role("button", name="Bagikan").click()
    shared = page.evaluate("window.shared")
    assert (shared["title"], shared["url"]) == ("Lampu Kendil", page.url)
    plain = visit("", LAPTOP, permissions=["clipboard-read", "clipboard-write"], **INDONESIAN)
    plain.add_init_script("delete Navigator.prototype.share")
    plain.goto(f"/q/{lamp.code}")
    plain.get_by_role("button", name="Bagikan").click()
    expect(plain.get_by_role("button", name="Alamat disalin")).to_be_visible()
    assert plain.evaluate("navigator.clipboard.readText()") == plain.url


def test_english_by_the_browser_and_by_the_button(visit: Visit, lamp: Item) -> None:
    page = visit("", PHONE, **ENGLISH)
    page.goto(f"/q/{lamp.code}")
    expect(page.get_by_text("I have been weaving since 1998.")).to_be_visible()
    assert page.context.cookies() == []
    page.get_by_role("button", name="Bahasa Indonesia").click()
    expect(page.get_by_text("Saya menganyam sejak 1998.")).to_be_visible()
    assert page.url.endswith(f"/q/{lamp.code}")
    page.goto("/catalogue")
    expect(page.locator("html")).to_have_attribute("lang", "id")


def test_through_the_catalogue(visit: Visit, lamp: Item) -> None:
    page = visit("", LAPTOP, **INDONESIAN)
    page.goto("/")
    expect(page).to_have_url(re.compile("/catalogue$"))
    page.get_by_role("link", name="Barang berikutnya").click()
    page.wait_for_url("**after=*")
    page.goto("/catalogue")
    page.get_by_role("searchbox").fill("kendil")
    page.get_by_role("button", name="Cari").click()
    page.get_by_role("link", name="Lampu Kendil").click()
    page.wait_for_url(f"**/catalogue/{lamp.product_id}")
    page.get_by_role("link", name="Tutik Handayani").first.click()
    page.wait_for_url("**/makers/*")
    assert page.context.cookies() == []


def test_a_crafter_takes_it_back_with_one_tap(visit: Visit, lamp: Item, shop: Shop) -> None:
    phone, visitor = visit("perajin", PHONE), visit("", PHONE, **INDONESIAN)
    visitor.goto(f"/q/{lamp.code}")
    expect(visitor.get_by_role("link", name="Tutik Handayani")).to_be_visible()
    phone.goto("/my/consent")
    expect(phone.locator(".preview").get_by_text("Tutik Handayani")).to_be_visible()
    phone.get_by_role("button", name="Cabut izin").click()
    expect(phone.get_by_text("Pengunjung tidak melihat Anda lagi.")).to_be_visible()
    assert faults(phone) == []
    visitor.reload()
    expect(visitor.get_by_text("oleh perajin Balearjosari")).to_be_visible()
    hidden(visitor, "Tutik")
    for part in ("Nama dan bengkel", "Foto wajah", "Cerita"):
        phone.get_by_label(part, exact=True).check()
    phone.get_by_role("button", name="Simpan izin").click()
    expect(phone.get_by_text("Izin Anda tercatat")).to_be_visible()


def hidden(page: Page, text: str) -> None:
    """That a text is nowhere on a page."""
    expect(page.get_by_text(text)).to_have_count(0)


def test_photos_of_similar_goods_come_when_they_are_looked_at(visit: Visit, lamp: Item) -> None:
    [other] = receive(line("Lampu Tampah"))
    name = "7" * 32
    conn = begin_write()
    photo = {"product_id": other.product_id, "position": 1, "name": name, "width": 1, "height": 1}
    conn.execute(insert(Photo), photo | {"at": now(), "user_id": user("petugas").id})
    conn.execute(update(Product).where(Product.id == other.product_id).values(photo=name))
    commit()
    page = visit("", PHONE, **INDONESIAN)
    page.goto(f"/q/{lamp.code}")
    picture = page.locator(f'.similar [data-photo$="{name}-s.webp"]')
    expect(picture).to_have_attribute("src", re.compile("^/static/art/goods/"))
    picture.scroll_into_view_if_needed()
    expect(picture).to_have_attribute("src", f"/photos/{name}-s.webp")
