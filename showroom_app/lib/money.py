"""Money rules: whole rupiah, rates in basis points, no floats (docs/architecture.md, money rules)."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

FULL_RATE_BPS = 10_000
PRICE_MAX = 1_000_000_000
QUANTITY_MAX = 10_000

Bearer = Literal["shared", "showroom", "crafter"]
TermsKind = Literal["commission", "net_price"]

_AMOUNT = re.compile(
    r"(?:rp\.?)?\s*(\d{1,3}(?:\.\d{3})+|\d{1,3}(?:,\d{3})+|\d{1,3}(?: \d{3})+|\d+)"
    r"(?:,(?:-|00)|(?<=,\d\d\d)\.00)?",
    re.I | re.A,
)
_PERCENT = re.compile(r"(\d{1,3})(?:[.,](\d{1,2}))?\s*%?", re.A)


@dataclass(frozen=True, slots=True)
class Terms:
    """What was agreed: `commission` in basis points of the price, or `net_price` in rupiah a piece to the crafter."""

    kind: TermsKind
    commission_bps: int = 0
    net_price: int = 0

    def __post_init__(self) -> None:
        if self.kind not in ("commission", "net_price"):
            raise ValueError(f"unknown terms: {self.kind}")
        if not 0 <= self.commission_bps <= FULL_RATE_BPS or self.net_price < 0:
            raise ValueError("terms out of range")


@dataclass(frozen=True, slots=True)
class Split:
    """One line's net price in rupiah, and whom it goes to; the two always add up to net."""

    net: int
    crafter: int
    showroom: int


@dataclass(frozen=True, slots=True)
class Borne:
    """A line's discounts in rupiah, by who bears them."""

    shared: int = 0
    showroom: int = 0
    crafter: int = 0

    @property
    def total(self) -> int:
        """All of them."""
        return self.shared + self.showroom + self.crafter


def parse_rupiah(text: str) -> int:
    """Rupiah as people type them: 1250000, 1.250.000, Rp 1.250.000,- or 1,250,000.00. Refuses fractions and signs with
    ValueError."""
    match = _AMOUNT.fullmatch(text.strip())
    if not match or len(text) > 40:
        raise ValueError("not an amount in rupiah")
    return int(re.sub(r"[., ]", "", match[1]))


def parse_percent(text: str) -> int:
    """A rate as typed ("15", "12,5 %") in basis points; refuses below 0, above 100 % and a third decimal."""
    match = _PERCENT.fullmatch(text.strip())
    if not match:
        raise ValueError("not a percentage")
    bps = int(match[1]) * 100 + int((match[2] or "0").ljust(2, "0"))
    if bps > FULL_RATE_BPS:
        raise ValueError("above 100 %")
    return bps


def format_number(amount: int) -> str:
    """1250000 -> 1.250.000; a negative amount takes the minus sign U+2212."""
    text = f"{abs(amount):,}".replace(",", ".")
    return f"−{text}" if amount < 0 else text


def format_rupiah(amount: int) -> str:
    """1250000 -> Rp1.250.000; -24000 -> −Rp24.000."""
    text = f"Rp{abs(amount):,}".replace(",", ".")
    return f"−{text}" if amount < 0 else text


def format_percent(bps: int) -> str:
    """1500 -> 15%, 1250 -> 12,5%."""
    text = f"{bps // 100}"
    if rest := bps % 100:
        text += f",{rest:02d}".rstrip("0")
    return f"{text}%"


