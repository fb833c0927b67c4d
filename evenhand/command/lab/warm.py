"""`evenhand lab warm`, which the pages of a desk start"""

from __future__ import annotations

import click


@click.command(hidden=True)
def warm() -> None:
    """Be ready for the pages of a desk: `evenhand.lab.warm` says how it is asked."""
    from evenhand.command.lab import lab
    from evenhand.lab.compare import compare as run
    from evenhand.lab.study import Study
    from evenhand.lab.warm import serve
    from evenhand.lab.whole import completed

    def command(words: list[str]) -> int:
        try:
            lab.main(words, prog_name="evenhand lab")
        except SystemExit as ended:
            return ended.code if isinstance(ended.code, int) else int(ended.code is not None)

    small = Study(weeks=2, replications=2, policies=("flat", "strict_tiers"))
    serve(command, lambda: completed(small, run(small), 0.9))
