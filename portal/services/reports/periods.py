"""Periods: months, terms, school years, half years and years, all unions of whole months.

Autumn term = September to January, spring term = February to August (the source calendar runs so), so
every period is a union of months and figures of one add up to the other.
"""

from __future__ import annotations

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask_babel import lazy_gettext as _l

from portal.errors import Refused

DUE_MONTHS = frozenset({3, 4, 5, 6, 9, 10, 11, 12})
"""Months wholly in session: monthly duties are due in these only."""


@dataclass(frozen=True)
class Period:
    """`code` as in `--period`; `kind` and `number` are the keys of the reach cells."""

    code: str
    kind: str
    number: int
    first: tuple[int, int]
    """(year, month) of the first month."""
    months: int

    @property
    def start(self) -> date:
        return date(*self.first, 1)

    @property
    def end(self) -> date:
        """The last day."""
        year, month = _shift(self.first, self.months - 1)
        return date(year, month, monthrange(year, month)[1])

    @property
    def month_list(self) -> list[int]:
        """Every month as 202506."""
        return [ym(_shift(self.first, n)) for n in range(self.months)]

    @property
    def label(self) -> str:
        """How a reader calls it."""
        year, named = self.first[0], _NAMES[self.kind if self.kind in "MSY" else self.code[-2:]]
        first = self.number // 10 if self.kind == "T" else year
        school_year = f"{first}-{first + 1}"
        return str(named % {"year": year, "month": self.first[1], "school_year": school_year})


_NAMES: dict[str, Any] = {
    "M": _l("%(year)s-%(month)02d"),
    "-1": _l("Autumn term %(school_year)s"),
    "-2": _l("Spring term %(school_year)s"),
    "S": _l("School year %(school_year)s"),
    "H1": _l("First half of %(year)s"),
    "H2": _l("Second half of %(year)s"),
    "Y": _l("Year %(year)s"),
}


def ym(month: tuple[int, int]) -> int:
    """(2025, 6) as 202506."""
    return month[0] * 100 + month[1]


def ym_of(day: date) -> int:
    """The month of a day as 202506."""
    return day.year * 100 + day.month


def _shift(month: tuple[int, int], months: int) -> tuple[int, int]:
    year, index = divmod(month[0] * 12 + month[1] - 1 + months, 12)
    return year, index + 1


_YEAR = r"(20\d\d)"
_SHAPES = {
    "M": re.compile(rf"{_YEAR}-(0[1-9]|1[0-2])"),
    "T": re.compile(rf"{_YEAR}-{_YEAR}-([12])"),
    "S": re.compile(rf"{_YEAR}-{_YEAR}"),
    "H": re.compile(rf"{_YEAR}-H([12])"),
    "Y": re.compile(_YEAR),
}


def parse(code: str) -> Period:
    """A period from its code (contract.md §2). Raises Refused with the forms that are understood."""
    for kind, shape in _SHAPES.items():
        found = shape.fullmatch(code.strip())
        if found and (period := _build(kind, [int(part) for part in found.groups()])):
            return period
    raise Refused(_l("A period is written 2025-06, 2024-2025-2, 2024-2025, 2025-H1 or 2025."), field="period")


def _build(kind: str, parts: list[int]) -> Period | None:
    year = parts[0]
    if kind in "TS" and parts[1] != year + 1:
        return None
    if kind == "M":
        return Period(f"{year}-{parts[1]:02d}", "M", year * 100 + parts[1], (year, parts[1]), 1)
    if kind == "T":
        first, length = ((year, 9), 5) if parts[2] == 1 else ((year + 1, 2), 7)
        return Period(f"{year}-{year + 1}-{parts[2]}", "T", year * 10 + parts[2], first, length)
    if kind == "S":
        return Period(f"{year}-{year + 1}", "S", year, (year, 9), 12)
    if kind == "H":
        return Period(f"{year}-H{parts[1]}", "H", year * 10 + parts[1], (year, parts[1] * 6 - 5), 6)
    return Period(f"{year}", "Y", year, (year, 1), 12)


def month_of(month: int) -> Period:
    """The month 202506 as a period."""
    return parse(f"{month // 100}-{month % 100:02d}")


def term_of(day: date) -> Period:
    """The term that holds a day."""
    if day.month >= 9:
        return parse(f"{day.year}-{day.year + 1}-1")
    if day.month == 1:
        return parse(f"{day.year - 1}-{day.year}-1")
    return parse(f"{day.year - 1}-{day.year}-2")


def terms_begun_in(period: Period) -> list[Period]:
    """The terms whose first month lies in the period."""
    terms = [term_of(date(m // 100, m % 100, 1)) for m in period.month_list]
    inside = set(period.month_list)
    return list({term.code: term for term in terms if ym(term.first) in inside}.values())


def around(day: date) -> list[Period]:
    """What a reader most likely wants on a day: this term, this month, school year, half year, year."""
    term = term_of(day)
    school_year = parse("-".join(term.code.split("-")[:2]))
    half = parse(f"{day.year}-H{1 if day.month <= 6 else 2}")
    return [term, month_of(ym_of(day)), half, school_year, parse(str(day.year))]
