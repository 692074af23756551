"""Sheets of labels as a showroom has them: which it uses, their geometry put right, and the next free place."""

import json
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import Connection, insert, select, update

from showroom_app.extensions import reading
from showroom_app.labels.models import LabelSheet
from showroom_app.ledger.act import begin_act, verb
from showroom_app.lib.label_sheet import GEOMETRY, PRESETS, GeometryRefused, SheetPreset, adjusted
from showroom_app.lib.refusal import FormRefusal, NotHere, Refusal
from showroom_app.lib.typed import Typed
from showroom_app.people import activity
from showroom_app.people.showrooms import change_rules
from showroom_app.web.access import SignedIn

# What the settings offer to put right, in their order.
FIELDS = (
    "label_width_mm", "label_height_mm", "margin_left_mm", "margin_top_mm", "gap_x_mm", "gap_y_mm", "page_width_mm",
    "page_height_mm", "columns", "rows",
)  # fmt: skip


def field_words() -> dict[str, str]:
    """What each measure of a sheet is called, in the order of FIELDS."""
    words = {
        "label_width_mm": _("Lebar label"), "label_height_mm": _("Tinggi label"), "margin_left_mm": _("Tepi kiri"),
        "margin_top_mm": _("Tepi atas"), "gap_x_mm": _("Jarak ke samping"), "gap_y_mm": _("Jarak ke bawah"),
        "page_width_mm": _("Lebar kertas"), "page_height_mm": _("Tinggi kertas"), "columns": _("Kolom"),
        "rows": _("Baris"),
    }  # fmt: skip
    return {field: words[field] for field in FIELDS}


def preset_names() -> dict[str, str]:
    """The sheets to choose from, by key, with their sizes."""
    return {
        key: f"{one.name} · {one.label_width_mm:g} × {one.label_height_mm:g} mm".replace(".", ",")
        for key, one in PRESETS.items()
    }


def sheet(conn: Connection, showroom_id: int, key: str) -> SheetPreset:
    """A showroom's sheet: the preset with what was put right. An unknown key is not there."""
    if key not in PRESETS:
        raise NotHere
    row = _row(conn, showroom_id, key)
    return adjusted(PRESETS[key], json.loads(row.geometry)) if row and row.geometry else PRESETS[key]


def _row(conn: Connection, showroom_id: int, key: str) -> Any:
    query = select(LabelSheet.__table__).where(LabelSheet.showroom_id == showroom_id, LabelSheet.preset == key)
    return conn.execute(query).first()


def next_place(conn: Connection, showroom_id: int, key: str) -> int:
    """The next free place on the sheet that was begun; 1 is a fresh one."""
    row = _row(conn, showroom_id, key)
    return min(row.next_place, sheet(conn, showroom_id, key).labels_per_sheet) if row else 1


def keep(conn: Connection, showroom_id: int, key: str, **values: Any) -> None:
    """Remember something of a sheet, within the transaction of what it belongs to."""
    mine = update(LabelSheet).where(LabelSheet.showroom_id == showroom_id, LabelSheet.preset == key)
    if not conn.execute(mine.values(values)).rowcount:
        start = {"showroom_id": showroom_id, "preset": key, "geometry": "", "next_place": 1}
        conn.execute(insert(LabelSheet), start | values)


@verb
def save_sheet(key: str, typed: Typed, manager: SignedIn, request_id: str) -> None:
    """Keep a sheet's geometry as measured, in millimetres, whether it is the one the showroom uses, and whether its
    labels bear prices. Empty fields are as the preset says. Refuses in words what can't be or doesn't fit."""
    content = {name: text for name, text in typed.items() if name != "csrf_token"} | {"sheet": key}
    act = begin_act("label-sheet", request_id, content, manager.id)
    if act.repeated:
        return
    if key not in PRESETS:
        raise NotHere
    values = _measured(key, typed)
    usual = {"label_preset": key} if typed.flag("usual") else {}
    change_rules(act.conn, usual | {"label_price": typed.flag("with_price")}, manager, act.at)
    before = _measures(sheet(act.conn, manager.showroom_id, key))
    keep(act.conn, manager.showroom_id, key, geometry=json.dumps(values) if values else "")
    after, subject = _measures(adjusted(PRESETS[key], values)), f"label_sheet:{key}"
    activity.note(act.conn, manager.showroom_id, manager.id, "label-sheet", subject, before, after, act.at)
    act.commit()


def _measures(one: SheetPreset) -> dict[str, float]:
    return {field: (float if field.endswith("_mm") else int)(getattr(one, field)) for field in FIELDS}


def _measured(key: str, typed: Typed) -> dict[str, float]:
    values: dict[str, float] = {}
    errors: dict[str, str] = {}
    for field in FIELDS:
        text = typed.line(field).lower().removesuffix("mm").strip().replace(",", ".")
        if not text:
            continue
        try:
            value = float(text)
        except ValueError:
            errors[field] = _("Isi ukuran dalam mm, misalnya 32 atau 4,5.")
            continue
        if value != getattr(PRESETS[key], field):
            values[field] = value
    if errors:
        raise FormRefusal(errors)
    try:
        adjusted(PRESETS[key], values)
    except GeometryRefused as refused:
        raise Refusal(_why(refused), refused.field) from None
    return values


def _why(refused: GeometryRefused) -> str:
    least, most = GEOMETRY.get(refused.field, (0, 0))
    words = {
        "range": _("Ukurannya antara %(least)s dan %(most)s.", least=f"{least:g}", most=f"{most:g}"),
        "whole": _("Isi dengan angka bulat."), "overlap": _("Jarak tidak bisa kurang dari nol."),
        "page": _("Dengan ukuran ini label keluar dari kertasnya. Periksa ukuran, tepi dan jaraknya."),
        "qr": _("Label sekecil ini tidak muat kode QR yang terbaca HP."),
    }  # fmt: skip
    return words.get(refused.reason, _("Isi ukuran dalam mm, misalnya 32 atau 4,5."))


def as_typed(key: str, showroom_id: int, room: Any) -> Typed:
    """A sheet's settings as the form shows them."""
    now = sheet(reading(), showroom_id, key)
    typed = Typed({field: f"{getattr(now, field):g}".replace(".", ",") for field in FIELDS})
    usual = "1" if room.label_preset == key else ""
    return Typed(typed | {"usual": usual, "with_price": "1" if room.label_price else ""})
