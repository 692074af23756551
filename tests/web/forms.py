"""Every form of the shop, filled in well, and a shop in which it can be sent again and again."""

import hashlib
import itertools
import json
import re
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import delete, insert, update
from werkzeug.routing import Rule

from showroom_app.counting import stocktake
from showroom_app.counting.stocktake import Scope
from showroom_app.extensions import commit, now, reading, rollback
from showroom_app.ledger import book
from showroom_app.lib.clock import jakarta_date
from showroom_app.lib.money import in_notes
from showroom_app.payouts import payout
from showroom_app.payouts.due import due_until
from showroom_app.payouts.payout import Pay
from showroom_app.people import sign_in
from showroom_app.people.models import SetUpToken, SignInAttempt, User
from showroom_app.sales import refund, scanner, shift
from showroom_app.sales.refund import Asked
from showroom_app.stock import intake
from showroom_app.stock.life_models import Proposal
from tests.builders import (
    PASSWORDS,
    ask_for_phone,
    card_of,
    crafter_id,
    current_basket,
    lend_to,
    line,
    of_goods,
    open_till,
    propose,
    receive,
    request_id,
    user,
)
from tests.conftest import Auth
from tests.imports.files import GOODS, bring, goods_row, xlsx

HTMX = {"HX-Request": "true", "HX-Current-URL": "http://localhost/till"}

