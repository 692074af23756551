"""The address on cards and in the till's QR: one by which a phone without the certificate comes in too."""

import pytest
from flask import Flask

from showroom_app import network
from showroom_app.web.phones import address_for_phones


@pytest.mark.parametrize(
    ("opened_by", "told"),
    [
        ("https://192.168.1.7:8443", "http://192.168.1.7:8080"),
        ("https://showroom.local:8443", "http://showroom.local:8080"),
        ("https://[fd00::7]:8443", "http://[fd00::7]:8080"),
        ("http://192.168.1.7:8080", "http://192.168.1.7:8080"),
        ("https://localhost:8443", "http://192.168.1.5:8080"),
        ("http://127.0.0.1:8080", "http://192.168.1.5:8080"),
        ("https://galeri.example", "https://galeri.example"),
    ],
)
def test_beside_https_of_our_own_it_is_the_plain_door(
    app: Flask, monkeypatch: pytest.MonkeyPatch, opened_by: str, told: str
) -> None:
    monkeypatch.setattr(network, "lan_address", lambda: "192.168.1.5")
    for name, value in (("HOST", "0.0.0.0"), ("HTTP_PORT", "8080"), ("HTTPS_PORT", "8443")):
        monkeypatch.setenv(f"SHOWROOM_{name}", value)
    with app.test_request_context(base_url=opened_by):
        assert address_for_phones() == told


@pytest.mark.parametrize("opened_by", ["http://192.168.1.7:8080", "https://galeri.example", "https://galeri.lan"])
def test_without_it_or_behind_a_proxy_it_is_the_address_of_the_page(app: Flask, opened_by: str) -> None:
    with app.test_request_context(base_url=opened_by):
        assert address_for_phones() == opened_by


def test_where_one_address_is_listened_on_it_is_that_one(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(network, "lan_address", lambda: "192.168.1.5")
    monkeypatch.setenv("SHOWROOM_HTTP_PORT", "8080")
    with app.test_request_context(base_url="https://localhost:8443"):
        monkeypatch.setenv("SHOWROOM_HOST", "10.0.0.7")
        assert address_for_phones() == "http://10.0.0.7:8080"
        monkeypatch.setenv("SHOWROOM_HOST", "127.0.0.1")
        assert address_for_phones() == ""
