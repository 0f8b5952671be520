"""What the live databases say of themselves: every table walled, nothing beside the walls (T6, T7)."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

import pytest
from flask import Flask
from sqlalchemy import Connection, text

from portal.extensions import db
from portal.models.reports.cells import ADDITIVES, PRESENCES
from portal.tenancy.scoped import scoped_classes
from portal.tenancy.walls import sqlite
from portal.tenancy.walls.fences import COUNTED_FROM, LEVELS, OPEN, fences
from portal.tenancy.walls.postgresql import ROLES, SHADOWS, install, policies_of
from tests.conftest import LOGIN, make_app, owning
from tests.services.postgresql import TemporaryPostgreSQL

SCOPED = sorted(cls.__table__.name for cls in scoped_classes())

DEFINERS = {"audit_head_of_county"}
"""SECURITY DEFINER functions beside those of the cells (`cell_…`): only triggers, which nobody can call."""


@pytest.fixture
def catalogue(cluster: TemporaryPostgreSQL) -> Iterator[Connection]:
    """The owner's view of a migrated PostgreSQL database; held for one test, because others copy it."""
    with owning(make_app(str(cluster.url("pattern")))) as connection:
        yield connection


def _names(connection: Connection, query: str) -> set[str]:
    return set(connection.execute(text(query)).scalars())


def test_every_table_has_a_fence_and_every_fence_a_table() -> None:
    assert set(fences()) == {*db.metadata.tables, "alembic_version"}
    assert set(OPEN) - {"alembic_version"} == {"audit_head", "reach"}


def test_the_recompute_reads_the_facts_of_the_cells() -> None:
    facts = {one.fact for one in (*ADDITIVES, *PRESENCES)} - {one.name for one in PRESENCES}
    assert facts == set(COUNTED_FROM)


def test_every_table_stands_behind_row_level_security_that_its_owner_passes(catalogue: Connection) -> None:
    rows = catalogue.execute(
        text(
            "SELECT relname, relrowsecurity, relforcerowsecurity FROM pg_class"
            " WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace"
        )
    ).all()
    assert {tuple(row) for row in rows} == {(name, True, False) for name in fences()}


def test_the_policies_are_those_of_the_fences_and_no_other(catalogue: Connection) -> None:
    rows = catalogue.execute(
        text(
            "SELECT tablename, policyname, permissive, cmd, roles::text[], qual, with_check FROM pg_policies"
        )
    ).all()
    assert {(row[0], row[1]) for row in rows} == {
        (name, policy) for name, fence in fences().items() for policy in policies_of(fence)
    }
    for table, policy, permissive, command, roles, qual, check in rows:
        assert "public" not in roles, (table, policy)
        assert qual or command == "INSERT", (table, policy)
        assert check or command in ("SELECT", "DELETE"), (table, policy)
        assert (permissive == "RESTRICTIVE") == (policy == "wall_county"), (table, policy)


def _worded(connection: Connection) -> set[tuple[str, ...]]:
    return {
        tuple(map(str, row))
        for row in connection.execute(
            text("SELECT tablename, policyname, cmd, roles::text, qual, with_check FROM pg_policies")
        )
    }


@lru_cache(maxsize=1)
def _as_installed(url: str) -> set[tuple[str, ...]]:
    """What the installation of today would write, in the server's own words; it is taken back."""
    with owning(make_app(url)) as connection:
        point = connection.begin_nested()
        install(connection, login=LOGIN)
        worded = _worded(connection)
        point.rollback()
    return worded


def test_the_policies_read_as_the_installation_writes_them(catalogue: Connection) -> None:
    """Nobody has opened one by hand, and no migration has left an older one."""
    url = catalogue.engine.url.render_as_string(hide_password=False)
    wanted = _as_installed(url)  # before the catalogue is read: an open reader would hold the installation up
    assert _worded(catalogue) == wanted


def test_the_rights_are_those_of_the_fences_and_no_other(catalogue: Connection) -> None:
    """Whole tables, single columns, and no right beside the four acts (TRUNCATE passes every policy)."""
    rows = catalogue.execute(
        text(
            "SELECT relname, a.grantee::regrole::text, a.privilege_type FROM pg_class,"
            " LATERAL aclexplode(relacl) AS a WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace"
            " AND a.grantee <> relowner"
        )
    ).all()
    columns = catalogue.execute(
        text(
            "SELECT relname, a.grantee::regrole::text, a.privilege_type, attname FROM pg_attribute"
            " JOIN pg_class ON pg_class.oid = attrelid, LATERAL aclexplode(attacl) AS a"
            " WHERE relnamespace = 'public'::regnamespace"
        )
    ).all()
    whole, single = set(), set()
    for name, fence in fences().items():
        for act in ("SELECT", "INSERT", "UPDATE", "DELETE"):
            levels = {*fence.rules(act), *(fence.empty if act == "SELECT" else ())}
            partly = fence.columns if act == "SELECT" else {}
            whole |= {(name, f"portal_{level}", act) for level in levels - set(partly)}
            single |= {(name, f"portal_{level}", act, one) for level in partly for one in partly[level]}
    assert {tuple(row) for row in rows} == whole
    assert {tuple(row) for row in columns} == single


