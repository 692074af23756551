"""Everything as one workbook, written row by row to the disk."""

import tempfile
from pathlib import Path
from typing import IO

from xlsxwriter import Workbook

from showroom_app.imports import kept
from showroom_app.imports.export_asked import asked_tables
from showroom_app.imports.export_counts import count_tables
from showroom_app.imports.export_goods import goods_tables
from showroom_app.imports.export_life import life_tables
from showroom_app.imports.export_money import money_tables
from showroom_app.imports.export_sheet import Table, write
from showroom_app.imports.export_tills import till_tables
from showroom_app.imports.export_venues import venue_tables


def everything(showroom_id: int, *, private: bool) -> IO[bytes]:
    """All that a showroom has, as XLSX in a file that is gone once it is closed; without what is `private` unless
    asked. Text stays text: no cell becomes a formula. What happens meanwhile may be in it or not, sale by sale."""
    with tempfile.TemporaryDirectory(dir=kept.folder(), prefix="export-") as scratch:
        target = Path(scratch) / "everything.xlsx"
        workbook = Workbook(str(target), {"constant_memory": True, "tmpdir": scratch, "use_zip64": True})
        for table in _tables(showroom_id, private):
            write(workbook, table, private)
        workbook.close()
        file: IO[bytes] = tempfile.TemporaryFile(dir=kept.folder())  # noqa: SIM115 - the answer closes it
        with target.open("rb") as whole:
            while piece := whole.read(1 << 20):
                file.write(piece)
    return file


def _tables(showroom_id: int, private: bool) -> list[Table]:
    return [
        *goods_tables(showroom_id), *life_tables(showroom_id, private), *count_tables(showroom_id),
        *venue_tables(showroom_id, private),
        *money_tables(showroom_id, private), *till_tables(showroom_id, private),
        *(asked_tables(showroom_id) if private else []),
    ]  # fmt: skip
