"""Reading the payment form: one way to pay, or several at once ("campur")."""

from collections.abc import Mapping
from typing import cast

from flask_babel import gettext as _

from showroom_app.lib.money import parse_rupiah
from showroom_app.lib.refusal import Refusal
from showroom_app.lib.typed import row_id, tidy_line
from showroom_app.sales.checkout import Tender, Tendered
from showroom_app.sales.shift import TENDERS

TYPED_MAX = 200
MIXED = "mixed"
PAY_FIELDS = (
    "tender", "received", "seen", "reference", "request_id",
    *(f"{field}_{tender}" for tender in TENDERS for field in ("amount", "reference")),
)  # fmt: skip
NOTHING_PAID = dict.fromkeys((*PAY_FIELDS, "error"), "")


def typed_payment(form: Mapping[str, str]) -> dict[str, str]:
    """The payment's fields as typed, to be read and, when something is wrong, to be shown again."""
    return {field: tidy_line(form.get(field, ""))[:TYPED_MAX] for field in PAY_FIELDS} | {"error": ""}


def seen_figures(form: Mapping[str, str]) -> tuple[int, int]:
    """The basket's version and total that the screen showed when the button was pressed."""
    try:
        return row_id(form["version"]), row_id(form["total"])
    except (KeyError, ValueError):
        raise Refusal(_("Formulir ini tidak lengkap. Muat ulang halaman, lalu coba lagi.")) from None


def tendered(pay: Mapping[str, str], total: int) -> list[Tendered]:
    """Cash as counted; QRIS, transfer and card only when the money was seen to arrive."""
    if pay["tender"] == "cash":
        return [Tendered("cash", _amount(pay["received"] or ("0" if not total else "")))]
    if pay["tender"] not in (*TENDERS, MIXED):
        raise Refusal(_("Pilih cara bayar."), "tender")
    if pay["tender"] == MIXED:
        told = [
            Tendered(cast(Tender, tender), _amount(pay[f"amount_{tender}"]), pay[f"reference_{tender}"])
            for tender in TENDERS
            if pay[f"amount_{tender}"] not in ("", "0")
        ]
        if not told:
            raise Refusal(_("Isi jumlah untuk setiap cara bayar, misalnya 100.000 tunai dan sisanya QRIS."), "received")
    else:
        told = [Tendered(cast(Tender, pay["tender"]), total, pay["reference"])]
    if not pay["seen"] and any(each.tender != "cash" for each in told):
        raise Refusal(_("Lihat HP galeri dulu, lalu centang bahwa uangnya sudah masuk."), "seen")
    return told


def _amount(text: str) -> int:
    try:
        return parse_rupiah(text)
    except ValueError:
        raise Refusal(_("Isi uang yang diterima, misalnya 100.000."), "received") from None
