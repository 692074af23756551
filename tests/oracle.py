"""What the shop's goods and money should be, by the design's money rules alone: plain Python, its own arithmetic.

Nothing here is imported from the program. Each method is one thing that happened, told as a person would on paper; what
the program does is compared with the sums kept here (`money`, `goods`) after every step of tests/test_machine.py.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

ROOM = FAIR = 1
IN_THE_SHOWROOM = ("shelf", "transit", "damaged", "lost")


def half_up(part: Fraction) -> int:
    """To the nearest whole, a half upwards."""
    return int((Decimal(part.numerator) / Decimal(part.denominator)).quantize(Decimal(1), ROUND_HALF_UP))


def percent(amount: int, bps: int) -> int:
    """Basis points of an amount, half up."""
    return half_up(Fraction(amount * bps, 10_000))


def to_step(amount: int, step: int) -> int:
    """Cash to the nearest 100 or 500."""
    return half_up(Fraction(amount, step)) * step if step else amount


def largest_remainder(whole: int, weights: list[int]) -> list[int]:
    """Share a whole out in proportion, to the rupiah."""
    if not sum(weights):
        return [0 for _ in weights]
    exact = [Fraction(whole * weight, sum(weights)) for weight in weights]
    parts = [part.numerator // part.denominator for part in exact]
    order = sorted(range(len(parts)), key=lambda i: (parts[i] - exact[i], i))
    for i in order[: whole - sum(parts)]:
        parts[i] += 1
    return parts


@dataclass
class Rules:
    """The showroom's settings that money depends on."""

    cash_rounding: int = 0
    discount_bearer: str = "shared"
    discount_bps_max: int = 1_000
    paid_refund_bearer: str = "crafter"
    services_refundable: bool = False
    refund_rupiah_max: int = 500_000
    advance_rupiah_max: int = 300_000
    tenders: str = "cash,qris,transfer,card"


@dataclass
class Thing:
    """An item: one piece, or a lot under one label."""

    id: int
    code: str
    crafter: int
    price: int
    quantity: int
    bps: int = 0
    net_price: int | None = None
    lowest: int | None = None
    shelf: int = 0
    sold: int = 0
    damaged: int = 0
    borne: int = 0  # that came back damaged, refunded by the showroom
    lost: int = 0
    home: int = 0  # given back to the crafter
    venue: int = 0  # at the fair
    transit: int = 0
    partner: tuple[int, int] | None = None  # another maker, and their basis points
    product: int = 0
    until: str = ""  # the agreed end
    collects: bool = False  # the crafter said last that they will come for it
    came: int = 0  # pieces that ever came to the shelf
    due: bool = True  # its label is still to be printed

    @property
    def makers(self) -> list[tuple[int, int]]:
        """Who made it, with their basis points of what crafters get."""
        if self.partner is None:
            return [(self.crafter, 10_000)]
        return [(self.crafter, 10_000 - self.partner[1]), self.partner]

    @property
    def stands(self) -> bool:
        """Whether some of it stands somewhere to be sold, or is on the way there."""
        return self.shelf + self.venue + self.transit > 0

    def share_out(self, amount: int) -> dict[int, int]:
        """What each maker gets of an amount."""
        parts = largest_remainder(amount, [bps for _crafter, bps in self.makers])
        return {crafter: part for (crafter, _bps), part in zip(self.makers, parts, strict=True)}

    def move(self, place: str, pieces: int) -> None:
        """So many more pieces at a place; below zero, fewer."""
        self.came += max(0, pieces) if place == "shelf" else 0
        setattr(self, place, getattr(self, place) + pieces)

    @property
    def share(self) -> int:
        """What crafters get for a piece at its price."""
        return self.price - percent(self.price, self.bps) if self.net_price is None else self.net_price

    def alone(self, bps_max: int, pieces: int) -> int:
        """The least an attendant may take alone for some pieces; of a percentage a rupiah may be lost in spreading."""
        if self.lowest is not None:
            return min(self.price, max(self.lowest, self.net_price or 0)) * pieces
        gross = self.price * pieces
        return max(gross - percent(gross, bps_max) - 1, (self.net_price or 0) * pieces)


