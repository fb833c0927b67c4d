"""Tables for the terminal."""

from __future__ import annotations

from typing import Any

from rich.console import Console
from rich.table import Table


def show(*tables: Table) -> None:
    console = Console()
    if not console.is_terminal:  # a file or a pipe has no width; do not fold figures into it
        console = Console(width=140)
    for table in tables:
        console.print(table)


def number(value: float | None, digits: int = 4) -> str:
    return "" if value is None or value != value else f"{value:.{digits}f}"


def span(ends: tuple[float, float] | None, digits: int = 4) -> str:
    return "" if ends is None else f"{number(ends[0], digits)} to {number(ends[1], digits)}"


def table(title: str, columns: list[str], rows: list[list[str]], caption: str = "") -> Table:
    """A plain table: the first column names the row, the others are figures."""
    made = Table(title=title, caption=caption or None, title_justify="left", caption_justify="left")
    for i, column in enumerate(columns):
        made.add_column(column, justify="left" if i == 0 else "right", no_wrap=i == 0 and len(columns) > 1)
    for row in rows:
        made.add_row(*row)
    return made


def queue_table(found: dict[str, Any]) -> Table:
    """A textbook queue beside its closed form."""
    percent = f"{100 * found['confidence']:g} %"
    columns = ["class", "tickets", "mean wait", percent, "exact", "abandoned", "exact", "waits at all"]
    rows = [
        [
            str(row.get("class", "all")),
            f"{row['tickets']:,}",
            number(row["wait"]),
            span(row["wait_ci"]),
            number(row.get("exact_wait")),
            number(row["abandoned"]),
            number(row.get("exact_abandoned")),
            number(row["p_wait"]),
        ]
        for row in [*found["classes"], found["all"]]
    ]
    held = "hold" if found["identities"]["hold"] else "DO NOT HOLD"
    exact = number(found["exact_p_wait"]) or "unknown"
    caption = f"Load {found['load']:g} on {found['queue']['agents']} agents. P(wait) exact: {exact}. Identities {held}."
    return table(f"{found['queue']['order']}, hours", columns, rows, caption)


def _hours(value: float | None) -> str:
    return "" if value is None or value != value else f"{value:.2f} h"


def _share(value: float | None) -> str:
    return "" if value is None or value != value else f"{100 * value:.1f} %"


def compare_tables(found: dict[str, Any]) -> list[Table]:
    """Who waits, who is left out, and the month's profit."""
    plans = list(found["study"]["plans"])
    rows = [
        [
            name,
            *(_hours(row["plans"][plan].get("reply_mean")) for plan in plans),
            _hours(row["all"].get("reply_mean")),
            _hours(row["all"].get("reply_p90")),
            _share(row["all"].get("kept")),
            _share(row["all"].get("abandoned")),
            _share((row["all"].get("denied") or 0) + (row["all"].get("suppressed") or 0)),
        ]
        for name, row in found["policies"].items()
    ]
    columns = ["policy", *plans, "everybody", "90 % within", "promise kept", "gave up", "left out"]
    runs = found["study"]["replications"]
    caption = (
        f"Load {found['load']:.0%}; {runs} replications. Mean hours to the first reply, nights and weekends included."
    )
    tables = [table(found["study"]["name"], columns, rows, caption)]
    if found.get("equality"):
        equal = found["equality"]
        rows = [
            ["support revenue given up a month", f"{equal['revenue_lost']:,.0f}"],
            ["more agents", f"{equal['extra_agents']:.1f}"],
            ["a paying customer is worth", f"{equal['customer_value']:,.0f}"],
            ["churn among them now", f"{100 * equal['churn']:.2f} %"],
            ["must fall by", f"{100 * equal['break_even']:.2f} points to break even"],
        ]
        tables.append(
            table("What equality costs", ["", "a month"], rows, "Nothing is assumed of what waiting does to churn.")
        )
    return tables


