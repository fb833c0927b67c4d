"""Which lines introduce a quote. Every question is answered in time linear in the line; no pattern backtracks."""

import re

from evenhand.channels.reading.folding.phrases import FORWARDED, LABELS, OPENERS, ORIGINAL, SENT_FROM, WROTE

LONGEST = 400  # characters of an introducing line, over all the lines it is wrapped into
SHORT = 100
MOST_LINES = 5
COLONS = (":", "：")
HINT = re.compile(r"[\d@<:：]|--|__|——|==|##|rocessed by")  # every mark looked for below holds one of these
DATE = re.compile(r"\d{4}|\d{1,2}[:.h]\d{2}|\d{1,2}[./-]\d{1,2}[./-]\d{2,4}")
STARTS_WITH_DATE = re.compile(
    r"[\"'(]?(?:\w{2,14}\.?,? ){0,2}(?:\d{1,4}[./년年-]\s?\d{1,2}|\d{1,2}\.? \w{3,12}\.?,? \d{4})"
)
ENDS_WITH_TIME = re.compile(r"\d{1,2}[:.]\d{2}(?::\d{2})?(?: ?[AaPp]\.?[Mm]\.?| uhr)?\)?\Z")
QUOTING = ("quoting ", "zitat von ", "citando ", "citation de ", "cytowanie ", "citerar ", "quoting: ")
OLD_GMAIL = re.compile(
    r"\d{4}-\d\d-\d\d \d{1,2}:\d\d GMT[+-]\d\d:\d\d \S|\d{4}[/-]\d{1,2}[/-]\d{1,2} [^<]{0,200}<[^<>@\s]{1,80}@[^<>\s]{1,120}>:?\Z"
)
ADDRESS = re.compile(r"[^\s<>@\"(]{1,80}@[^\s<>@\")]{1,120}")
BRACKETED = re.compile(r"[<\[(](?:mailto:)?[^\s<>@\"()\[\]]{1,80}@[^\s<>@\"()\[\]]{1,120}[>\])]")
LABELLED = re.compile(r"[>*|\s]{0,20}[^\W\d][^:：<>@/]{0,30}[:：]\*?\s*\S")
DAY = re.compile(r"\d{4}|\d{1,2}[./-]\d{1,2}[./-]\d{2}")
TIME = re.compile(r"\d{1,2}[:.]\d{2}")
RULES = ("--", "__", "——", "==", "##")
DASHED = re.compile(r"[*>\s]*(?:[-_=—–]{2,}|##)")
PROCESSED = "original message processed by"
TRIM = " \t*_-=—–>:：.[]|#"
ROLE = {label: role for role, labels in LABELS.items() for label in labels}
SEPARATOR = re.compile(r"\s*(?:[—–]{1,60}|-{2,60}|_{2,200}|={3,200}|\*{3,200}|#{4,200}|~{3,200}|\+{4,200})\s*\Z")
RULED = "-—–_=*#~+"
MOST_ARMOUR = 20
ARMOUR = {  # the line with which each begins, and that with which it ends
    "-----BEGIN PGP SIGNED MESSAGE-----": "",
    "-----BEGIN PGP SIGNATURE-----": "-----END PGP SIGNATURE-----",
    "-----BEGIN PGP PUBLIC KEY BLOCK-----": "-----END PGP PUBLIC KEY BLOCK-----",
}
FROM_DEVICE = re.compile(
    r"(?:\w{1,30} )?from mobile\b|from my (?:i?phone|ipad|ipod|android|mobile|cell|tablet|blackberry|samsung|galaxy|htc|nokia|windows)\b"
)
QUOTE_MARKS = (">", "＞")
TRACKERS = {"ᐧ", "\u200b"}  # what some trackers of opened mail leave as text
INVISIBLE = {
    0xA0: " ",
    0x202F: " ",
    **dict.fromkeys((0x200B, 0x200E, 0x200F, *range(0x202A, 0x202F), *range(0x2066, 0x206A))),
}
INITIALS = re.compile(r"[A-Z]{1,3}>")


