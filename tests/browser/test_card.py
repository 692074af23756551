"""A crafter with a card and a phone: the PIN typed by thumb, the wrong one, and a code that is good once."""

from typing import Any

import pytest
from playwright.sync_api import Browser, Page, Playwright, expect

from showroom_app.extensions import rollback
from showroom_app.people import one_time
from tests.browser.conftest import LAPTOP, PHONE, Shop, Visit, chromium, sign_in
from tests.browser.test_screens import SMALL, faults, wide
from tests.builders import PASSWORDS, card_of, crafter_id, request_id, user

PIN = PASSWORDS["perajin"]
KEY_MIN = 76
SIZES = {"phone": PHONE, "laptop": LAPTOP}


def code_for(name: str) -> str:
    """A code that the manager hands over."""
    rollback()
    digits = one_time.hand_over(crafter_id(name), user("pengelola"), request_id()).digits
    rollback()
    return digits


def card(name: str = "Tutik") -> str:
    """The address on a crafter's card."""
    rollback()
    code = card_of(name)
    rollback()
    return f"/card/{code}"


def touch(page: Page, digits: str) -> None:
    """Press keys with the thumb, or with the mouse where there is no touch."""
    for digit in digits:
        page.locator(f"[data-digit='{digit}']").dispatch_event("pointerdown")
        page.locator(f"[data-digit='{digit}']").click()


def filled(page: Page) -> int:
    """How many dots are full."""
    return page.locator(".pin-field .dots i.on").count()


def test_the_pin_is_typed_by_thumb_and_the_sixth_digit_opens(visit: Visit, shop: Shop) -> None:
    page = visit("", PHONE)
    page.goto(card())
    expect(page.get_by_role("heading", name="Selamat datang, Tutik Handayani")).to_be_visible()
    for number, digit in enumerate(PIN[:5], start=1):
        page.locator(f"[data-digit='{digit}']").tap()
        assert filled(page) == number
    expect(page.locator("[data-count]")).to_have_text("5 dari 6 angka")
    page.get_by_role("button", name="Hapus satu angka").tap()
    assert filled(page) == 4
    for digit in PIN[4:]:
        page.locator(f"[data-digit='{digit}']").tap()
    page.wait_for_url("**/my")
    expect(page.get_by_role("heading", name="Saldo Anda")).to_be_visible()
    page.goto(card())
    page.wait_for_url("**/my")


def test_keys_are_large_and_all_of_them_are_on_the_first_screen(visit: Visit, shop: Shop) -> None:
    page = visit("", PHONE)
    page.goto(card())
    for key in page.locator("[data-digit]").all():
        box = key.bounding_box()
        assert box is not None
        assert box["height"] >= KEY_MIN
        assert box["width"] >= KEY_MIN
        assert box["y"] + box["height"] <= 740
    assert page.get_by_role("link", name="Hubungi galeri").bounding_box()["y"] < 740 - 44  # type: ignore[index]
    field = page.get_by_label("Masukkan 6 angka PIN Anda")
    expect(field).to_be_focused()
    assert field.get_attribute("inputmode") == "none", "the phone's own keyboard stays away"


def test_a_wrong_pin_gets_its_sentence_and_the_dots_are_empty(visit: Visit, shop: Shop) -> None:
    page = visit("", PHONE)
    page.goto(card())
    touch(page, "111111")
    expect(page.get_by_text("PIN belum cocok. Ketik lagi.")).to_be_visible()
    assert filled(page) == 0
    assert page.locator("[data-digit='0']").bounding_box()["y"] + KEY_MIN < 740  # type: ignore[index]
    assert faults(page) == []
    touch(page, PIN)
    page.wait_for_url("**/my")


def test_a_keyboard_types_it_too(visit: Visit, shop: Shop) -> None:
    page = visit("", LAPTOP)
    page.goto(card())
    page.keyboard.type("24x6")
    assert filled(page) == 3, "letters are none"
    page.keyboard.press("Backspace")
    assert filled(page) == 2
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="1", exact=True)).to_be_focused()
    for digit in PIN[2:]:
        page.get_by_role("button", name=digit, exact=True).press("Enter")
    page.wait_for_url("**/my")


