"""Pairings (结对帮扶): who helps whom. A pairing opens a helper's sight of the child, its end closes it."""

from __future__ import annotations

import uuid
from datetime import date, timedelta

from flask_babel import lazy_gettext as _l
from sqlalchemy import func, or_, select, tuple_
from sqlalchemy.orm import joinedload

from portal.config import today
from portal.errors import NotFound, Refused
from portal.extensions import db
from portal.models.accounts import Person
from portal.models.children import Child, Standing
from portal.models.pairings import Pairing
from portal.models.volunteers import Volunteer
from portal.services import audit
from portal.services.children.keeping import consents
from portal.services.children.listing import on_side
from portal.tenancy.actor import Actor
from portal.tenancy.columns import FOREVER
from portal.tenancy.names import name_matches
from portal.tenancy.permissions import Permission
from portal.tenancy.units import Unit
from portal.terms import PairingEnd, PairingKind, Purpose, Side, VolunteerStatus

PAGE = 50
LIMIT_PER_HELPER = 3
"""Children a volunteer helps at the same time (limits per kind come with the pairing plan)."""


def list_pairings(
    unit: Unit, *, actor: Actor, side: Side, after: tuple[str, int] | None = None, limit: int = PAGE
) -> tuple[list[Pairing], tuple[str, int] | None]:
    """Live pairings of the children on one side of `unit`, by start, newest first; and the next key."""
    actor.require(Permission.PAIRING_READ, at=unit)
    day = today()
    query = select(Pairing).where(
        on_side(Pairing, unit, side), Pairing.starts_on <= day, Pairing.ends_on > day
    )
    if after is not None:
        query = query.where(tuple_(Pairing.starts_on, Pairing.id) < (date.fromisoformat(after[0]), after[1]))
    rows = list(
        db.session.scalars(
            query.options(joinedload(Pairing.helper), joinedload(Pairing.child))
            .order_by(Pairing.starts_on.desc(), Pairing.id.desc())
            .limit(limit + 1)
        )
    )
    page = rows[:limit]
    key = (page[-1].starts_on.isoformat(), page[-1].id) if len(rows) > limit else None
    return page, key


def count_unpaired(unit: Unit, *, actor: Actor) -> int:
    """Left-behind children counted at `unit` today who have no live pairing."""
    actor.require(Permission.PAIRING_READ, at=unit)
    day = today()
    live = select(Pairing.child_id).where(Pairing.starts_on <= day, Pairing.ends_on > day)
    count = select(func.count(func.distinct(Standing.child_id))).where(
        Standing.stat_unit_id == unit.id,
        Standing.starts_on <= day,
        Standing.ends_on > day,
        Standing.child_id.not_in(live),
    )
    return db.session.scalar(count) or 0


def list_of_child(child: Child) -> list[Pairing]:
    """All pairings of a child as far as the reader sees them, live ones first."""
    return list(
        db.session.scalars(
            select(Pairing)
            .where(Pairing.child_id == child.id)
            .options(joinedload(Pairing.helper))
            .order_by(Pairing.ends_on.desc(), Pairing.starts_on.desc())
        )
    )


def get_pairing(public_id: uuid.UUID, *, actor: Actor) -> Pairing:
    """A pairing inside the scope. Raises NotFound."""
    actor.require(Permission.PAIRING_READ)
    found = db.session.scalars(
        select(Pairing)
        .where(Pairing.public_id == public_id)
        .options(joinedload(Pairing.helper), joinedload(Pairing.child))
    ).one_or_none()
    if found is None:
        raise NotFound("pairing")
    return found


def list_helpers(unit: Unit, *, actor: Actor, search: str = "", limit: int = 30) -> list[Volunteer]:
    """Volunteers who may be paired today: on the roster of the unit's township or the county, and checked."""
    actor.require(Permission.PAIRING_EDIT, at=unit)
    near = or_(Volunteer.township_id == unit.township_id, Volunteer.unit_id == unit.county_id)
    query = (
        select(Volunteer)
        .join(Person, Person.id == Volunteer.person_id)
        .where(near, Volunteer.status == VolunteerStatus.ACTIVE, Volunteer.vetted_until > today())
        .options(joinedload(Volunteer.person).joinedload(Person.unit))
        .order_by(Person.name_key, Person.id)
        .limit(limit)
    )
    if search.strip():
        query = query.where(name_matches(Person.name, Person.name_key, search))
    return list(db.session.scalars(query))


