"""September: every class of a school moves up, the last one graduates, teachers keep their classes.

One act with a preview. Classes are not renamed: last year's class ends and this year's begins, so that last
year's enrolment stays true.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import Select, func, select
from sqlalchemy.orm import selectinload

from portal.config import today
from portal.errors import Refused
from portal.extensions import db
from portal.models.accounts import Person, User
from portal.models.children import Child, ChildEvent, ClassPost, Placement, SchoolClass
from portal.models.jobs import Job
from portal.services import audit
from portal.services.children import handover
from portal.services.children.files import after_change
from portal.services.children.handover import Heirs
from portal.tenancy.actor import Actor
from portal.tenancy.memberships import Membership
from portal.tenancy.permissions import Permission
from portal.tenancy.units import Unit
from portal.terms import EventKind, JobState, SchoolKind, Side

LAST_GRADE: Mapping[SchoolKind, int] = {
    SchoolKind.PRIMARY: 6,
    SchoolKind.JUNIOR: 9,
    SchoolKind.NINE_YEAR: 9,
    SchoolKind.TEACHING_POINT: 3,
}
YEARS = {"小": "中", "中": "大"}
"""Kindergarten: 小班 → 中班 → 大班; a 大班 leaves."""
DIGITS = "一二三四五六七八九"
JOB = "children.promote"


@dataclass(frozen=True)
class Step:
    """What becomes of one class: its new name and grade, or none if it graduates."""

    school_class: SchoolClass
    children: int
    teachers: tuple[str, ...]
    grade: int | None
    name: str

    @property
    def graduates(self) -> bool:
        return self.grade is None


@dataclass(frozen=True)
class Preview:
    """The whole act for one school on a day."""

    on: date
    steps: Sequence[Step]

    @property
    def moving(self) -> int:
        return sum(step.children for step in self.steps if not step.graduates)

    @property
    def leaving(self) -> int:
        return sum(step.children for step in self.steps if step.graduates)


def next_september(day: date) -> date:
    """The first of September that is nearest: this year's from June on, else last year's."""
    return date(day.year if day.month >= 6 else day.year - 1, 9, 1)


def name_after(name: str, grade: int) -> str:
    """The name of next year: 3年级1班 → 4年级1班, 三（2）班 → 四（2）班, 中一班 → 大一班; others stay."""
    if grade == 0:
        return re.sub("[小中]", lambda found: YEARS[found[0]], name, count=1)
    if found := re.match(r"\d+", name):
        return f"{int(found[0]) + 1}{name[found.end() :]}" if int(found[0]) == grade else name
    if name[:1] == DIGITS[grade - 1] and grade < len(DIGITS):
        return DIGITS[grade] + name[1:]
    return name


def preview(unit: Unit, *, actor: Actor, on: date) -> Preview:
    """What a promotion of all classes of a school on that day would do."""
    actor.require(Permission.CHILD_CLASS_EDIT, at=unit)
    live = select(SchoolClass).where(
        SchoolClass.unit_id == unit.id, SchoolClass.since < on, SchoolClass.until > on
    )
    rooms = [] if _moved(unit, on, JobState.DONE) else _of_last_year(unit, on, live)
    counted = dict(
        db.session.execute(
            select(Child.class_id, func.count())
            .where(Child.class_id.in_([room.id for room in rooms]), Child.exited_on.is_(None))
            .group_by(Child.class_id)
        ).all()
    )
    names: dict[int, tuple[str, ...]] = {}
    for class_id, teacher in db.session.execute(_teachers(unit, on)):
        names[class_id] = (*names.get(class_id, ()), teacher)
    return Preview(on, [_step(unit, room, counted.get(room.id, 0), names.get(room.id, ())) for room in rooms])


def _moved(unit: Unit, on: date, *states: JobState) -> bool:
    """Whether the school’s classes have been moved up in the same year, on whatever day."""
    query = select(Job.arguments).where(Job.unit_id == unit.id, Job.kind == JOB, Job.state.in_(states))
    return any(date.fromisoformat(one["on"]).year == on.year for one in db.session.scalars(query))


def _of_last_year(unit: Unit, on: date, live: Select[SchoolClass]) -> list[SchoolClass]:
    """The live classes, without those opened since July for the year that begins: they have just arrived.

    A class whose enrolment was counted anew has an earlier row of the same name, which ends where it begins.
    """
    summer = date(on.year, 7, 1)
    ended = select(SchoolClass.grade, SchoolClass.name, SchoolClass.until, SchoolClass.since).where(
        SchoolClass.unit_id == unit.id, SchoolClass.until >= summer, SchoolClass.until <= on
    )
    before = {(grade, name, until): since for grade, name, until, since in db.session.execute(ended)}

    def began(room: SchoolClass) -> date:
        since = room.since
        while (earlier := before.get((room.grade, room.name, since))) is not None:
            since = earlier
        return since

    rooms = db.session.scalars(live.order_by(SchoolClass.grade.desc(), SchoolClass.name))
    return [room for room in rooms if began(room) < summer]


def _teachers(unit: Unit, on: date) -> Any:
    return (
        select(ClassPost.class_id, Person.name)
        .join(Membership, Membership.id == ClassPost.membership_id)
        .join(User, User.id == Membership.user_id)
        .join(Person, Person.id == User.person_id)
        .where(ClassPost.unit_id == unit.id, ClassPost.since <= on, ClassPost.until > on)
        .order_by(ClassPost.id)
    )


def _step(unit: Unit, room: SchoolClass, children: int, teachers: tuple[str, ...]) -> Step:
    kind = unit.school_kind
    last = room.grade >= LAST_GRADE.get(kind, 9) if kind else True
    if kind is SchoolKind.KINDERGARTEN:
        last = "大" in room.name
    if last:
        return Step(room, children, teachers, None, "")
    grade = 0 if kind is SchoolKind.KINDERGARTEN else room.grade + 1
    return Step(room, children, teachers, grade, name_after(room.name, room.grade))


def ask(unit: Unit, *, actor: Actor, on: date, heirs: Heirs) -> None:
    """Check the act before its job is posted; `heirs` says which classes another teacher takes over.

    Raises Refused for a day that is not near a school year's beginning or is to come, or without a class to move.
    """
    actor.require(Permission.CHILD_CLASS_EDIT, at=unit)
    if on.month not in (8, 9) or abs((on - next_september(today())).days) > 30:
        raise Refused(_l("Classes move up in August or September of this school year."), field="on")
    if on > today():
        raise Refused(_l("The day has not come yet; classes move up on it or later."), field="on")
    states = (JobState.WAITING, JobState.RUNNING, JobState.DONE)
    if _moved(unit, on, *states) or not preview(unit, actor=actor, on=on).steps:
        raise Refused(_l("Every class has moved up already."), field="on")
    handover.check(unit, heirs, actor=actor)
    audit.record(actor, "children:class:promote", at=unit, details={"day": on, "handed": len(heirs)})


def carry_out(unit_id: int, on: date, *, actor: Actor, heirs: Heirs) -> None:
    """Move the classes of a school up, in a session with the county's scope. The caller commits.

    Running it again does nothing: the new classes begin on the day itself.
    """
    unit = db.session.get_one(Unit, unit_id)
    plan = preview(unit, actor=actor, on=on)
    for step in plan.steps:
        old = step.school_class
        made = None
        if step.grade is not None:
            made = SchoolClass(unit=unit, grade=step.grade, name=step.name, pupils=old.pupils,
                               compulsory=old.compulsory, since=on)  # fmt: skip
            db.session.add(made)
            db.session.flush()
        _move_children(old, made, on, actor)
        handover.move_posts(old, made, on, heirs.get(old.public_id))
        old.until = on
        db.session.flush()
    audit.record(actor, "children:class:moved", at=unit,
                 details={"classes": len(plan.steps), "moving": plan.moving, "leaving": plan.leaving})  # fmt: skip


def _move_children(old: SchoolClass, new: SchoolClass | None, on: date, actor: Actor) -> None:
    found = db.session.scalars(
        select(Child)
        .where(Child.class_id == old.id, Child.exited_on.is_(None))
        .options(selectinload(Child.placements))
    )
    for child in found.all():
        if new is not None:
            child.school_class, child.grade, child.class_name = new, new.grade or None, new.name
        else:
            _graduate(child, on, actor)


def _graduate(child: Child, on: date, actor: Actor) -> None:
    """She leaves the school; the village keeps her file. A child without a village stays on the school's list
    until somebody settles where she goes."""
    school = child.school
    db.session.add(ChildEvent(child=child, kind=EventKind.GRADUATED, side=Side.SCHOOL, happened_on=on,
                           stat_unit=school, person_id=actor.person_id))  # fmt: skip
    child.school_class, child.class_name = None, ""
    if child.village is None:
        return
    for place in list(child.placements):
        if place.side is Side.SCHOOL and place.until > on:
            _end(child, place, on)
    child.school, child.grade = None, None
    db.session.flush()
    after_change(child)


def _end(child: Child, place: Placement, on: date) -> None:
    if place.since >= on:
        child.placements.remove(place)
    else:
        place.until = on
