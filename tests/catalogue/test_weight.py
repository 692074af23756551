"""The first label that a visitor scans costs them at most 60 kB and its photo."""

import gzip
import html
import re
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from showroom_app.people import consent
from tests.builders import crafter_id, receive, request_id, user

STATIC = Path(__file__).resolve().parents[2] / "static"
BYTES_MAX = 60_000
LOADED = re.compile(r'(?:src|href)="/static/([^"?#]+)')
IN_STYLES = re.compile(r'url\("\.\./([^"]+)"\)')
# Its letters are on no page in Indonesian or English.
NOT_LOADED = "fonts/jakarta-latin-ext.woff2"


def packed(path: Path) -> int:
    """Bytes of a file as they are sent."""
    content = path.read_bytes()
    return len(content) if path.suffix == ".woff2" else len(gzip.compress(content))


@pytest.mark.parametrize("page", ["/q/{code}", "/catalogue", "/catalogue/{product}"])
def test_first_load(client: FlaskClient, page: str) -> None:
    [lamp] = receive()
    consent.give(crafter_id("Tutik"), consent.PARTS, user("pengelola"), request_id())
    text = client.get(page.format(code=lamp.code, product=lamp.product_id)).text
    files = {html.unescape(found) for found in LOADED.findall(text)}
    for sheet in [found for found in files if found.endswith(".css")]:
        files |= set(IN_STYLES.findall((STATIC / sheet).read_text()))
    files = {found for found in files if not found.startswith("art/goods/")} - {NOT_LOADED}
    assert {"icons.svg", "css/public.css", "fonts/jakarta-latin.woff2"} <= files
    assert not [found for found in files if "htmx" in found]
    weight = len(gzip.compress(text.encode())) + sum(packed(STATIC / found) for found in files)
    assert weight <= BYTES_MAX, (weight, sorted((packed(STATIC / found), found) for found in files))
