"""Crafters' cards: made, printed and printed again, lost and replaced; signing in with one and a PIN."""

import io
from functools import partial

import pypdfium2
import pytest
import zxingcpp
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, text, update

from showroom_app import create_app, network
from showroom_app.extensions import begin_write, commit, db, reading, rollback
from showroom_app.lib import card_code
from showroom_app.lib.refusal import NotHere, Refusal
from showroom_app.lib.typed import Typed
from showroom_app.people import cards, crafters, sign_in
from showroom_app.people.crafter_models import Card
from showroom_app.people.models import Showroom, User
from showroom_app.people.pin_routes import UNKNOWN
from tests.builders import PASSWORDS, card_of, crafter_id, request_id, user
from tests.conftest import Auth
from tests.engines import SETTINGS, Browser
from tests.faults.test_race import at_once
from tests.rules import activities, rows, words

PIN = PASSWORDS["perajin"]
HOST = "galeri.contoh.id"


def public(host: str = HOST) -> None:
    """Give the showroom a public name."""
    begin_write().execute(update(Showroom).where(Showroom.id == 1).values(public_host=host))
    commit()


def live(name: str) -> list[str]:
    """The codes of a crafter's cards that work."""
    rollback()
    query = select(Card.code).where(Card.crafter_id == crafter_id(name), Card.ended_at.is_(None))
    return list(reading().execute(query).scalars())


def read_off(pdf: bytes) -> list[list[str]]:
    """What a phone reads off each page of a PDF."""
    pages = []
    for page in pypdfium2.PdfDocument(io.BytesIO(pdf)):
        image = page.render(scale=300 / 72, grayscale=True).to_pil()
        pages.append([one.text for one in zxingcpp.read_barcodes(image, formats=zxingcpp.BarcodeFormat.QRCode)])
    return pages


def said(pdf: bytes) -> str:
    """The words on a PDF."""
    return " ".join(page.get_textpage().get_text_range() for page in pypdfium2.PdfDocument(io.BytesIO(pdf)))


def with_pin(client: FlaskClient, code: str, pin: str = PIN) -> tuple[int, str]:
    """Type a PIN on a card's page: the status, and where it leads or what it says."""
    answer = client.post(f"/card/{code}", data={"pin": pin})
    return answer.status_code, answer.location or words(answer.text)


# Making and printing.


def test_one_card_is_made_printed_and_printed_again(app: Flask, auth: Auth) -> None:
    public()
    client, tutik = auth("pengelola"), crafter_id("Tutik")
    made = client.post("/crafters/cards", data={"crafter": tutik, "request_id": request_id()})
    assert made.status_code == 303
    pdf = client.get(made.location)
    [code] = live("Tutik")
    assert (pdf.mimetype, read_off(pdf.data)) == ("application/pdf", [[f"HTTPS://GALERI.CONTOH.ID/CARD/{code}"]])
    told = said(pdf.data)
    for shown in (
        "Galeri Uji", "Tutik Handayani", "Anyaman Tutik", "https://galeri.contoh.id/card/", card_code.spelled(code),
        "Kartu ini bukan uang. Kalau hilang, beri tahu galeri.",
    ):  # fmt: skip
        assert shown in told, shown
    again = client.post("/crafters/cards", data={"crafter": tutik, "request_id": request_id()})
    assert client.get(again.location).data == pdf.data, "the same card, to the byte"
    assert live("Tutik") == [code]
    assert [row.subject for row in activities("card")] == [f"crafter:{tutik}"]


def test_every_card_of_many_pages_is_read(app: Flask) -> None:
    manager = user("pengelola")
    ids = crafters_more(23)
    cards.make(ids, manager, request_id())
    pages = read_off(cards.sheet(ids, 1, "http://192.168.100.100:8000"))
    assert [len(page) for page in pages] == [10, 10, 3]
    codes = {row.code for row in rows("card")}
    assert {text for page in pages for text in page} == {f"HTTP://192.168.100.100:8000/CARD/{code}" for code in codes}


