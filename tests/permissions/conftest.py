"""One estate per engine and test process. Requests are made for real and rolled back at the edge."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import delete, select

from portal.config import now
from portal.extensions import db
from portal.models.accounts import LoginSession, SignInFailure, Throttle
from portal.web import answers
from portal.web.transaction import PortalFlask
from tests.clients import sign_in
from tests.conftest import TODAY, make_app
from tests.factories.county import writing
from tests.permissions.estate import Estate, build_estate
from tests.permissions.seats import Seat


@pytest.fixture(scope="session")
def sqlite_estate(sqlite_template, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Estate]:
    """The estate on SQLite, for every cell."""
    path = tmp_path_factory.mktemp("estate") / "portal.sqlite"
    shutil.copy(sqlite_template, path)
    yield from _estate(f"sqlite:///{path}")


@pytest.fixture(scope="session")
def postgresql_estate(cluster) -> Iterator[Estate]:
    """The estate on PostgreSQL, for the cells that differ most."""
    cluster.create_database("estate", template="pattern")
    yield from _estate(str(cluster.url("estate")))


def _estate(url: str) -> Iterator[Estate]:
    with pytest.MonkeyPatch.context() as patched:
        patched.setenv("PORTAL_TODAY", TODAY)
        patched.setattr(answers, "pdf_of", str.encode)  # the words of the paper, without the minute it takes
        app = make_app(url)
        yield build_estate(app)
        with app.app_context():
            db.engine.dispose()


@pytest.fixture(autouse=True)
def _nothing_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    """An allowed request does its work and is undone, so that every cell meets the same estate."""
    monkeypatch.setattr(PortalFlask, "_finish", staticmethod(lambda response: db.session.rollback()))


def _stay(estate: Estate) -> None:
    """The tests of a process may take longer than a sensitive act waits or a desk may be left alone."""
    with estate.app.app_context(), writing() as session:
        for row in session.scalars(select(LoginSession)):
            row.confirmed_at = row.seen_at = now() + timedelta(hours=6)


def _forget_tries(estate: Estate) -> None:
    """The requests of these tests all come from one address, with one password: that is no attack."""
    with estate.app.app_context(), writing() as session:
        session.execute(delete(SignInFailure))
        session.execute(delete(Throttle))


class Clients:
    """One signed-in client per seat, kept while the tests of this process run."""

    def __init__(self) -> None:
        self._kept: dict[tuple[str, str], FlaskClient] = {}

    def of(self, estate: Estate, seat: Seat | None) -> FlaskClient:
        """The client of a seat, or a fresh one of nobody."""
        if seat is None:
            return estate.app.test_client()
        key = (str(estate.app.config["SQLALCHEMY_DATABASE_URI"]), seat.username)
        if key not in self._kept:
            _forget_tries(estate)
            self._kept[key] = sign_in(estate.app, seat.username)
            _stay(estate)
        return self._kept[key]

    def forget(self, estate: Estate, seat: Seat | None) -> None:
        """After signing out."""
        if seat is not None:
            self._kept.pop((str(estate.app.config["SQLALCHEMY_DATABASE_URI"]), seat.username), None)


@pytest.fixture(scope="session")
def clients() -> Clients:
    """The clients of all seats."""
    return Clients()
