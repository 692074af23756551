"""What the activity log speaks of (crafter:12, refund:3 …), by name and with the address of its page."""

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from flask import url_for
from flask_babel import gettext as _
from sqlalchemy import ColumnElement, Connection, select

from showroom_app.counting.models import Stocktake
from showroom_app.extensions import AnyRow, AnySelect
from showroom_app.imports.models import ImportFile
from showroom_app.journal.words import shift_names
from showroom_app.labels.sheets import preset_names
from showroom_app.ledger.models import Desk
from showroom_app.lib.typed import row_id
from showroom_app.payouts.models import Advance, Payout
from showroom_app.payouts.statement import advance_number, payout_number
from showroom_app.people.models import Crafter, Showroom, User
from showroom_app.sales.models import Basket, Sale, Shift
from showroom_app.sales.money_models import Refund
from showroom_app.sales.receipt import number_text, slip_number
from showroom_app.stock.models import Item, Product
from showroom_app.venues.models import Venue
from showroom_app.web.filters import moment


@dataclass(frozen=True, slots=True)
class Subject:
    """A name, and where its page is (empty: nowhere)."""

    name: str
    url: str = ""


@dataclass(frozen=True, slots=True)
class _Table:
    query: AnySelect
    key: ColumnElement[int]
    showroom: ColumnElement[int]
    tell: Callable[[AnyRow], Subject]


def _document(
    table: type[Sale] | type[Refund] | type[Payout] | type[Advance],
    number: Callable[[str, int], str],
    words: Callable[[str], str],
    path: str,
) -> _Table:
    """A numbered document, with the address of its page."""
    query = select(table.id, table.number, Desk.code).join(Desk, Desk.id == table.desk_id)
    columns = table.__table__.c
    return _Table(
        query, columns.id, columns.showroom_id, lambda r: Subject(words(number(r.code, r.number)), f"/{path}/{r.id}")
    )


def _titled(table: type[Product] | type[Venue], path: str) -> _Table:
    """What has a name, with the address of its page."""
    columns = table.__table__.c
    return _Table(
        select(table.id, table.name), columns.id, columns.showroom_id, lambda r: Subject(r.name, f"/{path}/{r.id}")
    )


def _user(row: AnyRow) -> Subject:
    if row.crafter_id is not None:
        return Subject(row.name, url_for("people.crafter_edit", crafter_id=row.crafter_id))
    return Subject(row.name, url_for("office.user_edit", user_id=row.id))


def _tables() -> dict[str, _Table]:
    """Every table that can be spoken of, how its rows are called, and whose they are."""
    items = select(Item.id, Item.code, Product.name).join(Product, Product.id == Item.product_id)
    return {
        "showroom": _Table(
            select(Showroom.id, Showroom.name), Showroom.__table__.c.id, Showroom.__table__.c.id,
            lambda r: Subject(r.name, url_for("office.settings")),
        ),
        "venue": _titled(Venue, "venues"),
        "desk": _Table(
            select(Desk.id, Desk.name), Desk.__table__.c.id, Desk.__table__.c.showroom_id,
            lambda r: Subject(r.name, url_for("office.settings")),
        ),
        "user": _Table(
            select(User.id, User.name, User.crafter_id), User.__table__.c.id, User.__table__.c.showroom_id, _user
        ),
        "crafter": _Table(
            select(Crafter.id, Crafter.name), Crafter.__table__.c.id, Crafter.__table__.c.showroom_id,
            lambda r: Subject(r.name, url_for("people.crafter_edit", crafter_id=r.id)),
        ),
        "item": _Table(
            items, Item.__table__.c.id, Item.__table__.c.showroom_id,
            lambda r: Subject(f"{r.name} {r.code}", url_for("catalogue.item", code=r.code)),
        ),
        "product": _titled(Product, "products"),
        "sale": _document(Sale, number_text, lambda n: _("Struk %(number)s", number=n), "sales"),
        "refund": _document(Refund, slip_number, lambda n: _("Struk %(number)s", number=n), "refunds"),
        "payout": _document(Payout, payout_number, lambda n: _("Kuitansi %(number)s", number=n), "payouts"),
        "advance": _document(Advance, advance_number, lambda n: _("Kasbon %(number)s", number=n), "advances"),
        "stocktake": _Table(
            select(Stocktake.id, Stocktake.started_at), Stocktake.__table__.c.id, Stocktake.__table__.c.showroom_id,
            lambda r: Subject(_("Stok opname %(at)s", at=moment(r.started_at)), f"/stocktakes/{r.id}"),
        ),
        "import_file": _Table(
            select(ImportFile.id, ImportFile.name), ImportFile.__table__.c.id, ImportFile.__table__.c.showroom_id,
            lambda r: Subject(r.name, url_for("imports.file", import_id=r.id)),
        ),
        "basket": _Table(
            select(Basket.id, Basket.changed_at, Desk.name).join(Desk, Desk.id == Basket.desk_id),
            Basket.__table__.c.id, Desk.__table__.c.showroom_id,
            lambda r: Subject(_("Keranjang di %(desk)s", desk=r.name)),
        ),
    }  # fmt: skip


def named(conn: Connection, subjects: Iterable[str], showroom_id: int) -> dict[str, Subject]:
    """Subject as it is written in the log -> its name. What is not this showroom's, or is no longer there, has none."""
    by_table: dict[str, set[int]] = defaultdict(set)
    found: dict[str, Subject] = {}
    papers = preset_names()
    for subject in subjects:
        table, _colon, number = subject.partition(":")
        if table == "label_sheet" and number in papers:
            found[subject] = Subject(papers[number], url_for("labels.sheet", key=number))
            continue
        try:
            by_table[table].add(row_id(number))
        except ValueError:
            continue
    tables = _tables()
    for table, ids in by_table.items():
        if table == "shift":
            found |= _shifts(conn, ids, showroom_id)
        elif table in tables:
            one = tables[table]
            rows = conn.execute(one.query.where(one.key.in_(ids), one.showroom == showroom_id))
            found |= {f"{table}:{row.id}": one.tell(row) for row in rows}
    return found


def _shifts(conn: Connection, ids: set[int], showroom_id: int) -> dict[str, Subject]:
    own = select(Shift.id).where(Shift.id.in_(ids), Shift.showroom_id == showroom_id)
    named = shift_names(conn, conn.execute(own).scalars())
    return {f"shift:{id}": Subject(name, url_for("shifts.shift", shift_id=id)) for id, name in named.items()}
