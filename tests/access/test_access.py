"""Every address × every role × own, foreign and absent things."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from .conftest import Desk
from .register import ABSENT as REASONS
from .register import (
    ADMINISTRATORS,
    AGENTS,
    BY_LINK,
    DEMO,
    ELSEWHERE,
    EVERYONE,
    LETTERS,
    OWN,
    OWN_TEAMS,
    PAGES,
    PROGRAMS,
)

pytestmark = pytest.mark.django_db
ROLES = ("stranger", "agent", "foreign", "admin")
# `agent` owns what is there; `foreign` is of another team, and so is `admin`.
MAY = {
    EVERYONE: set(ROLES),
    BY_LINK: set(ROLES),
    AGENTS: {"agent", "foreign", "admin"},
    OWN_TEAMS: {"agent"},
    OWN: {"agent"},
    ADMINISTRATORS: {"admin"},
    LETTERS: {"admin"},
    DEMO: set(),
    ELSEWHERE: set(),
    PROGRAMS: set(),
}
ABSENT: dict[str, object] = {"token": "0" * 64, "key": "0" * 43, "slug": "nowhere"}
HUGE: dict[str, object] = {"token": "-", "key": "-", "slug": "-"}


def every_address(
    patterns: list[URLPattern | URLResolver], space: str = "", parts: frozenset[str] = frozenset()
) -> Iterator[tuple[str, frozenset[str]]]:
    """(name, the parts of the address that name something) of everything there is."""
    for each in patterns:
        known = parts | frozenset(each.pattern.converters)
        if isinstance(each, URLResolver):
            yield from every_address(each.url_patterns, f"{each.namespace}:" if each.namespace else space, known)
        else:
            yield f"{space}{each.name}", known


ADDRESSES = dict(every_address(get_resolver().url_patterns))


def test_every_address_is_registered_with_what_it_names():
    assert set(ADDRESSES) - set(PAGES) == set(), "Say in tests/access/register.py who may open these."
    assert set(PAGES) - set(ADDRESSES) == set(), "These are gone: take them out of tests/access/register.py."
    for name, parts in ADDRESSES.items():
        assert parts == set(PAGES[name][1]), name


def test_what_is_asked_for_is_there_or_a_reason_is_given():
    assert {name for name, (_, parts) in PAGES.items() if "absent" in parts.values()} == set(REASONS)


def path_of(name: str, desk: Desk) -> tuple[str, bool]:
    """The page's address and whether what it names is there."""
    parts = PAGES[name][1]
    there = "absent" not in parts.values()
    known = {part: desk.things.get(what, what) for part, what in parts.items()}
    return reverse(name, kwargs=known if there else absent(name)), there


def absent(name: str, instead: dict[str, object] = ABSENT, number: int = 987_654_321) -> dict[str, object]:
    return {part: instead.get(part, number) for part in PAGES[name][1]}


def refused(answer: HttpResponse) -> bool:
    """Not there, or only after signing in."""
    return answer.status_code in (401, 404) or (
        answer.status_code == 302 and answer["Location"].startswith(("/sign-in/", "/account/confirm/?"))
    )


def body(answer: HttpResponse) -> bytes:
    return b"".join(answer.streaming_content) if answer.streaming else answer.content  # type: ignore[attr-defined]


def ask(client: Client, path: str) -> list[HttpResponse]:
    """GET and POST; a page that knows only one of them says so with 405."""
    return [each for each in (client.get(path), client.post(path, {})) if each.status_code != 405]


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("name", PAGES)
def test_the_right_ones_come_in_and_the_others_find_nothing(desk, name, role):
    kind = PAGES[name][0]
    path, there = path_of(name, desk)
    answers = ask(desk.come_as(role), path)
    assert answers
    for answer in answers:
        assert answer.status_code < 500
        if role in MAY[kind] and there:
            assert answer.status_code != 404
        else:
            assert refused(answer), (answer.status_code, answer.headers.get("Location"))
            assert b"SECRET" not in body(answer)
        if role == "stranger" and kind not in (EVERYONE, BY_LINK):
            assert refused(answer)
        elif role not in MAY[kind] and kind != PROGRAMS:
            assert answer.status_code == 404  # signed in, so that it is not there says nothing


PUBLISHED = {"pledge:badge", "pledge:statements", "pledge:figures"}  # the same for everyone


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("name", PAGES)
def test_no_page_is_kept_by_a_browser_or_a_proxy(desk, name, role):
    """But what is published, and in the browser itself a picture, whose address never means another."""
    for answer in ask(desk.come_as(role), path_of(name, desk)[0]):
        kept = answer.headers.get("Cache-Control", "")
        picture = answer.headers.get("Content-Type", "").startswith("image/")
        assert "no-store" in kept or (picture and "private" in kept) or name in PUBLISHED, kept


NAMING = [name for name, (kind, parts) in PAGES.items() if parts and kind not in (EVERYONE,) and "slug" not in parts]


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("name", NAMING)
def test_what_is_foreign_answers_as_what_is_absent(desk, name, role):
    client = desk.come_as(role)
    missing = [(each.status_code, settled(each)) for each in ask(client, reverse(name, kwargs=absent(name)))]
    assert all(status in (302, 401, 404) for status, _ in missing)
    huge = ask(client, reverse(name, kwargs=absent(name, HUGE, 2**70)))
    assert all(each.status_code in (302, 401, 404) for each in huge)
    path, there = path_of(name, desk)
    if there and role not in MAY[PAGES[name][0]] and role != "stranger":
        assert [(each.status_code, settled(each)) for each in ask(client, path)] == missing


def settled(answer: HttpResponse) -> bytes:
    """The answer without the token against forged forms, which is drawn by lot."""
    before, _, rest = body(answer).partition(b'name="csrfmiddlewaretoken" value="')
    return before + rest.partition(b'"')[2]


@pytest.mark.parametrize(
    "name", [name for name, (kind, _) in PAGES.items() if kind == BY_LINK and name.startswith("help:")]
)
def test_the_right_number_with_another_ones_link_opens_nothing(desk, name):
    from evenhand.conversations.models import Conversation, Link
    from evenhand.people.models import Person

    other = Person.at("otto@other.example")
    conversation, _ = Conversation.start(other, desk.agent.teams.get(), "theirs", "theirs")
    things = {**desk.things, "link": Link.of(conversation, other).token}
    path = reverse(name, kwargs={part: things[what] for part, what in PAGES[name][1].items()})
    for answer in ask(desk.come_as("stranger"), path):
        assert b"SECRET" not in body(answer)
        assert name != "help:file" or answer.status_code == 404


@pytest.mark.parametrize("name", [name for name in ADDRESSES if name.startswith("accounts:")])
def test_rights_are_not_taken_by_asking_for_them(desk, name):
    """Whatever an agent sends along to a page of accounts, they stay what they are."""
    path, _ = path_of(name, desk)
    wanted = {
        "is_admin": "on",
        "is_superuser": "on",
        "is_staff": "on",
        "role": "admin",
        "owner": "1",
        "teams": desk.things["team"],
    }
    desk.come_as("foreign").post(path, {**wanted, "name": "ed", "email": "ed@desk.example", "at_once": "50"})
    desk.foreign.refresh_from_db()
    assert (desk.foreign.is_admin, desk.foreign.at_once, [each.name for each in desk.foreign.teams.all()]) == (
        False,
        5,
        ["Elsewhere"],
    )
