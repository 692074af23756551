"""Goods go back to their crafter unsold (retur titipan): they are never forfeited."""

from datetime import datetime

from flask_babel import gettext as _

from showroom_app.extensions import rollback
from showroom_app.ledger import book
from showroom_app.ledger.act import begin_act, verb
from showroom_app.ledger.book import Move
from showroom_app.lib.refusal import NotHere, Refusal
from showroom_app.stock.intake import office_desk
from showroom_app.stock.items import lock_item
from showroom_app.web.access import SignedIn


@verb
def hand_back(item_id: int, quantity: int, user: SignedIn, request_id: str, at: datetime | None = None) -> int:
    """Give pieces of an item back to their crafter. Refuses more than stand on the shelf. Returns the entry's id."""
    act = begin_act("hand-back", request_id, {"item": item_id, "quantity": quantity}, user.id, at)
    if act.repeated:
        return int(act.result["entry_id"])
    item = lock_item(act.conn, item_id)
    if item is None or item.showroom_id != user.showroom_id:
        raise NotHere
    accounts = book.accounts(act.conn, [("shelf", item.showroom_id), ("crafter", item.crafter_id)])
    shelf, crafter = accounts["shelf", item.showroom_id], accounts["crafter", item.crafter_id]
    there = book.balance(act.conn, shelf, unit=item_id)
    if not 1 <= quantity <= there:
        rollback()
        if there == 0:
            raise Refusal(_("Barang ini sudah tidak ada di rak."), "quantity")
        raise Refusal(_("Di rak ada %(n)s buah. Isi jumlah antara 1 dan %(n)s.", n=there), "quantity")
    moves = [Move(item_id, crafter, shelf, quantity)]
    posted = book.post(act, desk_id=office_desk(act.conn, item.showroom_id), kind="hand_back", moves=moves)
    return int(act.commit(entry_id=posted.entry_id)["entry_id"])
