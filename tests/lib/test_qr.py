"""What a label's QR says, and that its drawings read back."""

import re

import pytest
import zxingcpp
from PIL import Image, ImageDraw

from showroom_app.lib import qr

CODE = "7K3QXM2F"
ADDRESS = "HTTPS://SHOWROOM.MALANG.COM/Q/7K3QXM2F"


def read(image: Image.Image) -> str:
    found = zxingcpp.read_barcodes(image)
    assert len(found) == 1
    return found[0].text


def drawn(svg: str, pixels_per_module: int = 4) -> Image.Image:
    """The SVG as a picture; it is one path of rectangles, which is all this understands."""
    side = int(re.search(r'viewBox="0 0 (\d+) \1"', svg)[1])
    (path,) = re.findall(r'<path d="([^"]+)"/>', svg)
    image = Image.new("L", (side * pixels_per_module,) * 2, 255)
    pen = ImageDraw.Draw(image)
    for x, y, width, back in re.findall(r"M(\d+) (\d+)h(\d+)v1H(\d+)z", path):
        assert x == back
        left, top = int(x) * pixels_per_module, int(y) * pixels_per_module
        pen.rectangle((left, top, left + int(width) * pixels_per_module - 1, top + pixels_per_module - 1), fill=0)
    return image


@pytest.mark.parametrize(
    ("host", "payload"),
    [
        ("showroom.malang.com", ADDRESS),
        (" Rotan.Example.ID. ", f"HTTPS://ROTAN.EXAMPLE.ID/Q/{CODE}"),
        ("rotan.id:8443", f"HTTPS://ROTAN.ID:8443/Q/{CODE}"),
        ("röt.id", f"HTTPS://XN--RT-FKA.ID/Q/{CODE}"),
    ],
)
def test_a_public_host_makes_an_address(host: str, payload: str) -> None:
    assert qr.label_payload(CODE, host) == payload


@pytest.mark.parametrize(
    "host",
    [None, "", "192.168.1.20", "192.168.1.20:8443", "192.168.1.20.", "[fe80::1]", "fe80::1", "localhost",
     "https://rotan.id", "rotan.id/toko", "rotan .id", "ro_tan.id", "-.id", "10.1", "röt..id"],
)  # fmt: skip
def test_anything_else_makes_the_bare_code(host: str | None) -> None:
    assert qr.label_payload(CODE.lower(), host) == CODE


@pytest.mark.parametrize("code", ["", "7K3Q XM2F", "../x", "Ⅷ"])
def test_a_code_is_letters_and_digits(code: str) -> None:
    with pytest.raises(ValueError, match="not a label code"):
        qr.label_payload(code, "rotan.id")


@pytest.mark.parametrize(
    ("payload", "modules"), [(CODE, 29), ("A" * 20, 29), (ADDRESS, 33), ("A" * 39, 37), ("a" * 39, 37)]
)
def test_sizes(payload: str, modules: int) -> None:
    assert qr.size_modules(payload) == modules
    assert f'viewBox="0 0 {modules} {modules}"' in qr.svg(payload)


def test_an_address_of_38_characters_is_version_2() -> None:
    assert len(ADDRESS) == 38
    assert qr.size_modules(ADDRESS) - 2 * qr.QUIET_MODULES == 25


@pytest.mark.parametrize("payload", [CODE, "00000000", "ZZZZZZZZ", ADDRESS, "https://10.0.0.5:8443/kartu/é"])
def test_the_drawing_reads_back(payload: str) -> None:
    svg = qr.svg(payload)
    assert read(drawn(svg)) == payload
    assert len(svg) < 4000


def test_the_quiet_zone_is_inside() -> None:
    image = drawn(qr.svg(CODE), 1)
    assert image.point(lambda value: 255 - value).getbbox() == (4, 4, 25, 25)


def test_nothing_has_no_code() -> None:
    with pytest.raises(ValueError, match="empty"):
        qr.svg("")


@pytest.mark.parametrize("text", ["https://192.168.1.20:8443/", CODE])
@pytest.mark.parametrize("colours", [False, True])
def test_the_console_shows_one_that_reads(text: str, colours: bool) -> None:
    lines = re.sub(r"\x1b\[[\d;]*m", "", qr.terminal(text, colours=colours)).split("\n")
    image = Image.new("L", (len(lines[0]), len(lines) * 2), 0)
    for y, line in enumerate(lines):
        for x, block in enumerate(line):
            image.putpixel((x, 2 * y), 255 if block in "█▀" else 0)
            image.putpixel((x, 2 * y + 1), 255 if block in "█▄" else 0)
    assert read(image.resize((image.width * 4, image.height * 4), Image.Resampling.NEAREST)) == text
