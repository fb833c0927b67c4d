"""Letters in files: single ones, mailbox files, Maildir folders, and whatever comes down a pipe."""

import re
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

SEPARATOR = b"From "
DATED = re.compile(rb"From \S+\s.*[A-Z][a-z]{2} +\d")
SINGLE = (".eml", ".msg", ".msg822", ".mail", ".mime")
LIKE_A_LETTER = re.compile(rb"\A(?:\xef\xbb\xbf)?\s*(?:From \S|[!-9;-~]{1,60}:\s)")


def letters_in(path: str) -> Iterator[tuple[str, bytes]]:
    """Each letter with the name to show for it: the file, and `#n` for the n-th letter of a mailbox file.

    `path` is a letter, an mbox file, a Maildir, a folder of letters, or "-" for standard input.

    Raises:
        OSError: the path does not exist or may not be read.
    """
    if path == "-":
        yield from split("-", sys.stdin.buffer)
        return
    place = Path(path)
    for file in files_of(place) if place.is_dir() else [place]:
        if file.suffix.lower() in SINGLE or file.parent.name in ("new", "cur"):
            yield str(file), file.read_bytes()  # whatever lines stand in it, it is one
            continue
        with file.open("rb") as lines:
            yield from split(str(file), lines)


def files_of(folder: Path) -> list[Path]:
    """The letters below the folder in one order: of Maildirs, else those that their names say are letters or mailbox
    files, else those that begin as letters do."""
    maildirs = [cur.parent for cur in folder.rglob("cur") if cur.is_dir()]
    if maildirs:
        return sorted(
            file for box in maildirs for kind in ("new", "cur") for file in (box / kind).glob("*") if file.is_file()
        )
    files = sorted(file for file in folder.rglob("*") if file.is_file())
    return [file for file in files if file.suffix.lower() in (*SINGLE, ".mbox")] or list(
        filter(begins_as_letter, files)
    )


def begins_as_letter(file: Path) -> bool:
    with file.open("rb") as content:
        return bool(LIKE_A_LETTER.match(content.read(1_000)))


def split(name: str, lines: Iterable[bytes]) -> Iterator[tuple[str, bytes]]:
    """One letter, or each of a mailbox file (mboxrd: `>From ` in the text loses its mark). Holds one letter at a time."""
    letter: list[bytes] = []
    number, mailbox, after_blank = 0, False, True
    for line in lines:
        if line.startswith(SEPARATOR) and after_blank and (DATED.match(line) if mailbox else not letter):
            if mailbox:
                yield f"{name}#{number}", b"".join(letter)
            number, mailbox, letter = number + 1, True, []
        elif mailbox and line.lstrip(b">").startswith(SEPARATOR) and line.startswith(b">"):
            letter.append(line[1:])
        else:
            letter.append(line)
        after_blank = line in (b"\n", b"\r\n")
    yield (f"{name}#{number}" if mailbox else name), b"".join(letter)
