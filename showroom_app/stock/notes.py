"""Reading consignment notes back: drafts and received notes."""

import json
from typing import Any

from sqlalchemy import func, select

from showroom_app.extensions import AnyRow, reading
from showroom_app.ledger.models import Account, Balance
from showroom_app.lib.money import Terms, split
from showroom_app.people.models import Crafter, Desk, User
from showroom_app.stock import draft, joint
from showroom_app.stock.models import Consignment, ConsignmentLine, Item, Product

PAGE = 50

_NOTES = (
    select(Consignment.__table__, Crafter.name.label("crafter_name"), User.name.label("user_name"), Desk.code)
    .join(Crafter, Crafter.id == Consignment.crafter_id)
    .join(User, User.id == Consignment.user_id)
    .outerjoin(Desk, Desk.id == Consignment.desk_id)
)


def number_text(desk_code: str, number: int) -> str:
    """A note's number as printed: NT-KTR-00042, the 42nd note at the office desk."""
    return f"NT-{desk_code}-{number:05d}"


def drafts(showroom_id: int, before: int | None = None) -> tuple[list[dict[str, Any]], bool]:
    """A page of notes begun and not finished, newest first, and whether there are more."""
    query = _NOTES.where(Consignment.showroom_id == showroom_id, Consignment.status == "draft")
    if before is not None:
        query = query.where(Consignment.id < before)
    rows = reading().execute(query.order_by(Consignment.id.desc()).limit(PAGE + 1)).all()
    page = [
        {
            "id": row.id, "crafter_name": row.crafter_name, "user_name": row.user_name, "saved_at": row.saved_at,
            "pieces": draft.totals(draft.read(json.loads(row.typed)))["pieces"],
        }
        for row in rows[:PAGE]
    ]  # fmt: skip
    return page, len(rows) > PAGE


def received(showroom_id: int, before: int | None, crafter_id: int | None = None) -> tuple[list[dict[str, Any]], bool]:
    """A page of received notes, newest first, and whether there are more; of one crafter only, if told."""
    query = _NOTES.where(Consignment.showroom_id == showroom_id, Consignment.status == "received")
    if crafter_id is not None:
        query = query.where(Consignment.crafter_id == crafter_id)
    if before is not None:
        query = query.where(Consignment.id < before)
    rows = reading().execute(query.order_by(Consignment.id.desc()).limit(PAGE + 1)).all()
    page = [
        {
            "id": row.id, "number": number_text(row.code, row.number), "crafter_name": row.crafter_name,
            "received_at": row.received_at, "pieces": row.pieces, "value": row.value,
        }
        for row in rows[:PAGE]
    ]  # fmt: skip
    return page, len(rows) > PAGE


def note(row: AnyRow) -> dict[str, Any]:
    """A received note with its lines, shares and label codes."""
    conn = reading()
    head = conn.execute(_NOTES.where(Consignment.id == row.id)).one()
    codes: dict[int, list[str]] = {}
    of_note = select(ConsignmentLine.id).where(ConsignmentLine.consignment_id == row.id)
    for item in conn.execute(select(Item.line_id, Item.code).where(Item.line_id.in_(of_note)).order_by(Item.id)):
        codes.setdefault(item.line_id, []).append(item.code)
    query = (
        select(ConsignmentLine.__table__, Product.category)
        .join(Product, Product.id == ConsignmentLine.product_id)
        .where(ConsignmentLine.consignment_id == row.id)
        .order_by(ConsignmentLine.position)
    )
    rows = list(conn.execute(query))
    who = joint.makers_of(conn, [line.id for line in rows])
    lines = [_line(line, codes.get(line.id, [])) | {"makers": joint.words(who.get(line.id, []))} for line in rows]
    totals = {
        "pieces": sum(line["quantity"] for line in lines), "labels": sum(len(line["codes"]) for line in lines),
        "value": sum(line["price"] * line["quantity"] for line in lines),
        "crafter": sum(line["crafter_share"] * line["quantity"] for line in lines),
        "showroom": sum(line["showroom_share"] * line["quantity"] for line in lines),
    }  # fmt: skip
    consignment = {
        "id": head.id, "number": number_text(head.code, head.number), "crafter_name": head.crafter_name,
        "received_at": head.received_at, "user_name": head.user_name, "agreed_until": row.agreed_until,
    }  # fmt: skip
    return {"consignment": consignment, "lines": lines, "totals": totals}


def _line(line: AnyRow, codes: list[str]) -> dict[str, Any]:
    terms = Terms(line.terms_kind, line.commission_bps, line.net_price)
    piece = split(terms, line.price, 1)
    return {
        "name": line.name, "category": line.category, "quantity": line.quantity, "price": line.price,
        "terms": terms, "crafter_share": piece.crafter, "showroom_share": piece.showroom,
        "codes": codes, "per_piece": line.per_piece,
    }  # fmt: skip


def on_shelf_of(crafter_id: int) -> int:
    """How many pieces of a crafter stand on the shelf."""
    query = (
        select(func.coalesce(func.sum(Balance.amount), 0))
        .join(Item, Item.id == Balance.unit)
        .join(Account, (Account.id == Balance.account_id) & (Account.kind == "shelf"))
        .where(Item.crafter_id == crafter_id)
    )
    return int(reading().execute(query).scalar_one())
