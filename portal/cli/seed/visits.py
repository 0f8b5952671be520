"""Visits of the spring term: talks, calls and home visits of class teachers, and what helpers add.

A class teacher reaches a child at most once a month by talk and by call; every visited child is first
seen at home by her class teacher, so that distinct children count at the school. Others come later.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from portal.cli.seed import tables
from portal.cli.seed.accounts import Accounts
from portal.cli.seed.book import Book, Place, stable_id, stream
from portal.cli.seed.figures import AS_OF, MONTHS, SchoolPlan
from portal.cli.seed.pairings import Pair
from portal.cli.seed.people import Helper, Someone, Staff
from portal.cli.seed.records import ChildRef
from portal.models.visits import Visit
from portal.tenancy.roles import Role
from portal.terms import Met, PairingKind, ParentRole, Topic, VisitKind

_HOLIDAYS = {date(2025, 4, 4), *(date(2025, 5, day) for day in (1, 2, 5)), date(2025, 6, 2)}
LAST_DAY = date(2025, 6, 27)
BURST_AT = datetime(2025, 6, 26, 12, 4)
BURST = 24
"""Planted: talks of one teacher of S03, entered in one minute with one text."""
WAITING_SINCE = date(2025, 6, 1)
"""From this day on the services of volunteers wait for a second person."""
WORRIES = 0.003
_TOPICS = [topic.value for topic in Topic]
_VOLUNTEERED = (PairingKind.VOLUNTEER, PairingKind.CARING_MOTHER, PairingKind.PROXY_PARENT)


def school_days(month: int) -> list[date]:
    """The days of a month of 2025 on which there is school, until the last day of the records."""
    days = (date(2025, month, 1) + timedelta(days=n) for n in range(31))
    return [d for d in days if d.month == month and d.weekday() < 5 and d not in _HOLIDAYS and d <= LAST_DAY]


def _weekend_days(month: int) -> list[date]:
    days = (date(2025, month, 1) + timedelta(days=n) for n in range(31))
    return [d for d in days if d.month == month and d.weekday() >= 5 and d <= LAST_DAY]


@dataclass
class Entry:
    """One visit before it is written."""

    child: ChildRef
    kind: VisitKind
    day: date
    person: Someone
    role: Role
    place: Place
    pair: Pair | None = None
    note: str = ""
    logged_at: datetime | None = None


class Diary:
    """Collects the visits of the county and writes them in order of time."""

    def __init__(
        self, book: Book, places: Mapping[str, Place], staff: Staff, accounts: Accounts, pairs: Sequence[Pair]
    ) -> None:
        self.book, self.places, self.staff, self.accounts = book, places, staff, accounts
        self.rng = stream("visits")
        self.entries: list[Entry] = []
        self.helpers: dict[int, Helper] = {helper.person.id: helper for helper in staff.helpers}
        self.pairs: dict[int, list[Pair]] = {}
        for pair in pairs:
            if pair.kind in _VOLUNTEERED and pair.helper.id in self.helpers:
                self.pairs.setdefault(pair.child.id, []).append(pair)

    # ---- the class teacher's month

    def add_monthly(self, school: SchoolPlan, children: Sequence[ChildRef]) -> None:
        """Talks and calls of the class teachers of one school: each child once a month at most."""
        for kind, reached in ((VisitKind.TALK, school.visits.talks), (VisitKind.CALL, school.visits.calls)):
            for month, number in zip(MONTHS, reached, strict=True):
                days = school_days(month)
                for child in self.rng.sample(children, number):
                    self._by_teacher(child, kind, self.rng.choice(days))

    # ---- at home

    def add_home_visits(self, school: SchoolPlan, children: Sequence[ChildRef]) -> None:
        """First visits by class teachers, then second ones by teachers, child directors and volunteers."""
        plan = school.visits
        visited = self.rng.sample(children, plan.visited)
        with_helper = [child for child in visited if self._pair_on(child, LAST_DAY)]
        again = self.rng.sample(with_helper, plan.again_volunteer)
        taken = {child.id for child in again}
        rest = [child for child in visited if child.id not in taken]
        others = self.rng.sample(rest, plan.again_teacher + plan.again_director)
        twice = taken | {child.id for child in others}
        first: dict[int, date] = {}
        for child in visited:
            day = self._home_day(MONTHS[:2] if child.id in twice else MONTHS)
            first[child.id] = day
            self._by_teacher(child, VisitKind.HOME_VISIT, day)
        for child in others[: plan.again_teacher]:
            self._by_teacher(child, VisitKind.HOME_VISIT, self._later(first[child.id]))
        for child in others[plan.again_teacher :]:
            self._by_director(child, self._later(first[child.id]))
        for child in again:
            pair = self._pair_on(child, LAST_DAY)
            assert pair
            self._by_volunteer(pair, VisitKind.HOME_VISIT, self._later(first[child.id]))

    def _home_day(self, months: Sequence[int]) -> date:
        month = self.rng.choice(months)
        weekend = self.rng.random() < 0.22
        return self.rng.choice(_weekend_days(month) if weekend else school_days(month))

    def _later(self, first: date) -> date:
        """A day of May or June at least a week after the first visit."""
        return max(first + timedelta(days=7), self._home_day(MONTHS[2:]))

    # ---- helpers

    def add_helpers(self, pairs: Sequence[Pair]) -> None:
        """A talk for most pairs of volunteers and some letters; planted: one after each expired check."""
        for pair in pairs:
            helper = self.helpers.get(pair.helper.id)
            if pair.kind not in _VOLUNTEERED or helper is None or helper.vetted_until is None:
                continue
            if helper.vetted_until < LAST_DAY:
                self._by_volunteer(pair, VisitKind.LETTER, helper.vetted_until + timedelta(days=24))
                continue
            if self.rng.random() < 0.9:
                self._by_volunteer(pair, VisitKind.TALK, self._home_day(MONTHS))
            if self.rng.random() < 0.25:
                self._by_volunteer(pair, VisitKind.LETTER, self._home_day(MONTHS))

    def _pair_on(self, child: ChildRef, day: date) -> Pair | None:
        """A pair of the child whose helper is checked on that day."""
        fit = [p for p in self.pairs.get(child.id, []) if self.helpers[p.helper.id].may_meet_children_on(day)]
        return fit[0] if fit else None

    # ---- one entry

    def _by_teacher(self, child: ChildRef, kind: VisitKind, day: date) -> None:
        key = child.seat.school.row.key
        teacher = self.staff.class_teachers[key, child.seat.group.name]
        self._note(Entry(child, kind, day, teacher, Role.CLASS_TEACHER, self.places[key]))

    def _by_director(self, child: ChildRef, day: date) -> None:
        village = child.draft.village
        director = self.staff.directors[village]
        place = self.places[village]
        self._note(Entry(child, VisitKind.HOME_VISIT, day, director, Role.CHILD_DIRECTOR, place))

    def _by_volunteer(self, pair: Pair, kind: VisitKind, day: date) -> None:
        self._note(Entry(pair.child, kind, day, pair.helper, Role.VOLUNTEER, pair.school, pair))

    def _note(self, entry: Entry) -> None:
        entry.note = self._words(entry)
        hour, minute = self.rng.randint(8, 13), self.rng.randint(0, 59)
        late = self.rng.choices(range(4), (70, 16, 9, 5))[0]
        day = min(entry.day + timedelta(days=late), AS_OF - timedelta(days=1))
        entry.logged_at = datetime(day.year, day.month, day.day, hour, minute, self.rng.randint(0, 59))
        self.entries.append(entry)

    def _words(self, entry: Entry) -> str:
        parts = tables.phrases()[entry.kind.value]
        openings = parts["opening"]
        if entry.role is Role.VOLUNTEER:
            openings = parts.get("volunteer", openings)
        elif entry.day.weekday() >= 5:
            openings = parts.get("weekend", openings)
        opening, closing = self.rng.choice(openings), self.rng.choice(parts["closing"])
        middle = self.rng.sample(parts["middle"], 1 if self.rng.random() < 0.6 else 2)
        return f"{opening}，{'，'.join(middle)}，{closing}。"

    # ---- the planted burst, and writing

    def plant_burst(self) -> None:
        """Give the last talks of one teacher of S03 one minute and one text."""
        talks: dict[int, list[Entry]] = {}
        for entry in self.entries:
            if entry.kind is VisitKind.TALK and entry.place.key == "S03" and entry.role is Role.CLASS_TEACHER:
                talks.setdefault(entry.person.id, []).append(entry)
        if not talks:
            return
        busiest = max(talks.values(), key=lambda own: sum(entry.day.month == 6 for entry in own))
        for entry in sorted(busiest, key=lambda entry: entry.day)[-BURST:]:
            if entry.day.month < 6:  # some of May are entered with those of June
                entry.day = self.rng.choice([d for d in school_days(5) if d.day >= 28])
            entry.day = min(entry.day, BURST_AT.date())
            entry.note = tables.phrases()["burst"]
            entry.logged_at = BURST_AT + timedelta(seconds=self.rng.randint(0, 59))

    def write(self) -> None:
        """Add all entries to the book, oldest first."""
        order = {VisitKind.HOME_VISIT: 0}
        self.entries.sort(key=lambda e: (e.day, order.get(e.kind, 1), e.child.id))
        for number, entry in enumerate(self.entries, 1):
            self.book.add(
                Visit,
                str(number),
                **entry.child.about,
                **entry.place.stat,
                entry_id=stable_id(f"entry/{number}"),
                kind=entry.kind,
                happened_on=entry.day,
                minutes=self._minutes(entry.kind),
                met_list=self._met(entry),
                topic_list=",".join(self.rng.sample(_TOPICS, self.rng.choice((1, 1, 2, 2, 3)))),
                note=entry.note,
                worry=self.rng.random() < WORRIES and entry.kind is not VisitKind.LETTER,
                person_id=entry.person.id,
                role=entry.role,
                pairing_id=entry.pair.id if entry.pair else None,
                logged_by_id=self._logged_by(entry),
                logged_at=entry.logged_at,
                **self._confirmed(entry),
            )

    def _minutes(self, kind: VisitKind) -> int:
        ranges = {VisitKind.TALK: (10, 35), VisitKind.CALL: (10, 25), VisitKind.LETTER: (10, 30)}
        low, high = ranges.get(kind, (20, 60))
        return self.rng.randrange(low, high + 1, 5)

    def _met(self, entry: Entry) -> str:
        if entry.kind is VisitKind.CALL:
            role = entry.child.family.absences[0].role
            met = [Met.FATHER if role is ParentRole.FATHER else Met.MOTHER]
        elif entry.kind is VisitKind.HOME_VISIT:
            met = [Met.CHILD, Met.GUARDIAN] if self.rng.random() < 0.85 else [Met.CHILD]
        else:
            met = [Met.CHILD]
        return ",".join(one.value for one in met)

    def _confirmed(self, entry: Entry) -> dict[str, Any]:
        """Services of volunteers before June were confirmed by the township; those of June wait."""
        if entry.role is not Role.VOLUNTEER or entry.day >= WAITING_SINCE:
            return {"confirmed_by_id": None, "confirmed_at": None}
        second = self.staff.coordinators[entry.child.seat.school.row.town]
        return {
            "confirmed_by_id": self.accounts.by_person[second.id],
            "confirmed_at": datetime.combine(entry.day, time(4)) + timedelta(days=3),
        }

    def _logged_by(self, entry: Entry) -> int | None:
        """Her own account, else that of the coordinator of the school that keeps the record."""
        if own := self.accounts.by_person.get(entry.person.id):
            return own
        coordinator = self.staff.coordinators.get(entry.place.key)
        return self.accounts.by_person.get(coordinator.id) if coordinator else None


def add_visits(
    diary: Diary, schools: Sequence[SchoolPlan], children: Sequence[ChildRef], pairs: Sequence[Pair]
) -> None:
    """Add every visit of the term."""
    for school in schools:
        if school.row.is_compulsory:
            own = [c for c in children if c.draft.is_pupil and c.seat.school is school]
            diary.add_monthly(school, own)
            diary.add_home_visits(school, own)
    diary.add_helpers(pairs)
    diary.plant_burst()
    diary.write()
