"""A pairing opens a volunteer's sight of a child; a visit is logged once and counts where it belongs."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date

import pytest
from flask import Flask
from sqlalchemy import func, select

from portal.errors import NotFound, PermissionDenied, Refused
from portal.extensions import db
from portal.models.children import Child
from portal.models.pairings import Pairing
from portal.models.reports.cells import VisitCell
from portal.models.visits import Visit
from portal.models.volunteers import Volunteer
from portal.services import pairings, units, visits
from portal.services.children import listing
from portal.tenancy.actor import Actor
from portal.tenancy.roles import Role
from portal.terms import Met, PairingEnd, PairingKind, Topic, VisitKind, VolunteerStatus
from tests.acting import acting
from tests.factories.county import (
    County,
    add_account,
    add_child,
    add_pairing,
    add_person,
    add_volunteer,
    build_county,
    writing,
)

TODAY = date(2025, 6, 30)


@dataclass
class World:
    place: County
    mine: Child
    other: Child
    foreign: Child
    helper: Volunteer


@pytest.fixture
def world(app: Flask) -> World:
    with app.app_context(), writing() as session:
        place = build_county(session)
        mine = add_child(session, village=place.village_a1, school=place.school_a, name="陈小禾")
        other = add_child(session, village=place.village_a1, school=place.school_a, name="李思源")
        foreign = add_child(session, village=place.village_b1, school=place.school_b, name="王春苗")
        person = add_person(session, place.town_a, name="岳小楠")
        add_account(session, Role.VOLUNTEER, place.town_a, "vol", person=person)
        add_account(session, Role.SCHOOL_COORDINATOR, place.school_a, "coord")
        add_account(session, Role.COMMITTEE_OFFICE, place.county, "county")
        add_pairing(session, mine, person, place.school_a, starts_on=date(2025, 3, 1))
        helper = add_volunteer(session, place.town_a, name="张志愿")
        return World(place, mine, other, foreign, helper)


@contextmanager
def volunteer(app: Flask) -> Iterator[Actor]:
    with acting(app, "vol") as actor:
        yield actor


def log(actor: Actor, *children: Child, **changes: object) -> list[Visit]:
    values: dict[str, object] = {
        "entry_id": uuid.uuid4(),
        "children": [child.public_id for child in children],
        "kind": VisitKind.HOME_VISIT,
        "happened_on": TODAY,
        "minutes": 40,
        "met": [Met.CHILD, Met.GUARDIAN],
        "topics": [Topic.STUDY, Topic.FAMILY],
        "note": "背会了两首诗。",
    }
    return visits.log_visit(actor=actor, **(values | changes))  # type: ignore[arg-type]


def counted(actor: Actor, code: str) -> int:
    unit = units.get_unit(actor, code)
    return (
        db.session.scalar(
            select(func.sum(VisitCell.home_visits)).where(  # type: ignore[attr-defined]
                VisitCell.level == "unit",
                VisitCell.unit_id == unit.id,  # type: ignore[attr-defined]
            )
        )
        or 0
    )


def test_a_volunteer_sees_only_the_children_paired_with_her_today(app: Flask, world: World) -> None:
    with volunteer(app) as actor:
        assert [child.name for child, _pairing in listing.list_paired(actor)] == ["陈小禾"]
        assert db.session.scalar(select(func.count()).select_from(Child)) == 1
        with pytest.raises(NotFound):
            listing.get_child(world.other.public_id, actor=actor)


def test_a_logged_visit_counts_where_the_pairing_was_arranged(app: Flask, world: World) -> None:
    with volunteer(app) as actor:
        [visit] = log(actor, world.mine)
        db.session.commit()
        assert (visit.stat_unit_id, visit.role) == (world.place.school_a.id, Role.VOLUNTEER)
        assert visit.met == [Met.CHILD, Met.GUARDIAN]
        found, _key = visits.list_mine(actor=actor)
        assert [(one.child.name, one.minutes) for one in found] == [("陈小禾", 40)]
    with acting(app, "county") as actor:
        assert counted(actor, world.place.school_a.code) == 1


def test_a_visit_to_a_child_of_somebody_else_is_not_found(app: Flask, world: World) -> None:
    with volunteer(app) as actor:
        for child in (world.other, world.foreign):
            with pytest.raises(NotFound):
                log(actor, child)


def test_sending_the_same_entry_twice_keeps_one_record(app: Flask, world: World) -> None:
    entry = uuid.uuid4()
    with volunteer(app) as actor:
        [first] = log(actor, world.mine, entry_id=entry)
        first_id = first.public_id
        db.session.commit()
    with volunteer(app) as actor:
        [again] = log(actor, world.mine, entry_id=entry, minutes=90)
        assert (again.public_id, again.minutes) == (first_id, 40)
        assert db.session.scalar(select(func.count()).select_from(Visit)) == 1


def test_several_children_at_once_make_one_record_each(app: Flask, world: World) -> None:
    with acting(app, "coord") as actor:
        logged = log(actor, world.mine, world.other, kind=VisitKind.TALK)
        assert len({visit.entry_id for visit in logged}) == 1
        assert [visit.stat_unit_id for visit in logged] == [world.place.school_a.id] * 2


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"happened_on": date(2025, 7, 1)}, "happened_on"),
        ({"happened_on": date(2025, 2, 28)}, "happened_on"),
        ({"minutes": 0}, "minutes"),
        ({"minutes": 721}, "minutes"),
        ({"children": []}, "children"),
    ],
)
def test_what_cannot_be_is_refused_at_its_field(
    app: Flask, world: World, changes: dict[str, object], field: str
) -> None:
    with volunteer(app) as actor:
        with pytest.raises(Refused) as refused:
            log(actor, world.mine, **changes)
        assert refused.value.field == field
        assert db.session.scalar(select(func.count()).select_from(Visit)) == 0


def test_the_county_reads_figures_but_logs_nothing(app: Flask, world: World) -> None:
    with acting(app, "county") as actor, pytest.raises(PermissionDenied):
        log(actor, world.mine)


def test_pairing_opens_and_ending_it_closes_the_sight_the_same_day(app: Flask, world: World) -> None:
    with acting(app, "coord") as actor:
        pairing = db.session.scalars(select(Pairing)).one()
        pairings.end_pairing(pairing, actor=actor, reason=PairingEnd.PARENTS_BACK)
        db.session.commit()
    with volunteer(app) as actor:
        assert listing.list_paired(actor) == []
        with pytest.raises(NotFound):
            log(actor, world.mine)


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
