"""An attendant at a till, over HTTP: signs in, scans three labels, takes the cash, shows the receipt.

Sends what the browser sends: pages with the headers of a page, forms with those of htmx, a fresh request id in each.
"""

import json
import random
import re
import time
from collections import defaultdict
from collections.abc import Sequence
from http import HTTPStatus
from multiprocessing.connection import Connection
from urllib.parse import urlencode

from bench.fill import PASSWORD
from bench.wire import Answer, Wire
from showroom_app.web.filters import new_request_id

LINES_A_SALE = 3
SECONDS_MAX = 30
NOTE_RUPIAH = 100_000
TOKEN = re.compile(rb'name="csrf_token" value="([^"]+)"')
_BASKET = re.compile(rb'action="(/baskets/\d+)/lines"')
_VERSION = re.compile(rb'name="version" value="(\d+)"')
_TOTAL = re.compile(rb'name="total" value="(\d+)"')


class Unexpected(Exception):
    """The server answered otherwise than a till can go on with."""


class Attendant:
    """One person, signed in, with a shift open at one till and one connection that is kept."""

    def __init__(self, port: int, username: str, codes: Sequence[str], seed: int = 1) -> None:
        self.port, self.username, self.codes = port, username, list(codes)
        self.rng = random.Random(seed)
        self.cookies: dict[str, str] = {}
        self.seconds: dict[str, list[float]] = defaultdict(list)  # kind of request -> how long each took
        self.connect()

    def connect(self) -> None:
        """A new connection; the one before may have been idle for too long."""
        self.wire = Wire(self.port, SECONDS_MAX)

    def sign_in(self) -> None:
        """Through the form, as everybody does; then open the till."""
        token = found_in(TOKEN, self.page("/sign-in"))
        form = {"csrf_token": token, "next": "", "username": self.username, "password": PASSWORD}
        answer = self._ask("POST", "/sign-in", form, {})
        if answer.status != HTTPStatus.SEE_OTHER:
            raise Unexpected(f"sign-in answered {answer.status}")
        self.open_till()

    def open_till(self) -> None:
        """The till's page, with an empty basket for the next buyer."""
        page = self.page("/till")
        self.token, self.basket = found_in(TOKEN, page), found_in(_BASKET, page)

    def page(self, path: str) -> bytes:
        """A whole page, as a browser asks for it."""
        answer = self._ask("GET", path, None, {"Accept": "text/html", "Upgrade-Insecure-Requests": "1"})
        if answer.status != HTTPStatus.OK:
            raise Unexpected(f"{path} answered {answer.status}")
        return answer.body

    def sell(self) -> None:
        """One buyer: open the till for the next basket, then the five requests of a sale."""
        started = time.perf_counter()
        self.open_till()
        self._note("till", started)
        for code in self.rng.sample(self.codes, LINES_A_SALE):
            started = time.perf_counter()
            answer = self._post("/lines", {"code": code})
            self._note("scan", started)
            if answer.status != HTTPStatus.OK:
                raise Unexpected(f"scan answered {answer.status}")
        version, total = found_in(_VERSION, answer.body), found_in(_TOTAL, answer.body)
        received = -(-int(total) // NOTE_RUPIAH) * NOTE_RUPIAH
        form = {"version": version, "total": total, "tender": "cash", "received": received, "reference": ""}
        started = time.perf_counter()
        answer = self._post("/checkout", form)
        self._note("checkout", started)
        receipt = answer.headers.get("hx-redirect")
        if receipt is None:
            raise Unexpected(f"checkout answered {answer.status}")
        started = time.perf_counter()
        self.page(receipt)
        self._note("receipt", started)

    def _note(self, kind: str, started: float) -> None:
        self.seconds[kind].append(time.perf_counter() - started)

    def _post(self, action: str, form: dict[str, object]) -> Answer:
        headers = {
            "HX-Request": "true", "HX-Target": "div#till", "X-CSRFToken": self.token, "Accept": "text/html",
            "HX-Current-URL": f"http://127.0.0.1:{self.port}/till",
        }  # fmt: skip
        ids = {"csrf_token": self.token, "request_id": new_request_id()}
        return self._ask("POST", self.basket + action, ids | form, headers)

    def _ask(self, method: str, path: str, form: dict[str, object] | None, headers: dict[str, str]) -> Answer:
        sent = {
            "Accept-Encoding": "gzip, deflate", "Accept-Language": "id",
            "Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items()), **headers,
        }  # fmt: skip
        if form is not None:
            sent["Content-Type"] = "application/x-www-form-urlencoded"
        answer = self.wire.ask(method, path, sent, urlencode(form or {}).encode())
        if cookie := answer.headers.get("set-cookie"):
            name, _equals, value = cookie.partition(";")[0].partition("=")
            self.cookies[name] = value
        return answer


def found_in(pattern: re.Pattern[bytes], page: bytes) -> str:
    """What a pattern finds in a page, where it must be."""
    match = pattern.search(page)
    if match is None:
        raise Unexpected(f"no {pattern.pattern.decode()} in {page[:2000].decode(errors='replace')}")
    return match[1].decode()


def at_work(pipe: Connection, port: int, username: str, codes: Sequence[str], seed: int) -> None:
    """A process of its own: sell for as long as each order says, and tell how many sales and how long each request
    took. An order is a time on the monotonic clock to begin at, and seconds; None goes home."""
    attendant = Attendant(port, username, codes, seed)
    attendant.sign_in()
    pipe.send("ready")
    while (order := pipe.recv()) is not None:
        begin, seconds = order
        attendant.connect()
        attendant.sell()  # a first one that does not count
        attendant.seconds.clear()
        time.sleep(max(0.0, begin - time.monotonic()))
        started, sales = time.monotonic(), 0
        while time.monotonic() - started < seconds:
            attendant.sell()
            sales += 1
        pipe.send(json.dumps({"sales": sales, "wall": time.monotonic() - started, "seconds": attendant.seconds}))
