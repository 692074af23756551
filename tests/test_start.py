"""start.py: what it prepares, what it refuses, and what it says to type."""

import ast
import os
import runpy
import socket
import subprocess
import sys
import threading
import time
from argparse import Namespace
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import start
from showroom_app import network, server, turns
from tests.faults.served import ROOT, SECONDS_MAX, free_port, until


def run_start(*arguments: str) -> subprocess.CompletedProcess[str]:
    """start.py in a process of its own."""
    command = [sys.executable, str(ROOT / "start.py"), "--host", "127.0.0.1", "--no-browser", *arguments]
    return subprocess.run(command, capture_output=True, text=True, timeout=SECONDS_MAX)


def test_an_old_python_is_told_which_one_is_needed(monkeypatch: pytest.MonkeyPatch) -> None:
    ast.parse((ROOT / "start.py").read_text(encoding="utf-8"), feature_version=(3, 8))  # it can read that far
    monkeypatch.setattr(sys, "version_info", (3, 9, 18))
    with pytest.raises(SystemExit) as refused:
        runpy.run_path(str(ROOT / "start.py"))
    assert "Python 3.9 terlalu tua: perlu 3.11" in str(refused.value)


def test_packages_are_installed_only_when_the_list_changed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    wanted, stamp, commands = tmp_path / "requirements.txt", tmp_path / "stamp", []
    told = ""

    def pip(command: list[str], _total: int) -> str:
        commands.append(command)
        return told

    monkeypatch.setattr(start, "run_counting", pip)
    wanted.write_text("flask==3.1.3")
    start.install(wanted, stamp)
    start.install(wanted, stamp)
    assert len(commands) == 1
    assert "--require-hashes" in commands[0]

    wanted.write_text("flask==3.1.4")
    told = "ERROR: no route to host"
    with pytest.raises(start.Stop, match=r"no route to host\n.*sambungan internet"):
        start.install(wanted, stamp)
    wanted.write_text("flask==3.1.3")
    told = ""
    start.install(wanted, stamp)
    assert len(commands) == 3, "what a failed installation left behind counts as nothing"


def test_what_pip_told_is_passed_on_only_when_it_failed() -> None:
    speak = [sys.executable, "-c", "import sys; print('Collecting flask'); sys.exit(int(sys.argv[1]))"]
    assert start.run_counting([*speak, "0"], 1) == ""
    assert "Collecting flask" in start.run_counting([*speak, "1"], 1)


