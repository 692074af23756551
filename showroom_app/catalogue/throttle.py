"""Codes can't be walked: who asks for many that are not there has to wait. In memory, forgotten with the process.

Up to MISSES_MAX in ten minutes are a finger that slips. After that misses get no more answer than that; a label in the
hand is still answered. Nobody's finger slips STRANGE_MAX times: then nothing is looked up for that address until it
waited.
"""

from showroom_app.lib.tries import Tries

WINDOW_SECONDS = 600
MISSES_MAX, STRANGE_MAX = 30, 300
ADDRESSES_MAX = 10_000

misses = Tries(MISSES_MAX, WINDOW_SECONDS, ADDRESSES_MAX)


def is_walking(address: str) -> bool:
    """Whether an address asked for so many codes that are not there that nothing is looked up for it."""
    return misses.made(address) >= STRANGE_MAX


def miss(address: str) -> bool:
    """Count a code that is not there. Whether the address still gets a proper answer to it."""
    return misses.count(address) <= MISSES_MAX
