"""The rule of reach: reading goes down the tree, writing stays in one's own unit."""

from __future__ import annotations

import uuid

import pytest

from portal.errors import PermissionDenied
from portal.tenancy.actor import Actor, UnitRef
from portal.tenancy.permissions import GRANTS, Permission
from portal.tenancy.roles import Role
from portal.tenancy.scope import Level
from portal.terms import UnitKind

COUNTY = UnitRef(1, "990001", "试县", UnitKind.COUNTY, township_id=0, county_id=1)
TOWN = UnitRef(2, "990001001", "甲镇", UnitKind.TOWNSHIP, township_id=2, county_id=1)
VILLAGE = UnitRef(3, "990001001001", "甲东村", UnitKind.VILLAGE, township_id=2, county_id=1)
SCHOOL = UnitRef(4, "990001-S1", "甲镇小学", UnitKind.SCHOOL, township_id=2, county_id=1)
COUNTY_SCHOOL = UnitRef(5, "990001-S9", "县实验小学", UnitKind.SCHOOL, township_id=0, county_id=1)
OTHER_TOWN = UnitRef(6, "990001002", "乙镇", UnitKind.TOWNSHIP, township_id=6, county_id=1)
FAR = UnitRef(9, "990002", "邻县", UnitKind.COUNTY, township_id=0, county_id=9)
ALL = [COUNTY, TOWN, VILLAGE, SCHOOL, COUNTY_SCHOOL, OTHER_TOWN, FAR]

REACH = {
    COUNTY.code: [COUNTY, TOWN, VILLAGE, SCHOOL, COUNTY_SCHOOL, OTHER_TOWN],
    TOWN.code: [TOWN, VILLAGE, SCHOOL],
    VILLAGE.code: [VILLAGE],
    SCHOOL.code: [SCHOOL],
    COUNTY_SCHOOL.code: [COUNTY_SCHOOL],
}


def actor(unit: UnitRef, role: Role = Role.COUNSELLOR) -> Actor:
    """Somebody who acts at a unit."""
    return Actor(1, 1, "试", "test", role, unit, uuid.uuid4())


@pytest.fixture(autouse=True)
def _a_role_that_may_read_and_write(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(GRANTS, Role.COUNSELLOR, frozenset({Permission.UNIT_READ, Permission.VISIT_LOG}))


@pytest.mark.parametrize("unit", [COUNTY, TOWN, VILLAGE, SCHOOL, COUNTY_SCHOOL], ids=lambda unit: unit.code)
def test_reading_goes_down_the_tree_and_no_other_way(unit: UnitRef) -> None:
    readable = [place for place in ALL if actor(unit).can(Permission.UNIT_READ, place)]
    assert readable == REACH[unit.code]
    assert [place for place in ALL if actor(unit).reaches(place)] == REACH[unit.code]


@pytest.mark.parametrize("unit", [COUNTY, TOWN, VILLAGE, SCHOOL], ids=lambda unit: unit.code)
def test_writing_stays_in_ones_own_unit(unit: UnitRef) -> None:
    assert [place for place in ALL if actor(unit).can(Permission.VISIT_LOG, place)] == [unit]
    with pytest.raises(PermissionDenied):
        actor(unit).require(Permission.VISIT_LOG, at=FAR)


def test_without_the_grant_nothing_is_allowed_anywhere() -> None:
    somebody = actor(COUNTY)
    assert not any(somebody.can(Permission.CHILD_FILE_READ, place) for place in [None, *ALL])
    with pytest.raises(PermissionDenied):
        somebody.require(Permission.CHILD_FILE_READ)


@pytest.mark.parametrize(
    ("unit", "level"),
    [(COUNTY, Level.COUNTY), (TOWN, Level.TOWNSHIP), (VILLAGE, Level.UNIT), (COUNTY_SCHOOL, Level.UNIT)],
)
def test_the_scope_of_a_session_is_the_unit_acted_for(unit: UnitRef, level: Level) -> None:
    scope = actor(unit).scope
    assert (scope.level, scope.id, scope.county_id) == (level, unit.id, unit.county_id)


@pytest.mark.parametrize("unit", [COUNTY, TOWN, SCHOOL])
def test_a_volunteers_scope_is_herself_wherever_she_is_on_the_roster(unit: UnitRef) -> None:
    scope = actor(unit, Role.VOLUNTEER).scope
    assert (scope.level, scope.id, str(scope.day)) == (Level.VOLUNTEER, 1, "2025-06-30")


def test_no_administrator_sees_a_child() -> None:
    """三员分立."""
    for role in (Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN, Role.AUDIT_ADMIN):
        rooms = {permission.value.rpartition(":")[0] for permission in GRANTS[role]}
        log = {"audit:log"} if role is Role.AUDIT_ADMIN else set()
        assert rooms == {"accounts:own", "accounts:session", "accounts:people", "home:page"} | log
