"""The way onto the roster and off it, and what each step opens and closes."""

from __future__ import annotations

import uuid
from datetime import date

import pytest
from sqlalchemy import select

from portal.errors import NotFound, PermissionDenied, Refused
from portal.models.volunteers import Volunteer
from portal.services.accounts import actors
from portal.services.children import listing
from portal.services.pairings import agreeing, arranging
from portal.services.pairings.arranging import Arrangement
from portal.services.volunteers import entries, growth, vetting
from portal.services.volunteers import roster as rosters
from portal.services.volunteers.entries import Entry
from portal.services.volunteers.roster import Show
from portal.tenancy.roles import Role
from portal.terms import (
    AppraisalPoint,
    Grade,
    PairingKind,
    VettingKind,
    VettingResult,
    VolunteerCategory,
    VolunteerStatus,
)
from tests.factories.county import add_account, add_child, add_pairing, add_volunteer, writing
from tests.volunteers.conftest import COUNTY, OTHER_TOWN, SCHOOL, TOWN, Roster

TODAY = date(2025, 6, 30)


def _found(roster: Roster, unit: object, actor: object, key: str) -> object:
    return rosters.get_volunteer(unit, uuid.UUID(key), actor=actor)


def _pass(one: object, actor: object, kind: VettingKind, on: date = TODAY) -> None:
    vetting.vet(one, actor=actor, kind=kind, result=VettingResult.PASSED, checked_on=on)


def test_somebody_comes_onto_the_roster_step_by_step(roster: Roster) -> None:
    key = roster.enter()
    with roster.at() as (unit, actor):
        one = _found(roster, unit, actor, key)
        assert one.status is VolunteerStatus.PENDING
        with pytest.raises(Refused) as refused:
            vetting.enroll(one, actor=actor)
        assert len((refused.value, *refused.value.others)) == 2  # identity and promise, told at once
        _pass(one, actor, VettingKind.IDENTITY)
        vetting.promise(one, actor=actor, on=TODAY)
        vetting.enroll(one, actor=actor)
        assert one.status is VolunteerStatus.ACTIVE
        assert not one.may_meet_children_on(TODAY)
        assert len(vetting.list_missing(one, vetting.list_vettings(one, actor=actor))) == 1
        _pass(one, actor, VettingKind.RECORD)
        assert (one.vetted_until, one.may_meet_children_on(TODAY)) == (date(2026, 6, 30), True)
        assert vetting.list_missing(one, vetting.list_vettings(one, actor=actor)) == []


def test_a_record_that_is_not_passed_closes_every_child_with_the_next_request(roster: Roster) -> None:
    with roster.app.app_context(), writing() as session:
        user = add_account(session, Role.VOLUNTEER, roster.place.town_a, "vol")
        query = select(Volunteer.public_id).where(Volunteer.person_id == user.person_id)
        key, helper = str(session.scalars(query).one()), user.person.public_id
    with roster.at() as (unit, actor):
        _pass(_found(roster, unit, actor, key), actor, VettingKind.RECORD, date(2024, 9, 30))
    with roster.at(SCHOOL, "school") as (school, actor):
        child = listing.get_child(roster.child.public_id, actor=actor)
        asked = Arrangement(PairingKind.VOLUNTEER, TODAY)
        proposed = arranging.pair(child, actor=actor, unit=school, helper=helper, arrangement=asked).public_id
    with roster.at() as (_unit, actor):
        agreeing.agree(agreeing.get_proposal(proposed, actor=actor), actor=actor)
    with roster.at(TOWN, "vol") as (_unit, actor):
        assert len(listing.list_paired(actor)) == 1
    with roster.at() as (unit, actor):
        one = _found(roster, unit, actor, key)
        vetting.vet(one, actor=actor, kind=VettingKind.RECORD, result=VettingResult.WAITING, checked_on=TODAY)
        assert one.may_meet_children_on(TODAY)  # asked again, the old answer still holds
        with pytest.raises(Refused):
            vetting.leave(one, actor=actor, reason="毕业")
        vetting.vet(one, actor=actor, kind=VettingKind.RECORD, result=VettingResult.FAILED, checked_on=TODAY)
    with roster.app.app_context(), pytest.raises(Refused):
        actors.actor_of_login("vol")


@pytest.mark.parametrize(("kind", "until", "field"), [
    (VettingKind.RECORD, date(2026, 7, 1), "valid_until"), (VettingKind.RECORD, TODAY, "valid_until")])  # fmt: skip
def test_a_record_holds_a_year_at_most(roster: Roster, kind: VettingKind, until: date, field: str) -> None:
    key = roster.enter()
    with roster.at() as (unit, actor), pytest.raises(Refused) as refused:
        vetting.vet(_found(roster, unit, actor, key), actor=actor, kind=kind, result=VettingResult.PASSED,
                    checked_on=TODAY, valid_until=until)  # fmt: skip
    assert refused.value.field == field


def test_whoever_is_paired_anywhere_in_the_county_does_not_leave(roster: Roster) -> None:
    """Also where the township of her roster sees nothing of the child."""
    with roster.app.app_context(), writing() as session:
        helper = add_volunteer(session, roster.place.town_a, name="远方")
        child = add_child(session, village=roster.place.village_b1, school=roster.place.school_b)
        add_pairing(session, child, helper.person, roster.place.school_b)
        key = str(helper.public_id)
    with roster.at() as (unit, actor):
        one = _found(roster, unit, actor, key)
        assert vetting.count_paired(one) == 1
        with pytest.raises(Refused):
            vetting.leave(one, actor=actor, reason="搬家")


