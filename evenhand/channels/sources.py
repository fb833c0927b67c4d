"""How much one sender may ask of the door, so that a flood from one place leaves room for everyone else."""

from __future__ import annotations

import time
from collections import Counter
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

CONNECTIONS = 500  # at once, from everywhere
CONNECTIONS_EACH = 20
LETTERS_A_MINUTE = 120


def source_of(peer: str) -> str:
    """The network a peer counts as: an address of IPv4, a /64 of IPv6; "" for one of our own, which has no limit: a
    mail server in the house brings everyone's letters."""
    try:
        address: IPv4Address | IPv6Address = ip_address(peer.partition("%")[0])
    except ValueError:
        return ""
    address = (isinstance(address, IPv6Address) and address.ipv4_mapped) or address
    if address.is_loopback or address.is_private or address.is_link_local:
        return ""
    return str(address) if address.version == 4 else str(ip_network(f"{address}/64", strict=False))


class Sources:
    """Who is connected, and how many letters each brought in this minute."""

    def __init__(self) -> None:
        self.connected: Counter[str] = Counter()
        self.brought: Counter[str] = Counter()
        self.minute = 0

    def enter(self, source: str) -> bool:
        """Whether there is room for one more connection; who enters leaves."""
        self.connected[source] += 1
        full = sum(self.connected.values()) > CONNECTIONS
        return not full and (not source or self.connected[source] <= CONNECTIONS_EACH)

    def leave(self, source: str) -> None:
        self.connected[source] -= 1
        if not self.connected[source]:
            del self.connected[source]

    def bring(self, source: str) -> bool:
        """Whether this source may bring one more letter this minute."""
        minute = int(time.monotonic() // 60)
        if minute != self.minute:
            self.minute, self.brought = minute, Counter()
        self.brought[source] += 1
        return not source or self.brought[source] <= LETTERS_A_MINUTE
