"""Counting what strangers try, by where they come from, in memory: a restart forgets it, and it never grows large."""

import threading
import time
from collections import OrderedDict


class Tries:
    """At most `most` tries from one address within `seconds`, of the last `addresses` addresses that tried."""

    def __init__(self, most: int, seconds: float, addresses: int) -> None:
        self.most, self.seconds, self.addresses = most, seconds, addresses
        self._known: OrderedDict[str, tuple[int, float]] = OrderedDict()
        self._lock = threading.Lock()

    def spent(self, address: str) -> bool:
        """Whether an address has used up its tries."""
        with self._lock:
            return self._count(address) >= self.most

    def count(self, address: str) -> None:
        """One more try from an address. The time runs from its first."""
        with self._lock:
            tried, since = self._count(address), self._known.get(address, (0, time.monotonic()))[1]
            self._known[address] = (tried + 1, since if tried else time.monotonic())
            self._known.move_to_end(address)
            while len(self._known) > self.addresses:
                self._known.popitem(last=False)

    def _count(self, address: str) -> int:
        tried, since = self._known.get(address, (0, 0.0))
        return tried if time.monotonic() - since < self.seconds else 0
