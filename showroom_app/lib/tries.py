"""Counting what strangers try, by where they come from, in memory: a restart forgets it, and it never grows large."""

import ipaddress
import threading
import time
from collections import OrderedDict


class Tries:
    """At most `most` tries from one address within `seconds`, of the last `addresses` addresses that tried."""

    def __init__(self, most: int, seconds: float, addresses: int) -> None:
        self.most, self.seconds, self.addresses = most, seconds, addresses
        self._known: OrderedDict[str, tuple[int, float]] = OrderedDict()
        self._lock = threading.Lock()

    def made(self, address: str) -> int:
        """How many tries an address has made."""
        with self._lock:
            return self._count(_whose(address))[0]

    def spent(self, address: str) -> bool:
        """Whether an address has used up its tries."""
        return self.made(address) >= self.most

    def count(self, address: str) -> int:
        """One more try from an address; how many it has made by now. The time runs from its first."""
        key = _whose(address)
        with self._lock:
            tried, since = self._count(key)
            self._known[key] = (tried + 1, since)
            self._known.move_to_end(key)
            while len(self._known) > self.addresses:
                self._known.popitem(last=False)
        return tried + 1

    def forget(self) -> None:
        """Count from nothing again."""
        with self._lock:
            self._known.clear()

    def _count(self, key: str) -> tuple[int, float]:
        now = time.monotonic()
        tried, since = self._known.get(key, (0, now))
        return (tried, since) if now - since < self.seconds else (0, now)


def _whose(address: str) -> str:
    """What is counted together: an address; of IPv6 the network that one customer gets."""
    try:
        ip = ipaddress.ip_address(address.partition("%")[0])  # fe80::1%eth0: through which cable it came
    except ValueError:
        return address[:40]
    if isinstance(ip, ipaddress.IPv4Address):
        return str(ip)
    # Who listens on `::` sees IPv4 as ::ffff:192.168.1.20.
    return str(ip.ipv4_mapped) if ip.ipv4_mapped else ip.exploded[:19]
