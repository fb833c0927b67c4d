"""How well what agents call spam is recognised, and how often a wanted letter would be set aside.

    python -m bench.spam --spam FOLDER… --wanted FOLDER…

Learns from half of the letters in those folders (files of one letter each) and judges the other half; then judges every
letter of EVENHAND_MAIL_CORPORA, all of which somebody wanted. Prints counts. Needs no desk.
"""

from __future__ import annotations

import os
import random
import time
from collections.abc import Iterable
from pathlib import Path

import click
import numpy as np

from evenhand.channels.reading import Authentication, read_letter
from evenhand.channels.spam.features import features, says_enough
from evenhand.channels.spam.learning import Learned, Sample, as_matrix, learn

UNCHECKED = Authentication(None)
TOO_SHORT: Sample = frozenset()  # is not judged
MOST = 3_000  # as many as a desk learns from


def samples(folders: Iterable[Path], pattern: str = "*") -> list[Sample]:
    """In an order drawn by lot, and the same each time."""
    files = sorted(
        file for folder in folders for file in folder.rglob(pattern) if file.is_file() and file.stat().st_size
    )
    random.Random(1).shuffle(files)
    read = (read_letter(file.read_bytes()) for file in files)
    return [features(each, UNCHECKED) if says_enough(each) else TOO_SHORT for each in read]


def set_aside(found: Learned, letters: list[Sample]) -> int:
    sums = as_matrix(letters) @ found.weights + found.bias
    return sum(total >= found.threshold for total, each in zip(sums, letters, strict=True) if each is not TOO_SHORT)


def in_the_corpora() -> list[Sample]:
    """Letters that people wrote to people: no bounces, which are never judged."""
    place = Path(os.environ.get("EVENHAND_MAIL_CORPORA", "../shared/corpora"))
    if not place.exists():
        return []
    return samples([place / "mail", place / "stalwart"], "*.eml") + samples([place / "trimmer" / "emails"], "*.txt")


@click.command()
@click.option("--spam", multiple=True, required=True, type=click.Path(exists=True, path_type=Path))
@click.option("--wanted", multiple=True, required=True, type=click.Path(exists=True, path_type=Path))
def main(spam: tuple[Path, ...], wanted: tuple[Path, ...]) -> None:
    bad, good = samples(spam), samples(wanted)
    for share in (20, 4, 2):
        began = time.perf_counter()
        found = learn(bad[: len(bad) // share][:MOST], good[: len(good) // share][:MOST])
        took = time.perf_counter() - began
        if found is None:
            click.echo(f"1/{share}: too little is known.")
            continue
        rest_bad, rest_good = bad[len(bad) // 2 :], good[len(good) // 2 :]
        click.echo(
            f"Learned from {found.spam} unwanted and {found.wanted} wanted letters in {took:.1f} s. Set aside, of letters "
            f"not seen: {set_aside(found, rest_bad)} of {len(rest_bad)} unwanted, {set_aside(found, rest_good)} of "
            f"{len(rest_good)} wanted."
        )
        corpora = in_the_corpora()
        if corpora:
            click.echo(f"Of the corpora, all wanted: {set_aside(found, corpora)} of {len(corpora)}.")


if __name__ == "__main__":
    np.seterr(over="ignore")
    main()