def share_of(amount: int, bps: int) -> int:
    """`bps` of an amount in rupiah, rounded half up."""
    return (amount * bps + FULL_RATE_BPS // 2) // FULL_RATE_BPS


def split(terms: Terms, price: int, quantity: int, discount: int = 0, bearer: Bearer = "shared") -> Split:
    """Divide one line between crafter and showroom; `discount` is the line's whole discount in rupiah, borne by one."""
    return divide(terms, price, quantity, Borne(**{bearer: discount}))


def divide(terms: Terms, price: int, quantity: int, borne: Borne) -> Split:
    """Divide one line whose discounts may be borne by several.

    Commission: the showroom takes its rate of what is left after the shared discount, the crafter gets the rest,
    and each then bears their own. Net price: the crafter gets the agreed amount a piece, the showroom the rest, so
    a discount is the showroom's. The showroom's share may come out below zero: the caller must ask a manager; the
    crafter's too, when they bear more than is theirs: the caller refuses. Refuses a discount larger than the line.
    """
    gross = price * quantity
    if price < 0 or quantity < 1 or min(borne.shared, borne.showroom, borne.crafter) < 0 or borne.total > gross:
        raise ValueError("line out of range")
    net = gross - borne.total
    if terms.kind == "net_price":
        crafter = terms.net_price * quantity
    else:
        base = gross - borne.shared
        crafter = base - share_of(base, terms.commission_bps) - borne.crafter
    return Split(net, crafter, net - crafter)


def part_of(amount: int, pieces: int, of: int) -> int:
    """What the first `pieces` of `of` pieces come to when all come to `amount`, rounded half up: with all of them it is
    the amount itself, so parts given back one after another add up to it."""
    if not 0 <= pieces <= of or of < 1:
        raise ValueError("pieces out of range")
    return (2 * amount * pieces + of) // (2 * of)


def spread(discount: int, grosses: Sequence[int]) -> list[int]:
    """Spread a basket's discount over its lines in proportion, by largest remainder: the parts add up exactly."""
    total = sum(grosses)
    if not 0 <= discount <= total or any(gross < 0 for gross in grosses):
        raise ValueError("discount out of range")
    return _by_largest_remainder(discount, grosses) if total else [0] * len(grosses)


def share_out(amount: int, shares_bps: Sequence[int]) -> list[int]:
    """What each maker of joint work gets of an amount in rupiah, by largest remainder: the parts add up exactly. The
    shares, in basis points, have to be all of it."""
    if sum(shares_bps) != FULL_RATE_BPS or any(bps < 1 for bps in shares_bps):
        raise ValueError("shares are not the whole")
    parts = _by_largest_remainder(abs(amount), shares_bps)
    return [-part for part in parts] if amount < 0 else parts


def _by_largest_remainder(amount: int, weights: Sequence[int]) -> list[int]:
    total = sum(weights)
    parts = [amount * weight // total for weight in weights]
    by_remainder = sorted(range(len(weights)), key=lambda i: (-(amount * weights[i] % total), i))
    for i in by_remainder[: amount - sum(parts)]:
        parts[i] += 1
    return parts


def round_cash(amount: int, step: int) -> int:
    """A cash amount to the nearest `step` rupiah (0: none, 100, 500), half up, as Permendag 35/2013 allows."""
    if step not in (0, 100, 500) or amount < 0:
        raise ValueError("unknown cash rounding")
    return (amount + step // 2) // step * step if step else amount


# Notes, and sums of them that are easily counted out.
_ROUND_SUMS = (1_000_000, 500_000, 100_000, 50_000, 20_000, 10_000, 5_000, 2_000, 1_000)


def quick_amounts(total: int, most: int = 2) -> list[int]:
    """What people are likely to hand over for a total besides the exact sum: the roundest sums above it, up to twice
    as much, or a note of up to five times. Smallest first."""
    found: list[int] = []
    for step in _ROUND_SUMS:
        amount = -(-total // step) * step
        likely = amount <= 2 * total or amount <= min(5 * total, 100_000)
        if total < amount and likely and amount not in found:
            found.append(amount)
    return sorted(found[:most])


# Notes and coins of rupiah in use; 1 stands for whatever else is counted, in rupiah.
WORTHS = (100_000, 50_000, 20_000, 10_000, 5_000, 2_000, 1_000, 500, 200, 100, 1)


def in_notes(amount: int) -> dict[int, int]:
    """An amount in as few notes and coins as can be: worth -> pieces, largest first."""
    told: dict[int, int] = {}
    for worth in WORTHS:
        pieces, amount = divmod(amount, worth)
        if pieces:
            told[worth] = pieces
    return told
