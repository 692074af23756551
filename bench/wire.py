"""HTTP/1.1 by a kept connection, with no more work than a socket asks for: what is to be measured is the server."""

import socket
import zlib
from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Answer:
    """Status, headers by their names in small letters (the last of a name counts), and the body unpacked."""

    status: int
    headers: dict[str, str]
    body: bytes


class Wire:
    """One connection to a server of this machine that tells the length of its answers."""

    def __init__(self, port: int, seconds_max: float) -> None:
        self.host = f"127.0.0.1:{port}"
        self.socket = socket.create_connection(("127.0.0.1", port), seconds_max)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def ask(self, method: str, path: str, headers: Mapping[str, str], body: bytes = b"") -> Answer:
        """Send one request and read its answer to the end."""
        lines = [f"{method} {path} HTTP/1.1", f"Host: {self.host}", *(f"{n}: {v}" for n, v in headers.items())]
        if body:
            lines.append(f"Content-Length: {len(body)}")
        self.socket.sendall("\r\n".join([*lines, "", ""]).encode("latin-1") + body)
        read = self._more(b"")
        while (end := read.find(b"\r\n\r\n")) < 0:
            read = self._more(read)
        first, *rest = read[:end].decode("latin-1").split("\r\n")
        told = {name.lower(): value.strip() for name, _colon, value in (line.partition(":") for line in rest)}
        whole = end + 4 + int(told.get("content-length", "0"))
        while len(read) < whole:
            read = self._more(read)
        packed = told.get("content-encoding") == "gzip"
        return Answer(
            int(first.split()[1]), told, zlib.decompress(read[end + 4 :], wbits=31) if packed else read[end + 4 :]
        )

    def _more(self, read: bytes) -> bytes:
        some = self.socket.recv(1 << 16)
        if not some:
            raise ConnectionError("the server closed the connection")
        return read + some
