"""`evenhand check`: whether a desk is sound."""

from __future__ import annotations

import click

from evenhand.database import desk


@click.command()
@click.option("--deep", is_flag=True, help="Also read every attachment and compare its digest.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object per question and line.")
def check(deep: bool, as_json: bool) -> None:
    """See whether the desk is sound: migrations, roles, counts, attachments, jobs. Exits with 1 when anything is not."""
    desk.open_desk()
    import orjson

    from evenhand.command.soundness import questions

    sound = True
    for name, ask in questions(deep=deep):
        wrong = ask()
        sound = sound and not wrong
        if as_json:
            click.echo(orjson.dumps({"question": name, "sound": not wrong, "wrong": wrong}))
        else:
            click.echo(f"{'ok  ' if not wrong else 'BAD '} {name}{': ' if wrong else ''}{'; '.join(wrong)}")
    if not sound:
        raise SystemExit(1)
