"""Reports that a letter did not arrive: RFC 3464 first, then what mail systems write in words."""

import re
from collections.abc import Iterator
from dataclasses import replace
from email import message_from_bytes

from evenhand.channels.reading.automatic import ROBOTS, away_subject
from evenhand.channels.reading.charset import decode
from evenhand.channels.reading.headers import Headers, header_end
from evenhand.channels.reading.letter import Bounce, Mailbox
from evenhand.channels.reading.limits import PastLimitError
from evenhand.channels.reading.mailbox import mailboxes
from evenhand.channels.reading.part import Part
from evenhand.channels.reading.undelivered import CHALLENGES, OPENINGS, PERMANENT, REPORTED, SUBJECTS, TEMPORARY

LOOKED_AT = 64 * 1024  # characters of a report's text; bytes of a letter for the library
MOST_ADDRESSES = 100  # of one report; a letter of ours has at most twenty
BEGINNING, OPENING = 1_500, 300  # characters in which a mail system says what it reports
ADDRESS = re.compile(
    r"[A-Za-z0-9._%+=/!#$&'*^{|}~-]{1,64}@[A-Za-z0-9](?:[A-Za-z0-9.-]{0,252}[A-Za-z0-9])?|[^\s<>@\"()\[\],;:]{1,64}@[\w.-]{1,253}\w"
)
STATUS = re.compile(r"(?<![\d.])([245])\.(\d{1,3})\.(\d{1,3})(?![\d.])")
REPLY_CODE = re.compile(r"(?<![\d.:/-])([45])([0-5]\d)(?=[ \-:,#)]|\Z)")
ORIGINAL_ID = re.compile(r"^[> \t]{0,8}Message-ID:\s{0,8}<([^<>\s]{1,998})>", re.IGNORECASE | re.MULTILINE)
FAILED = {"failed", "failure", "failed.", "delayed", "expired"}
FROM_SYSTEM = re.compile(
    r"mailer[-_.]?daemon|post[-_.]?master|mail[-_.]?delivery|mdaemon|mail administrator|delivery subsystem|system administrator|mail[-_.]?system|bounce",
    re.IGNORECASE,
)


def bounces_of(root: Part, sender: Mailbox, subject: str, text: str, contents: dict[int, bytes]) -> tuple[Bounce, ...]:
    """The report that this letter is: whom the letter did not reach, those first to whom it never will. Nothing if it
    is none; a receipt that a letter arrived is no bounce.

    `contents` are the decoded parts by identity.
    """
    parts = list(root.walk())
    reports = [part for part in parts if part.type in ("message/delivery-status", "message/global-delivery-status")]
    found = [each for part in reports for each in reported(contents.get(id(part), b""))]
    if found:
        return each_once(found, original_id(parts, text, contents))
    receipt = any(part.type in ("message/feedback-report", "message/disposition-notification") for part in parts)
    if (receipt and "rejected" not in subject.lower()) or (reports and delivered(contents.get(id(reports[0]), b""))):
        return ()
    if not suspected(root, sender, subject, text):
        return ()
    original = original_id(parts, text, contents)
    return each_once(in_words(root, sender, text, original), original)


def each_once(found: list[Bounce], original: str) -> tuple[Bounce, ...]:
    """Every address with the worst that is said of it, those first that are given up."""
    sorted_out = sorted(found, key=lambda each: not each.permanent)
    worst = {each.address.lower(): each for each in reversed(sorted_out)}
    named = [each for each in sorted_out if worst[each.address.lower()] is each and (each.address or len(worst) == 1)]
    return tuple(replace(each, original_message_id=original) for each in named[:MOST_ADDRESSES])


def groups(data: bytes) -> Iterator[Headers]:
    """The groups of fields of a delivery report, the first of which is about the letter and the others about one address each."""
    for block in re.split(rb"\n\s*\n", data[:LOOKED_AT].replace(b"\r\n", b"\n").replace(b"\r", b"\n").strip()):
        try:
            yield Headers(block)
        except PastLimitError:
            return


def reported(data: bytes) -> list[Bounce]:
    """Every address that failed or was delayed, according to RFC 3464."""
    return [bounce for group in groups(data) if (bounce := about_address(group))]


def about_address(group: Headers) -> Bounce | None:
    """One group of a delivery report, if it tells of a failure or a delay."""
    action = group.text("action").lower().split(" ")[0].split(";")[0]
    status = STATUS.search(group.text("status"))
    code = ".".join(status.groups()) if status else ""
    address = reached(group)
    if not action and not code:
        return None
    if (action and action not in FAILED) or code.startswith("2"):
        return None
    diagnosis = STATUS.search(group.text("diagnostic-code"))
    if diagnosis and diagnosis.group(1) != "2" and (not code or code.endswith(".0.0")):
        code = ".".join(diagnosis.groups())
    lasting = action != "delayed" and not code.startswith("4")
    return Bounce(address, code, permanent=lasting)


