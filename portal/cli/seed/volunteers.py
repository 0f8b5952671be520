"""The volunteers of the demo county: 240 by category, of whom 228 are vetted, 9 wait, 3 have expired."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time

from portal.cli.seed import tables
from portal.cli.seed.figures import PROXIES, CountyPlan, apportion
from portal.cli.seed.people import Helper, Register, Someone
from portal.models.volunteers import Vetting, Volunteer
from portal.tenancy.roles import Role
from portal.terms import (
    Skill,
    Slot,
    VettingKind,
    VettingResult,
    VolunteerCategory,
    VolunteerStatus,
    VolunteerTeam,
)

VETTED_UNTIL = date(2025, 9, 1)
EXPIRED = {"T1": date(2025, 3, 31), "T3": date(2025, 4, 15), "T7": date(2025, 4, 30)}
"""Planted: townships where the yearly check of one volunteer ran out while she went on visiting."""
WAITING = 9
CITIZEN_PROXIES = PROXIES // 4

ENROLLED = date(2024, 9, 1)
_TEAMS = {
    VolunteerCategory.FIVE_ELDERS: VolunteerTeam.CARE,
    VolunteerCategory.CADRE: VolunteerTeam.CARE,
    VolunteerCategory.WOMEN: VolunteerTeam.FAMILY,
    VolunteerCategory.TEACHER: VolunteerTeam.GUIDES,
    VolunteerCategory.PROFESSIONAL: VolunteerTeam.GUIDES,
    VolunteerCategory.STUDENT: VolunteerTeam.SERVICE,
    VolunteerCategory.WESTERN: VolunteerTeam.SERVICE,
    VolunteerCategory.CITIZEN: VolunteerTeam.SERVICE,
}
_SKILLS = {
    VolunteerCategory.TEACHER: (Skill.STUDY,),
    VolunteerCategory.STUDENT: (Skill.STUDY, Skill.ARTS),
    VolunteerCategory.WESTERN: (Skill.STUDY, Skill.PHOTO),
    VolunteerCategory.PROFESSIONAL: (Skill.MIND, Skill.LAW),
}
_SLOTS = {
    VolunteerCategory.FIVE_ELDERS: (Slot.WEEKDAY_DAY,),
    VolunteerCategory.STUDENT: (Slot.WEEKEND_MORNING, Slot.WEEKEND_AFTERNOON, Slot.HOLIDAYS),
}
_BORN = {
    VolunteerCategory.FIVE_ELDERS: (1948, 1962),
    VolunteerCategory.STUDENT: (2002, 2006),
    VolunteerCategory.WESTERN: (1999, 2002),
}
_NAMED = {
    ("T2", VolunteerCategory.FIVE_ELDERS): "裴志远",
    ("T4", VolunteerCategory.STUDENT): "岳小楠",
    ("T1", VolunteerCategory.WOMEN): "褚桂兰",
}
CADRE = "盛明哲"
PROXY = "柯建军"
"""Named helpers from the county's bureaus, both in either profile."""


def add_volunteers(register: Register, plan: CountyPlan) -> None:
    """Add the part of the 240 that helps in the plan's townships."""
    numbers = tables.volunteers()
    by_town = {
        VolunteerCategory.FIVE_ELDERS: numbers[VolunteerCategory.FIVE_ELDERS],
        VolunteerCategory.WOMEN: numbers[VolunteerCategory.WOMEN],
        VolunteerCategory.STUDENT: numbers[VolunteerCategory.STUDENT],
        VolunteerCategory.WESTERN: numbers[VolunteerCategory.WESTERN],
        VolunteerCategory.PROFESSIONAL: numbers[VolunteerCategory.PROFESSIONAL],
        VolunteerCategory.CITIZEN: numbers[VolunteerCategory.CITIZEN] - CITIZEN_PROXIES,
    }
    waiting = _share(WAITING)
    for category, number in by_town.items():
        share = _share(number)
        for town in plan.towns:
            people = _recruit(register, category, town.row.key, share[town.row.key])
            if category is VolunteerCategory.WOMEN:
                cut = len(people) - waiting[town.row.key]
                _wait(register, people[cut:], category, town.row.key)
                people = people[:cut]
            _enlist(register, people, category, town.row.key)
    _enlist_teachers(register, plan)
    _enlist_proxies(register, plan)
    _enlist_cadres(register)


def _share(number: int) -> dict[str, int]:
    """A number of the county divided over all seven townships by the children at their schools."""
    rows = tables.compulsory_schools()
    weights = [sum(row.wide for row in rows if row.town == town.key) for town in tables.towns()]
    return dict(zip((town.key for town in tables.towns()), apportion(number, weights), strict=True))