def test_any_name_is_words_on_a_card(app: Flask) -> None:
    hostile = "<script>alert(1)</script> #set page() $x$ {{7*7}} ' & \\ --"
    typed = Typed(name=hostile, workshop=hostile, commission_percent="15")
    one = crafters.save_crafter(typed, user("pengelola"), request_id())
    cards.make([one], user("pengelola"), request_id())
    pdf = cards.sheet([one], 1, f"https://{HOST}")
    assert "".join(said(pdf).split()).count("<script>alert(1)</script>#setpage()$x$") == 2
    assert len(read_off(pdf)[0]) == 1


def crafters_more(count: int) -> list[int]:
    """So many more crafters, with names short, long and in another script."""
    names = ("Siti", "Raden Mas Panji Kusumaningrat Soerjodiningrat Hadiwidjojo", "عربي", "Ibu" * 35)
    typed = [
        Typed(name=f"{names[n % 4]} {n:02}", workshop=names[n % 3] * (n % 2), commission_percent="15")
        for n in range(count)
    ]
    return [crafters.save_crafter(one, user("pengelola"), request_id()) for one in typed]


def test_all_who_have_none_and_those_picked(app: Flask, auth: Auth) -> None:
    public()
    client = auth("pengelola")
    code = card_of("Tutik")
    page = client.get("/crafters/cards").text
    for shown in ("1 perajin belum punya kartu", "belum punya", "sejak ", "Cetak 1 yang belum punya"):
        assert shown in words(page)
    boxes = [one for one in page.split("<li>") if 'name="crafter"' in one]
    assert {"Tutik" in box: " checked" in box for box in boxes} == {True: False, False: True}
    press = {"do": "missing", "request_id": request_id()}
    made = client.post("/crafters/cards", data=press)
    assert client.post("/crafters/cards", data=press).location == made.location, "the same press, the same cards"
    assert read_off(client.get(made.location).data) == [[f"HTTPS://GALERI.CONTOH.ID/CARD/{live('Slamet')[0]}"]]
    assert live("Tutik") == [code]
    assert "Semua perajin sudah punya kartu" in client.get("/crafters/cards").text
    both = client.get(f"/crafters/cards.pdf?crafter={crafter_id('Tutik')}&crafter={crafter_id('Slamet')}")
    assert len(read_off(both.data)[0]) == 2
    assert "Slamet" not in client.get("/crafters/cards?q=anyam").text


def test_without_a_public_name_the_address_of_the_page_is_printed_but_never_this_machines_own(
    app: Flask, auth: Auth, monkeypatch: pytest.MonkeyPatch
) -> None:
    client, tutik = auth("pengelola"), crafter_id("Tutik")
    form = {"crafter": tutik, "request_id": request_id()}
    monkeypatch.setattr(network, "lan_address", lambda: "")
    refused = client.post("/crafters/cards", data=form)
    assert (refused.status_code, "HP belum bisa membuka galeri" in refused.text) == (422, True)
    assert live("Tutik") == [], "nothing was made"
    card_of("Tutik")
    assert client.get(f"/crafters/cards.pdf?crafter={tutik}").status_code == 422
    on_network = cards.sheet([tutik], 1, cards.where(1, "http://192.168.1.10:8000"))
    assert read_off(on_network) == [[f"HTTP://192.168.1.10:8000/CARD/{live('Tutik')[0]}"]]
    monkeypatch.setattr(network, "lan_address", lambda: "192.168.1.10")
    opened_here = client.get(f"/crafters/cards.pdf?crafter={tutik}", base_url="http://localhost:8000")
    assert opened_here.data == on_network


