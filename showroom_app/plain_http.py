"""The plain-http way in, beside https: all of the shop for this machine itself, which browsers trust without a
certificate; for everybody else only the page that hands out the certificate, and the way to https."""

import logging
import os
import socket
import threading
from collections.abc import Callable, Iterable
from multiprocessing.util import Finalize
from pathlib import Path
from typing import Any
from urllib.parse import quote

from waitress.server import create_server

from showroom_app import certificates
from showroom_app.lib.private_network import is_private
from showroom_app.network import bracketed, host_name
from showroom_app.turns import Wsgi

THREADS = 8
FINISH_SECONDS = 10
BODY_BYTES_MAX = 80 * 1024 * 1024
CERTIFICATE_PAGE = "/sertifikat"
# What phones may have without https: how to get it, and what that page looks like. No password travels by these.
OPEN_PATHS = (CERTIFICATE_PAGE, "/static/", "/plain/", "/healthz")
# A phone that was here by https once has the certificate: it is led there without a word. Its cookie says of which
# authority: after another was made (`certificates.mark`), it needs that one.
TRUSTING = "trusting"


def listen(app: Wsgi, instance: Path, *, shared: bool = False) -> None:
    """Answer on SHOWROOM_HTTP_PORT until this process ends; requests under way are finished first. Shared: beside other
    workers that do the same."""
    host, port = os.environ["SHOWROOM_HOST"], int(os.environ["SHOWROOM_HTTP_PORT"])
    logging.getLogger("waitress.queue").setLevel(logging.ERROR)  # a browser's six connections are no news
    door = door_of(app, int(os.environ["SHOWROOM_HTTPS_PORT"]), certificates.mark(instance))
    server = create_server(
        door, sockets=[listening(host, port, shared=shared)], threads=THREADS, ident="",
        clear_untrusted_proxy_headers=True, max_request_body_size=BODY_BYTES_MAX,
    )  # fmt: skip
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()

    def finish() -> None:
        server.close()
        server.task_dispatcher.shutdown(cancel_pending=False, timeout=FINISH_SECONDS)

    Finalize(None, finish, exitpriority=10)


def listening(host: str, port: int, *, shared: bool) -> socket.socket:
    """A socket that listens, on `::` for IPv4 too, as Granian's does. Shared: the system deals connections out to all
    who share the port, as it does for Granian's workers."""
    both = host == "::" and socket.has_dualstack_ipv6()
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    reuse = shared and hasattr(socket, "SO_REUSEPORT")
    return socket.create_server((host, port), family=family, reuse_port=reuse, dualstack_ipv6=both)


def door_of(app: Wsgi, https_port: int, authority: str) -> Wsgi:
    """The application behind the rule of who may come in by plain http, and who trusts this authority (its mark)."""

    def answer(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        path = environ.get("PATH_INFO", "/")
        if is_this_machine(environ.get("REMOTE_ADDR", "")) or path.startswith(OPEN_PATHS):
            return app(environ, start_response)
        to = place_by_https(environ, https_port, authority)
        headers = [("Content-Length", "0"), ("Cache-Control", "no-store"), ("Location", to)]
        start_response("303 See Other" if to else "421 Misdirected Request", headers if to else headers[:2])
        return [b""]

    return answer


def is_this_machine(peer: str) -> bool:
    """Whether a request comes from the machine that serves."""
    return peer == "::1" or peer.removeprefix("::ffff:").startswith("127.")


def place_by_https(environ: dict[str, Any], https_port: int, authority: str) -> str:
    """Where a request is sent on to: the same page by https, or first to how the certificate is installed. Empty for a
    host that is none of a private network's, so that nobody is led elsewhere by a made-up Host."""
    host = str(environ.get("HTTP_HOST", ""))
    name = host_name(host)
    if not is_private(name):
        return ""
    path = quote(environ.get("PATH_INFO", "/").encode("latin-1"))
    cookies = (one.strip() for one in str(environ.get("HTTP_COOKIE", "")).split(";"))
    if not authority or f"{TRUSTING}={authority}" not in cookies:
        goes_on = path != "/" and environ["REQUEST_METHOD"] == "GET"
        return f"{CERTIFICATE_PAGE}?next={path}" if goes_on else CERTIFICATE_PAGE
    # What was sent by plain http is not sent on: the page behind it opens anew.
    query = f"?{environ['QUERY_STRING']}" if environ.get("QUERY_STRING") and environ["REQUEST_METHOD"] == "GET" else ""
    return f"https://{bracketed(name)}:{https_port}{path}{query}"
