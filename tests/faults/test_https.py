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

# The server as it is, on a machine whose addresses and clock stand in files; it looks around five times a second.
ELSEWHERE = """
    import os, pathlib
    from showroom_app import network, server

    machine = pathlib.Path(os.environ["MACHINE"])

    def own_names(host):
        with (machine / "looks").open("a") as looks:
            looks.write(".")
        names = (machine / "names").read_text()
        if names == "broken":
            raise RuntimeError("the network card does not answer")
        return set(names.split())

    network.own_names = own_names
    network.own_addresses = lambda: []
    server.clock_ahead = lambda: float((machine / "clock").read_text())
    server.LOOK_AROUND_SECONDS = 0.2
    if __name__ == "__main__":
        server.main()
"""


class Https:
    """A server with both ways in, on a machine whose addresses and clock a test changes."""

    def __init__(self, folder: Path, **more: str) -> None:
        (folder / "watched.py").write_text(textwrap.dedent(WATCHED_APP))
        (folder / "elsewhere.py").write_text(textwrap.dedent(ELSEWHERE))
        self.instance, self.port, self.https_port = folder / "instance", free_port(), free_port()
        self.names, self.clock, self.looks = folder / "names", folder / "clock", folder / "looks"
        write(self.names, "localhost 127.0.0.1")
        write(self.clock, "0")
        env = more | {
            "SHOWROOM_INSTANCE": str(self.instance), "SHOWROOM_WSGI": "watched:app", "MACHINE": str(folder),
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

    def kept(self) -> Path:
        """Where its certificate lies."""
        return certificates.folder(self.instance) / certificates.SERVER

    def look_around(self) -> None:
        """Wait until it has looked again, and done what came of it."""
        before = self.looks.stat().st_size
        until(lambda: self.looks.stat().st_size >= before + 3, "it looks around")

    def workers(self, *, secure: bool = True) -> set[str]:
        """Who answers, asked many times."""
        return {told for _time in range(40) if (told := _answered(self, secure=secure))}

    def stop(self) -> str:
        """End it kindly; what it told since it was ready."""
        if self.process.poll() is None:
            self.process.terminate()
        return self.process.communicate(timeout=SECONDS_MAX)[0]


def write(path: Path, content: str) -> None:
    """Write a file that others never see half."""
    path.with_suffix(".new").write_text(content)
    path.with_suffix(".new").replace(path)


@pytest.fixture
def https(tmp_path: Path) -> Iterator[Https]:
    """One, ended afterwards."""
    one = Https(tmp_path)
    yield one
    one.stop()


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
    write(https.names, "localhost 127.0.0.1 192.168.1.77")
    until(lambda: _answered(https) not in ("", worker), "another worker took over")
    assert https.certificate() != before
    assert https.get(secure=False) == https.get() != worker
    after, kept = https.certificate(), https.kept().read_bytes()
    write(https.names, "localhost 127.0.0.1")  # out of the network: no reason for another
    https.look_around()
    assert https.kept().read_bytes() == kept
    assert https.certificate() == after


def test_a_clock_that_was_set_has_it_look_at_the_certificate_again(https: Https) -> None:
    worker = https.get()
    https.kept().unlink()
    write(https.clock, "600")
    https.look_around()
    assert not https.kept().exists(), "ten minutes are no reason"
    write(https.clock, "-7200")
    until(lambda: _answered(https) not in ("", worker), "another worker took over")
    assert https.kept().exists()


def test_a_network_that_can_not_be_asked_ends_nothing_and_is_said_once(https: Https) -> None:
    worker = https.get()
    write(https.names, "broken")
    https.look_around()
    assert https.get() == worker
    write(https.names, "localhost 127.0.0.1 192.168.1.77")
    until(lambda: _answered(https) not in ("", worker), "it looked again, and another worker took over")
    assert https.stop().count("the network card does not answer") == 1


@pytest.mark.skipif(sys.platform == "win32", reason="one worker there")
def test_several_workers_share_both_ways_in_and_hand_them_on(tmp_path: Path) -> None:
    # The server only reads what kind of database it is; the watched application opens none.
    https = Https(tmp_path, DATABASE_URL="postgresql://localhost/none", SHOWROOM_WORKERS="2")
    try:
        until(lambda: len(https.workers()) == 2, "two workers answer")
        first = https.workers()
        until(lambda: https.workers(secure=False) == first, "both by plain http too")
        os.kill(int(min(first)), signal.SIGKILL)
        until(lambda: len(https.workers() - {min(first)}) == 2, "another takes the killed one's place")
        second = https.workers()
        until(lambda: https.workers(secure=False) == second, "by plain http too")
        write(https.names, "localhost 127.0.0.1 192.168.1.77")
        until(lambda: len(https.workers() - second) == 2, "the new certificate has workers of its own")
        until(lambda: not https.workers() & second, "the old ones are gone")
        assert https.workers(secure=False) == https.workers()
        https.process.terminate()
        assert https.process.wait(SECONDS_MAX) == 0
    finally:
        https.stop()


def _answered(https: Https, *, secure: bool = True) -> str:
    try:
        return https.get(secure=secure)
    except (OSError, http.client.HTTPException):  # between two workers; a browser asks again
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
