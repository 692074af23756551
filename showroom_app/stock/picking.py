"""Goods picked for one act, by scanning or typing: kept in the form, so that nothing is written before it is sent."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import Connection, select, tuple_

from showroom_app.extensions import AnyRow
from showroom_app.ledger import book
from showroom_app.ledger.models import IS_THERE, Account, Balance
from showroom_app.lib import label_code
from showroom_app.lib.refusal import Refusal
from showroom_app.lib.typed import Typed, parse_count, row_id, tidy_line
from showroom_app.people.models import Crafter
from showroom_app.stock import items
from showroom_app.stock.models import Item, Product

PICKED_MAX = 500
TYPED_MAX = 200
Places = Mapping[str, tuple[str, int]]  # what a form calls a place -> the account of that kind and owner


@dataclass(slots=True)
class Picked:
    """One line of a form: pieces of an item at a place, `quantity` as typed; `there` is how many there are."""

    item: Any
    place: str
    quantity: str
    there: int


def in_showroom(showroom_id: int) -> Places:
    """Where goods lie that can go back to their crafter."""
    return {kind: (kind, showroom_id) for kind in ("shelf", "damaged")}


def read(conn: Connection, form: Mapping[str, str], showroom_id: int, places: Places) -> list[Picked]:
    """What a form holds (q-12-shelf=3: three of item 12 from the shelf), in its order; strangers are left out."""
    asked: dict[tuple[int, str], str] = {}
    for name, value in form.items():
        first, _dash, rest = name.partition("-")
        number, _dash, place = rest.partition("-")
        if first == "q" and place in places and len(asked) < PICKED_MAX:
            try:
                asked[row_id(number), place] = tidy_line(value)[:12]
            except ValueError:
                continue
    rows = rows_of(conn, {item_id for item_id, _place in asked}, showroom_id)
    there = _there(conn, set(rows), places)
    return [
        Picked(rows[item_id], place, typed, there.get((item_id, place), 0))
        for (item_id, place), typed in asked.items()
        if item_id in rows
    ]


def rows_of(conn: Connection, item_ids: set[int], showroom_id: int) -> dict[int, AnyRow]:
    """Items of a showroom by id, with name, picture and crafter."""
    query = (
        select(
            Item.__table__, Product.name, Product.category, Product.photo, Crafter.name.label("crafter_name"),
        )
        .join(Product, Product.id == Item.product_id)
        .join(Crafter, Crafter.id == Item.crafter_id)
        .where(Item.id.in_(item_ids), Item.showroom_id == showroom_id)
    )  # fmt: skip
    return {row.id: row for row in conn.execute(query)}


def _there(conn: Connection, item_ids: set[int], places: Places) -> dict[tuple[int, str], int]:
    called = {account: place for place, account in places.items()}
    query = (
        select(Balance.unit, Account.kind, Account.owner_id, Balance.amount)
        .join(Account, Account.id == Balance.account_id)
        .where(tuple_(Account.kind, Account.owner_id).in_(list(called)), IS_THERE, Balance.unit.in_(item_ids))
    )
    return {(row.unit, called[row.kind, row.owner_id]): int(row.amount) for row in conn.execute(query)}


def scanned(
    conn: Connection, picked: list[Picked], typed: Typed, showroom_id: int, places: Places
) -> tuple[list[Picked], Typed, list[AnyRow]]:
    """Put in what was scanned, or take a line out: the lines, the form as it is to be shown, and goods to choose from.
    Refuses as `add` does."""
    do = typed.get("do", "")
    if do.startswith("remove-"):
        return [one for one in picked if f"remove-{one.item.id}-{one.place}" != do], typed, []
    code = (typed.line("choose") or typed.line("code"))[:TYPED_MAX]
    found = add(conn, picked, code, showroom_id, places)
    kept = Typed({name: text for name, text in typed.items() if name not in ("code", "choose")})
    return picked, Typed(kept | {"code": code}) if found else kept, found


def add(conn: Connection, picked: list[Picked], typed: str, showroom_id: int, places: Places) -> list[AnyRow]:
    """Put in what was scanned or typed: one more piece of it. A name that fits several kinds of goods puts nothing in
    and returns them. Refuses, in a sentence, codes that are wrong or unknown and goods that are not there."""
    code = label_code.parse(typed)
    if code is None:
        stand = book.accounts(conn, [first := next(iter(places.values()))])[first]
        found = items.suggestions(conn, showroom_id, typed, stand=stand) if typed.strip() else []
        if len(found) != 1:
            if not found:
                raise Refusal(_("Tidak ada barang di rak bernama “%(name)s”. Coba kata lain.", name=typed[:40]), "code")
            return found
        code = found[0].code
    item = items.by_code(conn, code)
    if item is None or item.showroom_id != showroom_id:
        raise Refusal(_("Kode %(code)s tidak dikenal di galeri ini.", code=code), "code")
    there = _there(conn, {item.id}, places)
    here = [place for place in places if there.get((item.id, place))]
    if not here:
        raise Refusal(_("%(name)s sudah tidak ada di rak.", name=item.name), "code")
    _one_more(conn, picked, item.id, here[0], there[item.id, here[0]], showroom_id)
    return []


def _one_more(conn: Connection, picked: list[Picked], item_id: int, place: str, there: int, showroom_id: int) -> None:
    for one in picked:
        if one.item.id == item_id and one.place == place:
            before = count_of(one)
            if before >= there:
                raise Refusal(_("%(name)s sudah masuk daftar semua.", name=one.item.name), "code")
            one.quantity = str(before + 1)
            return
    if len(picked) >= PICKED_MAX:
        raise Refusal(_("Satu nota paling banyak %(n)s baris. Buat nota kedua untuk sisanya.", n=PICKED_MAX), "code")
    row = rows_of(conn, {item_id}, showroom_id)[item_id]
    # A lot under one label is mostly handed over whole; a single piece is one anyway.
    picked.insert(0, Picked(row, place, str(there), there))


def count_of(one: Picked) -> int:
    """The pieces of a line, as typed. Refuses what is no number."""
    try:
        return parse_count(one.quantity)
    except ValueError:
        raise Refusal(_("Isi jumlah dengan angka bulat, misalnya 2."), "quantity") from None
