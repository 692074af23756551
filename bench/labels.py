"""A thousand labels as one PDF, asked for over HTTP: how long until the last byte."""

import time

from bench.attendant import Attendant

FIRST_NOTE = "/consignments/1"


def print_labels(port: int, times: int) -> tuple[list[float], bytes]:
    """The labels of the first crafter's note: the seconds of each try, and the PDF."""
    attendant = Attendant(port, "petugas1", [])
    attendant.sign_in()
    taken, pdf = [], b""
    for _try in range(times):
        started = time.perf_counter()
        pdf = attendant.page(f"{FIRST_NOTE}/labels.pdf")
        taken.append(time.perf_counter() - started)
        if not pdf.startswith(b"%PDF-"):
            raise SystemExit(f"{FIRST_NOTE}/labels.pdf is no PDF")
    return taken, pdf
