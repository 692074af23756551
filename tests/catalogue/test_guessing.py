"""Codes can't be walked: who asks for many that are not there waits; a label in the hand is answered."""

import pytest
from flask.testing import FlaskClient

from showroom_app.catalogue import throttle
from showroom_app.lib.label_code import new_code
from tests.builders import receive
from tests.conftest import Auth


def ask(client: FlaskClient, code: str = "", address: str = "10.0.0.7") -> int:
    return client.get(f"/q/{code or new_code()}", environ_base={"REMOTE_ADDR": address}).status_code


def test_after_thirty_misses_guesses_wait_and_labels_do_not(client: FlaskClient, auth: Auth) -> None:
    [lamp] = receive()
    assert [ask(client) for _guess in range(30)] == [404] * 30
    answer = client.get(f"/q/{new_code()}", environ_base={"REMOTE_ADDR": "10.0.0.7"})
    assert (answer.status_code, "Tunggu sepuluh menit" in answer.text) == (429, True)
    assert ask(client, "salah") == 429, "what is no code at all counts too"
    assert ask(client, lamp.code) == 200
    assert ask(client, address="10.0.0.8") == 404, "somebody else"
    assert auth("perajin").get(f"/q/{new_code()}", environ_base={"REMOTE_ADDR": "10.0.0.7"}).status_code == 429
    assert auth("petugas").get(f"/q/{new_code()}", environ_base={"REMOTE_ADDR": "10.0.0.7"}).status_code == 404


def test_hits_are_never_counted(client: FlaskClient) -> None:
    [lamp] = receive()
    assert {ask(client, lamp.code) for _again in range(60)} == {200}
    assert ask(client) == 404


def test_a_machine_is_not_even_looked_up_for(client: FlaskClient) -> None:
    [lamp] = receive()
    for _guess in range(throttle.STRANGE_MAX):
        throttle.miss("10.0.0.7")
    assert ask(client, lamp.code) == 429
    assert ask(client, lamp.code, "10.0.0.8") == 200


def test_after_ten_minutes_it_is_forgotten(client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    clock = [1000.0]
    monkeypatch.setattr("showroom_app.lib.tries.time.monotonic", lambda: clock[0])
    for _guess in range(31):
        ask(client)
    assert ask(client) == 429
    clock[0] += throttle.WINDOW_SECONDS
    assert ask(client) == 404


def test_memory_is_bounded_and_a_network_is_one(monkeypatch: pytest.MonkeyPatch) -> None:
    throttle.misses.forget()
    monkeypatch.setattr(throttle.misses, "addresses", 50)
    for number in range(200):
        throttle.miss(f"10.1.{number}.1")
    assert len(throttle.misses._known) == 50
    for number in range(30):
        assert throttle.miss(f"2001:db8:1:2::{number}")
    assert not throttle.miss("2001:db8:1:2:ffff::1")
    assert throttle.miss("2001:db8:1:3::1")
    throttle.misses.forget()
