"""Sheets of labels: their geometry as data, and what the print templates need to fill and to check them."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any, Literal

from showroom_app.lib import qr

# Finer than this, a cheap phone may not read what a cheap printer prints; it likes them at the wished size.
MODULE_MM_MIN = 0.6
_MODULE_MM_WISHED = 0.8
# How many modules wide, quiet zone included, are a bare code and an address of up to 38 characters.
_CODE_MODULES = 29
_ADDRESS_MODULES = 33
# Measures are given to a tenth of a millimetre; their sums may miss by less than anybody sees.
_SLACK_MM = 0.01
# Along and down the page: its length, the margin before the labels, how many, how long each, the gap between them.
_AXES = (
    ("page_width_mm", "margin_left_mm", "columns", "label_width_mm", "gap_x_mm"),
    ("page_height_mm", "margin_top_mm", "rows", "label_height_mm", "gap_y_mm"),
)


@dataclass(frozen=True, kw_only=True)
class SheetPreset:
    """One make of label sheet; every length in millimetres, positions counted from 1 along the rows.

    Refuses rows or columns that do not fit on the page (ValueError).
    """

    name: str
    page_width_mm: float
    page_height_mm: float
    columns: int
    rows: int
    label_width_mm: float
    label_height_mm: float
    margin_left_mm: float = 0.0
    margin_top_mm: float = 0.0
    gap_x_mm: float = 0.0
    gap_y_mm: float = 0.0

    def __post_init__(self) -> None:
        if self.columns < 1 or self.rows < 1:
            raise ValueError(f"{self.name}: a sheet has at least one label")
        if any(_runs_over(asdict(self), axis) for axis in _AXES):
            raise ValueError(f"{self.name}: so many labels do not fit on the page")

    @property
    def qr_side_mm(self) -> float:
        """The side of the QR's box, quiet zone included: 31 mm on 70 × 37, in proportion on other labels.

        Where that gives an address less than 0.8 mm a module, it takes what leaves the words their room.
        """
        in_proportion = 31 * min(self.label_width_mm / 70, self.label_height_mm / 37)
        there_is = min(*_qr_bounds(self), _MODULE_MM_WISHED * _ADDRESS_MODULES)
        return round(max(in_proportion, there_is), 3)

    @property
    def labels_per_sheet(self) -> int:
        return self.columns * self.rows


def _qr_bounds(preset: SheetPreset) -> tuple[float, float]:
    """How large a QR the label's height and its width let be: all but a trace of the one, half of the other."""
    return preset.label_height_mm - 0.4, preset.label_width_mm * 0.53


def _runs_over(measures: Mapping[str, float], axis: tuple[str, str, str, str, str]) -> bool:
    page, margin, count, size, gap = (measures[field] for field in axis)
    return margin + count * (size + gap) - gap > page + _SLACK_MM


_Pair = tuple[float, float]


def _preset(
    name: str, *, page: _Pair, grid: tuple[int, int], label: _Pair, margin: _Pair = (0, 0), gap: _Pair = (0, 0)
) -> SheetPreset:
    """A preset from pairs: along the page, down the page."""
    return SheetPreset(
        name=name,
        page_width_mm=page[0],
        page_height_mm=page[1],
        columns=grid[0],
        rows=grid[1],
        label_width_mm=label[0],
        label_height_mm=label[1],
        margin_left_mm=margin[0],
        margin_top_mm=margin[1],
        gap_x_mm=gap[0],
        gap_y_mm=gap[1],
    )


A4_3X8 = _preset("A4 3×8", page=(210, 297), grid=(3, 8), label=(70, 37), margin=(0, 0.5))

# The key is what settings and addresses keep; it never changes. Of Tom & Jerry only the labels' sizes are certain: what
# programs that print on them take for page, margins and gaps differs by some millimetres, and this is the middle; hence
# the calibration page. 103 and 108 lie across. Some take 107 for ten rows: the first eight then lie where they do here.
PRESETS = {
    "tj-103": _preset("Tom & Jerry 103", page=(210, 165), grid=(3, 4), label=(64, 32), margin=(4, 11), gap=(5, 5)),
    "tj-107": _preset("Tom & Jerry 107", page=(165, 210), grid=(3, 8), label=(50, 18), margin=(4.5, 6), gap=(3, 2)),
    "tj-108": _preset("Tom & Jerry 108", page=(210, 165), grid=(5, 8), label=(38, 18), margin=(3, 3), gap=(3, 2)),
    "tj-121": _preset("Tom & Jerry 121", page=(165, 210), grid=(2, 5), label=(75, 38), margin=(5.5, 6), gap=(4, 2)),
    "a4-3x8": A4_3X8,
    # Of a roll, for a thermal printer, each label is a page.
    "thermal-50x30": _preset("Termal 50×30", page=(50, 30), grid=(1, 1), label=(50, 30)),
    "thermal-40x30": _preset("Termal 40×30", page=(40, 30), grid=(1, 1), label=(40, 30)),
}

# What of a preset may be edited, and between which bounds, both allowed.
GEOMETRY: Mapping[str, tuple[float, float]] = {
    "page_width_mm": (20, 450),
    "page_height_mm": (15, 450),
    "columns": (1, 20),
    "rows": (1, 40),
    "label_width_mm": (15, 450),
    "label_height_mm": (15, 450),
    "margin_left_mm": (0, 100),
    "margin_top_mm": (0, 100),
    "gap_x_mm": (0, 100),
    "gap_y_mm": (0, 100),
}


