"""Pupils who help: the class teacher writes them down for her own class, and nobody gets an account."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select

from portal.errors import NotFound, PermissionDenied, Refused
from portal.extensions import db
from portal.models.accounts import User
from portal.models.children import Child, SchoolClass
from portal.models.pairings import ClassCareRep, PeerBuddy
from portal.services import units
from portal.services.children import classes, listing
from portal.services.pairings import peers
from portal.tenancy.actor import Actor
from portal.tenancy.units import Unit
from portal.terms import BuddyKind
from tests.acting import acting
from tests.factories.county import add_child, add_class, writing
from tests.factories.helping import World
from tests.pairings.conftest import TODAY


def helped(unit: Unit, actor: Actor) -> list[peers.ClassHelp]:
    """The actor's classes with who helps whom."""
    return peers.list_help(unit, classes.list_classes(unit, actor=actor), actor=actor)


def test_a_class_teacher_writes_a_buddy_down_and_ends_it(app: Flask, world: World) -> None:
    with app.app_context(), writing() as session:
        other = session.get_one(Child, world.other.id)
        mate = add_child(session, village=world.place.village_a1, school=world.place.school_a, name="同桌")
        mate.school_class = session.get_one(SchoolClass, other.class_id)
        accounts = session.scalar(select(func.count()).select_from(User))
    with acting(app, "teacher") as actor:
        unit = units.get_unit(actor, "990001-S1")
        child = listing.get_child(world.other.public_id, actor=actor)
        known = peers.add_buddy(child, actor=actor, unit=unit, name="同桌", kind=BuddyKind.STUDY_HELPER,
                                starts_on=TODAY)  # fmt: skip
        plain = peers.add_buddy(child, actor=actor, unit=unit, name="隔壁班同学", kind=BuddyKind.FRIENDS,
                                starts_on=TODAY)  # fmt: skip
        db.session.commit()
        assert (known.buddy_id, plain.buddy_id) == (mate.id, None)
        rooms = helped(unit, actor)
        assert [one.room.name for one in rooms] == ["3年级1班"]
        assert {one.buddy_name for one in rooms[0].buddies[child.id]} == {"同桌", "隔壁班同学"}
        peers.end_buddy(child, plain.public_id, actor=actor)
        assert [one.buddy_name for one in peers.list_buddies(child, actor=actor)] == ["同桌"]
        with pytest.raises(NotFound):
            peers.end_buddy(child, plain.public_id, actor=actor)
    with app.app_context(), writing() as session:
        assert session.scalar(select(func.count()).select_from(User)) == accounts


@pytest.mark.parametrize(
    ("name", "day", "field"),
    [
        ("李思源", TODAY, "name"),
        ("同桌", TODAY + timedelta(days=1), "starts_on"),
        ("同桌", date(2010, 1, 1), "starts_on"),
    ],
)
def test_what_makes_no_sense_is_said_beside_the_field(
    app: Flask, world: World, name: str, day: date, field: str
) -> None:
    with acting(app, "teacher") as actor:
        unit = units.get_unit(actor, "990001-S1")
        child = listing.get_child(world.other.public_id, actor=actor)
        with pytest.raises(Refused) as refused:
            peers.add_buddy(child, actor=actor, unit=unit, name=name, kind=BuddyKind.FRIENDS, starts_on=day)
        assert refused.value.field == field


def test_the_same_pupil_helps_in_one_way_once(app: Flask, world: World) -> None:
    with acting(app, "coord") as actor:
        unit = units.get_unit(actor, "990001-S1")
        child = listing.get_child(world.other.public_id, actor=actor)
        for kind in (BuddyKind.FRIENDS, BuddyKind.GROUP):
            peers.add_buddy(child, actor=actor, unit=unit, name="同桌", kind=kind, starts_on=TODAY)
        with pytest.raises(Refused):
            peers.add_buddy(child, actor=actor, unit=unit, name="同桌", kind=BuddyKind.GROUP, starts_on=TODAY)


def test_another_class_is_out_of_the_class_teachers_reach(app: Flask, world: World) -> None:
    with app.app_context(), writing() as session:
        other = add_class(session, world.place.school_a, "4年级1班")
        key = other.public_id
        far = session.get_one(Child, world.mine.id)
        session.add(PeerBuddy(child=far, kind=BuddyKind.FRIENDS, buddy_name="别人", starts_on=TODAY,
                              person_id=world.helper.person_id))  # fmt: skip
        session.add(ClassCareRep(unit=other.unit, class_id=other.id, pupil="别班", since=TODAY))
    with acting(app, "teacher") as actor:
        unit = units.get_unit(actor, "990001-S1")
        with pytest.raises(NotFound):
            peers.get_room(unit, key, actor=actor)
        assert db.session.scalars(select(PeerBuddy)).all() == []
        assert db.session.scalars(select(ClassCareRep)).all() == []
    with acting(app, "village") as actor:
        assert db.session.scalars(select(ClassCareRep)).all() == []
        child = listing.get_child(world.other.public_id, actor=actor)
        unit = units.get_unit(actor, world.place.village_a1.code)
        with pytest.raises(PermissionDenied):
            peers.add_buddy(child, actor=actor, unit=unit, name="某", kind=BuddyKind.FRIENDS, starts_on=TODAY)


def test_a_class_has_three_care_representatives_at_most(app: Flask, world: World) -> None:
    with acting(app, "teacher") as actor:
        unit = units.get_unit(actor, "990001-S1")
        room = helped(unit, actor)[0].room
        made = [
            peers.appoint_rep(room, actor=actor, pupil=name, duty="留意", since=TODAY) for name in "甲乙丙"
        ]
        with pytest.raises(Refused, match="三名"):
            peers.appoint_rep(room, actor=actor, pupil="丁", duty="", since=TODAY)
        peers.end_rep(room, made[0].public_id, actor=actor)
        with pytest.raises(Refused, match="已是"):
            peers.appoint_rep(room, actor=actor, pupil="乙", duty="", since=TODAY)
        with pytest.raises(Refused) as refused:
            peers.appoint_rep(room, actor=actor, pupil="丁", duty="", since=TODAY + timedelta(days=1))
        assert refused.value.field == "since"
        peers.appoint_rep(room, actor=actor, pupil="丁", duty="", since=TODAY)
        assert [one.pupil for one in helped(unit, actor)[0].reps] == ["乙", "丙", "丁"]
