"""The money rules' worked examples, to the rupiah (docs/architecture.md, money rules)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from showroom_app.lib import money
from showroom_app.lib.money import Bearer, Terms, split

FORTY = Terms("commission", commission_bps=4_000)


@pytest.mark.parametrize(
    ("bearer", "crafter", "showroom"),
    [("shared", 12_960, 8_640), ("showroom", 14_400, 7_200), ("crafter", 12_000, 9_600)],
)
def test_24_000_less_ten_percent_at_forty_percent_commission(bearer: Bearer, crafter: int, showroom: int) -> None:
    parts = split(FORTY, 24_000, 1, discount=2_400, bearer=bearer)
    assert (parts.crafter, parts.showroom) == (crafter, showroom)


def test_33_333_at_fifteen_percent_rounds_half_up() -> None:
    parts = split(Terms("commission", commission_bps=1_500), 33_333, 1)
    assert (parts.crafter, parts.showroom) == (28_333, 5_000)


def test_net_price_75_000_sold_at_90_000_less_10_000() -> None:
    parts = split(Terms("net_price", net_price=75_000), 90_000, 1, discount=10_000)
    assert (parts.crafter, parts.showroom) == (75_000, 5_000)


def test_item_7_for_100_000_at_twenty_percent() -> None:
    parts = split(Terms("commission", commission_bps=2_000), 100_000, 1)
    assert (parts.crafter, parts.showroom) == (80_000, 20_000)


def test_a_discount_is_spread_exactly() -> None:
    assert money.spread(200, [100, 100, 100]) == [67, 67, 66]
    assert money.spread(24_000, [240_000, 0, 120_000]) == [16_000, 0, 8_000]
    assert money.spread(0, [0, 0]) == [0, 0]


@pytest.mark.parametrize(
    ("amount", "step", "rounded"),
    [(1_949, 100, 1_900), (1_950, 100, 2_000), (1_250, 500, 1_500), (1_249, 500, 1_000), (7, 0, 7)],
)
def test_cash_is_rounded_to_the_nearest_half_up(amount: int, step: int, rounded: int) -> None:
    assert money.round_cash(amount, step) == rounded


prices = st.integers(1, money.PRICE_MAX)
quantities = st.integers(1, money.QUANTITY_MAX)
rates = st.integers(0, money.FULL_RATE_BPS)


@given(prices, quantities, rates, st.integers(0, 100), st.sampled_from(["shared", "showroom", "crafter"]))
def test_commission_splits_add_up(price: int, quantity: int, bps: int, percent: int, bearer: Bearer) -> None:
    discount = price * quantity * percent // 100
    parts = split(Terms("commission", commission_bps=bps), price, quantity, discount, bearer)
    assert parts.crafter + parts.showroom == parts.net == price * quantity - discount
    if bearer == "shared":
        assert parts.crafter >= 0 <= parts.showroom, "a shared discount never makes a share negative"


@given(prices, quantities, st.data())
def test_net_price_splits_add_up_and_never_lose_unasked(price: int, quantity: int, data: st.DataObject) -> None:
    net_price = data.draw(st.integers(0, price))
    parts = split(Terms("net_price", net_price=net_price), price, quantity)
    assert parts.crafter + parts.showroom == price * quantity
    assert parts.crafter == net_price * quantity
    assert parts.showroom >= 0


@given(st.lists(st.integers(0, 10**9), min_size=1, max_size=50), st.data())
def test_spread_adds_up_and_stays_within_each_line(grosses: list[int], data: st.DataObject) -> None:
    discount = data.draw(st.integers(0, sum(grosses)))
    parts = money.spread(discount, grosses)
    assert sum(parts) == discount
    assert all(0 <= part <= gross for part, gross in zip(parts, grosses, strict=True))


@pytest.mark.parametrize("wrong", [(-1, 1, 0), (100, 0, 0), (100, 1, 101), (100, 1, -1)])
def test_lines_out_of_range_are_refused(wrong: tuple[int, int, int]) -> None:
    with pytest.raises(ValueError, match="out of range"):
        split(FORTY, *wrong)
