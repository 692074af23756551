"""The small shop that tests start from, and short ways to act in it through the real verbs."""

import itertools
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import insert, select, update

from showroom_app.extensions import begin_write, commit, now, reading
from showroom_app.labels import runs
from showroom_app.ledger.act import begin_act
from showroom_app.lib.typed import Typed
from showroom_app.payouts import advance
from showroom_app.payouts.advance import Lend
from showroom_app.people import accounts, cards, change_request, crafters, showrooms, sign_in
from showroom_app.people.crafter_models import Card
from showroom_app.people.models import Crafter, Desk, Showroom, User
from showroom_app.sales import basket, checkout, shift
from showroom_app.sales.checkout import Tendered
from showroom_app.sales.pricing import view_lines
from showroom_app.stock import ageing, intake, proposal, write_off
from showroom_app.stock.ageing import Answer
from showroom_app.stock.hand_back import Pieces, hand_back
from showroom_app.stock.life_models import Photo
from showroom_app.stock.models import Consignment, ConsignmentLine, Item, Product
from showroom_app.venues import arrival, transfer, venue
from showroom_app.web.access import SignedIn

PASSWORDS = {
    "pengelola": "kata-pengelola", "petugas": "kata-petugas", "petugas2": "kata-petugas2",
    "pengamat": "kata-pengamat", "perajin": "246813", "tetangga": "kata-tetangga", "petugas-tetangga": "kata-petugas",
}  # fmt: skip
BANK = {"bank_name": "BRI", "bank_account": "0123 01 004567 50 8", "bank_holder": ""}
_numbers = itertools.count(1)


def request_id() -> str:
    """A request id not used before."""
    return f"test-{next(_numbers)}"


def furnish() -> None:
    """Showroom 1 with everybody in it, and showroom 2 next door."""
    setup = Typed(
        showroom_name="Galeri Uji", place="Balearjosari", phone="0812 0000 0001", office_desk="Kantor",
        till_desk="Meja 1", name="Ratna", username="pengelola",
        password=PASSWORDS["pengelola"], repeat=PASSWORDS["pengelola"],
    )  # fmt: skip
    showrooms.set_up(setup, token=None)
    manager = user("pengelola")
    showrooms.add_desk(Typed(desk_name="Meja 2", desk_kind="till"), manager, request_id())
    for username, role in (("petugas", "attendant"), ("petugas2", "attendant"), ("pengamat", "observer")):
        typed = Typed(name=username.title(), username=username, role=role, password=PASSWORDS[username])
        accounts.save_account(typed, manager, request_id())
    tutik = Typed(name="Tutik Handayani", workshop="Anyaman Tutik", phone="0812 0000 1001", commission_percent="15")
    tutik |= BANK | {"username": "perajin", "pin": PASSWORDS["perajin"]}
    crafters.save_crafter(tutik, manager, request_id())
    slamet = Typed(name="Slamet Riyadi", phone="0812 0000 1002", commission_percent="20", **BANK)
    crafters.save_crafter(slamet, manager, request_id())
    next_door = Typed(setup | {"showroom_name": "Galeri Tetangga", "username": "tetangga"})
    next_door |= {"password": PASSWORDS["tetangga"], "repeat": PASSWORDS["tetangga"]}
    showrooms.set_up(Typed(next_door), token=None)
    neighbour = user("tetangga")
    typed = Typed(
        name="Tetangga", username="petugas-tetangga", role="attendant", password=PASSWORDS["petugas-tetangga"]
    )
    accounts.save_account(typed, neighbour, request_id())
    crafters.save_crafter(Typed(name="Wagiman", commission_percent="10"), neighbour, request_id())


def user(username: str) -> SignedIn:
    """Somebody of the small shop, as a verb wants them."""
    return sign_in.signed_in(reading().execute(select(User.id).where(User.username == username)).scalar_one())


def crafter_id(name: str) -> int:
    """A crafter by the beginning of the name."""
    return reading().execute(select(Crafter.id).where(Crafter.name.startswith(name))).scalar_one()


