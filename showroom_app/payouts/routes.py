"""Screens of payouts: balances and choosing whom to pay, the batch, one kuitansi, undoing."""

from datetime import date
from typing import Any, cast

from flask import Blueprint, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from showroom_app.extensions import now, reading
from showroom_app.lib.clock import jakarta_date
from showroom_app.lib.money import in_notes
from showroom_app.lib.refusal import NotHere, Refusal
from showroom_app.lib.typed import Typed, row_id
from showroom_app.payouts import documents, due, history, reversal
from showroom_app.payouts import payout as payouts_verbs
from showroom_app.payouts.payout import Method, Pay
from showroom_app.payouts.statement import method_words, payout_number
from showroom_app.people import change_request
from showroom_app.people.showrooms import showroom_row
from showroom_app.sales.shift import shift_of
from showroom_app.web.access import MANAGER, allow
from showroom_app.web.downloads import csv, pdf
from showroom_app.web.htmx import REFUSED, errors_of
from showroom_app.web.pages import render_template

payouts = Blueprint("payouts", __name__)


@payouts.get("/payouts")
@allow(MANAGER)
def balances() -> ResponseReturnValue:
    """Whom to pay: every crafter's balance, those with something due chosen already."""
    return _balances(Typed.of(request.args), {})


def _balances(typed: Typed, errors: dict[str, str], status: int = 200, **more: Any) -> ResponseReturnValue:
    until = _until(typed) or jakarta_date(now())
    room = showroom_row(current_user.showroom_id)
    assert room is not None
    rows, new_banks = due.balances(current_user.showroom_id), change_request.new_banks(current_user.showroom_id)
    for row in rows:
        row["new_bank"] = new_banks.get(row["id"], "")
        row["due"] = due.due_until(reading(), row["account_id"], until) if row["owed"] else 0
        row["usual"] = "transfer" if row["bank_account"] else "office"
        row["bank"] = payouts_verbs.bank_words(row["bank_name"], row["bank_account"])
        row["below"] = 0 < row["due"] < room.payout_rupiah_min
        row["chosen"] = bool(typed.get(f"pay{row['id']}")) if request.method == "POST" else _usual(row)
    page = render_template(
        "payouts/balances.html", rows=rows, typed=typed, errors=errors, until=until, room=room,
        has_drawer=shift_of(current_user.id) is not None, words=method_words(),
        next_payday=due.next_payday(current_user.showroom_id), **more,
    )  # fmt: skip
    return page, status


def _usual(row: dict[str, Any]) -> bool:
    return bool(row["due"] > 0 and not row["below"] and row["active"])


def _until(typed: Typed) -> date | None:
    try:
        return date.fromisoformat(typed.get("until", ""))
    except ValueError:
        return None


@payouts.post("/payouts")
@allow(MANAGER)
def pay() -> ResponseReturnValue:
    """Look at what was chosen; with `list`, take its transfers to the bank; with `confirm`, pay it."""
    typed = Typed.of(request.form)
    until = _until(typed)
    try:
        if until is None:
            raise Refusal(_("Pilih tanggalnya, misalnya hari ini."), "until")
        pays = _pays(typed)
        if not pays:
            raise Refusal(_("Pilih dulu perajin yang dibayar."))
        if not typed.flag("confirm"):
            _must_be_due(pays, until)
        if typed.flag("list"):
            return csv(documents.bank_list_of(pays, current_user.showroom_id), "transfer.csv")
        asked = _asked(pays)
        if not typed.flag("confirm"):
            return _balances(typed, {}, asked=asked)
        if (asked["cash"] and not typed.flag("counted")) or (asked["sent"] and not typed.flag("transferred")):
            unticked = _("Centang dulu bahwa uangnya sudah dihitung dan dikirim.")
            return _balances(typed, {"": unticked}, REFUSED, asked=asked)
        outcome = payouts_verbs.pay(pays, until, current_user, typed.get("request_id", ""))
    except Refusal as refusal:
        return _balances(typed, errors_of(refusal), REFUSED)
    for sentence in outcome.refused.values():
        flash(sentence, "bad")
    return redirect(url_for("payouts.batch", batch_id=outcome.batch_id), 303)


def _must_be_due(pays: list[Pay], until: date) -> None:
    """Refuses sums that are not what is due up to that day: another day was chosen, or something happened since."""
    rows = {row["id"]: row for row in due.balances(current_user.showroom_id)}
    for one in pays:
        row = rows.get(one.crafter_id)
        if row is None:
            raise NotHere
        owed = due.due_until(reading(), row["account_id"], until)
        if owed != one.amount:
            raise Refusal(payouts_verbs.another_sum(row["name"], owed))


