"""Printing labels: what is still to be printed, a run of labels, and the same run again. Also two labels that got mixed
up: the codes change places."""

import json
from collections.abc import Sequence
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import Connection, func, insert, literal_column, or_, select, text, update

from showroom_app.extensions import AnyRow, reading
from showroom_app.labels import sheets
from showroom_app.labels.models import LabelRun
from showroom_app.ledger.act import begin_act, verb
from showroom_app.ledger.models import IS_THERE, Balance
from showroom_app.lib import document, label_sheet
from showroom_app.lib.label_sheet import Label, payload_for
from showroom_app.lib.money import format_rupiah
from showroom_app.lib.refusal import NotHere, Refusal
from showroom_app.people import activity
from showroom_app.people.models import Crafter, Showroom, User
from showroom_app.people.showrooms import showroom_row
from showroom_app.stock import joint
from showroom_app.stock.items import standing_accounts
from showroom_app.stock.models import ConsignmentLine, Item, Product
from showroom_app.web.access import SignedIn

LABELS_MAX = 2_000
SHOWN = 100
RUNS_SHOWN = 20
REASON_MAX = 120
# In the words of its partial index.
_DUE = text("item.labels_due")


@verb
def print_run(
    item_ids: Sequence[int], key: str, start: int | None, with_price: bool, user: SignedIn, request_id: str
) -> int:
    """Take labels as printed, from a place on: they leave the queue, and the sheet remembers where it stopped. No items
    means the whole queue; no place, the next free one. Returns the run's id, whose PDF can be printed again and again.
    Refuses none, too many, and a place off the sheet."""
    content = {"items": list(item_ids), "sheet": key, "start": start, "price": with_price}
    act = begin_act("label-run", request_id, content, user.id)
    if act.repeated:
        return int(act.result["run_id"])
    # One run at a time in a showroom: no two have the same queue, nor the same place.
    hold = select(Showroom.id).where(Showroom.id == user.showroom_id).with_for_update(key_share=True)
    act.conn.execute(hold).all()
    ids = list(dict.fromkeys(item_ids)) or all_due(act.conn, user.showroom_id)
    if not ids or len(ids) > LABELS_MAX:
        raise Refusal(_("Pilih dulu labelnya, paling banyak %(n)s sekali cetak.", n="2.000"))
    preset = sheets.sheet(act.conn, user.showroom_id, key)
    start = sheets.next_place(act.conn, user.showroom_id, key) if start is None else start
    if not 1 <= start <= preset.labels_per_sheet:
        raise Refusal(_("Pilih tempat pada lembar, antara 1 dan %(n)s.", n=preset.labels_per_sheet), "start")
    own = select(func.count()).where(Item.id.in_(ids), Item.showroom_id == user.showroom_id)
    if act.conn.execute(own).scalar_one() != len(ids):
        raise NotHere
    act.conn.execute(update(Item).where(Item.id.in_(ids)).values(labels_due=False))
    sheets.keep(act.conn, user.showroom_id, key, next_place=label_sheet.next_start(len(ids), start, preset))
    values = {
        "showroom_id": user.showroom_id, "user_id": user.id, "at": act.at, "preset": key, "start": start,
        "with_price": with_price, "count": len(ids), "items": json.dumps(ids),
    }  # fmt: skip
    run_id = int(act.conn.execute(insert(LabelRun).returning(LabelRun.id), values).scalar_one())
    return int(act.commit(run_id=run_id)["run_id"])


def run_pdf(run_id: int, showroom_id: int) -> tuple[bytes, str]:
    """A run's labels as PDF, and what the file is called. Names and prices are those of now."""
    conn = reading()
    run = conn.execute(select(LabelRun.__table__).where(LabelRun.id == run_id)).first()
    if run is None or run.showroom_id != showroom_id:
        raise NotHere
    ids = json.loads(run.items)
    rows = {row.id: row for row in conn.execute(_LABELS.where(Item.id.in_(ids)))}
    who = joint.makers_of(conn, {row.line_id for row in rows.values() if row.joint})
    preset, room = sheets.sheet(conn, showroom_id, run.preset), showroom_row(showroom_id)
    assert room is not None
    labels = [
        Label(
            payload=payload_for(preset, row.code, room.public_host or None), code=row.code, name=row.name,
            crafter=joint.names(who[row.line_id]) if row.joint else row.crafter_name,
            price=format_rupiah(row.price) if run.with_price else "",
        )
        for row in (rows[item_id] for item_id in ids if item_id in rows)
    ]  # fmt: skip
    start = min(run.start, preset.labels_per_sheet)
    content = label_sheet.content(preset, room.name, labels, start)
    return document.render("labels", content, made_at=run.at), f"label-{run_id}.pdf"


