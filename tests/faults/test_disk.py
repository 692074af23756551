"""A disk that takes nothing more: 503 in words, nothing half-written, and the same request goes through afterwards."""

import json
import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event, select, text

from showroom_app.extensions import db, reading, release, rollback
from showroom_app.web.health import Heartbeat
from tests.builders import PASSWORDS, desk_id, line, open_till, receive
from tests.conftest import Auth
from tests.engines import Engine, Postgresql, Sqlite
from tests.faults.attendant import HTMX, Attendant, form_to
from tests.faults.served import ShopServer

if sys.platform == "linux":
    import resource

TITLE = "Server galeri belum bisa menyimpan"
SENTENCE = "Tidak ada yang setengah tersimpan. Hubungi pengelola, lalu coba lagi sebentar lagi."
# A sale of so many lines needs new pages, whatever room is left in the old ones.
LINES = 60
WAL_FRAME_BYTES = 4096 + 24

Broken = Callable[[Engine], AbstractContextManager[None]]


@contextmanager
def read_only(engine: Engine) -> Iterator[None]:
    """The disk was mounted anew, read-only (file modes would not bind root); or the server stands by for another."""
    if isinstance(engine, Postgresql):
        alter_database(engine, "SET default_transaction_read_only = on")
        reconnect()
        yield
        alter_database(engine, "RESET default_transaction_read_only")
        reconnect()
    else:
        with listening("do_connect", open_read_only):
            yield


def open_read_only(_dialect: Any, _record: Any, arguments: list[Any], named: dict[str, Any]) -> None:
    arguments[0] = f"file:{arguments[0]}?mode=ro"
    named["uri"] = True


@contextmanager
def gone(engine: Engine) -> Iterator[None]:
    """The disk is unplugged, or the server throws everybody out and lets nobody in."""
    if isinstance(engine, Postgresql):
        alter_database(engine, "ALLOW_CONNECTIONS false")
        release()
        with engine.admin.connect() as connection:
            connection.execute(text("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = 'shop'"))
        yield
        alter_database(engine, "ALLOW_CONNECTIONS true")
    else:
        assert isinstance(engine, Sqlite)
        reconnect()
        folder = engine.file.parent
        unplugged = folder.rename(folder.with_name("unplugged"))
        yield
        unplugged.rename(folder)
    reconnect()


@contextmanager
def full(_engine: Engine) -> Iterator[None]:
    """The file may not grow by another page."""
    with listening("connect", allow_no_more_pages):
        yield


def allow_no_more_pages(connection: Any, _record: Any) -> None:
    (pages,) = connection.execute("PRAGMA page_count").fetchone()
    connection.execute(f"PRAGMA max_page_count = {pages}")


@contextmanager
def listening(name: str, listener: Callable[..., None]) -> Iterator[None]:
    event.listen(db.engine, name, listener)
    reconnect()
    yield
    event.remove(db.engine, name, listener)
    reconnect()


def alter_database(engine: Postgresql, how: str) -> None:
    with engine.admin.connect() as connection:
        connection.execute(text(f"ALTER DATABASE shop {how}"))


def reconnect() -> None:
    release()
    db.engine.dispose()


each_fault = pytest.mark.parametrize("broken", [read_only, gone])


def everything() -> dict[str, list[Any]]:
    """Every row of every table, but for the heartbeat."""
    rollback()
    tables = [table for table in db.metadata.sorted_tables if table is not Heartbeat.__table__]
    return {table.name: sorted(map(repr, reading().execute(select(table)))) for table in tables}


def says_so(answer: Any) -> bool:
    """Whether an answer, as a page or as htmx's message, has the sentence."""
    told = json.loads(answer.headers["HX-Trigger"])["toast"]["text"] if "HX-Trigger" in answer.headers else answer.text
    return answer.status_code == 503 and TITLE in told and SENTENCE in told


@each_fault
def test_a_checkout_is_refused_whole_and_succeeds_once_afterwards(
    app: Flask, engine: Engine, auth: Auth, broken: Broken
) -> None:
    refused_then_sold(engine, auth, broken)


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
def test_a_full_disk_refuses_a_checkout_whole_too(app: Flask, engine: Engine, auth: Auth) -> None:
    refused_then_sold(engine, auth, full)


