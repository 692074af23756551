"""Amounts in Indonesian words (terbilang), as a kuitansi has them."""

_ONES = ["nol", "satu", "dua", "tiga", "empat", "lima", "enam", "tujuh", "delapan", "sembilan", "sepuluh", "sebelas"]
_STEPS = ((10**12, "triliun"), (10**9, "miliar"), (10**6, "juta"), (1000, "ribu"), (100, "ratus"), (10, "puluh"))


def spelled_rupiah(amount: int) -> str:
    """850000 -> Delapan ratus lima puluh ribu rupiah."""
    words = f"{spelled(amount)} rupiah"
    return words[0].upper() + words[1:]


def spelled(number: int) -> str:
    """A whole number in words: 1250 -> seribu dua ratus lima puluh. Refuses what is below zero or needs more than
    trillions with ValueError."""
    if not 0 <= number < 10**15:
        raise ValueError("not a number that is written out")
    if number < len(_ONES):
        return _ONES[number]
    if number < 20:
        return f"{_ONES[number - 10]} belas"
    worth, name = next(step for step in _STEPS if step[0] <= number)
    many, rest = divmod(number, worth)
    # One hundred and one thousand have words of their own; a million is "satu juta".
    head = f"se{name}" if many == 1 and worth <= 1000 else f"{spelled(many)} {name}"
    return f"{head} {spelled(rest)}" if rest else head
