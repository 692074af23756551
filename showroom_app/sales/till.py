"""What the till shows: one read of the basket, its figures, and the ways to pay."""

from typing import Any

from showroom_app.extensions import AnyRow, reading
from showroom_app.lib.money import quick_amounts
from showroom_app.sales import parking
from showroom_app.sales.pricing import figures, is_approved, needs_manager, too_much


def till_view(basket: AnyRow) -> dict[str, Any]:
    """Everything the till's fragment needs for a basket at this user's desk."""
    conn = reading()
    told = figures(conn, basket)
    approved = is_approved(basket, told.lines)
    return {
        "basket": {
            "id": basket.id, "version": basket.version, "lines": told.lines, "services": told.services,
            "gross": told.gross, "discount": told.discount, "service_total": told.service_total,
            "total": told.total, "cash_total": told.cash_total, "cash_rounding": basket.cash_rounding,
            "pieces": told.pieces,
            "crafters": len({line.item.crafter_id for line in told.lines}),
            "discount_reason": basket.discount_reason if basket.discount_bps or basket.discount_rupiah else "",
            "desk_name": basket.desk_name, "opened_at": basket.opened_at, "shift_id": basket.shift_id,
        },
        "not_at_all": next(filter(None, map(too_much, told.lines)), ""),
        "needs_manager": "" if approved else needs_manager(told.lines, basket.discount_bps_max),
        "tenders": basket.tenders.split(","),
        "parked": parking.parked(conn, basket.desk_id),
        "quick": quick_amounts(told.cash_total) if told.cash_total else [],
        "qris_file": basket.qris_file,
        "bank_note": basket.bank_note,
    }  # fmt: skip
