"""Every screen, on a phone and a laptop, light and dark, with large text: axe finds nothing, nothing sticks out."""

import hashlib
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, Playwright, expect
from sqlalchemy import insert

from showroom_app import certificates
from showroom_app.counting import count, stocktake
from showroom_app.counting.stocktake import Scope
from showroom_app.extensions import begin_write, commit, now, reading
from showroom_app.ledger import book
from showroom_app.lib.clock import jakarta_date
from showroom_app.lib.typed import Typed
from showroom_app.payouts import payout
from showroom_app.payouts.due import due_until
from showroom_app.payouts.payout import Pay
from showroom_app.people import consent, face
from showroom_app.people.models import SetUpToken
from showroom_app.sales import bargain, refund, scanner, service_lines
from showroom_app.sales.bargain import Wanted
from showroom_app.sales.refund import Asked
from showroom_app.stock import intake
from showroom_app.venues.arrival import left_of
from tests.browser.conftest import LAPTOP, PHONE, Shop, Visit, chromium, sign_in
from tests.builders import (
    ask_for_bank,
    card_of,
    crafter_id,
    lend_to,
    line,
    of_goods,
    open_till,
    propose,
    receive,
    request_id,
    show,
    stood_long,
    user,
)
from tests.imports.files import CRAFTER, GOODS, bring, goods_row, take, xlsx

SIZES = {"phone": PHONE, "laptop": LAPTOP}
Paths = dict[str, list[str]]


@pytest.fixture(scope="module")
def paths(shop: Shop) -> Paths:
    """The addresses of every screen by who sees it, with something on each."""
    long = "Kursi teras anyaman tangan dengan bantalan lepas-pasang “Sekar Kedhaton” ukuran sangat besar"
    lots = [line(quantity="3"), line(name=long, price="1.250.000", category="Kursi")]
    lamp, second, _third, chair = receive(*lots, line(name="Gantungan kunci", quantity="200", per_piece="lot"))[:4]
    [coffee_table] = receive(line(name="Meja kopi", price="900.000"), crafter="Slamet")
    till = open_till("petugas2", "K2")
    till.scan(lamp.code)
    sale = till.pay()
    gone = refund.refund(sale, Asked({1: (1, "shelf")}, (), {}, "cacat"), till.who, request_id())
    manager, today = user("pengelola"), jakarta_date(now())
    table = open_till("pengelola", "K1")
    table.scan(second.code)
    other = table.pay()
    table.scan(coffee_table.code)
    table.pay()
    due = due_until(reading(), crafter_account("Tutik"), today)
    paid = payout.pay([Pay(crafter_id("Tutik"), due, "office")], today, manager, request_id())
    till.scan(chair.code)
    service_lines.add_service(till.basket_id, Typed(kind="delivery", amount="25.000"), till.who, request_id())
    bargain.give(till.basket_id, Wanted(chair.id, bps=5000, reason="cacat kecil"), till.who, request_id())
    counted = count_something(chair.code, lamp.code)
    draft = intake.start(crafter_id("Tutik"), user("petugas"), request_id())
    intake.keep_draft(draft, {"lines": [line(), line(name="", price="abc")], "agreed_until": ""}, user("petugas"))
    goods = of_goods(chair.id)
    [on_the_way] = left_of(reading(), goods["transfer_id"])
    stood_long("Tudung saji", "Keranjang laundry tutup, besar")
    told = Typed(story="Saya menganyam sejak 1998, belajar dari bapak di teras rumah.")
    face.save_profile(crafter_id("Tutik"), told, "", manager, request_id())
    consent.give(crafter_id("Tutik"), consent.PARTS, manager, request_id())
    fair = goods["venue_id"]
    certificates.prepare(Path(shop.app.instance_path), {"localhost"}, now())
    propose(long)
    ask_for_bank()
    arrived = show(fair, *receive(line(name=long, price="1.250.000"), line("Gelang", quantity="9", per_piece="lot")))
    begin_write().execute(insert(SetUpToken).values(hash=hashlib.sha256(b"galeri-baru").hexdigest(), made_at=now()))
    commit()
    return {
        "": [
            "/sign-in", "/set-up/galeri-baru", f"/q/{chair.code}", f"/q/{lamp.code}", "/q/ABC", "/no-such-page",
            "/sertifikat", "/offline", f"/card/{card_of('Tutik')}", "/card/0000000000000000",
            "/catalogue", "/catalogue?q=tidakada", "/catalogue?price_from=x", f"/catalogue/{chair.product_id}",
            "/catalogue/999", f"/makers/{crafter_id('Tutik')}",
        ],
        "petugas2": [
            "/till", "/consignments", "/consignments/new", f"/consignments/{draft}", "/consignments/1", "/items",
            "/items?q=tidakada", "/crafters", "/sales", f"/sales/{sale}", f"/sales/{sale}?new=1",
            f"/shifts/{till.shift_id}/close", f"/q/{chair.code}", "/password", "/shifts",
            f"/shifts/{till.shift_id}/cash",
            f"/baskets/{till.basket_id}/discount", f"/baskets/{till.basket_id}/discount?item={chair.id}&value=60",
            "/till/scanner", f"/scanner/{scanner.ticket(till.shift_id)}",
            f"/baskets/{till.basket_id}/services", f"/baskets/{till.basket_id}/approval", "/refunds",
            f"/refunds/{gone}", "/find", "/find?q=kursi", "/scan", "/labels", f"/labels?item={chair.id}",
            f"/items/{chair.id}/label-swap", "/products",
            f"/products/{goods['product_id']}", "/hand-backs", "/ageing",
            f"/hand-backs/new?item={chair.id}", f"/hand-backs/{goods['hand_back_id']}", "/items?days=x&state=lost",
            f"/sales/{other}/refunds", f"/sales/{other}/refunds?q1=1&reason=cacat",
            "/stocktakes", f"/stocktakes/{counted + 1}", f"/stocktakes/{counted + 1}/left",
            "/venues", f"/venues/{fair}", f"/venues/{fair}/send", f"/venues/{fair}/send?item={coffee_table.id + 1}",
            f"/venues/{fair}/bring-back", f"/transfers/{goods['transfer_id']}", f"/transfers/{arrived}",
        ],
        "petugas": ["/shifts/new"],
        "pengelola": [
            "/crafters/cards", "/crafters/cards?q=tidakada", f"/card/{card_of('Tutik')}",
            "/users", "/users/new", "/settings", "/crafters/1", "/crafters/1/profile", "/crafters/new", "/reports",
            f"/q/{lamp.code}",
            "/users/1", "/my", "/payouts", "/payouts/history", f"/payouts/{paid.payout_ids[0]}",
            f"/payouts/batches/{paid.batch_id}", "/crafters/1/advances", f"/advances/{lend_to('Tutik')}",
            "/crafters/1/statement", "/settings/money", "/settings/goods", "/labels/sheets/tj-108",
            "/journal", "/journal/1", "/activity", f"/terms?item={lamp.id + 1}", f"/items/{chair.id}/write-off",
            "/write-offs", f"/write-offs/{goods['write_off_id']}", f"/shifts/{table.shift_id}",
            f"/stocktakes/{counted}", f"/stocktakes/{counted}?all=1", f"/stocktakes/{counted + 1}/left",
            "/imports", *(f"/imports/{import_id}" for import_id in files()),
            "/venues", "/venues/new", f"/venues/{fair}", f"/venues/{fair}/edit", f"/venues/{fair}/close",
            f"/transfers/{goods['transfer_id']}", f"/transfers/{goods['transfer_id']}/lose/{on_the_way}", "/requests",
        ],
        "pengamat": ["/reports", "/items", f"/venues/{fair}"],
        "perajin": [
            "/my", "/my/items", f"/my/products/{goods['product_id']}", "/my/sales", "/my/statement", f"/q/{chair.code}",
            "/my/consignments", "/my/consignments/1", "/my/hand-backs", f"/my/hand-backs/{goods['hand_back_id']}",
            "/my/questions", "/my/proposals", "/my/proposals/new", "/my/settings", "/my/change/phone",
            "/my/consent",
        ],
    }  # fmt: skip


