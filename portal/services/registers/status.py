"""The left-behind status that a roster row's own facts give on a day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from portal.services.children.standing import Facts, PlaceFact, derive
from portal.services.registers.records import RosterRow
from portal.tenancy.columns import FOREVER
from portal.terms import ParentRole, Side


@dataclass(frozen=True)
class _Away:
    role: ParentRole
    since: date
    inside_county: bool
    until: date = FOREVER


def status_of(row: RosterRow, day: date) -> set[str]:
    """Which of wide, official and both_away an accepted row is on `day`."""
    parents = ((ParentRole.FATHER, row.father), (ParentRole.MOTHER, row.mother))
    absences = tuple(
        _Away(role, facts.since, facts.inside_county) for role, facts in parents if facts.away and facts.since
    )
    incapable = frozenset(
        role for role, facts in parents if not facts.away and row.other_parent_capable is False
    )
    assert row.birth_date is not None, "an accepted row has a birth date"
    assert row.sex is not None, "an accepted row has a sex"
    place = PlaceFact(Side.VILLAGE, None, row.birth_date, FOREVER, compulsory=True)
    facts = Facts(row.birth_date, row.sex, incapable, absences, (), (place,))
    now = [stretch for stretch in derive(facts) if stretch.starts_on <= day < stretch.ends_on]
    if not now:
        return set()
    found = {"wide"}
    if now[0].official:
        found.add("official")
    if now[0].both_away:
        found.add("both_away")
    return found
