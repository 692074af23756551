"""Nobody gets in where they don't belong: every route × every role × somebody else's ids."""

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient

from showroom_app.counting import stocktake
from showroom_app.counting.stocktake import Scope
from showroom_app.extensions import db, now, reading
from showroom_app.lib.clock import jakarta_date
from showroom_app.payouts import payout
from showroom_app.payouts.payout import Pay
from showroom_app.sales import refund, scanner
from showroom_app.sales.refund import Asked
from showroom_app.stock import intake
from showroom_app.stock.hand_back import Pieces, hand_back
from showroom_app.web.access import ROLES, roles_of
from tests.builders import (
    ask_for_phone,
    card_of,
    crafter_id,
    current_basket,
    lend_to,
    of_goods,
    open_till,
    propose,
    receive,
    request_id,
    user,
)
from tests.conftest import Auth
from tests.imports.files import GOODS, bring, goods_row, xlsx
from tests.rules import rows

# What the design says of each route. A route that is not listed here fails the test below.
EVERYONE = set(ROLES)
SIGNED_IN = EVERYONE - {"visitor"}
STAFF = {"attendant", "manager"}
WHO_MAY = {
    "health.healthz": EVERYONE,
    "certificate.page": EVERYONE,
    "shell.worker": EVERYONE,
    "shell.manifest": EVERYONE,
    "shell.offline": EVERYONE,
    "certificate.download": EVERYONE,
    "plain.sheet": EVERYONE,
    "people.front": EVERYONE,
    "people.sign_in": EVERYONE,
    "people.sign_out": EVERYONE,
    "people.language": EVERYONE,
    "people.password": SIGNED_IN,
    "people.crafters": STAFF,
    "people.crafter_new": {"manager"},
    "people.crafter_edit": {"manager"},
    "cards.listing": {"manager"},
    "cards.make": {"manager"},
    "cards.sheet": {"manager"},
    "cards.lost": {"manager"},
    "cards.one_time_code": {"manager"},
    "cards.end_sessions": {"manager"},
    "pin.card": EVERYONE,  # by card
    "pin.choose": {"crafter"},
    "office.set_up": EVERYONE,  # by one-time token
    "office.users": {"manager"},
    "office.user_new": {"manager"},
    "office.user_edit": {"manager"},
    "office.end_sessions": {"manager"},
    "office.settings": {"manager"},
    "office.goods": {"manager"},
    "office.money": {"manager"},
    "office.desk_new": {"manager"},
    "office.qris": SIGNED_IN,
    "stock.consignments": STAFF,
    "stock.consignment_new": STAFF,
    "stock.consignment_start": STAFF,
    "stock.consignment": STAFF,
    "stock.keep": STAFF,
    "stock.receive": STAFF,
    "stock.discard": STAFF,
    "stock.draft_crafter": STAFF,
    "stock.note_pdf": STAFF,
    "scanners.code": STAFF,
    "scanners.changes": STAFF,
    "scanners.page": STAFF,
    "scanners.page_changes": STAFF,
    "scanners.scan": STAFF,
    "labels.queue": STAFF,
    "labels.print_labels": STAFF,
    "labels.run": STAFF,
    "labels.sheet": {"manager"},
    "labels.calibration": {"manager"},
    "labels.swap": STAFF,
    "labels.wait": STAFF,
    "goods.item_list": STAFF | {"observer"},
    "goods.find": {"attendant", "observer", "manager"},
    "scans.ask": {"attendant", "observer", "manager"},  # as whoever may find goods
    "scans.scan": {"attendant", "observer", "manager"},
    "goods.long_standing": STAFF,
    "goods.answer": STAFF,
    "products.product_list": STAFF,
    "products.product": STAFF,
    "products.add_photos": STAFF,
    "products.remove_photo": STAFF,
    "products.first_photo": STAFF,
    "products.photo_file": EVERYONE,
    "products.merge": {"manager"},
    "products.consign": STAFF,
    "hand_backs.listing": STAFF,
    "hand_backs.new": STAFF,
    "hand_backs.note": STAFF,
    "hand_backs.note_pdf": STAFF,
    "venues.listing": STAFF,
    "venues.new": {"manager"},
    "venues.edit": {"manager"},
    "venues.close": {"manager"},
    "venues.send_out": STAFF,
    "venues.bring_back": STAFF,
    "venues.transfer": STAFF,
    "venues.arrive": STAFF,
    "venues.lose": {"manager"},
    "venues.note_pdf": STAFF,
    "reports.venue": {"attendant", "observer", "manager"},
    "life.terms": {"manager"},
    "life.harm": {"manager"},
    "life.harms": {"manager"},
    "life.harmed": {"manager"},
    "life.again": {"manager"},
    "sales.till": STAFF,
    "sales.basket": STAFF,
    "sales.add_line": STAFF,
    "sales.add_here": STAFF,
    "sales.search": STAFF,
    "sales.change_line": STAFF,
    "sales.empty": STAFF,
    "sales.park": STAFF,
    "sales.resume": STAFF,
    "sales.checkout": STAFF,
    "sales.receipt": STAFF,
    "sales.whatsapp": STAFF,
    "bargaining.discount": STAFF,
    "bargaining.give_discount": STAFF,
    "bargaining.services": STAFF,
    "bargaining.remove_service": STAFF,
    "bargaining.approval": STAFF,
    "shifts.open_shift": STAFF,
    "shifts.shift_list": STAFF,
    "shifts.shift_pdf": STAFF,
    "shifts.cash": STAFF,
    "shifts.close_shift": STAFF,
    "shifts.shift": STAFF,
    "shifts.sales_list": STAFF,
    "refunds.find": STAFF,
    "refunds.new": STAFF,
    "refunds.give_back": STAFF,
    "refunds.slip": STAFF,
    "counting.stocktakes": STAFF,
    "counting.begin": STAFF,
    "counting.stocktake_page": STAFF,
    "counting.live": STAFF,
    "counting.count": STAFF,
    "counting.take_back": STAFF,
    "counting.left": STAFF,
    "counting.close": {"manager"},
    "counting.drop": {"manager"},
    "results.settle": {"manager"},
    "results.result_pdf": STAFF,
    "results.result_xlsx": STAFF,
    "payouts.balances": {"manager"},
    "payouts.pay": {"manager"},
    "payouts.batch": {"manager"},
    "payouts.batch_pdf": {"manager"},
    "payouts.bank_csv": {"manager"},
    "payouts.past": {"manager"},
    "payouts.payout": {"manager"},
    "payouts.payout_pdf": {"manager"},
    "payouts.reverse": {"manager"},
    "advances.lend": {"manager"},
    "advances.advance": {"manager"},
    "advances.receipt_pdf": {"manager"},
    "advances.undo": {"manager"},
    "statements.office": {"manager"},
    "statements.office_pdf": {"manager"},
    "statements.whatsapp": {"manager"},
    "statements.own": {"crafter"},
    "statements.own_pdf": {"crafter"},
    "journal.entries": {"manager"},
    "journal.entry": {"manager"},
    "journal.activity": {"manager"},
    "imports.choose": {"manager"},
    "imports.bring": {"manager"},
    "imports.example": {"manager"},
    "imports.file": {"manager"},
    "imports.progress": {"manager"},
    "imports.accept": {"manager"},
    "imports.discard": {"manager"},
    "imports.everything": {"observer", "manager"},
    "catalogue.item": EVERYONE,
    "catalogue.find": EVERYONE,
    "pages.listing": EVERYONE,
    "pages.product": EVERYONE,
    "pages.maker": EVERYONE,  # by their consent
    "pages.language": EVERYONE,
    "pages.site_map": EVERYONE,
    "pages.robots": EVERYONE,
    "consents.profile": {"manager"},
    "consents.give": {"manager"},
    "consents.withdraw": {"manager"},
    "consents.face_file": EVERYONE,  # by the crafter's consent
    "office.catalogue": {"manager"},
    "my_consent.page": {"crafter"},
    "my_consent.give": {"crafter"},
    "my_consent.withdraw": {"crafter"},
    "my.home": {"crafter"},
    "my.items": {"crafter"},
    "my.product": {"crafter"},
    "my.sales": {"crafter"},
    "my_notes.consignments": {"crafter"},
    "my_notes.consignment": {"crafter"},
    "my_notes.consignment_pdf": {"crafter"},
    "my_notes.hand_backs": {"crafter"},
    "my_notes.hand_back": {"crafter"},
    "my_notes.hand_back_pdf": {"crafter"},
    "my_asks.questions": {"crafter"},
    "my_asks.proposals": {"crafter"},
    "my_asks.propose": {"crafter"},
    "my_asks.settings": {"crafter"},
    "my_asks.change": {"crafter"},
    "requests.listing": {"manager"},
    "requests.answer_proposal": {"manager"},
    "requests.answer_change": {"manager"},
    "reports.overview": {"observer", "manager"},
}
# What visitors of showroom 1 may look at, its neighbours may too.
PUBLIC = {"pages.product", "pages.maker"}
USERNAMES = {"crafter": "perajin", "attendant": "petugas", "observer": "pengamat", "manager": "pengelola"}