def _recruit(register: Register, category: VolunteerCategory, town: str, number: int) -> list[Someone]:
    posts = tables.volunteer_posts()[category]
    born = _BORN.get(category, (1965, 1995))
    people = []
    for n in range(number):
        name = _NAMED.get((town, category)) if n == 0 else None
        post = posts[n % len(posts)]
        people.append(
            register.someone(town, post, name=name, born=born)
            if name
            else register.stranger(town, post, born=born)
        )
    return people


def _enlist(
    register: Register,
    people: Sequence[Someone],
    category: VolunteerCategory,
    town: str,
    *,
    vetted_until: date | None = VETTED_UNTIL,
) -> None:
    """Put people on the roster. The last elder of a township of `EXPIRED` keeps her expired check."""
    for n, person in enumerate(people):
        until = vetted_until
        if category is VolunteerCategory.FIVE_ELDERS and n == len(people) - 1:
            until = EXPIRED.get(town, vetted_until)
        number = register.book.add(
            Volunteer,
            **person.place.scope,
            person_id=person.id,
            category=category,
            team=_TEAMS[category],
            skills=_SKILLS.get(category, ()),
            slots=_SLOTS.get(category, (Slot.WEEKEND_MORNING,)),
            status=VolunteerStatus.ACTIVE,
            status_since=ENROLLED,
            status_note="",
            promised_on=ENROLLED,
            vetted_until=until,
        )
        _vet(register, person, number, until)
        register.staff.helpers.append(Helper(person, category, town, until))


def _vet(register: Register, person: Someone, number: int, until: date | None) -> None:
    """Her identity, and the record of offences: passed a year before its end, or not answered yet."""
    checked = date(until.year - 1, until.month, until.day) if until else date(2025, 6, 16)
    known = VettingResult.PASSED if until else VettingResult.WAITING
    for kind, result, day, ends in (
        (VettingKind.IDENTITY, VettingResult.PASSED, ENROLLED, None),
        (VettingKind.RECORD, known, checked, until),
    ):
        register.book.add(
            Vetting, **person.place.scope, volunteer_id=number, kind=kind, result=result, checked_on=day,
            valid_until=ends, paper="", person_id=None, written_at=datetime.combine(day, time(9)),
        )  # fmt: skip


def _wait(register: Register, people: Sequence[Someone], category: VolunteerCategory, town: str) -> None:
    _enlist(register, people, category, town, vetted_until=None)


def _enlist_teachers(register: Register, plan: CountyPlan) -> None:
    rows = tables.compulsory_schools()
    number = tables.volunteers()[VolunteerCategory.TEACHER]
    shares = dict(zip((r.key for r in rows), apportion(number, [r.wide for r in rows]), strict=True))
    for school in plan.schools:
        teachers = register.staff.teachers.get(school.row.key, [])[: shares.get(school.row.key, 0)]
        _enlist(register, teachers, VolunteerCategory.TEACHER, school.row.town)


def _enlist_proxies(register: Register, plan: CountyPlan) -> None:
    """Proxy parents work at the county's bureaus or in business; every fourth is no cadre."""
    rows = tables.compulsory_schools()
    number = 0
    for row, share in zip(rows, apportion(PROXIES, [row.wide for row in rows]), strict=True):
        for _ in range(share):
            number += 1
            category = VolunteerCategory.CITIZEN if number % 4 == 0 else VolunteerCategory.CADRE
            if any(school.row is row for school in plan.schools):
                _add_proxy(register, row.key, row.town, category)


def _add_proxy(register: Register, school: str, town: str, category: VolunteerCategory) -> None:
    own = register.staff.proxies.setdefault(school, [])
    posts = tables.volunteer_posts()[category]
    if school == "S09" and not own:
        person = register.someone(tables.COUNTY, "县公安局", name=PROXY)
        category = VolunteerCategory.CADRE
    else:
        person = register.stranger(tables.COUNTY, posts[len(own) % len(posts)], born=(1970, 1998))
    own.append(person)
    _enlist(register, [person], category, town)


def _enlist_cadres(register: Register) -> None:
    cadre = register.someone(tables.COUNTY, "县统计局", name=CADRE)
    _enlist(register, [cadre], VolunteerCategory.CADRE, tables.COUNTY)
    for login, role, unit in tables.further_memberships():
        if role is Role.VOLUNTEER and unit in register.places:
            name = next(row.name for row in tables.logins() if row.login == login)
            _enlist(register, [register.staff.named[unit, name]], VolunteerCategory.CADRE, unit)
