from datetime import timedelta

import pytest
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob

from evenhand.channels.models import Outgoing
from evenhand.conversations.models import Conversation, Link
from evenhand.web.help import fresh
from evenhand.web.help.tasks import mail_fresh_links

pytestmark = pytest.mark.django_db


def jobs() -> list[dict]:
    return list(ProcrastinateJob.objects.filter(task_name="help.mail_fresh_links").values_list("args", flat=True))


def bare(answer) -> str:
    return answer.content.decode()


def test_a_known_and_an_unknown_address_get_the_same_answer_and_leave_the_same_work(browser, conversation):
    known = browser.post("/link", {"email": "mira@calm.example"})
    unknown = browser.post("/link", {"email": "nobody@calm.example"})
    assert known.status_code == unknown.status_code == 200
    assert bare(known).replace("mira@", "nobody@") == bare(unknown)
    assert [each["email"] for each in jobs()] == ["mira@calm.example", "nobody@calm.example"]


def test_the_letter_has_a_link_for_each_and_not_a_word_of_them(conversation, team, person):
    other, _ = Conversation.start(person, team, "SECRET", "secret words")
    Link.objects.filter(conversation=conversation).update(revoked_at=timezone.now())
    mail_fresh_links("mira@calm.example")
    raw = bytes(Outgoing.objects.get().raw).decode().replace("=\r\n", "")
    for each in (conversation, other):
        assert Link.of(each, person).token in raw
    assert "SECRET" not in raw
    assert "secret" not in raw


def test_nobody_gets_a_letter_for_nothing(conversation, person):
    mail_fresh_links("nobody@calm.example")
    Conversation.objects.update(changed_at=timezone.now() - timedelta(days=400))
    mail_fresh_links("mira@calm.example")
    assert not Outgoing.objects.exists()


def test_one_address_is_mailed_seldom_and_the_answer_stays_the_same(browser, conversation):
    answers = [bare(browser.post("/link", {"email": "mira@calm.example"})) for _ in range(6)]
    assert len(set(answers)) == 1
    assert len(jobs()) == fresh.MAILED_TO_AN_ADDRESS


def test_a_source_that_asks_for_very_many_is_told_to_wait(browser, monkeypatch):
    monkeypatch.setattr(fresh, "ASKED_BY_A_SOURCE", 2)
    codes = [browser.post("/link", {"email": f"p{n}@p.example"}).status_code for n in range(3)]
    assert codes == [200, 200, 429]


@pytest.mark.parametrize("email", ["", "mira", "a@b.example\nBcc: c@d.example"])
def test_what_is_no_address_is_told_so(browser, email):
    answer = browser.post("/link", {"email": email})
    assert answer.status_code == 422
    assert jobs() == []
