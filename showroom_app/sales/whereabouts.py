"""Why a piece can't go into a basket: each case in its own sentence."""

from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy import select

from showroom_app.extensions import AnyRow, now, reading
from showroom_app.ledger.models import MOVES_GOODS, Entry, Posting
from showroom_app.lib.clock import jakarta_date
from showroom_app.lib.refusal import Refusal
from showroom_app.people.models import Desk
from showroom_app.sales.models import Sale, SaleLine
from showroom_app.venues.where import places_of
from showroom_app.web.filters import clock, moment


class NotForSale(Refusal):
    """A piece that is not there to be sold; `item_id` names it, so that the screen can picture it."""

    def __init__(self, sentence: str, item_id: int) -> None:
        super().__init__(sentence)
        self.item_id = item_id


def why_not_here(item: AnyRow, showroom_id: int, in_basket: int) -> NotForSale:
    """The sentence for an item of which no (further) piece stands on this showroom's shelf."""
    if item.showroom_id != showroom_id:
        return NotForSale(_("Barang ini milik galeri lain, jadi tidak bisa dijual di sini."), item.id)
    if in_basket and item.on_shelf >= in_basket:
        if item.quantity == 1:
            return NotForSale(_("%(name)s sudah ada di keranjang ini.", name=item.name), item.id)
        return NotForSale(
            _("%(name)s tinggal %(n)s buah, semua sudah di keranjang.", name=item.name, n=item.on_shelf),
            item.id,
        )
    return gone(item.id, item.name)


def gone(item_id: int, name: str) -> NotForSale:
    """Where the last piece of an item went: where it stands instead, who sold it and when, or that it was handed
    back."""
    if places := places_of(reading(), item_id):
        sentence = _("%(name)s ada %(where)s, bukan di sini. Buat dan terima surat jalannya dulu.",
                     name=name, where=places[0].words())  # fmt: skip
        return NotForSale(sentence, item_id)
    return _went(item_id, name)


def _went(item_id: int, name: str) -> NotForSale:
    conn = reading()
    last = (
        select(Entry.id, Entry.kind, Entry.at)
        .join(Posting, Posting.entry_id == Entry.id)
        .where(Posting.unit == item_id, MOVES_GOODS)
        .order_by(Entry.id.desc())
        .limit(1)
    )
    entry = conn.execute(last).first()
    if entry is not None and entry.kind == "hand_back":
        return NotForSale(_("%(name)s sudah dikembalikan ke perajin, %(at)s.", name=name, at=moment(entry.at)), item_id)
    if entry is not None and entry.kind == "lost":
        return NotForSale(_("%(name)s tercatat hilang sejak %(at)s.", name=name, at=moment(entry.at)), item_id)
    if entry is not None and entry.kind in ("damaged", "found"):
        return NotForSale(_("%(name)s tercatat rusak sejak %(at)s.", name=name, at=moment(entry.at)), item_id)
    if entry is not None and entry.kind in ("refund", "void"):
        return NotForSale(_("%(name)s dikembalikan pembeli dan ditandai rusak.", name=name), item_id)
    sale = conn.execute(
        select(Sale.at, Desk.name)
        .join(SaleLine, SaleLine.sale_id == Sale.id)
        .join(Desk, Desk.id == Sale.desk_id)
        .where(SaleLine.item_id == item_id)
        .order_by(Sale.id.desc())
        .limit(1)
    ).first()
    if sale is None:
        return NotForSale(_("%(name)s tidak ada di rak.", name=name), item_id)
    return NotForSale(
        _("%(name)s sudah terjual di %(desk)s, %(at)s.", name=name, desk=sale.name, at=when(sale.at)),
        item_id,
    )


def when(at: datetime) -> str:
    """A moment beside a sentence: the time alone where it is today."""
    if jakarta_date(at) == jakarta_date(now()):
        return _("pukul %(time)s", time=clock(at))
    return moment(at)