@pytest.mark.parametrize("picked", [{}, {"crafter": ["x", "-1", "9" * 30, "1\0"]}, {"crafter": [""] * 500}])
def test_nobody_picked(app: Flask, auth: Auth, picked: dict[str, list[str]]) -> None:
    public()
    client = auth("pengelola")
    answer = client.post("/crafters/cards", data=picked | {"request_id": request_id()})
    assert (answer.status_code, "Pilih dulu perajinnya" in answer.text) == (422, True)
    assert "Pilih dulu perajin" in client.get("/crafters/cards.pdf").text
    assert rows("card") == []


def test_too_many_and_strangers(app: Flask, auth: Auth) -> None:
    with pytest.raises(Refusal, match="paling banyak 300"):
        cards.make(range(1, 302), user("pengelola"), request_id())
    for wrong in ([999], [crafter_id("Wagiman")], [crafter_id("Tutik"), crafter_id("Wagiman")]):
        with pytest.raises(NotHere):
            cards.make(wrong, user("pengelola"), request_id())
    public()
    card_of("Tutik")
    stranger = auth("tetangga")
    assert stranger.get(f"/crafters/cards.pdf?crafter={crafter_id('Tutik')}").status_code == 422
    assert "Tutik" not in stranger.get("/crafters/cards").text
    assert [row.crafter_id for row in rows("card")] == [crafter_id("Tutik")]


def test_the_same_press_makes_one_card_and_its_id_serves_nothing_else(app: Flask) -> None:
    key = request_id()
    for _press in range(2):
        assert cards.make([1, 2], user("pengelola"), key) == [1, 2]
    assert len(rows("card")) == 2
    with pytest.raises(Refusal, match="hal lain"):
        cards.make([1], user("pengelola"), key)


def test_two_managers_at_once_make_one_card(app: Flask) -> None:
    who = user("pengelola")
    for _round in range(6):
        acts = [partial(cards.make, [1, 2], who, request_id()) for _manager in range(3)]
        assert at_once(app, acts) == [[1, 2]] * 3
        assert [len(live(name)) for name in ("Tutik", "Slamet")] == [1, 1]
        begin_write().execute(text("DELETE FROM card"))
        commit()


def test_the_database_itself_holds_one_live_card(app: Flask) -> None:
    code = card_of("Tutik")
    again = "INSERT INTO card (crafter_id, code, made_by, made_at) SELECT crafter_id, 'X', made_by, made_at FROM card"
    with pytest.raises(db.exc.IntegrityError):
        begin_write().execute(text(again))
    rollback()
    assert live("Tutik") == [code]


# Lost.


def lose(client: FlaskClient, name: str, card_id: int) -> int:
    data = {"card": card_id, "request_id": request_id()}
    return client.post(f"/crafters/{crafter_id(name)}/card/lost", data=data).status_code


def test_a_lost_card_opens_nothing_at_once_and_the_log_says_who(app: Flask, auth: Auth, client: FlaskClient) -> None:
    old, manager = card_of("Tutik"), auth("pengelola")
    assert client.get(f"/card/{old}").status_code == 200
    assert lose(manager, "Tutik", rows("card")[0].id) == 303
    [new] = live("Tutik")
    assert new != old
    gone = client.get(f"/card/{old}")
    assert (gone.status_code, "Kartu ini sudah diganti" in gone.text, 'href="/sign-in"' in gone.text) == (
        404,
        True,
        True,
    )
    assert with_pin(client, old)[0] == 404
    assert with_pin(client, new) == (303, "/my")
    [told] = activities("card-lost")
    assert (told.subject, told.actor_id) == (f"crafter:{crafter_id('Tutik')}", user("pengelola").id)
    log = manager.get("/activity").text
    for shown in ("Kartu perajin dibuat", "Kartu perajin hilang, diganti", "Tutik Handayani"):
        assert shown in log
    ended = rows("card")[0]
    assert (ended.ended_by, ended.ended_at is not None) == (user("pengelola").id, True)


