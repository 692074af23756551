"""Reading what was typed into a consignment note: counts, money, terms, and what counts as nothing."""

from typing import Any

import pytest
from flask import Flask

from showroom_app.extensions import reading
from showroom_app.lib.refusal import FormRefusal, Refusal
from showroom_app.stock import draft, intake
from tests.builders import crafter_id, line, receive, request_id, user


@pytest.mark.parametrize(("typed", "count"), [("12", 12), ("1.000", 1000), (" 7 ", 7), ("10.000", 10_000)])
def test_counts_as_people_write_them(app: Flask, typed: str, count: int) -> None:
    assert draft.read_line(line(quantity=typed, per_piece="lot")).quantity == count


@pytest.mark.parametrize("typed", ["1.5", "2,5", ".5", "1.0", "10.00", "-1", "0", "", "seribu", "9" * 30, "10.001"])
def test_what_is_no_whole_count_is_said(app: Flask, typed: str) -> None:
    read = draft.read_line(line(quantity=typed, per_piece="lot"))
    assert read.errors["quantity"] == "Jumlah antara 1 dan 10.000, tanpa koma."
    assert read.quantity == 0


@pytest.mark.parametrize("typed", ["0", "-5", "1,5", "gratis", "9" * 30])
def test_harga_setor_is_an_amount_of_money(app: Flask, typed: str) -> None:
    read = draft.read_line(line(terms_kind="net_price", net_price=typed))
    assert "net_price" in read.errors


def test_a_count_alone_is_not_nothing(app: Flask) -> None:
    who = user("petugas")
    note = intake.start(crafter_id("Tutik"), who, request_id())
    counted = {"quantity": "200", "terms_kind": "commission", "commission_percent": "15", "per_piece": "lot"}
    typed: dict[str, Any] = {"lines": [line(), counted], "agreed_until": ""}
    with pytest.raises(FormRefusal) as refused:
        intake.receive(note, typed, who, request_id())
    assert "lines-1-name" in refused.value.errors


def test_a_line_left_blank_is_nothing(app: Flask) -> None:
    assert len(receive(line(), draft.blank_line("commission", 1500))) == 1


def test_a_note_has_an_end(app: Flask) -> None:
    who = user("petugas")
    note = intake.start(crafter_id("Tutik"), who, request_id())
    many: dict[str, Any] = {"lines": [line() for _number in range(201)], "agreed_until": ""}
    with pytest.raises(Refusal, match="paling banyak 200 baris"):
        intake.keep_draft(note, many, who)
    with pytest.raises(Refusal, match="paling banyak 200 baris"):
        intake.receive(note, many, who, request_id())
    labels: dict[str, Any] = {"lines": [line(quantity="1.000") for _number in range(3)], "agreed_until": ""}
    with pytest.raises(FormRefusal, match=r"paling banyak 2\.000 label"):
        intake.receive(note, labels, who, request_id())


def test_an_older_screen_is_told_and_changes_nothing(app: Flask) -> None:
    who = user("petugas")
    note = intake.start(crafter_id("Tutik"), who, request_id())
    opened = intake.own_consignment(reading(), note, who.showroom_id).saved_at.isoformat()
    newer = {"lines": [line(name="Baru")], "agreed_until": "", "editor": "layar-baru", "opened": opened}
    older = newer | {"lines": [line(name="Lama")], "editor": "layar-lama"}
    intake.keep_draft(note, newer, who)
    intake.keep_draft(note, newer, who)
    with pytest.raises(Refusal, match="diubah di layar lain"):
        intake.keep_draft(note, older, who)
    with pytest.raises(Refusal, match="diubah di layar lain"):
        intake.receive(note, older, who, request_id())
    kept = intake.typed_of(intake.own_consignment(reading(), note, who.showroom_id))
    assert [one["name"] for one in kept["lines"]] == ["Baru"]


def test_a_draft_goes_to_another_crafter_with_all_that_is_typed(app: Flask) -> None:
    who = user("petugas")
    note = intake.start(crafter_id("Tutik"), who, request_id())
    typed: dict[str, Any] = {"lines": [line(name="Kursi Slamet")], "agreed_until": ""}
    intake.keep_draft(note, typed, who)
    intake.change_crafter(note, crafter_id("Slamet"), who)
    intake.receive(note, typed, who, request_id())
    row = intake.own_consignment(reading(), note, who.showroom_id)
    assert row.crafter_id == crafter_id("Slamet")
    with pytest.raises(Refusal, match="sudah diterima"):
        intake.change_crafter(note, crafter_id("Tutik"), who)
