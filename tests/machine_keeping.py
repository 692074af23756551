"""What is told of goods in the shop that tests/test_machine.py plays with: counts of the shelf while the shop goes on,
labels that got mixed up, kinds of goods that are one, and what crafters answer when they are asked."""

from datetime import timedelta

from hypothesis import strategies as st
from hypothesis.stateful import rule
from sqlalchemy import text

from showroom_app.counting import count as counts
from showroom_app.counting import differences, stocktake
from showroom_app.counting.differences import Decision
from showroom_app.counting.stocktake import Scope
from showroom_app.extensions import reading, rollback
from showroom_app.labels import runs
from showroom_app.stock import ageing, products
from showroom_app.stock.ageing import Answer
from tests.machine import NAMES, PEOPLE
from tests.machine_goods import MANAGERS, Standing
from tests.machine_till import slips, today
from tests.oracle import ROOM, Away, Count, Thing

SOON = timedelta(days=14)
MEANWHILE = ["check_out", "check_out", "check_out", "take_in", "harm", "again", "send", "arrive", "send_home", "swap"]
RESULT = text(
    "SELECT id, item_id, expected, counted, later, write_off_id FROM stocktake_result WHERE stocktake_id = :number"
)
reasons = st.sampled_from(["tidak ketemu"] * 6 + [""])


