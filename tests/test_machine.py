"""The shop played at random for days on end: every act, legal or not, against tests/oracle.py, on both engines.

After each step the books must be whole, and goods and money lie where the oracle says. An act that the rules forbid
must be refused and leave every table as it was; one that went through is asked for again under its request id, and must
change nothing. `pytest tests/test_machine.py --slow` plays 200 shops of 200 steps, without it of 20: a tenth.
"""

from datetime import timedelta

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import rule, run_state_machine_as_test

from showroom_app.payouts.advance import Lend, lend
from showroom_app.payouts.payout import Outcome, Pay, pay
from showroom_app.payouts.reversal import undo_advance, undo_payout
from showroom_app.sales import refund
from tests.engines import Engine
from tests.machine import PEOPLE
from tests.machine_office import Office
from tests.machine_till import slips, today
from tests.oracle import ROOM, Deal, PaidOut

METHODS = ("office", "drawer", "transfer")


class Machine(Office):
    """Goods coming back, and money going to crafters."""

    def _first_sales(self, data: st.DataObject) -> None:
        self._check_out(data)
        self._check_out(data)
        self._pay(data)
        self._check_out(data)

    @rule(data=st.data())
    def comes_back(self, data: st.DataObject) -> None:
        """Some of a sale comes back, or all of what is left of it."""
        if not self._some_deal(data):
            return
        kind = data.draw(st.sampled_from(["refund", "refund", "refund", "void"]))
        name = self._who(data)
        left = self._left()
        begun = [deal for deal in left if deal.value_back]
        deal = data.draw(st.sampled_from(begun * 5 + left[-3:] * 5 + self.paper.deals), label="sale")
        shift_id = self._shift_of(name)
        asked: dict[int, tuple[int, str]] = {}
        for index, line in enumerate(deal.lines):
            most = line.quantity - line.back
            number = data.draw(st.sampled_from([1, most, (most + 1) // 2, 1, 0, most + 1]), label="pieces")
            asked[index] = (number, data.draw(st.sampled_from(["shelf", "damaged"])))
        services = sorted(deal.services)[: data.draw(st.sampled_from([0, 1, 2]), label="services")]
        allowed = kind == "void" or not services or self.paper.rules.services_refundable
        if kind == "void":
            asked = {i: (line.quantity - line.back, asked[i][1]) for i, line in enumerate(deal.lines)}
            services = sorted(deal.services)
        back = [position for position in services if position in deal.services]
        pieces = {index: one for index, one in asked.items() if one[0]}
        enough = all(n <= deal.lines[index].quantity - deal.lines[index].back for index, (n, _p) in pieces.items())
        value = sum(deal.services[p][0] for p in back) if allowed else 0
        value += sum(deal.lines[i].part(deal.lines[i].net, n) for i, (n, _p) in pieces.items()) if enough else 0
        wanted, plan, due = self._hand_over(data, deal, value)
        approver = data.draw(st.sampled_from(["pengelola", "pengelola", None, "petugas2"]))
        manager = "pengelola" in (name, approver)
        alone = deal.day == today().isoformat() and deal.money_back + due <= self.paper.rules.refund_rupiah_max
        seen = data.draw(st.sampled_from([None] + [due] * 8 + [due + 1]))
        legal = allowed and enough and bool(pieces or back) and shift_id is not None and (manager or alone)
        legal = legal and seen in (None, due) and plan is not None
        legal = legal and plan.get("cash", 0) <= self.paper.money["drawer", shift_id]
        lines = {index + 1: one for index, one in asked.items()}
        told = refund.Asked(lines, tuple(services), wanted, "cacat", kind, "Bu Sri")
        result = self.attempt(
            legal,
            lambda request: refund.refund(
                deal.id, told, self.who[name], request, approver=approver and self.who[approver], total=seen
            ),
        )
        if result is not None:
            self.paper.give_back(shift_id, deal, pieces, back, plan, self._stand_of(shift_id))

    def _hand_over(
        self, data: st.DataObject, deal: Deal, value: int
    ) -> tuple[dict[str, int], dict[str, int] | None, int]:
        """What is asked for by tender, what has to come of it (None: it is refused), and how much money that is."""
        wanted: dict[str, int] = {}
        plan, due = self.paper.hand_back(deal, value, {})
        if data.draw(slips, label="by other tenders"):
            rest = due
            for tender in data.draw(st.permutations(["cash", "qris", "transfer"])):
                wanted[tender] = data.draw(st.sampled_from([0, rest, min(rest, deal.money.get(tender, 0))]))
                rest -= wanted[tender]
        if any(wanted.values()):
            plan, due = self.paper.hand_back(deal, value, wanted)
            fits = all(amount <= deal.money.get(tender, 0) for tender, amount in plan.items())
            return wanted, plan if fits and sum(plan.values()) == due else None, due
        return wanted, plan, due

    def _who(self, data: st.DataObject) -> str:
        """Somebody, most often at a till."""
        self._some_desk(data)
        return data.draw(st.sampled_from([name for name, _shift in self.tills.values()] * 5 + list(PEOPLE)), label="by")

    def _some_deal(self, data: st.DataObject) -> bool:
        for _i in range(4):
            if not self._left():
                self._check_out(data)
        return bool(self.paper.deals)

    def _left(self) -> list[Deal]:
        """Sales of which something can still come back."""
        return [deal for deal in self.paper.deals if any(line.back < line.quantity for line in deal.lines)]

    @rule(data=st.data(), act=st.sampled_from(["pay", "pay", "undo", "lend", "take_back"]))
    def crafters_money(self, data: st.DataObject, act: str) -> None:
        """Crafters are paid, a payout is undone, an advance given or taken back."""
        getattr(self, f"_{act}")(data)

    def _pay(self, data: st.DataObject) -> None:
        for _i in range(2):
            if max(map(self.paper.owed, self.crafters)) <= 0:
                self._check_out(data)
        name, late = self._who(data), data.draw(st.sampled_from([0] * 12 + [1, -1]), label="until")
        shift_id, pays, ready, refused = self._shift_of(name), [], [], set()
        creditors = [crafter for crafter in self.crafters if self.paper.owed(crafter) > 0]
        for crafter in data.draw(st.sampled_from([creditors or self.crafters] * 3 + [self.crafters])):
            method, wrong = data.draw(st.sampled_from(METHODS)), data.draw(slips)
            owed = self.paper.owed(crafter)
            pays.append(Pay(crafter, owed + wrong, method, "" if data.draw(slips) else "TRX"))
            (refused.add if owed <= 0 or wrong else ready.append)(crafter)
        paid = [one for one in pays if one.crafter_id in ready]
        drawer = sum(one.amount for one in paid if one.method == "drawer")
        # Until yesterday nothing is due: all was sold today, and debts count whenever they were made.
        legal = bool(paid) and late == 0 and all(one.reference or one.method != "transfer" for one in pays)
        if any(one.method == "drawer" for one in pays):
            legal = legal and shift_id is not None and drawer <= self.paper.money["drawer", shift_id]
        until = today() + timedelta(days=late)
        done: Outcome | None = self.attempt(legal, lambda request: pay(pays, until, self.who[name], request))
        if done is None:
            return
        assert set(done.refused) == refused
        places = {"office": ("office", ROOM), "transfer": ("bank", ROOM), "drawer": ("drawer", shift_id or 0)}
        for payout_id, one in zip(done.payout_ids, sorted(paid, key=lambda one: one.crafter_id), strict=True):
            self.paper.pay(PaidOut(payout_id, one.crafter_id, one.amount, places[one.method]))

    def _undo(self, data: st.DataObject) -> None:
        if not self.paper.payouts:
            self._pay(data)
        if not self.paper.payouts:
            return
        reason = data.draw(st.sampled_from(["salah jumlah"] * 5 + [""]))
        payout = data.draw(st.sampled_from(self.paper.payouts))
        legal = bool(reason) and not payout.undone
        who = self.who["pengelola"]
        if self.attempt(legal, lambda request: undo_payout(payout.id, reason, who, request)) is not None:
            self.paper.undo(payout, self._where_back(payout))

    def _where_back(self, out: PaidOut) -> tuple[str, int]:
        gone = out.source[0] == "drawer" and out.source[1] not in [shift for _n, shift in self.tills.values()]
        return ("office", ROOM) if gone else out.source

    def _take_back(self, data: st.DataObject) -> None:
        if not self.paper.advances:
            self._lend(data)
        if not self.paper.advances:
            return
        reason = data.draw(st.sampled_from(["dikembalikan"] * 5 + [""]))
        name = data.draw(st.sampled_from(["pengelola"] * 6 + ["petugas"]))
        advance = data.draw(st.sampled_from(self.paper.advances))
        legal = bool(reason) and name == "pengelola" and not advance.undone and advance.taken_by is None
        who = self.who[name]
        if self.attempt(legal, lambda request: undo_advance(advance.id, reason, who, request)) is not None:
            self.paper.take_back(advance, self._where_back(advance))

    def _lend(self, data: st.DataObject) -> None:
        name = data.draw(st.sampled_from(["pengelola"] * 6 + ["petugas"]))
        amount = data.draw(st.sampled_from([50_000, 1, 150_000, 300_000, 300_001, 0]))
        method = data.draw(st.sampled_from(METHODS))
        crafter, shift_id = data.draw(st.sampled_from(self.crafters)), self._shift_of(name)
        can = self.paper.rules.advance_rupiah_max + min(0, self.paper.owed(crafter))
        legal = name == "pengelola" and 0 < amount <= can
        if method == "drawer":
            legal = legal and shift_id is not None and amount <= self.paper.money["drawer", shift_id]
        asked = Lend(crafter, amount, method, "beli rotan", "TRX" if method == "transfer" else "")
        advance_id = self.attempt(legal, lambda request: lend(asked, self.who[name], request))
        if advance_id is not None:
            places = {"office": ("office", ROOM), "transfer": ("bank", ROOM), "drawer": ("drawer", shift_id or 0)}
            self.paper.lend(PaidOut(advance_id, crafter, amount, places[method]))


@pytest.mark.within_a_day(600)
def test_the_shop_is_as_the_rules_say(engine: Engine, request: pytest.FixtureRequest) -> None:
    """See the head of this file."""
    rules = settings(
        max_examples=200, stateful_step_count=200 if request.config.getoption("--slow") else 20, deadline=None,
        derandomize=True, database=None, suppress_health_check=list(HealthCheck),
    )  # fmt: skip

    class Here(Machine):
        pass

    Here.engine = engine
    run_state_machine_as_test(Here, settings=rules)
