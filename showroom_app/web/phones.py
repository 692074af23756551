"""The address by which phones reach the shop, for whatever is to be scanned from this machine's screen or paper."""

import os

from flask import request

from showroom_app import network
from showroom_app.lib.private_network import is_private


def address_for_phones() -> str:
    """`http://HOST:PORT` or `https://HOST` without a path; empty when phones can't come in at all.

    It is the address by which the page was opened. But where the shop has an https of its own it is the plain-http
    door: that leads on to https, and a phone without the certificate first to it. And a page opened on the serving
    machine itself names an address that means nothing to a phone: there it is the machine's address in its network.
    """
    name = network.host_name(request.host)
    door = os.environ.get("SHOWROOM_HTTP_PORT", "")  # beside https of our own
    if network.is_for_this_machine(name):
        own = own_address()
        return f"http://{network.bracketed(own)}:{door or request.host.rpartition(':')[2]}" if own else ""
    if door and is_private(name):
        return f"http://{network.bracketed(name)}:{door}"
    return request.host_url.rstrip("/")


def own_address() -> str:
    """This machine's address in its network, as phones come in by it; empty where they can't."""
    served = os.environ.get("SHOWROOM_HOST", "")
    if served in network.EVERYWHERE:
        return network.lan_address()
    return "" if network.is_for_this_machine(served) else served
