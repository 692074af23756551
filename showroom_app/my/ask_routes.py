"""What a crafter tells the office from their phone: answers about goods, new goods, other data of their own."""

from datetime import date
from typing import Any

from flask import Blueprint, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from showroom_app.extensions import now, reading
from showroom_app.lib.clock import jakarta_date, months_later
from showroom_app.lib.refusal import NotHere, Refusal
from showroom_app.lib.typed import Typed, row_id
from showroom_app.payouts.payout import bank_words
from showroom_app.people import change_request
from showroom_app.people.crafters import own_crafter
from showroom_app.stock import ageing, draft, photos, proposal
from showroom_app.stock.ageing import MONTHS, Answer
from showroom_app.web.access import CRAFTER, allow
from showroom_app.web.htmx import REFUSED, errors_of
from showroom_app.web.pages import render_template

my_asks = Blueprint("my_asks", __name__)


@my_asks.route("/my/questions", methods=["GET", "POST"])
@allow(CRAFTER)
def questions() -> ResponseReturnValue:
    """What the office asks about goods that stand long: first which and what, then until when or for what price."""
    typed, ids, errors = Typed.of(request.values), _asked_items(), {}
    if request.method == "POST":
        try:
            said = _said(typed, ids)
            ageing.answer(ids, said, current_user, typed.get("request_id", ""))
        except Refusal as refusal:
            errors = errors_of(refusal)
        else:
            flash(_thanks(said.answer), "done")
            return redirect(url_for("my.home"), 303)
    rows = ageing.questions(current_user.showroom_id, current_user.crafter_id)
    chosen = [row for row in rows if row["id"] in ids]
    answer = typed.get("answer", "") if chosen and typed.get("answer") in _ANSWERS else ""
    page = render_template(
        "my/questions.html", rows=chosen if answer else rows, answer=answer, typed=typed, errors=errors, ids=ids,
        ends=_ends(), none_chosen="answer" in typed and not ids,
    )  # fmt: skip
    return page, REFUSED if errors else 200


_ANSWERS = ("extend", "mark_down", "collect")


def _asked_items() -> list[int]:
    values = request.values.getlist("item")[: ageing.ITEMS_MAX]
    return [row_id(value) for value in values if value.isascii() and value.isdigit() and len(value) < 19]


def _ends() -> dict[int, date]:
    """Until when goods may be left longer, by months."""
    today = jakarta_date(now())
    return {months: months_later(today, months) for months in MONTHS}


def _said(typed: Typed, ids: list[int]) -> Answer:
    answer = typed.get("answer", "")
    until = None
    if answer == "extend":
        ends = {str(months): end for months, end in _ends().items()}
        until = ends.get(typed.get("months", ""))
        if until is None:
            raise Refusal(_("Pilih sampai kapan: 1, 3 atau 6 bulan."), "months")
    wishes = ageing.read_wishes(typed, ids) if answer == "mark_down" else {}
    return Answer(answer, f"{current_user.name[:40]}, lewat HP", until, wishes)


def _thanks(answer: str) -> str:
    if answer == "collect":
        return _("Terima kasih. Silakan datang ke galeri, bawa kartu Anda. Barangnya kami siapkan.")
    if answer == "mark_down":
        return _("Terima kasih. Pengelola melihat harga yang Anda minta, lalu mengubahnya.")
    return _("Terima kasih. Barang tetap di galeri sampai tanggal itu.")


@my_asks.get("/my/proposals")
@allow(CRAFTER)
def proposals() -> ResponseReturnValue:
    """New goods that were proposed, and what the office said."""
    return render_template("my/proposals.html", proposals=proposal.own(current_user.crafter_id))


@my_asks.route("/my/proposals/new", methods=["GET", "POST"])
@allow(CRAFTER)
def propose() -> ResponseReturnValue:
    """Propose new goods, with a photo."""
    typed, errors = Typed.of(request.form), {}
    if request.method == "POST":
        try:
            photo = photos.sent(typed, request.files.get("photo"))
            proposal.propose(typed, photo, current_user, typed.get("request_id", ""))
        except Refusal as refusal:
            errors = errors_of(refusal)
        else:
            flash(_("Usulan terkirim. Jawaban galeri muncul di sini."), "done")
            return redirect(url_for("my_asks.proposals"), 303)
    page = render_template("my/propose.html", typed=typed, errors=errors, categories=draft.category_words())
    return page, REFUSED if errors else 200


@my_asks.get("/my/settings")
@allow(CRAFTER)
def settings() -> ResponseReturnValue:
    """Who the crafter is to the showroom, and what they may change themselves."""
    crafter = own_crafter(reading(), current_user.crafter_id, current_user.showroom_id)
    return render_template(
        "my/settings.html", crafter=crafter, bank=bank_words(crafter.bank_name, crafter.bank_account),
        asked=change_request.own(current_user.crafter_id),
    )  # fmt: skip


@my_asks.route("/my/change/<kind>", methods=["GET", "POST"])
@allow(CRAFTER)
def change(kind: str) -> ResponseReturnValue:
    """Ask the office for another phone number or bank account."""
    if kind not in change_request.KINDS:
        raise NotHere
    typed, errors = Typed.of(request.form), {}
    if request.method == "POST":
        try:
            change_request.ask(kind, typed, current_user, typed.get("request_id", ""))
        except Refusal as refusal:
            errors = errors_of(refusal)
        else:
            flash(_("Terkirim. Galeri memeriksanya dulu, biasanya dengan menelepon Anda."), "done")
            return redirect(url_for("my_asks.settings"), 303)
    crafter = own_crafter(reading(), current_user.crafter_id, current_user.showroom_id)
    context: dict[str, Any] = {"bank": bank_words(crafter.bank_name, crafter.bank_account)}
    typed.pop("pin", None)
    page = render_template("my/change.html", kind=kind, crafter=crafter, typed=typed, errors=errors, **context)
    return page, REFUSED if errors else 200
