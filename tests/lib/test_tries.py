"""What strangers try is counted by address, for a while, and in bounded memory."""

import time

from showroom_app.lib.tries import Tries


def test_an_address_is_closed_after_so_many_and_opens_again() -> None:
    tries = Tries(most=3, seconds=1.0, addresses=10)
    for _try in range(3):
        assert not tries.spent("a")
        tries.count("a")
    assert tries.spent("a")
    assert not tries.spent("b"), "others are not"
    time.sleep(1.05)
    assert not tries.spent("a")


def test_it_never_remembers_more_addresses_than_it_may() -> None:
    tries = Tries(most=1, seconds=60, addresses=100)
    for number in range(5_000):
        tries.count(str(number))
    assert len(tries._known) == 100
    assert tries.spent("4999")
    assert not tries.spent("1")
