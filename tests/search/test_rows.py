"""The search knows at once what is written, moved, taken back or renamed, however it is written."""

from collections.abc import Callable
from datetime import UTC, datetime

import psycopg
import pytest
from django.db import connection

from evenhand.conversations.models import Conversation, Message
from evenhand.conversations.search import search
from evenhand.people.models import Address, Agent, Person, Team

Start = Callable[..., Conversation]
Find = Callable[..., list[int]]


@pytest.fixture(autouse=True)
def _db(db: None) -> None:
    pass


def test_later_messages_are_found(start: Start, find: Find, person: Person, agent: Agent) -> None:
    conversation = start("Hello", "there")
    conversation.receive(person, "wombat")
    conversation.reply(agent, "numbat")
    conversation.note(agent, "bandicoot")
    for word in ("wombat", "numbat", "bandicoot"):
        assert find(word) == [conversation.number]


def test_a_renamed_subject_is_found_by_its_new_words(start: Start, find: Find) -> None:
    conversation = start("Wombat", "text")
    conversation.subject = "Numbat"
    conversation.save()
    assert find("numbat") == [conversation.number]
    assert find("wombat") == []


def test_what_was_taken_back_is_not_found(start: Start, find: Find, agent: Agent) -> None:
    conversation = start("Hello", "there")
    message = conversation.reply(agent, "wombat")
    message.delete()
    assert find("wombat") == []
    assert find("hello") == [conversation.number]


def test_merged_words_are_found_where_they_went(start: Start, find: Find, agent: Agent) -> None:
    first, second = start("First", "wombat"), start("Second", "numbat")
    second.merge(first, agent)
    assert find("wombat numbat") == [first.number]
    assert find("second") == []


def test_rows_written_in_bulk_are_found(start: Start, find: Find, person: Person) -> None:
    conversations = [start("Hello", "there") for _ in range(3)]
    Message.objects.bulk_create(
        Message(conversation=each, kind="customer", person=person, text=f"wombat number{n}", at=datetime.now(UTC))
        for each in conversations
        for n in range(3)
    )
    assert len(find("wombat")) == 3
    assert len(find("number2")) == 3


def test_names_and_addresses_follow_their_people(start: Start, find: Find, person: Person) -> None:
    conversation = start("Hello", "there")
    person.name = "Mia Wombat"
    person.save()
    Address.objects.create(person=person, email="mia@numbat.example")
    assert find("wombat") == find("numbat") == [conversation.number]
    assert find("grossmann") == []


def test_only_the_agents_teams_are_searched(start: Start, find: Find) -> None:
    conversation = start("Wombat", "text")
    stranger = Agent.objects.create_user("eve@desk.example", name="Eve")
    assert search(stranger, "wombat") == []
    assert search(stranger, f"#{conversation.number}") == []
    stranger.teams.add(Team.objects.create(name="Other"))
    assert search(stranger, "wombat") == []
    conversation.team = stranger.teams.get()
    conversation.save()
    assert [hit.number for hit in search(stranger, "wombat")] == [conversation.number]
    assert find("wombat") == []


def test_words_beyond_what_one_row_holds_do_not_stop_a_letter(start: Start, find: Find, person: Person) -> None:
    conversation = start("Hello", "wombat")
    for n in range(12):
        conversation.receive(person, " ".join(f"{n}x{word}{'y' * 30}" for word in range(30_000 // 40)) * 2)
    crowded = " ".join(f"w{n}" for n in range(7000))
    for n in range(9):
        conversation.receive(person, crowded.replace("w", f"{chr(97 + n) * 60}"))
    assert find("wombat") == [conversation.number]


def at(number: int, start: Start, subject: str) -> Conversation:
    """A conversation with a number of its own choosing."""
    conversation = start("", "")
    Message.objects.filter(conversation=conversation).delete()
    fresh = Conversation.objects.get(pk=conversation.pk)
    fresh.pk, fresh.subject, fresh.waiting_since, fresh.due_at = number, subject, None, None
    fresh.save(force_insert=True)
    Message.objects.create(conversation=fresh, kind="customer", text="wombat")
    return fresh


def test_slices_are_made_ahead_and_read_from_the_newest_back(start: Start, find: Find) -> None:
    numbers = [49_990, 50_010, 99_999, 100_001, 1_000_000]
    for number in numbers:
        at(number, start, f"Number {number}")
    assert find("wombat") == numbers[::-1]
    assert find("wombat", limit=2) == [1_000_000, 100_001]
    assert find("wombat", before=100_001) == [99_999, 50_010, 49_990]
    assert find("wombat", before=49_990) == []
    with connection.cursor() as cursor:
        cursor.execute("SELECT slice FROM conversations_slice ORDER BY 1")
        made = {row[0] for row in cursor.fetchall()}
    assert {0, 1, 2, 3, 20, 21} <= made
    assert not made & {5, 10, 22}


def test_pages_follow_one_another_without_gap_or_repeat(start: Start, find: Find) -> None:
    """Across the newest two hundred, which are looked at one by one, and those the index finds."""
    wanted = [start("Wombat" if n % 3 == 0 else "Other", "text").number for n in range(330)]
    expected = wanted[::3][::-1]
    seen: list[int] = []
    while page := find("wombat", limit=7, **({"before": seen[-1]} if seen else {})):
        seen += page
    assert seen == expected


def test_the_desk_cannot_make_tables_but_the_function_makes_slices(database_urls: dict[str, str]) -> None:
    with psycopg.connect(database_urls["desk"]) as desk, pytest.raises(psycopg.errors.InsufficientPrivilege):
        desk.execute("CREATE TABLE conversations_search_77 (number bigint)")
    with psycopg.connect(database_urls["desk"]) as desk:
        desk.execute("SELECT search_make_slice(77)")  # holds nothing: none is made
        assert desk.execute("SELECT to_regclass('conversations_search_77')").fetchone() == (None,)
    with psycopg.connect(database_urls["desk"]) as desk, pytest.raises(psycopg.errors.InsufficientPrivilege):
        desk.execute("SELECT search_refill(0)")


def test_a_search_takes_one_query_whatever_it_finds(start: Start, find: Find, django_assert_num_queries) -> None:  # type: ignore[no-untyped-def]
    for n in range(30):
        start("Wombat", f"text {n}")
    with django_assert_num_queries(1):
        assert len(find("wombat")) == 25
    with django_assert_num_queries(1):
        assert len(find("wombat", limit=3)) == 3
