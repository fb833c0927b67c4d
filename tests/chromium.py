"""Have Chromium for the browser tests: find it, else install the distribution's package where we may, else say what to do."""

from __future__ import annotations

import shutil
import sys

from tests import apt

NAMES = ("chromium", "chromium-browser", "google-chrome")
MISSING = (
    "The browser tests need Chromium: install your distribution's package (Debian, Ubuntu: apt-get install chromium)."
)


def find() -> str | None:
    return next((found for name in NAMES if (found := shutil.which(name))), None)


def main() -> str | int:
    if not find():
        apt.install("Chromium", "the browser tests", "chromium")
    return 0 if find() else MISSING


if __name__ == "__main__":
    sys.exit(main())
