"""A thousand labels as one PDF, asked for over HTTP: how long until the last byte."""

import time
from http import HTTPStatus

from bench.attendant import Attendant, Unexpected
from showroom_app.web.filters import new_request_id


class Printer(Attendant):
    """One who prints labels."""

    def print_on(self, sheet: str) -> float:
        """A run of the first note's labels on a make of paper: the seconds from the press to the PDF's last byte."""
        form = {"consignment": 1, "sheet": sheet, "start": 1, "with_price": "1", "request_id": new_request_id()}
        started = time.perf_counter()
        answer = self._ask("POST", "/labels", {"csrf_token": self.token} | form, {"Accept": "text/html"})
        if answer.status != HTTPStatus.SEE_OTHER:
            raise Unexpected(f"/labels answered {answer.status}")
        pdf = self.page(answer.headers["location"])
        if not pdf.startswith(b"%PDF-"):
            raise Unexpected(f"{sheet}: no PDF")
        return time.perf_counter() - started


def print_on_each(port: int, sheets: list[str], times: int) -> dict[str, list[float]]:
    """Seconds of each try on each make of paper, one make after the other in every round."""
    printer = Printer(port, "petugas1", [])
    printer.sign_in()
    told: dict[str, list[float]] = {sheet: [] for sheet in sheets}
    for _round in range(times):
        for sheet in sheets:
            told[sheet].append(printer.print_on(sheet))
    return told
