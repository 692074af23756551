"""The address by which phones reach the shop, for whatever is to be scanned from this machine's screen or paper."""

import os

from flask import request

from showroom_app import network


def address_for_phones() -> str:
    """`http://HOST:PORT` or `https://HOST` without a path; empty when phones can't come in at all.

    A page opened on the serving machine itself names an address that means nothing to a phone, so there it is the
    machine's address in its network, by the plain-http door: that leads on to https, and first to the certificate.
    """
    name = network.host_name(request.host)
    if not network.is_for_this_machine(name):
        return request.host_url.rstrip("/")
    lan, served = network.lan_address(), os.environ.get("SHOWROOM_HOST", "")
    if not lan or (served and network.is_for_this_machine(served)):
        return ""
    return f"http://{network.bracketed(lan)}:{os.environ.get('SHOWROOM_HTTP_PORT') or request.host.rpartition(':')[2]}"
