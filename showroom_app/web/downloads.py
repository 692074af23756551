"""Answers that are files."""

from collections.abc import Iterator
from typing import IO

from flask import Response

PIECE = 1 << 16


def pdf(content: bytes, name: str) -> Response:
    """A PDF, shown where the browser can; `name` is what it is called when kept."""
    return _named(Response(content, mimetype="application/pdf"), "inline", name)


def csv(content: str, name: str) -> Response:
    """A CSV to keep, with the mark by which Excel knows UTF-8."""
    return _named(Response("\ufeff" + content, mimetype="text/csv"), "attachment", name)


def xlsx(content: bytes, name: str) -> Response:
    """A workbook to keep."""
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    return _named(Response(content, mimetype=kind), "attachment", name)


def attachment(content: bytes, mimetype: str, name: str) -> Response:
    """A file to keep."""
    return _named(Response(content, mimetype=mimetype), "attachment", name)


def stream(file: IO[bytes], mimetype: str, name: str) -> Response:
    """A large file to keep, sent piece by piece from where it lies; it is closed when it is sent."""
    length = file.seek(0, 2)
    file.seek(0)

    def pieces() -> Iterator[bytes]:
        while piece := file.read(PIECE):
            yield piece

    response = Response(pieces(), mimetype=mimetype)
    response.content_length = length
    response.call_on_close(file.close)
    return _named(response, "attachment", name)


def _named(response: Response, how: str, name: str) -> Response:
    response.headers["Content-Disposition"] = f'{how}; filename="{name}"'
    return response
