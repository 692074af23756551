"""What the journal can be narrowed to, and reading that out of an address."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import select

from showroom_app.extensions import AnyRow, reading
from showroom_app.journal.words import account_kinds, entry_kinds
from showroom_app.lib.refusal import FormRefusal, Refusal
from showroom_app.lib.typed import Typed, row_id
from showroom_app.people.models import Crafter, User
from showroom_app.people.showrooms import desks
from showroom_app.web.access import CRAFTER

LISTED_MAX = 500
YEAR_MIN, YEAR_MAX = 2000, 2100


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a list of entries is narrowed to; what is not given narrows nothing. `until` is the last day itself."""

    desk_id: int | None = None
    since: date | None = None
    until: date | None = None
    account_kind: str = ""
    crafter_id: int | None = None
    actor_id: int | None = None
    kind: str = ""


def choices(showroom_id: int) -> dict[str, Any]:
    """Everything that the form offers, each as (value, words)."""
    crafters = select(Crafter.id, Crafter.name).where(Crafter.showroom_id == showroom_id)
    listed = reading().execute(crafters.order_by(Crafter.name, Crafter.id).limit(LISTED_MAX))
    return {
        "desks": [(str(desk.id), f"{desk.name} ({desk.code})") for desk in desks(showroom_id)],
        "accounts": list(account_kinds().items()),
        "crafters": [(f"crafter-{row.id}", row.name) for row in listed],
        "people": [(str(row.id), row.name) for row in staff(showroom_id)],
        "kinds": list(entry_kinds().items()),
    }


def staff(showroom_id: int) -> list[AnyRow]:
    """Who writes in a showroom's book, by name; also those who no longer do."""
    query = select(User.id, User.name).where(User.showroom_id == showroom_id, User.role != CRAFTER)
    return list(reading().execute(query.order_by(User.name, User.id).limit(LISTED_MAX)))


def wanted(typed: Typed, offered: dict[str, Any]) -> Wanted:
    """What was asked for. Refuses dates that are none or run backwards, and what was never offered."""
    errors: dict[str, str] = {}
    days: dict[str, date | None] = {}
    for field in ("from", "to"):
        try:
            days[field] = _day(typed.get("day", "") or typed.get(field, ""))
        except ValueError:
            errors[field] = _("Isi tanggal dengan benar, misalnya 24-11-2026.")
    since, until = days.get("from"), days.get("to")
    if since and until and until < since:
        errors["to"] = _("Tanggal akhir tidak boleh sebelum tanggal awal.")
    for field, lists in (
        ("desk", ["desks"]), ("account", ["accounts", "crafters"]), ("person", ["people"]), ("kind", ["kinds"])
    ):  # fmt: skip
        if typed.get(field) and all(typed[field] != value for name in lists for value, _words in offered[name]):
            errors[field] = _("Pilih dari daftarnya.")
    if errors:
        raise FormRefusal(errors)
    account = typed.get("account", "")
    crafter = account.removeprefix("crafter-") if account.startswith("crafter-") else ""
    return Wanted(
        number(typed, "desk"), since, until, "" if crafter else account, row_id(crafter) if crafter else None,
        number(typed, "person"), typed.get("kind", ""),
    )  # fmt: skip


def _day(text: str) -> date | None:
    """A day as browsers send it; ValueError for what is none, or far from any shop's time."""
    if not text:
        return None
    day = date.fromisoformat(text)
    if not YEAR_MIN <= day.year < YEAR_MAX:
        raise ValueError("no day of this shop")
    return day


def number(typed: Typed, field: str) -> int | None:
    """The id in a field; none where it is empty."""
    return row_id(typed[field]) if typed.get(field) else None


def must_be_offered(value: str, offered: list[tuple[str, str]], field: str) -> None:
    """Refuses what is not in a list."""
    if value and all(value != one for one, _words in offered):
        raise Refusal(_("Pilih dari daftarnya."), field)
