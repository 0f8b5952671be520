"""Writes children into the book: file, parents, absences, placements, guardians and derived standing."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Protocol

from portal.cli.seed.book import Book, Place, stable_id, stream
from portal.cli.seed.children import Draft, Seat
from portal.cli.seed.families import Families, Family
from portal.models.children import Absence, Child, ChildNote, Guardianship, Parent, Placement, Standing
from portal.services.children.files import COLUMNS
from portal.services.children.standing import PlaceFact, PriorityFact, Stretch, derive
from portal.tenancy.columns import FOREVER
from portal.tenancy.keys import keyring
from portal.tenancy.names import person_name_key
from portal.terms import AidKind, GuardianKind, IncomeSource, NoteKind, SchoolKind

_NOTES = {
    "一般": ("体质较弱", "体育课量力而行，换季时提醒添衣"),
    "近视": ("看不清黑板", "座位靠前，提醒戴眼镜"),
    "慢性病": ("需要按时服药", "每天中午提醒服药，不适时先联系监护人"),
    "肢体残疾": ("行动不便", "座位靠近门口，上下楼有同学陪同"),
}
"""Words of the census → summary and how to help."""
FILED = datetime(2024, 9, 10, 2)
"""When the census of the autumn was entered (UTC, as all times are)."""


class Attention(Protocol):
    """Which drafts are priority children (portal/cli/seed/care.py)."""

    def of(self, draft: Draft) -> tuple[PriorityFact, ...]: ...
    def is_poor(self, draft: Draft) -> bool: ...


@dataclass(frozen=True)
class ChildRef:
    """A child as pairings and visits need her: her id and the stamps of her two sides."""

    id: int
    draft: Draft
    family: Family
    stamps: dict[str, Any]

    @property
    def seat(self) -> Seat:
        """Her seat; only asked of pupils."""
        assert self.draft.seat
        return self.draft.seat

    @property
    def about(self) -> dict[str, Any]:
        """The columns of a row about this child."""
        return {"child_id": self.id, **self.stamps}


def add_children(
    book: Book, families: Families, drafts: Sequence[Draft], attention: Attention
) -> list[ChildRef]:
    """Add every child with her facts and standing."""
    rng = stream("files")
    case_numbers = iter(rng.sample(range(100_000, 1_000_000), len(drafts)))
    found = []
    for draft in drafts:
        family = families.make(draft)
        child = _add_file(book, family, f"QH{next(case_numbers)}", rng)
        aid = AidKind.SUBSISTENCE if attention.is_poor(draft) else None
        book.amend(
            Child, child.id, aid_list=(aid,) if aid else rng.choices([(), (AidKind.SCHOOL,)], (87, 13))[0]
        )
        _add_facts(book, child)
        _add_standing(book, child, attention.of(draft))
        found.append(child)
    return found


def _add_file(book: Book, family: Family, case_no: str, rng: random.Random) -> ChildRef:
    draft = family.draft
    village, school = family.village, family.school
    county_id = village.county_id
    public_id = stable_id(f"child/{draft.key}")
    ethnicity = "汉族" if rng.random() < 0.97 else rng.choice(["回族", "羌族", "藏族"])
    registered, schooling = rng.random() < 0.985, _schooling(draft, rng)
    health = "" if rng.random() < 0.965 else rng.choice(list(_NOTES))
    number = book.add(
        Child,
        draft.key,
        case_no=case_no,
        name=family.name,
        name_key=person_name_key(family.name),
        sex=family.sex,
        birth_date=family.born,
        id_no_sealed=keyring.seal(family.id_no, county_id=county_id, place=f"child.id_no|{public_id}"),
        id_no_index=keyring.index(family.id_no, county_id=county_id),
        ethnicity=ethnicity,
        hukou_registered=registered,
        village_id=village.id,
        village_township_id=village.township_id,
        school_id=school.id if school else None,
        school_township_id=school.township_id if school else None,
        county_id=county_id,
        class_id=book.classes[school.key, draft.seat.group.name] if school and draft.seat else None,
        address=family.address,
        **schooling,
        income_list=(IncomeSource.WORK,),
        aid_list=(),
        created_at=FILED,
        updated_at=FILED,
    )
    stamps = {
        "v_unit_id": village.id,
        "v_town_id": village.township_id,
        "s_unit_id": school.id if school else 0,
        "s_town_id": school.township_id if school else 0,
        "county_id": county_id,
    }
    child = ChildRef(number, draft, family, stamps)
    if health:
        _add_note(book, child, health)
    return child


def _add_note(book: Book, child: ChildRef, health: str) -> None:
    """What the census says of her health, sealed; a summary and how to help for her class teacher."""
    key = f"{child.draft.key}/health"
    place, county_id = stable_id(f"child_note/{key}"), child.stamps["county_id"]
    words = dict(zip(("summary", "how_to_help"), _NOTES[health], strict=True)) | {"text": health}
    sealed = {
        f"{field}_sealed": keyring.seal(text, county_id=county_id, place=f"child_note.{field}|{place}")
        for field, text in words.items()
    }
    kind = NoteKind.DISABILITY if "残" in health else NoteKind.HEALTH
    since = max(child.draft.born, FILED.date())
    book.add(ChildNote, key, **child.about, kind=kind, from_roster=True, **sealed, since=since, until=FOREVER,
             written_at=FILED)  # fmt: skip


def _schooling(draft: Draft, rng: random.Random) -> dict[str, Any]:
    seat = draft.seat
    return {
        "schooling": draft.schooling,
        "grade": seat.group.grade if seat else None,
        "class_name": seat.group.name if seat else "",
        "boarding": rng.random() < _boarders(seat, draft.home) if seat else None,
    }


def _boarders(seat: Seat, home: str) -> float:
    """How likely a child boards: those from other townships mostly, the small ones hardly."""
    row = seat.school.row
    if row.kind in (SchoolKind.KINDERGARTEN, SchoolKind.TEACHING_POINT):
        return 0.0
    near = 0.5 if seat.group.grade > 6 else 0.08
    return near if home == row.town else near + 0.4


def _add_facts(book: Book, child: ChildRef) -> None:
    for parent in child.family.parents:
        book.add(
            Parent,
            **child.about,
            role=parent.role,
            name=parent.name,
            phone=parent.phone,
            incapable=parent.incapable,
        )
    for away in child.family.absences:
        book.add(
            Absence,
            **child.about,
            role=away.role,
            since=away.since,
            until=away.until,
            inside_county=away.inside_county,
            work_place=away.work_place,
        )
    for place in child.family.places:
        book.add(
            Placement, **child.about, **_stat(place), side=place.side, since=place.since, until=place.until
        )
    for care in child.family.cares:
        book.add(
            Guardianship,
            **child.about,
            kind=care.kind,
            guardian_group=care.group,
            name=care.name,
            relation=care.relation,
            phone=care.phone,
            birth_year=care.birth_year,
            assessment=None if care.kind is GuardianKind.NONE else care.assessment,
            since=care.since,
            until=care.until,
        )


def _stat(fact: PlaceFact) -> dict[str, Any]:
    assert isinstance(fact.unit, Place)
    return fact.unit.stat


def _add_standing(book: Book, child: ChildRef, priorities: tuple[PriorityFact, ...]) -> None:
    for stretch in derive(replace(child.family.facts, priorities=priorities)):
        values: dict[str, Any] = {name: _column(stretch, name) for name in COLUMNS}
        book.add(Standing, **child.about, **_stat(stretch.place), **values)


def _column(stretch: Stretch, name: str) -> object:
    return getattr(stretch.place if name in ("side", "compulsory") else stretch, name)
