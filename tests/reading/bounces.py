"""How many reports of mail systems were recognised: the corpus `sisimai`.

Run `python -m tests.reading.bounces` for the score and what is missed.
"""

import sys
from pathlib import Path

from evenhand.channels.reading import read_letter
from tests.reading.corpora import CORPORA, letters


def score(folder: Path) -> tuple[int, int, int, int, list[tuple[str, str]]]:
    """How many reports count as automatic, as bounces, with an address; of how many; and what was missed."""
    automatic = bounced = addressed = total = 0
    missed = []
    for path in letters(folder):
        letter = read_letter(path.read_bytes())
        if path.parent.name == "not":
            if letter.bounce:
                missed.append((path.name, f"is no bounce: {letter.bounce}"))
            continue
        total += 1
        automatic += letter.automatic
        bounced += letter.bounce is not None
        addressed += bool(letter.bounce and letter.bounce.address)
        if not (letter.automatic and letter.bounce and letter.bounce.address and letter.bounce.status):
            missed.append(
                (
                    f"{path.parent.name}/{path.name}",
                    f"{letter.automatic_reason} {letter.bounce} {letter.sender} {letter.subject}",
                )
            )
    return automatic, bounced, addressed, total, missed


if __name__ == "__main__":
    automatic, bounced, addressed, total, missed = score(CORPORA / "sisimai")
    for name, why in missed:
        print(f"{name}: {why}", file=sys.stderr)
    print(
        f"bounces: {automatic} of {total} automatic ({automatic / total:.1%}), {bounced} as bounces, {addressed} with the address"
    )
