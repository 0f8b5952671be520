"""The roster of volunteers: who helps in a township or the county, what is due, how many of each kind."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

from flask_babel import lazy_gettext as _l
from sqlalchemy import ColumnElement, func, or_, select, tuple_
from sqlalchemy.orm import joinedload

from portal.config import today
from portal.errors import NotFound
from portal.extensions import db
from portal.models.accounts import Person
from portal.models.pairings import Pairing
from portal.models.volunteers import Volunteer
from portal.tenancy.actor import Actor
from portal.tenancy.names import name_matches
from portal.tenancy.permissions import Permission
from portal.tenancy.units import Unit
from portal.terms import Term, UnitKind, VolunteerCategory, VolunteerStatus

PAGE = 50
SOON = timedelta(days=60)
"""A check that lapses within this time is to be renewed."""


class Show(Term):
    """Which part of a roster is shown."""

    ROSTER = "roster", _l("on the roster")
    DUE = "due", _l("check due")
    WAITING = "waiting", _l("waiting for checks")
    AWAY = "away", _l("paused or left")


@dataclass(frozen=True)
class RosterPage:
    """One page by name; `paired` counts the children of each helper in the reader's sight."""

    volunteers: Sequence[Volunteer]
    paired: Mapping[int, int]
    """Person id → children paired with today."""
    next_key: tuple[str, int] | None


@dataclass(frozen=True)
class Counts:
    """How many stand on the roster, how many of them may be near a child, and by category."""

    on_roster: int
    vetted: int
    by_category: Mapping[VolunteerCategory, int]


def place_of(volunteer: Volunteer) -> Unit:
    """The unit on whose roster she stands."""
    return db.session.get_one(Unit, volunteer.unit_id)


def list_volunteers(
    unit: Unit,
    *,
    actor: Actor,
    show: Show = Show.ROSTER,
    category: VolunteerCategory | None = None,
    search: str = "",
    after: tuple[str, int] | None = None,
    limit: int = PAGE,
) -> RosterPage:
    """One page of a unit's roster by name: at a village or school, of the whole township."""
    actor.require(Permission.VOLUNTEER_READ, at=unit)
    query = (
        select(Volunteer)
        .join(Person, Person.id == Volunteer.person_id)
        .where(_of(unit), _shown(show))
        .options(joinedload(Volunteer.person).joinedload(Person.unit))
        .order_by(Person.name_key, Volunteer.id)
        .limit(limit + 1)
    )
    if category is not None:
        query = query.where(Volunteer.category == category)
    if search.strip():
        query = query.where(name_matches(Person.name, Person.name_key, search))
    if after is not None:
        query = query.where(tuple_(Person.name_key, Volunteer.id) > after)
    rows = db.session.scalars(query).all()
    page = rows[:limit]
    key = (page[-1].person.name_key, page[-1].id) if len(rows) > limit else None
    return RosterPage(page, _paired(page), key)


def count_volunteers(unit: Unit, *, actor: Actor) -> Counts:
    """The numbers of a unit's roster today."""
    actor.require(Permission.VOLUNTEER_READ, at=unit)
    fits = Volunteer.vetted_until > today()
    query = (
        select(Volunteer.category, func.count(), func.count().filter(fits))
        .where(_of(unit), _shown(Show.ROSTER))
        .group_by(Volunteer.category)
    )
    rows = db.session.execute(query).all()
    counted = {category: number for category, number, _vetted in rows}
    by_category = {one: counted[one] for one in VolunteerCategory if one in counted}
    return Counts(sum(counted.values()), sum(vetted for _c, _n, vetted in rows), by_category)


def get_volunteer(unit: Unit, public_id: uuid.UUID, *, actor: Actor) -> Volunteer:
    """An entry of the unit's roster. Raises NotFound."""
    actor.require(Permission.VOLUNTEER_READ, at=unit)
    query = select(Volunteer).where(Volunteer.public_id == public_id, _of(unit))
    found = db.session.scalars(query.options(joinedload(Volunteer.person))).one_or_none()
    if found is None:
        raise NotFound("volunteer")
    return found


def _of(unit: Unit) -> ColumnElement[bool]:
    """A school and a village look at the roster of their township; a county-run school at its own."""
    if unit.kind is UnitKind.COUNTY:
        return Volunteer.county_id == unit.id
    return or_(Volunteer.township_id == unit.township_id, Volunteer.unit_id == unit.id)


def _shown(show: Show) -> ColumnElement[bool]:
    active = Volunteer.status == VolunteerStatus.ACTIVE
    if show is Show.DUE:
        lapses = or_(Volunteer.vetted_until.is_(None), Volunteer.vetted_until <= today() + SOON)
        return active & lapses
    if show is Show.WAITING:
        return Volunteer.status.in_((VolunteerStatus.APPLIED, VolunteerStatus.PENDING))
    if show is Show.AWAY:
        return Volunteer.status.in_((VolunteerStatus.PAUSED, VolunteerStatus.LEFT))
    return active


def _paired(volunteers: Sequence[Volunteer]) -> dict[int, int]:
    day = today()
    query = select(Pairing.helper_id, func.count()).where(
        Pairing.helper_id.in_([one.person_id for one in volunteers]),
        Pairing.starts_on <= day,
        Pairing.ends_on > day,
    )
    return dict(db.session.execute(query.group_by(Pairing.helper_id)).all())
