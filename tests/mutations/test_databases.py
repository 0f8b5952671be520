"""Each policy, grant, view and trigger of the databases taken away in turn: at least one test goes red (T38)."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import Connection, text

from portal.extensions import db
from portal.tenancy.walls.fences import fences
from portal.tenancy.walls.postgresql import policies_of
from tests.conftest import make_app, owning
from tests.services.postgresql import TemporaryPostgreSQL
from tests.tenancy import test_catalogue as catalogue

pytestmark = pytest.mark.long

NOTICING: tuple[Callable[[Connection], None], ...] = (
    catalogue.test_the_policies_are_those_of_the_fences_and_no_other,
    catalogue.test_every_table_stands_behind_row_level_security_that_its_owner_passes,
    catalogue.test_no_view_shows_more_than_its_reader_may_see,
    catalogue.test_no_function_lends_the_owners_rights_but_the_triggers,
    catalogue.test_the_public_has_no_rights,
    catalogue.test_nobody_has_no_right_at_all,
    catalogue.test_nobody_reads_how_far_the_numbers_have_come,
    catalogue.test_a_setting_is_read_once_per_query,
)

POLICIES = [(name, policy) for name, fence in fences().items() for policy in policies_of(fence)]
OTHER = [
    *(f"ALTER TABLE public.{name} DISABLE ROW LEVEL SECURITY" for name in fences()),
    *(f"ALTER TABLE public.{name} FORCE ROW LEVEL SECURITY" for name in fences()),
    *(f"GRANT SELECT ON public.{name} TO PUBLIC" for name in fences()),
    *(f"GRANT SELECT ON public.{name} TO portal_nobody" for name in fences()),
    *(f"CREATE POLICY stray ON public.{name} USING (true)" for name in fences()),
    "CREATE VIEW public.everything AS SELECT * FROM public.child",
    "CREATE MATERIALIZED VIEW public.everything AS SELECT * FROM public.child",
    "CREATE FUNCTION public.everything() RETURNS bigint LANGUAGE sql SECURITY DEFINER AS 'SELECT 1::bigint'",
    "GRANT USAGE ON SCHEMA public TO PUBLIC",
    "GRANT SELECT ON SEQUENCE public.child_id_seq TO portal_unit",
]


def _is_noticed(connection: Connection) -> bool:
    for test in NOTICING:
        try:
            test(connection)
        except AssertionError:
            return True
    return False


def test_every_missing_policy_and_every_hole_beside_them_is_noticed(cluster: TemporaryPostgreSQL) -> None:
    holes = [f"DROP POLICY {policy} ON public.{table}" for table, policy in POLICIES] + OTHER
    alive = []
    with owning(make_app(str(cluster.url("pattern")))) as connection:
        assert not _is_noticed(connection)
        for hole in holes:
            point = connection.begin_nested()
            connection.execute(text(hole))
            if not _is_noticed(connection):
                alive.append(hole)
            point.rollback()
    assert (len(holes) > 400, alive) == (True, [])


def test_every_missing_view_and_trigger_of_sqlite_is_noticed(sqlite_app: Flask) -> None:
    alive, tried = [], 0
    with sqlite_app.app_context():
        with db.engine.connect() as connection:
            driver = connection.connection.driver_connection
            standing = driver.execute("SELECT type, name, sql FROM sqlite_temp_master").fetchall()
        for kind, name, built in standing:
            tried += 1
            driver.execute(f"DROP {kind} temp.{name}")
            try:
                catalogue.test_every_table_of_an_sqlite_connection_is_shadowed_and_guarded(sqlite_app)
                alive.append(name)
            except AssertionError:
                pass
            driver.execute(built.replace(f"CREATE {kind.upper()}", f"CREATE TEMP {kind.upper()}", 1))
    assert (tried > 100, alive) == (True, [])