def introduction(lines: list[str], at: int) -> int:
    """How many lines, from lines[at] on, make up an "On …, … wrote:"; 0 if they do not."""
    first = lines[at].strip()
    if (
        not 4 < len(first) <= LONGEST
        or not HINT.search(first)
        or not (opens(first) or "@" in first or first.endswith(COLONS) or first.startswith("--"))
    ):
        return 0
    if OLD_GMAIL.match(first) and not first.endswith("."):
        return 1 + (not first.endswith(COLONS) and at + 1 < len(lines) and lines[at + 1].strip() in COLONS)
    joined = first
    for count in range(1, MOST_LINES + 1):
        if wrote(joined) or (names_a_writer(joined) and quoted_next(lines, at + count)):
            return count
        line = lines[at + count].strip().lstrip(">").strip() if at + count < len(lines) else ""
        if not runs_on(first, joined, line, lines, at + count):
            return 0
        joined = f"{joined} {line}".strip()
        if len(joined) > LONGEST:
            return 0
    return 0


def runs_on(first: str, joined: str, line: str, lines: list[str], at: int) -> bool:
    """Whether an introduction that is not whole yet may go on in the next line.

    Over an empty line it goes on only to an address in brackets; and never into a line that is one by itself.
    """
    if at >= len(lines) or not (opens(first) or joined.endswith("<") or ADDRESS.search(first)):
        return False
    if not line:
        return at + 1 < len(lines) and lines[at + 1].strip()[:1] in ("<", "(", "[") and bool(lines[at + 1].strip())
    ended = joined.endswith((".", "!", "?", ":")) and not joined[-2:-1].isdigit()  # "23." and "June" are one date
    return not (ended and line[:1].isupper()) and not (opens(line) and wrote(line))


def names_a_writer(text: str) -> bool:
    """Whether a line ends in a colon and names an address in brackets or says, with or without a day, that somebody wrote.

    Above a quote that introduces it, in whatever language; elsewhere it may be anything.
    """
    text = text.translate(INVISIBLE).rstrip("*_ ")
    tail = text[-80:].rstrip(":： ").lower()
    if not text.endswith(COLONS) or len(text) > LONGEST:
        return False
    return (
        bool(BRACKETED.search(text))
        or tail.endswith(WROTE)
        or (any(f" {verb} " in tail for verb in WROTE) and bool(DATE.search(tail)))
    )


def quoted_next(lines: list[str], at: int) -> bool:
    """Whether the next line with anything on it carries a quote mark."""
    following = next((line.lstrip() for line in lines[at : at + MOST_LINES] if line.strip()), "")
    return following.startswith(QUOTE_MARKS)


def opens(text: str) -> bool:
    """Whether a line begins as introductions do: with a word such as "On", or with a date."""
    bare = text.translate(INVISIBLE).lstrip("*_\"'>(- ")
    opener = bare.split(" ", 1)[0].lower().rstrip(",.")
    return opener in OPENERS or bool(STARTS_WITH_DATE.match(bare)) or opener.startswith(("在", "于", "於", "ב"))


def wrote(text: str) -> bool:
    """Whether a whole line says that somebody wrote something at some time."""
    text = text.translate(INVISIBLE)
    dashed = text.startswith("--") and text.endswith("--")
    bare = text.strip("-*_ ") if dashed else text.rstrip("*_ ")
    if not dashed and not bare.endswith(COLONS):
        return False
    tail = bare[-60:].rstrip(":： *_").lower()
    address = ADDRESS.search(text)
    dated = DATE.search(text)
    if not address and not dated:
        return (dashed or " via " in text) and len(text) < SHORT and tail.endswith(WROTE)
    begins = opens(bare)
    if address and bare.lower().startswith(QUOTING):
        return True
    if ENDS_WITH_TIME.search(tail) and any(f" {verb} " in tail for verb in WROTE):
        return not tail.startswith("i wrote") and " i wrote " not in tail
    if tail.endswith(WROTE) or (any(verb in tail for verb in WROTE) and begins):
        return bool(address or begins) and not tail.endswith("i wrote")
    return bool(begins and dated and address and address.end() >= len(bare) - 4)


def divider(line: str) -> str:
    """ "original" or "forwarded" if the line is a mail program's rule above the letter it holds, else ""."""
    dashed = any(rule in line for rule in RULES)
    if not dashed and not line.rstrip("* \t").endswith(COLONS):
        return "original" if line.lstrip(" [*")[:60].lower().startswith(PROCESSED) else ""
    text = line.strip()
    if not 4 < len(text) < 200 or (dashed and not DASHED.match(text)):
        return ""
    phrase = lowered(text.replace("&nbsp;", " ").translate(INVISIBLE).strip(TRIM))
    if phrase in FORWARDED or phrase.startswith("forwarded by "):
        return "forwarded"
    return "original" if dashed and phrase in ORIGINAL else ""


