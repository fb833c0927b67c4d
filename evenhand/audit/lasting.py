"""How long something took, as people say it."""

from __future__ import annotations

LONG = 100.0  # hours that need no decimals


def lasting(hours: float, sign: str = "") -> str:
    """“20 s”, “12 min”, “5.2 h”, “1,166 h”."""
    if abs(hours) >= LONG:
        return f"{hours:{sign},.0f} h"
    for unit, in_an_hour in (("s", 3600), ("min", 60)):
        if 0 < abs(hours) * in_an_hour < 60:
            return f"{hours * in_an_hour:{sign}.2g} {unit}"
    return f"{hours:{sign}.3g} h"


def longer(hours: float) -> str:
    """A difference: “+20 s”."""
    return lasting(hours, "+")
