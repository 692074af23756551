"""PINs that would be guessed, and why; codes handed over are none of them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from showroom_app.lib.pin import new_code, weakness

PHONE = "+6281234567890"
WEAK = {
    "same": ["000000", "111111", "999999"],
    "run": ["123456", "654321", "012345", "456789", "567890", "098765", "987654"],
    "repeat": ["121212", "123123", "112233", "778899", "909090", "111222", "123321", "550550", "443399"],
    "date": [
        "170845", "310199", "290200",  # DDMMYY
        "081745", "123199",  # MMDDYY
        "450817", "991231",  # YYMMDD
        "197508", "200012", "191501",  # YYYYMM
        "081975", "122001",  # MMYYYY
        "171975", "751987",  # DMYYYY
        "197517", "200191",  # YYYYMD
    ],
    "phone": ["234567", "345678", "456789", "567890", "812345", "628123", "281234", "081234"],
}  # fmt: skip


@pytest.mark.parametrize(
    ("kind", "pin"), [(kind, pin) for kind, pins in WEAK.items() for pin in pins if kind != "phone"]
)
def test_what_people_guess_first(kind: str, pin: str) -> None:
    assert weakness(pin) == kind


@pytest.mark.parametrize("phone", ["+6281375296048", "0813-7529-6048", "6281375296048", "0813 7529 6048"])
def test_a_part_of_the_own_number_however_it_is_written(phone: str) -> None:
    for pin in ("081375", "137529", "375296", "752960", "529604", "296048", "813752", "281375", "628137"):
        assert weakness(pin, phone) in ("phone", "date"), pin
    assert weakness("752960", phone) == "phone"
    assert weakness("752960", "+6281234567890") == ""


@pytest.mark.parametrize(
    "pin", ["246813", "739104", "482915", "391399", "320145", "613287", "458237", "197590", "880497"]
)
def test_others_are_good(pin: str) -> None:
    assert weakness(pin, PHONE) == ""


@given(st.text("0123456789", min_size=6, max_size=6), st.text(max_size=20))
def test_it_has_an_answer_for_all(pin: str, phone: str) -> None:
    assert weakness(pin, phone) in ("", "same", "run", "repeat", "date", "phone")


def test_most_pins_are_left_to_choose_from() -> None:
    good = sum(not weakness(f"{number:06}") for number in range(0, 1_000_000, 7))
    assert 0.85 < good / len(range(0, 1_000_000, 7)) < 0.95


def test_codes_are_six_digits_and_never_weak() -> None:
    made = {new_code() for _ in range(2_000)}
    assert len(made) > 1_950
    assert all(len(code) == 6 and code.isdigit() and not weakness(code) for code in made)
