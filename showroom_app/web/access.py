"""Who may call what. Every route names its roles; one that names none answers nobody."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar
from urllib.parse import urlsplit

from flask import Flask, abort, current_app, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import AnonymousUserMixin, UserMixin, current_user

from showroom_app.web.htmx import is_htmx, redirect_htmx

View = TypeVar("View", bound=Callable[..., Any])

VISITOR, CRAFTER, ATTENDANT, OBSERVER, MANAGER = ROLES = (
    "visitor",
    "crafter",
    "attendant",
    "observer",
    "manager",
)
STAFF = (ATTENDANT, MANAGER)
# Whoever came in by a code that is good once gets no further than these before they chose a PIN of their own.
CHOOSING = "pin.choose"
_BEFORE_CHOOSING = frozenset(
    (
        CHOOSING, "people.sign_out", "people.language", "products.photo_file", "health.healthz", "shell.worker",
        "shell.manifest", "shell.offline", "certificate.page", "certificate.download",
    )
)  # fmt: skip
SIGNED_IN = (CRAFTER, ATTENDANT, OBSERVER, MANAGER)
EVERYONE = ROLES


# One slash, then no other host: browsers read a backslash as a slash and drop tabs and line ends.
_OWN_PATH = re.compile(r"/(?![/\\])[^\s\\\x00-\x20\x7f]*")


@dataclass(slots=True)
class SignedIn(UserMixin):
    """Who is asking: what a request needs of a user, read once."""

    id: int
    showroom_id: int
    name: str
    username: str
    role: str
    crafter_id: int | None
    language: str
    session_key: str
    one_time_until: datetime | None = None  # set: came in by a code handed over, and has chosen no PIN yet

    @property
    def initials(self) -> str:
        """Up to two letters for the round badge."""
        return "".join(word[0] for word in self.name.split()[:2]).upper()

    def get_id(self) -> str:
        """What the session cookie holds: it dies with the session key."""
        return f"{self.id}.{self.session_key}"


class Visitor(AnonymousUserMixin):
    """Nobody in particular."""

    id = None
    role = VISITOR
    name = ""
    language = ""


def allow(*roles: str) -> Callable[[View], View]:
    """Say which roles may call a route."""
    if unknown := set(roles) - set(ROLES):
        raise ValueError(f"unknown roles: {unknown}")

    def mark(view: View) -> View:
        view.roles = frozenset(roles)  # type: ignore[attr-defined]
        return view

    return mark


def roles_of(app: Flask, endpoint: str) -> frozenset[str] | None:
    """The roles a route names, or None when it names none."""
    roles: frozenset[str] | None = getattr(app.view_functions[endpoint], "roles", None)
    return roles


def enforce() -> ResponseReturnValue | None:
    """Before every request: let in who may come, send strangers to sign in, and refuse the rest."""
    if request.endpoint is None or request.endpoint == "static":
        return None
    roles = roles_of(current_app, request.endpoint)
    if roles is None:
        abort(403)
    if request.endpoint not in _BEFORE_CHOOSING and getattr(current_user, "one_time_until", None) is not None:
        address = url_for(CHOOSING)
        return redirect_htmx(address) if is_htmx() else redirect(address, 303)
    if roles.issuperset(EVERYONE) or current_user.role in roles:
        return None
    if current_user.is_authenticated:
        abort(403)
    return to_sign_in()


def to_sign_in() -> ResponseReturnValue:
    """Ask for sign-in and come back to the page (never to a POST) afterwards."""
    if is_htmx():
        # htmx would swap a followed redirect's whole page into the target, so it is told to leave instead.
        return redirect_htmx(url_for("people.sign_in", next=page_path(), ended=1), status=401)
    ended = 1 if request.method == "POST" else None
    return redirect(url_for("people.sign_in", next=page_path(), ended=ended))


def safe_path(path: str) -> str:
    """A path within this site, or empty: never another site's address."""
    return path if _OWN_PATH.fullmatch(path) else ""


def page_path() -> str:
    """The path of the page the reader is looking at."""
    if request.method == "GET" and not is_htmx():
        return request.full_path.rstrip("?")
    address = request.headers.get("HX-Current-URL") or request.referrer or ""
    try:
        parts = urlsplit(address)
    except ValueError:  # no address at all, such as //[
        return ""
    return parts.path if parts.netloc in ("", request.host) else ""
