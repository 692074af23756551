"""Names and addresses that mean something only inside one's own network: for these the shop signs its certificates."""

import ipaddress

# RFC 6761 and 6762 (local), 8375 (home.arpa), ICANN 2024 (internal); `lan` is what many routers call theirs.
NAMES = ("localhost", "local", "lan", "home.arpa", "internal")
# RFC 1122, 1918, 3927, 6598; RFC 4193, 4291. RFC 5737 and 2544: examples and test machines, no site's of the world.
NETWORKS = (
    "127.0.0.0/8", "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "169.254.0.0/16", "100.64.0.0/10",
    "192.0.2.0/24", "198.18.0.0/15", "::1/128", "fc00::/7", "fe80::/10",
)  # fmt: skip


def is_private(name: str) -> bool:
    """Whether a name (lower case) or address belongs to private networks alone."""
    try:
        address = ipaddress.ip_address(name)
    except ValueError:
        return any(name == one or name.endswith(f".{one}") for one in NAMES)
    return any(address in ipaddress.ip_network(network) for network in NETWORKS)
