"""The tree over time: names, places and expected returns of every day, and who may change them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from sqlalchemy import select

from portal.errors import NotFound, PermissionDenied, Refused
from portal.extensions import db
from portal.models.children import Child
from portal.models.units import UnitChange
from portal.services.units import blockers, changes, find_units, get_unit
from portal.tenancy.units import Unit
from portal.terms import SchoolKind, UnitKind
from tests.acting import acting
from tests.demo_clients import statements
from tests.units.conftest import Place

DAY = date(2025, 6, 16)
PAST = ("2024-2025-1", "2024", "2023-2024", "2025-05")


def _do(
    place: Place, act: Callable[..., UnitChange], at: str, /, *, who: str = "office", **values: Any
) -> object:
    with place.doing(who) as actor:
        for key in ("to", "into"):
            if key in values:
                values[key] = get_unit(actor, values[key])
        return act(get_unit(actor, at), actor=actor, **({"on": DAY} | values)).public_id


def test_a_village_that_moves_counts_anew_now_and_as_it_was_then(place: Place) -> None:
    codes = (place.town_a, place.town_b, place.county)
    readers = [*(("office", code) for code in codes), ("coord_a", place.town_a), ("coord_b", place.town_b)]
    before = {(who, code, p): place.report(who, code, p) for who, code in readers for p in PAST}
    assert before["office", place.town_a, "2024"]["indicators"]["POP_LBC_RES"]["value"] == 4
    _do(place, changes.move, place.a1, to=place.town_b)
    place.holds()
    assert {key: place.report(*key) for key in before} == before
    june = {code: place.report("office", code, "2024-2025-2") for code in codes}
    assert [june[code]["indicators"]["POP_LBC_RES"]["value"] for code in codes] == [1, 5, 6]
    assert place.a1 in {line["unit"] for line in june[place.town_b]["children"]}
    assert place.a1 not in {line["unit"] for line in june[place.town_a]["children"]}
    assert june[place.town_a]["coverage_villages"]["expected"] == 1
    assert june[place.town_b]["coverage_villages"]["expected"] == 3


def test_a_move_taken_back_leaves_everything_as_it_was(place: Place) -> None:
    before = place.snapshot()
    change = _do(place, changes.move, place.school_a, to=place.county)
    place.holds()
    with place.doing() as actor:
        changes.undo(changes.get_change(get_unit(actor, place.school_a), change, actor=actor), actor=actor)
    assert place.snapshot() == before
    place.holds()


def test_a_past_report_has_the_names_of_its_time(place: Place) -> None:
    before = {p: place.report("office", place.town_a, p) for p in PAST}
    _do(place, changes.rename, place.a1, who="coord_a", name="甲新社区", code="990001001099")
    _do(place, changes.rename, place.town_a, name="新甲镇", code="990001088")
    assert {p: place.report("office", place.town_a, p) for p in PAST} == before
    now = place.report("office", place.town_a, "2025-06")
    assert now["unit"] == "990001088"
    assert {"990001001099": "甲新社区"}.items() <= {
        one["unit"]: one["name"] for one in now["children"]
    }.items()


def test_old_names_and_codes_lead_to_the_unit(place: Place) -> None:
    _do(place, changes.rename, place.a1, who="coord_a", name="甲新社区", code="990001001099")
    with acting(place.app, "coord_a") as actor:
        town = get_unit(actor, place.town_a)
        assert get_unit(actor, place.a1).code == "990001001099"
        for search in ("甲东村", "jdc", "jia dong", place.a1, "东村"):
            assert [
                (one.unit.name, bool(one.once)) for one in find_units(town, actor=actor, search=search)
            ] == [("甲新社区", True)]
        for search in ("甲新", "jxs", "990001001099", "新社"):
            assert [one.unit.name for one in find_units(town, actor=actor, search=search)] == ["甲新社区"]
        assert find_units(town, actor=actor, search="乙东") == []
    with acting(place.app, "coord_b") as actor, pytest.raises(NotFound):
        get_unit(actor, place.a1)


def test_expected_returns_honour_opening_and_closing(place: Place) -> None:
    may = place.report("office", place.county, "2025-05")
    _do(place, changes.open_below, place.town_b, who="coord_b", kind=UnitKind.SCHOOL, name="乙镇新学校",
        code="990001-S9", school_kind=SchoolKind.PRIMARY)  # fmt: skip
    _do(place, changes.open_below, place.town_b, who="coord_b", kind=UnitKind.VILLAGE, name="乙新村",
        code="990001002009")  # fmt: skip
    june = place.report("office", place.county, "2025-06")
    assert june["coverage"]["expected"] == may["coverage"]["expected"] + 1
    assert june["coverage_villages"]["expected"] == may["coverage_villages"]["expected"] + 1
    _do(place, changes.close, "990001002009", who="coord_b", on=date(2025, 6, 20))
    june = place.report("office", place.county, "2025-06")
    assert june["coverage_villages"] == may["coverage_villages"]
    assert place.report("office", place.county, "2025-05") == may
    _do(place, changes.reopen, "990001002009", who="coord_b", on=date(2025, 6, 25))
    assert place.report("office", place.county, "2025-06")["coverage_villages"]["expected"] == 5
    assert place.report("office", place.county, "2025-05") == may


def test_a_unit_closes_only_when_nothing_hangs_on_it(place: Place) -> None:
    with acting(place.app, "coord_a") as actor:
        village = get_unit(actor, place.a1)
        hanging = {str(one.label): one.n for one in blockers.list_blockers(village, DAY)}
        assert len(hanging) == 5
        with pytest.raises(Refused):
            changes.close(village, actor=actor, on=DAY)
    with pytest.raises(Refused):
        _do(place, changes.close, place.town_a)


@pytest.mark.parametrize(
    ("field", "values"),
    [
        ("code", {"code": "99000100100"}),
        ("code", {"code": "123456789012"}),
        ("code", {"code": "９９0001001009"}),
        ("code", {"code": "990001001002"}),
        ("name", {"name": "村"}),
        ("name", {"name": "甲西村"}),
        ("on", {"on": date(2025, 5, 31)}),
        ("on", {"on": date(2027, 1, 1)}),
        ("kind", {"kind": UnitKind.TOWNSHIP}),
    ],
)
def test_a_new_village_is_checked(page_place: Place, field: str, values: dict[str, Any]) -> None:
    good = {"kind": UnitKind.VILLAGE, "name": "甲新村", "code": "990001001009"}
    with pytest.raises(Refused) as refused:
        _do(page_place, changes.open_below, page_place.town_a, who="coord_a", **(good | values))
    assert refused.value.field == field


def test_all_that_is_wrong_is_said_at_once(page_place: Place) -> None:
    with pytest.raises(Refused) as refused:
        _do(page_place, changes.open_below, page_place.town_a, who="coord_a", kind=UnitKind.SCHOOL, name="x", code="7",
            on=date(2020, 1, 1))  # fmt: skip
    fields = [one.field for one in (refused.value, *refused.value.others)]
    assert fields == ["school_kind", "on", "name", "code"]


def test_a_code_is_never_given_to_another_unit(place: Place) -> None:
    _do(place, changes.rename, place.a1, who="coord_a", name="甲东村", code="990001001099")
    with pytest.raises(Refused):
        _do(place, changes.rename, place.a2, who="coord_a", name="甲西村", code=place.a1)
    _do(place, changes.rename, place.a1, who="coord_a", name="甲东村", code=place.a1, on=date(2025, 6, 20))


@pytest.mark.parametrize("who", ["coord_a", "coord_b", "director", "teacher", "vol"])
def test_nobody_changes_her_own_unit_or_one_above(page_place: Place, who: str) -> None:
    for code in (page_place.town_a, page_place.a1):
        if (who, code) == ("coord_a", page_place.a1):
            continue
        with pytest.raises((PermissionDenied, NotFound)):
            _do(page_place, changes.rename, code, who=who, name="新名字", code="990001001077")
    with pytest.raises((PermissionDenied, NotFound)):
        _do(page_place, changes.move, page_place.a1, who=who, to=page_place.town_b)


def test_a_split_village_sends_the_chosen_children(place: Place) -> None:
    may = place.report("office", place.county, "2025-05")
    with acting(place.app, "coord_a") as actor:
        village = get_unit(actor, place.a1)
        going = db.session.scalars(select(Child.public_id).where(Child.v_unit_id == village.id)).all()[:1]
    _do(place, changes.split, place.a1, who="coord_a", name="甲南村", code="990001001007",
        pick=[str(one) for one in going])  # fmt: skip
    place.holds()
    assert place.report("office", place.county, "2025-05") == may
    june = {
        one["unit"]: one["indicators"] for one in place.report("coord_a", place.town_a, "2025-06")["children"]
    }
    assert june["990001001007"]["POP_LBC_RES"]["value"] == 1
    assert june["990001001007"]["POP_LBC_NEW"]["value"] == 0
    for pick in ([], ["nothing"]):
        with pytest.raises(Refused):
            _do(place, changes.split, place.a1, who="coord_a", name="甲北村", code="990001001008", pick=pick)


def test_a_split_township_keeps_the_years_before(place: Place) -> None:
    before = {p: place.report("office", place.county, p) for p in PAST}
    _do(place, changes.split, place.town_a, name="丙镇", code="990001003", pick=[place.a1, place.school_a])
    place.holds()
    assert {p: place.report("office", place.county, p) for p in PAST} == before
    june = {one["unit"]: one for one in place.report("office", place.county, "2025-06")["children"]}
    assert june["990001003"]["coverage"] == {"reported": 0, "expected": 1}
    assert june["990001003"]["indicators"]["POP_LBC_RES"]["value"] == 3
    assert june[place.town_a]["indicators"]["POP_LBC_RES"]["value"] == 1


def test_the_other_county_is_untouched_by_any_of_it(place: Place) -> None:
    def far() -> object:
        with place.app.app_context():
            rows = place.snapshot()
        county = place.report("office_far", "990002", "2024-2025-2")
        return county, [row for row in rows["Unit"] if str(row[0]).startswith("990002")]

    before = far()
    _do(place, changes.move, place.a1, to=place.town_b)
    _do(place, changes.merge, place.school_a, into=place.school_b)
    _do(place, changes.merge, place.town_a, into=place.town_b)
    assert far() == before
    with acting(place.app, "office_far") as actor:
        assert db.session.scalars(select(UnitChange)).all() == []
        with pytest.raises(NotFound):
            get_unit(actor, place.a1)


def test_a_report_of_another_tree_costs_few_statements(place: Place) -> None:
    _do(place, changes.move, place.a1, to=place.town_b)
    for who, code, most in (("office", place.county, 11), ("coord_a", place.town_a, 12)):
        place.report(who, code, "2024")
        with statements(place.app) as sent:
            place.report(who, code, "2024")
        asked = [one for one in sent if one.startswith("SELECT") and "pg_catalog" not in one]
        assert len(asked) - 5 <= most, "\n".join(asked)  # five find the reader and the unit


def test_units_know_the_day_they_were_open(place: Place) -> None:
    with acting(place.app, "office") as actor:
        village: Unit = get_unit(actor, place.b1)
        assert village.is_open_on(DAY)
