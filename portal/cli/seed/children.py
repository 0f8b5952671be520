"""The children of the demo county as drafts: school and class, whose parents are away, who joins or leaves.

A draft holds what decides how a child counts; `families` adds names, parents and dates to it. Figures
come from the plan: the wide stock of 4,780 by residence, of whom 4,361 at compulsory schools.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import Enum

from portal.cli.seed.book import stream
from portal.cli.seed.figures import NURSERY, ClassPlan, CountyPlan, SchoolPlan, TownPlan
from portal.cli.seed.invention import random_day
from portal.terms import GuardianKind, Schooling, SchoolKind

MOVES = (date(2025, 2, 17), date(2025, 2, 28))
"""All joiners and leavers of 2025 move between these days, before the first due month."""
PLACEMENTS = (date(2025, 2, 20), date(2025, 6, 20))
"""When children without a guardian got one in the spring term."""
TURNS_SIXTEEN_NEXT_MONTH = date(2009, 7, 18)
"""Planted: 15 years and 11 months on 30 June 2025."""


class Away(Enum):
    """Which parents are away: the three groups of the headline table."""

    BOTH = "both"
    OTHER_INCAPABLE = "one away, the other cannot care"
    ONE = "one away, the other at home and able"


class Leave(Enum):
    BACK = "父母返乡"
    SIXTEEN = "满16周岁"
    MOVED = "转出"


@dataclass(frozen=True)
class Seat:
    """A place in a class of a school."""

    school: SchoolPlan
    group: ClassPlan


@dataclass(eq=False)
class Draft:
    """One child before she has a name. `home` and `village` are where she lives."""

    key: str
    born: date
    female: bool
    schooling: Schooling
    home: str
    village: str = ""
    seat: Seat | None = None
    away: Away = Away.ONE
    guardian: GuardianKind = GuardianKind.PARENT
    """Who cares for her at the end; before `placed_on` it was nobody."""
    placed_on: date | None = None
    joins_on: date | None = None
    leave: Leave | None = None
    leaves_on: date | None = None
    twin_of: Draft | None = None
    """Planted: the same child a second time, under another ID number."""

    @property
    def is_pupil(self) -> bool:
        """Whether she is one of the 4,361: counted at a compulsory school until today."""
        return self.leave is None and self.seat is not None and self.seat.school.row.is_compulsory

    @property
    def is_official(self) -> bool:
        return self.away is not Away.ONE


def draft_children(plan: CountyPlan) -> list[Draft]:
    """All children: pupils, kindergarten, without school, leavers; homes and moves decided."""
    pupils = [draft for school in plan.schools if school.row.is_compulsory for draft in _pupils(school)]
    gardens = [s for s in plan.schools if not s.row.is_compulsory]
    small = [draft for school in gardens for draft in _kindergarten(school)]
    others = [draft for town in plan.towns for draft in _without_school(town)]
    leavers = [draft for town in plan.towns for draft in _leavers(town, plan.schools)]
    _find_homes(plan, pupils, small + others, leavers)
    stock = pupils + small + others
    _plant(stock)
    _choose_joiners(plan, stock)
    return stock + leavers


def _pupils(school: SchoolPlan) -> list[Draft]:
    """The children of one compulsory school, with every figure of its row exact."""
    rng = stream(f"pupils/{school.row.key}")
    row = school.row
    kinds = [GuardianKind.GRANDPARENT] * row.grandparent
    kinds += [GuardianKind.RELATIVE] * row.fostered + [GuardianKind.NONE] * row.unguarded
    placed = _placed(kinds, school.placed)
    away = [Away.BOTH] * school.both + [Away.OTHER_INCAPABLE] * school.incapable
    rng.shuffle(away)
    groups = [(a, kind, late) for a, (kind, late) in zip(away, placed, strict=True)]
    groups += [(Away.ONE, GuardianKind.PARENT, False)] * (row.wide - row.official)
    rng.shuffle(groups)
    girls = [True] * row.girls + [False] * (row.wide - row.girls)
    rng.shuffle(girls)
    drafts = []
    seats = _seats(rng, school, row.wide)
    for number, (seat, (a, kind, late), female) in enumerate(zip(seats, groups, girls, strict=True), 1):
        draft = _at_school(f"{row.key}/{number}", rng, seat, female)
        draft.away, draft.guardian = a, kind
        draft.placed_on = random_day(rng, *PLACEMENTS) if late else None
        drafts.append(draft)
    return drafts


def _placed(kinds: list[GuardianKind], number: int) -> list[tuple[GuardianKind, bool]]:
    """Mark the children who found a guardian in the term: three with grandparents for one with others."""
    late = set(range(number - number // 4))
    first_relative = kinds.index(GuardianKind.RELATIVE)
    late |= {first_relative + n for n in range(number // 4)}
    return [(kind, n in late) for n, kind in enumerate(kinds)]


def _seats(rng: random.Random, school: SchoolPlan, number: int) -> list[Seat]:
    """A seat for each child, in proportion to the classes' size and never more than a class holds."""
    chairs = [Seat(school, group) for group in school.classes for _ in range(group.pupils)]
    return sorted(rng.sample(chairs, number), key=lambda seat: (seat.group.grade, seat.group.name))


