"""Files to import, made as people make them; short ways through upload, preview and acceptance; and the
workbook of everything."""

import io
import re
from collections.abc import Callable, Sequence
from typing import Any

from flask.testing import FlaskClient
from python_calamine import CalamineWorkbook
from sqlalchemy import text
from xlsxwriter import Workbook

from showroom_app.extensions import AnyRow, reading, rollback
from showroom_app.imports import accept, preview, upload
from tests.builders import request_id, user
from tests.conftest import Auth

CRAFTER = ["Nama perajin", "Bengkel", "Nomor HP", "Alamat", "Komisi", "Bank", "Nomor rekening"]
GOODS = ["Perajin", "Nama barang", "Jenis barang", "Jumlah", "Harga"]


def goods_row(name: str = "Lampu Kendil", price: Any = "275.000", quantity: Any = "2", **more: Any) -> list[Any]:
    """A row of goods by Tutik."""
    values = {"crafter": "Tutik Handayani", "category": "Lampu gantung"} | more
    return [values["crafter"], name, values["category"], quantity, price]


def xlsx(*rows: Sequence[Any], also: Callable[[Any, Any], None] | None = None) -> bytes:
    """A workbook of one sheet; `also` writes into workbook and sheet what else there is."""
    file = io.BytesIO()
    workbook = Workbook(file, {"in_memory": True, "default_date_format": "dd/mm/yyyy"})
    sheet = workbook.add_worksheet("Lembar1")
    for row, cells in enumerate(rows):
        for column, cell in enumerate(cells):
            if isinstance(cell, str):
                sheet.write_string(row, column, cell)
            elif cell is not None:
                sheet.write(row, column, cell)
    if also:
        also(workbook, sheet)
    workbook.close()
    return file.getvalue()


def table(*rows: Sequence[str], parted_by: str = ";", encoding: str = "utf-8") -> bytes:
    """A CSV, cells quoted where they must be."""

    def cell(value: str) -> str:
        return f'"{value}"' if set(value) & {parted_by, '"', "\n"} else value

    return "\r\n".join(parted_by.join(cell(str(one)) for one in row) for row in rows).encode(encoding)


def bring(content: bytes, kind: str = "goods", name: str = "barang.xlsx") -> int:
    """Upload a file. Returns its id."""
    return upload.upload(kind, name, content, user("pengelola"))[0]


def file_row(import_id: int) -> AnyRow:
    """A file's row as it is now."""
    rollback()
    return upload.own_file(reading(), import_id, 1)


def told(content: bytes, kind: str = "goods") -> dict[str, Any]:
    """What the preview of a file says."""
    return preview.preview(file_row(bring(content, kind)))


def problems(content: bytes, kind: str = "goods") -> list[tuple[str, str, str]]:
    """(cell, what stands there, sentence) of each problem."""
    return [(one["cell"], one["text"], one["sentence"]) for one in told(content, kind)["problems"]]


def take(content: bytes, kind: str = "goods") -> int:
    """Upload and accept a file. Returns its id."""
    import_id = bring(content, kind)
    accept.accept(import_id, preview.preview(file_row(import_id))["mark"], user("pengelola"), request_id())
    return import_id


def count(table: str) -> int:
    """How many rows a table has now."""
    rollback()
    return int(reading().execute(text(f'SELECT count(*) FROM "{table}"')).scalar_one())


def post(client: FlaskClient, content: bytes, kind: str = "goods", name: str = "barang.xlsx", **headers: str) -> Any:
    """Upload a file as a browser does."""
    data = {"kind": kind, "file": (io.BytesIO(content), name)}
    return client.post("/imports", data=data, headers=headers, content_type="multipart/form-data")


def everything(auth: Auth, who: str = "pengelola") -> dict[str, list[list[Any]]]:
    """The workbook as somebody gets it: sheet -> rows with their headings."""
    answer = auth(who).get("/exports/everything.xlsx")
    assert answer.status_code == 200 and re.search(
        r'filename="galeri-semua-[\d-]+\.xlsx"', answer.headers["Content-Disposition"]
    )
    book = CalamineWorkbook.from_filelike(io.BytesIO(answer.data))
    return {name: book.get_sheet_by_name(name).to_python() for name in book.sheet_names}


def sheet(auth: Auth, name: str, who: str = "pengelola") -> list[dict[str, Any]]:
    """A sheet of that workbook: its rows by heading."""
    headings, *rows = everything(auth, who)[name]
    return [dict(zip(headings, row, strict=True)) for row in rows]
