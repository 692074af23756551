"""The till in the attendant's hands: scanner, keyboard, keypad, a double press, a lost answer, the Back button."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, Route, expect
from sqlalchemy import func, select

from showroom_app.extensions import reading, rollback
from showroom_app.sales.models import Sale
from tests.browser.conftest import LAPTOP, PHONE, Shop, Visit, open_shift, sign_in
from tests.builders import line, receive

SCAN = "Pindai label, atau ketik kode / nama barang"


@pytest.fixture
def till(visit: Visit, shop: Shop) -> Iterator[Page]:
    """The attendant at the till with an empty basket; afterwards the shift is closed."""
    page = visit("petugas")
    open_shift(page)
    yield page
    empty(page)
    page.get_by_role("link", name="Tutup sif").click()
    page.get_by_role("button", name="Tutup sif").click()
    note = page.get_by_label("Sebab selisih")
    expect(note.or_(page.get_by_role("heading", name="Laporan Z")).first).to_be_visible()
    if note.is_visible():  # nothing was counted, so what was sold for cash is missing
        note.fill("latihan")
        page.get_by_role("button", name="Tutup sif").click()
    page.wait_for_url(re.compile(r"/shifts/\d+$"))


def empty(page: Page) -> None:
    """Take everything out of the basket."""
    page.goto("/till")
    if page.get_by_role("button", name="Kosongkan").is_visible():
        page.get_by_role("button", name="Kosongkan").click()
        expect(page.get_by_text("Keranjang masih kosong")).to_be_visible()


def wedge(page: Page, text: str) -> None:
    """A scanner that acts as a keyboard: it types and presses Enter, wherever the focus is."""
    page.keyboard.insert_text(text)
    page.keyboard.press("Enter")


def sales(shop: Shop) -> int:
    """How many sales there are."""
    rollback()
    return int(reading().execute(select(func.count(Sale.id))).scalar_one())


def test_four_quick_scans_are_four_lines(till: Page, shop: Shop) -> None:
    items = receive(line(quantity="4"))
    expect(till.get_by_label(SCAN)).to_be_focused()
    for item in items[:3]:
        wedge(till, item.code)
    wedge(till, f"HTTPS://GALERI.EXAMPLE/Q/{items[3].code}")
    expect(till.locator(".lines li")).to_have_count(4)
    expect(till.get_by_role("button", name="Selesaikan Rp1.100.000")).to_be_enabled()
    expect(till.get_by_label(SCAN)).to_be_focused()
    expect(till.get_by_label(SCAN)).to_have_value("")


def test_each_wrong_code_has_its_own_sentence(till: Page, shop: Shop) -> None:
    [lamp] = receive(line(name="Lampu sekali"))
    said = till.locator("#refused")
    for typed, sentence in {
        "7K3QXM2F": "Kode 7K3QXM2F tidak dikenal",
        "7K3QXM2": "salah ketik atau kurang lengkap",
        "zebra": "Tidak ada barang di rak bernama “zebra”",
    }.items():
        till.get_by_label(SCAN).fill("")
        wedge(till, typed)
        expect(said).to_contain_text(sentence)
    till.get_by_label(SCAN).fill("")
    wedge(till, lamp.code)
    expect(till.locator(".lines li")).to_have_count(1)
    wedge(till, lamp.code)
    expect(said).to_contain_text("sudah ada di keranjang ini")


def test_part_of_a_name_finds_and_a_lot_is_counted(till: Page, shop: Shop) -> None:
    receive(line(name="Gantungan kunci bola", price="15.000", quantity="5", per_piece="lot"))
    receive(line(name="Gantungan kunci hati", price="16.000", quantity="5", per_piece="lot"))
    till.get_by_label(SCAN).press_sequentially("gantungan")
    till.get_by_role("button", name="Gantungan kunci bola").click()
    expect(till.locator(".lines li")).to_have_count(1)
    till.get_by_role("button", name="Tambah Gantungan kunci bola").click()
    expect(till.locator(".lines output")).to_have_text("2")
    till.get_by_role("button", name="Tambah Gantungan kunci bola").click()
    expect(till.get_by_role("button", name="Selesaikan Rp45.000")).to_be_visible()
    till.get_by_role("button", name="Kurangi Gantungan kunci bola").click()
    expect(till.get_by_role("button", name="Selesaikan Rp30.000")).to_be_visible()
    till.get_by_role("button", name="Keluarkan Gantungan kunci bola").click()
    expect(till.get_by_text("Keranjang masih kosong")).to_be_visible()


def test_a_name_sent_quickly_keeps_its_list_until_it_is_put_away(till: Page, shop: Shop) -> None:
    receive(line(name="Anyaman satu"), line(name="Anyaman dua"))
    wedge(till, "anyaman")
    expect(till.locator("#found button")).to_have_count(2)
    till.wait_for_timeout(600)
    expect(till.locator("#found button")).to_have_count(2)
    till.get_by_label(SCAN).focus()
    till.keyboard.press("Escape")
    expect(till.locator("#found button")).to_have_count(0)


def test_keypad_change_and_the_next_buyer(till: Page, shop: Shop) -> None:
    [lamp] = receive(line(name="Lampu keypad"))
    wedge(till, lamp.code)
    for key in ("3", "0", "000"):
        till.get_by_role("button", name=key, exact=True).click()
    expect(till.locator(".change")).to_contain_text("Kurang")
    till.get_by_role("button", name="Selesaikan").click()
    expect(till.get_by_role("alert").filter(has_text="Uangnya kurang Rp245.000")).to_be_visible()
    expect(till.get_by_label("Uang diterima")).to_have_value("30.000")
    till.get_by_role("button", name="0", exact=True).click()
    expect(till.locator(".change output")).to_have_text("Rp25.000")
    till.get_by_role("button", name="Selesaikan").click()
    expect(till.get_by_role("heading", name="Lunas")).to_be_visible()
    expect(till.get_by_role("link", name="Pembeli berikutnya")).to_be_focused()
    till.keyboard.press("Enter")
    expect(till.get_by_label(SCAN)).to_be_focused()


def test_qris_needs_a_look_at_the_showrooms_own_phone(till: Page, shop: Shop) -> None:
    [lamp] = receive(line(name="Lampu QRIS"))
    wedge(till, lamp.code)
    expect(till.locator(".lines li")).to_have_count(1)
    till.get_by_role("group", name="Cara bayar").get_by_text("QRIS", exact=True).click()
    finish = till.get_by_role("button", name="Selesaikan Rp275.000")
    expect(finish).to_be_disabled()
    till.get_by_label("Sudah saya cek, Rp275.000 sudah masuk").check()
    finish.click()
    expect(till.get_by_role("heading", name="Lunas")).to_be_visible()
    expect(till.get_by_text("QRIS").first).to_be_visible()


def test_a_double_press_and_the_back_button_make_one_sale(till: Page, shop: Shop) -> None:
    [lamp] = receive(line(name="Lampu ganda"))
    before = sales(shop)
    wedge(till, lamp.code)
    till.get_by_role("button", name="Uang pas").click()
    till.get_by_role("button", name="Selesaikan Rp275.000").dblclick()
    expect(till.get_by_role("heading", name="Lunas")).to_be_visible()
    receipt = till.url
    assert sales(shop) == before + 1
    till.go_back()
    finish = till.get_by_role("button", name=re.compile("Selesaikan"))
    if finish.is_enabled():
        finish.click()
        till.wait_for_url(re.compile(r"/sales/|/till"))
    assert sales(shop) == before + 1
    till.goto(receipt)
    expect(till.get_by_text("Lampu ganda").first).to_be_visible()


def test_a_lost_answer_pressed_again_is_the_same_sale(till: Page, shop: Shop) -> None:
    [lamp] = receive(line(name="Lampu hilang"))
    before = sales(shop)
    wedge(till, lamp.code)
    till.get_by_role("button", name="Uang pas").click()

    def lose_the_answer(route: Route) -> None:
        route.fetch(max_redirects=0)
        route.abort()

    till.route("**/checkout", lose_the_answer)
    till.get_by_role("button", name="Selesaikan Rp275.000").click()
    expect(till.get_by_text("Belum tersambung ke server galeri")).to_be_visible()
    assert sales(shop) == before + 1
    expect(till.get_by_text("dikirim lagi sendiri begitu tersambung")).to_be_visible()
    till.unroute("**/checkout")
    # Sent again by itself, with the same request id.
    expect(till.get_by_role("heading", name=re.compile("Lunas|K1-"))).to_be_visible()
    expect(till.get_by_text("Lampu hilang").first).to_be_visible()
    assert sales(shop) == before + 1


def test_an_ended_session_leads_back_to_the_same_basket(till: Page, shop: Shop) -> None:
    [lamp, other] = receive(line(name="Lampu sesi", quantity="2"))
    wedge(till, lamp.code)
    expect(till.locator(".lines li")).to_have_count(1)
    till.context.clear_cookies()
    wedge(till, other.code)
    expect(till.get_by_label("Nama pengguna")).to_be_visible()
    sign_in(till, "petugas")
    till.goto("/till")
    expect(till.locator(".lines li")).to_have_count(1)


def test_parked_and_taken_up_again(till: Page, shop: Shop) -> None:
    [lamp] = receive(line(name="Lampu parkir"))
    wedge(till, lamp.code)
    till.get_by_label("Nama untuk keranjang yang diparkir").fill("Bu Rina")
    till.get_by_role("button", name="Parkir F4").click()
    expect(till.get_by_text("Keranjang masih kosong")).to_be_visible()
    till.get_by_role("button", name="Bu Rina").click()
    expect(till.locator(".lines li")).to_contain_text("Lampu parkir")


def test_a_phone_pays_from_the_sheet(visit: Visit, shop: Shop) -> None:
    [lamp] = receive(line(name="Lampu telepon"))
    page = visit("petugas2", PHONE)
    page.goto("/till")
    if "/shifts/new" in page.url:
        open_shift(page, "Meja 2", "0")
    page.get_by_label(SCAN).fill(lamp.code)
    page.get_by_label(SCAN).press("Enter")
    page.get_by_role("button", name="Bayar").click()
    page.get_by_role("button", name="Uang pas").click()
    page.get_by_role("button", name="Selesaikan Rp275.000").click()
    expect(page.get_by_role("heading", name="Lunas")).to_be_visible()


def test_everything_works_without_script(visit: Visit, shop: Shop) -> None:
    [lamp] = receive(line(name="Lampu tanpa skrip"))
    page = visit("petugas2", LAPTOP, java_script_enabled=False)
    page.goto("/till")
    if "/shifts/new" in page.url:
        open_shift(page, "Meja 2", "0")
    page.get_by_label(SCAN).fill(lamp.code)
    page.get_by_label(SCAN).press("Enter")
    expect(page.locator(".lines li")).to_have_count(1)
    page.get_by_label("Uang diterima").fill("300000")
    page.get_by_role("button", name="Selesaikan Rp275.000").click()
    expect(page.locator(".change-box")).to_contain_text("Rp25.000")


def test_a_lost_server_is_told_and_payment_waits(visit: Visit, shop: Shop) -> None:
    [lamp, other] = receive(line(name="Lampu listrik", quantity="2"))
    page = visit("petugas")
    open_shift(page)
    wedge(page, lamp.code)
    expect(page.locator(".lines li")).to_have_count(1)
    shop.stop()
    page.get_by_label(SCAN).fill(other.code)
    page.get_by_label(SCAN).press("Enter")
    expect(page.get_by_text("Belum tersambung ke server galeri")).to_be_visible()
    expect(page.get_by_text("dikirim lagi sendiri begitu tersambung")).to_be_visible()
    expect(page.get_by_role("button", name="Selesaikan Rp275.000")).to_be_disabled()
    shop.start()
    expect(page.get_by_text("Belum tersambung ke server galeri")).to_be_hidden(timeout=20_000)
    expect(page.locator(".lines li")).to_have_count(2)
    expect(page.get_by_role("button", name="Selesaikan Rp550.000")).to_be_enabled()
    empty(page)
    page.get_by_role("link", name="Tutup sif").click()
    page.locator("#n100000").fill("2")
    page.get_by_role("button", name="Tutup sif").click()


def test_a_piece_goes_back_without_script_too(visit: Visit, shop: Shop) -> None:
    [lamp] = receive(line(name="Lampu pulang"))
    page = visit("petugas2", LAPTOP, java_script_enabled=False)
    page.goto(f"/q/{lamp.code}")
    page.get_by_role("link", name="Kembalikan ke perajin").click()
    page.get_by_role("button", name="Kembalikan ke perajin").click()
    expect(page.get_by_text("Sudah dicatat. Cetak notanya untuk ditandatangani.")).to_be_visible()
