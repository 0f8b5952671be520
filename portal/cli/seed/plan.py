"""The plan of the demo county: every figure divided over townships, schools and months, before any row.

The whole county is always planned; the small profile keeps the plans of its townships, so that a school
has the same figures in both. Only residence is planned per profile: a child who lives in a township must
find a school in one of the same profile.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from portal.cli.seed import figures, tables
from portal.cli.seed.commute import plan_commute
from portal.cli.seed.figures import (
    ClassPlan,
    CountyPlan,
    PairPlan,
    Profile,
    SchoolPlan,
    TownPlan,
    VisitPlan,
    apportion,
)
from portal.cli.seed.tables import SchoolRow
from portal.terms import SchoolKind

GRADES = {
    SchoolKind.PRIMARY: range(1, 7),
    SchoolKind.JUNIOR: range(7, 10),
    SchoolKind.NINE_YEAR: range(1, 10),
    SchoolKind.TEACHING_POINT: range(1, 4),
}
_MONTH_WEIGHTS = (0.975, 0.995, 1.01, 1.02)
_VILLAGE_WEIGHTS = (1.45, 1.05, 1.1, 0.85, 0.8, 0.75)
_AGAIN_BY_DIRECTOR, _AGAIN_BY_VOLUNTEER = 0.28, 0.11
"""Shares of the second home visits; the class teachers make the rest."""


def plan_county(profile: Profile) -> CountyPlan:
    """Everything the profile will hold."""
    schools = [plan for plan in _plan_schools() if plan.row.town in profile.towns]
    return CountyPlan(profile, tuple(_plan_towns(profile)), tuple(schools))


def school_code(key: str) -> str:
    """S09 → 999901-S09."""
    return f"{tables.county()[0]}-{key}"


def _plan_schools() -> list[SchoolPlan]:
    rows = tables.compulsory_schools()
    official = [row.official for row in rows]
    parts = zip(
        rows,
        apportion(figures.ONE_AWAY_OTHER_INCAPABLE, official),
        apportion(figures.PLACED, official),
        _plan_pairs([row.wide for row in rows]),
        _plan_visits(rows),
        strict=True,
    )
    plans = [
        SchoolPlan(row, school_code(row.key), _plan_classes(row), incapable, placed, pairs, visits)
        for row, incapable, placed, pairs, visits in parts
    ]
    gardens = [row for row in tables.schools() if not row.is_compulsory]
    return plans + [SchoolPlan(row, school_code(row.key), _plan_classes(row)) for row in gardens]


def _plan_classes(row: SchoolRow) -> tuple[ClassPlan, ...]:
    """Classes of at most 48 (kindergartens 35), years of slightly different size."""
    if row.is_compulsory:
        years = [(grade, f"{grade}年级") for grade in GRADES[row.kind]]
    else:
        years = [(0, name) for name in figures.NURSERY]
    seat = int(row.key[1:])
    weights = [1 + ((seat * 7 + n * 5) % 9 - 4) / 100 for n in range(len(years))]
    classes: list[ClassPlan] = []
    for (grade, title), pupils in zip(years, apportion(row.pupils, weights), strict=True):
        number = -(-pupils // (48 if row.is_compulsory else 35))
        sizes = apportion(pupils, [1] * number)
        classes += [ClassPlan(grade, f"{title}{n}班", size) for n, size in enumerate(sizes, 1)]
    return tuple(classes)


# ---- visits and pairs -----------------------------------------------------------------------------


def _plan_visits(rows: Sequence[SchoolRow]) -> list[VisitPlan]:
    talks, calls = _plan_months(figures.TALKS, rows), _plan_months(figures.CALLS, rows)
    visited = _plan_visited(rows)
    plans = []
    for n, again in enumerate(apportion(figures.HOME_VISITS - sum(visited), visited)):
        directors, volunteers = round(again * _AGAIN_BY_DIRECTOR), int(again * _AGAIN_BY_VOLUNTEER)
        plans.append(
            VisitPlan(
                talks=talks[n],
                calls=calls[n],
                visited=visited[n],
                again_teacher=again - directors - volunteers,
                again_director=directors,
                again_volunteer=volunteers,
            )
        )
    return plans


def _plan_months(total: int, rows: Sequence[SchoolRow]) -> list[tuple[int, ...]]:
    """Per school and month how many children are reached: first by township, then month, then school."""
    found: dict[str, list[int]] = {row.key: [] for row in rows}
    weights = [
        town.talk_percent * sum(row.wide for row in rows if row.town == town.key) for town in tables.towns()
    ]
    for town, share in zip(tables.towns(), apportion(total, weights), strict=True):
        own = [row for row in rows if row.town == town.key]
        for number in apportion(share, _MONTH_WEIGHTS):
            for row, reached in zip(own, apportion(number, [row.wide for row in own]), strict=True):
                found[row.key].append(reached)
    return [tuple(found[row.key]) for row in rows]


def _plan_visited(rows: Sequence[SchoolRow]) -> list[int]:
    found: dict[str, int] = {}
    for town in tables.towns():
        own = [row for row in rows if row.town == town.key]
        shares = apportion(town.visited, [row.wide for row in own])
        found.update(zip((row.key for row in own), shares, strict=True))
    return [found[row.key] for row in rows]


def _plan_pairs(wide: Sequence[int]) -> list[PairPlan]:
    """Every teacher's pair is another child; of the other pairs some reach children without a teacher."""
    staff, proxies = apportion(figures.BUREAU_STAFF, wide), apportion(figures.PROXIES, wide)
    doubled = apportion(figures.PROXY_PAIRS - figures.PROXIES, proxies)
    teacher = apportion(figures.TEACHER_PAIRS, wide)
    plain = [
        PairPlan(
            teacher=teacher[n],
            volunteer=volunteer,
            mother=mother,
            proxy=proxies[n] + doubled[n],
            cadre=cadre + 2 * staff[n],
            bureau_staff=staff[n],
            proxies=proxies[n],
            children=teacher[n],
        )
        for n, (volunteer, mother, cadre) in enumerate(
            zip(
                apportion(figures.VOLUNTEER_PAIRS, wide),
                apportion(figures.MOTHER_PAIRS, wide),
                apportion(figures.CADRE_PAIRS, wide),
                strict=True,
            )
        )
    ]
    fresh = apportion(figures.PAIRED - figures.TEACHER_PAIRS, [pairs.others for pairs in plain])
    return [replace(pairs, children=pairs.children + more) for pairs, more in zip(plain, fresh, strict=True)]


