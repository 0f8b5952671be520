"""Classes of a school: finding one by the words of a roster, and which teacher holds it from when to when."""

from __future__ import annotations

import unicodedata
import uuid
from dataclasses import dataclass
from datetime import date

from flask_babel import lazy_gettext as _l
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal.config import today
from portal.errors import NotFound, Refused
from portal.extensions import db
from portal.models.children import Child, ClassPost, SchoolClass
from portal.services import audit
from portal.tenancy.actor import Actor
from portal.tenancy.permissions import Permission
from portal.tenancy.roles import Role
from portal.tenancy.units import Unit
from portal.terms import UnitKind


@dataclass(frozen=True)
class Classes:
    """The live classes of one school by (grade, name); empty for a village."""

    by_name: dict[tuple[int, str], SchoolClass]

    def find(self, grade: int | None, name: str) -> SchoolClass | None:
        """The class a roster means by its grade (0 or none: kindergarten) and its name, if there is one."""
        return self.by_name.get((grade or 0, _folded(name)))


def classes_of(session: Session, unit: Unit, *, on: date) -> Classes:
    """The classes of `unit` that are live on a day; only a school has any."""
    if unit.kind is not UnitKind.SCHOOL:
        return Classes({})
    found = session.scalars(
        select(SchoolClass).where(
            SchoolClass.unit_id == unit.id, SchoolClass.since <= on, SchoolClass.until > on
        )
    )
    return Classes({(one.grade, _folded(one.name)): one for one in found})


def list_classes(unit: Unit, *, actor: Actor) -> list[SchoolClass]:
    """The live classes of a school by grade; of a class teacher the ones she holds today."""
    actor.require(Permission.CHILD_LIST_READ, at=unit)
    day = today()
    query = select(SchoolClass).where(
        SchoolClass.unit_id == unit.id, SchoolClass.since <= day, SchoolClass.until > day
    )
    if actor.role is Role.CLASS_TEACHER:
        query = query.join(ClassPost, ClassPost.class_id == SchoolClass.id).where(
            ClassPost.membership_id == actor.membership_row, ClassPost.since <= day, ClassPost.until > day
        )
    return list(db.session.scalars(query.order_by(SchoolClass.grade, SchoolClass.name, SchoolClass.id)))


def _folded(name: str) -> str:
    return "".join(unicodedata.normalize("NFKC", name).split())


def get_class(unit: Unit, public_id: uuid.UUID, *, actor: Actor) -> SchoolClass:
    """A live class of the school. Raises NotFound."""
    actor.require(Permission.CHILD_CLASS_EDIT, at=unit)
    day = today()
    found = db.session.scalars(
        select(SchoolClass).where(
            SchoolClass.unit_id == unit.id, SchoolClass.public_id == public_id, SchoolClass.until > day
        )
    ).one_or_none()
    if found is None:
        raise NotFound("class")
    return found


def children_in(unit: Unit) -> dict[int, int]:
    """How many children on file sit in each class of the school."""
    query = select(Child.class_id, func.count()).where(Child.s_unit_id == unit.id, Child.exited_on.is_(None))
    return {number: count for number, count in db.session.execute(query.group_by(Child.class_id)) if number}


def open_class(unit: Unit, *, actor: Actor, grade: int, name: str, pupils: int, since: date) -> SchoolClass:
    """Add a class with its enrolment (all pupils). Raises Refused for a name taken, no school, a day to come."""
    actor.require(Permission.CHILD_CLASS_EDIT, at=unit)
    if unit.kind is not UnitKind.SCHOOL:
        raise NotFound("classes")
    _free(unit, grade, name, since)
    made = SchoolClass(unit=unit, grade=grade, name=name, pupils=pupils, since=since,
                       compulsory=not unit.is_kindergarten)  # fmt: skip
    db.session.add(made)
    db.session.flush()
    audit.record(actor, "children:class:open", at=unit, subject=f"class:{made.public_id}",
                 details={"grade": grade, "pupils": pupils})  # fmt: skip
    return made


def change_class(room: SchoolClass, *, actor: Actor, name: str, pupils: int, on: date) -> None:
    """Another name, or another enrolment from a day on. The old enrolment stays for the days before.

    Raises Refused for a name taken or a day outside the class's time.
    """
    actor.require(Permission.CHILD_CLASS_EDIT, at=room.unit)
    if not room.since <= on <= max(today(), room.since):
        raise Refused(_l("The day must lie between the first day of the class and today."), field="on")
    if _folded(name) != _folded(room.name):
        _free(room.unit, room.grade, name, on)
    room.name = name
    for child in db.session.scalars(select(Child).where(Child.class_id == room.id)):
        child.class_name = name
    if pupils != room.pupils:
        _recount(room, pupils, on)
    db.session.flush()
    audit.record(actor, "children:class:change", at=room.unit, subject=f"class:{room.public_id}",
                 details={"pupils": pupils})  # fmt: skip


def _recount(room: SchoolClass, pupils: int, on: date) -> None:
    """Another enrolment: on the first day it is corrected, later the days before keep the old number."""
    if on > room.since:
        past = SchoolClass(unit=room.unit, grade=room.grade, name=room.name, pupils=room.pupils,
                           compulsory=room.compulsory, since=room.since, until=on)  # fmt: skip
        db.session.add(past)
        room.since = on
    room.pupils = pupils


def _free(unit: Unit, grade: int, name: str, on: date) -> None:
    if classes_of(db.session(), unit, on=on).find(grade, name) is not None:
        raise Refused(_l("There is a class of this grade and name already."), field="name")
