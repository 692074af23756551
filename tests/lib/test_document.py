"""The printed documents: labels that read back, notes that hold, whatever the words."""

import dataclasses
import random
from datetime import UTC, datetime
from typing import Any

import pypdfium2
import pytest
import zxingcpp
from PIL import Image

from showroom_app.lib import document, label_sheet, qr
from showroom_app.lib.label_sheet import A4_3X8, Label

LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
HOST = "showroom.malang.com"
HOSTILE = [
    "<script>alert(1)</script>",
    '#import "x": *',
    "*bold* _slant_ $x$ `code`",
    "\\ #panic() @nowhere <label> = head",
    "عربي كرسي",
    "כיסא נצרים",
    "Kursi 🪑 santai",
    "🪑",
    "A" * 3000,
    "Kereta-" * 40,
    "line\nbreak\ttab\x00nul\u202eover\u2066ride",
    "half \ud83e a character",
    "日本語 Стул Έδρα ꦫꦺꦴꦠꦤ꧀",
    "   ",
    "",
]


def labels(count: int, host: str | None = HOST, **said: str) -> list[Label]:
    dice = random.Random(count)
    codes = ["".join(dice.choice(LETTERS) for _ in range(8)) for _ in range(count)]
    words = {"name": "Lampu gantung “Kendil” 35 cm", "crafter": "Bu Tutik", "price": "Rp275.000"} | said
    return [Label(payload=qr.label_payload(code, host), code=code, **words) for code in codes]


def note(lines: int, **more: Any) -> dict[str, Any]:
    line = {
        "name": "Lampu gantung “Kendil” 35 cm",
        "quantity": "4",
        "price": "Rp275.000",
        "terms": "Komisi 15%",
        "crafter_each": "Rp233.750",
    }
    return {
        "paper": "a4",
        "showroom": {"name": "Galeri Rotan Balearjosari", "address": "Kota Malang"},
        "number": "NT-2611-042",
        "date": "Selasa, 24 November 2026",
        "crafter": {"name": "Bu Tutik Handayani", "about": "RW 02"},
        "lines": [line] * lines,
        "totals": {"quantity": "13", "price": "Rp2.450.000", "crafter": "Rp2.051.000"},
        "agreed_end": "24 Februari 2027",
        "place_date": "Malang, 24 November 2026",
        "attendant": "Dewi Lestari",
    } | more


def pages(pdf: bytes, dots_per_inch: int = 300) -> list[Image.Image]:
    return [page.render(scale=dots_per_inch / 72).to_pil() for page in pypdfium2.PdfDocument(pdf)]


def words(pdf: bytes) -> str:
    return "\n".join(page.get_textpage().get_text_range() for page in pypdfium2.PdfDocument(pdf))


def read_sheet(page: Image.Image, preset: label_sheet.SheetPreset) -> dict[int, str]:
    """Each position's QR, read alone from its own label, as a phone sees it."""
    dots = page.width / preset.page_width_mm
    found = {}
    for index in range(preset.labels_per_sheet):
        left = preset.margin_left_mm + index % preset.columns * (preset.label_width_mm + preset.gap_x_mm)
        top = preset.margin_top_mm + index // preset.columns * (preset.label_height_mm + preset.gap_y_mm)
        box = (left, top, left + preset.label_width_mm, top + preset.label_height_mm)
        read = zxingcpp.read_barcodes(page.crop(tuple(round(edge * dots) for edge in box)))
        if read:
            found[index + 1] = read[0].text
    return found


def test_modules_too_fine_for_a_phone_are_refused() -> None:
    small = dataclasses.replace(A4_3X8, name="small", label_width_mm=38, label_height_mm=18)
    with pytest.raises(ValueError, match="too long to read"):
        label_sheet.content(small, "Galeri Rotan", labels(1))


def test_a_begun_sheet_goes_on_where_it_stopped() -> None:
    printed = labels(3)
    sheet, _ = pages(document.render("labels", label_sheet.content(A4_3X8, "Galeri", printed, start=23)))
    assert read_sheet(sheet, A4_3X8) == {23: printed[0].payload, 24: printed[1].payload}
    assert label_sheet.next_start(3, 23, A4_3X8) == 2
    # Nothing at all is printed on the labels before.
    empty = sheet.convert("L").crop((0, 0, sheet.width, round(sheet.height * 7 * 37 / 297)))
    assert empty.getextrema() == (255, 255)


@pytest.mark.parametrize(
    ("count", "start", "sheets", "following"),
    [(0, 1, 0, 1), (1, 1, 1, 2), (24, 1, 1, 1), (25, 1, 2, 2), (1, 24, 1, 1), (2, 24, 2, 2), (1000, 1, 42, 17)],
)
def test_sheets_are_counted(count: int, start: int, sheets: int, following: int) -> None:
    assert label_sheet.sheets_needed(count, start, A4_3X8) == sheets
    assert label_sheet.next_start(count, start, A4_3X8) == following


@pytest.mark.parametrize("start", [0, 25, -1])
def test_a_start_off_the_sheet_is_refused(start: int) -> None:
    with pytest.raises(ValueError, match="not on a sheet"):
        label_sheet.content(A4_3X8, "Galeri", labels(1), start=start)


def test_a_preset_must_fit_its_page() -> None:
    with pytest.raises(ValueError, match="do not fit"):
        dataclasses.replace(A4_3X8, columns=4)