_LABELS = (
    select(
        Item.id, Item.code, Item.price, Item.quantity, Item.received_at, Item.line_id, Item.joint,
        Product.name, Product.category, Product.photo,
        Crafter.name.label("crafter_name"),
    )
    .select_from(Item)
    .join(Product, Product.id == Item.product_id)
    .join(Crafter, Crafter.id == Item.crafter_id)
)  # fmt: skip


def _there(showroom_id: int) -> Any:
    """Only what stands on the shelf, or elsewhere to be sold there, needs a label."""
    stands = standing_accounts(showroom_id)
    return select(Balance.unit).where(Balance.unit == Item.id, Balance.account_id.in_(stands), IS_THERE).exists()


def due(showroom_id: int, most: int = SHOWN) -> list[AnyRow]:
    """Items whose label is still to be printed (new ones, and those with another price), oldest first."""
    query = _LABELS.where(Item.showroom_id == showroom_id, _DUE, _there(showroom_id)).order_by(Item.id).limit(most)
    return list(reading().execute(query))


def due_count(showroom_id: int) -> int:
    """How many labels are still to be printed."""
    query = select(func.count()).select_from(Item).where(Item.showroom_id == showroom_id, _DUE, _there(showroom_id))
    return int(reading().execute(query).scalar_one())


def rows_of(showroom_id: int, item_ids: Sequence[int]) -> list[AnyRow]:
    """Items of a showroom whose labels are to be printed again, in the order asked for."""
    query = _LABELS.where(Item.showroom_id == showroom_id, Item.id.in_(item_ids))
    found = {row.id: row for row in reading().execute(query)}
    return [found[item_id] for item_id in item_ids if item_id in found]


def of_note(showroom_id: int, consignment_id: int) -> list[int]:
    """Ids of a received note's items, in its order."""
    query = (
        select(Item.id)
        .join(ConsignmentLine, ConsignmentLine.id == Item.line_id)
        .where(ConsignmentLine.consignment_id == consignment_id, Item.showroom_id == showroom_id)
        .order_by(ConsignmentLine.position, Item.id)
    )
    return list(reading().execute(query).scalars())


def all_due(conn: Connection, showroom_id: int) -> list[int]:
    """Ids of everything in the queue, as many as fit in one run."""
    query = select(Item.id).where(Item.showroom_id == showroom_id, _DUE, _there(showroom_id))
    query = query.order_by(Item.id).limit(LABELS_MAX)
    return list(conn.execute(query).scalars())


def latest(showroom_id: int) -> list[AnyRow]:
    """The latest runs, newest first."""
    query = (
        select(LabelRun.__table__, User.name.label("user_name"))
        .join(User, User.id == LabelRun.user_id)
        .where(LabelRun.showroom_id == showroom_id)
        .order_by(LabelRun.id.desc())
        .limit(RUNS_SHOWN)
    )
    return list(reading().execute(query))


@verb
def let_wait(item_id: int, waits: bool, user: SignedIn, request_id: str) -> None:
    """Put a piece's label in the queue, to be printed with others, or take it out. Refuses what stands nowhere any
    more."""
    act = begin_act("label-wait", request_id, {"item": item_id, "waits": waits}, user.id)
    if act.repeated:
        return
    act.conn.execute(select(Item.id).where(Item.id == item_id).with_for_update()).all()
    there = _there(user.showroom_id).label("there")
    query = select(Item.showroom_id, Product.name, there).join(Product, Product.id == Item.product_id)
    row = act.conn.execute(query.where(Item.id == item_id)).first()
    if row is None or row.showroom_id != user.showroom_id:
        raise NotHere
    if waits and not row.there:
        raise Refusal(_("%(name)s sudah tidak ada di rak.", name=row.name))
    act.conn.execute(update(Item).where(Item.id == item_id).values(labels_due=waits))
    act.commit()


