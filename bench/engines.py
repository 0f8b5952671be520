"""A bench on both engines: a database of its own for each, gone afterwards."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from pathlib import Path

from portal.tenancy.walls.context import owner_engine
from tests.conftest import LOGIN, make_app
from tests.services.postgresql import TemporaryPostgreSQL


def on_both_engines(name: str, work: Callable[[str, str], None]) -> None:
    """Call `work` with the engine's name and the address of an empty database."""
    with tempfile.TemporaryDirectory() as folder:
        work("SQLite", f"sqlite:///{Path(folder) / name}.sqlite")
    with TemporaryPostgreSQL() as cluster:
        cluster.create_login(LOGIN)
        cluster.create_database(name)
        work("PostgreSQL", str(cluster.url(name)))


def analyze(url: str) -> None:
    """What autovacuum would have done by now."""
    if url.startswith("postgresql"):
        with owner_engine(make_app(url).config["SETTINGS"]).begin() as connection:
            connection.exec_driver_sql("ANALYZE")
