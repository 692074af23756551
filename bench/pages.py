"""The pages of the sample shop, each kind once: those that links lead to, those that none does, and refused forms."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from http.cookies import SimpleCookie
from urllib.error import HTTPError
from urllib.parse import urlencode, urlsplit
from urllib.request import HTTPRedirectHandler, Request, build_opener

from flask import Flask

from bench.sample import Ways
from showroom_app.web.filters import new_request_id
from showroom_app.web.htmx import REFUSED
from tests.browser.test_screens import NO_PAGE as FILE
from tests.browser.test_screens import NOT_WALKED

PORT = 8147
ADDRESS = f"http://127.0.0.1:{PORT}"
PEOPLE = {
    "": "", "petugas": "demo-petugas", "pengelola": "demo-pengelola", "pengamat": "demo-pengamat", "perajin": "123456",
}  # fmt: skip
NOWHERE = "/no-such-page"
# Where a walk along the links begins; each kind of page is looked at once for each of those who see it.
BEGIN = {
    "": ("/catalogue", "/sign-in", "/offline", "/sertifikat", "/q/7K3QXM2F", NOWHERE),
    "petugas": (
        "/till",
        "/find?q=kursi",
        "/labels",
        "/ageing",
        "/stocktakes",
        "/hand-backs",
        "/venues",
        "/shifts",
        "/scan",
        NOWHERE,
    ),
    "pengelola": ("/reports", "/settings", "/users", "/journal", "/activity", "/imports", "/requests", "/payouts"),
    "pengamat": ("/reports", "/items"),
    "perajin": ("/my", "/my/settings", "/my/consent", "/my/questions"),
}
# Forms filled in wrongly, by who does and where.
WRONG = {
    "petugas": {
        "/password": {"current": "salah", "new": "a", "repeat": "b"},
        r"/shifts/\d+/cash": {"kind": "expense", "amount": "x", "reason": ""},
        r"/shifts/\d+/close": {"n100000": "x"},
    },
    "pengelola": {
        "/crafters/new": {"name": "", "phone": "x"},
        "/users/new": {"name": "", "username": "", "role": "x"},
        "/settings": {"name": ""},
        "/settings/money": {"discount_percent_max": "x"},
        "/venues/new": {"kind": "", "name": ""},
        "/imports": {"kind": "goods"},
        r"/items/\d+/write-off": {"kind": "lost", "quantity": "x", "reason": ""},
    },
    "perajin": {
        "/my/change/phone": {"phone": "", "pin": ""},
        "/my/change/bank": {"bank_name": "", "bank_account": "x", "pin": ""},
        "/my/proposals/new": {"name": "", "price": "x"},
    },
}
# Pages that the walk of the screens leaves to other tests.
PAGES_TOO = {"pin.choose", "stock.draft_crafter"}
LINK = re.compile(r'href="(/[^"#]*)"')
NO_PAGE = re.compile(
    r"\.(pdf|csv|xlsx|crt|js|webmanifest|xml|txt|svg|css|png|woff2)|^/(photos|faces|static|exports|plain|imports/example)/|whatsapp|\?before="
)


class _Still(HTTPRedirectHandler):
    """Redirects are told, not followed."""

    def redirect_request(self, *_told: object) -> None:
        return None


def get(path: str, cookie: str = "", form: dict[str, str] | None = None) -> tuple[int, str, str]:
    """Status, text, and the cookies that were set."""
    body = urlencode(form).encode() if form is not None else None
    asked = Request(ADDRESS + path, body, {"Cookie": cookie} if cookie else {})
    try:
        answer = build_opener(_Still).open(asked, timeout=30)
    except HTTPError as error:
        answer = error
    with answer:
        kept = SimpleCookie("\n".join(answer.headers.get_all("Set-Cookie") or []))
        is_page = (answer.headers.get("Content-Type") or "").startswith("text/html")
        text = answer.read().decode() if is_page else ""
        return answer.status, text, "; ".join(f"{name}={one.value}" for name, one in kept.items())


def signed_in(username: str) -> str:
    """The cookie of somebody of the sample shop."""
    if not username:
        return ""
    _status, page, cookie = get("/sign-in")
    form = {"csrf_token": token_of(page), "username": username, "password": PEOPLE[username]}
    status, _page, new = get("/sign-in", cookie, form)
    assert status == 303, f"{username} can't sign in: {status}"
    return new


def kind_of(path: str) -> str:
    """What kind of page an address is: its numbers and codes are no matter."""
    return re.sub(r"/([0-9]+|[0-9A-Z]{8})(?=/|$)", "/N", path.partition("?")[0])


@dataclass(frozen=True, slots=True)
class Seen:
    """A page as somebody gets it, by its address or as the answer to a form."""

    who: str
    path: str
    text: str
    posted: bool = False

    @property
    def name(self) -> str:
        """Who sees it, and where."""
        return f"{self.who or 'a visitor'} {'answered by' if self.posted else 'at'} {self.path}"


def linked(username: str, cookie: str, begin: Sequence[str]) -> Iterator[Seen]:
    """Where somebody begins, and each kind of page that they reach from there by links."""
    seen: set[str] = set()
    waiting = list(begin)
    while waiting:
        path = waiting.pop(0)
        kind = kind_of(path) if "find" not in path else path
        if path in seen or (kind in seen and path not in begin) or NO_PAGE.search(path):
            continue
        seen |= {path, kind}
        status, text, _cookie = get(path, cookie)
        if text and status not in (301, 302, 303):
            yield Seen(username, path, text)
            waiting += [link.replace("&amp;", "&") for link in LINK.findall(text)]


def token_of(page: str) -> str:
    """The token of a page's form."""
    token = re.search(r'name="csrf_token" value="([^"]+)"', page)
    assert token, page[:500]
    return token[1]


