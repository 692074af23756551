"""Take the pictures of the docs from the sample shop: `.venv/bin/python docs/take_pictures.py`."""

import os
import re
import shutil
import subprocess
import sys
import tempfile
from datetime import date, timedelta
from pathlib import Path
from typing import Any, Protocol

import pypdfium2
from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

ROOT = Path(__file__).resolve().parent.parent
PICTURES = ROOT / "docs" / "pictures"
PORT = 8137
ADDRESS = f"http://127.0.0.1:{PORT}"
LAPTOP = {"viewport": {"width": 1366, "height": 768}}
PHONE = {"viewport": {"width": 390, "height": 844}, "device_scale_factor": 2, "is_mobile": True, "has_touch": True}
PASSWORDS = {"petugas": "demo-petugas", "pengelola": "demo-pengelola", "perajin": "123456"}


class Save(Protocol):
    """Keep what a page shows, or a part of it, under a name."""

    def __call__(self, page: Page, name: str, width: int, part: str = "") -> None: ...


def keep(name: str, picture: Path, width: int) -> None:
    """Save a picture as WebP, not wider than it is shown."""
    with Image.open(picture) as image:
        shown = image.convert("RGB")
        if shown.width > width:
            shown = shown.resize((width, round(shown.height * width / shown.width)), Image.Resampling.LANCZOS)
        shown.save(PICTURES / f"{name}.webp", quality=82, method=6)
    print(f"  {name}.webp", flush=True)


def sign_in(browser: Browser, username: str, size: dict[str, Any]) -> Page:
    """A page in which somebody of the sample shop is signed in."""
    page = browser.new_context(base_url=ADDRESS, **size).new_page()
    page.goto("/sign-in")
    page.get_by_label("Nama pengguna").fill(username)
    page.get_by_label("Kata sandi").fill(PASSWORDS[username])
    page.get_by_role("button", name="Masuk", exact=True).click()
    page.wait_for_url(re.compile(r"/(till|my|reports)"))
    return page


def codes(page: Page) -> list[str]:
    """Codes of pieces on the shelf, no two of one kind next to each other."""
    page.goto("/items?state=shelf")
    return [text.strip() for text in page.locator(".code").all_inner_texts()][::9][:5]


def scroll_to(page: Page, part: str) -> None:
    """Bring a part of the page to its top."""
    page.locator(part).evaluate("part => scrollBy(0, part.getBoundingClientRect().top - 16)")


def scan_five(page: Page) -> None:
    """A basket of five."""
    for code in codes(page):
        page.goto("/till")
        page.get_by_label(re.compile("Pindai label")).fill(code)
        page.keyboard.press("Enter")
        page.wait_for_load_state("networkidle")


def bargain(page: Page) -> None:
    """Something off the piece that was scanned last: who would get what, before it is kept."""
    page.goto("/till")
    page.locator(".lines .sum").first.click()
    page.locator("#f-value").fill("10")
    page.locator("#f-reason").fill("cacat kecil")
    page.locator("#answer .off").wait_for()


def pay(page: Page) -> None:
    """Take the exact sum in cash."""
    page.goto("/till")
    page.get_by_role("button", name="Uang pas").click()
    page.get_by_role("button", name=re.compile("Selesaikan")).click()
    page.wait_for_url(re.compile(r"/sales/\d+"))


def bring_back(page: Page) -> None:
    """One piece of the sale on screen comes back: what that does, before it is kept."""
    page.goto(page.url.split("?")[0] + "/refunds")
    page.locator("#q2").fill("1")
    page.locator("#f-reason").fill("salah ukuran")
    page.get_by_role("button", name="Periksa retur").click()
    page.get_by_role("button", name="Catat retur").wait_for()


def count_drawer(page: Page, amount: int) -> None:
    """Notes and coins of the drawer, as few as can be; a difference is told once they are counted."""
    page.goto("/till")
    page.get_by_role("link", name="Tutup sif").click()
    for field in page.locator("[data-worth]").all():
        pieces, amount = divmod(amount, int(field.get_attribute("data-worth") or 1))
        field.fill(str(pieces or ""))
    page.get_by_role("button", name="Tutup sif").click()
    page.locator("#f-note").fill("salah kembalian ke rombongan bus")


def in_the_drawer(manager: Page) -> int:
    """Rupiah that should lie in the drawer of the open shift, as the X report has it."""
    manager.goto("/shifts")
    manager.locator("tbody a").first.click()
    return int(re.sub(r"\D", "", manager.locator(".sum dd").last.inner_text()))


