"""What is asked of one piece never reads the whole book, however old the shop is."""

import re

import pytest
from flask import Flask
from sqlalchemy import event

from showroom_app.extensions import db, reading
from showroom_app.sales.whereabouts import gone
from showroom_app.stock import items
from tests.builders import open_till, receive, user


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
@pytest.mark.parametrize("ask", ["history", "sold", "last_kinds", "gone"])
def test_no_look_reads_every_posting_for_each_piece(app: Flask, ask: str) -> None:
    [lamp] = receive()
    till = open_till()
    till.scan(lamp.code)
    till.pay()
    asked: list[tuple[str, object]] = []

    def note(_conn: object, _cursor: object, statement: str, values: object, *_more: object) -> None:
        asked.append((statement, values))

    event.listen(db.engine, "before_cursor_execute", note)
    try:
        conn = reading()
        {
            "history": lambda: items.history(conn, lamp.id),
            "sold": lambda: items.list_items(user("petugas").showroom_id, state="sold"),
            "last_kinds": lambda: items.last_kinds(conn, [lamp.id]),
            "gone": lambda: gone(lamp.id, "Lampu"),
        }[ask]()
    finally:
        event.remove(db.engine, "before_cursor_execute", note)
    assert asked
    raw = reading().connection.driver_connection
    assert raw is not None
    for statement, values in asked:
        plan = [row[3] for row in raw.execute(f"EXPLAIN QUERY PLAN {statement}", values or ())]
        inner = [step for step in plan if re.match(r"SCAN (p|posting)\b(?! USING INDEX)", step)]
        assert not inner, (statement, plan)
