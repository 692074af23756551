#!/usr/bin/env python3
"""python3 start.py --demo       toko contoh, di folder sendiri
python3 start.py              toko sungguhan
python3 start.py flask ...    perintah aplikasi (books check, user password ...)
python3 start.py test         semua pemeriksaan; dengan argumen: hanya pytest dengannya
"""

import argparse
import hashlib
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
PYTHON = VENV / ("Scripts/python.exe" if os.name == "nt" else "bin/python")

# Before anything that an older Python cannot read.
if sys.version_info < (3, 11):  # noqa: UP036 - said to those who have an older one
    sys.exit(
        f"Python {sys.version_info[0]}.{sys.version_info[1]} terlalu tua: perlu 3.11 atau lebih baru.\n"
        "Pasang dari https://www.python.org/downloads/ lalu ketik: python3.11 start.py --demo"
    )

FINISHING_SECONDS = 5.0  # how long a new start waits for the worker of a killed one


class Stop(Exception):
    """It can't go on; the sentence says what to type."""


def step(text: str) -> None:
    """Say what is being done."""
    print(text, flush=True)


def prepare(*requirements: str) -> None:
    """Make .venv and install the locked packages where that wasn't done before; one start at a time."""
    from showroom_app.server import take_lock

    path = ROOT / "instance" / "installing.lock"
    path.parent.mkdir(exist_ok=True)
    if (lock := take_lock(path)) is None:
        step("Menunggu start.py lain selesai memasang paket")
    while lock is None:
        time.sleep(0.2)
        lock = take_lock(path)
    with lock:
        make_environment()
        for name in requirements:
            install(ROOT / name, VENV / f"{name}.stamp")


def make_environment() -> None:
    """Make .venv where there is none that works, for instance after an upgrade of Python."""
    if PYTHON.exists() and subprocess.run([PYTHON, "-c", "import pip"], capture_output=True).returncode == 0:
        return
    step("1/5 Menyiapkan Python di .venv")
    done = subprocess.run([sys.executable, "-m", "venv", "--clear", VENV], capture_output=True, text=True)
    told = (done.stdout + done.stderr).strip()[-500:]
    if done.returncode and ("ensurepip" in told or "No module named venv" in told):
        raise Stop("Python di komputer ini belum lengkap. Ketik: sudo apt install python3-venv\nlalu ulangi.")
    if done.returncode:
        raise Stop(f"{told}\nFolder .venv tidak bisa dibuat. Periksa ruang disk dan izin folder {ROOT}, lalu ulangi.")


def install(requirements: Path, stamp: Path) -> None:
    """Install a locked set of packages, only when it changed; each is checked against its hash."""
    fingerprint = hashlib.sha256(requirements.read_bytes()).hexdigest()
    if stamp.exists() and stamp.read_text() == fingerprint:
        return
    step(f"2/5 Memasang paket dari {requirements.name} (perlu internet, beberapa menit)")
    stamp.unlink(missing_ok=True)
    pip = [str(PYTHON), "-m", "pip", "install", "--disable-pip-version-check", "--no-input", "--require-hashes"]
    told = run_counting([*pip, "-r", str(requirements)], requirements.read_text().count("=="))
    if told:
        raise Stop(f"{told}\nPaket tidak bisa dipasang. Periksa sambungan internet, lalu ketik perintah yang sama.")
    stamp.write_text(fingerprint)


def run_counting(command: list[str], total: int) -> str:
    """Run pip, counting the packages on the screen; what it told last, when it failed."""
    lines, done = ["pip:\n"], 0
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, errors="replace") as process:
        for line in process.stdout or ():
            lines.append(line)
            done += line.startswith(("Collecting ", "Requirement already satisfied"))
            if sys.stdout.isatty():
                print(f"\r    {done}/{total}", end="\n" if line.startswith("Installing") else "", flush=True)
    return "".join(lines[-12:]).strip() if process.returncode else ""


def settings_for(demo: bool, instance: Path | None) -> dict[str, str]:
    """What every part of the app reads. The demo has a folder and a SQLite file of its own, never the shop's."""
    folder = instance or ROOT / "instance" / ("demo" if demo else "")
    settings = os.environ | {"SHOWROOM_INSTANCE": str(folder.resolve()), "PYTHONUTF8": "1"}
    settings["FLASK_APP"] = str(ROOT / "wsgi.py")
    settings.pop("SHOWROOM_DEMO", None)
    if demo:
        settings.pop("DATABASE_URL", None)
        settings["SHOWROOM_DEMO"] = "1"
    return settings


