"""A provider that grants access to mailboxes, as Google and Microsoft do (RFC 6749, RFC 7636; with a code, RFC 8628)."""

from __future__ import annotations

import base64
import hashlib
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit


class Authorisation:
    """`codes` are what the owner's browser brought back; tokens live until `revoke`."""

    def __init__(self) -> None:
        self.url = ""
        self.codes: dict[str, dict[str, str]] = {}
        self.refresh: dict[str, str] = {}  # token: whose
        self.access: dict[str, str] = {}
        self.asked: list[str] = []
        self.count = 0
        self.away = False
        self.devices: dict[str, str] = {}  # device code: whose mailbox, "" until they typed in the other one
        self.public = True  # "Allow public client flows"
        self.refuses = ""  # with this error, to whoever asks with a device code
        self.by_code: set[str] = set()  # refresh tokens, which a public client renews

    def device(self, form: dict[str, str]) -> tuple[int, dict[str, object]]:
        if self.away:
            return 503, {}
        if form.get("client_id") != "the desk" or not form.get("scope"):
            return 400, {"error": "unauthorized_client", "error_description": "AADSTS700016: No such application."}
        self.count += 1
        code = f"device-{self.count}"
        self.devices[code] = ""
        return 200, {
            "device_code": code, "user_code": f"CODE-{self.count}", "expires_in": 900, "interval": 5,
            "verification_uri": "https://provider.example/device",
        }  # fmt: skip

    def type_in(self, user: str) -> None:
        """What the owner does at the provider: type in the latest code, sign in and agree."""
        self.devices[list(self.devices)[-1]] = user

    def _by_device(self, form: dict[str, str]) -> tuple[int, dict[str, object]]:
        if not self.public:
            words = "AADSTS7000218: The request body must contain 'client_secret'.\r\nTrace ID: 1 Correlation ID: 2"
            return 401, {"error": "invalid_client", "error_description": words}
        if "client_secret" in form:
            return 401, {"error": "invalid_client", "error_description": "AADSTS700025: Client is public."}
        if self.refuses or not self.devices.get(form["device_code"]):
            known = form["device_code"] in self.devices
            return 400, {"error": self.refuses or ("authorization_pending" if known else "bad_verification_code")}
        return self._give(self.devices.pop(form["device_code"]), by_code=True)

    def agree(self, url: str, user: str) -> str:
        """What the owner's browser does on the provider's page: sign in and agree. The code that it takes back."""
        given = {key: values[0] for key, values in parse_qs(urlsplit(url).query).items()}
        assert given["response_type"] == "code"
        assert given["code_challenge_method"] == "S256"
        self.count += 1
        code = f"code-{self.count}"
        self.codes[code] = {**given, "user": user}
        return code

    def revoke(self) -> None:
        self.refresh.clear()
        self.access.clear()

    def token(self, form: dict[str, str]) -> tuple[int, dict[str, object]]:
        self.asked.append(form["grant_type"])
        if self.away:
            return 503, {}
        if form["grant_type"].endswith("device_code"):
            return self._by_device(form)
        if form.get("refresh_token") in self.by_code:
            if "client_secret" in form:
                return 401, {"error": "invalid_client", "error_description": "AADSTS700025: Client is public."}
            return self._give(self.refresh.pop(form["refresh_token"], ""), by_code=True)
        if form.get("client_secret") != "the secret" or form.get("client_id") != "the desk":
            return 401, {"error": "invalid_client"}
        user = (
            self._by_code(form)
            if form["grant_type"] == "authorization_code"
            else self.refresh.pop(form["refresh_token"], "")
        )
        return self._give(user)

    def _give(self, user: str, *, by_code: bool = False) -> tuple[int, dict[str, object]]:
        if not user:
            return 400, {"error": "invalid_grant", "error_description": "Token has been expired or revoked."}
        self.count += 1
        self.access = {token: who for token, who in self.access.items() if who != user}  # as strict as can be
        access, refresh = f"access-{self.count}", f"refresh-{self.count}"
        self.access[access], self.refresh[refresh] = user, user
        self.by_code |= {refresh} if by_code else set()
        return 200, {"access_token": access, "refresh_token": refresh, "expires_in": 3600, "token_type": "Bearer"}

    def _by_code(self, form: dict[str, str]) -> str:
        began = self.codes.pop(form["code"], {})
        digest = hashlib.sha256(form.get("code_verifier", "").encode()).digest()
        challenge = base64.urlsafe_b64encode(digest).decode().rstrip("=")
        right = began.get("code_challenge") == challenge and began.get("redirect_uri") == form.get("redirect_uri")
        return began["user"] if right else ""

    def check(self, token: str) -> dict[str, object]:
        """What a mail server asks about a token that somebody brings."""
        user = self.access.get(token)
        return {"active": "yes", "email": user} if user else {"active": "no"}


@contextmanager
def authorisation() -> Iterator[Authorisation]:
    provider = Authorisation()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            form = {key: values[0] for key, values in parse_qs(body).items()}
            self._answer(*(provider.device(form) if self.path == "/device" else provider.token(form)))

        def do_GET(self) -> None:
            self._answer(200, provider.check(parse_qs(urlsplit(self.path).query).get("token", [""])[0]))

        def _answer(self, status: int, given: dict[str, object]) -> None:
            said = json.dumps(given).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(said)))
            self.end_headers()
            self.wfile.write(said)

        def log_message(self, *_: object) -> None: ...

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    provider.url = f"http://127.0.0.1:{server.server_address[1]}"
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield provider
    finally:
        server.shutdown()
        server.server_close()
