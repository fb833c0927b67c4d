"""What an audit is made of: plain columns, one entry per ticket, from wherever they came."""

from dataclasses import dataclass, field

import numpy as np

from evenhand.fairness.bands import QUARTERS, quarters
from evenhand.fairness.durations import Flags, Floats, Ints

NONE = "(none)"


@dataclass(frozen=True)
class Labels:
    """A column of names: a code per ticket, -1 for none, and the name of each code."""

    codes: Ints
    names: list[str]

    @classmethod
    def of(cls, values: list[str]) -> "Labels":
        """Names as people type them: spaces and case do not make a difference, the commonest spelling is shown."""
        spelling: dict[str, int] = {}
        raw = np.fromiter((spelling.setdefault(value, len(spelling)) for value in values), np.int64, len(values))
        return cls.folded(raw, list(spelling))

    @classmethod
    def folded(cls, raw: Ints, spellings: list[str]) -> "Labels":
        """The same, from a code per ticket and the spelling of each code."""
        key: dict[str, int] = {}
        counts = np.bincount(raw, minlength=len(spellings))
        to = np.full(max(len(spellings), 1), -1)
        names: list[str] = []
        for code in np.argsort(-counts, kind="stable") if spellings else ():
            text = " ".join(spellings[code].split())
            if text:
                to[code] = key.setdefault(text.casefold(), len(key))
                if to[code] == len(names):
                    names.append(text)
        return cls(to[raw], names)

    @classmethod
    def quarters(cls, amounts: Floats) -> "Labels":
        """The quarter of each amount; none where there is no amount."""
        known = np.isfinite(amounts)
        codes = np.full(len(amounts), -1)
        codes[known] = quarters(amounts[known])
        return cls(codes, list(QUARTERS))

    def __len__(self) -> int:
        return len(self.codes)

    def kept(self, which: Flags | Ints) -> "Labels":
        return Labels(self.codes[which], self.names)

    @property
    def counts(self) -> Ints:
        return np.bincount(self.codes[self.codes >= 0], minlength=len(self.names))

    def merged(self, keep: Ints, rest: str) -> "Labels":
        """Only the codes in `keep`, in that order, and one more for all others and for none."""
        to = np.full(len(self.names) + 1, len(keep))
        to[keep] = np.arange(len(keep))
        return Labels(to[self.codes], [self.names[k] for k in keep] + [rest])


@dataclass(frozen=True)
class Duration:
    """A metric that takes time: hours (nan where a ticket has none), and whether it ended (else: at least so long)."""

    name: str
    hours: Floats
    ended: Flags
    promise: float | None = None  # hours; with it the share within the promise is a metric of its own
    tau: float | None = None  # hours; twice the promise unless given


@dataclass(frozen=True)
class Share:
    """A yes or no metric: 1, 0, or nan where it does not apply."""

    name: str
    yes: Floats


@dataclass(frozen=True)
class Tickets:
    """The columns of an audit. All have the same length; only `customer` and one metric are required."""

    customer: Ints  # codes; a ticket without a known customer has a code of its own
    opened: Floats | None = None  # hours since 1970, for the monitor
    groups: dict[str, Labels] = field(default_factory=dict)  # what must make no difference: plan, spend, usage
    amounts: dict[str, Floats] = field(default_factory=dict)  # the numbers behind spend and usage, for the trend
    strata: dict[str, Labels] = field(default_factory=dict)  # known before the plan could be seen: need, type, channel
    places: dict[str, Labels] = field(default_factory=dict)  # where a difference may arise: agent, team, tag, hour
    durations: list[Duration] = field(default_factory=list)
    shares: list[Share] = field(default_factory=list)

    def __len__(self) -> int:
        return len(self.customer)
