"""Pictures that people send: re-encoded, and kept below the instance under a name made from their content."""

import os
import re
import threading
import time
from collections.abc import Collection
from pathlib import Path

from flask_babel import gettext as _

from showroom_app.lib import photo as re_encoding
from showroom_app.lib.photo import NotAPhoto
from showroom_app.lib.refusal import Refusal

YOUNG_SECONDS = 3_600
# Each takes a core and up to 300 MB; a third waits its turn.
_AT_ONCE = threading.BoundedSemaphore(2)
FILE_NAME = re.compile(r"[0-9a-f]{32}-[sml]\.webp")


def re_encoded(content: bytes, field: str) -> re_encoding.Photo:
    """A photo made fit to show. Refuses in words what is none, moves, is far too large or only a dot."""
    try:
        with _AT_ONCE:
            return re_encoding.re_encode(content)
    except NotAPhoto as error:
        raise Refusal(why_not(error), field) from None


def why_not(error: NotAPhoto) -> str:
    """Why a file is no photo, as a sentence that says what to do."""
    words = {
        "empty": _("Berkasnya kosong. Pilih fotonya lagi."),
        "too-heavy": _("Fotonya lebih dari 25 MB. Pilih yang lebih kecil."),
        "heic": _("Foto HEIC belum bisa dibaca. Di iPhone: Pengaturan, Kamera, Format, pilih “Paling Kompatibel”."),
        "animated": _("Gambar bergerak belum bisa dipakai. Pilih foto biasa."),
        "too-large": _("Gambarnya terlalu besar. Pilih foto biasa dari HP."),
        "tiny": _("Gambarnya terlalu kecil. Pilih foto yang lebih besar."),
        "other-kind": _("Berkas ini bukan foto. Pilih JPG, PNG atau WEBP."),
        "unreadable": _("Fotonya rusak atau terpotong. Ambil lagi, lalu pilih yang baru."),
    }
    return words[error.reason]


def keep(made: re_encoding.Photo, folder: Path) -> str:
    """Write a photo's files, whole and on the disk before the database speaks of them, and return its name."""
    folder.mkdir(exist_ok=True)
    for size, content in made.versions.items():
        path = folder / f"{made.name}-{size}.webp"
        if path.exists():
            os.utime(path)  # young again, for `clean`
            continue
        fresh = path.with_name(f"{path.name}.{os.getpid()}.new")
        with fresh.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        fresh.replace(path)
    return made.name


def clean(folder: Path, used: Collection[str]) -> int:
    """Delete the files of photos that nothing shows any more, and what a crash left half-written; return how many.

    What is younger than an hour stays: the database may speak of it in a moment.
    """
    gone, young = 0, time.time() - YOUNG_SECONDS
    for path in folder.glob("*") if folder.is_dir() else ():
        if path.stat().st_mtime > young:
            continue
        if path.suffix == ".new" or (FILE_NAME.fullmatch(path.name) and path.name.partition("-")[0] not in used):
            path.unlink(missing_ok=True)
            gone += 1
    return gone
