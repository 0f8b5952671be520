"""One world per engine and test process: the tests of this folder read it and never commit."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from flask import Flask

from portal.extensions import db
from tests.conftest import ENGINES, make_app
from tests.factories.county import writing
from tests.factories.world import World, build_world


@dataclass(frozen=True)
class Walled:
    """An application whose database holds the world."""

    app: Flask
    world: World


@pytest.fixture(scope="session", params=ENGINES)
def walled(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Walled]:
    """The world on each engine. What a test writes it must leave uncommitted."""
    if request.param == "sqlite":
        path = tmp_path_factory.mktemp("world") / "portal.sqlite"
        shutil.copy(request.getfixturevalue("sqlite_template"), path)
        url = f"sqlite:///{path}"
    else:
        cluster = request.getfixturevalue("cluster")
        cluster.create_database("world", template="pattern")
        url = str(cluster.url("world"))
    app = make_app(url)
    with app.app_context(), writing() as session:
        world = build_world(session)
    yield Walled(app, world)
    with app.app_context():
        db.engine.dispose()


@pytest.fixture
def world(walled: Walled) -> Iterator[World]:
    """The world, with its application at hand."""
    with walled.app.app_context():
        yield walled.world
