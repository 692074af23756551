"""Finding goods over HTTP: what the list of goods asks while somebody types, and what the search of every page asks."""

import itertools
import time
from collections.abc import Sequence
from dataclasses import dataclass
from http import HTTPStatus
from urllib.parse import urlencode

from bench.attendant import Attendant, Unexpected

# A word of many names, of few, parts of two words, a crafter, nothing at all.
TYPED = ("kursi", "lampu gantung cempaka", "kera seru", "perajin 042", "tidak ada")
ASKED = 400


@dataclass(frozen=True, slots=True)
class Found:
    """Milliseconds of each question to the list of goods, narrowed or not, and to the search of every page."""

    list_ms: list[float]
    narrowed_ms: list[float]
    find_ms: list[float]


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
    return told
