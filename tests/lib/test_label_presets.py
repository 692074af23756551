"""Every label sheet we know, and those people adjust: all that is printed reads back and stays on its label."""

import math
import re
from dataclasses import replace
from itertools import pairwise

import numpy as np
import pypdfium2
import pytest
import zxingcpp
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageDraw
from qrcode.constants import ERROR_CORRECT_M
from qrcode.main import QRCode

from showroom_app.lib import document, label_sheet, qr
from showroom_app.lib.label_sheet import A4_3X8, GEOMETRY, PRESETS, GeometryRefused, Label, SheetPreset, adjusted
from tests.lib.test_document import HOST, HOSTILE, labels, pages, words

SHOWROOM, CODE = "Galeri Rotan Balearjosari", "7K3QXM2F"
# An odd number of them: each comes with an address as well as without.
WORDS = [
    *HOSTILE,
    "Tas",
    "WWWWWWWW Mmmmmmmm",
    "Kelompok Perajin Anyaman Bambu dan Rotan Balearjosari RW 02",
    "Keranjang cucian bertutup dengan kain pelapis motif batik, ukuran besar, pegangan kulit asli, bisa dilipat",
]
PRICES = ["Rp15.000", "Rp1.850.000", "Rp999.999.999.999"]
SMALL, LARGE = {"tj-107", "tj-108"}, {"tj-103", "tj-121", "a4-3x8"}
DOTS = 300 / 25.4
every_preset = pytest.mark.parametrize("key", PRESETS)


def boxes(preset: SheetPreset) -> list[tuple[float, ...]]:
    """Left, top, right, bottom of every label in millimetres, by position."""
    width, height = preset.label_width_mm, preset.label_height_mm
    lefts = [preset.margin_left_mm + column * (width + preset.gap_x_mm) for column in range(preset.columns)]
    tops = [preset.margin_top_mm + row * (height + preset.gap_y_mm) for row in range(preset.rows)]
    return [(left, top, left + width, top + height) for top in tops for left in lefts]


def pixels(page: Image.Image, preset: SheetPreset, box: tuple[float, ...], inside_mm: float = 0) -> tuple[int, ...]:
    dots = page.width / preset.page_width_mm
    inwards = zip(box, (inside_mm, inside_mm, -inside_mm, -inside_mm), strict=True)
    return tuple(round((edge + step) * dots) for edge, step in inwards)


def mixed(preset: SheetPreset, *, priced: bool = True) -> list[Label]:
    """A sheet and more of names long, short and hostile, with an address on every second label."""
    count = max(preset.labels_per_sheet, 2 * len(WORDS))
    return [
        Label(
            payload=label_sheet.payload_for(preset, plain.code, HOST if position % 2 else None),
            code=plain.code,
            name=WORDS[position % len(WORDS)],
            crafter=WORDS[-1 - position % len(WORDS)],
            price=PRICES[position % len(PRICES)] if priced else "",
        )
        for position, plain in enumerate(labels(count))
    ]


def printed(preset: SheetPreset, given: list[Label]) -> bytes:
    return document.render("labels", label_sheet.content(preset, SHOWROOM, given))


def read_all(sheets: list[Image.Image], preset: SheetPreset) -> list[list[str]]:
    """What a phone reads on each label, in order."""
    seen = [page.crop(pixels(page, preset, box)) for page in sheets for box in boxes(preset)]
    return [[code.text for code in zxingcpp.read_barcodes(label, zxingcpp.BarcodeFormat.QRCode)] for label in seen]


def assert_white_between(sheets: list[Image.Image], preset: SheetPreset, inside_mm: float = 0.8) -> None:
    """Nothing is drawn off the labels, nor on the last of each label before its edge, where a cut would show."""
    for page in sheets:
        rest = page.convert("L")
        pen = ImageDraw.Draw(rest)
        for box in boxes(preset):
            pen.rectangle(pixels(page, preset, box, inside_mm), fill=255)
        assert rest.getextrema() == (255, 255)