def is_demo_folder(folder: Path) -> bool:
    """Whether a folder was marked for the demo."""
    mark = folder / "kind"
    return mark.is_file() and mark.read_text().strip() == "demo"


def claim(folder: Path, demo: bool) -> None:
    """The first start marks a folder as demo or shop; it stays that."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        mark = folder / "kind"
        if not mark.exists() or not mark.read_text().strip():  # cut off while it was written, it says nothing
            mark.write_text("demo" if demo and not (folder / "showroom.db").exists() else "shop")
    except OSError as error:
        raise Stop(f"Folder {folder} tidak bisa ditulis ({error.strerror}). Pilih lain: --instance FOLDER") from error
    if not demo and is_demo_folder(folder):
        raise Stop(f"Folder {folder} berisi toko contoh. Tambahkan --demo, atau pilih folder lain: --instance FOLDER")
    if demo and not is_demo_folder(folder):
        raise Stop(f"Folder {folder} berisi toko sungguhan. Ketik tanpa --demo, atau pilih --instance FOLDER lain")


def flask(settings: dict[str, str], *arguments: str, quiet: bool = False) -> str:
    """Run a command of the app; its output is shown, or returned when `quiet`."""
    command = [str(PYTHON), "-m", "flask", *arguments]
    output = subprocess.PIPE if quiet else None
    done = subprocess.run(command, cwd=ROOT, env=settings, stdout=output, encoding="utf-8")
    if done.returncode:
        raise Stop(f"Gagal: flask {' '.join(arguments)}. Perbaiki sebabnya (di atas), lalu ulangi.")
    return (done.stdout or "").strip()


def migrate(settings: dict[str, str]) -> None:
    """Bring the database to this version; the app makes a backup first and says where."""
    for line in flask(settings, "init", quiet=True).splitlines():
        if line != "Siap.":
            step(f"    {line}")


def load_demo(settings: dict[str, str]) -> None:
    """Load the sample shop once; one whose loading was cut off is thrown away and loaded anew."""
    folder = Path(settings["SHOWROOM_INSTANCE"])
    loading, loaded = folder / "demo-loading", folder / "demo-loaded"
    if loading.exists():
        for ending in ("", "-wal", "-shm", "-journal"):
            (folder / f"showroom.db{ending}").unlink(missing_ok=True)
    if not (folder / "showroom.db").exists():
        loaded.unlink(missing_ok=True)
    migrate(settings)
    if not loaded.exists():
        step("4/5 Mengisi toko contoh (sekali saja)")
        loading.touch()
        flask(settings, "demo")
        loaded.touch()
        loading.unlink()


def serve(options: argparse.Namespace) -> int:
    """Prepare the instance and serve it until Ctrl-C."""
    from showroom_app.network import ports_problem
    from showroom_app.server import is_serving, take_lock

    settings = settings_for(options.demo, options.instance)
    folder = Path(settings["SHOWROOM_INSTANCE"])
    claim(folder, options.demo)
    if options.demo and "DATABASE_URL" in os.environ:
        step("DATABASE_URL tidak dipakai: toko contoh punya berkas SQLite sendiri.")
    lock = take_lock(folder / "starting.lock")
    if lock is None or is_serving(folder, FINISHING_SECONDS):
        raise Stop(f"Toko di {folder} sudah berjalan.\nBuka alamatnya, atau hentikan dulu dengan Ctrl-C di jendelanya.")
    https_port = options.https_port if by_https(options) else None
    if problem := ports_problem(options.host, options.port, https_port):
        raise Stop(problem)
    prepare("requirements.txt")
    os.umask(0o077)  # the shop's files are for its owner's eyes only
    step("3/5 Menyiapkan basis data")
    if options.demo:
        load_demo(settings)
    else:
        migrate(settings)
        step("4/5 Memeriksa penyiapan pertama")
        settings["SHOWROOM_SET_UP_PATH"] = flask(settings, "set-up-link", quiet=True)
    step("5/5 Menjalankan server")
    settings["SHOWROOM_PROXY_HOPS"] = str(options.behind_proxy)
    command = [str(PYTHON), "-m", "showroom_app.server", "--host", options.host, "--port", str(options.port)]
    command += ["--https-port", str(https_port or 0), *["--no-browser"] * options.no_browser]
    return become(command, settings, lock.fileno())


def by_https(options: argparse.Namespace) -> bool:
    """Whether phones come in by https: unless it was said otherwise, as soon as any can come in at all. Behind a proxy
    that is the proxy's work, and nobody else may come in."""
    from showroom_app.network import is_for_this_machine

    if options.behind_proxy:
        if options.https:
            raise Stop("--https dan --behind-proxy tidak bisa bersama: di belakang proxy, proxy yang memegang https.")
        return False
    return not is_for_this_machine(options.host) if options.https is None else bool(options.https)


