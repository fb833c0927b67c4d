"""Where the mail that nobody here wrote is read from: `EVENHAND_MAIL_CORPORA`, by default `../shared/corpora`."""

import os
from pathlib import Path

import pytest

CORPORA = Path(os.environ.get("EVENHAND_MAIL_CORPORA", "../shared/corpora"))


def corpus(name: str) -> Path:
    """The folder of one corpus; a test that needs it is skipped, with this reason, where it is absent."""
    folder = CORPORA / name
    if not folder.is_dir():
        pytest.skip(f"the corpus {name!r} is not at {CORPORA} (set EVENHAND_MAIL_CORPORA)")
    return folder


def letters(folder: Path) -> list[Path]:
    """Every letter below a folder, in one order everywhere."""
    return sorted(path for path in folder.rglob("*.eml"))