CRAFTER = {
    "name": "Baru", "workshop": "Bengkel", "phone": "0812 0000 3001", "address": "RW 1", "terms_kind": "commission",
    "commission_percent": "15", "bank_name": "Bank", "bank_account": "1", "bank_holder": "Baru", "username": "",
    "pin": "", "one_time": "", "active": "1", "may_sign_in": "1", "advance_rupiah_max": "",
}  # fmt: skip
ACCOUNT = {"name": "Baru", "username": "baru", "role": "attendant", "password": "", "active": "1"}
CONSIGNMENT = {f"lines-0-{name}": typed for name, typed in line().items()} | {"lines-0-net_price": ""}
CONSIGNMENT |= {"agreed_until": ""}
SET_UP = {
    "showroom_name": "Galeri Baru", "place": "Malang", "phone": "0812 0000 4001", "office_desk": "Kantor",
    "till_desk": "Meja 1", "name": "Sri", "username": "sri", "password": "kata-sri-baru", "repeat": "kata-sri-baru",
}  # fmt: skip
SETTINGS = {
    "name": "Galeri Uji", "place": "Malang", "address": "", "phone": "", "commission_percent": "15",
    "public_host": "", "bank_note": "", "remove_qris": "",
}  # fmt: skip
PAYMENT = {"tender": "qris", "received": "", "seen": "1", "reference": "", "version": "1", "total": "275000"}
MONEY = {
    "discount_bearer": "shared", "discount_percent_max": "10", "tender_cash": "1", "tender_qris": "1",
    "tender_transfer": "1", "cash_rounding": "0", "refund_rupiah_max": "500.000", "paid_refund_bearer": "crafter",
    "payday": "4", "payout_rupiah_min": "0", "advance_rupiah_max": "500.000", "services_refundable": "",
}  # fmt: skip
# The total is exactly divided, so that a sum in place of one of them is judged by itself and with the others.
MIXED = PAYMENT | {
    "tender": "mixed", "amount_cash": "5.000", "amount_qris": "70.000", "amount_transfer": "100.000",
    "amount_card": "100.000", "reference_cash": "", "reference_qris": "1", "reference_transfer": "2",
    "reference_card": "3",
}  # fmt: skip
REFUND = {
    "q1": "1", "p1": "shelf", "s1": "", "money_cash": "", "money_qris": "", "money_transfer": "", "money_card": "",
    "reason": "cacat", "reference": "", "total": "275000", "kind": "", "username": "", "secret": "",
}  # fmt: skip
# The day and the sum are today's and what is due then: `Shop.due_now`.
PAYOUT = {
    "pay1": "1", "method1": "office", "reference1": "", "receiver1": "Bu Sari", "relation1": "istri", "reference": "",
}  # fmt: skip
VENUE = {"kind": "showroom", "name": "Galeri Sana", "address": "", "starts_on": "2026-12-01", "ends_on": "2026-12-03"}
FORMS: dict[str, dict[str, str]] = {
    "people.sign_in": {"username": "petugas", "password": "salah", "next": "/till"},
    "people.sign_out": {},
    "people.password": {"current": "salah", "new": "kata-yang-baru", "repeat": "kata-yang-baru"},
    "people.language": {"language": "id", "next": "/till"},
    "people.crafter_new": CRAFTER,
    "people.crafter_edit": CRAFTER,
    "cards.make": {"crafter": "1", "do": ""},
    "cards.lost": {"card": "1"},
    "cards.one_time_code": {},
    "cards.end_sessions": {},
    "pin.card": {"pin": "000000"},
    # Two that differ, so that nobody's PIN is changed.
    "pin.choose": {"new": "739104", "repeat": "739105"},
    "office.set_up": SET_UP,
    "office.user_new": ACCOUNT | {"password": "kata-sandi"},
    "office.user_edit": ACCOUNT,
    "office.end_sessions": {},
    "office.settings": SETTINGS,
    "office.desk_new": {"desk_name": "Meja 9", "desk_kind": "till"},
    "stock.consignment_start": {"crafter_id": "1"},
    "stock.draft_crafter": {"crafter_id": "2"},
    "stock.keep": CONSIGNMENT | {"do": ""},
    "stock.receive": CONSIGNMENT | {"then": ""},
    "stock.discard": {},
    "scans.scan": {},
    "labels.print_labels": {"sheet": "a4-3x8", "start": "1", "with_price": "1", "item": "1"},
    "labels.sheet": {"label_width_mm": "70", "usual": "1", "with_price": "1"},
    "labels.swap": {"code": "", "reason": "tertukar"},
    "labels.wait": {"do": "put-in", "next": "/labels"},
    "goods.answer": {"item": "1", "answer": "asked", "by": "", "until": ""},
    "products.product": {
        "name": "Lampu gantung", "category": "Lampu gantung", "material": "rotan", "width_mm": "45,5", "depth_mm": "",
        "height_mm": "30", "weight_g": "1,5", "care": "", "story": "", "name_en": "", "material_en": "", "care_en": "",
        "story_en": "",
    },
    "products.add_photos": {},
    "products.remove_photo": {},
    "products.first_photo": {},
    "products.merge": {"into": "2"},
    "products.consign": {},
    "hand_backs.new": {"do": "add", "code": "", "reason": "", "received_by": "", "relation": ""},
    "venues.new": VENUE,
    "venues.edit": VENUE,
    "venues.close": {},
    "venues.send_out": {"do": "add", "code": "", "carrier": ""},
    "venues.bring_back": {"do": "add", "code": "", "carrier": ""},
    "venues.arrive": {"do": "add", "code": ""},
    "venues.lose": {"quantity": "1", "reason": "hilang", "compensate": ""},
    "life.terms": {
        "item": "1", "way": "price", "price": "250.000", "percent": "", "commission": "", "net_price": "",
        "lowest_price": "", "asked_by": "crafter", "agreed_on": "2026-01-01", "reason": "lama",
    },
    "life.harm": {"kind": "lost", "place": "shelf", "quantity": "1", "reason": "hilang", "compensate": ""},
    "life.again": {"quantity": "1", "reason": "ditemukan"},
    "sales.add_line": {"code": "lampu"},
    "sales.add_here": {"code": "lampu"},
    "scanners.scan": {"code": "lampu"},
    "sales.change_line": {"quantity": "1"},
    "sales.empty": {},
    "sales.park": {"label": "Bu Rina"},
    "sales.resume": {},
    "sales.checkout": PAYMENT,
    "shifts.open_shift": {"desk_id": "3", "float": "0"},
    "shifts.close_shift": {"n100000": "1", "n1": "", "note": "selisih"},
    "shifts.cash": {"kind": "expense", "amount": "5.000", "reason": "plastik"},
    "bargaining.give_discount": {"item": "", "way": "percent", "value": "5", "reason": "tawar", "bearer": ""},
    "bargaining.services": {"kind": "packing", "amount": "5.000", "name": "", "payee": "showroom"},
    "bargaining.remove_service": {},
    "bargaining.approval": {"username": "pengelola", "secret": "salah"},
    "refunds.give_back": REFUND,
    "counting.begin": {"scope": "crafter", "category": "", "crafter_id": "1"},
    "counting.count": {"code": "lampu", "pieces": "1", "seen": ""},
    "counting.take_back": {},
    "counting.close": {"note": "sesudah tutup"},
    "counting.drop": {},
    "results.settle": {"r1": "1", "how": "lost", "reason": "tidak ketemu"},
    "payouts.pay": PAYOUT | {"confirm": "1", "counted": "1"},
    "payouts.reverse": {"reason": "salah jumlah"},
    "advances.undo": {"reason": "sudah dikembalikan"},
    "advances.lend": {
        "amount": "50.000", "reason": "bahan", "method": "office", "reference": "", "received_by": "", "relation": "",
    },
    "office.money": MONEY,
    "office.catalogue": {"open": "1"},
    "consents.profile": {"story": "Menganyam sejak 1998.", "story_en": "", "remove_photo": ""},
    "consents.give": {"shows_name": "1", "shows_face": "", "shows_story": "1", "read_out": "1"},
    "consents.withdraw": {},
    "my_consent.give": {"shows_name": "1", "shows_face": "", "shows_story": ""},
    "my_consent.withdraw": {},
    "pages.language": {"language": "id", "next": "/catalogue"},
    "office.goods": {"answers_for_damage": "1", "answers_for_loss": "1", "ageing_days": "90"},
    "my_asks.questions": {"item": "1", "answer": "mark_down", "price-1": "10.000", "months": ""},
    "my_asks.propose": {"name": "Rak", "category": "Rak", "price": "100.000", "story": "", "kept": ""},
    "my_asks.change": {
        "bank_name": "BRI", "bank_account": "0123 4567", "bank_holder": "Tutik", "pin": PASSWORDS["perajin"],
    },
    "requests.answer_proposal": {
        "do": "accept", "name": "Lampu lantai", "category": "Rak", "price": "", "story": "", "answer": "",
    },
    "requests.answer_change": {"do": "refuse", "answer": "nomornya salah"},
    "imports.bring": {"kind": "goods"},
    "imports.accept": {"mark": "x"},
    "imports.discard": {},
}  # fmt: skip
# Other ways to fill in a form of which one way alone does not read every field.
OTHER_WAYS: dict[str, list[dict[str, str]]] = {
    "sales.checkout": [MIXED],
    "refunds.give_back": [
        REFUND | {"money_cash": "275.000", "username": "pengelola", "secret": PASSWORDS["pengelola"]},
        REFUND | {"money_transfer": "275.000", "reference": "1", "kind": "void"},
    ],
    "my_asks.questions": [{"item": "1", "answer": "extend", "months": "3"}, {"item": "1", "answer": "collect"}],
    "requests.answer_proposal": [{"do": "refuse", "answer": "rak penuh"}],
    "requests.answer_change": [{"do": "accept", "answer": ""}],
    "payouts.pay": [
        PAYOUT,
        PAYOUT | {"method1": "transfer", "reference1": "1", "list": "1", "confirm": "1"},
        PAYOUT | {"method1": "transfer", "reference": "1", "confirm": "1", "transferred": "1"},
    ],
}
# Who sends a form, where it is neither the attendant at the till nor the manager.
OTHERS = {
    "shifts.open_shift": "petugas2", "people.password": "petugas", "people.sign_in": "visitor",
    "people.sign_out": "pengamat", "office.set_up": "visitor", "pages.language": "visitor",
    "pin.card": "visitor", "pin.choose": "perajin",
}  # fmt: skip


