"""What the machine is called in its network, and where phones are sent."""

import pytest

from showroom_app import network
from showroom_app.lib.private_network import is_private


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
    from zeroconf import AddressResolver, Zeroconf

    own = network.own_addresses()
    if not own:
        assert network.SpokenName(8443).announce(own) == ""
        return
    spoken = network.SpokenName(8443)
    try:
        name = spoken.announce(own)
        assert name in network.LOCAL_NAMES
        assert spoken.announce(own) == name, "said once"
        listening, resolver = Zeroconf(), AddressResolver(f"{name}.")
        assert resolver.request(listening, 3000)
        assert set(resolver.parsed_addresses()) <= set(own)
        listening.close()
    finally:
        spoken.stop()
