"""Sheets of labels: their geometry as data, and what the print template needs to fill them."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from showroom_app.lib import qr

# Finer than this, a cheap phone may not read what a cheap printer prints.
MODULE_MM_MIN = 0.6


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
        width = self.margin_left_mm + self.columns * (self.label_width_mm + self.gap_x_mm) - self.gap_x_mm
        height = self.margin_top_mm + self.rows * (self.label_height_mm + self.gap_y_mm) - self.gap_y_mm
        if width > self.page_width_mm + 0.01 or height > self.page_height_mm + 0.01:
            raise ValueError(f"{self.name}: {width} × {height} mm of labels do not fit on the page")

    @property
    def qr_side_mm(self) -> float:
        """The side of the QR's box, quiet zone included: 31 mm on 70 × 37, in proportion on other labels."""
        return round(31 * min(self.label_width_mm / 70, self.label_height_mm / 37), 3)

    @property
    def labels_per_sheet(self) -> int:
        return self.columns * self.rows


A4_3X8 = SheetPreset(
    name="A4 3×8",
    page_width_mm=210,
    page_height_mm=297,
    columns=3,
    rows=8,
    label_width_mm=70,
    label_height_mm=37,
    margin_top_mm=0.5,
)

# The key is what settings and addresses keep; it never changes.
PRESETS = {"a4-3x8": A4_3X8}


@dataclass(frozen=True, kw_only=True)
class Label:
    """What one label says, in words ready to print; an empty `price` prints a label without one.

    `payload` is what the QR says, see `qr.label_payload`; `code` is printed for people.
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
            if preset.qr_side_mm / qr.size_modules(label.payload) < MODULE_MM_MIN:
                raise ValueError(f"too long to read from a label of {preset.name}: {label.payload!r}")
            drawn[label.payload] = qr.svg(label.payload)
    return {
        "sheet": asdict(preset) | {"qr_side_mm": preset.qr_side_mm},
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


def _check(labels: int, start: int, preset: SheetPreset) -> None:
    if labels < 0:
        raise ValueError(f"{labels} labels")
    if not 1 <= start <= preset.labels_per_sheet:
        raise ValueError(f"position {start} is not on a sheet of {preset.labels_per_sheet}")
