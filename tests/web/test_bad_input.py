"""Whatever is typed, pasted or forged: a sentence, never a failure."""

import re
from typing import Any
from urllib.parse import quote

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.builders import request_id
from tests.conftest import Auth
from tests.web.forms import FORMS, HTMX, OTHER_WAYS, Shop, problem, sentence

FORM = "application/x-www-form-urlencoded"
# As they come over the line: percent-encoded bytes.
HOSTILE = {
    "10 kB": "x" * 10_240,
    "10 kB of digits": "9" * 10_240,
    "NUL": "a%00b",
    "pasted": quote("\"><script>alert(1)</script>{{7*7}}' OR 1=1 -- 🪑 \u202e\u2066عربي\r\n\r\n\x0b\x1b\x7f"),
    "no characters": "%ED%A0%80x%ED%B0%80%FF%FE%C3%28",
    "more than 2**63": "9223372036854775808",
    "below zero": "-1",
    "half an address": quote("http://[q/x"),
    "the first day": "0001-01-01",
    "the last day": "9999-12-31",
}


def test_every_form_is_listed(app: Flask, auth: Auth) -> None:
    assert set(FORMS) == set(Shop(app, auth).rules["POST"])


WAYS = [(endpoint, form) for endpoint in FORMS for form in (FORMS[endpoint], *OTHER_WAYS.get(endpoint, []))]


@pytest.mark.parametrize(("endpoint", "form"), WAYS, ids=[endpoint for endpoint, _form in WAYS])
def test_hostile_fields_get_a_sentence(app: Flask, auth: Auth, endpoint: str, form: dict[str, str]) -> None:
    shop, wrong = Shop(app, auth), []
    for name in [*shop.filled_in(endpoint, form), "request_id"]:
        for kind, value in HOSTILE.items():
            fields = {"request_id": request_id()} | shop.filled_in(endpoint, form) | {name: value}
            sent: dict[str, Any] = {"data": "&".join(f"{key}={typed}" for key, typed in fields.items())}
            sent |= {"content_type": FORM, "headers": HTMX if len(value) % 2 else {}}
            found = problem(shop.browser(endpoint), "POST", shop.address(shop.rules["POST"][endpoint]), **sent)
            wrong += [f"{name}, {kind}: {found}"] if found else []
    assert wrong == []


MULTIPART = "multipart/form-data; boundary=x"
BODIES = {
    "nothing": ("", FORM),
    "torn": ("=&&&==&%", FORM),
    "json": ('{"quantity": [1]}', "application/json"),
    "zeros": ("\0" * 10_240, "x"),
    "no boundary": ("--x\r\nContent-Disp", "multipart/form-data"),
    "cut off": ("--x\r\nContent-Disposition: form-data; name=a\r\n\r\n1", MULTIPART),
}


@pytest.mark.parametrize("kind", BODIES)
def test_bodies_that_are_no_form_get_a_sentence(app: Flask, auth: Auth, kind: str) -> None:
    shop, wrong = Shop(app, auth), []
    body, content_type = BODIES[kind]
    for endpoint, rule in shop.rules["POST"].items():
        found = problem(shop.browser(endpoint), "POST", shop.address(rule), data=body, content_type=content_type)
        wrong += [f"{endpoint}: {found}"] if found else []
    assert wrong == []


@pytest.mark.parametrize("number", ["0", "9223372036854775808", "99999999999999999999999999", "-1", "1.5", "x"])
def test_ids_that_no_row_can_have_are_not_there(app: Flask, auth: Auth, number: str) -> None:
    shop, wrong = Shop(app, auth), []
    for method, rules in shop.rules.items():
        for endpoint, rule in rules.items():
            for name in [name for name in rule.arguments if name.endswith("_id")]:
                to = shop.address(rule, **{name: number})
                fields = {"request_id": request_id()} | FORMS.get(endpoint, {})
                answer_to = {"data": fields} if method == "POST" else {}
                found = problem(shop.browser(endpoint), method, to, **answer_to)
                wrong += [f"{method} {to}: {found}"] if found else []
    assert wrong == []


