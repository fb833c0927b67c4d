"""A name server on this machine that knows a few names, and mail that its keys have signed."""

from __future__ import annotations

import base64
import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import dkim
import dns.flags
import dns.message
import dns.rcode
import dns.rrset
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)
PRIVATE = KEY.private_bytes(
    serialization.Encoding.PEM, serialization.PrivateFormat.TraditionalOpenSSL, serialization.NoEncryption()
)
PUBLIC = base64.b64encode(
    KEY.public_key().public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)
).decode()


def text(value: str) -> str:
    """A TXT record, in pieces of 255 bytes as they are kept."""
    return " ".join(f'"{value[at : at + 255]}"' for at in range(0, len(value), 255))


def known(domain: str) -> dict[tuple[str, str], str]:
    """A domain that signs, names its servers, and asks that nothing else be believed."""
    return {
        (f"k._domainkey.{domain}.", "TXT"): text(f"v=DKIM1; k=rsa; p={PUBLIC}"),
        (f"_dmarc.{domain}.", "TXT"): text("v=DMARC1; p=reject"),
        (f"{domain}.", "TXT"): text("v=spf1 a:mx.lumen.example -all"),
        ("mx.lumen.example.", "A"): "45.0.0.7",
    }


def signed(raw: bytes, domain: str) -> bytes:
    return dkim.sign(raw, b"k", domain.encode(), PRIVATE) + raw


class Names(socketserver.ThreadingUDPServer):
    """Answers what is in `records`; says nothing at all to what is in `silent`."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Question)
        self.records: dict[tuple[str, str], str] = {}
        self.silent: set[str] = set()
        self.asked: list[str] = []


class Question(socketserver.BaseRequestHandler):
    server: Names

    def handle(self) -> None:
        wire, socket = self.request
        query = dns.message.from_wire(wire)
        question = query.question[0]
        name, kind = str(question.name).lower(), dns.rdatatype.to_text(question.rdtype)
        self.server.asked.append(name)
        if name in self.server.silent:
            return
        answer = dns.message.make_response(query)
        answer.flags |= dns.flags.RA
        if (name, kind) in self.server.records:
            answer.answer.append(dns.rrset.from_text(question.name, 60, "IN", kind, self.server.records[name, kind]))
        elif name not in {each for each, _ in self.server.records}:
            answer.set_rcode(dns.rcode.NXDOMAIN)
        socket.sendto(answer.to_wire(), self.client_address)


@contextmanager
def names() -> Iterator[Names]:
    server = Names()
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()
