"""How fast letters are read, and what the worst of them costs: `python -m bench.reading`.

Prints a table: letters a second over the corpora and over letters of 20 kB as customers write them, and for every bomb
of `tests/reading/bombs.py` the seconds and the memory it takes, each in a process of its own. `--json` prints one object.
"""

import argparse
import base64
import json
import multiprocessing
import os
import quopri
import resource
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from evenhand.channels.reading import read_letter
from evenhand.channels.reading.folding import fold
from tests.reading.bombs import FOLDING, PARSER
from tests.reading.corpora import CORPORA, letters

SECONDS = 3.0
WORDS = "This is a line of text such as a customer writes to the desk.\r\n"
INTRODUCTION = "\r\nOn Mon, Jan 4, 2016 at 7:03 PM Neil <neil@example.org> wrote:\r\n"
HEAD = (
    b"Received: from a.example by b.example; Mon, 4 Jan 2016 10:00:00 +0000\r\n"
    * 6
    + b"From: =?utf-8?q?J=C3=BCrgen?= <juergen@example.com>\r\nTo: Support <s@example.org>, Other <o@example.org>\r\n"
    b"Subject: =?utf-8?b?SGVsbG8gd29ybGQ=?=\r\nDate: Mon, 4 Jan 2016 10:00:00 +0000\r\nMessage-ID: <a@example.com>\r\n"
    b"In-Reply-To: <x@example.org>\r\nReferences: <x@example.org> <z@example.org>\r\nMIME-Version: 1.0\r\n"
    b"DKIM-Signature: v=1; a=rsa-sha256; b=" + b"x" * 300 + b"\r\n"
)


def plain() -> str:
    return (
        "Hello there,\r\n\r\n" + WORDS * 60 + INTRODUCTION + "> a quoted line of text, of some length really\r\n" * 40
    )


def html() -> str:
    line = '<div style="font-family:Calibri,sans-serif;color:#1F497D">Hello <b>world</b>, this is <a href="http://example.com/">a link</a></div>'
    quote = (
        '<div class="gmail_quote"><div class="gmail_attr">On Mon, Neil wrote:</div><blockquote>'
        + "<div>quoted line</div>" * 40
        + "</blockquote></div>"
    )
    return f"<html><head></head><body>{line * 60}{quote}</body></html>"


def usual() -> dict[str, bytes]:
    """Letters as they come: of both versions with a picture (20 kB), of HTML alone, of text alone."""
    both = b"--bb\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n" + plain().encode()
    both += b"\r\n--bb\r\nContent-Type: text/html; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n"
    both += quopri.encodestring(html().encode()) + b"\r\n--bb--\r\n"
    picture = (
        b"--aa\r\nContent-Type: image/png; name=x.png\r\nContent-Transfer-Encoding: base64\r\n\r\n"
        + base64.encodebytes(b"x" * 1500)
    )
    inner = b"--aa\r\nContent-Type: multipart/alternative; boundary=bb\r\n\r\n" + both
    return {
        "multipart": HEAD + b"Content-Type: multipart/mixed; boundary=aa\r\n\r\n" + inner + picture + b"--aa--\r\n",
        "html": HEAD + b"Content-Type: text/html; charset=utf-8\r\n\r\n" + html().encode(),
        "text": HEAD + b"Content-Type: text/plain; charset=utf-8\r\n\r\n" + plain().encode(),
    }


def rate(raws: list[bytes]) -> tuple[float, float]:
    """Letters per second of processor time on one core, and the longest of them in seconds."""
    for raw in raws:
        read_letter(raw)
    count, longest, began = 0, 0.0, time.process_time()
    while time.process_time() - began < SECONDS:
        for raw in raws:
            start = time.process_time()
            read_letter(raw)
            longest = max(longest, time.process_time() - start)
            count += 1
    return count / (time.process_time() - began), longest


def cost(work: Callable[[Any], Any], load: Any) -> tuple[float, float]:
    """Seconds of processor time and megabytes of memory beyond the load, of one call in a process of its own."""
    ours, theirs = multiprocessing.get_context("fork").Pipe(duplex=False)

    def run() -> None:
        before, start = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, time.process_time()
        work(load)
        theirs.send((time.process_time() - start, (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024))
        os._exit(0)

    child = multiprocessing.get_context("fork").Process(target=run)
    child.start()
    seconds, megabytes = ours.recv()
    child.join()
    return seconds, megabytes


def measures() -> Iterator[tuple[str, str, dict[str, float]]]:
    """Every measure: its kind, its name, its figures."""
    for name, raw in usual().items():
        per_second, _ = rate([raw])
        yield "usual letters", f"{name}, {len(raw) / 1000:.0f} kB", {"letters_per_second": per_second}
    for folder in sorted(path for path in CORPORA.glob("*") if path.is_dir() and letters(path)):
        raws = [path.read_bytes() for path in letters(folder)]
        per_second, longest = rate(raws)
        yield (
            "corpora",
            f"{folder.name}, {len(raws)} letters, {sum(map(len, raws)) / len(raws) / 1000:.0f} kB each",
            {"letters_per_second": per_second, "worst_seconds": longest},
        )
    for kind, bombs, work in (("parser bombs", PARSER, read_letter), ("folding bombs", FOLDING, fold)):
        for name, load in bombs.items():
            seconds, megabytes = cost(work, load)
            yield kind, name, {"seconds": seconds, "megabytes": megabytes}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", action="store_true", help="one object on standard output")
    as_json = parser.parse_args().json
    if not Path(CORPORA).is_dir():
        print(f"No corpora at {CORPORA} (set EVENHAND_MAIL_CORPORA): only made letters are measured.", file=sys.stderr)
    found: dict[str, dict[str, dict[str, float]]] = {}
    for kind, name, figures in measures():
        if kind not in found and not as_json:
            print(f"\n{kind}")
        found.setdefault(kind, {})[name] = figures
        if not as_json:
            print(f"  {name:<48}" + "  ".join(f"{value:>10,.3f} {unit}" for unit, value in figures.items()), flush=True)
    worst = {
        kind: max(names.items(), key=lambda item: item[1]["seconds"])
        for kind, names in found.items()
        if "bombs" in kind
    }
    if as_json:
        print(json.dumps(found))
    else:
        print(
            "\n"
            + "\n".join(
                f"worst of the {kind}: {name}, {figures['seconds']:.2f} s" for kind, (name, figures) in worst.items()
            )
        )


if __name__ == "__main__":
    main()
