"""The style sheets once more for browsers of 2021: those know no cascade layers and drop our sheets whole.

The same rules are said in older words: without layers, each colour with its dark one in a media query, the page's width
for its container's; rules that ask what an element holds (`:has`) are left out. `static/js/plain.js` asks for them.
"""

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from flask import Blueprint, Response, abort, current_app
from flask.typing import ResponseReturnValue

from showroom_app.web.access import EVERYONE, allow

plain = Blueprint("plain", __name__)

# The last layer speaks above all others.
LAST = "last"
KEPT_SECONDS = 86_400
_NAME = re.compile(r"[a-z_]{1,40}")
_COMMENT = re.compile(r"/\*.*?\*/", re.S)
_TWO_COLOURS = re.compile(r"light-dark\(([^,()]+),\s*([^,()]+)\)")
_DARK = re.compile(r"([\w-]+):\s*light-dark\([^,()]+,\s*([^,()]+)\)\s*;")
_TRUSTED = ("@font-face", "@keyframes", "@page")


@plain.get("/plain/<name>.css")
@allow(*EVERYONE)
def sheet(name: str) -> ResponseReturnValue:
    """A style sheet in older words."""
    path = Path(str(current_app.static_folder)) / "css" / f"{name}.css"
    if not _NAME.fullmatch(name) or not path.is_file():
        abort(404)
    response = Response(_read(path), mimetype="text/css")
    response.headers["Cache-Control"] = f"public, max-age={KEPT_SECONDS}"
    return response


@cache
def _read(path: Path) -> str:
    return in_older_words(path.read_text())


def in_older_words(source: str) -> str:
    """A style sheet as a browser of 2021 understands it."""
    bare = _COMMENT.sub("", source).replace('url("../', 'url("/static/')
    return "\n".join(_told(bare, last=False))


def _told(source: str, last: bool) -> Iterator[str]:
    for head, body in _blocks(source):
        if head.startswith("@layer"):
            yield from _told(body, last or head.split()[-1] == LAST)
        elif head.startswith(_TRUSTED):
            yield f"{head} {{{body}}}"
        elif head.startswith("@"):
            inner = "\n".join(_told(body, last))
            yield f"{head.replace('@container page', '@media')} {{\n{inner}\n}}"
        elif selectors := ", ".join(one for one in _selectors(head) if ":has(" not in one):
            yield from _rule(selectors, body, last)


def _rule(selectors: str, body: str, last: bool) -> Iterator[str]:
    dark = "".join(f"{name}: {colour};" for name, colour in _DARK.findall(body))
    light = re.sub(r"\b(\d+)dvh\b", r"\1vh", _TWO_COLOURS.sub(r"\1", body))
    if last:
        light = re.sub(r"\s*;", " !important;", light)
    yield f"{selectors} {{{light}}}"
    if dark:
        yield f"@media (prefers-color-scheme: dark) {{ {selectors} {{ {dark} }} }}"


def _blocks(source: str) -> Iterator[tuple[str, str]]:
    """Heads with what stands between their braces; statements without any are dropped."""
    at = 0
    while (start := source.find("{", at)) >= 0:
        head = source[at:start].rpartition(";")[2].strip()
        depth, end = 1, start + 1
        while depth and end < len(source):
            depth += {"{": 1, "}": -1}.get(source[end], 0)
            end += 1
        yield head, source[start + 1 : end - 1]
        at = end


def _selectors(head: str) -> Iterator[str]:
    """The selectors of a list; commas within brackets are their own."""
    depth, at = 0, 0
    for i, letter in enumerate(head):
        depth += {"(": 1, ")": -1}.get(letter, 0)
        if letter == "," and not depth:
            yield " ".join(head[at:i].split())
            at = i + 1
    yield " ".join(head[at:].split())
