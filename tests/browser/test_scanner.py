"""A phone as the laptop's scanner: joined by the QR on the till's screen, followed within a second, three at once."""

import re

from playwright.sync_api import Page, expect
from sqlalchemy import select

from showroom_app.extensions import reading, rollback
from showroom_app.sales import scanner, shift
from showroom_app.sales.models import Basket
from tests.browser.conftest import PHONE, Shop, Visit, open_shift
from tests.browser.test_screens import faults
from tests.builders import line, receive, user


def joined(visit: Visit, address: str, username: str) -> Page:
    """A phone of somebody that scanned the till's QR."""
    phone = visit(username, PHONE)
    phone.goto(address)
    expect(phone.get_by_role("heading", name="Pindai untuk Meja 1")).to_be_visible()
    return phone


def open_shift_of(username: str) -> int:
    """The shift somebody opened in the browser."""
    rollback()
    return int(shift.shift_of(user(username).id).id)


def version_now(till: Page) -> str:
    """The version of the basket that the till shows, as the book has it now."""
    basket_id = int(till.locator("#pay").get_attribute("action").split("/")[2])  # type: ignore[union-attr]
    rollback()
    return str(reading().execute(select(Basket.version).where(Basket.id == basket_id)).scalar_one())


def type_code(page: Page, code: str) -> None:
    """What the camera reads goes the same way."""
    page.locator("#code").fill(code)
    page.locator("#code").press("Enter")


def test_three_phones_fill_the_basket_of_one_till_and_everybody_sees_it(visit: Visit, shop: Shop) -> None:
    goods = receive(line("Lampu meja", "150.000", quantity="6"))
    till = visit("petugas")
    open_shift(till)
    till.get_by_role("button", name="HP jadi pemindai").click()
    expect(till.get_by_text("HP belum bisa masuk")).to_be_visible()  # this shop is served to this machine alone
    assert faults(till) == []
    till.keyboard.press("Escape")
    path = f"/scanner/{scanner.ticket(open_shift_of('petugas'))}"
    phones = [joined(visit, path, name) for name in ("petugas2", "petugas2", "pengelola")]

    till.locator("#received").fill("1.000.000")
    type_code(phones[0], goods[0].code)
    expect(till.locator(".lines li")).to_have_count(1)
    expect(phones[0].locator("[data-scanned]")).to_have_text("Lampu meja")
    expect(phones[1].locator("#scanned")).to_contain_text("Rp150.000")
    expect(till.locator("#received")).to_have_value("1.000.000")  # what was typed meanwhile stays
    expect(phones[1].locator("[data-scanned]")).to_have_count(0)  # each shows large what it scanned itself

    for phone, item in zip(phones, goods[1:4], strict=True):
        type_code(phone, item.code)
    expect(till.locator(".lines li")).to_have_count(4)
    for phone in phones:
        expect(phone.locator("#scanned")).to_contain_text("Rp600.000")

    type_code(phones[2], goods[0].code)
    expect(phones[2].locator("#refused")).to_contain_text("sudah ada di keranjang")
    assert faults(phones[2]) == []
    type_code(phones[2], goods[4].code)
    phones[2].get_by_role("button", name="Salah pindai, keluarkan").click()
    expect(phones[2].get_by_text("Dikeluarkan dari keranjang")).to_be_visible()
    assert faults(phones[0]) == []

    version = version_now(till)
    expect(till.locator("#pay [name=version]")).to_have_value(version)  # what was put in and taken out is seen, too
    expect(till.locator(".lines li")).to_have_count(4)
    till.get_by_role("button", name="Selesaikan Rp600.000").click()
    expect(till.get_by_role("heading", name="Lunas")).to_be_visible()
    expect(phones[0].locator("#scanned")).to_contain_text("Menunggu pembeli berikutnya")
    type_code(phones[0], goods[5].code)
    till.get_by_role("link", name="Pembeli berikutnya").click()
    expect(till.locator(".lines li")).to_have_count(1)
    till.get_by_role("button", name="Kosongkan").click()
    expect(phones[0].locator("#scanned")).to_contain_text("Keranjang kosong")


def test_the_second_screen_of_the_same_attendant_follows_too(visit: Visit, shop: Shop) -> None:
    [lamp] = receive(line())
    laptop, phone = visit("petugas2"), visit("petugas2", PHONE)
    open_shift(laptop, "Meja 2")
    phone.goto("/till")
    type_code(phone, lamp.code)
    expect(laptop.get_by_text("Lampu gantung")).to_be_visible()
    laptop.get_by_role("button", name="Uang pas").click()
    laptop.get_by_role("button", name=re.compile("^Selesaikan")).click()
    expect(laptop.get_by_role("heading", name="Lunas")).to_be_visible()
    expect(phone.get_by_role("heading", name="K2-00001")).to_be_visible()  # its receipt: never paid a second time
