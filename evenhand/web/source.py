"""Where a request comes from, as far as it can be known: the limits count by it."""

from __future__ import annotations

from ipaddress import IPv6Address, ip_address

from django.conf import settings
from django.http import HttpRequest


def source_of(request: HttpRequest) -> str:
    """The address of the connection. `X-Forwarded-For` is believed only behind a proxy of ours (EVENHAND_BEHIND_PROXY),
    and then only its last entry, which that proxy wrote. An IPv6 source is its /64: a household has 2⁶⁴ addresses."""
    given = str(request.META.get("REMOTE_ADDR", ""))
    if settings.SECURE_PROXY_SSL_HEADER:
        given = request.headers.get("X-Forwarded-For", given).rpartition(",")[2].strip()
    try:
        address = ip_address(given)
    except ValueError:
        return given[:64]
    if isinstance(address, IPv6Address):
        return str(address.ipv4_mapped or IPv6Address(int(address) >> 64 << 64))
    return str(address)
