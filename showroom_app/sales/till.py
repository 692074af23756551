"""What the till shows: one read of the basket, its total, and the ways to pay."""

from typing import Any

from showroom_app.extensions import AnyRow, reading
from showroom_app.lib.money import quick_amounts
from showroom_app.sales import basket as baskets


def till_view(basket: AnyRow) -> dict[str, Any]:
    """Everything the till's fragment needs for a basket at this user's desk."""
    conn = reading()
    lines = baskets.view_lines(conn, basket.id)
    total = sum(line.quantity * line.price for line in lines)
    return {
        "basket": {
            "id": basket.id, "version": basket.version, "lines": lines, "total": total,
            "pieces": sum(line.quantity for line in lines),
            "crafters": len({line.crafter_id for line in lines}),
            "desk_name": basket.desk_name, "opened_at": basket.opened_at, "shift_id": basket.shift_id,
        },
        "parked": baskets.parked(conn, basket.desk_id),
        "quick": quick_amounts(total) if total else [],
        "qris_file": basket.qris_file,
        "bank_note": basket.bank_note,
    }  # fmt: skip
