"""A real test of a mailbox in each direction: sign in and look, send a letter, and see it come back."""

from __future__ import annotations

from imapclient.exceptions import LoginError

from . import imap
from .answer import End
from .carrier import Carriers
from .composing import compose
from .finding import Finding
from .imap.connecting import choose, close
from .login import Login
from .mailbox import Mailbox
from .trial import Trial

RECEIVING, SENDING = "Receiving", "Sending"
TEXT = """\
This letter tests the mailbox {mailbox}: it was sent to {to}, and Evenhand looks whether it comes back.
There is nothing to do with it.
"""


ANOTHER_WAY_IN = (
    "Large providers want a password made for one program (an app password), or to be connected with their own button."
)


def receiving(mailbox: Mailbox) -> list[Finding]:
    """Whether every folder can be read, and the one that letters are moved to is there (it is made if not)."""
    login = mailbox.logins.filter(way=Login.Way.RECEIVE).select_related("mailbox").first()
    return [_folder(where) for where in imap.Where.each_of(login)] if login else []


def _folder(where: imap.Where) -> Finding:
    client = None
    try:
        client = imap.connected(where)
        count = int(choose(client, where.folder)[b"EXISTS"])
        if where.after == Login.After.MOVE and not client.folder_exists(where.moves_to):
            client.create_folder(where.moves_to)
        how = "says at once when a letter comes" if client.has_capability("IDLE") else "is asked every minute"
    except imap.TROUBLE as error:
        return Finding(RECEIVING, "late", imap.said(where, error), _mend(error))
    finally:
        if client:
            close(client)
    return Finding(
        RECEIVING, "good", f"Signed in to {where.host}. {where.folder} holds {count:,} letters; the server {how}."
    )


def _mend(error: Exception) -> str:
    if isinstance(error, LoginError):
        return ANOTHER_WAY_IN
    if isinstance(error, OSError):
        return "Usual are port 993 with TLS, or 143 with STARTTLS."
    return ""


def mend_sending(trial: Trial) -> str:
    """What helps where a test letter could not be sent, by what its server said."""
    if "refuses the user name or the password" in trial.error:
        return ANOTHER_WAY_IN
    if trial.error.startswith("Nothing can be sent"):
        return "Give it a server in step 2, or set EVENHAND_OUTBOUND."
    return "Usual are port 587 with STARTTLS, or 465 with TLS. Many networks block port 25."


def send(mailbox: Mailbox, to: str = "") -> Trial:
    """Send a test letter by the way that answers take; `to` is an address that is forwarded to the mailbox."""
    trial = Trial.begin(mailbox, to or mailbox.address)
    raw, _ = compose(
        sender=mailbox.sender(), to=[trial.to], subject=trial.subject, host=mailbox.host, automatic="auto-generated",
        text=TEXT.format(mailbox=mailbox.address, to=trial.to),
    )  # fmt: skip
    with Carriers() as carriers:
        carrier = carriers.of(mailbox)
        answer = carrier.send(mailbox.address, [trial.to], raw) if carrier else None
    if answer is None:
        trial.error = "Nothing can be sent: this mailbox has no server to send by, and EVENHAND_OUTBOUND is not set."
    elif answer.end is not End.SENT:
        trial.error = answer.words[:300]
    trial.save(update_fields=["error"])
    return trial
