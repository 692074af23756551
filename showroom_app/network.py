"""Where the shop is reached: this machine's addresses and names in its own network, and whether a port is free.

Only the standard library is imported at the top: start.py reads this before anything is installed.
"""

import errno
import http.client
import ipaddress
import socket
import ssl
import sys
import threading
from typing import TYPE_CHECKING

from showroom_app.lib.private_network import is_private

if TYPE_CHECKING:
    from zeroconf import Zeroconf

EVERYWHERE = ("0.0.0.0", "::", "")  # noqa: S104 - named, not listened on
USUAL_PORTS = {"--port": 8080, "--https-port": 8443}
# What the machine is called in the shop's network. The next is taken where another machine has the one before.
LOCAL_NAMES = ("showroom.local", "showroom-2.local", "showroom-3.local", "showroom-4.local")
NAME_WAIT_MS = 800


def ports_problem(host: str, port: int, https_port: int | None) -> str:
    """Why plain http and https (None: there is none) can't listen there, as a sentence; empty when all is well."""
    if port == https_port:
        return f"--port dan --https-port tidak bisa sama. Ketik perintah yang sama dengan: --https-port {_next(port)}"
    if https_port == 0:
        return "Port 0 tidak ada. Ketik perintah yang sama tanpa --https-port; tanpa https: --no-https"
    wanted = {"--port": port} | ({} if https_port is None else {"--https-port": https_port})
    return next(filter(None, (address_problem(host, number, option) for option, number in wanted.items())), "")


def address_problem(host: str, port: int, option: str = "--port") -> str:
    """Why nothing can listen there, as a sentence that says what to type; empty when all is well.

    Granian shares ports (SO_REUSEPORT), so it would join another server without a word.
    """
    usual = f"{option} {USUAL_PORTS[option]}"
    if not 0 < port < 65536:
        return f"Port {port} tidak ada. Ketik perintah yang sama dengan: {usual}"
    try:
        ipaddress.ip_address(normal(host))
    except ValueError:  # Granian resolves no names
        return f"--host {host} bukan alamat angka. Ketik perintah yang sama tanpa --host"
    try:
        family, kind, protocol, _name, address = socket.getaddrinfo(normal(host), port, type=socket.SOCK_STREAM)[0]
        with socket.socket(family, kind, protocol) as probe:
            if sys.platform == "win32":
                probe.setsockopt(socket.SOL_SOCKET, socket.SO_EXCLUSIVEADDRUSE, 1)
            else:
                probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
    except PermissionError:
        return f"Port {port} tidak boleh dipakai di komputer ini. Ketik perintah yang sama dengan: {usual}"
    except (OSError, UnicodeError) as error:
        if isinstance(error, OSError) and error.errno == errno.EADDRINUSE:
            free = f"{option} {_next(port)}"
            return f"Port {port} sudah dipakai program lain. Ketik perintah yang sama dengan: {free}"
        return f"Alamat {host} bukan milik komputer ini. Ketik perintah yang sama tanpa --host"
    return ""


def _next(port: int) -> int:
    return port % 65535 + 1


def normal(host: str) -> str:
    """A host as all of the program writes it: small letters, IPv6 in its shortest form, this machine as a number."""
    name = host.strip().lower()
    if name == "localhost":
        return "127.0.0.1"
    try:
        return str(ipaddress.ip_address(name))
    except ValueError:
        return name


def is_for_this_machine(host: str) -> bool:
    """Whether only this machine can reach what listens there."""
    name = normal(host)
    return name.startswith("127.") or name == "::1"


def host_name(host: str) -> str:
    """The name or address in a Host header, without port and brackets."""
    name = host.rpartition(":")[0] if host.rpartition(":")[2].isdecimal() and not host.endswith("]") else host
    return name.removeprefix("[").removesuffix("]").lower()


def lan_address() -> str:
    """This machine's address in its network, empty when it is in none. Nothing is sent."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("192.0.2.1", 9))
            found = str(probe.getsockname()[0])
        except OSError:
            return ""
    return "" if found.startswith(("127.", "0.")) else found


def own_addresses() -> list[str]:
    """Every private address of this machine but its loopback ones, the one phones come in by first."""
    import ifaddr

    found = []
    for adapter in ifaddr.get_adapters():
        for own in adapter.ips:
            address = ipaddress.ip_address(own.ip if isinstance(own.ip, str) else own.ip[0])
            if is_private(str(address)) and not address.is_loopback and not address.is_link_local:
                found.append(str(address))
    main = lan_address()
    return sorted(set(found), key=lambda address: (address != main, ":" in address, address))


def listened_on(host: str) -> list[str]:
    """Those of the machine's private addresses that are answered: all, or the one that is listened on."""
    host = normal(host)
    if host not in EVERYWHERE:
        return [host] if is_private(host) and not is_for_this_machine(host) else []
    return [address for address in own_addresses() if host == "::" or ":" not in address]


