"""Photos of labels: how many of each class are read, and how long a photo of 12 million pixels takes."""

import itertools
import time
from dataclasses import dataclass, field

from showroom_app.lib import label_photo
from tests.label_photos import Shot, classes, photo

EACH = 28
EMPTY = 10
FOUND_MS_MAX = 150


@dataclass(slots=True)
class Class:
    """One class: labels in its photos, how many were read, wrongly read ones, and the milliseconds of each photo."""

    labels: int = 0
    read: int = 0
    wrong: int = 0
    ms: list[float] = field(default_factory=list)

    def take(self, shot: Shot, seed: int) -> None:
        """Make one photo and read it."""
        content, there = shot.taken(seed), {label.code for label in shot.labels}
        started = time.perf_counter()
        codes = set(label_photo.read(content).codes)
        self.ms.append((time.perf_counter() - started) * 1000)
        self.labels += len(there)
        self.read += len(codes & there)
        self.wrong += len(codes - there)


def read_photos(each: int = EACH) -> dict[str, Class]:
    """Every class of tests/label_photos.py, and photos without any label."""
    told: dict[str, Class] = {}
    for name, shots in classes(each).items():
        one = told.setdefault(name, Class())
        for seed, shot in enumerate(shots):
            one.take(shot, seed)
    empty = told.setdefault("no label", Class())
    for seed in range(min(each, EMPTY)):
        content = photo([], seed=seed)
        started = time.perf_counter()
        empty.wrong += len(label_photo.read(content).codes)
        empty.ms.append((time.perf_counter() - started) * 1000)
    return told


def first_pass_ms(told: dict[str, Class]) -> list[float]:
    """The times of photos in good light: their labels are read in the first pass."""
    easy = ("plain", "turned, every 15°", "three in one, small ones too")
    return list(itertools.chain.from_iterable(told[name].ms for name in easy))
