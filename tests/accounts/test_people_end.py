"""Ending access: on the next request, by the clock, for queued work too; renewing it; who may do so."""

from __future__ import annotations

from datetime import date

import pytest
from flask import Flask
from sqlalchemy import select

from portal.errors import PermissionDenied, Refused
from portal.extensions import db
from portal.jobs import runner
from portal.models.audit import AuditEntry
from portal.models.jobs import Job
from portal.services import jobs
from portal.services.people import codes, grants, renewal
from portal.tenancy.memberships import Membership
from portal.tenancy.roles import Role
from portal.tenancy.scope import unscoped
from portal.tenancy.units import Unit
from portal.terms import JobState
from tests.accounts.people import GOOD, Bureau, build_bureau, let_in, person_of, post_of, user_named
from tests.acting import acting
from tests.clients import sign_in
from tests.factories.county import add_account, writing


@pytest.fixture
def bureau(sqlite_app: Flask) -> Bureau:
    return build_bureau(sqlite_app)


@pytest.fixture
def both(app: Flask) -> Bureau:
    """The same on both engines."""
    return build_bureau(app)


def _end(bureau: Bureau, by: str, whose: str, reason: str = "调离") -> None:
    with acting(bureau.app, by) as actor:
        grants.end(post_of(whose), actor=actor, reason=reason)
        db.session.commit()


def _renew(bureau: Bureau, by: str, whose: str, unit: Unit) -> str:
    with acting(bureau.app, by) as actor:
        place = db.session.get_one(Unit, unit.id)
        code = renewal.renew_access(user_named(whose), actor=actor, unit=place, reason="忘记密码").text
        db.session.commit()
        return code


def test_an_ended_grant_is_refused_on_the_very_next_request(both: Bureau) -> None:
    director = sign_in(both.app, "child_director")
    home = f"/units/{both.near.village_a1.code}/children/"
    assert director.get(home).status_code == 200
    _end(both, "township_coordinator", "child_director")
    assert director.get(home).status_code == 302
    login = director.post("/login", data={"username": "child_director", "password": "Only-for-tests-1"})
    assert login.status_code == 400


def test_what_an_ended_grant_has_queued_fails_closed(both: Bureau) -> None:
    with acting(both.app, "child_director") as actor:
        job_id = jobs.post("registers.read", actor=actor, batch="00000000-0000-4000-8000-000000000000").id
        from portal.services import audit

        audit.record(actor, "registers:roster:receive")
        db.session.commit()
    _end(both, "township_coordinator", "child_director")
    with both.app.app_context():
        runner.run(job_id)
        with unscoped("test: how it went") as session:
            job = session.get_one(Job, job_id)
            assert (job.state, "ended" in job.message) == (JobState.FAILED, True)


def test_a_grant_ends_by_the_clock(both: Bureau, monkeypatch: pytest.MonkeyPatch) -> None:
    with acting(both.app, "township_coordinator") as actor:
        grants.extend(post_of("child_director"), actor=actor, last_day=date(2025, 8, 31))
        db.session.commit()
    home = f"/units/{both.near.village_a1.code}/children/"
    director = sign_in(both.app, "child_director")
    monkeypatch.setenv("PORTAL_TODAY", "2025-08-31")
    assert director.get(home).status_code == 200
    monkeypatch.setenv("PORTAL_TODAY", "2025-09-01")
    assert director.get(home).status_code == 302


def test_a_grant_made_and_ended_on_one_day_was_never_live(both: Bureau) -> None:
    with acting(both.app, "principal") as actor:
        post = let_in(actor, both.near.school_a, Role.CLASS_TEACHER).membership
        grants.end(post, actor=actor, reason="登记有误")
        assert post.valid_until == post.valid_from
        assert not post.is_live_on(post.valid_from)


@pytest.mark.parametrize(
    ("by", "whose"),
    [
        ("principal", "principal"),
        ("school_coordinator", "principal"),
        ("class_teacher", "school_coordinator"),
        ("child_director", "child_director"),
        ("committee_office", "child_director"),
        ("county_leader", "committee_office"),
        ("system_admin", "audit_admin"),
        ("security_admin", "security_admin"),
        ("security_admin", "township_coordinator"),
    ],
)
def test_nobody_ends_what_is_not_hers_to_give(bureau: Bureau, by: str, whose: str) -> None:
    with acting(bureau.app, by) as actor, pytest.raises((PermissionDenied, Refused)):
        grants.end(post_of(whose) or _unseen(), actor=actor, reason="试")


def _unseen() -> Membership:
    raise PermissionDenied("out of sight")