class Keeping(Standing):
    """Goods are counted, their labels and kinds put right, their crafters asked."""

    counted: Count | None = None  # the count that is under way

    @rule(data=st.data(), act=st.sampled_from(["count_shelf", "count_shelf", "swap", "merge", "answer"]))
    def keeping(self, data: st.DataObject, act: str) -> None:
        """Somebody looks after what is there."""
        getattr(self, f"_{act}")(data)

    def _count_shelf(self, data: st.DataObject) -> None:
        """Everything but one thing is scanned, and something happens in between; then it is closed and decided."""
        of, name = data.draw(st.sampled_from([None, None, *self.crafters])), data.draw(st.sampled_from(PEOPLE))
        scope = Scope() if of is None else Scope("crafter", crafter_id=of)
        if sum(thing.shelf > 0 for thing in self.paper.things.values()) < 3:
            self._receive(data, of or self.crafters[0], lot=False)
        number = self.attempt(True, lambda request: stocktake.begin(scope, self.who[name], request))
        assert number is not None
        count = self.counted = self.paper.begin_count(of)
        if data.draw(slips, label="another at once"):
            self.attempt(False, lambda request: stocktake.begin(Scope(), self.who[name], request))
        there = [thing for thing in self.paper.things.values() if thing.shelf and count.is_about(thing)]
        left_out = data.draw(st.sampled_from([*there, None]), label="left out")
        seen = [thing for thing in there if thing is not left_out]
        if data.draw(st.sampled_from([False, False, True]), label="any other label too"):
            seen.append(self._thing(data))
        half = data.draw(st.integers(0, len(seen)), label="before")
        for thing in seen[:half]:
            self._scan_label(data, number, count, thing)
        getattr(self, f"_{data.draw(st.sampled_from(MEANWHILE), label='meanwhile')}")(data)
        if data.draw(st.sampled_from([False, False, True]), label="one back"):
            self._take_scan_back(data, number, count)
        for thing in seen[half:]:
            self._scan_label(data, number, count, thing)
        self._end(data, number, count)

    def _scan_label(self, data: st.DataObject, number: int, count: Count, thing: Thing) -> None:
        who, lot = self.who[data.draw(st.sampled_from(PEOPLE))], thing.quantity > 1
        miscounted = lot and data.draw(slips, label="miscounted")
        pieces = max(0, thing.shelf + data.draw(st.sampled_from([-1, 1]))) if miscounted else max(1, thing.shelf)
        seen = pieces if lot else None
        legal = count.is_about(thing) or not thing.shelf
        done = self.attempt(legal, lambda request: counts.count(number, thing.code, who, request, pieces=seen))
        if done is not None:
            assert done.kind == count.scan(thing, pieces if lot else 1)

    def _take_scan_back(self, data: st.DataObject, number: int, count: Count) -> None:
        key = data.draw(st.sampled_from([*count.scanned] * 4 + [self._thing(data).id]), label="which scan")
        thing, who = self.paper.things[key], self.who[data.draw(st.sampled_from(PEOPLE))]

        def take_back(request: str) -> bool:
            counts.take_back(number, thing.id, who, request)
            return True

        if self.attempt(thing.id in count.scanned, take_back):
            count.take_back(thing)

    def _end(self, data: st.DataObject, number: int, count: Count) -> None:
        self.counted = None
        if data.draw(slips, label="begun by mistake"):
            for name in ("petugas", "pengelola"):
                drop = lambda request: stocktake.drop(number, self.who[name], request)  # noqa: B023, E731
                self.attempt(name == "pengelola", drop)
            return
        closers = data.draw(st.sampled_from([["pengelola"]] * 6 + [["petugas", "pengelola"]]))
        for name in closers:
            legal, who = name == "pengelola", self.who[name]
            self.attempt(legal, lambda request: stocktake.close(number, "", who, request))  # noqa: B023
        wanted = count.result(self.paper.things.values())
        found = {row.item_id: (row.expected, row.counted, row.later) for row in self._results(number)}
        assert found == wanted
        missing = {key: expected - seen for key, (expected, seen, _later) in wanted.items() if seen < expected}
        if data.draw(slips, label="sold before it is decided"):
            self._check_out(data)
        if missing:
            self._decide(data, number, missing)

    def _results(self, number: int) -> list:  # type: ignore[type-arg]
        rollback()
        return list(reading().execute(RESULT, {"number": number}))

    def _decide(self, data: st.DataObject, number: int, missing: dict[int, int]) -> None:
        """What is missing is posted as lost, or explained; once."""
        chosen = data.draw(st.sampled_from([list(missing), list(missing)[:1]]), label="decided")
        how, reason = data.draw(st.sampled_from(["lost", "lost", "lost", "explained"])), data.draw(reasons)
        who, things = self.who[data.draw(st.sampled_from(MANAGERS))], self.paper.things
        there = how == "explained" or all(things[key].shelf >= missing[key] for key in chosen)
        legal = who.role == "manager" and bool(reason) and there
        rows = [row.id for row in self._results(number) if row.item_id in chosen]
        pays = data.draw(st.sampled_from([None, True, False]), label="compensate")
        decision = Decision(how, reason, compensate=pays)
        settle = lambda request: differences.settle(number, rows, decision, who, request)  # noqa: E731
        if self.attempt(legal, settle) is None:
            return
        for row in self._results(number) if how == "lost" else ():
            if row.item_id in chosen:
                thing, pieces = things[row.item_id], missing[row.item_id]
                paid = thing.share * pieces if pays is not False else 0
                self.paper.go_away(Away(row.write_off_id, thing, "lost", pieces, paid), "shelf")
        if data.draw(slips, label="once more"):
            self.attempt(False, settle)

    def _may_swap(self, thing: Thing) -> bool:
        wanted = any(thing.id in bag.wishes for bag in self.bags.values())
        counted = self.counted is not None and thing.id in self.counted.scanned
        return thing.quantity == 1 and thing.stands and not wanted and not counted and not self.paper.was_sold(thing)

    def _swap(self, data: st.DataObject) -> None:
        first, second = self._thing(data), self._thing(data)
        if not data.draw(slips, label="any two"):
            while len(free := [thing for thing in self.paper.things.values() if self._may_swap(thing)]) < 2:
                self._receive(data, self.crafters[0], lot=False)
            first, second = data.draw(st.permutations(free), label="labels")[:2]
        reason, who = data.draw(reasons), self.who[data.draw(st.sampled_from(PEOPLE))]
        legal = first is not second and self._may_swap(first) and self._may_swap(second) and bool(reason)
        codes = first.code, second.code
        if self.attempt(legal, lambda request: runs.swap(first.id, codes[1], reason, who, request)) is not None:
            second.code, first.code = codes
            first.due = second.due = True

    def _alike(self) -> list[tuple[int, int]]:
        """Two kinds of goods of one crafter, either way round."""
        owner = {kind: crafter for (crafter, _name), kind in self.paper.products.items()}
        return [(one, other) for one in owner for other in owner if one != other and owner[one] == owner[other]]

    def _merge(self, data: st.DataObject) -> None:
        pairs, slip = self._alike(), data.draw(slips, label="any two")
        new = [(crafter, name) for crafter in self.crafters for name in NAMES]
        new = [one for one in new if one not in self.paper.products]
        if not pairs and new and not slip:
            self._receive(data, new[0][0], name=new[0][1])
            pairs = self._alike()
        known = sorted({*self.paper.products.values(), *self.paper.merged})
        any_two = st.tuples(st.sampled_from(known), st.sampled_from(known))
        gone, into = data.draw(st.sampled_from(pairs) if pairs and not slip else any_two, label="one")
        name = data.draw(st.sampled_from(MANAGERS))

        def merge(request: str) -> bool:
            products.merge(gone, into, self.who[name], request)
            return True

        if self.attempt(name == "pengelola" and (gone, into) in pairs, merge):
            self.paper.merge(gone, into)

    def _answer(self, data: st.DataObject) -> None:
        if not any(thing.stands for thing in self.paper.things.values()):
            self._receive(data, self.crafters[0])
        standing = [key for key, thing in self.paper.things.items() if thing.stands]
        anything = data.draw(slips, label="anything")
        some = st.sampled_from(list(self.paper.things) if anything else standing)
        chosen = data.draw(st.lists(some, min_size=1, max_size=2, unique=True), label="items")
        things = [self.paper.things[key] for key in chosen]
        answer = data.draw(st.sampled_from(["extend", "extend", "collect", "asked"]))
        days = data.draw(st.sampled_from([7] * 6 + [60, 0, 2_000]), label="days")
        by, who = data.draw(st.sampled_from(["Bu Tutik"] * 6 + [""])), self.who[data.draw(st.sampled_from(PEOPLE))]
        until = today() + timedelta(days=days) if answer == "extend" else None
        legal = all(thing.stands for thing in things) and bool(by or answer == "asked")
        legal = legal and (answer != "extend" or 0 < days < 1_000)
        said = Answer(answer, by, until)
        done = self.attempt(legal, lambda request: ageing.answer(chosen, said, who, request))
        if done is not None:
            assert done == len(chosen)
            for thing in things:
                thing.until, thing.collects = until.isoformat() if until else thing.until, answer == "collect"
        assert {row["id"] for row in ageing.to_ask(ROOM)} == self.paper.to_ask((today() + SOON).isoformat())
