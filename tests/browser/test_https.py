"""The shop's own https as phones meet it: with its certificate the camera scans; without it, the way there."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import qrcode
from PIL import Image
from playwright.sync_api import Browser, Error, Playwright, expect

from showroom_app import certificates, network
from tests.browser.conftest import PHONE, QUIET, Shop, open_shift, open_shop, sign_in
from tests.browser.film import write_film
from tests.browser.test_screens import faults
from tests.builders import line, receive
from tests.faults.served import SECONDS_MAX, free_port

# The address by which phones would come in; on a machine without a network, its own.
LAN = (network.own_addresses() or ["127.0.0.1"])[0]


@pytest.fixture(scope="module")
def certified(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Shop, int]]:
    """The small shop as `start.py` serves it to phones: plain http, and https beside it."""
    shop = open_shop(tmp_path_factory.mktemp("https"))
    shop.stop()
    https_port = free_port()
    command = [sys.executable, "-m", "showroom_app.server", "--host", "0.0.0.0", "--port", str(shop.port)]
    shop.process = subprocess.Popen(
        [*command, "--https-port", str(https_port), "--no-browser"], env=shop.env, stdout=subprocess.PIPE, text=True
    )
    assert shop.process.stdout is not None
    assert any("Untuk berhenti" in line for line in iter(shop.process.stdout.readline, ""))
    with shop.app.app_context():
        yield shop, https_port
        shop.must_be_whole()
    shop.stop()


def with_authority(playwright: Playwright, folder: Path, authority: Path, *more: str) -> Browser:
    """A Chromium of its own in which somebody installed the shop's certificate."""
    for place in (folder / ".pki" / "nssdb", folder / ".local" / "share" / "pki" / "nssdb"):
        place.mkdir(parents=True)
        certutil = shutil.which("certutil")
        assert certutil, "no certutil: run `python3 start.py test`, which installs it or says how"
        subprocess.run([certutil, "-d", f"sql:{place}", "-N", "--empty-password"], check=True)
        add = ["-A", "-t", "C,,", "-n", "galeri", "-i", str(authority)]
        subprocess.run([certutil, "-d", f"sql:{place}", *add], check=True)
    home = {key: value for key, value in os.environ.items() if not key.startswith("XDG_")} | {"HOME": str(folder)}
    return playwright.chromium.launch(executable_path=os.environ["CHROMIUM"], args=[*QUIET, *more], env=home)


def test_with_the_certificate_the_camera_scans_on_the_address_of_the_network(
    certified: tuple[Shop, int], playwright: Playwright, tmp_path: Path
) -> None:
    shop, https_port = certified
    [lamp] = receive(line())
    label = Image.new("RGB", (900, 476), "white")
    label.paste(qrcode.make(lamp.code, border=4).get_image().convert("RGB").resize((440, 440)), (20, 18))
    film = write_film(tmp_path / "label.mjpeg", label)
    authority = certificates.folder(shop.folder / "instance") / certificates.AUTHORITY
    camera = (
        "--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream",
        f"--use-file-for-fake-video-capture={film.absolute()}",
    )  # fmt: skip
    browser = with_authority(playwright, tmp_path / "home", authority, *camera)
    context = browser.new_context(base_url=f"https://{network.bracketed(LAN)}:{https_port}", **PHONE)
    page = context.new_page()
    sign_in(page, "petugas")
    open_shift(page)
    assert page.evaluate("isSecureContext")
    page.locator("[data-camera]").first.click()
    expect(page.locator(".lines li")).to_have_count(1, timeout=SECONDS_MAX * 1000)
    # Plain http knows this phone now, and leads it on to the page it wants.
    page.goto(f"http://{network.bracketed(LAN)}:{shop.port}/items")
    expect(page).to_have_url(f"https://{network.bracketed(LAN)}:{https_port}/items")
    browser.close()


def test_without_it_a_phone_is_shown_how_to_get_it(certified: tuple[Shop, int], browser: Browser) -> None:
    shop, https_port = certified
    if LAN.startswith("127."):
        pytest.skip("no network: this machine's own address has the whole shop by plain http")
    context = browser.new_context(base_url=f"http://{network.bracketed(LAN)}:{shop.port}", **PHONE)
    page = context.new_page()
    page.goto("/till")
    expect(page).to_have_url(f"http://{network.bracketed(LAN)}:{shop.port}/sertifikat?next=/till")
    assert faults(page) == []
    with page.expect_download() as download:
        page.get_by_role("link", name="Unduh sertifikat").click()
    assert download.value.suggested_filename == "galeri.crt"
    with pytest.raises(Error, match="ERR_CERT_AUTHORITY_INVALID"):
        page.goto(f"https://{network.bracketed(LAN)}:{https_port}/till")
    context.close()
