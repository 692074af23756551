"""One believable shop, made by the same verbs that the screens call; CI replays it, so it never rots.

All people, numbers and goods in it are made up. The same seed on the same day makes the same shop.
"""

import io
import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any

import qrcode
from sqlalchemy import select

from showroom_app import demo_goods as goods
from showroom_app import demo_life as life
from showroom_app import demo_money as money
from showroom_app import demo_phone as phone
from showroom_app import demo_seen as seen
from showroom_app import demo_venue as fair
from showroom_app.extensions import now, reading
from showroom_app.lib import card_code, label_code
from showroom_app.lib.clock import JAKARTA, jakarta_date
from showroom_app.lib.money import in_notes, quick_amounts
from showroom_app.lib.typed import Typed
from showroom_app.people import accounts, cards, crafters, one_time, showrooms, sign_in
from showroom_app.people.models import Desk
from showroom_app.sales import basket, checkout, shift
from showroom_app.sales.checkout import Tender, Tendered
from showroom_app.sales.pricing import figures
from showroom_app.stock import intake
from showroom_app.stock.hand_back import Pieces, hand_back
from showroom_app.stock.models import Item
from showroom_app.web.access import SignedIn

DAYS = 182
HANDED_BACK = 6
WITH_PIN, WITH_CARD = 12, 34
SALES_A_DAY = (0, 0, 1, 1, 1)
OPENS, CLOSES = time(8, 30), time(16, 30)


@dataclass
class Shop:
    """The demo shop while it is being made."""

    rng: random.Random
    say: Callable[[str], object]
    manager: SignedIn
    attendant: SignedIn
    crafter_ids: list[int] = field(default_factory=list)
    on_shelf: dict[str, int] = field(default_factory=dict)  # code -> pieces
    requests: int = 0

    def request_id(self) -> str:
        """The next request's id."""
        self.requests += 1
        return f"demo-{self.requests:06d}"

    def codes(self) -> Iterator[str]:
        """Label codes out of the seed."""
        while True:
            yield label_code.with_check("".join(self.rng.choices(label_code.ALPHABET, k=label_code.LENGTH - 1)))

    def card_codes(self) -> Iterator[str]:
        """Codes of cards out of the seed."""
        while True:
            yield "".join(self.rng.choices(label_code.ALPHABET, k=card_code.LENGTH))


def load_demo(seed: int, say: Callable[[str], object]) -> None:
    """Make the shop: people, half a year of consignments and sales, a draft, and a shift open for today."""
    say("1/4 Galeri dan orang-orangnya …")
    shop = _open_shop(random.Random(seed), say)
    money.rules(shop)
    _crafters(shop)
    seen.show(shop, _moment(jakarta_date(now()) - timedelta(days=DAYS), OPENS))
    say("2/4 Titipan dan penjualan setengah tahun …")
    today = jakarta_date(now())
    first = today - timedelta(days=DAYS)
    plan = _deliveries(shop, first)
    for number in range(DAYS):
        day = first + timedelta(days=number)
        for delivery in plan.get(day, []):
            _receive(shop, delivery, _moment(day, OPENS))
        _trade(shop, day)
        if day.weekday() == money.PAYDAY and day.day <= 7 and number < DAYS - money.KEPT_DAYS:
            money.pay_crafters(shop, day, _moment(day, CLOSES))
        if (number + 1) % 30 == 0:
            say(f"    bulan {(number + 1) // 30} dari {DAYS // 30}")
    _hand_some_back(shop)
    life.tell(shop)
    for code in life.live(shop, _moment(today - timedelta(days=1), CLOSES)):
        _take(shop, code, 1)
    for code in fair.show(shop, _moment(today - timedelta(days=1), CLOSES) + timedelta(minutes=40)):
        _take(shop, code, 1)
    life.label(shop)
    say("3/4 Nota yang belum selesai, dan sif hari ini …")
    _leave_a_draft(shop)
    shift.open_shift(_till(1), money.FLOAT_RUPIAH, shop.attendant, shop.request_id())
    money.give_back_one(shop)
    money.lend(shop)
    _hand_out_cards(shop, _moment(first, OPENS))
    phone.tell(shop)
    say("4/4 Selesai. Masuk sebagai petugas, pengelola, pengamat atau perajin; kata sandinya ada di halaman masuk.")


