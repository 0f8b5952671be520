"""Classes of a school: finding one by the words of a roster, and which teacher holds it from when to when."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.config import today
from portal.extensions import db
from portal.models.children import ClassPost, SchoolClass
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
