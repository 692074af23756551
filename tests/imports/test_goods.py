"""Goods out of a file: read as people type, refused cell by cell, taken in whole with all that a note has."""

from datetime import date
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select, text, update

from showroom_app.extensions import begin_write, commit, now, reading, rollback
from showroom_app.imports import accept, preview
from showroom_app.ledger import book
from showroom_app.lib.clock import jakarta_date
from showroom_app.lib.refusal import Refusal
from showroom_app.people.models import Crafter
from showroom_app.stock.models import Consignment, Item, Product
from tests.builders import crafter_id, line, receive, request_id, user
from tests.imports.files import GOODS, bring, count, file_row, goods_row, problems, table, take, told, xlsx
from tests.rules import activities, rows

ALL = [
    *GOODS, "Komisi", "Harga setor", "Boleh kurang sampai", "Label", "Dititip sampai", "Bahan", "Lebar cm", "Dalam cm",
    "Tinggi cm", "Berat kg", "Cerita", "Perawatan", "Nama dalam bahasa Inggris", "Catatan",
]  # fmt: skip


def years_end() -> date:
    """The last day of next year."""
    return date(jakarta_date(now()).year + 1, 12, 31)


def test_a_note_for_each_crafter_with_all_that_notes_have(app: Flask) -> None:
    receive()
    rollback()
    until = years_end()
    full = [
        *goods_row(),
        "12,5%",
        "",
        "250.000",
        "per buah",
        until,
        "Rotan",
        35,
        35.5,
        28,
        1.2,
        "Cerita",
        "Lap",
        "Lamp",
        "x",
    ]
    lot = [*goods_row("Gantungan", 12000, 200, category="Gantungan kunci"), "", "9.000", "", "satu label"]
    slamet = goods_row("Kursi", "Rp 1.250.000,-", 1, crafter="slamet  RIYADI", category="chair")
    import_id = take(xlsx(ALL, full, lot, slamet))
    notes = rows("consignment")[1:]
    assert [(n.crafter_id, n.pieces, n.value, n.agreed_until, n.number) for n in notes] == [
        (crafter_id("Tutik"), 2, 550_000, until.isoformat(), 2), (crafter_id("Tutik"), 200, 2_400_000, "", 3),
        (crafter_id("Slamet"), 1, 1_250_000, "", 4),
    ]  # fmt: skip
    items = rows("item")[1:]
    told = [(i.quantity, i.price, i.terms_kind, i.commission_bps, i.net_price, i.lowest_price) for i in items]
    assert told == [
        *[(1, 275_000, "commission", 1250, 0, 250_000)] * 2, (200, 12_000, "net_price", 0, 9_000, None),
        (1, 1_250_000, "commission", 2000, 0, None),
    ]  # fmt: skip
    assert all(i.labels_due for i in items)
    shelf = book.accounts(reading(), [("shelf", 1)])["shelf", 1]
    assert [book.balance(reading(), shelf, i.id) for i in items] == [1, 1, 200, 1]
    product = reading().execute(select(Product.__table__).where(Product.name == "Lampu Kendil")).one()
    sizes = (product.width_mm, product.depth_mm, product.height_mm, product.weight_g)
    assert (sizes, product.material, product.story, product.name_en) == (
        (350, 355, 280, 1200),
        "Rotan",
        "Cerita",
        "Lamp",
    )
    file = file_row(import_id)
    assert (file.made, file.pieces, file.value, file.accepted_by) == (3, 203, 4_200_000, user("pengelola").id)
    [noted] = activities("import")
    assert noted.subject == f"import_file:{import_id}"


@pytest.mark.parametrize(
    "written", ["1250000", "1.250.000", "Rp 1.250.000,-", "Rp1.250.000,00", "1,250,000", 1_250_000]
)
def test_amounts_as_people_type_them(app: Flask, written: Any) -> None:
    take(xlsx(GOODS, goods_row(price=written)))
    assert {item.price for item in rows("item")} == {1_250_000}


