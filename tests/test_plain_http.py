"""Plain http beside https: everything for this machine, the certificate for all others, and the way on."""

from collections.abc import Iterable
from typing import Any

import pytest

from showroom_app.plain_http import door_of


def shop(_environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
    """Whatever is behind the door."""
    start_response("200 OK", [])
    return [b"inside"]


def asked(path: str, peer: str = "192.168.1.20", host: str = "192.168.1.7:8080", **more: str) -> tuple[str, str]:
    """Status and where it leads."""
    told: list[Any] = []
    environ = {"PATH_INFO": path, "REMOTE_ADDR": peer, "HTTP_HOST": host, "REQUEST_METHOD": "GET", **more}
    door_of(shop, 8443)(environ, lambda status, headers: told.extend([status, dict(headers)]))
    return told[0][:3], told[1].get("Location", "")


@pytest.mark.parametrize("peer", ["127.0.0.1", "::1", "::ffff:127.0.0.1", "127.0.1.1"])
def test_the_machine_itself_has_the_whole_shop(peer: str) -> None:
    assert asked("/till", peer=peer) == ("200", "")


@pytest.mark.parametrize("path", ["/sertifikat", "/sertifikat.crt", "/static/css/base.css", "/healthz"])
def test_a_phone_gets_the_certificate_and_what_its_page_needs(path: str) -> None:
    assert asked(path) == ("200", "")


@pytest.mark.parametrize("path", ["/", "/till", "/sign-in", "/q/7K3QXM2F", "/my"])
def test_all_else_leads_to_the_certificate_first_and_then_to_https(path: str) -> None:
    assert asked(path) == ("303", "/sertifikat" + (f"?next={path}" if path != "/" else ""))
    trusting = {"HTTP_COOKIE": "a=1; trusting=1", "QUERY_STRING": "b=2"}
    assert asked(path, **trusting) == ("303", f"https://192.168.1.7:8443{path}?b=2")
    assert asked(path, host="[fd00::7]:8080", **trusting) == ("303", f"https://[fd00::7]:8443{path}?b=2")
    assert asked(path, host="showroom.local", **trusting) == ("303", f"https://showroom.local:8443{path}?b=2")


def test_what_was_posted_in_the_clear_is_not_sent_on() -> None:
    more = {"HTTP_COOKIE": "trusting=1", "QUERY_STRING": "password=x", "REQUEST_METHOD": "POST"}
    assert asked("/sign-in", **more) == ("303", "https://192.168.1.7:8443/sign-in")


@pytest.mark.parametrize("host", ["evil.com", "evil.com:8080", "8.8.8.8", "", "a b", "192.168.1.7.evil.com", "[", "]:"])
def test_a_made_up_host_leads_nowhere(host: str) -> None:
    assert asked("/till", host=host, HTTP_COOKIE="trusting=1") == ("421", "")


def test_an_odd_path_stays_a_path() -> None:
    place = asked("//evil.com/\r\nSet-Cookie: a", HTTP_COOKIE="trusting=1")[1]
    assert place == "https://192.168.1.7:8443//evil.com/%0D%0ASet-Cookie%3A%20a"
