"""An attendant over real HTTP: cookies, the tokens of the page, and a press again when an answer is lost."""

import http.client
import re
import secrets
import time
from dataclasses import dataclass
from http.cookies import SimpleCookie
from urllib.parse import urlencode

HTMX = {"HX-Request": "true"}
PATIENCE_SECONDS = 20
LOST = (OSError, http.client.HTTPException)


@dataclass(frozen=True)
class Answer:
    """What came back."""

    status: int
    headers: http.client.HTTPMessage
    text: str


@dataclass(frozen=True)
class Form:
    """A form of a page: where it goes and what it holds unseen."""

    action: str
    fields: dict[str, str]


@dataclass(frozen=True)
class Sold:
    """A sale that was acknowledged: what was sent, and the receipt's address that came back."""

    code: str
    form: Form
    receipt: str

    @property
    def sale_id(self) -> int:
        found = re.fullmatch(r"/sales/(\d+)\?new=1", self.receipt)
        assert found, self.receipt
        return int(found[1])


def form_to(page: str, action: str) -> Form:
    """The first form of a page that posts to an address (a regular expression)."""
    found = re.search(rf'<form[^>]*\baction="({action})"[^>]*>(.*?)</form>', page, re.S)
    assert found, (action, page)
    return Form(found[1], dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', found[2])))


class Browser:
    """Keeps cookies, and sends a request again, just as it was, until an answer comes."""

    def __init__(self, port: int) -> None:
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE_SECONDS)
        self.cookies: SimpleCookie = SimpleCookie()

    def get(self, path: str) -> Answer:
        return self.send("GET", path)

    def post(self, form: Form, **more: str) -> Answer:
        """Send a form of a page the way htmx does."""
        body = urlencode(form.fields | more)
        return self.send("POST", form.action, body, HTMX | {"Content-Type": "application/x-www-form-urlencoded"})

    def send(self, method: str, path: str, body: str = "", headers: dict[str, str] | None = None) -> Answer:
        end = time.monotonic() + PATIENCE_SECONDS
        while True:
            try:
                return self.try_once(method, path, body, headers or {})
            except LOST:
                self.connection.close()
                if time.monotonic() > end:
                    raise
                time.sleep(0.05)

    def try_once(self, method: str, path: str, body: str, headers: dict[str, str]) -> Answer:
        cookie = "; ".join(f"{name}={morsel.value}" for name, morsel in self.cookies.items())
        self.connection.request(method, path, body, headers | {"Cookie": cookie})
        answer = self.connection.getresponse()
        text = answer.read().decode()
        for line in answer.headers.get_all("Set-Cookie") or []:
            self.cookies.load(line)
        return Answer(answer.status, answer.headers, text)


class Attendant(Browser):
    """Signs in, opens a shift, and rings up one piece after another."""

    def __init__(self, port: int, username: str, password: str, desk_id: int) -> None:
        super().__init__(port)
        door = form_to(self.get("/sign-in").text, "/sign-in")
        assert self.post(door, username=username, password=password).status == 303
        page = self.get("/shifts/new").text
        token = re.search(r'name="csrf_token" value="([^"]+)"', page)
        assert token
        opened = Form("/shifts/new", {"csrf_token": token[1], "request_id": secrets.token_hex(16)})
        assert self.post(opened, desk_id=str(desk_id), float="0").status == 303

    def scan(self, code: str) -> str:
        """Put a piece into the basket on the screen; returns the till as it is then."""
        answer = self.post(form_to(self.get("/till").text, r"/baskets/\d+/lines"), code=code)
        assert answer.status == 200, answer.text
        return answer.text

    def pay(self, form: Form) -> Answer:
        """Press "Selesaikan" with the exact amount in cash."""
        return self.post(form, tender="cash", received=form.fields["total"])

    def sell(self, code: str) -> Sold:
        """Scan one piece and take the money; returns what was acknowledged."""
        form = form_to(self.scan(code), r"/baskets/\d+/checkout")
        paid = self.pay(form)
        assert paid.status == 204, paid.text
        return Sold(code, form, paid.headers["HX-Redirect"])
