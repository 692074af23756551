"""Amounts as people type them, and as the screen shows them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from showroom_app.lib import money

TYPED = [
    "1.250.000",
    "1250000",
    "Rp 1.250.000,-",
    "Rp1.250.000",
    "rp 1,250,000",
    "1 250 000",
    " 1.250.000,00 ",
    "Rp. 1250000",
    "1,250,000.00",
]


@pytest.mark.parametrize("text", TYPED)
def test_amounts_as_people_type_them(text: str) -> None:
    assert money.parse_rupiah(text) == 1_250_000


@pytest.mark.parametrize(
    "text",
    ["", "abc", "-5", "1.25", "12.5", "1.250.00", "1e6", "٣٤", "Rp", "1,5", "9" * 50, "5.0000", "12.00", "1,250.0"],
)
def test_what_is_no_amount_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="amount"):
        money.parse_rupiah(text)


@given(st.integers(0, 10**15))
def test_what_is_shown_can_be_typed(amount: int) -> None:
    assert money.parse_rupiah(money.format_rupiah(amount)) == amount
    assert money.parse_rupiah(money.format_number(amount)) == amount


@pytest.mark.parametrize(("text", "bps"), [("15", 1500), ("12,5 %", 1250), ("0", 0), ("100%", 10_000), ("7.25", 725)])
def test_percent(text: str, bps: int) -> None:
    assert money.parse_percent(text) == bps


@pytest.mark.parametrize("text", ["", "101", "-1", "1,234", "x", "100,01"])
def test_wrong_percent(text: str) -> None:
    with pytest.raises(ValueError, match=r"%|percentage"):
        money.parse_percent(text)


def test_formats() -> None:
    assert money.format_rupiah(-24_000) == "−Rp24.000"
    assert money.format_number(-1_500) == "−1.500"
    assert [money.format_percent(b) for b in (1500, 1250, 725, 0)] == ["15%", "12,5%", "7,25%", "0%"]


def test_quick_amounts_are_what_people_hand_over() -> None:
    assert money.quick_amounts(1_931_000) == [1_950_000, 2_000_000]
    assert money.quick_amounts(12_695_000) == [12_700_000, 13_000_000]
    assert money.quick_amounts(275_000) == [300_000, 500_000]
    assert money.quick_amounts(24_000) == [50_000, 100_000]
    assert money.quick_amounts(5_000) == [10_000, 20_000]
    assert money.quick_amounts(100_000) == []
