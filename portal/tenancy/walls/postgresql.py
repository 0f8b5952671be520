"""The wall of PostgreSQL: one role per level, row-level security compiled from the fences.

`install` runs after every migration, so that no table is ever without its policies; `lift` runs before,
because a column that a policy names cannot be altered. Nothing is forced upon the owner: cascades and the
triggers of the cells run as the owner, and the application never does.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import lru_cache

from psycopg.pq import ExecStatus, TransactionStatus
from sqlalchemy import Connection, inspect

from portal.tenancy.scope import Level, Scope
from portal.tenancy.walls.fences import LEVELS, Fence, fences

NOBODY = "portal_nobody"
ROLES = (NOBODY, *(f"portal_{level}" for level in (*LEVELS, "system", "recompute", "backup")))
"""All NOLOGIN. `portal_nobody` has no right at all: what a connection is outside a scoped transaction."""

SHADOWS = "volunteer"
"""The schema in which a volunteer finds tables she may read in part: granted columns, NULL for the rest."""

ACTS = ("SELECT", "INSERT", "UPDATE", "DELETE")


def _setting(name: str, kind: str) -> str:
    """A value of the transaction, read once per query: the sub-select makes it an InitPlan."""
    return f"(SELECT NULLIF(current_setting('app.{name}', true), '')::{kind})"


VALUES = {
    "scope": _setting("scope", "int"),
    "county": _setting("county", "int"),
    "membership": _setting("membership", "int"),
    "day": _setting("day", "date"),
    "db": "public.",
    "row": "",
}

SET = "SET LOCAL ROLE {}; SET LOCAL search_path = {}; " + "; ".join(
    f"SET LOCAL app.{name} = '{{}}'" for name in ("scope", "county", "day", "membership")
)


@lru_cache(maxsize=1024)
def entering(scope: Scope | None) -> str:
    """The statements that give a transaction its role and values; they end with it.

    A session without a scope is a unit without a number: every answer is empty, every write refused.
    Raises LookupError for a role that is not ours.
    """
    if scope is None:
        return SET.format("portal_unit", "public", "", "", "", "")
    role = f"portal_{scope.role or scope.level.value}"
    if role not in ROLES:
        raise LookupError(role)
    path = f"{SHADOWS}, public" if scope.level is Level.VOLUNTEER else "public"
    day = scope.day.isoformat() if scope.day else ""
    unit, county, membership = (int(one) or "" for one in (scope.id, scope.county_id, scope.membership_id))
    return SET.format(role, path, unit, county, day, membership)


def begin(connection: Connection, scope: Scope | None) -> None:
    """Begin the transaction and enter the scope in one message to the server.

    Whatever is not plainly fine is said again by the ordinary way, which raises as every statement does.
    """
    server = connection.connection.driver_connection.pgconn  # type: ignore[union-attr]
    if server.transaction_status == TransactionStatus.IDLE:
        done = server.exec_(f"BEGIN; {entering(scope)}".encode())
        if done.status == ExecStatus.COMMAND_OK and server.transaction_status == TransactionStatus.INTRANS:
            return
    connection.exec_driver_sql(entering(scope))


# ---- roles ------------------------------------------------------------------------------------------


def _roles(connection: Connection, login: str) -> Iterator[str]:
    """Roles belong to the whole cluster: several databases may be migrated at the same moment."""
    found = connection.exec_driver_sql("SELECT rolname FROM pg_roles WHERE rolname LIKE 'portal%%'")
    missing = set(ROLES) - set(found.scalars())
    me = connection.exec_driver_sql(
        "SELECT current_user, rolsuper OR rolcreaterole, rolsuper FROM pg_roles WHERE rolname = current_user"
    ).one()
    if missing and not me[1]:
        raise PermissionError(
            f"The roles {', '.join(sorted(missing))} are missing and {me[0]} may not create them. "
            "A database administrator creates them once: psql -f deploy/database-roles.sql"
        )
    for role in sorted(missing):
        yield _once(f"CREATE ROLE {role} NOLOGIN NOINHERIT")
    members = {login} if me[2] else {login, me[0]}
    for member in sorted(members - {""}):
        held = connection.exec_driver_sql(
            "SELECT r.rolname FROM pg_auth_members m JOIN pg_roles r ON r.oid = m.roleid"
            " JOIN pg_roles u ON u.oid = m.member WHERE u.rolname = %s",
            (member,),
        )
        for role in sorted(set(ROLES) - set(held.scalars())):
            yield _once(f'GRANT {role} TO "{member}"')


def _once(statement: str) -> str:
    already = "duplicate_object OR unique_violation"
    return f"DO $$ BEGIN {statement}; EXCEPTION WHEN {already} THEN NULL; END $$"


# ---- policies and grants ------------------------------------------------------------------------------


def install(connection: Connection, *, login: str = "") -> None:
    """Give every table its policies and every role its grants. `login` is whom the application signs in as.

    Raises PermissionError with a way out where the migrating login may not create the roles.
    """
    if connection.dialect.name != "postgresql":
        return
    lift(connection)
    tables = set(inspect(connection).get_table_names(schema="public"))
    _run(connection, _roles(connection, login))
    _run(connection, _frame(connection))
    for fence in fences().values():
        if fence.table in tables:
            _run(connection, _fence(fence))
            _run(connection, _shadow(connection, fence))
    _run(connection, _sequences(connection))


def lift(connection: Connection) -> None:
    """Take the policies away, until `install` of the same transaction; the tables stay closed meanwhile."""
    if connection.dialect.name != "postgresql":
        return
    policies = connection.exec_driver_sql(
        "SELECT policyname, tablename FROM pg_policies WHERE schemaname = 'public'"
    )
    _run(connection, [f"DROP POLICY {name} ON public.{table}" for name, table in policies])
    _run(connection, [f"DROP SCHEMA IF EXISTS {SHADOWS} CASCADE"])


def _run(connection: Connection, statements: Iterable[str]) -> None:
    if together := "; ".join(statements):
        connection.exec_driver_sql(together.replace("%", "%%"))


def _frame(connection: Connection) -> Iterator[str]:
    """Nobody has a right by default; every role but nobody may look into the schema."""
    roles = ", ".join(ROLES)
    database = connection.exec_driver_sql("SELECT current_database()").scalar_one()
    yield f'REVOKE TEMPORARY ON DATABASE "{database}" FROM PUBLIC'
    yield "REVOKE ALL ON SCHEMA public FROM PUBLIC"
    for kind in ("TABLES", "SEQUENCES", "FUNCTIONS"):
        yield f"REVOKE ALL ON ALL {kind} IN SCHEMA public FROM PUBLIC, {roles}"
    yield "ALTER DEFAULT PRIVILEGES REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC"
    yield f"GRANT USAGE ON SCHEMA public TO {', '.join(role for role in ROLES if role != NOBODY)}"
    yield f"CREATE SCHEMA {SHADOWS}"
    yield f"GRANT USAGE ON SCHEMA {SHADOWS} TO portal_volunteer"


def policies_of(fence: Fence) -> dict[str, str]:
    """The policies of a table by name, as CREATE POLICY has them after the name of the table."""
    found = {}
    if fence.county:
        people = ", ".join(f"portal_{level}" for level in LEVELS)
        check = " AND ".join(filter(None, (fence.county, fence.stays)))
        found["wall_county"] = (
            f"AS RESTRICTIVE TO {people} USING ({_rule(fence.county)}) WITH CHECK ({_rule(check)})"
        )
    for act in ACTS:
        for level, rule in fence.rules(act).items():
            using = f" USING ({_rule(rule)})" if act != "INSERT" else ""
            check = f" WITH CHECK ({_rule(rule)})" if act in ("INSERT", "UPDATE") else ""
            found[f"{level}_{act.lower()}"] = f"FOR {act} TO portal_{level}{using}{check}"
    return found


def _rule(rule: str) -> str:
    return rule.format(**VALUES)


def _fence(fence: Fence) -> Iterator[str]:
    table = f"public.{fence.table}"
    yield f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY"
    for name, policy in policies_of(fence).items():
        yield f"CREATE POLICY {name} ON {table} {policy}"
    for act in ACTS:
        levels = {*fence.rules(act), *(fence.empty if act == "SELECT" else ())}
        whole = sorted(levels - set(fence.columns if act == "SELECT" else ()))
        if whole:
            yield f"GRANT {act} ON {table} TO {', '.join(f'portal_{level}' for level in whole)}"
    for level, names in fence.columns.items():
        yield f"GRANT SELECT ({', '.join(names)}) ON {table} TO portal_{level}"


def _shadow(connection: Connection, fence: Fence) -> Iterator[str]:
    """A volunteer's own shape of a table: the ORM asks for every column and gets NULL where she has none."""
    granted = fence.columns.get("volunteer")
    if granted is None:
        return
    columns = connection.exec_driver_sql(
        "SELECT attname, format_type(atttypid, atttypmod) FROM pg_attribute"
        " WHERE attrelid = %s::regclass AND attnum > 0 AND NOT attisdropped ORDER BY attnum",
        (f"public.{fence.table}",),
    )
    fields = [name if name in granted else f"NULL::{kind} AS {name}" for name, kind in columns]
    view = f"{SHADOWS}.{fence.table}"
    yield (
        f"CREATE VIEW {view} WITH (security_invoker = true) AS"
        f" SELECT {', '.join(fields)} FROM public.{fence.table}"
    )
    yield f"GRANT SELECT ON {view} TO portal_volunteer"


def _sequences(connection: Connection) -> Iterator[str]:
    """Whoever may add a row may draw its number, and not read how far the numbers have come."""
    rows = connection.exec_driver_sql(
        "SELECT s.relname, t.relname FROM pg_class s JOIN pg_depend d ON d.objid = s.oid"
        " AND d.deptype IN ('a', 'i') JOIN pg_class t ON t.oid = d.refobjid"
        " WHERE s.relkind = 'S' AND s.relnamespace = 'public'::regnamespace"
    )
    for sequence, table in rows:
        roles = sorted(f"portal_{level}" for level in fences()[table].inserts) if table in fences() else []
        if roles:
            yield f"GRANT USAGE ON SEQUENCE public.{sequence} TO {', '.join(roles)}"
            yield f"GRANT UPDATE ON SEQUENCE public.{sequence} TO portal_system"