def test_hostile_words_print_as_words_and_stay_on_their_label() -> None:
    clean = labels(24)
    hostile = [
        dataclasses.replace(label, name=text, crafter=text) for label, text in zip(clean, HOSTILE * 2, strict=False)
    ]
    pdf = document.render("labels", label_sheet.content(A4_3X8, HOSTILE[0], hostile))
    said = words(pdf)
    for text in ("<script>alert(1)</script>", '#import "x": *', "#panic()", "<label> = head"):
        assert text in said
    assert "$x$" in said
    # Reading right-to-left lines out of a PDF shuffles their neighbours; the others' codes stand as they are.
    assert all(label.code in said for label in hostile if label.name.isascii())
    (sheet,) = pages(pdf)
    assert list(read_sheet(sheet, A4_3X8).values()) == [label.payload for label in hostile]
    # A white strip runs along every edge of every label: nothing touches its neighbour.
    grey = sheet.convert("L")
    dots = sheet.width / 210
    for column in range(1, 4):
        edge = round(column * 70 * dots)
        assert grey.crop((edge - round(2 * dots), 0, edge, grey.height)).getextrema() == (255, 255)
    for row in range(9):
        edge = round((0.5 + row * 37) * dots)
        above, below = edge - round(2 * dots), edge + round(2 * dots)
        strip = grey.crop((0, max(0, above), grey.width, min(below, grey.height)))
        assert strip.getextrema() == (255, 255)


def test_a_price_is_printed_whole_or_not_at_all() -> None:
    for price in ("Rp15.000", "Rp1.850.000", "Rp12.325.000", "Rp999.999.999.999"):
        pdf = document.render("labels", label_sheet.content(A4_3X8, "Galeri", labels(1, price=price)))
        assert price in words(pdf)
    unpriced = document.render("labels", label_sheet.content(A4_3X8, "Galeri", labels(1, price="")))
    assert "Rp" not in words(unpriced)


def test_the_label_names_piece_crafter_showroom_and_code() -> None:
    (label,) = labels(1)
    said = words(document.render("labels", label_sheet.content(A4_3X8, "Galeri Rotan Balearjosari", [label])))
    for text in ("Lampu gantung", "35\u00a0cm", "Bu Tutik", "Galeri Rotan Balearjosari", label.code):
        assert text.replace("\u00a0", " ") in said.replace("\u00a0", " ")


def test_the_same_content_is_the_same_bytes() -> None:
    sheet = label_sheet.content(A4_3X8, "Galeri", labels(30))
    assert document.render("labels", sheet) == document.render("labels", sheet)
    made_at = datetime(2026, 11, 24, 3, 14, tzinfo=UTC)
    first = document.render("consignment_note", note(3), made_at=made_at)
    assert first == document.render("consignment_note", note(3), made_at=made_at)
    assert first != document.render("consignment_note", note(3))
    assert b"D:20261124031400" in first


@pytest.mark.parametrize("paper", ["a4", "a5"])
def test_a_note_of_one_line(paper: str) -> None:
    pdf = document.render("consignment_note", note(1, paper=paper))
    said = " ".join(words(pdf).split())
    assert len(pypdfium2.PdfDocument(pdf)) == 1
    for text in (
        "NT-2611-042", "Selasa, 24 November 2026", "Bu Tutik Handayani", "Komisi 15%", "Rp233.750", "Rp2.051.000",
        "Barang tetap milik perajin sampai laku.", "24 Februari 2027", "Perajin", "Petugas", "Dewi Lestari",
    ):  # fmt: skip
        assert text in said.replace("\u00a0", " ")
    assert "Halaman" not in said


def test_a_note_of_200_lines_numbers_its_pages() -> None:
    pdf = document.render("consignment_note", note(200))
    count = len(pypdfium2.PdfDocument(pdf))
    said = words(pdf)
    assert count > 3
    assert said.count("Rp233.750") == 200
    assert f"Halaman {count} dari {count}" in said
    assert said.count("Kesepakatan") >= count - 1


def test_a_note_of_hostile_words() -> None:
    lines = [{**note(1)["lines"][0], "name": text, "terms": text} for text in HOSTILE]
    hostile = note(0, number=HOSTILE[2], attendant=HOSTILE[8], agreed_end=HOSTILE[3], paper="a5")
    hostile["lines"] = lines
    hostile["crafter"] = {"name": HOSTILE[9], "about": HOSTILE[4]}
    hostile["showroom"] = {"name": HOSTILE[8], "address": HOSTILE[9]}
    pdf = document.render("consignment_note", hostile)
    assert '#import "x": *' in " ".join(words(pdf).split())
    dots = 100 / 25.4
    for page in pages(pdf, 100):
        edge = page.convert("L").crop((page.width - round(9 * dots), 0, page.width, page.height))
        assert edge.getextrema() == (255, 255)


def test_a_mistake_in_the_content_is_told_in_typsts_words() -> None:
    with pytest.raises(document.DocumentFailed, match="dictionary does not contain key"):
        document.render("consignment_note", {"paper": "a4"})


def test_too_long_is_told() -> None:
    with pytest.raises(document.DocumentFailed, match="not done after"):
        document.render("labels", label_sheet.content(A4_3X8, "Galeri", labels(1)), seconds_max=0.001)


@pytest.mark.parametrize("template", ["", "nowhere", "../style", "labels.typ", "/etc/passwd"])
def test_only_our_own_templates(template: str) -> None:
    with pytest.raises(ValueError, match="no such template"):
        document.render(template, {})