def test_without_script_it_is_a_plain_form(browser: Browser, shop: Shop) -> None:
    context = browser.new_context(base_url=shop.address, java_script_enabled=False, **PHONE)
    page = context.new_page()
    page.goto(card())
    expect(page.locator("[data-keys]")).to_be_hidden()
    field = page.get_by_label("Masukkan 6 angka PIN Anda")
    assert field.get_attribute("inputmode") == "numeric"
    field.fill(PIN)
    page.get_by_role("button", name="Masuk").click()
    page.wait_for_url("**/my")
    context.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", SIZES)
def test_a_one_time_code_from_the_office_to_a_pin_of_ones_own(visit: Visit, shop: Shop, size: str, scheme: Any) -> None:
    office = visit("pengelola", SIZES[size], color_scheme=scheme)
    office.goto(f"/crafters/{crafter_id('Slamet')}")
    if office.get_by_text("Lupa PIN: buat kode sekali pakai").count():
        office.get_by_text("Lupa PIN: buat kode sekali pakai").click()
        office.get_by_role("button", name="Ya, buat kodenya").click()
    else:
        office.get_by_role("button", name="Buat kode sekali pakai").click()
    digits = office.locator(".told-digits .unseen").inner_text()
    assert faults(office) == []
    page = visit("", SIZES[size], color_scheme=scheme)
    page.goto(card("Slamet"))
    touch(page, digits)
    page.wait_for_url("**/pin")
    assert faults(page) == []
    page.goto("/my/items")
    page.wait_for_url("**/pin")
    touch(page, "739104739105")
    expect(page.get_by_text("PIN yang kedua tidak sama. Ketik lagi.")).to_be_visible()
    assert filled(page) == 0
    assert faults(page) == []
    touch(page, "170845170845")
    expect(page.get_by_text("Ini tanggal. Orang bisa menebak tanggal lahir Anda.")).to_be_visible()
    touch(page, "739104739104")
    page.wait_for_url("**/my")
    expect(page.get_by_text("PIN Anda tersimpan")).to_be_visible()
    office.reload()  # sends the same press again
    expect(office.get_by_text("sudah dibuat, dan hanya terlihat sekali")).to_be_visible()
    assert faults(office) == []


def test_touch_targets_and_large_text(visit: Visit, shop: Shop) -> None:
    page = visit("", PHONE)
    page.goto(card())
    assert page.evaluate(SMALL) == []
    sign_in(page, "pengelola")
    for address in ("/crafters/cards", f"/crafters/{crafter_id('Tutik')}", card()):
        page.goto(address)
        assert page.evaluate(SMALL) == [], address
    for words in ("Kartu hilang", "Lupa PIN: buat kode sekali pakai"):
        page.goto(f"/crafters/{crafter_id('Tutik')}")
        page.get_by_text(words, exact=True).click()
        assert faults(page) == []
    page = visit("", PHONE)
    page.goto("/sign-in")
    page.get_by_label("Nama pengguna").fill("perajin")
    page.get_by_label("Kata sandi").fill(code_for("Tutik"))
    page.get_by_role("button", name="Masuk", exact=True).click()
    page.wait_for_url("**/pin")
    assert page.evaluate(SMALL) == []


def test_text_may_be_twice_as_large(playwright: Playwright, shop: Shop) -> None:
    browser = chromium(playwright, "--blink-settings=defaultFontSize=32")
    page = browser.new_context(base_url=shop.address, **PHONE).new_page()
    page.goto(card("Slamet"))
    assert wide(page) == []
    touch(page, "000000")
    expect(page.locator(".error")).to_be_visible()
    assert wide(page) == []
    page.goto(card("Slamet"))
    touch(page, code_for("Slamet"))
    page.wait_for_url("**/pin")
    assert wide(page) == []
    browser.close()
