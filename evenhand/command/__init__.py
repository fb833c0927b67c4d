"""The door for the shell: `evenhand <command>`, each command in the module of its name.

Commands are loaded when called, so that `evenhand audit csv` and `evenhand lab` start without Django.
Exit codes: 0 done, 1 a clear error (`click.ClickException`), 2 wrong usage.
"""

import os
from importlib import import_module
from typing import Any

import click

from evenhand import __version__, env
from evenhand.database.desk import NotRunning
from evenhand.supervisor import lifeline

# In the order a newcomer needs them; the name is both the command and its module.
COMMANDS = (
    "up", "web", "work", "mail", "agent", "conversation", "line", "ledger", "audit", "lab",
    "backup", "restore", "check", "database",
)  # fmt: skip

LOOKS_AT_SETTINGS = ("up", "web", "work", "mail", "check")


class LazyGroup(click.Group):
    """A group whose commands are imported only when asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click calls it so
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        if cmd_name not in COMMANDS:
            return None
        command: click.Command = getattr(import_module(f"evenhand.command.{cmd_name}"), cmd_name)
        return command

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except NotRunning as error:
            raise click.ClickException(str(error)) from error


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__)
@click.pass_context
def main(context: click.Context) -> None:
    """Evenhand: the same great support for every customer, whatever plan they are on."""
    is_part = lifeline.PARENT in os.environ  # of an `evenhand up`, which has the same variables and has said it
    lifeline.follow_supervisor()
    if context.invoked_subcommand in LOOKS_AT_SETTINGS and not is_part:
        for sentence in env.unknown():
            click.echo(f"evenhand: {sentence}", err=True)
