"""What strangers try is counted by address, for a while, and in bounded memory."""

import pytest

from showroom_app.lib.tries import Tries


def test_an_address_is_closed_after_so_many_and_opens_again(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = [1000.0]
    monkeypatch.setattr("showroom_app.lib.tries.time.monotonic", lambda: clock[0])
    tries = Tries(most=3, seconds=60, addresses=10)
    for _try in range(3):
        assert not tries.spent("a")
        tries.count("a")
    assert tries.spent("a")
    assert not tries.spent("b"), "others are not"
    clock[0] += 59
    assert tries.spent("a"), "the time runs from the first"
    clock[0] += 1
    assert not tries.spent("a")


def test_ipv4_is_itself_however_it_came_and_ipv6_is_its_network() -> None:
    tries = Tries(most=1, seconds=60, addresses=10)
    tries.count("::ffff:192.168.1.20")
    assert tries.spent("192.168.1.20")
    assert not tries.spent("::ffff:192.168.1.21")
    tries.count("2001:db8:1:2::7")
    assert tries.spent("2001:db8:1:2::8")
    assert not tries.spent("2001:db8:1:3::7")
    tries.count("fe80::1%eth0")
    assert tries.spent("fe80::1%eth1")
    tries.count("no address%at all")
    assert tries.spent("no address%at all")


def test_it_never_remembers_more_addresses_than_it_may() -> None:
    tries = Tries(most=1, seconds=60, addresses=100)
    for number in range(5_000):
        tries.count(str(number))
    assert len(tries._known) == 100
    assert tries.spent("4999")
    assert not tries.spent("1")
