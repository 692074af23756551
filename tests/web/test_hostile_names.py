"""Names out of every script and every attack are words: on each screen, and on paper."""

import re

import pypdfium2
import pytest
from flask import Flask
from markupsafe import escape

from showroom_app.extensions import rollback
from tests.builders import Till, crafter_id, current_basket, open_till, request_id, user
from tests.conftest import Auth
from tests.web.forms import ACCOUNT, CONSIGNMENT, CRAFTER, PAYMENT, SETTINGS

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


def test_they_are_words_on_paper(auth: Auth, named: Till) -> None:
    client = auth("petugas")
    run = client.post("/labels", data={"item": "1", "request_id": request_id()}).location
    papers = {"/consignments/1/note.pdf": 3, "/consignments/1/labels.pdf": 2 * 3, run: 3}
    for path, times in papers.items():
        pdf = pypdfium2.PdfDocument(client.get(path).data)
        said = "".join(page.get_textpage().get_text_range() for page in pdf)
        assert re.sub(r"\s|\u200b", "", said).count("<script>alert(1)</script>") >= times, (path, said)
        assert len(pdf) == 1, path
