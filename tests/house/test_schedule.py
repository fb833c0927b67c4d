"""Every recurring job does what its sentence says, and is tried by a real worker."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from django.contrib.sessions.models import Session
from django.utils import timezone

from evenhand import schedule
from evenhand.channels.models import Mailbox
from evenhand.conversations.models import Conversation
from evenhand.people.models import Agent, Person, SignInLink

from .desk import run

pytestmark = pytest.mark.django_db(transaction=True)


def asked() -> Conversation:
    return Conversation.start(Person.at("ada@x.example"), Mailbox.default().team, "Hi", "Help")[0]


def test_every_job_is_written_in_words_and_locked() -> None:
    tasks = [each.task for each in schedule.app.periodic_registry.periodic_tasks.values()]
    ours = [each for each in tasks if each.name.startswith("schedule.")]
    assert len(ours) >= 6
    for task in ours:
        assert task.func.__doc__
        assert task.queueing_lock == task.name


def test_a_snooze_that_is_over_ends() -> None:
    over, later = asked(), asked()
    agent = Agent.invite("bo@desk.example", "Bo", over.team)
    over.snooze(agent, timezone.now() + timedelta(seconds=-1))
    later.snooze(agent, timezone.now() + timedelta(hours=1))
    schedule.wake_what_was_put_aside(timestamp=0)
    states = dict(Conversation.objects.values_list("number", "state"))
    assert states == {over.number: "open", later.number: "snoozed"}


def test_what_is_over_is_forgotten() -> None:
    agent = Agent.invite("bo@desk.example", "Bo", Mailbox.default().team)
    kept = SignInLink.make(agent)
    SignInLink.make(agent, "invitation")
    SignInLink.objects.filter(purpose="invitation").update(expires_at=timezone.now() - timedelta(days=1))
    for key, days in (("old", -1), ("new", 1)):
        Session.objects.create(session_key=key, session_data="", expire_date=timezone.now() + timedelta(days=days))
    schedule.forget_what_is_over(timestamp=0)
    assert SignInLink.look(kept)
    assert SignInLink.objects.count() == 1
    assert list(Session.objects.values_list("session_key", flat=True)) == ["new"]


def test_a_worker_runs_them(database_urls: dict[str, str], tmp_path: Path) -> None:
    """Also what a worker began and, killed, did not end."""
    from procrastinate.contrib.django.models import ProcrastinateJob

    over = asked()
    over.snooze(Agent.invite("bo@desk.example", "Bo", over.team), timezone.now() - timedelta(seconds=1))
    schedule.app.tasks["schedule.wake_what_was_put_aside"].defer(timestamp=0)
    settings = {"EVENHAND_DATABASE_URL": database_urls["desk"], "EVENHAND_DATA": str(tmp_path)}
    done = run("work", "--until-done", **settings)
    assert done.returncode == 0, done.stderr
    over.refresh_from_db()
    assert over.state == "open"
    assert not ProcrastinateJob.objects.filter(status="failed").exists()
