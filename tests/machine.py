"""The shop that tests/test_machine.py plays with, the same shop on paper beside it; its goods, drawers, settings."""

from collections.abc import Callable
from typing import Any, ClassVar, TypeVar

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule
from sqlalchemy import text, update

from showroom_app.cli import check_books
from showroom_app.extensions import begin_write, commit, db, reading, release, rollback
from showroom_app.lib.refusal import NotHere, Refusal
from showroom_app.people import crafters
from showroom_app.people.models import Showroom
from showroom_app.sales import cash_move, shift
from showroom_app.stock import intake
from tests import builders
from tests.builders import request_id
from tests.engines import Engine
from tests.oracle import ROOM, Bag, Oracle, Rules, Thing

T = TypeVar("T")
PEOPLE, DESKS = ("petugas", "petugas2", "pengelola"), ("K1", "K2", "K3")
STANDS = {"K3": "venue"}  # from where a desk sells, if not from the shelf
RATES = {"0": 0, "15": 1_500, "20": 2_000, "33,33": 3_333, "40": 4_000, "100": 10_000}
OWED_OR_EARNED = ("crafter", "commission", "service", "driver", "rounding")
SUMS = text(
    "SELECT a.kind, a.owner_id, x.unit, sum(x.amount) FROM (SELECT debit_id AS id, unit, amount FROM posting"
    " UNION ALL SELECT credit_id, unit, -amount FROM posting) x JOIN account a ON a.id = x.id"
    " GROUP BY a.kind, a.owner_id, x.unit HAVING sum(x.amount) <> 0"
)
TOLD = text("SELECT id, code, price, product_id, agreed_until FROM item")
NAMES = ["Lampu gantung"] * 3 + ["Lampu meja", "Lampu lantai"]
prices = st.sampled_from([1, 49, 50, 999, 1_950, 12_345, 24_000, 33_333, 90_000, 275_000]) | st.integers(1, 2_000_000)
RULES = st.builds(
    Rules,
    cash_rounding=st.sampled_from([0, 100, 500]),
    discount_bearer=st.sampled_from(["shared", "showroom", "crafter"]),
    discount_bps_max=st.sampled_from([0, 1_000, 3_333]),
    paid_refund_bearer=st.sampled_from(["crafter", "showroom"]),
    services_refundable=st.booleans(),
    refund_rupiah_max=st.sampled_from([0, 50_000, 5_000_000]),
    advance_rupiah_max=st.sampled_from([0, 300_000]),
    tenders=st.sampled_from(["cash,qris", "cash,qris,transfer,card"]),
)


