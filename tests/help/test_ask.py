from collections.abc import Callable
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from evenhand.channels import beginning, wake
from evenhand.channels.models import Mailbox, Outgoing, Question
from evenhand.conversations import waking
from evenhand.conversations.models import Conversation, Event, Link
from evenhand.line.models import Turn
from evenhand.people.models import Person
from evenhand.web.help import ask

pytestmark = pytest.mark.django_db

GIVEN = {
    "name": "Mira Lind",
    "email": "Mira@Calm.example",
    "subject": "The export stops",
    "text": "It stops after page two.",
    "going_on": "hardly",
    "wish": "fix",
}


def asked(browser, **other):
    """Ask, and let the worker do its part."""
    answer = browser.post("/ask", GIVEN | other)
    beginning.begin_all()
    return answer


def test_a_question_is_in_the_line_at_once(browser):
    answer = asked(browser)
    assert answer.status_code == 200
    assert "mira@calm.example" in answer.content.decode()
    conversation = Conversation.objects.get()
    assert (conversation.channel, conversation.need, conversation.person.email) == (
        "form",
        "hindered",
        "mira@calm.example",
    )
    assert Turn.objects.live().filter(number=conversation.number).exists()


def test_the_link_goes_by_mail_only_and_the_letter_repeats_nothing(browser):
    answer = asked(browser, name="Buy-Cheap", subject="WIN A PRIZE", text="http://evil.example/win")
    link = Link.objects.get()
    assert link.token not in answer.content.decode()
    letter = Outgoing.objects.get()
    raw = bytes(letter.raw).decode()
    assert letter.to == ["mira@calm.example"]
    for strangers in ("Buy-Cheap", "WIN A PRIZE", "evil.example"):
        assert strangers not in raw
    assert link.token in raw.replace("=\r\n", "")


def test_it_waits_for_someone_who_speaks_its_language(browser):
    asked(browser, subject="Der Export bricht ab", text="Nach der zweiten Seite hört der Export einfach auf.")
    assert Conversation.objects.get().language == "de"


def statements(act: Callable[[], object]) -> list[str]:
    """What the database was asked meanwhile."""
    with CaptureQueriesContext(connection) as captured:
        act()
    said = [" ".join(each["sql"].split()) for each in captured.captured_queries]
    return [each for each in said if not each.startswith(("SAVEPOINT", "RELEASE"))]


@pytest.mark.parametrize("begun_between", [True, False])
def test_pressing_twice_asks_once(browser, begun_between):
    for _ in range(2):
        assert browser.post("/ask", GIVEN | {"once": "abcdef"}).status_code == 200
        if begun_between:
            beginning.begin_all()
    beginning.begin_all()
    assert Conversation.objects.count() == 1
    assert Outgoing.objects.count() == 1


def test_whoever_asks_waits_for_one_look_one_count_and_one_row(browser, monkeypatch):
    monkeypatch.setattr(waking, "APART", timedelta(days=1))
    monkeypatch.setitem(waking._last, (wake.BEGIN, True), timezone.now() + timedelta(hours=1))  # the worker is to look
    looked, counted, stored = statements(lambda: browser.post("/ask", GIVEN | {"email": "bo@calm.example"}))
    assert "channels_mailbox" in looked  # it may be an address of ours
    assert "INSERT INTO web_window" in counted
    assert "INSERT INTO channels_question" in stored
    assert Question.objects.waiting().count() == 1
    assert not Conversation.objects.exists()


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("email", "", "Without your address we cannot answer."),
        ("email", "mira", "This is not a mail address."),
        ("email", "a@b.example\r\nBcc: all@c.example", "This is not a mail address."),
        ("subject", "", "Give it a few words as a title."),
        ("subject", "Hello\r\nBcc: all@c.example", "This has a line break"),
        ("name", "Mira\nLind", "This has a line break"),
        ("text", " ", "Tell us what happened"),
        ("going_on", "", "Choose what fits best"),
        ("wish", "gold", "Choose what would help you most."),
    ],
)
def test_what_is_missing_is_told_beside_the_field_and_the_rest_stays(browser, field, value, sentence):
    answer = asked(browser, **{field: value})
    words = answer.content.decode()
    assert answer.status_code == 422
    assert sentence in words
    if field != "text":
        assert "It stops after page two." in words
    if field != "name":
        assert 'value="Mira Lind"' in words
    if field not in ("going_on", "wish"):
        assert 'value="hardly" checked' in words
    assert not Conversation.objects.exists()