def desk_id(code: str, showroom_id: int = 1) -> int:
    """A desk by its code."""
    return reading().execute(select(Desk.id).where(Desk.code == code, Desk.showroom_id == showroom_id)).scalar_one()


def line(name: str = "Lampu gantung", price: str = "275.000", quantity: str = "1", **more: str) -> dict[str, str]:
    """A consignment line as typed."""
    typed = {
        "name": name, "category": "Lampu gantung", "quantity": quantity, "price": price,
        "terms_kind": "commission", "commission_percent": "15", "per_piece": "each",
    }  # fmt: skip
    return typed | more


def receive(*lines: dict[str, str], crafter: str = "Tutik", by: str = "petugas") -> list[Item]:
    """Take goods in; returns their items in the order of the note."""
    who = user(by)
    consignment_id = intake.start(crafter_id(crafter), who, request_id())
    typed: dict[str, Any] = {"lines": list(lines) or [line()], "agreed_until": ""}
    intake.receive(consignment_id, typed, who, request_id())
    query = (
        select(Item.__table__)
        .join(ConsignmentLine, ConsignmentLine.id == Item.line_id)
        .join(Consignment, Consignment.id == ConsignmentLine.consignment_id)
        .where(Consignment.id == consignment_id)
        .order_by(ConsignmentLine.position, Item.id)
    )
    return list(reading().execute(query))


def label_pdf(item_id: int) -> bytes:
    """One item's label, printed on an A4 sheet of 3 × 8."""
    run_id = runs.print_run([item_id], "a4-3x8", 1, True, user("petugas"), request_id())
    return runs.run_pdf(run_id, 1)[0]


@dataclass
class Till:
    """An open shift with its basket."""

    who: SignedIn
    shift_id: int
    basket_id: int

    def scan(self, *codes: str) -> None:
        """Put goods into the basket."""
        for code in codes:
            basket.add(self.basket_id, code, self.who, request_id())

    @property
    def version(self) -> int:
        """The basket's version now."""
        return int(basket.mine(reading(), self.basket_id, self.who).version)

    @property
    def total(self) -> int:
        """The basket's total now."""
        return sum(row.quantity * row.price for row in view_lines(reading(), self.basket_id))

    def pay(self, *tendered: Tendered, request: str | None = None) -> int:
        """Finish the sale, exact cash unless told otherwise; a new basket follows. Returns the sale's id."""
        paid = tendered or (Tendered("cash", self.total),)
        sale_id = checkout.complete(
            self.basket_id, paid, self.who, request or request_id(), version=self.version, total=self.total
        )
        self.basket_id = current_basket(self.who)
        return sale_id


def open_till(by: str = "petugas", desk: str = "K1", float_rupiah: int = 100_000) -> Till:
    """Open a shift at a till."""
    who = user(by)
    shift_id = shift.open_shift(desk_id(desk, who.showroom_id), float_rupiah, who, request_id())
    return Till(who, shift_id, current_basket(who))


def current_basket(who: SignedIn) -> int:
    """The open basket at somebody's desk."""
    row = shift.shift_of(who.id)
    assert row is not None
    return basket.current(row)


def fresh_act(by: str = "petugas") -> Any:
    """An act to post with directly, for tests of the book itself."""
    return begin_act("test", request_id(), {}, user(by).id)


def lend_to(name: str, amount: int = 50_000) -> int:
    """An advance from the office, of what the showroom lends to anyone from now on."""
    begin_write().execute(update(Showroom).where(Showroom.id == 1).values(advance_rupiah_max=500_000))
    commit()
    return advance.lend(Lend(crafter_id(name), amount, "office", "beli rotan"), user("pengelola"), request_id())


def propose(name: str = "Lampu lantai", price: str = "650.000", photo: str = "") -> int:
    """New goods that Tutik proposes from her phone. Returns the proposal's id."""
    typed = Typed(name=name, category="Lampu meja", price=price, story="Kaki kayu jati.")
    return proposal.propose(typed, photo, user("perajin"), request_id())