class Shop:
    """Showroom 1 with one of everything; what a form uses up is there again for the next one."""

    def __init__(self, app: Flask, auth: Auth) -> None:
        self.rules = {method: _rules(app, method) for method in ("GET", "POST")}
        self.auth, self.browsers = auth, {"visitor": app.test_client()}
        self.lamps: list[str] = []
        self.phones = itertools.count(5000)
        [rings] = receive(line("Gantungan", "12.000", "10.000", per_piece="lot"))
        self.till, self.second, self.manager = open_till(), user("petugas2"), user("pengelola")
        self.till.scan(self._lamp())
        self.tutik = crafter_id("Tutik")
        sale_id = self.till.pay()
        asked = Asked({1: (1, "shelf")}, (), {}, "cacat")
        refund_id = refund.refund(sale_id, asked, self.till.who, request_id(), total=275_000)
        batch_id, payout_id = self._paid()
        self.standing = {
            "sale_id": self._sold(), "item_id": rings.id, "code": rings.code, "name": "x.png", "position": 1,
            "key": "a4-3x8", "kind": "bank",
            "crafter_id": crafter_id("Slamet"), "user_id": self.second.id, "refund_id": refund_id, "entry_id": 1,
            "batch_id": batch_id, "payout_id": payout_id, "advance_id": lend_to("Slamet"), **of_goods(rings.id),
            "card_code": card_of("Tutik"),
        }  # fmt: skip

    def address(self, rule: Rule, **instead: str) -> str:
        """A route's address with ids that fit, or with others instead."""
        makers = {
            "consignment_id": self._draft, "basket_id": self._basket, "shift_id": self._shift, "token": self._token,
            "stocktake_id": self._stocktake, "import_id": self._import, "proposal_id": self._proposal,
            "change_id": self._change, "ticket": lambda: scanner.ticket(self._shift()),
        }  # fmt: skip
        ids: dict[str, Any] = self.standing | instead
        ids |= {name: make() for name, make in makers.items() if name in rule.arguments and name not in instead}
        return re.sub(r"<(?:\w+:)?(\w+)>", lambda found: str(ids[found[1]]), rule.rule)

    def filled_in(self, endpoint: str, form: dict[str, str]) -> dict[str, str]:
        """A form, with what can't be known before."""
        return form | (self._due_now() if endpoint == "payouts.pay" else {})

    def _due_now(self) -> dict[str, str]:
        """What one crafter is to be paid by today."""
        today, owed = jakarta_date(now()), 0
        account = book.accounts(reading(), [("crafter", self.tutik)])["crafter", self.tutik]
        while owed <= 0:
            rollback()
            owed = due_until(reading(), account, today)
            if owed <= 0:
                self._sold()
        return {"until": today.isoformat(), f"amount{self.tutik}": str(owed)}

    def _lamp(self) -> str:
        """The code of a lamp that is there."""
        if not self.lamps:
            self.lamps = [item.code for item in receive(line(quantity="100"))]
        return self.lamps.pop()

    def _basket(self) -> int:
        """The open basket, with a lamp in it."""
        self.till.basket_id = current_basket(self.till.who)
        if not self.till.total:
            self.till.scan(self._lamp())
        return self.till.basket_id

    def _sold(self) -> int:
        """A sale of one lamp."""
        self.till.basket_id = current_basket(self.till.who)
        self.till.scan(self._lamp())
        return self.till.pay()

    def _paid(self) -> tuple[int, int]:
        """A payout of what one lamp brought."""
        self._sold()
        one = Pay(self.tutik, 233_750, "office")
        told = payout.pay([one], jakarta_date(now()), self.manager, request_id())
        return told.batch_id or 0, told.payout_ids[0]

    def _shift(self) -> int:
        """The attendant's shift."""
        if shift.shift_of(self.till.who.id) is None:
            self.till = open_till()
        return self.till.shift_id

    def _draft(self) -> int:
        """A consignment that was begun."""
        return intake.start(self.tutik, self.manager, request_id())

    def _stocktake(self) -> int:
        """The count that is open."""
        running = stocktake.open_stocktake(self.manager.showroom_id)
        return running.id if running is not None else stocktake.begin(Scope(), self.manager, request_id())

    def _import(self) -> int:
        """A file that waits to be accepted."""
        return bring(xlsx(GOODS, goods_row()))

    def _proposal(self) -> int:
        """New goods that wait for the office; the ones before are answered."""
        answered = update(Proposal).where(Proposal.decided_at.is_(None))
        write(answered.values(decided_at=now(), decided_by=self.manager.id))
        return propose(f"Lampu {request_id()}")

    def _change(self) -> int:
        """Another phone number that waits for the office."""
        write(delete(SignInAttempt))
        return ask_for_phone(f"0812 0000 {next(self.phones)}")

    def _token(self) -> str:
        """A set-up link that works."""
        write(delete(SetUpToken))
        write(insert(SetUpToken).values(hash=hashlib.sha256(b"baru").hexdigest(), made_at=now()))
        return "baru"

    def browser(self, endpoint: str) -> FlaskClient:
        """Somebody who may send a form, with nothing left in the way that the last press left there."""
        if endpoint in ("people.sign_in", "people.password", "bargaining.approval", "pin.card", "my_asks.change"):
            write(delete(SignInAttempt))
        if endpoint == "shifts.open_shift" and (row := shift.shift_of(self.second.id)):
            shift.close_shift(row.id, in_notes(0), self.second, request_id())
        if endpoint == "refunds.give_back":
            self.standing["sale_id"] = self._sold()
        who = "petugas" if endpoint.startswith(("sales.", "shifts.", "bargaining.", "refunds.")) else "pengelola"
        who = "perajin" if endpoint.startswith("my") else OTHERS.get(endpoint, who)
        if who not in self.browsers or endpoint == "people.sign_out":
            self.browsers[who] = self.auth(who)
        if who == "perajin":
            write(update(User).where(User.username == who).values(one_time_until=None))
        if endpoint == "pin.choose":  # as after a code that was handed over
            write(update(User).where(User.username == who).values(one_time_until=sign_in.USED))
        return self.browsers[who]


