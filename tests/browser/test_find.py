"""Finding from any page: F2, and a scanner that types while no field has the focus."""

import re

from playwright.sync_api import expect

from tests.browser.conftest import Shop, Visit
from tests.builders import line, receive


def test_f2_opens_the_search_from_any_page(visit: Visit, shop: Shop) -> None:
    receive(line("Kursi Sekar"))
    page = visit("petugas")
    page.goto("/sales")
    page.keyboard.press("F2")
    page.wait_for_url(re.compile(r"/find$"))
    page.keyboard.type("kursi sekar")
    page.keyboard.press("Enter")
    expect(page.get_by_role("link", name="Kursi Sekar").first).to_be_visible()


def test_a_scanner_opens_the_piece_wherever_one_is(visit: Visit, shop: Shop) -> None:
    [lamp] = receive(line("Lampu Kendil"))
    page = visit("petugas")
    page.goto("/sales")
    page.keyboard.type(lamp.code, delay=5)
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(rf"/q/{lamp.code}$", re.I))
    expect(page.get_by_role("heading", name="Lampu Kendil").first).to_be_visible()


def test_what_a_person_types_slowly_opens_nothing(visit: Visit, shop: Shop) -> None:
    page = visit("petugas")
    page.goto("/sales")
    page.keyboard.type("abcdefghij", delay=150)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Penjualan", exact=True)).to_be_visible()


def test_a_page_that_scans_keeps_the_code_and_what_was_picked(visit: Visit, shop: Shop) -> None:
    lamp, chair = receive(line("Lampu Kendil"), line("Kursi Sekar"))
    page = visit("petugas")
    page.goto("/hand-backs/new")
    for item in (lamp, chair):
        page.locator("h1").click()  # the field no longer has the focus
        page.keyboard.type(item.code, delay=5)
        page.keyboard.press("Enter")
        expect(page.locator(".picked")).to_contain_text(item.code)
    page.locator("h1").click()
    page.keyboard.press("F2")
    expect(page.get_by_label("Pindai label, atau ketik kode / nama barang")).to_be_focused()
    expect(page.locator(".picked li")).to_have_count(2)


def test_what_somebody_is_writing_stays(visit: Visit, shop: Shop) -> None:
    [lamp] = receive(line("Lampu Kendil"))
    page = visit("pengelola")
    page.goto("/crafters/new")
    page.get_by_label("Nama", exact=True).fill("Bu Sumarni")
    page.locator("h1").click()
    with page.context.expect_page() as beside:
        page.keyboard.type(lamp.code, delay=5)
        page.keyboard.press("Enter")
    beside.value.wait_for_url(re.compile(rf"/q/{lamp.code}$", re.I))
    expect(page.get_by_label("Nama", exact=True)).to_have_value("Bu Sumarni")
    # Refused, what was typed is what the form begins with: it stays all the same.
    page.get_by_label("Nomor HP").fill("nol delapan")
    page.get_by_role("button", name="Simpan").click()
    expect(page.locator(".wrong").first).to_be_visible()
    page.locator("h1").click()
    with page.context.expect_page() as beside:
        page.keyboard.press("F2")
    beside.value.wait_for_url(re.compile(r"/find$"))
    expect(page.get_by_label("Nama", exact=True)).to_have_value("Bu Sumarni")


def test_a_scanner_fills_in_the_other_label_and_nothing_is_swapped_yet(visit: Visit, shop: Shop) -> None:
    lamp, chair = receive(line("Lampu Kendil"), line("Kursi Sekar"))
    page = visit("petugas")
    page.goto(f"/items/{lamp.id}/label-swap")
    page.locator("h1").click()  # the field no longer has the focus
    page.keyboard.type(chair.code, delay=5)
    page.keyboard.press("Enter")
    expect(page.get_by_label("Kode label barang yang satunya")).to_have_value(chair.code)
    expect(page.get_by_label("Sebabnya")).to_be_focused()
    page.get_by_label("Kode label barang yang satunya").focus()
    page.keyboard.press("Enter")  # a scanner's, in the field: why is asked first, and nothing is sent
    expect(page.get_by_label("Sebabnya")).to_be_focused()
    page.get_by_label("Sebabnya").fill("tertukar")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(rf"/q/{chair.code}$", re.I))
