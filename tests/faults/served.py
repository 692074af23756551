"""A real server process on a folder and a port of its own, for tests of how it starts, stops and is killed."""

import http.client
import os
import signal
import socket
import subprocess
import sys
import textwrap
import time
from collections.abc import Callable
from pathlib import Path

from flask import Flask

from showroom_app import network, server

ROOT = Path(server.__file__).resolve().parent.parent
SECONDS_MAX = 20

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

# The real application, which tells its worker's process.
TOLD_APP = """
    import os, pathlib
    from wsgi import app

    pathlib.Path(os.environ["SHOWROOM_INSTANCE"], "worker").write_text(str(os.getpid()))
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

    wsgi = "watched:app"

    def __init__(self, folder: Path, instance: Path | None = None, **env: str) -> None:
        (folder / "watched.py").write_text(textwrap.dedent(WATCHED_APP))
        (folder / "told.py").write_text(textwrap.dedent(TOLD_APP))
        self.instance, self.port = instance or folder / "instance", free_port()
        own = {
            "SHOWROOM_INSTANCE": str(self.instance),
            "SHOWROOM_WSGI": self.wsgi,
            "PYTHONPATH": os.pathsep.join([str(folder), str(ROOT)]),
        }
        self.env = os.environ | own | env
        self.begin()

    def begin(self) -> None:
        """Start, and wait until it answers."""
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
        return not server.is_serving(self.instance) and not network.answers(f"http://127.0.0.1:{self.port}")

    def stop(self) -> None:
        """End it kindly, if it still runs."""
        if self.process.poll() is None:
            self.process.terminate()
        self.process.communicate(timeout=SECONDS_MAX)


class ShopServer(Server):
    """The real application on the database and the folder of an app under test."""

    wsgi = "told:app"

    def __init__(self, folder: Path, app: Flask) -> None:
        address = str(app.config["SQLALCHEMY_DATABASE_URI"])
        super().__init__(
            folder,
            Path(app.instance_path),
            DATABASE_URL=address if address.startswith("postgresql") else "",
            SHOWROOM_SECRET_KEY=app.config["SECRET_KEY"],
            SHOWROOM_PEPPER=app.config["PEPPER"],
        )

    @property
    def worker(self) -> int:
        """The process that answers."""
        return int((self.instance / "worker").read_text())

    def pull_the_plug(self) -> None:
        """Kill parent and worker at the same moment: nothing of theirs runs on."""
        worker = self.worker
        self.process.kill()
        os.kill(worker, signal.SIGKILL)
        self.process.communicate(timeout=SECONDS_MAX)
        until(lambda: not server.is_serving(self.instance), "the worker is gone")
