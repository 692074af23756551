"""What is brought in over HTTP: a workbook of goods, from its upload to the last note, and phones' photos of goods."""

import io
import re
import threading
import time
from dataclasses import dataclass
from http import HTTPStatus

from xlsxwriter import Workbook

from bench.attendant import TOKEN, Attendant, Unexpected, found_in
from bench.fill_past import KINDS, WORDS
from bench.wire import Answer, Wire
from showroom_app.web.filters import new_request_id
from tests.label_photos import photo

HEADINGS = ("Perajin", "Nama barang", "Jenis barang", "Jumlah", "Harga")
CRAFTERS = 20  # as many as the smallest shop has
SECONDS_MAX = 300
ASK_EVERY_SECONDS = 0.6  # as the page does
PHOTOS = 7
BOUNDARY = "----bench"
_MARK = re.compile(rb'name="mark" value="([^"]+)"')
_BAR = re.compile(rb'<progress[^>]*max="(\d+)" value="(\d+)"')


@dataclass(frozen=True, slots=True)
class Imported:
    """Seconds of the upload, of its preview, and of accepting it; how many different states of progress were told."""

    upload: float
    preview: float
    accept: float
    steps: int


class Office(Attendant):
    """The manager, who has no till."""

    def open_till(self) -> None:
        """Only the token, from the page where files are chosen."""
        self.token = found_in(TOKEN, self.page("/imports"))

    def connect(self) -> None:
        """A connection that waits for as long as a large file takes."""
        self.wire = Wire(self.port, SECONDS_MAX)

    def send(self, path: str, fields: dict[str, str], field: str, name: str, content: bytes) -> tuple[float, Answer]:
        """A form with a file, and the seconds until its answer."""
        body = io.BytesIO()
        for key, value in ({"csrf_token": self.token} | fields).items():
            body.write(f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{key}"\r\n\r\n{value}\r\n'.encode())
        told = f'Content-Disposition: form-data; name="{field}"; filename="{name}"'
        body.write(f"--{BOUNDARY}\r\n{told}\r\nContent-Type: application/octet-stream\r\n\r\n".encode())
        body.write(content + f"\r\n--{BOUNDARY}--\r\n".encode())
        headers = {
            "Accept": "text/html", "Content-Type": f"multipart/form-data; boundary={BOUNDARY}",
            "Cookie": "; ".join(f"{key}={value}" for key, value in self.cookies.items()),
        }  # fmt: skip
        started = time.perf_counter()
        answer = self.wire.ask("POST", path, headers, body.getvalue())
        return time.perf_counter() - started, answer

    def accept(self, address: str, mark: str) -> float:
        """Press *Impor* and wait for the answer: the seconds."""
        form = {"csrf_token": self.token, "mark": mark, "request_id": new_request_id()}
        started = time.perf_counter()
        answer = self._ask("POST", f"{address}/accept", dict(form), {"Accept": "text/html"})
        if answer.status != HTTPStatus.SEE_OTHER:
            raise Unexpected(f"{address}/accept answered {answer.status}")
        return time.perf_counter() - started


class Onlooker(threading.Thread):
    """Asks how far it is, as the page does while its own request is being answered."""

    def __init__(self, office: Office, address: str) -> None:
        super().__init__(daemon=True)
        self.office, self.address, self.over, self.told = office, address, threading.Event(), set[tuple[bytes, bytes]]()

    def run(self) -> None:
        """Until it is over; every state of the bar counts once."""
        cookie = "; ".join(f"{key}={value}" for key, value in self.office.cookies.items())
        wire = Wire(self.office.port, SECONDS_MAX)
        while not self.over.wait(ASK_EVERY_SECONDS):
            answer = wire.ask("GET", f"{self.address}/progress?seen=1", {"Cookie": cookie})
            if found := _BAR.search(answer.body):
                self.told.add((found[1], found[2]))


def workbook(rows: int) -> bytes:
    """Goods of twenty crafters, each row a kind of its own, one or two pieces of it."""
    file = io.BytesIO()
    book = Workbook(file, {"in_memory": True})
    sheet = book.add_worksheet("Barang")
    sheet.write_row(0, 0, HEADINGS)
    for row in range(rows):
        kind = KINDS[row % len(KINDS)]
        name = f"{kind} {WORDS[row // 10 % len(WORDS)]} impor {row:05d}"
        crafter = f"Perajin {row % CRAFTERS + 1:03d}"
        sheet.write_row(row + 1, 0, (crafter, name, kind, 1 + row % 2, 25_000 + 5_000 * (row % 60)))
    book.close()
    return file.getvalue()


def bring_in(port: int, rows: int) -> Imported:
    """Upload a workbook, look at what it would bring, and accept it."""
    office = Office(port, "pengelola", [])
    office.sign_in()
    upload, answer = office.send("/imports", {"kind": "goods"}, "file", "barang.xlsx", workbook(rows))
    if answer.status != HTTPStatus.SEE_OTHER:
        raise Unexpected(f"/imports answered {answer.status}")
    address = answer.headers["location"]
    started = time.perf_counter()
    mark = found_in(_MARK, office.page(address))
    preview = time.perf_counter() - started
    onlooker = Onlooker(office, address)
    onlooker.start()
    accept = office.accept(address, mark)
    onlooker.over.set()
    onlooker.join()
    if b"/consignments/" not in office.page(address):
        raise Unexpected(f"{address} made no note")
    return Imported(upload, preview, accept, len(onlooker.told))


def store_photos(port: int) -> list[float]:
    """Seconds of each photo of 12 megapixels added to a kind of goods, from the first byte sent to the answer."""
    office = Office(port, "pengelola", [])
    office.sign_in()
    taken = []
    for seed in range(PHOTOS):
        content = photo([], seed=seed)
        form = {"request_id": new_request_id()}
        seconds, answer = office.send("/products/1/photos", form, "photos", "IMG_0001.jpg", content)
        if answer.status != HTTPStatus.SEE_OTHER:
            raise Unexpected(f"/products/1/photos answered {answer.status}")
        taken.append(seconds)
    return taken