def told(who: str, path: str, cookie: str, page: str, form: dict[str, str], status: int) -> Seen:
    """What a form of a page answers with, which must be of this status."""
    _status, text, new = get(page, cookie)
    fields = {"csrf_token": token_of(text), "request_id": new_request_id()} | form
    found, text, _cookie = get(path, new or cookie, fields)
    assert found == status, f"{who} at {path}: {found}, not {status}"
    return Seen(who, path, text, posted=True)


def refused(username: str, ways: Ways, found: Sequence[Seen]) -> Iterator[tuple[str, str, dict[str, str]]]:
    """Forms that somebody fills in wrongly: where they go to, the page that they are on, and what is typed."""

    def reached(pattern: str) -> str:
        return next(seen.path for seen in found if seen.who == username and re.fullmatch(pattern, seen.path))

    if not username:
        card = f"/card/{ways.card}"
        yield "/sign-in", "/sign-in", {"username": "nobody", "password": "salah"}
        yield ways.addresses[""][0], ways.addresses[""][0], {}
        yield card, card, {"pin": "000000"}
    if username == "petugas":
        draft = ways.draft
        yield f"{draft}/receive", draft, {"lines-0-name": "", "lines-0-price": "abc", "agreed_until": "2020-01-01"}
    for path, typed in WRONG.get(username, {}).items():
        page = reached(path)
        yield page, page, typed


def choosing(ways: Ways) -> Iterator[Seen]:
    """The page where a PIN is chosen, and what it says to two that differ: with a code that was handed over."""
    card = f"/card/{ways.card}"
    _status, page, cookie = get(card)
    form = {"csrf_token": token_of(page), "pin": ways.code}
    status, _text, cookie = get(card, cookie, form)
    assert status == 303, f"the code opens nothing: {status}"
    yield Seen("a crafter with a code", "/pin", get("/pin", cookie)[1])
    yield told("a crafter with a code", "/pin", cookie, "/pin", {"new": "739104", "repeat": "739105"}, REFUSED)


def everything(ways: Ways) -> list[Seen]:
    """All kinds of pages of the shop that is served, and some refused forms."""
    found: list[Seen] = []
    for username in PEOPLE:
        cookie = signed_in(username)
        found += linked(username, cookie, (*BEGIN[username], *ways.addresses.get(username, ())))
        found += [told(username, to, cookie, page, form, REFUSED) for to, page, form in refused(username, ways, found)]
    found += choosing(ways)  # before another code is made for the same crafter
    whose = f"/crafters/{ways.crafter_id}"
    found.append(told("pengelola", f"{whose}/one-time-code", signed_in("pengelola"), whose, {}, 200))
    return found


def never_seen(app: Flask, found: Sequence[Seen]) -> set[str]:
    """Routes of pages that none of them is."""
    ways = app.url_map.bind("localhost")
    paths = [(urlsplit(one.path).path, "POST" if one.posted else "GET") for one in found if one.path != NOWHERE]
    seen = {ways.match(path, method=method)[0] for path, method in paths}
    rules = {rule.endpoint for rule in app.url_map.iter_rules() if "GET" in (rule.methods or ())}
    files = {rule.endpoint for rule in app.url_map.iter_rules() if FILE.search(rule.rule)}
    return rules - files - (set(NOT_WALKED) - PAGES_TOO) - seen
