"""Opening and closing a census, and making the lists that classes and villages work through.

When: within a month of the beginning of a term (D4-03), each school by class, each village by household.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Sequence
from datetime import date, timedelta

from flask_babel import lazy_gettext as _l
from sqlalchemy import ColumnElement, Select, select
from sqlalchemy.orm.attributes import set_committed_value

from portal.config import now
from portal.errors import NotFound, PermissionDenied, Refused
from portal.extensions import db
from portal.models.children import Census, CensusLine, CensusList, Child, SchoolClass
from portal.services import audit
from portal.services.children.standing import UNDER, add_months
from portal.services.reports import periods
from portal.tenancy.actor import Actor
from portal.tenancy.permissions import Permission
from portal.tenancy.scoped import STAMPS
from portal.tenancy.units import Unit
from portal.terms import Basis, Side, UnitKind

Progress = Callable[[int, int], None]

CHUNK = 20
"""Lists that are made in one transaction."""

LONGEST = timedelta(days=92)
"""三个月内 (D4-07): a census that takes longer describes no day."""


def open_census(
    unit: Unit, *, actor: Actor, period: str, basis: Basis, as_of: date, due_on: date, note: str = ""
) -> Census:
    """Open the census of a term for the whole county; its lists are made by the job `children.census`.

    Raises Refused where the days do not fit or the term has had its census.
    """
    require_county(unit, actor=actor)
    term = periods.parse(period)
    if term.kind != "T":
        raise Refused(_l("Choose a term."), field="period")
    if not term.start <= as_of <= term.end:
        raise Refused(_l("The day lies outside this term."), field="as_of")
    if not as_of <= due_on <= as_of + LONGEST:
        raise Refused(_l("Due between the day of the census and three months later."), field="due_on")
    if db.session.scalars(_all().where(Census.period == term.code)).first() is not None:
        raise Refused(_l("This term has had its census."), field="period")
    census = Census(
        public_id=uuid.uuid4(), unit=unit, county_id=unit.county_id, period=term.code, basis=basis,
        as_of=as_of, due_on=due_on, note=note, person_id=actor.person_id,
    )  # fmt: skip
    db.session.add(census)
    db.session.flush()
    audit.record(
        actor, "children:census:open", at=unit, subject=f"census:{census.public_id}",
        details={"period": term.code, "basis": basis.value, "as_of": as_of, "due_on": due_on},
    )  # fmt: skip
    return census


def require_county(unit: Unit, *, actor: Actor) -> None:
    """A census is the whole county's: raises PermissionDenied below it."""
    actor.require(Permission.CENSUS_GOVERN, at=unit)
    if unit.kind is not UnitKind.COUNTY:
        raise PermissionDenied("a census is opened for a county")


def terms_near(day: date) -> list[periods.Period]:
    """The terms a census may be opened for on a day: this one, and the one before."""
    term = periods.term_of(day)
    return [term, periods.term_of(term.start - timedelta(days=1))]


def close_census(census: Census, *, actor: Actor) -> None:
    """Take no more entries. Lists that were not signed stay as they are and count as missing."""
    actor.require(Permission.CENSUS_GOVERN, at=census.unit)
    if actor.unit.kind is not UnitKind.COUNTY:
        raise PermissionDenied("a census is closed by the county")
    if census.closed_at is not None:
        raise Refused(_l("This census is closed."))
    census.closed_at = now()
    db.session.flush()
    audit.record(
        actor,
        "children:census:close",
        subject=f"census:{census.public_id}",
        details={"period": census.period},
    )


def list_censuses(*, actor: Actor) -> Sequence[Census]:
    """Every census of the county, the newest first."""
    actor.require(Permission.CENSUS_READ)
    return db.session.scalars(_all()).all()


def newest(*, actor: Actor) -> Census | None:
    """The census of the county that was opened last."""
    actor.require(Permission.CENSUS_READ)
    return db.session.scalars(_all().limit(1)).first()


def get_census(public_id: uuid.UUID, *, actor: Actor) -> Census:
    """Raises NotFound for one that the county does not have."""
    actor.require(Permission.CENSUS_READ)
    census = db.session.scalars(select(Census).where(Census.public_id == public_id)).one_or_none()
    if census is None:
        raise NotFound("census")
    return census


