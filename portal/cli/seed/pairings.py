"""Pairings of the demo county: 1,997 pairs for 1,744 children, none with more than two.

Limits are those of the county: a teacher and any volunteer at most three children, a cadre two. One
helper in 金谷镇 has six: planted.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from portal.cli.seed import tables
from portal.cli.seed.agreed import PLAN, PROPOSED, agreed
from portal.cli.seed.book import Book, Place, stream
from portal.cli.seed.figures import SchoolPlan
from portal.cli.seed.invention import random_day
from portal.cli.seed.people import TEACHER_LIMIT, Helper, Someone, Staff
from portal.cli.seed.records import ChildRef
from portal.cli.seed.volunteers import CADRE, EXPIRED, VETTED_UNTIL
from portal.models.children import Consent
from portal.models.pairings import Pairing, PairingProposal
from portal.services.children.keeping.consents import text_version
from portal.tenancy.columns import FOREVER
from portal.terms import (
    ConsentChannel,
    PairingKind,
    PairingState,
    ProcessingBasis,
    Purpose,
    VolunteerCategory,
    Witness,
)

FIRST, LAST = date(2024, 9, 9), date(2025, 2, 14)
"""All pairs were made between these days, before the spring term began."""
LIMIT = 3
TOO_MANY = 6
NAMED = {"S01": ["褚桂兰"], "S03": ["裴志远", "卢秀娟"], "S09": ["岳小楠"]}
"""Helpers of the tables and the school with their two children."""
_ALL_NAMED = {name for names in NAMED.values() for name in names}
OVERLOADED = "S11"
PROPOSING, PROPOSED_ON = ("S03", "S09"), date(2025, 6, 26)
"""Schools where one volunteer waits for the second yes."""
LATE_CHECKS = ("S01", "S06", "S15")
"""Schools with a child of a volunteer whose check runs out in the term."""


@dataclass(frozen=True)
class Pair:
    """One pair as visits need it."""

    id: int
    child: ChildRef
    helper: Someone
    kind: PairingKind
    starts_on: date
    school: Place


class _Matchmaker:
    """Pairs the children of one school after the other; loads of volunteers are kept over schools."""

    def __init__(
        self, book: Book, places: Mapping[str, Place], staff: Staff, proposers: Mapping[str, int]
    ) -> None:
        self.book, self.places, self.staff, self.proposers = book, places, staff, proposers
        self.rng = stream("pairings")
        self.load: dict[int, int] = {}
        self.pairs: list[Pair] = []
        self.agreed: set[int] = set()
        """Children whose family has agreed to a pairing."""
        self.wording = text_version(Purpose.PAIRING)

    def pair(self, school: SchoolPlan, child: ChildRef, helper: Someone, kind: PairingKind) -> None:
        gone = min(away.since for away in child.family.absences)
        day = random_day(self.rng, max(FIRST, gone + timedelta(days=14)), LAST)
        place = self.places[school.row.key]
        number = self.book.add(
            Pairing,
            f"{child.draft.key}/{helper.id}/{kind.value}",
            **child.about,
            **place.stat,
            helper_id=helper.id,
            kind=kind,
            starts_on=day,
            ends_on=FOREVER,
            created_at=datetime(day.year, day.month, day.day, 2),
            **agreed(kind, child, day, len(self.pairs)),
        )
        if kind.asks_family:
            self._agree(school, child, day)
        self.load[helper.id] = self.load.get(helper.id, 0) + 1
        self.pairs.append(Pair(number, child, helper, kind, day, place))

    def _agree(self, school: SchoolPlan, child: ChildRef, day: date) -> None:
        """The family's consent, signed on paper before the first pairing."""
        if child.id in self.agreed:
            return
        self.agreed.add(child.id)
        carer = child.family.cares[-1]
        signed = day - timedelta(days=3)
        self.book.add(
            Consent, child.draft.key, **child.about, purpose=Purpose.PAIRING, basis=ProcessingBasis.CONSENT,
            given_by=Witness.GUARDIAN, giver_name=carer.name, channel=ConsentChannel.PAPER,
            verified="本人到校签字", child_agrees=True, for_whom="", text_version=self.wording,
            given_on=signed, person_id=self.staff.coordinators[school.row.key].id,
            written_at=datetime(signed.year, signed.month, signed.day, 2),
        )  # fmt: skip

    def propose(self, school: SchoolPlan, child: ChildRef, day: date) -> None:
        """A volunteer with room whom the school has proposed, and to whom nobody has said yes yet."""
        self._agree(school, child, day)
        near = [h.person for h in self._of(school) if h.vetted_until == VETTED_UNTIL]
        helper = min(
            (one for one in near if one.name not in _ALL_NAMED), key=lambda one: self.load.get(one.id, 0)
        )
        self.book.add(
            PairingProposal, child.draft.key, **child.about, **self.places[school.row.key].stat, helper_id=helper.id,
            kind=PairingKind.VOLUNTEER, starts_on=day, ends_on=FOREVER, state=PairingState.OPEN, note="",
            answer="", created_by_id=self.proposers.get(school.row.key),
            created_at=datetime(day.year, day.month, day.day, 2), **PLAN | PROPOSED,
        )  # fmt: skip

    # ---- who helps

    def teachers(self, school: SchoolPlan, children: Sequence[ChildRef]) -> Iterator[Someone]:
        """For each child her class teacher while she has room, else the colleague with the fewest."""
        key = school.row.key
        others = self.staff.teachers[key]
        for child in children:
            own = self.staff.class_teachers[key, child.seat.group.name]
            everybody = [own, *others, *(t for (s, _), t in self.staff.class_teachers.items() if s == key)]
            free = [t for t in everybody if self.load.get(t.id, 0) < TEACHER_LIMIT]
            yield own if own in free else min(free, key=lambda t: self.load.get(t.id, 0))

    def volunteers(self, school: SchoolPlan, number: int) -> list[Someone]:
        """Volunteers of the school's township, once per child: named ones two, the rest in turn."""
        everybody = [h.person for h in self._of(school)]
        chosen = self._twice_if_named(school, everybody)
        if school.row.key == OVERLOADED:
            chosen += [self._of(school, VolunteerCategory.FIVE_ELDERS)[0].person] * TOO_MANY
        if school.row.key in LATE_CHECKS:
            chosen += [h.person for h in self._of(school) if h.vetted_until == EXPIRED[school.row.town]]
        pool = [h.person for h in self._of(school) if h.vetted_until == VETTED_UNTIL]
        pool = [person for person in pool if person.name not in _ALL_NAMED and person not in chosen]
        return chosen + self._in_turn(pool, number - len(chosen))

    def mothers(self, school: SchoolPlan, number: int) -> list[Someone]:
        """Caring mothers of the school's township, once per child."""
        women = [h.person for h in self._of(school, VolunteerCategory.WOMEN) if h.vetted_until]
        chosen = self._twice_if_named(school, women)
        pool = [person for person in women if person.name not in _ALL_NAMED]
        return chosen + self._in_turn(pool, number - len(chosen))

    def proxies(self, school: SchoolPlan, number: int) -> list[Someone]:
        """Each proxy parent of the school once, the first ones twice."""
        people = self.staff.proxies.get(school.row.key, [])
        return [people[n % len(people)] for n in range(number)] if people else []

    def cadres(self, school: SchoolPlan, number: int) -> list[Someone]:
        """Two children for each member of the bureaus' staff, one or two for each cadre."""
        people = self.staff.cadres[school.row.key]
        twice = [person for person in people[: school.pairs.bureau_staff] for _ in range(2)]
        rest = people[school.pairs.bureau_staff :]
        chosen: list[Someone] = []
        if school.row.key == "S15":
            chosen = [self.staff.named[tables.COUNTY, CADRE]] * 2
        return twice + chosen + self._in_turn(rest, number - len(twice) - len(chosen), limit=2)

    def _twice_if_named(self, school: SchoolPlan, people: Sequence[Someone]) -> list[Someone]:
        names = NAMED.get(school.row.key, [])
        return [person for person in people if person.name in names for _ in range(2)]

    def _of(self, school: SchoolPlan, category: VolunteerCategory | None = None) -> list[Helper]:
        """Volunteers of the school's township who are not caring mothers, or those of one category."""
        return [
            helper
            for helper in self.staff.helpers
            if helper.town == school.row.town
            and helper.person.place.key == helper.town
            and (helper.category is category if category else helper.category is not VolunteerCategory.WOMEN)
        ]

    def _in_turn(self, pool: Sequence[Someone], number: int, limit: int = LIMIT) -> list[Someone]:
        """The least loaded of the pool, again and again, none beyond the limit."""
        load = {person.id: self.load.get(person.id, 0) for person in pool}
        chosen = []
        for _ in range(number):
            person = min(pool, key=lambda one: load[one.id])
            assert load[person.id] < limit, "too few helpers for the children"
            load[person.id] += 1
            chosen.append(person)
        return chosen


