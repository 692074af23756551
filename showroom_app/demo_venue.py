"""The sample shop at an exhibition: joint work, goods sent and sold there, and some on their way home."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select

from showroom_app.extensions import reading
from showroom_app.lib.money import in_notes
from showroom_app.people.models import Crafter, Desk
from showroom_app.sales import basket, cash_move, checkout, shift
from showroom_app.sales.checkout import Tendered
from showroom_app.sales.pricing import figures
from showroom_app.stock import intake
from showroom_app.stock.models import Item
from showroom_app.venues import arrival, transfer, venue
from showroom_app.venues.venue import Plan

SENT, HOME = 9, 2
FLOAT, PARKING = 200_000, 20_000


def show(shop: Any, at: datetime) -> list[str]:
    """Open an exhibition, send goods, sell two there, send two home that have not arrived yet. Returns the codes of
    what left the shelf."""
    _bring_joint_work(shop, at)
    plan = Plan(
        "exhibition", "Pameran Kriya Malang", "Lapangan Contoh, Malang", at.date().isoformat(),
        (at + timedelta(days=3)).date().isoformat(),
    )  # fmt: skip
    fair = venue.open_venue(plan, shop.manager, shop.request_id(), at=at)
    query = select(Item.id, Item.code).where(Item.quantity == 1).order_by(Item.id.desc())
    there = [row for row in reading().execute(query) if row.code in shop.on_shelf][:SENT]
    goods = {row.id: 1 for row in there}
    soon = at + timedelta(minutes=20)
    note = transfer.send(fair, "out", goods, shop.attendant, shop.request_id(), carrier="Pak Contoh, pikap", at=at)
    arrival.arrive(note, goods, shop.manager, shop.request_id(), at=soon)
    _sell(shop, [row.code for row in there[:2]], soon)
    home = {row.id: 1 for row in there[-HOME:]}
    later = at + timedelta(hours=2)
    transfer.send(fair, "back", home, shop.manager, shop.request_id(), carrier="Pak Contoh, pikap", at=later)
    return [row.code for row in there]


def _bring_joint_work(shop: Any, at: datetime) -> None:
    """A chair of the first crafter's, woven by the second."""
    first, second = shop.crafter_ids[:2]
    name = reading().execute(select(Crafter.name).where(Crafter.id == second)).scalar_one()
    line = {
        "name": "Kursi goyang berdua", "category": "Kursi", "quantity": "2", "price": "850.000",
        "terms_kind": "commission", "commission_percent": "15", "per_piece": "each", "joint": "1", "partner_1": name,
        "part_1": "40",
    }  # fmt: skip
    note = intake.start(first, shop.attendant, shop.request_id())
    typed = {"lines": [line], "agreed_until": ""}
    intake.receive(note, typed, shop.attendant, shop.request_id(), at=at, codes=shop.codes())
    for code in reading().execute(select(Item.code).where(Item.received_at == at)).scalars():
        shop.on_shelf[code] = 1


def _sell(shop: Any, codes: list[str], at: datetime) -> None:
    """A shift at the exhibition's own desk: two pieces in cash, and what parking cost."""
    desk = reading().execute(select(Desk.id).order_by(Desk.id.desc()).limit(1)).scalar_one()
    shift_id = shift.open_shift(desk, FLOAT, shop.manager, shop.request_id(), at)
    basket_id = basket.current(shift.shift_of(shop.manager.id))
    for code in codes:
        basket.add(basket_id, code, shop.manager, shop.request_id())
    row = basket.mine(reading(), basket_id, shop.manager)
    total = figures(reading(), row).total
    checkout.complete(
        basket_id, [Tendered("cash", total)], shop.manager, shop.request_id(), version=row.version, total=total,
        at=at + timedelta(minutes=30),
    )  # fmt: skip
    closing = at + timedelta(minutes=60)
    cash_move.move_cash(shift_id, "expense", PARKING, "parkir pikap", shop.manager, shop.request_id(), at=closing)
    shift.close_shift(shift_id, in_notes(FLOAT + total - PARKING), shop.manager, shop.request_id(), at=closing)