def _pays(typed: Typed) -> list[Pay]:
    """Those ticked: pay12, with amount12, method12 and, for a transfer, reference12."""
    found = []
    for name, value in typed.items():
        if not name.startswith("pay") or not name[3:].isdecimal() or not value:
            continue
        number = name[3:]
        try:
            crafter_id, amount = row_id(number), row_id(typed.get(f"amount{number}", ""))
        except ValueError:
            raise Refusal(_("Formulir ini tidak lengkap. Muat ulang halaman, lalu coba lagi.")) from None
        method = cast(Method, typed.get(f"method{number}", ""))
        reference = typed.line(f"reference{number}") if method == "transfer" else ""
        receiver = {"received_by": typed.line(f"receiver{number}"), "relation": typed.line(f"relation{number}")}
        found.append(Pay(crafter_id, amount, method, reference or _shared(typed, method), **receiver))
    return found


def _shared(typed: Typed, method: str) -> str:
    return typed.line("reference") if method == "transfer" else ""


def _asked(pays: list[Pay]) -> dict[str, Any]:
    """What the confirmation says: how many, how much by which way, and the notes to prepare."""
    cash = sum(one.amount for one in pays if one.method != "transfer")
    sent = [one for one in pays if one.method == "transfer"]
    return {
        "count": len(pays), "total": sum(one.amount for one in pays), "cash": cash, "cash_count": len(pays) - len(sent),
        "sent": sum(one.amount for one in sent), "sent_count": len(sent), "notes": in_notes(cash),
        "odd": in_notes(cash).get(1, 0),
        "no_reference": any(not one.reference for one in sent),
    }  # fmt: skip


@payouts.get("/payouts/batches/<int:batch_id>")
@allow(MANAGER)
def batch(batch_id: int) -> ResponseReturnValue:
    """What was paid in one act, to print and to send to the bank."""
    told = history.batch(batch_id, current_user.showroom_id)
    if told is None:
        raise NotHere
    return render_template("payouts/batch.html", batch=told, words=method_words())


@payouts.get("/payouts/batches/<int:batch_id>/receipts.pdf")
@allow(MANAGER)
def batch_pdf(batch_id: int) -> ResponseReturnValue:
    """Every kuitansi of a batch in one PDF."""
    rows = history.payouts_of(batch_id, current_user.showroom_id)
    if not rows:
        raise NotHere
    return pdf(documents.receipts_pdf(rows), f"kuitansi-{batch_id}.pdf")


@payouts.get("/payouts/batches/<int:batch_id>/bank.csv")
@allow(MANAGER)
def bank_csv(batch_id: int) -> ResponseReturnValue:
    """The batch's transfers as a list for the bank."""
    if not history.payouts_of(batch_id, current_user.showroom_id):
        raise NotHere
    return csv(documents.bank_list(batch_id, current_user.showroom_id), f"transfer-{batch_id}.csv")


@payouts.get("/payouts/history")
@allow(MANAGER)
def past() -> ResponseReturnValue:
    """Payouts and advances so far, newest first; each list goes back by itself."""
    here = {name: request.args.get(name, type=row_id) for name in ("before", "lent_before")}
    rows, more = history.past(current_user.showroom_id, here["before"])
    lent, more_lent = history.advances(current_user.showroom_id, here["lent_before"])
    more_url = url_for("payouts.past", **here | {"before": rows[-1].id}) if more else None
    lent_url = url_for("payouts.past", **here | {"lent_before": lent[-1].id}, _anchor="lent") if more_lent else None
    return render_template(
        "payouts/history.html", payouts=rows, more_url=more_url, advances=lent, lent_url=lent_url, words=method_words()
    )


@payouts.get("/payouts/<int:payout_id>")
@allow(MANAGER)
def payout(payout_id: int) -> ResponseReturnValue:
    """One payout: what it paid for, its kuitansi, and undoing it."""
    return _payout(payout_id, Typed(), {})


def _payout(payout_id: int, typed: Typed, errors: dict[str, str], status: int = 200) -> ResponseReturnValue:
    row = payouts_verbs.payout_row(reading(), payout_id, current_user.showroom_id)
    page = render_template(
        "payouts/payout.html", payout=row, number=payout_number(row.code, row.number), words=method_words(),
        lines=documents.lines_of(row), typed=typed, errors=errors,
    )  # fmt: skip
    return page, status


@payouts.get("/payouts/<int:payout_id>/receipt.pdf")
@allow(MANAGER)
def payout_pdf(payout_id: int) -> ResponseReturnValue:
    """The kuitansi."""
    row = payouts_verbs.payout_row(reading(), payout_id, current_user.showroom_id)
    return pdf(documents.receipts_pdf([row]), f"{payout_number(row.code, row.number)}.pdf")


@payouts.post("/payouts/<int:payout_id>/reversal")
@allow(MANAGER)
def reverse(payout_id: int) -> ResponseReturnValue:
    """Undo a payout, with a reason."""
    typed = Typed.of(request.form)
    try:
        reversal.undo_payout(payout_id, typed.line("reason"), current_user, typed.get("request_id", ""))
    except Refusal as refusal:
        return _payout(payout_id, typed, errors_of(refusal), REFUSED)
    flash(_("Pembayaran dibatalkan. Jumlahnya kembali ke saldo perajin."), "done")
    return redirect(url_for("payouts.payout", payout_id=payout_id), 303)