@pytest.fixture
def ids(app: Flask) -> dict[str, int | str]:
    """One of everything, in showroom 1."""
    [lamp] = receive()
    till = open_till("petugas2", "K2")
    till.scan(lamp.code)
    till_total = till.total
    sale_id = till.pay()
    gone = refund.refund(sale_id, Asked({1: (1, "shelf")}, (), {}, "cacat"), till.who, request_id(), total=till_total)
    other = receive()[0]
    till.basket_id = current_basket(till.who)
    till.scan(other.code)
    till.pay()
    due = Pay(crafter_id("Tutik"), 233_750, "office")
    paid = payout.pay([due], jakarta_date(now()), user("pengelola"), request_id())
    till.basket_id = current_basket(till.who)
    draft = intake.start(crafter_id("Tutik"), user("petugas"), request_id())
    return {
        "crafter_id": crafter_id("Tutik"), "user_id": user("petugas2").id, "consignment_id": draft,
        "item_id": lamp.id, "basket_id": till.basket_id, "sale_id": sale_id, "shift_id": till.shift_id,
        "code": lamp.code, "token": "wrong", "name": "wrong.png", "position": 1, "key": "a4-3x8", "refund_id": gone,
        "batch_id": paid.batch_id or 0, "payout_id": paid.payout_ids[0], "entry_id": 1,
        "advance_id": lend_to("Tutik"), **of_goods(other.id),
        "stocktake_id": stocktake.begin(Scope(), user("petugas"), request_id()),
        "import_id": bring(xlsx(GOODS, goods_row())), "ticket": scanner.ticket(till.shift_id),
        "card_code": card_of("Tutik"),
        "kind": "bank", "proposal_id": propose(), "change_id": ask_for_phone(),
    }  # fmt: skip