def test_a_text_too_long_and_a_file_too_large_keep_the_form(browser, settings):
    assert asked(browser, text="x" * 100_001).status_code == 422
    settings.EVENHAND_LETTER_BYTES = 1000
    answer = asked(browser, files=[SimpleUploadedFile("film.mp4", b"x" * 2000)])
    assert answer.status_code == 413
    assert "“film.mp4” is too large" in answer.content.decode()
    assert "It stops after page two." in answer.content.decode()
    assert not Conversation.objects.exists()


def test_files_come_along(browser):
    asked(browser, files=[SimpleUploadedFile("a.txt", b"a"), SimpleUploadedFile("b.txt", b"b")])
    message = Conversation.objects.get().messages.get()
    assert sorted(each.name for each in message.attachments.all()) == ["a.txt", "b.txt"]


def test_our_own_address_asks_nothing(browser):
    mailbox = Mailbox.default()
    answer = asked(browser, email=mailbox.address)
    assert answer.status_code == 422
    assert not Outgoing.objects.exists()


def test_a_robot_is_looked_at_and_gets_no_mail(browser):
    assert asked(browser, company_fax="1").status_code == 200
    assert Conversation.objects.get().state == "quarantined"
    assert not Outgoing.objects.exists()


def test_a_flood_in_one_name_reaches_its_victim_a_few_times(browser):
    hour, _day = ask.OF_AN_ADDRESS
    codes = [asked(browser, once=str(n), REMOTE_ADDR="x").status_code for n in range(hour[0] + 3)]
    assert codes == [200] * hour[0] + [429] * 3
    assert Outgoing.objects.count() == hour[0]


def test_a_flood_from_one_source_ends(browser, monkeypatch):
    monkeypatch.setattr(ask, "OF_A_SOURCE", ((3, ask.HOUR),))
    codes = [asked(browser, email=f"v{n}@v.example").status_code for n in range(5)]
    assert codes == [200, 200, 200, 429, 429]
    last = asked(browser, email="w@w.example")
    assert "It stops after page two." in last.content.decode()


def test_a_source_is_not_what_it_says_it_is(browser, monkeypatch):
    monkeypatch.setattr(ask, "OF_A_SOURCE", ((2, ask.HOUR),))
    codes = [
        browser.post(
            "/ask", GIVEN | {"email": f"v{n}@v.example"}, headers={"X-Forwarded-For": f"10.0.0.{n}"}
        ).status_code
        for n in range(4)
    ]
    assert codes == [200, 200, 429, 429]


def test_the_address_is_the_askers_once_they_came_back_by_the_link(browser):
    asked(browser)
    conversation = Conversation.objects.get()
    token = Link.of(conversation, conversation.person).token
    assert "Did you ask this?" in browser.get(f"/c/{token}").content.decode()
    assert not Event.objects.filter(what="confirmed").exists()
    browser.post(f"/c/{token}/mine", {"mine": "yes"})
    assert Event.objects.filter(what="confirmed", person=conversation.person).count() == 1
    assert "Did you ask this?" not in browser.get(f"/c/{token}").content.decode()
    browser.post(f"/c/{token}/mine", {"mine": "no"})
    conversation.refresh_from_db()
    assert conversation.state == "open"


def test_whoever_never_asked_says_so_and_it_is_closed(browser):
    asked(browser)
    conversation = Conversation.objects.get()
    browser.post(f"/c/{Link.of(conversation, conversation.person).token}/mine", {"mine": "no"})
    conversation.refresh_from_db()
    assert conversation.state == "closed"
    assert Event.objects.filter(what="disowned").exists()
    assert not Turn.objects.live().filter(number=conversation.number).exists()


def test_the_same_person_is_the_same_however_written(browser):
    known = Person.at("mira@calm.example", "Mira")
    asked(browser)
    assert Conversation.objects.get().person == known


def test_the_front_page_says_the_promise(browser):
    words = browser.get("/").content.decode()
    assert "Asked now, answered by" in words
    assert words.count('class="need ') == 4
