"""Codes can't be walked: who asks for many that are not there has to wait. In memory, forgotten with the process.

Up to MISSES_MAX in ten minutes are a finger that slips. After that misses get no more answer than that; a label in the
hand is still answered. Nobody's finger slips STRANGE_MAX times: then nothing is looked up for that address until it
waited.
"""

import ipaddress
import threading
import time
from collections import OrderedDict

WINDOW_SECONDS = 600
MISSES_MAX, STRANGE_MAX = 30, 300
ADDRESSES_MAX = 10_000

_lock = threading.Lock()
_misses: OrderedDict[str, tuple[float, int]] = OrderedDict()  # address -> since when, how many


def _key(address: str) -> str:
    """Whose tries are counted together: an address, of IPv6 the network that one customer gets."""
    try:
        ip = ipaddress.ip_address(address)
    except ValueError:
        return address[:40]
    return ip.exploded[:19] if ip.version == 6 else str(ip)


def _known(key: str, now: float) -> tuple[float, int]:
    since, count = _misses.get(key, (now, 0))
    return (since, count) if now - since < WINDOW_SECONDS else (now, 0)


def is_walking(address: str) -> bool:
    """Whether an address asked for so many codes that are not there that nothing is looked up for it."""
    with _lock:
        return _known(_key(address), time.monotonic())[1] >= STRANGE_MAX


def miss(address: str) -> bool:
    """Count a code that is not there. Whether the address still gets a proper answer to it."""
    now, key = time.monotonic(), _key(address)
    with _lock:
        since, count = _known(key, now)
        _misses[key] = (since, count + 1)
        _misses.move_to_end(key)
        while len(_misses) > ADDRESSES_MAX:
            _misses.popitem(last=False)
    return count < MISSES_MAX


def forget() -> None:
    """Count from nothing again; tests begin so."""
    with _lock:
        _misses.clear()