@dataclass
class Off:
    """A discount."""

    bps: int = 0
    rupiah: int = 0
    bearer: str = ""

    def of(self, amount: int) -> int:
        """What it takes off."""
        return percent(amount, self.bps) if self.bps else min(self.rupiah, amount)


@dataclass
class Wish:
    """A line of a basket."""

    thing: Thing
    quantity: int = 1
    price: int | None = None
    off: Off = field(default_factory=Off)

    @property
    def gross(self) -> int:
        """Before discounts."""
        return (self.thing.price if self.price is None else self.price) * self.quantity


@dataclass
class Bag:
    """A basket at a desk."""

    wishes: dict[int, Wish] = field(default_factory=dict)
    off: Off = field(default_factory=Off)
    services: dict[int, tuple[int, str]] = field(default_factory=dict)
    approved: int | None = None  # the showroom's share that a manager said yes to


@dataclass
class Sold:
    """A line of a sale: who got what; how many pieces came back; by which payout the crafter was paid."""

    thing: Thing
    quantity: int
    net: int
    crafter: int
    back: int = 0
    paid_by: dict[int, int] = field(default_factory=dict)  # maker -> payout

    @property
    def parts(self) -> dict[int, int]:
        """What each maker gets."""
        return self.thing.share_out(max(self.crafter, 0))

    def part(self, amount: int, pieces: int) -> int:
        """The part of an amount that the next pieces to come back have: all together give the whole."""
        before, after = (Fraction(amount * n, self.quantity) for n in (self.back, self.back + pieces))
        return half_up(after) - half_up(before)


@dataclass
class Deal:
    """A sale with what became of it."""

    id: int
    day: str
    lines: list[Sold]
    services: dict[int, tuple[int, str]]
    total: int
    money: dict[str, int]
    step: int  # to which cash was rounded that day
    value_back: int = 0
    handed: Counter[str] = field(default_factory=Counter)

    @property
    def money_back(self) -> int:
        """All that was handed back."""
        return sum(self.handed.values())


@dataclass
class Away:
    """Pieces damaged or lost, what the crafter got for them, and how many came again."""

    id: int
    thing: Thing
    kind: str
    quantity: int
    paid: int
    back: int = 0
    home: str = "shelf"
    owned: int = 0  # pieces that had been paid for before; they come first, and take nothing back

    def back_of(self, amount: int, pieces: int) -> int:
        """What the first pieces to come again take back of an amount."""
        return half_up(Fraction(amount * max(0, pieces - self.owned), max(1, self.quantity - self.owned)))

    @property
    def counts_as_paid(self) -> bool:
        """Damaged pieces that are the showroom's now."""
        return self.kind == "damaged" and self.paid > 0


@dataclass
class Note:
    """Goods on the way to the fair ('out') or home, and what of them is still."""

    id: int
    direction: str
    left: dict[int, int]


@dataclass
class Count:
    """A count of the shelf, of one crafter's goods if told: by item what stood there when it was scanned, with the
    pieces that were seen, and what had ever come to the shelf when it began."""

    crafter: int | None
    before: dict[int, int]
    scanned: dict[int, tuple[int, int]] = field(default_factory=dict)

    def take_back(self, thing: Thing) -> None:
        """A scan was a mistake."""
        del self.scanned[thing.id]

    def is_about(self, thing: Thing) -> bool:
        """Whether a thing on the shelf belongs to it."""
        return self.crafter in (None, thing.crafter)

    def scan(self, thing: Thing, pieces: int) -> str:
        """Somebody scans a label; what it does. A lot asks for its pieces once."""
        known = self.scanned.get(thing.id)
        if known is not None and thing.quantity > 1:
            return "overtaken"
        if known is not None and (known[0] or not thing.shelf):
            return "twice"
        self.scanned[thing.id] = (thing.shelf, pieces)
        return "counted" if thing.shelf or not pieces else "unexpected"

    def result(self, things: Iterable[Thing]) -> dict[int, tuple[int, int, int]]:
        """Expected, counted, and come later without being seen, by item: what was sold unseen is not expected, and of
        what came after the beginning nobody knows."""
        told = {key: (there, pieces, 0) for key, (there, pieces) in self.scanned.items()}
        for thing in things:
            if thing.shelf and self.is_about(thing) and thing.id not in told:
                later = min(thing.came - self.before.get(thing.id, 0), thing.shelf)
                told[thing.id] = (thing.shelf - later, 0, later)
        return told


