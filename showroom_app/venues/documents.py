"""The note that travels with goods (surat jalan), as PDF."""

from typing import Any

from flask_babel import force_locale

from showroom_app.lib import document
from showroom_app.lib.money import format_number, format_rupiah
from showroom_app.web.filters import day, short_date, short_hash


def transfer_note(told: dict[str, Any]) -> bytes:
    """A note of goods on the way, to be signed by who brings and who receives; the same bytes every time."""
    one, words = told["note"], told["words"]
    there = " · ".join(filter(None, (words["venue"], words["venue_address"])))
    here = " · ".join(filter(None, (words["showroom"], words["address"])))
    with force_locale("id"):
        content = {
            "showroom": {"name": words["showroom"], "address": words["address"]},
            "number": one["number"], "date": day(one["at"]),
            "from": here if one["direction"] == "out" else there, "to": there if one["direction"] == "out" else here,
            "lines": [
                {
                    "code": line.code, "name": line.name, "quantity": format_number(line.quantity),
                    "price": format_rupiah(line.price),
                }
                for line in told["lines"]
            ],
            "totals": {"quantity": format_number(one["pieces"]), "value": format_rupiah(one["value"])},
            "carrier": one["carrier"], "attendant": words["attendant"], "hash": short_hash(one["hash"]),
            "place_date": f"{words['place'].split(',')[-1].strip()}, {short_date(one['at'])}".lstrip(", "),
        }  # fmt: skip
    return document.render("transfer_note", content, made_at=one["at"])
