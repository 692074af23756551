"""The plug is pulled while a file is being written: nothing of it is there, and the same press brings it in."""

import sys
import threading
from pathlib import Path

import pytest
from flask import Flask

from showroom_app.extensions import db, release, rollback
from showroom_app.imports import kept
from tests.builders import PASSWORDS
from tests.faults.attendant import LOST, Browser, form_to
from tests.faults.served import ShopServer, until
from tests.imports.files import GOODS, bring, count, file_row, goods_row, xlsx

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="Windows has no kill -9")
ROWS = 5_000
WRITTEN = ("item", "consignment", "product", "entry", "posting", "series")


def manager(port: int) -> Browser:
    """The manager's browser."""
    browser = Browser(port)
    door = form_to(browser.get("/sign-in").text, "/sign-in")
    assert browser.post(door, username="pengelola", password=PASSWORDS["pengelola"]).status == 303
    return browser


def test_a_pulled_plug_leaves_nothing_half_written(app: Flask, tmp_path: Path) -> None:
    import_id = bring(xlsx(GOODS, *[goods_row(f"Barang {n}", quantity=1) for n in range(ROWS)]))
    rollback()
    release()
    db.engine.dispose()
    served = ShopServer(tmp_path, app)
    try:
        browser = manager(served.port)
        form = form_to(browser.get(f"/imports/{import_id}").text, rf"/imports/{import_id}/accept")
        lost = threading.Thread(target=press_once, args=(browser, form.action, form.fields))
        lost.start()
        until(lambda: (kept.how_far(import_id) or {}).get("step") == "writing", "it writes")
        served.pull_the_plug()
        lost.join()
        assert {table: count(table) for table in WRITTEN} == dict.fromkeys(WRITTEN, 0)
        assert file_row(import_id).accepted_at is None
        release()
        served.begin()
        assert "Terima 5.000 baris" in browser.get(f"/imports/{import_id}").text
        for _press in range(2):
            assert browser.post(form).headers["HX-Redirect"] == f"/imports/{import_id}"
        assert (count("item"), count("consignment")) == (ROWS, ROWS // 200)
    finally:
        served.stop()


def press_once(browser: Browser, action: str, fields: dict[str, str]) -> None:
    """Accept, and hear nothing of it."""
    body = "&".join(f"{name}={value}" for name, value in fields.items())
    headers = {"HX-Request": "true", "Content-Type": "application/x-www-form-urlencoded"}
    with pytest.raises(LOST):
        browser.try_once("POST", action, body, headers)
    browser.connection.close()
