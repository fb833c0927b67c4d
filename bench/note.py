"""What a benchmark says while it works: on stderr, so that stdout is its result."""

import sys


def note(words: str) -> None:
    sys.stderr.write(f"bench: {words}\n")
    sys.stderr.flush()