class GeometryRefused(ValueError):
    """A preset's geometry cannot be so: `field` (of GEOMETRY) is what to put right, and `reason` says why.

    unknown: no such field · number: no number · whole: columns and rows are counted · range: outside its bounds ·
    overlap: a gap below zero · page: the labels run over its edge · qr: no room for modules of 0.6 mm.
    """

    def __init__(
        self, field: str, reason: Literal["unknown", "number", "whole", "range", "overlap", "page", "qr"]
    ) -> None:
        super().__init__(f"{field}: {reason}")
        self.field = field
        self.reason = reason


def adjusted(preset: SheetPreset, values: Mapping[str, float]) -> SheetPreset:
    """The preset with measures from a real sheet: `values` by the names in GEOMETRY, in mm; those not named stay.

    Refuses (GeometryRefused) what no sheet can be, what does not fit on its page, and labels too small for a code
    that a phone reads. Whether an address has its place as well is `payload_for`'s to say.
    """
    edited = {field: _measure(field, value) for field, value in values.items()}
    measures = asdict(preset) | edited
    for axis in _AXES:
        if _runs_over(measures, axis):
            # Whatever was edited is to blame, the label first; a page may also have become too small.
            _page, margin, count, size, gap = axis
            raise GeometryRefused(
                next((field for field in (size, gap, margin, count) if field in edited), axis[0]), "page"
            )
    changed = replace(preset, **edited)
    if not _has_room(changed, _CODE_MODULES):
        by_height, by_width = _qr_bounds(changed)
        raise GeometryRefused("label_height_mm" if by_height < by_width else "label_width_mm", "qr")
    return changed


def _measure(field: str, value: float) -> Any:
    """A single measure that can be, columns and rows as whole numbers."""
    if field not in GEOMETRY:
        raise GeometryRefused(field, "unknown")
    if not math.isfinite(value):
        raise GeometryRefused(field, "number")
    if field.startswith("gap") and value < 0:
        raise GeometryRefused(field, "overlap")
    least, most = GEOMETRY[field]
    if not least <= value <= most:
        raise GeometryRefused(field, "range")
    if field in ("columns", "rows"):
        if value != int(value):
            raise GeometryRefused(field, "whole")
        return int(value)
    return value


def _has_room(preset: SheetPreset, modules: int) -> bool:
    return preset.qr_side_mm + 1e-6 >= MODULE_MM_MIN * modules


def payload_for(preset: SheetPreset, code: str, public_host: str | None) -> str:
    """What the QR of a label on this sheet says: the address where it can be printed so that phones read it.

    That is at 0.6 mm a module and more (0.8 on most); else the bare code, so on every label of 18 mm height, where
    even the shortest address would have less. See `qr.label_payload` for both and for what is refused (ValueError).
    """
    address = qr.label_payload(code, public_host)
    return address if _has_room(preset, qr.size_modules(address)) else qr.label_payload(code, None)


@dataclass(frozen=True, kw_only=True)
class Label:
    """What one label says, in words ready to print; an empty `price` prints a label without one.

    `payload` is what the QR says, see `payload_for`; `code` is printed for people.
    """

    payload: str
    code: str
    name: str
    crafter: str
    price: str = ""


def sheets_needed(labels: int, start: int, preset: SheetPreset) -> int:
    """How many sheets `labels` labels touch when the first goes on position `start` (1 is a fresh sheet)."""
    _check(labels, start, preset)
    if labels == 0:
        return 0
    return -(-(start - 1 + labels) // preset.labels_per_sheet)


def next_start(labels: int, start: int, preset: SheetPreset) -> int:
    """The first free position after printing, 1 when the last sheet was used up."""
    _check(labels, start, preset)
    return (start - 1 + labels) % preset.labels_per_sheet + 1


def content(
    preset: SheetPreset, showroom: str, labels: Sequence[Label], start: int = 1, *, guides: bool = False
) -> dict[str, Any]:
    """The content of the template `labels`: `document.render("labels", content(…))`.

    `start` leaves the positions before it empty, for a sheet already begun; `guides` draws faint cutting
    lines, for plain paper. Refuses (ValueError) no labels at all, a start off the sheet, and a payload so long
    that a module would be under 0.6 mm.
    """
    if not labels:
        raise ValueError("no labels to print")
    _check(len(labels), start, preset)
    drawn: dict[str, str] = {}
    for label in labels:
        if label.payload not in drawn:
            if not _has_room(preset, qr.size_modules(label.payload)):
                raise ValueError(f"too long to read from a label of {preset.name}: {label.payload!r}")
            drawn[label.payload] = qr.svg(label.payload)
    return {
        "sheet": _sheet(preset),
        "start": start,
        "guides": guides,
        "showroom": showroom,
        "labels": [
            {
                "qr": drawn[label.payload],
                "code": label.code,
                "name": label.name,
                "crafter": label.crafter,
                "price": label.price,
            }
            for label in labels
        ],
    }


def calibration_content(preset: SheetPreset, showroom: str) -> dict[str, Any]:
    """The content of the template `calibration`: a page of rulers and outlines to lay on the real sheet."""
    return {"sheet": _sheet(preset), "showroom": showroom}


def _sheet(preset: SheetPreset) -> dict[str, Any]:
    return asdict(preset) | {"qr_side_mm": preset.qr_side_mm}


def _check(labels: int, start: int, preset: SheetPreset) -> None:
    if labels < 0:
        raise ValueError(f"{labels} labels")
    if not 1 <= start <= preset.labels_per_sheet:
        raise ValueError(f"position {start} is not on a sheet of {preset.labels_per_sheet}")
