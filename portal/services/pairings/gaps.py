"""What is missing: children without a helper, helpers with too many, lapsed checks, pairings nobody keeps (V29)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import ColumnElement, Select, and_, case, exists, func, or_, select, tuple_
from sqlalchemy.orm import joinedload

from portal.config import today
from portal.extensions import db
from portal.models.accounts import Person
from portal.models.children import Child, Standing
from portal.models.pairings import Pairing
from portal.models.visits import Visit
from portal.models.volunteers import Volunteer
from portal.services.children.listing import on_side, side_of
from portal.services.pairings import limits
from portal.services.pairings.reading import PAGE, live
from portal.tenancy.actor import Actor
from portal.tenancy.permissions import Permission
from portal.tenancy.units import Unit
from portal.terms import DutyPackage, PairingKind, Side, Term, VolunteerStatus

CHECKED = [kind for kind in PairingKind if kind.is_checked]


class Gap(Term):
    """What can be missing."""

    UNPAIRED = "unpaired", _l("no helper")
    OVER = "over", _l("above the limit")
    LAPSED = "lapsed", _l("check lapsed")
    SILENT = "silent", _l("no contact in time")
    AFTER = "after", _l("contact without a right")


@dataclass(frozen=True)
class GapLine:
    """One thing that is missing. `words` says what, where the list's name does not."""

    child: Child | None
    helper: Person | None
    pairing: Pairing | None = None
    words: Any = ""


@dataclass(frozen=True)
class GapPage:
    """One page of a list and the key of the next one."""

    lines: Sequence[GapLine]
    next_key: tuple[Any, ...] | None


def count_gaps(unit: Unit, *, actor: Actor, side: Side) -> dict[Gap, int]:
    """How many there are of each, on one side of `unit`."""
    actor.require(Permission.PAIRING_READ, at=unit)
    queries = {Gap.UNPAIRED: _unpaired(unit, side), Gap.LAPSED: _lapsed(unit, side),
               Gap.SILENT: _silent(unit, side), Gap.AFTER: _after(unit, side)}  # fmt: skip
    counted = [_how_many(query).scalar_subquery() for query in queries.values()]
    numbers = dict(zip(queries, db.session.execute(select(*counted)).one(), strict=True))
    return {gap: numbers[gap] if gap in numbers else len(_over(unit, side)) for gap in Gap}


def count_unpaired(unit: Unit, *, actor: Actor) -> int:
    """Left-behind children counted at `unit` today who have no live pairing."""
    actor.require(Permission.PAIRING_READ, at=unit)
    return db.session.scalar(_how_many(_unpaired(unit, side_of(unit)))) or 0


def _how_many(query: Select[Any]) -> Select[int]:
    return select(func.count()).select_from(query.subquery())


def list_gaps(
    unit: Unit, *, actor: Actor, side: Side, gap: Gap, after: tuple[Any, ...] | None = None, limit: int = PAGE
) -> GapPage:
    """One page of what is missing."""
    actor.require(Permission.PAIRING_READ, at=unit)
    if gap is Gap.OVER:
        return GapPage(_over_lines(unit, side), None)
    if gap is Gap.UNPAIRED:
        return _unpaired_page(unit, side, after, limit)
    if gap is Gap.AFTER:
        return _after_page(unit, side, after, limit)
    query = _lapsed(unit, side) if gap is Gap.LAPSED else _silent(unit, side)
    if after is not None:
        query = query.where(Pairing.id > after[0])
    loaded = query.options(joinedload(Pairing.helper), joinedload(Pairing.child))
    rows = db.session.scalars(loaded.order_by(Pairing.id).limit(limit + 1)).all()
    lines = [GapLine(one.child, one.helper, one, one.kind.label) for one in rows[:limit]]
    return GapPage(lines, (rows[limit - 1].id,) if len(rows) > limit else None)


# ---- children without a helper


def _unpaired(unit: Unit, side: Side) -> Select[Child]:
    """Left-behind children on one side without a live pairing."""
    day = today()
    counts = select(Standing.child_id).where(
        Standing.counts_at(unit), Standing.side == side, Standing.starts_on <= day, Standing.ends_on > day
    )
    paired = select(Pairing.child_id).where(live(day))
    return select(Child).where(Child.id.in_(counts), Child.id.not_in(paired))