def _rules(app: Flask, method: str) -> dict[str, Rule]:
    found = {rule.endpoint: rule for rule in app.url_map.iter_rules() if method in (rule.methods or ())}
    found.pop("static", None)
    return found


def write(statement: Any) -> None:
    """Change the database directly."""
    rollback()
    reading().execute(statement)
    commit()


def sentence(answer: Any) -> str:
    """What an answer says went wrong, as htmx's message or on the page; empty when it says nothing."""
    if "HX-Trigger" in answer.headers:
        return str(json.loads(answer.headers["HX-Trigger"])["toast"]["text"])
    said = r'class="(?:error|message bad(?: refused)?|empty)"[^>]*>(.*?)</(?:p|div)>'
    found = re.search(said, answer.text, re.S)
    return " ".join(re.sub(r"<[^>]+>", " ", found[1]).split()) if found else ""


def problem(client: FlaskClient, method: str, to: str, **sent: Any) -> str:
    """What is wrong with an answer: nothing when it shows a page, says what to do, or leads on within the shop."""
    try:
        answer = client.open(to, method=method, **sent)
    except Exception as error:
        return f"{type(error).__name__}: {str(error)[:80]}"
    leads_to = answer.headers.get("Location") or answer.headers.get("HX-Redirect")
    if leads_to:
        return "" if re.fullmatch(r"/([^/\\\s][^\\\s]*)?", leads_to) else f"leads to {leads_to[:80]!r}"
    if answer.status_code >= 500:
        return str(answer.status_code)
    return "" if answer.status_code == 200 or sentence(answer) else f"{answer.status_code} without a sentence"
