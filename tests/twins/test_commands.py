"""The twins at the shell: whatever a command prints of one it prints of the other, and what they pay changes nothing."""

import click
import pytest
from click.testing import CliRunner
from django.db import transaction

from evenhand.command import main

from .pages import nameless
from .world import NOW, PLANS

# What each command that speaks of customers is asked; {number} is the twin's waiting conversation.
ASKED = {
    "conversation show": ["{number}", "--json"],
    "line list": ["--json"],
    "line next": ["--agent", "ada@desk.example", "--json"],
}
# Commands that say nothing of a customer the desk knows, and why.
SILENT = {
    "up": "starts the desk", "web": "a process", "work": "a process", "mail": "a process",
    "agent add": "about an agent",
    "database setup": "about the database", "database url": "about the database",
    "database migrate": "about the database",
    "ledger import": "writes to the ledger and prints what it refused; tested with the slot",
    "mail import": "prints a line per letter it takes in; the letters' path is the same for all senders (tests/channels)",
    "mail read": "shows a file without a desk", "mail dkim": "about the desk's own domains", "mail learn": "prints four numbers about all letters together", "mail fetch": "a process",
    "audit run": "the audit itself, with the audit's key", "audit csv": "reads a file", "audit verify": "reads a file",
    "audit simulate": "simulates",
    "backup": "writes a file", "restore": "reads a file", "check": "counts",
}  # fmt: skip


def leaves(group: click.Group, path: tuple[str, ...] = ()) -> list[str]:
    found = []
    for name in group.list_commands(click.Context(group)):
        command = group.get_command(click.Context(group), name)
        if isinstance(command, click.Group):
            found += leaves(command, (*path, name))
            if command.invoke_without_command:
                found.append(" ".join((*path, name)))
        elif command:
            found.append(" ".join((*path, name)))
    return found


def test_every_command_is_asked_or_explained():
    unexplained = [
        name for name in leaves(main) if name not in ASKED and name not in SILENT and not name.startswith("lab")
    ]
    assert unexplained == [], "say in tests/twins/test_commands.py what to ask them, or why they speak of no customer"


@pytest.fixture(autouse=True)
def this_database(monkeypatch, database_urls):
    monkeypatch.setenv("EVENHAND_DATABASE_URL", database_urls["desk"])


def answers(world) -> dict[str, str]:
    found = {}
    for name, arguments in ASKED.items():
        for k, twin in enumerate(world.twins):
            given = [each.format(number=twin.waiting.number) for each in arguments]
            with transaction.atomic():  # `line next` takes the turn; the next one asked shall find the same line
                result = CliRunner().invoke(main, [*name.split(), *given], catch_exceptions=False)
                transaction.set_rollback(True)
            assert result.exit_code == 0, (name, result.output)
            found[f"{name} of twin {k}"] = result.stdout
    return found


def test_what_customers_pay_changes_no_byte(world):
    before = answers(world)
    world.pay(PLANS[::-1], NOW.date())
    assert answers(world) == before
    assert not any(plan in text for text in before.values() for plan in PLANS)


def test_the_twins_could_change_places(make_world):
    found = []
    for names in (("Robin", "Robyn"), ("Robyn", "Robin")):
        with transaction.atomic():
            world = make_world(names)
            found.append({key: nameless(text, world) for key, text in answers(world).items()})
            transaction.set_rollback(True)
    assert found[0] == found[1]
