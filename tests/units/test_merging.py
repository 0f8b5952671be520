"""撤并: what goes along, what stays, and taking it back, on both engines."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from portal.errors import PermissionDenied, Refused
from portal.extensions import db
from portal.models.children import Child, Placement, SchoolClass
from portal.models.units import UnitChange
from portal.services.units import carrying, changes, get_unit
from portal.tenancy.memberships import Membership
from portal.tenancy.roles import Role
from portal.tenancy.scoped import BetweenUnits, Counted, HasUnitScope, Walled, scoped_classes
from portal.terms import ChangeState
from tests.acting import acting
from tests.factories.county import writing
from tests.units.conftest import Place

DAY = date(2025, 6, 16)
PAST = ("2024-2025-1", "2024", "2025-05", "2023-2024")


def _merge(place: Place, old: str, new: str, who: str = "office", on: date = DAY) -> UnitChange:
    with place.doing(who) as actor:
        old_unit, into = (get_unit(actor, getattr(place, name)) for name in (old, new))
        return changes.merge(old_unit, actor=actor, into=into, on=on).public_id


def _undo(place: Place, code: str, public_id: object, who: str = "office") -> None:
    with place.doing(who) as actor:
        changes.undo(changes.get_change(get_unit(actor, code), public_id, actor=actor), actor=actor)


def test_a_village_is_merged_with_all_that_lives_in_it(place: Place) -> None:
    before = {p: place.report("office", place.county, p) for p in PAST}
    _merge(place, "a1", "a2", "coord_a")
    place.holds()
    assert {p: place.report("office", place.county, p) for p in PAST} == before
    with acting(place.app, "coord_a") as actor:
        old, new = get_unit(actor, place.a1), get_unit(actor, place.a2)
        assert (old.closed_on, old.merged_into_id) == (DAY, new.id)
        assert not db.session.scalars(select(Child).where(Child.v_unit_id == old.id)).all()
        stayed = db.session.scalars(select(Placement).where(Placement.stat_unit_id == old.id)).all()
        assert {one.until for one in stayed} == {DAY}
        carried = db.session.scalars(select(Placement).where(Placement.carried)).all()
        assert {one.stat_unit_id for one in carried} == {new.id}
        working = Membership.role.in_((Role.CHILD_DIRECTOR, Role.VOLUNTEER))
        assert set(db.session.scalars(select(Membership.unit_id).where(working))) == {new.id}
    june = place.report("office", place.town_a, "2025-06")
    lines = {line["unit"]: line["indicators"] for line in june["children"]}
    assert lines[place.a2]["POP_LBC_RES"]["value"] == 4
    for indicators in (june["indicators"], lines[place.a2]):  # nobody joined and nobody left
        assert [indicators[code]["value"] for code in ("POP_LBC_NEW", "POP_LBC_EXIT")] == [0, 0]


def test_a_merged_school_keeps_last_years_enrolment(place: Place) -> None:
    may = place.report("office", place.county, "2025-05")
    _merge(place, "school_a", "school_b")
    place.holds()
    assert place.report("office", place.county, "2025-05") == may
    with acting(place.app, "office") as actor:
        new = get_unit(actor, place.school_b)
        names = select(SchoolClass.name).where(SchoolClass.unit_id == new.id, SchoolClass.until > DAY)
        assert sorted(db.session.scalars(names)) == ["3年级1班", "3年级1班（甲镇小学）", "4年级1班"]
    with acting(place.app, "world_teacher"):  # who held a class of the old school goes on holding it
        sits_in = select(SchoolClass.name).join(Child, Child.class_id == SchoolClass.id)
        assert db.session.scalars(sits_in).all() == ["3年级1班（甲镇小学）"]
    june = place.report("office", place.county, "2025-06")["indicators"]
    assert june["POP_PUPIL"] == may["indicators"]["POP_PUPIL"]
    assert june["POP_LBC_SCH"] == may["indicators"]["POP_LBC_SCH"]


def test_a_merged_township_brings_everything_below_it(place: Place) -> None:
    before = {(code, p): place.report("office", code, p) for code in (place.town_a, place.town_b, place.county)
              for p in PAST}  # fmt: skip
    _merge(place, "town_a", "town_b")
    place.holds()
    assert {key: place.report("office", *key) for key in before} == before
    june = place.report("office", place.town_b, "2025-06")
    assert {line["unit"] for line in june["children"]} >= {place.a1, place.a2, place.b1, place.school_a}
    assert place.report("coord_a", place.town_b, "2024")["unit"] == place.town_b  # her duty went along
    assert place.report("coord_b", place.town_b, "2024") == before[place.town_b, "2024"]


@pytest.mark.parametrize(
    ("old", "new", "who"),
    [
        ("a1", "a2", "coord_a"),
        ("a1", "b1", "office"),
        ("school_a", "school_b", "office"),
        ("town_a", "town_b", "office"),
    ],
)
def test_a_merge_taken_back_leaves_everything_as_it_was(place: Place, old: str, new: str, who: str) -> None:
    before = place.snapshot()
    change = _merge(place, old, new, who)
    place.holds()
    assert place.snapshot() != before
    _undo(place, getattr(place, old), change, who)
    assert place.snapshot() == before
    place.holds()


def test_a_merge_is_not_taken_back_once_a_child_has_moved_on(place: Place) -> None:
    change = _merge(place, "a1", "a2", "coord_a")
    with place.app.app_context(), writing() as session:
        carried = session.scalars(select(Placement).where(Placement.carried)).first()
        carried.until = date(2025, 6, 20)
    with pytest.raises(Refused, match="1"):
        _undo(place, place.a1, change, "coord_a")


def test_a_merge_is_not_taken_back_after_a_day_or_after_the_next_change(place: Place) -> None:
    change = _merge(place, "a1", "a2", "coord_a")
    with place.doing("coord_a") as actor:
        into = get_unit(actor, place.a2)
        changes.rename(into, actor=actor, name="甲西新村", code=place.a2, on=date(2025, 6, 30))
    with pytest.raises(Refused):
        _undo(place, place.a1, change, "coord_a")
    other = _merge(place, "school_a", "school_b")
    with place.app.app_context(), writing() as session:
        row = session.scalars(select(UnitChange).where(UnitChange.public_id == other)).one()
        row.done_at -= timedelta(hours=25)
    with pytest.raises(Refused):
        _undo(place, place.school_a, other)


def test_a_township_merges_only_inside_itself(place: Place) -> None:
    with pytest.raises(PermissionDenied):
        _merge(place, "town_a", "a2", "coord_a")
    for old, new in (("a1", "school_a"), ("a1", "a1")):
        with pytest.raises(Refused):
            _merge(place, old, new, "coord_a")


def test_every_room_says_what_a_merge_does_to_its_rows() -> None:
    """A class with a unit's key is carried by rule, by hand, or stays with a reason."""
    keyed = {
        cls.__name__
        for cls in scoped_classes(Walled)
        if issubclass(cls, (HasUnitScope, Counted, BetweenUnits)) or hasattr(cls, "unit_id")
    } | {"Child"}
    said = {rule.cls.__name__ for rule in carrying.FOLLOWS.values()}
    assert keyed == said | set(carrying.BY_HAND) | set(carrying.STAYS)


