"""Counting with scanners and phones at once: quick scans, live progress, a lot's number, the camera, without script."""

from pathlib import Path

from playwright.sync_api import FilePayload, Page, Playwright, expect
from sqlalchemy import text

from showroom_app.extensions import reading, rollback
from tests.browser.conftest import LAPTOP, PHONE, Shop, Visit, filming, sign_in, watched
from tests.browser.film import label_picture, write_film
from tests.browser.test_screens import wide
from tests.browser.test_till import wedge
from tests.builders import label_pdf, line, receive
from tests.counting.counts import begin, close, so_far
from tests.stock.test_photos import picture

FIELD = "Pindai label, atau ketik kodenya"


def test_a_scanner_and_a_phone_count_into_one(visit: Visit, shop: Shop) -> None:
    lamps = receive(line("Lampu Kendil", quantity="5"))
    [rings] = receive(line("Gantungan", "12.000", "20", per_piece="lot"))
    number = begin()
    desk, phone = visit("petugas"), visit("petugas2", PHONE)
    for page in (desk, phone):
        page.goto(f"/stocktakes/{number}")
    expect(desk.get_by_label(FIELD)).to_be_focused()
    for lamp in lamps[:4]:  # a scanner does not wait for answers
        wedge(desk, lamp.code)
    expect(phone.locator(".so-far")).to_contain_text("4 dari 25 buah dihitung")
    expect(phone.locator(".lately li")).to_have_count(4)
    phone.get_by_label(FIELD).fill(lamps[0].code.lower())
    phone.keyboard.press("Enter")
    expect(phone.locator("#said")).to_contain_text("oleh Petugas.")
    phone.get_by_label(FIELD).fill(rings.code)
    phone.keyboard.press("Enter")
    expect(phone.get_by_label("Ada berapa buah di rak?")).to_be_focused()
    phone.wait_for_timeout(2_500)  # what comes by polling takes nothing typed away
    phone.keyboard.insert_text("19")
    phone.get_by_role("button", name="Catat jumlah").click()
    expect(phone.locator("#said")).to_contain_text("hitung sekali lagi")
    expect(desk.locator(".so-far")).to_contain_text("23 dari 25 buah dihitung")
    wedge(desk, "7K3QXM2Z")
    expect(desk.locator("#refused")).to_contain_text("salah ketik")
    wedge(desk, lamps[4].code)
    expect(desk.locator(".scan-told.good")).to_contain_text("Dihitung.")
    expect(desk.get_by_label(FIELD)).to_be_focused()
    desk.get_by_role("button", name="Batal").click()
    expect(desk.locator("#said")).to_contain_text("Pindaian dibatalkan")
    assert [wide(page) for page in (desk, phone)] == [[], []]
    close(number)
    expect(desk.get_by_text("ditutup Ratna")).to_be_visible()
    expect(phone.get_by_text("ditutup Ratna")).to_be_visible()


def test_what_a_loss_would_cost_goes_with_what_is_ticked(visit: Visit, shop: Shop) -> None:
    receive(line("Lampu sudut", "100.000"))
    receive(line("Gelang rotan", "12.000", "5", per_piece="lot"))
    number = begin()
    close(number)
    page = visit("pengelola", PHONE)
    page.goto(f"/stocktakes/{number}")
    sum_of = page.locator("[data-sum]")
    expect(sum_of).to_have_text("Rp0")
    page.get_by_label("Pilih Gelang rotan").check()
    expect(sum_of).to_have_text("Rp51.000")
    page.get_by_label("Pilih Lampu sudut").check()
    expect(sum_of).to_have_text("Rp136.000")
    expect(page.get_by_role("heading", name="2 barang dicentang")).to_be_visible()
    page.get_by_text("Tidak diganti").click()
    page.get_by_label("Sebab, untuk semua").fill("atap bocor")
    page.get_by_label("Foto").set_input_files(FilePayload(name="a.png", mimeType="image/png", buffer=picture()))
    assert not wide(page)
    page.get_by_role("button", name="Catat hilang").click()
    expect(page.get_by_text("2 barang dicatat hilang.")).to_be_visible()
    rollback()
    written = reading().execute(text("SELECT compensation, photo <> '' AS pictured FROM write_off")).all()
    assert [(row.compensation, bool(row.pictured)) for row in written] == [(0, True)] * 2


def test_it_works_without_script(visit: Visit, shop: Shop) -> None:
    [lamp] = receive(line("Meja lipat", category="Meja"))
    [rings] = receive(line("Tatakan", "12.000", "6", per_piece="lot", category="Meja"))
    page = visit("petugas", PHONE, java_script_enabled=False)
    page.goto("/stocktakes")
    page.get_by_text("Satu jenis").click()
    page.get_by_label("Jenis barang").select_option("Meja")
    page.get_by_role("button", name="Mulai menghitung").click()
    page.get_by_label(FIELD).fill(lamp.code)
    page.keyboard.press("Enter")
    expect(page.locator("#said")).to_contain_text("Dihitung.")
    expect(page.locator(".so-far")).to_contain_text("1 dari 7 buah dihitung")
    page.get_by_label(FIELD).fill(rings.code)
    page.keyboard.press("Enter")
    page.get_by_label("Ada berapa buah di rak?").fill("6")
    page.get_by_role("button", name="Catat jumlah").click()
    expect(page.locator(".so-far")).to_contain_text("7 dari 7 buah dihitung")
    number = int(page.url.split("/")[-2])
    rollback()
    assert so_far(number).left == 0
    close(number)


def test_the_camera_counts(shop: Shop, playwright: Playwright, tmp_path: Path) -> None:
    [lamp] = receive(line("Lampu sorot"))
    film = write_film(tmp_path / "label.mjpeg", label_picture(label_pdf(lamp.id)))
    number = begin()
    said: list[str] = []
    browser = filming(playwright, film)
    page: Page = watched(browser.new_context(base_url=shop.address, **LAPTOP), said)
    sign_in(page, "petugas")
    page.goto(f"/stocktakes/{number}")
    page.get_by_role("button", name="Kamera").click()
    expect(page.locator(".camera-said")).to_contain_text("Lampu sorot", timeout=20_000)
    page.get_by_role("button", name="Selesai pindai").click()
    expect(page.locator("#said")).to_contain_text("Lampu sorot")
    browser.close()
    assert said == []
    close(number)
