"""The demo desk: a cast, three months of history made from a seed, dated up to now."""

from __future__ import annotations

from datetime import datetime

SEED = "evenhand"


def fill(seed: str = SEED, until: datetime | None = None) -> bool:
    """Fill the desk of the current database with the demo; False when it already has conversations."""
    from .filling import fill as fill_desk  # needs Django set up; `evenhand.demo.cast` does not

    return fill_desk(seed, until)