def pair(
    child: Child,
    *,
    actor: Actor,
    unit: Unit,
    helper: uuid.UUID,
    kind: PairingKind,
    starts_on: date,
    note: str = "",
) -> Pairing:
    """Pair a volunteer with a child of one's own unit. From `starts_on` she sees the child's short card.

    It lasts as long as the family’s consent. Raises Refused without one, if the volunteer is unknown here,
    not vetted, already paired with the child or at her limit, or if the day is out of reason.
    """
    actor.require(Permission.PAIRING_EDIT, at=unit)
    if unit.id not in (child.village_id, child.school_id):
        raise NotFound("child")
    day = today()
    volunteer = _fit_volunteer(unit, helper, day)
    if not day - timedelta(days=366) <= starts_on <= day + timedelta(days=366):
        raise Refused(_l("The first day must lie within a year of today."), field="starts_on")
    live = select(func.count()).select_from(Pairing).where(
        Pairing.helper_id == volunteer.person_id, Pairing.ends_on > day
    )  # fmt: skip
    if db.session.scalar(live.where(Pairing.child_id == child.id)):
        raise Refused(_l("These two are paired already."), field="helper")
    if (db.session.scalar(live) or 0) >= LIMIT_PER_HELPER:
        raise Refused(
            _l("This volunteer already helps %(n)s children; choose another one.", n=LIMIT_PER_HELPER),
            field="helper",
        )
    pairing = Pairing(
        ends_on=_agreed_until(child, kind, starts_on),
        public_id=uuid.uuid4(),
        child=child,
        helper=volunteer.person,
        kind=kind,
        starts_on=starts_on,
        stat_unit=unit,
        note=note,
        created_by_id=actor.user_id,
    )
    db.session.add(pairing)
    db.session.flush()
    subject = f"pairing:{pairing.public_id}"
    audit.record(
        actor, "pairings:pairing:make", at=unit, child=child, subject=subject, details={"kind": kind.value}
    )
    return pairing


def family_agrees(child: Child, *, actor: Actor) -> bool:
    """Whether the family has agreed that a volunteer is paired with the child."""
    actor.require(Permission.PAIRING_READ)
    return consents.holds(child, Purpose.PAIRING) is not None


def _agreed_until(child: Child, kind: PairingKind, starts_on: date) -> date:
    """The day on which the family's consent ends, and with it the pairing; FOREVER where it does not."""
    if not kind.asks_family:
        return FOREVER
    consent = consents.holds(child, Purpose.PAIRING)
    if consent is None:
        raise Refused(
            _l("The family has not agreed to a pairing yet. Write its consent down first."), field="helper"
        )
    until = consent.expires_on or FOREVER
    if starts_on >= until:
        raise Refused(_l("The family’s consent ends before that day."), field="starts_on")
    return until


def _fit_volunteer(unit: Unit, helper: uuid.UUID, day: date) -> Volunteer:
    volunteer = db.session.scalars(
        select(Volunteer)
        .where(Volunteer.public_id == helper)
        .options(joinedload(Volunteer.person))
    ).one_or_none()  # fmt: skip
    if volunteer is None or (
        volunteer.township_id != unit.township_id and volunteer.unit_id != unit.county_id
    ):
        raise Refused(_l("Choose a volunteer from the list."), field="helper")
    if not volunteer.may_meet_children_on(day):
        raise Refused(
            _l("This volunteer is not on the roster or her yearly check has expired."), field="helper"
        )
    return volunteer


def end_pairing(pairing: Pairing, *, actor: Actor, reason: PairingEnd, note: str = "") -> None:
    """End it today: the helper loses sight of the child with her next request.

    Only the unit that arranged it may end it. Raises Refused if it has ended already.
    """
    actor.require(Permission.PAIRING_EDIT, at=pairing.stat_unit)
    day = today()
    if pairing.ends_on <= day:
        raise Refused(_l("This pairing has ended already."))
    pairing.ends_on = max(day, pairing.starts_on)
    pairing.end_reason = reason
    pairing.end_note = note
    db.session.flush()
    audit.record(
        actor,
        "pairings:pairing:end",
        at=pairing.stat_unit,
        child=pairing.child,
        subject=f"pairing:{pairing.public_id}",
        details={"reason": reason.value},
    )
