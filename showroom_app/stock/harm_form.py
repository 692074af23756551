"""The form that notes damage or loss: on a piece's page, of goods on the way, and what it shares with a count's."""

from collections.abc import Mapping
from typing import Any

from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy import column, select, table

from showroom_app.extensions import AnySelect, reading
from showroom_app.lib.refusal import Refusal
from showroom_app.lib.typed import Typed, parse_count, row_id
from showroom_app.stock import write_off
from showroom_app.stock.write_off import Harm
from showroom_app.web.htmx import REFUSED
from showroom_app.web.pages import render_template

KINDS = ("damaged", "lost")


def page(
    item: Any, there: Mapping[str, int], typed: Typed, errors: dict[str, str], note: Mapping[str, Any] | None = None
) -> ResponseReturnValue:
    """The form for an item, with what its crafter would get, in rupiah. `there`: how many pieces are where; of goods on
    the way by a `note` they can only be lost."""
    lies = there.get("damaged", 0)
    paid = write_off.paid_for(reading(), item.id, lies) if lies else 0
    kinds = KINDS if note is None and set(there) != {"damaged"} else ("lost",)
    typed = typed or Typed(quantity="1")
    if errors and there and (typed.get("kind", kinds[0]) not in kinds or typed.get("place") not in (None, *there)):
        moved = _("Barangnya sudah tidak di tempat itu. Periksa lagi formulir ini sebelum mencatat.")
        errors = {field: said for field, said in errors.items() if field not in ("kind", "quantity")} | {"": moved}
    typed["kind"] = typed["kind"] if typed.get("kind") in kinds else kinds[0]
    typed["place"] = typed["place"] if typed.get("place") in there else next(iter(there), "")
    shown = render_template(
        "stock/write_off_new.html", item=item, there=there, typed=typed, errors=errors, kinds=kinds, note=note,
        words=write_off.kind_words(), rules=write_off.item_with_rules(reading(), item.id), places=_places(there),
        share=write_off.promised(reading(), {item.id: 1})[item.id], paid=paid,
    )  # fmt: skip
    return shown, REFUSED if errors else 200


def _places(there: Mapping[str, int]) -> dict[str, str]:
    """What each place is called."""
    words = {"shelf": _("Dari rak"), "damaged": _("Yang sudah rusak")}
    ids = [row_id(place.partition("-")[2]) for place in there if place.startswith("venue-")]
    # The floor above knows venues; what they are called is all that matters here.
    named: AnySelect = select(column("id"), column("name")).select_from(table("venue")).where(column("id").in_(ids))
    return words | {f"venue-{row.id}": _("Di %(venue)s", venue=row.name) for row in reading().execute(named)}


def asked(item_id: int, typed: Typed) -> Harm:
    """What the form says happened. Refuses a number of pieces that is none."""
    try:
        quantity = parse_count(typed.get("quantity", ""))
    except ValueError:
        raise Refusal(_("Isi jumlah dengan angka bulat, misalnya 2."), "quantity") from None
    place, _dash, venue = typed.get("place", "shelf").partition("-")
    return Harm(
        item_id, typed.get("kind", ""), quantity, typed.line("reason"), place, typed["kept"], compensate(typed),
        row_id(venue) if venue.isascii() and venue.isdigit() and len(venue) < 19 else None,
    )  # fmt: skip


def compensate(typed: Typed) -> bool | None:
    """Whether the crafter is paid; None: as the settings say."""
    return {"yes": True, "no": False}.get(typed.get("compensate", ""))