def own_names(host: str) -> set[str]:
    """Every name and address by which a browser may ask for this machine: what its certificate is for."""
    machine = socket.gethostname().split(".")[0].lower()
    spoken = machine if machine.replace("-", "").isalnum() and machine.isascii() else ""
    named = {"localhost", "127.0.0.1", "::1", *LOCAL_NAMES, *([f"{spoken}.local"] if spoken else [])}
    given = own_addresses() if normal(host) in EVERYWHERE else [normal(host)]
    return named | {address for address in given if is_private(address)}


def bracketed(host: str) -> str:
    """A host as an address bar has it: IPv6 in brackets."""
    return f"[{host}]" if ":" in host else host


def addresses(host: str, port: int, https_port: int = 0) -> tuple[str, str]:
    """Where this machine and where phones open the shop; the second is empty when phones cannot."""
    host = normal(host)
    phones = f"https://%s:{https_port}" if https_port else f"http://%s:{port}"
    if host in EVERYWHERE:
        lan = lan_address()
        reachable = lan and (not https_port or is_private(lan))
        return f"http://{'[::1]' if host == '::' else '127.0.0.1'}:{port}", phones % lan if reachable else ""
    if is_for_this_machine(host):
        return f"http://{bracketed(host)}:{port}", ""
    return (phones % bracketed(host),) * 2


def answers(here: str) -> bool:
    """Whether /healthz says that the server can read and write."""
    scheme, _separator, place = here.partition("://")
    if scheme == "https":
        # Asked by the one who made the certificate, whom nothing on the way can deceive.
        trusting = ssl._create_unverified_context()  # noqa: S323
        connection: http.client.HTTPConnection = http.client.HTTPSConnection(place, timeout=5, context=trusting)
    else:
        connection = http.client.HTTPConnection(place, timeout=5)
    try:
        connection.request("GET", "/healthz")
        return connection.getresponse().status == http.client.OK
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


class SpokenName:
    """The machine's name in its network (mDNS): phones find https://showroom.local without typing numbers."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.name = ""
        self.told: list[str] = []
        self.said = ""
        self.zeroconf: Zeroconf | None = None

    def announce(self, own: list[str]) -> str:
        """Announce the first name that no other machine has, or the one announced before under new addresses, those of
        `listened_on`. Returns the name, empty where it can't be announced (no network, port 5353 closed)."""
        if own == self.told:
            return self.name
        self.stop()
        if not own:
            return ""
        try:
            from zeroconf import ServiceInfo, Zeroconf

            # Only where it is listened: another network of this machine would hear of an address it can't reach.
            self.zeroconf = Zeroconf(interfaces=[one for one in own if ":" not in one] or own)
            free = (name for name in LOCAL_NAMES if not self._is_taken(name, own))
            if found := next(free, ""):
                kind = "_https._tcp.local."
                service = ServiceInfo(
                    kind, f"{found.removesuffix('.local')}.{kind}", self.port, server=f"{found}.", parsed_addresses=own
                )
                self.zeroconf.register_service(service, allow_name_change=True)
            if found:
                self.name, self.told = found, own
                self._say(f"    Nama di jaringan: https://{found}:{self.port}/")
            else:
                self.stop()
        except Exception as error:  # whatever a network can do: the shop is served all the same, and it is tried again
            self._say(f"    Nama {LOCAL_NAMES[0]} tidak bisa diumumkan di jaringan ini ({error}). Pakai alamat angka.")
            self.stop()
        return self.name

    def _say(self, text: str) -> None:
        """Print what is news."""
        if text and text != self.said:
            print(text, flush=True)
        self.said = text

    def _is_taken(self, name: str, own: list[str]) -> bool:
        from zeroconf import AddressResolver  # type: ignore[attr-defined]  # public, but not in __all__

        resolver = AddressResolver(f"{name}.")
        assert self.zeroconf is not None
        return resolver.request(self.zeroconf, NAME_WAIT_MS) and not set(resolver.parsed_addresses()) & set(own)

    def stop(self) -> None:
        """Take the name back."""
        if self.zeroconf is not None:
            threading.Thread(target=self.zeroconf.close, daemon=True).start()
        self.zeroconf, self.name = None, ""
