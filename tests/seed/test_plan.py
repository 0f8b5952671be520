"""The plan adds up before a single row is written: every figure of the demo county's tables."""

from __future__ import annotations

import pytest

from portal.cli.seed import tables
from portal.cli.seed.figures import FULL, PROFILES, SMALL, apportion
from portal.cli.seed.plan import plan_county
from portal.tenancy.roles import PLACES
from portal.terms import UnitKind


@pytest.fixture(scope="module", params=sorted(PROFILES))
def plan(request):
    return plan_county(PROFILES[request.param])


@pytest.fixture(scope="module")
def county():
    return plan_county(FULL)


def total(plan, read):
    return sum(read(school) for school in plan.schools if school.row.is_compulsory)


def test_the_tables_sum_to_the_headline_figures():
    rows = tables.compulsory_schools()
    assert len(rows) == 16
    names = ("pupils", "wide", "official", "grandparent", "fostered", "unguarded", "girls")
    sums = [sum(getattr(row, name) for row in rows) for name in names]
    assert sums == [8_619, 4_361, 1_871, 1_385, 467, 19, 2_093]
    assert sum(town.residents for town in tables.towns()) == 4_780
    assert sum(len(town.villages) for town in tables.towns()) == 42
    assert sum(tables.volunteers().values()) == 240


def test_the_guardians_of_a_school_are_those_of_its_official_children():
    for row in tables.compulsory_schools():
        assert row.grandparent + row.fostered + row.unguarded == row.official, row.name


@pytest.mark.parametrize(
    ("total", "weights"), [(10, [1, 1, 1]), (0, [3, 5]), (7, [0.1, 0.2, 100]), (214, [742, 1046, 842])]
)
def test_an_apportioned_total_is_never_lost(total, weights):
    assert sum(apportion(total, weights)) == total


def test_largest_remainders_come_first_and_ties_by_order():
    assert apportion(10, [1, 1, 1]) == [4, 3, 3]
    assert apportion(5, [6, 3, 1]) == [3, 2, 0]


def test_children_by_absence_of_their_parents(county):
    assert total(county, lambda s: s.both) == 1_775
    assert total(county, lambda s: s.incapable) == 96
    assert total(county, lambda s: s.row.wide - s.row.official) == 2_490


def test_children_who_got_a_guardian_in_the_term(county):
    assert total(county, lambda s: s.placed) == 38
    assert total(county, lambda s: s.placed + s.row.unguarded) == 57
    assert all(s.placed <= s.row.grandparent for s in county.schools)


def test_visits_of_the_term(county):
    assert total(county, lambda s: sum(s.visits.talks)) == 15_002
    assert total(county, lambda s: sum(s.visits.calls)) == 13_606
    assert total(county, lambda s: s.visits.visited) == 4_012
    assert total(county, lambda s: s.visits.home_visits) == 4_655


def test_visits_by_township(county):
    seen = {town.row.key: [0, 0, 0] for town in county.towns}
    for school in (s for s in county.schools if s.row.is_compulsory):
        for n, more in enumerate((school.row.wide, school.visits.visited, sum(school.visits.talks))):
            seen[school.row.town][n] += more
    assert [visited for _, visited, _ in seen.values()] == [838, 861, 702, 409, 541, 220, 441]
    assert [round(talks / wide / 4 * 100, 1) for wide, _, talks in seen.values()] == [
        87.0, 85.0, 87.7, 88.0, 85.9, 80.0, 85.5
    ]  # fmt: skip
    assert f"{seen['T6'][1] / seen['T6'][0]:.1%}" == "74.3%"


def test_no_child_is_reached_twice_in_a_month_and_the_months_rise(plan):
    for school in (s for s in plan.schools if s.row.is_compulsory):
        assert max(school.visits.talks) <= school.row.wide
        assert max(school.visits.calls) <= school.row.wide
        assert list(school.visits.talks) == sorted(school.visits.talks)


