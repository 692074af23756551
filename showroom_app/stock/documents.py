"""Printed documents about goods: consignment notes and hand-back notes, as PDF."""

from datetime import date
from typing import Any

from flask_babel import force_locale

from showroom_app.extensions import AnyRow
from showroom_app.lib import document
from showroom_app.lib.money import Terms, format_number, format_rupiah
from showroom_app.people.routes import terms_words
from showroom_app.stock import intake, notes
from showroom_app.web.filters import day, short_date, short_hash


def note(row: AnyRow) -> bytes:
    """A received consignment note (nota titip) on A4, with places for two signatures; the same bytes every time."""
    # On paper for the crafter, so in Indonesian whoever prints it.
    with force_locale("id"):
        content = _note_content(row, notes.note(row), intake.typed_of(row)["words"])
    return document.render("consignment_note", content, made_at=row.received_at)


def _note_content(row: AnyRow, told: dict[str, Any], words: dict[str, str]) -> dict[str, Any]:
    totals = told["totals"]
    return {
        "paper": "a4",
        "showroom": {"name": words["showroom"], "address": words["address"]},
        "number": told["consignment"]["number"],
        "date": day(row.received_at),
        "crafter": {"name": words["crafter"], "about": words["about"]},
        "lines": [_note_line(line) for line in told["lines"]],
        "totals": {
            "quantity": format_number(totals["pieces"]),
            "price": format_rupiah(totals["value"]),
            "crafter": format_rupiah(totals["crafter"]),
        },
        "agreed_end": short_date(date.fromisoformat(row.agreed_until)) if row.agreed_until else "",
        "place_date": f"{words['place'].split(',')[-1].strip()}, {short_date(row.received_at)}".lstrip(", "),
        "attendant": words["attendant"],
    }


def _note_line(line: dict[str, Any]) -> dict[str, str]:
    terms: Terms = line["terms"]
    return {
        "name": line["name"],
        "quantity": format_number(line["quantity"]),
        "price": format_rupiah(line["price"]),
        "terms": terms_words(terms.kind, terms.commission_bps).capitalize(),
        "makers": line["makers"],
        "crafter_each": format_rupiah(line["crafter_share"]),
    }


def hand_back_note(told: dict[str, Any]) -> bytes:
    """A note of goods given back (retur titipan), to be signed by both; the same bytes every time."""
    one, words = told["note"], told["words"]
    with force_locale("id"):
        content = {
            "showroom": {"name": words["showroom"], "address": words["address"]},
            "number": one["number"], "date": day(one["at"]),
            "crafter": {"name": words["crafter"], "about": words["about"]},
            "lines": [
                {
                    "code": line.code, "name": line.name, "quantity": format_number(line.quantity),
                    "price": format_rupiah(line.price), "note": "rusak" if line.place == "damaged" else "",
                }
                for line in told["lines"]
            ],
            "totals": {"quantity": format_number(one["pieces"]), "value": format_rupiah(one["value"])},
            "reason": one["reason"], "receiver": one["received_by"] or words["crafter"],
            "receiver_note": f"{one['relation']}, mewakili {words['crafter']}" if one["received_by"] else "",
            "place_date": f"{words['place'].split(',')[-1].strip()}, {short_date(one['at'])}".lstrip(", "),
            "attendant": words["attendant"], "hash": short_hash(one["hash"]),
        }  # fmt: skip
    return document.render("hand_back_note", content, made_at=one["at"])