def test_an_incomplete_python_is_told_what_to_type(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    failed = subprocess.CompletedProcess([], 1, "The virtual environment … because ensurepip is not available.", "")
    monkeypatch.setattr(start, "PYTHON", tmp_path / "none")
    monkeypatch.setattr(subprocess, "run", lambda *_command, **_options: failed)
    with pytest.raises(start.Stop, match="sudo apt install python3-venv"):
        start.make_environment()


def test_demo_and_shop_never_share_a_folder(tmp_path: Path) -> None:
    start.claim(tmp_path / "demo", demo=True)
    start.claim(tmp_path / "demo", demo=True)
    with pytest.raises(start.Stop, match="toko contoh"):
        start.claim(tmp_path / "demo", demo=False)
    (tmp_path / "showroom.db").touch()
    with pytest.raises(start.Stop, match="toko sungguhan"):
        start.claim(tmp_path, demo=True)
    assert start.is_demo_folder(tmp_path / "demo")
    assert not start.is_demo_folder(tmp_path)


def test_the_demo_never_sees_the_shops_database(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://localhost/shop")
    monkeypatch.setenv("SHOWROOM_DEMO", "1")
    assert "DATABASE_URL" not in start.settings_for(demo=True, instance=None)
    shop = start.settings_for(demo=False, instance=None)
    assert shop["DATABASE_URL"]
    assert "SHOWROOM_DEMO" not in shop


def test_a_demo_whose_loading_was_cut_off_is_loaded_anew(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    database = tmp_path / "showroom.db"
    settings = {"SHOWROOM_INSTANCE": str(tmp_path)}
    happened: list[str] = []

    def cut_off(_settings: dict[str, str], command: str, **_options: bool) -> str:
        happened.append(command)
        if command == "init":
            happened.append("kept" if database.exists() else "new")
            database.touch()
        elif happened.count("demo") == 1:
            raise KeyboardInterrupt
        return ""

    monkeypatch.setattr(start, "flask", cut_off)
    with pytest.raises(KeyboardInterrupt):
        start.load_demo(settings)
    start.load_demo(settings)
    start.load_demo(settings)
    assert happened == ["init", "new", "demo", "init", "new", "demo", "init", "kept"]
    database.unlink()
    start.load_demo(settings)
    assert happened[-3:] == ["init", "new", "demo"], "a demo that was thrown away comes back"


def test_a_second_start_on_the_same_folder_is_refused(tmp_path: Path) -> None:
    with server.take_lock(tmp_path / "starting.lock") or pytest.fail("the lock is free"):
        answer = run_start("--instance", str(tmp_path), "--port", str(free_port()))
    assert answer.returncode == 1
    assert "sudah berjalan" in answer.stderr
    assert not (tmp_path / "showroom.db").exists()


def test_a_start_waits_a_little_for_a_worker_that_finishes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(start, "FINISHING_SECONDS", 0.3)
    monkeypatch.setattr(network, "address_problem", lambda *_address: "the wait is over")
    options = Namespace(
        demo=False,
        instance=tmp_path,
        host="127.0.0.1",
        port=1,
        https=None,
        https_port=2,
        behind_proxy=0,
        no_browser=True,
    )
    lock = server.take_lock(tmp_path / "serving.lock")
    assert lock
    with pytest.raises(start.Stop, match="sudah berjalan"):
        start.serve(options)
    threading.Timer(0.1, lock.close).start()
    with pytest.raises(start.Stop, match="the wait is over"):
        start.serve(options)


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such signals")
def test_a_start_that_is_ended_while_preparing_ends_its_command_too(tmp_path: Path) -> None:
    code = (
        "import signal, subprocess, sys, start\n"
        "def wait(_arguments): subprocess.run([sys.executable, '-c', sys.argv[1]])\n"
        "start.run = wait; sys.exit(start.main())"
    )
    child = "import pathlib, time; pathlib.Path('going').touch(); time.sleep(1); pathlib.Path('done').touch()"
    command, environment = [sys.executable, "-c", code, child], os.environ | {"PYTHONPATH": str(ROOT)}
    process = subprocess.Popen(command, cwd=tmp_path, env=environment, stderr=subprocess.PIPE, text=True)
    until((tmp_path / "going").exists, "the command runs")
    process.terminate()
    assert "Dihentikan" in process.communicate(timeout=SECONDS_MAX)[1]
    assert process.returncode == 1
    time.sleep(1)
    assert not (tmp_path / "done").exists()


def test_a_taken_port_is_answered_by_what_to_type(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        answer = run_start("--instance", str(tmp_path), "--port", str(port))
    assert answer.returncode == 1
    assert f"Port {port} sudah dipakai" in answer.stderr
    assert f"--port {port + 1}" in answer.stderr


@pytest.mark.parametrize(("https_port", "said"), [("8080", "tidak bisa sama"), ("0", "--no-https")])
def test_ports_that_can_not_be_are_answered_by_what_to_type(tmp_path: Path, https_port: str, said: str) -> None:
    answer = run_start("--instance", str(tmp_path), "--https", "--port", "8080", "--https-port", https_port)
    assert answer.returncode == 1
    assert said in answer.stderr
    assert not (tmp_path / "showroom.db").exists()


def test_a_word_that_is_no_command_is_refused() -> None:
    answer = run_start("serve")
    assert answer.returncode == 1
    assert "--help" in answer.stderr


def test_a_mistyped_folder_does_not_become_a_shop(tmp_path: Path) -> None:
    command = [sys.executable, str(ROOT / "start.py"), "--instance", str(tmp_path / "typo"), "flask", "books", "check"]
    answer = subprocess.run(command, capture_output=True, text=True, timeout=SECONDS_MAX)
    assert answer.returncode == 1
    assert "belum ada toko" in answer.stderr
    assert not (tmp_path / "typo").exists()


def test_addresses_are_told_only_when_the_server_can_write(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    told: list[str] = []

    def answers(_here: str) -> bool:
        told.append(capsys.readouterr().out)
        return len(told) == 3

    monkeypatch.setattr(network, "answers", answers)
    server.announce(Namespace(host="192.0.2.7", port=8080, https_port=0, no_browser=True), "/set-up/once")
    assert told == ["", "", ""]
    out = capsys.readouterr().out
    assert "http://192.0.2.7:8080/set-up/once" in out
    assert "██" in out


def test_requests_take_turns_but_a_long_one_holds_nobody_up(monkeypatch: pytest.MonkeyPatch) -> None:
    running, together = 0, 0
    begun, ends = threading.Event(), threading.Event()

    def app(environ: dict[str, Any], _start_response: object) -> list[bytes]:
        nonlocal running, together
        if environ["PATH_INFO"] == "/long":
            begun.set()
            assert ends.wait(2 * SECONDS_MAX)
            return []
        running += 1
        together = max(together, running)
        time.sleep(0.002)
        running -= 1
        return []

    answer = turns.in_one_piece(app)

    def visit(path: str) -> None:
        answer({"PATH_INFO": path}, lambda *_: None)

    long = threading.Thread(target=visit, args=("/long",))
    long.start()
    assert begun.wait(SECONDS_MAX)
    visit("/first, which waits until the long one has lost its turn")
    monkeypatch.setattr(turns, "TURN_SECONDS", 10 * SECONDS_MAX)  # from now on nobody loses theirs
    short = [threading.Thread(target=visit, args=("/",)) for _ in range(6)]
    for thread in short:
        thread.start()
    for thread in short:
        thread.join(SECONDS_MAX)
    assert not any(thread.is_alive() for thread in short), "only the first waits"
    assert together == 1
    assert long.is_alive()
    ends.set()
    long.join()


def test_small_answers_go_out_in_one_piece() -> None:
    closed: list[str] = []

    class Body(list[bytes]):
        def close(self) -> None:
            closed.append("closed")

    def answer(length: int | None) -> object:
        def app(_environ: dict[str, Any], start_response: Callable[..., Any]) -> Body:
            start_response("200 OK", [] if length is None else [("content-length", str(length))])
            return Body([b"a", b"b"])

        return turns.in_one_piece(app)({}, lambda *_: None)

    assert answer(2) == [b"ab"]
    assert closed == ["closed"]
    for long in (None, turns.WHOLE_BYTES_MAX + 1):
        assert answer(long) == [b"a", b"b"]
    assert closed == ["closed"], "who sends it closes it"


@pytest.mark.parametrize(
    ("host", "https", "behind_proxy", "expected"),
    [("0.0.0.0", None, 0, True), ("127.0.0.1", None, 0, False), ("localhost", True, 0, True),
     ("192.168.1.7", None, 0, True), ("0.0.0.0", False, 0, False), ("127.0.0.1", None, 1, False)],
)  # fmt: skip
def test_phones_come_in_by_https_unless_it_is_said_otherwise(
    host: str, https: bool | None, behind_proxy: int, expected: bool
) -> None:
    assert start.by_https(Namespace(host=host, https=https, behind_proxy=behind_proxy)) is expected


def test_https_of_ones_own_and_a_proxys_are_not_both() -> None:
    with pytest.raises(start.Stop, match="tidak bisa bersama"):
        start.by_https(Namespace(host="127.0.0.1", https=True, behind_proxy=1))


def test_a_mark_that_was_cut_off_says_nothing(tmp_path: Path) -> None:
    (tmp_path / "kind").write_text("")
    start.claim(tmp_path, demo=True)
    assert start.is_demo_folder(tmp_path)


def test_a_folder_that_can_not_be_written_is_told_in_words(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def denied(*_arguments: str) -> int:
        raise PermissionError(13, "Permission denied", str(tmp_path / "starting.lock"))

    monkeypatch.setattr(start, "run", denied)
    assert start.main() == 1
    told = capsys.readouterr().err
    assert "Permission denied" in told and "starting.lock" in told
    assert "--instance FOLDER" in told
