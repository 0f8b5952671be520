"""The plan of the demo county: every figure divided over townships, schools and months, before any row.

The whole county is always planned; the small profile keeps the plans of its townships, so that a school
has the same figures in both. Only residence is planned per profile: a child who lives in a township must
find a school in one of the same profile. Figures: the demo county's headline table.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from portal.cli.seed import tables
from portal.cli.seed.tables import SchoolRow, TownRow
from portal.terms import PairingKind, SchoolKind

AS_OF = date(2025, 6, 30)
TERM = "2024-2025-2"
MONTHS = (3, 4, 5, 6)
"""The months of 2025 wholly in session: those in which monthly duties are due."""

ONE_AWAY_OTHER_INCAPABLE = 96
PLACED = 38
TALKS, CALLS, VISITS = 15_002, 13_606, 4_655
MONTH_WEIGHTS = (0.975, 0.995, 1.01, 1.02)
TEACHER_PAIRS, CADRE_PAIRS, BUREAU_STAFF = 1_525, 197, 23
PROXY_PAIRS, PROXIES, MOTHER_PAIRS, VOLUNTEER_PAIRS = 60, 48, 73, 96
PAIRED = 1_744
JOINERS = 214
BACK, SIXTEEN, MOVED = 61, 48, 27
VILLAGE_WEIGHTS = (1.45, 1.05, 1.1, 0.85, 0.8, 0.75)
SWAPS = 6
"""Children of two neighbouring townships who each attend a school of the other, per direction."""


@dataclass(frozen=True)
class Profile:
    """Which townships are loaded, and how many children there are without a school."""

    name: str
    towns: tuple[str, ...]
    under_six: int
    out_of_school: int
    dropped_out: int


FULL = Profile("full", ("T1", "T2", "T3", "T4", "T5", "T6", "T7"), 211, 17, 3)
SMALL = Profile("small", ("T4", "T7"), 103, 0, 0)
PROFILES = {profile.name: profile for profile in (SMALL, FULL)}


@dataclass(frozen=True)
class ClassPlan:
    grade: int
    name: str
    pupils: int


@dataclass(frozen=True)
class SchoolPlan:
    """What one school will hold. The months are those of `MONTHS`."""

    row: SchoolRow
    code: str
    classes: tuple[ClassPlan, ...]
    incapable: int = 0
    placed: int = 0
    talks: tuple[int, ...] = ()
    calls: tuple[int, ...] = ()
    visited: int = 0
    again_teacher: int = 0
    again_director: int = 0
    again_volunteer: int = 0
    pairs: tuple[tuple[PairingKind, int], ...] = ()
    bureau_staff: int = 0
    proxies: int = 0
    paired: int = 0

    @property
    def both(self) -> int:
        return self.row.official - self.incapable

    def pairs_of(self, kind: PairingKind) -> int:
        return dict(self.pairs)[kind]


@dataclass(frozen=True)
class TownPlan:
    """What one township will hold on the side of residence."""

    row: TownRow
    villages: tuple[int, ...]
    under_six: int
    out_of_school: int
    dropped_out: int
    """Of those out of school."""
    joiners: int
    back: int
    sixteen: int
    moved: int
    pupils_living_in: dict[str, int]
    """Township of residence → how many of this township's pupils (compulsory) live there."""


@dataclass(frozen=True)
class CountyPlan:
    profile: Profile
    towns: tuple[TownPlan, ...]
    schools: tuple[SchoolPlan, ...]


def apportion(total: int, weights: Sequence[float]) -> list[int]:
    """Whole numbers summing to `total`, in proportion to the weights (largest remainders, then order)."""
    whole = sum(weights)
    exact = [total * weight / whole for weight in weights]
    shares = [int(share + 1e-9) for share in exact]
    by_remainder = sorted(range(len(exact)), key=lambda n: (shares[n] - exact[n], n))
    for n in by_remainder[: total - sum(shares)]:
        shares[n] += 1
    return shares


def plan_county(profile: Profile) -> CountyPlan:
    """Everything the profile will hold."""
    schools = [plan for plan in _plan_schools() if plan.row.town in profile.towns]
    return CountyPlan(profile, tuple(_plan_towns(profile)), tuple(schools))


