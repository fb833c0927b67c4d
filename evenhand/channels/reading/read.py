"""`read_letter`: any bytes in, one `Letter` out."""

from dataclasses import replace

from evenhand.channels.reading import limits, outlook
from evenhand.channels.reading.automatic import REPORT, automatic_reason, out_of_office
from evenhand.channels.reading.bounce import bounces_of
from evenhand.channels.reading.charset import GUESSES_LEFT, MOST_GUESSES
from evenhand.channels.reading.compound import SIGNATURE, UnreadableFileError
from evenhand.channels.reading.content import content_of
from evenhand.channels.reading.envelope import envelope_of
from evenhand.channels.reading.headers import LEADING, Headers, header_end
from evenhand.channels.reading.language import language_of
from evenhand.channels.reading.letter import Letter
from evenhand.channels.reading.part import structure
from evenhand.channels.reading.sealed import CLOSED, PGP_ENCRYPTED, SMIME_ENCRYPTED, protection
from evenhand.channels.reading.subject import only_passed_on
from evenhand.channels.reading.wording import wording_of

UNREADABLE = "This letter could not be displayed: {}. The raw letter is kept and can be opened."


def read_letter(raw: bytes, *, detects: bool = True) -> Letter:
    """Everything that the letter says. Never raises: what cannot be read is named in `problems`, and `text` says so.

    `detects`: the language too, for which a process needs 100 MiB.
    """
    GUESSES_LEFT.set(MOST_GUESSES)
    try:
        return understood(raw, detects=detects)
    except limits.PastLimitError as limit:
        return unreadable(raw, str(limit))
    except Exception as error:  # noqa: BLE001  a letter is never lost to a mistake of ours: it is shown as unreadable
        return unreadable(raw, f"reading it failed ({type(error).__name__})")


def read_file(raw: bytes, *, detects: bool = True) -> Letter:
    """A letter in a file, as people attach and keep them: also one that Outlook saved (.msg). Never raises."""
    if not raw.startswith(SIGNATURE):
        return read_letter(raw, detects=detects)
    try:
        saved = outlook.saved_letter(raw)
    except (UnreadableFileError, limits.PastLimitError) as why:
        return unreadable(b"", str(why))
    except Exception as error:  # noqa: BLE001  as above
        return unreadable(b"", f"reading it failed ({type(error).__name__})")
    letter = read_letter(saved.raw, detects=detects)
    return replace(letter, problems=(*saved.problems, *letter.problems))


def understood(raw: bytes, *, detects: bool = True) -> Letter:
    """The letter, if it is within the limits.

    Raises:
        PastLimitError: it is not.
    """
    if len(raw) > limits.MAX_BYTES:
        raise limits.PastLimitError(f"it is larger than {limits.MAX_BYTES // 1024 // 1024} MB")
    raw = with_line_feeds(raw)
    root = structure(raw, start_of(raw))
    root.headers.hint = root.params.get("charset", "")
    envelope = envelope_of(root.headers)
    content = content_of(root)
    seals = protection(root, content.text)
    if (PGP_ENCRYPTED in seals or SMIME_ENCRYPTED in seals) and not (content.text.strip() or content.source):
        content.text = CLOSED
    if not (content.text.strip() or content.source) and any(
        "HTML could not" in problem for problem in content.problems
    ):
        content.text = content.problems[0]
    wording = wording_of(content, only_passed_on(envelope.subject))
    if root.type == "multipart/report":  # a receipt names the letter it is about as a quote does, and is all new
        wording = wording.whole()
    types = {part.type for part in root.walk()} | {root.headers.text("content-type").partition(";")[0].strip().lower()}
    bounces = bounces_of(root, envelope.sender, envelope.subject, wording.text, content.data)
    reason = automatic_reason(root.headers, envelope.sender, envelope.subject, types) or (bounces and REPORT) or ""
    return Letter(
        sender=envelope.sender,
        to=envelope.to,
        cc=envelope.cc,
        reply_to=envelope.reply_to,
        subject=envelope.subject,
        date=envelope.date,
        message_id=envelope.message_id,
        in_reply_to=envelope.in_reply_to,
        references=envelope.references,
        text=wording.text,
        reply=wording.reply,
        quoted=wording.quoted,
        forwarded=wording.forwarded,
        html=wording.html,
        html_reply=wording.html_reply,
        html_quoted=wording.html_quoted,
        attachments=tuple(content.attachments),
        language=_language(envelope.subject, wording.reply) if detects and (content.text or content.source) else "",
        automatic=bool(reason),
        automatic_reason=reason,
        out_of_office=out_of_office(root.headers, envelope.subject, wording.text),
        bounces=bounces,
        list_id=envelope.list_id,
        protection=seals,
        problems=(*envelope.problems, *content.problems, *seals),
        headers=root.headers.decoded(),
    )


def _language(subject: str, reply: str) -> str:
    """By its own words; by those of the subject too where they are too few, for a subject may have been anybody's."""
    return language_of(reply) or language_of(f"{subject}\n{reply}")


def with_line_feeds(raw: bytes) -> bytes:
    """A letter whose only line ends are carriage returns (old Macs, some archives) with line feeds instead."""
    return raw.replace(b"\r", b"\n") if b"\n" not in raw else raw


def start_of(raw: bytes) -> int:
    """Past empty lines and the `From ` line of a mailbox file."""
    match = LEADING.match(raw)
    return match.end() if match else 0


def unreadable(raw: bytes, reason: str) -> Letter:
    """What can still be said of a letter that is past a limit: who, to whom and about what, from its first headers."""
    sentence = UNREADABLE.format(reason)
    letter = Letter(text=sentence, reply=sentence, problems=(sentence,))
    try:
        raw = with_line_feeds(raw[: limits.MAX_HEADER_BYTES])
        start = start_of(raw)
        stop, _ = header_end(raw, start, len(raw))
        envelope = envelope_of(Headers.leniently(raw[start:stop]))
        return replace(
            letter,
            sender=envelope.sender,
            to=envelope.to,
            cc=envelope.cc,
            reply_to=envelope.reply_to,
            subject=envelope.subject,
            date=envelope.date,
            message_id=envelope.message_id,
            problems=(sentence, *envelope.problems),
        )
    except Exception:  # noqa: BLE001  the reason above already says that this letter is beyond reading
        return letter
