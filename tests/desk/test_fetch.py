"""Fetching a picture for an agent: only from the open net, only pictures, only so much."""

import socket
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer
from ipaddress import ip_address

import pytest

from evenhand.channels import website
from evenhand.channels.host import is_public
from evenhand.web import fetch

PNG = b"\x89PNG\r\n\x1a\n" + b"0" * 64


@pytest.mark.parametrize(
    "host",
    ["127.0.0.1", "localhost", "10.0.0.1", "192.168.1.1", "172.16.0.1", "169.254.169.254", "0.0.0.0", "[::1]", "[::ffff:127.0.0.1]",
     "[fe80::1]", "[fd00::1]", "[64:ff9b::7f00:1]", "[2002:7f00:1::]", "2130706433", "0x7f000001", "0177.0.0.1", "100.64.0.1",
     "224.0.0.1", "255.255.255.255"],
)  # fmt: skip
def test_private_addresses_in_every_dress_are_refused(host):
    with pytest.raises(fetch.Refused):
        fetch.picture(f"http://{host}/x.png")


@pytest.mark.parametrize(
    "url",
    ["file:///etc/passwd", "ftp://x.example/", "gopher://x", "http://", "http://user:pw@93.184.215.14/", "http://93.184.215.14:22/",
     "http://93.184.215.14:6379/", "//x", "", "http://[", "http://x\r\nHost: y/", "http://93.184.215.14:99999/", "data:image/png,x"],
)  # fmt: skip
def test_what_is_no_plain_web_address_is_refused(url):
    with pytest.raises(fetch.Refused):
        fetch.picture(url)


def test_public_is_public():
    assert is_public(ip_address("93.184.215.14"))
    assert is_public(ip_address("2606:2800:21f:cb07:6820:80da:af6b:8b2c"))


def test_a_name_with_one_private_address_is_refused(monkeypatch):
    both = [(2, 1, 6, "", ("93.184.215.14", 80)), (2, 1, 6, "", ("10.0.0.1", 80))]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_a, **_k: both)
    with pytest.raises(fetch.Refused, match="public"):
        fetch.picture("http://rebinding.example/x.png")


@pytest.fixture
def elsewhere(monkeypatch):
    """A server that stands for the open net: names resolve to it, and it counts as public."""
    pages: dict[str, tuple[int, dict[str, str], bytes]] = {}

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            status, headers, body = pages[self.path]
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_args):
            pass

    server = HTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    real = socket.create_connection
    monkeypatch.setattr(
        website, "public_address", lambda host, _port: host if host == "open.example" else fetch_refuse()
    )
    monkeypatch.setattr(socket, "create_connection", lambda _address, timeout: real(server.server_address, timeout))
    yield pages
    server.shutdown()
    server.server_close()


def fetch_refuse():
    raise fetch.Refused("That address is not a public one.")


def test_a_picture_is_fetched(elsewhere):
    elsewhere["/p.png?a=1"] = (200, {}, PNG)
    assert fetch.picture("http://open.example/p.png?a=1") == PNG


def test_a_redirect_is_looked_at_again(elsewhere):
    elsewhere["/a"] = (302, {"Location": "/b"}, b"")
    elsewhere["/b"] = (200, {}, PNG)
    elsewhere["/inside"] = (302, {"Location": "http://inside.example/"}, b"")
    elsewhere["/round"] = (302, {"Location": "/round"}, b"")
    assert fetch.picture("http://open.example/a") == PNG
    with pytest.raises(fetch.Refused, match="public"):
        fetch.picture("http://open.example/inside")
    with pytest.raises(fetch.Refused, match="one place to the next"):
        fetch.picture("http://open.example/round")


@pytest.mark.parametrize(
    "body", [b"<html><script>", b"<svg xmlns='x' onload='x'/>", b"", b"GIF8", PNG[:4], PNG + b"0" * fetch.MOST_BYTES]
)
def test_what_is_no_picture_or_too_large_is_refused(elsewhere, body):
    elsewhere["/x"] = (200, {"Content-Type": "image/png"}, body)
    with pytest.raises(fetch.Refused):
        fetch.picture("http://open.example/x")


def test_an_error_elsewhere_is_refused(elsewhere):
    elsewhere["/x"] = (500, {}, PNG)
    with pytest.raises(fetch.Refused, match="500"):
        fetch.picture("http://open.example/x")


def test_types_by_their_bytes():
    kinds = [
        fetch.picture_type(each)
        for each in (PNG, b"\xff\xd8\xff\xe0", b"GIF89a", b"RIFF0000WEBPVP8 ", b"RIFF0000WAVE", b"<svg")
    ]
    assert kinds == ["image/png", "image/jpeg", "image/gif", "image/webp", "", ""]
