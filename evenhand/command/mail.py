"""`evenhand mail`: the SMTP door, letters from files by the very same path, and letters read for a look."""

import os
from typing import TYPE_CHECKING, Any

import click

from evenhand import env

if TYPE_CHECKING:
    from evenhand.channels.reading import Letter, Mailbox


@click.group(invoke_without_command=True)
@click.option(
    "--smtp", metavar="HOST:PORT", help="Where letters are taken in (EVENHAND_SMTP; default: 127.0.0.1:2525)."
)
@click.option("--lmtp", metavar="PATH|HOST:PORT", help="Where a mail server of yours brings letters (EVENHAND_LMTP).")
@click.pass_context
def mail(context: click.Context, smtp: str | None, lmtp: str | None) -> None:
    """Take letters in by SMTP or, with a command below, from files."""
    if context.invoked_subcommand:
        return
    if smtp:
        os.environ["EVENHAND_SMTP"] = smtp
    if lmtp:
        os.environ["EVENHAND_LMTP"] = lmtp
    at = env.address("EVENHAND_SMTP", "127.0.0.1:2525")
    open_desk()
    from evenhand.channels import serving
    from evenhand.supervisor import room

    try:
        room.check_free(at, "--smtp", "EVENHAND_SMTP")
        serving.run(at.host, at.port)
    except (room.NoRoom, OSError) as error:
        raise click.ClickException(str(error)) from error


def open_desk() -> None:
    """Django on the desk's database, or the sentence that says what to do."""
    from evenhand.database import desk

    try:
        desk.open_desk()
    except desk.NotRunning as error:
        raise click.ClickException(str(error)) from error


@mail.command("import")
@click.argument("paths", nargs=-1, required=True, metavar="PATH...")
@click.option("--json", "_as_json", is_flag=True, help="One JSON object per letter and line, which is the default.")
def import_(paths: tuple[str, ...], _as_json: bool) -> None:
    """Take letters in from files, by the path that SMTP takes.

    PATH is a letter (.eml, or .msg as Outlook saves it), a mailbox file (mbox), a Maildir, a folder of .eml files, or '-' for standard input. Each
    letter is stored, then read, and what became of it is printed as a line of JSON. What is here already is a
    duplicate, so that an import can be repeated.
    """
    open_desk()
    import orjson

    from evenhand.channels import importing

    for path in paths:
        try:
            for row in importing.take_in(path):
                click.echo(orjson.dumps(row))
        except OSError as error:
            raise click.ClickException(f"{path} cannot be read: {error.strerror}.") from error


@mail.command()
def dkim() -> None:
    """Print what belongs into the DNS so that everybody can check our signatures, and whether it is there.

    The key is made when this is first called. Letters are signed once EVENHAND_DKIM names the selector.
    """
    open_desk()
    from django.conf import settings

    from evenhand.channels import lookups, signing
    from evenhand.channels.models import Mailbox

    for domain in sorted({each.host for each in Mailbox.by_address().values()}):
        name, value = signing.record(domain)
        try:
            there = value.replace(" ", "") in [each.replace(" ", "") for each in lookups.texts(name)]
            state = "It is there." if there else "It is not there yet."
        except lookups.NoAnswer:
            state = "The name server does not answer."
        click.echo(f'{name}. TXT "{value}"\n{state}\n')
    if not settings.EVENHAND_DKIM:
        click.echo(f"Nothing is signed yet. Once the record is there, set EVENHAND_DKIM={signing.SELECTOR}.")


@mail.command()
def learn() -> None:
    """Learn anew what is spam, from what agents called so and what they answered.

    A worker starts this by itself after agents corrected it.
    """
    open_desk()
    from evenhand.channels.spam import examples, features

    found = examples.learn_anew()
    if found is None:
        few = f"{features.FEWEST_SPAM} unwanted and {features.FEWEST_WANTED} wanted letters"
        click.echo(f"Too little is known: it takes {few}. Nothing is set aside for its words until then.")
        return
    click.echo(
        f"Learned from {found.spam} unwanted and {found.wanted} wanted letters. Of letters it had not seen it would set aside "
        f"{found.caught:.1%} of the unwanted and {found.wrong:.2%} of the wanted."
    )


@mail.command()
@click.argument("paths", nargs=-1, required=True, metavar="PATH...")
@click.option("--json", "as_json", is_flag=True, help="One JSON object per letter and line.")
@click.option(
    "--authserv-id",
    default="",
    help="The name your own mail server signs Authentication-Results with; only its results are believed.",
)
def read(paths: tuple[str, ...], as_json: bool, authserv_id: str) -> None:
    """Show what Evenhand makes of letters, without storing them.

    PATH is a letter (.eml, or .msg as Outlook saves it), a mailbox file (mbox), a Maildir, a folder of .eml files, or '-' for standard input.
    """
    import orjson

    from evenhand.channels.reading import believed, read_file
    from evenhand.channels.reading.files import letters_in

    for path in paths:
        try:
            for name, raw in letters_in(path):
                letter = read_file(raw)
                if as_json:
                    verdict = believed(raw, authserv_id) if authserv_id else None
                    click.echo(orjson.dumps(as_object(name, letter, verdict.passed if verdict else None)))
                else:
                    click.echo(as_text(name, letter))
        except OSError as error:
            raise click.ClickException(f"{path} cannot be read: {error.strerror}.") from error


def as_object(name: str, letter: "Letter", authenticated: bool | None) -> dict[str, Any]:
    """A letter as `--json` prints it. `authenticated` is null where nobody checked."""
    from hashlib import sha256

    bounce = letter.bounce
    return {
        "file": name,
        "from": person(letter.sender),
        "to": [person(box) for box in letter.to],
        "cc": [person(box) for box in letter.cc],
        "reply_to": [person(box) for box in letter.reply_to],
        "subject": letter.subject,
        "date": letter.date.isoformat() if letter.date else None,
        "text": letter.text,
        "reply": letter.reply,
        "quoted": letter.quoted,
        "html": letter.html,
        "attachments": [
            {
                "name": a.name,
                "type": a.type,
                "size": len(a.content),
                "sha256": sha256(a.content).hexdigest(),
                "inline": a.inline,
            }
            for a in letter.attachments
        ],
        "language": letter.language,
        "automatic": letter.automatic,
        "bounce": {"address": bounce.address, "status": bounce.status, "permanent": bounce.permanent}
        if bounce
        else None,
        "authenticated": authenticated,
        "problems": list(letter.problems),
    }


def person(box: "Mailbox") -> dict[str, str]:
    return {"name": box.name, "address": box.address}


def as_text(name: str, letter: "Letter") -> str:
    """A letter for people at a terminal."""
    sender = f"{letter.sender.name} <{letter.sender.address}>".strip()
    lines = [
        f"── {name}",
        f"From:    {sender}",
        f"To:      {', '.join(box.address or box.name for box in letter.to)}",
        f"Subject: {letter.subject}",
    ]
    lines += [f"Date:    {letter.date.isoformat()}"] if letter.date else []
    lines += [f"Files:   {', '.join(file.name for file in letter.attachments)}"] if letter.attachments else []
    lines += [f"Automatic: {letter.automatic_reason}"] if letter.automatic else []
    lines += [f"Bounce:  {each.address} {each.status}" for each in letter.bounces]
    lines += [f"Problem: {problem}" for problem in letter.problems]
    folded = f"[{len(letter.quoted.splitlines())} lines folded]\n" if letter.quoted else ""
    return "\n".join([*lines, "", letter.reply, folded])