def _open_shop(rng: random.Random, say: Callable[[str], object]) -> Shop:
    manager_id = showrooms.set_up(
        Typed(
            showroom_name="Galeri Rotan Balearjosari", place="Balearjosari, Malang", phone="0812 0000 0001",
            office_desk="Kantor", till_desk="Meja 1", name="Ratna Pengelola", username="pengelola",
            password="demo-pengelola", repeat="demo-pengelola",
        ),
        token=None,
    )  # fmt: skip
    shop = Shop(rng, say, manager := sign_in.signed_in(manager_id), manager)
    showrooms.add_desk(Typed(desk_name="Meja 2", desk_kind="till"), manager, shop.request_id())
    people = (("Dewi Wulandari", "petugas", "attendant"), ("Bagus Pengamat", "pengamat", "observer"))
    for name, username, role in people:
        typed = Typed(name=name, username=username, role=role, password=f"demo-{username}", active="1")
        user_id = accounts.save_account(typed, manager, shop.request_id())
        if role == "attendant":
            shop.attendant = sign_in.signed_in(user_id)
    settings = Typed(
        name="Galeri Rotan Balearjosari", place="Balearjosari, Malang",
        address="Jalan Contoh 1, Balearjosari, Malang", phone="0812 0000 0001", commission_percent="15",
        bank_note="Bank Contoh 000 111 222\na.n. Paguyuban Rotan (contoh)",
    )  # fmt: skip
    showrooms.save_settings(settings, _sample_qris(), manager)
    return shop


def _sample_qris() -> bytes:
    """A picture where a shop's own QRIS would stand; it pays nobody."""
    out = io.BytesIO()
    qrcode.make("CONTOH SAJA - BUKAN QRIS", border=2).save(out)
    return out.getvalue()


def _crafters(shop: Shop) -> None:
    for number, (name, workshop) in enumerate(goods.CRAFTERS):
        typed = Typed(
            name=name, workshop=workshop, address=f"RW 0{number % 6 + 1} Balearjosari",
            phone=f"0812 0000 1{number:03d}",
            terms_kind="net_price" if number % 7 == 3 else "commission",
            commission_percent=str(15 + 5 * (number % 3 == 2)),
            bank_name="Bank Contoh", bank_account=f"000{number:04d}", bank_holder=name,
        )  # fmt: skip
        if number < WITH_PIN:
            typed |= {"pin": "123456"} | ({"username": "perajin"} if number == 0 else {})
        shop.crafter_ids.append(crafters.save_crafter(Typed(typed), shop.manager, shop.request_id()))


def _hand_out_cards(shop: Shop, at: datetime) -> None:
    """Most have a card since the beginning; one forgot their PIN, and a code waits for them."""
    some = shop.crafter_ids[:WITH_CARD]
    cards.make(some, shop.manager, shop.request_id(), at=at, codes=shop.card_codes())
    one_time.hand_over(shop.crafter_ids[5], shop.manager, shop.request_id())


def _deliveries(shop: Shop, first: date) -> dict[date, list[tuple[int, list[dict[str, str]]]]]:
    """Which crafter brings what on which day: 120 products, the same ones again later in the half year."""
    plan: dict[date, list[tuple[int, list[dict[str, str]]]]] = {}
    products = goods.products(shop.rng, len(shop.crafter_ids))
    for crafter_number, lines in products.items():
        for half in (0, 1):
            day = first + timedelta(days=half * 80 + shop.rng.randrange(0, 70 if half == 0 else 100))
            chosen = [
                goods.line(shop.rng, product)
                for product in lines
                if half == 0 or crafter_number == 0 or shop.rng.random() < 0.7
            ]
            if chosen:
                plan.setdefault(day, []).append((shop.crafter_ids[crafter_number], chosen))
    return plan


def _receive(shop: Shop, delivery: tuple[int, list[dict[str, str]]], at: datetime) -> None:
    crafter_id, lines = delivery
    consignment_id = intake.start(crafter_id, shop.attendant, shop.request_id())
    typed = {"lines": lines, "agreed_until": ""}
    intake.receive(consignment_id, typed, shop.attendant, shop.request_id(), at=at, codes=shop.codes())
    query = select(Item.code, Item.quantity).where(Item.received_at == at, Item.crafter_id == crafter_id)
    for code, quantity in reading().execute(query.order_by(Item.id)):
        shop.on_shelf[code] = quantity


