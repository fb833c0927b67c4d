from __future__ import annotations

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class Finding:
    """How one thing about a mailbox stands, in a sentence, and in another how to mend it."""

    name: str
    state: Literal["good", "soon", "late"]  # as pages colour them: right, better looked at, wrong
    said: str
    mend: str = ""
    record: str = ""  # to be copied into the DNS
