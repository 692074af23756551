"""Another price or other terms, for one item or many: agreed with the crafter, kept with what was before. What was sold
stays as it was sold."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import Connection, insert, select, update

from showroom_app.extensions import AnyRow, reading
from showroom_app.ledger.act import Act, begin_act, verb
from showroom_app.ledger.models import IS_THERE, Balance
from showroom_app.lib.clock import jakarta_date
from showroom_app.lib.money import PRICE_MAX, Terms, format_rupiah, share_of
from showroom_app.lib.refusal import NotHere, Refusal
from showroom_app.people import activity
from showroom_app.stock.items import standing_accounts
from showroom_app.stock.life_models import ItemChange
from showroom_app.stock.models import Item, Product
from showroom_app.web.access import MANAGER, SignedIn

ITEMS_MAX = 2_000
REASON_MAX = 120
ASKED_BY = ("showroom", "crafter")
FIELDS = ("price", "terms_kind", "commission_bps", "net_price", "lowest_price")


@dataclass(frozen=True, slots=True)
class Agreed:
    """What is to change: another price in rupiah, or so much off in basis points; other terms; another lowest price
    (0 takes it away). What is None stays."""

    price: int | None = None
    off_bps: int | None = None
    terms: Terms | None = None
    lowest_price: int | None = None


@dataclass(frozen=True, slots=True)
class Why:
    """Who asked for it, on which day it was agreed, and why."""

    asked_by: str
    agreed_on: date
    reason: str


@verb
def change(
    item_ids: Sequence[int], agreed: Agreed, why: Why, user: SignedIn, request_id: str, *, at: datetime | None = None
) -> int:
    """Change the price or terms of items that stand somewhere; a new price asks for new labels. A manager's act.

    Returns how many changed. Refuses items that are no longer there, a price below the harga setor, a lowest price
    above the price, a day to come, no reason, and no change at all.
    """
    content = {
        "items": sorted(item_ids),
        "agreed": _plain(agreed),
        "why": asdict(why) | {"agreed_on": str(why.agreed_on)},
    }
    act = begin_act("item-change", request_id, content, user.id, at)
    if act.repeated:
        return int(act.result["changed"])
    _must_make_sense(item_ids, agreed, why, user, act)
    rows = _held(act.conn, item_ids, user)
    act.holds()  # a sale that was waited for has the old terms, and is earlier
    changes = [change for row in rows if (change := _changed(row, agreed))]
    if not changes:
        raise Refusal(_("Tidak ada yang berubah: harga dan kesepakatannya sudah begitu."))
    _write(act, changes, why, user)
    return int(act.commit(changed=len(changes))["changed"])


def _plain(agreed: Agreed) -> dict[str, Any]:
    return asdict(agreed) | {"terms": asdict(agreed.terms) if agreed.terms else None}


def _must_make_sense(item_ids: Sequence[int], agreed: Agreed, why: Why, user: SignedIn, act: Act) -> None:
    if user.role != MANAGER:
        raise Refusal(_("Harga dan kesepakatan hanya diubah pengelola."))
    if not item_ids or len(item_ids) > ITEMS_MAX:
        raise Refusal(_("Pilih dulu barangnya, paling banyak %(n)s sekali ubah.", n="2.000"))
    if agreed == Agreed():
        raise Refusal(_("Isi apa yang berubah: harga, kesepakatan, atau boleh kurang sampai berapa."), "price")
    if agreed.price is not None and not 1 <= agreed.price <= PRICE_MAX:
        raise Refusal(_("Harga antara Rp1 dan Rp1.000.000.000."), "price")
    if why.asked_by not in ASKED_BY:
        raise Refusal(_("Pilih siapa yang meminta."), "asked_by")
    if why.agreed_on > jakarta_date(act.at):
        raise Refusal(_("Tanggal itu belum tiba. Pilih hari ini atau sebelumnya."), "agreed_on")
    if not why.reason:
        raise Refusal(_("Tulis alasannya, misalnya sudah lama di rak."), "reason")


def _held(conn: Connection, item_ids: Sequence[int], user: SignedIn) -> list[AnyRow]:
    """The items, held until the transaction ends. Refuses what stands nowhere any more: not on the shelf, at a venue or
    on the way."""
    ids = sorted(set(item_ids))
    conn.execute(select(Item.id).where(Item.id.in_(ids)).order_by(Item.id).with_for_update()).all()
    query = select(Item.__table__, Product.name).join(Product, Product.id == Item.product_id).where(Item.id.in_(ids))
    rows = [row for row in conn.execute(query.order_by(Item.id)) if row.showroom_id == user.showroom_id]
    if len(rows) != len(ids):
        raise NotHere
    stands = standing_accounts(user.showroom_id)
    lying = select(Balance.unit).where(Balance.account_id.in_(stands), IS_THERE, Balance.unit.in_(ids))
    there = set(conn.execute(lying).scalars())
    for row in rows:
        if row.id not in there:
            raise Refusal(_("%(name)s %(code)s sudah tidak ada di rak.", name=row.name, code=row.code))
    return rows


def _changed(row: AnyRow, agreed: Agreed) -> tuple[AnyRow, dict[str, Any]] | None:
    """An item with its new values; None where nothing differs."""
    price = row.price if agreed.price is None else agreed.price
    if agreed.off_bps is not None:
        price = max(1, row.price - share_of(row.price, agreed.off_bps))
    terms = agreed.terms or Terms(row.terms_kind, row.commission_bps, row.net_price)
    lowest = row.lowest_price if agreed.lowest_price is None else agreed.lowest_price or None
    if agreed.lowest_price is None and lowest is not None:
        lowest = min(lowest, price)
    if terms.kind == "net_price" and terms.net_price > price:
        told = format_rupiah(terms.net_price)
        raise Refusal(
            _("%(name)s: harga jual harus di atas harga setor %(amount)s.", name=row.name, amount=told), "price"
        )
    if lowest is not None and lowest > price:
        raise Refusal(_("“Boleh kurang sampai” tidak boleh di atas harga jual."), "lowest_price")
    values = {
        "price": price, "terms_kind": terms.kind, "commission_bps": terms.commission_bps,
        "net_price": terms.net_price, "lowest_price": lowest,
    }  # fmt: skip
    return (row, values) if any(getattr(row, field) != values[field] for field in FIELDS) else None


def _write(act: Act, changes: list[tuple[AnyRow, dict[str, Any]]], why: Why, user: SignedIn) -> None:
    told = {
        "at": act.at, "user_id": user.id, "asked_by": why.asked_by, "agreed_on": why.agreed_on.isoformat(),
        "reason": why.reason[:REASON_MAX],
    }  # fmt: skip
    before = [{f"old_{field}": getattr(row, field) for field in FIELDS} for row, _values in changes]
    rows = [{"item_id": row.id} | told | old | values for (row, values), old in zip(changes, before, strict=True)]
    act.conn.execute(insert(ItemChange), rows)
    for row, values in changes:
        due = row.labels_due or values["price"] != row.price
        act.conn.execute(update(Item).where(Item.id == row.id).values(values | {"labels_due": due}))
        activity.changed(act.conn, user, "terms", f"item:{row.id}", row, values, act.at)


def standing(showroom_id: int, *, product_id: int | None = None, crafter_id: int | None = None) -> list[int]:
    """Ids of the items of a product, or of those that a crafter brought, that stand, on the shelf or elsewhere; one
    more than ITEMS_MAX means that there are more than can be changed at once."""
    lies = Balance.account_id.in_(standing_accounts(showroom_id))
    there = select(Balance.unit).where(Balance.unit == Item.id, lies, IS_THERE)
    whose = Item.product_id == product_id if product_id is not None else Item.crafter_id == crafter_id
    query = select(Item.id).where(Item.showroom_id == showroom_id, whose, there.exists()).order_by(Item.id)
    return list(reading().execute(query.limit(ITEMS_MAX + 1)).scalars())


def changes_of(conn: Connection, item_id: int) -> list[AnyRow]:
    """How an item's price and terms changed, oldest first."""
    return list(conn.execute(select(ItemChange.__table__).where(ItemChange.item_id == item_id).order_by(ItemChange.id)))
