"""Goods on their way to an exhibition, in a real browser: by camera, by scanner, on a phone; and what came of it."""

import re
from pathlib import Path

from playwright.sync_api import Browser, Page, Playwright, expect

from tests.browser.conftest import LAPTOP, PHONE, Shop, filming, sign_in, watched
from tests.browser.film import label_picture, write_film
from tests.builders import exhibition, label_pdf, line, receive


def test_a_label_held_to_the_camera_is_found_and_sent(shop: Shop, playwright: Playwright, tmp_path: Path) -> None:
    [lamp] = receive(line("Lampu sorot"))
    fair = exhibition()
    film = write_film(tmp_path / "label.mjpeg", label_picture(label_pdf(lamp.id)))
    said: list[str] = []
    browser = filming(playwright, film)
    page: Page = watched(browser.new_context(base_url=shop.address, **LAPTOP), said)
    sign_in(page, "petugas")
    page.goto("/find")
    page.get_by_role("button", name="Kamera").click()
    page.wait_for_url(re.compile(f"/q/{lamp.code}", re.IGNORECASE), timeout=20_000)
    page.goto(f"/venues/{fair}/send")
    page.get_by_role("button", name="Kamera").click()
    expect(page.locator(".picked")).to_contain_text("Lampu sorot", timeout=20_000)
    expect(page.locator("#camera")).to_be_visible()  # it goes on on the new page
    page.get_by_role("button", name="Selesai pindai").click()
    page.get_by_role("button", name="Kirim", exact=True).click()
    expect(page.get_by_role("heading", name="SJ-KTR-00001")).to_be_visible()
    browser.close()
    assert [one for one in said if "AudioContext" not in one] == []


def test_a_phone_receives_what_a_scanner_types(shop: Shop, browser: Browser) -> None:
    lamp, stool = receive(line("Lampu sorot"), line("Bangku", category="Kursi"))
    fair = exhibition("Pameran Dua")
    said: list[str] = []
    page = watched(browser.new_context(base_url=shop.address, **PHONE), said)
    sign_in(page, "petugas")
    page.goto(f"/venues/{fair}/send")
    for item in (lamp, stool):
        page.locator("#f-code").fill(item.code)
        page.keyboard.press("Enter")
        expect(page.locator(".picked")).to_contain_text(item.code)
    page.get_by_label("Dibawa oleh").fill("Pak Darmaji")
    page.get_by_role("button", name="Kirim", exact=True).click()
    page.locator("#f-code").fill(lamp.code)
    page.keyboard.press("Enter")
    expect(page.get_by_label("Jumlah Lampu sorot")).to_have_value("1")
    page.get_by_role("button", name="Terima yang dicentang").click()
    expect(page.get_by_text("1 buah sampai")).to_be_visible()
    page.get_by_role("button", name="Semua ada, isi semuanya").click()
    page.get_by_role("button", name="Terima yang dicentang").click()
    expect(page.get_by_text("Semua barang di surat jalan ini sudah sampai.")).to_be_visible()
    page.get_by_role("link", name="Pameran Dua").click()
    expect(page.get_by_text("Masih di sana").first).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    assert said == []
