"""Error pages: what happened, what is safe, one next step. They stand even when the database is down."""

import logging
from collections.abc import Callable
from http import HTTPStatus

from flask import Flask, Response, current_app, g, make_response, request
from flask.globals import request_ctx
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import DBAPIError, OperationalError
from werkzeug.exceptions import HTTPException

from showroom_app.extensions import db, rollback
from showroom_app.lib.document import DocumentFailed
from showroom_app.lib.refusal import NotHere, Refusal
from showroom_app.web.access import Visitor
from showroom_app.web.htmx import REFUSED, is_htmx, toast
from showroom_app.web.pages import render_template
from showroom_app.web.public import is_public

# How the page for visitors is made: from a title, a sentence and a status.
PageForVisitors = Callable[[str, str, int], Response]

log = logging.getLogger(__name__)

# How SQLite says that it can't write now, and PostgreSQL by its codes: read-only, out of room, shutting down, gone.
_NO_WRITE = ("locked", "readonly", "disk is full", "disk i/o", "unable to open")
_NO_WRITE_STATES = ("25006", "08", "53", "57")


def words(code: int) -> tuple[str, str]:
    """Title and sentence for a status."""
    known = {
        400: (
            _("Halaman ini sudah terlalu lama terbuka"),
            _("Belum ada yang tersimpan. Muat ulang halaman, lalu ulangi."),
        ),
        403: (
            _("Halaman ini bukan untuk akun Anda"),
            _("Masuk dengan akun lain, atau kembali ke halaman awal."),
        ),
        404: (_("Tidak ketemu"), _("Alamat ini tidak ada, atau sudah pindah.")),
        405: (_("Halaman ini tidak bisa dibuka seperti itu"), _("Kembali, lalu tekan tombol di halamannya.")),
        413: (
            _("Berkas terlalu besar"),
            _("Pilih berkas yang lebih kecil, atau lebih sedikit sekaligus, lalu kirim lagi."),
        ),
        422: (_("Belum bisa"), _("Periksa isian, lalu coba lagi.")),
        429: (_("Terlalu sering mencoba"), _("Tunggu beberapa menit, lalu coba lagi.")),
        503: (
            _("Server galeri belum bisa menyimpan"),
            _("Tidak ada yang setengah tersimpan. Hubungi pengelola, lalu coba lagi sebentar lagi."),
        ),
    }
    fallback = (
        _("Ada yang salah di server galeri"),
        _("Tidak ada yang setengah tersimpan. Coba lagi sebentar lagi."),
    )
    return known.get(code, fallback)


def answer(code: int, sentence: str = "") -> ResponseReturnValue:
    """The error page, or for htmx a message that swaps nothing away."""
    title, usual = words(code)
    if request_ctx.url_adapter is None:  # a Host header that is no host's name: there is no page to build links for
        return f"{title}. {usual}", code
    if is_htmx():
        response = toast(make_response("", code), sentence or f"{title}. {usual}")
        response.headers["HX-Reswap"] = "none"
        return response
    page = _for_visitors(code, title, sentence or usual)
    return page or (render_template("error.html", code=code, title=title, sentence=sentence or usual), code)


def _for_visitors(code: int, title: str, sentence: str) -> Response | None:
    """Who is not signed in reads of an address that is not there, and of whatever goes wrong on a page for visitors, in
    the frame of those: no cookie, their own language. None for anybody else, and where the server itself fails."""
    if code >= HTTPStatus.INTERNAL_SERVER_ERROR or not (code == HTTPStatus.NOT_FOUND or is_public()):
        return None
    try:
        if current_user.is_authenticated:
            return None
        make: PageForVisitors = current_app.extensions["page_for_visitors"]
        return make(title, sentence, code)
    except DBAPIError:
        rollback()
        return None


def cannot_write(error: DBAPIError) -> bool:
    """Whether the database refuses to work at all (locked, read-only, full, gone), and not this statement."""
    state = getattr(error.orig, "sqlstate", None)
    if state:
        return str(state).startswith(_NO_WRITE_STATES)
    told = str(error.orig).lower()
    # Without a code and from PostgreSQL: it never got as far as answering.
    lost = isinstance(error, OperationalError) and db.engine.dialect.name == "postgresql"
    return lost or error.connection_invalidated or any(mark in told for mark in _NO_WRITE)


def install(app: Flask, page_for_visitors: PageForVisitors) -> None:
    """Answer every failure in words; visitors on a page of their own."""
    app.extensions["page_for_visitors"] = page_for_visitors

    @app.errorhandler(HTTPException)
    def http_error(error: HTTPException) -> ResponseReturnValue:
        if error.response is not None or (error.code or 500) < 400:
            return error
        return answer(error.code or 500)

    @app.errorhandler(CSRFError)
    def stale_form(_error: CSRFError) -> ResponseReturnValue:
        return answer(400)

    @app.errorhandler(NotHere)
    def not_here(_error: NotHere) -> ResponseReturnValue:
        return answer(404)

    @app.errorhandler(Refusal)
    def refused(error: Refusal) -> ResponseReturnValue:
        return answer(REFUSED, error.sentence)

    @app.errorhandler(DBAPIError)
    def database_error(error: DBAPIError) -> ResponseReturnValue:
        rollback()
        if "_login_user" not in g:  # the page below must not ask the same database who is looking
            g._login_user = Visitor()
        log.error("database: %s %s: %s", request.method, request.path, error)
        return answer(503 if cannot_write(error) else 500)

    @app.errorhandler(DocumentFailed)
    def no_document(error: DocumentFailed) -> ResponseReturnValue:
        log.error("document: %s", error)
        return answer(503, _("Dokumen belum bisa dibuat. Coba lagi sebentar lagi."))

    @app.errorhandler(Exception)
    def bug(error: Exception) -> ResponseReturnValue:
        if app.config["TESTING"]:
            raise error
        log.exception("bug: %s %s", request.method, request.path)
        return answer(500)
