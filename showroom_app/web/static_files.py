"""Static files, packed once so that a phone on a poor line fetches a third of them."""

import gzip
import os
from pathlib import Path

# What is packed in its own format already gains nothing.
PACKED = {".css", ".js", ".svg", ".wasm"}


def pack(folder: Path) -> None:
    """Keep a gzip copy beside every file that gains by it; WhiteNoise sends it to whoever accepts it.

    A copy is made anew when its file changed. Where the program's folder can't be written, files go out as they are.
    """
    for path in folder.rglob("*"):
        if path.suffix not in PACKED:
            continue
        packed = path.with_name(f"{path.name}.gz")
        try:
            if packed.exists() and packed.stat().st_mtime_ns >= path.stat().st_mtime_ns:
                continue
            made = path.with_name(f"{packed.name}.{os.getpid()}")
            made.write_bytes(gzip.compress(path.read_bytes(), mtime=0))
            made.replace(packed)
        except OSError:
            return
