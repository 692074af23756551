"""Finding goods over HTTP: what the list of goods asks while somebody types or narrows it, and what the search of every
page asks."""

import itertools
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from http import HTTPStatus
from pathlib import Path
from urllib.parse import urlencode

from sqlalchemy import select

from bench.attendant import Attendant, Unexpected
from bench.checkouts import Till
from showroom_app.extensions import db, now, reading, release
from showroom_app.lib.clock import jakarta_date
from showroom_app.people import sign_in
from showroom_app.people.models import User
from showroom_app.stock.hand_back import Pieces, hand_back
from showroom_app.stock.item_change import Agreed, Why, change
from showroom_app.stock.models import Item
from showroom_app.web.filters import new_request_id

# A word of many names, of few, parts of two words, a crafter, nothing at all.
TYPED = ("kursi", "lampu gantung cempaka", "kera seru", "perajin 042", "tidak ada")
ASKED = 400
ASKED_RARE = 100
# Of the oldest pieces: what is rare is looked for among all that came since.
SOLD, RETURNED, DEAR = 30, 4, 40
DEAR_RUPIAH = 40_000_000
NARROWED = {
    "what is sold": {"state": "sold"},
    "what went back to its crafter": {"state": "returned"},
    "a rare price": {"price_from": str(DEAR_RUPIAH), "price_to": str(DEAR_RUPIAH + 50)},
    "a common price": {"price_from": "50000", "price_to": "200000"},
}


@dataclass(frozen=True, slots=True)
class Found:
    """Milliseconds of each question to the list of goods, narrowed or not, and to the search of every page; and to the
    list narrowed without a word, by what to."""

    list_ms: list[float]
    narrowed_ms: list[float]
    find_ms: list[float]
    rare_ms: dict[str, list[float]] = field(default_factory=dict)


class Finder(Attendant):
    """One who looks for goods."""

    def ask(self, path: str, values: dict[str, str], part: bool) -> float:
        """A question and its answer; the milliseconds it took."""
        headers = {"Accept": "text/html"} | ({"HX-Request": "true", "HX-Target": "div#items"} if part else {})
        started = time.perf_counter()
        answer = self._ask("GET", f"{path}?{urlencode(values)}", None, headers)
        taken = (time.perf_counter() - started) * 1000
        if answer.status != HTTPStatus.OK:
            raise Unexpected(f"{path} answered {answer.status} to {values}")
        return taken


def part_with(instance: Path) -> None:
    """Sell some of the oldest pieces, give some back, and let some be dear."""
    till = Till(instance, [])
    with till.context():
        oldest = select(Item.id, Item.code, Item.price).where(Item.quantity == 1).order_by(Item.id)
        rows = list(reading().execute(oldest.limit(SOLD + RETURNED + DEAR)))
        manager = sign_in.signed_in(reading().execute(select(User.id).where(User.username == "pengelola")).scalar_one())
        till.price = {row.code: row.price for row in rows}
        till.sell_these([row.code for row in rows[:SOLD]])
        hand_back([Pieces(row.id, 1) for row in rows[SOLD : SOLD + RETURNED]], manager, new_request_id())
        dear = [row.id for row in rows[SOLD + RETURNED :]]
        why = Why("crafter", jakarta_date(now()), "dipesan khusus")
        change(dear, Agreed(price=DEAR_RUPIAH), why, manager, new_request_id())
        release()
        db.engine.dispose()


def find_goods(port: int, codes: Sequence[str]) -> Found:
    """Ask by words, and by the first letters of codes, one question after another."""
    finder = Finder(port, "petugas1", [])
    finder.sign_in()
    told = Found([], [], [])
    words = [each for code in codes for each in (*TYPED, code[:5])]
    for q in itertools.islice(itertools.cycle(words), ASKED):
        told.list_ms.append(finder.ask("/items", {"q": q}, part=True))
        narrow = {"q": q, "state": "shelf", "category": "Kursi", "price_from": "100000", "days": "30"}
        told.narrowed_ms.append(finder.ask("/items", narrow, part=True))
        told.find_ms.append(finder.ask("/find", {"q": q}, part=False))
    for what, narrow in NARROWED.items():
        told.rare_ms[what] = [finder.ask("/items", narrow, part=True) for _again in range(ASKED_RARE)]
    return told