@dataclass
class PaidOut:
    """A payout, or an advance; `taken_by` is the payout that took an advance back."""

    id: int
    crafter: int
    amount: int
    source: tuple[str, int]
    undone: bool = False
    taken_by: int | None = None


def price_out(bag: Bag, rules: Rules) -> list[tuple[Wish, Sold, str]]:
    """The lines of a basket as they would be sold, each with why it can't be ('' when it can): 'never' for anybody,
    'manager' without a manager's yes."""
    wishes = [bag.wishes[key] for key in sorted(bag.wishes)]
    own = [wish.off.of(wish.gross) for wish in wishes]
    left = [wish.gross - less for wish, less in zip(wishes, own, strict=True)]
    told = []
    for wish, less, part in zip(wishes, own, largest_remainder(bag.off.of(sum(left)), left), strict=True):
        thing, borne = wish.thing, Counter({wish.off.bearer or rules.discount_bearer: less})
        borne[bag.off.bearer or rules.discount_bearer] += part
        net = wish.gross - less - part
        if thing.net_price is None:
            base = wish.gross - borne["shared"]
            showroom = percent(base, thing.bps) - borne["showroom"]
            crafter = net - showroom
        else:
            crafter = thing.net_price * wish.quantity
            showroom = net - crafter
        low = (less + part) and net < thing.alone(rules.discount_bps_max, wish.quantity)
        why = "manager" if showroom < 0 or wish.price not in (None, thing.price) or low else ""
        told.append((wish, Sold(thing, wish.quantity, net, crafter), "never" if crafter < 0 else why))
    return told


def take(tendered: list[tuple[str, int, str]], total: int, rules: Rules) -> dict[str, int] | None:
    """What each tender pays of a total, or None where it is not enough, or too much, or can't be found again."""
    others = sum(amount for tender, amount, _ref in tendered if tender != "cash")
    cash, rest = sum(amount for _t, amount, _ref in tendered) - others, total - others
    named = all(ref for tender, amount, ref in tendered if amount and tender in ("transfer", "card"))
    known = all(tender in rules.tenders.split(",") for tender, _amount, _ref in tendered)
    if not tendered or min(amount for _t, amount, _r in tendered) < 0 or not (named and known) or rest < 0:
        return None
    by_cash = any(tender == "cash" for tender, _amount, _ref in tendered)
    due = to_step(rest, rules.cash_rounding) if by_cash else rest
    if cash < due or (cash and not rest):
        return None
    paid: Counter[str] = Counter({"cash": due})
    for tender, amount, _ref in tendered:
        if tender != "cash":
            paid[tender] += amount
    return {tender: amount for tender, amount in paid.items() if amount}


