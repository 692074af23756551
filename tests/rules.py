"""Short ways for the tests of money: its rules, what the book says, sales of another day, what a PDF reads."""

import html
import re
from datetime import datetime
from typing import Any

import pypdfium2
from sqlalchemy import select, text, update

from showroom_app.extensions import AnyRow, begin_write, commit, reading, rollback
from showroom_app.lib.clock import JAKARTA
from showroom_app.people.models import Activity, Showroom
from showroom_app.sales import basket, checkout, pricing
from showroom_app.sales.checkout import Tendered
from tests.builders import Till, current_basket, request_id


def rules(**values: Any) -> None:
    """Set money rules of showroom 1."""
    begin_write().execute(update(Showroom).where(Showroom.id == 1).values(values))
    commit()


def posted(kind: str, owner: int = 1, unit: int = 0) -> int:
    """Debits minus credits of an account by its postings, kept balance or not."""
    query = (
        "SELECT coalesce(sum(CASE WHEN p.debit_id = a.id THEN p.amount ELSE -p.amount END), 0) FROM account a"
        " JOIN posting p ON a.id IN (p.debit_id, p.credit_id)"
        " WHERE a.kind = :kind AND a.owner_id = :owner AND p.unit = :u"
    )
    rollback()  # what others wrote since
    return int(reading().execute(text(query), {"kind": kind, "owner": owner, "u": unit}).scalar_one())


def rows(table: str) -> list[AnyRow]:
    """A table as it is now, in order of id."""
    rollback()
    return list(reading().execute(text(f'SELECT * FROM "{table}" ORDER BY 1')))


def activities(kind: str) -> list[AnyRow]:
    """Lines of the activity log of a kind, oldest first."""
    rollback()
    return list(reading().execute(select(Activity.__table__).where(Activity.kind == kind).order_by(Activity.id)))


def jakarta(day: int, hour: int = 10, month: int = 3, minute: int = 0) -> datetime:
    """A moment of the past, in the shop's time."""
    return datetime(2026, month, day, hour, minute, tzinfo=JAKARTA)


def sell(till: Till, *codes: str, tendered: tuple[Tendered, ...] = (), at: datetime | None = None) -> int:
    """Scan and pay, exact cash unless told otherwise, at another time if told. Returns the sale's id."""
    till.scan(*codes)
    rollback()
    row = basket.mine(reading(), till.basket_id, till.who)
    told = pricing.figures(reading(), row)
    paid = tendered or (Tendered("cash", told.cash_total),)
    sale_id = checkout.complete(
        till.basket_id, paid, till.who, request_id(), version=row.version, total=told.total, at=at
    )
    till.basket_id = current_basket(till.who)
    return sale_id


def pdf_text(pdf: bytes) -> str:
    """What a PDF reads, as one line."""
    document = pypdfium2.PdfDocument(pdf)
    return " ".join(" ".join(page.get_textpage().get_text_range() for page in document).split())


def words(page: str) -> str:
    """What an HTML page reads, as one line."""
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", page)).split())
