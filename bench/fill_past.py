"""The past of a big shop: deliveries that fill the shelf, then days of sales, one shift after another."""

from collections import deque
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import select

from bench.shop import Lot, Moved, Shop
from showroom_app.extensions import reading, rollback
from showroom_app.ledger.models import RUPIAH
from showroom_app.lib.money import Split, Terms, split
from showroom_app.people.models import Crafter

FLOAT = 300_000
FIRST_DAY = datetime(2020, 1, 2, 2, 0, tzinfo=UTC)
FIRST_NOTE_SINGLES = 1000  # one long run of labels
SALES_A_SHIFT = 100
SALES_AT_ONCE = 10_000
KINDS = ("Kursi", "Meja", "Ayunan", "Rak", "Lampu gantung", "Cermin", "Keranjang", "Nampan", "Tas", "Kotak tisu")
WORDS = ("teratai", "melati", "kenanga", "anggrek", "cempaka", "sirih", "kamboja", "dahlia", "seruni", "flamboyan")
TENDERS = ("cash", "qris", "cash", "cash", "qris", "cash", "transfer", "cash", "qris", "cash")
ACCOUNT_OF = {"cash": "drawer", "qris": "qris", "transfer": "transfer", "card": "card"}


def _part(whole: int, parts: int, number: int) -> int:
    """The number-th of so many nearly equal parts; all together are the whole."""
    return whole * (number + 1) // parts - whole * number // parts


def deliver(shop: Shop) -> list[Lot]:
    """One note from each crafter. Returns the lots that the past will sell out; what stands on the shelf afterwards
    are the single pieces and the plan's own lots."""
    plan = shop.plan
    query = select(Crafter.id, Crafter.name, Crafter.commission_bps).order_by(Crafter.id)
    people = reading().execute(query).all()
    rollback()
    first = min(FIRST_NOTE_SINGLES, plan.singles)
    lines_sold = plan.sales + plan.sales // 2
    past: list[Lot] = []
    for number, crafter in enumerate(people):
        rest = _part(plan.singles - first, len(people) - 1, number - 1) if number else first
        counts = {
            "single": rest,
            "past": _part(lines_sold, len(people), number),
            "lot": _part(plan.lots, len(people), number),
        }
        past += _note(shop, number, crafter, counts)
    shop.bulk.flush()
    return past


def _note(shop: Shop, number: int, crafter: Any, counts: dict[str, int]) -> list[Lot]:
    """A note with three lines for every product, each where there is any: single pieces, a lot for the past, a lot
    to stay."""
    plan, at = shop.plan, FIRST_DAY - timedelta(days=1) + timedelta(minutes=number)
    note, position, value = shop.new_id("consignment"), 0, 0
    past: list[Lot] = []
    made: list[tuple[int, int]] = []
    for nth in range(plan.products):
        product, name = _product(shop, crafter.id, number * plan.products + nth, at)
        price = 25_000 + 5_000 * ((number * 7 + nth * 3) % 60)
        for kind in ("single", "past", "lot"):
            quantity = _part(counts[kind], plan.products, nth) * (plan.lot_pieces if kind == "lot" else 1)
            if not quantity:
                continue
            terms = (price, "commission", crafter.commission_bps, 0)
            items = _line(shop, (note, position, product, name), crafter.id, quantity, terms, kind == "single", at)
            position, value, made = position + 1, value + quantity * price, made + items
            if kind == "past":
                past.append(Lot(items[0][0], crafter.id, name, crafter.name, price, crafter.commission_bps, quantity))
    _received(shop, note, crafter.id, made, value, at)
    return past


def _received(shop: Shop, note: int, crafter: int, made: list[tuple[int, int]], value: int, at: datetime) -> None:
    shelf, maker = shop.accounts["shelf", shop.showroom_id], shop.accounts["crafter", crafter]
    moves = [(item, shelf, maker, pieces) for item, pieces in made]
    entry = shop.entry(shop.office, "intake", at, shop.manager.id, moves)
    moment, pieces = shop.bulk.moment(at), sum(pieces for _item, pieces in made)
    shop.bulk.rows["consignment"].append(
        (note, shop.showroom_id, crafter, shop.manager.id, "received", moment, shop.office,
         shop.number(shop.office, "consignment"), entry, moment, pieces, value)
    )  # fmt: skip


def _product(shop: Shop, crafter: int, number: int, at: datetime) -> tuple[int, str]:
    category = KINDS[number % len(KINDS)]
    name = f"{category} {WORDS[number // len(KINDS) % len(WORDS)]} {number:05d}"
    made = shop.new_id("product")
    values = (made, shop.showroom_id, crafter, name, name.lower(), category, shop.bulk.moment(at))
    shop.bulk.rows["product"].append(values)
    return made, name


