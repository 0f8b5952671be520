"""Left-behind status, derived: from dated facts to stretches of standing at each unit, on both bases.

Wide basis: under sixteen and a parent away, whatever the distance and time. Official basis
(国发〔2016〕13号, county settings of contract.md §4): both parents away, or one away and the other unable
to care, where away counts after six months without a break and across the county border. Since every
boundary is a date, the day a child turns sixteen or a parent's sixth month is full is known in advance.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from datetime import date
from itertools import pairwise
from typing import Protocol

from portal.tenancy.columns import FOREVER
from portal.terms import GuardianKind, ParentRole, Sex, Side

UNDER = 16
"""Years; 不满十六周岁."""


@dataclass(frozen=True)
class StatusRules:
    """The county's settings for the official basis."""

    months_away: int = 6
    across_county: bool = True


class AwayFact(Protocol):
    """One parent away between two days (`until` exclusive)."""

    @property
    def role(self) -> ParentRole: ...
    @property
    def since(self) -> date: ...
    @property
    def until(self) -> date: ...
    @property
    def inside_county(self) -> bool: ...


class GuardianFact(Protocol):
    """One guardian between two days (`until` exclusive)."""

    @property
    def kind(self) -> GuardianKind: ...
    @property
    def since(self) -> date: ...
    @property
    def until(self) -> date: ...


class PriorityFact(Protocol):
    """重点对象 or not between two days (`until` exclusive)."""

    @property
    def is_priority(self) -> bool: ...
    @property
    def since(self) -> date: ...
    @property
    def until(self) -> date: ...


@dataclass(frozen=True)
class PlaceFact:
    """One placement: `unit` is any hashable that names it, `compulsory` False for a kindergarten.

    `carried`: the unit was merged or split and the child went on with it, nowhere new.
    """

    side: Side
    unit: object
    since: date
    until: date
    compulsory: bool
    carried: bool = False


@dataclass(frozen=True)
class Facts:
    """Everything the status of one child depends on."""

    birth_date: date
    sex: Sex
    incapable: frozenset[ParentRole]
    absences: tuple[AwayFact, ...]
    guardianships: tuple[GuardianFact, ...]
    places: tuple[PlaceFact, ...]
    priorities: tuple[PriorityFact, ...] = ()


@dataclass(frozen=True)
class Stretch:
    """One stretch of unchanged standing at one unit; the columns of `Standing`."""

    place: PlaceFact = field(repr=False)
    starts_on: date
    ends_on: date
    official: bool
    both_away: bool
    female: bool
    guardian: GuardianKind | None
    priority: bool = False
    placed: bool = False
    joins_wide: bool = True
    leaves_wide: bool = True
    joins_official: bool = False
    leaves_official: bool = False


def add_months(day: date, months: int) -> date:
    """The same day `months` later, or the last day of that month."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    for last in (day.day, 30, 29, 28):
        try:
            return date(year, month + 1, min(day.day, last))
        except ValueError:
            continue
    raise AssertionError("every month has 28 days")


def sixteenth_birthday(birth_date: date) -> date:
    """The first day on which the child no longer counts."""
    return add_months(birth_date, UNDER * 12)


def derive(facts: Facts, rules: StatusRules | None = None) -> list[Stretch]:
    """All stretches of one child, per place in order of time."""
    judge = _judge(facts, rules or StatusRules())
    end = sixteenth_birthday(facts.birth_date)
    marks = {facts.birth_date, end, *_marks(facts, rules or StatusRules())}
    stretches: list[Stretch] = []
    for chain in _chains(facts.places):
        found: list[Stretch] = []
        for place in chain:
            inside = sorted({m for m in marks if place.since < m < place.until} | {place.since, place.until})
            for start, stop in pairwise(inside):
                if facts.birth_date <= start < end and (stretch := judge(place, start, stop)):
                    found.append(stretch)
        stretches += _mark_ends(_joined(found))
    return stretches


def _chains(places: Iterable[PlaceFact]) -> Iterable[list[PlaceFact]]:
    """Placements that follow each other because units were merged or split count as one stay."""
    for side in Side:
        chain: list[PlaceFact] = []
        for place in sorted((one for one in places if one.side is side), key=lambda one: one.since):
            if chain and not (place.carried and chain[-1].until == place.since):
                yield chain
                chain = []
            chain.append(place)
        if chain:
            yield chain


def _marks(facts: Facts, rules: StatusRules) -> Iterable[date]:
    for away in facts.absences:
        yield from (away.since, away.until)
        if away.until == FOREVER or add_months(away.since, rules.months_away) < away.until:
            yield add_months(away.since, rules.months_away)
    for guard in facts.guardianships:
        yield from (guard.since, guard.until)
    for one in facts.priorities:
        yield from (one.since, one.until)


def _judge(facts: Facts, rules: StatusRules) -> Callable[[PlaceFact, date, date], Stretch | None]:
    def away(day: date, *, counting: bool) -> set[ParentRole]:
        found = set()
        for absence in facts.absences:
            if not absence.since <= day < absence.until:
                continue
            long_enough = add_months(absence.since, rules.months_away) <= day
            far_enough = not (absence.inside_county and rules.across_county)
            if not counting or (long_enough and far_enough):
                found.add(absence.role)
        return found

    def guardian(day: date, both_away: bool) -> GuardianKind | None:
        for guard in facts.guardianships:
            if guard.since <= day < guard.until:
                return guard.kind
        return None if both_away else GuardianKind.PARENT

    def judge(place: PlaceFact, start: date, stop: date) -> Stretch | None:
        any_away = away(start, counting=False)
        if not any_away:
            return None
        counted = away(start, counting=True)
        left_alone = counted and (set(ParentRole) - counted) <= facts.incapable
        return Stretch(
            place=place,
            starts_on=start,
            ends_on=stop,
            official=bool(left_alone),
            both_away=len(any_away) == 2,
            female=facts.sex is Sex.FEMALE,
            guardian=guardian(start, len(any_away) == 2),
            priority=any(one.is_priority and one.since <= start < one.until for one in facts.priorities),
        )

    return judge


def _joined(stretches: list[Stretch]) -> list[Stretch]:
    """Merge neighbours in which nothing that counts differs."""
    merged: list[Stretch] = []
    for stretch in stretches:
        last = merged[-1] if merged else None
        same = last and replace(last, starts_on=stretch.starts_on, ends_on=stretch.ends_on) == stretch
        if last and same and last.ends_on == stretch.starts_on:
            merged[-1] = replace(last, ends_on=stretch.ends_on)
        else:
            merged.append(stretch)
    return merged


def _mark_ends(stretches: list[Stretch]) -> list[Stretch]:
    """Say of each stretch what begins and what ends with it, seen from the neighbours."""
    marked = []
    for n, stretch in enumerate(stretches):
        before = stretches[n - 1] if n and stretches[n - 1].ends_on == stretch.starts_on else None
        after = stretches[n + 1] if n + 1 < len(stretches) else None
        after = after if after and after.starts_on == stretch.ends_on else None
        marked.append(
            replace(
                stretch,
                placed=bool(
                    before
                    and before.guardian is GuardianKind.NONE
                    and stretch.guardian is not GuardianKind.NONE
                ),
                joins_wide=before is None,
                leaves_wide=after is None,
                joins_official=stretch.official and not (before and before.official),
                leaves_official=stretch.official and not (after and after.official),
            )
        )
    return marked
