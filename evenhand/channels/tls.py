"""TLS to the address that was looked at, under the name that was asked for."""

from __future__ import annotations

import socket
import ssl
from typing import Any


class Named(ssl.SSLContext):
    """Checks the certificate against a name of its own, whatever address the connection was made to."""

    name: str

    @classmethod
    def for_host(cls, host: str) -> Named:
        context = cls(ssl.PROTOCOL_TLS_CLIENT)  # which demands a certificate, and that it names the host
        context.load_default_certs()
        context.name = host
        return context

    def wrap_socket(self, sock: socket.socket, *args: Any, **kwargs: Any) -> ssl.SSLSocket:
        return super().wrap_socket(sock, *args, **{**kwargs, "server_hostname": self.name})
