"""Names, parents, absences, homes and guardians for the drafts: the facts from which standing follows."""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta

from portal.cli.seed import tables
from portal.cli.seed.book import Place, stream
from portal.cli.seed.children import Away, Draft, Leave, Seat
from portal.cli.seed.figures import NURSERY
from portal.cli.seed.invention import IdNumbers, Phones, adult_name, child_name, random_day, surname
from portal.cli.seed.plan import GRADES
from portal.services.children.standing import Facts, PlaceFact
from portal.tenancy.columns import FOREVER
from portal.terms import Assessment, GuardianKind, ParentRole, Sex, Side

OFFICIAL_SINCE = date(2024, 6, 25)
"""The last day on which a parent of an official child left: six months are full before January 2025."""
STOCK_SINCE = date(2025, 1, 10)
"""The last day on which a parent of a child of the January stock left."""
EARLIEST = date(2017, 2, 20)


@dataclass(frozen=True)
class AwayTime:
    role: ParentRole
    since: date
    until: date
    inside_county: bool
    work_place: str


@dataclass(frozen=True)
class Care:
    kind: GuardianKind
    group: str
    name: str
    relation: str
    phone: str
    birth_year: int | None
    assessment: Assessment | None
    since: date
    until: date = FOREVER


@dataclass(frozen=True)
class ParentCard:
    role: ParentRole
    name: str
    phone: str
    incapable: bool


@dataclass(frozen=True)
class Family:
    """A draft with everything that stands in her file."""

    draft: Draft
    name: str
    sex: Sex
    born: date
    id_no: str
    parents: tuple[ParentCard, ParentCard]
    absences: tuple[AwayTime, ...]
    cares: tuple[Care, ...]
    village: Place
    school: Place | None
    places: tuple[PlaceFact, ...]
    """Since when she lives in the village and goes to the school."""
    address: str

    @property
    def facts(self) -> Facts:
        """What the derivation of standing reads."""
        return Facts(
            birth_date=self.born,
            sex=self.sex,
            incapable=frozenset(parent.role for parent in self.parents if parent.incapable),
            absences=self.absences,
            guardianships=self.cares,
            places=self.places,
        )


