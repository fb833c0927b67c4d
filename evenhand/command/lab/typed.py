"""What was typed."""

from __future__ import annotations

import shlex
import sys


def said() -> str:
    """The command as it was typed, for the page that it made."""
    words = sys.argv[1:]
    words = words[words.index("lab") + 1 :] if "lab" in words else words
    return shlex.join(["evenhand", "lab", *words])
