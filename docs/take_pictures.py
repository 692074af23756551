"""Take the pictures of the docs from the sample shop: `.venv/bin/python docs/take_pictures.py`."""

import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

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


def at_the_till(page: Page) -> None:
    """A basket of five, and money in the buyer's hand."""
    for code in codes(page):
        page.goto("/till")
        page.get_by_label(re.compile("Pindai label")).fill(code)
        page.keyboard.press("Enter")
        page.wait_for_load_state("networkidle")
    page.goto("/till")
    page.locator("[data-amount]").last.click()


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

    def save(page: Page, name: str, width: int) -> None:
        page.wait_for_timeout(300)
        page.screenshot(path=shot)
        keep(name, shot, width)

    desk = sign_in(browser, "petugas", LAPTOP)
    at_the_till(desk)
    save(desk, "till", 1366)
    note(desk)
    save(desk, "consignment", 1366)
    phone = sign_in(browser, "petugas", PHONE)
    phone.goto("/till")
    save(phone, "till-phone", 390)
    desk.goto("/consignments/1")
    sheet = desk.request.get("/consignments/1/labels.pdf")
    pypdfium2.PdfDocument(sheet.body())[0].render(scale=1.6).to_pil().crop((0, 0, 952, 520)).save(shot)
    keep("labels", shot, 952)
    save(sign_in(browser, "perajin", PHONE), "crafter", 390)
    manager = sign_in(browser, "pengelola", LAPTOP)
    manager.goto("/reports")
    save(manager, "reports", 1366)
    visitor = browser.new_context(base_url=ADDRESS, **PHONE).new_page()
    visitor.goto(f"/q/{codes(desk)[1]}")
    save(visitor, "visitor", 390)


def main() -> None:
    """Start a sample shop of its own, take the pictures, and throw it away."""
    PICTURES.mkdir(exist_ok=True)
    folder = Path(tempfile.mkdtemp())
    command = [sys.executable, str(ROOT / "start.py"), "--demo", "--instance", str(folder / "demo")]
    server = subprocess.Popen(
        [*command, "--host", "127.0.0.1", "--port", str(PORT), "--no-browser"], stdout=subprocess.PIPE, text=True
    )
    assert server.stdout is not None
    assert any("Untuk berhenti" in line for line in server.stdout)
    found = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=["--no-sandbox"])
        take(browser, folder)
        browser.close()
    server.terminate()
    server.wait()
    shutil.rmtree(folder)


if __name__ == "__main__":
    main()
