"""The crafter's own phone in a real browser: answer a question, propose with a photo, ask for a new bank account; and
every page at 360 px, with text twice as large, and as a browser of 2021 shows it."""

import io
from datetime import timedelta
from typing import Any

import pytest
from PIL import Image
from playwright.sync_api import Playwright, expect
from sqlalchemy import update

from showroom_app.extensions import begin_write, commit, now
from showroom_app.stock.hand_back import Pieces, hand_back
from showroom_app.stock.models import Item
from tests.browser.conftest import PHONE, Shop, Visit, chromium, sign_in
from tests.browser.test_screens import SMALL, faults, walk, wide
from tests.builders import PASSWORDS, ask_for_phone, line, open_till, propose, receive, request_id, user
from tests.rules import rows

LONG = "Kursi teras anyaman tangan dengan bantalan lepas-pasang “Sekar Kedhaton” ukuran sangat besar"


@pytest.fixture(scope="module")
def pages(shop: Shop) -> list[str]:
    """Everything that a crafter may open, with something on each."""
    lamp, chair, sold, third = receive(line("Lampu"), line(LONG, "1.250.000"), line("Meja"), line("Tas"))
    ids = [lamp.id, chair.id, third.id]
    begin_write().execute(update(Item).where(Item.id.in_(ids)).values(received_at=now() - timedelta(days=120)))
    commit()
    till = open_till("petugas2", "K2")
    till.scan(sold.code)
    till.pay()
    given = hand_back([Pieces(receive(line("Tampah"))[0].id, 1)], user("petugas"), request_id(), reason="dipakai")
    propose(LONG)
    ask_for_phone()
    asked = f"/my/questions?item={lamp.id}&item={chair.id}&answer="
    return [
        "/my", "/my/items", f"/my/products/{lamp.product_id}", f"/my/products/{chair.product_id}",
        f"/my/products/{sold.product_id}", "/my/sales", "/my/statement", "/my/consignments", "/my/consignments/1",
        "/my/hand-backs", f"/my/hand-backs/{given}", "/my/questions", f"{asked}extend", f"{asked}mark_down",
        f"{asked}collect", "/my/proposals", "/my/proposals/new", "/my/settings", "/my/change/phone", "/my/change/bank",
    ]  # fmt: skip


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_page_is_whole(visit: Visit, pages: list[str], scheme: Any) -> None:
    page = visit("perajin", PHONE, color_scheme=scheme)
    assert walk(page, pages, faults) == {}
    for address in pages:
        page.goto(address)
        assert page.evaluate(SMALL) == [], address
        expect(page.locator(".tabs a")).to_have_count(5)
        assert page.locator(".tabs [aria-current]").count() == 1, address


def test_text_may_be_twice_as_large(playwright: Playwright, shop: Shop, pages: list[str]) -> None:
    browser = chromium(playwright, "--blink-settings=defaultFontSize=32")
    page = browser.new_context(base_url=shop.address, **PHONE).new_page()
    sign_in(page, "perajin")
    found = walk(page, pages, wide)
    browser.close()
    assert found == {}


def test_a_question_is_answered(visit: Visit, pages: list[str]) -> None:
    page = visit("perajin", PHONE)
    page.get_by_role("checkbox", name="Lampu").uncheck()
    page.get_by_role("checkbox", name="Tas").uncheck()
    page.get_by_role("button", name="Turunkan harga").click()
    page.get_by_label("Harga baru").fill("2.000.000")
    page.get_by_role("button", name="Kirim harga baru").click()
    expect(page.get_by_text("Isi harga baru di bawah Rp1.250.000.")).to_be_visible()
    assert faults(page) == []
    page.get_by_label("Harga baru").fill("1.000.000")
    page.get_by_role("button", name="Kirim harga baru").click()
    expect(page.get_by_text("Pengelola melihat harga yang Anda minta")).to_be_visible()
    page.get_by_role("checkbox", name="Tas").uncheck()
    page.get_by_role("button", name="Titip lebih lama").click()
    page.get_by_role("button", name="3 bulan").click()
    expect(page.get_by_text("Barang tetap di galeri sampai tanggal itu.")).to_be_visible()
    expect(page.get_by_role("checkbox")).to_have_count(1)
    assert [row.answer for row in rows("ageing_answer")] == ["mark_down", "extend"]


