"""Accepting a file: once, whole or not at all, as it was seen; noticed when it comes again; the check of it."""

import threading
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import text, update
from sqlalchemy.exc import IntegrityError

from showroom_app.cli import ALL_CHECKS
from showroom_app.extensions import begin_write, commit, reading, release, rollback
from showroom_app.imports import accept, kept, preview, upload
from showroom_app.imports.checks import IMPORT_CHECKS
from showroom_app.lib.refusal import NotHere, Refusal
from showroom_app.people.models import Crafter
from showroom_app.stock import receiving
from tests.builders import crafter_id, receive, request_id, user
from tests.imports.files import CRAFTER, GOODS, bring, count, file_row, goods_row, take, told, xlsx
from tests.rules import rows
from tests.test_checks import offended
from tests.test_checks_money import found_after

GOOD = xlsx(GOODS, goods_row(), goods_row("Kursi", "900.000", "3", category="Kursi", crafter="Slamet Riyadi"))


def mark_of(import_id: int) -> str:
    return str(preview.preview(file_row(import_id))["mark"])


def test_pressed_twice_it_comes_in_once(app: Flask) -> None:
    import_id, request = bring(GOOD), request_id()
    mark = mark_of(import_id)
    for _press in range(2):
        assert accept.accept(import_id, mark, user("pengelola"), request) == import_id
    assert count("item") == 5


def test_by_another_press_it_is_refused_with_who_and_when(app: Flask) -> None:
    import_id = take(GOOD)
    with pytest.raises(Refusal, match=r"sudah diimpor Ratna, \d+ \w+ \d{4} \d\d\.\d\d"):
        accept.accept(import_id, "x", user("pengelola"), request_id())


def test_the_same_content_again_is_the_same_file(app: Flask) -> None:
    import_id = take(GOOD)
    assert upload.upload("goods", "lain.xlsx", xlsx(GOODS, goods_row()), user("pengelola"))[1] is False
    assert upload.upload("goods", "nama lain.xlsx", GOOD, user("pengelola")) == (import_id, True)
    assert count("import_file") == 2


def test_next_door_the_same_file_is_another(app: Flask) -> None:
    import_id = bring(GOOD)
    other = upload.upload("goods", "x.xlsx", GOOD, user("tetangga"))[0]
    assert other != import_id
    rollback()
    upload.discard(other, user("tetangga"))
    assert told(GOOD)["problems"] == []
    with pytest.raises(NotHere):
        accept.accept(import_id, "x", user("tetangga"), request_id())


def test_what_changed_since_it_was_seen_is_refused(app: Flask) -> None:
    import_id = bring(GOOD)
    mark = mark_of(import_id)
    begin_write().execute(update(Crafter).where(Crafter.id == crafter_id("Tutik")).values(commission_bps=5000))
    commit()
    with pytest.raises(Refusal, match="berubah sejak pratinjau"):
        accept.accept(import_id, mark, user("pengelola"), request_id())
    assert count("item") == 0
    accept.accept(import_id, mark_of(import_id), user("pengelola"), request_id())
    assert {item.commission_bps for item in rows("item")} == {5000, 2000}


