"""QR codes: what a label's code says, and its drawing for paper, screen and console."""

import ipaddress
import re
from functools import cache, reduce
from itertools import cycle, islice
from operator import xor
from typing import Literal, cast

from qrcode.base import rs_blocks
from qrcode.constants import ERROR_CORRECT_L, ERROR_CORRECT_M
from qrcode.main import QRCode
from qrcode.util import PAD0, PAD1, BitBuffer, QRData, create_bytes, length_in_bits

QUIET_MODULES = 4
# Every mask reads; searching for the best of eight would take several times as long as drawing.
_MASK = 2
# Labels are drawn by the thousand, and theirs are the small versions.
_LABEL_VERSION_MAX = 3
_HOST_NAME = re.compile(r"(?=.{4,253}$)([A-Z0-9]([A-Z0-9-]{0,61}[A-Z0-9])?\.)+[A-Z][A-Z0-9-]*[A-Z0-9](:[0-9]{1,5})?")
_DARK_RUN = re.compile("1+")
# Two rows of modules share one line of text; a light module is drawn, as consoles are dark.
_HALF_BLOCKS = {(False, False): "█", (False, True): "▀", (True, False): "▄", (True, True): " "}


def label_payload(code: str, public_host: str | None) -> str:
    """What a label's QR says: `HTTPS://HOST/Q/CODE` where a public host name is set, else the bare code.

    All of it is upper case, so that QR's alphanumeric mode holds an address of 38 characters in version 2.
    An IP address, a name without a dot, or anything else that isn't a host name (a port may follow) counts as
    not set: addresses change, labels stay. Refuses a code that isn't alphanumeric (ValueError).
    """
    code = code.upper()
    if not code.isascii() or not code.isalnum():
        raise ValueError(f"not a label code: {code!r}")
    host = _host_name(public_host or "")
    return f"HTTPS://{host}/Q/{code}" if host else code


def _host_name(text: str) -> str:
    name = text.strip().rstrip(".").upper()
    if not name.isascii():
        try:
            name = name.lower().encode("idna").decode("ascii").upper()
        except UnicodeError:
            return ""
    if not _HOST_NAME.fullmatch(name):
        return ""
    try:
        ipaddress.ip_address(name.partition(":")[0])
    except ValueError:
        return name
    return ""


def svg(payload: str) -> str:
    """The code as an SVG of one path, one unit to a module, error level M.

    The quiet zone of 4 modules is inside, so a box of any size needs no margin of its own. Nothing is painted
    behind: put it on white. Refuses an empty payload (ValueError).
    """
    modules = _modules(payload)
    side = len(modules) + 2 * QUIET_MODULES
    runs = [_dark(y, *run.span()) for y, row in enumerate(modules) for run in _DARK_RUN.finditer(row)]
    drawing = f'<path d="{"".join(runs)}"/>'
    return f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {side} {side}">{drawing}</svg>'


def size_modules(payload: str) -> int:
    """How many modules wide the code is, its quiet zone on both sides included: 29 for a bare code."""
    text = _text(payload)
    return _version(text.mode, len(text)) * 4 + 17 + 2 * QUIET_MODULES


def terminal(text: str, *, colours: bool = False) -> str:
    """The code in half-block characters for a console, lines ended by a newline, without one at the end.

    Light modules are drawn and dark ones left empty, which is right on a dark console; `colours` adds escape
    sequences that make it black on white on any. The quiet zone is 2 modules, enough on a screen.
    """
    draft = QRCode(error_correction=ERROR_CORRECT_L, border=2)
    draft.add_data(text)
    draft.make()
    rows = draft.get_matrix()
    width = len(rows[0])
    if len(rows) % 2:
        rows = [*rows, [not colours] * width]
    lines = [
        "".join(_HALF_BLOCKS[bool(above), bool(below)] for above, below in zip(upper, lower, strict=True))
        for upper, lower in zip(rows[::2], rows[1::2], strict=True)
    ]
    if colours:
        lines = [f"\x1b[38;5;231;48;5;16m{line}\x1b[0m" for line in lines]
    return "\n".join(lines)


def _text(payload: str) -> QRData:
    if not payload:
        raise ValueError("an empty QR code")
    # In one piece: cut up by kinds of letters, as the library would, it takes more room.
    return QRData(payload)


@cache
def _version(mode: Literal[1, 2, 4], length: int) -> int:
    """The smallest version that holds so much; a shop's labels ask the same thousands of times."""
    draft = QRCode(error_correction=ERROR_CORRECT_M)
    draft.add_data(QRData(b"0" * length, mode, check_data=False))
    return draft.best_fit()


def _modules(payload: str) -> list[str]:
    """Rows of modules without a quiet zone, a "1" for dark and a "0" for light."""
    text = _text(payload)
    version = _version(text.mode, len(text))
    count = _data_bytes(version)
    bits = _data(text, version, count * 8)
    if version <= _LABEL_VERSION_MAX:
        drawn, turned = _linear(version)
        for bit, modules in enumerate(turned):
            if bits >> bit & 1:
                drawn ^= modules
    else:
        drawn = _drawn(version, bits.to_bytes(count, "big"))
    side = version * 4 + 17
    dots = f"{drawn:0{side * side}b}"
    return [dots[start : start + side] for start in range(0, side * side, side)]


@cache
def _data_bytes(version: int) -> int:
    return sum(block.data_count for block in rs_blocks(version, ERROR_CORRECT_M))


class _Bits:
    """Takes what the library writes into its buffer, as one number."""

    def __init__(self) -> None:
        self.value = 0
        self.length = 0

    def put(self, number: int, length: int) -> None:
        self.value = self.value << length | number
        self.length += length


def _data(text: QRData, version: int, room: int) -> int:
    """The `room` bits of a code's data: kind, length, the text itself, an end, and padding."""
    bits = _Bits()
    bits.put(text.mode, 4)
    bits.put(len(text), length_in_bits(text.mode, version))
    text.write(cast("BitBuffer", bits))
    bits.put(0, min(4, room - bits.length))
    bits.put(0, -bits.length % 8)
    for pad in islice(cycle((PAD0, PAD1)), (room - bits.length) // 8):
        bits.put(pad, 8)
    return bits.value


@cache
def _linear(version: int) -> tuple[int, list[int]]:
    """A version's modules as a number, where all data is zero, and which of them each bit of data turns, last first.

    All of a code is sums without carry, its error correction too. So the library is asked once for each bit, and
    then a thousand labels take a third of the time that it would take for them.
    """
    count = _data_bytes(version)
    # From all ones, for the library doesn't take zeros alone.
    ones = (1 << count * 8) - 1
    full = _drawn(version, ones.to_bytes(count, "big"))
    turned = [full ^ _drawn(version, (ones ^ 1 << bit).to_bytes(count, "big")) for bit in range(count * 8)]
    return reduce(xor, turned, full), turned


def _drawn(version: int, data: bytes) -> int:
    """The library's drawing of these very bytes, as a number of one bit a module, row by row."""
    buffer = BitBuffer()
    buffer.buffer = list(data)
    draft = QRCode(version, error_correction=ERROR_CORRECT_M)
    draft.data_cache = create_bytes(buffer, rs_blocks(version, ERROR_CORRECT_M))
    draft.makeImpl(False, _MASK)
    rows = cast("list[list[bool]]", draft.modules)
    return int("".join("1" if dark else "0" for row in rows for dark in row), 2)


@cache
def _dark(row: int, start: int, end: int) -> str:
    """The path around a run of dark modules."""
    x = start + QUIET_MODULES
    return f"M{x} {row + QUIET_MODULES}h{end - start}v1H{x}z"