def lowered(phrase: str) -> str:
    """A phrase as the tables spell it: the Turkish capital İ an i, and a hyphen of any kind a hyphen."""
    return phrase.lower().replace("i\u0307", "i").replace("\u2011", "-").replace("\u2010", "-")


def role(line: str) -> str:
    """What a header label stands for ("from", "date", …), or ""."""
    if ":" not in line and "：" not in line:
        return ""
    head = line[:70].replace("：", ":")
    label, colon, _ = head.partition(":")
    return ROLE.get(lowered(label.translate(INVISIBLE).strip(" \t>*|_")), "") if colon else ""


def header_block(lines: list[str], at: int) -> int:
    """How many lines, from lines[at] on, are the headers of a quoted letter; 0 if they are not.

    Three different labels are needed, of which one says who wrote or what about; and a subject, an address or an hour,
    by which "From: Berlin, To: Paris, Date: Friday" is told from them.
    """
    if not role(lines[at]):
        return unknown_header(lines, at)
    roles: set[str] = set()
    last = at
    for place in range(at, min(len(lines), at + 14)):
        found = role(lines[place])
        if found:
            roles.add(found)
            last = place
        elif place - last > 2:
            break
    if len(roles & {"from", "date", "to", "subject", "reply-to"}) < 3 or not roles & {"from", "subject"}:
        return 0
    block = [line.translate(INVISIBLE) for line in lines[at : last + 1]]
    telling = "subject" in roles or any("@" in line or (DAY.search(line) and TIME.search(line)) for line in block)
    return len(block) if telling else 0


def unknown_header(lines: list[str], at: int) -> int:
    """How many lines are the headers of a quoted letter in a language that no table knows; 0 if they are none.

    At least three lines of one label each, without a gap, of which one names an address in brackets and another a
    day and a time, as no form does that somebody filled in.
    """
    labelled = []
    for line in (line.translate(INVISIBLE) for line in lines[at : at + 6]):
        if not LABELLED.match(line) or len(line) > LONGEST:
            break
        labelled.append(line)
    if len(labelled) < 3:
        return 0
    named = next((line for line in labelled[:3] if BRACKETED.search(line)), "")
    dated = any(DAY.search(line) and TIME.search(line) for line in labelled if line != named)
    return len(labelled) if named and dated else 0


def separator(bare: str) -> bool:
    """A line of nothing but dashes or the like, without the space around it."""
    return 0 < len(bare) < 250 and bool(SEPARATOR.match(bare))


def quotes(lines: list[str], bare: list[str]) -> list[bool]:
    """Which lines carry a quote mark: ">", or a writer's initials ("JD> ") on three lines of which one is bare."""
    found = [line.startswith(QUOTE_MARKS) for line in bare]
    at = 0
    while at < len(lines):
        mark = INITIALS.match(lines[at]) if ">" in lines[at][1:4] else None
        start, at = at, at + 1
        while mark and at < len(lines) and lines[at].startswith(mark.group()):
            at += 1
        if mark and at - start >= 3 and mark.group() in bare[start:at]:
            found[start:at] = [True] * (at - start)
    return found


def bars(lines: list[str], found: list[bool], at: int) -> None:
    """After an introduction, and only there, a bar is a quote mark; elsewhere it draws a table."""
    while at < len(lines) and (not lines[at].strip() or lines[at].startswith("|")):
        found[at] = bool(lines[at].strip())
        at += 1


def armour(bare: list[str]) -> list[tuple[int, int]]:
    """The lines that PGP puts around the words that it signs, and the keys that come with them."""
    found: list[tuple[int, int]] = []
    begins = [at for at, line in enumerate(bare) if line in ARMOUR][:MOST_ARMOUR]
    for start in begins:
        end = ARMOUR[bare[start]]
        if end in bare[start + 1 : start + LONGEST]:
            found.append((start, bare.index(end, start + 1) + 1))
    return found


def signed_by_program(line: str) -> bool:
    """A line such as "Sent from my phone"."""
    text = line.strip().strip("*_-—[(<").strip().lower()
    return 5 < len(text) < 200 and (text.startswith(SENT_FROM) or bool(FROM_DEVICE.match(text)))