def test_what_changes_while_it_is_read_is_refused_too(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    import_id = bring(GOOD)
    mark, understand = mark_of(import_id), accept.understand

    def slowly(*args: Any) -> Any:
        begin_write().execute(update(Crafter).where(Crafter.id == crafter_id("Tutik")).values(active=False))
        commit()
        return understand(*args)

    monkeypatch.setattr(accept, "understand", slowly)
    with pytest.raises(Refusal, match="berubah sejak pratinjau"):
        accept.accept(import_id, mark, user("pengelola"), request_id())
    assert count("item") == 0


def test_what_fails_on_the_last_note_leaves_nothing(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    import_id = bring(GOOD)
    mark, close, closed = mark_of(import_id), receiving._close, []

    def breaks(*args: Any) -> None:
        closed.append(1)
        if len(closed) == 2:
            raise OSError("no space left")
        close(*args)

    monkeypatch.setattr(receiving, "_close", breaks)
    with pytest.raises(OSError, match="no space"):
        accept.accept(import_id, mark, user("pengelola"), request_id())
    for table in ("item", "consignment", "product", "entry", "posting", "series"):
        assert count(table) == 0, table
    assert file_row(import_id).accepted_at is None
    assert kept.how_far(import_id) is None
    monkeypatch.undo()
    accept.accept(import_id, mark_of(import_id), user("pengelola"), request_id())
    assert count("item") == 5


def test_two_at_once_are_one(app: Flask) -> None:
    import_id, manager, told_by = bring(GOOD), user("pengelola"), []
    mark = mark_of(import_id)
    rollback()
    release()
    start = threading.Barrier(2)

    def press(request: str) -> None:
        with app.app_context():
            start.wait()
            try:
                told_by.append(accept.accept(import_id, mark, manager, request))
            except Refusal as refusal:
                told_by.append(refusal.sentence)

    pressing = [threading.Thread(target=press, args=(request_id(),)) for _manager in range(2)]
    for one in pressing:
        one.start()
    for one in pressing:
        one.join()
    assert count("item") == 5
    assert sorted(isinstance(one, int) for one in told_by) == [False, True], told_by


def test_it_says_how_far_it_is(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    said: list[tuple[str, int, int]] = []
    monkeypatch.setattr(kept.Progress, "say", lambda _self, *told: said.append(told))
    take(xlsx(GOODS, *[goods_row(f"Barang {n}", quantity=1) for n in range(1_001)]))
    steps = [("reading", 0, 1), ("checking", 500, 1001), ("checking", 1000, 1001), ("writing", 0, 6)]
    assert said == steps + [("writing", n, 6) for n in range(1, 7)]


def test_what_a_killed_server_said_counts_no_more(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    kept.Progress(7).say("writing", 0, 3)
    assert kept.how_far(7) == {"step": "writing", "done": 0, "of": 3}
    monkeypatch.setattr(kept, "SILENT_SECONDS_MAX", -1)
    assert kept.how_far(7) is None


def test_bytes_lie_there_until_it_is_accepted_or_a_week_is_over(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = Path(app.instance_path) / "imports"
    waiting = bring(xlsx(GOODS, goods_row("Lain")))
    accepted = take(GOOD)
    assert (folder.stat().st_mode & 0o777) == 0o700
    assert [path for path in folder.iterdir() if file_row(accepted).sha256 in path.name] == []
    sha256 = file_row(waiting).sha256
    assert any(sha256 in path.name for path in folder.iterdir())
    monkeypatch.setattr(kept, "KEPT_SECONDS", -1)
    bring(xlsx(GOODS, goods_row("Baru")))
    rollback()
    assert not any(sha256 in path.name for path in folder.iterdir())
    with pytest.raises(NotHere):
        file_row(waiting)
    assert file_row(accepted).made == 2, "what came of a file is remembered"


def test_a_file_whose_bytes_are_gone(app: Flask) -> None:
    import_id = bring(GOOD)
    row = file_row(import_id)
    kept.forget(kept.key(1, "goods", row.sha256), import_id)
    with pytest.raises(Refusal, match="Unggah lagi"):
        preview.preview(row)
    assert bring(GOOD) == import_id
    assert told(GOOD)["problems"] == []


def test_discarding_what_waits_but_not_what_is_in(app: Flask) -> None:
    waiting = bring(xlsx(GOODS, goods_row("Lain")))
    upload.discard(waiting, user("pengelola"))
    assert count("import_file") == 0
    with pytest.raises(Refusal, match="tidak bisa dibuang"):
        upload.discard(take(GOOD), user("pengelola"))


def test_notes_by_hand_go_on_beside_it(app: Flask) -> None:
    take(GOOD)
    receive()
    take(xlsx(CRAFTER, ["Sri"]), "crafters")
    rollback()
    assert offended() == []
    numbers = reading().execute(text("SELECT number FROM consignment ORDER BY id")).scalars().all()
    assert numbers == [1, 2, 3]


GOODS_IN = "WHERE kind = 'goods' AND accepted_at IS NOT NULL"
PLANTED = {
    "a piece more": f"UPDATE import_file SET pieces = pieces + 1 {GOODS_IN}",
    "another value": f"UPDATE import_file SET value = value + 1 {GOODS_IN}",
    "a note that never was": f"UPDATE import_file SET made = made + 1 {GOODS_IN}",
    "a crafter that never was": "UPDATE import_file SET made = made + 1 WHERE kind = 'crafters'",
    "an hour that never was": f"UPDATE import_file SET accepted_at = (SELECT min(at) FROM request) {GOODS_IN}",
    "another's request": "UPDATE import_file SET request_id ="
    " (SELECT min(r.id) FROM request r WHERE r.id NOT IN"
    f" (SELECT f.request_id FROM import_file f WHERE f.request_id IS NOT NULL)) {GOODS_IN}",
    "a showroom next door": f"UPDATE import_file SET showroom_id = 2 {GOODS_IN}",
    "fruits before acceptance": "UPDATE import_file SET pieces = 1 WHERE accepted_at IS NULL",
}


def test_each_falsehood_about_imports_is_found_by_their_line(app: Flask) -> None:
    take(GOOD)
    take(xlsx(CRAFTER, ["Sri"]), "crafters")
    bring(xlsx(GOODS, goods_row("Menunggu")))
    [line] = IMPORT_CHECKS
    assert line in ALL_CHECKS and offended() == []
    assert {what: found_after(sql) for what, sql in PLANTED.items()} == {what: [line.sentence] for what in PLANTED}
    assert offended() == []


def test_the_database_itself_takes_no_file_twice(app: Flask) -> None:
    take(GOOD)
    same = "showroom_id, user_id, kind, sha256, rows, uploaded_at, made, skipped, pieces, value"
    with pytest.raises(IntegrityError):
        begin_write().execute(text(f"INSERT INTO import_file (name, {same}) SELECT 'x', {same} FROM import_file"))
    rollback()
