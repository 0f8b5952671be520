"""The service log (志愿服务记录, S80): what a volunteer did, taken from the visits she logged and nothing else.

A second person confirms an entry; only what is confirmed goes into hours and onto the certificate. Whoever reads
the log sees days, kinds, minutes and numbers of children, never a child. Entries written late or for somebody
else are marked, no one is ranked.
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import joinedload

from portal.config import now
from portal.errors import Refused
from portal.extensions import db
from portal.models.accounts import Person, User
from portal.models.visits import Visit
from portal.services import audit
from portal.tenancy.actor import Actor
from portal.tenancy.permissions import Permission
from portal.tenancy.roles import Role
from portal.tenancy.scope import county_wide
from portal.tenancy.units import Unit
from portal.terms import VisitKind

LATE = timedelta(days=7)
"""An entry written down later than this after the day is marked."""
SHOWN = 200


@dataclass(frozen=True)
class Service:
    """One entry of the log: several children met at once are one service."""

    entry_id: uuid.UUID
    day: date
    kind: VisitKind
    minutes: int
    children: int
    is_confirmed: bool
    is_late: bool
    for_her: bool
    """Somebody else has written it down for her."""


@dataclass(frozen=True)
class Year:
    """A year's newest services, two hundred at most, and what of the whole year is confirmed."""

    year: int
    services: Sequence[Service]
    minutes: int
    """Confirmed minutes."""
    confirmed: int
    children: int
    """Distinct children met in confirmed services."""

    @property
    def hours(self) -> float:
        """Confirmed hours, to a tenth."""
        return round(self.minutes / 60, 1)


@dataclass(frozen=True)
class Waiting:
    """A service of a unit that waits for a second person."""

    service: Service
    person: Person
    may_confirm: bool
    """Not one's own, and not written down by oneself."""


def read_year(person_id: int, county_id: int, *, actor: Actor, year: int) -> Year:
    """A volunteer's year: her own, or for whoever may read the roster. Wherever in the county it was."""
    own = actor.person_id == person_id
    actor.require(Permission.VOLUNTEER_OWN_READ if own and actor.is_volunteer else Permission.VOLUNTEER_READ)
    first, last = date(year, 1, 1), date(year, 12, 31)
    mine = (_served(), Visit.person_id == person_id, Visit.happened_on.between(first, last))
    with county_wide(county_id) as session:
        services = [_service(row) for row in session.execute(_entries(*mine)).all()]
        done = session.scalars(_confirmed(func.max(Visit.minutes), *mine)).all()
        met = select(func.count(func.distinct(Visit.child_id))).where(*mine)
        children = session.scalar(met.where(Visit.entry_id.in_(_confirmed(Visit.entry_id, *mine)))) or 0
    return Year(year, services, sum(done), len(done), children)


def _confirmed(column: Any, *which: ColumnElement[bool]) -> Select[Any]:
    """Something of each entry all of whose children are confirmed: of every one, not only of those shown."""
    whole = func.count() == func.count(Visit.confirmed_at)
    return select(column).where(*which).group_by(Visit.entry_id).having(whole)


def _served() -> ColumnElement[bool]:
    return (Visit.role == Role.VOLUNTEER) & Visit.voided_at.is_(None)


def _entries(*which: ColumnElement[bool]) -> Select[*tuple[Any, ...]]:
    """One line per entry: its children together."""
    other = func.max(func.coalesce(User.person_id, Visit.person_id)) != func.max(Visit.person_id)
    return (
        select(
            Visit.entry_id, func.max(Visit.happened_on), func.max(Visit.kind), func.max(Visit.minutes),
            func.count(), func.count(Visit.confirmed_at), func.max(Visit.logged_at), other,
            func.max(Visit.person_id), func.max(Visit.logged_by_id),
        )
        .outerjoin(User, User.id == Visit.logged_by_id)
        .where(*which)
        .group_by(Visit.entry_id)
        .order_by(func.max(Visit.happened_on).desc(), func.max(Visit.id).desc())
        .limit(SHOWN)
    )  # fmt: skip


def _service(row: Any) -> Service:
    entry_id, day, kind, minutes, children, confirmed, logged_at, other, *_rest = row
    late = logged_at.date() - day > LATE
    return Service(
        entry_id, day, VisitKind(kind), minutes, children, confirmed == children, late, bool(other)
    )


def list_waiting(unit: Unit, *, actor: Actor) -> list[Waiting]:
    """Services of volunteers counted at a unit (of a township: at its units) that nobody has confirmed yet."""
    actor.require(Permission.VISIT_CONFIRM, at=unit)
    rows = db.session.execute(_entries(_served(), Visit.counts_at(unit), Visit.confirmed_at.is_(None))).all()
    query = select(Person).where(Person.id.in_({row[8] for row in rows}))
    people = {one.id: one for one in db.session.scalars(query.options(joinedload(Person.unit)))}
    return [
        Waiting(_service(row), people[row[8]], row[8] != actor.person_id and row[9] != actor.user_id)
        for row in rows
    ]


def confirm(unit: Unit, entries: Sequence[uuid.UUID], *, actor: Actor) -> int:
    """Confirm services as the second person; how many entries.

    Raises Refused if none is chosen or one of them is the actor's own or written down by her.
    """
    actor.require(Permission.VISIT_CONFIRM, at=unit)
    query = select(Visit).where(_served(), Visit.counts_at(unit), Visit.confirmed_at.is_(None))
    visits = db.session.scalars(query.where(Visit.entry_id.in_(list(entries)))).all()
    if not visits:
        raise Refused(_l("Choose what you confirm."), field="entries")
    if any(one.person_id == actor.person_id or one.logged_by_id == actor.user_id for one in visits):
        raise Refused(_l("Nobody confirms what she has done or written down herself."), field="entries")
    for one in visits:
        one.confirmed_by_id, one.confirmed_at = actor.user_id, now()
    db.session.flush()
    number = len({one.entry_id for one in visits})
    audit.record(actor, "visits:visit:confirm", at=unit, details={"entries": number})
    return number
