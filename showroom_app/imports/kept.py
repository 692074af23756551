"""What lies in the instance of a file that waits to be accepted: its bytes, its preview, how far accepting it is."""

import json
import os
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from flask import current_app

KEPT_SECONDS = 7 * 24 * 3600
# A step that said nothing for so long is no longer under way: the server was stopped, or killed.
SILENT_SECONDS_MAX = 30
SAY_EVERY_SECONDS = 0.2


def folder() -> Path:
    """Where files wait; nobody else on the machine reads them."""
    path = Path(current_app.instance_path) / "imports"
    path.mkdir(exist_ok=True, mode=0o700)
    return path


def key(showroom_id: int, kind: str, sha256: str) -> str:
    """What a file is called there."""
    return f"{showroom_id}-{kind}-{sha256}"


def keep(key: str, content: bytes) -> None:
    """Keep a file's bytes; it is there whole, or not at all."""
    _write(folder() / key, content, sync=True)


def content(key: str) -> bytes | None:
    """A file's bytes, or None where they are gone."""
    try:
        return (folder() / key).read_bytes()
    except FileNotFoundError:
        return None


def forget(key: str, import_id: int) -> None:
    """Throw away all that lies there of a file."""
    for path in (*folder().glob(f"{key}*"), folder() / f"{import_id}.progress"):
        path.unlink(missing_ok=True)


def forget_old() -> None:
    """Throw away what has waited for more than a week."""
    oldest = time.time() - KEPT_SECONDS
    for path in folder().iterdir():
        with suppress(FileNotFoundError):
            if path.stat().st_mtime < oldest:
                shutil.rmtree(path) if path.is_dir() else path.unlink()


def keep_preview(key: str, mark: str, told: dict[str, Any]) -> None:
    """Keep what a file was understood to say, for as long as `mark` (of what that rests on, and a language) is so."""
    for path in folder().glob(f"{key}.*.{mark.rpartition('.')[2]}"):
        path.unlink(missing_ok=True)
    _write(folder() / f"{key}.{mark}", json.dumps(told, ensure_ascii=False).encode(errors="replace"))


def preview(key: str, mark: str) -> dict[str, Any] | None:
    """What was kept, or None."""
    try:
        told: dict[str, Any] = json.loads((folder() / f"{key}.{mark}").read_bytes())
    except (FileNotFoundError, ValueError):
        return None
    return told


class Progress:
    """Says how far accepting a file is, oftener than anybody looks; other requests read it (`how_far`)."""

    def __init__(self, import_id: int) -> None:
        self.path, self.said = folder() / f"{import_id}.progress", 0.0

    def say(self, step: str, done: int, of: int) -> None:
        """`step` is reading, checking or writing."""
        if time.monotonic() - self.said >= SAY_EVERY_SECONDS or done == 0:
            self.said = time.monotonic()
            _write(self.path, json.dumps({"step": step, "done": done, "of": of}).encode())


@contextmanager
def progress(import_id: int) -> Iterator[Progress]:
    """While a file is being accepted. What a killed server left behind falls silent, and counts no more."""
    one = Progress(import_id)
    one.say("reading", 0, 1)
    try:
        yield one
    finally:
        one.path.unlink(missing_ok=True)


def how_far(import_id: int) -> dict[str, Any] | None:
    """How far accepting a file is, or None when nobody is at it."""
    path = folder() / f"{import_id}.progress"
    try:
        if time.time() - path.stat().st_mtime > SILENT_SECONDS_MAX:
            return None
        told: dict[str, Any] = json.loads(path.read_bytes())
    except (FileNotFoundError, ValueError):
        return None
    return told


def _write(path: Path, content: bytes, *, sync: bool = False) -> None:
    made = path.with_name(f".{path.name}.{os.getpid()}.{time.monotonic_ns()}")
    try:
        with os.fdopen(os.open(made, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(content)
            if sync:
                file.flush()
                os.fsync(file.fileno())
        made.replace(path)
    finally:
        made.unlink(missing_ok=True)
