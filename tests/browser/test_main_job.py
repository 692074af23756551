"""The main job, end to end: received, labelled, scanned by a camera, sold, and on the crafter's phone."""

from pathlib import Path

from playwright.sync_api import Page, Playwright, expect

from tests.browser.conftest import LAPTOP, PHONE, Shop, filming, open_shift, sign_in, watched
from tests.browser.film import label_picture, write_film

FELT = """window.felt = []; navigator.vibrate = (ms) => felt.push(ms);
const make = AudioContext.prototype.createOscillator;
AudioContext.prototype.createOscillator = function () { felt.push("beep"); return make.call(this); };"""


def receive_a_lamp(page: Page) -> bytes:
    """Take one lamp in through the form; returns the PDF of its label."""
    page.goto("/consignments/new")
    page.get_by_role("button", name="Tutik Handayani").click()
    page.get_by_label("Nama barang").fill("Lampu gantung “Kendil”")
    page.get_by_label("Jenis").select_option("Lampu gantung")
    page.get_by_label("Harga jual").fill("275.000")
    page.get_by_label("Harga jual").blur()
    # Live: who gets what of one piece, before anything is saved.
    expect(page.locator(".draft-shares")).to_contain_text("Rp233.750")
    expect(page.locator(".draft-shares")).to_contain_text("Rp41.250")
    page.get_by_role("button", name="Simpan & cetak label").click()
    expect(page.get_by_text("Nota tersimpan. Label siap dicetak.")).to_be_visible()
    form = page.locator("form", has=page.get_by_role("button", name="Cetak label"))
    fields = {str(one.get_attribute("name")): one.input_value() for one in form.locator("input[type=hidden]").all()}
    sent = fields | {"sheet": "a4-3x8", "start": "5", "with_price": "1"}
    answer = page.request.post(str(form.get_attribute("action")), form=sent)
    assert answer.headers["content-type"] == "application/pdf"
    return answer.body()


def test_from_delivery_to_the_crafters_balance(fresh_shop: Shop, playwright: Playwright, tmp_path: Path) -> None:
    said: list[str] = []
    film = tmp_path / "label.mjpeg"
    browser = filming(playwright, film)
    desk = watched(browser.new_context(base_url=fresh_shop.address, **LAPTOP), said)
    outside: list[str] = []
    desk.on("request", lambda r: None if r.url.startswith((fresh_shop.address, "blob:")) else outside.append(r.url))
    sign_in(desk, "petugas")
    write_film(film, label_picture(receive_a_lamp(desk), column=1, row=1))

    desk.add_init_script(FELT)
    open_shift(desk)
    desk.get_by_role("button", name="Kamera").click()
    expect(desk.locator(".camera-said")).to_contain_text("Lampu gantung “Kendil”", timeout=20_000)
    assert desk.evaluate("felt") == ["beep", 60]
    desk.get_by_role("button", name="Selesai pindai").click()
    expect(desk.locator(".lines li")).to_have_count(1)
    desk.get_by_role("button", name="300.000").click()
    expect(desk.locator(".change output")).to_have_text("Rp25.000")
    desk.get_by_role("button", name="Selesaikan Rp275.000").click()
    expect(desk.get_by_role("heading", name="Lunas")).to_be_visible()
    expect(desk.locator(".change-box")).to_contain_text("Rp25.000")
    expect(desk.get_by_text("K1-00001").first).to_be_visible()

    phone = watched(browser.new_context(base_url=fresh_shop.address, **PHONE), said)
    sign_in(phone, "perajin")
    expect(phone.locator(".balance")).to_contain_text("Rp233.750")
    expect(phone.get_by_text("Pembeli membayar Rp275.000.")).to_be_visible()
    browser.close()
    assert said == []
    assert outside == []