def count_something(there: str, sold: str) -> int:
    """A count that is closed, with something missing and unexpected; and the next one, which is open."""
    manager = user("pengelola")
    for ends in (True, False):
        number = stocktake.begin(Scope(), user("petugas"), request_id())
        for code in (there, sold):
            count.count(number, code, user("petugas"), request_id())
        if ends:
            stocktake.close(number, "rak belakang belum", manager, request_id())
    return number - 1


def files() -> list[int]:
    """Files to import: one with problems, one without, one that is in."""
    wrong = [goods_row(f"Barang {n}", price="12,5 juta") for n in range(60)]
    good = goods_row("Kursi teras anyaman tangan dengan bantalan lepas-pasang “Sekar Kedhaton”")
    people = xlsx(CRAFTER, ["Sri Wahyuni", "Anyaman Sri", "0813 1111 2222"])
    return [
        bring(xlsx(GOODS, *wrong)),
        bring(xlsx(GOODS, good)),
        bring(people, "crafters"),
        take(xlsx(GOODS, goods_row())),
    ]


def crafter_account(name: str) -> int:
    """The account of a crafter in the book."""
    found = book.accounts(reading(), [("crafter", crafter_id(name))])
    return found["crafter", crafter_id(name)]


def faults(page: Page, part: str | None = None) -> list[str]:
    """What axe finds (WCAG 2.2 A and AA) in a page or a part, and whether the page is wider than the screen."""
    # A row half under the tabs is no small target: it can be scrolled from under them.
    page.evaluate("document.querySelector('.tabs')?.style.setProperty('position', 'static')")
    found = Axe().run(page, context=part, options={"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]})
    told = [f"{v['id']}: {v['nodes'][0]['html'][:160]}" for v in found.response["violations"]]
    return told + wide(page)


def wide(page: Page) -> list[str]:
    """Whether the page must be scrolled sideways."""
    width, screen = page.evaluate("[document.documentElement.scrollWidth, document.documentElement.clientWidth]")
    if width <= screen:
        return []
    outside = "w => [...document.querySelectorAll('main *')].filter(x => x.getBoundingClientRect().right > w + 1)"
    return [
        f"{width} px wide on a screen of {screen}",
        *page.evaluate(outside + ".map(x => x.outerHTML.slice(0, 80))", screen),
    ]


def walk(page: Page, addresses: list[str], look: Callable[[Page], list[str]]) -> dict[str, list[str]]:
    """Look at each address; what was found, by address."""
    told = {}
    for address in addresses:
        page.goto(address)
        expect(page.locator("main")).to_be_visible()
        if found := look(page):
            told[address] = found
    return told


# What a browser shows otherwise than by going there, or what is no page.
NOT_WALKED = {
    "people.front": "leads to each one's own first page",
    "health.healthz": "JSON, for what watches the server",
    "pin.choose": "only after a code that was handed over: test_card.py goes there",
    "plain.sheet": "a style sheet, for old browsers",
    "catalogue.find": "leads to a piece, or to the goods that are found",
    "sales.basket": "a part of the till's page, which is walked",
    "sales.search": "a part of the till's page",
    "sales.whatsapp": "leads to WhatsApp",
    "statements.whatsapp": "leads to WhatsApp",
    "scanners.changes": "a part of the till, which is walked",
    "scanners.page_changes": "a part of the scanner's page, which is walked",
    "counting.live": "a part of the count's page, which is walked",
    "imports.progress": "a part of an import's page, which is walked",
    "stock.draft_crafter": "a note begun, with its crafter to be chosen anew",
}
NO_PAGE = re.compile(r"\.(pdf|csv|xlsx|crt|js|webmanifest|xml|txt)$|^/(photos|faces|qris|imports/example|static)/")


def test_every_page_of_the_app_is_walked(shop: Shop, paths: Paths) -> None:
    ways = shop.app.url_map.bind("localhost")
    walked = {ways.match(urlsplit(to).path)[0] for some in paths.values() for to in some if to != "/no-such-page"}
    rules = {rule.endpoint for rule in shop.app.url_map.iter_rules() if "GET" in (rule.methods or ())}
    files = {rule.endpoint for rule in shop.app.url_map.iter_rules() if NO_PAGE.search(rule.rule)}
    assert rules - files - walked == set(NOT_WALKED)


@pytest.mark.parametrize("username", ["", "petugas2", "petugas", "pengelola", "pengamat", "perajin"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", SIZES)
def test_axe_finds_nothing(visit: Visit, paths: Paths, size: str, scheme: Any, username: str) -> None:
    page = visit(username, SIZES[size], color_scheme=scheme)
    assert walk(page, paths[username], faults) == {}


@pytest.mark.parametrize("size", SIZES)
def test_text_may_be_twice_as_large(playwright: Playwright, shop: Shop, paths: Paths, size: str) -> None:
    browser = chromium(playwright, "--blink-settings=defaultFontSize=32")
    told = {}
    for username in ("", "petugas2", "pengelola", "perajin"):
        page = browser.new_context(base_url=shop.address, **SIZES[size]).new_page()
        if username:
            sign_in(page, username)
        told |= walk(page, paths[username], wide)
    browser.close()
    assert told == {}


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", SIZES)
def test_what_is_asked_before_paying_crafters_is_whole_too(visit: Visit, paths: Paths, size: str, scheme: Any) -> None:
    page = visit("pengelola", SIZES[size], color_scheme=scheme)
    page.goto("/payouts")
    page.get_by_role("button", name="Periksa & bayar").click()
    expect(page.get_by_role("button", name="Ya, catat")).to_be_visible()
    assert faults(page) == []
    page.get_by_role("button", name="Ya, catat").click()
    expect(page.get_by_text("Centang dulu bahwa uangnya sudah dihitung dan dikirim.")).to_be_visible()
    assert faults(page) == []


def test_the_payment_sheet_and_menu_are_whole_too(visit: Visit, paths: Paths) -> None:
    page = visit("petugas2", PHONE)
    page.goto("/till")
    page.get_by_role("button", name="Bayar").click()
    for tender in ("Tunai", "QRIS", "Transfer"):
        page.get_by_role("group", name="Cara bayar").get_by_text(tender, exact=True).click()
        assert faults(page) == [], tender
    page.keyboard.press("Escape")
    page.locator("[data-menu] summary").click()
    expect(page.get_by_role("link", name="Nota titip")).to_be_visible()
    assert faults(page, ".bar") == []


SMALL = """() => [...document.querySelectorAll('button, summary, select, .button, .tabs a, .menu a')]
    .filter(part => part.checkVisibility())
    .filter(part => { const box = part.getBoundingClientRect(); return box.height < 44 || box.width < 44; })
    .map(part => part.outerHTML.slice(0, 120))"""


def test_touch_targets_are_large_enough(visit: Visit, paths: Paths) -> None:
    page = visit("petugas2", PHONE)
    for address in paths["petugas2"]:
        page.goto(address)
        assert page.evaluate(SMALL) == [], address
