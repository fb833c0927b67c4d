"""Each setting is documented, and what is malformed stops the start with a sentence that gives nothing away."""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest

from evenhand import env

from .desk import Desk, run

ROOT = Path(__file__).parents[2]
LANGUAGES = "give one of de, en, es, fr, it, nl, pl, pt, sv, ja.\n"
OURS = {"EVENHAND_PARENT", "EVENHAND_TEST"}  # from the supervisor to its parts, and what tests are told: not for people


def test_every_setting_is_documented_and_nothing_else_is() -> None:
    code = "\n".join(file.read_text() for file in (ROOT / "evenhand").rglob("*.py"))
    used = set(re.findall(r"EVENHAND_[A-Z_]+[A-Z]", code)) - OURS
    told = set(re.findall(r"`(EVENHAND_[A-Z_]+)", (ROOT / "docs" / "settings.md").read_text()))
    assert used == told == env.KNOWN


@pytest.mark.parametrize("command", ["up", "web", "work", "mail", "check"])
def test_a_setting_with_a_typo_is_said(tmp_path: Path, command: str) -> None:
    mistaken = {"EVENHAND_OUTBUND": "smtp://ada:p4ss@mail.example", "EVENHAND_WEATHER": "p4ss", "EVENHAND_TEST_X": "1"}
    # A malformed one ends each of them right after.
    given = {"EVENHAND_LANGUAGE": "tlh", "EVENHAND_DATA": str(tmp_path), "EVENHAND_HTTP": "x", "EVENHAND_SMTP": "x"}
    done = run(command, **given, **mistaken)
    assert done.stderr.startswith(
        "evenhand: EVENHAND_OUTBUND is no setting and is ignored. Did you mean EVENHAND_OUTBOUND?\n"
        "evenhand: EVENHAND_WEATHER is no setting and is ignored.\n"
    )
    assert done.stderr.count("is no setting") == 2
    assert "p4ss" not in done.stderr
    assert run(command, **given, EVENHAND_PARENT=str(os.getpid()), **mistaken).stderr.count("is no setting") == 0


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("EVENHAND_URL", "desk.example"),
        ("EVENHAND_URL", "https://desk.example:port"),
        ("EVENHAND_URL", "http://["),
        ("EVENHAND_DEMO", "perhaps"),
        ("EVENHAND_UNDO_SECONDS", "ten"),
        ("EVENHAND_UNDO_SECONDS", "-1"),
        ("EVENHAND_LETTER_BYTES", "25MB"),
        ("EVENHAND_ADDRESS", "support"),
        ("EVENHAND_URL", "https://"),
        ("EVENHAND_OUTBOUND", "mail.example:25"),
        ("EVENHAND_OUTBOUND", "smtp://"),
        ("EVENHAND_OUTBOUND", "smtps://user:password@:465"),
        ("EVENHAND_IMAP", "imaps://"),
        ("EVENHAND_LMTP", "here"),
        ("EVENHAND_HOOK_SECRETS", "mailgun"),
        ("EVENHAND_HOOK_SECRETS", "nobody:secret"),
        ("EVENHAND_DATABASE_URL", "mysql://x/y"),
        ("EVENHAND_SECRET_KEY", "short"),
        ("EVENHAND_LANGUAGE", "tlh"),
    ],
)
def test_what_is_malformed_stops_the_start(tmp_path: Path, name: str, value: str) -> None:
    given = {"EVENHAND_DATABASE_URL": "postgresql://x@127.0.0.1:1/x", "EVENHAND_DATA": str(tmp_path), name: value}
    done = run("line", "list", **given)
    assert done.returncode == 1
    assert done.stderr.startswith(f"evenhand: {name}=")
    assert "cannot be used: give" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_desk_looks_at_its_settings_before_it_makes_anything(tmp_path: Path) -> None:
    refused = run("up", *Desk(tmp_path / "data").options, EVENHAND_LANGUAGE="tlh")
    assert refused.returncode == 1
    assert refused.stderr == "evenhand: EVENHAND_LANGUAGE='tlh' cannot be used: " + LANGUAGES
    assert not (tmp_path / "data" / "postgres").exists()


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("EVENHAND_X", "ftp://ada:p4ss@w0rd@host"),
        ("EVENHAND_SECRET_X", "p4ss@w0rd"),
        ("EVENHAND_X", "a://u:p4ss@w0rd@"),
    ],
)
def test_no_password_is_repeated(monkeypatch: pytest.MonkeyPatch, name: str, value: str) -> None:
    monkeypatch.setenv(name, value)
    assert "p4ss" not in str(env.Malformed(name, "give another"))
    assert "w0rd" not in str(env.Malformed(name, "give another"))


def test_a_secret_is_made_once_and_is_ours_alone(tmp_path: Path) -> None:
    first = env.secret("EVENHAND_SOME_KEY", tmp_path)
    assert len(first) >= 64
    assert env.secret("EVENHAND_SOME_KEY", tmp_path) == first
    [file] = (tmp_path / "secrets").iterdir()
    assert (file.name, file.stat().st_mode & 0o777) == ("some_key", 0o600)


@pytest.mark.parametrize(
    ("value", "address"),
    [
        ("127.0.0.1:80", ("127.0.0.1", 80)),
        ("[::1]:8000", ("::1", 8000)),
        ("desk.example:65535", ("desk.example", 65535)),
    ],
)
def test_addresses(monkeypatch: pytest.MonkeyPatch, value: str, address: tuple[str, int]) -> None:
    monkeypatch.setenv("EVENHAND_HTTP", value)
    assert env.address("EVENHAND_HTTP", "") == address
    assert str(env.address("EVENHAND_HTTP", "")) == value


def test_everywhere_is_reached_by_its_loopback() -> None:
    assert str(env.Address("0.0.0.0", 80).near) == "127.0.0.1:80"
    assert str(env.Address("::", 80).near) == "[::1]:80"
