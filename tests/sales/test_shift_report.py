"""X and Z reports: of one moment, read from where each thing is written, the same for ever once a shift is closed."""

import threading
from functools import partial
from typing import Any

from flask import Flask
from sqlalchemy import event, update

from showroom_app.extensions import begin_write, commit, db, now, release
from showroom_app.lib.clock import jakarta_date
from showroom_app.lib.money import in_notes
from showroom_app.lib.typed import Typed
from showroom_app.payouts import advance, payout, reversal
from showroom_app.payouts.advance import Lend
from showroom_app.payouts.payout import Pay
from showroom_app.people import accounts, showrooms
from showroom_app.sales import cash_move, shift
from showroom_app.sales.money_models import CashMove
from showroom_app.sales.shift_report import ShiftReport, report
from showroom_app.venues import venue
from showroom_app.venues.venue import Plan
from tests.builders import crafter_id, exhibition, line, open_till, receive, request_id, user
from tests.conftest import Auth
from tests.rules import pdf_text, rules, sell, words
from tests.web.forms import SETTINGS


def parts(told: ShiftReport) -> int:
    """What the lines about the drawer come to, the float first."""
    cash = told.taken["cash"] - told.returned.get("cash", 0)
    return int(told.shift.float_rupiah) + cash + told.moved - told.payouts


def test_an_open_drawer_is_read_at_one_moment(app: Flask) -> None:
    """Somebody pays while the report is being read."""
    lamp, chair = receive(line(price="100.000"), line("Kursi", "50.000"))
    till = open_till(float_rupiah=0)
    sell(till, lamp.code)
    paid: list[int] = []

    def at_the_till() -> None:
        with app.app_context():
            paid.append(sell(till, chair.code))
            release()

    def meanwhile(_conn: Any, _cursor: Any, statement: str, *_more: Any) -> None:
        if not paid and "FROM refund_payment" in statement:
            buyer = threading.Thread(target=at_the_till)
            buyer.start()
            buyer.join()

    event.listen(db.engine, "before_cursor_execute", meanwhile)
    try:
        told = report(till.shift_id)
    finally:
        event.remove(db.engine, "before_cursor_execute", meanwhile)
    assert len(paid) == 1
    assert (told.sales, told.taken["cash"], told.expected, parts(told)) == (1, 100_000, 100_000, 100_000)
    after = report(till.shift_id)
    assert (after.sales, after.expected, parts(after)) == (2, 150_000, 150_000)


def test_what_crafters_got_is_what_the_drawers_book_says(app: Flask) -> None:
    rules(advance_rupiah_max=500_000)
    [lamp], till, tutik = receive(line(price="100.000")), open_till("pengelola"), crafter_id("Tutik")
    sell(till, lamp.code)
    payout.pay([Pay(tutik, 85_000, "drawer")], jakarta_date(now()), till.who, request_id())
    lent = [
        advance.lend(Lend(tutik, amount, "drawer", "beli rotan"), till.who, request_id()) for amount in (30_000, 9_000)
    ]
    reversal.undo_advance(lent[0], "salah", till.who, request_id())
    move_id = cash_move.move_cash(till.shift_id, "expense", 5_000, "plastik", till.who, request_id())
    told = report(till.shift_id)
    assert (told.payouts, told.expected, parts(told)) == (94_000, 101_000, 101_000)
    change_move = partial(update(CashMove).where(CashMove.id == move_id).values)
    begin_write().execute(change_move(amount=7_000))
    commit()
    told = report(till.shift_id)
    assert (told.payouts, told.expected, parts(told)) == (94_000, 101_000, 99_000), "a mismatch is seen, not made good"
    begin_write().execute(change_move(amount=5_000))
    commit()


def test_a_z_keeps_the_names_of_its_day(app: Flask, auth: Auth) -> None:
    fair = exhibition("Pameran Kriya")
    till = open_till(desk="K3")
    shift.close_shift(till.shift_id, in_notes(100_000), till.who, request_id())
    page, client = f"/shifts/{till.shift_id}", auth("pengelola")
    before = client.get(f"{page}/report.pdf").data
    for name in ("Petugas Baru", "Petugas Lain"):
        renamed = Typed(name=name, username="petugas", role="attendant", active="1")
        accounts.save_account(renamed, user("pengelola"), request_id(), till.who.id)
        showrooms.save_settings(Typed(SETTINGS | {"name": f"Galeri {name}"}), b"", user("pengelola"))
        venue.change_venue(fair, Plan("exhibition", f"Pasar {name}"), user("pengelola"), request_id())
    assert client.get(f"{page}/report.pdf").data == before
    shown = client.get(page).text.partition("<main")[2].partition("</main>")[0]
    for now_called in ("Petugas Lain", "Galeri Petugas", "Pasar"):
        assert now_called not in pdf_text(before) + words(shown), now_called
    assert "Pameran Kriya" in words(shown)
    again = open_till(desk="K3")
    shown = words(client.get(f"/shifts/{again.shift_id}").text)
    assert all(called in shown for called in ("Petugas Lain", "Galeri Petugas Lain", "Pasar Petugas Lain"))
