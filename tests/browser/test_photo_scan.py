"""Scanning by a photo, on a phone that sees the shop over plain http: there the live camera stays shut."""

import io
import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from PIL import Image
from playwright.sync_api import Browser, BrowserContext, FilePayload, Page, Playwright, expect

from showroom_app.counting import stocktake
from showroom_app.counting.stocktake import Scope
from showroom_app.extensions import rollback
from showroom_app.sales import shift
from tests.browser.conftest import LAPTOP, PHONE, Shop, chromium, open_shift, sign_in, watched
from tests.builders import Till, current_basket, exhibition, line, open_till, receive, request_id, user
from tests.label_photos import CODES, Laid, close_up, other_code, photo, photo_of
from tests.rules import sell

# A name in the shop's network. Browsers trust the machine itself without https, so 127.0.0.1 would prove nothing.
NAME = "galeri.lan"
# Said of every page over plain http, and of sound on a page that nobody has touched yet.
USUAL = ("Cross-Origin-Opener-Policy", "AudioContext")
SHOW_WHAT_IS_SENT = """() => document.addEventListener("htmx:config:request", async (event) => {
  const photo = event.detail.ctx.request.body.get("photo");
  if (!photo) return;
  const image = await createImageBitmap(photo);
  document.body.dataset.sent = `${photo.name} ${image.width * image.height}`;
})"""
Phone = Callable[..., Page]


@pytest.fixture(scope="module")
def outside(playwright: Playwright) -> Iterator[Browser]:
    """A browser for which the shop is another machine."""
    one = chromium(playwright, f"--host-resolver-rules=MAP {NAME} 127.0.0.1")
    yield one
    one.close()


@pytest.fixture
def phone(outside: Browser, shop: Shop) -> Iterator[Phone]:
    """`phone("/find")` is the attendant's phone on that page, over plain http."""
    contexts: list[BrowserContext] = []
    said: list[str] = []

    def open_page(path: str, size: dict[str, Any] = PHONE, **more: Any) -> Page:
        context = outside.new_context(base_url=f"http://{NAME}:{shop.port}", **size, **more)
        contexts.append(context)
        page = watched(context, said)
        sign_in(page, "petugas")
        page.goto(path)
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert [one for one in said if not any(usual in one for usual in USUAL)] == []


def till(phone: Phone, **more: Any) -> Page:
    """The till, with an open shift."""
    rollback()
    page = phone("/till", **more)
    if shift.shift_of(user("petugas").id) is None:
        open_shift(page)
    return page


def take(page: Page, content: bytes, name: str = "IMG_0001.jpg") -> None:
    """What the phone's camera hands over."""
    page.locator("#photo input[type=file]").set_input_files(
        FilePayload(name=name, mimeType="image/jpeg", buffer=content)
    )


def piece(code: str) -> re.Pattern[str]:
    """The address of a piece."""
    return re.compile(f"/q/{code}$", re.IGNORECASE)


def open_camera(page: Page, press: str = "Kamera") -> None:
    """Press the camera: photos are offered, under the thumb and for the keyboard."""
    page.get_by_role("button", name=press, exact=True).click()
    expect(page.get_by_text("Foto label dari dekat, di tempat terang.")).to_be_visible()
    expect(page.get_by_label("Foto label")).to_be_focused()


def must_fit(page: Page) -> None:
    """Nothing sticks out, and axe finds nothing."""
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    assert page.evaluate("document.getElementById('camera').scrollWidth") <= 360
    found = Axe().run(page, context="#camera").response["violations"]
    assert [(one["id"], one["nodes"][0]["html"][:120]) for one in found] == []


def test_a_photo_puts_the_lamp_into_the_basket(phone: Phone, shop: Shop) -> None:
    [lamp] = receive(line("Lampu sorot"))
    page = till(phone)
    assert page.evaluate("navigator.mediaDevices === undefined")
    open_camera(page)
    must_fit(page)
    take(page, photo([Laid(code=lamp.code, angle=15, tilt=20)]))
    expect(page.locator(".camera-said")).to_have_text("Lampu sorot · Rp275.000")
    expect(page.get_by_label("Foto lagi")).to_be_visible()
    expect(page.get_by_role("img", name="Foto Anda")).to_be_visible()
    must_fit(page)
    page.get_by_role("button", name="Selesai pindai").click()
    expect(page.locator(".lines")).to_contain_text("Lampu sorot")
    page.get_by_role("button", name="Kosongkan").click()
    expect(page.locator(".lines")).not_to_contain_text("Lampu sorot")


