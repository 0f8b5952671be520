"""The demo county, loaded once per profile and engine and only read by the tests."""

from __future__ import annotations

import shutil

import pytest

from tests.seed.counting import Demo, load


@pytest.fixture(scope="session")
def new_url(request, tmp_path_factory):
    """A maker of empty migrated databases: new_url("sqlite") → URL."""
    made = []

    def make(engine: str) -> str:
        if engine == "sqlite":
            path = tmp_path_factory.mktemp("seed") / "demo.sqlite"
            shutil.copy(request.getfixturevalue("sqlite_template"), path)
            return f"sqlite:///{path}"
        cluster = request.getfixturevalue("cluster")
        made.append(f"seed{len(made)}")
        cluster.create_database(made[-1], template="pattern")
        return str(cluster.url(made[-1]))

    return make  # the databases go with their cluster


@pytest.fixture(scope="session")
def loaded(new_url):
    """A maker of loaded profiles, each loaded once: loaded("small", "sqlite") → Demo."""
    known: dict[tuple[str, str], Demo] = {}

    def find(profile: str, engine: str) -> Demo:
        if (profile, engine) not in known:
            url = new_url(engine)
            load(url, profile)
            known[profile, engine] = Demo(profile, url)
        return known[profile, engine]

    yield find
    for demo in known.values():
        demo.engine.dispose()


@pytest.fixture(
    params=[
        "small-sqlite",
        "small-postgresql",
        "full-sqlite",
        pytest.param("full-postgresql", marks=pytest.mark.long),
    ]
)
def demo(request, loaded) -> Demo:
    """Each profile on each engine; the full one on PostgreSQL only in the long run."""
    profile, engine = request.param.split("-")
    return loaded(profile, engine)


@pytest.fixture
def full(loaded) -> Demo:
    return loaded("full", "sqlite")


@pytest.fixture
def small(loaded) -> Demo:
    return loaded("small", "sqlite")