def become(command: list[str], settings: dict[str, str], lock: int) -> int:
    """Turn into the server, which keeps the lock and gets every signal itself."""
    os.chdir(ROOT)
    if os.name != "nt":
        os.set_inheritable(lock, True)
        os.execve(command[0], command, settings)  # noqa: S606
    # Windows knows no such turning: wait beside it. Ctrl-C reaches both, and the server finishes its requests.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    return subprocess.run(command, env=settings).returncode


def test(arguments: list[str]) -> int:
    """Run every check, pytest last so that its summary is the closing line; chosen tests run alone."""
    from tests import programs

    chosen = [argument for argument in arguments if argument != "--slow"]
    if not chosen and (command := programs.install()):
        raise Stop(f"Uji peramban perlu Chromium dan certutil. Ketik: {command}")
    prepare("requirements-dev.txt")
    outside = ("SHOWROOM_INSTANCE", "SHOWROOM_DEMO", "DATABASE_URL", "CHROMIUM")
    settings = {name: value for name, value in os.environ.items() if name not in outside} | {"PYTHONUTF8": "1"}
    if chromium := programs.chromium():
        settings["CHROMIUM"] = chromium

    def check(title: str, *command: str) -> int:
        step(f"== {title}")
        code = subprocess.run([PYTHON, *command], cwd=ROOT, env=settings).returncode
        if code and not title.startswith("pytest"):  # the closing line is pytest's own
            step(f"== GAGAL: {title}")
        return code

    if chosen:
        return check("pytest " + " ".join(arguments), "-m", "pytest", *arguments)
    codes = [
        check("ruff check", "-m", "ruff", "check", "."),
        check("ruff format --check", "-m", "ruff", "format", "--check", "."),
        check("mypy", "-m", "mypy"),
        check("lint-imports", "-c", "from importlinter.cli import lint_imports_command as run; run()"),
        check("pytest", "-m", "pytest", "-n", "2", *arguments),
    ]
    return next((code for code in codes if code), 0)


def run(arguments: list[str]) -> int:
    """Do what was asked."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--demo", action="store_true", help="toko contoh, di folder sendiri")
    parser.add_argument("--instance", type=Path, metavar="DIR", help="folder lain untuk basis data dan gambar")
    parser.add_argument("--host", help="127.0.0.1: hanya dari komputer ini")
    parser.add_argument("--port", type=int, default=8080)
    parser.add_argument("--https", action=argparse.BooleanOptionalAction, help="untuk HP di jaringan (bawaan)")
    parser.add_argument("--https-port", type=int, default=8443)
    parser.add_argument("--behind-proxy", type=int, default=0, metavar="N", help="di belakang N proxy (Caddy, nginx)")
    parser.add_argument("--no-browser", action="store_true", help="jangan buka peramban")
    parser.add_argument("command", nargs=argparse.REMAINDER, metavar="flask ... | test ...")
    options = parser.parse_args(arguments)
    options.host = options.host or ("127.0.0.1" if options.behind_proxy else "0.0.0.0")  # noqa: S104 - phones come in
    name, *rest = options.command or [""]
    if name == "test":
        return test(rest)
    if name == "flask":
        settings = settings_for(options.demo or is_demo_folder(options.instance or Path()), options.instance)
        folder = Path(settings["SHOWROOM_INSTANCE"])
        there = (folder / "showroom.db").exists() or "DATABASE_URL" in settings
        if not there and rest and not rest[0].startswith(("-", "init")):
            raise Stop(f"Di {folder} belum ada toko. Jalankan dulu: python3 start.py, atau periksa --instance")
        claim(folder, "SHOWROOM_DEMO" in settings)
        prepare("requirements.txt")
        return subprocess.run([PYTHON, "-m", "flask", *rest], env=settings).returncode
    if name:
        raise Stop(f"Perintah {name} tidak dikenal. Ketik: python3 start.py --help")
    return serve(options)


def main() -> int:
    """A refusal is a sentence and exit code 1."""
    # Ended while preparing, the command under way is ended too; the server has its own manners.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        sys.stdout.reconfigure(errors="replace")  # type: ignore[union-attr]
        return run(sys.argv[1:])
    except Stop as stop:
        print(stop, file=sys.stderr)
    except OSError as error:
        print(f"{error}\nPeriksa izin dan ruang disknya, atau pilih folder lain: --instance FOLDER", file=sys.stderr)
    except KeyboardInterrupt:
        print("\nDihentikan. Ketik perintah yang sama untuk melanjutkan.", file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main())
