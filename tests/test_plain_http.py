"""Plain http beside https: everything for this machine, the certificate for all others, and the way on."""

import socket
from collections.abc import Iterable
from typing import Any

import pytest

from showroom_app.plain_http import door_of, listening, place_by_https
from tests.faults.served import free_port

MARK = "7d5a3c0011223344"


def shop(_environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
    """Whatever is behind the door."""
    start_response("200 OK", [])
    return [b"inside"]


def asked(path: str, peer: str = "192.168.1.20", host: str = "192.168.1.7:8080", **more: str) -> tuple[str, str]:
    """Status and where it leads."""
    told: list[Any] = []
    environ = {"PATH_INFO": path, "REMOTE_ADDR": peer, "HTTP_HOST": host, "REQUEST_METHOD": "GET", **more}
    door_of(shop, 8443, MARK)(environ, lambda status, headers: told.extend([status, dict(headers)]))
    return told[0][:3], told[1].get("Location", "")


@pytest.mark.parametrize("peer", ["127.0.0.1", "::1", "::ffff:127.0.0.1", "127.0.1.1"])
def test_the_machine_itself_has_the_whole_shop(peer: str) -> None:
    assert asked("/till", peer=peer) == ("200", "")


@pytest.mark.parametrize(
    "path", ["/sertifikat", "/sertifikat.crt", "/static/css/base.css", "/plain/base.css", "/healthz"]
)
def test_a_phone_gets_the_certificate_and_what_its_page_needs(path: str) -> None:
    assert asked(path) == ("200", "")


@pytest.mark.parametrize("path", ["/", "/till", "/sign-in", "/q/7K3QXM2F", "/my"])
def test_all_else_leads_to_the_certificate_first_and_then_to_https(path: str) -> None:
    assert asked(path) == ("303", "/sertifikat" + (f"?next={path}" if path != "/" else ""))
    trusting = {"HTTP_COOKIE": f"a=1; trusting={MARK}", "QUERY_STRING": "b=2"}
    assert asked(path, **trusting) == ("303", f"https://192.168.1.7:8443{path}?b=2")
    assert asked(path, host="[fd00::7]:8080", **trusting) == ("303", f"https://[fd00::7]:8443{path}?b=2")
    assert asked(path, host="showroom.local", **trusting) == ("303", f"https://showroom.local:8443{path}?b=2")


@pytest.mark.parametrize(
    "cookie", ["trusting=1", "trusting=aaaa3c0011223344", f"not-trusting={MARK}", f"trusting={MARK}0"]
)
def test_who_trusts_an_authority_made_before_is_shown_the_new_one(cookie: str) -> None:
    assert asked("/till", HTTP_COOKIE=cookie) == ("303", "/sertifikat?next=/till")


def test_where_there_is_no_authority_nobody_trusts_it() -> None:
    environ = {"PATH_INFO": "/till", "REMOTE_ADDR": "192.168.1.20", "HTTP_HOST": "192.168.1.7", "REQUEST_METHOD": "GET"}
    assert place_by_https(environ | {"HTTP_COOKIE": "trusting="}, 8443, "") == "/sertifikat?next=/till"


def test_what_was_posted_in_the_clear_is_not_sent_on() -> None:
    more = {"HTTP_COOKIE": f"trusting={MARK}", "QUERY_STRING": "password=x", "REQUEST_METHOD": "POST"}
    assert asked("/sign-in", **more) == ("303", "https://192.168.1.7:8443/sign-in")


@pytest.mark.parametrize("host", ["evil.com", "evil.com:8080", "8.8.8.8", "", "a b", "192.168.1.7.evil.com", "[", "]:"])
def test_a_made_up_host_leads_nowhere(host: str) -> None:
    assert asked("/till", host=host, HTTP_COOKIE=f"trusting={MARK}") == ("421", "")


def test_an_odd_path_stays_a_path() -> None:
    place = asked("//evil.com/\r\nSet-Cookie: a", HTTP_COOKIE=f"trusting={MARK}")[1]
    assert place == "https://192.168.1.7:8443//evil.com/%0D%0ASet-Cookie%3A%20a"


@pytest.mark.skipif(not socket.has_dualstack_ipv6(), reason="no IPv6 here")
def test_everywhere_in_ipv6_is_ipv4_too() -> None:
    with listening("::", free_port(), shared=False) as door:
        for host in ("127.0.0.1", "::1"):
            socket.create_connection((host, door.getsockname()[1]), timeout=5).close()
    with listening("0.0.0.0", free_port(), shared=False) as door, pytest.raises(OSError):
        socket.create_connection(("::1", door.getsockname()[1]), timeout=5)


@pytest.mark.parametrize("host", ["127.0.0.1", "0.0.0.0", "::"])
def test_a_way_in_is_shared_by_those_alone_who_all_share_it(host: str) -> None:
    if host == "::" and not socket.has_ipv6:
        pytest.skip("no IPv6 here")
    with listening(host, free_port(), shared=False) as door, pytest.raises(OSError):
        listening(host, door.getsockname()[1], shared=True)
    if hasattr(socket, "SO_REUSEPORT"):
        with listening(host, free_port(), shared=True) as door:
            listening(host, door.getsockname()[1], shared=True).close()
