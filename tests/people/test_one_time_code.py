"""Codes that are good once: handed over, shown once, used once, and then a PIN of one's own."""

from datetime import timedelta
from functools import partial

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update

from showroom_app.extensions import begin_write, commit, now, reading, rollback
from showroom_app.lib.pin import weakness
from showroom_app.lib.refusal import NotHere, Refusal
from showroom_app.people import one_time, sign_in
from showroom_app.people.models import User
from tests.builders import PASSWORDS, card_of, crafter_id, request_id, user
from tests.conftest import Auth
from tests.faults.test_race import at_once
from tests.people.test_crafters import form
from tests.rules import activities, rows, words

OWN = "739104"


def code_for(name: str = "Tutik") -> str:
    """A code handed over by the manager."""
    return one_time.hand_over(crafter_id(name), user("pengelola"), request_id()).digits


def account(username: str = "perajin") -> User:
    rollback()
    return reading().execute(select(User.__table__).where(User.username == username)).one()


def come(client: FlaskClient, secret: str, name: str = "perajin") -> tuple[int, str]:
    answer = client.post("/sign-in", data={"username": name, "password": secret})
    return answer.status_code, answer.location or words(answer.text)


def choose(client: FlaskClient, new: str = OWN, repeat: str | None = None) -> tuple[int, str]:
    answer = client.post("/pin", data={"new": new, "repeat": repeat or new})
    return answer.status_code, answer.location or words(answer.text)


def late(username: str = "perajin") -> None:
    """Eight days go by."""
    begin_write().execute(
        update(User).where(User.username == username).values(one_time_until=now() - timedelta(days=1))
    )
    commit()


def press(client: FlaskClient, name: str = "Tutik", key: str = "") -> tuple[int, str]:
    answer = client.post(f"/crafters/{crafter_id(name)}/one-time-code", data={"request_id": key or request_id()})
    return answer.status_code, answer.text


def digits_on(page: str) -> str:
    return page.partition('told-digits"><span class="unseen">')[2][:6]


# Handing over.


def test_it_is_shown_once_big_with_the_name_and_kept_nowhere(auth: Auth) -> None:
    client, key = auth("pengelola"), request_id()
    status, page = press(client, key=key)
    digits = digits_on(page)
    assert (status, len(digits), weakness(digits)) == (200, 6, "")
    for shown in ("Tutik Handayani", "Berlaku sekali, sampai", "Kode ini tidak bisa dilihat lagi"):
        assert shown in page
    again, second = press(client, key=key)
    assert (again, "sudah dibuat, dan hanya terlihat sekali" in second, digits_on(second)) == (422, True, "")
    assert digits not in second
    kept = "".join(
        str(tuple(row)) for table in ("user", "request", "activity", "sign_in_attempt") for row in rows(table)
    )
    assert digits not in kept
    assert digits not in client.get("/activity").text + client.get(f"/crafters/{crafter_id('Tutik')}").text
    assert [row.subject for row in activities("one-time-code")] == [f"user:{user('perajin').id}"]
    assert "Kode sekali pakai dibuat" in client.get("/activity").text


def test_the_answer_may_not_be_kept_by_the_browser(auth: Auth) -> None:
    answer = auth("pengelola").post("/crafters/1/one-time-code", data={"request_id": request_id()})
    assert answer.headers["Cache-Control"] == "no-store"


def test_the_old_pin_an_earlier_code_and_every_phone_end_at_once(auth: Auth, client: FlaskClient) -> None:
    phone = auth("perajin")
    first = code_for()
    second = code_for()
    assert phone.get("/my").location.startswith("/sign-in")
    assert [come(client, secret)[0] for secret in (PASSWORDS["perajin"], first)] == [422, 422]
    assert come(client, second) == (303, "/my")


def test_who_had_used_up_their_tries_may_come_with_the_code(client: FlaskClient) -> None:
    for guess in range(7):
        come(client, f"00000{guess}")
    assert "Tunggu 15 menit" in come(client, PASSWORDS["perajin"])[1]
    assert come(client, code_for())[0] == 303


def test_a_crafter_without_an_account_gets_one(client: FlaskClient) -> None:
    digits = code_for("Slamet")
    assert come(client, digits, "0812 0000 1002")[0] == 303
    assert account("perajin-2").crafter_id == crafter_id("Slamet")
    assert activities("account")[-1].subject == f"user:{account('perajin-2').id}"


def test_a_closed_account_is_opened_first(auth: Auth) -> None:
    begin_write().execute(update(User).where(User.username == "perajin").values(active=False))
    commit()
    status, page = press(auth("pengelola"))
    assert (status, "Akun ini sedang ditutup" in page) == (422, True)
    assert account().one_time_until is None


