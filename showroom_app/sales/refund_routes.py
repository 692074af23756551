"""Screens of refunds: find the sale, choose what comes back, see what it does, confirm; the slip."""

from dataclasses import replace
from typing import Any

from flask import Blueprint, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from showroom_app.extensions import now, reading
from showroom_app.lib.money import parse_rupiah
from showroom_app.lib.refusal import NotHere, Refusal
from showroom_app.lib.typed import Typed, parse_count, row_id
from showroom_app.people import sign_in
from showroom_app.sales import receipt as receipts
from showroom_app.sales import refund as refund_verbs
from showroom_app.sales import refund_slip
from showroom_app.sales.refund import Asked
from showroom_app.sales.refundable import Left, left_of, work_out
from showroom_app.sales.shift import TENDERS
from showroom_app.web.access import STAFF, SignedIn, allow
from showroom_app.web.htmx import REFUSED, errors_of
from showroom_app.web.pages import render_template

refunds = Blueprint("refunds", __name__)


@refunds.get("/refunds")
@allow(*STAFF)
def find() -> ResponseReturnValue:
    """Find a sale by its receipt's number or by scanning a piece; and the refunds so far."""
    typed = Typed.of(request.args)
    found = refund_slip.find_sales(typed.line("q"), current_user) if typed.line("q") else None
    if found is not None and len(found) == 1:
        return redirect(url_for("refunds.new", sale_id=found[0].id, item=found[0].item_id or None))
    listed = refund_slip.list_refunds(current_user, request.args.get("before", type=row_id))
    page, more = listed[: receipts.PAGE], len(listed) > receipts.PAGE
    more_url = url_for("refunds.find", before=page[-1].id) if more else None
    return render_template(
        "sales/refunds.html", typed=typed, found=found, refunds=page, more_url=more_url, most=refund_slip.FOUND_MAX
    )


@refunds.get("/sales/<int:sale_id>/refunds")
@allow(*STAFF)
def new(sale_id: int) -> ResponseReturnValue:
    """Choose what comes back; with something chosen, what it does."""
    return _form(sale_id, Typed.of(request.args), {})


@refunds.post("/sales/<int:sale_id>/refunds")
@allow(*STAFF)
def give_back(sale_id: int) -> ResponseReturnValue:
    """Give back what was shown."""
    typed = Typed.of(request.form)
    try:
        asked = _asked(typed)
        total = row_id(typed.get("total", ""))
        refund_id = refund_verbs.refund(
            sale_id, asked, current_user, typed.get("request_id", ""), approver=_approver(typed), total=total
        )
    except ValueError:
        return _form(
            sale_id, typed, {"": _("Formulir ini tidak lengkap. Muat ulang halaman, lalu coba lagi.")}, REFUSED
        )
    except Refusal as refusal:
        return _form(sale_id, typed, errors_of(refusal), REFUSED)
    return redirect(url_for("refunds.slip", refund_id=refund_id), 303)


def _approver(typed: Typed) -> SignedIn | None:
    if not typed.get("username"):
        return None
    address = request.remote_addr or ""
    return sign_in.manager_here(typed["username"], typed.get("secret", ""), address, current_user.showroom_id)


def _asked(typed: Typed) -> Asked:
    """What is to come back, as typed: q1 pieces of line 1 to place p1, services s1, money by tender."""
    lines: dict[int, tuple[int, str]] = {}
    services: list[int] = []
    for name, value in typed.items():
        if name[:1] in "qs" and name[1:].isdecimal() and len(name) < 6:
            if name[0] == "q":
                lines[int(name[1:])] = (_pieces(value), typed.get(f"p{name[1:]}", "shelf"))
            elif value:
                services.append(int(name[1:]))
    money = {tender: _amount(typed.get(f"money_{tender}", "")) for tender in TENDERS}
    kind = "void" if typed.get("kind") == "void" else "refund"
    wanted = {tender: amount for tender, amount in money.items() if amount}
    return Asked(lines, tuple(sorted(services)), wanted, typed.line("reason"), kind, typed.line("reference"))


def _pieces(text: str) -> int:
    try:
        return parse_count(text.strip() or "0")
    except ValueError:
        raise Refusal(_("Isi jumlah dengan angka bulat, misalnya 2.")) from None


def _amount(text: str) -> int:
    try:
        return parse_rupiah(text) if text.strip() else 0
    except ValueError:
        raise Refusal(_("Isi jumlah dalam rupiah, misalnya 25.000."), "money") from None


def _form(sale_id: int, typed: Typed, errors: dict[str, str], status: int = 200) -> ResponseReturnValue:
    sale = receipts.receipt(sale_id, current_user)
    left = left_of(reading(), sale_id)
    scanned = typed.get("item", "")
    told: dict[str, Any] | None = None
    if any(value for name, value in typed.items() if name != "item"):
        try:
            asked = _asked(typed)
            told = _effect(left, asked)
        except Refusal as refusal:
            errors, status = errors or errors_of(refusal), REFUSED
            if refusal.field == "money":  # what was chosen stands; only the money has to be divided otherwise
                told = _effect_without_money(left, typed)
    typed = Typed({name: value for name, value in typed.items() if name != "secret"})
    page = render_template(
        "sales/refund.html", sale=sale, left=left, typed=typed, errors=errors, told=told, scanned=scanned,
        words=receipts.tender_words(),
    )  # fmt: skip
    return page, status


def _effect_without_money(left: Left, typed: Typed) -> dict[str, Any] | None:
    without = Typed({name: value for name, value in typed.items() if not name.startswith("money_")})
    try:
        return _effect(left, replace(_asked(without), money={}))
    except Refusal:
        return None  # something else is wrong too; it is said once the money makes sense


def _effect(left: Left, asked: Asked) -> dict[str, Any]:
    """What a refund would do: the money, each crafter's balance before and after, whether a manager must say yes."""
    back = work_out(left, asked.lines, asked.services, asked.money, whole=asked.kind == "void")
    return {
        "back": back, "crafters": refund_slip.balances_after(reading(), left, back),
        "needs": refund_verbs.needs_manager(left, back, current_user, now()), "kind": asked.kind,
    }  # fmt: skip


@refunds.get("/refunds/<int:refund_id>")
@allow(*STAFF)
def slip(refund_id: int) -> ResponseReturnValue:
    """A refund's slip, on screen and for the printer, with the sale it belongs to."""
    told = refund_slip.refund_slip(refund_id, current_user)
    if told is None:
        raise NotHere
    return render_template("sales/refund_slip.html", refund=told)
