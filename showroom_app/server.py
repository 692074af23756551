"""Serve one instance: `python -m showroom_app.server`, which `start.py` becomes once everything is prepared.

One parent keeps one worker running (several only on PostgreSQL) and starts it anew when it crashes. The worker holds
`serving.lock` in the instance folder for as long as it lives and stops when its parent is gone, so two servers never
share an instance. Only the standard library is imported at the top: start.py reads this before anything is installed.
"""

import argparse
import errno
import gc
import http.client
import importlib
import multiprocessing
import os
import signal
import socket
import sys
import threading
import time
import webbrowser
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

from showroom_app.config import instance_path

if sys.platform == "win32":
    import msvcrt
else:
    import fcntl

Wsgi = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]

BLOCKING_THREADS = 8
# Granian counts open connections here, idle ones of phones and browsers too, not running requests.
CONNECTIONS_MAX = 512
# An idle connection is kept this long: pauses between two scans are mostly shorter.
IDLE_MILLISECONDS = 75_000
STOP_SECONDS_MAX = 15
READY_SECONDS_MAX = 60
# Larger answers (pictures, downloads) are passed on piece by piece.
WHOLE_BYTES_MAX = 1024 * 1024
TURN_SECONDS = 0.03


def take_lock(path: Path, *, shared: bool = False) -> IO[str] | None:
    """Lock a file until it is closed or the process ends, however it ends; None when another process holds it.

    Shared locks exclude only exclusive ones; Windows, where there is never more than one worker, knows none.
    """
    file = path.open("a+")
    try:
        if sys.platform == "win32":
            file.seek(0)
            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
        else:
            fcntl.flock(file, (fcntl.LOCK_SH if shared else fcntl.LOCK_EX) | fcntl.LOCK_NB)
    except OSError:
        file.close()
        return None
    return file


def is_serving(instance: Path, patience_seconds: float = 0) -> bool:
    """Whether a worker serves this instance, or still does after waiting for one that finishes its last requests."""
    until = time.monotonic() + patience_seconds
    while (lock := take_lock(instance / "serving.lock")) is None and time.monotonic() < until:
        time.sleep(0.1)
    if lock:
        lock.close()
    return lock is None


def address_problem(host: str, port: int) -> str:
    """Why nothing can listen there, as a sentence that says what to type; empty when all is well.

    Granian shares ports (SO_REUSEPORT), so it would join another server without a word.
    """
    if not 0 < port < 65536:
        return f"Port {port} tidak ada. Ketik perintah yang sama dengan: --port 8080"
    try:
        family, kind, protocol, _name, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        with socket.socket(family, kind, protocol) as probe:
            if sys.platform == "win32":
                probe.setsockopt(socket.SOL_SOCKET, socket.SO_EXCLUSIVEADDRUSE, 1)
            else:
                probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
    except PermissionError:
        return f"Port {port} tidak boleh dipakai di komputer ini. Ketik perintah yang sama dengan: --port 8080"
    except (OSError, UnicodeError) as error:
        if isinstance(error, OSError) and error.errno == errno.EADDRINUSE:
            return f"Port {port} sudah dipakai program lain. Ketik perintah yang sama dengan: --port {port % 65535 + 1}"
        return f"Alamat {host} bukan milik komputer ini. Ketik perintah yang sama tanpa --host"
    return ""


def on_postgresql() -> bool:
    """Whether many may write at a time; SQLite has one writer, so there one process and a queue are fastest."""
    return os.environ.get("DATABASE_URL", "").startswith("postgres")


def worker_count() -> int:
    """How many worker processes: SHOWROOM_WORKERS, on PostgreSQL only."""
    wanted = os.environ.get("SHOWROOM_WORKERS", "")
    return max(1, int(wanted)) if wanted.isdecimal() and on_postgresql() else 1


