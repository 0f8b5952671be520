"""Random counties for the property test, as plain plans, and the oracle that says who sees what."""

from __future__ import annotations

import itertools
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import lru_cache

from hypothesis import strategies as st
from sqlalchemy import insert, inspect
from sqlalchemy.orm import Session

from portal.models.accounts import Person
from portal.models.children import Child, ClassPost, Guardianship, Parent, SchoolClass, Transfer
from portal.models.pairings import Pairing
from portal.models.visits import Visit
from portal.tenancy.columns import FOREVER
from portal.tenancy.roles import Role
from portal.tenancy.scope import Level, Scope
from portal.tenancy.scoped import STAMPS
from portal.tenancy.units import Unit
from portal.terms import (
    GuardianKind,
    PairingKind,
    ParentRole,
    Sex,
    Side,
    TransferReason,
    UnitKind,
    VisitKind,
)
from tests.factories.world import DAY

PLANTED = (Unit, Person, SchoolClass, Child, Guardianship, Parent, Pairing, Visit, ClassPost, Transfer)
TAUGHT = (Child, Guardianship, Parent, Visit, Pairing)
"""What a class teacher writes of her pupils."""
GENERATED = {"v_unit_id", "v_town_id", "s_unit_id", "s_town_id"}
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
    transfers: tuple[tuple[int, int], ...] = ()
    """(child, which leaf of her county is asked to take her)."""


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
    transfers=st.lists(st.tuples(_few, _few), max_size=4).map(tuple),
)


@dataclass
class Forest:
    """The planted rows, as objects of no session."""

    rows: dict[type, list] = field(default_factory=dict)
    children: dict[int, Child] = field(default_factory=dict)
    numbers: Iterator[int] = field(default_factory=lambda: itertools.count(10_000_000))

    @property
    def units(self) -> list[Unit]:
        return self.rows[Unit]

    @property
    def people(self) -> list[Person]:
        return self.rows[Person]

    def add(self, cls: type, **values: object) -> object:
        """A row of its own number."""
        row = cls(id=next(self.numbers), **values)
        self.rows.setdefault(cls, []).append(row)
        return row

    def of_kind(self, *kinds: UnitKind, county_id: int | None = None) -> list[Unit]:
        inside = [unit for unit in self.units if county_id in (None, unit.county_id)]
        return [unit for unit in inside if unit.kind in kinds]

    def child_of(self, row: object) -> Child:
        return row if isinstance(row, Child) else self.children[row.child_id]


def plant(session: Session, plan: Plan) -> Forest:
    """Write the plan's rows in bulk through a session without walls; the caller rolls back."""
    forest = Forest({cls: [] for cls in PLANTED})
    _units(forest, plan)
    counties = forest.of_kind(UnitKind.COUNTY)
    for county in counties:
        for number in range(2):
            forest.add(Person, name=f"人{number}", name_key="ren|r", **_at(county))
    for unit in forest.of_kind(UnitKind.VILLAGE, UnitKind.SCHOOL):
        for _class in range(2):
            forest.add(
                SchoolClass, grade=1, name="1班", pupils=1, compulsory=True, since=LONG_AGO, **_at(unit)
            )
    for how in plan.children:
        _child(forest, counties, *how)
    _records(forest, plan)
    for cls, rows in forest.rows.items():
        if rows:
            session.execute(insert(cls.__table__), [_written(row) for row in rows])
    return forest


def _written(row: object) -> dict[str, object]:
    """The columns that were given; the database works out the stamps of a child."""
    given = _given(type(row))
    return {key: value for key, value in vars(row).items() if key in given}


@lru_cache
def _given(cls: type) -> set[str]:
    return {one.key for one in inspect(cls).column_attrs} - (GENERATED if cls is Child else set())


def _at(unit: Unit) -> dict[str, int]:
    return {"unit_id": unit.id, "township_id": unit.township_id, "county_id": unit.county_id}


def _stat(unit: Unit) -> dict[str, int]:
    return {f"stat_{name}": number for name, number in _at(unit).items()}