def staff_tables(found: dict[str, Any]) -> list[Table]:
    """Agents under each scheme, and the rota."""
    rows = [
        [row["title"], row["for"], str(row["agents"]), _share(row["kept"]["all"]), _share(row["lowest"])]
        for row in found["schemes"]
    ]
    columns = ["policy", "the promise is for", "agents", "kept for all", "for the worst-off plan"]
    share = f"{found['confidence']:.0%}"
    tables = [table(f"Fewest agents that keep the promise for {share} of tickets", columns, rows, found["says"])]
    rota = found["rota"]
    days = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"]
    lines = [
        [str(line["agents"]), days[line["first_day"]], f"{line['begins']}:00", str(len(line["hours"]))]
        for line in rota["lines"]
    ]
    kept = _share(rota["kept"]["all"])
    caption = (
        f"{rota['agents']} agents; simulated, the promise is kept for {kept} of tickets. Each line begins on its day."
    )
    return [*tables, table("Rota", ["agents", "first day", "begins", "hours a week"], lines, caption)]


def replay_tables(found: dict[str, Any]) -> list[Table]:
    """A history as it was, and under each policy."""
    plans = list(found["recorded"]["plans"])
    was = found["recorded"]
    recorded = [_hours(was[name]) for name in ("reply_mean", "next_mean", "resolution_mean")]
    rows = [["as recorded", *(_hours(was["plans"][plan]) for plan in plans), *recorded, "", ""]]
    rows += [
        [
            name,
            *(_hours(row["plans"][plan].get("reply_mean")) for plan in plans),
            *(_hours(row["all"].get(f"{part}_mean")) for part in ("reply", "next", "resolution")),
            _share(row["all"].get("kept")),
            _share((row["all"].get("denied") or 0) + (row["all"].get("suppressed") or 0)),
        ]
        for name, row in found["policies"].items()
    ]
    same = found["reproduced"]
    caption = (
        f"{found['tickets']:,} tickets of {found['customers']:,} customers; {found['unusable']['count']:,} of {found['rows']:,} rows were not used. "
        f"With the recorded starts as the policy, {same['exactly']:,} of {same['tickets']:,} first replies come out exactly. "
        f"{found['agents']} agents, load {found['load']:.0%}, {found['hours']}."
    )
    columns = ["policy", *plans, "everybody", "later reply", "resolution", "promise kept", "left out"]
    notes = table("What was estimated", [""], [[note] for note in found["notes"]])
    return [table("Mean hours to the first reply", columns, rows, caption), notes]


def churn_tables(found: dict[str, Any]) -> Table:
    """Each beta with its interval, and how the model did on later months."""
    later = found["later"] or {"betas_before": {}}
    rows = [
        [name, number(row["beta"], 2), span(row["ci"], 2), number(later["betas_before"].get(name), 2)]
        for name, row in found["betas"].items()
    ]
    caption = (
        f"{found['left']:,} of {found['customers']:,} customers left; intervals by customer; adjusted for "
        f"{', '.join(found['adjusted_for']) or 'nothing'}. "
    )
    if found["later"]:
        ranks = later["concordance_after"]
        caption += f"On later months it ranks who leaves with concordance {ranks:.2f} (0.5 is chance)."
    else:
        caption += "Too few left in the later months to check it there."
    return table("What goes with churn", ["over ninety days", "beta", "95 %", "fitted before the split"], rows, caption)


def sweep_table(found: dict[str, Any]) -> Table:
    """Each policy at each value: the mean first reply of everybody, and the share of promises kept."""
    policies = list(found["values"][0]["policies"])
    rows = [
        [
            f"{row['value']:g}",
            _share(row["load"]),
            *(
                f"{_hours(row['policies'][name]['all'].get('reply_mean'))}, {_share(row['policies'][name]['all'].get('kept'))}"
                for name in policies
            ),
        ]
        for row in found["values"]
    ]
    caption = "Mean hours to everybody’s first reply, nights and weekends included, and promises kept."
    return table(f"{found['study']['name']}, over {found['over']}", [found["over"], "load", *policies], rows, caption)
