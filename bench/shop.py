"""The shop while it is being filled: its people, the ids given so far, and a book that is right at every step."""

import random
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import datetime

from bench.bulk import Bulk
from showroom_app.ledger.book import chain_hash, stamp
from showroom_app.lib.label_code import ALPHABET, LENGTH, with_check
from showroom_app.web.access import SignedIn

Moved = tuple[int, int, int, int]  # unit, debit, credit, amount


@dataclass(frozen=True)
class Plan:
    """How big a shop to make. `singles` pieces stand on the shelf, each with its own label, a thousand of them in
    the first crafter's note; `lots` labels stand for `lot_pieces` alike pieces each."""

    crafters: int = 100
    products: int = 20
    singles: int = 10_000
    lots: int = 0
    lot_pieces: int = 100_000
    sales: int = 100_000
    tills: int = 4


# 10 000 labels on the shelf, most of one piece, and lots that are never sold out however long the tills are busy.
MAIN = Plan(singles=8_000, lots=2_000)
# 10 postings: nine lots and one float.
SMALL = Plan(crafters=3, products=3, singles=0, lots=9, sales=0, tills=1)
# About 1 000 000 postings: five for a sale.
LARGE = Plan(singles=8_000, lots=2_000, sales=200_000)
# 100 000 labels on the shelf.
FULL_SHELF = Plan(singles=98_000, lots=2_000, sales=0)
# About 10 000 postings, of the same days as the large shop's last.
MODEST = Plan(singles=0, lots=2_000, sales=2_000)
# For a first look, in a minute.
QUICK = Plan(crafters=20, products=20, singles=1_600, lots=400, sales=4_000)
QUICK_MODEST = Plan(crafters=20, products=20, singles=0, lots=400, sales=1_000)
QUICK_SHELF = Plan(crafters=20, products=20, singles=9_600, lots=400, sales=0)
QUICK_LARGE = Plan(crafters=20, products=20, singles=1_600, lots=400, sales=16_000)


@dataclass(slots=True)
class Lot:
    """An item that past sales take from, until none is left."""

    item_id: int
    crafter_id: int
    name: str
    crafter_name: str
    price: int
    bps: int
    left: int


@dataclass
class Shop:
    """People, places, and the counters of everything."""

    plan: Plan
    bulk: Bulk
    showroom_id: int
    manager: SignedIn
    attendants: list[SignedIn]
    tills: list[int]
    office: int
    accounts: dict[tuple[str, int], int]
    rng: random.Random
    heads: dict[int, tuple[int, str]] = field(default_factory=dict)  # desk -> number and hash of its last entry
    series: dict[tuple[int, str], int] = field(default_factory=lambda: defaultdict(int))
    balances: dict[tuple[int, int], int] = field(default_factory=lambda: defaultdict(int))
    floors: dict[int, int | None] = field(default_factory=dict)  # of the accounts that keep a balance
    ids: dict[str, int] = field(default_factory=dict)
    codes: set[str] = field(default_factory=set)

    def new_id(self, table: str) -> int:
        """The next id of a table."""
        known = self.ids.get(table) or self.bulk.next_id(table)
        self.ids[table] = known + 1
        return known

    def new_account(self, kind: str, owner: int, floor: int | None) -> int:
        """An account that keeps a balance."""
        made = self.new_id("account")
        self.bulk.rows["account"].append((made, kind, owner, self.bulk.flag(True), floor))
        self.floors[made] = floor
        return made

    def number(self, desk: int, name: str) -> int:
        """The next number of a series at a desk."""
        self.series[desk, name] += 1
        return self.series[desk, name]

    def request(self, actor: int, at: datetime, result: str) -> str:
        """A finished request, under an id such as browsers make."""
        made = f"{int(at.timestamp() * 1000):012x}{self.rng.getrandbits(80):020x}"
        digest = f"{self.rng.getrandbits(256):064x}"
        self.bulk.rows["request"].append((made, digest, result, actor, self.bulk.moment(at)))
        return made

    def entry(self, desk: int, kind: str, at: datetime, actor: int, moves: list[Moved]) -> int:
        """An entry with its postings and its link in the desk's chain."""
        entry_id = self.new_id("entry")
        request = self.request(actor, at, f'{{"entry": {entry_id}}}')
        number, head = self.heads.get(desk, (0, ""))
        digest = chain_hash(head, [desk, number + 1, kind, stamp(at), actor, request, None, ""], moves)
        self.heads[desk] = (number + 1, digest)
        values = (entry_id, desk, number + 1, kind, self.bulk.moment(at), actor, request, None, "", digest)
        self.bulk.rows["entry"].append(values)
        self.bulk.rows["posting"] += [(entry_id, line, *move) for line, move in enumerate(moves, 1)]
        for unit, debit, credit, amount in moves:
            self.balances[unit, debit] += amount
            self.balances[unit, credit] -= amount
        return entry_id

    def code(self) -> str:
        """A label code out of the seed, never the same twice."""
        while True:
            made = with_check("".join(self.rng.choices(ALPHABET, k=LENGTH - 1)))
            if made not in self.codes:
                self.codes.add(made)
                return made
