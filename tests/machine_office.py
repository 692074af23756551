"""The office of the shop that tests/test_machine.py plays with: files of goods are imported, labels are printed."""

from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import rule
from sqlalchemy import text

from showroom_app.extensions import reading, rollback
from showroom_app.imports import accept, preview, upload
from showroom_app.labels import runs, sheets
from tests.imports.files import GOODS, goods_row, table
from tests.machine import NAMES, PEOPLE, prices
from tests.machine_keeping import Keeping
from tests.machine_till import slips
from tests.oracle import ROOM, Thing

PAPER, PLACES = "a4-3x8", 24
RATE_OF = {"Tutik Handayani": 1_500, "Slamet Riyadi": 2_000}
DUE = text("SELECT id FROM item WHERE labels_due")
BROUGHT = text(
    "SELECT i.id, i.code, i.product_id, c.crafter_id FROM item i JOIN consignment_line l ON l.id = i.line_id"
    " JOIN consignment c ON c.id = l.consignment_id WHERE i.id > :before ORDER BY i.id"
)


class Office(Keeping):
    """Goods come in by the file; labels wait and are printed."""

    @rule(data=st.data(), act=st.sampled_from(["bring_file", "print_labels", "print_labels", "let_wait"]))
    def office(self, data: st.DataObject, act: str) -> None:
        """Somebody sits at the desk."""
        getattr(self, f"_{act}")(data)
        rollback()
        assert set(reading().execute(DUE).scalars()) == {key for key, thing in self.paper.things.items() if thing.due}

    def _bring_file(self, data: st.DataObject) -> None:
        """A workbook of goods is accepted: all of it, or, with one wrong cell, nothing."""
        who, names = self.who["pengelola"], dict(zip(RATE_OF, self.crafters, strict=True))
        wrong = data.draw(slips, label="a wrong cell")
        lines: list[tuple[str, str, int, int]] = []
        for _i in range(data.draw(st.integers(1, 3), label="rows")):
            crafter, name = data.draw(st.sampled_from(list(names))), data.draw(st.sampled_from(NAMES))
            lines.append((crafter, name, data.draw(prices), data.draw(st.integers(1, 2))))
        cells = [goods_row(name, str(price), str(pieces), crafter=one) for one, name, price, pieces in lines]
        if wrong:
            cells[-1][-1] = "murah"
        content = table(GOODS, *cells)
        import_id, again = upload.upload("goods", "barang.csv", content, who)
        rollback()
        row = upload.own_file(reading(), import_id, ROOM)
        taken = again and row.accepted_at is not None
        mark = "" if taken else preview.preview(row)["mark"]
        before = max(self.paper.things)
        rollback()
        legal = not wrong and not taken
        if self.attempt(legal, lambda request: accept.accept(import_id, mark, who, request)) is not None:
            self._came_in(before, lines, names)

    def _came_in(self, before: int, lines: list[tuple[str, str, int, int]], names: dict[str, int]) -> None:
        """A note for each crafter, in the order of the file; a label for each piece."""
        made: dict[int, list[Any]] = {crafter: [] for crafter in names.values()}
        rollback()
        for item_id, code, product, crafter in reading().execute(BROUGHT, {"before": before}):
            made[crafter].append((item_id, code, product))
        for who, name, price, pieces in lines:
            crafter = names[who]
            for _piece in range(pieces):
                item_id, code, product = made[crafter].pop(0)
                known = self.paper.products.setdefault((crafter, name), product)
                thing = Thing(item_id, code, crafter, price, 1, RATE_OF[who], product=known)
                thing.move("shelf", 1)
                self.paper.things[item_id] = thing
        assert not any(made.values())

    def _print_labels(self, data: st.DataObject) -> None:
        """The whole queue, or some again, from a place on or the next free one."""
        who = self.who[data.draw(st.sampled_from(PEOPLE))]
        some = st.lists(st.sampled_from(sorted(self.paper.things)), min_size=1, max_size=3, unique=True)
        chosen = data.draw(st.just([]) | some, label="which")
        start = data.draw(st.sampled_from([None, None, None, 1, PLACES, PLACES + 1, 0]), label="from")
        waiting = [key for key, thing in sorted(self.paper.things.items()) if thing.due and thing.stands]
        ids = chosen or waiting
        legal = bool(ids) and (start is None or 1 <= start <= PLACES)
        run = self.attempt(legal, lambda request: runs.print_run(chosen, PAPER, start, True, who, request))
        if run is not None:
            for key in ids:
                self.paper.things[key].due = False
            first = self.paper.place if start is None else start
            self.paper.place = (first - 1 + len(ids)) % PLACES + 1
        rollback()
        assert sheets.next_place(reading(), ROOM, PAPER) == self.paper.place

    def _let_wait(self, data: st.DataObject) -> None:
        thing, waits = self._thing(data), data.draw(st.sampled_from([True, True, False]))
        who, legal = self.who[data.draw(st.sampled_from(PEOPLE))], not waits or thing.stands

        def let_wait(request: str) -> bool:
            runs.let_wait(thing.id, waits, who, request)
            return True

        if self.attempt(legal, let_wait):
            thing.due = waits