# ---- residence ------------------------------------------------------------------------------------


def _plan_towns(profile: Profile) -> list[TownPlan]:
    rows = [row for row in tables.towns() if row.key in profile.towns]
    residents = [row.residents for row in rows]
    under_six = apportion(profile.under_six, residents)
    out = apportion(profile.out_of_school, residents)
    dropped = apportion(profile.dropped_out, residents)
    joiners, back = _by_town(figures.JOINERS), _by_town(figures.BACK)
    sixteen, moved = _by_town(figures.SIXTEEN), _by_town(figures.MOVED)
    living_in = plan_commute(rows, [u + o for u, o in zip(under_six, out, strict=True)])
    return [
        TownPlan(
            row=row,
            villages=tuple(apportion(row.residents, _VILLAGE_WEIGHTS)),
            under_six=under_six[n],
            out_of_school=out[n],
            dropped_out=dropped[n],
            joiners=joiners[row.key],
            back=back[row.key],
            sixteen=sixteen[row.key],
            moved=moved[row.key],
            pupils_living_in=living_in[row.key],
        )
        for n, row in enumerate(rows)
    ]


def _by_town(number: int) -> dict[str, int]:
    shares = apportion(number, [row.residents for row in tables.towns()])
    return {row.key: share for row, share in zip(tables.towns(), shares, strict=True)}