def make_lists(census: Census, *, actor: Actor, progress: Progress) -> int:
    """A list for every class and village, with a line for each child on file there; how many lists.

    `progress` may end the transaction. Safe to run again: what is there already is left alone.
    """
    actor.require(Permission.CENSUS_GOVERN, at=census.unit)
    places = _places(census)
    for start in range(0, len(places), CHUNK):
        for unit, room in places[start : start + CHUNK]:
            _make_list(census, unit, room)
        done = min(start + CHUNK, len(places))
        audit.record(
            actor, "children:census:lists", subject=f"census:{census.public_id}",
            details={"done": done, "total": len(places)},
        )  # fmt: skip
        progress(done, len(places))
    return len(places)


def _all() -> Select[Census]:
    return select(Census).order_by(Census.as_of.desc(), Census.id.desc())


def _places(census: Census) -> list[tuple[Unit, SchoolClass | None]]:
    """Villages, classes, and schools that have children in no class."""
    open_then = (
        Unit.county_id == census.county_id,
        Unit.opened_on <= census.as_of,
        Unit.closed_on.is_(None) | (Unit.closed_on > census.as_of),
    )
    villages = db.session.scalars(select(Unit).where(*open_then, Unit.kind == UnitKind.VILLAGE))
    schools = {
        one.id: one
        for one in db.session.scalars(select(Unit).where(*open_then, Unit.kind == UnitKind.SCHOOL))
    }
    rooms = db.session.scalars(
        select(SchoolClass)
        .where(SchoolClass.since <= census.as_of, SchoolClass.until > census.as_of)
        .order_by(SchoolClass.unit_id, SchoolClass.grade, SchoolClass.name)
    )
    roomless = set(
        db.session.scalars(
            select(Child.school_id)
            .where(Child.school_id.is_not(None), Child.class_id.is_(None), *on_file(census.as_of))
            .distinct()
        )
    )
    found: list[tuple[Unit, SchoolClass | None]] = [(one, None) for one in villages]
    found += [(schools[room.unit_id], room) for room in rooms if room.unit_id in schools]
    return found + [(school, None) for key, school in schools.items() if key in roomless]


def on_file(day: date) -> tuple[ColumnElement[bool], ...]:
    """Children whose file is kept up and who are under sixteen on a day."""
    return (
        Child.exited_on.is_(None),
        Child.archived_on.is_(None),
        Child.birth_date > add_months(day, -UNDER * 12),
        Child.birth_date <= day,
    )


def belonging(census_list: CensusList) -> tuple[ColumnElement[bool], ...]:
    """The children of a list's place today."""
    if census_list.unit.kind is UnitKind.VILLAGE:
        return (Child.v_unit_id == census_list.unit_id,)
    return (Child.s_unit_id == census_list.unit_id, Child.class_id.is_not_distinct_from(census_list.class_id))


def side_of_list(census_list: CensusList) -> Side:
    return Side.VILLAGE if census_list.unit.kind is UnitKind.VILLAGE else Side.SCHOOL


def new_line(census_list: CensusList, child: Child) -> CensusLine:
    """An open line; not hung into the child's own collections, since her file does not change by it."""
    stamps = {stamp: getattr(child, stamp) for stamp in STAMPS}
    line = CensusLine(
        child_id=child.id, **stamps, census_id=census_list.census_id, list_id=census_list.id,
        side=side_of_list(census_list),
    )  # fmt: skip
    set_committed_value(line, "child", child)
    db.session.add(line)
    return line


def _make_list(census: Census, unit: Unit, room: SchoolClass | None) -> None:
    room_id = room.id if room else None
    made = db.session.scalars(
        select(CensusList).where(
            CensusList.census_id == census.id, CensusList.unit_id == unit.id,
            CensusList.class_id.is_not_distinct_from(room_id),
        )
    ).one_or_none()  # fmt: skip
    if made is not None:
        return
    made = CensusList(public_id=uuid.uuid4(), unit=unit, census_id=census.id, class_id=room_id)
    db.session.add(made)
    db.session.flush()
    for child in db.session.scalars(select(Child).where(*belonging(made), *on_file(census.as_of))):
        new_line(made, child)
