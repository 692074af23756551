"""Goods narrowed to a state or a price without a word: each once, in order, and never looked for among all of them."""

from typing import Any

import pytest
from flask import Flask
from sqlalchemy import event

from showroom_app.extensions import db, reading, rollback
from showroom_app.stock import finding, items
from showroom_app.stock.finding import Wanted
from showroom_app.stock.hand_back import Pieces, hand_back
from tests.builders import Till, line, open_till, receive, request_id, user
from tests.rules import sell

CHEAP = Wanted(price_to=30_000)


@pytest.fixture
def goods(app: Flask) -> Till:
    """Three kinds: of each a piece on the shelf, one sold, one handed back; and a lot handed back in two parts."""
    till = open_till()
    for price in ("10.000", "20.000", "900.000"):
        _stands, sold, back = receive(*[line(f"{what} {price}", price) for what in ("Ada", "Laku", "Pulang")])
        sell(till, sold.code)
        hand_back([Pieces(back.id, 1)], user("petugas"), request_id())
    [lot] = receive(line("Gelang", "30.000", "3", per_piece="lot"))
    for pieces in (1, 2):
        hand_back([Pieces(lot.id, pieces)], user("petugas"), request_id())
    receive(line("Tetangga", "10.000"), crafter="Wagiman", by="petugas-tetangga")
    return till


def pages(asked: Wanted) -> list[str]:
    """Names, newest first, a page of one after the other."""
    told: list[str] = []
    before = None
    while rows := items.list_items(1, before=before, asked=asked)[: items.PAGE]:
        told += [row.name for row in rows]
        before = rows[-1].id
    rollback()
    return told


@pytest.mark.parametrize("rare_max", [0, 5_000])
@pytest.mark.parametrize(
    ("asked", "names"),
    [
        (Wanted("shelf"), ["Ada 900.000", "Ada 20.000", "Ada 10.000"]),
        (Wanted("sold"), ["Laku 900.000", "Laku 20.000", "Laku 10.000"]),
        (Wanted("returned"), ["Gelang", "Pulang 900.000", "Pulang 20.000", "Pulang 10.000"]),
        (
            CHEAP,
            ["Gelang", *(f"{what} {price}" for price in ("20.000", "10.000") for what in ("Pulang", "Laku", "Ada"))],
        ),
        (Wanted("sold", price_from=20_000, price_to=20_000), ["Laku 20.000"]),
        (Wanted("returned", price_from=30_000), ["Gelang", "Pulang 900.000"]),
        (Wanted("shelf", price_from=1_000_000), []),
    ],
)
def test_each_once_and_newest_first(
    goods: Till, monkeypatch: pytest.MonkeyPatch, rare_max: int, asked: Wanted, names: list[str]
) -> None:
    monkeypatch.setattr(items, "PAGE", 1)
    monkeypatch.setattr(finding, "RARE_MAX", rare_max)
    assert pages(asked) == names


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
@pytest.mark.parametrize("asked", [Wanted("sold"), Wanted("returned"), CHEAP])
def test_what_is_rare_is_not_looked_for_among_all(goods: Till, asked: Wanted) -> None:
    statements: list[tuple[str, Any]] = []

    def note(_conn: object, _cursor: object, statement: str, values: object, *_more: object) -> None:
        statements.append((statement, values))

    event.listen(db.engine, "before_cursor_execute", note)
    try:
        items.list_items(1, asked=asked)
    finally:
        event.remove(db.engine, "before_cursor_execute", note)
    raw = reading().connection.driver_connection
    assert raw is not None and statements
    for statement, values in statements:
        plan = [row[3] for row in raw.execute(f"EXPLAIN QUERY PLAN {statement}", values)]
        assert not [step for step in plan if "SCAN item" in step or "ix_item_showroom" in step], plan
    rollback()