def calls(app: Flask, ids: dict[str, int | str]) -> list[tuple[str, str, str]]:
    """Every endpoint with a method and an address that fits."""
    made = []
    with app.test_request_context():
        for rule in app.url_map.iter_rules():
            if rule.endpoint == "static":
                continue
            address = rule.build({name: ids[name] for name in rule.arguments})
            assert address is not None
            for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}):
                made.append((rule.endpoint, method, address[1]))
    return made


def test_every_route_names_its_roles_as_the_design_says(app: Flask) -> None:
    told = {e: set(roles_of(app, e) or ()) for e in app.view_functions if e != "static"}
    assert told == WHO_MAY


@pytest.mark.parametrize("role", ROLES)
def test_each_role_at_every_route(app: Flask, auth: Auth, ids: dict[str, int | str], role: str) -> None:
    for endpoint, method, address in calls(app, ids):
        client = app.test_client() if role == "visitor" else auth(USERNAMES[role])
        status = client.open(address, method=method).status_code
        if role in WHO_MAY[endpoint]:
            assert status not in (401, 403) and status < 500, (endpoint, method, status)
        elif role == "visitor":
            assert status == 302, (endpoint, method, status)
        else:
            assert status == 403, (endpoint, method, status)


def test_staff_next_door_find_nothing_here(app: Flask, auth: Auth, ids: dict[str, int | str]) -> None:
    """The neighbour's manager, with every id of showroom 1 in the path: 404 (403 on a crafter's own pages), and the
    books as before."""
    stranger = auth("tetangga")
    form = {"quantity": "1", "tender": "cash", "received": "1", "version": "0", "total": "0", "counted": "0"}
    with_ids = [rule.endpoint for rule in app.url_map.iter_rules() if any(a.endswith("_id") for a in rule.arguments)]
    for endpoint, method, address in calls(app, ids):
        if endpoint not in with_ids or endpoint in PUBLIC:
            continue
        data = form | {"request_id": request_id()} if method == "POST" else None
        status = stranger.open(address, method=method, data=data).status_code
        expected = 404 if "manager" in WHO_MAY[endpoint] else 403
        assert status == expected, (endpoint, method, address, status)


