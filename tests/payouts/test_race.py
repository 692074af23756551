"""Payouts when everybody presses at once: what is owed is paid once, and a debt is never overlooked."""

from functools import partial

from flask import Flask

from showroom_app.extensions import now, rollback
from showroom_app.lib.clock import jakarta_date
from showroom_app.lib.refusal import Refusal
from showroom_app.payouts import advance, payout, reversal
from showroom_app.payouts.advance import Lend
from showroom_app.payouts.payout import Outcome, Pay
from showroom_app.people.crafters import owed
from showroom_app.sales import refund
from showroom_app.sales.refund import Asked
from tests.builders import crafter_id, line, open_till, receive, request_id, user
from tests.faults.test_race import at_once, refusals
from tests.rules import posted, rows, rules, sell

PRESSES = 64


def paying(*pays: Pay, request: str = "") -> partial[Outcome]:
    return partial(payout.pay, pays, jakarta_date(now()), user("pengelola"), request or request_id())


def test_of_sixty_four_presses_one_pays(app: Flask) -> None:
    lamps, till, tutik = receive(line(price="100.000", quantity="3")), open_till(), crafter_id("Tutik")
    for number, lamp in enumerate(lamps, 1):
        sell(till, lamp.code)
        given = at_once(app, [paying(Pay(tutik, 85_000, "office")) for _press in range(PRESSES)])
        assert len(refusals(given)) == PRESSES - 1
        assert {one.sentence for one in refusals(given)} == {"Tutik Handayani tidak punya saldo yang bisa dibayar."}
        rollback()
        assert (owed(tutik), len(rows("payout"))) == (0, number)


def test_one_press_sent_sixty_four_times_is_one_batch(app: Flask) -> None:
    [lamp], till, tutik = receive(line(price="100.000")), open_till(), crafter_id("Tutik")
    sell(till, lamp.code)
    given = at_once(app, [paying(Pay(tutik, 85_000, "office"), request=request_id())] * PRESSES)
    assert given == given[:1] * PRESSES
    assert len(rows("payout")) == 1


def test_batches_in_another_order_never_lock_each_other_out(app: Flask) -> None:
    till, tutik, slamet = open_till(), crafter_id("Tutik"), crafter_id("Slamet")
    for _round in range(6):
        for name in ("Tutik", "Slamet"):
            [lamp] = receive(line(price="100.000"), crafter=name)
            sell(till, lamp.code)
        both = (Pay(tutik, 85_000, "office"), Pay(slamet, 85_000, "office"))
        given = at_once(app, [paying(*both), paying(*reversed(both)), paying(both[0]), paying(both[1])])
        assert sum(len(one.payout_ids) for one in given if isinstance(one, Outcome)) == 2
        rollback()
        assert (owed(tutik), owed(slamet)) == (0, 0)


def test_a_payout_against_a_refund(app: Flask) -> None:
    """Either the payout comes first and the crafter owes it back, or the refund does and there is nothing to pay."""
    lamps, till, tutik = receive(line(price="100.000", quantity="8")), open_till(), crafter_id("Tutik")
    for lamp in lamps:
        sale_id, before = sell(till, lamp.code), owed(tutik)
        back = partial(refund.refund, sale_id, Asked({1: (1, "shelf")}, (), {}, "x"), till.who, request_id())
        paid, given = at_once(app, [paying(Pay(tutik, before, "office")), back])
        assert not isinstance(given, Refusal)
        rollback()
        assert owed(tutik) == (before - 85_000 if isinstance(paid, Refusal) else -85_000)
        if owed(tutik) < 0:  # even again
            [chair] = receive(line("Kursi", "100.000"))
            sell(till, chair.code)


def test_a_payout_against_a_refund_that_the_showroom_bears(app: Flask) -> None:
    """Whichever comes first, the crafter is neither in debt nor paid for what came back."""
    rules(paid_refund_bearer="showroom")
    lamps, till, tutik = receive(line(price="100.000", quantity="12")), open_till(), crafter_id("Tutik")
    for lamp in lamps:
        sale_id = sell(till, lamp.code)
        back = partial(refund.refund, sale_id, Asked({1: (1, "shelf")}, (), {}, "x"), till.who, request_id())
        at_once(app, [paying(Pay(tutik, 85_000, "office")), back])
        rollback()
        assert owed(tutik) == 0


def test_payouts_against_sales(app: Flask) -> None:
    lamps, till, tutik = receive(line(price="100.000", quantity="12")), open_till(), crafter_id("Tutik")
    sell(till, lamps[0].code)
    for lamp in lamps[1:]:
        due = owed(tutik)
        at_once(app, [paying(Pay(tutik, due, "office")), partial(sell, till, lamp.code)])
        rollback()
        assert owed(tutik) in (85_000, due + 85_000)


def test_one_payout_is_undone_once(app: Flask) -> None:
    lamps, till, tutik = receive(line(price="100.000", quantity="4")), open_till(), crafter_id("Tutik")
    for lamp in lamps:
        sell(till, lamp.code)
        paid = paying(Pay(tutik, owed(tutik), "office"))()
        [payout_id] = paid.payout_ids
        undo = [partial(reversal.undo_payout, payout_id, "salah", user("pengelola"), request_id()) for _ in range(8)]
        given = at_once(app, undo)
        assert [one.sentence for one in refusals(given)] == ["Pembayaran ini sudah dibatalkan."] * 7
    assert owed(tutik) == 4 * 85_000


def test_an_undoing_against_another_payout(app: Flask) -> None:
    """What the undone one had paid is due again; what the other pays is paid once."""
    lamps, till, tutik = receive(line(price="100.000", quantity="8")), open_till(), crafter_id("Tutik")
    sell(till, lamps[0].code)
    first = paying(Pay(tutik, 85_000, "office"))().payout_ids[0]
    for lamp in lamps[1:]:
        sell(till, lamp.code)
        undo = partial(reversal.undo_payout, first, "salah", user("pengelola"), request_id())
        _undone, paid = at_once(app, [undo, paying(Pay(tutik, 85_000, "office"))])
        rollback()
        live = sum(row.amount for row in rows("payout") if row.reversed_at is None)
        assert live == (0 if isinstance(paid, Refusal) else sum(row.amount for row in rows("payout")[-1:]))
        first = paying(Pay(tutik, owed(tutik), "office"))().payout_ids[0]
        if not isinstance(paid, Refusal):
            reversal.undo_payout(paid.payout_ids[0], "salah", user("pengelola"), request_id())
            reversal.undo_payout(first, "salah", user("pengelola"), request_id())
            first = paying(Pay(tutik, owed(tutik), "office"))().payout_ids[0]
    assert owed(tutik) == 0


def test_advances_at_once_stay_within_the_limit(app: Flask) -> None:
    """Also a first one, when there is no balance yet that anybody could hold."""
    rules(advance_rupiah_max=500_000)
    for name in ("Tutik", "Slamet"):
        crafter = crafter_id(name)
        lend = Lend(crafter, 500_000, "office", "beli bahan")
        given = at_once(app, [partial(advance.lend, lend, user("pengelola"), request_id()) for _press in range(8)])
        assert len(refusals(given)) == 7
        rollback()
        assert owed(crafter) == -500_000
    assert posted("office") == -1_000_000
