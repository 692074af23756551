"""What the sample shop has besides for being looked over: photos of goods, files to import, and the way to pages that
no link leads to."""

import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import insert, select

from bench.bringing import HEADINGS, workbook
from showroom_app import create_app
from showroom_app.counting import count, stocktake
from showroom_app.counting.stocktake import Scope
from showroom_app.extensions import AnySelect, begin_write, commit, db, now, reading, release, rollback
from showroom_app.imports import upload
from showroom_app.ledger.models import IS_THERE, Account, Balance
from showroom_app.payouts.models import PayoutBatch
from showroom_app.people import one_time, sign_in
from showroom_app.people.crafter_models import Card
from showroom_app.people.models import SetUpToken, User
from showroom_app.sales import basket, scanner
from showroom_app.sales.models import Shift
from showroom_app.stock import photos
from showroom_app.stock.models import Consignment, Item, Product
from showroom_app.web.access import SignedIn
from showroom_app.web.filters import new_request_id
from tests.imports.files import xlsx
from tests.label_photos import photo

PHOTOS = 4
SET_UP = "galeri-contoh"


@dataclass(frozen=True, slots=True)
class Ways:
    """Addresses by who is to go there; a note begun; a crafter with a card and a code that was handed over."""

    addresses: dict[str, list[str]]
    draft: str
    crafter_id: int
    card: str
    code: str


def prepare(instance: Path) -> Ways:
    """Furnish the sample shop that is served from a folder."""
    with create_app({"INSTANCE": instance}).app_context():
        manager = _who("pengelola")
        _photograph(manager)
        draft = f"/consignments/{_first(select(Consignment.id).where(Consignment.status == 'draft'))}"
        cards = select(Card.code).join(User, User.crafter_id == Card.crafter_id).where(Card.ended_at.is_(None))
        own = f"/card/{_first(cards.where(User.username == 'perajin'))}"
        others = cards.where(User.username != "perajin")
        other = _first(others)
        crafter_id = int(_first(select(Card.crafter_id).where(Card.code == other)))
        addresses = {
            "": [_set_up(), own, "/card/0000000000000000"],
            "petugas": [*_till(), *_counts(manager), draft, f"{draft}/crafter"],
            "pengelola": [*_files(manager), own, f"/payouts/batches/{_first(select(PayoutBatch.id))}", "/shifts/new"],
        }
        code = one_time.hand_over(crafter_id, manager, new_request_id()).digits
        release()
        db.engine.dispose()
    return Ways(addresses, draft, crafter_id, other, code)


def _first(query: AnySelect) -> Any:
    """The first value there is."""
    found = reading().execute(query.limit(1)).scalar_one()
    rollback()
    return found


def _who(username: str) -> SignedIn:
    return sign_in.signed_in(int(_first(select(User.id).where(User.username == username))))


def _set_up() -> str:
    digest = hashlib.sha256(SET_UP.encode()).hexdigest()
    begin_write().execute(insert(SetUpToken).values(hash=digest, made_at=now()))
    commit()
    return f"/set-up/{SET_UP}"


def _till() -> list[str]:
    """What is asked at a till with something in its basket, and its phone's page."""
    shift = reading().execute(select(Shift.__table__).where(Shift.closed_at.is_(None)).limit(1)).one()
    who = sign_in.signed_in(shift.user_id)
    basket_id = basket.current(shift)
    basket.add(basket_id, _shelf_code(), who, new_request_id())
    asked = [f"/baskets/{basket_id}/{what}" for what in ("discount", "services", "approval")]
    return [*asked, "/till/scanner", f"/scanner/{scanner.ticket(shift.id)}"]


def _shelf_code() -> str:
    standing = select(Item.code).join(Balance, Balance.unit == Item.id).join(Account, Account.id == Balance.account_id)
    return str(_first(standing.where(Account.kind == "shelf", IS_THERE).order_by(Item.id)))


def _counts(manager: SignedIn) -> list[str]:
    """A count that is closed, with much missing, and one that goes on."""
    numbers = []
    for ends in (True, False):
        numbers.append(stocktake.begin(Scope(), manager, new_request_id()))
        count.count(numbers[-1], _shelf_code(), manager, new_request_id())
        if ends:
            stocktake.close(numbers[-1], "rak belakang belum", manager, new_request_id())
    closed, goes_on = numbers
    return [f"/stocktakes/{goes_on}", f"/stocktakes/{goes_on}/left", f"/stocktakes/{closed}?all=1"]


def _photograph(manager: SignedIn) -> None:
    """A phone's photo of rattan for every kind of goods."""
    made = [photos.re_encoded(photo([], seed=seed)) for seed in range(PHOTOS)]
    for one in made:
        photos.keep(one)
    product_ids = list(reading().execute(select(Product.id).order_by(Product.id)).scalars())
    rollback()
    for number, product_id in enumerate(product_ids):
        photos.add(product_id, [made[number % PHOTOS]], manager, new_request_id())


def _files(manager: SignedIn) -> list[str]:
    """Files to import: one that nobody can understand, one whose crafters are not there, one of crafters."""
    wrong = xlsx(HEADINGS, *(["Siapa", "", "Mobil", "dua", "12,5 juta"] for _row in range(60)))
    people = xlsx(["Nama perajin", "Nomor HP"], ["Sri Wahyuni", "0813 1111 2222"])
    brought = (("goods", wrong), ("goods", workbook(60)), ("crafters", people))
    return [f"/imports/{upload.upload(kind, 'berkas.xlsx', content, manager)[0]}" for kind, content in brought]