def _line(
    shop: Shop, place: tuple[int, int, int, str], crafter: int, quantity: int, terms: tuple[int, str, int, int],
    per_piece: bool, at: datetime,
) -> list[tuple[int, int]]:  # fmt: skip
    """A line of a note and its items. Returns (item, pieces) for each label."""
    line, product = shop.new_id("consignment_line"), place[2]
    shop.bulk.rows["consignment_line"].append((line, *place, quantity, *terms, shop.bulk.flag(per_piece)))
    pieces = 1 if per_piece else quantity
    made = [(shop.new_id("item"), pieces) for _label in range(quantity // pieces)]
    shop.bulk.rows["item"] += [
        (item, shop.code(), shop.showroom_id, crafter, product, line, pieces, *terms, shop.bulk.moment(at))
        for item, _pieces in made
    ]
    return made


def sell(shop: Shop, lots: list[Lot]) -> None:
    """All past sales: a hundred to a shift, the tills taking turns."""
    queue = deque(lots)
    done = 0
    while done < shop.plan.sales:
        count = min(SALES_A_SHIFT, shop.plan.sales - done)
        _shift(shop, done, count, queue)
        done += count
        if done % SALES_AT_ONCE == 0:
            shop.bulk.flush()
    assert not queue, "the past sells out"
    shop.bulk.flush()


def _shift(shop: Shop, done: int, count: int, queue: deque[Lot]) -> None:
    number = done // SALES_A_SHIFT
    till = number % len(shop.tills)
    desk, actor, shift = shop.tills[till], shop.attendants[till].id, shop.new_id("shift")
    opened = FIRST_DAY + timedelta(hours=8 * (number // len(shop.tills)))
    drawers = {t: shop.new_account(k, shift, 0 if t == "cash" else None) for t, k in ACCOUNT_OF.items()}
    office = shop.accounts["office", shop.showroom_id]
    shop.entry(desk, "shift_open", opened, actor, [(RUPIAH, drawers["cash"], office, FLOAT)])
    cash = FLOAT
    for nth in range(count):
        at = opened + timedelta(minutes=4 * nth + 2)
        cash += _sale(shop, done + nth, (desk, actor, shift), drawers, queue, at)
    closed = opened + timedelta(hours=7)
    shop.entry(desk, "shift_close", closed, actor, [(RUPIAH, office, drawers["cash"], cash)])
    moment = shop.bulk.moment
    shop.bulk.rows["shift"].append(
        (shift, shop.showroom_id, desk, actor, moment(opened), FLOAT, moment(closed), cash, cash)
    )


def _taken(queue: deque[Lot], lines: int) -> list[tuple[Lot, Split]]:
    """A piece each of the next lots; a lot goes to the end of the queue while any is left."""
    chosen = []
    for _line_number in range(lines):
        lot = queue.popleft()
        lot.left -= 1
        chosen.append((lot, split(Terms("commission", lot.bps), lot.price, 1)))
    queue.extend(lot for lot, _split in chosen if lot.left)
    return chosen


def _sale(
    shop: Shop, number: int, where: tuple[int, int, int], drawers: dict[str, int], queue: deque[Lot], at: datetime
) -> int:
    """One sale with one or two lines; returns the rupiah that stayed in the drawer."""
    desk, actor, shift = where
    rows, moment = shop.bulk.rows, shop.bulk.moment(at)
    lines = _taken(queue, 1 + number % 2)
    total = sum(parts.net for _lot, parts in lines)
    tender = TENDERS[number % len(TENDERS)]
    entry = shop.entry(desk, "sale", at, actor, _moves(shop, lines, drawers[tender], total))
    sale, basket = shop.new_id("sale"), shop.new_id("basket")
    for version, (lot, _parts) in enumerate(lines, 1):
        shop.request(actor, at, f'{{"item_id": {lot.item_id}}}')
        rows["basket_line"].append((basket, lot.item_id, 1, version))
    rows["basket"].append((basket, desk, "sold", len(lines), moment))
    rows["sale"].append(
        (
            sale,
            shop.showroom_id,
            desk,
            shop.number(desk, "sale"),
            shift,
            basket,
            entry,
            actor,
            moment,
            len(lines),
            total,
        )
    )
    rows["sale_line"] += [
        (sale, position, lot.item_id, lot.crafter_id, moment, lot.name, lot.crafter_name, 1, lot.price,
         parts.net, parts.crafter, parts.showroom, "commission", lot.bps, 0)
        for position, (lot, parts) in enumerate(lines, 1)
    ]  # fmt: skip
    change = -total % 50_000 if tender == "cash" else 0
    rows["payment"].append((sale, 1, tender, total, total + change, change))
    return total if tender == "cash" else 0


def _moves(shop: Shop, lines: list[tuple[Lot, Split]], drawer: int, total: int) -> list[Moved]:
    accounts, room = shop.accounts, shop.showroom_id
    buyers = accounts["buyers", room]
    moves = [(lot.item_id, buyers, accounts["shelf", room], 1) for lot, _parts in lines]
    moves += [(RUPIAH, buyers, accounts["crafter", lot.crafter_id], parts.crafter) for lot, parts in lines]
    moves.append((RUPIAH, buyers, accounts["commission", room], sum(parts.showroom for _lot, parts in lines)))
    return [*moves, (RUPIAH, drawer, buyers, total)]
