"""Serve one instance: `python -m showroom_app.server`, which `start.py` becomes once everything is prepared.

One parent keeps one worker running (several only on PostgreSQL) and starts it anew when it crashes. The worker holds
`serving.lock` in the instance folder for as long as it lives and stops when its parent is gone, so two servers never
share an instance. Beyond this machine the shop is served over https; plain http (`plain_http.py`) is this machine's own
way in, and for all others a way to the certificate. Only the standard library is imported at the top: start.py reads
this before anything is installed.
"""

import argparse
import gc
import importlib
import multiprocessing
import os
import signal
import subprocess
import sys
import threading
import time
import webbrowser
from collections.abc import Callable
from pathlib import Path
from typing import IO, Any

from showroom_app import certificates, network
from showroom_app.config import instance_path
from showroom_app.turns import Wsgi, in_one_piece

if sys.platform == "win32":
    import msvcrt
else:
    import fcntl

BLOCKING_THREADS = 8
# Granian counts open connections here, idle ones of phones and browsers too, not running requests.
CONNECTIONS_MAX = 512
# An idle connection is kept this long: pauses between two scans are mostly shorter.
IDLE_MILLISECONDS = 75_000
STOP_SECONDS_MAX = 15
READY_SECONDS_MAX = 60
# A worker that takes the place of another waits until that one has finished.
TAKE_OVER_SECONDS_MAX = STOP_SECONDS_MAX + 5
LOOK_AROUND_SECONDS = 60
RENEW_EVERY_SECONDS = 24 * 3600
# The wall clock against the one that only runs on: so much, and somebody has set it.
CLOCK_SET_SECONDS = 3600


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
    lock = wait_for_lock(instance / "serving.lock", patience_seconds)
    if lock:
        lock.close()
    return lock is None


def wait_for_lock(path: Path, patience_seconds: float, *, shared: bool = False) -> IO[str] | None:
    """Lock a file as soon as it is free; None when it isn't in time."""
    until = time.monotonic() + patience_seconds
    while (lock := take_lock(path, shared=shared)) is None and time.monotonic() < until:
        time.sleep(0.1)
    return lock


def on_postgresql() -> bool:
    """Whether many may write at a time; SQLite has one writer, so there one process and a queue are fastest."""
    return os.environ.get("DATABASE_URL", "").startswith("postgres")


def worker_count() -> int:
    """How many worker processes: SHOWROOM_WORKERS, on PostgreSQL only, and one on Windows (`take_lock`)."""
    wanted = os.environ.get("SHOWROOM_WORKERS", "")
    return max(1, int(wanted)) if wanted.isdecimal() and on_postgresql() and sys.platform != "win32" else 1


def load_worker(target: str) -> Wsgi:
    """Runs first in each worker: lock the instance, watch the parent, import the application."""
    if sys.platform != "win32":
        # Out of the terminal's reach: Ctrl-C and a closed window come to the parent, which lets requests finish.
        os.setsid()
    many = worker_count() > 1
    lock = wait_for_lock(instance_path() / "serving.lock", TAKE_OVER_SECONDS_MAX, shared=many)
    if lock is None:
        sys.exit("Toko ini sudah dilayani oleh server lain.")
    threading.Thread(target=_stop_with_parent, args=(lock,), daemon=True).start()
    module, _, name = target.partition(":")
    app = in_one_piece(getattr(importlib.import_module(module), name))
    if "SHOWROOM_HTTPS_PORT" in os.environ:
        from showroom_app.plain_http import listen

        listen(app, instance_path(), shared=many)
    gc.collect()  # what was loaded lives as long as the worker: the collector need never look through it again
    gc.freeze()
    return app


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


def certify(names: set[str]) -> bool:
    """Have a certificate for these names, in a process of its own. Returns whether it is a new one; what else it told
    is said."""
    command = [sys.executable, "-m", "showroom_app.certificates", *sorted(names)]
    done = subprocess.run(command, capture_output=True, text=True, env=os.environ)
    if done.returncode:
        raise OSError(done.stderr.strip())
    told = done.stdout.strip()
    if told not in ("", certificates.RENEWED):
        print(told, flush=True)
    return told == certificates.RENEWED


def clock_ahead() -> float:
    """How far the wall clock is ahead of the one that only runs on; it changes when somebody sets the wall clock."""
    return time.time() - time.monotonic()


def keep_certified(host: str, https_port: int, names: set[str], renew: Callable[[], None]) -> None:
    """Notice another address than those certified (`names`), time passing, and a clock that was set: then there is
    another certificate, and `renew` puts it to use. The machine's name follows. Runs beside the parent's loop."""
    spoken, at, ahead, told = network.SpokenName(https_port), time.monotonic(), clock_ahead(), ""
    while True:
        try:
            spoken.announce(network.listened_on(host))
            now, ahead_now = network.own_names(host), clock_ahead()
            was_set = abs(ahead_now - ahead) > CLOCK_SET_SECONDS
            if was_set or not now <= names or time.monotonic() > at + RENEW_EVERY_SECONDS:
                if certify(now):
                    renew()
                names, at, ahead = now, time.monotonic(), ahead_now
            told = ""
        except Exception as error:  # whatever a machine can do: it looks again, and says so once
            if str(error) != told:
                print(error, flush=True)
            told = str(error)
        time.sleep(LOOK_AROUND_SECONDS)


