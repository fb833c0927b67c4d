"""Where on the net a name leads, so that nobody sends the desk where a stranger has no business.

A name is resolved once, every address it has must be a public one, and the connection is made to the address that was
looked at: a name that leads elsewhere a moment later (DNS rebinding) changes nothing.
"""

from __future__ import annotations

import socket
import ssl
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

NAT64 = (ip_network("64:ff9b::/96"), ip_network("64:ff9b:1::/48"))


class NotPublic(OSError):
    """The name leads to a private network, or to this very machine."""


def public_address(host: str, port: int) -> str:
    """The address to connect to. Raises NotPublic when any of the host's addresses is not a public one, and OSError
    when it has none."""
    found = _addresses(host, port)
    if not found or not all(is_public(ip_address(each.partition("%")[0])) for each in found):
        raise NotPublic(f"{host} is not a public address.")
    return found[0]


def _addresses(host: str, port: int) -> list[str]:
    """All of a host's, those of IPv4 first. Raises OSError."""
    try:
        found = {str(each[4][0]) for each in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)}
    except UnicodeError as error:  # a label that is empty or too long
        raise OSError(f"{host!r} is not the name of a host") from error
    return sorted(found, key=lambda each: (":" in each, each))


def is_public(address: IPv4Address | IPv6Address) -> bool:
    """Whether an address is on the open net: none that carries another inside is taken at its word."""
    if isinstance(address, IPv6Address):
        inside = address.ipv4_mapped or address.sixtofour or (address.teredo and address.teredo[1])
        if inside or any(address in net for net in NAT64):
            return False
    return address.is_global and not address.is_multicast


def is_here(host: str) -> bool:
    """Whether it is this very machine, where a password needs no TLS."""
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False


def unreachable(host: str, port: int, error: OSError) -> str:
    """Why a server could not be talked to: its name, the network, the port, TLS."""
    if isinstance(error, NotPublic):
        return f"{host} is on a private network. Only with EVENHAND_PRIVATE_HOSTS=1 may a mailbox be there."
    if isinstance(error, socket.gaierror):
        return f"There is no host named {host}: look at how it is spelled."
    if isinstance(error, ssl.SSLCertVerificationError):
        return f"The certificate of {host} cannot be trusted: {error.verify_message}."
    if isinstance(error, ssl.SSLError):
        return f"{host} speaks no TLS on port {port}: try STARTTLS, or another port."
    if isinstance(error, ConnectionRefusedError):
        return f"{host} cannot be reached on port {port}: nothing listens there."
    if isinstance(error, TimeoutError):
        return f"{host} cannot be reached on port {port}: it does not answer. A firewall may block the port."
    return f"{host} cannot be reached on port {port}: {error}."