def refused_then_sold(engine: Engine, auth: Auth, broken: Broken) -> None:
    """Pay for a basket while nothing can be written, and again, twice, when it can."""
    goods = receive(line(quantity=str(LINES)))
    till, client = open_till(), auth("petugas")
    till.scan(*(item.code for item in goods))
    form = form_to(client.get("/till").text, r"/baskets/\d+/checkout")
    paid = form.fields | {"tender": "cash", "received": form.fields["total"]}
    before = everything()
    with broken(engine):
        for headers in (HTMX, {}):
            assert says_so(client.post(form.action, data=paid, headers=headers))
    assert everything() == before
    answers = [client.post(form.action, data=paid, headers=HTMX) for _press in range(2)]
    assert [(answer.status_code, answer.headers["HX-Redirect"]) for answer in answers] == [(204, "/sales/1?new=1")] * 2
    assert len(everything()["sale"]) == 1


@each_fault
def test_health_says_that_nothing_can_be_written(
    app: Flask, engine: Engine, client: FlaskClient, broken: Broken
) -> None:
    with broken(engine):
        answer = client.get("/healthz")
        assert answer.status_code == 503
        assert answer.json is not None
        assert answer.json["status"] == "unavailable"
    assert client.get("/healthz").status_code == 200


def test_what_only_reads_goes_on_where_nothing_can_be_written(app: Flask, engine: Engine, auth: Auth) -> None:
    [lamp] = receive(line("Lampu Kendil"))
    open_till().scan(lamp.code)
    attendant, manager, crafter = auth("petugas"), auth("pengelola"), auth("perajin")
    with read_only(engine):
        assert "Lampu Kendil" in attendant.get("/till").text
        assert "Lampu Kendil" in manager.get("/items").text
        assert "Lampu Kendil" in crafter.get("/my/items").text
        assert "Lampu Kendil" in app.test_client().get(f"/q/{lamp.code}").text


@each_fault
def test_signing_in_says_so_too(app: Flask, engine: Engine, client: FlaskClient, broken: Broken) -> None:
    data = {"username": "petugas", "password": PASSWORDS["petugas"]}
    with broken(engine):
        assert says_so(client.post("/sign-in", data=data))
    assert client.post("/sign-in", data=data).status_code == 303


def test_a_till_that_needs_a_new_basket_says_so(app: Flask, engine: Engine, auth: Auth) -> None:
    [lamp] = receive()
    till, client = open_till(), auth("petugas")
    till.scan(lamp.code)
    form = form_to(client.get("/till").text, r"/baskets/\d+/checkout")
    client.post(form.action, data=form.fields | {"tender": "cash", "received": form.fields["total"]})
    with read_only(engine):
        assert says_so(client.get("/till"))
    assert client.get("/till").status_code == 200


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux limits a process that runs")
@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
@pytest.mark.parametrize("room", [0, 3 * WAL_FRAME_BYTES], ids=["no room", "room for half a sale"])
def test_the_kernel_takes_no_more_bytes(app: Flask, tmp_path: Path, room: int) -> None:
    """A real server whose files may not grow: as a full disk, also in the middle of a commit."""
    goods = receive(line(quantity="2"))
    served = ShopServer(tmp_path, app)
    try:
        attendant = Attendant(served.port, "petugas", PASSWORDS["petugas"], desk_id("K1"))
        sold = attendant.sell(goods[0].code)
        form = form_to(attendant.scan(goods[1].code), r"/baskets/\d+/checkout")
        before = everything()
        written = (served.instance / "showroom.db-wal").stat().st_size
        limits = resource.prlimit(served.worker, resource.RLIMIT_FSIZE)
        resource.prlimit(served.worker, resource.RLIMIT_FSIZE, (written + room, limits[1]))
        refused = attendant.pay(form)
        assert (refused.status, TITLE in json.loads(refused.headers["HX-Trigger"])["toast"]["text"]) == (503, True)
        assert attendant.get(sold.receipt).status == 200
        assert attendant.get("/healthz").status == (200 if room else 503)
        assert everything() == before
        resource.prlimit(served.worker, resource.RLIMIT_FSIZE, limits)
        receipts = [attendant.pay(form).headers["HX-Redirect"] for _press in range(2)]
        assert receipts == ["/sales/2?new=1"] * 2
        assert attendant.get("/healthz").status == 200
    finally:
        served.stop()
