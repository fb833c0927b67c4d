"""Where a desk cannot start it says so in a sentence, with code 1, and what to do."""

from __future__ import annotations

import errno
import os
import subprocess
from pathlib import Path

import pytest

from evenhand.supervisor import room

from .desk import COMMAND, PATIENCE, Desk, environment, run


def test_a_directory_that_cannot_be_made(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    refused = run("up", *Desk(tmp_path / "file" / "data").options)
    assert refused.returncode == 1
    assert f"The data directory {tmp_path}/file/data cannot be written (Not a directory)" in refused.stderr
    assert "--data or EVENHAND_DATA" in refused.stderr


def test_a_read_only_directory(tmp_path: Path) -> None:
    """Nobody may write there: root, who may write anywhere, looks at it through a read-only mount of its own."""
    data = tmp_path / "data"
    data.mkdir(mode=0o500)
    command = [*COMMAND, "up", *Desk(data).options]
    if os.geteuid() == 0:
        script = 'mount --bind "$0" "$0" && mount -o remount,ro,bind "$0" && exec "$@"'
        command = ["unshare", "--mount", "sh", "-c", script, str(data), *command]
    refused = subprocess.run(command, env=environment(), capture_output=True, text=True, timeout=PATIENCE)
    assert refused.returncode == 1
    assert f"The data directory {data} cannot be written" in refused.stderr
    assert "Traceback" not in refused.stderr


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EDQUOT])
def test_a_full_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int) -> None:
    def full(self: Path, content: bytes) -> int:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(Path, "write_bytes", full)
    with pytest.raises(room.NoRoom, match=f"The disk of the data directory {tmp_path} is full: make room"):
        room.take(tmp_path)


def test_a_nearly_full_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(room, "NEW", 1 << 60)
    with pytest.raises(room.NoRoom, match=r"has \d+ MB free and the desk needs \d+: make room"):
        room.take(tmp_path)


def test_the_hold_ends_with_its_holder(tmp_path: Path) -> None:
    first = room.take(tmp_path)
    with pytest.raises(room.NoRoom, match="already uses"):
        room.take(tmp_path)
    first.close()
    room.take(tmp_path).close()


@pytest.mark.parametrize("value", ["8000", "127.0.0.1", "127.0.0.1:x", "127.0.0.1:0", "127.0.0.1:70000", ":8000"])
def test_an_address_that_is_none(tmp_path: Path, value: str) -> None:
    refused = run("up", "--data", str(tmp_path / "data"), "--http", value)
    assert refused.returncode == 1
    assert "EVENHAND_HTTP" in refused.stderr
    assert "127.0.0.1:8000" in refused.stderr
    assert not (tmp_path / "data").exists()


def test_an_address_that_is_not_ours(tmp_path: Path) -> None:
    refused = run("up", "--data", str(tmp_path / "data"), "--http", "192.0.2.1:8000")
    assert refused.returncode == 1
    assert "192.0.2.1:8000 cannot be listened on" in refused.stderr
