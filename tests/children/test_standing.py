"""Left-behind status is derived from dated facts, on both bases."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.services.children.standing import (
    Facts,
    PlaceFact,
    StatusRules,
    Stretch,
    add_months,
    derive,
    sixteenth_birthday,
)
from portal.tenancy.columns import FOREVER
from portal.terms import GuardianKind, ParentRole, Sex, Side

DAY = date(2025, 6, 30)
F, M = ParentRole.FATHER, ParentRole.MOTHER


@dataclass(frozen=True)
class Away:
    role: ParentRole
    since: date
    until: date = FOREVER
    inside_county: bool = False


@dataclass(frozen=True)
class Guard:
    kind: GuardianKind
    since: date
    until: date = FOREVER


def facts(
    *away: Away,
    incapable: frozenset[ParentRole] = frozenset(),
    guards: tuple[Guard, ...] = (),
    birth_date: date = date(2015, 3, 1),
) -> Facts:
    place = PlaceFact(Side.VILLAGE, "village", birth_date, FOREVER, compulsory=True)
    return Facts(birth_date, Sex.FEMALE, incapable, away, guards, (place,))


def on(day: date, some: Facts, rules: StatusRules | None = None) -> Stretch | None:
    found = [one for one in derive(some, rules) if one.starts_on <= day < one.ends_on]
    assert len(found) <= 1
    return found[0] if found else None


def test_both_parents_away_for_years_is_official() -> None:
    stretch = on(DAY, facts(Away(F, date(2020, 1, 1)), Away(M, date(2021, 1, 1))))
    assert stretch is not None
    assert (stretch.official, stretch.both_away) == (True, True)


def test_one_parent_away_is_wide_only_while_the_other_can_care() -> None:
    stretch = on(DAY, facts(Away(F, date(2020, 1, 1))))
    assert stretch is not None
    assert (stretch.official, stretch.both_away) == (False, False)


def test_one_away_and_the_other_incapable_is_official() -> None:
    stretch = on(DAY, facts(Away(F, date(2020, 1, 1)), incapable=frozenset({M})))
    assert stretch is not None
    assert stretch.official


def test_nobody_away_is_no_status() -> None:
    assert derive(facts()) == []


@pytest.mark.parametrize(
    ("since", "official"),
    [(date(2024, 12, 30), True), (date(2024, 12, 31), True), (date(2025, 1, 1), False)],
)
def test_six_months_are_counted_by_the_day(since: date, official: bool) -> None:
    stretch = on(DAY, facts(Away(F, date(2020, 1, 1)), Away(M, since)))
    assert stretch is not None
    assert stretch.official is official


def test_work_inside_the_county_counts_for_the_wide_basis_only() -> None:
    some = facts(Away(F, date(2020, 1, 1)), Away(M, date(2020, 1, 1), inside_county=True))
    stretch = on(DAY, some)
    assert stretch is not None
    assert (stretch.official, stretch.both_away) == (False, True)
    wider = on(DAY, some, StatusRules(across_county=False))
    assert wider is not None
    assert wider.official


def test_the_status_ends_on_the_sixteenth_birthday() -> None:
    some = facts(Away(F, date(2020, 1, 1)), birth_date=date(2009, 7, 1))
    assert on(DAY, some) is not None
    assert on(date(2025, 7, 1), some) is None


def test_a_parent_who_comes_home_ends_the_stretch_and_it_is_marked() -> None:
    some = facts(Away(F, date(2020, 1, 1), date(2025, 2, 20)))
    [stretch] = derive(some)
    assert (stretch.ends_on, stretch.joins_wide, stretch.leaves_wide) == (date(2025, 2, 20), True, True)


def test_a_new_guardian_splits_the_stretch_without_leaving_the_status() -> None:
    some = facts(
        Away(F, date(2020, 1, 1)),
        Away(M, date(2020, 1, 1)),
        guards=(
            Guard(GuardianKind.NONE, date(2020, 1, 1), date(2025, 4, 1)),
            Guard(GuardianKind.GRANDPARENT, date(2025, 4, 1)),
        ),
    )
    before, after = on(date(2025, 3, 1), some), on(DAY, some)
    assert before is not None
    assert after is not None
    assert (before.leaves_wide, after.joins_wide, after.placed) == (False, False, True)


def test_an_unrecorded_guardian_is_unknown_only_when_both_parents_are_away() -> None:
    one = on(DAY, facts(Away(F, date(2020, 1, 1))))
    both = on(DAY, facts(Away(F, date(2020, 1, 1)), Away(M, date(2020, 1, 1))))
    assert one is not None
    assert both is not None
    assert (one.guardian, both.guardian) == (GuardianKind.PARENT, None)


@pytest.mark.parametrize(
    ("day", "months", "expected"),
    [
        (date(2024, 8, 31), 6, date(2025, 2, 28)),
        (date(2024, 2, 29), 12, date(2025, 2, 28)),
        (date(2025, 6, 30), 6, date(2025, 12, 30)),
    ],
)
def test_months_end_where_the_calendar_ends(day: date, months: int, expected: date) -> None:
    assert add_months(day, months) == expected


DAYS = st.dates(date(2012, 1, 1), date(2026, 12, 31))


@st.composite
def absences(draw: st.DrawFn) -> Away:
    since = draw(DAYS)
    until = draw(st.one_of(st.just(FOREVER), st.integers(1, 2000).map(lambda n: since + timedelta(days=n))))
    return Away(draw(st.sampled_from(ParentRole)), since, until, draw(st.booleans()))


@given(
    away=st.lists(absences(), max_size=4),
    incapable=st.frozensets(st.sampled_from(ParentRole)),
    birth_date=st.dates(date(2008, 1, 1), date(2020, 1, 1)),
    day=DAYS,
)
def test_the_stretch_of_a_day_says_what_the_definition_says(
    away: list[Away], incapable: frozenset[ParentRole], birth_date: date, day: date
) -> None:
    some = facts(*away, incapable=incapable, birth_date=birth_date)
    there = {a.role for a in away if a.since <= day < a.until}
    counted = {
        a.role
        for a in away
        if a.since <= day < a.until and add_months(a.since, 6) <= day and not a.inside_county
    }
    child = birth_date <= day < sixteenth_birthday(birth_date)
    stretch = on(day, some)
    assert (stretch is not None) == (bool(there) and child)
    if stretch is not None:
        assert stretch.both_away == (len(there) == 2)
        assert stretch.official == (bool(counted) and set(ParentRole) - counted <= incapable)