def announce(options: argparse.Namespace, set_up_path: str) -> None:
    """Wait until the server answers, by both ways in, then say where; runs beside the parent's loop."""
    from showroom_app.lib.qr import terminal

    here, phones = network.addresses(options.host, options.port, options.https_port)
    until = time.monotonic() + READY_SECONDS_MAX
    secure = f"https://{here.partition('://')[2].rpartition(':')[0]}:{options.https_port}"
    while not all(map(network.answers, {here, secure} if options.https_port else {here})):
        if time.monotonic() > until:
            print("Server belum bisa menulis. Periksa ruang disk dan izin folder, lalu Ctrl-C dan jalankan lagi.")
            return
        time.sleep(0.05)
    print(f"\nToko siap.\n  Di komputer ini : {here}/")
    if phones:
        door = (
            f"http://{phones.partition('://')[2].rpartition(':')[0]}:{options.port}/" if options.https_port else phones
        )
        print(f"  Di HP           : {door}  (HP di Wi-Fi yang sama; pindai kode ini)\n")
        print(terminal(door, colours=sys.stdout.isatty()))
        if options.https_port:
            print("  Sekali saja tiap HP: halaman itu menunjukkan cara memasang sertifikat, supaya kamera jalan.")
        else:
            print("  Tanpa https, kamera HP tidak jalan; label dipindai lewat foto.")
    if set_up_path:
        print(f"\n  Penyiapan pertama (tautan sekali pakai): {here}{set_up_path}")
    print("\nUntuk berhenti: Ctrl-C.", flush=True)
    # Linux without a screen would open a browser made of text.
    browser = not options.no_browser
    if browser and (sys.platform in ("win32", "darwin") or os.environ.keys() & {"DISPLAY", "WAYLAND_DISPLAY"}):
        webbrowser.open(f"{here}{set_up_path or '/'}")


def serve(options: argparse.Namespace, set_up_path: str) -> None:
    """Run until Ctrl-C or SIGTERM; requests under way are finished first."""
    from granian import Granian
    from granian.constants import Interfaces, SSLProtocols
    from granian.http import HTTP1Settings
    from granian.log import LogLevels

    # What a big answer took is given back: read by the worker's C library when it starts.
    os.environ.update(SHOWROOM_SERVING="1", MALLOC_ARENA_MAX="2", MALLOC_TRIM_THRESHOLD_="131072")
    # The same way on every system, and never a copy of a process that has threads.
    multiprocessing.set_start_method("spawn")
    os.environ["SHOWROOM_HOST"] = options.host
    place = certificates.folder(instance_path())
    secure: dict[str, Any] = {}
    if options.https_port:
        names = network.own_names(options.host)
        certify(names)
        secure = {"ssl_cert": place / certificates.SERVER, "ssl_key": place / certificates.SERVER_KEY}
        os.environ.update(
            SHOWROOM_HTTPS_PORT=str(options.https_port), SHOWROOM_HTTP_PORT=str(options.port)
        )  # fmt: skip
    granian = Granian(
        os.environ.get("SHOWROOM_WSGI", "wsgi:app"), address=options.host, port=options.https_port or options.port,
        interface=Interfaces.WSGI, workers=worker_count(), blocking_threads=BLOCKING_THREADS,
        backpressure=CONNECTIONS_MAX, http1_settings=HTTP1Settings(header_read_timeout=IDLE_MILLISECONDS),
        websockets=False, workers_kill_timeout=STOP_SECONDS_MAX, respawn_failed_workers=True, respawn_interval=0.1,
        log_level=LogLevels.error, ssl_protocol_min=SSLProtocols.tls12, **secure,
    )  # fmt: skip
    hang_up = signal.getsignal(signal.SIGHUP) if sys.platform != "win32" else None

    def started() -> None:
        if sys.platform != "win32":
            # Granian would restart its workers when the window is closed. nohup still means what it says.
            stop = granian.signal_handler_interrupt
            signal.signal(signal.SIGHUP, signal.SIG_IGN if hang_up == signal.SIG_IGN else stop)
        threading.Thread(target=announce, args=(options, set_up_path), daemon=True).start()
        if secure:
            beside = (options.host, options.https_port, names, granian.signal_handler_reload)
            threading.Thread(target=keep_certified, args=beside, daemon=True).start()

    granian.on_startup(started)
    granian.on_shutdown(lambda: print("Berhenti. Semua permintaan sudah selesai.", flush=True))
    granian.serve(target_loader=load_worker)


def main() -> None:
    """Read the command line, refuse what cannot work, and serve."""
    parser = argparse.ArgumentParser(prog="python -m showroom_app.server")
    parser.add_argument("--host", default="0.0.0.0")  # noqa: S104 - phones come in by it
    parser.add_argument("--port", type=int, default=8080)
    parser.add_argument("--https-port", type=int, default=0)
    parser.add_argument("--no-browser", action="store_true")
    options = parser.parse_args()
    options.host = network.normal(options.host)
    sys.stdout.reconfigure(line_buffering=True, errors="replace")  # type: ignore[union-attr]  # a console is text
    instance_path().mkdir(parents=True, exist_ok=True)
    if is_serving(instance_path()):
        sys.exit(f"Toko di {instance_path()} sudah berjalan. Buka alamatnya, atau hentikan dulu dengan Ctrl-C di sana.")
    if problem := network.ports_problem(options.host, options.port, options.https_port or None):
        sys.exit(problem)
    # Taken out of the environment, which workers hand to every request.
    set_up_path = os.environ.pop("SHOWROOM_SET_UP_PATH", "")
    try:
        serve(options, set_up_path)
    except OSError as error:
        sys.exit(str(error))


if __name__ == "__main__":
    main()
