"""A world with a census: the accounts of everybody who has to do with it, and one that is open."""

from __future__ import annotations

import pytest
from flask import Flask

from portal.extensions import db
from portal.jobs import board
from portal.tenancy.roles import Role
from tests.children.censuses import OPEN, STAFF, at, work_jobs
from tests.clients import sign_in
from tests.factories.county import add_account, give_class, writing
from tests.factories.world import World, build_world


@pytest.fixture
def silent_board(monkeypatch: pytest.MonkeyPatch) -> None:
    """The bell does not ring: the tests carry jobs out themselves."""
    monkeypatch.setattr(board, "ring", lambda job_id: None)


@pytest.fixture
def census_world(app: Flask, silent_board: None) -> World:
    with app.app_context():
        with writing() as session:
            built = build_world(session)
            for login, (role, place) in STAFF.items():
                user = add_account(session, role, getattr(built.near, place), login)
                if role is Role.CLASS_TEACHER:
                    give_class(session, user, built.classes[built.near.school_a.code])
        db.session.remove()
    return built


@pytest.fixture
def opened(app: Flask, census_world: World) -> World:
    """The census of the spring term, with its lists."""
    answer = sign_in(app, "office").post(at(census_world, "county", "open"), data=OPEN)
    assert answer.status_code == 302, answer.text
    work_jobs(app)
    return census_world