def test_the_second_to_hear_of_it_does_not_end_the_new_card(app: Flask, auth: Auth) -> None:
    card_of("Tutik")
    client, first = auth("pengelola"), rows("card")[0].id
    assert [lose(client, "Tutik", first), lose(client, "Tutik", first)] == [303, 422]
    assert len(live("Tutik")) == 1
    assert len(rows("card")) == 2
    key, second = request_id(), rows("card")[-1].id
    for _press in range(2):
        cards.lost(crafter_id("Tutik"), second, user("pengelola"), key)
    assert len(rows("card")) == 3


def test_two_managers_replace_a_card_once(app: Flask) -> None:
    card_of("Tutik")
    who = user("pengelola")
    for _round in range(6):
        card_id = rows("card")[-1].id
        given = at_once(app, [partial(cards.lost, 1, card_id, who, request_id()) for _manager in range(3)])
        assert sorted(str(one) for one in given if one)[0].startswith("Kartu itu sudah diganti")
        assert given.count(None) == 1
        assert len(live("Tutik")) == 1


def test_nobody_elses_card_is_lost(app: Flask, auth: Auth) -> None:
    card_of("Tutik")
    card_of("Slamet")
    client, of_slamet = auth("pengelola"), rows("card")[1].id
    assert lose(client, "Tutik", of_slamet) == 422
    assert lose(auth("tetangga"), "Tutik", rows("card")[0].id) == 404
    for card in ("", "x", "9" * 30):
        data = {"card": card, "request_id": request_id()}
        assert client.post(f"/crafters/{crafter_id('Tutik')}/card/lost", data=data).status_code == 404
    assert all(row.ended_at is None for row in rows("card"))


# The page that a card opens.


@pytest.mark.parametrize("way", ["/card/{}", "/CARD/{}", "/card/{}/"])
def test_it_greets_by_name_and_asks_for_the_pin_only(client: FlaskClient, way: str) -> None:
    code = card_of("Tutik")
    page = client.get(way.format(code))
    assert page.status_code == 200
    for shown in (
        "Selamat datang,",
        "Tutik Handayani",
        "Masukkan 6 angka PIN Anda",
        'inputmode="numeric"',
        "Lupa PIN?",
    ):
        assert shown in page.text
    assert f'action="/card/{code}"' in page.text
    assert "081200001001" not in page.text.replace(" ", "")


def test_a_code_may_be_typed_in_groups_and_small_letters(client: FlaskClient) -> None:
    code = card_of("Tutik")
    assert client.get(f"/card/{card_code.spelled(code).lower()}").status_code == 200


def test_the_right_pin_leads_to_their_own_page(client: FlaskClient) -> None:
    code = card_of("Tutik")
    assert with_pin(client, code, f" {PIN[:3]} {PIN[3:]} ") == (303, "/my")
    assert "Tutik Handayani" in client.get("/my").text
    assert client.get(f"/card/{code}").location == "/my", "and whoever is in goes straight on"
    assert [row.actor_id for row in activities("sign-in")] == [user("perajin").id]


def test_a_wrong_pin_gets_its_sentence_and_no_pin_costs_no_try(client: FlaskClient) -> None:
    code = card_of("Tutik")
    status, page = with_pin(client, code, "111111")
    assert (status, "PIN belum cocok. Ketik lagi." in page) == (422, True)
    for no_pin in ("", "12345", "1234567", "x" * 10_000):
        status, page = with_pin(client, code, no_pin)
        assert (status, "PIN harus 6 angka." in page) == (422, True)
    [tried] = [row for row in rows("sign_in_attempt") if row.key.startswith("user:")]
    assert tried.failures == 1


