"""Random counties for the property test, as plain plans, and the oracle that says who sees what."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field
from datetime import date, timedelta

from hypothesis import strategies as st
from sqlalchemy.orm import Session

from portal.models.accounts import Person
from portal.models.children import Child, ClassPost, Guardianship, Parent, SchoolClass
from portal.models.pairings import Pairing
from portal.models.visits import Visit
from portal.tenancy.columns import FOREVER
from portal.tenancy.roles import Role
from portal.tenancy.scope import Level, Scope
from portal.tenancy.units import Unit
from portal.terms import GuardianKind, PairingKind, ParentRole, Sex, UnitKind, VisitKind
from tests.factories.world import DAY

LONG_AGO = date(2000, 1, 1)
TEACHERS = (1_000_001, 1_000_002)
"""Numbers of memberships of class teachers."""
SPELLS = [
    (LONG_AGO, FOREVER),
    (DAY, FOREVER),
    (DAY - timedelta(days=9), DAY + timedelta(days=1)),
    (DAY - timedelta(days=9), DAY),
    (DAY + timedelta(days=1), FOREVER),
    (LONG_AGO, LONG_AGO + timedelta(days=1)),
]
"""Pairings that are live on DAY (the first three) and pairings that are not."""


@dataclass(frozen=True)
class Plan:
    """What a drawn forest holds, by number: places into lists, wrapped round where a list is shorter."""

    towns: tuple[int, ...]
    """Townships of each county."""
    leaves: tuple[tuple[int, bool], ...]
    """(which parent among townships and counties, whether it is a school)."""
    children: tuple[tuple[int, int | None, int | None], ...]
    """(county, which village or none, which school or none)."""
    pairings: tuple[tuple[int, int, int], ...]
    """(volunteer, child, spell)."""
    visits: tuple[tuple[int, int], ...]
    """(volunteer, child)."""
    posts: tuple[tuple[int, int, int], ...] = ()
    """(teacher, class, spell)."""


_few = st.integers(0, 11)
PLANS = st.builds(
    Plan,
    towns=st.lists(st.integers(0, 3), min_size=1, max_size=2).map(tuple),
    leaves=st.lists(st.tuples(_few, st.booleans()), min_size=1, max_size=7).map(tuple),
    children=st.lists(
        st.tuples(st.integers(0, 1), st.none() | _few, st.none() | _few), min_size=1, max_size=8
    ).map(tuple),
    pairings=st.lists(st.tuples(_few, _few, st.integers(0, len(SPELLS) - 1)), max_size=6).map(tuple),
    visits=st.lists(st.tuples(_few, _few), max_size=6).map(tuple),
    posts=st.lists(st.tuples(_few, _few, st.integers(0, len(SPELLS) - 1)), max_size=6).map(tuple),
)


@dataclass
class Forest:
    """The planted rows."""

    units: list[Unit] = field(default_factory=list)
    people: list[Person] = field(default_factory=list)
    rows: dict[type, list] = field(default_factory=dict)

    def of_kind(self, *kinds: UnitKind, county_id: int | None = None) -> list[Unit]:
        inside = [unit for unit in self.units if county_id in (None, unit.county_id)]
        return [unit for unit in inside if unit.kind in kinds]


def plant(session: Session, plan: Plan) -> Forest:
    """Write the plan's rows through a session without walls; the caller rolls back."""
    forest = Forest()
    _plant_units(session, forest, plan)
    counties = forest.of_kind(UnitKind.COUNTY)
    for county in counties:
        for number in range(2):
            forest.people.append(Person(name=f"人{number}", name_key="ren|r", unit=county))
    session.add_all(forest.people)
    classes = [
        SchoolClass(unit=unit, grade=1, name="1班", pupils=1, compulsory=True, since=LONG_AGO)
        for unit in forest.of_kind(UnitKind.VILLAGE, UnitKind.SCHOOL)
        for _class in range(2)
    ]
    children = [one for one in (_child(forest, counties, *how) for how in plan.children) if one]
    session.add_all([*classes, *children])
    session.flush()
    for number, child in enumerate(children):
        rooms = [one for one in classes if one.unit_id == child.school_id]
        child.school_class = ([*rooms, None] if child.school_id else [None])[number % (1 + len(rooms))]
    forest.rows = {Unit: forest.units, Person: forest.people, SchoolClass: classes, Child: children}
    _plant_records(session, forest, plan)
    return forest


