"""`evenhand mail`: letters, read for a look."""

from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from evenhand.channels.reading import Letter, Mailbox


@click.group(invoke_without_command=True)
@click.pass_context
def mail(context: click.Context) -> None:
    """Letters in and out."""
    if context.invoked_subcommand is None:
        click.echo(context.get_help())


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

    PATH is a letter (.eml), a mailbox file (mbox), a Maildir, a folder of .eml files, or '-' for standard input.
    """
    import orjson

    from evenhand.channels.reading import believed, read_letter
    from evenhand.channels.reading.files import letters_in

    for path in paths:
        try:
            for name, raw in letters_in(path):
                letter = read_letter(raw)
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
    lines += [f"Bounce:  {letter.bounce.address} {letter.bounce.status}"] if letter.bounce else []
    lines += [f"Problem: {problem}" for problem in letter.problems]
    folded = f"[{len(letter.quoted.splitlines())} lines folded]\n" if letter.quoted else ""
    return "\n".join([*lines, "", letter.reply, folded])
