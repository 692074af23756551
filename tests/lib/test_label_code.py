"""Label codes: checked, forgiving, random."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from showroom_app.lib import label_code
from showroom_app.lib.label_code import ALPHABET, looks_like_code, parse, with_check

bodies = st.text(ALPHABET, min_size=7, max_size=7)


def test_the_sample_is_valid() -> None:
    assert parse("7K3QXM2F") == "7K3QXM2F"


@pytest.mark.parametrize(
    "text",
    [
        "7k3qxm2f",
        " 7K3Q-XM2F ",
        "7K3Q XM2F",
        "HTTPS://GALERI.CONTOH.ID/Q/7K3QXM2F",
        "https://galeri.contoh.id/q/7k3qxm2f/",
        "/q/7K3QXM2F?x=1",
    ],
)
def test_scanned_and_typed_forms(text: str) -> None:
    assert parse(text) == "7K3QXM2F"


@given(bodies)
def test_look_alikes_are_forgiven(body: str) -> None:
    code = with_check(body)
    assert parse(code.replace("0", "O").replace("1", "I")) == code
    assert parse(code.replace("1", "l").lower()) == code


@given(bodies, st.integers(0, 7), st.sampled_from(ALPHABET))
def test_one_wrong_letter_is_noticed(body: str, place: int, letter: str) -> None:
    code = with_check(body)
    wrong = code[:place] + letter + code[place + 1 :]
    assert (parse(wrong) is None) == (wrong != code)


@pytest.mark.parametrize("text", ["", "kursi", "7K3QXM2", "7K3QXM2FF", "7K3QXM2G", "http://x/", "🪑" * 8, "x" * 10_000])
def test_what_is_no_code(text: str) -> None:
    assert parse(text) is None


def test_what_looks_like_a_code() -> None:
    assert looks_like_code("7K3QXM2G")
    assert looks_like_code("https://x/q/12")
    assert not looks_like_code("kursi")


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("qxm2", "QXM2"), ("K3QX-M2", "K3QXM2"), ("qxmf", "QXMF"), ("kotak", "K0TAK"), ("2026", "2026"),
        ("k3q", ""), ("kursi", ""), ("7K3QXM2F", ""), ("", ""),
    ],
)  # fmt: skip
def test_what_may_be_left_of_a_torn_code(text: str, part: str) -> None:
    assert label_code.part(text) == part


def test_new_codes_are_valid_and_differ() -> None:
    codes = {label_code.new_code() for _i in range(200)}
    assert len(codes) == 200
    assert all(parse(code) == code for code in codes)
