"""A count of the shelf over HTTP: an attendant scans label after label, and asks how far it is as every phone does."""

import re
import time
from collections.abc import Sequence
from dataclasses import dataclass
from http import HTTPStatus
from pathlib import Path

from sqlalchemy import select

from bench.attendant import Attendant, Unexpected
from bench.wire import Answer
from showroom_app import create_app
from showroom_app.extensions import db, reading, release
from showroom_app.stock.models import Item
from showroom_app.web.filters import new_request_id

_SEEN = re.compile(rb'name="seen" value="([^"]+)"')
LOOKS = 40


@dataclass(frozen=True, slots=True)
class Counted:
    """Milliseconds of each scan, of each look at how far it is, and of each look while nothing happened."""

    scans_ms: list[float]
    progress_ms: list[float]
    unchanged_ms: list[float]


def single_codes(instance: Path, most: int) -> list[str]:
    """Codes of single pieces; nothing of them is sold while measuring."""
    with create_app({"INSTANCE": instance}).app_context():
        query = select(Item.code).where(Item.quantity == 1).order_by(Item.id.desc()).limit(most)
        codes = list(reading().execute(query).scalars())
        release()
        db.engine.dispose()
    return codes


class Counter(Attendant):
    """One who counts."""

    def begin(self) -> None:
        """Begin a count of the whole shelf."""
        answer = self._send("/stocktakes", {"scope": "all"})
        self.count = answer.headers.get("hx-redirect", "")
        if not self.count:
            raise Unexpected(f"the count did not begin: {answer.status}")

    def scan(self, code: str) -> float:
        """Count a piece; the milliseconds it took."""
        started = time.perf_counter()
        answer = self._send(f"{self.count}/counts", {"code": code})
        taken = time.perf_counter() - started
        if answer.status != HTTPStatus.OK or b"scan-told good" not in answer.body:
            raise Unexpected(f"scan answered {answer.status}")
        return taken * 1000

    def look(self, seen: str = "") -> tuple[float, str]:
        """How far it is, unless it is as it was seen: the milliseconds, and the mark of what is seen now."""
        started = time.perf_counter()
        answer = self._ask("GET", f"{self.count}/live?seen={seen}", None, self._htmx())
        taken = (time.perf_counter() - started) * 1000
        found = _SEEN.search(answer.body)
        if (answer.status == HTTPStatus.NO_CONTENT) != bool(seen):
            raise Unexpected(f"how far it is answered {answer.status}")
        return taken, found[1].decode() if found else seen

    def _send(self, to: str, form: dict[str, object]) -> Answer:
        ids = {"csrf_token": self.token, "request_id": new_request_id()}
        return self._ask("POST", to, ids | form, self._htmx())

    def _htmx(self) -> dict[str, str]:
        return {"HX-Request": "true", "X-CSRFToken": self.token, "Accept": "text/html"}


def count_shelf(port: int, codes: Sequence[str]) -> Counted:
    """Count single pieces one after another, looking now and then."""
    counter = Counter(port, "petugas1", [])
    counter.sign_in()
    counter.begin()
    told = Counted([], [], [])
    every = max(1, len(codes) // LOOKS)
    for nth, code in enumerate(codes):
        told.scans_ms.append(counter.scan(code))
        if nth % every == 0:
            taken, seen = counter.look()
            told.progress_ms.append(taken)
            told.unchanged_ms.append(counter.look(seen)[0])
    return told
