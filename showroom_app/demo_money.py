"""The demo shop's money besides plain sales: bargains, delivery, a refund, expenses, monthly payouts, an advance."""

from datetime import date, datetime
from typing import Protocol

from sqlalchemy import func, select

from showroom_app.extensions import reading
from showroom_app.lib.typed import Typed
from showroom_app.payouts import advance, due, payout
from showroom_app.payouts.advance import Lend
from showroom_app.payouts.payout import Pay
from showroom_app.people import money_settings
from showroom_app.sales import bargain, refund, service_lines
from showroom_app.sales.bargain import Wanted
from showroom_app.sales.cash_move import move_cash
from showroom_app.sales.models import Payment, Sale, SaleLine
from showroom_app.sales.refund import Asked
from showroom_app.web.access import SignedIn

PAYDAY = 4  # Friday
FLOAT_RUPIAH = 300_000
KEPT_DAYS = 40  # what sold since then is still owed, so that there is something to pay


class Shop(Protocol):
    """What is needed of the demo shop while it is being made."""

    manager: SignedIn
    attendant: SignedIn
    crafter_ids: list[int]

    def request_id(self) -> str:
        """The next request's id."""


def rules(shop: Shop) -> None:
    """The shop's money rules: the usual ones, with a payday and a limit for advances."""
    typed = Typed(
        discount_bearer="shared", discount_percent_max="10", cash_rounding="0", tender_cash="1", tender_qris="1",
        tender_transfer="1", refund_rupiah_max="500.000", paid_refund_bearer="crafter", payday=str(PAYDAY),
        payout_rupiah_min="100.000", advance_rupiah_max="500.000",
    )  # fmt: skip
    money_settings.save_money_settings(typed, shop.manager)


def bargain_over(shop: Shop, basket_id: int, number: int) -> None:
    """Every ninth buyer gets something off, every fourteenth has it delivered."""
    if number % 9 == 4:
        bargain.give(basket_id, Wanted(None, bps=500, reason="tawar-menawar"), shop.attendant, shop.request_id())
    if number % 14 == 6:
        typed = Typed(kind="delivery", amount="25.000", payee="driver", name="Ongkos kirim dalam kota")
        service_lines.add_service(basket_id, typed, shop.attendant, shop.request_id())


def expense(shop: Shop, shift_id: int, number: int, at: datetime) -> int:
    """Now and then plastic bags are bought from the drawer. Returns the rupiah that went out."""
    if number % 11 != 5:
        return 0
    move_cash(shift_id, "expense", 15_000, "plastik bungkus", shop.attendant, shop.request_id(), at)
    return 15_000


def pay_crafters(shop: Shop, day: date, at: datetime) -> None:
    """On the first Friday of a month everybody with something due is paid, from the office or by transfer."""
    pays = []
    for number, row in enumerate(due.balances(shop.manager.showroom_id)):
        amount = due.due_until(reading(), row["account_id"], day)
        if amount >= 100_000:
            sent = number % 3 == 1
            reference = f"TRX{day:%y%m%d}{number:02d}" if sent else ""
            pays.append(Pay(row["id"], amount, "transfer" if sent else "office", reference))
    if pays:
        payout.pay(pays, day, shop.manager, shop.request_id(), at=at)


def give_back_one(shop: Shop) -> None:
    """One of the attendant's last buyers brings back what they took, no more than the float in the drawer: it stands on
    the shelf again."""
    theirs = (
        select(func.max(Sale.id))
        .join(SaleLine, (SaleLine.sale_id == Sale.id) & (SaleLine.position == 1))
        .where(Sale.user_id == shop.attendant.id, SaleLine.net <= FLOAT_RUPIAH * SaleLine.quantity)
    )
    sale_id = reading().execute(theirs).scalar_one()
    # Whichever way it was paid on the day that the shop is made: what is sent back names who gets it.
    tenders = set(reading().execute(select(Payment.tender).where(Payment.sale_id == sale_id)).scalars())
    reference = "" if tenders == {"cash"} else "Bu Rina"
    asked = Asked({1: (1, "shelf")}, (), {}, "salah ukuran", reference=reference)
    refund.refund(sale_id, asked, shop.attendant, shop.request_id(), approver=shop.manager)


def lend(shop: Shop) -> None:
    """One crafter needs money for material before anything of theirs is sold."""
    asked = Lend(shop.crafter_ids[7], 300_000, "office", "beli bahan rotan")
    advance.lend(asked, shop.manager, shop.request_id())