def test_of_several_one_is_chosen_or_all(phone: Phone, shop: Shop) -> None:
    lamp, bench, stool = receive(line("Lampu sorot"), line("Bangku", "90.000"), line("Dingklik", "40.000"))
    page = till(phone)
    open_camera(page)
    camera = page.locator("#camera")
    take(page, close_up(lamp.code, bench.code, stool.code))
    expect(page.get_by_role("heading", name="3 label di foto. Pilih yang mana?")).to_be_focused()
    must_fit(page)
    camera.get_by_role("button", name="Bangku").click()
    expect(page.locator(".camera-said")).to_have_text("Bangku · Rp90.000")
    expect(camera.get_by_role("button", name="Bangku")).to_be_disabled()
    must_fit(page)
    page.get_by_role("button", name="Semua, 3 label").click()
    expect(page.locator(".camera-said")).to_have_text("Dingklik · Rp405.000")
    expect(page.get_by_role("button", name="Semua")).to_be_hidden()
    # One that can't go in stops the rest, and says why.
    take(page, close_up(CODES[0], stool.code))
    page.get_by_role("button", name="Semua, 2 label").click()
    expect(page.locator(".camera-said")).to_have_class("camera-said bad")
    expect(camera.get_by_role("button", name="Dingklik")).to_be_enabled()
    page.get_by_role("button", name="Selesai pindai").click()
    expect(page.locator(".lines > li")).to_have_count(3)
    page.get_by_role("button", name="Kosongkan").click()
    expect(page.locator(".lines > li")).to_have_count(0)
    # One that the server failed on stops the rest, and is not ticked off.
    open_camera(page)
    take(page, close_up(lamp.code, bench.code))
    says = {"HX-Reswap": "none", "HX-Trigger": '{"toast": {"text": "Coba lagi sebentar."}}'}
    page.route("**/lines", lambda route: route.fulfill(status=503, headers=says, body=""))
    page.get_by_role("button", name="Semua, 2 label").click()
    expect(page.locator(".camera-said")).to_have_text("Coba lagi sebentar.")
    expect(camera.get_by_role("button", name="Lampu sorot")).to_be_enabled()
    expect(camera.get_by_role("button", name="Bangku")).to_be_enabled()
    page.unroute("**/lines")


def test_what_can_t_be_read_is_said_and_loses_nothing(phone: Phone, shop: Shop) -> None:
    [lamp] = receive(line("Lampu sorot"))
    page = till(phone)
    open_camera(page)
    take(page, close_up(lamp.code))
    expect(page.locator(".camera-said")).to_contain_text("Lampu sorot")
    take(page, photo([]))
    expect(page.get_by_role("alert").filter(has_text="Label tidak terbaca. Lebih dekat")).to_be_visible()
    must_fit(page)
    take(page, photo_of(other_code("https://example.com/menu")))
    expect(page.get_by_role("alert").filter(has_text="Ini bukan label barang.")).to_be_visible()
    take(page, b"bukan foto")
    expect(page.get_by_role("alert").filter(has_text="Berkas ini bukan foto.")).to_be_visible()
    take(page, close_up(lamp.code)[:1000] + bytes(13_000_000))
    expect(page.locator(".camera-said")).to_contain_text("Berkas terlalu besar")
    page.get_by_role("button", name="Selesai pindai").click()
    expect(page.locator(".lines")).to_contain_text("Lampu sorot")
    page.get_by_role("button", name="Kosongkan").click()
    expect(page.locator(".lines > li")).to_have_count(0)


def test_a_lost_connection_is_said(phone: Phone, shop: Shop) -> None:
    page = till(phone)
    open_camera(page)
    page.route("**/scan", lambda route: route.abort())
    take(page, close_up(CODES[0]))
    expect(page.locator(".camera-said")).to_contain_text("Foto belum terkirim.")