def _plant_units(session: Session, forest: Forest, plan: Plan) -> None:
    def grow(kind: UnitKind, parent: Unit | None) -> None:
        unit = Unit(
            code=uuid.uuid4().hex[:20], name="地", name_key="di|d", kind=kind, opened_on=LONG_AGO,
            parent_id=parent and parent.id, county_id=parent.county_id if parent else 0,
            township_id=parent.township_id if parent else 0,
        )  # fmt: skip
        session.add(unit)
        session.flush()
        if kind is UnitKind.COUNTY:
            unit.county_id = unit.id
        if kind is UnitKind.TOWNSHIP:
            unit.township_id = unit.id
        forest.units.append(unit)

    for _county in plan.towns:
        grow(UnitKind.COUNTY, None)
    for county, towns in zip(list(forest.units), plan.towns, strict=True):
        for _town in range(towns):
            grow(UnitKind.TOWNSHIP, county)
    for place, is_school in plan.leaves:
        parents = forest.of_kind(UnitKind.TOWNSHIP) + (forest.of_kind(UnitKind.COUNTY) if is_school else [])
        if parents:
            grow(UnitKind.SCHOOL if is_school else UnitKind.VILLAGE, parents[place % len(parents)])
    session.flush()


def _child(
    forest: Forest, counties: list[Unit], number: int, village: int | None, school: int | None
) -> Child | None:
    county = counties[number % len(counties)]
    sides: dict[str, Unit] = {}
    for side, kind, chosen in (("village", UnitKind.VILLAGE, village), ("school", UnitKind.SCHOOL, school)):
        there = forest.of_kind(kind, county_id=county.id)
        if chosen is not None and there:
            sides[side] = there[chosen % len(there)]
    if not sides:
        return None
    return Child(
        case_no=uuid.uuid4().hex[:12], name="童", name_key="tong|t", sex=Sex.MALE,
        birth_date=date(2015, 1, 1), county_id=county.id, **sides,
    )  # fmt: skip


def _plant_records(session: Session, forest: Forest, plan: Plan) -> None:
    children = forest.rows[Child]
    rows: dict[type, list] = {Guardianship: [], Parent: [], Pairing: [], Visit: []}
    for child in children:
        rows[Guardianship].append(Guardianship(child=child, kind=GuardianKind.GRANDPARENT, since=LONG_AGO))
        rows[Parent].append(Parent(child=child, role=ParentRole.FATHER))
    for who, which, spell in plan.pairings if children else ():
        child = children[which % len(children)]
        helper = forest.people[who % len(forest.people)]
        starts_on, ends_on = SPELLS[spell]
        rows[Pairing].append(
            Pairing(
                child=child,
                helper=helper,
                kind=PairingKind.VOLUNTEER,
                starts_on=starts_on,
                ends_on=ends_on,
                stat_unit=_home(forest, child),
            )
        )
    for who, which in plan.visits if children else ():
        child = children[which % len(children)]
        rows[Visit].append(
            Visit(
                child=child,
                person=forest.people[who % len(forest.people)],
                entry_id=uuid.uuid4(),
                kind=VisitKind.TALK,
                happened_on=DAY,
                minutes=9,
                role=Role.VOLUNTEER,
                stat_unit=_home(forest, child),
            )
        )
    rooms = [one for one in forest.rows[SchoolClass] if one.unit_id in _schools(forest)]
    rows[ClassPost] = (
        [
            _post(forest, rooms[which % len(rooms)], *how)
            for *how, which in ((who, spell, which) for who, which, spell in plan.posts)
        ]
        if rooms
        else []
    )
    for made in rows.values():
        session.add_all(made)
    session.flush()
    forest.rows |= rows


