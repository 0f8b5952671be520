"""Hand-over: what is open moves in one step, what was done stays, and the old grant is over."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from portal.errors import NotFound, Refused
from portal.extensions import db
from portal.models.audit import AuditEntry
from portal.models.jobs import Job
from portal.models.pairings import Pairing
from portal.models.visits import Visit
from portal.services import audit, jobs
from portal.services.people import handover
from portal.tenancy.columns import FOREVER
from portal.tenancy.memberships import Membership
from portal.tenancy.roles import Role
from portal.tenancy.scope import unscoped
from portal.tenancy.units import Unit
from portal.terms import PairingEnd
from tests.accounts.people import DAY, Bureau, build_bureau, person_of, post_of, user_named
from tests.acting import acting
from tests.clients import sign_in
from tests.factories.county import add_account, add_child, add_pairing, add_person, add_volunteer, writing
from tests.factories.world import add_visit


@pytest.fixture
def bureau(app: Flask) -> Bureau:
    """A child director who helps one child, has helped another, logged a visit and left a job waiting."""
    made = build_bureau(app)
    with app.app_context(), writing() as session:
        village = session.get_one(Unit, made.near.village_a1.id)
        from portal.models.accounts import Person, User

        leaving = session.scalars(
            select(Person).join(User, User.person_id == Person.id).where(User.username == "child_director")
        ).one()
        add_volunteer(session, village, person=leaving)
        child = add_child(session, village=village, school=None)
        other = add_child(session, village=village, school=None, name="林小满")
        pairing = add_pairing(session, child, leaving, village)
        add_pairing(session, other, leaving, village, ends_on=date(2025, 3, 1))
        add_visit(session, child, leaving, village, pairing=pairing)
        heir = add_volunteer(session, village, person=add_person(session, village, name="柳继红")).person
        add_person(session, village, name="韦无审")
        assert heir.id
    with acting(app, "child_director") as actor:
        jobs.post("registers.read", actor=actor, batch="00000000-0000-4000-8000-000000000000")
        audit.record(actor, "registers:roster:receive")
        db.session.commit()
    return made


def _named(name: str) -> object:
    from portal.models.accounts import Person

    return db.session.scalars(select(Person).where(Person.name == name)).one()


def _move(bureau: Bureau, to: str, on: date = DAY, by: str = "township_coordinator") -> handover.HandedOver:
    with acting(bureau.app, by) as actor:
        unit = db.session.get_one(Unit, bureau.near.village_a1.id)
        moved = handover.hand_over(
            person_of("child_director"), unit=unit, actor=actor, successor=_named(to).public_id, on=on
        )
        db.session.commit()
        return moved


def test_the_preview_says_what_would_move(bureau: Bureau) -> None:
    with acting(bureau.app, "township_coordinator") as actor:
        unit = db.session.get_one(Unit, bureau.near.village_a1.id)
        work = handover.open_work(person_of("child_director"), unit=unit, actor=actor)
        counts = (len(work.posts), len(work.pairings), len(work.jobs), work.arranged_elsewhere)
        assert counts == (1, 1, 1, 0)


def test_open_work_moves_and_history_stays(bureau: Bureau) -> None:
    moved = _move(bureau, "柳继红")
    assert (moved.posts, moved.pairings, moved.jobs) == (1, 1, 1)
    assert moved.code is not None
    with bureau.app.app_context(), unscoped("test: what is where now") as session:
        rows = session.scalars(select(Pairing).order_by(Pairing.id)).all()
        old, long_ago, new = rows
        assert (old.ends_on, old.end_reason, long_ago.ends_on) == (
            DAY,
            PairingEnd.HANDED_OVER,
            date(2025, 3, 1),
        )
        assert (new.child_id, new.starts_on, new.ends_on, new.kind) == (
            old.child_id,
            DAY,
            FOREVER,
            old.kind,
        )
        visit = session.scalars(select(Visit)).one()
        assert (visit.person_id, visit.pairing_id) == (old.helper_id, old.id)
        posts = session.scalars(
            select(Membership)
            .where(Membership.role == Role.CHILD_DIRECTOR, Membership.unit_id == bureau.near.village_a1.id)
            .order_by(Membership.id)
        ).all()
        assert [post.valid_until == DAY for post in posts] == [True, False]
        assert session.scalars(select(Job.membership_id)).one() == posts[1].id
        lines = session.scalars(select(AuditEntry).where(AuditEntry.action == "accounts:people:hand_over"))
        assert [line.details["pairings"] for line in lines] == [1]


def test_who_handed_over_is_out_at_once(bureau: Bureau) -> None:
    client = sign_in(bureau.app, "child_director")
    _move(bureau, "柳继红")
    assert client.get(f"/units/{bureau.near.village_a1.code}/children/").status_code == 302


def test_a_hand_over_may_be_dated_ahead(bureau: Bureau, monkeypatch: pytest.MonkeyPatch) -> None:
    moved = _move(bureau, "柳继红", on=DAY + timedelta(days=30))
    assert moved.jobs == 0
    client = sign_in(bureau.app, "child_director")
    address = f"/units/{bureau.near.village_a1.code}/children/"
    assert client.get(address).status_code == 200
    monkeypatch.setenv("PORTAL_TODAY", "2025-07-30")
    assert client.get(address).status_code == 302


@pytest.mark.parametrize("name", ["韦无审", "试child_director", "试system_admin"])
def test_not_everybody_can_take_the_work(bureau: Bureau, name: str) -> None:
    """Not vetted for the children, the same person, an administrator."""
    with pytest.raises(Refused) as refused:
        _move(bureau, name)
    assert refused.value.field == "successor"


@pytest.mark.parametrize("days", [-1, 61])
def test_the_day_lies_near(bureau: Bureau, days: int) -> None:
    with pytest.raises(Refused) as refused:
        _move(bureau, "柳继红", on=DAY + timedelta(days=days))
    assert refused.value.field == "on"


@pytest.mark.parametrize("by", ["committee_office", "child_director", "security_admin"])
def test_only_who_gave_the_role_hands_it_on(bureau: Bureau, by: str) -> None:
    with pytest.raises(NotFound):
        _move(bureau, "柳继红", by=by)


def test_a_successor_with_an_account_keeps_it(bureau: Bureau) -> None:
    with bureau.app.app_context(), writing() as session:
        village = session.get_one(Unit, bureau.near.village_a2.id)
        user = add_account(session, Role.VOLUNTEER, village, "neighbour")
        assert user.id
    moved = _move(bureau, "试neighbour")
    assert moved.code is None
    with acting(bureau.app, "township_coordinator"):
        assert post_of("neighbour").user_id == user_named("neighbour").id
