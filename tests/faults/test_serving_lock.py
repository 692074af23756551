"""One server per folder: it finishes its requests, leaves no orphan, and comes back when its worker dies."""

import os
import signal
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from showroom_app import network
from tests.faults.served import SECONDS_MAX, Server, free_port, until

needs_signals = pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such signals")


@pytest.fixture
def running(tmp_path: Path) -> Iterator[Server]:
    one = Server(tmp_path)
    yield one
    if one.process.poll() is None:
        one.process.terminate()
    one.process.communicate(timeout=SECONDS_MAX)


def test_a_second_server_leaves_the_first_alone(running: Server) -> None:
    worker = running.get("/")
    second = running.start(free_port())
    assert "sudah berjalan" in second.communicate(timeout=SECONDS_MAX)[1]
    assert second.returncode == 1
    assert running.get("/") == worker


@needs_signals
def test_sigterm_finishes_the_request_under_way(running: Server) -> None:
    answers: list[str] = []
    customer = threading.Thread(target=lambda: answers.append(running.get("/slow")))
    customer.start()
    until((running.instance / "under-way").exists, "the slow request is under way")
    running.process.send_signal(signal.SIGTERM)
    out, err = running.process.communicate(timeout=SECONDS_MAX)
    customer.join()
    assert answers
    assert answers[0].isdigit()
    assert (running.process.returncode, err) == (0, "")
    assert "Semua permintaan sudah selesai" in out
    assert running.is_gone()


@needs_signals
def test_ctrl_c_stops_with_exit_code_zero(running: Server) -> None:
    running.process.send_signal(signal.SIGINT)
    running.process.communicate(timeout=SECONDS_MAX)
    assert running.process.returncode == 0
    assert running.is_gone()


@needs_signals
def test_a_killed_parent_leaves_no_orphan(running: Server) -> None:
    running.process.kill()
    until(running.is_gone, "the worker stops")


@needs_signals
def test_a_killed_worker_is_replaced(running: Server) -> None:
    worker = running.get("/")
    os.kill(int(worker), signal.SIGKILL)
    until(lambda: network.answers(f"http://127.0.0.1:{running.port}"), "a new worker answers")
    assert running.get("/") != worker