def does_wait(conn: Connection, item_id: int) -> bool:
    """Whether a piece's label is asked for: it is in the queue while the piece stands somewhere."""
    return conn.execute(select(Item.id).where(Item.id == item_id, _DUE)).first() is not None


@verb
def swap(item_id: int, other_code: str, reason: str, user: SignedIn, request_id: str) -> tuple[int, int]:
    """A piece and the one with another code got each other's labels: from now on each code means the piece it hangs on.
    Returns their ids.

    Both labels are to be printed again, for a label tells name, crafter and price too. Refuses lots, pieces that stand
    nowhere or lie in a basket, those that a count under way has found (by the other's label), and those ever sold,
    whose receipts bear their code: they get new labels.
    """
    content = {"item": item_id, "code": other_code, "reason": reason}
    act = begin_act("label-swap", request_id, content, user.id)
    if act.repeated:
        return act.result["items"][0], act.result["items"][1]
    first, second = _both(act.conn, item_id, other_code, user)
    if not reason:
        raise Refusal(_("Tulis sebabnya, misalnya tertukar waktu ditempel."), "reason")
    for item_id, code in ((first.id, ""), (second.id, first.code), (first.id, second.code)):
        act.conn.execute(update(Item).where(Item.id == item_id).values(code=code, labels_due=True))
    for row, other in ((first, second), (second, first)):
        told = {"code": row.code}, {"code": other.code, "reason": reason[:REASON_MAX]}
        activity.note(act.conn, user.showroom_id, user.id, "label-swap", f"item:{row.id}", *told, act.at)
    act.commit(items=[first.id, second.id])
    return first.id, second.id


_COUNTED = (
    "EXISTS (SELECT 1 FROM stocktake_count c JOIN stocktake s ON s.id = c.stocktake_id "
    "WHERE c.item_id = item.id AND s.status = 'open')"
)


def _both(conn: Connection, item_id: int, other_code: str, user: SignedIn) -> list[Any]:
    """The piece and the one with the other code, held until the transaction ends, in this order."""
    both = or_(Item.id == item_id, Item.code == other_code)
    conn.execute(select(Item.id).where(both).order_by(Item.id).with_for_update()).all()
    # The floors above know sales and counts; that there is one is all that matters here.
    sold: Any = literal_column("EXISTS (SELECT 1 FROM sale_line l WHERE l.item_id = item.id)")
    wanted: Any = literal_column("EXISTS (SELECT 1 FROM basket_line l WHERE l.item_id = item.id)")
    counted: Any = literal_column(_COUNTED)
    query = select(
        Item.id, Item.code, Item.quantity, Item.showroom_id, Product.name, _there(user.showroom_id).label("stands"),
        sold.label("was_sold"), wanted.label("in_basket"), counted.label("is_counted"),
    ).join(Product, Product.id == Item.product_id)  # fmt: skip
    found = sorted(conn.execute(query.where(both)), key=lambda row: row.id != item_id)
    if len(found) != 2 or any(row.showroom_id != user.showroom_id for row in found):
        raise Refusal(_("Isi dua kode label yang berbeda dari galeri ini."), "code")
    for row in found:
        if row.quantity != 1:
            raise Refusal(_("%(name)s satu label untuk banyak buah. Cetak label baru saja.", name=row.name), "code")
        if not row.stands:
            raise Refusal(_("%(name)s sudah tidak ada di rak.", name=row.name), "code")
        if row.was_sold:
            raise Refusal(_("%(name)s pernah terjual dengan kode ini. Cetak label baru saja.", name=row.name), "code")
        if row.in_basket:
            raise Refusal(_("%(name)s ada di keranjang kasir. Keluarkan dulu dari sana.", name=row.name), "code")
        if row.is_counted:
            sentence = _("%(name)s sudah dihitung di stok opname. Batalkan dulu hitungannya di sana.", name=row.name)
            raise Refusal(sentence, "code")
    return found
