"""The shell on a home screen: what the worker keeps is there, and nothing of the till is among it."""

import json
import re

from flask.testing import FlaskClient

from showroom_app.people import showrooms
from tests.conftest import Auth


def test_everything_the_worker_keeps_can_be_had(client: FlaskClient) -> None:
    answer = client.get("/sw.js")
    assert answer.mimetype == "text/javascript"
    assert "no-cache" in answer.headers["Cache-Control"]
    files = json.loads(re.search(r"const FILES = (\[.*?\]);", answer.text)[1])  # type: ignore[index]
    assert len(files) > 20
    for path in ["/offline", *files]:
        assert client.get(path).status_code == 200, path


def test_no_page_of_the_till_is_kept(client: FlaskClient) -> None:
    code = re.sub(r"/static/[\w./-]+", "", client.get("/sw.js").text)
    assert not re.search(r"/(till|baskets|sales|payouts|shifts)\b", code)


def test_another_shell_is_another_worker(client: FlaskClient) -> None:
    assert re.search(r'const SHELL = "shell-[0-9a-f]{12}";', client.get("/sw.js").text)


def test_the_manifest_bears_the_showrooms_name(client: FlaskClient) -> None:
    answer = client.get("/manifest.webmanifest")
    told = json.loads(answer.text)
    room = showrooms.shown(None)
    assert room
    assert told["name"] == room["name"]
    assert {icon["sizes"] for icon in told["icons"]} == {"192x192", "512x512"}
    for icon in told["icons"]:
        assert client.get(icon["src"]).mimetype == "image/png"


def test_the_crafters_pages_have_a_place_to_say_that_they_are_old(auth: Auth) -> None:
    page = auth("perajin").get("/my").text
    assert 'id="old" hidden' in page
    assert "<span data-kept></span>" in page
