"""Names out of every script and every attack are words: on each screen, and on paper."""

import re
import unicodedata

import pypdfium2
import pytest
from flask import Flask
from flask.testing import FlaskClient
from markupsafe import escape
from sqlalchemy import select

from showroom_app.extensions import now, reading, rollback
from showroom_app.lib.clock import jakarta_date
from showroom_app.people import consent
from showroom_app.stock.models import Item
from tests.builders import PASSWORDS, Till, crafter_id, current_basket, open_till, request_id, user
from tests.conftest import Auth
from tests.web.forms import ACCOUNT, CONSIGNMENT, CRAFTER, MONEY, PAYMENT, REFUND, SETTINGS, VENUE, sentence

TURN_ROUND = "\u202e"
KEPT = "<script>alert(1)</script> “Kursi” 🪑 عربي {{7*7}} ' & --"
# What turns the text around it is dropped; all the rest may be somebody's name.
NAME = f"{KEPT} {TURN_ROUND}"
LINES = {f"lines-0-{name}": typed for name, typed in (("name", NAME), ("quantity", "2"))}


@pytest.fixture
def named(app: Flask, auth: Auth) -> Till:
    """A shop in which everything that can have a name has that one, typed into the forms; and a sale."""
    manager, attendant = auth("pengelola"), auth("petugas")
    tutik, who = crafter_id("Tutik"), user("petugas")
    for client, to, form in [
        (manager, "/settings", SETTINGS | {"name": NAME, "place": NAME, "address": NAME, "bank_note": NAME}),
        (manager, f"/crafters/{tutik}", CRAFTER | {"name": NAME, "workshop": NAME, "address": NAME}),
        (manager, f"/users/{who.id}", ACCOUNT | {"name": NAME, "username": "petugas"}),
        (manager, "/desks", {"desk_name": NAME, "desk_kind": "till"}),
        (attendant, "/consignments", {"crafter_id": str(tutik)}),
        (attendant, "/consignments/1/receive", CONSIGNMENT | LINES),
    ]:
        assert client.post(to, data=form | {"request_id": request_id()}).status_code == 303, to
    rollback()
    till = open_till("petugas", "K3")
    till.scan(KEPT)
    paid = PAYMENT | {"tender": "transfer", "reference": NAME, "version": str(till.version), "request_id": request_id()}
    assert attendant.post(f"/baskets/{till.basket_id}/checkout", data=paid).status_code == 303
    rollback()
    till.basket_id = current_basket(till.who)
    till.scan(KEPT)
    label = {"label": f"{TURN_ROUND}<script>alert(1)</script>", "request_id": request_id()}
    assert attendant.post(f"/baskets/{till.basket_id}/park", data=label).status_code == 303
    return till


def test_they_are_words_on_every_screen(app: Flask, auth: Auth, named: Till) -> None:
    staff = {
        "/till": 3, "/items": 4, "/sales": 1, "/sales/1": 4, "/consignments": 1, "/consignments/1": 2,
        "/consignments/new": 1, "/crafters": 2, "/shifts/1/close": 1,
    }  # fmt: skip
    office = {"/settings": 4, "/users": 2, f"/users/{named.who.id}": 2, "/sales": 1, "/reports": 1}
    crafter = {"/my": 2, "/my/items": 2, "/my/sales": 2}
    for who, pages in {"petugas": staff, "pengelola": office, "perajin": crafter}.items():
        client = auth(who)
        for path, times in pages.items():
            page = client.get(path).text
            assert "<script>alert" not in page, path
            assert TURN_ROUND not in page, path
            assert page.count(str(escape(KEPT))) >= times, (path, page.count(str(escape(KEPT))))


def press(client: FlaskClient, to: str, **form: str) -> str:
    """Send a form that is taken. Returns where it leads."""
    answer = client.post(to, data=form | {"request_id": request_id()})
    assert answer.status_code in (303, 204), (to, answer.status_code, sentence(answer))
    rollback()
    return str(answer.headers.get("Location") or answer.headers.get("HX-Redirect"))


