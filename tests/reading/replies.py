"""How often the words new in a letter were told from what it quotes: the corpus `trimmer`.

Run `python -m tests.reading.replies` for the score and what is missed.
"""

import sys
from pathlib import Path

from evenhand.channels.reading.folding import fold
from tests.reading.corpora import CORPORA


def score(folder: Path) -> tuple[int, int, list[tuple[str, str, str]]]:
    """How many texts were cut as expected, of how many, and (name, expected, found) of those that were not."""
    missed = []
    paths = sorted((folder / "emails").glob("*.txt"))
    for path in paths:
        wanted = " ".join((folder / "trimmed" / path.name).read_text("utf-8").split())
        found = " ".join(fold(path.read_text("utf-8")).reply.split())
        if wanted != found:
            missed.append((path.name, wanted, found))
    return len(paths) - len(missed), len(paths), missed


if __name__ == "__main__":
    met, total, missed = score(CORPORA / "trimmer")
    for name, wanted, found in missed:
        print(f"{name}\n   wanted {wanted[:300]!r}\n   found  {found[:300]!r}", file=sys.stderr)
    print(f"reply text: {met} of {total} as expected ({met / total:.1%})")
