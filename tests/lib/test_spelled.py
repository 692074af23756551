"""Terbilang: amounts in words."""

import pytest

from showroom_app.lib.spelled import spelled, spelled_rupiah


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (0, "nol"), (10, "sepuluh"), (11, "sebelas"), (15, "lima belas"), (20, "dua puluh"),
        (99, "sembilan puluh sembilan"),
        (100, "seratus"), (111, "seratus sebelas"), (1_000, "seribu"), (1_100, "seribu seratus"), (2_000, "dua ribu"),
        (11_000, "sebelas ribu"), (100_000, "seratus ribu"), (101_001, "seratus satu ribu satu"),
        (1_000_000, "satu juta"), (6_665_750, "enam juta enam ratus enam puluh lima ribu tujuh ratus lima puluh"),
        (1_000_000_000, "satu miliar"), (2_000_000_000_001, "dua triliun satu"),
    ],
)  # fmt: skip
def test_numbers(number: int, words: str) -> None:
    assert spelled(number) == words


def test_a_sum_on_a_kuitansi() -> None:
    assert spelled_rupiah(850_000) == "Delapan ratus lima puluh ribu rupiah"


@pytest.mark.parametrize("number", [-1, 10**15])
def test_what_is_not_written_out(number: int) -> None:
    with pytest.raises(ValueError, match="not a number"):
        spelled(number)
