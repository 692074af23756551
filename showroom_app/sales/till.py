"""What the till shows: one read of the basket, its total, and the ways to pay."""

from typing import Any

from sqlalchemy import Connection, bindparam, select

from showroom_app.extensions import AnyRow, db
from showroom_app.lib.money import quick_amounts
from showroom_app.people.models import Showroom
from showroom_app.sales import basket as baskets

_ROOM = select(Showroom.qris_file, Showroom.bank_note).where(Showroom.id == bindparam("showroom"))


def till_view(basket: AnyRow) -> dict[str, Any]:
    """Everything the till's fragment needs for a basket at this user's desk."""
    conn = db.session.connection()
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
        **_ways_to_pay(conn, basket.showroom_id),
    }  # fmt: skip


def _ways_to_pay(conn: Connection, showroom_id: int) -> dict[str, Any]:
    room = conn.execute(_ROOM, {"showroom": showroom_id}).one()
    return {"qris_file": room.qris_file, "bank_note": room.bank_note}