def _till(number: int) -> int:
    return int(reading().execute(select(Desk.id).where(Desk.code == f"K{number}")).scalar_one())


def _trade(shop: Shop, day: date) -> None:
    """One day at the till: open, sell, count, close."""
    count = shop.rng.choice(SALES_A_DAY) + (1 if day.weekday() >= 5 else 0)
    if not count or not shop.on_shelf:
        return
    shift_id = shift.open_shift(_till(1), money.FLOAT_RUPIAH, shop.attendant, shop.request_id(), _moment(day, OPENS))
    cash = money.FLOAT_RUPIAH
    for number in range(count):
        at = _moment(day, OPENS) + timedelta(minutes=20 + number * 75 + shop.rng.randrange(60))
        cash += _sell(shop, at)
    cash -= money.expense(shop, shift_id, day.toordinal(), _moment(day, CLOSES))
    shift.close_shift(shift_id, in_notes(cash), shop.attendant, shop.request_id(), at=_moment(day, CLOSES))


def _sell(shop: Shop, at: datetime) -> int:
    """Ring up one buyer; returns the rupiah that stayed in the drawer."""
    if not shop.on_shelf:
        return 0
    basket_id = basket.current(_open_shift(shop))
    for code in shop.rng.sample(sorted(shop.on_shelf), k=min(shop.rng.choice((1, 1, 1, 1, 2)), len(shop.on_shelf))):
        item_id = basket.add(basket_id, code, shop.attendant, shop.request_id()).item_id
        most = min(shop.on_shelf[code], 2)
        if most > 1 and item_id is not None:
            wanted = shop.rng.randrange(1, most + 1)
            basket.change(basket_id, item_id, wanted, shop.attendant, shop.request_id())
        _take(shop, code, 1 if most == 1 else wanted)
    money.bargain_over(shop, basket_id, basket_id)
    conn = reading()
    row = basket.mine(conn, basket_id, shop.attendant)
    total, version = figures(conn, row).total, row.version
    tenders: tuple[Tender, ...] = ("cash", "qris", "transfer")
    tender = shop.rng.choices(tenders, weights=(6, 3, 1))[0]
    received = shop.rng.choice([total, *quick_amounts(total)]) if tender == "cash" else total
    checkout.complete(
        basket_id,
        [Tendered(tender, received, "BCA 1209" if tender == "transfer" else "")],
        shop.attendant,
        shop.request_id(),
        version=version,
        total=total,
        at=at,
    )
    return total if tender == "cash" else 0


def _take(shop: Shop, code: str, pieces: int) -> None:
    shop.on_shelf[code] -= pieces
    if not shop.on_shelf[code]:
        del shop.on_shelf[code]


def _open_shift(shop: Shop) -> Any:
    return shift.shift_of(shop.attendant.id)


def _moment(day: date, at: time) -> datetime:
    return datetime.combine(day, at, JAKARTA)


def _hand_some_back(shop: Shop) -> None:
    """What stood long enough goes home: half a dozen single pieces, yesterday."""
    at = _moment(jakarta_date(now()) - timedelta(days=1), CLOSES)
    query = select(Item.id, Item.code).where(Item.quantity == 1).order_by(Item.id)
    singles = [row for row in reading().execute(query) if row.code in shop.on_shelf]
    for row in singles[:HANDED_BACK]:
        hand_back([Pieces(row.id, 1)], shop.attendant, shop.request_id(), at=at)
        _take(shop, row.code, 1)


def _leave_a_draft(shop: Shop) -> None:
    """Twelve chairs and 200 key rings that came in the rush, taken in with a count, to be finished later."""
    consignment_id = intake.start(shop.crafter_ids[4], shop.attendant, shop.request_id())
    lines = [
        {"name": "Kursi makan rotan", "category": "Kursi", "quantity": "12", "terms_kind": "commission",
         "commission_percent": "15", "per_piece": "each"},
        {"name": "Gantungan kunci anyam", "category": "Gantungan kunci", "quantity": "200", "price": "12.000",
         "terms_kind": "net_price", "net_price": "9.000", "per_piece": "lot"},
    ]  # fmt: skip
    intake.keep_draft(consignment_id, {"lines": lines, "agreed_until": ""}, shop.attendant)
