"""The line is cut: in the middle of a payment, at a crafter's page, and before anything was opened."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import func, select

from showroom_app.extensions import reading, rollback
from showroom_app.sales.models import Sale
from tests.browser.conftest import PHONE, Shop, open_shift, sign_in
from tests.browser.test_screens import faults
from tests.builders import card_of, line, open_till, receive

LOST = "Belum tersambung ke server galeri"
INSTALLED = "navigator.serviceWorker.ready.then(() => true)"


@pytest.fixture
def phone(browser: Browser, fresh_shop: Shop) -> Iterator[Page]:
    """A phone with a service worker, as people have it."""
    context = browser.new_context(base_url=fresh_shop.address, **PHONE)
    yield context.new_page()
    context.close()


def sales(shop: Shop) -> int:
    """How many sales there are."""
    rollback()
    return int(reading().execute(select(func.count(Sale.id))).scalar_one())


@pytest.mark.parametrize("arrived", [True, False])
def test_a_payment_cut_in_the_middle_is_one_sale(phone: Page, fresh_shop: Shop, arrived: bool) -> None:
    """The press reached the server and its answer was lost, or it never reached it: the phone can't know which."""
    [lamp] = receive(line())
    sign_in(phone, "petugas")
    open_shift(phone)
    assert phone.evaluate(INSTALLED)
    phone.locator("#code").fill(lamp.code)
    phone.locator("#code").press("Enter")
    phone.get_by_role("button", name="Bayar").click()
    phone.get_by_role("button", name="300.000").click()

    def cut(route: Any) -> None:
        if arrived:
            route.fetch(max_redirects=0)
        route.abort()

    phone.context.route("**/checkout", cut)
    phone.context.route("**/healthz", lambda route: route.abort())
    phone.get_by_role("button", name="Selesaikan Rp275.000").click()
    expect(phone.get_by_text(LOST)).to_be_visible()
    expect(phone.get_by_text("tidak tercatat dua kali")).to_be_visible()
    expect(phone.locator("#received")).to_have_value("300.000")  # what was typed stays
    assert sales(fresh_shop) == (1 if arrived else 0)
    phone.context.unroute("**/checkout")
    phone.context.unroute("**/healthz")
    expect(phone.get_by_role("heading", name=re.compile("Lunas|K1-00001"))).to_be_visible(timeout=15_000)
    assert sales(fresh_shop) == 1
    phone.goto("/till")
    expect(phone.get_by_text("Keranjang masih kosong")).to_be_visible()
    phone.wait_for_timeout(1500)
    assert sales(fresh_shop) == 1


def test_the_server_dies_in_the_middle_of_scans_and_comes_back(phone: Page, fresh_shop: Shop) -> None:
    [rings] = receive(line("Gelang", "20.000", quantity="9", per_piece="lot"))
    sign_in(phone, "petugas")
    open_shift(phone)
    fresh_shop.stop()
    for _scan in range(3):
        phone.locator("#code").fill(rings.code)
        phone.locator("#code").press("Enter")
        expect(phone.get_by_text(LOST)).to_be_visible()
    fresh_shop.start()
    expect(phone.locator(".lines output")).to_have_text("3", timeout=20_000)
    expect(phone.get_by_text(LOST)).to_be_hidden()


def test_a_proxy_that_finds_no_shop_takes_nothing_off_the_screen(phone: Page, fresh_shop: Shop) -> None:
    [rings] = receive(line("Gelang", "20.000", quantity="9", per_piece="lot"))
    sign_in(phone, "petugas")
    open_shift(phone)
    phone.locator("#code").fill(rings.code)
    phone.locator("#code").press("Enter")
    expect(phone.locator(".lines output")).to_have_text("1")
    phone.context.route("**/baskets/**", lambda route: route.fulfill(status=502, body=""))
    phone.context.route("**/healthz", lambda route: route.fulfill(status=502, body=""))
    expect(phone.get_by_text(LOST)).to_be_visible()
    phone.locator("#code").fill(rings.code)
    phone.locator("#code").press("Enter")
    expect(phone.locator("[data-waiting]")).to_be_visible()
    expect(phone.locator(".lines output")).to_have_text("1")
    phone.context.unroute("**/baskets/**")
    phone.context.unroute("**/healthz")
    expect(phone.locator(".lines output")).to_have_text("2", timeout=15_000)
    expect(phone.get_by_text(LOST)).to_be_hidden()