def load_worker(target: str) -> Wsgi:
    """Runs first in each worker: lock the instance, watch the parent, import the application."""
    if sys.platform != "win32":
        # Out of the terminal's reach: Ctrl-C and a closed window come to the parent, which lets requests finish.
        os.setsid()
    lock = take_lock(instance_path() / "serving.lock", shared=worker_count() > 1)
    if lock is None:
        sys.exit("Toko ini sudah dilayani oleh server lain.")
    threading.Thread(target=_stop_with_parent, args=(lock,), daemon=True).start()
    module, _, name = target.partition(":")
    app = getattr(importlib.import_module(module), name)
    gc.collect()  # what was loaded lives as long as the worker: the collector need never look through it again
    gc.freeze()
    return in_one_piece(app)


def _stop_with_parent(_lock: IO[str]) -> None:
    # The lock is held for as long as this thread lives, which is as long as the worker does.
    parent = multiprocessing.parent_process()
    if parent is None:
        return
    # Windows keeps telling the id of a dead parent; elsewhere the id changes at once.
    while os.getppid() == parent.pid and parent.is_alive():
        time.sleep(0.25)
    if sys.platform != "win32":
        os.kill(os.getpid(), signal.SIGTERM)
        time.sleep(STOP_SECONDS_MAX)
    os._exit(1)


class Turns:
    """Lets one request through at a time, as long as requests are short.

    Threads that compete for the interpreter, or poll for SQLite's one write lock, slow each other down: with four
    clients the queue answers a fifth more, and the slowest writes on SQLite take 4 to 8 ms instead of 35 to 55.
    A request that takes longer than TURN_SECONDS loses its turn to the next, and both go on.
    """

    def __init__(self) -> None:
        self.current = threading.Lock()

    @contextmanager
    def one(self) -> Iterator[None]:
        """A turn, after waiting for it."""
        turn = self.current
        while not turn.acquire(timeout=TURN_SECONDS):
            if self.current is turn:
                self.current = threading.Lock()
            turn = self.current
        try:
            yield
        finally:
            turn.release()


