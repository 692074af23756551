"""Short ways to count in the small shop."""

from typing import Any

from sqlalchemy import select

from showroom_app.counting import count as counts
from showroom_app.counting import differences, progress, stocktake
from showroom_app.counting.count import Scanned
from showroom_app.counting.differences import Decision
from showroom_app.counting.models import Stocktake, StocktakeResult
from showroom_app.counting.progress import Progress
from showroom_app.counting.stocktake import Scope
from showroom_app.extensions import AnyRow, reading, rollback
from tests.builders import request_id, user

ALL = Scope()


def begin(scope: Scope = ALL, by: str = "petugas") -> int:
    """A count is begun."""
    return stocktake.begin(scope, user(by), request_id())


def scan(stocktake_id: int, code: str, by: str = "petugas", **more: Any) -> Scanned:
    """Somebody scans a label."""
    return counts.count(stocktake_id, code, user(by), request_id(), **more)


def kinds(stocktake_id: int, *codes: str, by: str = "petugas") -> list[str]:
    """What each scan did."""
    return [scan(stocktake_id, code, by).kind for code in codes]


def close(stocktake_id: int, note: str = "") -> AnyRow:
    """The manager closes it; the count as it is then."""
    stocktake.close(stocktake_id, note, user("pengelola"), request_id())
    return count_of(stocktake_id)


def settle(stocktake_id: int, ids: list[int], how: str = "lost", reason: str = "tidak ketemu", **more: Any) -> int:
    """The manager decides about differences."""
    return differences.settle(stocktake_id, ids, Decision(how, reason, **more), user("pengelola"), request_id())


def count_of(stocktake_id: int) -> AnyRow:
    """A count's own row."""
    rollback()
    return reading().execute(select(Stocktake.__table__).where(Stocktake.id == stocktake_id)).one()


def so_far(stocktake_id: int) -> Progress:
    """How far it is."""
    return progress.progress(count_of(stocktake_id))


def results(stocktake_id: int) -> dict[str, tuple[str, int, int, int]]:
    """Code -> kind, expected, counted, later."""
    rollback()
    query = select(StocktakeResult.__table__).where(StocktakeResult.stocktake_id == stocktake_id)
    return {row.code: (row.kind, row.expected, row.counted, row.later) for row in reading().execute(query)}


def result_ids(stocktake_id: int, *codes: str) -> list[int]:
    """The ids of rows of the result, by their codes."""
    rollback()
    query = select(StocktakeResult.id, StocktakeResult.code).where(StocktakeResult.stocktake_id == stocktake_id)
    found = {row.code: row.id for row in reading().execute(query)}
    return [found[code] for code in codes]
