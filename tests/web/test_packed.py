"""Pages go out packed to whoever takes it, the same page whole to who doesn't, and their length tells nothing."""

import gzip

from tests.conftest import Auth

PACKED = {"Accept-Encoding": "gzip"}


def test_a_page_is_sent_packed_and_is_the_same(auth: Auth) -> None:
    client = auth("petugas")
    plain = client.get("/items")
    packed = client.get("/items", headers=PACKED)
    assert "Content-Encoding" not in plain.headers
    assert packed.headers["Content-Encoding"] == "gzip"
    assert "Accept-Encoding" in packed.headers["Vary"]
    assert "Cookie" in packed.headers["Vary"]
    assert int(packed.headers["Content-Length"]) == len(packed.data) < len(plain.data) / 2
    assert gzip.decompress(packed.data).lower().startswith(b"<!doctype html>")


def test_what_is_no_page_or_short_is_left_alone(auth: Auth) -> None:
    client = auth("petugas")
    for path in ("/healthz", "/sign-in"):  # JSON, and a redirect
        assert "Content-Encoding" not in client.get(path, headers=PACKED).headers, path
    assert "Content-Encoding" not in client.get("/items", headers={"Accept-Encoding": "br, gzip;q=0"}).headers


def test_its_length_does_not_tell_how_well_it_packed(auth: Auth) -> None:
    client = auth("petugas")
    assert len({len(client.get("/items", headers=PACKED).data) for _each in range(12)}) > 3