@pytest.mark.parametrize("table", SCOPED)
def test_every_scoped_table_has_the_wall_of_the_county(catalogue: Connection, table: str) -> None:
    row = catalogue.execute(
        text(
            "SELECT permissive, roles::text[], qual, with_check FROM pg_policies"
            " WHERE tablename = :table AND policyname = 'wall_county'"
        ),
        {"table": table},
    ).one()
    assert row[0] == "RESTRICTIVE"
    assert set(row[1]) == {f"portal_{level}" for level in LEVELS}
    assert "app.county" in row[2]
    assert "app.county" in row[3]


def test_a_setting_is_read_once_per_query(catalogue: Connection) -> None:
    """Bare in a policy it would be read for every row."""
    quals = _names(catalogue, "SELECT COALESCE(qual, '') || COALESCE(with_check, '') FROM pg_policies")
    for qual in quals:
        assert qual.count("current_setting") == qual.count("SELECT (NULLIF(current_setting"), qual


def test_no_view_shows_more_than_its_reader_may_see(catalogue: Connection) -> None:
    rows = catalogue.execute(
        text(
            "SELECT relnamespace::regnamespace::text, relname, relkind::text, reloptions FROM pg_class"
            " WHERE relkind IN ('v', 'm', 'f') AND relnamespace::regnamespace::text"
            " NOT IN ('pg_catalog', 'information_schema')"
        )
    ).all()
    shadows = {name for name, fence in fences().items() if "volunteer" in fence.columns}
    assert {tuple(row[:3]) for row in rows} == {(SHADOWS, name, "v") for name in shadows}
    assert all(row[3] == ["security_invoker=true"] for row in rows)


def test_no_function_lends_the_owners_rights_but_the_triggers(catalogue: Connection) -> None:
    query = (
        "SELECT proname, prorettype::regtype::text, proconfig FROM pg_proc"
        " WHERE prosecdef AND pronamespace = 'public'::regnamespace"
    )
    rows = catalogue.execute(text(query)).all()
    assert {row[0] for row in rows if not row[0].startswith("cell_")} == DEFINERS
    assert {row[1] for row in rows} == {"trigger"}
    assert all(row[2] == ["search_path=public, pg_temp"] for row in rows)


def test_the_portal_signs_in_as_nobody_in_particular(catalogue: Connection) -> None:
    query = (
        "SELECT rolsuper OR rolbypassrls OR rolcreaterole OR rolcreatedb OR rolinherit FROM pg_roles"
        " WHERE rolname = :name"
    )
    assert catalogue.execute(text(query), {"name": LOGIN}).scalar_one() is False
    owned = "SELECT COUNT(*) FROM pg_class WHERE relowner = :name ::regrole"
    assert catalogue.execute(text(owned.replace(":name", f"'{LOGIN}'"))).scalar_one() == 0


def test_the_roles_sign_nobody_in_and_pass_no_wall(catalogue: Connection) -> None:
    rows = catalogue.execute(
        text(
            "SELECT rolname, rolcanlogin, rolsuper, rolbypassrls FROM pg_roles WHERE rolname LIKE 'portal\\_%'"
        )
    ).all()
    assert {row[0] for row in rows} == set(ROLES)
    assert not any(any(row[1:]) for row in rows)


def test_the_public_has_no_rights(catalogue: Connection) -> None:
    for kind, space in (("pg_class", "relnamespace"), ("pg_proc", "pronamespace")):
        acl, name = ("relacl", "relname") if kind == "pg_class" else ("proacl", "proname")
        open_to_all = _names(
            catalogue,
            f"SELECT {name} FROM {kind}, LATERAL aclexplode({acl}) AS a WHERE a.grantee = 0"
            f" AND {space} IN ('public'::regnamespace, '{SHADOWS}'::regnamespace)",
        )
        assert open_to_all == set(), kind
    by_default = _names(catalogue, "SELECT proname FROM pg_proc WHERE proacl IS NULL"
                        " AND pronamespace = 'public'::regnamespace")  # fmt: skip
    assert by_default == set()
    assert not catalogue.execute(
        text("SELECT has_schema_privilege('public', 'public', 'USAGE')")
    ).scalar_one()


