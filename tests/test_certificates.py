"""An instance's certificates on disk: whole, private, renewed when they must be, the authority never."""

import os
import shutil
import stat
import subprocess
import sys
from datetime import UTC, datetime, timedelta, tzinfo
from pathlib import Path
from typing import Self

import pytest

from showroom_app import certificates
from showroom_app.lib.certificate import WrongClock
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


@pytest.mark.parametrize("clock", [datetime(1970, 1, 1, tzinfo=UTC), datetime(2035, 1, 1, tzinfo=UTC)])
def test_under_an_impossible_clock_the_certificate_stays_and_after_it_another_is_made(
    tmp_path: Path, clock: datetime
) -> None:
    certificates.prepare(tmp_path, NAMES, NOW)
    first = kept(tmp_path)
    with pytest.raises(WrongClock):
        certificates.prepare(tmp_path, NAMES | {"192.168.1.9"}, clock)
    assert kept(tmp_path) == first
    assert certificates.prepare(tmp_path, NAMES | {"192.168.1.9"}, NOW)


def test_made_under_a_clock_that_ran_ahead_it_is_made_anew_when_the_clock_is_right(tmp_path: Path) -> None:
    assert certificates.prepare(tmp_path, NAMES, NOW + timedelta(days=900))
    assert certificates.prepare(tmp_path, NAMES, NOW)


def test_the_mark_is_of_the_authority_and_of_nothing_else(tmp_path: Path) -> None:
    assert certificates.mark(tmp_path) == ""
    certificates.prepare(tmp_path, NAMES, NOW)
    first = certificates.mark(tmp_path)
    certificates.prepare(tmp_path, NAMES | {"192.168.1.9"}, NOW)
    assert certificates.mark(tmp_path) == first
    shutil.rmtree(certificates.folder(tmp_path))
    certificates.prepare(tmp_path, NAMES, NOW)
    assert certificates.mark(tmp_path) not in ("", first)


def test_a_wrong_clock_is_said_and_an_older_certificate_serves_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    class Lost(datetime):
        @classmethod
        def now(cls, tz: tzinfo | None = None) -> Self:
            return cls(1970, 1, 1, tzinfo=tz)

    monkeypatch.setenv("SHOWROOM_INSTANCE", str(tmp_path))
    monkeypatch.setattr(sys, "argv", ["certificates", *NAMES])
    monkeypatch.setattr(certificates, "datetime", Lost)
    with pytest.raises(SystemExit, match=r"bertanggal 01-01-1970.*Perbaiki tanggal dan jamnya, lalu ulangi"):
        certificates.main()
    certificates.prepare(tmp_path, NAMES, NOW)
    first = kept(tmp_path)
    certificates.main()
    assert "sertifikat lama yang dipakai" in capsys.readouterr().out
    assert kept(tmp_path) == first


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
    foreign = told("bca.co.id")
    assert "tidak bisa dibuat" in foreign
    assert "jam" not in foreign, "the clock has nothing to do with it"
