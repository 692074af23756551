"""An instance's certificates: `python -m showroom_app.certificates NAME ...` makes what is missing or no longer does.

It is a process of its own, so that the library behind it takes no memory while the shop is served. It prints `renewed`
when the server's certificate is a new one. Keys are readable by their owner only; a file appears whole or not at all.
"""

import hashlib
import os
import socket
import sys
from datetime import UTC, datetime
from pathlib import Path

from showroom_app.config import instance_path

AUTHORITY, AUTHORITY_KEY, FOR_PHONES = "authority.pem", "authority.key", "authority.crt"
SERVER, SERVER_KEY = "server.pem", "server.key"
RENEWED = "renewed"
MARK_LETTERS = 16


def folder(instance: Path) -> Path:
    """Where an instance keeps its certificates."""
    return instance / "certificates"


def mark(instance: Path) -> str:
    """The beginning of the authority's fingerprint, which tells it from one made anew; empty where there is none."""
    path = folder(instance) / FOR_PHONES
    return hashlib.sha256(path.read_bytes()).hexdigest()[:MARK_LETTERS] if path.is_file() else ""


def prepare(instance: Path, names: set[str], now: datetime) -> bool:
    """Make the authority where there is none, and a certificate for these names where the last one no longer does.

    Returns whether it is a new one. Refuses (WrongClock) a clock that can't be right: no certificate is made then, and
    one that is there stays.
    """
    from showroom_app.lib import certificate

    place = folder(instance)
    place.mkdir(parents=True, exist_ok=True, mode=0o700)
    if not (place / AUTHORITY).exists():
        authority, key = certificate.make_authority(socket.gethostname(), now)
        # The certificate comes last: where it is, the authority is whole.
        _write(place / AUTHORITY_KEY, key)
        _write(place / FOR_PHONES, certificate.as_phones_want_it(authority))
        _write(place / AUTHORITY, authority)
    authority, key = (place / AUTHORITY).read_bytes(), (place / AUTHORITY_KEY).read_bytes()
    kept = place / SERVER
    if is_there(instance):
        if certificate.is_good(kept.read_bytes(), authority, names, now):
            return False
        certificate.check_clock(now, kept.read_bytes())
    leaf, leaf_key = certificate.make_leaf(authority, key, names, now)
    kept.unlink(missing_ok=True)
    _write(place / SERVER_KEY, leaf_key)
    _write(kept, leaf)
    return True


def is_there(instance: Path) -> bool:
    """Whether there is a server's certificate, good or not, to serve with."""
    return (folder(instance) / SERVER).exists() and (folder(instance) / SERVER_KEY).exists()


def _write(path: Path, content: bytes) -> None:
    """Write a file that its owner alone may read, whole or not at all, whenever the power goes."""
    new = path.with_suffix(f"{path.suffix}.new")
    new.unlink(missing_ok=True)
    with os.fdopen(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    new.replace(path)


def main() -> None:
    """Prepare the instance's certificates for the names of the command line."""
    from showroom_app.lib.certificate import WrongClock

    instance = instance_path()
    try:
        renewed = prepare(instance, set(sys.argv[1:]), datetime.now(UTC))
    except WrongClock as error:
        told = f"Komputer ini bertanggal {error}: itu tidak mungkin. Perbaiki tanggal dan jamnya"
        if not is_there(instance):
            sys.exit(f"{told}, lalu ulangi.")
        print(f"{told}; sampai itu sertifikat lama yang dipakai.")
        return
    except ValueError as error:
        sys.exit(f"Sertifikat tidak bisa dibuat ({error}). Periksa folder {folder(instance)}, atau ketik --no-https.")
    except OSError as error:
        sys.exit(f"Sertifikat tidak bisa ditulis ({error.strerror}). Periksa ruang disk dan izin folder instance.")
    print(RENEWED if renewed else "")


if __name__ == "__main__":
    main()
