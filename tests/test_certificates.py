"""An instance's certificates on disk: whole, private, renewed when they must be, the authority never."""

import os
import stat
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

from showroom_app import certificates
from tests.faults.served import ROOT

NOW = datetime(2026, 11, 26, 3, tzinfo=UTC)
NAMES = {"localhost", "127.0.0.1", "192.168.1.7"}


def kept(place: Path) -> dict[str, bytes]:
    """Every file there."""
    return {path.name: path.read_bytes() for path in certificates.folder(place).iterdir()}


def test_made_once_and_readable_by_the_owner_only(tmp_path: Path) -> None:
    assert certificates.prepare(tmp_path, NAMES, NOW)
    first = kept(tmp_path)
    assert set(first) == {"authority.pem", "authority.key", "authority.crt", "server.pem", "server.key"}
    for path in certificates.folder(tmp_path).iterdir():
        assert os.name == "nt" or stat.S_IMODE(path.stat().st_mode) == 0o600, path.name
    assert not certificates.prepare(tmp_path, NAMES, NOW)
    assert kept(tmp_path) == first


def test_another_address_makes_another_certificate_by_the_same_authority(tmp_path: Path) -> None:
    certificates.prepare(tmp_path, NAMES, NOW)
    first = kept(tmp_path)
    assert certificates.prepare(tmp_path, NAMES | {"192.168.1.9"}, NOW)
    second = kept(tmp_path)
    assert second["server.pem"] != first["server.pem"]
    assert all(first[name] == second[name] for name in first if name.startswith("authority"))
    assert certificates.prepare(tmp_path, NAMES, NOW + timedelta(days=370))


def test_power_lost_in_the_middle_leaves_nothing_half(tmp_path: Path) -> None:
    certificates.prepare(tmp_path, NAMES, NOW)
    place = certificates.folder(tmp_path)
    (place / "server.pem").unlink()
    (place / "server.key.new").write_bytes(b"half")
    assert certificates.prepare(tmp_path, NAMES, NOW)
    (place / "authority.pem").unlink()  # it comes last, so without it there is no authority yet
    assert certificates.prepare(tmp_path, NAMES, NOW)
    assert not certificates.prepare(tmp_path, NAMES, NOW)


def test_what_can_not_be_written_or_signed_is_said_in_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "certificates").write_text("in the way")

    def told(*names: str) -> str:
        command = [sys.executable, "-m", "showroom_app.certificates", *names]
        env = os.environ | {"SHOWROOM_INSTANCE": str(tmp_path)}
        done = subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True)
        assert done.returncode == 1
        assert "Traceback" not in done.stderr
        return done.stderr

    assert "Periksa ruang disk dan izin folder" in told("localhost")
    (tmp_path / "certificates").unlink()
    assert "tidak bisa dibuat" in told("bca.co.id")