def test_goods_are_proposed_with_a_photo_and_accepted(visit: Visit, pages: list[str]) -> None:
    out = io.BytesIO()
    Image.new("RGB", (4000, 3000), "#a06030").save(out, "JPEG")
    page = visit("perajin", PHONE)
    page.get_by_role("link", name="Usulkan barang baru").click()
    photo = {"name": "IMG_1.jpg", "mimeType": "image/jpeg", "buffer": out.getvalue()}
    page.get_by_label("Foto barang").set_input_files(photo)
    page.get_by_role("button", name="Kirim ke galeri").click()
    expect(page.get_by_text("Tulis nama barangnya.")).to_be_visible()
    expect(page.get_by_alt_text("Foto yang sudah terkirim")).to_be_visible()
    assert faults(page) == []
    page.get_by_label("Nama barang").fill("Lampu lantai Rembulan")
    page.get_by_label("Jenis").select_option("Lampu meja")
    page.get_by_role("button", name="Kirim ke galeri").click()
    expect(page.get_by_text("Usulan terkirim.")).to_be_visible()
    office = visit("pengelola")
    office.get_by_role("link", name="permintaan perajin menunggu").click()
    assert faults(office) == []
    card = office.locator("form").filter(has=office.get_by_alt_text("Lampu lantai Rembulan"))
    card.get_by_role("button", name="Terima").click()
    expect(office.get_by_role("heading", name="Lampu lantai Rembulan")).to_be_visible()
    page.goto("/my/proposals")
    expect(page.get_by_text("Diterima")).to_be_visible()
    page.get_by_role("link", name="Lampu lantai Rembulan").click()
    expect(page.get_by_text("Sudah disetujui galeri.")).to_be_visible()


def test_another_bank_account_is_asked_for_and_refused(visit: Visit, pages: list[str]) -> None:
    page = visit("perajin", PHONE)
    page.get_by_role("link", name="Saya").click()
    page.get_by_role("link", name="Ganti rekening bank").click()
    page.get_by_label("Bank", exact=True).fill("BCA")
    page.get_by_label("Nomor rekening").fill("9999 0000 1111")
    page.get_by_label("Atas nama").fill("Tutik Handayani")
    page.get_by_label("PIN Anda").fill(PASSWORDS["perajin"])
    page.get_by_role("button", name="Kirim ke galeri").click()
    expect(page.get_by_text("Menunggu galeri: BCA, 9999 0000 1111, Tutik Handayani")).to_be_visible()
    office = visit("pengelola", PHONE)
    office.goto("/requests")
    card = office.locator("form").filter(has_text="9999 0000 1111")
    card.get_by_text("Jawab tidak").click()
    card.get_by_label("Alasannya").fill("datang dulu ke galeri, bawa buku tabungan")
    assert faults(office) == []
    card.get_by_role("button", name="Kirim jawaban tidak").click()
    expect(office.get_by_text("Perajin membacanya di HP.").first).to_be_visible()
    page.reload()
    expect(page.get_by_text("datang dulu ke galeri, bawa buku tabungan")).to_be_visible()


OLD = "CSS.supports = () => false"


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_browser_of_2021_shows_every_page_too(visit: Visit, pages: list[str], scheme: Any) -> None:
    """Such a browser drops what stands in layers, which is everything, and asks for the same in older words."""
    page = visit("", PHONE, color_scheme=scheme)
    page.add_init_script(OLD)
    page.route("**/static/css/*.css*", lambda route: route.fulfill(content_type="text/css", body=""))
    sign_in(page, "perajin")
    assert walk(page, [*pages, "/sign-in", "/password"], faults) == {}
    page.goto("/my/settings")
    colour = "x => getComputedStyle(x).backgroundColor"
    seen = [page.locator(part).first.evaluate(colour) for part in ("html", ".card")]
    assert seen == {
        "light": ["rgb(248, 244, 236)", "rgb(255, 255, 255)"], "dark": ["rgb(22, 17, 12)", "rgb(33, 26, 19)"],
    }[scheme]  # fmt: skip
    tabs = page.locator(".tabs").bounding_box()
    assert tabs is not None and tabs["y"] + tabs["height"] <= 741