def test_a_crafter_finds_nothing_of_others(app: Flask, auth: Auth, ids: dict[str, int | str]) -> None:
    """A colleague's goods and papers, the neighbour's, drafts, and what was never there: 404 on each of their pages."""
    rooms = {"Slamet": "petugas", "Wagiman": "petugas-tetangga"}
    theirs = [receive(crafter=name, by=by)[0] for name, by in rooms.items()]
    by = dict(zip((item.id for item in theirs), rooms.values(), strict=True))
    given = [hand_back([Pieces(item_id, 1)], user(who), request_id()) for item_id, who in by.items()]
    notes = [*[row.id for row in rows("consignment")][-2:], ids["consignment_id"]]
    foreign = {
        "product_id": [*(item.product_id for item in theirs), 9999], "consignment_id": [*notes, 9999],
        "hand_back_id": [*given, 9999],
    }  # fmt: skip
    client = auth("perajin")
    walked = set()
    for endpoint, method, _address in calls(app, ids):
        [*rules] = [rule for rule in app.url_map.iter_rules(endpoint) if method in (rule.methods or ())]
        if WHO_MAY[endpoint] != {"crafter"} or not any(name.endswith("_id") for name in rules[0].arguments):
            continue
        [name] = rules[0].arguments
        walked.add(endpoint)
        for number in foreign[name]:
            to = re.sub("<.*?>", str(number), rules[0].rule)
            assert client.open(to, method=method).status_code == 404, to
    assert len(walked) == 5


def test_a_crafter_answers_for_nothing_of_others(auth: Auth) -> None:
    """Goods of a colleague and of next door in the form's fields: not there, and nothing kept."""
    client = auth("perajin")
    for item in (receive(crafter="Slamet")[0], receive(crafter="Wagiman", by="petugas-tetangga")[0]):
        form = {"item": str(item.id), "answer": "collect", "request_id": request_id()}
        assert client.post("/my/questions", data=form).status_code == 404
    assert rows("ageing_answer") == []


def test_ids_in_form_fields_are_checked_too(app: Flask, auth: Auth, ids: dict[str, int | str]) -> None:
    stranger = auth("tetangga")
    data = {"crafter_id": ids["crafter_id"], "request_id": request_id()}
    assert stranger.post("/consignments", data=data).status_code == 404
    desk = {"desk_id": 2, "float": "0", "request_id": request_id()}
    assert stranger.post("/shifts/new", data=desk).status_code == 404


def test_a_lost_session_is_sent_to_sign_in_and_back(client: FlaskClient) -> None:
    plain = client.get("/till")
    assert plain.status_code == 302
    assert plain.location == "/sign-in?next=/till"
    fragment = client.post(
        "/baskets/1/lines", headers={"HX-Request": "true", "HX-Current-URL": "http://localhost/till"}
    )
    assert fragment.status_code == 401
    assert fragment.headers["HX-Redirect"] == "/sign-in?next=/till&ended=1"
    assert "Sesi Anda berakhir" in client.get(fragment.headers["HX-Redirect"]).text


def test_sign_in_never_sends_elsewhere(app: Flask, client: FlaskClient) -> None:
    for path in ("https://evil.example/", "//evil.example", "/\\evil.example", "javascript:alert(1)"):
        data = {"username": "petugas", "password": "kata-petugas", "next": path}
        assert client.post("/sign-in", data=data).location == "/till"


def test_wrong_methods_are_refused(auth: Auth) -> None:
    client = auth("petugas")
    assert client.get("/baskets/1/checkout").status_code == 405
    assert client.delete("/till").status_code == 405


def test_csrf_is_on_and_answers_in_words(app: Flask, auth: Auth) -> None:
    client = auth("petugas")
    app.config["WTF_CSRF_ENABLED"] = True
    try:
        page = client.post("/shifts/new", data={"desk_id": 2, "float": "0", "request_id": "x"})
        stale = client.post("/shifts/new", data={"desk_id": 2, "float": "0", "csrf_token": "old", "request_id": "x"})
    finally:
        app.config["WTF_CSRF_ENABLED"] = False
    assert (page.status_code, stale.status_code) == (400, 400)
    assert "Muat ulang" in page.text
    assert reading().execute(db.text("SELECT count(*) FROM shift")).scalar_one() == 0


def test_headers_are_strict(client: FlaskClient) -> None:
    headers = client.get("/sign-in").headers
    policy = headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Cache-Control"] == "no-store"
