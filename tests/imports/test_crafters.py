"""Crafters out of a file: added with all that a form would, left as they are where they are known."""

import pytest
from flask import Flask
from sqlalchemy import select, update

from showroom_app.extensions import begin_write, commit, reading
from showroom_app.ledger import book
from showroom_app.people.crafters import owed
from showroom_app.people.models import Crafter, Showroom
from tests.builders import crafter_id
from tests.imports.files import CRAFTER, count, file_row, problems, take, told, xlsx
from tests.rules import activities

NEW = ["Sri Wahyuni", "Bengkel Sri", "0813 1111 2222", "RW 3", "12,5%", "BRI", "0012345"]


def test_they_are_added_with_their_account_and_a_line_in_the_log(app: Flask) -> None:
    import_id = take(xlsx(CRAFTER, NEW, ["Pak Harjo"]), "crafters")
    sri = reading().execute(select(Crafter.__table__).where(Crafter.name == "Sri Wahyuni")).one()
    assert (sri.phone, sri.commission_bps, sri.bank_account, sri.terms_kind) == (
        "+6281311112222",
        1250,
        "0012345",
        "commission",
    )
    assert sri.active and owed(sri.id) == 0
    assert book.accounts(reading(), [("crafter", sri.id)])
    harjo = reading().execute(select(Crafter.__table__).where(Crafter.name == "Pak Harjo")).one()
    assert (
        harjo.commission_bps == reading().execute(select(Showroom.commission_bps).where(Showroom.id == 1)).scalar_one()
    )
    assert [one.subject for one in activities("crafter-new")][-2:] == [f"crafter:{sri.id}", f"crafter:{harjo.id}"]
    assert '"bank_account": "0012345"' in activities("crafter-new")[-2].after
    [noted] = activities("import")
    assert noted.subject == f"import_file:{import_id}" and '"made": 2' in noted.after


def test_who_is_there_with_the_same_is_skipped(app: Flask) -> None:
    before = count("crafter")
    tutik = ["tutik handayani", "", "0812-0000-1001", "", "15%"]
    said = told(xlsx(CRAFTER, tutik, NEW), "crafters")
    assert (said["new"], said["known"], said["problems"]) == (1, 1, [])
    file = file_row(take(xlsx(CRAFTER, tutik, NEW), "crafters"))
    assert (file.made, file.skipped, count("crafter")) == (1, 1, before + 1)


def test_who_is_there_with_something_else_is_a_problem_and_stays(app: Flask) -> None:
    tutik = ["Tutik Handayani", "Bengkel lain", "0812 0000 1001", "", "20%"]
    found = problems(xlsx(CRAFTER, tutik), "crafters")
    assert sorted(cell for cell, _text, _sentence in found) == ["B2", "E2"]
    assert all("sudah ada, dengan isian lain" in sentence for _cell, _text, sentence in found)


def test_only_skipping_makes_nobody(app: Flask) -> None:
    file = file_row(take(xlsx(CRAFTER, ["Tutik Handayani", "", "0812 0000 1001"]), "crafters"))
    assert (file.made, file.skipped) == (0, 1)


def test_likeness_is_told_but_no_problem(app: Flask) -> None:
    other_phone, other_name = ["Tutik Handayani", "", "0819 9999 8888"], ["Bu Darmi", "", "0812 0000 1002"]
    said = told(xlsx(CRAFTER, other_phone, other_name), "crafters")
    assert said["problems"] == []
    assert said["remarks"] == [
        "Baris 2: sudah ada perajin bernama Tutik Handayani dengan nomor HP lain.",
        "Baris 3: nomor 0812 0000 1002 juga milik Slamet Riyadi.",
    ]


@pytest.mark.parametrize(
    ("row", "cell", "words"),
    [
        (["", "Bengkel"], "A2", "Nama perlu diisi"),
        (["Budi", "", "12"], "C2", "Nomor ini belum lengkap"),
        (["Budi", "", "", "", "150"], "E2", "Isi persen antara 0 dan 100"),
        (["B" * 121], "A2", "Terlalu panjang"),
        (["Budi", "", "", "", "", "", 1234567890123456789.0], "G2", "Tulis sebagai teks"),
    ],
)
def test_problems_by_cell(app: Flask, row: list[str], cell: str, words: str) -> None:
    [(where, _text, sentence)] = problems(xlsx(CRAFTER, row), "crafters")
    assert where == cell and words in sentence


def test_the_same_person_twice_in_a_file(app: Flask) -> None:
    [(where, _text, sentence)] = problems(xlsx(CRAFTER, NEW, ["SRI  wahyuni", "", "+6281311112222"]), "crafters")
    assert (where, sentence) == ("A3", "Sama dengan baris 2.")


def test_terms_in_either_language(app: Flask) -> None:
    head = ["Name", "Phone", "Terms", "Commission"]
    take(xlsx(head, ["Sri", "0813 1111 2222", "net price", ""], ["Budi", "", "Komisi", 20]), "crafters")
    found = (
        reading()
        .execute(select(Crafter.name, Crafter.terms_kind, Crafter.commission_bps).order_by(Crafter.id.desc()).limit(2))
        .all()
    )
    assert [tuple(row) for row in found] == [("Budi", "commission", 2000), ("Sri", "net_price", 0)]


def test_percents_of_a_spreadsheet_are_parts_of_one(app: Flask) -> None:
    take(xlsx(["Nama", "Komisi"], ["Sri", 0.125]), "crafters")
    assert reading().execute(select(Crafter.commission_bps).where(Crafter.name == "Sri")).scalar_one() == 1250


def test_phones_that_excel_took_for_numbers(app: Flask) -> None:
    take(xlsx(["Nama", "HP"], ["Sri", 81311112222], ["Budi", "'081311113333"]), "crafters")
    found = reading().execute(select(Crafter.phone).where(Crafter.name.in_(["Sri", "Budi"])).order_by(Crafter.id))
    assert found.scalars().all() == ["+6281311112222", "+6281311113333"]


def test_next_door_nothing_changes(app: Flask) -> None:
    begin_write().execute(
        update(Crafter).where(Crafter.id == crafter_id("Wagiman")).values(name="Sri Wahyuni", phone="+6281311112222")
    )
    commit()
    assert told(xlsx(CRAFTER, NEW), "crafters")["new"] == 1
