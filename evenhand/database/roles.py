"""The three roles, and what each may do. PostgreSQL itself refuses the rest.

owner    migrates: it owns the schemas
desk     web, api, worker, mail: no right on schema `ledger` at all; in goes through `public.ledger_put` and `ledger_same`
audit    reads everything, writes published statements and the light, which the desk's role cannot forge
"""

from __future__ import annotations

from urllib.parse import urlsplit

import psycopg
from psycopg import sql

ROLES = ("owner", "desk", "audit")
NEW_ROLE = "CREATE ROLE {} LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOBYPASSRLS PASSWORD {}"

RIGHTS = """
GRANT USAGE ON SCHEMA public TO {desk}, {audit};
GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {desk};
GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {desk};
GRANT SELECT ON ALL TABLES IN SCHEMA public TO {audit};
GRANT USAGE ON SCHEMA ledger TO {audit};
GRANT SELECT ON ALL TABLES IN SCHEMA ledger TO {audit};
REVOKE INSERT, UPDATE, DELETE ON parity_statement, parity_leaf, parity_lightchange FROM {desk};
GRANT UPDATE (told_at) ON parity_lightchange TO {desk};
GRANT INSERT ON parity_statement, parity_leaf, parity_lightchange TO {audit};
GRANT USAGE, SELECT ON SEQUENCE parity_statement_id_seq, parity_leaf_id_seq, parity_lightchange_id_seq TO {audit};
REVOKE ALL ON FUNCTION public.ledger_put, public.ledger_same FROM PUBLIC;
GRANT EXECUTE ON FUNCTION public.ledger_put, public.ledger_same TO {desk};
"""


def role_name(database: str, role: str) -> str:
    """Roles belong to the whole server, so their names carry the database's."""
    return f"{database}_{role}"


def working_roles(desk_url: str) -> tuple[str, str]:
    """The names of the desk's and the audit's role beside a desk's URL: who migrates must know whom to grant."""
    parts = psycopg.conninfo.conninfo_to_dict(desk_url)
    return str(parts["user"]), role_name(str(parts["dbname"]), "audit")


def url(server: str, database: str, role: str, password: str) -> str:
    """A role's URL for `database` on the server of a superuser's URL."""
    parts = urlsplit(server)
    where = parts.netloc.rpartition("@")[2]
    return parts._replace(netloc=f"{role_name(database, role)}:{password}@{where}", path=f"/{database}").geturl()


def create(server: str, database: str, passwords: dict[str, str]) -> None:
    """Make the three roles and the database with a superuser's (or a CREATEROLE, CREATEDB role's) URL; safe to repeat."""
    with psycopg.connect(server, autocommit=True) as connection:
        for role in ROLES:
            _create_role(connection, role_name(database, role), passwords[role])
        owner = sql.Identifier(role_name(database, "owner"))
        # Who is not a superuser must be the owner, too, to give it a database.
        connection.execute(sql.SQL("GRANT {} TO CURRENT_USER").format(owner))
        known = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [database]).fetchone()
        if not known:
            connection.execute(
                sql.SQL("CREATE DATABASE {} OWNER {} ENCODING 'UTF8' TEMPLATE template0").format(
                    sql.Identifier(database), owner
                )
            )
        # PostgreSQL lets everyone connect and create temporary tables unless told otherwise.
        connection.execute(sql.SQL("REVOKE ALL ON DATABASE {} FROM PUBLIC").format(sql.Identifier(database)))
        for role in ("desk", "audit"):
            connection.execute(
                sql.SQL("GRANT CONNECT ON DATABASE {} TO {}").format(
                    sql.Identifier(database), sql.Identifier(role_name(database, role))
                )
            )
        connection.execute(sql.SQL("REVOKE {} FROM CURRENT_USER").format(owner))


def _create_role(connection: psycopg.Connection, name: str, password: str) -> None:
    known = connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [name]).fetchone()
    # Only a superuser may name the other attributes of a role that exists, even to leave them as they are.
    how = "ALTER ROLE {} PASSWORD {}" if known else NEW_ROLE
    connection.execute(sql.SQL(how).format(sql.Identifier(name), sql.Literal(password)))


def grant(connection: psycopg.Connection, desk: str, audit: str) -> None:
    """Give the two working roles exactly their rights, after every migration. `connection` is the owner's."""
    names = {"desk": sql.Identifier(desk), "audit": sql.Identifier(audit)}
    connection.execute(sql.SQL(RIGHTS).format(**names))
