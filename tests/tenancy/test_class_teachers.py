"""A class teacher behind the wall: the children of the classes she holds today, and what she may write."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.errors import ScopeError
from portal.models.children import Child, ClassPost, Guardianship, SchoolClass
from portal.models.reports.cells import VisitCell
from portal.models.visits import Visit
from portal.tenancy.memberships import Membership
from portal.tenancy.roles import Role
from portal.tenancy.scoped import Sight, scoped_classes
from portal.tenancy.units import Unit
from portal.terms import GuardianKind, Sex, VisitKind
from tests.factories.world import World, audit_line, inside, teacher_scope
from tests.tenancy.alone import READERS, WALLS, stray
from tests.tenancy.viewers import scope_for

Act = Callable[[Session, World], None]


def _labels(world: World, ids: Iterable[int]) -> set[str]:
    by_id = {child.id: label for label, child in world.children.items()}
    return {by_id[one] for one in ids}


TEACHERS_SEE = {
    Sight.COUNTY: {"Census", "CountyRules", "IdentityClaim", "Person", "UnitChange", "UnitSpell", "User"},
    Sight.SCHOOL: {"ClassPost", "GroupDecision", "GroupMeeting", "LeadershipGroup", "LeadershipPost",
                   "MemberUnit", "PupilCell", "ReachCell", "SchoolClass", "StandingCell", "Submission",
                   "VisitCell", "WorkPlan", "WorkPlanItem", "WorkTarget"},
    Sight.PUPILS: {"Absence", "Alarm", "AlarmStep", "CareAgreement", "CarePlan", "CensusLine", "CensusList",
                   "Child", "ChildEvent", "ChildNote", "ClassCareRep", "Consent", "ContactCard", "DataRequest",
                   "EmergencyContact", "FileLook", "Guardianship", "GuardianAssessment", "Pairing",
                   "PairingProposal", "PairingReview", "Paper", "Parent", "PeerBuddy", "Placement",
                   "PlanStep", "PriorityReview", "Proposal", "Standing", "Visit"},
}  # fmt: skip
"""Everything else shows a class teacher nothing: jobs, rosters on their way in, memberships, the audit."""


def test_a_class_teacher_sees_of_each_class_what_it_says(world: World) -> None:
    said = {sight: {c.__name__ for c in scoped_classes() if c.teacher_sees is sight} for sight in Sight}
    said.pop(Sight.NOTHING)
    assert said == TEACHERS_SEE
    with inside(scope_for("class_teacher", world)) as session:
        assert set(session.scalars(select(SchoolClass.unit_id))) == {world.near.school_a.id}
        assert set(session.scalars(select(VisitCell.unit_id))) == {world.near.school_a.id}
        assert session.scalars(select(Membership)).all() == []


@pytest.mark.parametrize("walls", READERS)
@pytest.mark.parametrize(("day", "seen"), [
    (date(2024, 8, 31), set()), (date(2025, 4, 30), {"b1"}), (date(2025, 5, 1), set())])  # fmt: skip
def test_a_class_teacher_sees_her_class_from_its_first_day_to_its_last(
    world: World, day: date, seen: set[str], walls: str
) -> None:
    with READERS[walls](teacher_scope(world.posts["former"], day=day)) as session:
        assert _labels(world, session.scalars(select(Child.id))) == seen
        assert _labels(world, session.scalars(select(Visit.child_id))) == seen


@pytest.mark.parametrize("walls", READERS)
def test_a_class_is_held_at_its_own_school_alone(world: World, walls: str) -> None:
    """A scope that names another school opens nothing, whatever membership it names."""
    post, other = world.posts["teacher"], world.near.school_b
    scope = replace(teacher_scope(post), id=other.id)
    with READERS[walls](scope) as session:
        assert session.scalars(select(Child.id)).all() == []


def test_a_class_teacher_logs_a_talk_with_her_child_and_the_audit_line_with_it(world: World) -> None:
    with inside(scope_for("class_teacher", world)) as session:
        session.add(_talk(session, world, session.get_one(Child, world.children["a1"].id)))
        session.add(audit_line(world.near.school_a))
        session.flush()


def _talk(session: Session, world: World, child: Child) -> Visit:
    return Visit(
        public_id=uuid.uuid4(), entry_id=uuid.uuid4(), child=child, kind=VisitKind.TALK, minutes=5,
        happened_on=date(2025, 6, 30), person_id=world.helpers["a2"].id, role=Role.CLASS_TEACHER,
        stat_unit=session.get_one(Unit, world.near.school_a.id),
    )  # fmt: skip


def _new_child(session: Session, world: World, room: str) -> Child:
    school = session.get_one(Unit, world.near.school_a.id)
    return Child(
        public_id=uuid.uuid4(), case_no="C000000001", name="新生", name_key="xin sheng|xs", sex=Sex.MALE,
        birth_date=date(2016, 1, 1), county_id=school.county_id, school=school,
        school_class=session.get_one(SchoolClass, world.classes[room].id),
    )  # fmt: skip


def test_a_class_teacher_keeps_the_files_of_her_class(world: World) -> None:
    with inside(scope_for("class_teacher", world)) as session:
        child = session.get_one(Child, world.children["a1"].id)
        child.study_note = "changed"
        child.standings.clear()
        new = _new_child(session, world, world.near.school_a.code)
        session.add(new)
        new.guardianships.append(Guardianship(kind=GuardianKind.GRANDPARENT, since=date(2024, 9, 1)))
        session.flush()
        assert session.scalar(select(Guardianship.id).where(Guardianship.child_id == new.id))


def _logs_for_another_class(session: Session, world: World) -> None:
    brought = stray(Child, world.children["a2"].id)
    session.add(_talk(session, world, brought))


def _moves_a_child_into_her_class(session: Session, world: World) -> None:
    brought = stray(Child, world.children["a2"].id)
    session.add(brought)
    brought.class_id = world.classes[world.near.school_a.code].id


def _gives_her_child_to_another_class(session: Session, world: World) -> None:
    child = session.get_one(Child, world.children["a1"].id)
    child.school_class = session.get_one(SchoolClass, world.classes["other"].id)


def _takes_her_child_out_of_school(session: Session, world: World) -> None:
    session.get_one(Child, world.children["a1"].id).school = None


def _files_a_child_of_another_class(session: Session, world: World) -> None:
    session.add(_new_child(session, world, "other"))


def _notes_at_another_school(session: Session, world: World) -> None:
    session.add(audit_line(world.near.school_b))


def _gives_herself_a_class(session: Session, world: World) -> None:
    post = world.posts["teacher"]
    session.add(
        ClassPost(
            unit=session.get_one(Unit, world.near.school_a.id),
            class_id=world.classes["other"].id,
            membership_id=post.membership_id,
            since=date(2024, 9, 1),
        )
    )


def _opens_a_class(session: Session, world: World) -> None:
    school = session.get_one(Unit, world.near.school_a.id)
    session.add(
        SchoolClass(unit=school, grade=1, name="新班", pupils=1, compulsory=True, since=date(2024, 9, 1))
    )


def _sends_her_child_to_another_county_by_number(session: Session, world: World) -> None:
    session.get_one(Child, world.children["a1"].id).county_id = world.far.county.id


def _sends_her_child_to_another_school_by_number(session: Session, world: World) -> None:
    child, other = session.get_one(Child, world.children["a1"].id), world.near.school_b
    child.school_id, child.school_township_id = other.id, other.township_id


NOT_HERS = [_sends_her_child_to_another_county_by_number, _sends_her_child_to_another_school_by_number,
            _logs_for_another_class, _moves_a_child_into_her_class, _gives_her_child_to_another_class,
            _takes_her_child_out_of_school, _files_a_child_of_another_class,
            _notes_at_another_school, _gives_herself_a_class, _opens_a_class]  # fmt: skip


@pytest.mark.parametrize("walls", WALLS)
@pytest.mark.parametrize("act", NOT_HERS, ids=lambda act: act.__name__.strip("_"))
def test_a_class_teacher_writes_of_her_own_children_and_nothing_else(
    world: World, act: Act, walls: str
) -> None:
    with WALLS[walls](scope_for("class_teacher", world)) as session:
        act(session, world)
        with pytest.raises(ScopeError):
            session.flush()


def test_what_is_open_to_a_class_teachers_pen() -> None:
    written = {cls.__name__ for cls in scoped_classes() if cls.teacher_writes}
    pupils = TEACHERS_SEE[Sight.PUPILS] - {"DataRequest", "PairingProposal", "PairingReview"}
    assert written == {"AuditEntry", "IdentityClaim", *pupils}
    removed = {cls.__name__ for cls in scoped_classes() if cls.teacher_removes}
    assert removed == {"EmergencyContact", "Standing"}
