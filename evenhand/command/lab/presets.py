"""`evenhand lab presets`"""

from __future__ import annotations

import click
import orjson


@click.command()
@click.option("--json", "as_json", is_flag=True, help="One object on standard output.")
def presets(as_json: bool) -> None:
    """The ways of selling support that the lab knows by name."""
    from evenhand.lab.presets import presets as known

    if as_json:
        names = ("name", "title", "says", "sells_tiers")
        rows = [{name: getattr(policy, name) for name in names} for policy in known().values()]
        click.echo(orjson.dumps({"policies": rows}))
        return
    from evenhand.lab.tables import show, table

    show(table("Policies", ["name", "title", "what it does"], [[p.name, p.title, p.says] for p in known().values()]))