def test_a_photo_finds_a_piece(phone: Phone, shop: Shop) -> None:
    [lamp] = receive(line("Lampu sorot"))
    page = phone("/find")
    open_camera(page)
    take(page, close_up(lamp.code))
    page.wait_for_url(piece(lamp.code))
    page.goto("/find")
    expect(page.locator("#camera")).to_be_visible()  # it goes on there
    take(page, close_up(lamp.code, CODES[0]))
    expect(page.get_by_role("button", name="Semua")).to_be_hidden()
    page.locator("#camera").get_by_role("button", name="Lampu sorot").click()
    page.wait_for_url(piece(lamp.code))


def test_a_photo_finds_the_sale_that_comes_back(phone: Phone, shop: Shop) -> None:
    lamp, bench = receive(line("Lampu sorot"), line("Bangku", "90.000", quantity="2", per_piece="lot"))
    if shift.shift_of(user("petugas2").id) is None:
        open_till("petugas2", "K2")
    seller = Till(user("petugas2"), 0, current_basket(user("petugas2")))
    sale_id = sell(seller, lamp.code)
    for _buyer in range(2):
        sell(seller, bench.code)
    page = phone("/refunds")
    open_camera(page)
    must_fit(page)
    take(page, close_up(lamp.code))
    page.wait_for_url(f"**/sales/{sale_id}/refunds?item={lamp.id}")
    expect(page.locator("input[name=q1]")).to_have_value("1")
    page.goto("/refunds")
    expect(page.locator("#camera")).to_be_hidden()  # of a lot, one chooses the sale
    open_camera(page)
    take(page, close_up(bench.code, lamp.code))
    page.locator("#camera").get_by_role("button", name="Bangku").click()
    expect(page.get_by_role("region", name="Ditemukan").get_by_role("link")).to_have_count(2)
    expect(page.locator("#camera")).to_be_hidden()


@pytest.mark.parametrize("path", ["/hand-backs/new", "/venues/{fair}/send"])
def test_where_each_answer_is_a_page_all_go_in_in_turn(phone: Phone, shop: Shop, path: str) -> None:
    lamp, bench, stool = receive(line("Lampu sorot"), line("Bangku", "90.000"), line("Dingklik", "40.000"))
    page = phone(path.format(fair=exhibition(f"Pameran {lamp.id}")))
    open_camera(page)
    take(page, close_up(lamp.code, bench.code, stool.code))
    page.get_by_role("button", name="Semua, 3 label").click()
    expect(page.locator(".picked > li")).to_have_count(3)
    expect(page.locator("#camera")).to_be_visible()
    for name in ("Lampu sorot", "Bangku", "Dingklik"):
        expect(page.locator("#camera").get_by_role("button", name=name)).to_be_disabled()
    take(page, close_up(CODES[0]))
    expect(page.locator(".camera-said")).to_have_class("camera-said bad")
    page.get_by_role("button", name="Selesai pindai").click()
    expect(page.locator(".picked > li")).to_have_count(3)


def test_photos_receive_what_was_sent(phone: Phone, shop: Shop) -> None:
    [lamp] = receive(line("Lampu sorot"))
    page = phone(f"/venues/{exhibition('Pameran Terima')}/send")
    page.locator("#f-code").fill(lamp.code)
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Kirim", exact=True).click()
    page.wait_for_url("**/transfers/*")
    open_camera(page)
    take(page, close_up(lamp.code))
    expect(page.get_by_label("Jumlah Lampu sorot")).to_have_value("1")


def test_a_photo_tells_which_label_the_other_one_is(phone: Phone, shop: Shop) -> None:
    """The code goes into the form; why they got mixed up is written by hand."""
    lamp, bench = receive(line("Lampu sorot"), line("Bangku", "90.000"))
    page = phone(f"/items/{lamp.id}/label-swap")
    open_camera(page)
    take(page, close_up(bench.code))
    expect(page.locator("#camera")).to_be_hidden()
    expect(page.get_by_label("Kode label barang yang satunya")).to_have_value(re.compile(bench.code, re.IGNORECASE))
    expect(page.get_by_label("Sebabnya")).to_be_focused()
    page.keyboard.type("tertukar waktu ditempel")
    page.keyboard.press("Enter")
    page.wait_for_url(piece(bench.code))
    expect(page.get_by_role("heading", name="Lampu sorot").first).to_be_visible()


