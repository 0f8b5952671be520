"""The headline figures of the demo county, the profiles, and the shape of a plan.

The constants are the rows of the demo county's headline table; figures per township and per school stand
in `samples/demo/`. `plan` divides them, everything else only carries them out.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from portal.cli.seed.tables import SchoolRow, TownRow

AS_OF = date(2025, 6, 30)
TERM = "2024-2025-2"
MONTHS = (3, 4, 5, 6)
"""The months of 2025 wholly in session: those in which monthly duties are due."""

ONE_AWAY_OTHER_INCAPABLE = 96
PLACED = 38
TALKS, CALLS, HOME_VISITS = 15_002, 13_606, 4_655
TEACHER_PAIRS, CADRE_PAIRS, MOTHER_PAIRS, VOLUNTEER_PAIRS = 1_525, 197, 73, 96
BUREAU_STAFF = 23
"""Staff of the county's bureaus with two children each."""
PROXY_PAIRS, PROXIES = 60, 48
PAIRED = 1_744
JOINERS = 214
BACK, SIXTEEN, MOVED = 61, 48, 27
NURSERY = ("小班", "中班", "大班")
"""The three years of a kindergarten, all of grade 0."""


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
class PairPlan:
    """Pairs of one school per kind of helper, and how many children they reach."""

    teacher: int = 0
    volunteer: int = 0
    mother: int = 0
    proxy: int = 0
    cadre: int = 0
    """With those of the bureaus' staff."""
    bureau_staff: int = 0
    proxies: int = 0
    children: int = 0

    @property
    def total(self) -> int:
        return self.teacher + self.others

    @property
    def others(self) -> int:
        """Pairs with helpers who are no teachers."""
        return self.volunteer + self.mother + self.proxy + self.cadre


@dataclass(frozen=True)
class VisitPlan:
    """Visits of one school's children; the months are those of `MONTHS`."""

    talks: tuple[int, ...] = ()
    calls: tuple[int, ...] = ()
    visited: int = 0
    """Children seen at home by their class teacher."""
    again_teacher: int = 0
    again_director: int = 0
    again_volunteer: int = 0

    @property
    def home_visits(self) -> int:
        return self.visited + self.again_teacher + self.again_director + self.again_volunteer


@dataclass(frozen=True)
class SchoolPlan:
    """What one school will hold."""

    row: SchoolRow
    code: str
    classes: tuple[ClassPlan, ...]
    incapable: int = 0
    """One parent away, the other unable to care."""
    placed: int = 0
    pairs: PairPlan = PairPlan()
    visits: VisitPlan = VisitPlan()

    @property
    def both(self) -> int:
        return self.row.official - self.incapable


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
