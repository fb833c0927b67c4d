"""A backup and what comes of it: the same desk in another place, or a sentence why not."""

from __future__ import annotations

import io
import json
import shutil
import tarfile
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest

from evenhand.channels.models import Mailbox
from evenhand.conversations.attachment import Upload
from evenhand.conversations.models import Conversation
from evenhand.database import backup
from evenhand.database.embedded import Embedded
from evenhand.ledger.slot import Fact, put
from evenhand.people.models import Person

from .desk import Desk, run

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.timeout(900)]  # whole desks are started


@pytest.fixture
def place() -> Iterator[Path]:
    """A directory that PostgreSQL's own user may enter."""
    directory = Path(tempfile.mkdtemp(prefix="evenhand-backup-"))
    yield directory
    shutil.rmtree(directory, ignore_errors=True)


@pytest.fixture
def made(place: Path, database_urls: dict[str, str], settings) -> Path:  # type: ignore[no-untyped-def]
    """A backup of a desk with one conversation, one attachment and one fact."""
    settings.MEDIA_ROOT = place / "old" / "files"
    uploads = [Upload("a.txt", "text/plain", b"hello")]
    person = Person.at("ada@x.example", "Ada")
    Conversation.start(person, Mailbox.default().team, "It does not print", "Please help.", uploads=uploads)
    from datetime import UTC, datetime

    put(Fact(person.account.ledger_key, datetime.now(UTC).date(), "gold"))
    backup.make(place / "desk.tar", place / "old", database_urls["owner"], secrets=False)
    return place / "desk.tar"


def test_a_backup_is_a_desk(made: Path, place: Path) -> None:
    done = run("restore", str(made), "--data", str(place / "new"))
    assert done.returncode == 0, done.stderr
    desk = Desk(place / "new")
    try:
        desk.start()
        data = {"EVENHAND_DATA": str(place / "new")}
        assert run("check", "--deep", **data).returncode == 0
        number = backup.read_manifest(made)["rows"]["public.conversations_conversation"]
        listed = [json.loads(line) for line in run("line", "list", "--json", **data).stdout.splitlines()]
        assert len(listed) == number == 1
        audit = run("database", "url", "audit", **data).stdout.strip()
        with psycopg.connect(audit) as connection:
            assert ("gold",) in connection.execute("SELECT plan FROM ledger.fact").fetchall()
        again = run("restore", str(made), "--data", str(place / "new"))
        assert again.returncode == 1
        assert "already uses" in again.stderr
    finally:
        desk.stop()
    again = run("restore", str(made), "--data", str(place / "new"))
    assert "This database is not empty" in again.stderr


LETTER = b"From: Ada <ada@x.example>\r\nTo: support@desk.example\r\nSubject: Zebrafish\r\n\r\nWe keep zebrafish."
FOUND = """SELECT array_agg(number ORDER BY number) FROM search_find(search_query(ARRAY['zebrafish'], false, ARRAY[true]),
    (SELECT array_agg(id) FROM people_team), (2^62)::bigint, 100) AS number"""


def a_letter_arrives_as(number: int, server: Embedded, at: Path) -> None:
    with psycopg.connect(server.url_of("owner"), autocommit=True) as connection:
        sequence = "pg_get_serial_sequence('conversations_conversation', 'number')"
        connection.execute(f"SELECT setval({sequence}, %s)", [number - 1])
    (at / "letter.eml").write_bytes(LETTER + str(number).encode())
    done = run("mail", "import", str(at / "letter.eml"), EVENHAND_DATA=str(server.directory))
    assert json.loads(done.stdout)["conversation"] == number


def searched(manifest: dict[str, Any]) -> set[int]:
    """The search's tables in a backup, by their numbers."""
    name = "public.conversations_search_"
    return {int(table.removeprefix(name)) for table in manifest["rows"] if table.startswith(name)}


def test_tables_made_while_a_desk_grew_come_along(made: Path, place: Path) -> None:
    """The search keeps every 50,000 conversations in a table of their own, which no migration makes."""
    assert run("restore", str(made), "--data", str(place / "grown")).returncode == 0
    with (grown := Embedded(place / "grown")).running():
        a_letter_arrives_as(49_999, grown, place)
        a_letter_arrives_as(120_000, grown, place)
        manifest = backup.make(place / "grown.tar", place / "grown", grown.url_of("owner"), secrets=False)
    # Numbers that tests before this one took may have made more of them.
    assert searched(manifest) == searched(backup.read_manifest(made)) | {0, 1, 2, 3}
    done = run("restore", str(place / "grown.tar"), "--data", str(place / "back"))
    assert done.returncode == 0, done.stderr
    with (back := Embedded(place / "back")).running():
        a_letter_arrives_as(120_001, back, place)
        a_letter_arrives_as(250_000, back, place)
        with psycopg.connect(back.url_of("desk")) as connection:
            assert connection.execute(FOUND).fetchone() == ([49_999, 120_000, 120_001, 250_000],)


def test_it_is_ours_alone_and_never_half(made: Path, place: Path, database_urls: dict[str, str]) -> None:
    assert made.stat().st_mode & 0o777 == 0o600
    before = made.read_bytes()
    with pytest.raises(psycopg.OperationalError):
        backup.make(made, place / "old", database_urls["owner"].replace("owner", "nobody"), secrets=False)
    assert made.read_bytes() == before
    assert [each.name for each in place.iterdir() if "part" in each.name] == []


def test_what_somebody_put_in_its_place_is_not_written_to(
    made: Path, place: Path, database_urls: dict[str, str]
) -> None:
    theirs, part = place / "theirs", place / ".again.tar.part"
    theirs.write_bytes(b"")
    for place_it in (part.symlink_to, part.hardlink_to):
        place_it(theirs)
        backup.make(place / "again.tar", place / "old", database_urls["owner"], secrets=False)
        assert theirs.read_bytes() == b""
        assert (place / "again.tar").stat().st_mode & 0o777 == 0o600
        (place / "again.tar").unlink()


def test_secrets_come_along_only_when_asked_for(made: Path, place: Path, database_urls: dict[str, str]) -> None:
    with tarfile.open(made) as tar:
        assert not [name for name in tar.getnames() if "secret" in name]
    (place / "old" / "secrets").mkdir()
    (place / "old" / "secrets" / "secret_key").write_text("k")
    backup.make(place / "with.tar", place / "old", database_urls["owner"], secrets=True)
    with tarfile.open(place / "with.tar") as tar:
        assert "secrets/secret_key" in tar.getnames()


@pytest.mark.parametrize("keep", [0, 100, 5000])
def test_what_is_cut_short_is_refused(made: Path, place: Path, keep: int) -> None:
    short = place / "short.tar"
    short.write_bytes(made.read_bytes()[:keep])
    with pytest.raises(backup.Unusable, match="is not a backup of Evenhand, or is cut short"):
        backup.read_manifest(short)


def test_a_file_that_wants_out_is_refused(made: Path, place: Path, database_urls: dict[str, str]) -> None:
    with tarfile.open(place / "evil.tar", "w") as evil, tarfile.open(made) as good:
        for member in good:
            evil.addfile(member, good.extractfile(member))
        intruder = tarfile.TarInfo("files/../../out")
        intruder.size = 1
        evil.addfile(intruder, io.BytesIO(b"x"))
    done = run("restore", str(place / "evil.tar"), "--data", str(place / "new"))
    assert done.returncode == 1
    assert "outside the desk" in done.stderr
    assert not (place / "out").exists()
