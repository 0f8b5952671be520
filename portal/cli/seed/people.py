"""People of the demo county who are on duty: officials, child directors, heads, coordinators, teachers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from portal.cli.seed import tables
from portal.cli.seed.book import Book, Place, stream
from portal.cli.seed.figures import CountyPlan, SchoolPlan
from portal.cli.seed.invention import Phones, adult_name
from portal.models.accounts import Person, phone_key
from portal.tenancy.names import person_name_key
from portal.tenancy.roles import AccountKind, Role, account_kind_of
from portal.terms import Sex, VolunteerCategory

TEACHER_LIMIT = 3
"""Children one teacher helps at most."""

_STAFF_BORN = (1968, 1996)
_SUBJECTS = ("语文教师", "数学教师", "英语教师", "体育教师", "音乐教师", "科学教师")


@dataclass(frozen=True)
class Someone:
    """A person as the other rows need her."""

    id: int
    name: str
    place: Place


@dataclass(frozen=True)
class Helper:
    """A volunteer on the roster; `town` is where she helps. `vetted_until` None: never checked."""

    person: Someone
    category: VolunteerCategory
    town: str
    vetted_until: date | None

    def may_meet_children_on(self, day: date) -> bool:
        return self.vetted_until is not None and day < self.vetted_until


@dataclass
class Staff:
    """Everybody by where she is found."""

    named: dict[tuple[str, str], Someone] = field(default_factory=dict)
    """(place, name) → person, so that nobody stands in the list twice."""
    coordinators: dict[str, Someone] = field(default_factory=dict)
    """By township or school."""
    directors: dict[str, Someone] = field(default_factory=dict)
    """By village."""
    class_teachers: dict[tuple[str, str], Someone] = field(default_factory=dict)
    """By school and class."""
    teachers: dict[str, list[Someone]] = field(default_factory=dict)
    """By school: those without a class of their own."""
    helpers: list[Helper] = field(default_factory=list)
    proxies: dict[str, list[Someone]] = field(default_factory=dict)
    """By the school whose children they look after."""
    cadres: dict[str, list[Someone]] = field(default_factory=dict)
    """Helpers from the county's bureaus by school: first those who take two children each."""


class Register:
    """Adds people to the book. Who stands in the tables gets her place; the others are invented."""

    def __init__(self, book: Book, places: Mapping[str, Place], phones: Phones) -> None:
        self.book, self.places, self.phones = book, places, phones
        self.rng = stream("people")
        self.staff = Staff()
        self._known = {(row.unit, row.role): (row.name, row.post) for row in tables.logins()}

    def knows(self, key: str, role: Role) -> bool:
        """Whether the tables name somebody for that role there."""
        return (key, role) in self._known

    def someone(
        self,
        key: str,
        post: str,
        *,
        name: str,
        born: tuple[int, int] = _STAFF_BORN,
        account_kind: AccountKind = AccountKind.WORKING,
    ) -> Someone:
        """The person of that name at that place, added if she is new."""
        if found := self.staff.named.get((key, name)):
            return found
        place, phone = self.places[key], self.phones.next()
        number = self.book.add(
            Person,
            **place.scope,
            name=name,
            name_key=person_name_key(name),
            post=post,
            phone=phone,
            phone_key=phone_key(phone),
            birth_year=self.rng.randint(*born),
            account_kind=account_kind,
        )
        self.staff.named[key, name] = person = Someone(number, name, place)
        return person

    def stranger(self, key: str, post: str, *, born: tuple[int, int] = _STAFF_BORN) -> Someone:
        """A new person, of a name nobody at that place has yet."""
        name = adult_name(self.rng, self.rng.choice(list(Sex)))
        while (key, name) in self.staff.named:
            name = adult_name(self.rng, self.rng.choice(list(Sex)))
        return self.someone(key, post, name=name, born=born)

    def holder(self, key: str, role: Role, post: str) -> Someone:
        """Who holds that role there: by the tables, or a stranger."""
        if self.knows(key, role):
            name, post = self._known[key, role]
            return self.someone(key, post, name=name)
        return self.stranger(key, post)


def add_people(register: Register, plan: CountyPlan) -> Staff:
    """Add everybody on duty at the plan's units."""
    for row in tables.logins():
        if row.unit in register.places and row.role is not Role.VOLUNTEER:
            register.someone(row.unit, row.post, name=row.name, account_kind=account_kind_of(row.role))
    for town in plan.towns:
        key = town.row.key
        register.someone(key, town.row.head_post, name=town.row.head_name)
        register.staff.coordinators[key] = register.someone(key, "儿童督导员", name=town.row.coordinator)
        for village in town.row.villages:
            director = register.holder(village, Role.CHILD_DIRECTOR, "儿童主任")
            register.staff.directors[village] = director
    for school in plan.schools:
        _add_school_staff(register, school)
        _add_cadres(register, school)
    return register.staff


def _add_school_staff(register: Register, school: SchoolPlan) -> None:
    key, staff = school.row.key, register.staff
    head = register.someone(key, school.row.head_post, name=school.row.head_name)
    staff.coordinators[key] = register.holder(key, Role.SCHOOL_COORDINATOR, "留守儿童工作专干")
    teaches_alone = register.knows(key, Role.CLASS_TEACHER)
    for planned in school.classes:
        teacher = head if teaches_alone else register.stranger(key, f"{planned.name}班主任")
        staff.class_teachers[key, planned.name] = teacher
    if teaches_alone:  # a teaching point: her one colleague keeps the files and helps as well
        staff.teachers[key] = [staff.coordinators[key]]
    elif school.row.is_compulsory:
        needed = -(-school.pairs.teacher // TEACHER_LIMIT) - len(school.classes) + 2
        staff.teachers[key] = [
            register.stranger(key, _SUBJECTS[n % len(_SUBJECTS)]) for n in range(max(3, needed))
        ]


def _add_cadres(register: Register, school: SchoolPlan) -> None:
    """People of the county's bureaus who help children of one school."""
    if not school.row.is_compulsory:
        return
    pairs = school.pairs.cadre - 2 * school.pairs.bureau_staff
    number = school.pairs.bureau_staff + -(-pairs * 2 // 3)
    bureaus = tables.bureaus()
    first = sum(len(people) for people in register.staff.cadres.values())
    register.staff.cadres[school.row.key] = [
        register.stranger(tables.COUNTY, bureaus[n % len(bureaus)]) for n in range(first, first + number)
    ]