@pytest.fixture
def lived(auth: Auth, named: Till) -> dict[str, str]:
    """What happens to goods and money afterwards, with that name wherever something is typed: addresses by what they
    show."""
    manager, attendant, tutik = auth("pengelola"), auth("petugas"), crafter_id(KEPT[:8])
    note = press(attendant, "/consignments", crafter_id=str(tutik))
    press(attendant, f"{note}/receive", **CONSIGNMENT | LINES | {"lines-0-quantity": "7"})
    query = select(Item.id, Item.code).where(Item.line_id == 2).order_by(Item.id)
    goods = [(str(row.id), row.code) for row in reading().execute(query)]
    press(manager, "/settings/money", **MONEY)
    named.basket_id = current_basket(named.who)
    named.scan(goods[0][1])
    sale = named.pay()
    refunded = press(attendant, f"/sales/{sale}/refunds", **REFUND | {"reason": NAME, "total": str(275_000)})
    named.scan(goods[1][1])
    basket = f"/baskets/{named.basket_id}"
    press(attendant, f"{basket}/discount", way="percent", value="5", reason=NAME)
    press(attendant, f"{basket}/services", kind="other", amount="5.000", name=NAME, payee="showroom")
    received = {f"receiver{tutik}": NAME, f"relation{tutik}": NAME, f"method{tutik}": "office", f"pay{tutik}": "1"}
    received |= {"until": jakarta_date(now()).isoformat(), f"amount{tutik}": "233750", "counted": "1", "confirm": "1"}
    paid = press(manager, "/payouts", **received)
    someone = {"received_by": NAME, "relation": NAME}
    lent = press(manager, f"/crafters/{tutik}/advances", amount="5.000", method="office", reason=NAME, **someone)
    lost = press(manager, f"/items/{goods[2][0]}/write-off", kind="lost", place="shelf", quantity="1", reason=NAME)
    picked = {f"q-{goods[3][0]}-shelf": "1", "reason": NAME}
    given = press(attendant, "/hand-backs/new", do="hand-over", **picked, **someone)
    fair = press(manager, "/venues/new", **VENUE | {"kind": "exhibition", "name": NAME, "address": NAME})
    sent = press(attendant, f"{fair}/send", do="send", carrier=NAME, **{f"q-{goods[4][0]}-shelf": "1"})
    count = press(attendant, "/stocktakes", scope="crafter", crafter_id=str(tutik))
    assert attendant.post(f"{count}/counts", data={"code": goods[5][1], "request_id": request_id()}).status_code == 200
    press(manager, f"{count}/close", note=NAME)
    running = press(attendant, "/stocktakes", scope="crafter", crafter_id=str(tutik))
    crafter = auth("perajin")
    press(crafter, "/my/proposals/new", name=NAME, category="Kursi", price="", story=NAME)
    refused = press(crafter, "/my/proposals/new", name=NAME, category="Kursi", price="", story="")
    assert refused == "/my/proposals"
    press(manager, "/requests/proposals/2", do="refuse", answer=NAME)
    own = {"bank_name": NAME, "bank_account": "12345678", "bank_holder": NAME, "pin": PASSWORDS["perajin"]}
    press(crafter, "/my/change/bank", **own)
    return {
        "refund": refunded, "basket": basket, "batch": paid, "advance": lent, "write-off": lost, "hand-back": given,
        "venue": fair, "transfer": sent, "result": count, "count": running, "item": goods[5][0], "code": goods[5][1],
        "crafter": f"/crafters/{tutik}",
    }  # fmt: skip