def choose_to_pay(manager: Page) -> None:
    """Everybody with something due, the first six in cash: the last look before it is kept."""
    manager.goto("/payouts")
    for method in manager.locator("select[name^=method]").all()[:6]:
        method.select_option("office")
    manager.get_by_role("button", name="Periksa & bayar").click()
    manager.get_by_role("button", name=re.compile("Ya, catat")).wait_for()


def note(page: Page) -> None:
    """A consignment note being typed."""
    page.goto("/consignments/new")
    page.get_by_role("button", name="Tutik Handayani").click()
    goods = [
        ("Lampu gantung “Kendil” 35 cm", "Lampu gantung", "4", "275.000"),
        ("Kotak tisu anyam", "Kotak tisu", "6", "65.000"),
    ]
    for number, (name, kind, count, price) in enumerate(goods):
        if number:
            page.get_by_role("button", name="Tambah barang").click()
        line = page.locator(".draft-line").nth(number)
        line.get_by_label("Nama barang").fill(name)
        line.get_by_label("Jenis").select_option(kind)
        line.get_by_label("Jumlah", exact=True).fill(count)
        line.get_by_label("Harga jual").fill(price)
        page.get_by_role("heading", name="Nota titip baru").click()
        page.wait_for_load_state("networkidle")


def take(browser: Browser, folder: Path) -> None:
    """All pictures, by the screens of those who see them."""
    shot = folder / "shot.png"

    def save(page: Page, name: str, width: int, part: str = "") -> None:
        page.wait_for_timeout(300)
        assert not page.locator(".empty p.small").count(), f"{page.url} is an error page"
        (page.locator(part) if part else page).screenshot(path=shot)
        keep(name, shot, width)

    desk = sign_in(browser, "petugas", LAPTOP)
    manager = sign_in(browser, "pengelola", LAPTOP)
    at_the_till(browser, desk, manager, save)
    in_the_office(manager, save)
    among_the_goods(browser, desk, manager, save)
    elsewhere(desk, manager, save)
    for name, address, height in (
        ("labels", labels_of_a_note(manager), 520),
        ("kuitansi", "/payouts/batches/1/receipts.pdf", 671),
    ):
        pages = pypdfium2.PdfDocument(manager.request.get(address).body())
        fullest = max(pages, key=lambda page: page.get_textpage().count_chars())
        fullest.render(scale=1.6).to_pil().crop((0, 0, 952, height)).save(shot)
        keep(name, shot, 952)
    crafter = sign_in(browser, "perajin", PHONE)
    save(crafter, "crafter", 390)
    on_phones(browser, desk, manager, crafter, save)
    crafter.goto("/my/statement")
    until = date.fromisoformat(crafter.locator("#f-to").input_value())
    crafter.goto(f"/my/statement?from={until - timedelta(days=90)}&to={until}")
    scroll_to(crafter, ".statement-head")
    save(crafter, "statement", 390)
    visitor = browser.new_context(base_url=ADDRESS, locale="id-ID", **PHONE).new_page()
    visitor.goto(f"/q/{codes(desk)[1]}")
    save(visitor, "visitor", 390)
    wide = browser.new_context(base_url=ADDRESS, locale="id-ID", **LAPTOP).new_page()
    wide.goto("/catalogue")
    save(wide, "catalogue", 1366)


def labels_of_a_note(page: Page) -> str:
    """The address of a run of the first note's labels."""
    page.goto("/consignments/1")
    form = page.locator("#labels form")
    names = ("csrf_token", "request_id", "consignment")
    typed = {name: form.locator(f"[name={name}]").input_value() for name in names}
    return page.request.post("/labels", form=typed | {"with_price": "1", "start": "1"}).url


def on_phones(browser: Browser, desk: Page, manager: Page, crafter: Page, save: Save) -> None:
    """A card and its PIN, what the office asks, what visitors may see, what it is asked for; a phone that scans."""
    crafter.goto("/my/questions")
    save(crafter, "questions", 390)
    crafter.goto("/my/consent")
    save(crafter, "consent", 390)
    manager.goto("/requests")
    save(manager, "requests", 1366)
    manager.goto("/crafters/cards")
    save(manager, "cards", 1366)
    phone = browser.new_context(base_url=ADDRESS, **PHONE).new_page()
    phone.goto("/sertifikat")
    save(phone, "certificate", 390)
    phone.goto("/sign-in")
    phone.locator("a[href^='/card/']").click()
    for key in "1234":
        phone.get_by_role("button", name=key, exact=True).click()
    save(phone, "pin", 390)
    desk.goto("/till")
    desk.get_by_role("button", name="HP jadi pemindai").click()
    way = desk.locator(".pair a").get_attribute("href") or ""
    helper = sign_in(browser, "pengelola", PHONE)
    helper.goto(way[way.index("/scanner/") :])
    for code in codes(desk)[:2]:
        helper.locator("#code").fill(code)
        helper.keyboard.press("Enter")
        helper.locator(".last-scan").get_by_text(code).wait_for()
    save(helper, "scanner", 390)


