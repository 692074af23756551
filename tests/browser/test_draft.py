"""A consignment note being typed: it saves itself, and never writes over what is typed meanwhile."""

from playwright.sync_api import Page, Route, expect

from tests.browser.conftest import PHONE, Shop, Visit


def begin(page: Page) -> None:
    """A new draft for Tutik."""
    page.goto("/consignments/new")
    page.get_by_role("button", name="Tutik Handayani").click()


def test_an_answer_never_writes_over_what_was_typed_meanwhile(visit: Visit, shop: Shop) -> None:
    page = visit("petugas")
    begin(page)
    page.get_by_label("Nama barang").fill("Lampu gantung")
    expect(page.get_by_role("heading", name="Jika 1 barang ini laku semua")).to_be_visible()
    held: list[Route] = []
    page.route("**/draft", lambda route: route.continue_() if held else held.append(route))
    price = page.get_by_label("Harga jual")
    price.click()
    page.keyboard.type("300")
    while not held:
        page.wait_for_timeout(20)
    answer = held[0].fetch()
    assert 'value="300"' in answer.text()
    page.keyboard.type(".000")
    page.keyboard.press("Tab")
    held[0].fulfill(response=answer)
    expect(page.locator(".draft-shares")).to_contain_text("Rp255.000")
    expect(price).to_have_value("300.000")
    page.reload()
    expect(page.get_by_label("Harga jual")).to_have_value("300.000")


def test_goods_taken_in_with_a_count_are_finished_later(visit: Visit, shop: Shop) -> None:
    page = visit("petugas", PHONE)
    begin(page)
    page.get_by_label("Jumlah", exact=True).fill("200")
    page.get_by_role("button", name="Lanjutkan nanti").click()
    expect(page.get_by_text("Draf tersimpan. Lanjutkan kapan saja dari Nota titip.")).to_be_visible()
    page.get_by_role("link", name="Tutik Handayani").filter(has_text="200").click()
    page.get_by_role("button", name="Simpan & cetak label").click()
    expect(page.get_by_text("Tulis nama barangnya.")).to_be_visible()
    expect(page.get_by_label("Jumlah", exact=True)).to_have_value("200")
    page.get_by_label("Nama barang").fill("Gantungan kunci")
    page.get_by_label("Jenis").select_option("Gantungan kunci")
    page.get_by_label("Harga jual").fill("12.000")
    page.get_by_text("Satu label untuk semua").click()
    page.get_by_text("Harga setor", exact=True).click()
    page.get_by_label("Harga setor per buah").fill("9.000")
    page.get_by_role("button", name="Simpan & cetak label").click()
    expect(page.get_by_role("heading", name="Cetak 1 label")).to_be_visible()
    expect(page.get_by_text("Rp1.800.000")).to_be_visible()


def test_an_older_screen_does_not_write_over_a_newer_one(visit: Visit, shop: Shop) -> None:
    page = visit("petugas")
    begin(page)
    older = page.context.new_page()
    older.goto(page.url)
    page.get_by_label("Nama barang").fill("Kursi dari layar baru")
    page.get_by_label("Nama barang").blur()
    expect(page.locator("#draft")).not_to_have_class("htmx-request")
    page.wait_for_load_state("networkidle")
    older.get_by_label("Nama barang").fill("Kursi dari layar lama")
    expect(older.get_by_text("Draf ini sudah diubah di layar lain")).to_be_visible()
    page.reload()
    expect(page.get_by_label("Nama barang")).to_have_value("Kursi dari layar baru")


def test_a_draft_may_change_hands(visit: Visit, shop: Shop) -> None:
    page = visit("petugas")
    begin(page)
    page.get_by_label("Nama barang").fill("Meja salah perajin")
    page.get_by_label("Nama barang").blur()
    page.wait_for_load_state("networkidle")
    page.get_by_role("link", name="Ganti perajin").click()
    page.get_by_role("button", name="Slamet Riyadi").click()
    expect(page.get_by_role("heading", name="Slamet Riyadi")).to_be_visible()
    expect(page.get_by_label("Nama barang")).to_have_value("Meja salah perajin")
