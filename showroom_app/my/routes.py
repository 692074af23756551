"""The crafter's screens of what is theirs: home, goods, sales."""

from datetime import timedelta
from typing import Any

from flask import Blueprint, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from showroom_app.extensions import now, reading
from showroom_app.lib.clock import JAKARTA, jakarta_date, month_start
from showroom_app.lib.typed import row_id
from showroom_app.my import own
from showroom_app.my.goods import PIECES_SHOWN, days_since, goods, lost, own_product, standing
from showroom_app.payouts.due import next_payday
from showroom_app.payouts.statement import kind_words, statement
from showroom_app.people.crafters import owed
from showroom_app.people.showrooms import showroom_row
from showroom_app.stock import ageing, draft, photos, products
from showroom_app.web.access import CRAFTER, allow
from showroom_app.web.pages import render_template

my = Blueprint("my", __name__)

LATEST_SHOWN = 3
GOODS_SHOWN = 4
BOOK_SHOWN, BOOK_DAYS = 6, 62
QUESTIONS_SHOWN = 4


@my.get("/my")
@allow(CRAFTER)
def home() -> ResponseReturnValue:
    """Balance first; then what sold, what is there, where the money came from."""
    crafter_id = current_user.crafter_id
    latest, listed = own.latest_sales(crafter_id, LATEST_SHOWN), goods(crafter_id)
    room, balance = showroom_row(current_user.showroom_id), owed(crafter_id)
    asked = ageing.questions(current_user.showroom_id, crafter_id)
    context: dict[str, Any] = {
        "balance": balance,
        "paid_from": room.payout_rupiah_min if room else 0,
        "month": own.sold_since(crafter_id, month_start(jakarta_date(now()))),
        "shelf": {"pieces": sum(g.on_shelf for g in listed), "kinds": sum(1 for g in listed if g.on_shelf)},
        "latest": latest, "bearers": bearer_words(),
        "items": listed[:GOODS_SHOWN], "days_since": days_since,
        "book": _latest_money(crafter_id),
        "next_payday": next_payday(current_user.showroom_id),
        "greeting": _greeting(),
        "questions": asked[:QUESTIONS_SHOWN], "more_questions": len(asked) - QUESTIONS_SHOWN,
    }  # fmt: skip
    return render_template("my/home.html", **context)


def bearer_words() -> dict[str, str]:
    """Who bore a discount, as its crafter reads it."""
    return {
        "shared": _("ditanggung bersama"), "showroom": _("ditanggung galeri"), "crafter": _("Anda yang menanggung"),
    }  # fmt: skip


def _latest_money(crafter_id: int) -> list[dict[str, Any]]:
    """The latest events of the last months that changed the balance, newest first."""
    today, words = jakarta_date(now()), kind_words()
    events = statement(crafter_id, today - timedelta(days=BOOK_DAYS), today).events[-BOOK_SHOWN:]
    return [
        {"text": f"{words[event.kind]}: {event.what}" if event.what else words[event.kind], "at": event.at,
         "amount": event.amount}
        for event in events[::-1]
    ]  # fmt: skip


def _greeting() -> str:
    hour = now().astimezone(JAKARTA).hour
    if hour < 11:
        return _("Selamat pagi")
    if hour < 15:
        return _("Selamat siang")
    return _("Selamat sore") if hour < 19 else _("Selamat malam")


@my.get("/my/items")
@allow(CRAFTER)
def items() -> ResponseReturnValue:
    """Everything of the crafter's that ever stood in the showroom."""
    return render_template("my/items.html", items=goods(current_user.crafter_id), days_since=days_since)


@my.get("/my/products/<int:product_id>")
@allow(CRAFTER)
def product(product_id: int) -> ResponseReturnValue:
    """One kind of goods: its photos large, and each piece or lot with where it stands and since when."""
    crafter_id = current_user.crafter_id
    row = own_product(crafter_id, product_id)
    if row.merged_into_id is not None:
        return redirect(url_for("my.product", product_id=row.merged_into_id))
    pieces = standing(crafter_id, product_id)
    return render_template(
        "my/product.html", product=row, pieces=pieces[:PIECES_SHOWN], more=len(pieces) > PIECES_SHOWN,
        lost=lost(crafter_id, product_id),
        sums=next(iter(goods(crafter_id, product_id)), None), photos=photos.photos_of(reading(), product_id),
        wish=products.wished_price(product_id), category=draft.category_words().get(row.category, row.category),
    )  # fmt: skip


@my.get("/my/sales")
@allow(CRAFTER)
def sales() -> ResponseReturnValue:
    """Every sale, newest first."""
    before = request.args.get("before", type=_place)
    latest = own.latest_sales(current_user.crafter_id, own.PAGE + 1, before)
    more = len(latest) > own.PAGE
    page = latest[: own.PAGE]
    more_url = url_for("my.sales", before=f"{page[-1]['sale_id']}-{page[-1]['position']}") if more else None
    return render_template(
        "my/sales.html", latest=page, more_url=more_url, balance=owed(current_user.crafter_id), bearers=bearer_words()
    )


def _place(text: str) -> tuple[int, int]:
    """Where the page above ended: sale and position."""
    sale_id, _dash, position = text.partition("-")
    return row_id(sale_id), row_id(position)
