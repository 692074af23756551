"""The till of the shop that tests/test_machine.py plays with: baskets, bargaining, services, sales."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import rule

from showroom_app.extensions import reading
from showroom_app.lib.typed import Typed
from showroom_app.sales import bargain, basket, checkout, pricing, service_lines
from showroom_app.venues import arrival, transfer
from tests.builders import PASSWORDS, current_basket, request_id
from tests.machine import STANDS, Shop
from tests.oracle import FAIR, Bag, Deal, Off, Wish, price_out, take

slips = st.sampled_from([False] * 9 + [True])
MIXES: list[list[str]] = [[], [], ["qris"], ["transfer"], ["qris", "card"], ["qris", "qris"]]


def today() -> date:
    """The day at the showroom."""
    return (datetime.now(UTC) + timedelta(hours=7)).date()


class Selling(Shop):
    """Baskets, bargaining, sales."""

    def _till(self, data: st.DataObject) -> tuple[str, Any, int, Bag]:
        """An open till: desk, who is there, basket id, basket on paper."""
        desk = self._some_desk(data)
        who = self.who[self.tills[desk][0]]
        return desk, who, current_basket(who), self.bags[desk]

    def _busy(self, data: st.DataObject) -> tuple[str, Any, int, Bag]:
        """The same with something in its basket."""
        desk, who, basket_id, bag = self._till(data)
        while not bag.wishes:
            if not any(getattr(thing, self._stand(desk)) for thing in self.paper.things.values()):
                self._stock(data, self._stand(desk))
            for _i in range(data.draw(st.integers(1, 3), label="things")):
                self._put_in(data, desk, basket_id, bag)
        return desk, who, basket_id, bag

    @rule(
        data=st.data(),
        act=st.sampled_from(["check_out", "check_out", "bargain", "set_price", "serve", "scan", "count"]),
    )
    def buyer(self, data: st.DataObject, act: str) -> None:
        """Somebody is at a till with goods: scans, counts, bargaining, services, the sale."""
        getattr(self, f"_{act}")(data)

    def _scan(self, data: st.DataObject) -> None:
        desk, who, basket_id, bag = self._till(data)
        if data.draw(slips, label="wrong code"):
            self.attempt(False, lambda request: basket.add(basket_id, "7K3QXM2F", who, request))
        else:
            self._put_in(data, desk, basket_id, bag)

    def _stand(self, desk: str) -> str:
        return STANDS.get(desk, "shelf")

    def _stock(self, data: st.DataObject, stand: str) -> None:
        """Goods come in, and some go to the fair where that is where they are wanted."""
        if not any(thing.shelf for thing in self.paper.things.values()):
            self._receive(data, self.crafters[0])
        if stand == "venue":
            thing = next(thing for thing in self.paper.things.values() if thing.shelf)
            goods, who = {thing.id: thing.shelf}, self.who["petugas"]
            note = transfer.send(FAIR, "out", goods, who, request_id())
            arrival.arrive(note, goods, who, request_id())
            thing.shelf, thing.venue = 0, thing.venue + thing.shelf

    def _put_in(self, data: st.DataObject, desk: str, basket_id: int, bag: Bag) -> None:
        who, stand = self.who[self.tills[desk][0]], self._stand(desk)
        there = [key for key, thing in self.paper.things.items() if getattr(thing, stand)] or list(self.paper.things)
        thing = self.paper.things[data.draw(st.sampled_from(there), label="thing")]
        for _i in range(data.draw(st.integers(1, 3), label="times")):
            wish = bag.wishes.get(thing.id, Wish(thing, 0))
            legal = getattr(thing, stand) > wish.quantity
            if self.attempt(legal, lambda request: basket.add(basket_id, thing.code, who, request)) is None:
                return
            wish.quantity, bag.wishes[thing.id], bag.approved = wish.quantity + 1, wish, None

    def _count(self, data: st.DataObject) -> None:
        desk, who, basket_id, bag = self._busy(data)
        if data.draw(slips, label="everything out"):
            self.attempt(True, lambda request: basket.empty(basket_id, who, request))
            self.bags[desk] = Bag()
            return
        wish = bag.wishes[data.draw(st.sampled_from(sorted(bag.wishes)))]
        wanted = wish.quantity + data.draw(st.integers(-3, 2))

        def change(request: str) -> bool:
            basket.change(basket_id, wish.thing.id, wanted, who, request)
            return True

        if self.attempt(0 <= wanted <= getattr(wish.thing, self._stand(desk)), change):
            wish.quantity, bag.approved = wanted, None
            if not wanted:
                del bag.wishes[wish.thing.id]
            if not bag.wishes:  # the next buyer inherits nothing
                self.bags[desk] = Bag()

    def _bargain(self, data: st.DataObject) -> None:
        way = data.draw(st.sampled_from(["percent", "rupiah", "becomes"]))
        bearer = data.draw(st.sampled_from(["", "shared", "showroom", "crafter"]))
        reason = data.draw(st.sampled_from(["cacat kecil"] * 5 + [""]))
        _desk, who, basket_id, bag = self._busy(data)
        key = data.draw(st.none() | st.sampled_from(sorted(bag.wishes)), label="line")
        wish = None if key is None else bag.wishes[key]
        # On the whole basket it comes after the lines' own discounts; on a line it takes the place of another price.
        full = (
            sum(one.gross - one.off.of(one.gross) for one in bag.wishes.values())
            if wish is None
            else wish.thing.price * wish.quantity
        )
        off = Off(bearer=bearer if who.role == "manager" else "")
        if way == "percent":
            value = data.draw(st.sampled_from(["0", "5", "10", "12,5", "33,33", "60", "100", "101"]))
            off.bps = round(float(value.replace(",", ".")) * 100)
        else:
            amount = data.draw(st.integers(0, full + 1) | st.integers(0, full // 10), label="amount")
            value, off.rupiah = str(amount), amount if way == "rupiah" else full - amount
        legal = bool(reason) and off.bps <= 10_000 and 0 <= off.rupiah <= full
        typed = Typed(way=way, value=value, bearer=bearer, reason=reason)
        if self.attempt(legal, lambda request: self._give(typed, key, basket_id, who, request)):
            bag.approved = None
            if wish is None:
                bag.off = off
            else:
                wish.off, wish.price = off, None

    def _set_price(self, data: st.DataObject) -> None:
        value = data.draw(st.sampled_from([1, 10_000, 77_777, 1_000_000, 0]))
        _desk, who, basket_id, bag = self._busy(data)
        wish = bag.wishes[data.draw(st.sampled_from(sorted(bag.wishes)))]
        typed = Typed(way="price", value=str(value), reason="harga lama")
        if self.attempt(value > 0, lambda request: self._give(typed, wish.thing.id, basket_id, who, request)):
            wish.off, wish.price, bag.approved = Off(), value, None

    def _give(self, typed: Typed, key: int | None, basket_id: int, who: Any, request: str) -> bool:
        lines = pricing.view_lines(reading(), basket_id)
        bargain.give(basket_id, bargain.read(typed, lines, key, who), who, request)
        return True

    def _approve(self, basket_id: int, who: Any, bag: Bag, share: int) -> None:
        def yes(request: str) -> bool:
            bargain.approve(basket_id, "pengelola", PASSWORDS["pengelola"], who, request, "::1")
            return True

        bag.approved = share if self.attempt(True, yes) else None

    def _serve(self, data: st.DataObject) -> None:
        kind = data.draw(st.sampled_from(["packing", "delivery", "assembly", "other"]))
        payee = data.draw(st.sampled_from(["showroom", "driver"]))
        amount = data.draw(st.sampled_from([5_000, 25_050, 40_000, 0]))
        _desk, who, basket_id, bag = self._busy(data)
        typed = Typed(kind=kind, payee=payee, amount=str(amount), name="")
        bag.approved = None if amount else bag.approved

        def add(request: str) -> bool:
            service_lines.add_service(basket_id, typed, who, request)
            return True

        if self.attempt(amount > 0, add):
            bag.services[max(bag.services, default=0) + 1] = (amount, payee)
        elif bag.services:
            position = data.draw(st.sampled_from(sorted(bag.services)))
            service_lines.remove_service(basket_id, position, who, f"out-{basket_id}-{self._version(basket_id, who)}")
            del bag.services[position]
            bag.approved = None

    def _version(self, basket_id: int, who: Any) -> int:
        return int(basket.mine(reading(), basket_id, who).version)

    def _check_out(self, data: st.DataObject) -> None:
        stale, other_total = data.draw(slips, label="stale"), data.draw(slips, label="other total")
        desk, who, basket_id, bag = self._busy(data)
        told = price_out(bag, self.paper.rules)
        total = sum(line.net for _w, line, _why in told) + sum(amount for amount, _p in bag.services.values())
        tendered = self._tendered(data, total)
        paid = take(tendered, total, self.paper.rules)
        share = sum(line.net - line.crafter for _w, line, _why in told)
        needed = who.role != "manager" and bag.approved != share and any(why for _wish, _line, why in told)
        if needed and data.draw(st.sampled_from([True] * 6 + [False]), label="a manager's yes"):
            self._approve(basket_id, who, bag, share)
        yes = who.role == "manager" or bag.approved == share
        stand = self._stand(desk)
        there = all(wish.quantity <= getattr(wish.thing, stand) for wish in bag.wishes.values())
        allowed = all(why == "" or (why == "manager" and yes) for _wish, _line, why in told)
        legal = paid is not None and there and allowed and not stale and not other_total
        version = self._version(basket_id, who) - stale
        money = [checkout.Tendered(*one) for one in tendered]
        sale_id = self.attempt(
            legal,
            lambda request: checkout.complete(
                basket_id, money, who, request, version=version, total=total + other_total
            ),
        )
        if sale_id is None or paid is None:
            return
        lines = [line for _wish, line, _why in told]
        step = self.paper.rules.cash_rounding
        deal = Deal(sale_id, today().isoformat(), lines, dict(bag.services), total, paid, step)
        self.paper.sell(self.tills[desk][1], deal, sum(line.net - line.crafter for line in lines), stand)
        self.bags[desk] = Bag()

    def _tendered(self, data: st.DataObject, total: int) -> list[tuple[str, int, str]]:
        told, rest = [], total
        used = [mix for mix in MIXES if all(tender in self.paper.rules.tenders for tender in mix)]
        for tender in data.draw(st.sampled_from(used * 6 + MIXES), label="tenders"):
            near = st.sampled_from([rest // 2, rest, rest, rest // 3, rest + 1])
            amount = data.draw(near, label=tender)
            told.append((tender, amount, data.draw(st.sampled_from(["Bu Sri"] * 6 + [""]))))
            rest -= amount
        if rest > 0 or not told:
            step = self.paper.rules.cash_rounding or 1
            more = data.draw(st.sampled_from([0, 0, 0, 50_000, 50_000, -1]), label="more")
            told.append(("cash", (rest + step // 2) // step * step + more, ""))
        return told
