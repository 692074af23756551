"""Static files: packed for those who accept it, plain for the rest, and never an old copy."""

import gzip
import os
from pathlib import Path

from flask.testing import FlaskClient

from showroom_app.config import ROOT
from showroom_app.web.static_files import pack


def test_a_browser_that_accepts_it_gets_the_packed_copy(client: FlaskClient) -> None:
    plain = (ROOT / "static/css/till.css").read_bytes()
    packed = client.get("/static/css/till.css", headers={"Accept-Encoding": "gzip"})
    assert packed.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(packed.data) == plain
    assert client.get("/static/css/till.css", headers={"Accept-Encoding": "identity"}).data == plain


def test_a_changed_file_is_packed_anew(tmp_path: Path) -> None:
    style, copy = tmp_path / "a.css", tmp_path / "a.css.gz"
    style.write_text("old")
    pack(tmp_path)
    made = copy.stat().st_mtime_ns
    pack(tmp_path)
    assert copy.stat().st_mtime_ns == made
    style.write_text("new")
    os.utime(style, ns=(made + 10**9, made + 10**9))
    pack(tmp_path)
    assert gzip.decompress(copy.read_bytes()) == b"new"
    assert sorted(p.name for p in tmp_path.iterdir()) == ["a.css", "a.css.gz"]