@pytest.mark.parametrize("priced", [True, False], ids=["priced", "unpriced"])
@every_preset
def test_every_label_reads_back_and_stays_on_its_label(key: str, priced: bool) -> None:
    preset = PRESETS[key]
    given = mixed(preset, priced=priced)
    sheets = pages(pdf := printed(preset, given))
    assert len(sheets) == label_sheet.sheets_needed(len(given), 1, preset)
    read = read_all(sheets, preset)
    assert read[: len(given)] == [[label.payload] for label in given]
    assert not any(read[len(given) :])
    assert_white_between(sheets, preset)
    said = words(pdf)
    # Every price is whole, however long.
    assert all(price in said for price in PRICES) if priced else "Rp" not in said
    # Reading right-to-left lines out of a PDF shuffles their neighbours.
    assert all(label.code in said for label in given if (label.name + label.crafter).isascii())


@every_preset
def test_a_label_names_piece_crafter_price_and_code_in_letters_one_can_read(key: str) -> None:
    preset = PRESETS[key]
    (label,) = labels(1, None, name="Tas rajut sedang", crafter="Bu Tutik", price="Rp12.325.000")
    pdf = printed(preset, [label])
    said = " ".join(words(pdf).split())
    for text in ("Tas rajut sedang", "Bu Tutik", "Rp12.325.000", label.code):
        assert text in said
    text = pypdfium2.PdfDocument(pdf)[0].get_textpage()
    points = {pypdfium2.raw.FPDFText_GetFontSize(text, i) for i in range(text.count_chars())}
    assert min(size for size in points if size > 1) >= 4.99
    # The showroom's name is the first to go where there is little room.
    assert (SHOWROOM in said) is (key in LARGE)


@every_preset
def test_an_address_where_a_phone_can_read_it_else_the_bare_code(key: str) -> None:
    preset = PRESETS[key]
    (label,) = labels(1, HOST)
    assert len(label.payload) == 38
    chosen = label_sheet.payload_for(preset, label.code, HOST)
    assert chosen == (label.code if key in SMALL else label.payload)
    module_mm = preset.qr_side_mm / qr.size_modules(chosen)
    assert module_mm >= (0.8 if key in LARGE | {"thermal-50x30"} else 0.6) - 1e-6
    for nowhere in (None, "", "192.168.1.20"):
        assert label_sheet.payload_for(preset, label.code, nowhere) == label.code
    # Labels 18 mm high bear no address, be it the shortest there is.
    assert (label_sheet.payload_for(preset, CODE, "a.co") == CODE) is (preset.label_height_mm == 18)


@given(st.text("0123456789", min_size=1) | st.text("0189AZ:/.-", min_size=1) | st.text("0Aaé世", min_size=1))
def test_a_code_is_drawn_as_the_library_draws_it(payload: str) -> None:
    known = QRCode(error_correction=ERROR_CORRECT_M, border=qr.QUIET_MODULES, mask_pattern=2)
    known.add_data(payload, optimize=0)
    runs = [tuple(map(int, run)) for run in re.findall(r"M(\d+) (\d+)h(\d+)", qr.svg(payload))]
    dark = {(x + step, y) for x, y, length in runs for step in range(length)}
    assert dark == {(x, y) for y, row in enumerate(known.get_matrix()) for x, module in enumerate(row) if module}


def test_a_longer_address_goes_only_on_larger_labels() -> None:
    host = "pameran.kerajinan-rotan-balearjosari.malang.go.id"
    address = qr.label_payload(CODE, host)
    bearing = {key for key, preset in PRESETS.items() if label_sheet.payload_for(preset, CODE, host) == address}
    assert bearing == LARGE | {"thermal-50x30"}


@every_preset
def test_a_thousand_labels_in_any_preset(key: str) -> None:
    preset = PRESETS[key]
    printable = labels(1000, None if key in SMALL else HOST)
    given = [replace(label, name=f"Tas {i}", price=f"Rp{i}.000") for i, label in enumerate(printable)]
    assert len(pypdfium2.PdfDocument(printed(preset, given))) == label_sheet.sheets_needed(1000, 1, preset)


