"""What happens to goods while they stand, in the shop that tests/test_machine.py plays with: another price, hand-backs,
damage and loss, and what is mended or found."""

from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import rule

from showroom_app.lib.money import Terms
from showroom_app.stock import hand_back, item_change, write_off
from showroom_app.stock.hand_back import Pieces
from showroom_app.stock.item_change import Agreed, Why
from showroom_app.stock.write_off import Harm
from showroom_app.venues import arrival, transfer
from tests.machine_till import Selling, slips, today
from tests.oracle import FAIR, Away, Note, Thing, percent

ACTS = ["reprice", "send_home", "harm", "harm", "again", "send", "send", "arrive", "arrive", "lose"]
HARMS = [
    *(("damaged", place) for place in ("shelf", "venue", "damaged")),
    *(("lost", place) for place in ("shelf", "venue", "damaged")),
]
MANAGERS = ["pengelola"] * 6 + ["petugas"]


class Standing(Selling):
    """Goods on the shelf, and off it without a buyer."""

    @rule(
        data=st.data(),
        act=st.sampled_from(
            ["reprice", "send_home", "harm", "harm", "again", "send", "send", "arrive", "arrive", "lose"]
        ),
    )
    def goods(self, data: st.DataObject, act: str) -> None:
        """Something happens to goods that stand."""
        getattr(self, f"_{act}")(data)

    def _thing(self, data: st.DataObject) -> Thing:
        return self.paper.things[data.draw(st.sampled_from(sorted(self.paper.things)), label="which")]

    def _reprice(self, data: st.DataObject) -> None:
        thing, name = self._thing(data), data.draw(st.sampled_from(MANAGERS))
        way, value = data.draw(
            st.sampled_from(
                [("price", 1), ("price", 60_000), ("price", 0), ("off", 2_500), ("rate", 1_000), ("net", 40)]
            )
        )
        price, bps, net = thing.price, thing.bps, thing.net_price
        agreed = Agreed(price=value) if way == "price" else Agreed(off_bps=value)
        if way == "price":
            price = value
        elif way == "off":
            price = max(1, price - percent(price, value))
        elif way == "rate":
            agreed, bps, net = Agreed(terms=Terms("commission", commission_bps=value)), value, None
        else:
            agreed, bps, net = Agreed(terms=Terms("net_price", net_price=value)), 0, value
        lowest = None if thing.lowest is None else min(thing.lowest, price)
        reason = data.draw(st.sampled_from(["lama"] * 6 + [""]))
        new = (price, bps, net, lowest)
        changed = new != (thing.price, thing.bps, thing.net_price, thing.lowest)
        legal = (
            name == "pengelola"
            and bool(reason)
            and price > 0
            and thing.shelf + thing.venue + thing.transit > 0
            and changed
            and (net or 0) <= price
        )
        why, who = Why("crafter", today(), reason), self.who[name]
        if self.attempt(legal, lambda request: item_change.change([thing.id], agreed, why, who, request)) is not None:
            thing.due = thing.due or price != thing.price
            thing.price, thing.bps, thing.net_price, thing.lowest = new

    def _send_home(self, data: st.DataObject) -> None:
        picked: dict[tuple[int, str], int] = {}
        for _i in range(data.draw(st.integers(1, 2), label="lines")):
            thing, place = self._thing(data), data.draw(st.sampled_from(["shelf", "shelf", "damaged"]))
            there = self._free(thing, place)
            picked[thing.id, place] = data.draw(st.sampled_from([1, max(there, 1), there + 1]), label="pieces")
        things = self.paper.things
        legal = len({things[key].crafter for key, _place in picked}) == 1
        legal = legal and all(n <= self._free(things[key], place) for (key, place), n in picked.items())
        pieces = [Pieces(key, n, place) for (key, place), n in picked.items()]
        who = self.who[data.draw(st.sampled_from(["petugas", "pengelola"]))]
        if self.attempt(legal, lambda request: hand_back.hand_back(pieces, who, request)) is not None:
            for (key, place), n in picked.items():
                setattr(things[key], place, getattr(things[key], place) - n)
                things[key].home += n

    def _free(self, thing: Thing, place: str) -> int:
        """What may go home: what the showroom paid for stays."""
        return thing.shelf if place == "shelf" else self.paper.unpaid(thing)

    def _harm(self, data: st.DataObject) -> None:
        thing, name = self._thing(data), data.draw(st.sampled_from(MANAGERS))
        kind, place = data.draw(
            st.sampled_from(
                [
                    ("damaged", "shelf"),
                    ("lost", "shelf"),
                    ("lost", "damaged"),
                    ("damaged", "damaged"),
                    ("damaged", "venue"),
                    ("lost", "venue"),
                ]
            )
        )
        there = getattr(thing, place)
        quantity = data.draw(st.sampled_from([1, max(there, 1), there + 1]), label="pieces")
        pays = data.draw(st.sampled_from([None, True, False]), label="compensate")
        reason = "" if data.draw(slips) else "jatuh"
        legal = name == "pengelola" and quantity <= there and bool(reason) and (kind, place) != ("damaged", "damaged")
        whose = FAIR if place == "venue" else None
        harm, who = Harm(thing.id, kind, quantity, reason, place, compensate=pays, whose=whose), self.who[name]
        made = self.attempt(legal, lambda request: write_off.write_off(harm, who, request))
        if made is not None:
            owed = min(quantity, self.paper.unpaid(thing)) if place == "damaged" else quantity
            paid = thing.share * owed if pays is not False else 0
            self.paper.go_away(Away(made, thing, kind, quantity, paid, owned=quantity - owed), place)

    def _again(self, data: st.DataObject) -> None:
        if not self.paper.away:
            self._harm(data)
        if not self.paper.away:
            return
        one: Any = data.draw(st.sampled_from(self.paper.away), label="record")
        left = one.quantity - one.back
        quantity = data.draw(st.sampled_from([1, max(left, 1), left + 1]), label="pieces")
        name, reason = data.draw(st.sampled_from(MANAGERS)), "" if data.draw(slips) else "ketemu"
        legal = name == "pengelola" and bool(reason) and quantity <= left and quantity <= getattr(one.thing, one.kind)
        legal = legal and (one.kind == "lost" or self.paper.may_mend(one, quantity))
        who = self.who[name]
        if (
            self.attempt(legal, lambda request: write_off.turn_round(one.id, quantity, reason, who, request))
            is not None
        ):
            self.paper.come_again(one, quantity)

    def _send(self, data: st.DataObject) -> None:
        direction = data.draw(st.sampled_from(["out", "out", "back"]))
        place, goods = "shelf" if direction == "out" else "venue", {}
        for _i in range(data.draw(st.integers(1, 2), label="lines")):
            thing = self._thing(data)
            there = getattr(thing, place)
            goods[thing.id] = data.draw(st.sampled_from([max(there, 1), 1, there + 1]), label="pieces")
        things, who = self.paper.things, self.who[data.draw(st.sampled_from(["petugas", "pengelola"]))]
        legal = all(n <= getattr(things[key], place) for key, n in goods.items())
        note = self.attempt(legal, lambda request: transfer.send(FAIR, direction, goods, who, request))
        if note is not None:
            self.paper.notes.append(Note(note, direction, dict(goods)))
            for key, n in goods.items():
                things[key].move(place, -n)
                things[key].move("transit", n)

    def _note(self, data: st.DataObject) -> Note | None:
        if not any(note.left for note in self.paper.notes):
            self._send(data)
        under_way = [note for note in self.paper.notes if note.left]
        return data.draw(st.sampled_from(under_way * 4 + self.paper.notes), label="note") if self.paper.notes else None

    def _arrive(self, data: st.DataObject) -> None:
        note = self._note(data)
        if note is None:
            return
        kind, goods = data.draw(st.sampled_from(["arrived", "arrived", "turned"])), {}
        for key in data.draw(st.sampled_from([list(note.left) or list(self.paper.things), [self._thing(data).id]])):
            left = note.left.get(key, 0)
            goods[key] = data.draw(st.sampled_from([max(left, 1), max(left, 1), 1, left + 1]), label="pieces")
        legal = all(n <= note.left.get(key, 0) for key, n in goods.items())
        who = self.who[data.draw(st.sampled_from(["petugas", "pengelola"]))]
        if self.attempt(legal, lambda request: arrival.arrive(note.id, goods, who, request, kind=kind)) is not None:
            place = "venue" if (note.direction == "out") == (kind == "arrived") else "shelf"
            for key, n in goods.items():
                self._came(note, key, n)
                self.paper.things[key].move(place, n)

    def _came(self, note: Note, key: int, pieces: int) -> None:
        note.left[key] -= pieces
        if not note.left[key]:
            del note.left[key]
        self.paper.things[key].transit -= pieces

    def _lose(self, data: st.DataObject) -> None:
        note, name = self._note(data), data.draw(st.sampled_from(MANAGERS))
        if note is None:
            return
        thing = self.paper.things[data.draw(st.sampled_from(list(note.left) * 4 or [self._thing(data).id]))]
        left, reason = note.left.get(thing.id, 0), "" if data.draw(slips) else "jatuh"
        quantity = data.draw(st.sampled_from([1, max(left, 1), left + 1]), label="pieces")
        legal = name == "pengelola" and bool(reason) and quantity <= left
        pays = data.draw(st.sampled_from([None, True, False]), label="compensate")
        harm, who = Harm(thing.id, "lost", quantity, reason, compensate=pays), self.who[name]
        made = self.attempt(legal, lambda request: arrival.lose(note.id, harm, who, request))
        if made is not None:
            paid = thing.share * quantity if pays is not False else 0
            self.paper.go_away(Away(made, thing, "lost", quantity, paid), "transit")
            note.left[thing.id] -= quantity
            if not note.left[thing.id]:
                del note.left[thing.id]
