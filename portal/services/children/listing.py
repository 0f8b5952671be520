"""Lists of children. Every list names a side (by residence, by enrolment), so it stays one equality."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, func, select, tuple_
from sqlalchemy.orm import joinedload, selectinload

from portal.config import today
from portal.errors import NotFound
from portal.extensions import db
from portal.models.children import Child, Guardianship, SchoolClass, Standing
from portal.models.pairings import Pairing
from portal.models.visits import Visit
from portal.tenancy.actor import Actor
from portal.tenancy.names import name_matches
from portal.tenancy.permissions import Permission
from portal.tenancy.scoped import ChildScoped
from portal.tenancy.units import Unit
from portal.terms import GuardianKind, Side, UnitKind

PAGE = 50


@dataclass(frozen=True)
class ChildLine:
    """One line of a list: what a colleague needs to find the right child, and no more."""

    child: Child
    age: int
    wide: bool
    official: bool
    guardian: GuardianKind | None
    pairings: int
    last_visit: date | None


@dataclass(frozen=True)
class ChildPage:
    """One page of a list and the key of the next one, if there is more."""

    lines: list[ChildLine]
    next_key: tuple[str, int] | None


def side_of(unit: Unit, side: Side | None = None) -> Side:
    """The side a unit's list is read on: a village's and a school's own, a township's as chosen."""
    if unit.kind is UnitKind.SCHOOL:
        return Side.SCHOOL
    if unit.kind is UnitKind.VILLAGE:
        return Side.VILLAGE
    return side or Side.VILLAGE


def on_side(rows: type[ChildScoped], unit: Unit, side: Side) -> ColumnElement[bool]:
    """Rows about the children on one side of `unit`: the one equality every list of children has."""
    leaf = unit.kind in (UnitKind.SCHOOL, UnitKind.VILLAGE)
    stamp = ("s_" if side is Side.SCHOOL else "v_") + ("unit_id" if leaf else "town_id")
    found: ColumnElement[bool] = getattr(rows, stamp) == unit.id
    return found


def list_children(
    unit: Unit,
    *,
    actor: Actor,
    side: Side | None = None,
    search: str = "",
    school_class: SchoolClass | None = None,
    after: tuple[str, int] | None = None,
    limit: int = PAGE,
) -> ChildPage:
    """One page by name, of one class if one is given. `search` is the beginning of a name, of its pinyin or
    of its initials."""
    actor.require(Permission.CHILD_LIST_READ, at=unit)
    query = (
        select(Child)
        .where(on_side(Child, unit, side_of(unit, side)), Child.archived_on.is_(None))
        .options(joinedload(Child.village), joinedload(Child.school))
    )
    if school_class is not None:
        query = query.where(Child.class_id == school_class.id)
    if search:
        query = query.where(name_matches(Child.name, Child.name_key, search))
    if after is not None:
        query = query.where(tuple_(Child.name_key, Child.id) > after)
    rows = list(db.session.scalars(query.order_by(Child.name_key, Child.id).limit(limit + 1)))
    page, more = rows[:limit], len(rows) > limit
    return ChildPage(_lines(page), (page[-1].name_key, page[-1].id) if more else None)


def _lines(children: Sequence[Child]) -> list[ChildLine]:
    day = today()
    ids = [child.id for child in children]
    standing = {
        row.child_id: row
        for row in db.session.scalars(
            select(Standing).where(
                Standing.child_id.in_(ids), Standing.starts_on <= day, Standing.ends_on > day
            )
        )
    }
    guardians = {child_id: guardianship.kind for child_id, guardianship in guardians_of(ids).items()}
    pairings = dict(
        db.session.execute(
            select(Pairing.child_id, func.count())
            .where(Pairing.child_id.in_(ids), Pairing.starts_on <= day, Pairing.ends_on > day)
            .group_by(Pairing.child_id)
        ).all()
    )
    visits = last_visits(ids)
    return [
        ChildLine(
            child=child,
            age=child.age_on(day),
            wide=child.id in standing,
            official=child.id in standing and standing[child.id].official,
            guardian=guardians.get(child.id),
            pairings=pairings.get(child.id, 0),
            last_visit=visits.get(child.id),
        )
        for child in children
    ]


def last_visits(child_ids: Sequence[int]) -> dict[int, date]:
    """The day of the last contact with each child, as far as the reader may see it."""
    rows = db.session.execute(
        select(Visit.child_id, func.max(Visit.happened_on))
        .where(Visit.child_id.in_(child_ids), Visit.voided_at.is_(None))
        .group_by(Visit.child_id)
    )
    return dict(rows.all())


def get_child(public_id: uuid.UUID, *, actor: Actor) -> Child:
    """The child inside the actor's scope. Raises NotFound for any other."""
    actor.require(Permission.CHILD_FILE_READ)
    child = db.session.scalars(
        select(Child)
        .where(Child.public_id == public_id)
        .options(selectinload(Child.village), selectinload(Child.school))
    ).one_or_none()
    if child is None:
        raise NotFound("child")
    return child


def list_paired(actor: Actor) -> list[tuple[Child, Pairing]]:
    """A volunteer's own children today, with the pairing, by name."""
    actor.require(Permission.CHILD_FILE_READ)
    day = today()
    return [
        (child, pairing)
        for child, pairing in db.session.execute(
            select(Child, Pairing)
            .join(Pairing, Pairing.child_id == Child.id)
            .where(Pairing.helper_id == actor.person_id, Pairing.starts_on <= day, Pairing.ends_on > day)
            .options(selectinload(Child.village), selectinload(Child.school))
            .order_by(Child.name_key, Child.id)
        )
    ]


def guardians_of(child_ids: Sequence[int]) -> dict[int, Guardianship]:
    """Today's guardian of each child."""
    day = today()
    rows = db.session.scalars(
        select(Guardianship).where(
            Guardianship.child_id.in_(child_ids), Guardianship.since <= day, Guardianship.until > day
        )
    )
    return {row.child_id: row for row in rows}
