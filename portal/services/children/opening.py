"""Opening a file: look first whether the child is on file in the county already, then write her down once.

The search goes through the whole county and tells nothing but a township: whoever asks learns where to ask,
not what stands in the file. Brothers and sisters bring their family along, so that it is entered once.
"""

from __future__ import annotations

import secrets
import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import or_, select
from sqlalchemy.orm import Session, joinedload

from portal.config import today
from portal.errors import NotFound, Refused
from portal.extensions import db
from portal.models.children import (
    Absence,
    Child,
    ChildEvent,
    EmergencyContact,
    Guardianship,
    IdentityClaim,
    Parent,
    Placement,
    SchoolClass,
)
from portal.services import audit
from portal.services.children.files import after_change
from portal.services.registers import identity
from portal.tenancy.actor import Actor
from portal.tenancy.columns import FOREVER
from portal.tenancy.keys import keyring
from portal.tenancy.names import person_name_key
from portal.tenancy.permissions import Permission
from portal.tenancy.scope import county_wide
from portal.tenancy.units import Unit
from portal.terms import EventKind, GuardianKind, ParentRole, Sex, Side, UnitKind

ENOUGH = 20
"""Children a search names at most."""


@dataclass(frozen=True)
class Hit:
    """A child who may be the one: with her page inside the reader's sight, else only the township."""

    township: str
    same_number: bool
    child_id: uuid.UUID | None = None
    name: str = ""
    archived: bool = False
    """The file lies in the archive: its head takes it out when the child is back."""


@dataclass(frozen=True)
class NewChild:
    """What a new file begins with."""

    name: str
    sex: Sex
    birth_date: date
    id_no: str = ""
    village: Unit | None = None
    school: Unit | None = None
    school_class: SchoolClass | None = None
    address: str = ""
    sibling: Child | None = None
    away: dict[ParentRole, date] = field(default_factory=dict)
    guardian: dict[str, Any] = field(default_factory=dict)
    contact: dict[str, str] = field(default_factory=dict)


def search(*, actor: Actor, name: str = "", id_no: str = "", phone: str = "") -> list[Hit]:
    """Children of the county with this ID number, this name (or its pinyin or initials), or this phone of a
    guardian. A number outside one's sight is answered with the township alone."""
    actor.require(Permission.CHILD_FILE_EDIT)
    number, key = identity.normalise_id(id_no), person_name_key(name)
    wanted: list[Any] = []
    kept_up = Child.archived_on.is_(None)
    if number:
        wanted.append(Child.id_no_index == keyring.index(number, county_id=actor.unit.county_id))
    if name:
        wanted.append(kept_up & or_(Child.name == name, Child.name_key.startswith(key, autoescape=True)))
    if phone:
        calls = select(Guardianship.child_id).where(Guardianship.phone == phone, Guardianship.until > today())
        wanted.append(kept_up & Child.id.in_(calls))
    if not wanted:
        return []
    query = (
        select(Child)
        .where(Child.county_id == actor.unit.county_id, or_(*wanted))
        .options(joinedload(Child.village), joinedload(Child.school))
        .order_by(Child.name_key, Child.id)
        .limit(ENOUGH)
    )
    with county_wide(actor.unit.county_id) as session:
        found = session.scalars(query).all()
        towns = _township_names(session, found)
        index = keyring.index(number, county_id=actor.unit.county_id) if number else None
        hits = [(one, towns[one.id], index is not None and one.id_no_index == index) for one in found]
    audit.record(actor, "children:file:search", details={"found": len(hits)})
    return [_hit(one, town, same, actor) for one, town, same in hits]


def _township_names(session: Session, children: Sequence[Child]) -> dict[int, str]:
    ids = {child.v_town_id or child.s_town_id for child in children}
    names = dict(session.execute(select(Unit.id, Unit.name).where(Unit.id.in_(ids))).all())
    return {child.id: names.get(child.v_town_id or child.s_town_id, "") for child in children}


def _hit(child: Child, township: str, same: bool, actor: Actor) -> Hit:
    if child.archived_on is not None:
        return Hit(township, same, archived=True)
    if actor.unit.id in (child.village_id, child.school_id):
        return Hit(township, same, child.public_id, child.name)
    return Hit(township, same)


def list_villages(actor: Actor) -> Sequence[Unit]:
    """The open villages of the county, those of the actor's township first."""
    actor.require(Permission.CHILD_FILE_EDIT)
    query = select(Unit).where(
        Unit.county_id == actor.unit.county_id, Unit.kind == UnitKind.VILLAGE, Unit.closed_on.is_(None)
    )
    found = db.session.scalars(query.order_by(Unit.code)).all()
    return sorted(found, key=lambda one: one.township_id != actor.unit.township_id)


def find_sibling(case_no: str, *, actor: Actor) -> Child | None:
    """A child in the actor's sight by her case number, whose family a new one shares. Raises Refused."""
    actor.require(Permission.CHILD_FILE_EDIT)
    if not case_no:
        return None
    found = db.session.scalars(
        select(Child).where(Child.county_id == actor.unit.county_id, Child.case_no == case_no.strip().upper())
    ).one_or_none()
    if found is None:
        raise Refused(_l("No file with this case number is in your sight."), field="sibling")
    return found