@dataclass
class Oracle:
    """The shop on paper. `money`: rupiah by (account, owner) as people count: what we owe and earn is positive."""

    rules: Rules = field(default_factory=Rules)
    things: dict[int, Thing] = field(default_factory=dict)
    deals: list[Deal] = field(default_factory=list)
    payouts: list[PaidOut] = field(default_factory=list)
    advances: list[PaidOut] = field(default_factory=list)
    away: list[Away] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)
    products: dict[tuple[int, str], int] = field(default_factory=dict)  # what a crafter's name for goods means
    merged: set[int] = field(default_factory=set)
    money: Counter[tuple[str, int]] = field(default_factory=Counter)
    refunds: int = 0
    place: int = 1  # on the sheet of labels, the next free one

    def sell(self, shift: int, deal: Deal, showroom: int, stand: str) -> None:
        """Goods to the buyers, shares to whom they belong, money into the shift."""
        for line in deal.lines:
            line.thing.move(stand, -line.quantity)
            line.thing.sold += line.quantity
            for crafter, part in line.parts.items():
                self.money["crafter", crafter] += part
        self.money["commission", ROOM] += showroom
        for amount, payee in deal.services.values():
            self.money["service" if payee == "showroom" else "driver", ROOM] += amount
        for tender, amount in deal.money.items():
            self.money["drawer" if tender == "cash" else tender, shift] += amount
        self.money["rounding", ROOM] += sum(deal.money.values()) - deal.total
        self.deals.append(deal)

    def hand_back(self, deal: Deal, value: int, wanted: dict[str, int]) -> tuple[dict[str, int], int]:
        """By which tender how much is handed back for some of a sale, and what it must come to. Cash alone is rounded,
        over all refunds together; with the last of the sale all that is left goes back."""
        left, value = {t: a for t, a in deal.money.items() if a}, deal.value_back + value
        wanted = {t: a for t, a in wanted.items() if a}
        if value == deal.total:
            return wanted or left, sum(left.values()) if wanted in ({}, left) else -1
        step = deal.step if "cash" in deal.money else 0
        gone = sum(deal.handed.values()) - deal.handed["cash"]

        def cash(others: int) -> int:
            return max(0, to_step(max(0, value - gone - others), step) - deal.handed["cash"])

        if not wanted:
            most = deal.money.get("cash", 0)
            plan = {"cash": min(most, cash(0))}
            rest = value - gone - deal.handed["cash"] - plan["cash"] if plan["cash"] == most else 0
            for tender in ("card", "qris", "transfer"):
                plan[tender] = max(0, min(rest, deal.money.get(tender, 0)))
                rest -= plan[tender]
            return {t: a for t, a in plan.items() if a}, sum(plan.values())
        others = sum(wanted.values()) - wanted.get("cash", 0)
        return wanted, others + cash(others)

    def give_back(
        self, shift: int, deal: Deal, pieces: dict[int, tuple[int, str]], services: list[int], money: dict[str, int],
        stand: str,
    ) -> None:  # fmt: skip
        """The very same split turned round; a crafter who was paid owes it, or the showroom bears it."""
        value = sum(deal.services[position][0] for position in services)
        for index, (number, place) in pieces.items():
            line = deal.lines[index]
            net, parts = line.part(line.net, number), {c: line.part(part, number) for c, part in line.parts.items()}
            crafter = sum(parts.values())
            bears, whole = self.rules.paid_refund_bearer == "showroom", place == "damaged" and bool(line.paid_by)
            line.thing.borne += number if bears and crafter and whole else 0
            for one, part in parts.items():
                keeps = bears and (whole or one in line.paid_by)
                self.money["loss" if keeps else "crafter", ROOM if keeps else one] += part if keeps else -part
            self.money["commission", ROOM] -= net - crafter
            line.back, value = line.back + number, value + net
            line.thing.sold -= number
            line.thing.move(stand if place == "shelf" else place, number)
        for position in services:
            amount, payee = deal.services.pop(position)
            self.money["service" if payee == "showroom" else "driver", ROOM] -= amount
        for tender, amount in money.items():
            self.money["drawer" if tender == "cash" else tender, shift] -= amount
            deal.money[tender] -= amount
        self.money["rounding", ROOM] -= sum(money.values()) - value
        deal.value_back += value
        deal.handed.update(money)
        self.refunds += 1

    def owed(self, crafter: int) -> int:
        """What a crafter is owed."""
        return self.money["crafter", crafter]

    def pay(self, payout: PaidOut) -> None:
        """All that is owed, for everything sold so far."""
        self.money["crafter", payout.crafter] -= payout.amount
        self.money[payout.source] -= payout.amount
        for line in (line for deal in self.deals for line in deal.lines):
            if line.parts.get(payout.crafter) and payout.crafter not in line.paid_by:
                line.paid_by[payout.crafter] = payout.id
        for advance in self.advances:
            if advance.crafter == payout.crafter and not advance.undone and advance.taken_by is None:
                advance.taken_by = payout.id
        self.payouts.append(payout)

    def undo(self, payout: PaidOut, into: tuple[str, int]) -> None:
        """A payout that was not."""
        self.money["crafter", payout.crafter] += payout.amount
        self.money[into] += payout.amount
        payout.undone = True
        for line in (line for deal in self.deals for line in deal.lines):
            line.paid_by = {crafter: paid for crafter, paid in line.paid_by.items() if paid != payout.id}
        for advance in self.advances:
            advance.taken_by = None if advance.taken_by == payout.id else advance.taken_by

    def lend(self, advance: PaidOut) -> None:
        """Money before anything was sold."""
        self.money["crafter", advance.crafter] -= advance.amount
        self.money[advance.source] -= advance.amount
        self.advances.append(advance)

    def take_back(self, advance: PaidOut, into: tuple[str, int]) -> None:
        """An advance that was not."""
        self.money["crafter", advance.crafter] += advance.amount
        self.money[into] += advance.amount
        advance.undone = True

    def go_away(self, away: Away, place: str) -> None:
        """Pieces are damaged or lost; the crafter gets what the showroom answers for."""
        thing, away.home = away.thing, place
        thing.move(place, -away.quantity)
        thing.move(away.kind, away.quantity)
        for crafter, part in thing.share_out(away.paid).items():
            self.money["crafter", crafter] += part
        self.money["loss", ROOM] += away.paid
        self.away.append(away)

    def unpaid(self, thing: Thing) -> int:
        """Damaged pieces that are the crafter's still; they are the first to be lost or to go home."""
        mine = [one for one in self.away if one.thing is thing]
        paid = thing.borne + sum(one.quantity - one.back for one in mine if one.counts_as_paid)
        return thing.damaged - paid + sum(max(0, one.owned - one.back) for one in mine)

    def may_mend(self, away: Away, quantity: int) -> bool:
        """Whether so many pieces lie damaged that were paid for, or not, as those of a record."""
        unpaid = self.unpaid(away.thing)
        return quantity <= (away.thing.damaged - unpaid if away.paid else unpaid)

    def come_again(self, away: Away, quantity: int) -> None:
        """They are mended or found, in the showroom if they stood elsewhere; what was paid is taken back, all of it
        with the last."""
        thing, after = away.thing, away.back + quantity
        for crafter, part in thing.share_out(away.paid).items():
            taken = away.back_of(part, after) - away.back_of(part, away.back)
            self.money["crafter", crafter] -= taken
            self.money["loss", ROOM] -= taken
        away.back = after
        thing.move(away.kind, -quantity)
        thing.move(away.home if away.home in ("shelf", "damaged") else "shelf", quantity)

    def begin_count(self, crafter: int | None) -> Count:
        """The shelf is counted."""
        return Count(crafter, {key: thing.came for key, thing in self.things.items()})

    def was_sold(self, thing: Thing) -> bool:
        """Whether a piece of it ever was, come back or not."""
        return any(line.thing is thing for deal in self.deals for line in deal.lines)

    def merge(self, gone: int, into: int) -> None:
        """Two kinds of goods are one: pieces and names of the one are the other's."""
        self.merged.add(gone)
        self.products = {name: into if kind == gone else kind for name, kind in self.products.items()}
        for thing in self.things.values():
            thing.product = into if thing.product == gone else thing.product

    def to_ask(self, soon: str) -> set[int]:
        """Whose agreed end comes by then: their crafters are asked, unless they are on their way to collect it."""
        return {key for key, one in self.things.items() if one.stands and "" < one.until <= soon and not one.collects}

    def lies(self) -> dict[tuple[str, int, int], int]:
        """Pieces by (place, owner, item), where there are any."""
        places = {}
        for thing in self.things.values():
            places["crafter", thing.crafter, thing.id] = thing.home - thing.quantity
            places |= {(place, ROOM, thing.id): getattr(thing, place) for place in IN_THE_SHOWROOM}
            places["venue", FAIR, thing.id] = thing.venue
            places["buyers", ROOM, thing.id] = thing.sold
        return {key: pieces for key, pieces in places.items() if pieces}