def test_a_neighbour_reaches_nobody(bureau: Bureau) -> None:
    with acting(bureau.app, "coordinator_b"):
        assert post_of("child_director") is None
    with acting(bureau.app, "far_office"):
        assert post_of("child_director") is None


def test_the_end_stands_in_the_audit_with_its_reason(bureau: Bureau) -> None:
    _end(bureau, "township_coordinator", "child_director", "换届")
    with bureau.app.app_context(), unscoped("test: the line") as session:
        line = session.scalars(select(AuditEntry).where(AuditEntry.action == "accounts:people:end")).one()
        assert line.details == {"role": "child_director", "reason": "换届"}
        assert line.unit_id == bureau.near.village_a1.id


def test_renewing_ends_every_session_and_the_old_password(both: Bureau) -> None:
    before = sign_in(both.app, "child_director")
    home = f"/units/{both.near.village_a1.code}/children/"
    code = _renew(both, "township_coordinator", "child_director", both.near.village_a1)
    assert before.get(home).status_code == 302
    old = {"username": "child_director", "password": "Only-for-tests-1"}
    assert both.app.test_client().post("/login", data=old).status_code == 400
    with both.app.app_context():
        assert codes.activate(code, GOOD) == "child_director"
    assert before.get(home).status_code == 302, "a session from before does not come back to life"
    assert both.app.test_client().post("/login", data=old).status_code == 400
    assert sign_in(both.app, "child_director", GOOD).get(home).status_code == 200


def test_a_village_cannot_take_over_the_account_of_an_official_who_helps_there(both: Bureau) -> None:
    """She gives the volunteer's role, but not the county's: renewing would open both."""
    with both.app.app_context(), writing() as session:
        village = session.get_one(Unit, both.near.village_a1.id)
        from portal.models.accounts import User

        official = session.scalars(select(User).where(User.username == "county_leader")).one()
        session.add(
            Membership(user_id=official.id, role=Role.VOLUNTEER, unit=village, valid_from=date(2025, 1, 1))
        )
    with acting(both.app, "child_director") as actor:
        place = db.session.get_one(Unit, both.near.village_a1.id)
        assert not renewal.may_renew(user_named("county_leader"), actor=actor)
        with pytest.raises(Refused):
            renewal.renew_access(user_named("county_leader"), actor=actor, unit=place, reason="试")


def test_nobody_renews_her_own_access_nor_that_of_somebody_without_a_duty(bureau: Bureau) -> None:
    with acting(bureau.app, "principal") as actor:
        place = db.session.get_one(Unit, bureau.near.school_a.id)
        with pytest.raises(Refused):
            renewal.renew_access(user_named("principal"), actor=actor, unit=place, reason="试")
        grants.end(post_of("class_teacher"), actor=actor, reason="调离")
        db.session.commit()
        with pytest.raises(Refused):
            renewal.renew_access(user_named("class_teacher"), actor=actor, unit=place, reason="试")


def test_renewing_the_committee_office_needs_a_second_person_again(bureau: Bureau) -> None:
    _renew(bureau, "security_admin", "committee_office", bureau.near.county)
    with acting(bureau.app, "security_admin") as actor:
        post = post_of("committee_office")
        assert post.awaits_second
        with pytest.raises(PermissionDenied):
            grants.confirm(post, actor=actor)
    with acting(bureau.app, "county_leader") as actor:
        grants.confirm(post_of("committee_office"), actor=actor)


def test_extending_is_for_a_year_and_not_for_roles_of_two_persons(bureau: Bureau) -> None:
    with acting(bureau.app, "township_coordinator") as actor:
        post = post_of("child_director")
        for wrong in (date(2025, 6, 29), date(2026, 7, 2)):
            with pytest.raises(Refused):
                grants.extend(post, actor=actor, last_day=wrong)
        grants.extend(post, actor=actor, last_day=date(2026, 6, 30))
        assert (post.valid_until, post.approved_by_id) == (date(2026, 7, 1), actor.user_id)
    with acting(bureau.app, "security_admin") as actor, pytest.raises(Refused):
        grants.extend(post_of("committee_office"), actor=actor, last_day=date(2026, 1, 1))


def test_somebody_with_two_roles_keeps_the_other(bureau: Bureau) -> None:
    with bureau.app.app_context(), writing() as session:
        add_account(session, Role.COUNSELLOR, session.get_one(Unit, bureau.near.school_a.id), "counsellor")
    with acting(bureau.app, "principal") as actor:
        let_in(actor, bureau.near.school_a, Role.CENTER_KEEPER, whom=person_of("counsellor"))
        db.session.commit()
    client = sign_in(bureau.app, "counsellor")
    _end(bureau, "principal", "counsellor")
    assert client.get("/").status_code == 200
