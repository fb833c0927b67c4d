"""`evenhand lab presets`"""

from __future__ import annotations

import click
import orjson


@click.command()
@click.option("--json", "as_json", is_flag=True, help="One object a policy, on standard output.")
def presets(as_json: bool) -> None:
    """The ways of selling support that the lab knows by name."""
    from evenhand.lab.presets import presets as known

    if as_json:
        for policy in known().values():
            row = {"name": policy.name, "title": policy.title, "says": policy.says, "sells_tiers": policy.sells_tiers}
            click.echo(orjson.dumps(row))
        return
    from evenhand.lab.tables import show, table

    show(table("Policies", ["name", "title", "what it does"], [[p.name, p.title, p.says] for p in known().values()]))
