"""Files as they come: encodings, separators, titles above, what is hidden, locked, damaged, huge or no table at all."""

import io
import zipfile
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from showroom_app.imports.preview import table_of
from showroom_app.imports.table_file import Table
from showroom_app.lib.refusal import Refusal
from tests.imports.files import GOODS, goods_row, table, told, xlsx

ROW = goods_row("Kursi “Sekar”", "1.250.000", "2")


def read(content: bytes) -> Table:
    return table_of("goods", content)


def refused(content: bytes) -> str:
    with pytest.raises(Refusal) as found:
        read(content)
    return found.value.sentence


@pytest.mark.parametrize("parted_by", [";", ",", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252"])
def test_csv_as_programs_write_it(app: Flask, parted_by: str, encoding: str) -> None:
    found = read(table(GOODS, ROW, goods_row("a;b,c\td", "12,5"), parted_by=parted_by, encoding=encoding))
    assert found.headings == GOODS
    assert found.rows == [(2, ROW), (3, goods_row("a;b,c\td", "12,5"))]


def test_a_separator_that_the_file_names(app: Flask) -> None:
    assert (
        read(b"sep=|\r\nPerajin|Nama barang|Jenis|Jumlah|Harga\r\nA|B, dengan koma|C|1|2").rows[0][1][1]
        == "B, dengan koma"
    )


def test_lines_within_a_cell_and_blank_lines(app: Flask) -> None:
    found = read(table(["Daftar titipan"], [], [*GOODS, "Cerita"], [], [*ROW, "dua\nbaris"], [], ["", ""]))
    assert found.rows == [(5, [*ROW, "dua\nbaris"])]


def test_the_same_table_is_the_same_file_in_any_format(app: Flask) -> None:
    numbers = goods_row("Kursi “Sekar”", 1250000, 2)
    written = goods_row("Kursi  “Sekar” ", "1250000", "2")
    hashes = {read(one).sha256 for one in (xlsx(GOODS, numbers), xlsx(GOODS, numbers, []), table(GOODS, written))}
    assert len(hashes) == 1
    assert read(xlsx(GOODS, goods_row("Kursi “Sekar”", 1250000, 3))).sha256 not in hashes


HEADINGS = [
    ["Crafter", "Item name", "Category", "Quantity", "Price"], ["perajin", "barang", "jenis", "banyak", "harga"],
    ["PERAJIN *", "Nama Barang", "Kategori", "Qty", "Harga jual (Rp)"],
]  # fmt: skip


@pytest.mark.parametrize("headings", HEADINGS)
def test_headings_in_either_language(app: Flask, headings: list[str]) -> None:
    assert read(xlsx(headings, ROW)).headings == headings


def test_columns_in_any_order_and_unknown_ones_are_told(app: Flask) -> None:
    said = told(xlsx(["Harga", "Warna", *GOODS[:4]], ["275.000", "merah", *goods_row()[:4]]))
    assert (said["problems"], said["right"]) == ([], 1)
    assert "Kolom yang tidak dikenal dan tidak dibaca: Warna." in said["remarks"]


def test_missing_and_doubled_columns(app: Flask) -> None:
    assert refused(xlsx(GOODS[:3], ROW[:3])) == "Kolom ini belum ada: Jumlah buah, Harga."
    assert refused(xlsx([*GOODS, "Price"], ROW)) == "Kolom “Harga” ada dua kali. Sisakan satu."
    assert "Judul kolomnya belum dikenali" in refused(xlsx(["a", "b"], ROW))
    assert "Judul kolomnya belum dikenali" in refused(table(["a", "b"], ["c", "d"]))


def test_hidden_and_other_sheets_are_not_read(app: Flask) -> None:
    def more(workbook: Any, _sheet: Any) -> None:
        for name in ("Rahasia", "Catatan"):
            sheet = workbook.add_worksheet(name)
            sheet.write_row(0, 0, GOODS)
            if name == "Rahasia":
                sheet.hide()

    said = told(xlsx(GOODS, ROW, also=more))
    assert "Lembar yang tidak dibaca: Catatan." in said["remarks"]
    assert said["rows"] == 1


def test_merged_cells_are_a_problem_where_they_begin(app: Flask) -> None:
    def merge(_workbook: Any, sheet: Any) -> None:
        sheet.merge_range(1, 0, 2, 0, "Tutik Handayani")

    said = told(xlsx(GOODS, [None, *ROW[1:]], [None, *goods_row("Meja")[1:]], also=merge))
    assert [(p["cell"], p["sentence"][:22]) for p in said["problems"]] == [
        ("A2", "Sel ini digabung denga"), ("A3", "Tulis nama perajinnya."),
    ]  # fmt: skip


def test_blank_cells_far_away_are_nothing(app: Flask) -> None:
    def styled(workbook: Any, sheet: Any) -> None:
        sheet.write_blank(900_000, 3, None, workbook.add_format({"bold": True}))

    assert len(read(xlsx(GOODS, ROW, also=styled)).rows) == 1


def test_values_far_away_are_refused_and_take_no_memory(app: Flask) -> None:
    assert "20.000 baris" in refused(xlsx(GOODS, ROW, also=lambda _book, sheet: sheet.write(1_048_575, 0, "x")))
    assert "60 kolom" in refused(xlsx(GOODS, ROW, also=lambda _book, sheet: sheet.write(0, 16_383, "x")))


def test_too_many_rows_and_columns(app: Flask) -> None:
    assert "20.000 baris" in refused(table(GOODS, *[ROW] * 20_001))
    assert len(read(table(GOODS, *[ROW] * 20_000)).rows) == 20_000
    assert "60 kolom" in refused(table([*GOODS, *[f"k{n}" for n in range(60)]], ROW))


def test_larger_than_ten_megabytes(app: Flask) -> None:
    assert "10 MB" in refused(b"x" * (10 * 1024 * 1024 + 1))


def packed(**parts: bytes) -> bytes:
    """A zip of these parts; / is written __ and . is written _dot_."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as made:
        for name, content in parts.items():
            made.writestr(name.replace("__", "/").replace("_dot_", "."), content)
    return file.getvalue()


def test_what_unpacks_into_too_much(app: Flask) -> None:
    bomb = packed(xl__workbook_dot_xml=b"<x/>", xl__media_dot_bin=b"\0" * (151 * 1024 * 1024))
    assert len(bomb) < 200_000
    assert "terlalu besar setelah dibuka" in refused(bomb)
    # What it says of its own size is no proof.
    lying = bomb.replace((151 * 1024 * 1024).to_bytes(4, "little"), (10).to_bytes(4, "little"))
    assert lying != bomb
    assert "terlalu besar setelah dibuka" in refused(lying)


def test_damaged_workbooks(app: Flask) -> None:
    whole = xlsx(GOODS, ROW)
    for broken in (
        whole[: len(whole) // 2],
        whole[:-30],
        whole.replace(b"sheet1", b"sheet9"),
        b"PK\x03\x04" + b"x" * 99,
    ):
        assert refused(broken)
    assert "rusak" in refused(
        packed(xl__workbook_dot_xml=b"<not-closed>", xl___rels__workbook_dot_xml_dot_rels=b"<x/>")
    )


OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
NO_TABLES = {
    "xls": (OLE + b"\0" * 2000, ".xls yang lama"),
    "locked xlsx": (OLE + b"\0" * 600 + "EncryptedPackage".encode("utf-16-le"), "kata sandi"),
    "ods": (packed(mimetype=b"application/vnd.oasis.opendocument.spreadsheet", content_dot_xml=b"<x/>"), ".ods"),
    "xlsb": (packed(xl__workbook_dot_bin=b"x"), ".xlsb"),
    "docx": (packed(word__document_dot_xml=b"<x/>"), "bukan berkas XLSX atau CSV"),
    "pdf": (b"%PDF-1.7 ...", "bukan berkas XLSX atau CSV"),
    "jpg": (b"\xff\xd8\xff\xe0 JFIF", "bukan berkas XLSX atau CSV"),
    "html called xls": (b"<html><table><tr><td>Nama</td></tr></table>", "bukan berkas XLSX atau CSV"),
    "zeros": (b"\0" * 500, "kosong"),
    "empty": (b" \r\n", "kosong"),
    "noise": (bytes(range(1, 256)) * 9 + b"\0", "bukan berkas XLSX atau CSV"),
    "half a character": (b"\xff\xfe\x00", "bukan berkas XLSX atau CSV"),
    "a cell without end": (b'Perajin;Nama barang;"' + b"x" * 200_000, "tidak utuh"),
}


@pytest.mark.parametrize("kind", NO_TABLES)
def test_what_is_no_table_gets_a_sentence(app: Flask, kind: str) -> None:
    content, words = NO_TABLES[kind]
    assert words in refused(content)


def test_a_picture_of_the_program_itself(app: Flask) -> None:
    assert refused((Path(__file__).parents[2] / "docs/pictures/till.webp").read_bytes())