def test_a_stolen_card_without_the_pin_gets_nowhere_and_a_restart_forgives_nothing(
    app: Flask, client: FlaskClient
) -> None:
    code, right = card_of("Tutik"), 0
    for guess in range(1_000):
        status, page = with_pin(client, code, f"{guess:06}")
        assert status == 422
        right += "PIN belum cocok" in page
    assert right == sign_in.ACCOUNT_FAILURES_MAX
    for pin in (PIN, "000001"):
        status, page = with_pin(client, code, pin)
        assert (status, "Tunggu 15 menit" in page) == (422, True)
    answer = client.post("/sign-in", data={"username": "perajin", "password": PIN})
    assert "Tunggu 15 menit" in answer.text, "counted together with other ways in"
    uri = app.config["SQLALCHEMY_DATABASE_URI"]
    anew = create_app({"INSTANCE": app.instance_path, "SQLALCHEMY_DATABASE_URI": uri, **SETTINGS})
    anew.test_client_class = Browser
    assert "Tunggu 15 menit" in anew.test_client().post(f"/card/{code}", data={"pin": PIN}).text
    with anew.app_context():
        db.engine.dispose()


def test_unknown_cards_are_told_so_and_counted_by_address(client: FlaskClient) -> None:
    def come(code: str, address: str = "10.0.0.7") -> tuple[int, str]:
        answer = client.get(f"/card/{code}", environ_overrides={"REMOTE_ADDR": address})
        return answer.status_code, words(answer.text)

    good = card_of("Tutik")
    for wrong in ("x", "7K3QXM2F", "é", "0" * 17):
        assert come(wrong)[0] == 404, "no card's code at all: nothing is looked up or counted"
    for number in range(UNKNOWN.most):
        status, page = come(f"{number:016}")
        assert (status, "Kartu ini tidak dikenal" in page, "Masuk dengan nomor HP" in page) == (404, True, True)
    status, page = come("0" * 16)
    assert (status, "Terlalu sering mencoba" in page) == (429, True)
    assert come(good)[0] == 429
    assert come(good, "10.0.0.8")[0] == 200, "others are not locked out"


def test_whose_account_is_closed_or_not_there_is_told_whom_to_ask(client: FlaskClient) -> None:
    for name in ("Slamet", "Tutik"):
        code = card_of(name)
        begin_write().execute(update(User).where(User.crafter_id == crafter_id("Tutik")).values(active=False))
        commit()
        answer = client.get(f"/card/{code}")
        assert (answer.status_code, "Kartu ini belum bisa dipakai" in answer.text) == (404, True)
        assert with_pin(client, code)[0] == 404


def test_somebody_else_who_is_signed_in_is_asked(auth: Auth) -> None:
    code, client = card_of("Tutik"), auth("petugas")
    page = client.get(f"/card/{code}").text
    for shown in (
        "Ini kartu",
        "Tutik Handayani",
        "sedang masuk sebagai Petugas",
        "Ganti ke Tutik",
        "Tetap sebagai Petugas",
    ):
        assert shown in words(page)
    assert "data-pin" not in page
    assert "Masukkan 6 angka PIN" in client.get(f"/card/{code}?change=1").text
    assert client.get("/crafters").status_code == 200, "still the attendant"
    assert with_pin(client, code) == (303, "/my")
    assert client.get("/crafters").status_code == 403, "now the crafter"


def test_a_crafter_never_prints_or_loses_cards(auth: Auth) -> None:
    code = card_of("Tutik")
    for who in ("perajin", "petugas", "pengamat"):
        client = auth(who)
        assert client.get("/crafters/cards").status_code == 403
        assert client.post("/crafters/cards", data={"crafter": 1}).status_code == 403
        assert lose(client, "Tutik", 1) == 403
    assert live("Tutik") == [code]


def test_the_card_code_is_in_no_log(auth: Auth) -> None:
    code = card_of("Tutik")
    told = "".join(f"{row.before}{row.after}{row.subject}" for row in rows("activity"))
    told += "".join(f"{row.result}{row.hash}" for row in rows("request"))
    assert code not in told
    assert code not in auth("pengelola").get("/activity").text