def test_what_is_not_named_stays() -> None:
    preset = PRESETS["tj-103"]
    assert adjusted(preset, {}) == preset
    changed = adjusted(preset, {"margin_left_mm": 3.5, "gap_y_mm": 4, "rows": 4.0})
    assert (changed.margin_left_mm, changed.gap_y_mm, changed.rows) == (3.5, 4, 4)
    assert changed.label_width_mm == preset.label_width_mm and isinstance(changed.rows, int)
    # The 107 with ten rows.
    more = adjusted(PRESETS["tj-107"], {"rows": 10})
    assert more.labels_per_sheet == 30
    assert boxes(more)[:24] == boxes(PRESETS["tj-107"])


@pytest.mark.parametrize(
    ("values", "field", "reason"),
    [
        ({"colour": 1}, "colour", "unknown"),
        ({"gap_x_mm": math.nan}, "gap_x_mm", "number"),
        ({"gap_x_mm": -0.1}, "gap_x_mm", "overlap"),
        ({"margin_top_mm": -1}, "margin_top_mm", "range"),
        ({"rows": 2.5}, "rows", "whole"),
        ({"rows": 9}, "rows", "page"),
        ({"label_width_mm": 70.1}, "label_width_mm", "page"),
        ({"page_width_mm": 200}, "page_width_mm", "page"),
        ({"label_height_mm": 17.5}, "label_height_mm", "qr"),
        ({"label_width_mm": 32}, "label_width_mm", "qr"),
    ],
)
def test_what_no_sheet_can_be_is_refused(values: dict[str, float], field: str, reason: str) -> None:
    with pytest.raises(GeometryRefused) as refused:
        adjusted(A4_3X8, values)
    assert (refused.value.field, refused.value.reason) == (field, reason)


anything = st.dictionaries(
    st.sampled_from(list(GEOMETRY)),
    st.floats(-10, 500) | st.integers(-1, 60).map(float) | st.sampled_from([math.nan, math.inf, -math.inf]),
    max_size=4,
)
likely = dict.fromkeys(("margin_left_mm", "margin_top_mm", "gap_x_mm", "gap_y_mm"), st.floats(-0.5, 6)) | {
    "label_width_mm": st.floats(30, 80),
    "label_height_mm": st.floats(16, 40),
    "columns": st.integers(1, 5).map(float),
    "rows": st.integers(1, 10).map(float),
}


@given(preset=st.sampled_from(list(PRESETS.values())), values=anything | st.fixed_dictionaries({}, optional=likely))
def test_adjusted_is_a_whole_sheet_or_a_named_refusal(preset: SheetPreset, values: dict[str, float]) -> None:
    try:
        changed = adjusted(preset, values)
    except GeometryRefused as refused:
        assert refused.field in values
        return
    assert all(getattr(changed, field) == value for field, value in values.items())
    found = boxes(changed)
    assert min(min(box) for box in found) >= 0
    assert max(box[2] for box in found) <= changed.page_width_mm + 0.02
    assert max(box[3] for box in found) <= changed.page_height_mm + 0.02
    for one, other in pairwise(found):
        assert other[0] >= one[2] - 1e-6 or other[1] >= one[3] - 1e-6
    assert changed.qr_side_mm / 29 >= 0.6 - 1e-6
    assert changed.qr_side_mm < min(changed.label_width_mm, changed.label_height_mm)
    assert label_sheet.content(changed, SHOWROOM, labels(1, None))