@dataclass
class Families:
    """Makes families one after the other; the same drafts give the same families."""

    places: Mapping[str, Place]
    phones: Phones
    numbers: IdNumbers = field(default_factory=IdNumbers)
    made: dict[Draft, Family] = field(default_factory=dict)
    taken: set[tuple[str, date]] = field(default_factory=set)
    rng: random.Random = field(default_factory=lambda: stream("families"))

    def make(self, draft: Draft) -> Family:
        """The family of a draft. A twin of an earlier draft gets her name, parents and guardian."""
        sex = Sex.FEMALE if draft.female else Sex.MALE
        id_no, born = self.numbers.next(draft.born, sex)
        first = self.made[draft.twin_of] if draft.twin_of else None
        name = first.name if first else child_name(self.rng, sex, self.taken, born)
        self.taken.add((name, born))
        absences = first.absences if first else self._absences(draft, born)
        parents = first.parents if first else self._parents(draft, name[0], absences)
        cares = first.cares if first else self._cares(draft, born, parents, absences)
        family = Family(
            draft=draft,
            name=name,
            sex=sex,
            born=born,
            id_no=id_no,
            parents=parents,
            absences=absences,
            cares=cares,
            village=self.places[draft.village],
            school=self.places[draft.seat.school.row.key] if draft.seat else None,
            places=tuple(self._places(draft, born)),
            address=f"{self.rng.choice(tables.words()['groups_of_houses'])}{self.rng.randint(1, 68)}号",
        )
        self.made[draft] = family
        return family

    # ---- parents and absences

    def _parents(
        self, draft: Draft, family: str, absences: tuple[AwayTime, ...]
    ) -> tuple[ParentCard, ParentCard]:
        gone = {absence.role for absence in absences}
        mother_family = surname(self.rng, other_than=family)
        cards = []
        for role, sex, name in (
            (ParentRole.FATHER, Sex.MALE, family),
            (ParentRole.MOTHER, Sex.FEMALE, mother_family),
        ):
            incapable = draft.away is Away.OTHER_INCAPABLE and role not in gone
            phone = "" if incapable else self.phones.next()
            cards.append(ParentCard(role, adult_name(self.rng, sex, name), phone, incapable))
        return cards[0], cards[1]

    def _absences(self, draft: Draft, born: date) -> tuple[AwayTime, ...]:
        first = max(EARLIEST, born + timedelta(days=60))
        one = ParentRole.FATHER if self.rng.random() < 0.75 else ParentRole.MOTHER
        if draft.away is Away.ONE:
            since = draft.joins_on or random_day(self.rng, min(first, STOCK_SINCE), STOCK_SINCE)
            until = draft.leaves_on if draft.leave is Leave.BACK else None
            inside = self.rng.random() < 0.05
            return (self._away(one, since, until=until or FOREVER, inside=inside),)
        since = random_day(self.rng, first, OFFICIAL_SINCE)
        if draft.away is Away.OTHER_INCAPABLE:
            return (self._away(one, since),)
        other = next(role for role in ParentRole if role is not one)
        together = self.rng.random() < 0.35
        later = since if together else random_day(self.rng, since, OFFICIAL_SINCE)
        second = self._away(other, later)
        return self._away(one, since), second

    def _away(
        self, role: ParentRole, since: date, *, until: date = FOREVER, inside: bool = False
    ) -> AwayTime:
        words = tables.words()
        place = words["work_place_inside"] if inside else self.rng.choice(words["work_places"])
        return AwayTime(role, since, until, inside, place)

    # ---- guardians

    def _cares(
        self,
        draft: Draft,
        born: date,
        parents: tuple[ParentCard, ParentCard],
        absences: tuple[AwayTime, ...],
    ) -> tuple[Care, ...]:
        if draft.guardian is GuardianKind.PARENT:
            gone = {absence.role for absence in absences}
            home = next(parent for parent in parents if parent.role not in gone)
            relation = "父亲" if home.role is ParentRole.FATHER else "母亲"
            year = self.rng.randint(1980, 1996)
            return (Care(GuardianKind.PARENT, "父母", home.name, relation, home.phone, year,
                         Assessment.GOOD, born),)  # fmt: skip
        since = max(absence.since for absence in absences)
        if draft.guardian is GuardianKind.NONE:
            return (_nobody(since),)
        care = self._other_care(draft, parents, draft.placed_on or since)
        return (_nobody(since, draft.placed_on), care) if draft.placed_on else (care,)

    def _other_care(self, draft: Draft, parents: tuple[ParentCard, ParentCard], since: date) -> Care:
        group, relation, sex, family = self._relation(draft, parents)
        years = (1950, 1970) if draft.guardian is GuardianKind.GRANDPARENT else (1965, 1995)
        assessment = self.rng.choices(list(Assessment), (70, 25, 5))[0]
        name = adult_name(self.rng, sex, family)
        phone, year = self.phones.next(), self.rng.randint(*years)
        return Care(draft.guardian, group, name, relation, phone, year, assessment, since)

    def _relation(self, draft: Draft, parents: tuple[ParentCard, ParentCard]) -> tuple[str, str, Sex, str]:
        """Roster word, relation, sex, and the surname it brings ("" for any)."""
        father, mother = parents[0].name[0], parents[1].name[0]
        if draft.guardian is GuardianKind.GRANDPARENT:
            return self.rng.choices(
                [("祖父母", "爷爷", Sex.MALE, father), ("祖父母", "奶奶", Sex.FEMALE, ""),
                 ("外祖父母", "外公", Sex.MALE, mother), ("外祖父母", "外婆", Sex.FEMALE, "")],
                (40, 32, 14, 14),
            )[0]  # fmt: skip
        return self.rng.choice(
            [("亲属", "伯父", Sex.MALE, father), ("亲属", "叔叔", Sex.MALE, father),
             ("亲属", "姑姑", Sex.FEMALE, father), ("亲属", "舅舅", Sex.MALE, mother),
             ("亲属", "姨妈", Sex.FEMALE, mother)]
        )  # fmt: skip

    # ---- places

    def _places(self, draft: Draft, born: date) -> list[PlaceFact]:
        until = draft.leaves_on if draft.leave is Leave.MOVED and draft.leaves_on else FOREVER
        found = [PlaceFact(Side.VILLAGE, self.places[draft.village], born, until, compulsory=True)]
        if draft.seat:
            row = draft.seat.school.row
            unit = self.places[row.key]
            found.append(PlaceFact(Side.SCHOOL, unit, enrolled_on(draft.seat), until, row.is_compulsory))
        return found


def _nobody(since: date, until: date | None = None) -> Care:
    return Care(GuardianKind.NONE, "无人监护", "", "", "", None, None, since, until or FOREVER)


def enrolled_on(seat: Seat) -> date:
    """The first of September on which a pupil came to her school."""
    if seat.school.row.is_compulsory:
        years = seat.group.grade - GRADES[seat.school.row.kind][0]
    else:
        years = NURSERY.index(seat.group.name[:2])
    return date(2024 - years, 9, 1)
