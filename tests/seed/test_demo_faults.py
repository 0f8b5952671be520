"""The faults planted in the demo county (domain H.7) are found by the rooms whose business they are."""

from __future__ import annotations

from datetime import date

import pytest
from flask import Flask

from portal.extensions import db
from portal.models.children import Child
from portal.services import units
from portal.services.children import alarms, matches, sixteen
from portal.services.children.standing import sixteenth_birthday
from portal.services.leadership import below
from portal.services.pairings import gaps, numbers
from portal.services.pairings.gaps import Gap
from portal.services.volunteers import roster
from portal.terms import Side
from tests.acting import acting
from tests.conftest import TODAY, make_app
from tests.seed.counting import Demo


@pytest.fixture
def county(full: Demo, monkeypatch: pytest.MonkeyPatch) -> Flask:
    """The full demo county on its day; what a test writes is rolled back."""
    monkeypatch.setenv("PORTAL_TODAY", TODAY)
    return make_app(str(full.engine.url.render_as_string(hide_password=False)))


def test_two_files_of_one_child_are_found_once(county: Flask) -> None:
    """V26: the same name, birth date and phone at a school of 云溪镇 and in a village of 柳坝镇."""
    with acting(county, "county01") as actor:
        found = matches.find_matches(actor=actor)
        towns = {units.get_unit(actor, f"99990100{n}").id: n for n in range(1, 8)}
        pairs = [
            (one.same_name, one.same_birth, one.same_phone, {towns[one.from_town_id], towns[one.to_town_id]})
            for one in found
        ]
        db.session.rollback()
    assert pairs == [(True, True, True, {1, 3})]


def test_who_turns_sixteen_next_month_is_listed_and_leaves_the_count_that_day(county: Flask) -> None:
    """V28: one child of fifteen years and eleven months."""
    turning = []
    for number in range(1, 8):
        with acting(county, f"town_t{number}") as actor:
            town = units.get_unit(actor, f"99990100{number}")
            for child in sixteen.list_turning(town, actor=actor, month=date(2025, 7, 1)):
                turning.append(sixteenth_birthday(child.birth_date))
                last = max(one.ends_on for one in db.session.get_one(Child, child.id).standings)
                assert last == turning[-1], "the day on which she counts no more"
    assert len(turning) == 1
    assert date(2025, 7, 1) <= turning[0] < date(2025, 8, 1)


def test_every_alarm_of_the_unguarded_is_listed_where_somebody_acts(county: Flask) -> None:
    """V27: 19 children without a guardian; at two of them nobody has acted."""
    listed, waiting = 0, 0
    for number in range(1, 8):
        with acting(county, f"town_t{number}") as actor:
            town = units.get_unit(actor, f"99990100{number}")
            found, _next = alarms.list_open(town, actor=actor)
            mine = [one for one in found if one.v_town_id == town.id]
            listed += len(mine)
            waiting += sum(1 for one in mine if not one.steps)
    assert (listed, waiting) == (19, 2)


def test_the_roster_of_volunteers_has_the_countys_figures_and_its_three_lapsed_checks(county: Flask) -> None:
    """H.1 and H.5: 240 on the roster, 228 checked, nine not answered yet, three lapsed."""
    with acting(county, "cyl01") as actor:
        unit = units.get_unit(actor, "999901")
        counts = roster.count_volunteers(unit, actor=actor)
        due, after = [], None
        while True:
            page = roster.list_volunteers(unit, actor=actor, show=roster.Show.DUE, after=after)
            due += page.volunteers
            if (after := page.next_key) is None:
                break
        never = [one for one in due if one.vetted_until is None]
        lapsed = [one for one in due if one.vetted_until and one.vetted_until <= date(2025, 6, 30)]
    assert (counts.on_roster, counts.vetted) == (240, 228)
    assert (len(never), len(lapsed)) == (9, 3)


def test_who_has_no_leadership_group_is_found(county: Flask) -> None:
    with acting(county, "leader01") as actor:
        missing, _key = below.list_below(units.get_unit(actor, "999901"), actor=actor, missing=True)
    assert [row.unit.code for row in missing] == ["999901-K02"]


def test_the_pairings_that_break_a_rule_are_found_in_their_townships(county: Flask) -> None:
    """V29: a lapsed check and a contact after it in three townships, one helper above the limit in 金谷镇."""
    found = {}
    for number in range(1, 8):
        with acting(county, f"town_t{number}") as actor:
            town = units.get_unit(actor, f"99990100{number}")
            counted = gaps.count_gaps(town, actor=actor, side=Side.SCHOOL)
            found[number] = (counted[Gap.LAPSED], counted[Gap.AFTER] > 0, counted[Gap.OVER])
    late, none = (1, True, 0), (0, False, 0)
    assert found == {1: late, 2: none, 3: late, 4: none, 5: (0, False, 1), 6: none, 7: late}


def test_the_pairs_of_the_county_are_counted_as_its_tables_say(county: Flask) -> None:
    """H.1: 1,997 pairs cover 1,744 children."""
    with acting(county, "county01") as actor:
        total = numbers.count_pairings(units.get_unit(actor, "999901"), actor=actor).total
    assert (total.pairs, total.children) == (1_997, 1_744)
