"""Questions by the form: stored first, then begun once by whichever worker comes."""

from datetime import timedelta
from email import message_from_bytes
from email.policy import default

import pytest
from django.utils import timezone, translation
from procrastinate.contrib.django.models import ProcrastinateJob

from evenhand.channels import beginning, tasks, wake
from evenhand.channels.models import Outgoing, Question
from evenhand.channels.wording import languages, wording_in, written
from evenhand.conversations import waking
from evenhand.conversations.attachment import Upload
from evenhand.conversations.models import Conversation, HeldFile
from evenhand.line.models import Turn

pytestmark = pytest.mark.django_db
AN_HOUR_AGO = timezone.now() - timedelta(hours=1)


def question(**other) -> Question:
    given = {
        "once": f"form-{Question.objects.count()}", "email": "mira@calm.example", "name": "Mira", "subject": "Hello",
        "text": "How do I add a second calendar to my account?", "need": "question", "asked_at": AN_HOUR_AGO,
    }  # fmt: skip
    Question(**given | other).keep()
    return Question.objects.latest("pk")


def test_it_has_waited_since_it_was_asked(mailbox):
    asked = question()
    assert beginning.begin_all() == 1
    conversation = Conversation.objects.get()
    assert (conversation.opened_at, conversation.waiting_since) == (AN_HOUR_AGO, AN_HOUR_AGO)
    assert Turn.objects.get().waiting_since == AN_HOUR_AGO
    assert (conversation.language, conversation.channel) == ("en", "form")
    asked.refresh_from_db()
    assert asked.conversation == conversation


def test_it_is_begun_once(mailbox):
    pk = question().pk
    assert [beginning.begin(pk, {mailbox.address: mailbox}), beginning.begin(pk, {mailbox.address: mailbox})] == [
        True,
        False,
    ]
    assert beginning.begin_all() == 0
    assert Conversation.objects.count() == Outgoing.objects.count() == 1


def test_all_that_follows_happens_or_nothing_does(mailbox, monkeypatch):
    pk = question().pk

    def fails(*_):
        raise RuntimeError("the pen broke")

    with monkeypatch.context() as broken:
        broken.setattr(beginning, "acknowledge_question", fails)
        assert not beginning.begin(pk, {mailbox.address: mailbox})
    assert not Conversation.objects.exists()
    assert Question.objects.get(pk=pk).tries == 1
    assert beginning.begin(pk, {mailbox.address: mailbox})
    assert Conversation.objects.count() == Outgoing.objects.count() == 1


def test_what_cannot_be_begun_as_it_is_goes_before_an_agent(mailbox, monkeypatch):
    question()

    def fails(_):
        raise RuntimeError("no such language")

    monkeypatch.setattr(beginning, "language_of", fails)
    for _ in range(beginning.TRIES + 1):
        beginning.begin_all()
    assert Conversation.objects.get().state == "quarantined"


def test_one_that_fails_keeps_no_other_back(mailbox, monkeypatch):
    question(text="Cette question est mal posée, mais elle est là.")
    question()
    real = beginning.language_of
    monkeypatch.setattr(beginning, "language_of", lambda text: 1 / 0 if "posée" in text else real(text))
    beginning.begin_all()
    assert [each.text for each in Question.objects.waiting()] == ["Cette question est mal posée, mais elle est là."]
    beginning.begin_all()
    beginning.begin_all()
    assert sorted(Conversation.objects.values_list("state", flat=True)) == ["open", "quarantined"]


def test_a_job_ends_soon_and_another_goes_on(mailbox, monkeypatch):
    for _ in range(3):
        question()
    monkeypatch.setattr(beginning, "LONGEST", 0.0)
    assert beginning.begin_all() == 0
    monkeypatch.setattr(beginning, "LONGEST", 60.0)
    monkeypatch.setattr(beginning, "BATCH", 2)
    monkeypatch.setattr(beginning, "begin", lambda pk, mailbox, real=beginning.begin: real(pk, mailbox) and stop())

    def stop() -> bool:
        monkeypatch.setattr(beginning, "LONGEST", 0.0)
        return True

    jobs = ProcrastinateJob.objects.filter(task_name=wake.BEGIN)
    before = jobs.count()
    tasks.begin()
    assert Question.objects.waiting().count() == 2
    assert jobs.count() == before + 1


def test_many_at_once_need_two_jobs(mailbox, no_jobs, monkeypatch, django_capture_on_commit_callbacks):
    now = timezone.now()
    monkeypatch.setattr(timezone, "now", lambda: now)

    def ask() -> int:
        with django_capture_on_commit_callbacks(execute=True):
            question()
        return jobs()

    def jobs() -> int:
        return ProcrastinateJob.objects.filter(task_name=wake.BEGIN).count()

    assert ask() == 1
    assert ProcrastinateJob.objects.get(task_name=wake.BEGIN).scheduled_at is None
    assert [ask() for _ in range(5)] == [2] * 5  # the second, in a second, sees them all
    now += waking.APART - waking.COMMITTED / 2
    assert ask() == 3  # too close to that one to be seen by it
    now += timedelta(seconds=5)
    with django_capture_on_commit_callbacks():
        question()
    assert (jobs(), ask()) == (4, 5)  # nobody relies on one that was not committed


def test_its_files_come_along_and_nothing_stays_behind(mailbox):
    HeldFile.hold("f", [Upload("a.txt", "text/plain", b"first")])
    asked = Question(once="f", email="mira@calm.example", text="See the files, please.", need="question", files=True)
    for _ in range(2):
        asked.pk = None
        asked.keep([Upload("b.txt", "text/plain", b"second")])
        asked.asked_at = timezone.now()
    assert not HeldFile.objects.exclude(held_until=None).exists()
    beginning.begin_all()
    files = Conversation.objects.get().messages.get().attachments.order_by("pk")
    assert [(each.name, each.content()) for each in files] == [("a.txt", b"first"), ("b.txt", b"second")]
    assert not HeldFile.objects.exists()


def test_it_is_forgotten_when_it_has_long_been_a_conversation(mailbox):
    old, _fresh, waiting = question(), question(), question()
    Question.objects.exclude(pk=waiting.pk).update(begun_at=timezone.now())
    Question.objects.filter(pk=old.pk).update(begun_at=timezone.now() - timedelta(days=3))
    assert Question.forget() == 1
    assert Question.objects.count() == 2


def test_the_acknowledgement_speaks_the_language_of_the_question(mailbox):
    question(text="Wie füge ich meinem Konto einen zweiten Kalender hinzu?", subject="Kalender")
    beginning.begin_all()
    letter = message_from_bytes(bytes(Outgoing.objects.get().raw), policy=default)
    text = letter.get_body(("plain",)).get_content()
    assert "jemand, wahrscheinlich Sie selbst" in text
    assert "Wir versprechen eine erste Antwort bis" in text
    assert "(UTC)" in text


@pytest.mark.parametrize("language", languages())
def test_every_language_says_all_of_it(language):
    words = wording_in(language)
    date = written(timezone.now(), "Europe/Berlin", language)
    assert "Berlin" in date
    letter = words.asked.format(url="URL", promised=words.promised.format(date=date), desk="DESK")
    assert all(part in letter for part in ("URL", date, "DESK"))
    assert "7" in words.asked_subject.format(number=7)
    assert translation.get_language() == "en"
