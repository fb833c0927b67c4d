"""An agent's answer as a letter: their words as they stand, the customer's link, and what was said before."""

from __future__ import annotations

import html as markup

from django.conf import settings

from evenhand.conversations import inline
from evenhand.conversations.attachment import Upload
from evenhand.conversations.models import Attachment, Conversation, Link, Message

from .composing import quote
from .formatting import as_html, direction
from .letter import Letter
from .mailbox import Mailbox
from .outgoing import Outgoing
from .wording import Wording, wording_in

QUOTED = 3  # earlier messages quoted below an answer
QUOTED_CHARACTERS = 6_000


def post_reply(message: Message) -> Outgoing:
    """Make the letter of an agent's message. Raises ValueError where the customer has no address to send to."""
    conversation, agent, mailbox = message.conversation, message.agent, _mailbox(message.conversation)
    if held := message.attachments.held().first():
        raise ValueError(f"“{held.name}” was not sent: {held.held}")
    words = wording_in(conversation.language or conversation.person.language)
    url, earlier = _page(message), _earlier(message)
    return Outgoing.post(
        Outgoing.Kind.REPLY,
        to=[_address(conversation)],
        cc=message.cc,
        subject=_subject(conversation),
        text=_text(message, words, url, earlier),
        html=inline.sourced(_html(message, words, url, earlier), lambda key: f"cid:{key}@{mailbox.host}"),
        language=words.language,
        name=agent.name if agent else "",
        mailbox=mailbox,
        conversation=conversation,
        message=message,
        answers=_answers(message),
        uploads=[_upload(each, mailbox.host) for each in message.attachments.order_by("pk")],
        wakes=False,
    )


def _address(conversation: Conversation) -> str:
    """Where the customer wrote from last in this conversation, or where it was begun from by the form; where nobody can be
    reached there any more, their newest address at which somebody can."""
    person = conversation.person
    theirs = [each.email for each in person.addresses.all() if each.bounced_at is None]
    wrote = Letter.objects.filter(message__conversation=conversation.pk, message__person=person, sender__in=theirs)
    asked = Outgoing.objects.filter(conversation=conversation.pk, kind=Outgoing.Kind.ACKNOWLEDGEMENT, to__0__in=theirs)
    latest = wrote.order_by("-message").values_list("sender", flat=True).first()
    return latest or asked.values_list("to__0", flat=True).first() or person.email


def _page(message: Message) -> str:
    """The customer's own way to the conversation. Whoever reads a copy would come in as the customer by it: where there
    are copies, it is the page that mails everyone their own."""
    conversation = message.conversation
    return f"{settings.EVENHAND_URL}/link" if message.cc else Link.of(conversation, conversation.person).url


def _answers(message: Message) -> list[str]:
    """The Message-IDs of what was said before, oldest first: customers' letters and our answers that left, so that mail programs keep
    all of it in one thread; where no letter came, of what we wrote by ourselves when the question did."""
    before = {"message__conversation": message.conversation_id, "message__pk__lt": message.pk}
    letters = Letter.objects.filter(**before, message__kind=Message.Kind.CUSTOMER).exclude(rfc_id="")
    theirs = list(letters.values_list("message", "rfc_id"))
    left = Outgoing.objects.filter(**before, message__sent_at__isnull=False)
    said = sorted([*theirs, *left.values_list("message", "rfc_id")])
    ours = Outgoing.objects.filter(conversation=message.conversation_id, kind=Outgoing.Kind.ACKNOWLEDGEMENT)
    begun = [] if theirs else ours.values_list("rfc_id", flat=True)
    return [*begun, *(rfc_id for _, rfc_id in said)]


def _upload(file: Attachment, host: str) -> Upload:
    shown = f"<{file.content_id}@{host}>" if file.inline else ""
    try:
        return Upload(file.name, file.type, file.content(), inline=file.inline, content_id=shown)
    except FileNotFoundError as error:
        raise ValueError(f"“{file.name}” is not there any more.") from error


def _subject(conversation: Conversation) -> str:
    subject = conversation.subject or f"[{conversation.number}]"
    return subject if subject[:3].lower() == "re:" else f"Re: {subject}"


def _mailbox(conversation: Conversation) -> Mailbox:
    """Where the customer wrote to, if they wrote a letter."""
    first = Letter.objects.filter(conversation=conversation).select_related("mailbox").order_by("pk").first()
    return first.mailbox if first else Mailbox.of_team(conversation.team_id)


def _earlier(message: Message) -> list[Message]:
    """What was said before, newest first; never a note, nor what can still be taken back."""
    said = message.conversation.messages.for_customer().exclude(kind=Message.Kind.AUTOMATIC).filter(pk__lt=message.pk)
    return list(said.select_related("agent", "person").order_by("-pk")[:QUOTED])


def _wrote(message: Message, words: Wording) -> str:
    return words.wrote.format(date=f"{message.at:%Y-%m-%d %H:%M} UTC", name=message.author or "?")


def _text(message: Message, words: Wording, url: str, earlier: list[Message]) -> str:
    parts = [message.text.strip(), words.page.format(url=url)]
    parts += [f"{_wrote(each, words)}\n{quote(each.text[:QUOTED_CHARACTERS])}" for each in earlier]
    return "\n\n".join(parts) + "\n"


def _html(message: Message, words: Wording, url: str, earlier: list[Message]) -> str:
    """The same, with the agent's own formatting, which was sanitised when it was kept."""
    parts = [f'<div dir="{direction(message.conversation.language)}">{message.html or as_html(message.text)}</div>']
    parts.append(as_html(words.page.format(url=url)).replace("<p>", '<p class="aside">', 1))
    for each in earlier:
        quoted = as_html(each.text[:QUOTED_CHARACTERS])
        parts.append(f'<p class="wrote">{markup.escape(_wrote(each, words))}</p>')
        parts.append(f'<blockquote class="earlier" dir="{direction(each.language)}">{quoted}</blockquote>')
    return "\n".join(parts)
