"""Reports that a letter did not arrive: RFC 3464 first, then what mail systems write in words."""

import re
from collections.abc import Iterator
from email import message_from_bytes

from evenhand.channels.reading.automatic import ROBOTS
from evenhand.channels.reading.charset import decode
from evenhand.channels.reading.headers import Headers, header_end
from evenhand.channels.reading.letter import Bounce, Mailbox
from evenhand.channels.reading.limits import PastLimitError
from evenhand.channels.reading.part import Part

LOOKED_AT = 64 * 1024  # characters of a report's text; bytes of a letter for the library
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
SUBJECTS = (
    "undeliver", "undelivered", "returned mail", "mail delivery fail", "mail delivery system", "delivery status notif", "delivery failure", "delivery fail", "delivery has failed", "failure notice", "failure delivery", "delivery notification", "message status",
    "non delivery", "nondeliverable", "non-delivery", "mail could not be delivered", "mail not delivered", "message not delivered", "could not send message", "returned to sender", "return to sender", "message could not be delivered", "unable to deliver",
    "warning: could not send", "warning: message", "mail system error", "delivery problem", "delivery error", "permanent delivery", "notification d'échec", "échec de la remise", "non remis", "unzustellbar", "nicht zugestellt", "zustellung fehlgeschlagen",
    "fehlgeschlagene zustellung", "no se puede entregar", "no entregado", "error de entrega", "no se ha podido entregar", "não foi possível entregar", "falha na entrega", "impossibile recapitare", "mancato recapito", "onbestelbaar", "niet bezorgd", "kunde inte levereras",
    "kunne ikke leveres", "ei voitu toimittaa", "nie można dostarczyć", "niedostarczalne", "nelze doručit", "nedoručitelné", "kézbesíthetetlen", "недоставлен", "не доставлен", "невозможно доставить", "не удалось доставить", "teslim edilemedi", "未送达", "无法投递",
    "退信", "系统退信", "未傳遞", "配信不能", "配信できません", "送信できません", "エラーメール", "メールエラー", "전송 실패", "배달되지 않", "לא ניתן למסירה", "تعذر التسليم", "error sending", "delayed mail", "delivery delay", "transient failure", "mail failure", "email delivery failure", "rejected:",
    "delivery report", "user unknown", "your message couldn't be delivered", "mail error", "message undeliverable", "dead letter", "bounced mail", "deferred mail",
)  # fmt: skip
TEMPORARY = (
    "delayed",
    "will retry",
    "will be retried",
    "still trying",
    "not been delivered yet",
    "temporar",
    "transient",
    "warning message only",
    "do not need to resend",
    "full",
    "quota",
)


def bounce_of(root: Part, sender: Mailbox, subject: str, text: str, contents: dict[int, bytes]) -> Bounce | None:
    """The report that this letter is, or None if it is none. A receipt that a letter arrived is no bounce.

    `contents` are the decoded parts by identity.
    """
    parts = list(root.walk())
    reports = [part for part in parts if part.type in ("message/delivery-status", "message/global-delivery-status")]
    for part in reports:
        data = contents.get(id(part), b"")
        if bounce := reported(data, original_id(parts, text, contents)):
            return bounce
    if any(part.type in ("message/feedback-report", "message/disposition-notification") for part in parts) or (
        reports and delivered(contents.get(id(reports[0]), b""))
    ):
        return None
    if not suspected(root, sender, subject, text):
        return None
    return in_words(root, sender, text, original_id(parts, text, contents))


def groups(data: bytes) -> Iterator[Headers]:
    """The groups of fields of a delivery report, the first of which is about the letter and the others about one address each."""
    for block in re.split(rb"\n\s*\n", data[:LOOKED_AT].replace(b"\r\n", b"\n").replace(b"\r", b"\n").strip()):
        try:
            yield Headers(block)
        except PastLimitError:
            return


def reported(data: bytes, original: str) -> Bounce | None:
    """The first address that failed, or else was delayed, according to RFC 3464."""
    found = [bounce for group in groups(data) if (bounce := about_address(group, original))]
    return next((bounce for bounce in found if bounce.permanent), found[0] if found else None)


def about_address(group: Headers, original: str) -> Bounce | None:
    """One group of a delivery report, if it tells of a failure or a delay."""
    action = group.text("action").lower().split(" ")[0].split(";")[0]
    status = STATUS.search(group.text("status"))
    code = ".".join(status.groups()) if status else ""
    address = (
        address_in(group.text("final-recipient"))
        or address_in(group.text("original-recipient"))
        or address_in(group.text("x-actual-recipient"))
    )
    if not action and not code:
        return None
    if (action and action not in FAILED) or code.startswith("2"):
        return None
    diagnosis = STATUS.search(group.text("diagnostic-code"))
    if diagnosis and diagnosis.group(1) != "2" and (not code or code.endswith(".0.0")):
        code = ".".join(diagnosis.groups())
    return Bounce(
        address, code, permanent=code.startswith("5") if code else action != "delayed", original_message_id=original
    )


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
    if root.headers.raw("x-failed-recipients") or root.type == "multipart/report":
        return True
    local = sender.address.partition("@")[0]
    from_system = bool(FROM_SYSTEM.search(local + " " + sender.name))
    empty_path = "return-path" in root.headers and root.headers.raw("return-path") in (b"<>", b"")
    if not (from_system or empty_path or not local or ROBOTS.fullmatch(local)):
        return False
    lowered = subject.lower()
    if any(phrase in lowered for phrase in SUBJECTS) and not lowered.startswith(("re:", "aw:", "sv:", "fwd:", "fw:")):
        return True
    return from_system and bool(STATUS.search(text[:4000]) or REPLY_CODE.search(text[:4000]))


def in_words(root: Part, sender: Mailbox, text: str, original: str) -> Bounce | None:
    """What a mail system wrote for people: its codes, and the address it names."""
    head = text[:LOOKED_AT]
    known = by_library(root, original)
    address = (
        address_in(root.headers.text("x-failed-recipients").partition(",")[0])
        or (known[0] if known else "")
        or first_address(head, sender, original)
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
        permanent = known[1] if known else not any(phrase in lowered for phrase in TEMPORARY)
    return Bounce(address, code, permanent, original)


def first_address(text: str, sender: Mailbox, original: str) -> str:
    """The first address that a report names, other than its writer's."""
    found = (match.group() for match in ADDRESS.finditer(text[:8000]))
    return next(
        (
            address
            for address in found
            if address.lower() not in (sender.address.lower(), original.lower()) and not FROM_SYSTEM.search(address)
        ),
        "",
    )


def by_library(root: Part, original: str) -> tuple[str, bool] | None:
    """What flufl.bounce makes of it: an address, and whether it failed for good. It raises on some letters."""
    from flufl.bounce import all_failures

    try:
        temporary, permanent = all_failures(message_from_bytes(root.raw[root.start : root.start + LOOKED_AT]))
    except Exception:  # noqa: BLE001  its answer is a help where ours has none, and never needed
        return None
    for found, lasting in ((permanent, True), (temporary, False)):
        for address in sorted(found):
            text = address.decode("ascii", "replace") if isinstance(address, bytes) else str(address)
            if "@" in text and text != original:
                return text, lasting
    return None