def test_the_pause_closes_and_the_way_back_goes_through_the_roster(roster: Roster) -> None:
    key = roster.enter()
    with roster.at() as (unit, actor):
        one = _found(roster, unit, actor, key)
        with pytest.raises(Refused):
            vetting.pause(one, actor=actor, reason="实习")
        _pass(one, actor, VettingKind.IDENTITY)
        _pass(one, actor, VettingKind.RECORD)
        vetting.promise(one, actor=actor, on=TODAY)
        vetting.enroll(one, actor=actor)
        with pytest.raises(Refused):
            vetting.enroll(one, actor=actor)
        vetting.pause(one, actor=actor, reason="实习")
        assert (one.may_meet_children_on(TODAY), one.status_note) == (False, "实习")
        vetting.enroll(one, actor=actor)
        vetting.leave(one, actor=actor, reason="毕业")
        assert one.status is VolunteerStatus.LEFT
        with pytest.raises(Refused):
            vetting.leave(one, actor=actor, reason="毕业")


def test_a_person_on_file_is_not_entered_twice_and_a_minor_not_at_all(roster: Roster) -> None:
    roster.enter()
    for given, field in (({}, "name"), ({"name": "新人", "phone": "12"}, "phone"), ({"name": "新"}, "name"),
                         ({"name": "新人", "birth_year": 2009}, "birth_year")):  # fmt: skip
        with pytest.raises(Refused) as refused:
            roster.enter(**given)
        assert refused.value.field == field


def test_the_roster_is_read_by_name_and_what_is_due_stands_apart(
    roster: Roster, monkeypatch: pytest.MonkeyPatch
) -> None:
    keys = {
        name: roster.enter(name, f"100-0000-00{n:02d}") for n, name in enumerate(["安然", "白雪", "陈晨"])
    }
    with roster.at() as (unit, actor):
        for name, key in keys.items():
            one = _found(roster, unit, actor, key)
            _pass(one, actor, VettingKind.IDENTITY)
            vetting.promise(one, actor=actor, on=TODAY)
            vetting.enroll(one, actor=actor)
            if name != "陈晨":
                _pass(one, actor, VettingKind.RECORD, TODAY if name == "安然" else date(2024, 7, 15))
    roster.enter("待审", "100-0000-0099")
    with roster.at() as (unit, actor):
        first = rosters.list_volunteers(unit, actor=actor, limit=2)
        rest = rosters.list_volunteers(unit, actor=actor, limit=2, after=first.next_key)
        assert [[one.person.name for one in page.volunteers] for page in (first, rest)] == [
            ["安然", "白雪"],
            ["陈晨"],
        ]
        assert rest.next_key is None
        due = rosters.list_volunteers(unit, actor=actor, show=Show.DUE)
        assert [one.person.name for one in due.volunteers] == ["白雪", "陈晨"]
        waiting = rosters.list_volunteers(unit, actor=actor, show=Show.WAITING)
        assert [one.person.name for one in waiting.volunteers] == ["待审"]
        found = rosters.list_volunteers(unit, actor=actor, search="bx")
        assert [one.person.name for one in found.volunteers] == ["白雪"]
        counts = rosters.count_volunteers(unit, actor=actor)
        assert (counts.on_roster, counts.vetted, counts.by_category) == (3, 2, {VolunteerCategory.STUDENT: 3})


def test_each_roster_is_its_townships_and_a_school_looks_at_it(roster: Roster) -> None:
    key = roster.enter()
    with roster.at(SCHOOL, "school") as (school, actor):
        waiting = rosters.list_volunteers(school, actor=actor, show=Show.WAITING)
        assert [one.person.name for one in waiting.volunteers] == ["岳小楠"]
        with pytest.raises(PermissionDenied):
            vetting.promise(waiting.volunteers[0], actor=actor, on=TODAY)
        with pytest.raises(PermissionDenied):
            entries.enter(school, actor=actor, name="新人", phone="100-0000-0001",
                          entry=Entry(VolunteerCategory.CITIZEN))  # fmt: skip
    with roster.at(OTHER_TOWN, "other") as (unit, actor):
        assert rosters.list_volunteers(unit, actor=actor, show=Show.WAITING).volunteers == []
        with pytest.raises(NotFound):
            _found(roster, unit, actor, key)
    with roster.at(COUNTY, "women") as (county, actor):
        vetting.promise(_found(roster, county, actor, key), actor=actor, on=TODAY)
    with roster.at(COUNTY, "edu") as (county, actor), pytest.raises(PermissionDenied):
        rosters.list_volunteers(county, actor=actor)


def test_trainings_and_one_appraisal_a_year(roster: Roster) -> None:
    key = roster.enter()
    with roster.at() as (unit, actor):
        one = _found(roster, unit, actor, key)
        growth.train(one, actor=actor, course="儿童心理", held_on=date(2025, 3, 1), hours=6)
        for given, field in (
            ({"held_on": date(2025, 7, 1), "hours": 6}, "held_on"),
            ({"held_on": TODAY, "hours": 81}, "hours"),
        ):
            with pytest.raises(Refused) as refused:
                growth.train(one, actor=actor, course="儿童心理", **given)
            assert refused.value.field == field
        growth.appraise(one, actor=actor, year=2025, points=[AppraisalPoint.REGULAR], grade=Grade.GOOD)
        again, old = {"year": 2025, "grade": Grade.GOOD}, {"year": 2023, "grade": Grade.GOOD}
        for given, field in ((again, "year"), (old, "year"), ({"year": 2024, "grade": Grade.POOR}, "words")):
            with pytest.raises(Refused) as refused:
                growth.appraise(one, actor=actor, points=[], **given)
            assert refused.value.field == field
        assert [one.hours for one in growth.list_trainings(one, actor=actor)] == [6]
        assert [(a.year, a.grade) for a in growth.list_appraisals(one, actor=actor)] == [(2025, Grade.GOOD)]
