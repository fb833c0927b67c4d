"""How fast the CSV audit is, and how much memory it takes: `python -m bench.audit [TICKETS...] [--json]`.

Each size is written to a temporary file and audited in a process of its own, three plans, two durations with a promise,
three strata, two places. Times exclude the start of Python and its imports; memory is the whole process at its largest.
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np

SIZES = (8_000, 100_000, 1_000_000)
GOALS = {8_000: (1.0, 2048), 1_000_000: (20.0, 2048)}  # seconds, MiB
MAP = {
    "plan": "Tier", "customer": "Account", "opened": "Created", "first_reply": "Replied", "resolved": "Solved",
    "need": "Need", "type": "Kind", "channel": "Channel", "agent": "Agent", "status": "Status",
}  # fmt: skip


def written(path: Path, n: int, slower: float) -> None:
    """A year of a desk of n tickets; plans but the first wait `slower` times as long."""
    rng = np.random.default_rng(n)
    customer, kind = rng.integers(0, n // 8, n), rng.integers(0, 4, n)
    plan = customer % 3
    opened = np.datetime64("2025-01-01T00:00:00") + np.sort(rng.integers(0, 365 * 86400, n)).astype("timedelta64[s]")
    wait = rng.lognormal(kind * 0.6 + 8, 1.3) * np.where(plan == 0, 1.0, slower)
    replied = opened + wait.astype("timedelta64[s]")
    solved = replied + rng.exponential(2e5, n).astype("timedelta64[s]")
    columns = [np.datetime_as_string(moment).astype(str) for moment in (opened, replied, solved)]
    needs, channels = ("blocked", "hindered", "question"), ("mail", "form", "chat")
    with path.open("w") as file:
        file.write(",".join(MAP.values()) + "\n")
        for k, (o, r, s) in enumerate(zip(*columns, strict=True)):
            open_still = k % 50 == 0
            file.write(
                f"plan {plan[k]},c{customer[k]},{o},{'' if open_still else r},{'' if open_still else s},{needs[k % 3]},"
                f"kind {kind[k]},{channels[k % 7 % 3]},agent {k % 23},{'open' if open_still else 'solved'}\n"
            )


def measured(path: Path) -> dict[str, float]:
    """Read and audit one file in this process."""
    from evenhand.audit.export.reading import Reading, read
    from evenhand.audit.procedure import audit
    from evenhand.audit.report import page  # noqa: F401 - imported here so that its time does not count

    started, begun = time.process_time(), time.perf_counter()
    export = read(path, Reading(MAP, {"first_reply": 8.0, "resolved": 72.0}))
    between = time.perf_counter()
    found = audit(export.tickets)
    done = time.perf_counter()
    return {
        "tickets": len(export.tickets),
        "comparisons": len(found.rows),
        "read_seconds": round(between - begun, 3),
        "audit_seconds": round(done - between, 3),
        "seconds": round(done - begun, 3),
        "cpu_seconds": round(time.process_time() - started, 3),
        "peak_mib": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024),
    }


def main() -> None:
    """Print a line for each size, or a list of objects."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("sizes", type=int, nargs="*", default=list(SIZES))
    arguments.add_argument("--json", action="store_true")
    arguments.add_argument("--file", type=Path, help="Measure this file, in this process.")
    asked = arguments.parse_args()
    if asked.file:
        print(json.dumps(measured(asked.file)))
        return
    lines = [_apart(size, slower) for size in asked.sizes for slower in (1.0, 1.5)]
    if asked.json:
        print(json.dumps(lines))
        return
    print(f"{'tickets':>10} {'desk':>7} {'read s':>8} {'audit s':>8} {'all s':>7} {'CPU s':>7} {'MiB':>6}  goal")
    for line in lines:
        seconds, mib = GOALS.get(line["tickets"], (None, None))
        goal = f"{seconds:g} s, {mib} MiB" if seconds else ""
        print(
            f"{line['tickets']:>10,} {line['desk']:>7} {line['read_seconds']:>8.2f} {line['audit_seconds']:>8.2f} "
            f"{line['seconds']:>7.2f} {line['cpu_seconds']:>7.2f} {line['peak_mib']:>6}  {goal}"
        )


def _apart(size: int, slower: float) -> dict[str, float | str]:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "tickets.csv"
        written(path, size, slower)
        out = subprocess.run(
            [sys.executable, "-m", "bench.audit", "--file", str(path)], check=True, capture_output=True, text=True
        )
    return {"desk": "fair" if slower == 1 else "tiered", **json.loads(out.stdout)}


if __name__ == "__main__":
    main()
