"""Every page there is, found by walking the map of pages, and what each parameter of an address is for a twin.

A new page with known parameters is covered by being on the map. One with a parameter that nobody has explained here
fails the test, and so does a new act (a page that only takes POST) without a form.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from django.urls import URLPattern, URLResolver, get_resolver
from django.urls import reverse as address_of

from evenhand.conversations.models import Attachment, Link

from .world import Twin, World

# Packages' own pages: signing in and second factors, which know no customer.
FOREIGN = ("account_", "mfa_", "usersessions_")
# Pages about the team itself or the whole desk; their parameters name no customer.
DESK_WIDE = {
    "accounts:enter": "a sign-in link of an agent",
    "accounts:confirm-address": "the signed new address of an agent",
    "accounts:member": "an agent",
    "accounts:invite-again": "an agent",
    "accounts:leave": "an agent",
    "accounts:return": "an agent",
    "accounts:rename-team": "a team",
    "accounts:mailbox": "a mailbox",
    "accounts:revoke": "a program's token",
    "accounts:mailbox-login": "a mailbox",
    "accounts:mailbox-test": "a mailbox",
    "accounts:mailbox-trials": "a mailbox",
    "accounts:grant-google": "a mailbox",
    "accounts:grant-microsoft": "a mailbox",
    "accounts:code-microsoft": "a mailbox",
    "accounts:look-microsoft": "a mailbox",
    "desk:drop-view": "a view an agent saved",
    "desk:drop-draft-file": "a file of an agent's own draft",
    "desk:judge-opinion": "what a visitor said of the pledge",
    "desk:lab-drop": "a study of the lab that an agent saved",
    "desk:picture": "a signed address of a remote picture",
    "pledge:statement": "a published statement",
    "dev:letter": "a letter of ours, shown to whoever develops",
    "dev:formatted": "a letter of ours, shown to whoever develops",
    "dev:raw": "a letter of ours, shown to whoever develops",
}
BOXES = ("mine", "waiting", "open", "snoozed", "closed", "quarantined", "spam")
# The form of every act upon a conversation, the same for both twins.
FORMS: dict[str, dict[str, object]] = {
    "desk:reply": {"words": "Try again.", "seen": "999999"},
    "desk:note": {"words": "Asked Grace."},
    "desk:draft": {"words": "Tr", "kind": "agent"},
    "desk:here": {},
    "desk:assign": {"to": ""},
    "desk:take": {"reason": "The same outage"},
    "desk:put-back": {"reason": "Not my field"},
    "desk:snooze": {"until": "tomorrow"},
    "desk:close": {},
    "desk:reopen": {},
    "desk:release": {},
    "desk:tag": {"tags": "start, again"},
    "desk:need": {"need": "blocked", "reason": "Nothing works"},
    "desk:merge": {"into": "999999"},
    "desk:suggestion": {"suggestion": "999999", "answer": "yes"},
    "desk:draft-files": {"kind": "agent"},
    "desk:draft-picture": {"kind": "agent"},
    "desk:call-spam": {},
    "desk:call-wanted": {},
    "desk:same-person": {"address": "robin@home.example", "reason": "They said so"},
    "desk:undo-join": {"join": "999999", "reason": "Another Robin"},
    "desk:end-links": {"person": "999999"},
    "desk:take-back": {},
    "desk:try-now": {},
    "help:reply": {"text": "Hello?"},
    "help:solved": {},
    "help:reopen": {},
    "help:impact": {"going_on": "no", "wish": "fix"},
    "help:rate": {"score": "4", "word": "Fine"},
    "accounts:domains": {"domain": "elsewhere.example"},
    "accounts:bring-in": {"email": "someone@elsewhere.example"},
    "accounts:merge-people": {"into": "999999"},
}


def every_pattern() -> Iterator[tuple[str, list[str]]]:
    """(name, parameters) of every address that is ours."""
    yield from _walk(get_resolver().url_patterns, "")


def _walk(patterns: list, space: str) -> Iterator[tuple[str, list[str]]]:
    for each in patterns:
        if isinstance(each, URLResolver):
            yield from _walk(each.url_patterns, f"{each.namespace}:" if each.namespace else space)
        elif isinstance(each, URLPattern) and each.name and not each.name.startswith(FOREIGN):
            yield f"{space}{each.name}", list(each.pattern.converters)


def values_for(name: str, twin: Twin) -> dict[str, object]:
    """What an address's parameters are for a twin. `pk` means another thing on every page, so those are named."""
    primary = {
        "desk:letter": twin.letter.pk,
        "desk:opened": twin.letter.pk,
        "desk:text": twin.message.pk,
        "desk:formatted": twin.message.pk,
        "desk:take-back": twin.message.pk,
        "desk:try-now": twin.message.pk,
        "pledge:proof-path": 1,  # a statement; where none was made, both get the same 404
        "accounts:organisation": twin.account.pk,
        "accounts:domains": twin.account.pk,
        "accounts:bring-in": twin.account.pk,
        "accounts:merge-people": twin.person.pk,
    }
    known = twin.values()
    if name in primary:
        known["pk"] = primary[name]
    return known


def addresses(name: str, parameters: list[str], twin: Twin) -> list[str]:
    """The address or addresses of one pattern for a twin. LookupError for a parameter nobody has explained."""
    if parameters == ["slug"]:
        return [address_of(name, kwargs={"slug": box}) for box in BOXES]
    known = values_for(name, twin)
    if unexplained := [each for each in parameters if each not in known]:
        raise LookupError(
            f"{name}: say in tests/twins/pages.py what {unexplained} are for a twin, or that it is desk-wide"
        )
    return [address_of(name, kwargs={each: known[each] for each in parameters})]


RANDOM = [
    (re.compile(r'(name="csrfmiddlewaretoken" value=")[^"]+'), r"\1CSRF"),
    (re.compile(r'("X-CSRFToken": ?|csrf-token" content=")[^"]*"?[^">]*'), r"\1CSRF"),
    (re.compile(r'(name="once" value=")[^"]+'), r"\1ONCE"),
    (re.compile(r'(nonce=")[^"]+'), r"\1NONCE"),
    (re.compile(r"(X-CSRFToken&quot;: ?&quot;|X-CSRFToken\\?\": ?\\?\")[A-Za-z0-9]+"), r"\1CSRF"),
]


def settled(text: str) -> str:
    """A page without what is drawn by lot at every request."""
    for pattern, instead in RANDOM:
        text = pattern.sub(instead, text)
    return text


def nameless(text: str, world: World) -> str:
    """A page with the twins' names and secret keys replaced by which twin they are: first or second."""
    words = {
        key: f"ATTACHMENT{n}" for n, key in enumerate(Attachment.objects.order_by("id").values_list("key", flat=True))
    }
    words |= {link.token: f"LINK{n}" for n, link in enumerate(Link.objects.order_by("id"))}
    for name, stands_for in zip(world.names, ("First", "Other"), strict=True):
        words |= {name: stands_for, name.lower(): stands_for.lower()}
    for word, stands_for in words.items():
        text = text.replace(word, stands_for)
    return settled(text)
