"""What the machine is called in its network, and where phones are sent."""

import socket
import threading
from typing import Any

import pytest

from showroom_app import network
from showroom_app.lib.private_network import is_private
from tests.faults.served import SECONDS_MAX, free_port


def test_every_name_of_the_machine_can_be_certified() -> None:
    names = network.own_names("0.0.0.0")
    assert {"localhost", "127.0.0.1", "::1", "showroom.local"} <= names
    assert all(map(is_private, names))
    assert set(network.own_addresses()) <= names


def test_a_public_address_is_not_certified(monkeypatch: pytest.MonkeyPatch) -> None:
    assert "203.0.113.9" not in network.own_names("203.0.113.9")
    assert "192.168.9.9" in network.own_names("192.168.9.9")
    monkeypatch.setattr(network, "lan_address", lambda: "8.8.4.4")
    assert network.addresses("0.0.0.0", 8080, 8443) == ("http://127.0.0.1:8080", "")
    assert network.addresses("0.0.0.0", 8080) == ("http://127.0.0.1:8080", "http://8.8.4.4:8080")


@pytest.mark.parametrize(
    ("host", "named"), [("FD00::7", "fd00::7"), ("fd00:0:0::0007", "fd00::7"), ("Toko.LAN", "toko.lan"),
                        (" 192.168.9.9 ", "192.168.9.9")],
)  # fmt: skip
def test_a_host_is_certified_as_certificates_write_it(host: str, named: str) -> None:
    names = network.own_names(host)
    assert named in names
    assert all(name == network.normal(name) or name == "localhost" for name in names)


def test_only_what_is_listened_on_is_announced(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(network, "own_addresses", lambda: ["192.168.1.7", "10.0.0.7", "fd00::7"])
    assert network.listened_on("0.0.0.0") == ["192.168.1.7", "10.0.0.7"]
    assert network.listened_on("::") == ["192.168.1.7", "10.0.0.7", "fd00::7"]
    assert network.listened_on("10.0.0.7") == ["10.0.0.7"]
    assert network.listened_on("FD00::7") == ["fd00::7"]
    for host in ("127.0.0.1", "LOCALHOST", "::1", "203.0.113.9"):
        assert network.listened_on(host) == [], host


def test_the_two_ways_in_need_two_ports() -> None:
    assert "--https-port 8081" in network.ports_problem("127.0.0.1", 8080, 8080)
    assert "--no-https" in network.ports_problem("127.0.0.1", free_port(), 0)
    assert "--https-port 8443" in network.ports_problem("127.0.0.1", free_port(), 70000)
    assert "--port 8080" in network.ports_problem("127.0.0.1", 0, None)
    assert "alamat angka" in network.ports_problem("toko.lan", free_port(), None)
    for host in ("127.0.0.1", "LocalHost"):
        assert network.ports_problem(host, free_port(), None) == ""


def test_phones_are_sent_to_https_where_there_is_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(network, "lan_address", lambda: "192.168.1.7")
    assert network.addresses("0.0.0.0", 8080, 8443) == ("http://127.0.0.1:8080", "https://192.168.1.7:8443")
    assert network.addresses("::", 8080) == ("http://[::1]:8080", "http://192.168.1.7:8080")
    assert network.addresses("127.0.0.1", 8080) == ("http://127.0.0.1:8080", "")
    assert network.addresses("::1", 8080) == ("http://[::1]:8080", "")
    assert network.addresses("fd00::7", 8080, 8443) == ("https://[fd00::7]:8443",) * 2


def test_a_name_that_could_not_be_announced_is_tried_again(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The network was not ready; then it is, and what the machine is called is told, once."""
    tries: list[Any] = []

    class Network:
        def __init__(self, interfaces: list[str]) -> None:
            tries.append(interfaces)
            if len(tries) < 3:
                raise OSError("Network is unreachable")

        def register_service(self, service: Any, allow_name_change: bool) -> None:
            """It is heard."""

        def close(self) -> None:
            """Nothing to close."""

    monkeypatch.setattr("zeroconf.Zeroconf", Network)
    monkeypatch.setattr(network.SpokenName, "_is_taken", lambda _self, name, _own: name == network.LOCAL_NAMES[0])
    spoken = network.SpokenName(8443)
    second = network.LOCAL_NAMES[1]
    assert [spoken.announce(["192.168.1.7"]) for _look in range(4)] == ["", "", second, second]
    assert len(tries) == 3
    told = capsys.readouterr().out.splitlines()
    assert [line.strip()[:16] for line in told] == ["Nama showroom.lo", "Nama di jaringan"]
    assert second in told[1]


def test_the_name_is_heard_in_the_network() -> None:
    told: list[Any] = []
    # In a thread of its own, as the server does it: an event loop that runs in this one would be taken for its own.
    speaking = threading.Thread(target=lambda: told.extend(_spoken_and_heard()))
    speaking.start()
    speaking.join(SECONDS_MAX)
    name, again, heard, own, possible = told
    assert name == again, "said once"
    assert heard <= own
    assert own or not name
    if possible:
        assert name in network.LOCAL_NAMES
        assert heard


def _multicast_is_heard(own: list[str]) -> bool:
    """Whether names can be announced here at all: some networks, and many containers, pass nothing on to a group."""
    from zeroconf import Zeroconf

    v4 = next((address for address in own if "." in address), "")
    group, interface = socket.inet_aton("224.0.0.251"), socket.inet_aton(v4 or "0.0.0.0")
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as ear, socket.socket(type=socket.SOCK_DGRAM) as mouth:
        try:
            Zeroconf().close()
            ear.settimeout(2)
            ear.bind(("", 0))
            ear.setsockopt(socket.IPPROTO_IP, socket.IP_ADD_MEMBERSHIP, group + interface)
            mouth.setsockopt(socket.IPPROTO_IP, socket.IP_MULTICAST_IF, interface)
            mouth.sendto(b"halo", ("224.0.0.251", ear.getsockname()[1]))
            return bool(v4) and ear.recv(4) == b"halo"
        except OSError:
            return False


def _spoken_and_heard() -> list[Any]:
    from zeroconf import AddressResolver, Zeroconf

    own = network.own_addresses()
    possible = _multicast_is_heard(own)
    spoken, heard = network.SpokenName(8443), set()
    try:
        name = spoken.announce(own)
        again = spoken.announce(own)
        if name:
            listening, resolver = Zeroconf(), AddressResolver(f"{name}.")
            if resolver.request(listening, 5000):
                heard = set(resolver.parsed_addresses())
            listening.close()
    finally:
        spoken.stop()
    return [name, again, heard, set(own), possible]
