"""The workbook's sheets of stocktakes and of the differences that they found."""

from collections.abc import Iterator, Sequence

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import aliased

from showroom_app.counting import result, words
from showroom_app.counting.models import Stocktake, StocktakeResult
from showroom_app.extensions import AnyRow
from showroom_app.imports.export_sheet import Cell, Column, Table, rows_of
from showroom_app.ledger.models import Desk
from showroom_app.people.models import Crafter, User
from showroom_app.stock.life_models import WriteOff

DIFFERENCES = ("missing", "unexpected")


def count_tables(showroom_id: int) -> list[Table]:
    """Stocktakes, and what closed ones found to be otherwise than in the book. A count is called by the number that its
    address has."""
    return [
        Table(_("Stok opname"), _count_columns(), _counts(showroom_id)),
        Table(_("Selisih stok opname"), _difference_columns(), _differences(showroom_id)),
    ]


def _count_columns() -> list[Column]:
    return [
        Column(_("Nomor"), 9), Column(_("Mulai"), 19, "moment"), Column(_("Dimulai oleh"), 20),
        Column(_("Selesai"), 19, "moment"), Column(_("Ditutup oleh"), 20), Column(_("Keadaan"), 12),
        Column(_("Yang dihitung"), 26), Column(_("Jumlah label"), 12), Column(_("Seharusnya"), 11),
        Column(_("Dihitung"), 10), Column(_("Kurang"), 9), Column(_("Tak terduga"), 12), Column(_("Keterangan"), 40),
    ]  # fmt: skip


def _counts(showroom_id: int) -> Iterator[Sequence[Cell]]:
    """One that is open or was dropped has no figures."""
    status, began, closed = words.status_words(), aliased(User), aliased(User)
    query = (
        select(
            Stocktake.__table__, Stocktake.id.label("key"), began.name.label("began"), closed.name.label("closed"),
            Crafter.name.label("crafter"),
        )
        .join(began, began.id == Stocktake.started_by)
        .outerjoin(closed, closed.id == Stocktake.closed_by)
        .outerjoin(Crafter, Crafter.id == Stocktake.crafter_id)
    )  # fmt: skip
    for row in rows_of(query, Stocktake.__table__.c.id, showroom_id):
        figures = (row.labels, row.expected, row.counted, row.missing, row.unexpected)
        yield (
            row.id, row.started_at, row.began, row.closed_at, row.closed, status.get(row.status, row.status),
            words.scope_words(row, row.crafter or ""), *(figures if row.status == "closed" else [None] * 5), row.note,
        )  # fmt: skip


def _difference_columns() -> list[Column]:
    return [
        Column(_("Nomor"), 9), Column(_("Kode"), 11), Column(_("Nama barang"), 32), Column(_("Nama perajin"), 26),
        Column(_("Harga"), 13, "amount"), Column(_("Hasil"), 12), Column(_("Menurut buku"), 26),
        Column(_("Seharusnya"), 11), Column(_("Dihitung"), 10), Column(_("Selisih"), 9),
        Column(_("Dihitung oleh"), 20), Column(_("Dihitung pada"), 19, "moment"), Column(_("Keputusan"), 16),
        Column(_("Nomor catatan hilang"), 20), Column(_("Alasan"), 30), Column(_("Diputuskan pada"), 19, "moment"),
        Column(_("Diputuskan oleh"), 20),
    ]  # fmt: skip


def _differences(showroom_id: int) -> Iterator[Sequence[Cell]]:
    """Names and prices of the day of the count. A code of nobody has neither."""
    kinds, places = words.kind_words(), words.place_words() | {"shelf": _("di rak")}
    counter, decider = aliased(User), aliased(User)
    query = (
        select(
            StocktakeResult.__table__, StocktakeResult.id.label("key"), Stocktake.showroom_id,
            counter.name.label("counter"), decider.name.label("decider"), WriteOff.number.label("write_off_number"),
            Desk.code.label("desk_code"),
        )
        .join(Stocktake, Stocktake.id == StocktakeResult.stocktake_id)
        .outerjoin(counter, counter.id == StocktakeResult.counted_by)
        .outerjoin(decider, decider.id == StocktakeResult.settled_by)
        .outerjoin(WriteOff, WriteOff.id == StocktakeResult.write_off_id)
        .outerjoin(Desk, Desk.id == WriteOff.desk_id)
        .where(StocktakeResult.kind.in_(DIFFERENCES))
    )  # fmt: skip
    for row in rows_of(query, StocktakeResult.__table__.c.id, showroom_id):
        yield (
            row.stocktake_id, row.code, row.name, row.crafter_name, row.price if row.name else None,
            kinds.get(row.kind, row.kind), places.get(row.place, row.place), row.expected, row.counted,
            row.counted - row.expected, row.counter, row.counted_at, _decided(row), result.write_off_number(row),
            row.reason, row.settled_at, row.decider,
        )  # fmt: skip


def _decided(row: AnyRow) -> str:
    if row.settled_at is None:
        return ""
    return _("Dijelaskan") if row.write_off_id is None else _("Dicatat hilang")
