"""The second yes: two people, asked again on the day, nothing opens before."""

from __future__ import annotations

import uuid
from datetime import date

import pytest
from flask import Flask
from sqlalchemy import select

from portal.errors import NotFound, PermissionDenied, Refused
from portal.extensions import db
from portal.models.audit import AuditEntry
from portal.models.children import Consent
from portal.models.pairings import Pairing
from portal.models.volunteers import Volunteer
from portal.services import units
from portal.services.children import listing
from portal.services.pairings import agreeing
from portal.tenancy.roles import Role
from portal.terms import PairingState
from tests.acting import acting
from tests.factories.county import add_account, writing
from tests.factories.helping import World
from tests.pairings.conftest import agree, propose


@pytest.fixture
def proposal(app: Flask, world: World) -> uuid.UUID:
    """A volunteer with an account, proposed for a child by the coordinator."""
    with app.app_context(), writing() as session:
        add_account(session, Role.TOWNSHIP_COORDINATOR, world.place.town_b, "far_town")
        user = add_account(session, Role.VOLUNTEER, world.place.town_a, "new")
        helper = user.person
    with acting(app, "coord") as actor:
        key: uuid.UUID = propose(actor, world, world.other, helper).public_id
        return key


@pytest.mark.parametrize("by", ["head", "town"])
def test_the_child_opens_with_the_second_yes_and_not_before(
    app: Flask, world: World, proposal: uuid.UUID, by: str
) -> None:
    with acting(app, "new") as actor:
        assert listing.list_paired(actor) == []
    agree(app, proposal, by=by)
    with acting(app, "new") as actor:
        assert [child.name for child, _pairing in listing.list_paired(actor)] == ["李思源"]
    with acting(app, "coord"):
        made = db.session.scalars(select(Pairing).order_by(Pairing.id.desc()).limit(1)).one()
        assert made.created_by_id != made.approved_by_id
        actions = db.session.scalars(select(AuditEntry.action)).all()
        assert "pairings:pairing:propose" in actions


def test_the_first_person_is_not_the_second(app: Flask, world: World, proposal: uuid.UUID) -> None:
    with acting(app, "coord") as actor, pytest.raises(PermissionDenied):
        agreeing.agree(agreeing.get_proposal(proposal, actor=actor), actor=actor)
    with acting(app, "head") as actor:
        one = agreeing.get_proposal(proposal, actor=actor)
        one.created_by_id = actor.user_id
        with pytest.raises(Refused, match="本人提请"):
            agreeing.agree(one, actor=actor)
        one.created_by_id, one.helper_id = None, actor.person_id
        with pytest.raises(Refused, match="为自己"):
            agreeing.agree(one, actor=actor)


def test_another_township_does_not_see_it(app: Flask, world: World, proposal: uuid.UUID) -> None:
    with acting(app, "far_town") as actor, pytest.raises(NotFound):
        agreeing.get_proposal(proposal, actor=actor)


def test_what_was_right_when_it_was_proposed_is_asked_again(
    app: Flask, world: World, proposal: uuid.UUID
) -> None:
    with app.app_context(), writing() as session:
        session.scalars(select(Volunteer).order_by(Volunteer.id.desc()).limit(1)).one().vetted_until = None
    with pytest.raises(Refused, match="年度查询已过期"):
        agree(app, proposal)
    with app.app_context(), writing() as session:
        for one in session.scalars(select(Volunteer)):
            one.vetted_until = one.vetted_until or date(2026, 3, 1)
        for held in session.scalars(select(Consent)):
            held.withdrawn_on = held.given_on
    with pytest.raises(Refused, match="家庭尚未同意"):
        agree(app, proposal)


def test_an_answer_is_given_once(app: Flask, world: World, proposal: uuid.UUID) -> None:
    with acting(app, "town") as actor:
        one = agreeing.get_proposal(proposal, actor=actor)
        agreeing.refuse(one, actor=actor, reason="住得太远")
        db.session.commit()
        assert (one.state, one.answer) == (PairingState.REFUSED, "住得太远")
    with pytest.raises(Refused, match="已有答复"):
        agree(app, proposal)
    with acting(app, "coord") as actor, pytest.raises(Refused, match="已有答复"):
        agreeing.withdraw(agreeing.get_proposal(proposal, actor=actor), actor=actor)


def test_a_withdrawn_proposal_makes_room_for_another(app: Flask, world: World, proposal: uuid.UUID) -> None:
    with acting(app, "coord") as actor:
        agreeing.withdraw(agreeing.get_proposal(proposal, actor=actor), actor=actor)
        db.session.commit()
        assert propose(actor, world, world.other, world.helper.person).state is PairingState.OPEN


def test_what_waits_is_counted_for_whoever_may_say_yes(app: Flask, world: World, proposal: uuid.UUID) -> None:
    for login in ("head", "town"):
        with acting(app, login) as actor:
            unit = units.get_unit(actor, actor.unit.code)
            assert db.session.scalar(select(agreeing.waiting(unit, actor=actor))) == 1
            assert len(agreeing.list_proposals(unit, actor=actor)) == 1