def test_photos_count(phone: Phone, shop: Shop) -> None:
    lamp, rings = receive(line("Lampu sorot"), line("Gantungan", "12.000", "10", per_piece="lot"))
    page = phone(f"/stocktakes/{stocktake.begin(Scope(), user('petugas'), request_id())}")
    open_camera(page, "Pindai")
    take(page, close_up(lamp.code, rings.code))
    page.get_by_role("button", name="Semua, 2 label").click()
    # Of a lot the number is asked for: the camera makes room.
    page.get_by_label("Ada berapa buah di rak?").fill("10")
    page.get_by_role("button", name="Catat jumlah").click()
    expect(page.locator("#said")).to_contain_text("Gantungan")
    expect(page.locator("#live")).to_contain_text("Lampu sorot")


def test_a_photo_of_a_large_sensor_is_shrunk_on_the_phone(phone: Phone, shop: Shop) -> None:
    [lamp] = receive(line("Lampu sorot"))
    page = till(phone)
    with Image.open(io.BytesIO(close_up(lamp.code))) as scene:
        out = io.BytesIO()
        scene.resize((6500, 4500)).save(out, "JPEG", quality=85)
    open_camera(page)
    page.evaluate(SHOW_WHAT_IS_SENT)
    take(page, out.getvalue())
    expect(page.locator("body")).to_have_attribute("data-sent", re.compile(r"label\.jpg 12[56]\d{5}"))
    expect(page.locator(".camera-said")).to_contain_text("Lampu sorot")
    page.get_by_role("button", name="Selesai pindai").click()
    page.get_by_role("button", name="Kosongkan").click()


def test_without_script(outside: Browser, shop: Shop) -> None:
    lamp, bench = receive(line("Lampu sorot"), line("Bangku", "90.000"))
    context = outside.new_context(base_url=f"http://{NAME}:{shop.port}", java_script_enabled=False, **PHONE)
    page = context.new_page()
    sign_in(page, "petugas")
    page.goto("/find")
    page.get_by_role("link", name="Foto label").click()
    page.get_by_label("Foto", exact=True).set_input_files(
        FilePayload(name="a.jpg", mimeType="image/jpeg", buffer=close_up(lamp.code, bench.code))
    )
    page.get_by_role("button", name="Baca labelnya").click()
    page.get_by_role("link", name="Bangku").click()
    page.wait_for_url(piece(bench.code))
    context.close()


def test_beside_a_live_camera_it_is_the_second_way(playwright: Playwright, shop: Shop) -> None:
    [lamp] = receive(line("Lampu sorot"))
    browser = chromium(playwright, "--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream")
    page = browser.new_context(base_url=shop.address, **LAPTOP).new_page()
    sign_in(page, "petugas")
    page.goto("/find")
    page.get_by_role("button", name="Kamera").click()
    expect(page.get_by_text("Arahkan ke QR label")).to_be_visible()
    expect(page.locator("#camera video")).to_be_visible()
    with page.expect_file_chooser() as chooser:
        page.locator("#photo label").click()
    expect(page.locator("#camera video")).to_be_hidden()
    chooser.value.set_files(FilePayload(name="a.jpg", mimeType="image/jpeg", buffer=close_up(lamp.code)))
    page.wait_for_url(piece(lamp.code))
    browser.close()


def test_where_there_is_no_camera_photos_take_its_place(playwright: Playwright, shop: Shop) -> None:
    browser = chromium(playwright)
    page = browser.new_context(base_url=shop.address, **LAPTOP).new_page()
    sign_in(page, "petugas")
    page.goto("/find")
    page.get_by_role("button", name="Kamera").click()
    expect(page.locator(".camera-said")).to_contain_text("Foto labelnya")
    expect(page.get_by_label("Foto label")).to_be_focused()
    browser.close()