def test_pairs_of_the_county(county):
    pairs = [s.pairs for s in county.schools]
    assert sum(p.total for p in pairs) == 1_997
    assert sum(p.teacher for p in pairs) == 1_525
    assert sum(p.cadre for p in pairs) == 197 + 46
    assert (sum(p.proxy for p in pairs), sum(p.proxies for p in pairs)) == (60, 48)
    assert (sum(p.mother for p in pairs), sum(p.volunteer for p in pairs)) == (73, 96)
    assert sum(p.children for p in pairs) == 1_744


def test_no_child_has_more_than_two_pairs(plan):
    for pairs in (s.pairs for s in plan.schools):
        assert pairs.teacher <= pairs.children <= pairs.total <= pairs.children + pairs.teacher


def test_classes_hold_the_pupils_of_their_school(plan):
    for school in plan.schools:
        assert sum(group.pupils for group in school.classes) == school.row.pupils
        assert max(group.pupils for group in school.classes) <= 48


def test_grades_fit_the_kind_of_school(county):
    grades = {school.row.key: {group.grade for group in school.classes} for school in county.schools}
    assert grades["S01"] == set(range(1, 7))
    assert grades["S02"] == {7, 8, 9}
    assert grades["S09"] == set(range(1, 10))
    assert grades["S10"] == {1, 2, 3}
    assert grades["K01"] == {0}


def test_residents_and_pupils_of_a_township_both_add_up(plan):
    compulsory = [s.row for s in plan.schools if s.row.is_compulsory]
    for town in plan.towns:
        key = town.row.key
        assert sum(town.pupils_living_in.values()) == sum(row.wide for row in compulsory if row.town == key)
        at_school = sum(other.pupils_living_in.get(key, 0) for other in plan.towns)
        small = sum(s.row.wide for s in plan.schools if s.row.town == key and not s.row.is_compulsory)
        assert at_school + small + town.under_six + town.out_of_school == town.row.residents
        assert sum(town.villages) == town.row.residents


def test_children_cross_township_borders_in_both_directions(county):
    crossing = {(a.row.key, b) for a in county.towns for b in a.pupils_living_in if a.row.key != b}
    assert ("T4", "T3") in crossing
    assert ("T3", "T4") in crossing
    assert sum(n for home, n in county.towns[0].pupils_living_in.items() if home != "T1") > 200


def test_joiners_and_leavers_keep_the_stock_continuous(county):
    assert sum(town.joiners for town in county.towns) == 214
    leavers = [sum(getattr(town, name) for town in county.towns) for name in ("back", "sixteen", "moved")]
    assert leavers == [61, 48, 27]
    assert 4_702 + 214 - sum(leavers) == 4_780


def test_the_small_profile_keeps_the_schools_of_its_two_townships(county):
    small = plan_county(SMALL)
    assert [s for s in county.schools if s.row.town in ("T4", "T7")] == list(small.schools)
    assert total(small, lambda s: s.row.wide) == 918
    assert sum(town.row.residents for town in small.towns) == 1_092
    assert sum(town.under_six for town in small.towns) == 103


def test_codes_are_those_of_the_contract():
    assert [town.code for town in tables.towns()] == [f"99990100{n}" for n in range(1, 8)]
    assert tables.towns()[1].village_codes["红岩村"] == "999901002005"
    assert tables.towns()[3].village_codes["高坪村"] == "999901004002"


def test_every_login_stands_at_a_place_where_its_role_may_be_held():
    kinds = {tables.COUNTY: UnitKind.COUNTY}
    for town in tables.towns():
        kinds |= {town.key: UnitKind.TOWNSHIP, **dict.fromkeys(town.villages, UnitKind.VILLAGE)}
    kinds |= {school.key: UnitKind.SCHOOL for school in tables.schools()}
    for row in tables.logins():
        assert kinds[row.unit] in PLACES[row.role], row.login