def _units(forest: Forest, plan: Plan) -> None:
    def grow(kind: UnitKind, parent: Unit | None) -> None:
        unit = forest.add(
            Unit, code=uuid.uuid4().hex[:20], name="地", name_key="di|d", kind=kind, opened_on=LONG_AGO,
            parent_id=parent and parent.id, county_id=parent.county_id if parent else 0,
            township_id=parent.township_id if parent else 0,
        )  # fmt: skip
        unit.county_id = unit.county_id or unit.id
        if kind is UnitKind.TOWNSHIP:
            unit.township_id = unit.id

    for _county in plan.towns:
        grow(UnitKind.COUNTY, None)
    for county, towns in zip(list(forest.units), plan.towns, strict=True):
        for _town in range(towns):
            grow(UnitKind.TOWNSHIP, county)
    for place, is_school in plan.leaves:
        parents = forest.of_kind(UnitKind.TOWNSHIP) + (forest.of_kind(UnitKind.COUNTY) if is_school else [])
        if parents:
            grow(UnitKind.SCHOOL if is_school else UnitKind.VILLAGE, parents[place % len(parents)])


def _child(
    forest: Forest, counties: list[Unit], number: int, village: int | None, school: int | None
) -> None:
    county = counties[number % len(counties)]
    sides: dict[str, int | None] = {}
    for side, kind, chosen in (("village", UnitKind.VILLAGE, village), ("school", UnitKind.SCHOOL, school)):
        there = forest.of_kind(kind, county_id=county.id)
        unit = there[chosen % len(there)] if chosen is not None and there else None
        sides[f"{side}_id"] = unit.id if unit else None
        sides[f"{side}_township_id"] = unit.township_id if unit else None
    if not (sides["village_id"] or sides["school_id"]):
        return
    rooms = [one.id for one in forest.rows[SchoolClass] if one.unit_id == sides["school_id"]]
    child = forest.add(
        Child, case_no=uuid.uuid4().hex[:12], name="童", name_key="tong|t", sex=Sex.MALE,
        birth_date=date(2015, 1, 1), county_id=county.id,
        class_id=[*rooms, None][len(forest.children) % (1 + len(rooms))], **sides,
    )  # fmt: skip
    child.v_unit_id, child.v_town_id = sides["village_id"] or 0, sides["village_township_id"] or 0
    child.s_unit_id, child.s_town_id = sides["school_id"] or 0, sides["school_township_id"] or 0
    forest.children[child.id] = child


def key_of(child: Child) -> dict[str, int]:
    """The columns of a row about the child."""
    return {"child_id": child.id, **{stamp: getattr(child, stamp) for stamp in STAMPS}}


def _records(forest: Forest, plan: Plan) -> None:
    children = list(forest.children.values())
    for child in children:
        forest.add(Guardianship, kind=GuardianKind.GRANDPARENT, since=LONG_AGO, **key_of(child))
        forest.add(Parent, role=ParentRole.FATHER, **key_of(child))
    for who, which, spell in plan.pairings if children else ():
        child = children[which % len(children)]
        starts_on, ends_on = SPELLS[spell]
        forest.add(
            Pairing, helper_id=forest.people[who % len(forest.people)].id, kind=PairingKind.VOLUNTEER,
            starts_on=starts_on, ends_on=ends_on, **key_of(child), **_stat(_home(forest, child)),
        )  # fmt: skip
    for who, which in plan.visits if children else ():
        child = children[which % len(children)]
        forest.add(
            Visit, person_id=forest.people[who % len(forest.people)].id, entry_id=uuid.uuid4(),
            kind=VisitKind.TALK, happened_on=DAY, minutes=9, role=Role.VOLUNTEER, worry=False,
            **key_of(child), **_stat(_home(forest, child)),
        )  # fmt: skip
    for which, where in plan.transfers if children else ():
        _transfer(forest, children[which % len(children)], where)
    rooms = [one for one in forest.rows[SchoolClass] if one.unit_id in _schools(forest)]
    for who, which, spell in plan.posts if rooms else ():
        room, (since, until) = rooms[which % len(rooms)], SPELLS[spell]
        forest.add(  # its key to the membership is checked at a commit that never comes
            ClassPost, class_id=room.id, membership_id=TEACHERS[who % len(TEACHERS)], since=since,
            until=until, **_at(_schools(forest)[room.unit_id]),
        )  # fmt: skip


