"""Answering htmx: a fragment where it asked for one, the whole page otherwise; refusals with 422."""

import json
from typing import Any

from flask import Response, make_response, redirect, request
from flask.typing import ResponseReturnValue

from showroom_app.lib.refusal import FormRefusal, Refusal
from showroom_app.web.pages import render_template

REFUSED = 422


def is_htmx() -> bool:
    """Whether htmx asks for a fragment (and not for a page out of its history)."""
    return "HX-Request" in request.headers and "HX-History-Restore-Request" not in request.headers


def fragment_or_page(fragment: str, page: str, status: int = 200, **context: Any) -> ResponseReturnValue:
    """Render the fragment for htmx, or the page that includes it."""
    return render_template(fragment if is_htmx() else page, **context), status


def redirect_htmx(address: str, status: int = 204) -> Response:
    """Have htmx leave for another page."""
    response = make_response("", status)
    response.headers["HX-Redirect"] = address
    return response


def go(address: str) -> ResponseReturnValue:
    """Send the reader to a page after something was done: 303, or htmx's own way."""
    return redirect_htmx(address) if is_htmx() else redirect(address, 303)


def toast(response: ResponseReturnValue, sentence: str) -> Response:
    """Let a short message appear with the answer."""
    made = make_response(response)
    made.headers["HX-Trigger"] = json.dumps({"toast": {"text": sentence}})
    return made


def errors_of(refusal: Refusal) -> dict[str, str]:
    """Field -> sentence, as the form macros want it ('' is the whole form)."""
    return refusal.errors if isinstance(refusal, FormRefusal) else {refusal.field: refusal.sentence}