def ask_for_phone(phone: str = "0812 0000 7777") -> int:
    """Another phone number that Tutik asks for. Returns the request's id."""
    typed = Typed(phone=phone, pin=PASSWORDS["perajin"])
    return change_request.ask("phone", typed, user("perajin"), request_id())


def ask_for_bank(account: str = "9999 0000 1111") -> int:
    """Another bank account that Tutik asks for. Returns the request's id."""
    typed = Typed(bank_name="BCA", bank_account=account, bank_holder="Tutik Handayani", pin=PASSWORDS["perajin"])
    return change_request.ask("bank", typed, user("perajin"), request_id())


def stood_long(*names: str) -> None:
    """Pieces that their crafter has to be asked about: the first was answered at the office, the rest by phone."""
    first, *rest = (item.id for item in receive(*map(line, names)))
    old = update(Item).where(Item.id.in_([first, *rest])).values(received_at=now() - timedelta(days=120))
    begin_write().execute(old)
    commit()
    who = "Bu Tutik Handayani, lewat WhatsApp"
    ageing.answer([first], Answer("mark_down", who), user("petugas"), request_id())
    wishes = Answer("mark_down", "Tutik Handayani, lewat HP", wishes=dict.fromkeys(rest, 200_000))
    ageing.answer(rest, wishes, user("perajin"), request_id())


def of_goods(item_id: int) -> dict[str, int]:
    """One of everything that happens to goods while they stand: ids by the name that addresses call them."""
    given = hand_back([Pieces(receive(line("Tampah", "40.000"))[0].id, 1)], user("petugas"), request_id())
    lost = receive(line("Bakul", "40.000"))[0]
    gone = write_off.write_off(write_off.Harm(lost.id, "lost", 1, "hilang"), user("pengelola"), request_id())
    product_id = int(reading().execute(select(Item.product_id).where(Item.id == item_id)).scalar_one())
    conn = begin_write()
    photo = {
        "product_id": product_id, "position": 1, "name": "0" * 32, "width": 1, "height": 1, "at": now(),
        "user_id": user("petugas").id,
    }  # fmt: skip
    conn.execute(insert(Photo), photo)
    conn.execute(update(Product).where(Product.id == product_id).values(photo=photo["name"]))
    commit()
    photo_id = int(reading().execute(select(Photo.id).where(Photo.product_id == product_id)).scalars().first() or 0)
    run_id = runs.print_run([item_id], "a4-3x8", 1, True, user("petugas"), request_id())
    fair = exhibition()
    way = transfer.send(fair, "out", {receive(line("Nampan", "40.000"))[0].id: 1}, user("petugas"), request_id())
    return {
        "product_id": product_id, "photo_id": photo_id, "hand_back_id": given, "write_off_id": gone, "run_id": run_id,
        "venue_id": fair, "transfer_id": way,
    }  # fmt: skip


def card_of(name: str) -> str:
    """The code of a crafter's card, which is made if there is none."""
    cards.make([crafter_id(name)], user("pengelola"), request_id())
    query = select(Card.code).where(Card.crafter_id == crafter_id(name), Card.ended_at.is_(None))
    return str(reading().execute(query).scalar_one())


def exhibition(name: str = "Pameran Kriya", **more: str) -> int:
    """An exhibition, opened by the manager. Returns the venue's id; its desk is the next till."""
    return venue.open_venue(venue.Plan("exhibition", name, **more), user("pengelola"), request_id())


def show(venue_id: int, *items: Item, pieces: int | None = None) -> int:
    """Goods at a venue, sent and arrived. Returns the note's id."""
    goods = {item.id: pieces or item.quantity for item in items}
    transfer_id = transfer.send(venue_id, "out", goods, user("petugas"), request_id())
    arrival.arrive(transfer_id, goods, user("petugas"), request_id())
    return transfer_id
