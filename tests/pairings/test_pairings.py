"""Pairing volunteers with children: who may be paired, and whose sight of a child opens and closes."""

from __future__ import annotations

from datetime import date

import pytest
from flask import Flask
from sqlalchemy import select

from portal.errors import NotFound, Refused
from portal.extensions import db
from portal.models.children import Child
from portal.models.pairings import Pairing
from portal.services import pairings, units
from portal.services.children import listing
from portal.tenancy.actor import Actor
from portal.terms import PairingEnd, PairingKind, VolunteerStatus
from tests.acting import acting
from tests.factories.county import add_child, add_consent, add_volunteer, writing
from tests.factories.helping import World, build_world

TODAY = date(2025, 6, 30)


@pytest.fixture
def world(app: Flask) -> World:
    return build_world(app)


def test_pairing_opens_and_ending_it_closes_the_sight_the_same_day(app: Flask, world: World) -> None:
    with acting(app, "coord") as actor:
        pairing = db.session.scalars(select(Pairing)).one()
        pairings.end_pairing(pairing, actor=actor, reason=PairingEnd.PARENTS_BACK)
        db.session.commit()
    with acting(app, "vol") as actor:
        assert listing.list_paired(actor) == []
        with pytest.raises(NotFound):
            listing.get_child(world.mine.public_id, actor=actor)


def pair(actor: Actor, world: World, child: Child, **changes: object) -> Pairing:
    values: dict[str, object] = {
        "unit": units.get_unit(actor, world.place.school_a.code),
        "helper": world.helper.public_id,
        "kind": PairingKind.VOLUNTEER,
        "starts_on": TODAY,
    }
    found = listing.get_child(child.public_id, actor=actor)
    return pairings.pair(found, actor=actor, **(values | changes))  # type: ignore[arg-type]


def test_the_school_pairs_a_volunteer_of_its_township(app: Flask, world: World) -> None:
    with acting(app, "coord") as actor:
        pairing = pair(actor, world, world.other)
        assert pairing.is_live_on(TODAY)
        assert pairing.stat_unit_id == world.place.school_a.id


def test_an_unvetted_volunteer_cannot_be_paired(app: Flask, world: World) -> None:
    with app.app_context(), writing() as session:
        late = add_volunteer(session, world.place.town_a, name="迟查", vetted_until=TODAY)
        waits = add_volunteer(session, world.place.town_a, name="待审", status=VolunteerStatus.PENDING)
    with acting(app, "coord") as actor:
        unit = units.get_unit(actor, world.place.school_a.code)
        listed = {one.person.name for one in pairings.list_helpers(unit, actor=actor)}
        assert not listed & {"迟查", "待审"}
        for helper in (late, waits):
            with pytest.raises(Refused) as refused:
                pair(actor, world, world.other, helper=helper.public_id)
            assert refused.value.field == "helper"


def test_the_same_two_are_not_paired_twice_and_a_helper_has_a_limit(app: Flask, world: World) -> None:
    with app.app_context(), writing() as session:
        more = [
            add_child(session, village=world.place.village_a1, school=world.place.school_a, name=f"多{n}")
            for n in range(3)
        ]
        for child in more:
            add_consent(session, child, world.helper.person)
    with acting(app, "coord") as actor:
        pair(actor, world, world.other)
        with pytest.raises(Refused):
            pair(actor, world, world.other)
        for child in more[:2]:
            pair(actor, world, child)
        with pytest.raises(Refused, match="3"):
            pair(actor, world, more[2])


def test_a_volunteer_of_another_township_is_not_offered(app: Flask, world: World) -> None:
    with app.app_context(), writing() as session:
        far = add_volunteer(session, world.place.town_b, name="远方")
    with acting(app, "coord") as actor, pytest.raises(Refused):
        pair(actor, world, world.other, helper=far.public_id)
