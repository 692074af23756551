"""Https for the shop's network: both ways in, clean stops, and another certificate when the address changes."""

import http.client
import os
import signal
import ssl
import subprocess
import sys
import textwrap
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from showroom_app import certificates, network
from tests.faults.served import ROOT, SECONDS_MAX, WATCHED_APP, free_port, until

# The server as it is, on a machine whose addresses stand in a file, and which looks around five times a second.
ELSEWHERE = """
    import os, pathlib
    from showroom_app import network, server

    def own_names(host):
        return set(pathlib.Path(os.environ["NAMES"]).read_text().split())

    network.own_names = own_names
    network.own_addresses = lambda: []
    server.LOOK_AROUND_SECONDS = 0.2
    if __name__ == "__main__":
        server.main()
"""


class Https:
    """A server with both ways in, on a machine whose addresses a test changes."""

    def __init__(self, folder: Path) -> None:
        (folder / "watched.py").write_text(textwrap.dedent(WATCHED_APP))
        (folder / "elsewhere.py").write_text(textwrap.dedent(ELSEWHERE))
        self.instance, self.port, self.https_port = folder / "instance", free_port(), free_port()
        self.names = folder / "names"
        self.names.write_text("localhost 127.0.0.1")
        env = {
            "SHOWROOM_INSTANCE": str(self.instance), "SHOWROOM_WSGI": "watched:app", "NAMES": str(self.names),
            "PYTHONPATH": os.pathsep.join([str(folder), str(ROOT)]),
        }  # fmt: skip
        command = [sys.executable, "-m", "elsewhere", "--host", "127.0.0.1", "--no-browser"]
        self.process = subprocess.Popen(
            [*command, "--port", str(self.port), "--https-port", str(self.https_port)],
            env=os.environ | env, stdout=subprocess.PIPE, text=True,
        )  # fmt: skip
        assert self.process.stdout is not None
        assert any("Untuk berhenti" in line for line in iter(self.process.stdout.readline, ""))

    def get(self, path: str = "/", *, secure: bool = True) -> str:
        """The answer's text, by https (checked with the shop's own authority) or plain."""
        if secure:
            trusting = ssl.create_default_context(cafile=certificates.folder(self.instance) / certificates.AUTHORITY)
            by: http.client.HTTPConnection = http.client.HTTPSConnection(
                "localhost", self.https_port, timeout=SECONDS_MAX, context=trusting
            )
        else:
            by = http.client.HTTPConnection("127.0.0.1", self.port, timeout=SECONDS_MAX)
        try:
            by.request("GET", path)
            return by.getresponse().read().decode()
        finally:
            by.close()

    def certificate(self) -> str:
        """What the server shows now."""
        return ssl.get_server_certificate(("127.0.0.1", self.https_port))


@pytest.fixture
def https(tmp_path: Path) -> Iterator[Https]:
    """One, ended afterwards."""
    one = Https(tmp_path)
    yield one
    if one.process.poll() is None:
        one.process.terminate()
    one.process.communicate(timeout=SECONDS_MAX)


def test_one_worker_answers_both_ways_in(https: Https) -> None:
    assert https.get() == https.get(secure=False)


def test_an_older_protocol_is_refused(https: Https) -> None:
    old = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    old.check_hostname, old.verify_mode = False, ssl.CERT_NONE
    old.minimum_version = old.maximum_version = ssl.TLSVersion.TLSv1_1
    by = http.client.HTTPSConnection("localhost", https.https_port, timeout=SECONDS_MAX, context=old)
    with pytest.raises(OSError):
        by.request("GET", "/")


@pytest.mark.skipif(sys.platform == "win32", reason="Windows knows no SIGTERM")
@pytest.mark.parametrize("secure", [True, False])
def test_a_request_under_way_is_finished_when_it_stops(https: Https, secure: bool) -> None:
    told: list[str] = []
    asking = threading.Thread(target=lambda: told.append(https.get("/slow", secure=secure)))
    asking.start()
    until((https.instance / "under-way").exists, "the request is under way")
    https.process.send_signal(signal.SIGTERM)
    asking.join(SECONDS_MAX)
    assert told, "the request was cut off"
    assert told[0].isdigit()
    assert https.process.wait(SECONDS_MAX) == 0


def test_another_address_is_certified_while_the_shop_is_open(https: Https) -> None:
    before, worker = https.certificate(), https.get()
    https.names.write_text("localhost 127.0.0.1 192.168.1.77")
    until(lambda: _answered(https) not in ("", worker), "another worker took over")
    assert https.certificate() != before
    assert https.get(secure=False) == https.get() != worker
    https.names.write_text("localhost 127.0.0.1")  # out of the network: no reason for another
    after = https.certificate()
    until(lambda: https.certificate() == after, "it stays")


def _answered(https: Https) -> str:
    try:
        return https.get()
    except OSError:  # between two workers; a browser asks again
        return ""


def test_a_port_in_use_is_said_with_what_to_type(tmp_path: Path) -> None:
    import socket

    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        assert "sudah dipakai program lain" in network.address_problem("127.0.0.1", port)
        command = [sys.executable, "-m", "showroom_app.server", "--host", "127.0.0.1", "--no-browser"]
        done = subprocess.run(
            [*command, "--port", str(free_port()), "--https-port", str(port)], capture_output=True, text=True,
            env=os.environ | {"SHOWROOM_INSTANCE": str(tmp_path)}, cwd=ROOT, timeout=SECONDS_MAX,
        )  # fmt: skip
    assert done.returncode == 1
    assert "--https-port" in done.stderr