def _unpaired_page(unit: Unit, side: Side, after: tuple[Any, ...] | None, limit: int) -> GapPage:
    query = _unpaired(unit, side)
    if after is not None:
        query = query.where(tuple_(Child.name_key, Child.id) > tuple(after))
    loaded = query.options(joinedload(Child.village), joinedload(Child.school))
    rows = db.session.scalars(loaded.order_by(Child.name_key, Child.id).limit(limit + 1)).all()
    lines = [GapLine(one, None) for one in rows[:limit]]
    return GapPage(lines, (rows[limit - 1].name_key, rows[limit - 1].id) if len(rows) > limit else None)


# ---- helpers with too many


def _over(unit: Unit, side: Side) -> list[tuple[int, Any, int]]:
    """(person id, whose limit, children) of the helpers of this side who are above the county's limit."""
    here = select(Pairing.helper_id).where(on_side(Pairing, unit, side), live(today()))
    loads = limits.loads_of(unit.county_id, Pairing.helper_id.in_(here))
    return list(limits.over(loads, limits.limits_of(unit.county_id)))


def _over_lines(unit: Unit, side: Side) -> list[GapLine]:
    found = _over(unit, side)
    query = select(Person).where(Person.id.in_([helper for helper, _limit, _number in found]))
    people = {one.id: one for one in db.session.scalars(query.options(joinedload(Person.unit)))}
    county = limits.limits_of(unit.county_id)
    said = [GapLine(None, people[helper], words=_l("%(n)s children; the limit is %(limit)s", n=number,
                                                   limit=county[limit]))
            for helper, limit, number in found if helper in people]  # fmt: skip
    return sorted(said, key=lambda line: line.helper.name_key if line.helper else "")


# ---- lapsed checks, pairings nobody keeps


def _lapsed(unit: Unit, side: Side) -> Select[Pairing]:
    """Live pairings of a kind that asks for a check, whose helper is not on the roster or not checked today."""
    fits = and_(Volunteer.status == VolunteerStatus.ACTIVE, Volunteer.vetted_until > today())
    helpers = select(Volunteer.person_id).where(fits)
    return select(Pairing).where(
        on_side(Pairing, unit, side),
        live(today()),
        Pairing.kind.in_(CHECKED),
        Pairing.helper_id.not_in(helpers),
    )


def _silent(unit: Unit, side: Side) -> Select[Pairing]:
    """Live pairings as old as their duty's time, without any contact of helper and child in it."""
    since = _since(today())
    kept = exists().where(
        Visit.child_id == Pairing.child_id,
        Visit.person_id == Pairing.helper_id,
        Visit.voided_at.is_(None),
        Visit.happened_on > since,
    )
    return select(Pairing).where(
        on_side(Pairing, unit, side), live(today()), Pairing.starts_on <= since, ~kept
    )


def _since(day: date) -> ColumnElement[date]:
    """The day after which a contact must have been: by the package of duties, else by the kind."""
    packages = [(Pairing.package == one, day - one.every) for one in DutyPackage]
    kinds: dict[timedelta, list[PairingKind]] = {}
    for kind in PairingKind:
        kinds.setdefault(kind.every, []).append(kind)
    longest = max(kinds)
    rest = [(Pairing.kind.in_(some), day - every) for every, some in kinds.items() if every != longest]
    return case(*packages, *rest, else_=day - longest)


# ---- contacts without a right


def _after(unit: Unit, side: Side) -> Select[Visit]:
    """Contacts by a pairing after it ended, or by a volunteer on a day on which her check had lapsed."""
    ended = Visit.happened_on > Pairing.ends_on
    lapsed = and_(Pairing.kind.in_(CHECKED), Volunteer.vetted_until <= Visit.happened_on)
    return (
        select(Visit)
        .join(Pairing, Pairing.id == Visit.pairing_id)
        .outerjoin(Volunteer, Volunteer.person_id == Visit.person_id)
        .where(on_side(Visit, unit, side), Visit.voided_at.is_(None), or_(ended, lapsed))
    )


def _after_page(unit: Unit, side: Side, after: tuple[Any, ...] | None, limit: int) -> GapPage:
    query = _after(unit, side)
    if after is not None:
        query = query.where(Visit.id > after[0])
    loaded = query.options(joinedload(Visit.child), joinedload(Visit.person))
    rows = db.session.scalars(loaded.order_by(Visit.id).limit(limit + 1)).all()
    lines = [GapLine(one.child, one.person, words=f"{one.happened_on.isoformat()} {one.kind.label}")
             for one in rows[:limit]]  # fmt: skip
    return GapPage(lines, (rows[limit - 1].id,) if len(rows) > limit else None)