def reached(group: Headers) -> str:
    """Whom it was written to; the name of a mailbox within the mail system only where no other is given."""
    named = [address_in(group.text(name)) for name in ("final-recipient", "original-recipient", "x-actual-recipient")]
    return next((one for one in named if "." in one.rpartition("@")[2]), next(filter(None, named), ""))


def delivered(data: bytes) -> bool:
    return any(group.text("action").lower().startswith(("delivered", "relayed", "expanded")) for group in groups(data))


def address_in(value: str) -> str:
    """The address in `rfc822; <jane@example.com>`."""
    match = ADDRESS.search(value.rpartition(";")[2])
    return match.group() if match else ""


def original_id(parts: list[Part], text: str, contents: dict[int, bytes]) -> str:
    """The Message-ID of the letter that did not arrive, from the copy of it or of its headers."""
    for part in parts[1:]:
        if part.type in (
            "message/rfc822",
            "message/global",
            "text/rfc822-headers",
            "message/rfc822-headers",
            "message/global-headers",
        ):
            data = contents.get(id(part), b"")[:LOOKED_AT]
            stop, _ = header_end(data, 0, len(data))
            if match := ORIGINAL_ID.search(decode(data[:stop] or data)):
                return match.group(1)
    match = ORIGINAL_ID.search(text[:LOOKED_AT])
    return match.group(1) if match else ""


def suspected(root: Part, sender: Mailbox, subject: str, text: str) -> bool:
    """Whether a letter without a delivery report looks like one of a mail system: by two signs, never by one."""
    beginning, lowered = text[:BEGINNING].lower(), subject.lower()
    if away_subject(subject) or any(phrase in beginning for phrase in CHALLENGES):
        return False
    if root.headers.raw("x-failed-recipients") or root.type == "multipart/report":
        return True
    answered = lowered.startswith(("re:", "aw:", "sv:", "fwd:", "fw:"))
    subject_says = not answered and any(phrase in lowered for phrase in SUBJECTS)
    if subject_says and any(phrase in beginning[:OPENING] for phrase in OPENINGS):
        return True
    local = sender.address.partition("@")[0]
    from_system = bool(FROM_SYSTEM.search(local + " " + sender.name))
    empty_path = "return-path" in root.headers and root.headers.raw("return-path") in (b"<>", b"")
    if not (from_system or empty_path or not local or ROBOTS.fullmatch(local)):
        return False
    if subject_says or ((from_system or empty_path) and any(phrase in beginning for phrase in REPORTED)):
        return True
    return from_system and bool(STATUS.search(text[:4000]) or REPLY_CODE.search(text[:4000]))


def in_words(root: Part, sender: Mailbox, text: str, original: str) -> list[Bounce]:
    """What a mail system wrote for people: its codes, and the addresses it names. A code in the words is of the first;
    which is of which of the others, nobody can say."""
    head = text[:LOOKED_AT]
    listed = [each for one in root.headers.text("x-failed-recipients").split(",") if (each := address_in(one))]
    found = by_library(root, original)
    known = found[0] if found else None
    address = (
        (listed[0] if listed else "")
        or (known[0] if known else "")
        or first_address(head, {sender.address, original, *(box.address for box in mailboxes(root.headers.raw("to")))})
    )
    status = STATUS.search(head)
    code = ".".join(status.groups()) if status and status.group(1) != "2" else ""
    reply = REPLY_CODE.search(head)
    lowered = head[:4000].lower()
    if code:
        permanent = code.startswith("5")
    elif reply:
        permanent = reply.group(1) == "5"
    else:
        passing = any(phrase in lowered for phrase in TEMPORARY) or (known is not None and not known[1])
        permanent = not passing or any(phrase in lowered for phrase in PERMANENT)
    further = [(each, permanent) for each in listed[1:]] or (found if address == (known or ("",))[0] else [])
    others = [Bounce(each, "", lasting and permanent) for each, lasting in further if each != address]
    return [Bounce(address, code, permanent), *others]


def first_address(text: str, others: set[str]) -> str:
    """The first address that a report names, other than those of its writer and its reader."""
    known = {address.lower() for address in others}
    found = (match.group() for match in ADDRESS.finditer(text[:8000]))
    return next((one for one in found if one.lower() not in known and not FROM_SYSTEM.search(one)), "")


def by_library(root: Part, original: str) -> list[tuple[str, bool]]:
    """What flufl.bounce makes of it: addresses, and whether each failed for good. It raises on some letters."""
    from flufl.bounce import all_failures

    try:
        temporary, permanent = all_failures(message_from_bytes(root.raw[root.start : root.start + LOOKED_AT]))
    except Exception:  # noqa: BLE001  its answer is a help where ours has none, and never needed
        return []
    named = [(each, True) for each in sorted(permanent, key=str)] + [
        (each, False) for each in sorted(temporary, key=str)
    ]
    texts = ((each.decode("ascii", "replace") if isinstance(each, bytes) else str(each), how) for each, how in named)
    return [(text, how) for text, how in texts if "@" in text and text != original][:MOST_ADDRESSES]