def test_next_door_and_the_staff_hand_over_nothing(auth: Auth) -> None:
    for who, status in (("tetangga", 404), ("petugas", 403), ("pengamat", 403), ("perajin", 403)):
        assert press(auth(who))[0] == status
    with pytest.raises(NotHere):
        one_time.hand_over(crafter_id("Tutik"), user("tetangga"), request_id())
    assert account().one_time_until is None


def test_a_new_crafter_gets_one_beside_the_pin(auth: Auth, client: FlaskClient) -> None:
    manager, sent = auth("pengelola"), form(pin="", username="yuli", one_time="1")
    answer = manager.post("/crafters/new", data=sent)
    digits = digits_on(answer.text)
    assert (answer.status_code, len(digits), "Yuliati" in answer.text) == (200, 6, True)
    again = manager.post("/crafters/new", data=sent)
    assert (again.status_code, "hanya terlihat sekali" in again.text) == (422, True)
    assert [row.name for row in rows("crafter")].count("Yuliati") == 1
    assert come(client, digits, "yuli") == (303, "/my")
    assert client.get("/my").location == "/pin"


def test_the_manager_sees_how_it_stands(auth: Auth, client: FlaskClient) -> None:
    manager, page = auth("pengelola"), f"/crafters/{crafter_id('Tutik')}"
    assert "PIN sudah ada" in manager.get(page).text
    digits = code_for()
    assert "Kode sekali pakai menunggu dipakai" in manager.get(page).text
    late()
    assert "Kode sekali pakai sudah lewat" in manager.get(page).text
    digits = code_for()
    come(client, digits)
    assert "Kode sudah dipakai, tetapi PIN belum dipilih" in manager.get(page).text
    choose(client)
    assert "PIN sudah ada" in manager.get(page).text
    assert "Terakhir masuk" in manager.get(page).text
    assert "Belum punya akun" in manager.get(f"/crafters/{crafter_id('Slamet')}").text


# Using it.


@pytest.mark.parametrize("name", ["perajin", "0812 0000 1001", "card"])
def test_it_opens_by_name_phone_and_card_and_leads_straight_to_choosing(client: FlaskClient, name: str) -> None:
    digits, code = code_for(), card_of("Tutik")
    if name == "card":
        answer = client.post(f"/card/{code}", data={"pin": digits})
        assert (answer.status_code, answer.location) == (303, "/my")
    else:
        assert come(client, digits, name)[0] == 303
    assert client.get("/my").location == "/pin"
    assert "Pilih PIN Anda sendiri" in client.get("/pin").text


def test_nothing_else_is_reached_before_a_pin_is_chosen(app: Flask, client: FlaskClient) -> None:
    come(client, code_for())
    open_to_all = {
        "people.sign_out",
        "people.language",
        "products.photo_file",
        "health.healthz",
        "shell.worker",
        "shell.manifest",
        "shell.offline",
        "certificate.page",
        "certificate.download",
        "pin.choose",
        "static",
    }
    ids = {"card_code": card_of("Tutik"), "code": "X", "name": "x.png", "key": "a4-3x8", "token": "x", "position": 1}
    tried = 0
    with app.test_request_context():
        built = [
            (rule.endpoint, method, rule.build({a: ids.get(a, 1) for a in rule.arguments}))
            for rule in app.url_map.iter_rules()
            for method in sorted({"GET", "POST"} & (rule.methods or set()))
        ]
    for endpoint, method, address in built:
        if endpoint in open_to_all or address is None:
            continue
        answer = client.open(address[1], method=method)
        assert (answer.status_code, answer.location) == (303, "/pin"), (endpoint, method)
        by_htmx = client.open(address[1], method=method, headers={"HX-Request": "true"})
        assert by_htmx.headers["HX-Redirect"] == "/pin", (endpoint, method)
        tried += 1
    assert tried > 150
    assert choose(client) == (303, "/my")
    assert client.get("/my").status_code == 200


def test_it_is_good_once(app: Flask, client: FlaskClient) -> None:
    digits = code_for()
    assert come(client, digits)[0] == 303
    for other in (app.test_client(), app.test_client()):
        status, page = come(other, digits)
        assert (status, "Kode ini sudah dipakai" in page) == (422, True)
    assert choose(client) == (303, "/my")
    status, page = come(app.test_client(), digits)
    assert (status, "belum cocok" in page) == (422, True)


def test_two_who_use_it_at_once_are_one(app: Flask) -> None:
    for _round in range(4):
        digits = code_for()
        tries = [partial(sign_in.sign_in, "perajin", digits, f"10.0.0.{n}") for n in range(3)]
        given = at_once(app, tries)
        assert sum(not isinstance(one, Exception) for one in given) == 1, given
        assert all(isinstance(one, Refusal) for one in given if isinstance(one, Exception))


