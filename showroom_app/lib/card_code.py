"""Codes on crafters' cards: 16 random characters of Crockford base 32, 80 bits, so that no address can be guessed."""

import ipaddress
import re
import secrets

from showroom_app.lib.label_code import ALPHABET, tidy

LENGTH = 16
_HOST = re.compile(r"[A-Za-z0-9.-]{1,253}(:[0-9]{1,5})?|\[[0-9A-Fa-f:]{2,45}\](:[0-9]{1,5})?")


def new_code() -> str:
    """A fresh code such as 7K3QXM2F8H4P9R2T."""
    return "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))


def parse(text: str) -> str | None:
    """The code in an address or as typed (small letters, dashes, O for 0), or None when it can't be one."""
    code = tidy(text[:300])
    return code if len(code) == LENGTH and all(letter in ALPHABET for letter in code) else None


def spelled(code: str) -> str:
    """A code in groups that can be read aloud and typed: 7K3Q-XM2F-8H4P-9R2T."""
    return "-".join(code[start : start + 4] for start in range(0, len(code), 4))


def origin(public_host: str, opened_by: str, opened_host: str) -> str:
    """Where phones find the shop: `https://` and the public name where one is set, else the address by which the page
    was opened. Refuses (ValueError) an address that only the machine itself knows, and what is no host's name."""
    if public_host:
        return f"https://{public_host}"
    if not _HOST.fullmatch(opened_host) or _is_loopback(opened_host):
        raise ValueError("no address for other devices")
    return f"{opened_by}://{opened_host}"


def _is_loopback(host: str) -> bool:
    name = host.rpartition("]")[0].lstrip("[") if host.startswith("[") else host.partition(":")[0]
    name = name.lower().rstrip(".")
    if not name or name == "localhost" or name.endswith((".localhost", ".localdomain")):
        return True
    try:
        address = ipaddress.ip_address(name)
    except ValueError:
        return False
    mapped = getattr(address, "ipv4_mapped", None)
    return any(one.is_loopback or one.is_unspecified for one in (address, mapped) if one is not None)


def payload(code: str, where: str) -> str:
    """What a card's QR says: an address all in upper case, which QR's alphanumeric mode holds in little room."""
    return f"{where}/card/{code}".upper()


def address(code: str, where: str) -> tuple[str, str]:
    """The same address for people who type it, in two lines: the place, and the code in groups."""
    return f"{where}/card/", spelled(code)