def _at_school(key: str, rng: random.Random, seat: Seat, female: bool) -> Draft:
    return Draft(
        key=key,
        born=_born_for(rng, seat.group),
        female=female,
        schooling=_schooling(seat.group),
        home=seat.school.row.town,
        village=seat.school.row.village,
        seat=seat,
    )


def _born_for(rng: random.Random, group: ClassPlan) -> date:
    """A birth date that fits the class: six years old on the first of September of grade one."""
    year = 2018 - group.grade if group.grade else 2020 - NURSERY.index(group.name[:2])
    return random_day(rng, date(year, 9, 1), date(year + 1, 8, 31))


def _schooling(group: ClassPlan) -> Schooling:
    if group.grade == 0:
        return Schooling.KINDERGARTEN
    return Schooling.PRIMARY if group.grade <= 6 else Schooling.JUNIOR


def _kindergarten(school: SchoolPlan) -> list[Draft]:
    rng = stream(f"kindergarten/{school.row.key}")
    seats = _seats(rng, school, school.row.wide)
    return [
        _at_school(f"{school.row.key}/{number}", rng, seat, rng.random() < 0.48)
        for number, seat in enumerate(seats, 1)
    ]


def _without_school(town: TownPlan) -> list[Draft]:
    """Children under six at home, and those of 14 to 16 who left school."""
    rng = stream(f"without school/{town.row.key}")
    drafts = []
    for number in range(town.under_six):
        born = random_day(rng, date(2019, 9, 1), date(2024, 10, 31))
        drafts.append(_at_home(f"{town.row.key}/small/{number}", rng, town, born, Schooling.NOT_YET))
    for number in range(town.out_of_school):
        born = random_day(rng, date(2009, 8, 10), date(2011, 6, 29))
        schooling = Schooling.DROPPED_OUT if number < town.dropped_out else Schooling.NOT_IN_SCHOOL
        drafts.append(_at_home(f"{town.row.key}/out/{number}", rng, town, born, schooling))
    return drafts


def _at_home(key: str, rng: random.Random, town: TownPlan, born: date, schooling: Schooling) -> Draft:
    return Draft(key=key, born=born, female=rng.random() < 0.48, schooling=schooling, home=town.row.key)


# ---- leavers --------------------------------------------------------------------------------------


