"""QR codes: what a label's code says, and its drawing for paper, screen and console."""

import ipaddress
import re
from functools import cache
from typing import Literal, cast

from qrcode.constants import ERROR_CORRECT_L, ERROR_CORRECT_M
from qrcode.main import QRCode
from qrcode.util import QRData

QUIET_MODULES = 4
# Every mask reads; searching for the best of eight would take several times as long as drawing.
_MASK = 2
_HOST_NAME = re.compile(r"(?=.{4,253}$)([A-Z0-9]([A-Z0-9-]{0,61}[A-Z0-9])?\.)+[A-Z][A-Z0-9-]*[A-Z0-9](:[0-9]{1,5})?")
_DARK_RUN = re.compile(rb"\x01+")
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


def _modules(payload: str) -> list[bytes]:
    """Rows of modules without a quiet zone, a byte 1 for dark and 0 for light."""
    text = _text(payload)
    draft = QRCode(_version(text.mode, len(text)), error_correction=ERROR_CORRECT_M, mask_pattern=_MASK)
    draft.add_data(text)
    draft.make(fit=False)
    return [bytes(row) for row in cast("list[list[bool]]", draft.modules)]


@cache
def _dark(row: int, start: int, end: int) -> str:
    """The path around a run of dark modules."""
    x = start + QUIET_MODULES
    return f"M{x} {row + QUIET_MODULES}h{end - start}v1H{x}z"