# ---- schools --------------------------------------------------------------------------------------


def _plan_schools() -> list[SchoolPlan]:
    rows = [row for row in tables.schools() if row.is_compulsory]
    official = [row.official for row in rows]
    wide = [row.wide for row in rows]
    incapable, placed = apportion(ONE_AWAY_OTHER_INCAPABLE, official), apportion(PLACED, official)
    talks, calls = _monthly(TALKS, rows), _monthly(CALLS, rows)
    visited = _visited(rows)
    again = apportion(VISITS - sum(visited), visited)
    pairings = _plan_pairings(wide)
    plans = []
    for n, row in enumerate(rows):
        directors, volunteers = round(again[n] * 0.28), int(again[n] * 0.11)
        plans.append(
            SchoolPlan(
                row=row,
                code=school_code(row.key),
                classes=_plan_classes(row),
                incapable=incapable[n],
                placed=placed[n],
                talks=talks[n],
                calls=calls[n],
                visited=visited[n],
                again_teacher=again[n] - directors - volunteers,
                again_director=directors,
                again_volunteer=volunteers,
                **pairings[n],
            )
        )
    gardens = [row for row in tables.schools() if not row.is_compulsory]
    return plans + [SchoolPlan(row, school_code(row.key), _plan_classes(row)) for row in gardens]


def school_code(key: str) -> str:
    """S09 → 999901-S09."""
    return f"{tables.county()[0]}-{key}"


def _monthly(total: int, rows: Sequence[SchoolRow]) -> list[tuple[int, ...]]:
    """Per school and month how many children are reached: first by township, then month, then school."""
    found: dict[str, list[int]] = {row.key: [] for row in rows}
    weights = [
        town.talk_percent * sum(row.wide for row in rows if row.town == town.key) for town in tables.towns()
    ]
    for town, share in zip(tables.towns(), apportion(total, weights), strict=True):
        own = [row for row in rows if row.town == town.key]
        for number in apportion(share, MONTH_WEIGHTS):
            for row, reached in zip(own, apportion(number, [row.wide for row in own]), strict=True):
                found[row.key].append(reached)
    return [tuple(found[row.key]) for row in rows]


def _visited(rows: Sequence[SchoolRow]) -> list[int]:
    found = {}
    for town in tables.towns():
        own = [row for row in rows if row.town == town.key]
        shares = apportion(town.visited, [row.wide for row in own])
        found.update(zip((row.key for row in own), shares, strict=True))
    return [found[row.key] for row in rows]


def _plan_pairings(wide: Sequence[int]) -> list[dict[str, object]]:
    """Pairs per school and kind, and how many children they reach; no child has more than two pairs."""
    teachers, mothers = apportion(TEACHER_PAIRS, wide), apportion(MOTHER_PAIRS, wide)
    staff, proxies = apportion(BUREAU_STAFF, wide), apportion(PROXIES, wide)
    cadres = [n + 2 * s for n, s in zip(apportion(CADRE_PAIRS, wide), staff, strict=True)]
    doubled = apportion(PROXY_PAIRS - PROXIES, proxies)
    volunteers = apportion(VOLUNTEER_PAIRS, wide)
    plans: list[dict[str, object]] = []
    others = [
        cadres[n] + proxies[n] + doubled[n] + mothers[n] + volunteers[n] for n in range(len(wide))
    ]
    fresh = apportion(PAIRED - TEACHER_PAIRS, others)
    for n in range(len(wide)):
        pairs = (
            (PairingKind.TEACHER, teachers[n]),
            (PairingKind.VOLUNTEER, volunteers[n]),
            (PairingKind.CARING_MOTHER, mothers[n]),
            (PairingKind.PROXY_PARENT, proxies[n] + doubled[n]),
            (PairingKind.CADRE, cadres[n]),
        )
        plans.append(
            {"pairs": pairs, "bureau_staff": staff[n], "proxies": proxies[n], "paired": teachers[n] + fresh[n]}
        )
    return plans


# ---- classes --------------------------------------------------------------------------------------

GRADES = {
    SchoolKind.PRIMARY: range(1, 7),
    SchoolKind.JUNIOR: range(7, 10),
    SchoolKind.NINE_YEAR: range(1, 10),
    SchoolKind.TEACHING_POINT: range(1, 4),
}
NURSERY = ("小班", "中班", "大班")
"""The three years of a kindergarten, all of grade 0."""


