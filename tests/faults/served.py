"""A real server process on a folder and a port of its own, for tests of how it starts and stops."""

import http.client
import os
import socket
import subprocess
import sys
import textwrap
import time
from collections.abc import Callable
from pathlib import Path

from showroom_app import server

ROOT = Path(server.__file__).resolve().parent.parent
SECONDS_MAX = 10

# The smallest application that can be watched: it tells its process, and when a slow request is under way.
WATCHED_APP = """
    import os, pathlib, time

    def app(environ, start_response):
        if environ["PATH_INFO"] == "/slow":
            pathlib.Path(os.environ["SHOWROOM_INSTANCE"], "under-way").touch()
            time.sleep(0.8)
        body = str(os.getpid()).encode()
        start_response("200 OK", [("Content-Length", str(len(body)))])
        return [body]
"""


def until(true: Callable[[], object], what: str) -> None:
    """Wait for something that happens soon."""
    end = time.monotonic() + SECONDS_MAX
    while not true():
        assert time.monotonic() < end, f"never happened: {what}"
        time.sleep(0.02)


def free_port() -> int:
    """A port nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Server:
    """A server on a folder and a port of its own, serving the watched application."""

    def __init__(self, folder: Path) -> None:
        (folder / "watched.py").write_text(textwrap.dedent(WATCHED_APP))
        self.instance, self.port = folder / "instance", free_port()
        self.env = os.environ | {
            "SHOWROOM_INSTANCE": str(self.instance),
            "SHOWROOM_WSGI": "watched:app",
            "PYTHONPATH": os.pathsep.join([str(folder), str(ROOT)]),
        }
        self.process = self.start(self.port)
        assert self.process.stdout is not None
        told = iter(self.process.stdout.readline, "")
        assert any("Untuk berhenti" in line for line in told), self.process.communicate()

    def start(self, port: int) -> subprocess.Popen[str]:
        """Another process like this one."""
        command = [sys.executable, "-m", "showroom_app.server", "--host", "127.0.0.1", "--port", str(port)]
        pipe = subprocess.PIPE
        return subprocess.Popen([*command, "--no-browser"], env=self.env, stdout=pipe, stderr=pipe, text=True)

    def get(self, path: str) -> str:
        """The answer's text: the worker's process id."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=SECONDS_MAX)
        try:
            connection.request("GET", path)
            return connection.getresponse().read().decode()
        finally:
            connection.close()

    def is_gone(self) -> bool:
        """Whether nobody serves the folder and nobody listens any more."""
        return not server.is_serving(self.instance) and not server.answers(f"http://127.0.0.1:{self.port}")
