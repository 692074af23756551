#!/usr/bin/env python3
"""The one command. `python3 start.py --demo` shows a sample shop, `python3 start.py` opens the real one,
`python3 start.py test` runs every check, `python3 start.py flask …` runs a command of the app.

Only Python's own library is used here: everything else is installed into .venv by this file.
"""

import argparse
import hashlib
import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
PYTHON_MIN = (3, 11)
BIN = VENV / ("Scripts" if os.name == "nt" else "bin")
PYTHON = BIN / ("python.exe" if os.name == "nt" else "python")

CHROMIUM_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome", "msedge")
CHROMIUM_PLACES = (
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    r"C:\Program Files\Google\Chrome\Application\chrome.exe",
    r"C:\Program Files (x86)\Microsoft\Edge\Application\msedge.exe",
)


class Stop(Exception):
    """It can't go on; the sentence says what to type."""


def check_python(version: tuple[int, ...] = sys.version_info[:2]) -> None:
    """Refuse a Python that is too old."""
    if version < PYTHON_MIN:
        wanted = ".".join(map(str, PYTHON_MIN))
        raise Stop(f"Perlu Python {wanted} atau lebih baru. Pasang dari https://www.python.org, lalu ulangi.")


def step(text: str) -> None:
    """Say what is being done."""
    print(f"• {text}", flush=True)


def make_environment() -> None:
    """Make .venv where there is none that works."""
    if PYTHON.exists() and subprocess.run([PYTHON, "-m", "pip", "--version"], capture_output=True).returncode == 0:
        return
    step("1/5 Menyiapkan lingkungan Python (.venv)")
    done = subprocess.run([sys.executable, "-m", "venv", "--clear", str(VENV)], capture_output=True, text=True)
    if done.returncode:
        raise Stop(
            "Lingkungan Python tidak bisa dibuat.\n"
            f"{(done.stdout + done.stderr).strip()[-500:]}\n"
            "Di Debian/Ubuntu ketik: sudo apt install python3-venv   lalu ulangi."
        )


def fingerprint(requirements: Path) -> str:
    """What identifies the set of packages to be installed."""
    return hashlib.sha256(requirements.read_bytes()).hexdigest()


def is_installed(requirements: Path, stamp: Path) -> bool:
    """Whether exactly this set was installed before."""
    return stamp.exists() and stamp.read_text() == fingerprint(requirements)


def install(name: str) -> None:
    """Install a locked set of packages, only when it changed. Every package is checked against its hash."""
    requirements, stamp = ROOT / name, VENV / f"{name}.stamp"
    if is_installed(requirements, stamp):
        return
    step(f"2/5 Memasang paket dari {name} (sekali saja, perlu internet)")
    stamp.unlink(missing_ok=True)
    command = [
        PYTHON,
        "-m",
        "pip",
        "install",
        "--disable-pip-version-check",
        "--quiet",
        "--require-hashes",
        "-r",
        requirements,
    ]
    if subprocess.run(command).returncode:
        raise Stop("Paket tidak bisa dipasang. Periksa sambungan internet, lalu ketik lagi perintah yang sama.")
    stamp.write_text(fingerprint(requirements))


def environment(demo: bool, instance: Path | None) -> dict[str, str]:
    """The settings that every part of the app reads. The demo has a folder of its own, never the real shop's."""
    folder = instance or ROOT / "instance" / ("demo" if demo else "")
    settings = os.environ | {"SHOWROOM_INSTANCE": str(folder.resolve()), "FLASK_APP": "wsgi", "PYTHONUTF8": "1"}
    settings.pop("SHOWROOM_DEMO", None)
    if demo:
        settings["SHOWROOM_DEMO"] = "1"
    return settings


def flask(settings: dict[str, str], *arguments: str, quiet: bool = False) -> str:
    """Run a command of the app; its output is shown, or returned when `quiet`."""
    command = [PYTHON, "-m", "flask", *arguments]
    done = subprocess.run(command, cwd=ROOT, env=settings, text=True, stdout=subprocess.PIPE if quiet else None)
    if done.returncode:
        raise Stop(f"Perintah gagal: flask {' '.join(arguments)}. Pesannya ada di atas.")
    return (done.stdout or "").strip()


def guard_instance(settings: dict[str, str], demo: bool) -> None:
    """A demo and a real shop never share a folder: the first start marks it."""
    folder = Path(settings["SHOWROOM_INSTANCE"])
    folder.mkdir(parents=True, exist_ok=True)
    mark = folder / "kind"
    kind = "demo" if demo else "shop"
    if not mark.exists():
        mark.write_text(kind)
    if mark.read_text().strip() != kind:
        raise Stop(f"Folder {folder} berisi {mark.read_text().strip()}, bukan {kind}. Pakai --instance folder lain.")


