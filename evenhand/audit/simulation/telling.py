"""The operating characteristics as a table of text."""

from typing import Any

COLUMNS = {
    "parity": "parity", "within tolerance": "tolerance", "disparity": "disparity", "not enough evidence": "open",
    "inside": "inside margin", "excludes": "excludes 1", "wolf": "Mann–Whitney", "alarm": "alarm",
}  # fmt: skip
MONITOR = {
    "false_alarm_no_slack": "false alarms, no slack",
    "false_alarm": "false alarms",
    "false_alarm_customers_no_slack": "false alarms, customers who come back, no slack",
    "false_alarm_customers": "false alarms, customers who come back",
    "certificate_median_pairs": "pairs to a certificate, median",
    "break_median_pairs": "pairs to catch a break to P(faster) = .7 after 3,000 good ones, median",
    "plain_process_median_pairs": "the same by the alarm alone, median",
}


def told(found: dict[str, Any]) -> str:
    """Shares in per cent, each ± one Monte Carlo standard error."""
    lines = [f"{'desk':<24}{'tickets':>8}" + "".join(f"{name:>15}" for name in COLUMNS.values())]
    for line in found["audit"]:
        cells = "".join(f"{_cell(line[name]):>15}" for name in COLUMNS)
        lines.append(f"{line['desk']:<24}{line['tickets']:>8,}{cells}")
    lines += ["", f"The monitor, over {found['monitor']['pairs']:,} pairs:"]
    lines += [f"  {name:<75}{_cell(found['monitor'][key]):>15}" for key, name in MONITOR.items()]
    return "\n".join(
        [*lines, "", f"{found['runs']} runs a line, seed {found['seed']}; ± one Monte Carlo standard error."]
    )


def _cell(figure: dict[str, float]) -> str:
    if "median" in figure:
        return f"{figure['median']:,.0f} ± {figure['error']:,.0f}"
    return f"{figure['share'] * 100:.0f} ± {figure['error'] * 100:.1f} %"
