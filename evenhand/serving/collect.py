"""Copy every package's static files under names with hashes, when any of them changed."""

from __future__ import annotations

import fcntl
import hashlib
import sys
from pathlib import Path


def state() -> str:
    """A digest of which static files there are and when they were changed."""
    from django.contrib.staticfiles.finders import get_finders

    digest = hashlib.sha256()
    for finder in get_finders():
        for name, storage in finder.list(None):
            stat = Path(storage.path(name)).stat()
            digest.update(f"{name}\0{stat.st_mtime_ns}\0{stat.st_size}\n".encode())
    return digest.hexdigest()


def main() -> int:
    import django
    from django.conf import settings
    from django.core.management import call_command

    django.setup()
    root = Path(settings.STATIC_ROOT)
    root.mkdir(parents=True, exist_ok=True)
    with (root / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # two webs may share a data directory
        note, now = root / ".collected", state()
        if not note.exists() or note.read_text() != now:
            call_command("collectstatic", interactive=False, verbosity=0)
            note.write_text(now)
    return 0


if __name__ == "__main__":
    sys.exit(main())
