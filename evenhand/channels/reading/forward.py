"""A letter that somebody passes on: who wrote it first, and what."""

from dataclasses import dataclass

from evenhand.channels.reading.filename import is_letter
from evenhand.channels.reading.folding import marks
from evenhand.channels.reading.letter import Attachment, Letter, Mailbox
from evenhand.channels.reading.mailbox import mailboxes
from evenhand.channels.reading.read import read_file
from evenhand.channels.reading.subject import bare, passed_on

MOST_LINES = 2_000  # looked at for the header of the letter inside
HEADER_LINES = 14


@dataclass(frozen=True, slots=True)
class Forward:
    """The letter inside, and in `preface` what was written above it by whoever passes it on. Its HTML and its files
    are known apart from theirs only where it is attached."""

    sender: Mailbox
    subject: str
    text: str
    preface: str
    html: str
    attachments: tuple[Attachment, ...] = ()


def forward_in(letter: Letter) -> Forward | None:
    """The one letter that this one passes on; None where there is none, or where its writer's address is not given."""
    attached = [each for each in letter.attachments if is_letter(each.name, each.type)]
    if len(attached) == 1 and (inside := read_file(attached[0].content, detects=False)).sender.address:
        subject = bare(inside.subject) or bare(letter.subject)
        return Forward(inside.sender, subject, inside.text, letter.reply, inside.html, inside.attachments)
    return _in_text(letter) if letter.forwarded or passed_on(letter.subject) else None


def _in_text(letter: Letter) -> Forward | None:
    lines = letter.text.split("\n")
    for at, line in enumerate(lines[:MOST_LINES]):
        size = marks.header_block(lines, at) if line.strip() else 0
        if size:
            header = lines[at : at + size]
            sender = _named(header, "from")
            above = [each for each in lines[:at] if not marks.divider(each) and not marks.separator(each.strip())]
            below = "\n".join(each.removeprefix("> ") for each in lines[at + size :]).strip()
            preface = "\n".join(above).strip()
            return Forward(sender, bare(letter.subject), below, preface, letter.html) if sender.address else None
    return None


def _named(header: list[str], role: str) -> Mailbox:
    """Who stands in one of the lines of a header as mail programs write it into a text."""
    value = next((line.replace("：", ":").partition(":")[2] for line in header if marks.role(line) == role), "")
    value = (
        value.strip(" \t*").replace("[mailto:", "<").replace("]", ">") if "[mailto:" in value else value.strip(" \t*")
    )
    found = [each for each in mailboxes(value.encode()) if each.address]
    return found[0] if len(found) == 1 else Mailbox("", "")