# Where each may look; what is hostile is put at the end.
PLACES = {
    "petugas": [
        "/items?q=", "/items?state=", "/items?before=", "/items?crafter=", "/items?category=", "/items?price_from=",
        "/items?price_to=", "/items?days=", "/find?q=", "/crafters?q=", "/products?q=",
        "/products?name=a&after=", "/products?after=1&name=", "/items?product=", "/photos/", "/ageing?after=",
        "/consignments?before=", "/consignments?drafts_before=",
        "/consignments/new?q=", "/labels?item=", "/labels?consignment=",
        "/labels?start=", "/labels?sheet=", "/sales?before=", "/q?code=", "/sign-in?next=", "/baskets/2/search?code=",
        "/baskets/{basket}/search?code=", "/baskets/{basket}/discount?item=", "/baskets/{basket}/discount?value=",
        "/baskets/{basket}/discount?way=amount&value=", "/baskets/{basket}/discount?value=5&reason=",
        "/baskets/{basket}/discount?value=5&bearer=", "/sales/1/refunds?item=", "/sales/1/refunds?q1=",
        "/sales/1/refunds?s1=", "/sales/1/refunds?q1=1&p1=", "/sales/1/refunds?q1=1&money_qris=",
        "/sales/1/refunds?q1=1&reason=", "/refunds?q=", "/refunds?before=", "/shifts?before=", "/hand-backs?before=",
        "/hand-backs/new?item=", "/stocktakes?before=", "/stocktakes/1/live?seen=", "/stocktakes/1?all=",
        "/venues/1/send?item=", "/venues/1/bring-back?item=", "/venues/1?before=", "/q/", "/Q/", "/set-up/", "/qris/",
        "/card/", "/CARD/",
    ],
    "pengelola": [
        "/payouts?until=", "/payouts?pay1=", "/payouts/history?before=", "/payouts/history?lent_before=",
        "/crafters/1/statement?from=",
        "/crafters/1/statement?to=", "/crafters/1/statement.pdf?from=", "/crafters/1/statement.pdf?to=",
        "/crafters/1/statement/whatsapp?from=", "/crafters/1/statement/whatsapp?to=", "/journal?number=",
        "/journal?desk=", "/journal?day=", "/journal?from=", "/journal?to=", "/journal?account=",
        "/journal?account=crafter-", "/journal?person=", "/journal?kind=", "/journal?before=", "/journal/1?line=",
        "/activity?kind=", "/activity?person=", "/activity?before=", "/terms?item=", "/terms?crafter=",
        "/terms?product=",
        "/write-offs?before=", "/labels/sheets/", "/imports?before=", "/imports/1?page=", "/imports/example/",
        "/reports?before=", "/exports/", "/crafters/cards?q=", "/crafters/cards.pdf?crafter=",
    ],
    "perajin": [
        "/my/questions?item=", "/my/questions?answer=", "/my/questions?answer=extend&item=", "/my/change/",
        "/my/consignments?before=", "/my/hand-backs?before=", "/my/sales?before=", "/my/statement?from=",
        "/my/statement?to=", "/my/statement.pdf?from=",
    ],
    "pengamat": [
        "/catalogue?q=", "/catalogue?category=", "/catalogue?maker=", "/catalogue?price_from=", "/catalogue?price_to=",
        "/catalogue?before=", "/catalogue/", "/makers/", "/makers/1?before=", "/faces/1/",
    ],
}  # fmt: skip


@pytest.mark.parametrize("kind", HOSTILE)
def test_hostile_addresses_get_a_sentence(app: Flask, auth: Auth, kind: str) -> None:
    shop, visitor = Shop(app, auth), app.test_client()
    for endpoint in ("imports.file", "counting.stocktake_page"):  # so that there is one
        shop.address(shop.rules["GET"][endpoint])
    basket, found = shop.address(shop.rules["GET"]["sales.basket"]).rpartition("/")[2], {}
    for username, places in PLACES.items():
        for who, client in ((username, auth(username)), ("visitor", visitor)):
            for place in places:
                to = place.replace("{basket}", basket) + HOSTILE[kind]
                found[who, place] = problem(client, "GET", to)
    assert {place: said for place, said in found.items() if said} == {}


HEADERS = [
    {"Referer": "http://[q/x"},
    {"HX-Request": "true", "HX-Current-URL": "http://[q/x"},
    {"Accept-Language": "\xff;q=x,,"},
    {"Cookie": "showroom=.eJw\x80\xff; remember_token=1|x"},
    {"Cookie": "showroom=" + "x" * 10_240},
    {"X-CSRFToken": "\x00\xff"},
    {"If-None-Match": '"' * 999},
    {"Content-Length": "x"},
    {"Host": "[q"},
    {"Host": "a b\\c"},
]


@pytest.mark.parametrize("headers", HEADERS, ids=lambda headers: " ".join(headers))
def test_hostile_headers_get_a_sentence(client: FlaskClient, headers: dict[str, str]) -> None:
    for method, to in [("GET", "/till"), ("POST", "/baskets/1/lines"), ("GET", "/sign-in"), ("POST", "/sign-out")]:
        assert problem(client, method, to, headers=headers) == "", (method, to)


def test_wrong_methods_are_refused_in_words(app: Flask, auth: Auth) -> None:
    shop, client = Shop(app, auth), auth("pengelola")
    taken: dict[str, set[str]] = {}
    for rule in app.url_map.iter_rules():
        if rule.endpoint != "static":
            taken.setdefault(shop.address(rule), set()).update(rule.methods or ())
    for to, methods in taken.items():
        for method in {"GET", "POST", "PUT", "PATCH", "DELETE"} - methods:
            answer = client.open(to, method=method)
            assert (answer.status_code, "tekan tombol" in sentence(answer)) == (405, True), (method, to)


@pytest.mark.parametrize(
    "path", ["//evil.example", "/\t/evil.example", "/\r\n/evil.example", "/\\evil.example", "/\r\nSet-Cookie: x=1"]
)
def test_a_next_page_never_leads_away_or_splits_the_answer(client: FlaskClient, path: str) -> None:
    sign_in = {"username": "petugas", "password": "kata-petugas", "next": path}
    answers = [client.post("/sign-in", data=sign_in), client.get(f"/sign-in?next={quote(path)}")]
    answers.append(client.post("/language", data={"language": "id", "next": path}))
    for answer in answers:
        assert answer.status_code in (302, 303)
        assert re.match(r"/([^/]|$)", answer.location), answer.location
        assert not set(answer.location) & set("\r\n\t\\")
