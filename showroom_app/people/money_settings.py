"""The showroom's money rules: discounts, payment, rounding, refunds, payouts, advances. Each change is logged."""

from typing import Any

from flask_babel import gettext as _

from showroom_app.extensions import begin_write, commit
from showroom_app.ledger.act import verb
from showroom_app.lib.money import PRICE_MAX, format_number, format_percent, parse_percent, parse_rupiah
from showroom_app.lib.refusal import FormRefusal
from showroom_app.lib.typed import Typed
from showroom_app.people.showrooms import change_rules
from showroom_app.web.access import SignedIn

TENDERS = ("cash", "qris", "transfer", "card")
BEARERS = ("shared", "showroom", "crafter")
ROUNDINGS = (0, 100, 500)
_AMOUNTS = ("refund_rupiah_max", "payout_rupiah_min", "advance_rupiah_max")


@verb
def save_money_settings(typed: Typed, manager: SignedIn) -> None:
    """Change the money rules. They hold from now on; what was sold, refunded or paid before stays as it was."""
    values = _checked(typed)
    change_rules(begin_write(), values, manager)
    commit()


def _checked(typed: Typed) -> dict[str, Any]:
    errors: dict[str, str] = {}
    values: dict[str, Any] = {"services_refundable": typed.flag("services_refundable")}
    for field, allowed in (("discount_bearer", BEARERS), ("paid_refund_bearer", ("crafter", "showroom"))):
        values[field] = typed.get(field, "")
        if values[field] not in allowed:
            errors[field] = _("Pilih salah satu.")
    try:
        values["discount_bps_max"] = parse_percent(typed.get("discount_percent_max", ""))
    except ValueError:
        errors["discount_percent_max"] = _("Isi persen antara 0 dan 100, misalnya 10.")
    rounding = typed.get("cash_rounding", "")
    values["cash_rounding"] = int(rounding) if rounding in map(str, ROUNDINGS) else 0
    if rounding not in map(str, ROUNDINGS):
        errors["cash_rounding"] = _("Pilih salah satu.")
    values["tenders"] = ",".join(tender for tender in TENDERS if typed.flag(f"tender_{tender}"))
    if not values["tenders"]:
        errors["tenders"] = _("Pilih paling sedikit satu cara bayar.")
    payday = typed.get("payday", "")
    values["payday"] = int(payday) if payday in tuple("0123456") else None
    if payday and values["payday"] is None:
        errors["payday"] = _("Pilih salah satu.")
    for field in _AMOUNTS:
        try:
            values[field] = parse_rupiah(typed.get(field, ""))
        except ValueError:
            values[field] = -1
        if not 0 <= values[field] <= PRICE_MAX:
            errors[field] = _("Isi jumlah dalam rupiah, misalnya 500.000.")
    if errors:
        raise FormRefusal(errors)
    return values


def as_typed(room: Any) -> Typed:
    """The rules as the form shows them."""
    typed = Typed({field: str(getattr(room, field)) for field in ("discount_bearer", "paid_refund_bearer")})
    typed["discount_percent_max"] = format_percent(room.discount_bps_max).rstrip("%")
    typed["cash_rounding"] = str(room.cash_rounding)
    typed["services_refundable"] = "1" if room.services_refundable else ""
    typed["payday"] = "" if room.payday is None else str(room.payday)
    typed |= {f"tender_{tender}": "1" for tender in room.tenders.split(",")}
    typed |= {field: format_number(getattr(room, field)) for field in _AMOUNTS}
    return Typed(typed)
