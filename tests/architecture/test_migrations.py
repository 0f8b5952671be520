"""Migrations: one history, which builds what the models say and can be walked back, on both engines."""

from __future__ import annotations

import shutil
import uuid
from collections.abc import Iterator
from pathlib import Path

import flask_migrate
import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask import Flask
from sqlalchemy import inspect

from portal.config import ROOT
from portal.extensions import db
from portal.tenancy.roles import Role
from portal.web.database import newest_revision
from tests.conftest import make_app, owning
from tests.factories.county import add_account, build_county, writing

MIGRATIONS = str(ROOT / "migrations")


def test_the_history_has_one_head() -> None:
    config = Config()
    config.set_main_option("script_location", MIGRATIONS)
    heads = ScriptDirectory.from_config(config).get_heads()
    assert heads == [newest_revision()]


def test_the_migrations_build_what_the_models_say(app: Flask) -> None:
    with owning(app) as connection:
        options = {"compare_type": True, "render_as_batch": True}
        context = MigrationContext.configure(connection, opts=options)
        assert compare_metadata(context, db.metadata) == []


@pytest.fixture
def bare_app(engine: str, request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Flask]:
    """The application on a database without any table."""
    if engine == "sqlite":
        url = f"sqlite:///{tmp_path / 'bare.sqlite'}"
    else:
        name = f"bare{uuid.uuid4().hex[:8]}"
        request.getfixturevalue("cluster").create_database(name)
        url = str(request.getfixturevalue("cluster").url(name))
    made = make_app(url)
    yield made
    with made.app_context():
        db.engine.dispose()


def _tables(app: Flask) -> set[str]:
    with owning(app) as connection:
        return set(inspect(connection).get_table_names()) - {"alembic_version"}


def _triggers(app: Flask, engine: str) -> int:
    catalogue = (
        "sqlite_master WHERE type = 'trigger'" if engine == "sqlite" else "pg_trigger WHERE NOT tgisinternal"
    )
    with owning(app) as connection:
        return int(connection.exec_driver_sql(f"SELECT COUNT(*) FROM {catalogue}").scalar_one())


def test_the_history_can_be_walked_up_down_and_up_again(bare_app: Flask, engine: str) -> None:
    with bare_app.app_context():
        flask_migrate.upgrade(directory=MIGRATIONS)
        built, triggers = _tables(bare_app), _triggers(bare_app, engine)
        assert built == {table.name for table in db.metadata.tables.values()}
        assert triggers > 0
        flask_migrate.downgrade(directory=MIGRATIONS, revision="base")
        assert _tables(bare_app) == set()
        flask_migrate.upgrade(directory=MIGRATIONS)
        assert (_tables(bare_app), _triggers(bare_app, engine)) == (built, triggers)


def test_an_upgrade_of_a_new_database_is_one_file_afterwards(sqlite_template: Path, tmp_path: Path) -> None:
    """Contract: after a command an SQLite database is one self-contained file."""
    copied = shutil.copy(sqlite_template, tmp_path / "copy.sqlite")
    app = make_app(f"sqlite:///{copied}")
    with app.app_context():
        assert _tables(app) == {table.name for table in db.metadata.tables.values()}
        db.engine.dispose()
    assert [path.name for path in tmp_path.iterdir()] == ["copy.sqlite"]


def test_what_an_account_is_outlives_its_new_name(app: Flask) -> None:
    """0008 renames the column that keeps the three administrators apart (三员分立), and loses nobody."""
    with app.app_context(), writing() as session:
        place = build_county(session)
        for role in (Role.SYSTEM_ADMIN, Role.AUDIT_ADMIN, Role.COMMITTEE_OFFICE):
            add_account(session, role, place.county, role.value)

    def kinds(column: str) -> set[tuple[str, str]]:
        with owning(app) as connection:
            found = connection.exec_driver_sql(
                f"SELECT username, m.{column} FROM membership m JOIN user_account u ON u.id = m.user_id "
                f"AND u.{column} = m.{column} JOIN person p ON p.id = u.person_id AND p.{column} = u.{column}"
            )
            return {tuple(row) for row in found}

    there = kinds("account_kind")
    assert there == {
        ("system_admin", "system_admin"), ("audit_admin", "audit_admin"), ("committee_office", "working"),
    }  # fmt: skip
    with app.app_context():
        flask_migrate.downgrade(directory=MIGRATIONS, revision="0007")
        assert kinds("duty") == there
        flask_migrate.upgrade(directory=MIGRATIONS)
    assert kinds("account_kind") == there
