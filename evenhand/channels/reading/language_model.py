"""Which language words are in: py3langid's model in 7 MiB, where the library and NumPy take 92.

The library keeps 256 next states of each state, and 142 numbers of each feature, most of which say nothing. Here a state is
a place among the bytes that lead from one to the next, and a feature has those languages alone that it speaks for. The
arithmetic is the library's: naive Bayes over a text's sequences of bytes.
"""

from __future__ import annotations

import subprocess
import sys
import unicodedata
from array import array
from collections import Counter
from dataclasses import dataclass, fields
from io import BytesIO
from math import log1p
from typing import Self

import orjson

STEPS = 20  # of a byte in one unit of a logarithm
CONDENSING = "evenhand.channels.reading.condensing"
LIMIT = 120  # seconds; it takes two


@dataclass(frozen=True)
class LanguageModel:
    """State n + 1 is reached by the byte `labels[n]`; its children are at `first[n + 1]` up to `first[n + 2]`."""

    names: list[str]  # of each column, "" for what is no language; several columns may be one language
    prior: list[float]
    floor: list[float]  # what a feature says of a language that it was never seen in
    labels: bytes
    first: array[int]
    shorter: array[int]  # the state of the longest end of a state's sequence
    feature: array[int]  # of each state, -1 for none
    start: array[int]  # where a feature's columns begin
    columns: bytes
    excess: bytes  # over the floor, in steps

    @classmethod
    def condensed(cls) -> Self:
        """Made from the library's, in a process of its own, which gives back the memory that it takes."""
        command = [sys.executable, "-m", CONDENSING]
        done = subprocess.run(command, capture_output=True, timeout=LIMIT, check=False)  # noqa: S603
        if done.returncode:
            raise RuntimeError(f"The model of languages could not be read: {done.stderr.decode(errors='replace')}")
        return cls.unpacked(done.stdout)

    def packed(self) -> bytes:
        """A line of JSON, and then the tables."""
        values = [getattr(self, field.name) for field in fields(self)]
        tables = [value if isinstance(value, bytes) else value.tobytes() for value in values[3:]]
        return b"\n".join([orjson.dumps([*values[:3], [*map(len, tables)]]), b"".join(tables)])

    @classmethod
    def unpacked(cls, packed: bytes) -> Self:
        line, _, tables = packed.partition(b"\n")
        names, prior, floor, sizes = orjson.loads(line)
        stream = BytesIO(tables)
        labels, *numbers, columns, excess = [stream.read(size) for size in sizes]
        first, shorter, feature, start = (array("i", part) for part in numbers)
        return cls(names, prior, floor, labels, first, shorter, feature, start, columns, excess)

    def language_of(self, text: str, margin: float = 0.0) -> str:
        """The likeliest language; "" where nothing in the text speaks for any, or another is less than `margin` behind."""
        seen = Counter(self._features(_bytes(text)))
        if not seen:
            return ""
        weights = [(feature, log1p(count)) for feature, count in seen.items()]
        score = self._scores(weights)
        best = max(range(len(score)), key=score.__getitem__)
        near = score[best] - margin
        alone = all(self.names[each] == self.names[best] for each, its in enumerate(score) if its > near)
        return self.names[best] if alone else ""

    def _features(self, text: bytes) -> list[int]:
        """Of each byte of a text, the longest sequence known that ends there."""
        first, shorter, feature, find = self.first, self.shorter, self.feature, self.labels.find
        state, found = 0, []
        for byte in text:
            while (at := find(byte, first[state], first[state + 1])) < 0 and state:
                state = shorter[state]
            state = at + 1
            if feature[state] >= 0:
                found.append(feature[state])
        return found

    def _scores(self, weights: list[tuple[int, float]]) -> list[float]:
        start, columns, excess = self.start, self.columns, self.excess
        over = [0.0] * len(self.names)
        for feature, weight in weights:
            begin, end = start[feature], start[feature + 1]
            for column, steps in zip(columns[begin:end], excess[begin:end], strict=True):
                over[column] += weight * steps
        total = sum(weight for _, weight in weights)
        return [
            prior + total * floor + more / STEPS
            for prior, floor, more in zip(self.prior, self.floor, over, strict=True)
        ]


def _bytes(text: str) -> bytes:
    """As the model was taught."""
    return unicodedata.normalize("NFC", text.lower() if text.isupper() else text).encode(errors="surrogatepass")
