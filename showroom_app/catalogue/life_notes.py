"""What the book knows nothing of in a piece's life: its labels, its name, and what counts of the shelf said of it."""

import json
from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import func, or_, select
from sqlalchemy.orm import aliased

from showroom_app.counting.models import Stocktake, StocktakeCount, StocktakeResult
from showroom_app.counting.words import place_words
from showroom_app.extensions import AnyRow, AnySelect, reading
from showroom_app.labels.models import LabelRun
from showroom_app.people.models import Activity, User
from showroom_app.stock.life_models import WriteOff
from showroom_app.stock.models import Product

Event = dict[str, Any]


def told(
    at: datetime, text: str, user_name: str | None = "", *, quantity: int = 0, url: str = "", about: str = ""
) -> Event:
    """One thing that happened."""
    return {"at": at, "text": text, "quantity": quantity, "user_name": user_name or "", "url": url, "about": about}


def counted(row: AnyRow) -> list[Event]:
    """The scans of it, and what the results of counts say: an ordinary one reads otherwise than one that was called out
    or that belongs to a count begun by mistake."""
    return [*_scanned(row), *_differed(row)]


def _scanned(row: AnyRow) -> list[Event]:
    query = _of_counts(StocktakeCount, row, StocktakeCount.user_id)
    return [
        told(
            one.at, _scan_words(one), one.user_name, quantity=one.pieces, url=f"/stocktakes/{one.stocktake_id}",
            about=_where(one) if one.status == "dropped" else "",
        )
        for one in reading().execute(query)
    ]  # fmt: skip


def _scan_words(one: AnyRow) -> str:
    if one.status == "dropped":
        return _("Dipindai di stok opname yang dibatalkan")
    where = _where(one)
    return _("Muncul di stok opname, padahal %(where)s", where=where) if where else _("Dihitung di stok opname")


def _where(one: AnyRow) -> str:
    """Where the book had what was scanned nevertheless."""
    return "" if one.place == "shelf" or not one.pieces else place_words()[one.place]


def _differed(row: AnyRow) -> list[Event]:
    """What was missing, or more than there should be; and why, in the words of who explained it. What was booked as
    lost is in the book. Of what was called out, the scan has told already."""
    settler, events = aliased(User), []
    query = (
        _of_counts(StocktakeResult, row, Stocktake.closed_by)
        .add_columns(settler.name.label("settler"))
        .outerjoin(settler, settler.id == StocktakeResult.settled_by)
        .where(StocktakeResult.kind.in_(("missing", "unexpected")))
    )
    for one in reading().execute(query):
        url, off = f"/stocktakes/{one.stocktake_id}", one.counted - one.expected
        if one.place == "shelf":
            text = _("Kurang di stok opname") if off < 0 else _("Lebih di stok opname")
            events.append(told(one.closed_at, text, one.user_name, quantity=abs(off), url=url))
        if one.settled_at is not None and one.write_off_id is None:
            text = _("Selisih stok opname dijelaskan")
            events.append(told(one.settled_at, text, one.settler, url=url, about=one.reason))
    return events


def _of_counts(table: type[StocktakeCount] | type[StocktakeResult], row: AnyRow, who: Any) -> AnySelect:
    """An item's rows in the counts of its own showroom, with who scanned, or closed."""
    return (
        select(table.__table__, Stocktake.status, Stocktake.closed_at, User.name.label("user_name"))
        .join(Stocktake, Stocktake.id == table.stocktake_id)
        .join(User, User.id == who)
        .where(Stocktake.showroom_id == row.showroom_id, table.item_id == row.id)
    )


def lost_after_count(item_id: int) -> set[int]:
    """The entries by which a manager booked it as lost because a count had missed it."""
    query = (
        select(WriteOff.entry_id)
        .join(StocktakeResult, StocktakeResult.write_off_id == WriteOff.id)
        .where(WriteOff.item_id == item_id)
    )
    return set(reading().execute(query).scalars())


def swapped(row: AnyRow) -> list[Event]:
    """That its label was mixed up with another's."""
    query = _logged("label-swap").where(Activity.subject == f"item:{row.id}")
    events = []
    for one in reading().execute(query):
        before, after = json.loads(one.before), json.loads(one.after)
        text = _("Kode label %(old)s menjadi %(new)s", old=before["code"], new=after["code"])
        events.append(told(one.at, text, one.user_name, about=after.get("reason", "")))
    return events


def named(row: AnyRow) -> list[Event]:
    """That its kind is called otherwise, or became one with another: of all kinds that are one now."""
    kinds = select(Product.id).where(
        Product.crafter_id == row.crafter_id,
        or_(Product.id == row.product_id, Product.merged_into_id == row.product_id),
    )
    subjects = [f"product:{product_id}" for product_id in reading().execute(kinds).scalars()]
    query = _logged("product", "product-merge").where(Activity.subject.in_(subjects), Activity.at >= row.received_at)
    events = []
    for one in reading().execute(query):
        before, after = json.loads(one.before), json.loads(one.after)
        if one.kind == "product-merge":
            text = _("%(name)s digabung ke %(into)s", name=after["name"], into=after["into"])
        elif "name" in after:
            text = _("Nama %(old)s menjadi %(new)s", old=before["name"], new=after["name"])
        else:
            continue
        events.append(told(one.at, text, one.user_name))
    return events


def _logged(*kinds: str) -> AnySelect:
    """Lines of the activity log: nothing else has these."""
    columns = (Activity.at, Activity.kind, Activity.before, Activity.after, User.name.label("user_name"))
    return select(*columns).outerjoin(User, User.id == Activity.actor_id).where(Activity.kind.in_(kinds))


def printed(row: AnyRow) -> list[Event]:
    """The runs by which its label was printed."""
    ids = func.replace(func.replace(LabelRun.items, "[", ", "), "]", ",")
    query = (
        select(LabelRun.id, LabelRun.at, User.name.label("user_name"))
        .join(User, User.id == LabelRun.user_id)
        .where(LabelRun.showroom_id == row.showroom_id, LabelRun.at >= row.received_at, ids.contains(f", {row.id},"))
    )
    return [
        told(one.at, _("Label dicetak"), one.user_name, url=f"/labels/runs/{one.id}.pdf")
        for one in reading().execute(query)
    ]