def test_they_are_words_wherever_goods_and_money_go(app: Flask, auth: Auth, lived: dict[str, str]) -> None:
    at, item = lived, lived["item"]
    staff = {
        "/till": 8, f"{at['basket']}/discount": 3, f"{at['basket']}/services": 1, f"{at['basket']}/approval": 2,
        at["refund"]: 6, "/sales/1/refunds": 2, "/refunds": 2, f"/refunds?q={at['code']}": 2, "/shifts": 2,
        "/shifts/1/cash": 1, "/labels": 8, f"/labels?item={item}": 2, f"/items/{item}/label-swap": 2, "/products": 2,
        "/products/1": 3, "/hand-backs": 2, at["hand-back"]: 5, f"/hand-backs/new?item={item}": 3, "/find?q=Kursi": 4,
        "/stocktakes": 5, at["result"]: 8, at["count"]: 1, f"{at['count']}/left": 8, "/venues": 2, at["venue"]: 2,
        f"{at['venue']}/send?item={item}": 4, f"{at['venue']}/bring-back": 2, at["transfer"]: 6, f"/q/{at['code']}": 4,
    }  # fmt: skip
    entries = {f"/journal/{number}": 1 for number in range(1, 12)}
    office = entries | {
        "/payouts": 6, at["batch"]: 1, "/payouts/1": 5, "/payouts/history": 3, at["advance"]: 4,
        f"{at['crafter']}/advances": 1, f"{at['crafter']}/statement": 6, "/journal": 12, "/activity": 20,
        "/requests": 8,
        f"/terms?item={item}": 2, f"/items/{item}/write-off": 2, "/write-offs": 3, at["write-off"]: 3,
        f"{at['venue']}/edit": 3, f"{at['venue']}/close": 1, at["result"]: 8, f"{at['result']}?all=1": 8,
        at["crafter"]: 4, "/crafters/cards": 2, f"/q/{at['code']}": 4, "/shifts/1": 4,
    }  # fmt: skip
    crafter = {
        "/my": 6, "/my/items": 1, "/my/sales": 2, "/my/statement": 5, f"/q/{at['code']}": 3, "/my/products/1": 1,
        "/my/consignments/1": 1, at["hand-back"].replace("/hand", "/my/hand"): 3, "/my/proposals": 3,
        "/my/settings": 3,
    }  # fmt: skip
    profile = {"story": NAME, "story_en": NAME, "request_id": request_id()}
    assert auth("pengelola").post(f"{at['crafter']}/profile", data=profile).status_code == 303
    office[f"{at['crafter']}/profile"] = 4
    crafter["/my/consent"] = 2
    consent.give(tutik := crafter_id(KEPT[:8]), consent.PARTS, user("pengelola"), request_id())
    visitor = {
        f"/q/{at['code']}": 3, "/catalogue": 3, f"/catalogue?q={KEPT[:7]}": 3, "/catalogue/1": 4, f"/makers/{tutik}": 4,
    }  # fmt: skip
    for who, pages in {"petugas": staff, "pengelola": office, "perajin": crafter, "": visitor}.items():
        client = auth(who) if who else app.test_client()
        for path, times in pages.items():
            answer = client.get(path)
            assert answer.status_code == 200, path
            assert "<script>alert" not in answer.text, path
            assert TURN_ROUND not in answer.text, path
            shown = answer.text.partition("<main")[2].partition("</main>")[0].count(str(escape(KEPT)))
            assert shown >= times, (who, path, shown)


def words_of(pdf: bytes) -> str:
    """What a paper says, without the spaces, which may be anywhere."""
    said = "".join(page.get_textpage().get_text_range() for page in pypdfium2.PdfDocument(pdf))
    return re.sub(r"\s|\u200b", "", said)


def test_they_are_words_on_paper(auth: Auth, named: Till) -> None:
    client = auth("petugas")
    run = client.post("/labels", data={"item": "1", "request_id": request_id()}).location
    papers = {"/consignments/1/note.pdf": 3, run: 3}
    for path, times in papers.items():
        pdf = client.get(path).data
        assert words_of(pdf).count("<script>alert(1)</script>") >= times, (path, words_of(pdf))
        assert len(pypdfium2.PdfDocument(pdf)) == 1, path
        letters = "".join(words_of(pdf).split())
        assert set("عربي") <= set(unicodedata.normalize("NFKC", letters)), path
        assert "“Kursi”" in letters, "what stands beside an emoji, which has no shape on paper"


def test_they_are_words_on_the_papers_that_follow(auth: Auth, lived: dict[str, str]) -> None:
    manager, at = auth("pengelola"), lived
    papers = {
        f"{at['hand-back']}/note.pdf": 6, f"{at['transfer']}/note.pdf": 5, "/payouts/1/receipt.pdf": 6,
        f"{at['batch']}/receipts.pdf": 6, f"{at['advance']}/receipt.pdf": 5, f"{at['crafter']}/statement.pdf": 6,
        "/shifts/1/report.pdf": 4, f"{at['result']}/result.pdf": 8,
    }  # fmt: skip
    for path, times in papers.items():
        answer = manager.get(path)
        assert answer.status_code == 200, path
        assert words_of(answer.data).count("<script>alert(1)</script>") >= times, (path, words_of(answer.data))
