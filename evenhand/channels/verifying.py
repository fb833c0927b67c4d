"""Whether a letter is from whom it says, as far as the way it came allows to tell.

Whoever brought it is asked first: one's own mail server, by the `Authentication-Results` it wrote on top under the name
in EVENHAND_AUTHSERV_ID, and only on letters that cannot have come past it. Else the letter is checked here.
"""

from __future__ import annotations

import time
from collections.abc import Container
from dataclasses import dataclass, replace
from ipaddress import ip_address

from django.conf import settings

from . import lookups
from .reading import Authentication, authenticate, believed
from .reading.authentication import NOT_TRUSTED, from_domain, headers_of
from .sources import source_of

UNKNOWN = Authentication(None, reason="Nobody checked it.")
AWAY = "The name server did not answer, so it could not be checked."
OURS = "It says that it comes from {}, where we work ourselves, and nothing shows that it does."
PASSED_ON = "It came by a server of ours or through somebody else's, and nothing on it could be checked."


EACH = 6.0  # seconds that one letter's look-ups may take
UNANSWERED = 20.0  # seconds a minute that one network's letters may wait for names that do not answer

_waited: dict[tuple[str, int], float] = {}


@dataclass(frozen=True, slots=True)
class Way:
    """How a letter came: by which door, from which server, and what that server said of itself."""

    via: str
    peer: str = ""
    helo: str = ""
    mail_from: str = ""

    @property
    def past_our_server(self) -> bool:
        """Whether anybody could have put it there, so that nothing written on it is ours."""
        return self.via == "smtp" and bool(source_of(self.peer)) and not _is_relay(self.peer)


def verify(raw: bytes, way: Way, domains: Container[str] = ()) -> Authentication:
    """The verdict on a letter; `domains` are those of our agents. Never raises; may look names up, so it stands in no
    transaction."""
    told = None if way.past_our_server else believed(raw, settings.EVENHAND_AUTHSERV_ID)
    verdict = told or _checked(raw, way)
    domain = from_domain(headers_of(raw))
    if verdict.passed is None and domain in domains:
        return replace(verdict, passed=False, reason=OURS.format(domain))
    return verdict


def _checked(raw: bytes, way: Way) -> Authentication:
    ip = way.peer if way.past_our_server else ""
    if way.via == "import" or not (ip or b"dkim-signature" in raw[:65536].lower()):
        return _without_looking(raw)
    try:
        found = _looked_up(raw, ip, way)
    except lookups.NoAnswer:
        return replace(UNKNOWN, reason=AWAY)
    if found.passed is False and found.spf == "temperror":
        return replace(found, passed=None, dmarc="none", reason=AWAY)
    # Who sent it to our server is not known here: no signature is no refutation.
    return found if ip or found.dmarc != "fail" else replace(found, passed=None, dmarc="none", reason=PASSED_ON)


def _looked_up(raw: bytes, ip: str, way: Way) -> Authentication:
    """Ask for the names it takes. Whose names never answer cannot make everybody's letters wait. Raises NoAnswer."""
    mail_from, began = "" if way.mail_from == "<>" else way.mail_from, time.monotonic()
    source = (source_of(way.peer), int(began // 60))
    with lookups.within(min(EACH, UNANSWERED - _waited.get(source, 0.0))):
        try:
            return authenticate(raw, ip=ip, helo=way.helo, mail_from=mail_from, resolver=lookups.texts, spf=lookups.spf)
        except lookups.NoAnswer:
            for old in [each for each in _waited if each[1] != source[1]]:
                del _waited[old]
            _waited[source] = _waited.get(source, 0.0) + time.monotonic() - began
            raise


def _without_looking(raw: bytes) -> Authentication:
    """Two senders are no sender, whoever brought them; nothing else can be said without asking."""
    return UNKNOWN if from_domain(headers_of(raw)) else NOT_TRUSTED


def _is_relay(peer: str) -> bool:
    try:
        address = ip_address(peer.partition("%")[0])
    except ValueError:
        return False
    return any(address in network for network in settings.EVENHAND_RELAYS)
