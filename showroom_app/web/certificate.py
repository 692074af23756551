"""/sertifikat: how a phone comes to trust the shop's https, once, with pictures; and the certificate itself."""

import hashlib
import os
from pathlib import Path

from flask import Blueprint, Response, abort, current_app, request, send_file
from flask.typing import ResponseReturnValue
from flask_login import current_user

from showroom_app.certificates import FOR_PHONES, folder, mark
from showroom_app.lib.private_network import is_private
from showroom_app.network import bracketed, host_name
from showroom_app.web.access import EVERYONE, allow, safe_path
from showroom_app.web.pages import render_template
from showroom_app.web.phones import own_address

certificate = Blueprint("certificate", __name__)

# What tells plain http by which authority this phone has been here by https; it says nothing else, and of nobody.
TRUSTING = "trusting"
YEAR_SECONDS = 365 * 24 * 3600
SYSTEMS = ("android", "iphone", "windows")


def authority_path() -> Path | None:
    """The certificate that phones install, where this instance has one."""
    path = folder(Path(current_app.instance_path)) / FOR_PHONES
    return path if path.is_file() else None


@certificate.get("/sertifikat")
@allow(*EVERYONE)
def page() -> ResponseReturnValue:
    """How to install it, for the kind of phone that asks first of all."""
    path = authority_path()
    if path is None:
        abort(404)
    digest = hashlib.sha256(path.read_bytes()).hexdigest().upper()
    return render_template(
        "certificate/page.html",
        systems=sorted(SYSTEMS, key=lambda system: system != _asking()),
        fingerprint=" ".join(digest[place : place + 4] for place in range(0, len(digest), 4)),
        onward=_onward(), secure=request.is_secure,
    )  # fmt: skip


@certificate.get("/sertifikat.crt")
@allow(*EVERYONE)
def download() -> ResponseReturnValue:
    """The authority's certificate; phones offer to install it because of its kind."""
    path = authority_path()
    if path is None:
        abort(404)
    return send_file(path, mimetype="application/x-x509-ca-cert", as_attachment=True, download_name="galeri.crt")


def _asking() -> str:
    """The kind of system that the browser names."""
    agent = request.user_agent.string
    if any(mark in agent for mark in ("iPhone", "iPad", "Macintosh")):
        return "iphone"
    return "windows" if "Windows" in agent else "android"


def _onward() -> str:
    """The page that was wanted, by https, under the name the phone asked for; never a stranger's name."""
    host, port = host_name(request.host), os.environ.get("SHOWROOM_HTTPS_PORT", "")
    path = safe_path(request.args.get("next", "")) or "/"
    if not is_private(host):
        host = own_address() or "localhost"
    return f"https://{bracketed(host)}:{port}{path}" if port else path


def remember_trust(response: Response) -> Response:
    """Who signed in by the shop's own https has the certificate: plain http then leads straight on, see
    `plain_http.py`."""
    ours = "SHOWROOM_HTTPS_PORT" in os.environ and request.is_secure and request.endpoint not in (None, "static")
    if ours and current_user.is_authenticated:
        authority = mark(Path(current_app.instance_path))
        if request.cookies.get(TRUSTING) != authority:
            response.set_cookie(TRUSTING, authority, max_age=YEAR_SECONDS, httponly=True, samesite="Lax")
    return response
