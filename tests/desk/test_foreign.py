"""What one may not see does not exist: every address of the desk that names something, for an agent of another team."""

import pytest
from django.urls import URLPattern, URLResolver

from evenhand.channels.models import Letter, Mailbox
from evenhand.conversations.attachment import Upload
from evenhand.conversations.models import Attachment, Draft
from evenhand.web.desk import urls
from evenhand.web.models import KeptStudy

pytestmark = pytest.mark.django_db

# An opinion of a visitor about the published statements belongs to no team.
EVERYONES = {"judge-opinion"}


def flat(patterns: list) -> list[URLPattern]:
    """Every address, those of included pages too."""
    parts = (flat(each.url_patterns) if isinstance(each, URLResolver) else [each] for each in patterns)
    return [pattern for part in parts for pattern in part]


ADDRESSES = flat(urls.urlpatterns)
NAMING = [
    each for each in ADDRESSES if each.name not in EVERYONES and {"number", "pk", "key"} & set(each.pattern.converters)
]


@pytest.fixture
def things(talk, noor, team) -> dict[str, dict[str, object]]:
    """For each kind of address, what it names here."""
    message = talk.messages.get()
    mailbox = Mailbox.objects.create(address="support@desk.example", name="S", team=team)
    letter = Letter.objects.create(
        via="smtp", raw=b"From: x\r\n\r\ny", size=1, sha256="0", conversation=talk, message=message, mailbox=mailbox
    )
    mine = talk.reply(noor, "Mine", leaves_at=None)
    picture = message.attachments.get()
    picture.thumbnail = picture.stored_as
    picture.save()
    attached = Attachment.keep(message, Upload("b.eml", "message/rfc822", b"Subject: x\r\n\r\ny"))
    among = Attachment.keep(mine, Upload("i.png", "image/png", b"PNG", inline=True))
    begun = Draft.objects.create(conversation=talk, agent=noor, html="x")
    begun.hold([Upload("x.txt", "text/plain", b"x")])
    return {
        "letter": {"pk": letter.pk},
        "opened": {"pk": letter.pk},
        "attachment": {"key": picture.key},
        "thumbnail": {"key": picture.key},
        "attached-picture": {"key": picture.key},
        "inline": {"key": among.key},
        "attached": {"key": attached.key},
        "attached-formatted": {"key": attached.key},
        "attached-file": {"key": attached.key},
        "drop-draft-file": {"pk": begun.files.get().pk},
        "text": {"pk": message.pk},
        "formatted": {"pk": message.pk},
        "take-back": {"pk": mine.pk},
        "try-now": {"pk": mine.pk},
        "lab-drop": {"pk": KeptStudy.objects.create(name="Mine", made_by=noor, toml="").pk},
        "drop-view": {"pk": noor.views.create(name="v", query="box=open").pk},
    }


def reach(client, pattern: URLPattern, kwargs: dict[str, object]) -> tuple[int, bytes]:
    from django.urls import reverse

    path = reverse(f"desk:{pattern.name}", kwargs=kwargs)
    answer = client.get(path)
    if answer.status_code == 405:
        answer = client.post(path, {"words": "x", "reason": "x", "need": "idea", "kind": "agent", "until": "later"})
    return answer.status_code, b"" if answer.streaming else answer.content


@pytest.mark.parametrize("pattern", NAMING, ids=lambda each: each.name)
def test_a_foreign_thing_is_the_same_as_an_absent_one(client, stranger, noor, things, talk, pattern):
    kwargs = things.get(pattern.name, {"number": talk.pk})
    absent = {key: "x" * 43 if key == "key" else 987_654_321 for key in kwargs}
    client.force_login(stranger)
    foreign = reach(client, pattern, kwargs)
    assert foreign[0] == 404
    assert foreign == reach(client, pattern, absent)
    assert reach(client, pattern, {key: 2**63 if key != "key" else "\0" for key in kwargs})[0] == 404
    client.force_login(noor)
    assert reach(client, pattern, kwargs)[0] != 404


@pytest.mark.parametrize("pattern", ADDRESSES, ids=lambda each: each.name)
def test_nobody_comes_in_without_signing_in(client, things, talk, pattern):
    known = things.get(pattern.name, {"number": talk.pk})
    kwargs = {
        key: known.get(key, {"slug": "open", "token": "x", "pk": 1}.get(key)) for key in pattern.pattern.converters
    }
    status, content = reach(client, pattern, kwargs)
    assert status in (302, 401, 404)
    assert b"Invoices" not in content