def _schools(forest: Forest) -> dict[int, Unit]:
    return {unit.id: unit for unit in forest.of_kind(UnitKind.SCHOOL)}


def _post(forest: Forest, room: SchoolClass, who: int, spell: int) -> ClassPost:
    """The key to the membership is checked at a commit that never comes, so a number will do."""
    since, until = SPELLS[spell]
    return ClassPost(
        unit=_schools(forest)[room.unit_id],
        class_id=room.id,
        membership_id=TEACHERS[who % len(TEACHERS)],
        since=since,
        until=until,
    )


def _home(forest: Forest, child: Child) -> Unit:
    return next(unit for unit in forest.units if unit.id in (child.village_id, child.school_id))


def scopes(forest: Forest) -> list[Scope | None]:
    """Everybody who could look: each unit, each person as a volunteer, and nobody."""
    levels = {UnitKind.COUNTY: Level.COUNTY, UnitKind.TOWNSHIP: Level.TOWNSHIP}
    at_units = [Scope(levels.get(u.kind, Level.UNIT), u.id, u.county_id) for u in forest.units]
    teaching = [
        Scope(Level.CLASS, school.id, school.county_id, day=DAY, membership_id=teacher)
        for school in forest.of_kind(UnitKind.SCHOOL)
        for teacher in TEACHERS
    ]
    helping = [Scope(Level.VOLUNTEER, p.id, p.county_id, day=DAY) for p in forest.people]
    return [None, *at_units, *teaching, *helping]


def oracle(forest: Forest, scope: Scope | None, cls: type) -> set[int]:
    """The ids a scope must show of a class, worked out without the database."""
    if scope is None:
        return set()
    rows = forest.rows[cls]
    if scope.level is Level.VOLUNTEER:
        return {row.id for row in rows if _volunteer_sees(forest, scope, row)}
    if scope.level is Level.CLASS:
        return {row.id for row in rows if _teacher_sees(forest, scope, row)}
    return {row.id for row in rows if _staff_sees(scope, row)}


def _staff_sees(scope: Scope, row: object) -> bool:
    if isinstance(row, (Unit, Person)) or scope.level is Level.COUNTY:
        return row.county_id == scope.county_id
    if isinstance(row, (SchoolClass, ClassPost)):
        return scope.id == (row.township_id if scope.level is Level.TOWNSHIP else row.unit_id)
    child = row if isinstance(row, Child) else row.child
    towns, units = (child.village_township_id, child.school_township_id), (child.village_id, child.school_id)
    return scope.id in (towns if scope.level is Level.TOWNSHIP else units)


def _teacher_sees(forest: Forest, scope: Scope, row: object) -> bool:
    if isinstance(row, (Unit, Person)):
        return row.county_id == scope.county_id
    if isinstance(row, (SchoolClass, ClassPost)):
        return row.unit_id == scope.id
    mine = [one for one in forest.rows[ClassPost] if one.membership_id == scope.membership_id]
    held = {one.class_id for one in mine if one.since <= DAY < one.until and one.unit_id == scope.id}
    child = row if isinstance(row, Child) else row.child
    return child.class_id in held


def _volunteer_sees(forest: Forest, scope: Scope, row: object) -> bool:
    mine = [one for one in forest.rows[Pairing] if one.helper_id == scope.id]
    live = {p.child_id for p in mine if p.starts_on <= DAY < p.ends_on and p.county_id == scope.county_id}
    if isinstance(row, Unit):
        return row.county_id == scope.county_id
    if isinstance(row, Person):
        return row.id == scope.id
    if isinstance(row, Pairing):
        return row in mine
    if isinstance(row, Child):
        return row.id in live
    if isinstance(row, Visit):
        return row.child_id in live and row.person_id == scope.id
    return isinstance(row, Guardianship) and row.child_id in live
