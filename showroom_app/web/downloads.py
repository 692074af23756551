"""Answers that are files."""

from flask import Response


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


def _named(response: Response, how: str, name: str) -> Response:
    response.headers["Content-Disposition"] = f'{how}; filename="{name}"'
    return response