def test_the_public_makes_no_tables_of_its_own_and_runs_no_function_to_come(catalogue: Connection) -> None:
    asked = (
        "SELECT has_database_privilege('public', current_database(), 'TEMPORARY'),"
        " EXISTS (SELECT 1 FROM pg_default_acl WHERE defaclobjtype = 'f' AND defaclnamespace = 0)"
    )
    assert tuple(catalogue.execute(text(asked)).one()) == (False, True)


def test_the_system_alone_sets_where_numbers_go_on(catalogue: Connection) -> None:
    sets = "has_sequence_privilege('portal_{}', 'public.child_id_seq', 'UPDATE')"
    asked = f"SELECT {sets.format('system')}, {sets.format('county')}, {sets.format('unit')}"
    assert tuple(catalogue.execute(text(asked)).one()) == (True, False, False)


def test_nobody_has_no_right_at_all(catalogue: Connection) -> None:
    query = (
        "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'v')"
        " AND has_table_privilege('portal_nobody', oid, 'SELECT, INSERT, UPDATE, DELETE')"
    )
    assert _names(catalogue, query) == set()


def test_nobody_reads_how_far_the_numbers_have_come(catalogue: Connection) -> None:
    people = [f"portal_{level}" for level in LEVELS]
    query = (
        "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace"
        " AND CASE relkind WHEN 'S' THEN has_sequence_privilege('{role}', oid, 'SELECT') ELSE false END"
    )
    assert {role for role in people if _names(catalogue, query.format(role=role))} == set()


@pytest.mark.parametrize("role", [role for role in ROLES if role != "portal_recompute"])
def test_cells_are_read_and_not_written(catalogue: Connection, role: str) -> None:
    for additive in ADDITIVES:
        query = f"SELECT has_table_privilege('{role}', 'public.{additive.name}', 'INSERT, UPDATE, DELETE')"
        assert not catalogue.execute(text(query)).scalar_one()


@pytest.mark.parametrize("role", ROLES)
def test_nobody_changes_a_line_of_the_audit(catalogue: Connection, role: str) -> None:
    query = f"SELECT has_table_privilege('{role}', 'public.audit_entry', 'UPDATE, DELETE, TRUNCATE')"
    assert not catalogue.execute(text(query)).scalar_one()


# ---- SQLite -----------------------------------------------------------------------------------------


def test_every_table_of_an_sqlite_connection_is_shadowed_and_guarded(sqlite_app: Flask) -> None:
    with sqlite_app.app_context(), db.engine.connect() as connection:
        driver = connection.connection.driver_connection
        standing = {tuple(row) for row in driver.execute("SELECT type, name FROM sqlite_temp_master")}
    expected = {("view", name) for name in fences()}
    for name, fence in fences().items():
        for act in ("INSERT", "UPDATE", "DELETE"):
            if set(fence.rules(act)) - {"recompute"}:
                expected.add(("trigger", f"wall_{name}_{act.lower()}"))
    assert standing == expected


@pytest.mark.parametrize(
    ("statement", "aimed"),
    [
        ("INSERT INTO visit (id) VALUES (1)", "INSERT INTO main.visit (id) VALUES (1)"),
        ("insert into visit (id) values (1)", "insert into main.visit (id) values (1)"),
        ('INSERT INTO "visit" (id) VALUES (1)', 'INSERT INTO main."visit" (id) VALUES (1)'),
        ("INSERT OR IGNORE INTO visit (id) VALUES (1)", "INSERT OR IGNORE INTO main.visit (id) VALUES (1)"),
        ("UPDATE visit SET note = ''", "UPDATE main.visit SET note = ''"),
        ("\n  UPDATE OR FAIL visit SET note = ''", "\n  UPDATE OR FAIL main.visit SET note = ''"),
        ("DELETE FROM visit WHERE id = 1", "DELETE FROM main.visit WHERE id = 1"),
    ],
)
def test_a_write_is_pointed_at_the_table_behind_its_view(statement: str, aimed: str) -> None:
    assert sqlite.aim(statement, "unit") == aimed


@pytest.mark.parametrize(
    "statement",
    [
        "SELECT * FROM visit",
        "REPLACE INTO visit (id) VALUES (1)",
        "INSERT OR REPLACE INTO visit (id) VALUES (1)",
        "WITH a AS (SELECT 1) UPDATE visit SET note = ''",
        "UPDATE visit_cell SET visits = 0",
        "UPDATE audit_entry SET hash = ''",
        "UPDATE unknown SET a = 1",
    ],
)
def test_every_other_statement_meets_the_view(statement: str) -> None:
    assert sqlite.aim(statement, "unit") == statement


def test_a_level_without_the_pen_meets_the_view() -> None:
    assert sqlite.aim("UPDATE child SET name = ''", "volunteer") == "UPDATE child SET name = ''"
    assert sqlite.aim("DELETE FROM visit", None) == "DELETE FROM visit"
