"""What makes the shop an app on a home screen: manifest, service worker, and the page for when there is no line.

The worker keeps the shell only: looks, icons, scripts, and the crafter's own last pages, marked as old. It never keeps
nor answers anything of the till: money is told by the server or not at all.
"""

import hashlib

from flask import Blueprint, Response, make_response, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from showroom_app.web.access import EVERYONE, allow
from showroom_app.web.filters import static_url
from showroom_app.web.pages import render_template

shell = Blueprint("shell", __name__)

_SHEETS = ("tokens", "base", "layout", "buttons", "fields", "components", "till", "scanner", "camera", "my", "sign_in")
_MODULES = (
    "request_ids", "connection", "retry", "toast", "dialogs", "find", "worker", "till", "follow", "camera",
    "photo_scan", "offline",
)  # fmt: skip
_PICTURES = ("icons.svg", "art/mark.svg", "art/anyaman-terang.svg", "art/pita.svg", "art/rak-kosong.svg")
FONT = "/static/fonts/jakarta-latin.woff2"
HOUR_SECONDS = 3600


def shell_files() -> list[str]:
    """The addresses that the worker keeps, each with the mark of its content."""
    sheets = [static_url(f"css/{name}.css") for name in _SHEETS]
    modules = [static_url(f"js/{name}.js") for name in _MODULES]
    return [*sheets, *modules, static_url("vendor/htmx.min.js"), *map(static_url, _PICTURES), FONT]


@shell.get("/sw.js")
@allow(*EVERYONE)
def worker() -> ResponseReturnValue:
    """The service worker, from the root so that it may answer for every page; a new one when the shell changed."""
    files = shell_files()
    offline = url_for("shell.offline")
    mark = hashlib.sha256("\n".join([*files, render_template("shell/offline.html")]).encode()).hexdigest()[:12]
    code = render_template("shell/sw.js", files=files, offline=offline, mark=mark)
    return _of(make_response(code), "text/javascript", 0)


@shell.get("/manifest.webmanifest")
@allow(*EVERYONE)
def manifest() -> ResponseReturnValue:
    """Name, colours and icons on the home screen. It opens everybody's own first page."""
    return _of(make_response(render_template("shell/manifest.json")), "application/manifest+json", HOUR_SECONDS)


@shell.get("/offline")
@allow(*EVERYONE)
def offline() -> ResponseReturnValue:
    """What the worker shows in the place of a page that can't be reached."""
    return render_template("shell/offline.html", title=_("Belum tersambung"))


def _of(response: Response, kind: str, seconds: int) -> Response:
    response.content_type = f"{kind}; charset=utf-8"
    response.cache_control.no_cache = None if seconds else True
    response.cache_control.max_age = seconds or None
    return response