def in_one_piece(app: Wsgi) -> Wsgi:
    """Answer within one turn and in one write.

    In two, the body waits until the head is acknowledged (Nagle's algorithm is on), up to 40 ms on phones.
    """

    turns = Turns()

    def answer(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        length: str | None = None

        def started(status: str, headers: list[tuple[str, str]], exc_info: Any = None) -> Any:
            nonlocal length
            length = next((value for name, value in headers if name.lower() == "content-length"), None)
            return start_response(status, headers, exc_info)

        with turns.one():
            body = app(environ, started)
            if length is None or int(length) > WHOLE_BYTES_MAX:
                return body
            try:
                return [b"".join(body)]
            finally:
                getattr(body, "close", lambda: None)()

    return answer


def lan_address() -> str:
    """This machine's address in its network, empty when it is in none. Nothing is sent."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("192.0.2.1", 9))
            found = str(probe.getsockname()[0])
        except OSError:
            return ""
    return "" if found.startswith(("127.", "0.")) else found


def addresses(host: str, port: int) -> tuple[str, str]:
    """Where this machine and where phones open the shop; the second is empty when phones cannot."""
    if host in ("0.0.0.0", "::", ""):  # noqa: S104 - named, not listened on
        lan = lan_address()
        return f"http://{'[::1]' if host == '::' else '127.0.0.1'}:{port}", f"http://{lan}:{port}" if lan else ""
    here = f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"
    return here, "" if host.startswith("127.") or host in ("localhost", "::1") else here


def answers(here: str) -> bool:
    """Whether /healthz says that the server can read and write."""
    connection = http.client.HTTPConnection(here.removeprefix("http://"), timeout=5)
    try:
        connection.request("GET", "/healthz")
        return connection.getresponse().status == http.client.OK
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def announce(host: str, port: int, set_up_path: str, browser: bool) -> None:
    """Wait until the server answers, then say where; runs beside the parent's loop."""
    from showroom_app.lib.qr import terminal

    here, phones = addresses(host, port)
    until = time.monotonic() + READY_SECONDS_MAX
    while not answers(here):
        if time.monotonic() > until:
            print("Server belum bisa menulis. Periksa ruang disk dan izin folder, lalu Ctrl-C dan jalankan lagi.")
            return
        time.sleep(0.05)
    print(f"\nToko siap.\n  Di komputer ini : {here}/")
    if phones:
        print(f"  Di HP           : {phones}/  (HP di Wi-Fi yang sama; pindai kode ini)\n")
        print(terminal(f"{phones}/", colours=sys.stdout.isatty()), "\n  Tanpa https, kamera HP tidak jalan.")
    if set_up_path:
        print(f"\n  Penyiapan pertama (tautan sekali pakai): {here}{set_up_path}")
    print("\nUntuk berhenti: Ctrl-C.", flush=True)
    # Linux without a screen would open a browser made of text.
    if browser and (sys.platform in ("win32", "darwin") or os.environ.keys() & {"DISPLAY", "WAYLAND_DISPLAY"}):
        webbrowser.open(f"{here}{set_up_path or '/'}")


def serve(host: str, port: int, set_up_path: str, browser: bool) -> None:
    """Run until Ctrl-C or SIGTERM; requests under way are finished first."""
    from granian import Granian
    from granian.constants import Interfaces
    from granian.http import HTTP1Settings
    from granian.log import LogLevels

    # What a big answer took is given back: read by the worker's C library when it starts.
    os.environ.update(SHOWROOM_SERVING="1", MALLOC_ARENA_MAX="2", MALLOC_TRIM_THRESHOLD_="131072")
    # The same way on every system, and never a copy of a process that has threads.
    multiprocessing.set_start_method("spawn")
    granian = Granian(
        os.environ.get("SHOWROOM_WSGI", "wsgi:app"), address=host, port=port, interface=Interfaces.WSGI,
        workers=worker_count(), blocking_threads=BLOCKING_THREADS, backpressure=CONNECTIONS_MAX,
        http1_settings=HTTP1Settings(header_read_timeout=IDLE_MILLISECONDS), websockets=False,
        workers_kill_timeout=STOP_SECONDS_MAX, respawn_failed_workers=True, respawn_interval=0.1,
        log_level=LogLevels.error,
    )  # fmt: skip
    hang_up = signal.getsignal(signal.SIGHUP) if sys.platform != "win32" else None

    def started() -> None:
        if sys.platform != "win32":
            # Granian would restart its workers when the window is closed. nohup still means what it says.
            stop = granian.signal_handler_interrupt
            signal.signal(signal.SIGHUP, signal.SIG_IGN if hang_up == signal.SIG_IGN else stop)
        threading.Thread(target=announce, args=(host, port, set_up_path, browser), daemon=True).start()

    granian.on_startup(started)
    granian.on_shutdown(lambda: print("Berhenti. Semua permintaan sudah selesai.", flush=True))
    granian.serve(target_loader=load_worker)


def main() -> None:
    """Read the command line, refuse what cannot work, and serve."""
    parser = argparse.ArgumentParser(prog="python -m showroom_app.server")
    parser.add_argument("--host", default="0.0.0.0")  # noqa: S104 - phones come in by it
    parser.add_argument("--port", type=int, default=8080)
    parser.add_argument("--no-browser", action="store_true")
    options = parser.parse_args()
    sys.stdout.reconfigure(line_buffering=True, errors="replace")  # type: ignore[union-attr]  # a console is text
    instance_path().mkdir(parents=True, exist_ok=True)
    if is_serving(instance_path()):
        sys.exit(f"Toko di {instance_path()} sudah berjalan. Buka alamatnya, atau hentikan dulu dengan Ctrl-C di sana.")
    if problem := address_problem(options.host, options.port):
        sys.exit(problem)
    # Taken out of the environment, which workers hand to every request.
    set_up_path = os.environ.pop("SHOWROOM_SET_UP_PATH", "")
    serve(options.host, options.port, set_up_path, not options.no_browser)


if __name__ == "__main__":
    main()
