"""Letters in files: single ones, mailbox files, Maildir folders, and whatever comes down a pipe."""

import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

SEPARATOR = b"From "


def letters_in(path: str) -> Iterator[tuple[str, bytes]]:
    """Each letter with the name to show for it: the file, and `#n` for the n-th letter of a mailbox file.

    `path` is a letter, an mbox file, a Maildir, a folder of `.eml` files, or "-" for standard input.

    Raises:
        OSError: the path does not exist or may not be read.
    """
    if path == "-":
        yield from split("-", sys.stdin.buffer)
        return
    place = Path(path)
    for file in files_of(place) if place.is_dir() else [place]:
        with file.open("rb") as lines:
            yield from split(str(file), lines)


def files_of(folder: Path) -> list[Path]:
    """The letters of a Maildir and of its subfolders, or else every `.eml` and `.mbox` file below the folder, in one order."""
    maildirs = [cur.parent for cur in folder.rglob("cur") if cur.is_dir()]
    if maildirs:
        return sorted(
            file for box in maildirs for kind in ("new", "cur") for file in (box / kind).glob("*") if file.is_file()
        )
    return sorted(
        file for file in folder.rglob("*") if file.suffix.lower() in (".eml", ".mbox", ".msg822") and file.is_file()
    )


def split(name: str, lines: Iterable[bytes]) -> Iterator[tuple[str, bytes]]:
    """One letter, or each of a mailbox file (mboxrd: `>From ` in the text loses its mark). Holds one letter at a time."""
    letter: list[bytes] = []
    number, mailbox, after_blank = 0, False, True
    for line in lines:
        if line.startswith(SEPARATOR) and after_blank and (mailbox or not letter):
            if mailbox:
                yield f"{name}#{number}", b"".join(letter)
            number, mailbox, letter = number + 1, True, []
        elif mailbox and line.lstrip(b">").startswith(SEPARATOR) and line.startswith(b">"):
            letter.append(line[1:])
        else:
            letter.append(line)
        after_blank = line in (b"\n", b"\r\n")
    yield (f"{name}#{number}" if mailbox else name), b"".join(letter)