def test_after_seven_days_it_is_late_and_says_so(client: FlaskClient) -> None:
    digits, code = code_for(), card_of("Tutik")
    assert timedelta(days=6, hours=23) < (account().one_time_until or now()) - now() <= timedelta(days=7)
    late()
    assert "Kode ini sudah lewat 7 hari" in come(client, digits)[1]
    assert "Kode ini sudah lewat 7 hari" in words(client.post(f"/card/{code}", data={"pin": digits}).text)
    assert "belum cocok" in come(client, "000001")[1], "only whoever has the code is told"


def test_guessing_a_code_is_throttled_like_a_pin(client: FlaskClient) -> None:
    digits = code_for()
    for guess in range(sign_in.ACCOUNT_FAILURES_MAX):
        come(client, f"00000{guess}")
    assert "Tunggu 15 menit" in come(client, digits)[1]


# Choosing.


@pytest.mark.parametrize(
    ("new", "repeat", "sentence"),
    [
        ("12345", "12345", "PIN harus 6 angka"), ("", "", "PIN harus 6 angka"),
        ("abcdef", "abcdef", "PIN harus 6 angka"),
        ("111111", "111111", "sama semua"), ("123456", "123456", "berurutan"), ("121212", "121212", "berulang"),
        ("170845", "170845", "Ini tanggal. Orang bisa menebak tanggal lahir Anda."),
        ("120000", "120000", "Ini bagian dari nomor HP Anda"), (OWN, "739105", "PIN yang kedua tidak sama"),
    ],
)  # fmt: skip
def test_weak_or_different_ones_are_refused(client: FlaskClient, new: str, repeat: str, sentence: str) -> None:
    come(client, code_for())
    status, page = choose(client, new, repeat)
    assert (status, sentence in page) == (422, True), page
    assert client.get("/my").location == "/pin"


def test_the_code_itself_is_no_pin_of_ones_own(client: FlaskClient) -> None:
    digits = code_for()
    come(client, digits)
    assert "Itu kode dari pengelola" in choose(client, digits)[1]


def test_the_chosen_pin_opens_and_every_other_session_has_ended(app: Flask, client: FlaskClient) -> None:
    come(client, code_for())
    stolen = app.test_client()
    cookie = client.get_cookie("showroom")
    assert cookie is not None
    stolen.set_cookie("showroom", cookie.value)
    assert stolen.get("/pin").status_code == 200
    assert choose(client) == (303, "/my")
    assert "PIN Anda tersimpan" in client.get("/my").text
    assert stolen.get("/my").location.startswith("/sign-in")
    assert come(app.test_client(), OWN) == (303, "/my")
    assert choose(client)[1] == "/password", "once chosen, it is changed there"
    assert activities("password")[-1].subject == f"user:{user('perajin').id}"


def test_a_newer_code_has_the_last_word(client: FlaskClient) -> None:
    come(client, code_for())
    who = user("perajin")
    newer = code_for()
    with pytest.raises(Refusal, match="sudah diganti"):
        one_time.choose_pin(who, OWN, OWN)
    assert choose(client)[1].startswith("/sign-in")
    assert come(client, newer)[0] == 303


def test_a_pin_from_the_manager_ends_the_waiting_code(auth: Auth, client: FlaskClient) -> None:
    digits = code_for()
    typed = form(name="Tutik Handayani", phone="0812 0000 1001", username="perajin", pin=OWN)
    assert auth("pengelola").post(f"/crafters/{crafter_id('Tutik')}", data=typed).status_code == 303
    assert come(client, digits)[0] == 422
    assert come(client, OWN) == (303, "/my")
    assert client.get("/my").status_code == 200


def test_the_command_line_sets_a_pin_that_is_their_own(app: Flask, client: FlaskClient) -> None:
    code_for()
    runner = app.test_cli_runner()
    weak = runner.invoke(args=["user", "password", "perajin", "--password", "120000"])
    assert (weak.exit_code, "nomor HP" in weak.output) == (1, True)
    assert runner.invoke(args=["user", "password", "perajin", "--password", OWN]).exit_code == 0
    assert come(client, OWN) == (303, "/my")
    assert client.get("/my").status_code == 200


def test_who_may_leave_and_change_language_meanwhile(client: FlaskClient) -> None:
    come(client, code_for())
    assert client.post("/language", data={"language": "en", "next": "/pin"}).location == "/pin"
    assert client.post("/sign-out").location == "/sign-in"
    assert client.get("/sign-in").status_code == 200
