"""`evenhand database`: the roles and the schema, for those who bring their own PostgreSQL."""

from __future__ import annotations

import secrets

import click

from evenhand.database import desk


@click.group()
def database() -> None:
    """Roles and schema of your own PostgreSQL. `evenhand up` does all this by itself for the one it brings."""


@database.command()
@click.argument("server", metavar="URL")
@click.option("--name", default="evenhand", show_default=True, help="Of the database; its roles are named after it.")
def setup(server: str, name: str) -> None:
    """Make the database, its three roles and its tables on the server at URL, and print the settings.

    URL is that of a superuser, or of a role with CREATEDB and CREATEROLE; it is used now and not kept. Roles that exist
    get new passwords.
    """
    import psycopg

    from evenhand.database import prepare, roles

    passwords = {role: secrets.token_urlsafe(24) for role in roles.ROLES}
    try:
        roles.create(server, name, passwords)
        urls = {role: roles.url(server, name, role, passwords[role]) for role in roles.ROLES}
        prepare.migrate(urls["owner"], *(roles.role_name(name, role) for role in ("desk", "audit")))
    except (psycopg.Error, RuntimeError) as error:
        raise click.ClickException(str(error).strip()) from error
    click.echo("# For web, worker and mail on every host:")
    click.echo(f"{desk.DESK}={urls['desk']}")
    click.echo("# For updates only (`evenhand up` or `evenhand database migrate`), and for backups:")
    click.echo(f"{desk.OWNER}={urls['owner']}")
    click.echo("# For the audit's process only, nowhere else:")
    click.echo(f"{desk.AUDIT}={urls['audit']}")


@database.command()
def migrate() -> None:
    """Bring the tables up to this version, with the owner's rights."""
    from evenhand.database import prepare, roles

    try:
        prepare.migrate(desk.url_of("owner"), *roles.working_roles(desk.url_of("desk")))
    except RuntimeError as error:
        raise click.ClickException(str(error)) from error
    click.echo("The database is of this version.", err=True)


@database.command()
@click.argument("role", type=click.Choice(["desk", "owner", "audit"]), default="desk")
def url(role: str) -> None:
    """Print the database's URL with the rights of ROLE, for psql and the like. It holds a password."""
    click.echo(desk.url_of(role))