def add_pairings(
    book: Book,
    schools: Sequence[SchoolPlan],
    places: Mapping[str, Place],
    staff: Staff,
    children: Sequence[ChildRef],
    *,
    proposers: Mapping[str, int],
) -> list[Pair]:
    """Add the pairs of every compulsory school. `proposers`: a school's key → the account of its coordinator."""
    maker = _Matchmaker(book, places, staff, proposers)
    for school in schools:
        if school.row.is_compulsory:
            own = [c for c in children if c.draft.is_pupil and c.seat.school is school]
            _pair_school(maker, school, own)
    return maker.pairs


def _pair_school(maker: _Matchmaker, school: SchoolPlan, own: Sequence[ChildRef]) -> None:
    rng = maker.rng
    may = [child for child in own if not child.draft.joins_on]
    may.sort(key=lambda child: rng.random() * (0.45 if child.draft.is_official else 1))
    plan = school.pairs
    paired = may[: plan.children]
    rng.shuffle(paired)
    with_teacher = paired[: plan.teacher]
    for child, teacher in zip(with_teacher, maker.teachers(school, with_teacher), strict=True):
        maker.pair(school, child, teacher, PairingKind.TEACHER)
    fresh = paired[plan.teacher :]
    again = rng.sample(with_teacher, plan.others - len(fresh))
    waiting = sorted(fresh + again, key=lambda child: child.draft.home != school.row.town)
    helpers = {
        PairingKind.VOLUNTEER: maker.volunteers(school, plan.volunteer),
        PairingKind.CARING_MOTHER: maker.mothers(school, plan.mother),
        PairingKind.PROXY_PARENT: maker.proxies(school, plan.proxy),
        PairingKind.CADRE: maker.cadres(school, plan.cadre),
    }
    turn = [(kind, helper) for kind, chosen in helpers.items() for helper in chosen]
    for child, (kind, helper) in zip(waiting, turn, strict=True):
        maker.pair(school, child, helper, kind)
    if school.row.key in PROPOSING:
        helped = {pair.child.id for pair in maker.pairs if pair.kind is not PairingKind.TEACHER}
        maker.propose(school, next(child for child in with_teacher if child.id not in helped), PROPOSED_ON)
