"""What the machine is called in its network, and where phones are sent."""

import threading
from typing import Any

import pytest

from showroom_app import network
from showroom_app.lib.private_network import is_private
from tests.faults.served import SECONDS_MAX


def test_every_name_of_the_machine_can_be_certified() -> None:
    names = network.own_names("0.0.0.0")
    assert {"localhost", "127.0.0.1", "::1", "showroom.local"} <= names
    assert all(map(is_private, names))
    assert set(network.own_addresses()) <= names


def test_a_public_address_is_not_certified(monkeypatch: pytest.MonkeyPatch) -> None:
    assert "203.0.113.9" not in network.own_names("203.0.113.9")
    assert "192.168.9.9" in network.own_names("192.168.9.9")
    monkeypatch.setattr(network, "lan_address", lambda: "8.8.4.4")
    assert network.addresses("0.0.0.0", 8080, 8443) == ("http://127.0.0.1:8080", "")
    assert network.addresses("0.0.0.0", 8080) == ("http://127.0.0.1:8080", "http://8.8.4.4:8080")


def test_phones_are_sent_to_https_where_there_is_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(network, "lan_address", lambda: "192.168.1.7")
    assert network.addresses("0.0.0.0", 8080, 8443) == ("http://127.0.0.1:8080", "https://192.168.1.7:8443")
    assert network.addresses("::", 8080) == ("http://[::1]:8080", "http://192.168.1.7:8080")
    assert network.addresses("127.0.0.1", 8080) == ("http://127.0.0.1:8080", "")
    assert network.addresses("::1", 8080) == ("http://[::1]:8080", "")
    assert network.addresses("fd00::7", 8080, 8443) == ("https://[fd00::7]:8443",) * 2


def test_the_name_is_heard_in_the_network() -> None:
    told: list[Any] = []
    # In a thread of its own, as the server does it: an event loop that runs in this one would be taken for its own.
    speaking = threading.Thread(target=lambda: told.extend(_spoken_and_heard()))
    speaking.start()
    speaking.join(SECONDS_MAX)
    name, again, heard, own = told
    assert name == again, "said once"
    assert name in (network.LOCAL_NAMES if own else ("",))
    assert bool(heard) == bool(own)
    assert heard <= own


def _spoken_and_heard() -> list[Any]:
    from zeroconf import AddressResolver, Zeroconf

    own = network.own_addresses()
    spoken, heard = network.SpokenName(8443), set()
    try:
        name = spoken.announce(own)
        again = spoken.announce(own)
        if name:
            listening, resolver = Zeroconf(), AddressResolver(f"{name}.")
            if resolver.request(listening, 5000):
                heard = set(resolver.parsed_addresses())
            listening.close()
    finally:
        spoken.stop()
    return [name, again, heard, set(own)]
