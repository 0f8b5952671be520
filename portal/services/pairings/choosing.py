"""Who could help: people who fit the kind, nearest first, with the reason in words. A suggestion, no ranking.

The number of statements does not grow with the number of volunteers.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import contains_eager, joinedload

from portal.config import today
from portal.errors import Refused
from portal.extensions import db
from portal.models.accounts import Person
from portal.models.children import Child
from portal.models.pairings import Pairing
from portal.models.volunteers import Volunteer
from portal.services.pairings import limits
from portal.services.volunteers.entries import person_named
from portal.tenancy.actor import Actor
from portal.tenancy.names import name_matches
from portal.tenancy.permissions import Permission
from portal.tenancy.roles import AccountKind
from portal.tenancy.units import Unit
from portal.terms import PairingKind, PairingReason, Skill, VolunteerCategory, VolunteerStatus

SHOWN = 30
WANTED: dict[PairingReason, Skill] = {PairingReason.STUDY: Skill.STUDY, PairingReason.MIND: Skill.MIND,
                                      PairingReason.BEHAVIOR: Skill.MIND}  # fmt: skip
USUAL = {
    PairingKind.CARING_MOTHER: VolunteerCategory.WOMEN,
    PairingKind.FIVE_ELDERS: VolunteerCategory.FIVE_ELDERS,
}
"""The category from which a kind's helpers usually come."""


@dataclass(frozen=True)
class Candidate:
    """Somebody who could help, how many children she has, and what speaks for her."""

    person: Person
    volunteer: Volunteer | None
    load: int
    limit: int
    reasons: Sequence[Any]

    @property
    def is_full(self) -> bool:
        return self.load >= self.limit


def list_candidates(
    unit: Unit, *, actor: Actor, child: Child, kind: PairingKind, reason: PairingReason | None = None,
    search: str = "",
) -> list[Candidate]:  # fmt: skip
    """At most thirty people for one child, nearest first; `search` is the beginning of a name or its pinyin."""
    tutor = kind is PairingKind.TUTOR and actor.can(Permission.CLASS_HELP_EDIT, unit)
    actor.require(Permission.CLASS_HELP_EDIT if tutor else Permission.PAIRING_EDIT, at=unit)
    found = _volunteers(unit, search) if kind.is_checked else _staff(unit, kind, search)
    limit = limits.limits_of(unit.county_id)[kind.limit_kind]
    loads = limits.loads_of(unit.county_id, _one_of(unit, kind))
    made = []
    for person, volunteer in found:
        load = loads.get(person.id, {}).get(kind.limit_kind, 0)
        near, reasons = _speaks_for(person, volunteer, child, kind, reason)
        made.append((load >= limit, near, load, person.name_key,
                     Candidate(person, volunteer, load, limit, reasons)))  # fmt: skip
    return [one[-1] for one in sorted(made, key=lambda one: one[:-1])[:SHOWN]]


def bring_in(unit: Unit, *, actor: Actor, name: str, phone: str, post: str) -> Person:
    """A cadre or party member who is not on file yet, kept as one of the county's people.

    Raises Refused beside the field for a name too short, a phone that is none, no post.
    """
    actor.require(Permission.PAIRING_EDIT, at=unit)
    if not post:
        raise Refused(_l("Write where she works and as what."), field="post")
    person = person_named(db.session.get_one(Unit, unit.county_id), name=name, phone=phone, post=post)
    db.session.add(person)
    db.session.flush()
    return person


def _volunteers(unit: Unit, search: str) -> list[tuple[Person, Volunteer | None]]:
    """On the roster of the unit's township or the county, and checked."""
    query = (
        select(Volunteer)
        .join(Volunteer.person)
        .where(_near(unit), Volunteer.status == VolunteerStatus.ACTIVE, Volunteer.vetted_until > today())
        .options(contains_eager(Volunteer.person).joinedload(Person.unit))
    )
    if search.strip():
        query = query.where(name_matches(Person.name, Person.name_key, search))
    return [(one.person, one) for one in db.session.scalars(query)]


def _staff(unit: Unit, kind: PairingKind, search: str) -> list[tuple[Person, Volunteer | None]]:
    """The school's own people, or for an office's kinds those of county and township; by name."""
    query = select(Person).where(
        Person.unit_id.in_(_places(unit, kind)), Person.account_kind == AccountKind.WORKING
    )
    if search.strip():
        query = query.where(name_matches(Person.name, Person.name_key, search))
    ordered = query.order_by(Person.name_key, Person.id).limit(200)
    return [(one, None) for one in db.session.scalars(ordered.options(joinedload(Person.unit)))]


def _near(unit: Unit) -> ColumnElement[bool]:
    return or_(Volunteer.township_id == unit.township_id, Volunteer.unit_id == unit.county_id)


def _one_of(unit: Unit, kind: PairingKind) -> ColumnElement[bool]:
    """The pairings of whoever may be chosen."""
    if kind.is_checked:
        return Pairing.helper_id.in_(select(Volunteer.person_id).where(_near(unit)))
    return Pairing.helper_id.in_(select(Person.id).where(Person.unit_id.in_(_places(unit, kind))))


def _places(unit: Unit, kind: PairingKind) -> list[int]:
    """Where the people of a school's or an office's kind are on file."""
    return [unit.id] if kind.is_of_school else [unit.county_id, unit.township_id]


def _speaks_for(
    person: Person, volunteer: Volunteer | None, child: Child, kind: PairingKind, reason: PairingReason | None
) -> tuple[int, list[Any]]:
    """How near (smaller is nearer), and why in words."""
    reasons: list[Any] = []
    near = 4
    if child.village_id is not None and person.unit_id == child.village_id:
        near, reasons = 0, [_l("of the same village")]
    elif child.village_township_id is not None and person.township_id == child.village_township_id:
        near, reasons = 2, [_l("of the same township")]
    wanted = WANTED.get(reason) if reason else None
    if volunteer is not None and wanted in volunteer.skills:
        near, reasons = near - 1, [*reasons, _l("good at it: %(skill)s", skill=wanted.label)]
    if volunteer is not None and volunteer.category is USUAL.get(kind):
        near, reasons = near - 1, [*reasons, volunteer.category.label]
    return near, reasons
