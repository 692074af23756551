"""The chart of accounts: where each kind of account stands, and what it is called, in other people's bookkeeping."""

import re
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Kind:
    """`root` is one of bookkeeping's five. `letter` stands before the owner's number; none: a showroom owns it."""

    root: str
    letter: str = ""


# A new kind of account is one line here; until it has one it stands under Equity:Unknown.
KINDS = {
    # where goods lie
    "shelf": Kind("Assets"),
    "damaged": Kind("Assets"),
    "transit": Kind("Assets"),
    "venue": Kind("Assets", "V"),
    "lost": Kind("Expenses"),
    # Money nets to zero here; the goods that were sold pile up.
    "buyers": Kind("Equity"),
    # where money lies: the house's, then one of each for a shift
    "office": Kind("Assets"),
    "bank": Kind("Assets"),
    "drawer": Kind("Assets", "S"),
    "qris": Kind("Assets", "S"),
    "transfer": Kind("Assets", "S"),
    "card": Kind("Assets", "S"),
    "advance": Kind("Assets", "C"),
    # whom we owe
    "crafter": Kind("Liabilities", "C"),
    "driver": Kind("Liabilities"),
    "order": Kind("Liabilities", "O"),
    # what we earn and what it costs
    "commission": Kind("Income"),
    "service": Kind("Income"),
    "rounding": Kind("Expenses"),
    "cash_difference": Kind("Expenses"),
    "expense": Kind("Expenses"),
    "fee": Kind("Expenses"),
    "loss": Kind("Expenses"),
}


def account_path(account_id: int, kind: str, owner_id: int, showroom_id: int) -> str:
    """An account's name for Beancount, such as Liabilities:Showroom1:Crafter:C12: valid, and nobody else's.

    `showroom_id` is where it was first used; an account that a showroom owns tells its own. No name is the beginning
    of another, because Beancount counts what lies below an account as part of it.
    """
    known = KINDS.get(kind)
    if known is None:
        return f"Equity:Unknown:Showroom{showroom_id}:{_word(kind)}:A{account_id}"
    if not known.letter:
        return f"{known.root}:Showroom{owner_id}:{_word(kind)}"
    return f"{known.root}:Showroom{showroom_id}:{_word(kind)}:{known.letter}{owner_id}"


def _word(kind: str) -> str:
    """cash_difference -> CashDifference."""
    parts = re.findall(r"[A-Za-z0-9]+", kind)
    return "".join(part[0].upper() + part[1:] for part in parts) or "Other"