def test_a_planned_merge_waits_for_its_day(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    from tests.commands import run

    before = place.snapshot()
    _merge(place, "a1", "a2", "coord_a", on=date(2025, 9, 1))
    assert place.snapshot() == before
    assert run(place.app, "cron", "--once").exit_code == 0
    assert place.snapshot() == before
    monkeypatch.setenv("PORTAL_TODAY", "2025-09-02")
    assert run(place.app, "cron", "--once").exit_code == 0
    place.holds()
    with acting(place.app, "coord_a") as actor:
        old = get_unit(actor, place.a1)
        assert old.closed_on == date(2025, 9, 1)
        assert [one.state for one in changes.list_changes(old, actor=actor)] == [ChangeState.DONE]


def test_a_planned_change_that_became_impossible_says_why(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    from tests.commands import run

    _merge(place, "a1", "a2", "coord_a", on=date(2025, 9, 1))
    with place.app.app_context(), writing() as session:
        row = session.scalars(select(Membership).where(Membership.role == Role.TOWNSHIP_COORDINATOR)).first()
        row.valid_until = date(2025, 7, 1)
    monkeypatch.setenv("PORTAL_TODAY", "2025-09-02")
    assert run(place.app, "cron", "--once").exit_code == 0
    with acting(place.app, "office") as actor:
        [change] = changes.list_changes(get_unit(actor, place.a1), actor=actor)
        assert change.state is ChangeState.FAILED
        assert change.message
        changes.cancel(change, actor=actor)
        assert change.state is ChangeState.CANCELLED
