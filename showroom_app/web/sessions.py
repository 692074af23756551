"""How long a sign-in lasts: a crafter's own phone longer than the shop's devices, each from the cookie's own age."""

from datetime import UTC, datetime, timedelta
from typing import Any

from flask import Flask, Request, request, session
from flask.sessions import SecureCookieSession, SecureCookieSessionInterface, SessionMixin
from flask_login import login_user
from itsdangerous import BadSignature

from showroom_app.web.access import CRAFTER, SignedIn

# In the signed cookie: whose phone this is. Nobody else can write it.
_OWN_PHONE = "own_phone"


def begin(user: SignedIn) -> None:
    """Sign somebody in on this device; whatever it held before is gone."""
    session.clear()
    session.permanent = True
    if user.role == CRAFTER:
        session[_OWN_PHONE] = True
    login_user(user)


def _lifetime(app: Flask, content: Any) -> timedelta:
    own_phone = isinstance(content, dict) and content.get(_OWN_PHONE)
    lifetime: timedelta = app.config["CRAFTER_SESSION_LIFETIME"] if own_phone else app.permanent_session_lifetime
    return lifetime


class KeptSessions(SecureCookieSessionInterface):
    """Flask's own signed cookie, its signer made once and not for every request; how long it is good, its kind says."""

    signer: Any = None

    def get_signing_serializer(self, app: Flask) -> Any:
        """The signer of this app's cookies."""
        if self.signer is None:
            self.signer = super().get_signing_serializer(app)
        return self.signer

    def open_session(self, app: Flask, request: Request) -> SecureCookieSession | None:
        """The session of a request; an empty one where the cookie is forged, or older than its kind may be."""
        signer = self.get_signing_serializer(app)
        if signer is None:
            return None
        cookie = request.cookies.get(self.get_cookie_name(app))
        if not cookie:
            return self.session_class()
        try:
            content, signed_at = signer.loads(cookie, return_timestamp=True)
        except BadSignature:
            return self.session_class()
        age = datetime.now(UTC) - signed_at
        return self.session_class(content) if age <= _lifetime(app, content) else self.session_class()

    def get_cookie_secure(self, app: Flask) -> bool:
        """What came by https goes by it only; plain http is the machine's own way in."""
        return request.is_secure

    def get_expiration_time(self, app: Flask, session: SessionMixin) -> datetime | None:
        """When the browser may forget the cookie."""
        return datetime.now(UTC) + _lifetime(app, dict(session)) if session.permanent else None


def keep(user_id: int, session_key: str) -> None:
    """Go on in this session with the new key of its user, whose others have ended."""
    session["_user_id"] = f"{user_id}.{session_key}"
