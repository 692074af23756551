"""What a phone loads when it opens the till for the first time: the page and everything it refers to, camera aside."""

import gzip
import html
import http.client
import re
from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import urljoin

from bench.attendant import Attendant

# What is packed in its own format already gains nothing from gzip.
_PACKED = ("font/", "image/webp", "image/png", "image/jpeg", "application/wasm")
# Not <img loading="lazy">, and not what the camera loads when it opens (data-ponyfill, data-wasm).
_IN_PAGE = re.compile(
    r'<link\b(?=[^>]*\brel="(?:stylesheet|icon|preload|modulepreload)")[^>]*\bhref="([^"]+)"'
    r'|<script\b[^>]*\bsrc="([^"]+)"|<img\b(?![^>]*\bloading="lazy")[^>]*\bsrc="([^"]+)"|<use\b[^>]*\bhref="([^"#]+)'
)
_IMPORT = re.compile(r"""^\s*(?:import|export)\b[^;"']*?["'](\.{1,2}/[^"']+)["']""", re.M)
_FACE = re.compile(r"@font-face\s*{[^}]*}")
_URL = re.compile(r"""url\(\s*["']?([^"')]+)["']?\s*\)""")
_RANGES = re.compile(r"unicode-range:([^;}]+)")
_TAG = re.compile(r"<[^>]+>")


@dataclass(frozen=True, slots=True)
class Part:
    """One answer: bytes of its body as they were sent, and as they would be with gzip."""

    path: str
    sent: int
    packed: int
    encoding: str


def first_load(port: int) -> list[Part]:
    """Everything that a browser without a cache fetches for /till, after signing in."""
    attendant = Attendant(port, "petugas1", [])
    attendant.sign_in()
    return _loaded(attendant, "/till")


def first_visit(port: int, path: str) -> list[Part]:
    """Everything that a visitor's browser without a cache fetches for a page, without the photo of the goods."""
    parts = _loaded(Attendant(port, "", []), path)
    return [part for part in parts if not part.path.startswith(("/photos/", "/static/art/goods/"))]


def _loaded(attendant: Attendant, path: str) -> list[Part]:
    page, text, _kind = _fetch(attendant, path)
    parts = {path: page}
    waiting = [html.unescape(next(filter(None, found.groups()))) for found in _IN_PAGE.finditer(text)]
    letters = set(_TAG.sub("", html.unescape(text)))
    while waiting:
        path = waiting.pop().partition("#")[0]
        if path in parts or path.startswith("data:"):
            continue
        parts[path], source, kind = _fetch(attendant, path)
        waiting += [urljoin(path, found) for found in _referred(source, kind, letters)]
    return sorted(parts.values(), key=lambda part: -part.packed)


def _fetch(attendant: Attendant, path: str) -> tuple[Part, str, str]:
    """A part, its text where it is one, and its type."""
    cookies = "; ".join(f"{name}={value}" for name, value in attendant.cookies.items())
    connection = http.client.HTTPConnection(attendant.wire.host)
    connection.request("GET", path, headers={"Accept-Encoding": "gzip, deflate, br", "Cookie": cookies})
    response = connection.getresponse()
    body, encoding = response.read(), response.headers.get("Content-Encoding", "")
    if response.status != http.client.OK:
        raise SystemExit(f"{path} answered {response.status}")
    kind = response.headers.get("Content-Type", "")
    if encoding == "br":
        # Sent smaller than gzip would be; what is inside is read from a second answer.
        connection.request("GET", path, headers={"Accept-Encoding": "identity", "Cookie": cookies})
        plain = connection.getresponse().read()
    else:
        plain = gzip.decompress(body) if encoding == "gzip" else body
    connection.close()
    packed = len(body) if encoding or kind.startswith(_PACKED) else min(len(gzip.compress(body)), len(body))
    return Part(path, len(body), packed, encoding), plain.decode(errors="replace"), kind


def _referred(source: str, kind: str, letters: set[str]) -> Iterable[str]:
    """What a style sheet or module loads in turn; of the fonts those that have letters of the page."""
    if "javascript" in kind:
        yield from _IMPORT.findall(source)
    if kind.startswith("text/css"):
        for face in _FACE.findall(source):
            ranges = _RANGES.search(face)
            if ranges is None or any(_within(ord(letter), ranges[1]) for letter in letters):
                yield from _URL.findall(face)
        yield from _URL.findall(_FACE.sub("", source))


def _within(point: int, ranges: str) -> bool:
    for each in ranges.split(","):
        first, _dash, last = each.strip().upper().removeprefix("U+").partition("-")
        if int(first.replace("?", "0"), 16) <= point <= int((last or first).replace("?", "F"), 16):
            return True
    return False