def _plan_classes(row: SchoolRow) -> tuple[ClassPlan, ...]:
    """Classes of at most 48 (kindergartens 35), years of slightly different size."""
    if row.is_compulsory:
        years = [(grade, f"{grade}年级") for grade in GRADES[row.kind]]
    else:
        years = [(0, name) for name in NURSERY]
    seat = int(row.key[1:])
    weights = [1 + ((seat * 7 + n * 5) % 9 - 4) / 100 for n in range(len(years))]
    classes: list[ClassPlan] = []
    for (grade, title), pupils in zip(years, apportion(row.pupils, weights), strict=True):
        number = -(-pupils // (48 if row.is_compulsory else 35))
        sizes = apportion(pupils, [1] * number)
        classes += [ClassPlan(grade, f"{title}{n}班", size) for n, size in enumerate(sizes, 1)]
    return tuple(classes)


# ---- residence ------------------------------------------------------------------------------------


def _plan_towns(profile: Profile) -> list[TownPlan]:
    rows = [row for row in tables.towns() if row.key in profile.towns]
    residents = [row.residents for row in rows]
    under_six = apportion(profile.under_six, residents)
    out = apportion(profile.out_of_school, residents)
    dropped = apportion(profile.dropped_out, residents)
    moves = {number: _by_town(number) for number in (JOINERS, BACK, SIXTEEN, MOVED)}
    living_in = _commute(rows, [u + o for u, o in zip(under_six, out, strict=True)])
    return [
        TownPlan(
            row=row,
            villages=tuple(apportion(row.residents, VILLAGE_WEIGHTS)),
            under_six=under_six[n],
            out_of_school=out[n],
            dropped_out=dropped[n],
            joiners=moves[JOINERS][row.key],
            back=moves[BACK][row.key],
            sixteen=moves[SIXTEEN][row.key],
            moved=moves[MOVED][row.key],
            pupils_living_in=living_in[row.key],
        )
        for n, row in enumerate(rows)
    ]


def _by_town(number: int) -> dict[str, int]:
    shares = apportion(number, [row.residents for row in tables.towns()])
    return {row.key: share for row, share in zip(tables.towns(), shares, strict=True)}


def _commute(rows: Sequence[TownRow], without_school: Sequence[int]) -> dict[str, dict[str, int]]:
    """Township of enrolment → township of residence → compulsory pupils; rows and columns add up.

    Kindergarten children live where their kindergarten is. What a township's schools have above its
    residents comes from the townships that have fewer places than children; neighbours also swap some.
    """
    enrolled = {row.key: 0 for row in rows}
    at_home = {row.key: row.residents - n for row, n in zip(rows, without_school, strict=True)}
    for school in tables.schools():
        if school.town in enrolled and school.is_compulsory:
            enrolled[school.town] += school.wide
        elif school.town in enrolled:
            at_home[school.town] -= school.wide
    lives: dict[str, dict[str, int]] = {
        town: {town: min(enrolled[town], at_home[town])} for town in enrolled
    }
    places = {town: enrolled[town] - at_home[town] for town in enrolled if enrolled[town] > at_home[town]}
    for home in (town for town in enrolled if at_home[town] > enrolled[town]):
        surplus = at_home[home] - enrolled[home]
        for town, share in zip(places, apportion(surplus, list(places.values())), strict=True):
            share = min(share, places[town])
            lives[town][home] = lives[town].get(home, 0) + share
            places[town] -= share
            surplus -= share
        for town in places:  # what rounding left over
            rest = min(surplus, places[town])
            lives[town][home] = lives[town].get(home, 0) + rest
            places[town] -= rest
            surplus -= rest
    return _swap(lives, [row.key for row in rows])


def _swap(lives: dict[str, dict[str, int]], towns: Sequence[str]) -> dict[str, dict[str, int]]:
    for one, other in zip(towns, towns[1:], strict=False):
        for town, home in ((one, other), (other, one)):
            lives[town][town] -= SWAPS
            lives[town][home] = lives[town].get(home, 0) + SWAPS
    return lives
