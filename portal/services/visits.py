"""Visits: logging a contact with one child or several at once, and reading what was logged."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import date

from flask_babel import lazy_gettext as _l
from sqlalchemy import ColumnElement, func, select, tuple_
from sqlalchemy.orm import joinedload

from portal.config import today
from portal.errors import NotFound, Refused
from portal.extensions import db
from portal.models.children import Child
from portal.models.pairings import Pairing
from portal.models.visits import Visit
from portal.services import audit
from portal.tenancy.actor import Actor
from portal.tenancy.permissions import Permission
from portal.tenancy.units import Unit
from portal.terms import Met, Topic, VisitKind

PAGE = 30
LONGEST = 720
"""Minutes of one visit."""


def log_visit(
    *,
    actor: Actor,
    entry_id: uuid.UUID,
    children: Sequence[uuid.UUID],
    kind: VisitKind,
    happened_on: date,
    minutes: int,
    met: Sequence[Met] = (),
    topics: Sequence[Topic] = (),
    note: str = "",
    worry: bool = False,
) -> list[Visit]:
    """One record per child. The same `entry_id` again gives back what it made: sending twice is harmless.

    Raises Refused for a day in the future or before the pairing, for minutes out of reason, or if no child
    is named; NotFound if one of them is not the actor's.
    """
    actor.require(Permission.VISIT_LOG)
    if already := _of_entry(entry_id):
        return already
    found = _own_children(actor, children)
    pairings = _live_pairings(actor, found) if actor.is_volunteer else {}
    _check(found, happened_on, minutes, pairings)
    own_unit = None if actor.is_volunteer else db.session.get_one(Unit, actor.unit.id)
    logged = []
    for child in found:
        pairing = pairings.get(child.id)
        visit = Visit(
            public_id=uuid.uuid4(),
            entry_id=entry_id,
            child=child,
            kind=kind,
            happened_on=happened_on,
            minutes=minutes,
            met_list=",".join(met),
            topic_list=",".join(topics),
            note=note,
            worry=worry,
            person_id=actor.person_id,
            role=actor.role,
            pairing=pairing,
            stat_unit=pairing.stat_unit if pairing else own_unit,
            logged_by_id=actor.user_id,
        )
        db.session.add(visit)
        logged.append(visit)
    db.session.flush()
    cases = [child.case_no for child in found]
    details = {"kind": kind.value, "children": len(logged), "cases": cases}
    audit.record(actor, "visits:visit:log", subject=f"entry:{entry_id}", details=details)
    return logged


def _of_entry(entry_id: uuid.UUID) -> list[Visit]:
    return list(db.session.scalars(select(Visit).where(Visit.entry_id == entry_id).order_by(Visit.id)))


def _own_children(actor: Actor, children: Sequence[uuid.UUID]) -> list[Child]:
    if not children:
        raise Refused(_l("Say which child you met."), field="children")
    wanted = list(dict.fromkeys(children))
    found = db.session.scalars(
        select(Child).where(Child.public_id.in_(wanted)).order_by(Child.name_key, Child.id)
    ).all()
    if len(found) != len(wanted):
        raise NotFound("child")
    if not actor.is_volunteer:
        unit_id = actor.unit.id
        if any(unit_id not in (child.village_id, child.school_id) for child in found):
            raise NotFound("child")
    return list(found)


def _live_pairings(actor: Actor, children: Sequence[Child]) -> dict[int, Pairing]:
    day = today()
    rows = db.session.scalars(
        select(Pairing)
        .where(
            Pairing.helper_id == actor.person_id,
            Pairing.child_id.in_([child.id for child in children]),
            Pairing.starts_on <= day,
            Pairing.ends_on > day,
        )
        .options(joinedload(Pairing.stat_unit))
        .order_by(Pairing.starts_on.desc())
    )
    return {pairing.child_id: pairing for pairing in rows}


def _check(children: Sequence[Child], happened_on: date, minutes: int, pairings: dict[int, Pairing]) -> None:
    if happened_on > today():
        raise Refused(_l("This day has not come yet: choose today or an earlier day."), field="happened_on")
    if not 1 <= minutes <= LONGEST:
        raise Refused(_l("A visit takes between 1 and %(n)s minutes.", n=LONGEST), field="minutes")
    for child in children:
        pairing = pairings.get(child.id)
        if pairing is not None and happened_on < pairing.starts_on:
            raise Refused(
                _l(
                    "You have been paired with %(name)s since %(day)s; choose that day or a later one.",
                    name=child.name,
                    day=pairing.starts_on.isoformat(),
                ),
                field="happened_on",
            )


def list_mine(
    *, actor: Actor, after: tuple[str, int] | None = None, limit: int = PAGE
) -> tuple[list[Visit], tuple[str, int] | None]:
    """What the actor has logged, newest first, and the key of the next page."""
    actor.require(Permission.VISIT_READ)
    query = select(Visit).where(Visit.person_id == actor.person_id, Visit.voided_at.is_(None))
    if after is not None:
        query = query.where(tuple_(Visit.happened_on, Visit.id) < (date.fromisoformat(after[0]), after[1]))
    rows = list(
        db.session.scalars(
            query.options(joinedload(Visit.child))
            .order_by(Visit.happened_on.desc(), Visit.id.desc())
            .limit(limit + 1)
        )
    )
    page = rows[:limit]
    key = (page[-1].happened_on.isoformat(), page[-1].id) if len(rows) > limit else None
    return page, key


def list_of_child(child: Child, *, actor: Actor, limit: int = 20) -> list[Visit]:
    """The last contacts with a child, newest first, as far as the actor sees them."""
    actor.require(Permission.VISIT_READ)
    return list(
        db.session.scalars(
            select(Visit)
            .where(Visit.child_id == child.id, Visit.voided_at.is_(None))
            .options(joinedload(Visit.person))
            .order_by(Visit.happened_on.desc(), Visit.id.desc())
            .limit(limit)
        )
    )


def list_of_pairing(pairing: Pairing, *, actor: Actor, limit: int = 20) -> list[Visit]:
    """The last contacts of a pairing's helper and child within its days, newest first."""
    actor.require(Permission.VISIT_READ)
    query = select(Visit).where(*_within(pairing)).order_by(Visit.happened_on.desc(), Visit.id.desc())
    return list(db.session.scalars(query.options(joinedload(Visit.person)).limit(limit)))


def count_of_pairing(pairing: Pairing, *, actor: Actor) -> int:
    """How often the helper met the child within the pairing's days: her credit, whoever goes on."""
    actor.require(Permission.VISIT_READ)
    return db.session.scalar(select(func.count()).select_from(Visit).where(*_within(pairing))) or 0


def _within(pairing: Pairing) -> tuple[ColumnElement[bool], ...]:
    return (
        Visit.child_id == pairing.child_id,
        Visit.person_id == pairing.helper_id,
        Visit.voided_at.is_(None),
        Visit.happened_on >= pairing.starts_on,
        Visit.happened_on <= pairing.ends_on,
    )


def list_worries(*, actor: Actor, since: date, limit: int = 10) -> list[Visit]:
    """Contacts since a day in which somebody worried, among the children of the actor's own unit."""
    actor.require(Permission.VISIT_READ)
    return list(
        db.session.scalars(
            select(Visit)
            .where(Visit.worry.is_(True), Visit.voided_at.is_(None), Visit.happened_on >= since)
            .options(joinedload(Visit.child), joinedload(Visit.person))
            .order_by(Visit.happened_on.desc(), Visit.id.desc())
            .limit(limit)
        )
    )