@st.composite
def sheets_as_sold(draw: st.DrawFn) -> SheetPreset:
    """Labels from as small as they may be to as large as a page, upright ones and strips too."""
    width, height = draw(st.floats(33, 200)), draw(st.floats(17.9, 200))
    gap_x, gap_y = draw(st.floats(0, 6)), draw(st.floats(0, 6))
    grid = {"columns": max(1, 210 // (width + gap_x)), "rows": max(1, 297 // (height + gap_y)), "margin_top_mm": 0}
    label = {"label_width_mm": width, "label_height_mm": height, "gap_x_mm": gap_x, "gap_y_mm": gap_y}
    return adjusted(A4_3X8, grid | label)


@settings(max_examples=8)
@given(preset=sheets_as_sold(), priced=st.booleans())
def test_whatever_fits_prints_and_calibrates(preset: SheetPreset, priced: bool) -> None:
    given = mixed(preset, priced=priced)[: preset.labels_per_sheet]
    sheets = pages(printed(preset, given), 200)
    assert read_all(sheets, preset)[: len(given)] == [[label.payload] for label in given]
    assert_white_between(sheets, preset, 0.6)
    assert len(pages(document.render("calibration", label_sheet.calibration_content(preset, SHOWROOM)), 50)) == 1


def calibration(preset: SheetPreset) -> tuple[np.ndarray, str]:
    """Which dots are inked, at 300 to the inch, and what it says."""
    pdf = document.render("calibration", label_sheet.calibration_content(preset, SHOWROOM))
    (page,) = pages(pdf)
    return np.asarray(page.convert("L")) < 200, " ".join(words(pdf).replace("\u00a0", " ").split())


def near(inked: np.ndarray, line_mm: float, axis: int, start_mm: float, end_mm: float) -> np.ndarray:
    """Where from `start_mm` to `end_mm` ink lies within a fifth of a millimetre of a line across `axis`."""
    line, start, end = (round(mm * DOTS) for mm in (line_mm, start_mm, end_mm))
    return np.moveaxis(inked, axis, 0)[max(0, line - 2) : line + 3, start:end].any(axis=0)


@every_preset
def test_a_calibration_page_has_every_outline_where_the_label_is(key: str) -> None:
    preset = PRESETS[key]
    inked, said = calibration(preset)
    assert inked.shape == pytest.approx((preset.page_height_mm * DOTS, preset.page_width_mm * DOTS), abs=1.5)
    for left, top, right, bottom in boxes(preset):
        assert all(near(inked, across, 1, top + 0.2, bottom - 0.2).all() for across in (left, right))
        assert all(near(inked, down, 0, left + 0.2, right - 0.2).all() for down in (top, bottom))
    if preset.labels_per_sheet > 1:
        assert set(re.findall(r"\d+", said)) >= {str(number) for number in range(1, preset.labels_per_sheet + 1)}
        assert preset.name in said
    assert "skala 100 %" in said
    assert "bingkai harus jatuh di tepi" in said.lower()


@every_preset
def test_the_bar_is_as_long_as_it_says(key: str) -> None:
    preset = PRESETS[key]
    inked, said = calibration(preset)
    (length,) = map(int, re.findall(r"Garis uji: (\d+) mm", said))
    assert length == {"thermal-50x30": 30, "thermal-40x30": 20}.get(key, 100)
    _, top, _, bottom = boxes(preset)[-1]
    last_row = inked[round((top + 4) * DOTS) : round((bottom - 1.5) * DOTS)]
    longest = max(len(run) for row in last_row for run in re.findall(rb"\x01+", row.tobytes()))
    assert longest / DOTS == pytest.approx(length, abs=0.2)


@every_preset
def test_the_rulers_count_millimetres_from_the_edge(key: str) -> None:
    preset = PRESETS[key]
    inked, _ = calibration(preset)
    for axis, length_mm in ((1, preset.page_width_mm), (0, preset.page_height_mm)):
        lines = np.moveaxis(inked, axis, 0)
        whole = [round(at * DOTS) for at in range(1, int(length_mm))]
        ticks = [lines[max(0, dot - 1) : dot + 2].any(axis=0) for dot in whole]
        # There is a line along the edge that meets ink at every millimetre, and half-way between at outlines only.
        between = [lines[dot + round(DOTS / 2)] for dot in whole]
        assert (np.all(ticks, axis=0) & (np.mean(between, axis=0) < 0.1)).any()
