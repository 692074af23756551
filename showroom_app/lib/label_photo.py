"""A phone's photo of labels: the label codes in it.

A phone reads QR codes from its live camera only over https. A photo it can take anywhere, and the server reads that.
What comes in is a stranger's file, so `photo.py` looks it over first. Reading is a chain of passes, the quick ones
first; bench/README.md says how many of each class of photo (turned, blurred, far, dark …) are read, and how fast.
"""

import threading
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

import zxingcpp
from PIL import Image
from PIL.ImageFilter import BoxBlur, MultibandFilter, UnsharpMask

from showroom_app.lib import label_code, photo
from showroom_app.lib.photo import NotAPhoto

__all__ = ["NotAPhoto", "Read", "read"]

SECONDS_MAX = 1.5
"""No pass begins later than this: a 12 MP photo without a label takes half a second on a small PC."""

CODES_MAX = 40
"""More labels than lie on a sheet are no photo that somebody chooses from."""

_QR = zxingcpp.BarcodeFormats([zxingcpp.BarcodeFormat.QRCode])
# Each takes a core; a third waits its turn.
_AT_ONCE = threading.BoundedSemaphore(2)

# One after another until a label is read: at which part of the photo's sides, and what is done to it before.
# - The whole photo as it is. Half of it would take a third of the time, but of three labels of different sizes it reads
#   two: the third would be passed over without a word.
# - Half of it, smoothed: a dark photo is full of noise.
# - Half of it and all of it, sharpened: half a module of blur leaves nothing to read otherwise, a large label is read
#   at the first, a small one at the second, and one that shook a little more at the last.
_PASSES = (
    (1, None),
    (2, BoxBlur(1)),
    (2, UnsharpMask(2, 300)),
    (1, UnsharpMask(2, 200)),
    (1, UnsharpMask(4, 300)),
)


@dataclass(frozen=True, slots=True)
class Read:
    """What a photo says: label codes in reading order, without doubles; and whether it has QR codes that are none."""

    codes: tuple[str, ...]
    others: bool = False


@dataclass(frozen=True, slots=True)
class _Found:
    """A QR code: its text, and where its middle lies and how long it is, in pixels of the whole photo, upright."""

    text: str
    x: float
    y: float
    side: float


def read(content: bytes, now: Callable[[], float] = time.monotonic) -> Read:
    """The labels in a photo's bytes; refuses what is no photo with NotAPhoto and raises nothing else.

    `now` is a clock in seconds: a pass begins only within SECONDS_MAX of the start.
    """
    with _AT_ONCE:
        until, shades = now() + SECONDS_MAX, _Shades(content)
        found: list[_Found] = []
        for part, before in _PASSES:
            found += shades.look(part, before)
            if _codes(found) or now() > until:
                break
    return Read(_codes(found), any(label_of(one.text) is None for one in found))


def label_of(text: str) -> str | None:
    """The code of a label's QR: bare, or at the end of an address /Q/…; None where it is anything else."""
    if "/" in text and "/Q/" not in text.upper():
        return None
    return label_code.parse(text)


class _Shades:
    """One photo, unpacked once for each size it is read at."""

    def __init__(self, content: bytes) -> None:
        self.content = content
        self.unpacked: dict[int, tuple[Image.Image, int]] = {}

    def look(self, part: int, before: MultibandFilter | None) -> list[_Found]:
        """The QR codes at a `part`-th of the photo's sides, after a filter."""
        if part not in self.unpacked:
            self.unpacked[part] = photo.grey(self.content, part)
        picture, orientation = self.unpacked[part]
        shown = picture if before is None else picture.filter(before)
        told = zxingcpp.read_barcodes(shown, formats=_QR)
        return [_found(one, part, orientation, picture.size) for one in told[:CODES_MAX]]


def _found(barcode: Any, part: int, orientation: int, size: tuple[int, int]) -> _Found:
    where = barcode.position
    corners = (where.top_left, where.top_right, where.bottom_right, where.bottom_left)
    x, y = photo.upright(orientation, sum(c.x for c in corners) / 4, sum(c.y for c in corners) / 4, size)
    side = max(corner.x for corner in corners) - min(corner.x for corner in corners)
    return _Found(barcode.text, x * part, y * part, side * part)


def _codes(found: Iterable[_Found]) -> tuple[str, ...]:
    """The label codes as one reads: rows from the top, each from the left; what is read twice counts once."""
    labels: dict[str, _Found] = {}
    for one in found:
        if code := label_of(one.text):
            labels.setdefault(code, one)
    rows: list[list[tuple[str, _Found]]] = []
    for each in sorted(labels.items(), key=lambda label: label[1].y):
        if rows and each[1].y - rows[-1][0][1].y < rows[-1][0][1].side / 2:
            rows[-1].append(each)
        else:
            rows.append([each])
    ordered = [code for row in rows for code, _place in sorted(row, key=lambda label: label[1].x)]
    return tuple(ordered[:CODES_MAX])