def serve(options: argparse.Namespace) -> int:
    """Prepare the instance and serve it until Ctrl-C."""
    settings = environment(options.demo, options.instance)
    guard_instance(settings, options.demo)
    running = "import sys; from showroom_app.server import *; sys.exit(not lock(instance_path() / 'serving.lock'))"
    if subprocess.run([PYTHON, "-c", running], cwd=ROOT, env=settings).returncode:
        raise Stop(
            f"Galeri ini sudah berjalan ({settings['SHOWROOM_INSTANCE']}). Tutup yang lama dulu, atau pakai --instance lain."
        )
    step("3/5 Menyiapkan basis data")
    flask(settings, "init")
    path = "/"
    if options.demo:
        step("4/5 Mengisi toko contoh (sekali saja)")
        flask(settings, "demo")
    else:
        path = flask(settings, "set-up-link", quiet=True) or "/"
        if path != "/":
            step("4/5 Galeri baru: buka tautan di bawah untuk menyiapkannya (berlaku sekali)")
    step("5/5 Menjalankan server")
    command = [PYTHON, "-m", "showroom_app.server", "--host", options.host, "--port", str(options.port), "--path", path]
    if options.no_browser:
        command.append("--no-browser")
    return hand_over(command, settings)


def hand_over(command: list[object], settings: dict[str, str]) -> int:
    """Run the server as a child and pass on the wish to stop; requests under way are finished first."""
    child = subprocess.Popen([str(part) for part in command], cwd=ROOT, env=settings)

    def stop(_signal: int, _frame: object) -> None:
        if child.poll() is None:
            child.send_signal(signal.SIGTERM if os.name != "nt" else signal.CTRL_C_EVENT)

    signal.signal(signal.SIGTERM, stop)
    # Ctrl-C reaches the child by itself, as both stand in the same terminal.
    signal.signal(signal.SIGINT, signal.SIG_IGN if sys.stdin and sys.stdin.isatty() else stop)
    code = child.wait()
    return 0 if code in (0, -signal.SIGTERM, -signal.SIGINT) else code


def find_chromium() -> str:
    """A Chromium for the browser tests; installed when we may, else the one command to type."""
    given = [os.environ.get("CHROMIUM", ""), *map(shutil.which, CHROMIUM_NAMES), *CHROMIUM_PLACES]
    found = next((str(place) for place in given if place and Path(place).exists()), None)
    if found:
        return found
    if shutil.which("apt-get") and hasattr(os, "geteuid") and os.geteuid() == 0:
        step("Memasang Chromium untuk uji peramban")
        subprocess.run(["apt-get", "update", "-qq"], check=False)
        subprocess.run(["apt-get", "install", "-y", "-qq", "chromium"], check=False)
        if shutil.which("chromium"):
            return "chromium"
    raise Stop("Uji peramban perlu Chromium. Ketik: sudo apt install chromium   (atau pasang Google Chrome).")


def test(arguments: list[str]) -> int:
    """Lint, types, floors, then pytest on both engines and in a browser. Its summary is the closing line."""
    make_environment()
    install("requirements.txt")
    install("requirements-dev.txt")
    settings = environment(demo=False, instance=None) | {"CHROMIUM": find_chromium()}
    for name in ("SHOWROOM_INSTANCE", "DATABASE_URL"):
        settings.pop(name, None)
    checks: list[list[object]] = [
        [PYTHON, "-m", "ruff", "check", "."],
        [PYTHON, "-m", "ruff", "format", "--check", "."],
        [PYTHON, "-m", "mypy"],
        [BIN / "lint-imports"],
    ]
    chosen = [a for a in arguments if a != "--slow"]
    failed = False
    for command in [] if chosen else checks:
        step(" ".join(Path(str(part)).name for part in command))
        failed = bool(subprocess.run([str(part) for part in command], cwd=ROOT, env=settings).returncode) or failed
    step("pytest " + " ".join(arguments))
    parallel = [] if chosen else ["-n", "2"]
    tests = subprocess.run([str(PYTHON), "-m", "pytest", *parallel, *arguments], cwd=ROOT, env=settings).returncode
    return tests or int(failed)


def main(arguments: list[str]) -> int:
    """Do what was asked; a refusal is a sentence and exit code 1."""
    try:
        check_python()
        if arguments[:1] == ["test"]:
            return test(arguments[1:])
        parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
        parser.add_argument("--demo", action="store_true", help="the sample shop, in an instance of its own")
        parser.add_argument("--instance", type=Path, help="another folder for database, pictures and secrets")
        parser.add_argument("--host", default="0.0.0.0", help="who may reach it; 127.0.0.1: this machine only")  # noqa: S104
        parser.add_argument("--port", type=int, default=8080)
        parser.add_argument("--no-browser", action="store_true")
        parser.add_argument("command", nargs=argparse.REMAINDER, help="flask …: a command of the app")
        options = parser.parse_args(arguments)
        if options.command and options.command[0] != "flask":
            raise Stop(
                f"Tidak kenal perintah “{options.command[0]}”. Pakai: python3 start.py [--demo] [test | flask …]"
            )
        make_environment()
        install("requirements.txt")
        if options.command:
            settings = environment(options.demo, options.instance)
            return subprocess.run([PYTHON, "-m", "flask", *options.command[1:]], cwd=ROOT, env=settings).returncode
        return serve(options)
    except Stop as stop:
        print(f"\n{stop}", file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