def _leavers(town: TownPlan, schools: Sequence[SchoolPlan]) -> list[Draft]:
    """Children who left the count in the last days of February, all with one parent away until then."""
    rng = stream(f"leavers/{town.row.key}")
    own = [s for s in schools if s.row.town == town.row.key and s.row.is_compulsory]
    leaves = [Leave.BACK] * town.back + [Leave.SIXTEEN] * town.sixteen + [Leave.MOVED] * town.moved
    drafts = []
    for number, leave in enumerate(leaves):
        key = f"{town.row.key}/left/{number}"
        day = random_day(rng, *MOVES)
        if leave is Leave.SIXTEEN:
            draft = _sixteen(key, rng, own, day, in_senior=number % 2 == 0)
        else:
            school = rng.choices(own, [s.row.wide for s in own])[0]
            draft = _at_school(key, rng, Seat(school, rng.choice(school.classes)), rng.random() < 0.48)
        draft.home, draft.leave, draft.leaves_on = town.row.key, leave, day
        drafts.append(draft)
    return drafts


def _sixteen(
    key: str, rng: random.Random, schools: Sequence[SchoolPlan], day: date, *, in_senior: bool
) -> Draft:
    """A child whose sixteenth birthday is `day`: still in grade nine, or already outside the county."""
    with_grade_nine = [s for s in schools if s.row.kind in (SchoolKind.JUNIOR, SchoolKind.NINE_YEAR)]
    school = with_grade_nine[0]
    group = rng.choice([group for group in school.classes if group.grade == 9])
    draft = _at_school(key, rng, Seat(school, group), rng.random() < 0.48)
    draft.born = day.replace(year=day.year - 16)
    if in_senior:
        draft.seat, draft.village, draft.schooling = None, "", Schooling.SENIOR
    return draft


# ---- homes, moves and planted cases ---------------------------------------------------------------


def _find_homes(plan: CountyPlan, pupils: list[Draft], others: list[Draft], leavers: list[Draft]) -> None:
    """Give each child her township and village of residence, so that the townships' figures hold."""
    rng = stream("homes")
    for town in plan.towns:
        free = [d for d in pupils if d.seat and d.seat.school.row.town == town.row.key and not d.village]
        away = [home for home, n in town.pupils_living_in.items() if home != town.row.key for _ in range(n)]
        for draft, home in zip(rng.sample(free, len(away)), away, strict=True):
            draft.home = home
    for town in plan.towns:
        beds = [v for v, n in zip(town.row.villages, town.villages, strict=True) for _ in range(n)]
        own = [d for d in pupils + others if d.home == town.row.key]
        for draft in own:
            if draft.village:
                beds.remove(draft.village)
        rng.shuffle(beds)
        for draft, village in zip([d for d in own if not d.village], beds, strict=True):
            draft.village = village
        for draft in leavers:
            if draft.home == town.row.key and not draft.village:
                draft.village = rng.choice(town.row.villages)


def _choose_joiners(plan: CountyPlan, stock: Sequence[Draft]) -> None:
    """Of those with one parent away, who became so only in the last days of February."""
    rng = stream("joiners")
    planted = {d.born for d in stock if d.twin_of} | {TURNS_SIXTEEN_NEXT_MONTH}
    for town in plan.towns:
        may = [
            d for d in stock
            if d.home == town.row.key and d.away is Away.ONE and d.born.year < 2024 and d.born not in planted
        ]  # fmt: skip
        for draft in rng.sample(may, town.joiners):
            draft.joins_on = random_day(rng, *MOVES)


def _plant(stock: Sequence[Draft]) -> None:
    """The planted children: one turns sixteen next month, one stands in two registers."""
    oldest = next(d for d in stock if _is_in(d, "S09", 9) and d.away is Away.ONE)
    oldest.born = TURNS_SIXTEEN_NEXT_MONTH
    first = next((d for d in stock if _is_in(d, "S01", 4) and d.home == "T1" and d.away is Away.ONE), None)
    if first is None:
        return  # the small profile has neither of the two townships
    again = next(d for d in stock if _is_in(d, "S06", 4) and d.home == "T3"
                 and d.away is Away.ONE and d.female == first.female)  # fmt: skip
    again.twin_of, again.born = first, first.born


def _is_in(draft: Draft, school: str, grade: int) -> bool:
    seat = draft.seat
    return seat is not None and seat.school.row.key == school and seat.group.grade == grade
