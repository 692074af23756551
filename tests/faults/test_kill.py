"""The plug is pulled while four tills sell: what was acknowledged is there, once, and the books are whole."""

import os
import random
import signal
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import text

from showroom_app.extensions import reading, rollback
from showroom_app.lib.typed import Typed
from showroom_app.people import accounts, showrooms
from tests.builders import PASSWORDS, desk_id, line, receive, request_id, user
from tests.faults.attendant import Attendant, Sold, form_to
from tests.faults.served import ShopServer, until

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="Windows has no kill -9")

SALES = 200
TILLS = {"petugas": "K1", "petugas2": "K2", "pengelola": "K3", "petugas3": "K4"}
KEPT_BASKET = "Keranjang Bu Rina"


@pytest.fixture
def served(app: Flask, tmp_path: Path) -> Iterator[ShopServer]:
    manager = user("pengelola")
    for name in ("Meja 3", "Meja 4"):
        showrooms.add_desk(Typed(desk_name=name, desk_kind="till"), manager, request_id())
    typed = Typed(name="Petugas3", username="petugas3", role="attendant", password="kata-petugas3")
    accounts.save_account(typed, manager, request_id())
    one = ShopServer(tmp_path, app)
    yield one
    one.stop()


class Rush:
    """Four tills that sell at the same time, each its own share of the goods."""

    def __init__(self, port: int, codes: list[str]) -> None:
        passwords = PASSWORDS | {"petugas3": "kata-petugas3"}
        self.attendants = [Attendant(port, name, passwords[name], desk_id(desk)) for name, desk in TILLS.items()]
        self.sold: list[tuple[Attendant, Sold]] = []
        shares = [codes[number :: len(TILLS)] for number in range(len(TILLS))]
        self.threads = [
            threading.Thread(target=self._sell, args=pair) for pair in zip(self.attendants, shares, strict=True)
        ]

    def _sell(self, attendant: Attendant, codes: list[str]) -> None:
        for code in codes:
            self.sold.append((attendant, attendant.sell(code)))

    def until_sold(self, count: int) -> list[tuple[Attendant, Sold]]:
        """Wait until so many sales were acknowledged; returns them."""
        until(
            lambda: len(self.sold) >= count or not any(thread.is_alive() for thread in self.threads), f"{count} sales"
        )
        return self.sold[:]


def park(attendant: Attendant, code: str) -> None:
    """Set a basket with a piece aside."""
    form = form_to(attendant.scan(code), r"/baskets/\d+/park")
    assert attendant.post(form, label=KEPT_BASKET).headers["HX-Redirect"] == "/till"


def test_a_pulled_plug_loses_no_sale_and_doubles_none(app: Flask, served: ShopServer) -> None:
    kept, *goods = (item.code for item in receive(line(quantity=str(SALES + 1))))
    rush = Rush(served.port, goods)
    park(rush.attendants[0], kept)
    for thread in rush.threads:
        thread.start()
    rush.until_sold(random.randrange(30, 80))
    served.pull_the_plug()
    acknowledged = rush.sold[:]
    served.begin()
    rush.until_sold(random.randrange(110, 170))
    os.kill(served.worker, signal.SIGKILL)
    for thread in rush.threads:
        thread.join()

    assert len(rush.sold) == SALES, "an attendant was told something else than the receipt"
    for attendant, sold in acknowledged:
        assert attendant.pay(sold.form).headers["HX-Redirect"] == sold.receipt, "sent again it is the same sale"
    assert sales_in_the_book() == {sold.sale_id: sold.code for _who, sold in rush.sold}
    assert receipt_numbers() == {desk: list(range(1, SALES // len(TILLS) + 1)) for desk in TILLS.values()}
    assert KEPT_BASKET in rush.attendants[0].get("/till").text


def sales_in_the_book() -> dict[int, str]:
    rollback()
    query = "SELECT l.sale_id, i.code FROM sale_line l JOIN item i ON i.id = l.item_id"
    rows = reading().execute(text(query)).all()
    assert len({row.sale_id for row in rows}) == len(rows), "each of these sales was one piece"
    return {row.sale_id: row.code for row in rows}


def receipt_numbers() -> dict[str, list[int]]:
    query = "SELECT d.code, s.number FROM sale s JOIN desk d ON d.id = s.desk_id ORDER BY d.code, s.number"
    found: dict[str, list[int]] = {}
    for desk, number in reading().execute(text(query)):
        found.setdefault(desk, []).append(number)
    return found
