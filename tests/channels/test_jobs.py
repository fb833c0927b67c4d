"""The jobs of the post: few for much, in an order that has customers first, and never all of a worker's."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob

from evenhand.channels import sending, tasks, wake
from evenhand.channels.files import looking
from evenhand.conversations import leaving

from .post import arrive, write

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def quiet(no_jobs):
    """No reply left just before."""


def test_the_job_is_in_the_replying_transaction_and_due_when_the_reply_leaves(ada):
    conversation = arrive(write("My printer is on fire.")).conversation
    leaves_at = timezone.now() + timedelta(seconds=10)
    conversation.reply(ada, "Wait.", leaves_at=leaves_at)
    with connection.cursor() as cursor:
        cursor.execute("SELECT task_name FROM procrastinate_jobs WHERE scheduled_at = %s", [leaves_at])
        assert cursor.fetchall() == [("channels.send",)]


def test_replies_that_leave_within_a_second_share_a_job_that_comes_after_all_of_them(
    monkeypatch, django_capture_on_commit_callbacks
):
    start = timezone.now()
    leaves = []
    for tenth in range(20):  # two seconds of replies, each of which can be taken back for ten
        now = start + timedelta(seconds=tenth / 10)
        monkeypatch.setattr(timezone, "now", lambda now=now: now)
        leaves.append(now + timedelta(seconds=10))
        with django_capture_on_commit_callbacks(execute=True):
            leaving.at(leaves[-1])
    jobs = sorted(ProcrastinateJob.objects.filter(task_name=leaving.SEND).values_list("scheduled_at", flat=True))
    assert len(jobs) == 3
    for each in leaves:  # none is late by more than a second, and none comes too early
        assert timedelta(0) <= min(job for job in jobs if job >= each) - each <= timedelta(seconds=1)


def test_what_was_taken_back_is_relied_on_by_nobody():
    leaving.at()  # in a transaction that is never committed
    leaving.at()
    assert ProcrastinateJob.objects.filter(task_name=leaving.SEND).count() == 2


def test_a_job_for_later_is_none_for_now(django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        leaving.at(timezone.now() + timedelta(seconds=10))
    with django_capture_on_commit_callbacks(execute=True):
        leaving.at()
    assert ProcrastinateJob.objects.filter(task_name=leaving.SEND, scheduled_at=None).count() == 1


def test_what_customers_wrote_is_begun_before_letters_leave():
    for _ in range(3):
        leaving.at()
    wake.readers()
    app.configure_task(wake.BEGIN, queue="mail").defer()
    with connection.cursor() as cursor:
        fetched = []
        for _ in range(5):
            cursor.execute("SELECT task_name FROM procrastinate_fetch_job_v2(NULL, NULL)")
            fetched.append(cursor.fetchone()[0])
    assert sorted(fetched[:2]) == [wake.BEGIN, wake.READ]
    assert fetched[2:] == [leaving.SEND] * 3


def test_sending_leaves_some_of_a_worker_to_others(monkeypatch):
    """A slow server holds up two of four jobs; who comes meanwhile does not wait, and one of the two looks once more."""
    slow, at_work, looks = threading.Event(), threading.Semaphore(0), []

    def send_all() -> None:
        looks.append(threading.current_thread().name)
        at_work.release()
        slow.wait(60)

    monkeypatch.setattr(sending, "send_all", send_all)
    monkeypatch.setattr(looking, "look_at_all", lambda: None)
    with ThreadPoolExecutor(2) as pool:
        try:
            sent = [pool.submit(tasks.send) for _ in range(2)]
            assert at_work.acquire(timeout=60)
            assert at_work.acquire(timeout=60)
            tasks.send()  # returns, though nothing was sent
            assert len(looks) == 2
        finally:
            slow.set()
    assert all(each.result() is None for each in sent)
    assert len(looks) in (3, 4)
