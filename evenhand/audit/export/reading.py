"""From a file and what its columns are to the tickets of an audit, with everything set aside counted."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import numpy as np

from evenhand.audit.export import table as csv_table
from evenhand.audit.export.amounts import amounts_in
from evenhand.audit.export.asides import Asides
from evenhand.audit.export.daytime import hour
from evenhand.audit.export.events import Log, tickets_of
from evenhand.audit.export.fields import PLACES, STRATA, BadMapError, completed, places_of
from evenhand.audit.export.moments import DateOrder, Moments, is_blank, moments
from evenhand.audit.export.table import Table
from evenhand.audit.export.timing import Endings, Timing, hours_of, timing
from evenhand.audit.export.words import NOBODY, marked, ratings, yes_or_no
from evenhand.audit.tickets import Duration, Labels, Share, Tickets
from evenhand.fairness.durations import Floats, Ints

TEXTS = ("opened", "first_reply", "resolved", "time", "spend", "usage")  # mostly different from ticket to ticket


@dataclass(frozen=True)
class Reading:
    """How to read the file: what its columns are, and what it does not say itself."""

    mapping: Mapping[str, str]
    promise: Mapping[str, float] = field(default_factory=dict)  # hours, by metric
    tau: float | None = None  # hours
    end: datetime | None = None  # when the file was made
    unit: str | None = None
    dates: str | None = None  # "dmy" or "mdy"


@dataclass(frozen=True)
class Export:
    """What a file held."""

    tickets: Tickets
    rows: int
    set_aside: dict[str, int]
    notes: list[str]
    mapping: dict[str, str]


def read(path: Path, reading: Reading) -> Export:
    """The tickets in a file. Raises BadMapError for columns it does not have, ValueError when nothing can be said."""
    header = csv_table.headers(path)
    mapping, notes = completed(reading.mapping, header)
    is_log = "case" in mapping and "activity" in mapping
    places = {word: places_of(column, header) for word, column in mapping.items()}
    asked = {word: place for word, place in places.items() if place}
    unknown = [word for word in places if word not in asked and not (is_log and word in ("first_reply", "resolved"))]
    if unknown:
        raise BadMapError(f"There is no column {mapping[unknown[0]]!r}. The columns are: {', '.join(header)}.")
    if not {"plan", "spend", "usage"} & asked.keys():
        raise BadMapError(
            "Say which column is the plan, such as --map plan=Tier (or spend=…, usage=…). "
            f"The columns are: {', '.join(header)}."
        )
    table = csv_table.read(
        path,
        {word: place for word, place in asked.items() if word in TEXTS},
        {word: place[0] for word, place in asked.items() if word not in TEXTS},
    )
    if not table.rows:
        raise ValueError(f"{path} has a line of headers and no tickets.")
    return _Reader(table, mapping, reading, notes, is_log).export()


class _Reader:
    """One pass over one file."""

    def __init__(self, table: Table, mapping: dict[str, str], reading: Reading, notes: list[str], is_log: bool) -> None:
        self.table, self.mapping, self.reading, self.notes = table, mapping, reading, notes
        self.order = DateOrder(reading.dates)
        for word in ("opened", "first_reply", "resolved", "time"):
            if word in table.texts:
                self.order.learn(iter(table.texts[word]))
        self.log = self._log() if is_log else None
        self.columns = self.log.table if self.log else table
        self.text = self.columns.texts
        self.size = table.rows - table.broken if self.log is None else self.columns.rows
        self._labels: dict[str, Labels] = {}
        self.asides = Asides(self.size)
        self.asides.counts.update({"rows with more fields than the header": table.broken} if table.broken else {})
        if self.log and self.log.unreadable:
            self.asides.counts["events whose time cannot be read"] = self.log.unreadable
        if self.order.note:
            notes.append(self.order.note)

    def _log(self) -> Log:
        if "time" not in self.table:
            raise BadMapError("An event log needs case, activity and time; map time as well.")
        log = tickets_of(self.table, self.order, *(self._activity(word) for word in ("first_reply", "resolved")))
        self.notes += log.notes
        return log

    def _activity(self, word: str) -> str | None:
        return self.mapping.get(word) if word not in self.table else None

    def labels(self, word: str) -> Labels | None:
        """A column of names; what stands for nothing is none."""
        if word not in self.columns.words:
            return None
        if word not in self._labels:
            found = self.columns.words[word]
            spellings = ["" if is_blank(text.strip()) else text for text in found.spellings]
            self._labels[word] = Labels.folded(found.codes, spellings)
        return self._labels[word]

    def export(self) -> Export:
        self._drop()
        opened = self._opened()
        timings = self._timings()
        known = self._known(opened, timings)
        groups, amounts = self._groups()
        durations = [self._duration(one, known) for one in timings]
        kept = self.asides.kept
        columns = {word: column for word in (*STRATA, *PLACES) if (column := self.labels(word)) is not None}
        places = {word: columns[word].kept(kept) for word in PLACES if word in columns}
        if not np.isnan(opened).all():
            places["hour"] = hour(opened).kept(kept)
        tickets = Tickets(
            customer=self._customer()[kept],
            opened=opened[kept] / 3600 if not np.isnan(opened).all() else None,
            groups={by: column.kept(kept) for by, column in groups.items()},
            amounts={by: amount[kept] for by, amount in amounts.items()},
            strata={word: columns[word].kept(kept) for word in STRATA if word in columns},
            places=places,
            durations=[
                Duration(d.name, d.hours[kept], d.ended[kept], d.promise, d.tau)
                for d in durations if not np.isnan(d.hours[kept]).all()
            ],
            shares=[Share(s.name, s.yes[kept]) for s in self._shares(timings, known) if not np.isnan(s.yes[kept]).all()],
        )  # fmt: skip
        if not len(tickets):
            raise ValueError(f"No ticket is left to look at. Set aside: {_listed(self.asides.counts)}.")
        return Export(tickets, self.table.rows, dict(self.asides.counts), self.notes, self.mapping)

    def _drop(self) -> None:
        """Set aside what is no ticket of its own."""
        merged = self.labels("merged")
        if merged is not None:
            self.asides.drop(np.nan_to_num(yes_or_no(merged, 0.0), nan=1.0) > 0, "merged into another ticket")
        for word in ("status", "outcome"):
            column = self.labels(word)
            if column is not None:
                self.asides.drop(marked(column, "merged"), "merged into another ticket")
                self.asides.drop(marked(column, "removed"), "spam or deleted")
        numbers = self.labels("id")
        if numbers is not None and self.log is None:
            self._drop_repeated(numbers)
        for by in ("plan", "spend", "usage"):
            column = self.labels(by)
            if column is not None and by == "plan":
                self.asides.drop(column.codes < 0, "no plan")

    def _drop_repeated(self, column: Labels) -> None:
        first = np.zeros(self.size, dtype=bool)
        first[np.unique(column.codes, return_index=True)[1]] = True
        self.asides.drop(~first & (column.codes >= 0), "the same ticket again")

    def _opened(self) -> Floats:
        if self.log:
            return self.log.opened
        if "opened" not in self.text:
            return np.full(self.size, np.nan)
        read = moments(self.text["opened"], self.order)
        self.asides.drop(read.unreadable, "opened: cannot be read")
        return read.seconds

    def _timings(self) -> list[Timing]:
        if self.log:
            pairs = (("first_reply", self.log.first_reply), ("resolved", self.log.resolved))
            nothing = np.zeros(self.size, dtype=bool)
            return [Timing(word, Moments(at, nothing), took=False) for word, at in pairs]
        words = [word for word in ("first_reply", "resolved") if word in self.text]
        found = [timing(word, self.mapping[word], self.text[word], self.order, self.reading.unit) for word in words]
        self.notes += [one.note for one in found if one.note]
        if "opened" not in self.text and any(not one.took for one in found):
            raise ValueError("Map opened as well: without it a moment of reply does not say how long it took.")
        return found

    def _known(self, opened: Floats, timings: list[Timing]) -> Endings:
        if any(not one.took for one in timings):
            self.asides.drop(np.isnan(opened), "no opening time")
        words = [column for word in ("status", "outcome") if (column := self.labels(word)) is not None]
        said = {
            name: np.any([np.zeros(self.size, bool), *(marked(c, name) for c in words)], axis=0)
            for name in ("abandoned", "open", "closed")
        }
        answered = self.labels("answered")
        unanswered = yes_or_no(answered, 0.0) == 0 if answered is not None else np.zeros(self.size, dtype=bool)
        end = self._end(opened, timings)
        if not np.isnan(end):
            self.asides.drop(opened > end, "opened after the end of the data")
        over, waited = _over(opened, timings)
        return Endings(
            opened, over, waited, said["abandoned"], said["open"], unanswered, said["closed"] & ~said["open"], end
        )

    def _end(self, opened: Floats, timings: list[Timing]) -> float:
        if self.reading.end:
            return self.reading.end.timestamp()
        seen = opened[~np.isnan(opened)]
        if not len(seen):
            return np.nan
        return max(float(seen.max()), self.log.end if self.log else -np.inf, *(one.last() for one in timings), -np.inf)

    def _groups(self) -> tuple[dict[str, Labels], dict[str, Floats]]:
        groups: dict[str, Labels] = {}
        amounts: dict[str, Floats] = {}
        plan = self.labels("plan")
        if plan is not None:
            groups["plan"] = plan
        for by in ("spend", "usage"):
            if by in self.text:
                read = amounts_in(self.text[by])
                self.asides.note(np.isnan(read.seconds), f"{by}: none, or not a number")
                amounts[by] = read.seconds
                groups[by] = Labels.quarters(read.seconds)
        return groups, amounts

    def _duration(self, one: Timing, known: Endings) -> Duration:
        hours, ended = hours_of(one, known, self.asides)
        return Duration(one.name, hours, ended, self.reading.promise.get(one.word), self.reading.tau)

    def _customer(self) -> Ints:
        column = self.labels("customer")
        if column is None:
            self.notes.append(
                "No customer column: each ticket is taken for a customer of its own, so intervals may be too narrow."
            )
            return np.arange(self.size)
        nobody = np.array([name.casefold() in NOBODY for name in column.names] + [True])
        unknown = nobody[column.codes]
        some = int(np.count_nonzero(unknown & self.asides.kept))
        if some:
            self.notes.append(f"{some:,} tickets name no customer; each is taken for a customer of its own.")
        return np.where(unknown, len(column.names) + np.cumsum(unknown) - 1, column.codes)

    def _shares(self, timings: list[Timing], known: Endings) -> list[Share]:
        shares = []
        replied = next((~np.isnan(one.read.seconds) & ~one.took for one in timings if one.word == "first_reply"), None)
        if known.abandoned.any():
            gone = known.abandoned & ~replied if replied is not None else known.abandoned
            shares.append(Share("withdrawn unanswered", gone.astype(np.float64)))
        if self.log:
            shares.append(Share("reopened", self.log.reopened))
        for word in ("breached", "reopened"):
            column = self.labels(word)
            if column is not None:
                shares.append(Share(word, yes_or_no(column, 0.0 if word == "reopened" else np.nan)))
        rating = self.labels("rating")
        if rating is not None:
            good = ratings(rating)
            shares += [Share("rating of 4 or 5", good), Share("rating given", (~np.isnan(good)).astype(np.float64))]
        return shares


def _over(opened: Floats, timings: list[Timing]) -> tuple[Floats, Floats]:
    """When each ticket was over, and for how long it lasted, as far as the resolution says."""
    for one in timings:
        if one.word == "resolved":
            took = one.read.seconds if one.took else one.read.seconds - opened
            sensible = np.where(took >= 0, took, np.nan)
            return opened + sensible, sensible / 3600
    nothing = np.full(len(opened), np.nan)
    return nothing, nothing


def _listed(counts: Mapping[str, int]) -> str:
    return "; ".join(f"{count:,} {reason}" for reason, count in counts.items()) or "nothing"


def day_of(text: str) -> datetime:
    """The end of the data as given on the command line. Raises ValueError with a sentence."""
    try:
        at = datetime.fromisoformat(text)
    except ValueError as error:
        raise ValueError(f"{text!r} is not a date such as 2026-03-31 or 2026-03-31T18:00.") from error
    return at if at.tzinfo else at.replace(tzinfo=UTC)
