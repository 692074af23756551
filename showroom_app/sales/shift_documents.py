"""A shift's report in words: the same sections on the screen, on the receipt printer and as a PDF."""

from typing import Any

from flask_babel import force_locale
from flask_babel import gettext as _

from showroom_app.lib import document
from showroom_app.lib.money import format_number, format_rupiah
from showroom_app.sales.cash_move import kind_words, signed
from showroom_app.sales.receipt import tender_words
from showroom_app.sales.shift_report import ShiftReport, report
from showroom_app.web.filters import moment, short_hash

Row = dict[str, Any]


def _row(label: str, value: str, strong: bool = False) -> Row:
    return {"label": label, "value": value, "strong": strong}


def sections(told: ShiftReport) -> list[dict[str, Any]]:
    """What a report says, part by part; each row a label, a value, and whether it is a sum."""
    tenders, words = tender_words(), kind_words()
    services = {"showroom": _("Jasa untuk galeri"), "driver": _("Jasa diteruskan ke sopir")}
    net = told.gross - told.discount + sum(told.services.values()) + told.rounding
    sold = [
        _row(_("Penjualan"), _("%(n)s kali, %(pieces)s barang", n=told.sales, pieces=told.pieces)),
        _row(_("Harga barang"), format_rupiah(told.gross)),
        *([_row(_("Diskon"), format_rupiah(-told.discount))] if told.discount else []),
        *(_row(services[payee], format_rupiah(amount)) for payee, amount in told.services.items()),
        *([_row(_("Pembulatan tunai"), format_rupiah(told.rounding))] if told.rounding else []),
        _row(_("Jumlah penjualan"), format_rupiah(net), True),
    ]
    paid = [_row(tenders[name], format_rupiah(amount)) for name, amount in told.taken.items() if amount]
    back = [_row(tenders[name], format_rupiah(-amount)) for name, amount in told.returned.items()]
    undone = {"showroom": _("termasuk jasa galeri"), "driver": _("termasuk jasa sopir")}
    back += [_row(undone[payee], format_rupiah(-amount)) for payee, amount in told.services_back.items()]
    back_in_cash = told.returned.get("cash", 0)
    drawer = [
        _row(_("Modal awal"), format_rupiah(told.shift.float_rupiah)),
        _row(_("Uang tunai diterima"), format_rupiah(told.taken["cash"] + told.change)),
        *([_row(_("Kembalian"), format_rupiah(-told.change))] if told.change else []),
        *([_row(_("Retur tunai"), format_rupiah(-back_in_cash))] if back_in_cash else []),
        *(_row(f"{words[move.kind]}: {move.reason}", format_rupiah(signed(move))) for move in told.moves),
        *([_row(_("Dibayarkan ke perajin, dengan kasbon"), format_rupiah(-told.payouts))] if told.payouts else []),
        _row(_("Seharusnya di laci"), format_rupiah(told.expected), True),
    ]
    if told.shift.closed_at is not None:
        drawer += [_row(_("Dihitung"), format_rupiah(told.shift.counted_rupiah), True)]
    parts = [{"title": _("Penjualan"), "rows": sold}, {"title": _("Cara bayar"), "rows": paid}]
    if back:
        parts.append({"title": _("Retur pembeli, %(n)s kali", n=told.refunds), "rows": back})
    return [part for part in [*parts, {"title": _("Uang tunai"), "rows": drawer}] if part["rows"]]


def shift_pdf(shift_id: int) -> bytes:
    """The report as a PDF; of a closed shift the same bytes every time."""
    with force_locale("id"):  # on paper for the office, whoever prints it
        told = report(shift_id)
        shift, room, closed = told.shift, told.room, told.shift.closed_at is not None
        difference = None
        if closed:
            label = (
                _("Selisih lebih") if told.difference > 0 else _("Selisih kurang") if told.difference else _("Selisih")
            )
            value = format_rupiah(told.difference)
            difference = {"label": label, "value": value, "note": shift.difference_note}
        content = {
            "kind": "Z" if closed else "X",
            "showroom": {"name": room["name"], "address": room["address"] or room["place"]},
            "desk": told.desk_name, "attendant": told.user_name, "opened": moment(shift.opened_at),
            "closed": moment(shift.closed_at) if closed else "", "number": "",
            "sections": sections(told),
            "counts": [
                {
                    "denomination": format_rupiah(row.worth) if row.worth > 1 else _("Lainnya"),
                    "pieces": format_number(row.pieces), "amount": format_rupiah(row.worth * row.pieces),
                }
                for row in told.counts
            ],
            "difference": difference, "hash": short_hash(told.hash),
            "entry_number": f"{shift.code}-{told.entry_number}" if told.entry_number else "",
        }  # fmt: skip
    return document.render("shift_report", content, made_at=shift.closed_at or shift.opened_at)