def at_the_till(browser: Browser, desk: Page, manager: Page, save: Save) -> None:
    """What the attendant sees from the first scan to the count."""
    scan_five(desk)
    bargain(desk)
    save(desk, "discount", 1366)
    desk.get_by_role("button", name="Pakai diskon ini").click()
    desk.wait_for_url("**/till")
    desk.locator("[data-amount]").last.click()
    save(desk, "till", 1366)
    phone = sign_in(browser, "petugas", PHONE)
    phone.goto("/till")
    save(phone, "till-phone", 390)
    note(desk)
    save(desk, "consignment", 1366)
    pay(desk)
    save(desk, "receipt", 1366)
    bring_back(desk)
    save(desk, "refund", 1366)
    count_drawer(desk, in_the_drawer(manager) - 5_000)
    save(desk, "shift-close", 1366, part="main")


def in_the_office(manager: Page, save: Save) -> None:
    """What the manager sees."""
    manager.goto("/reports")
    save(manager, "reports", 1366)
    choose_to_pay(manager)
    scroll_to(manager, ".payout-grid")
    save(manager, "payouts", 1366)
    manager.goto("/journal?kind=refund")
    manager.locator("tbody a").first.click()
    manager.get_by_role("heading", name="Segel").wait_for()
    save(manager, "journal", 1366)


def among_the_goods(browser: Browser, desk: Page, manager: Page, save: Save) -> None:
    """Labels, a count on a phone, a note of what goes back, and a file before it is accepted."""
    desk.goto("/labels")
    save(desk, "label-queue", 1366)
    standing = codes(desk)
    desk.goto(f"/q/{standing[0]}")
    desk.get_by_role("link", name="Kembalikan ke perajin").click()
    desk.get_by_role("button", name="Kembalikan ke perajin").wait_for()
    save(desk, "hand-back", 1366)
    phone = sign_in(browser, "petugas", PHONE)
    phone.goto("/stocktakes")
    phone.get_by_role("button", name="Mulai menghitung").click()
    for code in standing:
        phone.locator("#code").fill(code)
        phone.keyboard.press("Enter")
        phone.locator("#said").get_by_text(code).first.wait_for()
    phone.wait_for_timeout(2500)  # until it asks how far the count is
    save(phone, "stocktake", 390)
    rows = ["Nama perajin;Nama barang;Jenis;Jumlah;Harga"]
    rows += [f"Tutik Handayani;Keranjang pandan nomor {n};Keranjang;{n};{85_000 + 5_000 * n}" for n in range(1, 9)]
    rows += ["Tutik Handayani;Nampan lonjong;Nampan;4;12,5 juta"]
    manager.goto("/imports")
    manager.locator("#f-file-goods").set_input_files(
        {"name": "titipan-tutik.csv", "mimeType": "text/csv", "buffer": "\n".join(rows).encode()}
    )
    manager.get_by_role("button", name="Unggah & periksa").last.click()
    manager.wait_for_url(re.compile(r"/imports/\d+"))
    save(manager, "import", 1366)


def elsewhere(desk: Page, manager: Page, save: Save) -> None:
    """What came of the exhibition, and a chair of two crafters being taken in."""
    manager.goto("/venues/1")
    save(manager, "venue", 1366)
    desk.goto("/items?q=berdua")
    desk.locator("main a:has-text('Kursi goyang berdua')").first.click()
    desk.locator(".item-facts").wait_for()
    save(desk, "joint", 1366)


def main() -> None:
    """Start a sample shop of its own, take the pictures, and throw it away."""
    PICTURES.mkdir(exist_ok=True)
    folder = Path(tempfile.mkdtemp())
    command = [sys.executable, str(ROOT / "start.py"), "--demo", "--instance", str(folder / "demo")]
    server = subprocess.Popen(
        [*command, "--port", str(PORT), "--https-port", str(PORT + 1), "--no-browser"],
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        assert server.stdout is not None
        assert any("Untuk berhenti" in line for line in server.stdout)
        found = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=found, args=["--no-sandbox"])
            take(browser, folder)
            browser.close()
    finally:
        server.terminate()
        server.wait()
        shutil.rmtree(folder)


if __name__ == "__main__":
    main()
