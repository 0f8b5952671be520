"""Fixtures of all rooms: both databases for real, an app on each, clients that are separate people."""

from __future__ import annotations

import shutil
import subprocess
import sys
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from flask import Flask, has_app_context
from hypothesis import settings as hypothesis_settings
from sqlalchemy import Connection

from portal.app import create_app
from portal.config import ROOT, Settings
from portal.extensions import WRITES, db
from portal.tenancy.walls.context import owner_engine
from tests.commands import run
from tests.services.postgresql import SUPERUSER, TemporaryPostgreSQL
from tests.services.redis_server import TemporaryRedis

SECRET = "the-secret-of-the-tests-is-no-secret-0000"
TODAY = "2025-06-30"
ENGINES = ("sqlite", "postgresql")
LOGIN = "portal"
"""Whom the application signs in to PostgreSQL as: it inherits nothing and owns nothing."""

hypothesis_settings.register_profile("long", max_examples=20_000, deadline=None, derandomize=False)
"""`make test-long`: so many cases of every property, on each engine where it runs on both."""


@pytest.fixture(autouse=True)
def _push_request_context() -> None:
    """Undo pytest-flask's one context for all clients: with it, two signed-in clients are one person."""


@pytest.fixture(autouse=True)
def _domain_clock(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PORTAL_TODAY", TODAY)
    WRITES.set(True)


@pytest.fixture(autouse=True)
def _no_context_is_left_behind() -> Iterator[None]:
    """A context left open would lend its database and its reader to the next test."""
    assert not has_app_context()
    yield
    assert not has_app_context()


@pytest.fixture(scope="session", autouse=True)
def _catalogues() -> None:
    """Compile the translations where they have changed, as `make setup` does."""
    texts = list((ROOT / "translations").rglob("*.po"))
    compiled = [one.with_suffix(".mo") for one in texts]
    if all(
        new.exists() and new.stat().st_mtime >= old.stat().st_mtime
        for old, new in zip(texts, compiled, strict=True)
    ):
        return
    pybabel = str(Path(sys.executable).parent / "pybabel")
    command = [pybabel, "-q", "compile", "-d", str(ROOT / "translations"), "-D", "messages"]
    subprocess.run(command, check=True, capture_output=True)


def make_app(url: str, **settings: str) -> Flask:
    """An application on the database at `url`; on PostgreSQL signed in as neither owner nor superuser."""
    if "postgresql" in url:
        settings = {"DATABASE_OWNER_URL": url, **settings}
        url = url.replace(f"{SUPERUSER}@", f"{LOGIN}@")
    app = create_app(Settings(SECRET_KEY=SECRET, DATABASE_URL=url, **settings))
    app.config["TESTING"] = True
    app.config["WTF_CSRF_ENABLED"] = False
    return app


@contextmanager
def owning(app: Flask) -> Iterator[Connection]:
    """A connection as the owner of the tables, outside the walls; it commits at the end."""
    engine = owner_engine(app.config["SETTINGS"])
    with engine.begin() as connection:
        yield connection


def migrate(url: str) -> None:
    """Bring an empty database to the newest revision."""
    import flask_migrate

    app = make_app(url)
    with app.app_context():
        flask_migrate.upgrade(directory=str(ROOT / "migrations"))
        db.engine.dispose()


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated SQLite file to copy."""
    path = tmp_path_factory.mktemp("template") / "empty.sqlite"
    migrate(f"sqlite:///{path}")
    return path


@pytest.fixture(scope="session")
def cluster() -> Iterator[TemporaryPostgreSQL]:
    """A real PostgreSQL with a migrated database `pattern` to copy; one per test process."""
    with TemporaryPostgreSQL() as running:
        running.create_login(LOGIN)
        running.create_database("pattern")
        migrate(str(running.url("pattern")))
        yield running


@pytest.fixture(scope="session")
def redis_server() -> Iterator[TemporaryRedis]:
    """A real Redis."""
    with TemporaryRedis() as running:
        yield running


@pytest.fixture(params=ENGINES)
def engine(request: pytest.FixtureRequest) -> str:
    """Runs the test once on SQLite and once on PostgreSQL."""
    return str(request.param)


@pytest.fixture
def database_url(engine: str, request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """An empty migrated database of the engine at hand."""
    if engine == "sqlite":
        path = tmp_path / "portal.sqlite"
        shutil.copy(request.getfixturevalue("sqlite_template"), path)
        yield f"sqlite:///{path}"
        return
    running: TemporaryPostgreSQL = request.getfixturevalue("cluster")
    name = f"t{uuid.uuid4().hex[:12]}"
    running.create_database(name, template="pattern")
    yield str(running.url(name))
    running.drop_database(name)


def seed(url: str, profile: str) -> None:
    """Fill a migrated database with the demo county, as `flask seed demo` does."""
    app = make_app(url)
    outcome = run(app, "seed", "demo", "--profile", profile)
    assert outcome.exit_code == 0, outcome.output
    with app.app_context():
        db.engine.dispose()


@pytest.fixture(scope="session")
def demo_template(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The small demo county as an SQLite file to copy."""
    path = tmp_path_factory.mktemp("demo") / "small.sqlite"
    shutil.copy(sqlite_template, path)
    seed(f"sqlite:///{path}", "small")
    return path


@pytest.fixture(scope="session")
def demo_pattern(cluster: TemporaryPostgreSQL) -> str:
    """The small demo county as a PostgreSQL database to copy."""
    cluster.create_database("demo_small", template="pattern")
    seed(str(cluster.url("demo_small")), "small")
    return "demo_small"


@pytest.fixture
def demo_app(engine: str, request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Flask]:
    """The application on a fresh copy of the small demo county, on both engines."""
    name = f"t{uuid.uuid4().hex[:12]}"
    if engine == "sqlite":
        path = tmp_path / "demo.sqlite"
        shutil.copy(request.getfixturevalue("demo_template"), path)
        made = make_app(f"sqlite:///{path}")
    else:
        pattern = request.getfixturevalue("demo_pattern")
        running: TemporaryPostgreSQL = request.getfixturevalue("cluster")
        running.create_database(name, template=pattern)
        made = make_app(str(running.url(name)))
    yield made
    with made.app_context():
        db.engine.dispose()
    if engine == "postgresql":
        running.drop_database(name)


@pytest.fixture
def app(database_url: str) -> Iterator[Flask]:
    """The application on an empty database, on both engines."""
    made = make_app(database_url)
    yield made
    with made.app_context():
        db.engine.dispose()


@pytest.fixture
def sqlite_app(sqlite_template: Path, tmp_path: Path) -> Iterator[Flask]:
    """The application on SQLite only: for what does not depend on the engine."""
    path = tmp_path / "portal.sqlite"
    shutil.copy(sqlite_template, path)
    made = make_app(f"sqlite:///{path}")
    yield made
    with made.app_context():
        db.engine.dispose()