def _transfer(forest: Forest, child: Child, where: int) -> None:
    there = forest.of_kind(UnitKind.VILLAGE, UnitKind.SCHOOL, county_id=child.county_id)
    home, other = _home(forest, child), there[where % len(there)]
    forest.add(
        Transfer, child_id=child.id, side=Side.VILLAGE, case_no="1", name="童", sex=Sex.MALE, birth_year=2015,
        reason=TransferReason.SCHOOL, effective_on=DAY, person_id=1, county_id=child.county_id,
        from_unit_id=home.id, from_town_id=home.township_id, to_unit_id=other.id, to_town_id=other.township_id,
    )  # fmt: skip


def _schools(forest: Forest) -> dict[int, Unit]:
    return {unit.id: unit for unit in forest.of_kind(UnitKind.SCHOOL)}


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
    return {row.id for row in rows if _staff_sees(forest, scope, row)}


def _staff_sees(forest: Forest, scope: Scope, row: object) -> bool:
    if isinstance(row, (Unit, Person)) or scope.level is Level.COUNTY:
        return row.county_id == scope.county_id
    if isinstance(row, (SchoolClass, ClassPost)):
        return scope.id == (row.township_id if scope.level is Level.TOWNSHIP else row.unit_id)
    if isinstance(row, Transfer):
        towns, units = (row.from_town_id, row.to_town_id), (row.from_unit_id, row.to_unit_id)
        return scope.id in (towns if scope.level is Level.TOWNSHIP else units)
    child = forest.child_of(row)
    towns, units = (child.village_township_id, child.school_township_id), (child.village_id, child.school_id)
    return scope.id in (towns if scope.level is Level.TOWNSHIP else units)


def _teacher_sees(forest: Forest, scope: Scope, row: object) -> bool:
    if isinstance(row, (Unit, Person)):
        return row.county_id == scope.county_id
    if isinstance(row, (SchoolClass, ClassPost)):
        return row.unit_id == scope.id
    if isinstance(row, Transfer):
        return False
    mine = [one for one in forest.rows[ClassPost] if one.membership_id == scope.membership_id]
    held = {one.class_id for one in mine if one.since <= DAY < one.until and one.unit_id == scope.id}
    child = forest.child_of(row)
    return child.class_id in held


def _volunteer_sees(forest: Forest, scope: Scope, row: object) -> bool:
    mine = [one for one in forest.rows[Pairing] if one.helper_id == scope.id]
    live = {p.child_id for p in mine if p.starts_on <= DAY < p.ends_on and p.county_id == scope.county_id}
    if isinstance(row, Unit):
        return row.county_id == scope.county_id
    if row.county_id != scope.county_id:
        return False
    if isinstance(row, Person):
        return row.id == scope.id
    if isinstance(row, Pairing):
        return row in mine
    if isinstance(row, Child):
        return row.id in live
    if isinstance(row, Visit):
        return row.child_id in live and row.person_id == scope.id
    return isinstance(row, Guardianship) and row.child_id in live


def may_write(forest: Forest, scope: Scope | None, row: object, *, delete: bool = False) -> bool:
    """Whether the scope may change (or delete) a row of the forest, worked out without the database."""
    if scope is None:
        return False
    if scope.level in (Level.VOLUNTEER, Level.CLASS):
        pens = TAUGHT if scope.level is Level.CLASS else (Visit,)
        return isinstance(row, pens) and not delete and row.id in oracle(forest, scope, type(row))
    if isinstance(row, Unit) and scope.level is Level.TOWNSHIP:
        return row.township_id == scope.id and row.id != scope.id and not delete
    if isinstance(row, Unit):
        return scope.level is Level.COUNTY and row.county_id == scope.id
    return _staff_sees(forest, scope, row)