def open_file(new: NewChild, *, actor: Actor) -> Child:
    """Open the file of a child of one's own village or school, from today on.

    Raises Refused for a number that is wrong or on file (with the unit that keeps it), and for a birth date
    that is none of a child.
    """
    actor.require(Permission.CHILD_FILE_EDIT)
    if actor.unit.id not in {unit.id for unit in (new.village, new.school) if unit is not None}:
        raise NotFound("unit")
    day = today()
    if not date(day.year - 18, day.month, 1) <= new.birth_date <= day:
        raise Refused(_l("A file is kept for children under eighteen."), field="birth_date")
    index = _claim(new, actor)
    child = Child(
        public_id=uuid.uuid4(), case_no=f"C{secrets.randbelow(10**9):09d}", county_id=actor.unit.county_id,
        name=new.name, name_key=person_name_key(new.name), sex=new.sex, birth_date=new.birth_date,
        village=new.village, school=new.school, id_no_index=index,
    )  # fmt: skip
    if index is not None:
        child.id_no = identity.normalise_id(new.id_no)
    _seat(child, new)
    db.session.add(child)
    for side, unit in ((Side.VILLAGE, new.village), (Side.SCHOOL, new.school)):
        if unit is not None:
            child.placements.append(Placement(side=side, stat_unit=unit, since=day, until=FOREVER))
    _bring_family(child, new, day)
    after_change(child)
    db.session.flush()
    side = Side.SCHOOL if actor.unit.id == child.school_id else Side.VILLAGE
    db.session.add(ChildEvent(child=child, kind=EventKind.FILED, side=side, happened_on=day,
                              stat_unit=new.school if side is Side.SCHOOL else new.village,
                              person_id=actor.person_id))  # fmt: skip
    db.session.flush()
    audit.record(actor, "children:file:open", child=child)
    return child


def _claim(new: NewChild, actor: Actor) -> str | None:
    number = identity.normalise_id(new.id_no)
    if not number:
        return None
    if fault := identity.find_fault(number):
        raise Refused(fault.label, field="id_no")
    if identity.born_on(number) != new.birth_date:
        raise Refused(_l("The date of birth does not fit the ID number."), field="birth_date")
    index = keyring.index(number, county_id=actor.unit.county_id)
    town = (
        select(Unit.name)
        .join(IdentityClaim, IdentityClaim.township_id == Unit.id)
        .where(IdentityClaim.county_id == actor.unit.county_id, IdentityClaim.id_no_index == index)
    )
    kept_in = db.session.scalar(town)
    if kept_in is not None:
        raise Refused(
            _l("Already on file in %(unit)s. Ask there for a transfer.", unit=kept_in), field="id_no"
        )
    keeper = new.school if new.school is not None and actor.unit.id == new.school.id else new.village
    db.session.add(IdentityClaim(id_no_index=index, unit=keeper))
    return index


def _seat(child: Child, new: NewChild) -> None:
    if new.school_class is not None:
        child.school_class = new.school_class
        child.class_name, child.grade = new.school_class.name, new.school_class.grade or None
    child.address = new.address or (new.sibling.address if new.sibling else "")
    if new.sibling is not None:
        new.sibling.household_no = new.sibling.household_no or f"H{secrets.randbelow(10**9):09d}"
        child.household_no = new.sibling.household_no


_SAME_PARENT = ("name", "phone", "state", "work_unit", "work_unit_phone", "incapable", "incapable_reason")
_SAME_GUARDIAN = ("kind", "group", "name", "relation", "phone", "birth_year", "occupation", "health",
                  "education", "address")  # fmt: skip


def _bring_family(child: Child, new: NewChild, day: date) -> None:
    """Parents, their absences and the guardian: those of a brother or sister, or as typed."""
    if new.sibling is not None:
        for parent in new.sibling.parents:
            child.parents.append(Parent(role=parent.role, **{n: getattr(parent, n) for n in _SAME_PARENT}))
        for away in new.sibling.absences:
            if away.until > day:
                child.absences.append(Absence(role=away.role, since=max(away.since, child.birth_date),
                                              until=FOREVER, inside_county=away.inside_county,
                                              work_place=away.work_place))  # fmt: skip
        held = next((g for g in new.sibling.guardianships if g.since <= day < g.until), None)
        if held is not None:
            facts = {name: getattr(held, name) for name in _SAME_GUARDIAN}
            child.guardianships.append(Guardianship(since=day, until=FOREVER, **facts))
        for one in new.sibling.emergency_contacts:
            child.emergency_contacts.append(
                EmergencyContact(rank=one.rank, name=one.name, relation=one.relation, phone=one.phone)
            )
        return
    for role in ParentRole:
        child.parents.append(Parent(role=role, incapable=False))
        if role in new.away:
            child.absences.append(Absence(role=role, since=new.away[role], until=FOREVER))
    if new.guardian:
        kind = GuardianKind(new.guardian["kind"])
        facts = {name: word for name, word in new.guardian.items() if name != "kind"}
        child.guardianships.append(Guardianship(kind=kind, group=str(kind.label)[:20], since=day,
                                                until=FOREVER, **facts))  # fmt: skip
    if new.contact.get("name") and new.contact.get("phone"):
        child.emergency_contacts.append(EmergencyContact(rank=1, **new.contact))