class Shop(RuleBasedStateMachine):
    """One shop from its first day, and the same shop on paper."""

    engine: ClassVar[Engine]

    @initialize(data=st.data())
    def open_the_doors(self, data: st.DataObject) -> None:
        """Goods of both crafters on the shelf, the first till open."""
        self.engine.reset()
        self.context = self.engine.app.app_context()
        self.context.push()
        self.paper = Oracle()
        self.who = {name: builders.user(name) for name in PEOPLE}
        self.crafters = [builders.crafter_id(name) for name in ("Tutik", "Slamet")]
        self.tills: dict[str, tuple[str, int]] = {}
        self.bags = {desk: Bag() for desk in DESKS}
        builders.exhibition()
        self._set(data.draw(RULES))
        for crafter in self.crafters:
            self._receive(data, crafter)
        self._open("K1", data.draw(st.sampled_from(PEOPLE)), 100_000)
        self._first_sales(data)

    def _first_sales(self, data: st.DataObject) -> None:
        """What the shop has done before it is played with."""

    def teardown(self) -> None:
        """Give the database back."""
        if hasattr(self, "context"):
            release()
            self.context.pop()

    @invariant()
    def books_and_paper_agree(self) -> None:
        """Everything that can be asked of the books, after every step."""
        told: list[str] = []
        assert check_books(told.append), "\n".join(line for line in told if not line.startswith("ok"))
        sums = {(kind, owner, unit): int(amount) for kind, owner, unit, amount in reading().execute(SUMS)}
        money = {(kind, owner): amount for (kind, owner, unit), amount in sums.items() if not unit}
        goods = {key: amount for key, amount in sums.items() if key[2]}
        wanted = {key: -n if key[0] in OWED_OR_EARNED else n for key, n in self.paper.money.items() if n}
        assert money == wanted
        assert goods == self.paper.lies()
        told_of = {key: tuple(told) for key, *told in reading().execute(TOLD)}
        assert told_of == {key: (one.code, one.price, one.product, one.until) for key, one in self.paper.things.items()}
        for crafter in self.crafters:
            assert crafters.owed(crafter) == self.paper.owed(crafter)
        counts = [
            reading().execute(text(f"SELECT count(*) FROM {name}")).scalar() for name in ("sale", "refund", "payout")
        ]
        assert counts == [len(self.paper.deals), self.paper.refunds, len(self.paper.payouts)]
        rollback()

    def attempt(self, legal: bool, act: Callable[[str], T]) -> T | None:
        """Do what is legal, twice under one request id; see what is not refused without a trace, and get None."""
        request, before = request_id(), None if legal else self._everything()
        try:
            result = act(request)
        except (Refusal, NotHere) as refusal:
            assert not legal, f"refused: {refusal!r}"
            assert self._everything() == before
            return None
        assert legal, f"should have been refused, gave {result!r}"
        assert act(request) == result
        return result

    def _everything(self) -> dict[str, list[str]]:
        rollback()
        tables = db.metadata.sorted_tables
        return {table.name: sorted(map(repr, reading().execute(table.select()))) for table in tables}

    def _stand_of(self, shift_id: int | None) -> str:
        """Where what comes back to a shift stands."""
        desk = next((desk for desk, (_n, shift) in self.tills.items() if shift == shift_id), "")
        return STANDS.get(desk, "shelf")

    def _shift_of(self, name: str) -> int | None:
        return next((shift_id for who, shift_id in self.tills.values() if who == name), None)

    @rule(data=st.data(), act=st.sampled_from(["take_in", "rethink"]))
    def house(self, data: st.DataObject, act: str) -> None:
        """Goods come in; the manager thinks otherwise."""
        getattr(self, f"_{act}")(data)

    @rule(data=st.data(), act=st.sampled_from(["open_shift", "close_shift", "move_cash"]))
    def drawers(self, data: st.DataObject, act: str) -> None:
        """Somebody opens a drawer, counts it, puts in change, takes out money."""
        getattr(self, f"_{act}")(data)

    def _take_in(self, data: st.DataObject) -> None:
        self._receive(data, data.draw(st.sampled_from(self.crafters)), slips=True)

    def _receive(self, data: st.DataObject, crafter: int, slips: bool = False, **wanted: Any) -> None:
        """A crafter brings something; `wanted` says a `name`, or whether it is a `lot`."""
        who, price = self.who["petugas"], data.draw(prices)
        lot = wanted["lot"] if "lot" in wanted else data.draw(st.sampled_from([True, True, False]))
        quantity = data.draw(st.integers(2, 7) if lot else st.integers(1, 2))
        rate, net = data.draw(st.sampled_from(["15", *RATES])), None
        lowest = data.draw(st.none() | st.integers(1, price + slips))
        name = wanted.get("name") or data.draw(st.sampled_from(NAMES), label="name")
        typed = builders.line(name, price=str(price), quantity=str(quantity), per_piece="lot" if lot else "each")
        if data.draw(st.booleans(), label="net price"):
            net = data.draw(st.integers(1, price + slips))
            typed |= {"terms_kind": "net_price", "net_price": str(net)}
        partner = data.draw(st.sampled_from([None] * 3 + [("1", 100), ("33,33", 3_333), ("50", 5_000)]), label="with")
        other = next(one for one in self.crafters if one != crafter)
        if partner is not None:
            names = dict(zip(self.crafters, ("Tutik Handayani", "Slamet Riyadi"), strict=True))
            typed |= {"joint": "1", "partner_1": names[other], "part_1": partner[0]}
        typed |= {"commission_percent": rate, "lowest_price": "" if lowest is None else str(lowest)}
        note = intake.start(crafter, who, request_id())
        legal = price >= (net or 0) and price >= (lowest or 0)
        lines = {"lines": [typed], "agreed_until": ""}
        if self.attempt(legal, lambda request: intake.receive(note, lines, who, request)) is None:
            return
        query = text(
            "SELECT i.id, i.code, i.product_id FROM item i JOIN consignment_line l ON l.id = i.line_id"
            " WHERE l.consignment_id = :n"
        )
        made = list(reading().execute(query, {"n": note}))
        assert len(made) == (1 if lot else quantity)
        known = self.paper.products.setdefault((crafter, name), made[0][2])
        assert known not in self.paper.merged
        for item_id, code, _product in made:
            pieces, bps = (quantity if lot else 1), (RATES[rate] if net is None else 0)
            thing = Thing(item_id, code, crafter, price, pieces, bps, net, lowest, product=known)
            thing.move("shelf", pieces)
            thing.partner = None if partner is None else (other, partner[1])
            self.paper.things[item_id] = thing

    def _open_shift(self, data: st.DataObject) -> None:
        desk, name = data.draw(st.sampled_from(DESKS)), data.draw(st.sampled_from(PEOPLE))
        self._open(desk, name, data.draw(st.sampled_from([0, 50_000, 300_001])))

    def _some_desk(self, data: st.DataObject) -> str:
        """A desk with an open till; one is opened where there is none."""
        if not self.tills:
            self._open("K1", data.draw(st.sampled_from(PEOPLE)), 100_000)
        return data.draw(st.sampled_from(sorted(self.tills)), label="desk")

    def _open(self, desk: str, name: str, cash: int) -> None:
        desk_id, who = builders.desk_id(desk), self.who[name]
        legal = desk not in self.tills and self._shift_of(name) is None
        opened = self.attempt(legal, lambda request: shift.open_shift(desk_id, cash, who, request))
        if opened is not None:
            self.tills[desk] = (name, opened)
            self.paper.money["drawer", opened] += cash
            self.paper.money["office", ROOM] -= cash

    def _close_shift(self, data: st.DataObject) -> None:
        desk, off = self._some_desk(data), data.draw(st.sampled_from([0, 0, 0, 100, -1]), label="off by")
        note = data.draw(st.sampled_from(["", "salah kembalian"]))
        (name, shift_id), closer = self.tills[desk], data.draw(st.sampled_from(PEOPLE))
        expected = self.paper.money["drawer", shift_id]
        counted = max(0, expected + off)
        notes = {100_000: counted // 100_000, 1: counted % 100_000}
        legal = closer in (name, "pengelola") and bool(note or counted == expected)
        close = lambda request: shift.close_shift(shift_id, notes, self.who[closer], request, note=note)  # noqa: E731
        if self.attempt(legal, close) is not None:
            del self.tills[desk]
            self.paper.money["drawer", shift_id] = 0
            self.paper.money["office", ROOM] += counted
            self.paper.money["cash_difference", ROOM] -= counted - expected

    def _move_cash(self, data: st.DataObject) -> None:
        name, shift_id = self.tills[self._some_desk(data)]
        kind = data.draw(st.sampled_from(["change", "expense", "driver", "bank", "office"]))
        amount = data.draw(st.sampled_from([1_500, 20_000, 400_000, 0]))
        mover = data.draw(st.sampled_from([name, name, *PEOPLE]))
        reason = data.draw(st.sampled_from(["plastik", "plastik", "plastik", ""]))
        change = amount if kind == "change" else -amount
        drawer = self.paper.money["drawer", shift_id]
        legal = mover in (name, "pengelola") and amount > 0 and bool(reason) and drawer + change >= 0
        move = lambda request: cash_move.move_cash(shift_id, kind, amount, reason, self.who[mover], request)  # noqa: E731
        if self.attempt(legal, move) is not None:
            self.paper.money["drawer", shift_id] += change
            # What a driver is paid is no longer owed to drivers; elsewhere cash is where it went.
            other = "office" if kind == "change" else kind
            self.paper.money[other, ROOM] -= -change if kind == "driver" else change

    def _rethink(self, data: st.DataObject) -> None:
        self._set(data.draw(RULES))

    def _set(self, rules: Rules) -> None:
        begin_write().execute(update(Showroom).where(Showroom.id == ROOM).values(vars(rules)))
        commit()
        self.paper.rules = rules
