"""Where school and village see one child differently in a census, and whose turn it is to look (对账).

Both sides read both lines of a child, so each works the same list; what one side keeps and the other does
not know is never settled by counting, but by somebody who looks.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Select, and_, or_, select, tuple_
from sqlalchemy.orm import aliased, selectinload

from portal.extensions import db
from portal.models.children import Census, CensusLine, Child
from portal.services.children.census.opening import on_file
from portal.services.children.listing import PAGE, on_side, side_of
from portal.tenancy.actor import Actor
from portal.tenancy.permissions import Permission
from portal.tenancy.units import Unit
from portal.terms import DoubtKind, LineVerdict, RemovalReason, Schooling, Side, UnitKind

HERE = frozenset({LineVerdict.CONFIRMED, LineVerdict.CORRECTED, LineVerdict.ADDED})
"""Verdicts by which a side keeps the child on its list."""

NO_SCHOOL_NEEDED = frozenset({
    Schooling.NOT_YET, Schooling.SENIOR, Schooling.VOCATIONAL, Schooling.DROPPED_OUT, Schooling.NOT_IN_SCHOOL,
})  # fmt: skip
COMPULSORY = (6, 15)
"""Ages at which a child without a school of the county is asked about."""


@dataclass(frozen=True)
class Doubt:
    """One child whom the two sides see differently, and the unit whose turn it is."""

    child: Child
    kind: DoubtKind
    acts: Unit
    village: CensusLine | None
    school: CensusLine | None


@dataclass(frozen=True)
class DoubtPage:
    """One page of doubts and the key of the next one."""

    doubts: list[Doubt]
    next_key: tuple[str, int] | None


def judge(
    child: Child, village: CensusLine | None, school: CensusLine | None, *, age: int
) -> tuple[DoubtKind, Side] | None:
    """What is in doubt about a child and which side looks, by the two lines (None: on no list there)."""
    kept_here, kept_there = _kept(village), _kept(school)
    if child.village_id is None or child.school_id is None:
        return _one_sided(child, kept_here or kept_there, age)
    if kept_there and (village is None or _unknown(village)):
        return DoubtKind.ONLY_SCHOOL, Side.VILLAGE
    if kept_here and (school is None or _unknown(school)):
        return DoubtKind.ONLY_VILLAGE, Side.SCHOOL
    if village is None or school is None:
        return None
    if kept_there and village.verdict is LineVerdict.REMOVED:
        return DoubtKind.CONFLICT, Side.SCHOOL
    if kept_here and school.verdict is LineVerdict.REMOVED:
        return DoubtKind.CONFLICT, Side.VILLAGE
    both_gone = village.verdict is school.verdict is LineVerdict.REMOVED
    if both_gone and village.reason is not school.reason:
        return DoubtKind.CONFLICT, Side.VILLAGE
    return None


def _one_sided(child: Child, kept: bool, age: int) -> tuple[DoubtKind, Side] | None:
    """V27: on file with neither class nor village; or with one side where there should be two."""
    if not kept:
        return None
    if child.village_id is None:
        known_outside = bool(child.address) and child.class_id is not None
        return None if known_outside else (DoubtKind.NO_SIDE, Side.SCHOOL)
    learns = COMPULSORY[0] <= age <= COMPULSORY[1] and child.schooling not in NO_SCHOOL_NEEDED
    return (DoubtKind.NO_SIDE, Side.VILLAGE) if learns else None


def _kept(line: CensusLine | None) -> bool:
    return line is not None and line.verdict in HERE


def _unknown(line: CensusLine) -> bool:
    return line.verdict is LineVerdict.REMOVED and line.reason is RemovalReason.UNKNOWN_HERE


def list_doubts(
    census: Census,
    unit: Unit,
    *,
    actor: Actor,
    side: Side | None = None,
    after: tuple[str, int] | None = None,
) -> DoubtPage:
    """One page of the doubts about the children on one side of `unit`, by name."""
    actor.require(Permission.CHILD_LIST_READ, at=unit)
    village, school = aliased(CensusLine), aliased(CensusLine)
    query = _both_lines(census, village, school).where(
        on_side(Child, unit, side_of(unit, side)), *on_file(census.as_of), _may_differ(village, school)
    )
    if after is not None:
        query = query.where(tuple_(Child.name_key, Child.id) > after)
    query = query.options(selectinload(Child.village), selectinload(Child.school))
    rows = db.session.execute(query.order_by(Child.name_key, Child.id).limit(PAGE + 1)).all()
    found = [one for child, v, s in rows[:PAGE] if (one := _doubt(census, child, v, s)) is not None]
    last = rows[PAGE - 1][0] if len(rows) > PAGE else None
    return DoubtPage(found, (last.name_key, last.id) if last else None)


def _doubt(
    census: Census, child: Child, village: CensusLine | None, school: CensusLine | None
) -> Doubt | None:
    found = judge(child, village, school, age=child.age_on(census.as_of))
    if found is None:
        return None
    kind, side = found
    acts = child.village if side is Side.VILLAGE else child.school
    return Doubt(child, kind, acts, village, school) if acts is not None else None


def _both_lines(
    census: Census, village: type[CensusLine], school: type[CensusLine]
) -> Select[Child, CensusLine, CensusLine]:
    def of(line: type[CensusLine], side: Side) -> ColumnElement[bool]:
        return and_(line.child_id == Child.id, line.census_id == census.id, line.side == side)

    return (
        select(Child, village, school)
        .outerjoin(village, of(village, Side.VILLAGE))
        .outerjoin(school, of(school, Side.SCHOOL))
    )


def _may_differ(village: type[CensusLine], school: type[CensusLine]) -> ColumnElement[bool]:
    """Rows worth judging; where both sides keep the child, or one has not looked yet, nothing is in doubt."""

    def kept(line: type[CensusLine]) -> ColumnElement[bool]:
        return line.verdict.in_(HERE)

    def gone(line: type[CensusLine]) -> ColumnElement[bool]:
        return line.verdict == LineVerdict.REMOVED

    return or_(
        and_(kept(school), or_(gone(village), village.id.is_(None))),
        and_(kept(village), or_(gone(school), school.id.is_(None))),
        and_(gone(village), gone(school), village.reason != school.reason),
    )


def acts_here(doubts: Sequence[Doubt], unit: Unit) -> int:
    """How many of these wait for the unit itself."""
    return sum(one.acts.id == unit.id for one in doubts)


def sides_of(unit: Unit) -> list[Side]:
    """The sides a unit may read doubts on: a township both, a school or village its own."""
    return list(Side) if unit.kind is UnitKind.TOWNSHIP else [side_of(unit)]
