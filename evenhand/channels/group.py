"""Letters that came through a group of ours (a mailing list that is the support address). Of a sender whose domain forbids
others to send in its name, a group writes its own address into From, and the sender's beside it."""

from __future__ import annotations

import re
from dataclasses import replace

from .arrived import Arrived
from .reading import Authentication, Mailbox
from .reading.mailbox import mailboxes
from .verifying import OURS

WRITTEN_IN = ("x-original-from", "x-original-sender", "reply-to")
VIA = re.compile(r"'?(.{1,200}?)'? via .{1,200}", re.DOTALL)
SAID = "It came through {}, which says who wrote it; that was not checked here."


def without_group(letter: Arrived) -> Arrived:
    """The letter as from whoever wrote it. Only where it is verified that it comes from the group: else anybody could
    write in its name. The writer is believed no more than any other From that nobody checked."""
    said = letter.said
    if not (letter.of_ours() and letter.verdict.passed is True and is_group(said.list_id, letter)):
        return letter
    writer = _writer(letter)
    if writer is None or writer.address.lower() in letter.boxes:
        return letter
    domain = writer.address.rpartition("@")[2].lower()
    at_ours = domain in letter.here.domains
    verdict = Authentication(
        False if at_ours else None, reason=OURS.format(domain) if at_ours else SAID.format(letter.sender)
    )
    return replace(letter, said=replace(said, sender=writer), verdict=verdict)


def is_group(list_id: str, letter: Arrived) -> bool:
    """Whether a list is one of the desk's own addresses, as lists are named after theirs."""
    return any(list_id.lower() == each.replace("@", ".") for each in letter.boxes)


def _writer(letter: Arrived) -> Mailbox | None:
    """The one whom the group names, if it is exactly one."""
    headers = dict(reversed(letter.said.headers))
    for name in WRITTEN_IN:
        found = [each for each in mailboxes(headers.get(name, "").encode("utf-8", "replace")) if each.address]
        if len(found) == 1:
            via = VIA.fullmatch(letter.said.sender.name)
            return Mailbox(found[0].name or (via[1] if via else ""), found[0].address)
    return None
