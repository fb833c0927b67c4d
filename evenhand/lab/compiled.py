"""Compilation with numba, kept on disk between runs and thrown away when any compiled source changes."""

import hashlib
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import ParamSpec, TypeVar, cast

import numba
from numba.core import config

from evenhand.fairness import turns

try:
    import fcntl
except ImportError:  # no such locks on Windows
    fcntl = None  # type: ignore[assignment]

P = ParamSpec("P")
R = TypeVar("R")

HERE = Path(__file__).parent


def _sources() -> list[Path]:
    uses = sorted(path for path in HERE.rglob("*.py") if b"from .compiled import" in path.read_bytes())
    return [Path(turns.__file__), HERE / "turns.py", *uses]


def _cache_directory() -> str:
    """A folder named after every source that is compiled: numba itself looks only at the file of the outermost function."""
    digest = hashlib.sha256(b"".join(path.read_bytes() for path in _sources())).hexdigest()[:16]
    home = os.environ.get("XDG_CACHE_HOME") or Path("~/.cache").expanduser()
    return str(Path(home) / "evenhand" / "lab" / digest)


if not config.CACHE_DIR:
    config.CACHE_DIR = _cache_directory()

# Without the reference counting of arrays, which the simulator's inner loop would spend two thirds of its time on; such
# functions allocate nothing.
_part = numba.njit(nogil=True, error_model="numpy", forceinline=True, _nrt=False)
_whole = numba.njit(cache=True, nogil=True, error_model="numpy", _nrt=False)
_allocating = numba.njit(cache=True, nogil=True, error_model="numpy")


@contextmanager
def alone() -> Iterator[None]:
    """One process compiles while the others wait for what it keeps; where files cannot be locked, each compiles."""
    try:
        folder = Path(config.CACHE_DIR)
        folder.mkdir(parents=True, exist_ok=True)
        lock = (folder / "lock").open("w")
    except OSError:
        yield
        return
    with lock:
        if fcntl:
            fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def part(function: Callable[P, R]) -> Callable[P, R]:
    """A function that compiled ones call; it becomes part of them. The source stays plain Python."""
    return cast("Callable[P, R]", _part(function))


def compiled(function: Callable[P, R]) -> Callable[P, R]:
    """A function to call from Python, compiled once and kept on disk. It may allocate nothing."""
    return cast("Callable[P, R]", _whole(function))


def allocating(function: Callable[P, R]) -> Callable[P, R]:
    """As `compiled`, for one that makes arrays."""
    return cast("Callable[P, R]", _allocating(function))