def test_what_waited_too_long_is_told_also_after_a_reload(phone: Page, fresh_shop: Shop) -> None:
    [rings] = receive(line("Gelang", "20.000", quantity="9", per_piece="lot"))
    sign_in(phone, "petugas")
    open_shift(phone)
    phone.context.route("**/baskets/**", lambda route: route.abort())
    phone.context.route("**/healthz", lambda route: route.abort())
    phone.locator("#code").fill(rings.code)
    phone.locator("#code").press("Enter")
    expect(phone.locator("[data-waiting]")).to_be_visible()
    grow_old = (
        "sessionStorage.waiting = JSON.stringify(JSON.parse(sessionStorage.waiting).map(one => ({...one, at: 0})))"
    )
    phone.evaluate(grow_old)
    phone.context.unroute("**/baskets/**")
    phone.context.unroute("**/healthz")
    phone.reload()
    expect(phone.get_by_text("Ada yang terlalu lama menunggu sambungan")).to_be_visible()
    expect(phone.get_by_text("Keranjang masih kosong")).to_be_visible()


def with_a_sale(phone: Page) -> None:
    """A crafter who is signed in, of whose goods one sold."""
    [lamp] = receive(line())
    till = open_till()
    till.scan(lamp.code)
    till.pay()
    sign_in(phone, "perajin")
    assert phone.evaluate(INSTALLED)


def test_a_crafter_sees_the_last_page_marked_as_old_and_nobody_after_them(phone: Page, fresh_shop: Shop) -> None:
    with_a_sale(phone)
    phone.goto("/my")
    expect(phone.locator(".balance")).to_contain_text("Rp233.750")
    expect(phone.locator("#old")).to_be_hidden()
    fresh_shop.stop()
    phone.goto("/my")
    expect(phone.locator(".balance")).to_contain_text("Rp233.750")
    expect(phone.locator("#old")).to_be_visible()
    expect(phone.locator("#old [data-kept]")).to_contain_text(re.compile(r"\d\d\.\d\d"))
    assert faults(phone) == []
    phone.goto("/till")
    expect(phone.get_by_role("heading", name=LOST)).to_be_visible()
    assert faults(phone) == []
    fresh_shop.start()
    phone.goto("/my")
    expect(phone.locator("#old")).to_be_hidden()
    phone.context.clear_cookies()  # ended from the office
    phone.goto("/my")
    expect(phone.get_by_label("Nama pengguna")).to_be_visible()
    fresh_shop.stop()
    phone.goto("/my")
    expect(phone.get_by_role("heading", name=LOST)).to_be_visible()
    expect(phone.get_by_text("Rp233.750")).to_have_count(0)
    fresh_shop.start()
    expect(phone.get_by_label("Nama pengguna")).to_be_visible(timeout=15_000)  # it opens by itself
    sign_in(phone, "perajin")
    phone.goto("/my")
    expect(phone.locator(".balance")).to_contain_text("Rp233.750")
    phone.context.clear_cookies()
    phone.goto(f"/CARD/{card_of('Tutik')}")  # as printed; somebody else's would do the same
    fresh_shop.stop()
    phone.goto("/my")
    expect(phone.get_by_role("heading", name=LOST)).to_be_visible()
    fresh_shop.start()


def test_opened_from_its_icon_the_app_shows_the_last_page_too(phone: Page, fresh_shop: Shop) -> None:
    with_a_sale(phone)
    phone.goto("/")
    expect(phone.locator(".balance")).to_contain_text("Rp233.750")
    expect(phone.locator("#old")).to_be_hidden()
    fresh_shop.stop()
    phone.goto("/")
    expect(phone.locator(".balance")).to_contain_text("Rp233.750")
    expect(phone.locator("#old [data-kept]")).to_contain_text(re.compile(r"\d\d\.\d\d"))
    fresh_shop.start()
    phone.context.clear_cookies()  # ended from the office
    phone.goto("/")
    expect(phone).to_have_url(re.compile("/catalogue$"))
    fresh_shop.stop()
    phone.goto("/")
    expect(phone.get_by_role("heading", name=LOST)).to_be_visible()
    fresh_shop.start()


def test_a_phone_without_room_shows_what_came_and_one_of_2021_keeps_it(phone: Page, fresh_shop: Shop) -> None:
    """What can't be kept is shown all the same; and the worker asks nothing of the browser that came later."""
    with_a_sale(phone)
    [worker] = phone.context.service_workers
    worker.evaluate("delete AbortSignal.timeout; self.put = Cache.prototype.put; 0")
    worker.evaluate("Cache.prototype.put = () => Promise.reject(new DOMException('full', 'QuotaExceededError')); 0")
    phone.goto("/my/items")
    expect(phone.get_by_role("heading", name="Barang saya")).to_be_visible()
    expect(phone.locator("#old")).to_be_hidden()
    worker.evaluate("Cache.prototype.put = self.put; 0")
    phone.goto("/my/sales")
    fresh_shop.stop()
    phone.goto("/my/sales")
    expect(phone.locator("#old")).to_be_visible()
    phone.goto("/my/items")
    expect(phone.get_by_role("heading", name=LOST)).to_be_visible()
    fresh_shop.start()