@pytest.mark.parametrize("form", ["31/12/%Y", "31-12-%Y", "31.12.%Y", "31 Des %Y", "31 Desember %Y", "%Y-12-31", ""])
def test_days_as_people_write_them(app: Flask, form: str) -> None:
    """The last is a day as the spreadsheet itself keeps it."""
    until = years_end()
    take(xlsx([*GOODS, "Titip sampai"], [*goods_row(), until.strftime(form) if form else until]))
    assert {note.agreed_until for note in rows("consignment")} == {until.isoformat()}


def test_every_problem_is_told_by_row_and_cell(app: Flask) -> None:
    content = xlsx(
        [*GOODS, "Komisi", "Harga setor", "Dititip sampai", "Lebar cm"],
        [*goods_row(price="12,5 juta"), "", "", "", ""],
        [*goods_row(quantity="1,5", crafter="Tutik Handayni"), 1, "", "", ""],
        [*goods_row(name="", category="Becak"), "120", "", "kemarin", "seribu"],
        [*goods_row(price=50_000), "", "60.000", date(2020, 1, 1), ""],
        [*goods_row(), "15", "200.000", "", ""],
        goods_row(crafter="Nobody"),
    )
    assert problems(content) == [
        ("E2", "12,5 juta", "Isi harga dalam rupiah, misalnya 275.000."),
        ("F3", "1", "Ini bisa berarti 1% atau 100%. Tulis sebagai teks, misalnya 15%."),
        ("A3", "Tutik Handayni", "Belum ada perajin bernama ini. Maksudnya Tutik Handayani?"),
        ("D3", "1,5", "Jumlah antara 1 dan 10.000, tanpa koma."),
        ("H4", "kemarin", "Tulis tanggalnya seperti 31/12/2027."),
        ("B4", "", "Tulis nama barangnya."),
        ("C4", "Becak", "Pilih jenis barang."),
        ("I4", "seribu", "Isi ukuran dalam cm, misalnya 45 atau 45,5."),
        ("F4", "120", "Isi persen antara 0 dan 100, misalnya 15."),
        ("G5", "60.000", "Harga jual harus di atas harga setor Rp50.000.".replace("50", "60")),
        ("H5", "01/01/2020", "Tanggal akhir titip sudah lewat. Pilih hari ini atau sesudahnya."),
        ("G6", "200.000", "Isi komisi atau harga setor, salah satu saja."),
        ("A7", "Nobody", "Belum ada perajin bernama ini. Tambahkan perajinnya dulu, lalu buka lagi halaman ini."),
    ]  # fmt: skip


def test_nothing_is_written_while_one_cell_is_wrong(app: Flask) -> None:
    import_id = bring(xlsx(GOODS, goods_row(), goods_row("Kursi", "mahal")))
    mark = preview.preview(file_row(import_id))["mark"]
    with pytest.raises(Refusal, match="Masih ada yang perlu diperbaiki"):
        accept.accept(import_id, mark, user("pengelola"), request_id())
    assert (count("item"), count("consignment"), count("product"), file_row(import_id).accepted_at) == (0, 0, 0, None)


def test_crafters_are_known_by_name_phone_or_username(app: Flask) -> None:
    for called in (
        "Tutik Handayani",
        "TUTIK handayani",
        "0812 0000 1001",
        "+62 812-0000-1001",
        "perajin",
        6281200001001,
    ):
        assert told(xlsx(GOODS, goods_row(crafter=called), goods_row(f"x{called}")))["problems"] == [], called


def test_who_can_t_be_told_apart_or_is_away_is_a_problem(app: Flask) -> None:
    tutik, slamet = crafter_id("Tutik"), crafter_id("Slamet")
    conn = begin_write()
    conn.execute(update(Crafter).where(Crafter.id == slamet).values(name="Tutik Handayani"))
    commit()
    assert problems(xlsx(GOODS, goods_row()))[0][2].startswith("Ada 2 perajin seperti ini")
    begin_write().execute(update(Crafter).where(Crafter.id == tutik).values(active=False))
    commit()
    assert told(xlsx(GOODS, goods_row()))["problems"] == []
    begin_write().execute(update(Crafter).where(Crafter.id == slamet).values(active=False))
    commit()
    assert "tidak aktif" in problems(xlsx(GOODS, goods_row()))[0][2]


