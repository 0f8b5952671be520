"""Suggesting helpers: whoever is near and fits comes first, whoever is full last; six statements at most."""

from __future__ import annotations

import uuid

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from portal.errors import PermissionDenied, Refused
from portal.models.accounts import Person
from portal.models.volunteers import Volunteer
from portal.services import units
from portal.services.children import listing
from portal.services.pairings import choosing
from portal.services.pairings.choosing import Candidate
from portal.tenancy.names import person_name_key
from portal.tenancy.units import Unit
from portal.terms import PairingKind, PairingReason, Skill, VolunteerCategory, VolunteerStatus
from tests.acting import acting
from tests.demo_clients import statements
from tests.factories.county import add_child, add_pairing, add_person, add_volunteer, writing
from tests.factories.helping import World
from tests.pairings.conftest import TODAY


def asked(app: Flask, world: World, kind: PairingKind = PairingKind.VOLUNTEER, *, by: str = "coord",
          **about: object) -> list[Candidate]:  # fmt: skip
    with acting(app, by) as actor:
        unit = units.get_unit(actor, world.place.school_a.code)
        child = listing.get_child(world.other.public_id, actor=actor)
        return choosing.list_candidates(unit, actor=actor, child=child, kind=kind, **about)  # type: ignore[arg-type]


def names(candidates: list[Candidate]) -> list[str]:
    return [one.person.name for one in candidates]


def test_the_nearest_who_has_room_comes_first_and_it_says_why(app: Flask, world: World) -> None:
    with app.app_context(), writing() as session:
        near = add_volunteer(session, world.place.village_a1, name="同村")
        full = add_volunteer(session, world.place.village_a1, name="已满")
        skilled = add_volunteer(session, world.place.town_a, name="会教")
        skilled.skills = (Skill.STUDY,)
        county = add_volunteer(session, world.place.county, name="县里")
        for n in range(3):
            child = add_child(
                session, village=world.place.village_b1, school=world.place.school_b, name=f"外{n}"
            )
            add_pairing(session, child, full.person, world.place.school_b)
        keys = {one.person.name for one in (near, full, skilled, county)}
    found = asked(app, world, reason=PairingReason.STUDY)
    order = [name for name in names(found) if name in keys]
    assert order == ["同村", "会教", "县里", "已满"]
    with app.test_request_context():
        said = {one.person.name: [str(why) for why in one.reasons] for one in found}
    assert (said["同村"], said["会教"], said["县里"]) == (["同村"], ["同乡镇", "擅长学业"], [])
    assert [one.is_full for one in found if one.person.name == "已满"] == [True]


def test_who_may_not_meet_children_is_not_suggested(app: Flask, world: World) -> None:
    with app.app_context(), writing() as session:
        add_volunteer(session, world.place.town_a, name="迟查", vetted_until=TODAY)
        add_volunteer(session, world.place.town_a, name="待审", status=VolunteerStatus.PENDING)
        add_volunteer(session, world.place.town_b, name="远方")
    assert not set(names(asked(app, world))) & {"迟查", "待审", "远方"}


def test_the_usual_category_of_a_kind_comes_before_others(app: Flask, world: World) -> None:
    with app.app_context(), writing() as session:
        mother = add_volunteer(session, world.place.town_a, name="妇联人")
        mother.category = VolunteerCategory.WOMEN
    assert names(asked(app, world, PairingKind.CARING_MOTHER))[0] == "妇联人"


def test_a_school_kind_offers_the_schools_own_people(app: Flask, world: World) -> None:
    with app.app_context(), writing() as session:
        add_person(session, world.place.school_a, "本校人")
        add_person(session, world.place.school_b, "外校人")
    found = names(asked(app, world, PairingKind.TEACHER))
    assert "本校人" in found
    assert "外校人" not in found
    assert names(asked(app, world, PairingKind.TEACHER, search="bxr")) == ["本校人"]


def test_a_class_teacher_is_offered_tutors_and_nobody_else(app: Flask, world: World) -> None:
    assert asked(app, world, PairingKind.TUTOR, by="teacher")
    with pytest.raises(PermissionDenied):
        asked(app, world, PairingKind.VOLUNTEER, by="teacher")


def test_a_cadre_who_is_not_on_file_is_brought_in_once(app: Flask, world: World) -> None:
    with acting(app, "coord") as actor:
        unit = units.get_unit(actor, world.place.school_a.code)
        made = choosing.bring_in(unit, actor=actor, name="局干部", phone="100-5566-7788", post="财政局科员")
        assert made.unit_id == world.place.county.id
        again = choosing.bring_in(unit, actor=actor, name="局干部", phone="100 5566 7788", post="财政局科员")
        assert again.id == made.id
        with pytest.raises(Refused) as refused:
            choosing.bring_in(unit, actor=actor, name="局干部", phone="100-5566-7788", post="")
        assert refused.value.field == "post"


def _crowd(session: Session, town: Unit, number: int) -> None:
    for n in range(number):
        person = Person(public_id=uuid.uuid4(), name=f"众{n}", name_key=person_name_key(f"众{n}"), unit=town)
        session.add(Volunteer(public_id=uuid.uuid4(), person=person, unit_id=town.id, township_id=town.township_id,
                              county_id=town.county_id, category=VolunteerCategory.CITIZEN,
                              status=VolunteerStatus.ACTIVE, vetted_until=TODAY.replace(year=2026)))  # fmt: skip


def test_eight_hundred_volunteers_cost_six_statements_at_most(app: Flask, world: World) -> None:
    with app.app_context(), writing() as session:
        _crowd(session, session.get_one(Unit, world.place.town_a.id), 800)
    with acting(app, "coord") as actor:
        unit = units.get_unit(actor, world.place.school_a.code)
        child = listing.get_child(world.other.public_id, actor=actor)
        with statements(app) as sent:
            found = choosing.list_candidates(unit, actor=actor, child=child, kind=PairingKind.VOLUNTEER)
            said = [(one.person.name, one.person.unit.name, one.volunteer.category) for one in found]
        assert len(said) == choosing.SHOWN
        assert len([one for one in sent if one.lstrip().upper().startswith("SELECT")]) <= 6, sent
