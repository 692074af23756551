"""Pages that anybody may look at: in their browser's language, without a cookie, sent again only when they changed."""

import hashlib
from collections.abc import Callable
from http import HTTPStatus
from typing import Any, TypeVar
from urllib.parse import urlsplit

from flask import Response, current_app, make_response, request
from flask_login import current_user

View = TypeVar("View", bound=Callable[..., Any])

# Who reads one of these, reads Indonesian before English. "in" is what old Androids call it.
_INDONESIAN = frozenset(("id", "in", "ms", "jv", "su", "min", "ban", "mad"))
# What names nobody may be kept so long; pages are asked for anew each time, so that what is withdrawn is gone at once.
KEPT_SECONDS = 60


def public(view: View) -> View:
    """Mark a view whose visitors read it in the language of their browser."""
    view.public = True  # type: ignore[attr-defined]
    return view


def is_public() -> bool:
    """Whether this request is for such a page, or for an address that is none of ours: who asks may be anybody."""
    if request.endpoint is None:
        return True
    view = current_app.view_functions.get(request.endpoint)
    return getattr(view, "public", False)


def browser_language() -> str:
    """What the browser asks for first of Indonesian and English; English for who reads neither, Indonesian for who
    doesn't say."""
    asked = [tag.lower().partition("-")[0] for tag, _quality in request.accept_languages if tag != "*"]
    for tag in asked:
        if tag in _INDONESIAN:
            return "id"
        if tag == "en":
            return "en"
    return "en" if asked else "id"


def keepable(page: str, status: int = 200, seconds: int = 0, mimetype: str = "text/html") -> Response:
    """A page for visitors, with a mark by which their browser asks whether it changed. Signed-in people's is their own:
    nobody else may be given it."""
    content = page.encode()
    response = make_response(content, status)
    response.mimetype = mimetype
    if current_user.is_authenticated:
        response.headers["Cache-Control"] = "private, no-cache"
    else:
        response.headers["Cache-Control"] = f"public, max-age={seconds}" if seconds else "public, no-cache"
    response.set_etag(hashlib.sha256(content).hexdigest()[:32], weak=True)
    if status == HTTPStatus.OK:
        response.make_conditional(request)
    return response


def from_this_site() -> bool:
    """Whether a form was sent from a page of ours, by what the browser says of itself; without a token, which would
    need a cookie. For what does no harm when it fails."""
    if request.headers.get("Sec-Fetch-Site") == "same-origin":
        return True
    try:
        return urlsplit(request.headers.get("Origin", "")).netloc == request.host
    except ValueError:
        return False