def test_the_neighbours_crafters_are_unknown_here(app: Flask) -> None:
    assert "Belum ada perajin" in problems(xlsx(GOODS, goods_row(crafter="Wagiman")))[0][2]


def test_usual_terms_where_the_file_says_none(app: Flask) -> None:
    begin_write().execute(update(Crafter).where(Crafter.id == crafter_id("Slamet")).values(terms_kind="net_price"))
    commit()
    [problem] = problems(xlsx([*GOODS, "Harga setor"], [*goods_row(crafter="Slamet Riyadi"), ""]))
    assert problem == ("F2", "", "Isi harga setor dalam rupiah, misalnya 50.000.")


def test_known_goods_keep_what_is_told_of_them(app: Flask) -> None:
    receive(line("Lampu Kendil"))
    take(xlsx([*GOODS, "Bahan"], [*goods_row("lampu kendil"), "Bambu"], [*goods_row("Baru"), "Rotan"]))
    assert [(p.name, p.material) for p in rows("product")] == [("Lampu Kendil", ""), ("Baru", "Rotan")]


def test_one_kind_of_goods_has_one_category(app: Flask) -> None:
    [problem] = problems(xlsx(GOODS, goods_row(), goods_row("lampu KENDIL", category="Kursi")))
    assert problem == ("C3", "Kursi", "Barang ini di baris 2 jenisnya lain.")


def test_long_notes_are_parted(app: Flask) -> None:
    take(xlsx(GOODS, *[goods_row(f"Barang {n}", quantity=1) for n in range(401)]))
    assert [note.pieces for note in rows("consignment")] == [200, 200, 1]
    take(xlsx(GOODS, *[goods_row(f"Banyak {n}", quantity=900) for n in range(3)]))
    assert [note.pieces for note in rows("consignment")][3:] == [1800, 900]


def test_too_many_labels_are_refused(app: Flask) -> None:
    content = xlsx(GOODS, *[goods_row(f"Barang {n}", quantity=1000) for n in range(21)])
    assert [one for _cell, _text, one in problems(content)] == [
        "Berkas ini perlu 21.000 label, paling banyak 20.000 sekali impor. Bagi berkasnya."
    ]


def test_what_the_preview_says_is_what_comes_in(app: Flask) -> None:
    content = xlsx(GOODS, goods_row(), goods_row("Kursi", "900.000", "3", category="Kursi", crafter="Slamet Riyadi"))
    said = told(content)
    take(content)
    notes, items = rows("consignment"), rows("item")
    assert said["notes"] == len(notes) == 2
    assert said["totals"]["pieces"] == sum(note.pieces for note in notes) == len(items) == said["totals"]["labels"]
    assert said["totals"]["value"] == sum(note.value for note in notes) == 3_250_000


def test_a_row_of_formulas_counts_by_its_values(app: Flask) -> None:
    def formulas(_workbook: Any, sheet: Any) -> None:
        sheet.write_formula(1, 4, "=5*50000", None, 250_000)
        sheet.write_formula(2, 4, "=1/0", None, "#DIV/0!")

    found = told(xlsx(GOODS, goods_row(price=None), goods_row("Kursi", price=None), also=formulas))
    assert [(p["cell"], p["sentence"]) for p in found["problems"]] == [
        ("E3", "Rumus di sel ini salah. Tulis nilainya.")
    ]


def test_the_note_prints_and_says_what_it_brought(app: Flask) -> None:
    take(table(GOODS, goods_row("Kursi “Sekar”")))
    note = reading().execute(select(Consignment.__table__)).one()
    assert '"words"' in note.typed and "Kursi “Sekar”" in note.typed
    codes = reading().execute(select(Item.code)).scalars().all()
    assert len(set(codes)) == 2
    assert reading().execute(text("SELECT last FROM series WHERE name = 'consignment'")).scalar_one() == 1
