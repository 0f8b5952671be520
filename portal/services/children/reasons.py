"""Why a child counts as left-behind on a day, or does not: the derivation again, in words."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

from portal.models.children import Absence, Child
from portal.services.children.files import facts_of
from portal.services.children.ruling import rules_of
from portal.services.children.standing import StatusRules, Stretch, add_months, derive, sixteenth_birthday
from portal.tenancy.actor import Actor
from portal.tenancy.permissions import Permission
from portal.terms import ParentRole


@dataclass(frozen=True)
class Explained:
    """The status of one day on both bases and the facts that make it, in the order a person would tell them."""

    day: date
    stretch: Stretch | None
    sentences: tuple[LazyString, ...]

    @property
    def wide(self) -> bool:
        return self.stretch is not None

    @property
    def official(self) -> bool:
        return self.stretch is not None and self.stretch.official


def explain(child: Child, day: date, *, actor: Actor, rules: StatusRules | None = None) -> Explained:
    """The status of a child on any day, past or to come, with its reason (国发〔2016〕13号; domain 0.3)."""
    actor.require(Permission.CHILD_CARE_READ)
    rules = rules or rules_of(child)
    found = next((s for s in derive(facts_of(child), rules) if s.starts_on <= day < s.ends_on), None)
    return Explained(
        day, found, (*_age(child, day), *_parents(child, day, rules), *_verdict(child, found, day))
    )


def _age(child: Child, day: date) -> tuple[LazyString, ...]:
    end = sixteenth_birthday(child.birth_date)
    if day < child.birth_date:
        return (_l("The child was not born yet."),)
    if day >= end:
        return (_l("Sixteen since %(day)s: no longer counts.", day=end.isoformat()),)
    return (_l("Under sixteen until %(day)s.", day=end.isoformat()),)


def _parents(child: Child, day: date, rules: StatusRules) -> tuple[LazyString, ...]:
    return tuple(_parent(child, role, day, rules) for role in ParentRole)


def _parent(child: Child, role: ParentRole, day: date, rules: StatusRules) -> LazyString:
    away = next((a for a in child.absences if a.role is role and a.since <= day < a.until), None)
    incapable = any(parent.role is role and parent.incapable for parent in child.parents)
    if away is None:
        if incapable:
            return _l("%(who)s is at home and not able to care.", who=role.label)
        return _l("%(who)s is at home.", who=role.label)
    return _away(away, role, day, rules)


def _away(away: Absence, role: ParentRole, day: date, rules: StatusRules) -> LazyString:
    said = {"who": role.label, "since": away.since.isoformat(), "place": away.work_place or "—"}
    full = add_months(away.since, rules.months_away)
    if away.inside_county and rules.across_county:
        return _l("%(who)s has been away since %(since)s (%(place)s), inside the county: counts on the wide basis"
                  " only.", **said)  # fmt: skip
    if full > day:
        return _l("%(who)s has been away since %(since)s (%(place)s); counts on the official basis from %(full)s.",
                  full=full.isoformat(), **said)  # fmt: skip
    return _l(
        "%(who)s has been away since %(since)s (%(place)s), long enough for the official basis.", **said
    )


def _verdict(child: Child, stretch: Stretch | None, day: date) -> tuple[LazyString, ...]:
    if stretch is not None:
        return ()
    if not any(place.since <= day < place.until for place in child.placements):
        return (_l("No unit of this county kept the child on this day."),)
    return ()
