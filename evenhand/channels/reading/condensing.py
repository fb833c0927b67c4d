"""`python -m evenhand.channels.reading.condensing`: writes py3langid's model as a `LanguageModel` to standard output."""

from __future__ import annotations

import sys
from array import array

import numpy as np
from py3langid.langid import MODEL_FILE, LanguageIdentifier

from .language_model import STEPS, LanguageModel

NOTHING = "zxx"  # its name for what is no language


def main() -> None:
    sys.stdout.buffer.write(condensed(LanguageIdentifier.from_model_file(MODEL_FILE)).packed())


def condensed(model: LanguageIdentifier) -> LanguageModel:
    """Of those languages alone that have a code of two letters, as is promised (ISO 639-1)."""
    model.set_languages([name for name in model.labels if len(name) == 2 or name == NOTHING])
    states = _States(model)
    says = model.nb_ptc.astype(np.float32)
    floor = says.min(axis=0)
    excess = np.rint((says - floor) * STEPS).clip(0, 255).astype(np.uint8)
    features, columns = np.nonzero(excess)
    return LanguageModel(
        names=["" if name == NOTHING else name for name in model.nb_classes],
        prior=model.nb_pc.tolist(),
        floor=floor.tolist(),
        labels=bytes(states.labels),
        first=_array(np.cumsum([0, *states.children])),
        shorter=_array(states.shorter),
        feature=_array(np.asarray(model.tk_output)[states.old]),
        start=_array(np.searchsorted(features, np.arange(len(says) + 1))),
        columns=columns.astype(np.uint8).tobytes(),
        excess=excess[features, columns].tobytes(),
    )


class _States:
    """The library's states, numbered anew by their length, so that the children of each stand together.

    A state's parent is the one of the sequence that is one byte shorter, which is also the first to lead there.
    """

    def __init__(self, model: LanguageIdentifier) -> None:
        rows, row_of = np.asarray(model.tk_nextmove).reshape(-1, 256), np.asarray(model.tk_row)
        new, end = np.full(len(row_of), -1), np.zeros(len(row_of), int)  # of the library's numbers
        new[0], levels = 0, [np.array([0])]
        self.labels: list[int] = []
        self.children: list[int] = []
        while (level := levels[-1]).size:
            to = rows[row_of[level]]
            parents, labels = np.nonzero(new[to] < 0)
            found = to[parents, labels]
            if len(levels) > 1:  # what one byte leads to has no shorter end
                end[found] = rows[row_of[end[level[parents]]], labels]
            self.labels += labels.tolist()
            new[found] = np.arange(found.size) + len(self.labels) - found.size + 1
            self.children += np.bincount(parents, minlength=level.size).tolist()
            levels.append(found)
        self.old = np.concatenate(levels)
        self.shorter = new[end[self.old]]


def _array(numbers: np.ndarray) -> array[int]:
    return array("i", numbers.astype(np.int32).tobytes())


if __name__ == "__main__":
    main()
