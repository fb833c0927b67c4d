"""One number of a study over several values, everything else and all draws the same."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from concurrent.futures import Executor
from dataclasses import fields, is_dataclass, replace
from typing import Any

from .compare import Progress, compare, silent
from .refused import Refused
from .study import Study, checked


def varied(study: Study, path: str, value: float) -> Study:
    """The study with another number at `path`, such as `team.agents` or `plans.free.tickets`."""
    found: Study = _replaced(study, path.split("."), value, path)
    return checked(found)


def _replaced(part: Any, path: Sequence[str], value: float, whole: str) -> Any:
    name, *rest = path
    known = list(part) if isinstance(part, Mapping) else [each.name for each in fields(part)]
    if name not in known:
        raise Refused(f"“{whole}” is no number of this study: at “{name}” there are {', '.join(known)}.")
    now = part[name] if isinstance(part, Mapping) else getattr(part, name)
    if rest and (is_dataclass(now) or isinstance(now, Mapping)):
        new: Any = _replaced(now, rest, value, whole)
    elif rest or isinstance(now, bool) or not isinstance(now, int | float):
        raise Refused(f"“{whole}” is no number of this study. Say for example team.agents or plans.free.tickets.")
    elif isinstance(now, int) and value != int(value):
        raise Refused(f"{whole} is a whole number, and {value:g} is none.")
    else:
        new = int(value) if isinstance(now, int) else float(value)
    return {**part, name: new} if isinstance(part, Mapping) else replace(part, **{name: new})


def sweep(
    study: Study, path: str, values: Sequence[float], executor: Executor | None = None, progress: Progress = silent
) -> dict[str, Any]:
    """What `compare` finds at each value. The result does not depend on the executor."""
    studies = [varied(study, path, value) for value in values]  # all of them can be, before the first is played
    found = []
    for done, each in enumerate(studies):
        result = compare(each, executor)
        found.append(
            {"value": values[done]} | {name: result[name] for name in ("load", "unstable", "policies", "money")}
        )
        progress(done + 1, len(studies))
    return {"study": study.as_dict(), "over": path, "values": found}
